"""One sheet of the workbook, written row by row: text that stays text, numbers that look Vietnamese.

In: cells as Python values and a state. Out: cells of an `xlsxwriter` sheet in constant memory. Text never
becomes a formula, a link or a date: it is written as text, in columns formatted as text, and defused as in
the CSV files. What XML or Excel cannot hold is cut and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import regex

EXCEL_ROWS, EXCEL_COLUMNS, EXCEL_TEXT = 1_048_576, 16_384, 32_767
_CUT = " … (đã cắt bớt)"
_FORMULA = regex.compile("^[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]")
_HARMLESS = regex.compile("^[+\\-\uff0b\uff0d](?:\\s*|\\s?[0-9]+(?:[.,\\s][0-9]+)*\\s?%?)$")
_NO_XML = regex.compile("[\ufffe\uffff\ud800-\udfff]")

# Fill and letter of each state a figure can have; dark letters on light fills keep their contrast in print.
FILLS = {
    "doubtful": "#FFE699",
    "corrected": "#BDD7EE",
    "unparsed": "#F8CBAD",
    "several": "#E4CCF0",
    "error": "#F8CBAD",
    "warning": "#FFE699",
    "info": "#E2EFDA",
}
_BASE: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_KINDS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "wrap": {"num_format": "@", "text_wrap": True},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0#########"},
    "plain": {"num_format": "0"},
    "date": {"num_format": "dd/mm/yyyy"},
}
_HEAD: dict[str, Any] = {
    **_BASE,
    "bold": True,
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
    "border": 1,
    "text_wrap": True,
    "num_format": "@",
}
_SUBHEAD: dict[str, Any] = {
    **_BASE,
    "bg_color": "#DDEBF7",
    "border": 1,
    "text_wrap": True,
    "num_format": "@",
    "font_size": 8,
}


@lru_cache(maxsize=32_768)
def _defused(text: str) -> str:
    return _defuse(text)


def defused(text: str) -> str:
    """The text as a cell may hold it; short texts come again and again, so what becomes of them is remembered."""
    return _defused(text) if len(text) < 200 else _defuse(text)


def _defuse(text: str) -> str:
    """The text as a cell may hold it: no formula (one `'` in front), nothing XML forbids, not too long for Excel."""
    if _FORMULA.match(text) and not _HARMLESS.match(text):
        text = f"'{text}"
    text = _NO_XML.sub("�", text)
    return text if len(text) <= EXCEL_TEXT else text[: EXCEL_TEXT - len(_CUT)] + _CUT


class Formats:
    """The formats of a workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        self.head, self.subhead = book.add_format(_HEAD), book.add_format(_SUBHEAD)
        self.title = book.add_format({**_BASE, "bold": True, "font_size": 16})
        self.strong = book.add_format({**_BASE, "bold": True, "font_size": 11})

    def of(self, kind: str, state: str = "") -> Any:
        if (kind, state) not in self._made:
            fill = {"bg_color": FILLS[state]} if state in FILLS else {}
            self._made[kind, state] = self._book.add_format({**_BASE, **_KINDS[kind], **fill})
        return self._made[kind, state]


@dataclass(frozen=True, slots=True)
class Head:
    """A column of a sheet: title, width in characters, kind of its cells, and a line under the title."""

    title: str
    width: float
    kind: str = "text"
    below: tuple[str, ...] = ()


class SheetWriter:
    """Rows one after another under a header; `full` when Excel takes no more."""

    def __init__(self, book: Any, formats: Formats, title: str, heads: Sequence[Head], frozen_columns: int = 0) -> None:
        self._formats = formats
        self._sheet = book.add_worksheet(title)
        self._kinds = [head.kind for head in heads]
        below = max((len(head.below) for head in heads), default=0)
        for at, head in enumerate(heads):
            column = formats.of(head.kind) if head.kind in ("text", "wrap") else None
            self._sheet.set_column(at, at, head.width, column)
        self._sheet.set_row(0, 42)
        for at, head in enumerate(heads):
            self._sheet.write_string(0, at, defused(head.title), formats.head)
        for line in range(below):
            for at, head in enumerate(heads):
                text = head.below[line] if line < len(head.below) else ""
                self._sheet.write_string(1 + line, at, defused(text), formats.subhead)
        self._first = self._row = 1 + below
        self._sheet.freeze_panes(self._first, frozen_columns)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._n_columns = len(heads)

    @property
    def rows(self) -> int:
        return self._row - self._first

    @property
    def full(self) -> bool:
        return self._row >= EXCEL_ROWS

    def add(self, cells: Sequence[Any], states: Sequence[str] | str = "") -> None:
        """One row. A state marks the cell it stands for; a single one all cells of the row."""
        write, kinds, row = self._write, self._kinds, self._row
        for at, value in enumerate(cells):
            if value is not None and value != "":
                write(row, at, value, kinds[at], states if isinstance(states, str) else states[at])
        self._row += 1

    def put(self, at: int, value: Any, kind: str, state: str = "") -> None:
        """One cell of the row that is being written; `end_row` ends it."""
        self._write(self._row, at, value, kind, state)

    def end_row(self) -> None:
        self._row += 1

    def close(self) -> None:
        if self._n_columns:
            self._sheet.autofilter(self._first - 1, 0, max(self._row - 1, self._first - 1), self._n_columns - 1)

    def _write(self, row: int, at: int, value: Any, kind: str, state: str) -> None:
        if isinstance(value, str):
            kind = kind if kind in ("text", "wrap") else "text"
            self._sheet.write_string(row, at, defused(value), self._formats.of(kind, state))
        elif isinstance(value, date):
            if value.year < 1900:  # before Excel's calendar
                self._sheet.write_string(row, at, value.isoformat(), self._formats.of("text", state))
            else:
                self._sheet.write_datetime(row, at, value, self._formats.of("date", state))
        elif value == value and abs(value) != float("inf"):
            is_whole = isinstance(value, int) or value.is_integer()
            shown = "plain" if kind == "plain" else "whole" if is_whole else "number"
            self._sheet.write_number(row, at, value, self._formats.of(shown, state))
