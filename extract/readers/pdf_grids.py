"""Tables found on a page → `Grid`s.

Ruled tables give one grid row per drawn row. Where the drawing leaves rows out (only a frame and
verticals, or only the header ruled) the rows are found by `tables.rows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from extract.model import BBox, Cell, Grid, Problem
from extract.page import Edge, Line, PageContent, Word, cell_text
from extract.readers.pdf_cells import SAME_X, CellWords
from extract.records import maker
from extract.tables.aligned import AlignedTable, body_table
from extract.tables.aligned_gutters import column_at, has_code
from extract.tables.aligned_lines import Columns, Run, strips_of
from extract.tables.column_lines import ColumnLine, column_lines
from extract.tables.cut_shares import is_broken
from extract.tables.header_words import word_role
from extract.tables.header_zone import MAX_LINES
from extract.tables.rows import (
    has_prefix_codes,
    is_code_text,
    is_key_text,
    is_number_text,
    split_rows,
)
from extract.tables.ruled import RuledTable

RULED, ALIGNED = "pdf-lines", "pdf-text"
_cell, _box = maker(Cell), maker(BBox)
MARGIN = 5.4  # points from a rule to the print beside it: what writers leave, and more where a table shows it
FEWEST_CODES = 3  # names that begin with codes are told by as many


@dataclass(frozen=True, slots=True)
class Found:
    """A grid with its place in the page's upright frame, and its columns for the next page."""

    grid: Grid
    x0: float
    top: float
    x1: float
    bottom: float
    xs: tuple[float, ...]
    columns: Columns | None = None
    has_open_rows: bool = False


def ruled_grid(
    table: RuledTable, words: CellWords, page: PageContent, *, has_open_rows: bool = False
) -> Found:
    """The grid of a ruled table; a drawn row that holds several codes is several rows.

    `has_open_rows` says that the table goes on from one whose rows are not ruled apart.
    """
    giants = _giant_rows(table, words, 0 if has_open_rows else 2)
    cells = [
        _cell(cell.row, cell.col, text, cell.row_span, cell.col_span, page.number, box)
        for cell, text, box in zip(table.cells, _texts(table, words), _boxes(table, page), strict=True)
    ]
    shift = 0
    if giants:
        cells, shift = _with_split_rows(cells, table, words, giants, page)
    box = page.seen(table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])
    grid = Grid(tuple(cells), table.n_rows + shift, table.n_cols, RULED, page.number, box)
    return Found(
        grid,
        table.xs[0],
        table.ys[0],
        table.xs[-1],
        table.ys[-1],
        table.xs,
        has_open_rows=bool(giants) or has_open_rows,
    )


def _texts(table: RuledTable, words: CellWords) -> list[str]:
    """The texts of the cells. Where `82,98` and `%` below it have room on one line, the line ended at a space."""
    out = words.texts
    if not (broken := [i for i, text in enumerate(out) if is_broken(text)]):
        return out
    out, xs, filled = list(out), table.xs, [i for i in range(len(out)) if words.count(i)]
    margin = max(MARGIN, min(word.x0 - xs[table.cells[i].col] for i in filled for word in words[i]))
    for i in broken:
        cell = table.cells[i]
        room = xs[cell.col + cell.col_span] - xs[cell.col] - 2 * margin
        if sum(word.x1 - word.x0 for word in words[i]) <= room:
            out[i] = out[i].replace("\n", " ")
    return out


def _boxes(table: RuledTable, page: PageContent) -> Iterator[BBox]:
    """The box of each cell on the page as it is seen. Cells of an upright table share their places: thousands of pages
    of cells are held until a file is read."""
    if page.turns:
        return (page.seen(*table.box(cell)) for cell in table.cells)
    xs, ys = [round(x + page.left, 2) for x in table.xs], [round(y, 2) for y in table.ys]
    return (_box(xs[col], ys[row], xs[col + across], ys[row + down]) for row, col, down, across in table.cells)


def _with_split_rows(
    drawn: Sequence[Cell], table: RuledTable, words: CellWords, giants: Mapping[int, int | None], page: PageContent
) -> tuple[list[Cell], int]:
    """The cells with rows that hold several rows parted, and how many rows came in so."""
    cells: list[Cell] = []
    shift = 0
    for row, members in groupby(range(len(drawn)), key=lambda index: drawn[index].row):
        if row in giants:
            new = _split_row(table, words, list(members), row + shift, giants[row], page)
            cells += new
            shift += max((c.row for c in new), default=row + shift) - (row + shift)
        else:
            cells += [replace(drawn[index], row=row + shift) for index in members]
    return cells, shift


