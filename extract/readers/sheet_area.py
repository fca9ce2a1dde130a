"""The filled part of a sheet as rows, and where its tables begin and end.

In: a `Sheet`. Out: an `Area` (rows of filled cells, merged places once) and `TableRange`s over its rows. A
table begins at a row that names columns; it ends with its last row that carries a code or a figure, before a
caption, another header, a signature. A header said again for the next printed page is no new table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from extract.captions import UNIT_LINE, read_caption
from extract.model import Cell, Grid
from extract.readers.sheet_codes import code_of
from extract.readers.sheet_model import Sheet, SheetCell
from extract.tables.header import find_header, is_code, names_columns
from extract.tables.header_words import word_role
from extract.text import clean, fold, nfc

MAX_COVERED = 2_000_000
_HEAD_ROWS = 40  # rows that the header's meaning is read from
_SIGNATURE = regex.compile(
    r"^(?:noi nhan|nguoi lap|lap bieu|nguoi tong hop|thu truong|giam doc|pho giam doc|chu tich|pho chu tich|kt |tm |tl "
    r"|truong phong|chanh van phong|ky ten|ghi chu|luu y|don vi bao cao|xac nhan)"
)
_REMARK = regex.compile(r"^(?:nguồn|chú thích)(?: số liệu)?\s*:", regex.IGNORECASE)
_FIGURE = regex.compile(r"^[(\-–+]?\s*\d[\d.,\s]*%?\)?$")
_SECTION = regex.compile(r"^(?:[IVX]{1,5}|[A-HĐ])\s*[.)\-]\s*\p{L}")
_BULLET = regex.compile(r"^[-–+*•]$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of filled cells: (column, text) from left to right, merged places once. `at` counts from 0."""

    at: int
    cells: tuple[tuple[int, str], ...]

    def text(self, column: int | None) -> str:
        return next((text for c, text in self.cells if c == column), "")


@dataclass(frozen=True, slots=True)
class Area:
    """A sheet with its rows; `spans` maps each place of a merged range to the range."""

    sheet: Sheet
    rows: tuple[Row, ...]
    spans: dict[tuple[int, int], tuple[int, int, int, int]]

    def reach(self, row: int, column: int) -> tuple[int, int]:
        """Last row and column that the cell at this place covers."""
        span = self.spans.get((row, column))
        return (row, column) if span is None else (span[2], span[3])


@dataclass(frozen=True, slots=True)
class TableRange:
    """Rows `start` to `end` (exclusive) of an area, columns `left` to `right` (inclusive) of the sheet; `stt` is the
    column of codes, None where there is none; `values` those of figures; names stand in columns up to `name_end`."""

    start: int
    end: int
    left: int
    right: int
    stt: int | None
    name: int
    values: frozenset[int]
    name_end: int

    def name_of(self, row: Row) -> str:
        return next((text for c, text in row.cells if self.name <= c <= self.name_end), "")


def is_figure(text: str) -> bool:
    return bool(_FIGURE.match(text))


def area_of(sheet: Sheet) -> Area:
    """The filled rows of a sheet; merged ranges are cut to what is filled."""
    last_row = max((r for r, _ in sheet.cells), default=-1)
    last_column = max((c for _, c in sheet.cells), default=-1)
    spans: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for top, left, bottom, right in sheet.merges:
        bottom, right = min(bottom, last_row), min(right, last_column)
        size = (bottom - top + 1) * (right - left + 1)
        if bottom < top or right < left or size < 2 or len(spans) + size > MAX_COVERED:
            continue
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                spans.setdefault((r, c), (top, left, bottom, right))
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (r, c), cell in sheet.cells.items():
        span = spans.get((r, c))
        if (span is None or span[:2] == (r, c)) and (text := _printed(cell)):
            by_row.setdefault(r, []).append((c, text))
    return Area(sheet, tuple(Row(r, tuple(sorted(by_row[r]))) for r in sorted(by_row)), spans)


