"""Which rows of a grid are its header, and what each column is, by the words of the header.

In: a `Grid` as drawn. Out: a `Header`: how many rows it takes, and a `Column` (role, path of header
words) for each column. Positions mean nothing here: columns come in any order, several value columns
are normal, note and code columns may be missing.

A row of column numbers under the header (`(1) (2) (3)`, `A B 1 2`, `8=10+16`) belongs to the header; it
is kept on the columns because it states the arithmetic of the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extract.model import Cell, Column, Grid
from extract.records import quick
from extract.tables.cell_kinds import is_code as is_code
from extract.tables.cell_kinds import is_column_number, is_figure
from extract.tables.column_roles import roles_of
from extract.tables.header_words import word_role
from extract.tables.places import Line, dense, once_each, texts_of
from extract.text import clean, fold

MAX_HEADER_ROWS = 8
_DIGITS = regex.compile(r"\d+")
EXACT_HEADERS = ("pdf-text",)  # readers that tell the header's rows by their place on the page

_QUALIFIER = regex.compile(r"^[(\[].*[)\]][.:;]?$", regex.DOTALL)
_PREFIX_CODE = regex.compile(r"^(\d{1,2}(?:\.\d{1,2}){0,4}|[IVX]{1,5})(?:\.|\)|\.\))?\s+\S")


@quick
@dataclass(frozen=True, slots=True)
class Header:
    """`n_rows` rows of the grid are header (column numbers included); `key` tells repeated headers. `is_begun`: the
    grid has only the upper rows of it."""

    n_rows: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_begun: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(column.role for column in self.columns)


def is_number_row(texts: Sequence[str]) -> bool:
    """`(1) (2) (3)`, `A B 1 2`, `1 2 3=1+2`: column numbers, told from a data row by having a number for a name."""
    filled: list[str] = []
    for text in texts:
        if not text or not (text := clean(text)):
            continue
        if not is_column_number(text):
            return False
        filled.append(text)
    if len(filled) < 3:
        return False
    if filled == [f"({i})" for i in range(1, len(filled) + 1)]:  # counted on past columns that only seem to be some
        return True
    if len(filled) < len(texts) - 1:
        return False
    numbers = [int(m.group()) for text in filled if (m := _DIGITS.search(text))]
    rising = all(a < b for a, b in pairwise(numbers))
    return rising and (len(set(filled)) == len(filled))


def find_header(grid: Grid, rows: list[Line] | None = None) -> Header | None:
    """The header of a report table, or None where the first rows name no columns (layout tables, continued tables).

    `rows`: the grid's places, where they are laid out already.
    """
    rows = dense(grid) if rows is None else rows
    first = _first_header_row(rows)
    if first is None:
        return None
    if grid.header_rows and grid.method in EXACT_HEADERS and grid.header_rows > first:
        last: int | None = grid.header_rows - 1
    else:
        last = _last_header_row(rows, first, grid.header_rows or 0, grid_continues=grid.continues)
    if last is None:
        return None
    numbers = [""] * grid.n_cols
    end = last + 1
    while end < len(rows) and is_number_row(texts := texts_of(rows[end])):
        numbers = [clean(text) for text in texts]
        end += 1
    paths = _paths(rows[first : last + 1], grid.n_cols)
    roles = roles_of(paths, rows[end:])
    if roles is None:
        return None
    columns = tuple(Column(c, roles[c], paths[c], numbers[c]) for c in range(grid.n_cols))
    return Header(end, columns, header_key(rows[first : last + 1]))


def repeated_header(grid: Grid, header: Header, rows: list[Line] | None = None) -> Header | None:
    """The header of the page before where this grid begins with it, word for word; what follows is then no header,
    though it may be the rest of a row and name no code. A page may repeat the upper rows of a header only."""
    if grid.n_cols != len(header.columns):
        return None
    rows = dense(grid) if rows is None else rows
    end = next((k for k in range(1, min(header.n_rows, len(rows)) + 1) if header_key(rows[:k]) == header.key), None)
    is_begun = end is None
    end = end or _begun(rows, header)
    if not end:
        return None
    while end < len(rows) and is_number_row(texts_of(rows[end])):
        end += 1
    return Header(end, header.columns, header.key, is_begun)


def _begun(rows: Sequence[Line], header: Header) -> int:
    """How many rows a grid has of a header of several rows whose lower ones it leaves out: where only the first row
    was set to be repeated. Each cell says what the header says of all columns it covers, one of them covers several."""
    said: set[str] = set()
    has_group, end = False, 0
    for row in rows[: header.n_rows]:
        cells = [cell for cell in once_each(row) if clean(cell.text)]
        if not cells or not all(_is_of(cell, header) for cell in cells):
            break
        said.update(fold(cell.text) for cell in cells)
        has_group = has_group or any(cell.col_span > 1 for cell in cells)
        end += 1
    return end if has_group and not said.issuperset(header.key) else 0


def _is_of(cell: Cell, header: Header) -> bool:
    """Does a cell say what the header says of all its columns, or of its one column a part of that?"""
    said, columns = fold(cell.text), header.columns[cell.col : cell.col + cell.col_span]
    if len(columns) == 1:
        return any(f" {said} " in f" {fold(text)} " for text in columns[0].header)
    return all(said in map(fold, column.header) for column in columns)


def header_key(rows: Sequence[Line]) -> tuple[str, ...]:
    """What a header says, for telling its repetition on the next page."""
    seen: dict[int, str] = {}
    for row in rows:
        for cell in row:
            if cell is not None and id(cell) not in seen and (key := fold(cell.text)):
                seen[id(cell)] = key
    return tuple(seen.values())


def names_columns(texts: list[str]) -> bool:
    """Do these cells name at least two columns, one of them the indicator's or the code's?

    Names of indicators begin with the words of headers (`Số nhiệm vụ …`, `Nhiệm vụ`): without a header for the code
    column, a row that holds a code or a figure is a data row.
    """
    named = set(map(word_role, texts))
    named.discard("")
    if len(named) < 2:
        return False
    return "stt" in named or "name" in named and not any(is_code(text) or is_figure(text) for text in map(clean, texts))


def _first_header_row(rows: list[Line]) -> int | None:
    """The first row that names columns."""
    for r, row in enumerate(rows[:MAX_HEADER_ROWS]):
        texts = texts_of(row)
        if names_columns(texts):
            return r
        if r > 0 and texts and is_code(texts[0]):
            return None
    return None


def _last_header_row(rows: list[Line], first: int, declared: int, *, grid_continues: bool = False) -> int | None:
    """The header goes on while cells span down from it, or a row without a code holds only header words, brackets or
    nothing, or the format itself declares the row a header."""
    last = first
    is_rest = grid_continues  # on a later page a line in brackets is the end of a name as likely as a remark
    stt = next((c for c, text in enumerate(texts_of(rows[first])) if word_role(text) == "stt"), None)
    for r in range(first, min(first + MAX_HEADER_ROWS, len(rows))):
        if r > first and not (r < declared or _is_header_row(rows[r], stt, rows[first], r, is_rest=is_rest)):
            break
        if r > first and is_number_row(texts_of(rows[r])):
            break
        last = r
    return last


def _is_header_row(row: Line, stt: int | None, above: Line, r: int, *, is_rest: bool = False) -> bool:
    if stt is not None:
        code = row[stt]
        if code is not None and code.row < r and code.row_span > 1:
            return True  # the code column's header spans this row
        if code is not None and code.row == r and clean(code.text):
            return False
    own = [cell for cell in once_each(row) if cell.row == r and clean(cell.text)]
    if any(c is not None and c.row < r < c.row + c.row_span and word_role(c.text) in ("name", "unit") for c in row):
        return True  # the header of another column spans this row
    if not own:
        # an empty row right under a header that is spread over several rows is not data
        return False
    texts = [clean(cell.text) for cell in own]
    if all(_QUALIFIER.match(text) for text in texts):
        return len(texts) > 1 or not is_rest
    roles = [bool(word_role(text)) or bool(_QUALIFIER.match(text)) for text in texts]
    if any(map(is_figure, texts)):
        return False
    if len(texts) == 1:
        return False
    return all(roles) or (len(texts) >= 2 and all(len(text) < 80 for text in texts) and _under_group(own, above))


def _under_group(own: list[Cell], above: Line) -> bool:
    """Do all these cells stand under a header cell that covers several columns?

    Plain text cannot draw the span: there the group's word has empty places to its right.
    """
    for cell in own:
        top = above[cell.col]
        if top is not None and top.col_span > 1:
            continue
        is_empty = top is None or not clean(top.text)
        right = above[cell.col + 1] if cell.col + 1 < len(above) else top
        opens_group = right is None or not clean(right.text)
        if not (is_empty or opens_group):
            return False
    return True


def _paths(rows: list[Line], n_cols: int) -> list[tuple[str, ...]]:
    """For each column the header words above it, top level first.

    A plain-text header cannot span: an empty place right of a group word belongs to that group when the row below
    names it.
    """
    if len(rows) == 1:
        return [(text,) if cell is not None and (text := clean(cell.text)) else () for cell in rows[0]]
    paths: list[list[str]] = [[] for _ in range(n_cols)]
    for r, row in enumerate(rows):
        group = ""
        for c in range(n_cols):
            cell = row[c]
            text = (
                clean(cell.text)
                if cell is not None and (cell.row_span == 1 or r == 0 or cell is not rows[r - 1][c])
                else ""
            )
            if text and _QUALIFIER.match(text) and (paths[c] or _said_below(rows[r + 1 :], c)):
                text = ""
            if text:
                group = text if r + 1 < len(rows) else ""
            elif group and (cell is None or not clean(cell.text)):
                is_named = _named_below(rows[r + 1 :], c)
                text = group if is_named and _named_below(rows[r + 1 :], c - 1) else ""
                group = group if is_named else ""
            if text and text not in paths[c]:
                paths[c].append(text)
    return [tuple(path) for path in paths]


def _said_below(rows: list[Line], c: int) -> bool:
    return any((cell := row[c]) is not None and bool(clean(cell.text)) for row in rows)


def _named_below(rows: list[Line], c: int) -> bool:
    texts = [clean(cell.text) for row in rows if (cell := row[c]) is not None]
    return any(text and not _QUALIFIER.match(text) for text in texts)


def split_prefix_code(name: str) -> tuple[str, str]:
    """`2.1. Số hồ sơ …` in a table without a code column → (`2.1.`, `Số hồ sơ …`)."""
    found = _PREFIX_CODE.match(name)
    if not found:
        return "", name
    cut = len(name) - len(name[found.end() - 1 :])
    return name[:cut].strip(), name[cut:]