HeaderWord = tuple[int, Word]  # the header cell's number, a word of it
MAX_HEADER_ROWS = 8


def header_words(table: RuledTable, words: CellWords) -> tuple[HeaderWord, ...]:
    """The words of the rows above the first code."""
    end = min(MAX_HEADER_ROWS, table.n_rows)
    for i, cell in enumerate(table.cells):
        if cell.row >= end:
            break
        if cell.col < 2 and is_code_text(words.text(i)):
            end = cell.row
    return tuple((i, w) for i, own in enumerate(words.first(_n_cells(table, end))) for w in own)


def _n_cells(table: RuledTable, row: int) -> int:
    """How many cells begin above a row: cells are in the order of their rows."""
    return sum(cell.row < row for cell in table.cells)


def with_whole_header(table: RuledTable, words: CellWords, header: Sequence[HeaderWord]) -> CellWords:
    """The words of a table's cells, with those of a repeated header that stand in the row below it given back.

    Writers lay a repeated header out anew on the next page without room for its last line, which is then
    printed over the first row. `header` are the words on the page before.
    """
    cells: dict[int, list[Word]] = {}
    for number, word in header:
        cells.setdefault(number, []).append(word)
    n_head = _n_cells(table, MAX_HEADER_ROWS)
    homes = ((words.find(own[0].text, own[0].x0, n_head), len(own)) for own in cells.values())
    if all(home is None or words.count(home) >= count for home, count in homes):
        return words
    out = words.first(len(table.cells))
    for own in cells.values():
        text, x0 = own[0].text, own[0].x0
        every = ((i, w) for i, some in enumerate(out[:n_head]) for w in some)
        home, first = next(((i, w) for i, w in every if w.text == text and abs(w.x0 - x0) < SAME_X), (-1, own[0]))
        if home < 0 or len(out[home]) >= len(own):
            continue
        shift, below = first.base - own[0].base, table.cells[home].row + table.cells[home].row_span
        for word in own[1:]:
            for i, cell in enumerate(table.cells):
                if cell.row != below or cell.col != table.cells[home].col:
                    continue
                same = [w for w in out[i] if w.text == word.text and abs(w.x0 - word.x0) < SAME_X]
                for w in same:
                    if abs(w.base - word.base - shift) < 2.5:
                        out[i].remove(w)
                        out[home].append(w)
    return CellWords.of(out)


def _giant_rows(table: RuledTable, words: CellWords, least: int) -> dict[int, int | None]:
    """Drawn rows that hold several rows, with the column of their codes (None where
    the codes stand before the names): rows not ruled apart."""
    if table.n_cols < 3:
        return {}
    found: dict[int, int | None] = {}
    spanned = {r for c in table.cells if c.row_span > 1 for r in range(c.row, c.row + c.row_span)}
    first = [
        i for i, cell in enumerate(table.cells) if cell.col <= 1 and cell.col_span == 1 and cell.row not in spanned
    ]
    texts = {i: words.lines(i) for i in first}
    n_keys = {i: sum(map(is_key_text, own)) for i, own in texts.items()}
    is_ruled = sum(n == 1 for n in n_keys.values()) >= 3
    cut: set[int] = set()
    for index in first:
        cell = table.cells[index]
        if cell.row in found or cell.row in cut:
            continue
        if len(texts[index]) == n_keys[index] == 2:
            row = (i for i, c in enumerate(table.cells) if c.row == cell.row and i != index)
            if _is_cut(column_lines(words[index]), [column_lines(words[i]) for i in row], is_ruled=is_ruled):
                cut.add(cell.row)
                continue
        if n_keys[index] >= least:
            found[cell.row] = cell.col
        elif len(texts[index]) >= FEWEST_CODES and has_prefix_codes(texts[index]):
            found[cell.row] = None
    return found


