"""A sheet → blocks: caption lines, tables, the lines below them.

In: a `Sheet`. Out: paragraphs and grids in reading order, as the other readers give them. Lines above and
below a table are paragraphs; what stands beside each other there (the two halves of a letterhead, of a
signature) is read half by half. A sheet that carries no caption line is captioned by its tab (`PL 2` →
`Phụ lục 2`).

What is hidden is read, and said; figures outside every table are said; codes that became dates are repaired
(`extract.readers.sheet_codes`), each with a problem on its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import regex

from extract.captions import read_caption
from extract.model import Block, Grid, Paragraph, Problem
from extract.readers.sheet_area import (
    Area,
    Row,
    TableRange,
    area_of,
    cells_of,
    end_of,
    find_table,
    is_figure,
    without_empty,
)
from extract.readers.sheet_codes import repair_codes
from extract.readers.sheet_headless import LastTable, begins_anew, continued_from, unread
from extract.readers.sheet_model import Sheet, SheetCell, address, column_letters
from extract.readers.sheet_panels import panels
from extract.readers.sheet_wrapped import join_wrapped
from extract.struck import struck
from extract.text import clean, fold
from extract.unseen import unseen

_TAB_CAPTION = regex.compile(
    r"^(?:pl|phu luc|phuluc|bieu|bieu so|mau|mau so|bm)\s*(?:so\s*)?0*(\d{1,2}[a-z]?|[ivx]{1,5})\b"
)
_DEFAULT_TAB = regex.compile(r"^(?:sheet|trang(?: tinh)?|bang|worksheet|tabelle|feuil)\s*\d*$")


@dataclass(slots=True)
class SheetRead:
    """Blocks of one sheet, and what was met that belongs to no single cell of a table. `last`: its last table."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    last: LastTable | None = None


def blocks_of_sheet(sheet: Sheet, method: str = "sheet", before: LastTable | None = None) -> SheetRead:
    """`before`: the last table of the sheet before, which one without a header may go on with."""
    read = SheetRead(problems=list(sheet.problems))
    for piece in panels(sheet):
        _read(area_of(piece), read, method, before)
    if read.last is None:
        area = area_of(sheet)
        start = continued_from(area, before)
        if start is not None and before is not None:
            above = [line for line in _paragraphs(area.rows[:start]) if read_caption(line.text) is None]
            read.blocks, read.last = [*above, _rest(area, start, before, method)], before
        elif not sheet.is_hidden and (detail := unread(area)):
            message = f"the sheet {sheet.name} has rows of figures and no header of columns"
            read.problems.append(Problem("sheet-without-header", "error", message, detail=detail))
    if read.blocks:
        read.problems.extend(_hidden(area_of(sheet)))
    return read


def _read(area: Area, read: SheetRead, method: str, before: LastTable | None) -> None:
    blocks, problems = read.blocks, read.problems
    at = 0
    while (table := find_table(area, at)) is not None:
        above = list(_paragraphs(area.rows[at : table.start]))
        if not blocks:
            above = _with_tab(area.sheet.name, above)
            if not above and begins_anew(area, table, before):
                above = [Paragraph(text=clean(area.sheet.name) or "-")]
        blocks.extend(above)
        grid, kept = _grid(area, table, method)
        blocks.append(grid)
        read.last = LastTable.of(area, table, kept, above, read.last)
        problems.extend(_beside(area, table))
        at = table.end
    blocks.extend(_paragraphs(area.rows[at:]))


def _rest(area: Area, start: int, before: LastTable, method: str) -> Grid:
    """Rows that go on with the table of the sheet before, in its columns."""
    left, right = before.columns[0], before.columns[-1]
    table = TableRange(start, len(area.rows), left, right, before.stt, before.name, before.values, before.name)
    end = end_of(area, table, start)
    grid, _ = _grid(area, replace(table, end=end), method, before.columns)
    return replace(grid, header_rows=0, continues=True)


