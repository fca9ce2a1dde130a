"""Blocks of any format → `Document`: one place for everything that all formats share.

In: what a reader hands over (`RawDocument`). Out: letterhead, sections and tables. The walk:

1. grids that name no columns and go on with no table are layout (letterhead, signature): their text
   joins the lines; a data grid's leading rows above its header (captions drawn as rows) join them too;
2. the first caption with a table behind it opens the appendices; what stands before is the narrative;
3. in the appendices each caption collects its title, reference and unit lines; grids under it become
   one table or several; text behind a table is its `text_after`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex

from extract.captions import PERIOD_LINE, REFERENCE, UNIT_LINE, read_caption, split_reference
from extract.headings import find_headings, join_paragraphs
from extract.legacy import row_problems
from extract.letterhead import is_open_date, read_letterhead
from extract.lost import lost_grids, lost_tables, rows_in_headers
from extract.model import Block, Caption, Document, Grid, Heading, Paragraph, Problem, RawDocument, SourceFile, Table
from extract.syllables import are_broken
from extract.tables.continued import Part, build_table, continues
from extract.tables.header import Header, repeated_header
from extract.tables.header_words import word_role
from extract.tables.odd_header import odd_headers
from extract.tables.places import once_each
from extract.tables.whole_header import Laid, with_whole_headers
from extract.text import begins_with, clean, fold, unwrap

_PAGE_NUMBER = regex.compile(r"^(?:trang\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?$", regex.IGNORECASE)
_STAMP = regex.compile(r"^(?:người ký|ký bởi|cơ quan\s*:|thời gian ký|signed by|signature|email\s*:)", regex.IGNORECASE)
_RULE = regex.compile(r"^[\W_]+$")  # a drawn line under a letterhead, stars between parts: no words
LONGEST_PAGE_NUMBER = 25
MAX_CAPTION_LINES = 14
MAX_BRACKET_LINES = 4


@dataclass(slots=True)
class _Open:
    """A table under way: its caption, its parts, and the lines seen since its last grid."""

    caption: Caption
    parts: list[Part] = field(default_factory=list)
    after: list[Paragraph] = field(default_factory=list)


def build_document(source: SourceFile, raw: RawDocument) -> Document:
    """Everything one file says. Pure: the same blocks give the same document."""
    items = list(_items(raw.blocks))
    first = _first_appendix(items)
    narrative = [item for item in items[:first] if isinstance(item, Paragraph)]
    opened, loose = _tables(items[first:])
    body_tables, _ = _tables(items[:first], in_body=True)
    lines = [clean(line) for paragraph in narrative for line in _printed_lines(paragraph)]
    references = [item.caption.reference for item in opened if item.caption.reference]
    letterhead, body_from = read_letterhead(lines, references)
    body = _body(narrative, body_from)
    headings, preamble = find_headings(body)
    tables = _finish([*body_tables, *opened], letterhead.agency)
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
            *_cell_problems(raw.blocks, tables),
            *row_problems(tables),
            *_unspelled(tables),
            *_unspelled_prose(headings if not tables else ()),
            *odd_headers(tables),
            *_unread(loose),
            *lost_grids(raw.blocks, (part.grid for item in (*opened, *body_tables) for part in item.parts)),
            *rows_in_headers(raw.blocks),
            *lost_tables(items[first if first < len(items) else _first_caption(items) :]),
        ),
    )


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


def _printed_lines(paragraph: Paragraph) -> list[str]:
    text = f"{paragraph.label} {paragraph.text}" if paragraph.label else paragraph.text
    return text.split("\n")


def _items(blocks: Iterable[Block]) -> Iterable[Paragraph | Part]:
    """Blocks with layout grids turned into paragraphs and page furniture dropped."""
    header: Header | None = None
    before = shown = ""
    for block in with_whole_headers(blocks):
        if isinstance(block, Paragraph):
            text = clean(block.text)
            if text and not _is_furniture(text, before):
                before = text
                yield block
                if (found := read_caption(block.text.split("\n")[0])) is not None:
                    header, shown = None, found.number
            continue
        above, laid = _caption_rows(_without_repeated_caption(block, shown))
        yield from above
        shown = next((found.number for p in above if (found := read_caption(p.text)) is not None), shown)
        grid, own = laid.grid, None
        if header is None or not (grid.continues and grid.header_rows == 0):
            own = (repeated_header(grid, header, laid.rows) if header is not None else None) or laid.header
        part = Part(grid, own, laid.rows)
        if own is not None:
            header = own
            yield part
        elif header is not None and continues(header, part) and _has_rows(grid, header):
            yield part
        else:
            yield from _as_paragraphs(grid)


def _without_repeated_caption(laid: Laid, shown: str) -> Laid:
    """A table that begins with its caption repeats it on every page: there it says nothing new, and is no row."""
    cells = [cell for cell in once_each(laid.rows[0]) if clean(cell.text)] if laid.rows and shown else []
    found = read_caption(cells[0].text) if len(cells) == 1 else None
    if found is None or found.number != shown or found.rest or laid.grid.n_rows < 2:
        return laid
    return Laid.of(_below(laid.grid, 1))


def _is_furniture(text: str, before: str) -> bool:
    """Page numbers, stamps of a signature, rules drawn with characters: no words of the report."""
    if len(text) <= LONGEST_PAGE_NUMBER and _PAGE_NUMBER.match(text) and not is_open_date(before):
        return True
    return bool(_STAMP.match(text) if text[0].isalpha() else _RULE.match(text))


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


def _as_paragraphs(grid: Grid) -> Iterable[Paragraph]:
    """The text of a layout table: column by column, as the halves of a letterhead are read."""
    for cell in sorted(grid.cells, key=lambda c: (c.col, c.row)) if grid.n_cols == 2 else grid.cells:
        for line in map(clean, cell.text.split("\n")):
            if line and not _RULE.match(line):
                yield Paragraph(text=line, page=cell.page, bbox=cell.bbox)


def _first_appendix(items: Sequence[Paragraph | Part]) -> int:
    """Where the appendices begin: the first caption with a table close behind it."""
    for i, item in enumerate(items):
        if isinstance(item, Paragraph) and read_caption(item.text.split("\n")[0]) is not None:
            ahead = items[i + 1 : i + 1 + MAX_CAPTION_LINES]
            if any(isinstance(following, Part) for following in ahead):
                return i
    return len(items)


def _first_caption(items: Sequence[Paragraph | Part]) -> int:
    """The first caption, where none has a table behind it."""
    captions = (
        i for i, item in enumerate(items) if isinstance(item, Paragraph) and read_caption(item.text.split("\n")[0])
    )
    return next(captions, len(items))


def _tables(items: Sequence[Paragraph | Part], *, in_body: bool = False) -> tuple[list[_Open], list[Paragraph]]:
    """Tables with their captions and the text behind them; and the lines that belong to no table."""
    done: list[_Open] = []
    pending: list[Paragraph] = []
    loose: list[Paragraph] = []
    for item in items:
        if isinstance(item, Paragraph):
            pending.append(item)
            continue
        if item.header is None and not done:
            pending.extend(_as_paragraphs(item.grid))
            continue
        start = _caption_start(pending)
        current = done[-1] if done else None
        governing = (
            next((part.header for part in reversed(current.parts) if part.header is not None), None)
            if current
            else None
        )
        if current is not None and item.header is None:
            current.after.extend(pending)  # rows without a header are the table's, whatever stands between
            current.parts.append(item)
        elif (
            current is not None
            and governing is not None
            and start is None
            and continues(governing, item)
            and not _has_prose(pending)
        ):
            current.parts.append(item)
        else:
            before, caption_lines = _split_pending(pending, start, in_body=in_body)
            if current is not None:
                current.after.extend(before)
            else:
                loose.extend(before)
            inherited = current.caption if current is not None and start is None and not in_body else None
            done.append(_Open(_caption(caption_lines, inherited), [item]))
        pending = []
    if done and not in_body:
        done[-1].after.extend(pending)
    elif not in_body:
        loose.extend(pending)
    return done, loose


def _has_prose(pending: Sequence[Paragraph]) -> bool:
    return any(len(clean(paragraph.text)) > 3 for paragraph in pending)


def _caption_start(pending: Sequence[Paragraph]) -> int | None:
    """The last caption line among the paragraphs since the last table."""
    starts = [i for i, paragraph in enumerate(pending) if read_caption(paragraph.text.split("\n")[0]) is not None]
    # `Phụ lục I` over `Biểu số 01/PCTN`: both belong to one caption when nothing but short lines stands between
    while len(starts) > 1 and starts[-1] - starts[-2] <= 2:
        starts.pop()
    return starts[-1] if starts else None


def _split_pending(
    pending: list[Paragraph], start: int | None, *, in_body: bool
) -> tuple[list[Paragraph], list[Paragraph]]:
    if start is not None:
        return pending[:start], pending[start:]
    if in_body:
        return pending[:-1], pending[-1:]
    # a second table under the same caption: short lines directly above it are its title
    cut = len(pending)
    while cut > 0 and len(pending) - cut < 4 and _is_title_line(pending[cut - 1].text):
        cut -= 1
    return pending[:cut], pending[cut:]


def _is_title_line(text: str) -> bool:
    text = clean(text)
    return bool(UNIT_LINE.match(text) or REFERENCE.match(text) or PERIOD_LINE.match(text)) or (
        len(text) < 200 and not regex.match(r"^[-–+•*]", text) and not text.endswith((".", ";")) and text[:1].isupper()
    )


def _caption(paragraphs: Sequence[Paragraph], inherited: Caption | None) -> Caption:
    """Caption, title, reference, unit and period lines. A table without a caption inherits the number."""
    number = raw = reference = unit = period = ""
    titles: list[str] = []
    for line in _caption_lines(paragraphs):
        found = read_caption(line)
        if found is not None:
            if not raw or ("/" in found.number and "/" not in number):
                number, raw = found.number, found.raw
            line = found.rest
        line, glued = split_reference(line)
        reference = reference or glued
        unit_line = UNIT_LINE.match(line)
        if REFERENCE.match(line):
            reference = reference or line
        elif unit_line and len(line) < 120:
            unit = unit or clean(unit_line[1])
        elif PERIOD_LINE.match(line):
            period = period or line
        elif line:
            titles.append(line)
    if inherited is not None and not raw:
        number, raw, reference = inherited.appendix, inherited.appendix_raw, reference or inherited.reference
        titles = titles or [inherited.title]
    page = paragraphs[0].page if paragraphs else None
    return Caption(number, raw, " ".join(titles), reference, unit, period, page)


def _caption_lines(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The printed lines above a table; one whose bracket is still open goes on with the lines that close it."""
    lines: list[str] = []
    still_open = 0
    for line in (clean(line) for paragraph in paragraphs for line in paragraph.text.split("\n")):
        if not line:
            continue
        if lines and 0 < still_open < MAX_BRACKET_LINES and lines[-1].count("(") > lines[-1].count(")"):
            lines[-1] = clean(unwrap(f"{lines[-1]}\n{line}"))
            still_open += 1
        else:
            lines.append(line)
            still_open = 1
    return lines


