"""One page: words and rules → paragraphs and grids in reading order.

In: `PageContent`. Out: blocks with, for lines in the margins, the key by which running heads are
known again. What one page must know of the page before is in `Carried`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Block, Grid, Paragraph
from extract.page import Edge, Line, PageContent
from extract.page_words import PageWords, pieces_of
from extract.readers import pdf_furniture as furniture
from extract.readers import pdf_grids as grids_of
from extract.readers import pdf_layout as layout
from extract.readers.pdf_cells import CellWords, words_in_cells
from extract.readers.pdf_grids import Found, HeaderWord
from extract.readers.pdf_layout import Margins
from extract.readers.pdf_marks import with_footnote_marks
from extract.readers.pdf_sideways import leveled
from extract.readers.pdf_struck import with_strikes, without_strikes
from extract.readers.pdf_unseen import without_unseen
from extract.records import maker, quick
from extract.tables import ruled
from extract.tables.aligned import find_aligned
from extract.tables.aligned_lines import Columns
from extract.tables.ruled import RuledTable


@dataclass(frozen=True, slots=True)
class Carried:
    """What the next page needs: the body's margins, the columns of a table at the end of this page."""

    margins: Margins | None = None
    leading: float = 0.0
    columns: tuple[float, ...] = ()
    bottom_share: float = 0.0
    columns_free: Columns | None = None
    has_open_rows: bool = False
    header: tuple[HeaderWord, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Placed:
    """A block with the y at which it begins; `key` is set for a line that may be a running head."""

    top: float
    block: Block
    key: str = ""


_placed = maker(Placed)


def read_page(page: PageContent, before: Carried) -> tuple[list[Placed], Carried]:
    """The blocks of a page in reading order, and what to carry to the next page."""
    words = leveled(furniture.without_watermark(with_footnote_marks(PageWords.of(page.words))))
    words = furniture.without_stamps(words, page.number, page.height)
    rules = ruled.merged_rules(page.edges)
    # also as they are drawn: a stroke and the underline of the next word are merged to one rule between them
    strokes = {edge for edge in page.edges if edge.is_horizontal} if len(page.edges) <= ruled.MAX_RULES else set()
    words, strikes = without_strikes(words, [*strokes.union(rules[0])], page)
    if page.unseen:
        words, unseen = without_unseen(words, page)
        strikes += unseen
    tables = [t for t in ruled.tables_of(*rules) if not _is_frame(t, page)]
    inside, outside = words_in_cells(words, tables, page)
    drawn = [(t, cells) for t, cells in zip(tables, inside, strict=True) if cells]
    if drawn and before.header and len(before.columns) == len(drawn[0][0].xs):
        drawn[0] = (drawn[0][0], grids_of.with_whole_header(*drawn[0], before.header))
    body, margin = furniture.margin_lines(pieces_of(outside), [(t.ys[0], t.ys[-1]) for t, _ in drawn], page.height)
    grids = [
        grids_of.ruled_grid(
            t, cells, page, has_open_rows=not i and before.has_open_rows and len(before.columns) == len(t.xs)
        )
        for i, (t, cells) in enumerate(drawn)
    ]
    found, body = _without_rules(body, drawn, grids, _long_rules(rules[0], page.width), page, before)
    found.sort(key=lambda f: f.top)
    if strikes:
        found = [replace(f, grid=with_strikes(f.grid, strikes)) for f in found]
    lines = layout.in_reading_order(body)
    margins = own = layout.margins_of(lines, page.width, before.margins)
    if found:
        margins = Margins(min(own.left, *(f.x0 for f in found)), max(own.right, *(f.x1 for f in found)))
    leading = layout.leading_of(lines) or before.leading
    tops = [f.top for f in found]
    placed: list[Placed] = []
    for i, band in enumerate(_bands(lines, tops)):
        own_leading = (layout.leading_of(band) or leading) if tops else leading
        placed += [_placed(top, p) for top, p in layout.paragraphs(band, page, margins, page.style, own_leading)]
        if i < len(found):
            placed.append(Placed(found[i].top, found[i].grid))
    placed = _opened(placed, before, found)
    carried = Carried(own, leading)
    if placed and isinstance(placed[-1].block, Grid):
        last = found[-1]
        header = _carried_header(placed, drawn, last, before)
        carried = Carried(own, leading, last.xs, last.bottom / page.height, last.columns, last.has_open_rows, header)
    for line in margin:
        if not furniture.is_page_number(line):
            top, block = layout.paragraphs([line], page, margins, page.style)[0]
            item = Placed(top, block, furniture.key(line))
            placed = [item, *placed] if line.base < page.height / 2 else [*placed, item]
    return placed, carried


def _carried_header(
    placed: Sequence[Placed], drawn: Sequence[tuple[RuledTable, CellWords]], last: Found, before: Carried
) -> tuple[HeaderWord, ...]:
    """The words of the last ruled table's header; where the table goes on, those of its first page."""
    block = placed[-1].block
    table = next((d for d in drawn if d[0].xs == last.xs and d[0].ys[0] == last.top), None)
    if isinstance(block, Grid) and block.continues and before.header:
        return before.header
    return grids_of.header_words(*table) if table else ()


def _without_rules(
    body: list[Line], drawn: Sequence[tuple[RuledTable, CellWords]], grids: list[Found],
    rules: list[Edge], page: PageContent, before: Carried,
) -> tuple[list[Found], list[Line]]:  # fmt: skip
    """Add the tables that stand in the spaces between ruled ones: with no rules, or below a ruled header. `rules` are
    those that run across."""
    tops = [t.ys[0] for t, _ in drawn]
    free = before.columns_free
    if free is not None and free.lefts and before.bottom_share <= 0.5:  # rows fill the page before the next is begun
        free = None
    out = list(grids)
    rest: list[Line] = []
    for i, band in enumerate(_bands(body, tops)):
        if not band:
            continue
        if i and band:
            joined, band = grids_of.below_header(out[i - 1], drawn[i - 1], band, rules, page, free if i == 1 else None)
            out[i - 1] = joined
        carried = free if not i else None
        tables, left = find_aligned(band, rules, page.style, carried) if band else ([], [])
        out += [grids_of.aligned_grid(t, page) for t in tables]
        rest += left
    return out, rest


def _long_rules(horizontal: list[Edge], width: float) -> list[Edge]:
    """Horizontal rules across a table, with all pieces of those that a merged cell interrupts."""
    drawn: dict[float, float] = {}
    for e in horizontal:
        drawn[e.pos] = drawn.get(e.pos, 0.0) + e.end - e.start
    return [e for e in horizontal if drawn[e.pos] > 0.4 * width]


def _is_frame(table: RuledTable, page: PageContent) -> bool:
    """A frame drawn round the page's text is not a table."""
    area = (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])
    return len(table.cells) <= 3 and area > 0.6 * page.width * page.height


