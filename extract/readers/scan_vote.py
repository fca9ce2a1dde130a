"""Readings of a figure cell → one text, and how sure it is.

In: the grids of a page with their page reading. Out: the grids with the text that the readings agree on and all
readings kept. Nothing is invented: where no two agree, the page's reading stays and its confidence says that
it is not sure.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.model import Cell, Grid, Reading
from extract.readers.scan_cells import STRIP, CellPicture, cut, is_figure_cell, printed_lines, read_strip
from extract.readers.scan_image import Image, PagePicture


def voted(grids: Sequence[Grid], page: PagePicture, erased: Image) -> list[Grid]:
    """All grids of a page after the second reading of their figure cells."""
    cells: list[tuple[int, int]] = []
    pictures: list[CellPicture] = []
    for g, grid in enumerate(grids):
        for c, cell in enumerate(grid.cells):
            if not is_figure_cell(cell, False) or cell.bbox is None:
                continue
            lines = printed_lines(cut(cell.bbox, page.scale, erased), page.scale)
            pictures += [CellPicture(len(cells), i, line) for i, line in enumerate(lines[:3])]
            cells.append((g, c))
    second = read_strip(pictures, page.scale)
    out = [list(grid.cells) for grid in grids]
    for index, (g, c) in enumerate(cells):
        found = [second[index, line] for line in range(3) if (index, line) in second]
        if found:
            reading = Reading("\n".join(t for t, _ in found), round(min(p for _, p in found), 3), STRIP)
            cell = out[g][c]
            out[g][c] = Cell(
                cell.row, cell.col, cell.text, cell.row_span, cell.col_span, cell.page, cell.bbox,
                (*cell.readings, reading),
            )  # fmt: skip
    return [
        Grid(tuple(cs), g.n_rows, g.n_cols, g.method, g.page, g.bbox, g.header_rows, g.continues, g.confidence)
        for cs, g in zip(out, grids, strict=True)
    ]
