"""Tables that do not stand as tables do: turned by a quarter, in halves beside each other, with columns left idle.

In: a grid. Out: the grids that say the same in rows under one header. A turned table has its header words in its first
column (`STT`, `Chỉ tiêu`, `Đơn vị tính`, `Số liệu`) and a row in each column; one that would be too long stands in two
or three halves, each with the whole header (`STT | Chỉ tiêu | Số liệu | STT | Chỉ tiêu | Số liệu`). Programs that draw
every cell over two columns of a finer grid leave columns in which nothing stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from extract.model import Block, Cell, Grid
from extract.tables.header import MAX_HEADER_ROWS, names_columns
from extract.tables.header_words import word_role
from extract.tables.places import dense, texts_of
from extract.text import fold

MIN_KINDS = 3  # header words of so many kinds in a first column are no names of rows
MOST_PARTS = 3


def all_upright(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from upright(block)
        else:
            yield block


def upright(grid: Grid) -> Iterator[Grid]:
    """The grid as it is, turned, or its halves one after the other."""
    if grid.n_cols < 2 or len(grid.cells) < 4:
        yield grid
        return
    grid = _without_idle_columns(grid)
    if _is_turned(grid):
        yield replace(
            grid,
            cells=tuple(_turned(cell) for cell in sorted(grid.cells, key=lambda cell: (cell.col, cell.row))),
            n_rows=grid.n_cols,
            n_cols=grid.n_rows,
            header_rows=None,
        )
    else:
        yield from _parts(grid)


def _without_idle_columns(grid: Grid) -> Grid:
    """The grid without columns that no cell begins, where they are many: every cell of it is drawn over several."""
    begun = sorted({cell.col for cell in grid.cells})
    if 2 * len(begun) > grid.n_cols or len(begun) < MIN_KINDS or any(cell.bbox for cell in grid.cells[:1]):
        return grid
    at = {col: n for n, col in enumerate(begun)}
    cells = tuple(
        replace(cell, col=at[cell.col], col_span=sum(cell.col <= col < cell.col + cell.col_span for col in begun))
        for cell in grid.cells
    )
    return replace(grid, cells=cells, n_cols=len(begun))


def _is_turned(grid: Grid) -> bool:
    if not MIN_KINDS <= grid.n_rows <= MAX_HEADER_ROWS:
        return False
    first = [cell for cell in grid.cells if cell.col == 0 and cell.text.strip()]
    roles = [word_role(cell.text) for cell in first]
    if not all(roles) or len(set(roles)) < MIN_KINDS or len(first) < grid.n_rows - 1:
        return False
    beside = [word_role(cell.text) for cell in grid.cells if cell.row == 0 and cell.col]
    return 2 * sum(map(bool, beside)) < len(beside)


def _turned(cell: Cell) -> Cell:
    return replace(cell, row=cell.col, col=cell.row, row_span=cell.col_span, col_span=cell.row_span)


def _parts(grid: Grid) -> Iterator[Grid]:
    found = _header_in_parts(grid) if grid.n_cols >= 2 * MIN_KINDS else None
    if found is None:
        yield grid
        return
    head, width = found
    for start in range(0, grid.n_cols, width):
        top = head if start else 0
        cells = [
            replace(cell, row=cell.row - top, col=cell.col - start if cell.row >= head else cell.col)
            for cell in grid.cells
            if (cell.row >= head and start <= cell.col < start + width) or cell.row < head and not start
        ]
        last = max((cell.row for cell in cells if cell.text.strip()), default=-1)
        kept = tuple(replace(cell, col_span=min(cell.col_span, width)) for cell in cells if cell.row <= last)
        yield replace(grid, cells=kept, n_rows=last + 1, n_cols=width, header_rows=None)


def _header_in_parts(grid: Grid) -> tuple[int, int] | None:
    """(the row, the columns of a part) where a row says the same in each part, and no cell stands in two from there."""
    top = tuple(cell for cell in grid.cells if cell.row < MAX_HEADER_ROWS)
    if sum(word_role(cell.text) in ("stt", "name", "unit?") for cell in top) < 2:
        return None
    rows = dense(replace(grid, cells=top, n_rows=min(grid.n_rows, MAX_HEADER_ROWS)))
    for r, row in enumerate(rows):
        texts = texts_of(row)
        said = [fold(text) for text in texts]
        for parts in range(2, MOST_PARTS + 1):
            width, rest = divmod(grid.n_cols, parts)
            if rest or width < MIN_KINDS or said != said[:width] * parts or not names_columns(texts[:width]):
                continue
            if {word_role(text) for text in texts[:width]} & {"name", "unit?"} and not _stands_in_two(grid, r, width):
                return r, width
    return None


def _stands_in_two(grid: Grid, head: int, width: int) -> bool:
    return any(
        cell.row + cell.row_span > head and cell.col // width != (cell.col + cell.col_span - 1) // width
        for cell in grid.cells
    )
