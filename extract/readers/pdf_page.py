"""One page: words and rules → paragraphs and grids in reading order.

In: `PageContent`. Out: blocks with, for lines in the margins, the key by which running heads are
known again. What one page must know of the page before is in `Carried`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Block, Cell, Grid, Paragraph
from extract.page import Line, PageContent, Word, cell_text, pieces
from extract.readers import pdf_furniture as furniture
from extract.readers import pdf_layout as layout
from extract.readers.pdf_layout import Margins
from extract.readers.pdf_words import words_of
from extract.tables import ruled
from extract.tables.ruled import RuledTable


@dataclass(frozen=True, slots=True)
class Carried:
    """What the next page needs: the body's margins, the columns of a table at the end of this page."""

    margins: Margins | None = None
    leading: float = 0.0
    columns: tuple[float, ...] = ()
    bottom_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with the y at which it begins; `key` is set for a line that may be a running head."""

    top: float
    block: Block
    key: str = ""


def read_page(page: PageContent, before: Carried) -> tuple[list[Placed], Carried]:
    """The blocks of a page in reading order, and what to carry to the next page."""
    words = furniture.without_watermark(page.words)
    tables = [t for t in ruled.find_tables(page.edges) if not _is_frame(t, page)]
    inside, outside = assign(words, tables, page)
    grids = []
    for table, cells in zip(tables, inside, strict=True):
        if any(cells):
            grids.append((table, ruled_grid(table, cells, page)))
    items = pieces(outside)
    body, margin = furniture.margin_lines(items, [(t.ys[0], t.ys[-1]) for t, _ in grids], page.height)
    lines = layout.in_reading_order(body)
    sides = [(t.xs[0], t.xs[-1]) for t, _ in grids]
    margins = layout.margins_of(lines, page.width, before.margins)
    if sides:
        margins = Margins(min(margins.left, *(s[0] for s in sides)), max(margins.right, *(s[1] for s in sides)))
    leading = layout.leading_of(lines) or before.leading
    placed = [Placed(t.ys[0], grid) for t, grid in grids]
    for band in _bands(lines, [t.ys[0] for t, _ in grids]):
        placed += [Placed(top, p) for top, p in layout.paragraphs(band, page, margins, page.style, leading)]
    # Stable: blocks of one band are in reading order already, columns side by side included.
    placed = _merged(placed, [t.ys[0] for t, _ in grids])
    placed = _opened(placed, before, grids)
    carried = Carried(layout.margins_of(lines, page.width, before.margins), leading)
    if placed and isinstance(placed[-1].block, Grid):
        last = grids[-1][0]
        carried = replace(carried, columns=last.xs, bottom_share=last.ys[-1] / page.height)
    for line in margin:
        if not furniture.is_page_number(line):
            top, block = layout.paragraphs([line], page, margins, page.style)[0]
            item = Placed(top, block, furniture.key(line))
            placed = [item, *placed] if line.base < page.height / 2 else [*placed, item]
    return placed, carried


def _is_frame(table: RuledTable, page: PageContent) -> bool:
    """A frame drawn round the page's text is not a table."""
    area = (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])
    return len(table.cells) <= 3 and area > 0.6 * page.width * page.height


def _bands(lines: Sequence[Line], tops: Sequence[float]) -> list[list[Line]]:
    """Lines grouped by the tables they stand between: a paragraph never goes on across a table."""
    bands: list[list[Line]] = [[] for _ in range(len(tops) + 1)]
    for line in lines:
        bands[sum(1 for top in tops if line.base > top)].append(line)
    return bands


def _merged(placed: list[Placed], tops: Sequence[float]) -> list[Placed]:
    """Tables in their places between the bands of paragraphs."""

    def band(item: Placed) -> float:
        if isinstance(item.block, Grid):
            return sum(1 for top in tops if top <= item.top) - 0.5
        return float(sum(1 for top in tops if item.top + 5 > top))

    return sorted(placed, key=band)


def _opened(placed: list[Placed], before: Carried, grids: Sequence[tuple[RuledTable, Grid]]) -> list[Placed]:
    """Mark the first block of the page: it may go on with the last one of the page before."""
    if not placed:
        return placed
    first = placed[0].block
    if isinstance(first, Paragraph):
        first = replace(first, opens_page=True)
    elif before.columns and before.bottom_share > 0.5 and same_columns(before.columns, grids[0][0].xs):
        first = replace(first, continues=True)
    return [replace(placed[0], block=first), *placed[1:]]


def same_columns(a: Sequence[float], b: Sequence[float]) -> bool:
    return len(a) == len(b) and all(abs(p - q) <= ruled.SNAP for p, q in zip(a, b, strict=True))


def assign(
    words: Sequence[Word], tables: Sequence[RuledTable], page: PageContent
) -> tuple[list[list[list[Word]]], list[Word]]:
    """Words per table and cell (by their middle, in the smallest table), and those outside."""
    inside: list[list[list[Word]]] = [[[] for _ in t.cells] for t in tables]
    outside: list[Word] = []
    by_area = sorted(range(len(tables)), key=lambda i: _area(tables[i]))
    for word in words:
        index = next((i for i in by_area if tables[i].covers(word)), -1)
        if index < 0:
            outside.append(word)
            continue
        table = tables[index]
        for part in _cut(word, table, page):
            found = table.find((part.x0 + part.x1) / 2, (part.top + part.bottom) / 2)
            (inside[index][found] if found >= 0 else outside).append(part)
    return inside, outside


def _area(table: RuledTable) -> float:
    return (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])


def _cut(word: Word, table: RuledTable, page: PageContent) -> list[Word]:
    """A word that lies across a rule, in its parts: `Văn bản` and `416` set without a gap.

    A word that only sticks out of its cell stays whole: it is cut where figures meet, where letters
    meet figures, or where the glyphs stand apart.
    """
    y = (word.top + word.bottom) / 2
    if word.turn or word.length < 2 or table.find(word.x0 + 1, y) == table.find(word.x1 - 1, y):
        return [word]
    glyphs = page.glyphs(word.start, word.length)
    parts, first = [], 0
    for i in range(1, len(glyphs)):
        a, b = glyphs[i - 1], glyphs[i]
        if table.find((a.x0 + a.x1) / 2, y) == table.find((b.x0 + b.x1) / 2, y):
            continue
        if a.char.isdigit() or b.char.isdigit() or b.x0 - a.x1 > 0.08 * b.size:
            parts += words_of(glyphs[first:i], word.start + first)
            first = i
    return parts + words_of(glyphs[first:], word.start + first) if parts else [word]


def ruled_grid(table: RuledTable, words: Sequence[Sequence[Word]], page: PageContent) -> Grid:
    cells = tuple(
        Cell(c.row, c.col, cell_text(w), c.row_span, c.col_span, page.number, page.seen(*table.box(c)))
        for c, w in zip(table.cells, words, strict=True)
    )
    box = page.seen(table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
    return Grid(cells, table.n_rows, table.n_cols, "pdf-lines", page.number, box)
