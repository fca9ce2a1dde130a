"""Grids of one appendix → one `Table`: headers split off, pages joined, broken rows made whole.

In: the grids that stand under one caption, in order, and the header that governs them. Out: a `Table`
whose data rows count from 1. What is repaired here, because every format needs it:

- a header repeated on each page, and rows of column numbers, are dropped;
- a row whose text goes on over the page break is one row again: names, notes and figures whole;
- a note that stands over several rows, merged or only begun on one row and ended on a later one,
  is one cell with a `row_span`;
- a section row merged over code and name gets its code back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from extract.model import Caption, Cell, Column, Grid, Table
from extract.records import maker
from extract.tables.cell_kinds import is_column_number
from extract.tables.cut_shares import is_broken, unbroken, with_space
from extract.tables.header import Header, is_code, is_number_row, split_prefix_code
from extract.tables.misread import repeats_misread
from extract.tables.overprint import freed, is_left_out
from extract.tables.places import Line, dense, texts_of
from extract.tables.row_rest import ENDS_SENTENCE, LOWER, OPENS_LIST, Row, goes_on_over_break
from extract.text import clean, fold, unwrap

_cell = maker(Cell)
_UNCUT = ("docx", "doc", "odt", "rtf", "html", "sheet")  # a cell is whole there, whatever page it stands on
_DRAWN = (*_UNCUT, "text", "pdf-lines")  # their rows are drawn, not guessed
_CUT_CODE = regex.compile(r"^\d{1,2}\.?$")
_DIGIT, _LETTER = regex.compile(r"\d"), regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Part:
    """One grid with its own header, if it has one. `rows`: its places, where they are laid out already."""

    grid: Grid
    header: Header | None
    rows: list[Line] | None = None

    def __reduce__(self) -> tuple[type[Part], tuple[Grid, Header | None]]:
        return Part, (self.grid, self.header)  # packed without its places: they are laid out anew


def continues(header: Header, part: Part) -> bool:
    """Does this grid go on with a table of that header? It does when it repeats the header or has none and fits."""
    if part.header is not None:
        if len(part.header.columns) != len(header.columns):
            return False
        # A reader that saw the same columns on top of the next page knows it: there a header may be cut short.
        words, own = (set(" ".join(key).split()) for key in (header.key, part.header.key))
        is_same_place = part.grid.continues and len(words & own) * 3 >= 2 * len(words | own)
        return part.header.key == header.key or is_same_place
    return part.grid.n_cols == len(header.columns) or part.grid.continues


def build_table(index: int, caption: Caption, parts: Sequence[Part], text_after: str = "") -> Table:
    """One table of all parts. Raises ValueError when the first part has no header."""
    header = parts[0].header
    if header is None:
        raise ValueError("the first part of a table has a header")
    columns = header.columns
    role = {column.role: column.index for column in reversed(columns)}
    stt, name, note = role.get("stt"), role["name"], role.get("note")
    values = [column.index for column in columns if column.role == "value"]
    rows: list[Row] = []
    by_page = [found for part in parts if (found := _data_rows(part, parts[0].grid, header, columns))]
    for fresh, after in zip(by_page, [*by_page[1:], []], strict=True):
        if rows:  # a page may hold a single row: what follows it stands on the next
            _join_over_break(rows, fresh, after[:1], stt, name, values, is_crosstab="unit" not in role)
        rows.extend(fresh)
    if stt is not None:
        if parts[0].grid.method not in _DRAWN:
            _join_loose_lines(rows, stt, name, {note, role.get("unit")})
        if parts[0].grid.method not in _UNCUT:
            _join_cut_codes(rows, stt, values)
    columns = _with_codes(columns, rows, stt, name)
    stt = next((column.index for column in columns if column.role == "stt"), None)
    if note is not None:
        _join_notes(rows, note, stt, is_exact=parts[0].grid.method != "text")
    figures = {column.index for column in columns if column.role in ("stt", "value")}
    whole: frozenset[tuple[int, int]] | None = None  # the shares on one line, where one is broken
    cells: list[Cell] = []
    for r, row in enumerate(rows, 1):
        own = row.cells
        for col in sorted(own):
            cell = own[col]
            text, n_rows = cell.text, cell.row_span
            if "\n" in text:
                if col in figures and is_broken(text) and parts[0].grid.method.startswith("pdf"):
                    whole = unbroken(row.text(c) for row in rows for c in figures) if whole is None else whole
                    text = with_space(text, whole)
                text = unwrap(text, is_figure=col in figures)
            elif n_rows == 1 and cell.row == r and cell.col == col:  # under a header of one row: as the grid has it
                cells.append(cell)
                continue
            n_rows = n_rows if n_rows == 1 else max(1, min(n_rows, len(rows) - r + 1))
            cells.append(_cell(r, col, text, n_rows, cell.col_span, cell.page, cell.bbox, cell.readings, cell.problems))
    return Table(
        index=index,
        caption=caption,
        columns=columns,
        cells=tuple(cells),
        n_rows=len(rows),
        pages=tuple(sorted({page for part in parts for page in _pages(part.grid)})),
        method=parts[0].grid.method,
        text_after=text_after,
        confidence=min(part.grid.confidence for part in parts),
    )


def _pages(grid: Grid) -> set[int]:
    pages = {cell.page for cell in grid.cells if cell.page is not None}
    return pages | ({grid.page} if grid.page is not None else set())


def _data_rows(part: Part, first: Grid, header: Header, columns: tuple[Column, ...]) -> list[Row]:
    """The rows of a grid that carry data, with cells moved to the columns of the table."""
    lines = part.rows if part.rows is not None else dense(part.grid)
    skip = part.header.n_rows if part.header is not None else 0
    words = set(header.key)
    shift = _column_map(part.grid, first, len(columns))
    figures = {column.index for column in columns if column.role == "value"}
    has_lines, is_scanned = "\n" in "".join([cell.text for cell in part.grid.cells]), part.grid.method == "ocr"
    rows: list[Row] = []
    for r, line in enumerate(lines[skip:], skip):
        for cell in line:  # the first that is printed tells most rows from column numbers and repeated headers
            if cell is not None and (first_text := cell.text) and (printed := clean(first_text)):
                break
        else:
            continue
        if is_column_number(printed) and is_number_row(texts_of(line)):
            continue
        if (not (key := fold(first_text)) or key in words) and _repeats_header(line, words):
            continue
        if is_scanned and repeats_misread(texts_of(line), words):
            continue
        own = {c.col: c for c in line if c is not None and c.row == r and (c.text or c.row_span > 1 or c.problems)}
        if is_scanned:  # ink that nobody could read is no blank
            blank = {c.col: c for c in line if c is not None and c.row == r and not c.text}
            unread = {col: c for col, c in blank.items() if any(reading.confidence < 1.0 for reading in c.readings)}
            own.update({col: c for col, c in unread.items() if shift.get(col, col) in figures})
        is_cut = has_lines and (not (head := clean(first_text.partition("\n")[0])) or is_column_number(head))
        if is_cut and is_number_row([text.split("\n")[0] for text in texts_of(line)]):
            # without rules the rest of a broken row runs into the column numbers that the page repeats above it
            cut = [replace(cell, text=cell.text.partition("\n")[2]) for cell in own.values()]
            own = {cell.col: cell for cell in cut if cell.text or cell.row_span > 1}
        if shift:
            own = {shift.get(col, col): cell for col, cell in own.items()}
        for cell in own.values():
            if clean(cell.text):
                rows.append(Row(own))
                break
    stt = next((column.index for column in columns if column.role == "stt"), None)
    name = next(column.index for column in columns if column.role == "name")
    if part.header is not None and part.header.is_begun and is_left_out(lines[:skip], columns):
        rows = [Row(cells) for cells in freed([row.cells for row in rows], columns, stt, name)]
    if stt is not None:
        for row in rows:
            if name not in row.cells:
                _split_merged_code(row, stt, name)
    return rows


def _repeats_header(line: Line, words: set[str]) -> bool:
    """Does a row say nothing but words of the header, at least two of them or a remark in brackets?"""
    keys: dict[int, str] = {}
    for cell in line:
        if cell is None or id(cell) in keys or not (key := fold(cell.text)):
            continue
        if key not in words:
            return False
        keys[id(cell)] = key
    only = next((clean(cell.text) for cell in line if cell is not None and clean(cell.text)), "")
    return len(keys) >= 2 or only.startswith("(") and bool(keys)


def _column_map(grid: Grid, first: Grid, n_cols: int) -> dict[int, int]:
    """Columns of a continuing grid → columns of the table, by position on the page; empty where the counts agree."""
    if grid.n_cols == n_cols:
        return {}
    spans: dict[int, tuple[float, float]] = {}
    for cell in first.cells:
        if cell.bbox is not None and cell.col_span == 1:
            x0, x1 = spans.get(cell.col, (cell.bbox.x0, cell.bbox.x1))
            spans[cell.col] = (min(x0, cell.bbox.x0), max(x1, cell.bbox.x1))
    found: dict[int, int] = {}
    for cell in grid.cells:
        if cell.bbox is None or cell.col in found:
            continue
        middle = (cell.bbox.x0 + min(cell.bbox.x1, cell.bbox.x0 + 40)) / 2
        found[cell.col] = next((col for col, (x0, x1) in spans.items() if x0 <= middle <= x1), cell.col)
    return found


def _split_merged_code(row: Row, stt: int, name: int) -> None:
    """A section row merged over code and name: `II. Thủ tục` → code `II.`, name `Thủ tục`."""
    cell = row.cells.get(stt)
    if cell is None or not (stt < name < cell.col + cell.col_span):
        return
    text = clean(cell.text)
    if is_code(text):
        return
    code, rest = split_prefix_code(text)
    row.cells[stt] = replace(cell, text=code, col_span=1)
    row.cells[name] = replace(cell, text=rest, col=name, col_span=max(1, cell.col + cell.col_span - name))


def _join_loose_lines(rows: list[Row], stt: int, name: int, others: set[int | None]) -> None:
    """Without rules a printed line may stand alone: the end of a name, note or unit goes to the row above."""
    r = 1
    while r < len(rows):
        filled = {col for col in rows[r].cells if rows[r].text(col)}
        words = rows[r].text(name)
        goes_on = bool(LOWER.match(words)) and not OPENS_LIST.match(words)
        if filled and stt not in filled and filled <= {name, *others} and (goes_on or not words):
            for col in filled:
                above = rows[r - 1].cells.get(col)
                cell = rows[r].cells[col]
                rows[r - 1].cells[col] = replace(above, text=f"{above.text}\n{cell.text}") if above else cell
            del rows[r]
        else:
            r += 1


def _join_cut_codes(rows: list[Row], stt: int, values: list[int]) -> None:
    """A code that a narrow column cut (`2.2.⏎1`) stands on two rows of a table without rules.

    The second row is a bare number without a figure, and the first repeats the code of its parent, or begins the code
    of the row after it (`3.2.⏎1`, `3.2.2`).
    """
    seen: set[str] = set()
    r = 0
    codes = [row.text(stt) for row in rows]
    while r < len(rows):
        code = codes[r]
        bare = code.rstrip(".")
        if (
            len(bare) < len(code)
            and (after := codes[r + 1 : r + 3])
            and (bare in seen or len(after) > 1 and after[1].startswith(code) and after[1] != code)
            and _CUT_CODE.match(after[0])
            and not any(_DIGIT.search(rows[r + 1].text(c)) for c in values)  # `83 thủ` may go on with `tục`
        ):
            for col, cell in rows[r + 1].cells.items():
                above = rows[r].cells.get(col)
                if above is None or not clean(above.text):
                    rows[r].cells[col] = cell
                else:
                    rows[r].cells[col] = replace(above, text=f"{above.text}\n{cell.text}")
            codes[r] = code + after[0]
            rows[r].cells[stt] = replace(rows[r].cells[stt], text=codes[r])
            del rows[r + 1], codes[r + 1]
            bare = codes[r].rstrip(".")
        if bare == "1":
            seen.clear()  # the codes start again: a table whose caption was not read
        seen.add(bare)
        r += 1


def _with_codes(columns: tuple[Column, ...], rows: list[Row], stt: int | None, name: int) -> tuple[Column, ...]:
    """A table without a code column whose names begin with codes gets the column it lacks."""
    if stt is not None or not rows:
        return columns
    split = [split_prefix_code(row.text(name)) for row in rows]
    if sum(bool(code) for code, _ in split) * 2 < len(rows):
        return columns
    new = max(column.index for column in columns) + 1
    for row, (code, rest) in zip(rows, split, strict=True):
        if code:
            cell = row.cells[name]
            row.cells[new] = replace(cell, col=new, text=code, col_span=1)
            row.cells[name] = replace(cell, text=rest)
    return (*columns, Column(new, "stt", ()))


def _join_over_break(
    rows: list[Row],
    fresh: list[Row],
    after: list[Row],
    stt: int | None,
    name: int,
    values: list[int],
    *,
    is_crosstab: bool,
) -> None:
    """Move the rest of a row that the page break cut from the head of `fresh` to the tail of `rows`. `after`: the row
    behind them."""
    head, tail = fresh[0], rows[-1]
    if not goes_on_over_break(rows, [*fresh, *after], stt, name, values, is_crosstab=is_crosstab):
        return
    for col, cell in head.cells.items():
        above = tail.cells.get(col)
        if above is None or not clean(above.text):
            tail.cells[col] = replace(cell, row_span=1)
        else:
            tail.cells[col] = replace(above, text=f"{above.text}\n{cell.text}" if clean(cell.text) else above.text)
    del fresh[0]


def _join_notes(rows: list[Row], note: int, stt: int | None, *, is_exact: bool) -> None:
    """A note begun on one row and ended, in lower case, on a later one is one note over all of them.

    Text copies lose merged cells: the printed lines of the note land on different rows. The rows between have no
    note of their own and belong to the same code (5, 5.1, 5.2, 5.3). Formats that keep spans tell it themselves,
    except where the merged cell was cut by a page break.
    """
    start: int | None = None
    for r, row in enumerate(rows):
        cell = row.cells.get(note)
        if cell is None or not (text := clean(cell.text)):
            continue
        if (
            start is not None
            and LOWER.match(text)
            and _same_group(rows, start, r, stt)
            and not (is_exact and r - start > 1 and not _cut_by_page(rows, start, r))
        ):
            begun = rows[start].cells[note]
            rows[start].cells[note] = replace(begun, text=f"{begun.text}\n{text}", row_span=r - start + 1)
            del row.cells[note]
            continue
        start = None if ENDS_SENTENCE.search(text) or not _LETTER.search(text) else r


def _cut_by_page(rows: list[Row], start: int, end: int) -> bool:
    pages = {cell.page for row in rows[start : end + 1] for cell in row.cells.values() if cell.page is not None}
    return len(pages) > 1


def _same_group(rows: list[Row], start: int, end: int, stt: int | None) -> bool:
    if stt is None:
        return end - start == 1
    root = fold(rows[start].text(stt)).replace(" ", ".").split(".")[0]
    return bool(root) and all(
        fold(row.text(stt)).replace(" ", ".").split(".")[0] in (root, "") for row in rows[start : end + 1]
    )
