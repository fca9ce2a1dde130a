"""The printed lines of one column, and what their texts are: codes, figures, names that begin with codes.

In: words of a column. Out: `ColumnLine`s, and the codes that a narrow column cut made whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from extract.page import Word, line_text, text_lines

_CODE = regex.compile(
    r"^\(?(?:\d{1,3}(?:[.,]\d{1,3}){0,5}|[IVX]{1,6}(?:\.\d{1,3}){0,4}|[A-ZĐa-zđ](?:\.\d{1,3}){0,4}|[-+*])[.)]?\)?\.{0,3}$"
)
_NUMBER = regex.compile(r"^[-–+(]?\d[\d.,\s]*%?\)?$")
_PUNCTUATION = regex.compile(r"^[.,;:)]+$")
_CUT = regex.compile(r"^\d{1,2}\.?$")
_PREFIX_CODE = regex.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){1,4}[.)]?|\d{1,2}[.)]|[IVX]{1,5}[.)])\s+\p{L}")

LONGEST_CODE = 30  # characters


class ColumnLine(NamedTuple):
    """A printed line within one column."""

    base: float
    x0: float
    x1: float
    size: float
    words: tuple[Word, ...]
    text: str


def column_lines(words: Sequence[Word]) -> list[ColumnLine]:
    return list(map(column_line, text_lines(words)))


def column_line(line: Sequence[Word]) -> ColumnLine:
    """A line of `text_lines` as one of a column."""
    first = line[0]
    if len(line) == 1:
        return ColumnLine(first.base, first.x0, first.x1, first.size, (first,), first.text)
    size, x1 = max(w.size for w in line), max(w.x1 for w in line)
    return ColumnLine(first.base, first.x0, x1, size, tuple(line), line_text(line))


def is_code_text(text: str) -> bool:
    return len(text) <= LONGEST_CODE and _is_code(text)


@lru_cache(maxsize=4096)
def _is_code(text: str) -> bool:
    return bool(_CODE.match(text))


def is_number_text(text: str) -> bool:
    return (text[:1].isdecimal() or text[:1] in "-–+(") and bool(_NUMBER.match(text))


def is_punctuation(text: str) -> bool:
    return bool(_PUNCTUATION.match(text))


@lru_cache(maxsize=1024)
def is_key_text(text: str) -> bool:
    """A code, or the header's word over the codes: both open a row of their own."""
    return len(text) <= LONGEST_CODE and (text.upper() in ("STT", "TT", "SỐ TT", "MS", "MÃ SỐ") or is_code_text(text))


def whole_codes(lines: Sequence[ColumnLine]) -> list[ColumnLine]:
    """Codes that a narrow column cut (`3.4.` over `1`) as one line: the first part repeats a code above."""
    out: list[ColumnLine] = []
    seen: set[str] = set()
    for line in lines:
        above = out[-1] if out else None
        if (
            above is not None
            and line.base - above.base < 1.35 * line.size
            and _is_rest_of_code(above.text, line.text, seen, out[-2].text if len(out) > 1 else "")
        ):
            middle, x1 = (above.base + line.base) / 2, max(above.x1, line.x1)
            out[-1] = ColumnLine(middle, above.x0, x1, line.size, above.words + line.words, above.text + line.text)
            continue
        if above is not None:
            seen.add(above.text.rstrip("."))
        out.append(line)
    return out


def _is_rest_of_code(above: str, below: str, seen: set[str], before: str) -> bool:
    """A lone dot; or a number where the first part repeats a code further up, or where the number is no
    larger than the chapter it stands in, so that it opens no chapter (`3.4.` over `1`); or where the first
    part cannot be a code because its own part stands above it (`1.4.1.`, then `1.4.` over `2.`)."""
    if _PUNCTUATION.match(below):
        return True
    if not above.endswith(".") or not _CUT.match(below):
        return False
    chapter = above.split(".")[0]
    steps_back = above.count(".") > 1 and chapter.isdecimal() and int(below.rstrip(".")) <= int(chapter)
    return above.rstrip(".") in seen or steps_back or before.startswith(above)


def has_prefix_code(text: str) -> bool:
    return bool(_PREFIX_CODE.match(text))


def has_prefix_codes(lines: Sequence[str]) -> bool:
    """Do the names themselves begin with codes (`2.1. Số hồ sơ …`), in a table without a column for them?"""
    found = sum(map(has_prefix_code, lines))
    return found >= 3 and found * 6 >= len(lines)