def _printed(cell: SheetCell) -> str:
    """The text of a cell with its line breaks."""
    lines = nfc(cell.text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(filter(None, map(clean, lines)))


def find_table(area: Area, at: int) -> TableRange | None:
    """The first table at or below row index `at`."""
    for start in range(at, len(area.rows)):
        if _is_header(area, area.rows[start]):
            found = _table_at(area, start)
            if found is not None:
                return found
    return None


def _is_header(area: Area, row: Row) -> bool:
    texts = [text for _, text in row.cells]
    if len(texts) < 2 or is_code(texts[0]) or not names_columns(texts):
        return False
    return all(area.sheet.cells[row.at, c].kind != "number" for c, _ in row.cells)


def _table_at(area: Area, start: int) -> TableRange | None:
    """The table whose header begins at this row; None where the words govern nothing."""
    head_end = _head_end(area, start)
    left, right = _columns(area, start, head_end)
    names = _name_columns(area, start, head_end)
    cells = cells_of(area, start, min(len(area.rows), start + _HEAD_ROWS), left, right, names)
    cells, kept = without_empty(cells, right - left + 1)
    header = find_header(Grid(tuple(cells), min(len(area.rows) - start, _HEAD_ROWS), len(kept), "sheet"))
    if header is None:
        return None
    role = {column.role: kept[column.index] + left for column in reversed(header.columns)}
    values = frozenset(kept[column.index] + left for column in header.columns if column.role == "value")
    name_end = names[1] if names is not None and names[0] == role["name"] else role["name"]
    table = TableRange(start, start, left, right, role.get("stt"), role["name"], values, name_end)
    end = end_of(area, table, max(head_end, min(start + header.n_rows, len(area.rows))))
    right = _with_remarks(area, start, end, right)
    return TableRange(start, end, left, right, table.stt, table.name, values, name_end)


def _name_columns(area: Area, start: int, head_end: int) -> tuple[int, int] | None:
    """The columns under one header cell of names, where each row has its name in one of them: set in by its level."""
    for row in area.rows[start:head_end]:
        for column, text in row.cells:
            bottom, last = area.reach(row.at, column)
            if last == column or word_role(text) != "name":
                continue
            inner = [other for other in area.rows[start:head_end] if other.at > bottom]
            if any(
                column <= c <= last and (c, area.reach(other.at, c)[1]) != (column, last)
                for other in inner
                for c, _ in other.cells
            ):
                continue  # columns of their own stand under it
            sets = [[t for c, t in other.cells if column <= c <= last] for other in area.rows[head_end:][:_HEAD_ROWS]]
            sets = [texts for texts in sets if texts]
            several = sum(len(texts) > 1 and not (is_code(texts[0]) or _BULLET.match(texts[0])) for texts in sets)
            if several * 10 <= len(sets) and not any(is_figure(text) for texts in sets for text in texts[1:]):
                return column, last
    return None


def cells_of(
    area: Area, start: int, end: int, left: int, right: int, names: tuple[int, int] | None = None
) -> list[Cell]:
    """The cells of these rows and columns, numbered from the corner; spans count filled rows only. What stands in the
    columns of names is put into the first of them."""
    order = {row.at: n for n, row in enumerate(area.rows[start:end])}
    first, name_end = names or (0, -1)
    cells: list[Cell] = []
    for n, row in enumerate(area.rows[start:end]):
        for column, text in row.cells:
            if not left <= column <= right:
                continue
            bottom, last = area.reach(row.at, column)
            at = first if first < column <= name_end else column
            if at != column and cells and (cells[-1].row, cells[-1].col) == (n, first - left):
                cells[-1] = replace(cells[-1], text=f"{cells[-1].text} {text}", col_span=min(last, right) - first + 1)
                continue
            below = sum(1 for under in range(row.at + 1, bottom + 1) if under in order)
            cells.append(Cell(n, at - left, text, 1 + below, min(last, right) - at + 1))
    return cells


def without_empty(cells: list[Cell], n_cols: int, kept: list[int] | None = None) -> tuple[list[Cell], list[int]]:
    """The cells without the columns in which none begins, and the columns that are left: a narrow column between two
    others, those of names that were put into the first one."""
    kept = sorted({cell.col for cell in cells}) if kept is None else kept
    if len(kept) == n_cols:
        return cells, kept
    place = {column: n for n, column in enumerate(kept)}
    spans = ((cell, sum(cell.col <= column < cell.col + cell.col_span for column in kept)) for cell in cells)
    return [replace(cell, col=place[cell.col], col_span=span) for cell, span in spans], kept


def _head_end(area: Area, start: int) -> int:
    """Rows that cells of the first header row reach down to belong to the header."""
    head = area.rows[start]
    bottom = max(area.reach(head.at, c)[0] for c, _ in head.cells)
    end = start + 1
    while end < len(area.rows) and area.rows[end].at <= bottom:
        end += 1
    return end


def _columns(area: Area, start: int, head_end: int) -> tuple[int, int]:
    """First and last column of the header's cells."""
    rows = area.rows[start:head_end]
    left = min(row.cells[0][0] for row in rows)
    return left, max(area.reach(row.at, c)[1] for row in rows for c, _ in row.cells)


def _with_remarks(area: Area, start: int, end: int, right: int) -> int:
    """Columns without a header right beside the table belong to it when words stand there (remarks)."""
    words: dict[int, int] = {}
    for row in area.rows[start:end]:
        for c, text in row.cells:
            if c > right and regex.search(r"\p{L}{2}", text):
                words[c] = words.get(c, 0) + 1
    while right + 1 in words:
        right += 1
    return right


def end_of(area: Area, table: TableRange, head_end: int) -> int:
    """The index behind the last row of the table, whose rows begin at `head_end`."""
    rows = area.rows
    head = rows[table.start]
    last = at = head_end
    while at < len(rows):
        row = rows[at]
        if len(row.cells) <= 2 and read_caption(row.cells[0][1].split("\n")[0]) is not None:
            break
        if _opens_another(area, row, head, rows[at - 1].at):
            break
        if _is_row(area, row, table, rows[at - 1].at):
            last = at + 1
        at += 1
    # what hangs on below the last row with a code or a figure, without a blank row between, is still the table's
    while last < at and rows[last].at == rows[last - 1].at + 1 and _hangs_on(area, rows[last], table):
        last += 1
    return last


def _opens_another(area: Area, row: Row, head: Row, before: int) -> bool:
    """A header inside what looked like one table: it names a code column, or stands apart, in other words."""
    if not _is_header(area, row) or [fold(t) for _, t in row.cells] == [fold(t) for _, t in head.cells]:
        return False
    return row.at > before + 1 or any(word_role(text) == "stt" for _, text in row.cells)


def _is_row(area: Area, row: Row, table: TableRange, before: int) -> bool:
    """A row with a code, or with words and a figure behind them."""
    code, name = row.text(table.stt), table.name_of(row)
    if _is_remark(code or name) or UNIT_LINE.match(code or name):
        return False
    if code and (is_code(code) or _BULLET.match(code) or code_of(area.sheet.cells.get((row.at, table.stt or 0)))):
        return len(row.cells) > 1
    if code and _SECTION.match(code):
        return True
    if not (code or name) or row.at - before >= 3:
        return False
    return any(is_figure(row.text(column)) for column in table.values)


def _is_remark(text: str) -> bool:
    """A signature or a remark below a table."""
    return _SIGNATURE.match(fold(text)) is not None or _REMARK.match(text) is not None


def _hangs_on(area: Area, row: Row, table: TableRange) -> bool:
    name = table.name_of(row)
    if not name or _is_remark(name) or row.text(table.stt):
        return False
    return area.reach(row.at, table.name)[1] <= max(table.name_end, min(table.values, default=table.name) - 1)
