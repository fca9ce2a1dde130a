"""Rows of cells with spans → a `Grid`: the table model of HTML.

In: rows in order, each cell with its text and spans as written. Out: a grid whose cells do not overlap.
Spans are bounded: a `rowspan` ends with its section, a `colspan` at 1,000 (HTML Living Standard 4.9.12). Programs that
put only the first row of a header into `thead` leave spans that hang into `tbody`: where the row there has just the
cells that they leave free, they go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extract.model import Cell, Grid, Reading
from extract.problems import LimitExceeded

MAX_CELLS = 400_000
MAX_SPAN = 1_000


@dataclass(slots=True)
class GridBuilder:
    """Collects cells; `covered` maps a column to the first row below the cell that hangs into it."""

    cells: list[Cell] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)
    row: int = -1
    col: int = 0
    n_cols: int = 0
    head_rows: int = 0
    section: str = ""
    hanging: list[int] = field(default_factory=list)  # cells that span to the end of their section

    def open_row(self, section: str, width: int = 0) -> None:
        """Begin a row of `thead`, `tbody` or `tfoot`; `width` is how many columns its own cells take."""
        if section != self.section:
            if self._has_room_for(width):
                section = self.section
            else:
                self._close_section()
        self.section = section
        self.row += 1
        self.col = 0
        self.head_rows += section == "thead" and self.head_rows == self.row

    def add(self, text: str, colspan: str | None, rowspan: str | None, readings: tuple[Reading, ...] = ()) -> None:
        """One cell. Raises LimitExceeded beyond 400,000 cells."""
        while self.covered.get(self.col, 0) > self.row:
            self.col += 1
        columns = max(1, min(_number(colspan, 1), MAX_SPAN))
        for c in range(self.col + 1, self.col + columns):  # a cell that hangs from above cuts the span short
            if self.covered.get(c, 0) > self.row:
                columns = c - self.col
                break
        rows = _number(rowspan, 1)
        if rows == 0:
            self.hanging.append(len(self.cells))
            rows = 65_534
        rows = max(1, min(rows, 65_534))
        self.cells.append(Cell(self.row, self.col, text, rows, columns, readings=readings))
        if len(self.cells) > MAX_CELLS:
            raise LimitExceeded(f"more than {MAX_CELLS} table cells", "check where this file comes from")
        for c in range(self.col, self.col + columns):
            self.covered[c] = self.row + rows
        self.col += columns
        self.n_cols = max(self.n_cols, self.col)

    def _has_room_for(self, width: int) -> bool:
        """Would a row of this width fill just the columns that the spans of the section before leave free?"""
        hanging = sum(end > self.row + 1 for end in self.covered.values())
        return self.section == "thead" and not self.hanging and 0 < width == self.n_cols - hanging < self.n_cols

    def _close_section(self) -> None:
        """Spans end with the section they begin in."""
        for column, end in self.covered.items():
            self.covered[column] = min(end, self.row + 1)
        self.cells = [
            cell if cell.row + cell.row_span <= self.row + 1
            else replace(cell, row_span=self.row + 1 - cell.row)
            for cell in self.cells
        ]  # fmt: skip

    def grid(self, method: str = "html") -> Grid | None:
        """The grid, None where no cell was added."""
        if not self.cells:
            return None
        self._close_section()
        n_rows = self.row + 1
        heads = self.head_rows if 0 < self.head_rows < n_rows else None
        return Grid(tuple(self.cells), n_rows, self.n_cols, method, header_rows=heads)


def width_of(spans: Iterable[str | None]) -> int:
    """How many columns cells with these `colspan`s take."""
    return sum(max(1, min(_number(span, 1), MAX_SPAN)) for span in spans)


def _number(text: str | None, default: int) -> int:
    digits = (text or "").strip()[:8]
    return int(digits) if digits.isascii() and digits.isdigit() else default
