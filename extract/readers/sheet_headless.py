"""Sheets without a header of columns: rows that go on with the table of the sheet before, or that nobody can read.

A long appendix that a clerk went on with on the next sheet stands there in the same columns, and its codes go on. Rows
of codes, names and figures that do neither are an error: they are printed and in no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extract.captions import read_caption
from extract.model import Paragraph
from extract.readers.sheet_area import Area, Row, TableRange, is_figure
from extract.readers.sheet_codes import code_of, goes_on
from extract.readers.sheet_model import address
from extract.tables.header import is_code

ENOUGH_ROWS = 3
_WORDS = regex.compile(r"\p{L}{2}.*\s\p{L}{2}", regex.DOTALL)


@dataclass(frozen=True, slots=True)
class LastTable:
    """Where the last table of a sheet stood: its columns of the sheet, the number of its appendix, its last code."""

    columns: tuple[int, ...]
    stt: int | None
    name: int
    values: frozenset[int]
    appendix: str
    code: str

    @classmethod
    def of(
        cls,
        area: Area,
        table: TableRange,
        columns: tuple[int, ...],
        above: Sequence[Paragraph],
        before: LastTable | None,
    ) -> LastTable:
        captions = [found.number for line in above if (found := read_caption(line.text.split("\n")[0])) is not None]
        appendix = captions[-1] if captions else before.appendix if before is not None else ""
        code = ""
        for row in area.rows[table.start : table.end]:
            code = code_of(area.sheet.cells.get((row.at, -1 if table.stt is None else table.stt))) or code
        return cls(columns, table.stt, table.name, table.values, appendix, code)


def continued_from(area: Area, before: LastTable | None) -> int | None:
    """The row from which a sheet goes on with the table before; None where it does not."""
    if before is None or before.stt is None or not before.code:
        return None
    start = next(
        (n for n, row in enumerate(area.rows) if is_code(row.text(before.stt)) and row.text(before.name)), None
    )
    if start is None:
        return None
    captions = (read_caption(text.split("\n")[0]) for row in area.rows[:start] for _, text in row.cells)
    if any(found is not None and found.number != before.appendix for found in captions):
        return None
    first = area.rows[start]
    fits = all(column in before.columns for column, _ in first.cells)
    return start if fits and goes_on(before.code, code_of(area.sheet.cells[first.at, before.stt])) else None


def begins_anew(area: Area, table: TableRange, before: LastTable | None) -> bool:
    """Do the codes of a table begin anew, where those of the sheet before would have to go on?"""
    if before is None or not before.code or table.stt is None:
        return False
    cells = (area.sheet.cells.get((row.at, table.stt)) for row in area.rows[table.start : table.end])
    first = next(filter(None, map(code_of, cells)), "")
    return bool(first) and not goes_on(before.code, first)


def unread(area: Area) -> str:
    """Where the first of the rows stands that a report's table would have; empty where they are few."""
    rows = [row for row in area.rows if _is_report_row(row)]
    return address(area.sheet.name, rows[0].at, rows[0].cells[0][0]) if len(rows) >= ENOUGH_ROWS else ""


def _is_report_row(row: Row) -> bool:
    texts = [text for _, text in row.cells]
    if len(texts) < 3 or not is_code(texts[0]) or not _WORDS.search(texts[1]):
        return False
    return any(is_figure(text) for text in texts[2:])
