"""Headers that cannot be what is printed: of scans, and of tables without rules.

In: tables. Out: an error for each with figures under no header, for each scanned one with a figure column whose header
holds what is no Vietnamese word, and for each of these or of a table without rules with two figure columns of one
name; there also where a cell begins with a small letter though the others begin with a capital: the rest of another
cell; or where one cell says what two would say (`Cùng kỳ năm trước Kỳ báo cáo`) or ends with the whole of another. A
header names what its figures measure: misread, it files right figures wrongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import regex

from extract.model import Problem, Table
from extract.syllables import is_syllable
from extract.tables.header_words import word_role
from extract.text import clean

UNRULED, PDF = ("pdf-text", "text-aligned"), ("pdf-lines", "pdf-text")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_ODD = regex.compile(r"[¬~€®©@|¢§\\{}<>^`]|\p{L}\d|\d\p{L}")
_NEXT_NAME = regex.compile(r"(?<=\p{Ll})\s+(?=\p{Lu}\p{Ll})(?!Quý|Năm|Tháng)")  # `Số liệu Quý I` is one
_ABBREVIATION = regex.compile(r"^(?:\p{Lu}{2,8}|[IVX]+|[A-ZĐ])$")


def odd_headers(tables: Iterable[Table]) -> Iterator[Problem]:
    message = "the header of a figure column is doubtful"
    for table in tables:
        headers = [" › ".join(map(clean, c.header)) for c in table.columns if c.role == "value"]
        page = min(table.pages, default=None)
        if table.method == "ocr" and (found := _first(headers)) is not None:
            yield Problem("ocr-header-doubtful", "error", message, page, table.index, detail=found or "?")
        elif table.method in UNRULED and (cut := _over_names(table) or _cut_wrongly(table, headers)):
            yield Problem("header-doubtful", "error", message, page, table.index, detail=cut)
        elif table.method != "ocr" and "" in headers and _figures_without_header(table):
            yield Problem("header-doubtful", "error", message, page, table.index, detail="?")
        elif table.method in PDF and (pieces := next(filter(_is_in_pieces, headers), "")):
            yield Problem("header-doubtful", "error", message, page, table.index, detail=pieces)


def _figures_without_header(table: Table) -> bool:
    """Do figures stand under no header: what they measure is nowhere said?"""
    nameless = {c.index for c in table.columns if c.role == "value" and not any(map(clean, c.header))}
    return any(cell.col in nameless and any(c.isdigit() for c in cell.text) for cell in table.cells)


def _over_names(table: Table) -> str:
    """A group that stands over a column of figures and over the names or codes too: the upper line of a cell, '' where
    there is none."""
    named = {c.header[0] for c in table.columns if c.role in ("stt", "name") and len(c.header) > 1}
    groups = (c.header[0] for c in table.columns if c.role == "value" and len(c.header) > 1)
    return next((group for group in groups if group in named), "")


def _cut_wrongly(table: Table, headers: Sequence[str]) -> str:
    """A header that was not parted where the columns are, '' where all may be right."""
    twice = next((header for header, n in Counter(headers).items() if n > 1), "")
    if twice:
        return twice
    fused = next((text for header in headers if _holds_two(text := header.rpartition(" › ")[2])), "")
    if fused:
        return fused
    cells = [clean(text) for column in table.columns for text in column.header if clean(text)]
    if holding := next(filter(partial(_holds_another, cells=frozenset(cells)), headers), ""):
        return holding
    small = [text for text in cells if text[0].islower() and not (word_role(text) and " " in text)]
    is_usual = any(word_role(text) == "name" and text[0].isupper() for text in cells)
    nothing = next((text for text in small if is_usual and not word_role(text)), "")  # `kê` beside `Chỉ tiêu thống kê`
    return small[0] if 3 * len(small) <= len(cells) and small else nothing


def _is_in_pieces(text: str) -> bool:
    """Are most of its words single small letters, as of print that is spaced out or set letter by letter?"""
    words = _WORD.findall(text)
    letters = sum(len(word) == 1 and word.islower() for word in words)
    return bool(letters > 2 and 2 * letters > len(words))


def _holds_two(text: str) -> bool:
    first, *rest = _NEXT_NAME.split(text)
    return len(rest) > 2 or (word_role(first) == "value" and any(word_role(part) for part in rest))


def _holds_another(header: str, cells: frozenset[str]) -> bool:
    """Does its last cell end with the whole of another: `Viên chức Lãnh đạo` beside `Lãnh đạo`, a group and a cell?"""
    own = header.rpartition(" › ")[2]
    return any(own[found.end() :] in cells for found in _NEXT_NAME.finditer(own))


def _first(headers: Sequence[str]) -> str | None:
    twice = [header for header, n in Counter(headers).items() if n > 1]
    return next(iter([*twice, *(header for header in headers if not header or is_odd(header))]), None)


def is_odd(text: str) -> bool:
    """Does the text hold words that are none? Abbreviations in capitals are words."""
    words = _WORD.findall(text)
    return bool(_ODD.search(text)) or any(not (_ABBREVIATION.match(w) or is_syllable(w)) for w in words)