def _body(narrative: Sequence[Paragraph], body_from: int) -> list[Paragraph]:
    """The paragraphs behind title and span, up to the signature block. `body_from` counts printed lines."""
    body: list[Paragraph] = []
    seen = 0
    for paragraph in narrative:
        n = len(_printed_lines(paragraph))
        if seen >= body_from:
            if begins_with(paragraph.text, "noi nhan"):
                break
            body.append(paragraph)
        seen += n
    return body


def _finish(opened: Sequence[_Open], agency: str) -> tuple[Table, ...]:
    tables: list[Table] = []
    for item in opened:
        text_after = _after_text(item.after, agency)
        table = build_table(len(tables) + 1, item.caption, item.parts, text_after)
        if table.n_rows:
            tables.append(table)
    return tuple(tables)


def _after_text(paragraphs: Sequence[Paragraph], agency: str) -> str:
    """Free text behind a table, without the debris of stamps: a lone line in capitals at the end is the seal's."""
    kept = list(paragraphs)
    while (
        kept
        and (text := clean(kept[-1].text))
        and text.isupper()
        and len(text) < 80
        and (len(kept) == 1 or fold(text) == fold(agency) or kept[-1] is not kept[0])
    ):
        kept.pop()
    return join_paragraphs(kept)


def _cell_problems(blocks: Iterable[Block], tables: Sequence[Table]) -> tuple[Problem, ...]:
    """What the reader met in single cells, with table and row where the cell came into a table."""
    met = [problem for block in blocks if isinstance(block, Grid) for cell in block.cells for problem in cell.problems]
    if not met:
        return ()
    placed = [
        replace(problem, table=table.index, row=cell.row, column=cell.col)
        for table in tables
        for cell in table.cells
        for problem in cell.problems
    ]
    known = {replace(problem, table=None, row=None, column=None) for problem in placed}
    return (*placed, *(problem for problem in dict.fromkeys(met) if problem not in known))


def _unread(loose: Sequence[Paragraph]) -> tuple[Problem, ...]:
    """Lines between the first caption and its table that belong to nothing: said, not lost."""
    text = join_paragraphs(loose)
    return (Problem("text-without-place", "info", text[:200], detail=text[:2000]),) if text else ()
