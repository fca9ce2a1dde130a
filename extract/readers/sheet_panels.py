"""Tables that stand beside each other on one sheet → a sheet for each.

Two tables are beside each other where their headers are: on both sides of a border stands a header of its own, with the
code's or the indicator's column and a column of figures, and nothing crosses the border below. The border is a run of
empty columns, or stands before a second code column. Captions go with the table they stand over; what stands above them
(a letterhead) stays with the left one.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.captions import read_caption
from extract.readers.sheet_area import Area, Row, area_of, find_table
from extract.readers.sheet_model import Sheet
from extract.tables.header_words import word_role
from extract.text import fold

MAX_PANELS = 20
MAX_LINES = 12  # of a caption, its title, its unit
_NAMES = frozenset(("stt", "name"))


def panels(sheet: Sheet) -> list[Sheet]:
    """The sheet cut at such borders, in reading order: left, right, what stands below. Problems stay with the first."""
    done: list[Sheet] = []
    rest = [sheet]
    while rest and len(done) < MAX_PANELS:
        piece = rest.pop(0)
        cut = _cut(piece)
        if cut is None:
            done.append(piece)
        else:
            rest = [*cut, *rest]
    return done + rest


def _cut(sheet: Sheet) -> list[Sheet] | None:
    """The sheet in two or three pieces at the first such border, None where there is none."""
    area = area_of(sheet)
    for n, row in enumerate(area.rows):
        roles = [word_role(text) for _, text in row.cells]
        if len(_NAMES.intersection(roles)) < 2 and roles.count("stt") < 2:
            continue
        for border in _borders(row, roles, area):
            end = _crossed(area, n, border)
            left = _piece(sheet, range(end), 0, border)
            right = _piece(sheet, range(row.at, end), border, None)
            if _has_table(left) and _has_table(right, is_first=True):
                return list(_pieces(sheet, _top(area, n, border), end, border))
    return None


def _borders(row: Row, roles: list[str], area: Area) -> Iterator[int]:
    """The first columns of what may be another table."""
    for n, (column, _) in enumerate(row.cells):
        before = area.reach(row.at, row.cells[n - 1][0])[1] if n else -1
        has_gap = before + 1 < column and all(not row.text(c) for c in range(before + 1, column))
        if roles[n] == "stt" and "stt" in roles[:n] or has_gap and column and roles[n] in _NAMES:
            yield column


def _crossed(area: Area, start: int, border: int) -> int:
    """The sheet's row where something reaches over the border, or the one behind the last."""
    return next((row.at for row in area.rows[start:] if _reaches_over(area, row, border)), area.rows[-1].at + 1)


def _reaches_over(area: Area, row: Row, border: int) -> bool:
    return any(column < border <= area.reach(row.at, column)[1] for column, _ in row.cells)


def _top(area: Area, start: int, border: int) -> int:
    """The sheet's row where the lines over the right table's header begin: its caption, else those right above."""
    top = area.rows[start].at
    below = top
    for row in reversed(area.rows[max(0, start - MAX_LINES) : start]):
        own = [text for column, text in row.cells if column >= border]
        if _reaches_over(area, row, border):
            break
        if any(read_caption(text.split("\n")[0]) is not None for text in own):
            return row.at
        if own and row.at == below - 1:
            top = row.at
        below = row.at if own else below
    return top if not _is_letterhead(area, top) else area.rows[start].at


def _is_letterhead(area: Area, top: int) -> bool:
    return any("cong hoa xa hoi" in fold(text) for row in area.rows if row.at >= top for _, text in row.cells)


def _has_table(piece: Sheet, *, is_first: bool = False) -> bool:
    """Does a table stand here (in the first row), with rows that are named?"""
    area = area_of(piece)
    table = find_table(area, 0)
    if table is None or is_first and table.start:
        return False
    return any(table.name_of(row) for row in area.rows[table.start + 1 : table.end])


def _pieces(sheet: Sheet, top: int, end: int, border: int) -> Iterator[Sheet]:
    left = _piece(sheet, range(end), 0, border)
    left.cells |= {place: cell for place, cell in sheet.cells.items() if place[0] < top}
    left.merges = [m for m in sheet.merges if m[2] < top or m[2] < end and m[3] < border]
    left.problems = sheet.problems
    yield left
    yield _piece(sheet, range(top, end), border, None)
    below = _piece(sheet, range(end, max(row for row, _ in sheet.cells) + 1), 0, None)
    if below.cells:
        yield below


def _piece(sheet: Sheet, rows: range, left: int, right: int | None) -> Sheet:
    last = 1 << 20 if right is None else right
    piece = Sheet(sheet.name, is_hidden=sheet.is_hidden)
    piece.cells = {place: cell for place, cell in sheet.cells.items() if place[0] in rows and left <= place[1] < last}
    piece.merges = [m for m in sheet.merges if m[0] in rows and m[2] in rows and left <= m[1] and m[3] < last]
    piece.hidden_rows, piece.hidden_columns = sheet.hidden_rows, sheet.hidden_columns
    return piece