def _is_cut(keys: Sequence[ColumnLine], beside: Sequence[Sequence[ColumnLine]], *, is_ruled: bool) -> bool:
    """Two lines of a code cell are one code that a narrow column cut (`1.4.` over `2`), not the codes of two rows.

    The second cannot be the row after the first (`4` behind `3.1.` may, `1` is the rest of `3.1.1`); or rows are ruled,
    the lines are as close as those of the cells beside, and no cell beside has a figure on each line.
    """
    first, second = (line.text.strip("( ") for line in keys)
    if not first.endswith("."):
        return False
    steps, rest = first.strip(".").split("."), second.rstrip(".)")
    if steps[0].isdigit() and rest.isdigit() and int(rest) != int(steps[0]) + 1 and (is_ruled or len(steps) > 1):
        return True
    gaps = [b.base - a.base for lines in beside for a, b in pairwise(lines)]
    near = max(1.35 * keys[0].size, 1.05 * min(gaps, default=0))
    figures = (sum(is_number_text(line.text) for line in lines) for lines in beside)
    return is_ruled and keys[1].base - keys[0].base <= near and max(figures, default=0) < 2


def _split_row(
    table: RuledTable, words: CellWords, members: Sequence[int], row: int, code: int | None, page: PageContent
) -> list[Cell]:
    columns = [column_lines(words[index]) for index in members]
    place = {table.cells[index].col: i for i, index in enumerate(members)}
    widths = [sum(line.x1 - line.x0 for line in own) for own in columns]
    at = None if code is None else place[code]
    name = max((i for i in range(len(columns)) if i != at), key=lambda i: widths[i])
    values = [
        i
        for i, own in enumerate(columns)
        if i not in (at, name) and 2 * sum(is_number_text(line.text) for line in own) >= len(own)
    ]
    rows = split_rows(columns, at, name, values, opens_row=False)
    ends = [max(line.base + 0.22 * line.size for own in found for line in own) for found in rows]
    cells = []
    for r, found in enumerate(rows):
        for i, index in enumerate(members):
            c = table.cells[index]
            x0, top, x1, bottom = table.box(c)
            top, bottom = ends[r - 1] if r else top, ends[r] if r + 1 < len(rows) else bottom
            text = "\n".join(line.text for line in found[i])
            cells.append(Cell(row + r, c.col, text, 1, c.col_span, page.number, page.seen(x0, top, x1, bottom)))
    return cells


def aligned_grid(table: AlignedTable, page: PageContent) -> Found:
    """The grid of a table without rules: header rows, then one row per row found."""
    xs = (table.x0, *table.columns.bounds, table.x1)
    cells = []
    for h in table.header:
        top, bottom = min(w.top for w in h.words), max(w.bottom for w in h.words)
        box = page.seen(xs[h.col], top, xs[h.col + h.col_span], bottom)
        cells.append(Cell(h.row, h.col, cell_text(h.words), h.row_span, h.col_span, page.number, box))
    rows, n_rows = aligned_cells(table, xs, table.n_header, page)
    box = page.seen(table.x0, table.top, table.x1, table.bottom)
    grid = Grid(tuple(cells + rows), n_rows, len(xs) - 1, ALIGNED, page.number, box, table.n_header or None)
    return Found(grid, table.x0, table.top, table.x1, table.bottom, xs, table.columns)


def aligned_cells(table: AlignedTable, xs: Sequence[float], first: int, page: PageContent) -> tuple[list[Cell], int]:
    """The cells of the rows, numbered from `first`, and the number of grid rows so far."""
    cells = []
    name = _name_column(table)
    places = [round(x + page.left, 2) for x in xs]
    covered = {(r, m.col) for m in table.merged for r in range(m.row, m.row + m.row_span)}
    for m in table.merged:
        box = page.seen(xs[m.col], m.top, xs[m.col + 1], m.bottom)
        cells.append(Cell(first + m.row, m.col, m.text, m.row_span, 1, page.number, box))
    for r, row in enumerate(table.rows):
        lines = [line for column in row for line in column]
        if not lines:
            continue
        top = min([line.base - 0.9 * line.size for line in lines])
        bottom = max([line.base + 0.22 * line.size for line in lines])
        low, high = round(top, 2), round(bottom, 2)
        for c, column in enumerate(row):
            is_over = r in table.spanning and c == name
            if (r in table.spanning and c > name) or (r, c) in covered:
                continue
            span = len(row) - c if is_over else 1
            text = column[0].text if len(column) == 1 else "\n".join([line.text for line in column])
            if page.turns:
                box = page.seen(xs[c], top, xs[c + span], bottom)
            else:
                box = _box(places[c], low, places[c + span], high)
            squeezed = _squeezed(page.number) if r in table.squeezed and c == name else ()
            cells.append(_cell(first + r, c, text, 1, span, page.number, box, problems=squeezed))
    return cells, first + len(table.rows)