def _bands(lines: Sequence[Line], tops: Sequence[float]) -> list[list[Line]]:
    """Lines grouped by the tables they stand between: a paragraph never goes on across a table."""
    if not tops:
        return [list(lines)]
    bands: list[list[Line]] = [[] for _ in range(len(tops) + 1)]
    for line in lines:
        bands[sum(1 for top in tops if line.base > top)].append(line)
    return bands


def _opened(placed: list[Placed], before: Carried, found: Sequence[Found]) -> list[Placed]:
    """Mark the first block of the page: it may go on with the last one of the page before."""
    if not placed:
        return placed
    first = placed[0].block
    if isinstance(first, Paragraph):
        first = replace(first, opens_page=True)
    elif before.columns and before.bottom_share > 0.5 and same_columns(before.columns, found[0]):
        first = grids_of.continued(first)
    return [Placed(placed[0].top, first, placed[0].key), *placed[1:]]


def same_columns(before: Sequence[float], found: Found) -> bool:
    """The same columns as on the page before; those of a table without rules are known less exactly."""
    slack = 30.0 if found.columns is not None else ruled.SNAP
    xs = found.xs
    return len(before) == len(xs) and all(abs(p - q) <= slack for p, q in zip(before[1:-1], xs[1:-1], strict=True))
