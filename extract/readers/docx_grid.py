"""Rows and cells of a `w:tbl`, one after the other → a `Grid`.

In: what the properties of each row and cell say, and the text of each cell. Out: the grid as drawn: `gridSpan`,
`vMerge`, rows that start late (`gridBefore`). A cell that goes on with the one above adds its text to it.

Source of the rules: ECMA-376 part 1, 17.4 (tables).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extract.model import Block, Cell, Grid, Reading
from extract.readers.docx_numbering import W
from extract.readers.docx_runs import is_on
from extract.records import maker

_cell = maker(Cell)
_VAL = W + "val"
_TR_PR, _TC_PR, _SPAN_OVER, _MERGE = W + "trPr", W + "tcPr", W + "gridSpan", W + "vMerge"
RESTART, CONTINUE = "restart", "continue"


class RowLook(NamedTuple):
    """What the properties of a row say; `before`: columns that it leaves free at its left."""

    before: int = 0
    is_header: bool = False
    is_deleted: bool = False  # or hidden


class CellLook(NamedTuple):
    """What the properties of a cell say: columns covered; `merge` is `restart`, `continue` or empty."""

    span: int = 1
    merge: str = ""


def row_look(tr: Any) -> RowLook:
    properties = tr.find(_TR_PR)
    if properties is None:
        return RowLook()
    before = properties.find(W + "gridBefore")
    try:
        columns = int(before.get(_VAL, "0")) if before is not None else 0
    except ValueError:
        columns = 0
    is_gone = properties.find(W + "del") is not None or is_on(properties.find(W + "hidden"))
    return RowLook(columns, is_on(properties.find(W + "tblHeader")), is_gone)


def cell_look(tc: Any) -> CellLook:
    properties = next(tc.iterchildren(_TC_PR), None)
    if properties is None:
        return CellLook()
    span = merge = None
    for child in properties:
        tag = child.tag
        if tag == _SPAN_OVER:
            span = child if span is None else span
        elif tag == _MERGE:
            merge = child if merge is None else merge
    try:
        columns = max(1, min(int(span.get(_VAL, "1")), 1000)) if span is not None else 1
    except ValueError:
        columns = 1
    return CellLook(columns, "" if merge is None else (merge.get(_VAL) or CONTINUE))


@dataclass(slots=True)
class GridBuilder:
    """A grid under way: `row` opens a row, `cell` adds a cell to it, `blocks` is what came of it."""

    cells: list[Cell] = field(default_factory=list)
    nested: list[Block] = field(default_factory=list)
    _open_at: dict[int, int] = field(default_factory=dict)  # column → the cell that a vMerge goes on with
    _n_cols: int = 0
    _header_rows: int = 0
    _row: int = -1
    _col: int = 0

    def row(self, look: RowLook) -> None:
        if self._col > self._n_cols:
            self._n_cols = self._col
        self._row += 1
        self._col, is_header, _ = look
        if is_header and self._header_rows == self._row:
            self._header_rows += 1

    def cell(self, look: CellLook, text: str, readings: tuple[Reading, ...] = ()) -> None:
        span, merge = look
        col, open_at = self._col, self._open_at
        self._col = col + span
        if not merge and not open_at:
            self.cells.append(_cell(self._row, col, text, 1, span, None, None, readings))
            return
        if merge == CONTINUE and col in open_at:
            above = self.cells[open_at[col]]
            joined = above.text + "\n" + text if text else above.text
            self.cells[open_at[col]] = Cell(
                above.row, above.col, joined, self._row - above.row + 1, above.col_span,
                readings=(*above.readings, *readings),
            )  # fmt: skip
            return
        if merge == RESTART:
            open_at[col] = len(self.cells)
        elif open_at:
            open_at.pop(col, None)
        self.cells.append(Cell(self._row, col, text, 1, span, readings=readings))

    def blocks(self) -> list[Block]:
        """The grid, if it has cells, then the real tables nested in its cells."""
        if not self.cells:
            return self.nested
        grid = Grid(
            cells=tuple(self.cells),
            n_rows=self._row + 1,
            n_cols=max(self._n_cols, self._col),
            method="docx",
            header_rows=self._header_rows or None,
        )
        return [grid, *self.nested]


def is_real_table(grid: Grid) -> bool:
    """A nested table of three columns and two rows or more is a block of its own; a smaller one only frames text."""
    return grid.n_cols >= 3 and grid.n_rows >= 2
