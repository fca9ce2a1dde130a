"""Letters of old encodings that were lost on the way; the ư of TCVN3 put back: `®îc` → `được`.

In: TCVN3 as decoded, letter by letter. Out: the same with the letters that are missing, and what nobody can tell. The
byte of ư (AD) is a hyphen to others, one that is only drawn at a line's end: what was printed with another font, or
copied from a PDF, has no trace of it. A word that cannot be spelled gets its ư back where that makes one syllable only.
What is left of other words no report means (`ngời`, `cha`, `tham mu`), or it may be either (`đa`): these count only in
documents that have lost letters. Both lists stand in `syllables.toml`. What still cannot be spelled in converted text
is a doubt: bytes of other encodings are lost as well, with nothing to tell them by.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import regex

from extract.legacy_tables import Units
from extract.syllables import is_syllable
from extract.text import fold

_WORDS = regex.compile(r"\p{L}+")
_PIECES = regex.compile(r"\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})")  # lines may run together at a hyphen: `tưCác`
_VOWEL = regex.compile(r"[aeiouy]")
# `điểm c khoản 2`, `c)`, `12/t`: labels and units, no words
_LABELS = frozenset("điểm mục tiết phần nhóm loại bảng khối lớp hạng tổ khu biểu mẫu lục ý".split())  # noqa: SIM905
_AFTER_WORD, _BEFORE_WORD = regex.compile(r"\p{L}[,;]?\s+$"), regex.compile(r"\s+(\p{L})")
_CUT = regex.compile(r"(?<!\p{L})(\p{L}*[ưƯ])\s+$")
_NO_WORD = regex.compile(r"\s*[)./:\-\d]")
_MIN_LOST, _LOST_TO_KEPT = 2, 2
_MIN_STRANGE, _STRANGE_SHARE = 8, 0.04
# Characters without a letter, and marks that VIQR sets behind one
_HALF_READ = regex.compile(r"[\x80-\x9f\ufffd\ue000-\uf8ff]|[aeoAEO]\^|[ouOU]\+|[aA]\([a-z'`?~.]")
_SHORT, _LONGEST = 2, 6  # letters of a syllable without its ư


@dataclass(slots=True)
class Losses:
    """What a document says about letters lost: words without their ư and with it; words, and those none can spell."""

    lost: int = 0
    kept: int = 0
    words: int = 0
    strange: int = 0

    @property
    def is_lossy(self) -> bool:
        """Is TCVN3 here without its ư?"""
        return self.lost >= _MIN_LOST and self.lost > _LOST_TO_KEPT * self.kept

    @property
    def is_broken(self) -> bool:
        """Are so many words of this document beyond spelling that any may have lost letters (`kim tra`)?"""
        return self.strange >= _MIN_STRANGE and self.strange > _STRANGE_SHARE * self.words

    def learn(self, said: str, encoding: str) -> None:
        """`said`: a passage that is in this encoding, as decoded."""
        for word in _WORDS.findall(said):
            whole = encoding == "tcvn3" and (_only(word) or len(word) > _SHORT and word.lower() in _lists().sure)
            self.lost += bool(whole)
            self.kept += "ư" in word.lower()
            self.words += 1
            self.strange += not whole and (_is_strange(word) or _is_remnant(word))

    def doubts(self, text: str, *, is_tcvn3: bool) -> frozenset[str]:
        """What stands between white space in a converted text and has a word that none can spell, or may be another."""
        if text.isascii() and not self.is_broken and not is_tcvn3 and not _HALF_READ.search(text):
            return frozenset()
        if self.is_broken:
            return frozenset(token for token in text.split() if _WORDS.search(token))
        found = {
            token
            for token in text.split()
            if _HALF_READ.search(token)
            or any((word[0].islower() or word.isupper()) and _is_strange(word) for word in _PIECES.findall(token))
        }
        if is_tcvn3 and self.is_lossy:
            for match in _WORDS.finditer(text):
                if match.group().lower() in _lists().either and not _is_paired(text, match.start(), match.end()):
                    start = text.rfind(" ", 0, match.start()) + 1
                    found.update(text[start:].split(maxsplit=1)[:1])
        return frozenset(found)


def restored(units: Units, *, is_lossy: bool) -> Units:
    """Put back the ư that is missing: the unit beside it holds two letters."""
    places = [i for i, unit in enumerate(units) if unit]
    said = "".join((units[i] or "")[:1] for i in places)
    out: Units | None = None
    for match in _WORDS.finditer(said):
        word = match.group()
        whole = _only(word) or (_likely(said, match.start(), match.end()) if is_lossy else "")
        if not whole or _is_rest(said[: match.start()], word):
            continue
        at = _first_difference(word, whole)
        out = list(units) if out is None else out
        near = places[match.start() + max(0, at - 1)]
        out[near] = f"{out[near]}{whole[at]}" if at else f"{whole[at]}{out[near]}"
    return units if out is None else out


def _is_rest(before: str, word: str) -> bool:
    """Does the word go on with one that was cut behind its ư: `trư` `ờng`?"""
    start = _CUT.search(before[-_LONGEST - 2 :])
    return start is not None and is_syllable(start[1] + word)


@lru_cache(maxsize=16384)
def _is_strange(word: str) -> bool:
    """Has the word vowels of Vietnamese and is none: `hinệ`, but not `HĐND`, `đ`?"""
    return not (word.isascii() or is_syllable(word)) and any(not c.isascii() and _has_vowel(c) for c in word)


def _is_remnant(word: str) -> bool:
    """Small letters of ASCII that spell nothing, and are not all that a TCVN3 word without its ư leaves: `nhim`."""
    return word.isascii() and word.islower() and len(word) > 1 and not is_syllable(word) and word not in _lists().sure


@lru_cache(maxsize=16384)
def _only(word: str) -> str:
    """The one syllable that a word can be that has lost an ư: `đợc` → `được`; empty for any other word."""
    if is_syllable(word) or not _has_vowel(word) or len(word) > _LONGEST:
        return ""
    lost = "Ư" if word.isupper() else "ư"
    found = {whole for i in range(len(word) + 1) if is_syllable(whole := word[:i] + lost + word[i:])}
    return found.pop() if len(found) == 1 else ""


def mended(word: str) -> str:
    """A word of TCVN3, or what it can only be with an ư in it."""
    return _only(word) or word


def _likely(said: str, start: int, end: int) -> str:
    """The word with an ư that no report uses without one, in its own case; empty where there is none."""
    word = said[start:end]
    whole = _lists().sure.get(word.lower(), "")
    if not whole:
        return ""
    is_lone = len(word) == 1 or not _has_vowel(word) and not word.endswith("ng")
    if is_lone and not _is_in_a_sentence(said, start, end):
        return ""
    if word.isupper() and len(word) > 1:
        return whole.upper() if _has_vowel(word) else ""  # `TH`, `NHNG`: abbreviations
    return whole[0].upper() + whole[1:] if word[0].isupper() else whole


def _is_in_a_sentence(said: str, start: int, end: int) -> bool:
    """Is a lone consonant a word among words: `đầu t công`, `thông t`, `Sở T pháp`, and no label?"""
    before = _WORDS.findall(said, 0, start)
    follows = _BEFORE_WORD.match(said, end)
    if before and (before[-1].lower() in _LABELS or not _AFTER_WORD.search(said[:start])):
        return False
    if said[start].isupper() and not (follows and follows[1].islower()):
        return False
    return follows is not None or bool(before) and (_NO_WORD.match(said, end) is None or said[end:].strip() == ".")


def _is_paired(said: str, start: int, end: int) -> bool:
    """Does the word stand beside one that tells that it has lost nothing: `tối đa`, `đa dạng`?"""
    before, after = _WORDS.findall(said, 0, start)[-1:], _WORDS.findall(said, end)[:1]
    pairs = ("_".join((*before, said[start:end])).lower(), "_".join((said[start:end], *after)).lower())
    return not _lists().pairs.isdisjoint(pairs)


def _has_vowel(word: str) -> bool:
    return _VOWEL.search(fold(word)) is not None


def _first_difference(word: str, whole: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(word, whole, strict=False)) if a != b), len(word))


class _Lists(NamedTuple):
    """What is left of a word that lost its ư → the word: where that is sure, where it is open, and what settles it."""

    sure: Mapping[str, str]
    either: Mapping[str, str]
    pairs: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    data = tomllib.loads((Path(__file__).parent / "syllables.toml").read_text(encoding="utf-8"))
    sure, either = ({word.replace("ư", ""): word for word in data[key].split()} for key in ("lost_horns", "open_horns"))
    return _Lists(sure, either, frozenset(data["pairs_without_horn"].split()))
