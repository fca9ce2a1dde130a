"""Text helpers that both reading stages share: what is printed, and the key it is matched by.

`clean` keeps what is printed (NFC, no mark-up, no control characters, single spaces); `fold` makes
the key that serves comparison only and is never written out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import regex

_MARKUP = regex.compile(r"</?(?:i|b|u|em|strong|sub|sup|span|br|font)\b[^<>]{0,200}>|\*{2,3}|__", regex.IGNORECASE)
# Zero-width and bidi marks say nothing in print. U+00AD is not here: in TCVN3 bytes it is the letter ư.
_INVISIBLE = re.compile(  # the standard library: five times as fast here, and every text passes
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u0000-\u0008\u000e-\u001f\u007f]"
)


class CharTable(dict[int, str]):
    """What `str.translate` makes of each character, worked out when it is first met."""

    MOST = 8192  # a text of more characters than any report has fills no memory

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, code: int) -> str:
        made = self._make(chr(code))
        if len(self) < self.MOST:
            self[code] = made
        return made


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_BREAK = regex.compile(r"<br\s*/?>", regex.IGNORECASE)
_SET_OFF = regex.compile(r"<(su[pb])>([\d*()+-]{1,4})</\1>", regex.IGNORECASE)
UNREAD = "\ufffc"  # in place of what is printed and no text: a picture, an embedded object, a fraction
FOOTNOTE_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"  # no part of a code, a name or a figure
SUPERSCRIPT = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
SUBSCRIPT = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def _as_signs(found: regex.Match[str]) -> str:
    return found[2].translate(SUPERSCRIPT if found[1].lower() == "sup" else SUBSCRIPT)


def strip_markup(text: str) -> str:
    """Remove inline marks (`<i>`, `**`) of plain-text copies; a lone `*` may be a footnote mark and stays."""
    if "<" in text:  # a raised digit is a footnote mark: `20<sup>1</sup>` is no 201, nor is `20<sub>1</sub>`
        text = _BREAK.sub(" ", text)
        text = _SET_OFF.sub(_as_signs, text)
    return _MARKUP.sub("", text) if "<" in text or "*" in text or "__" in text else text


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """As printed, on one line: NFC, no mark-up, no invisible characters, runs of space made one."""
    text = nfc(strip_markup(text))
    return " ".join((text if text.isprintable() else _INVISIBLE.sub("", text)).split())


def _bare(char: str) -> str:
    if char in "đĐÐ":
        return "d" if char == "đ" else "D"
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def _folded(char: str) -> str:
    return "".join(c if c in _KEPT else " " for c in _bare(char).lower())


_KEPT = frozenset("0123456789abcdefghijklmnopqrstuvwxyz%=+/")
_BARE, _FOLDED = CharTable(_bare), CharTable(_folded)


def strip_diacritics(text: str) -> str:
    """`Đối thoại` → `Doi thoai`."""
    return text if text.isascii() else text.translate(_BARE)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Matching key: lower case, no diacritics, punctuation and space runs as one space.

    `Tỷ lệ  TTHC (mức độ 3)` → `ty le tthc muc do 3`. Keeps `%`, `=`, `+` and `/`.
    """
    return " ".join(clean(text).translate(_FOLDED).split())


def begins_with(text: str, key: str) -> bool:
    """`fold(text).startswith(key)`, told by the first letter where that says no."""
    if "<" not in text:  # no mark-up that `clean` would take away
        for char in text:
            if folded := fold(char):
                return folded[0] == key[:1] and fold(text).startswith(key)
        return not key
    return fold(text).startswith(key)


_CUT_WORD = regex.compile(r"(?<=[\p{L}\d)])([-/–])\n(?=[\p{L}\d])")
_CUT_YEAR = regex.compile(r"(?<=\d/\d{1,2}/(?:19|20)\d)\n(?=\d(?!\d))|(?<=\d/\d{1,2}/[12])\n(?=[09]\d\d(?!\d))")
_SPACED_FIGURE = regex.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?\s?%?")
_CUT_FIGURE = regex.compile(r"(?<=\d[.,])\n(?=\d)|(?<=[\d.])\n(?=[.,])")
_WHOLE_FIGURE = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\s?%?|\d+(?:[.,]\d+)?\s?%|\d+,\d+")
_ONE_FIGURE = regex.compile(r"\s*(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?\s?%?\s*")


def unwrap(text: str, *, is_figure: bool = False) -> str:
    """Undo what narrow cells do to words: `12/QĐ-⏎UBND` → `12/QĐ-UBND`, `03/02/202⏎3` → `03/02/2023`.

    In code and figure cells also `61.300.⏎398`, and `11.78⏎4`, which only together is a well-formed figure.
    """
    if "\n" not in text:
        return text
    if "-\n" in text or "/\n" in text or "–\n" in text:
        text = _CUT_WORD.sub(r"\1", text)
    if "/" in text:
        text = _CUT_YEAR.sub("", text)
    if not is_figure:
        return text
    together = text.replace("\n", "")
    spaced = text.replace("\n", " ")
    if _SPACED_FIGURE.fullmatch(spaced.strip()) and _WHOLE_FIGURE.fullmatch(together.strip()):
        return spaced  # `19 270,2`, broken at the space between its groups
    if all(map(_ONE_FIGURE.fullmatch, text.split("\n"))):
        return text  # each line is a figure of its own: `87,5⏎0` are two
    return together if _WHOLE_FIGURE.fullmatch(together.strip()) else _CUT_FIGURE.sub("", text)
