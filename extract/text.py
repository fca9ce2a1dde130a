"""Text helpers that both reading stages share: what is printed, and the key it is matched by.

`clean` keeps what is printed (NFC, no mark-up, no control characters, single spaces); `fold` makes
the key that serves comparison only and is never written out.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

_MARKUP = regex.compile(r"</?(?:i|b|u|em|strong|sub|sup|span|br|font)\b[^<>]{0,200}>|\*{2,3}|__", regex.IGNORECASE)
# Zero-width and bidi marks say nothing in print. U+00AD is not here: in TCVN3 bytes it is the letter ư.
_INVISIBLE = regex.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0000-\u0008\u000e-\u001f\u007f]"
)
_SPACES = regex.compile(r"\s+")
_NOT_WORD = regex.compile(r"[^0-9a-z%=+/]+")


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_RAISED = regex.compile(r"<sup>([\d*()+-]{1,4})</sup>", regex.IGNORECASE)
SUPERSCRIPT = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")


def strip_markup(text: str) -> str:
    """Remove inline marks (`<i>`, `**`) of plain-text copies; a lone `*` may be a footnote mark and stays."""
    if "<" in text:  # a raised digit is a footnote mark: `20<sup>1</sup>` is no 201
        text = _RAISED.sub(lambda found: found[1].translate(SUPERSCRIPT), text)
    return _MARKUP.sub("", text) if "<" in text or "*" in text or "__" in text else text


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """As printed, on one line: NFC, no mark-up, no invisible characters, runs of space made one."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", nfc(strip_markup(text)))).strip()


def strip_diacritics(text: str) -> str:
    """`Đối thoại` → `Doi thoai`."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("Ð", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Matching key: lower case, no diacritics, punctuation and space runs as one space.

    `Tỷ lệ  TTHC (mức độ 3)` → `ty le tthc muc do 3`. Keeps `%`, `=`, `+` and `/`.
    """
    return _NOT_WORD.sub(" ", strip_diacritics(clean(text)).lower()).strip()


_CUT_WORD = regex.compile(r"(?<=[\p{L}\d)])([-/–])\n(?=[\p{L}\d])")
_CUT_FIGURE = regex.compile(r"(?<=\d[.,])\n(?=\d)|(?<=[\d.])\n(?=[.,])")
_WHOLE_FIGURE = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\s?%?|\d+(?:[.,]\d+)?\s?%|\d+,\d+")


def unwrap(text: str, *, is_figure: bool = False) -> str:
    """Undo what narrow cells do to words: `12/QĐ-⏎UBND` → `12/QĐ-UBND`.

    In code and figure cells also `61.300.⏎398`, and `11.78⏎4`, which only together is a well-formed figure.
    """
    if "\n" not in text:
        return text
    text = _CUT_WORD.sub(r"\1", text)
    if not is_figure:
        return text
    together = text.replace("\n", "")
    return together if _WHOLE_FIGURE.fullmatch(together.strip()) else _CUT_FIGURE.sub("", text)