def _grid(
    area: Area, table: TableRange, method: str, columns: tuple[int, ...] | None = None
) -> tuple[Grid, tuple[int, ...]]:
    """The table's cells, with codes repaired and what was met in them, and the columns of the sheet that it has: those
    that hold anything, where they are not given."""
    sheet, rows = area.sheet, area.rows[table.start : table.end]
    codes = [sheet.cells.get((row.at, table.stt)) if table.stt is not None else None for row in rows]
    repaired = repair_codes(codes)
    cells = []
    for cell in cells_of(area, table.start, table.end, table.left, table.right, (table.name, table.name_end)):
        at, column = rows[cell.row].at, cell.col + table.left
        if column == table.name:  # a name may stand in any of its columns
            column = next(c for c in range(column, table.name_end + 1) if (at, c) in sheet.cells)
        own, where = sheet.cells[at, column], address(sheet.name, at, column)
        problems = own.problems
        fixed = repaired[cell.row] if column == table.stt else None
        if fixed is not None:
            as_shown = cell.text.replace(",", ".") == fixed.code  # 1.1 kept as a number is still 1.1
            cell = replace(cell, text=fixed.code)
            problems = problems if as_shown else (*problems, _code_problem(fixed.code, fixed.is_sure, own, where))
        elif own.kind == "date" and column in table.values:
            found = Problem("sheet-date-in-figures", "warning", f"{where} holds a date", detail=own.stored)
            problems = (*problems, found)
        if own.is_struck:
            cell = replace(cell, text=struck(cell.text))
        if own.is_unseen:
            cell = replace(cell, text=unseen(cell.text))
        cells.append(replace(cell, problems=problems, readings=own.readings) if problems or own.readings else cell)
    close = {n for n in range(1, len(rows)) if rows[n].at == rows[n - 1].at + 1}
    stt = None if table.stt is None else table.stt - table.left
    values = {column - table.left for column in table.values}
    cells, n_less = join_wrapped(cells, table.name - table.left, stt, values, close)
    cells, kept = without_empty(
        cells, table.right - table.left + 1, [c - table.left for c in columns] if columns else None
    )
    return Grid(tuple(cells), len(rows) - n_less, len(kept), method), tuple(column + table.left for column in kept)


def _code_problem(code: str, is_sure: bool, cell: SheetCell, where: str) -> Problem:
    held = cell.stored or cell.text
    if is_sure:
        message = f"{where} holds {held}; the codes around it say {code}"
        return Problem("sheet-code-was-date", "info", message, detail=held)
    return Problem("sheet-code-uncertain", "warning", f"{where} holds {held}; read as {code}", detail=held)


def _beside(area: Area, table: TableRange) -> Iterator[Problem]:
    """Figures that stand beside a table under no header."""
    outside = [
        address(area.sheet.name, row.at, column)
        for row in area.rows[table.start : table.end]
        for column, text in row.cells
        if not table.left <= column <= table.right and is_figure(text)
    ]
    if outside:
        places = ", ".join(outside[:12]) + (" …" if outside[12:] else "")
        yield Problem("sheet-outside-table", "info", f"figures beside the table: {places}", detail=places)


def _paragraphs(rows: Sequence[Row]) -> Iterator[Paragraph]:
    """Lines outside tables, one run of neighbouring rows after another."""
    run: list[Row] = []
    for row in rows:
        if run and row.at > run[-1].at + 1:
            yield from _run_paragraphs(run)
            run = []
        run.append(row)
    yield from _run_paragraphs(run)


def _run_paragraphs(run: Sequence[Row]) -> Iterator[Paragraph]:
    """Between the first and the last row with two cells, left cells come first, then right ones."""
    pairs = [n for n, row in enumerate(run) if len(row.cells) == 2]
    first, last = (pairs[0], pairs[-1] + 1) if pairs else (len(run), len(run))
    border = min((run[n].cells[1][0] for n in pairs), default=0)
    texts = [_line(row) for row in run[:first]]
    for is_right in (False, True):
        texts += [text for row in run[first:last] for column, text in row.cells if (column >= border) is is_right]
    texts += [_line(row) for row in run[last:]]
    for text in texts:
        yield Paragraph(text=text)


def _line(row: Row) -> str:
    return row.cells[0][1] if len(row.cells) == 1 else " ".join(clean(text) for _, text in row.cells)


def _with_tab(name: str, lines: list[Paragraph]) -> list[Paragraph]:
    """A sheet whose lines hold no caption is captioned by its tab; one without any line is titled by it."""
    if any(read_caption(line.text.split("\n")[0]) is not None for line in lines):
        return lines
    key = fold(name).replace("_", " ").replace(".", " ").replace("-", " ")
    found = _TAB_CAPTION.match(key)
    if found:
        return [Paragraph(text=f"Phụ lục {found[1].upper() if found[1][0] in 'ivx' else found[1]}"), *lines]
    if not key or _DEFAULT_TAB.match(key) or lines:
        return lines
    return [Paragraph(text=clean(name))]


def _hidden(area: Area) -> Iterator[Problem]:
    """What a person does not see and was read all the same."""
    sheet = area.sheet
    if sheet.is_hidden:
        yield Problem("sheet-hidden", "info", f"the sheet {sheet.name} is hidden; it was read", detail=sheet.name)
        return
    rows = [str(row.at + 1) for row in area.rows if row.at in sheet.hidden_rows]
    columns = [column_letters(c) for c in sorted({c for r in area.rows for c, _ in r.cells} & sheet.hidden_columns)]
    said = [f"{what} {', '.join(names[:20])}" for what, names in (("rows", rows), ("columns", columns)) if names]
    if said:
        what = f"{sheet.name}: {'; '.join(said)}"
        yield Problem("sheet-hidden", "info", f"hidden in {what}; read all the same", detail=what)


def in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets as a person sees them first, hidden ones behind."""
    return sorted(sheets, key=lambda sheet: sheet.is_hidden)
