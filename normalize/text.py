"""Text helpers of the meaning stage: what `extract.text` offers, and the slug that makes stable ids.

`clean` and `fold` are shared with the reading stage so that both match by one key; `slug` turns
printed Vietnamese into an id (`Cơ quan, đơn vị` → `co_quan_don_vi`); `tone_key` unites the two
ways of placing a tone mark (`hoà`, `hòa`) without losing the marks themselves.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from extract.text import clean, fold, nfc, strip_diacritics, strip_markup

__all__ = ["clean", "fold", "nfc", "slug", "strip_diacritics", "strip_markup", "tone_key"]

_NOT_ID = regex.compile(r"[^a-z0-9]+")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SIGNS_AS_WORDS = str.maketrans({"%": " phan tram ", "‰": " phan nghin ", "²": "2", "³": "3", "＝": "="})


@lru_cache(maxsize=16384)
def slug(text: str, limit: int = 80) -> str:
    """A stable ASCII id: lower case, words joined by `_`, cut at a word within `limit` characters.

    `%` is spelled out, so that units and names that differ only by the sign keep different ids.
    Empty when nothing of the text survives.
    """
    words = _NOT_ID.split(strip_diacritics(clean(text).translate(_SIGNS_AS_WORDS)).lower())
    kept: list[str] = []
    length = 0
    for word in filter(None, words):
        length += len(word) + 1
        if length > limit + 1:
            return "_".join(kept) or word[:limit]
        kept.append(word)
    return "_".join(kept)


@lru_cache(maxsize=16384)
def tone_key(text: str) -> str:
    """Lower case with every word's tone moved to its end: `hoà` and `hòa` become one, `ban` and `bản` stay two."""
    return " ".join(_tone_last(word) for word in clean(text).lower().split(" "))


def _tone_last(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(c for c in decomposed if c in _TONES)
    rest = "".join(c for c in decomposed if c not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones
