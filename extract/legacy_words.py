"""How Vietnamese a passage is under each candidate encoding.

In: the text of a passage. Out: per candidate a figure and the text it makes. Every word with a letter outside
ASCII counts: for it when it can be spelled (more when reports use it all the time), against it when it cannot.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from extract.legacy_losses import mended
from extract.legacy_tables import DECODERS, Units, decode_unicode
from extract.syllables import is_common, is_syllable

UNICODE = "unicode"
WORD = regex.compile(r"[^\s\p{P}<>=+|~^$`]+")
_DIGITS = "0123456789"
_RARE = regex.compile(r"[^\s]{0,12}[\x00-\x08\x0e-\x1f\x80-\x9f][^\s]{0,12}")
_SAMPLE = 400  # characters of a passage that are judged: more would not change the verdict
_LATE_CAPITAL = regex.compile(r"[a-z][^\P{Lu}A-Z]")  # `bẺ`: bytes of capitals inside a small word
_GOOD, _COMMON, _BAD, _LETTER, _MENDED = 1.0, 1.5, -2.5, -1.0, 0.5


def head(text: str) -> str:
    """The part that is judged: the first words, and later ones only where they hold bytes that few encodings use."""
    if len(text) <= _SAMPLE:
        return text
    cut = text.rfind(" ", 1, _SAMPLE) + 1 or _SAMPLE
    return " ".join([text[:cut], *_RARE.findall(text, pos=cut)[:20]])


@lru_cache(maxsize=8192)
def scores(text: str) -> dict[str, tuple[float, str]]:
    """For each candidate: how Vietnamese its words are, and the text it makes."""
    out = {UNICODE: _judged(decode_unicode(text.replace("\u00ad", "")))}
    for name, decode in DECODERS.items():
        out[name] = _judged(decode(text), is_tcvn3=name == "tcvn3")
    return out


def _judged(units: Units, *, is_tcvn3: bool = False) -> tuple[float, str]:
    said = "".join("\ufffd" if unit is None else unit for unit in units)
    score = _mended_score if is_tcvn3 else _word_score
    return sum(map(score, WORD.findall(said))), said


@lru_cache(maxsize=32768)
def _mended_score(word: str) -> float:
    """Of a word of TCVN3, which may have lost its ư."""
    score = _word_score(word)
    return _MENDED if score == _BAD and mended(word) != word else score


@lru_cache(maxsize=32768)
def _word_score(word: str) -> float:
    if word.isascii():
        return 0.0 if word.isprintable() else _BAD
    bare = word.strip(_DIGITS)
    if bare.isascii():
        return 0.0
    if _LATE_CAPITAL.search(bare):
        return _BAD
    if is_common(bare):
        return _COMMON if len(bare) > 1 else 0.5
    if is_syllable(bare):
        return _GOOD if len(bare) > 1 else _LETTER
    letters = bare.replace("Đ", "").replace("đ", "")
    if letters.isascii() and letters.isalpha() and not set(letters.lower()) & set("aeiouy"):
        return 0.5  # `HĐND`, `QĐ`: an abbreviation
    if not any(c.isalpha() or c == "\ufffd" or c in "¨´¸®­" for c in bare if not c.isascii()):
        return 0.0 if not any(c.isalpha() for c in bare) or bare[-1] in "²³°" else _BAD  # `m²`, `5÷10`, but not `nh÷ng`
    return _BAD
