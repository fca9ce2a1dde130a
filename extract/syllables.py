"""Is this string a syllable that Vietnamese can spell?

In: a word in composed Unicode, any case. Out: yes or no, and whether the syllable is one that reports use
all the time. The idea: a syllable is onset + rhyme + tone; onsets and rhymes are few, the spelling rules
that join them fewer (k, gh, ngh before e ê i y; a rhyme that ends in c, ch, p or t takes only the acute
and the dot; the tone stands on the vowel that carries a mark, else on one fixed by the shape of the
rhyme, with `hòa` and `hoà` both in use). All allowed strings, about fifteen thousand, are built once.

Source: the spelling rules of the Ministry of Education (decision 240/QĐ of 5 March 1984) and NĐ 30/2020/NĐ-CP,
annex II; both tone places because reports of one office use both.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import regex

from extract.text import fold

ENOUGH_WORDS = 12
STRANGE_SHARE, PIECES_SHARE = 0.3, 0.1  # badly read scans stay below 0.03
FEW_STRANGE = STRANGE_SHARE * ENOUGH_WORDS  # strange words that say nothing
_VOWELLESS = regex.compile(r"[b-df-hj-np-tv-xzđ]+", regex.IGNORECASE)
_WORD = regex.compile(r"(?<![\p{L}\d])\p{L}+(?![\p{L}\d])")
_DATA = tomllib.loads((Path(__file__).parent / "syllables.toml").read_text(encoding="utf-8"))
_ONSETS, _RHYMES, _Y_ONSETS, _AFTER_GI, _PLACE_NAMES = (
    tuple(_DATA[key].split()) for key in ("onsets", "rhymes", "before_y", "after_gi", "place_names")
)
_COMMON = frozenset(_DATA["common"].split())
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_MARKED = frozenset("ăâêôơư")
_VOWELS = frozenset("aăâeêioôơuưy")


def is_syllable(word: str) -> bool:
    """`Nghiêng`, `hoà`, `QUÝ` → True; `kế` → True; `cỏc` (a stop with the hook), `ghà`, `café` → False."""
    return word.lower() in _all()


def is_common(word: str) -> bool:
    return word.lower() in _COMMON


def is_unusual_twin(word: str) -> bool:
    """Is this none of the usual syllables, and one of them but for its marks: `tống` (`tổng`), `đẳm` (`đảm`)?

    False without marks: `chi`, `tinh`, `ban` are words of their own.
    """
    return not word.isascii() and not is_common(word) and fold(word) in _bare_common()


@lru_cache(maxsize=1)
def _bare_common() -> frozenset[str]:
    return frozenset(map(fold, _COMMON))


def is_broken(text: str) -> bool:
    """Can this hardly be Vietnamese: `T ổ ng s ố văn b ả n`, `Sè v¨n b¶n`?

    False for a few words, and for place names of other languages (`Ea Kly`, `Krông Búk`): broken words leave pieces
    without a vowel, names do not.
    """
    return _is_broken([_spelling(text)])


def are_broken(texts: Iterable[str]) -> bool:
    """The same of many short texts, such as the cells of a column: what is known of each is kept."""
    found = list(texts)
    new, known = set(found).difference(_FINE), _all()
    strange = {text for text in new if text.lower() not in known and _kept_spelling(text).strange}
    if len(_FINE) < MAX_FINE:
        _FINE.update(new - strange)
    if sum([_kept_spelling(text).strange for text in found if text in strange]) <= FEW_STRANGE:
        return False
    return _is_broken(map(_kept_spelling, found))


class _Spelling(NamedTuple):
    """How many words a text has, how many of them no Vietnamese spells, and how many of these have no vowel."""

    words: int
    strange: int
    pieces: int


_WORDS, _STRANGE, _PIECES = attrgetter("words"), attrgetter("strange"), attrgetter("pieces")


def _spelling(text: str) -> _Spelling:
    words = [word for word in _WORD.findall(text) if not (word.isupper() and len(word) > 1)]
    known = _all()
    strange = [word for word in words if word.lower() not in known]
    return _Spelling(len(words), len(strange), sum(_VOWELLESS.fullmatch(word) is not None for word in strange))


_kept_spelling = lru_cache(maxsize=16384)(_spelling)
MAX_FINE = 16384
_FINE: set[str] = set()  # texts without a strange word: most of a page's, and most pages have no other


def _is_broken(spellings: Iterable[_Spelling]) -> bool:
    spelt = list(spellings)
    strange = sum(map(_STRANGE, spelt))
    if strange <= FEW_STRANGE:
        return False
    words, pieces = sum(map(_WORDS, spelt)), sum(map(_PIECES, spelt))
    return bool(words >= ENOUGH_WORDS and strange > STRANGE_SHARE * words and pieces > PIECES_SHARE * words)


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    toned = {rhyme: tuple(_toned(rhyme)) for rhyme in _RHYMES}
    words = {o + t for o in ("", *_ONSETS) for r in _RHYMES if _joins(o, r) for t in toned[r]}
    words.update("gi" + t for rhyme in _AFTER_GI for t in _toned(rhyme))
    return frozenset(words.union(_PLACE_NAMES, ("qu" + t for t in toned["ôc"])))


def _joins(onset: str, rhyme: str) -> bool:
    is_front = rhyme[0] in "eêiy"
    if onset in ("c", "g", "ng"):
        return not is_front or (onset == "g" and rhyme in ("i", "in", "im", "it", "ip"))
    if onset in ("k", "gh", "ngh"):
        return is_front and (rhyme[0] != "y" or (onset == "k" and rhyme == "y"))
    if onset == "qu":
        return rhyme[0] in "aăâeêiyơ" and rhyme not in ("ia", "iu", "ơi", "ơm", "ơp", "au", "âu")
    if onset == "gi":
        return rhyme[0] not in "eiy" or rhyme[:1] == "e"
    if rhyme == "y":
        return onset in ("", *_Y_ONSETS)
    return rhyme[0] != "y" or onset == ""


def _toned(rhyme: str) -> Iterator[str]:
    stops = rhyme.endswith(("c", "p", "t", "ch"))
    for tone in ("\u0301", "\u0323") if stops else _TONES:
        for place in _places(rhyme):
            yield unicodedata.normalize("NFC", rhyme[: place + 1] + tone + rhyme[place + 1 :])


def _places(rhyme: str) -> tuple[int, ...]:
    """The vowels on which the tone may stand: the last one with a mark (`ươ` → ơ), else by the rhyme's shape."""
    marked = [i for i, letter in enumerate(rhyme) if letter in _MARKED]
    if marked:
        return (marked[-1],)
    vowels = [i for i, letter in enumerate(rhyme) if letter in _VOWELS]
    if len(vowels) == 1:
        return (vowels[0],)
    if len(vowels) < len(rhyme):
        return (vowels[-1],)
    if rhyme in ("oa", "oe", "uy"):
        return (0, 1)
    return (1,) if len(vowels) == 3 else (0,)
