"""Headers that a page break cut → whole headers.

In: the blocks of a document in reading order. Out: the same blocks; where a grid at the foot of a page is nothing but
a header and the grid on top of the next page holds the rest of it, the two are made one. Where that grid has the header
whole, with the words of both pages (`cut_header`), the one at the foot is left out.

The rest shows in two ways. Either the columns are the same and the rows above the first code or figure go on with the
header's words. Or the columns of the second grid lie within those of the first, edge on edge: `Kết quả` stands over
`Đơn vị tính` and `Số liệu`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import regex

from extract.captions import read_caption
from extract.model import Block, Cell, Grid, Paragraph
from extract.tables.header import Header, find_header, is_code
from extract.tables.places import Line, dense
from extract.text import clean, fold

_FIGURE = regex.compile(r"^[(\-–+]?\s*\d")
_PAGE_NUMBER = regex.compile(r"[-–—\s]*\d{1,4}[-–—\s]*")
_LETTERS = regex.compile(r"\p{L}{3}")
_SAME_EDGE_PT = 3.0


@dataclass(frozen=True, slots=True)
class Laid:
    """A grid laid out: its places, and the header that its own words make."""

    grid: Grid
    rows: list[Line]
    header: Header | None

    @classmethod
    def of(cls, grid: Grid) -> Laid:
        rows = dense(grid)
        return cls(grid, rows, find_header(grid, rows))


def with_whole_headers(blocks: Iterable[Block]) -> Iterator[Paragraph | Laid]:
    """The blocks, with headers made whole. A page number between the two parts goes in front of them."""
    held: Laid | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            if held is not None and not _PAGE_NUMBER.fullmatch(block.text):
                yield held
                held = None
            yield block
            continue
        if held is not None:
            if block.continues and block.header_rows == 0:
                header, block = _with_the_rest(held.grid, block)
                yield held if header is held.grid else Laid.of(header)
            elif (whole := _subdivided(held.grid, block)) is not None:
                block = whole
            elif not _is_begun(held, Laid.of(block)):
                yield held
            held = None
        laid = Laid.of(block)
        if laid.header is not None and laid.header.n_rows == block.n_rows:
            held = laid
        else:
            yield laid
    if held is not None:
        yield held


def _with_the_rest(header: Grid, rest: Grid) -> tuple[Grid, Grid]:
    """The first row of `rest` added to the header's words, where it is no data row."""
    own = _row(rest, 0)
    words = [cell.text for cell in own if clean(cell.text)]
    if len(words) == 1 and read_caption(words[0]) is not None:  # of the table, printed again on its next page
        return header, rest
    if header.n_cols != rest.n_cols or not _is_header_row(own, header):
        return header, rest
    tail = {cell.col: cell.text for cell in own if clean(cell.text)}
    lowest: dict[int, Cell] = {}
    for cell in header.cells:
        if clean(cell.text) and (cell.col not in lowest or cell.row > lowest[cell.col].row):
            lowest[cell.col] = cell
    if any(col not in lowest for col in tail):
        return header, rest
    cells = tuple(
        replace(cell, text=f"{cell.text}\n{tail[cell.col]}")
        if tail.get(cell.col) and lowest[cell.col] is cell
        else cell
        for cell in header.cells
    )
    below = tuple(replace(cell, row=cell.row - 1) for cell in rest.cells if cell.row > 0)
    return replace(header, cells=cells), replace(rest, cells=below, n_rows=rest.n_rows - 1)


def _subdivided(header: Grid, rest: Grid) -> Grid | None:
    """One grid of both where `rest` divides the header's columns; else None."""
    top = _row(rest, 0)
    if rest.n_cols <= header.n_cols or header.page == rest.page or not _is_header_row(top, header):
        return None
    edges = {round(cell.bbox.x0, 1): cell.col for cell in top if cell.bbox is not None and cell.col_span == 1}
    if len(edges) != rest.n_cols:
        return None
    xs = sorted(edges)
    right = max(cell.bbox.x1 for cell in top if cell.bbox is not None)
    moved = []
    for cell in header.cells:
        if cell.bbox is None:
            return None
        first = next((i for i, x in enumerate(xs) if abs(x - cell.bbox.x0) <= _SAME_EDGE_PT), None)
        after = next((i for i, x in enumerate([*xs, right]) if abs(x - cell.bbox.x1) <= _SAME_EDGE_PT), None)
        if first is None or after is None or after <= first:
            return None
        moved.append(replace(cell, col=first, col_span=after - first))
    begun = {cell.col: cell for cell in moved if cell.col_span == 1 and clean(cell.text)}
    tails = {c.col: f"\n{c.text}" for c in top if c.col in begun and _goes_on(begun[c.col], c.text)}
    moved = [
        replace(cell, text=cell.text + tails[cell.col]) if cell.col in tails and begun[cell.col] is cell else cell
        for cell in moved
    ]
    below = tuple(
        replace(cell, row=cell.row + header.n_rows, text="" if cell.row == 0 and cell.col in tails else cell.text)
        for cell in rest.cells
    )
    whole = replace(
        rest, cells=(*moved, *below), n_rows=header.n_rows + rest.n_rows, page=header.page, header_rows=None
    )
    found = find_header(whole)
    return whole if found is not None and found.n_rows > header.n_rows else None


def _is_begun(begun: Laid, whole: Laid) -> bool:
    """Is a header the beginning of that on the next page? Each of its cells begins one there, and some go on."""
    if whole.header is None or begun.grid.page is None or whole.grid.page != begun.grid.page + 1:
        return False
    left = [fold(cell.text) for cell in whole.grid.cells if cell.row < whole.header.n_rows]
    n_more = 0
    for text in (fold(cell.text) for cell in begun.grid.cells if clean(cell.text)):
        own = next((other for other in left if other.startswith(text)), None)
        if own is None:
            return False
        left.remove(own)
        n_more += own != text
    return n_more > 0


def _row(grid: Grid, row: int) -> list[Cell]:
    return [cell for cell in grid.cells if cell.row == row]


def _is_header_row(cells: list[Cell], header: Grid) -> bool:
    texts = [clean(cell.text) for cell in cells]
    if any(map(_is_open, header.cells)):
        texts = [text for text in texts if not _closes(text)]
    return any(texts) and not any(is_code(text) or _FIGURE.match(text) for text in texts)


def _is_open(cell: Cell) -> bool:
    return cell.text.count("(") > cell.text.count(")")


def _goes_on(begun: Cell, text: str) -> bool:
    return text[:1].islower() or (_is_open(begun) and _closes(text))


def _closes(text: str) -> bool:
    """`6 tháng, năm)`: the end of a bracket that the header opened on the page before."""
    return text.count(")") > text.count("(") and _LETTERS.search(text) is not None
