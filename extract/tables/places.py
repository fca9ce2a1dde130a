"""A grid laid out: for every place of its rows and columns the cell that covers it.

In: a `Grid` as drawn. Out: its rows of places, worked out once for all who look at them. A cell over several places
stands in each of them; None where no cell is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

from extract.model import Cell, Grid

Line: TypeAlias = list[Cell | None]


def dense(grid: Grid) -> list[Line]:
    """Rows × columns of the cell that covers each place; None where no cell is drawn."""
    rows: list[Line] = [[None] * grid.n_cols for _ in range(grid.n_rows)]
    n_rows, n_cols = grid.n_rows, grid.n_cols
    for cell in grid.cells:
        row, col = cell.row, cell.col
        if cell.row_span == 1 == cell.col_span:
            if 0 <= row < n_rows and 0 <= col < n_cols:
                rows[row][col] = cell
            continue
        for r in range(row, min(row + cell.row_span, n_rows)):
            for c in range(col, min(col + cell.col_span, n_cols)):
                rows[r][c] = cell
    return rows


def once_each(line: Iterable[Cell | None]) -> list[Cell]:
    """The cells of a row of places, each once. By identity: to compare two cells is to compare all they hold."""
    return list({id(cell): cell for cell in line if cell is not None}.values())


def texts_of(line: Line) -> list[str]:
    """Each cell's text once, at its first column."""
    return ["" if cell is None or cell is before else cell.text for before, cell in pairwise((None, *line))]
