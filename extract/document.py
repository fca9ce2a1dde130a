"""Blocks of any format → `Document`: one place for everything that all formats share.

In: what a reader hands over (`RawDocument`). Out: letterhead, sections and tables. The walk:

1. grids that name no columns and go on with no table are layout (letterhead, signature): their text
   joins the lines; a data grid's leading rows above its header (captions drawn as rows) join them too;
2. the first caption with a table behind it opens the appendices; what stands before is the narrative;
3. in the appendices each caption collects its title, reference and unit lines; grids under it become
   one table or several; text behind a table is its `text_after`.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, dropwhile

import numpy as np
import regex

from extract.appendices import RULE, Open, as_paragraphs, tables_of, text_after
from extract.captions import caption_of, read_caption
from extract.headings import find_headings, join_paragraphs
from extract.legacy import row_problems
from extract.letterhead import is_open_date, read_letterhead
from extract.lost import debris, header_as_text, looked_at, lost_grids, places_of, rows_in_headers
from extract.model import Block, Cell, Document, Grid, Heading, Paragraph, Problem, RawDocument, SourceFile, Table
from extract.pictures import has_pictures, tables_as_pictures, without_pictures
from extract.records import Packed, Room, packed
from extract.second_report import other_bodies, second_reports
from extract.struck import gone, unstruck
from extract.syllables import are_broken
from extract.tables.continued import Part, build_table, continues
from extract.tables.header import Header, repeated_header
from extract.tables.header_words import word_role
from extract.tables.odd_header import UNRULED, odd_headers
from extract.tables.places import once_each
from extract.tables.turned import all_upright
from extract.tables.whole_header import Laid, with_whole_headers
from extract.text import begins_with, clean, fold

_PAGE_NUMBER = regex.compile(r"^(?:trang\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?$", regex.IGNORECASE)
_STAMP = regex.compile(r"^(?:người ký|ký bởi|cơ quan\s*:|thời gian ký|signed by|signature|email\s*:)", regex.IGNORECASE)
_STAMP_LETTERS, _SECOND_LETTERS = "NnKkCcTtSsſEe", "gGýÝơƠhHiIİımM"  # that one of these begins with
LONGEST_PAGE_NUMBER, MOST_PAGE_NUMBERS = 25, 2
MAX_CAPTION_LINES = 14


def build_document(source: SourceFile, raw: RawDocument) -> Document:
    """Everything one file says. Pure: the same blocks give the same document."""
    room = Room()
    before, appendices, has_appendices = _parted(_items(raw.blocks), room)
    made = _Made(room)
    loose: list[Paragraph] = []
    lost: list[Problem] = []
    references: list[str] = []
    for item in tables_of(before, in_body=True):
        made.add(item)
    for item in tables_of(looked_at(appendices, lost), loose):
        references.append(item.caption.reference)
        made.add(item)
    if not has_appendices:
        deque(looked_at(dropwhile(lambda item: not _is_caption(item), before), lost), 0)
        lost.extend(header_as_text(before) if not lost else ())
    else:
        fallen = list(debris(before))
        lost.extend(fallen)
        if not fallen:  # appendices in front of the first whose table was read
            deque(looked_at(dropwhile(lambda item: not _is_caption(item), before), lost), 0)
    narrative = [item for item in before if isinstance(item, Paragraph)]
    lines = [clean(line) for paragraph in narrative for line in _printed(paragraph).split("\n")]
    letterhead, body_from = read_letterhead(lines, list(filter(None, references)))
    body = _body(narrative, body_from)
    headings, preamble = find_headings(body)
    tables = tuple(made.tables)
    met, not_placed, in_headers = _problems_of_grids(raw.blocks, made)
    return Document(
        source=source,
        letterhead=letterhead,
        headings=headings,
        tables=tables,
        method=raw.method,
        pages=raw.pages,
        preamble=preamble,
        problems=(
            *raw.problems,
            *made.problems,
            *met,
            *made.converted,
            *made.unspelled,
            *_unspelled_prose(headings if not tables else ()),
            *odd_headers(tables),
            *second_reports(tables, lines[body_from:] if body_from else ()),
            *other_bodies(tables, letterhead),
            *_unread(loose),
            *not_placed,
            *in_headers,
            *(tables_as_pictures(raw.blocks) if has_pictures(raw.blocks) else ()),
            *lost,
        ),
    )


@dataclass(slots=True)
class _Made:
    """The tables built so far, and what was seen while their cells were at hand: the places of the grids they were made
    of, and problems."""

    room: Room
    tables: list[Table] = field(default_factory=list)
    places: array[int] = field(default_factory=lambda: array("q"))
    problems: list[Problem] = field(default_factory=list)
    converted: list[Problem] = field(default_factory=list)
    unspelled: list[Problem] = field(default_factory=list)

    def add(self, item: Open) -> None:
        for part in item.parts:
            if part.grid.bbox is not None:  # only of grids with a place it is asked whether they came into a table
                self.places.extend(places_of(part.grid))
        table = build_table(len(self.tables) + 1, item.caption, item.parts, text_after(item.after))
        if not table.n_rows:
            return
        if self.tables and table.method in UNRULED and (rest := _rest_of_a_name(table, self.tables[-1])):
            cut, said = self.tables[-1], "the rest of a name stands at the head of the next table"
            page = max(cut.pages, default=None)
            self.problems.append(Problem("name-unfinished", "warning", said, page, cut.index, cut.n_rows, detail=rest))
        if [cell for cell in table.cells if cell.readings]:
            self.converted.extend(row_problems((table,)))
        self.unspelled.extend(_unspelled((table,)))
        self.problems.extend(
            replace(problem, table=table.index, row=cell.row, column=cell.col)
            for cell in [cell for cell in table.cells if cell.problems]
            for problem in cell.problems
        )
        cells = packed(tuple(table.cells), self.room)
        self.tables.append(table if cells is table.cells else replace(table, cells=cells))


def _rest_of_a_name(table: Table, before: Table) -> str:
    """The first row's words where they are the rest of a name: they begin with a small letter, as the names of the
    table before do not."""
    first = next((clean(cell.text) for cell in _names(table) if cell.row == 1), "")
    if not first[:1].islower():
        return ""
    names = [cell.text for cell in _names(before)]
    return first[:80] if 2 * sum(name[:1].islower() for name in names) < len(names) else ""


def _names(table: Table) -> list[Cell]:
    column = next(column.index for column in table.columns if column.role == "name")
    return [cell for cell in table.cells if cell.col == column]


def _problems_of_grids(
    blocks: Iterable[Block], made: _Made
) -> tuple[Sequence[Problem], Sequence[Problem], Sequence[Problem]]:
    """What the reader met in cells that came into no table, or is seen in none, grids that came into none, rows in
    headers."""
    known = {replace(problem, table=None, row=None, column=None) for problem in made.problems}
    if made.places:
        np.frombuffer(made.places, np.int64).sort()  # where they lie: as a list they take four times the room
    met: dict[Problem, None] = {}
    not_placed: list[Problem] = []
    in_headers: list[Problem] = []
    for grid in blocks:
        met.update((problem, None) for problem in gone(grid))
        if isinstance(grid, Grid):
            for cell in [cell for cell in grid.cells if cell.problems]:
                met.update((problem, None) for problem in cell.problems)
            not_placed.extend(lost_grids((grid,), made.places))
            in_headers.extend(rows_in_headers((grid,)))
    return [problem for problem in met if problem not in known], not_placed, in_headers


def _unspelled(tables: Iterable[Table]) -> Iterator[Problem]:
    """Tables whose names are hardly Vietnamese: broken words of a PDF, an encoding that nothing knows, bad OCR."""
    for table in tables:
        names = {column.index for column in table.columns if column.role == "name"}
        texts = [cell.text for cell in table.cells if cell.col in names]
        if are_broken(texts):
            message = "the names of a table are no Vietnamese words"
            first = clean(texts[0].partition("\n")[0])[:60]
            page = min(table.pages, default=None)
            yield Problem("table-text-doubtful", "error", message, page, table.index, detail=first)


def _unspelled_prose(headings: Sequence[Heading]) -> Iterator[Problem]:
    """A report without a table whose headings are no Vietnamese either: its tables may stand there in pieces."""
    titles = [heading.title for heading in headings]
    if are_broken(titles):
        message = "the text of the file is not Vietnamese"
        yield Problem("text-doubtful", "error", message, headings[0].page, detail=titles[0][:60])


def _printed(paragraph: Paragraph) -> str:
    return f"{paragraph.label} {paragraph.text}" if paragraph.label else paragraph.text


def _items(blocks: Iterable[Block]) -> Iterator[Paragraph | Part]:
    """Blocks with layout grids turned into paragraphs and page furniture dropped."""
    header: Header | None = None
    before = shown = ""
    numbers = _PageNumbers()
    for block in with_whole_headers(all_upright(unstruck(without_pictures(blocks)))):
        if isinstance(block, Paragraph):
            text = clean(block.text)
            is_furniture = not text or _is_furniture(text, before)
            if not is_furniture:
                numbers.in_a_row = 0
            if not is_furniture or text and not numbers.may_hold(text, block.page):
                before = text
                yield block
                if (found := caption_of(block.text)) is not None:
                    header, shown = None, found.number
            continue
        numbers.in_a_row = 0
        above, laid = _caption_rows(_without_repeated_caption(block, shown))
        yield from above
        shown = next((found.number for p in above if (found := read_caption(p.text)) is not None), shown)
        grid = laid.grid
        own = repeated_header(grid, header, laid.rows) if header is not None else None
        if own is None and (header is None or not (grid.continues and grid.header_rows == 0)):
            own = laid.header
        part = Part(grid, own, laid.rows)
        if own is not None:
            header = own
            yield part
        elif header is not None and continues(header, part) and _has_rows(grid, header):
            yield part
        else:
            yield from as_paragraphs(grid)


def _without_repeated_caption(laid: Laid, shown: str) -> Laid:
    """A table that begins with its caption repeats it on every page: there it says nothing new, and is no row."""
    cells = [cell for cell in once_each(laid.rows[0]) if clean(cell.text)] if laid.rows and shown else []
    found = read_caption(cells[0].text) if len(cells) == 1 else None
    if found is None or found.number != shown or found.rest or laid.grid.n_rows < 2:
        return laid
    return Laid.of(_below(laid.grid, 1))


@dataclass(slots=True)
class _PageNumbers:
    """How many lines that look like page numbers were left out. A page has one, or one at its head and one at its foot:
    more of them are the figures of a table that fell apart, and these must be seen to be said."""

    page: int | None = None
    on_page: int = 0
    in_a_row: int = 0

    def may_hold(self, text: str, page: int | None) -> bool:
        """May this line be left out? Stamps and rules always may."""
        if not text[-1].isdecimal():
            return True
        self.on_page = self.on_page + 1 if page is not None and page == self.page else 1
        self.page = page
        self.in_a_row += 1
        return max(self.on_page, self.in_a_row) <= MOST_PAGE_NUMBERS


def _is_furniture(text: str, before: str) -> bool:
    """Page numbers, stamps of a signature, rules drawn with characters: no words of the report."""
    first, last = text[0], text[-1]
    may_be_number = len(text) <= LONGEST_PAGE_NUMBER and not last.isalpha()
    if may_be_number and _PAGE_NUMBER.match(text) and not is_open_date(before):
        return True
    if first.isalpha():
        return first in _STAMP_LETTERS and text[1:2] in _SECOND_LETTERS and _STAMP.match(text) is not None
    return not last.isalpha() and RULE.match(text) is not None


def _caption_rows(laid: Laid) -> tuple[list[Paragraph], Laid]:
    """Rows above the header that one cell fills are captions drawn into the table: they become paragraphs."""
    grid, rows = laid.grid, laid.rows
    cut = 0
    for line in rows[:8]:
        cells = [cell for cell in once_each(line) if clean(cell.text)]
        if len(cells) > 1 or not cells and cut == 0 and len(rows) == 1:
            break
        # a line of a sheet stands in its first cell and runs on over empty ones, without being merged
        is_line = bool(cells) and cells[0].col == 0 and not word_role(cells[0].text)
        if cells and cells[0].col_span < grid.n_cols - 1 and not is_line and not read_caption(cells[0].text):
            break
        cut += 1
    if cut == 0 or cut >= len(rows) or (below := Laid.of(_below(grid, cut))).header is None:
        return [], laid
    above = [
        Paragraph(text=line, page=cell.page, bbox=cell.bbox)
        for cell in grid.cells
        if cell.row < cut
        for line in cell.text.split("\n")
        if clean(line)
    ]
    return above, below


def _below(grid: Grid, cut: int) -> Grid:
    cells = tuple(replace(cell, row=cell.row - cut) for cell in grid.cells if cell.row >= cut)
    declared = max(0, grid.header_rows - cut) if grid.header_rows else None
    return replace(grid, cells=cells, n_rows=grid.n_rows - cut, header_rows=declared)


def _has_rows(grid: Grid, header: Header) -> bool:
    """A grid without a header continues a table only when it looks like its rows: letterheads and signatures do not."""
    texts = [clean(cell.text) for cell in grid.cells]
    joined = fold(" ".join(texts[:6]))
    if "noi nhan" in joined or "cong hoa xa hoi" in joined:
        return False
    return any(texts) and (grid.n_cols >= 3 or grid.n_cols == len(header.columns))


def _parted(
    items: Iterator[Paragraph | Part], room: Room
) -> tuple[Sequence[Paragraph | Part], Iterator[Paragraph | Part], bool]:
    """The items before the appendices, those of the appendices, and whether there are any: the first caption with a
    table close behind it opens them."""
    before: Packed[Paragraph | Part] = Packed(room)
    held: deque[Paragraph | Part] = deque()  # from a caption on behind which a table may still come
    for item in items:
        if not held and not _is_caption(item):
            _put(before, item)
            continue
        held.append(item)
        if isinstance(item, Part):
            return before.done(), chain(held, items), True
        if len(held) > MAX_CAPTION_LINES:
            _put(before, held.popleft())
            while held and not _is_caption(held[0]):
                _put(before, held.popleft())
    before.extend(held)
    return before.done(), iter(()), False


def _is_caption(item: Paragraph | Part) -> bool:
    return isinstance(item, Paragraph) and caption_of(item.text) is not None


def _put(items: Packed[Paragraph | Part], item: Paragraph | Part) -> None:
    items.append(item, len(item.grid.cells) if isinstance(item, Part) else 1)


def _body(narrative: Sequence[Paragraph], body_from: int) -> list[Paragraph]:
    """The paragraphs behind title and span, up to the signature block. `body_from` counts printed lines."""
    body: list[Paragraph] = []
    seen = 0
    for paragraph in narrative:
        n = _printed(paragraph).count("\n") + 1
        if seen >= body_from:
            if begins_with(paragraph.text, "noi nhan"):
                break
            body.append(paragraph)
        seen += n
    return body


def _unread(loose: Sequence[Paragraph]) -> tuple[Problem, ...]:
    """Lines between the first caption and its table that belong to nothing: said, not lost."""
    text = join_paragraphs(loose)
    return (Problem("text-without-place", "info", text[:200], detail=text[:2000]),) if text else ()