def _squeezed(page: int) -> tuple[Problem, ...]:
    return (Problem("cells-overlap", "warning", "a cell reaches into the next column", page),)


def _name_column(table: AlignedTable) -> int:
    roles = table.columns.roles
    return roles.index("name") if "name" in roles else len(roles) - 1


def below_header(
    found: Found, drawn: tuple[RuledTable, CellWords], band: list[Line], rules: Sequence[Edge],
    page: PageContent, carried: Columns | None,
) -> tuple[Found, list[Line]]:  # fmt: skip
    """A header drawn with rules whose body has none, or none behind its first rows: the lines below become rows of the
    same grid."""
    table, words = drawn
    roles, has_rows = _header_roles(table, words)
    if table.n_rows > 4 or len(set(roles) - {""}) < 3 or not set(roles) & {"stt", "name"}:
        return found, band
    strips = strips_of(band)
    size = strips[0][0].size
    if strips[0][0].base - table.ys[-1] > 3 * size:
        return found, band
    columns = Columns(tuple(((x - 1.5, x + 1.5),) for x in table.xs[1:-1]), tuple(roles))
    if has_rows and not _goes_on_below(strips[:MAX_LINES], columns):
        return found, band
    if carried is not None and len(carried.roles) == len(roles):
        columns = replace(columns, lefts=carried.lefts, room=carried.room, habits=carried.habits)
    body, end = body_table(strips, 0, columns, rules, (), 0, opens_row=carried is None)
    if body is None:
        return found, band
    cells, n_rows = aligned_cells(body, table.xs, found.grid.n_rows, page)
    box = page.seen(table.xs[0], table.ys[0], table.xs[-1], body.bottom)
    grid = replace(found.grid, cells=found.grid.cells + tuple(cells), n_rows=n_rows, bbox=box, method=ALIGNED)
    taken = {w.start for strip in strips[:end] for run in strip for w in run.words}
    rest = [p for p in band if p.start not in taken]
    return replace(found, grid=grid, bottom=body.bottom, columns=body.columns), rest


def _goes_on_below(strips: Sequence[Sequence[Run]], columns: Columns) -> bool:
    """Below ruled rows: is there a code in its column, and something in a column of units or figures? A list in words
    that follows a table is none of its rows."""
    at = {columns.roles[column_at(columns.bounds, (run.x0 + run.x1) / 2)] for strip in strips for run in strip}
    return any(has_code(strip, columns) for strip in strips) and bool(at & {"unit", "value"})


def _header_roles(table: RuledTable, words: CellWords) -> tuple[list[str], bool]:
    """The role of each column by the lowest header cell over it, and whether rows follow the header."""
    roles = [""] * table.n_cols
    texts = [words.text(index).replace("\n", " ") for index in range(len(table.cells))]
    codes = (cell.row for cell, text in zip(table.cells, texts, strict=True) if cell.col == 0 and is_code_text(text))
    first_row = min(codes, default=table.n_rows)
    for cell, text in zip(table.cells, texts, strict=True):
        if cell.row >= first_row:
            continue
        role = word_role(text)
        if role and (cell.col_span == 1 or not roles[cell.col]):
            for c in range(cell.col, cell.col + cell.col_span):
                roles[c] = role
    return roles, first_row < table.n_rows


def continued(grid: Grid) -> Grid:
    """A grid that goes on from the page before. `header_rows` is 0 where it does so without a header.

    A code's last dot that was broken over the page (`5.2.3` | `.`) is no code of a new row.
    """
    cells = tuple(replace(c, text="") if c.col == 0 and c.text in (".", ")") else c for c in grid.cells)
    header = grid.header_rows if _names_columns(grid) else 0
    return replace(grid, cells=cells, continues=True, header_rows=header)


def _names_columns(grid: Grid) -> bool:
    """Do the first rows hold header words, before any code? Names of indicators hold such words too
    (`Số …`), so a word that only a header has must be there, or short words for three roles."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if cell.row < 3:
            rows.setdefault(cell.row, []).append(cell)
    for _, cells in sorted(rows.items()):
        texts = [c.text.replace("\n", " ") for c in cells]
        if is_code_text(texts[0]):
            return False
        roles = [word_role(text) for text in texts]
        if "stt" in roles or ("note" in roles and "name" in roles):
            return True
        if "name" in roles and "unit" in roles and "value" in roles and all(len(text) <= 40 for text in texts):
            return True
    return False
