"""Tables without rules: columns from alignment, rows from codes and spacing.

In: the pieces of printed lines outside ruled tables. Out: tables with their columns and rows, and the
pieces that belong to none. The idea:

1. header words (STT, Chỉ tiêu, Đơn vị tính, Số liệu …) that stand side by side make a header;
2. between two header cells runs a gutter; going down line by line, each line takes away what it covers,
   and a line that would close a gutter is not part of the columns: prose, or a heading over the columns;
3. the table ends where prose begins; `rows.split_rows` then finds the rows.

A table that goes on over the page without a header starts at step 2 with the gutters of the page before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.page import BOTTOM, LEFT, RIGHT, TOP, Edge, Line, Style, Word, line_text
from extract.tables.aligned_edges import cut_at_edges, with_cut_headers
from extract.tables.aligned_gutters import (
    agree,
    both,
    column_at,
    doubles,
    has_code,
    is_row,
    is_set_alike,
    is_strong,
    numbered,
    parted_at,
    without,
)
from extract.tables.aligned_header import FoundHeader, HeaderLines, find_header_cells, repeated_header
from extract.tables.aligned_lines import Columns, HeaderCell, Run, bounds_of, strips_of
from extract.tables.aligned_rest import leading_of, rest_of_row, with_rest
from extract.tables.cut_header import header_over_break
from extract.tables.header import is_number_row
from extract.tables.header_words import word_role
from extract.tables.header_zone import MAX_LINES, STOP, STOP_LETTERS, ends_word, holds_row, may_be_headed, may_be_header
from extract.tables.merged import MergedCell, merged_cells, over_rules
from extract.tables.row_costs import habits_of
from extract.tables.rows import ColumnLine, column_lines, is_code_text, split_rows

DOUBLED = 2  # lines with two figures in one column: then no row's columns are certain
ROOMY = 0.25  # of a gutter


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """`rows` hold the lines of each column; `spanning` are the rows whose name runs over the columns, `squeezed` those
    with a line that reaches over a gutter though it is cells: their columns are told by the middle of the words."""

    columns: Columns
    header: tuple[HeaderCell, ...]
    n_header: int
    rows: tuple[tuple[tuple[ColumnLine, ...], ...], ...]
    spanning: frozenset[int]
    x0: float
    top: float
    x1: float
    bottom: float
    merged: tuple[MergedCell, ...] = ()
    squeezed: frozenset[int] = frozenset()


def find_aligned(
    items: Sequence[Line], rules: Sequence[Edge], style: Callable[[int], Style], carried: Columns | None
) -> tuple[list[AlignedTable], list[Line]]:
    """Tables of one page region, top to bottom, and the pieces outside them.

    `rules` are horizontal rules; `carried` the columns of a table that may go on from the page
    before.
    """
    if carried is None and not may_be_headed(items):
        return [], list(items)
    strips = with_cut_headers(strips_of(items))
    starts = _ruled_rows(strips, rules)
    known: dict[HeaderLines, FoundHeader | None] = {}
    headers = {
        i: found
        for i, strip in enumerate(strips)
        if may_be_header(strip)
        and not holds_row(strip)
        and (found := find_header_cells(_above_row(strips, i, starts), i, style, known=known)) is not None
    }
    stops = frozenset(found.first for found in headers.values() if "stt" in found.columns.roles)
    tables: list[AlignedTable] = []
    taken: set[int] = set()
    index = 0
    repeated = repeated_header(strips, carried) if carried is not None else None
    is_headed = repeated.first == 0 if repeated is not None else _begins_with_header(strips, headers, carried)
    table, end = None, 0
    if (over := _over_break(strips, carried, rules, style)) is not None:
        table, end = body_table(
            strips, over.below, over.columns, rules, over.cells, over.n_rows, opens_row=True, stops=stops
        )
    elif carried is not None and not is_headed and not (not carried.lefts and _goes_on_with_header(strips, carried)):
        if repeated is not None:
            stops |= {repeated.first}
        start = 1 if strips and _text(strips[0]) in carried.captions else 0
        table, end = body_table(strips, start, carried, rules, (), 0, opens_row=not carried.lefts, stops=stops)
    if table is not None:
        tables.append(table)
        taken |= {w.start for strip in strips[:end] for run in strip for w in run.words}
        index = end
    floor = index
    while index < len(strips):
        if repeated is not None and index == repeated.first:
            found = repeated
        elif repeated is not None and index < repeated.first:
            found = None
        else:
            found = headers.get(index)
            if found is not None and floor:
                found = find_header_cells(_above_row(strips, index, starts), index, style, floor, known)
        if found is None:
            index += 1
            continue
        columns, goes_on = replace(found.columns, captions=_captions_over(strips, found.first)), False
        if carried is not None and not tables and agree(columns, carried):
            goes_on = found.first == 0  # a table with a caption over it is a new one in the same columns
            if goes_on or is_set_alike(columns, carried):
                # the cells of another table may be wider: what is left of a gutter must still be one
                first_seen = headers.get(index)
                is_alike = first_seen is not None and first_seen.columns.roles == columns.roles
                own = first_seen.columns if first_seen is not None and is_alike and not goes_on else columns
                shared = both(own.gutters, carried.gutters, 0.0 if goes_on else ROOMY)
                columns = replace(columns, gutters=shared)
            if goes_on:
                columns = replace(columns, lefts=carried.lefts, room=carried.room, leading=carried.leading)
                columns = replace(columns, captions=carried.captions, edges=carried.edges, habits=carried.habits)
        table, end = body_table(
            strips, found.below, columns, rules, found.cells, found.n_rows,
            opens_row=not goes_on, stops=stops,
        )  # fmt: skip
        if table is None and found.below == len(strips) and {"stt", "name"} <= set(columns.roles):
            table, end = _header_alone(found), found.below  # its rows, or its last lines, begin on the next page
        if table is None:
            index += 1
            continue
        tables.append(table)
        taken |= {w.start for strip in strips[found.first : end] for run in strip for w in run.words}
        index = floor = max(end, index + 1)
    if not tables:
        return [], list(items)
    return tables, [p for p in items if p.start not in taken]


def _ruled_rows(strips: Sequence[Sequence[Run]], rules: Sequence[Edge]) -> list[int]:
    """The first lines of what stands below a rule and holds a code: rows. The name of a row may be taller than its
    code, and its first line stands as near to the header as a line of that. Where words of a header stand there too,
    the rule is not the one below it."""
    places = sorted({rule.pos for rule in rules})
    found: list[int] = []
    band, first, is_header = -1, 0, False
    for i, strip in enumerate(strips if places else ()):
        at = bisect_left(places, strip[0].base)
        if at != band:
            band, first = at, i
            is_header = False
        is_header |= len(strip) > 1 and sum(bool(word_role(run.text)) for run in strip) > 1
        is_row = is_code_text(strip[0].words[0].text) and not is_number_row([run.text for run in strip])
        if is_row and at and not is_header and (not found or found[-1] != first):
            found.append(first)
    return found


def _above_row(strips: Sequence[Sequence[Run]], index: int, starts: Sequence[int]) -> Sequence[Sequence[Run]]:
    """The lines above the first row behind a line, where rules or its code show its first line: no header reaches into
    it."""
    at = bisect_right(starts, index)
    return strips[: starts[at] if at < len(starts) else _around_code(strips, index)]


def _around_code(strips: Sequence[Sequence[Run]], index: int) -> int:
    """Where the first row behind a header's line begins, if its name stands round its code: lines of one column as far
    above the code as the lines that go on with them are below it. The number of lines where nothing shows it."""
    last = min(index + MAX_LINES, len(strips))
    codes = [
        i
        for i in range(index + 1, last)
        if is_code_text(strips[i][0].words[0].text)
        and not ends_word(strips[i][0], [run for strip in strips[index:i] for run in strip])
    ]
    if not codes or is_number_row([run.text for run in strips[codes[0]]]):
        return len(strips)
    code, behind = codes[0], codes[1] if len(codes) > 1 else last
    base, size = strips[code][0].base, strips[code][0].size
    first = len(strips)
    rest = [run for strip in strips[code + 1 : behind] for run in strip]
    for x0 in {run.x0 for run in rest}:
        below = [run for run in rest if abs(run.x0 - x0) < 2]
        above = [(i, run) for i in range(code - 1, index, -1) for run in strips[i] if abs(run.x0 - x0) < 2]
        for low, (i, high) in zip(below, above, strict=False):
            if low.text[:1].isupper() or abs(low.base + high.base - 2 * base) > 0.15 * size:
                break
            if high.text[:1].isupper():  # a cell begins so; the rest of a header's does not
                first = min(first, i)
    return first


def _over_break(
    strips: Sequence[Sequence[Run]], carried: Columns | None, rules: Sequence[Edge], style: Callable[[int], Style]
) -> FoundHeader | None:
    """The header at the foot of the page before, where these lines begin with the rest of it."""
    if carried is None or carried.lefts or not carried.header:  # a page with rows tells where their lines began
        return None
    return header_over_break(
        strips, carried, style, lambda lines, index: _above_row(lines, index, _ruled_rows(lines, rules))
    )


def _text(strip: Sequence[Run]) -> str:
    return line_text([w for run in strip for w in run.words])


def _captions_over(strips: Sequence[Sequence[Run]], first: int) -> tuple[str, ...]:
    """`Phụ lục VII` above a header, which a table that begins with it repeats on every page."""
    return tuple(text for text in map(_text, strips[max(0, first - 5) : first]) if STOP.match(text))


def _begins_with_header(
    strips: Sequence[Sequence[Run]], headers: Mapping[int, FoundHeader], carried: Columns | None
) -> bool:
    """Does the first header of the page belong to what stands at its head? Below a code, words that look like a header
    are the rest of a row."""
    first = min(headers, default=MAX_LINES)
    return first < 6 and not (carried is not None and any(has_code(strip, carried) for strip in strips[:first]))


def _goes_on_with_header(strips: Sequence[Sequence[Run]], carried: Columns) -> bool:
    """Are there words in a figure or unit column above the first code? The page break cut the header itself."""
    for strip in strips[:MAX_LINES]:
        if has_code(strip, carried):
            return False
        at = [carried.roles[column_at(carried.bounds, (run.x0 + run.x1) / 2)] for run in strip]
        if any(role not in ("stt", "name", "note") for role in at):
            return True
    return False


def _header_alone(found: FoundHeader) -> AlignedTable:
    """A header at the foot of a page, as a table without rows."""
    every = [w for cell in found.cells for w in cell.words]
    return AlignedTable(
        found.columns, found.cells, found.n_rows, (), frozenset(),
        min(map(LEFT, every)), min(map(TOP, every)), max(map(RIGHT, every)), max(map(BOTTOM, every)),
    )  # fmt: skip


def body_table(
    strips: Sequence[Sequence[Run]], start: int, columns: Columns, rules: Sequence[Edge],
    header: tuple[HeaderCell, ...], n_header: int, *, opens_row: bool, stops: frozenset[int] = frozenset(),
) -> tuple[AlignedTable | None, int]:  # fmt: skip
    """The table whose body begins at line `start`, and the line after it; None where there is no body.

    `stops` are lines at which another header begins.
    """
    below, columns = cut_at_edges(strips[start:], columns)
    strips = [*strips[:start], *below]
    gutters, bounds = columns.gutters, columns.bounds
    members: list[tuple[int, bool]] = []  # (line, does it run over the columns)
    last_strong, kept = -1, gutters
    pending: list[int] = []
    squeezed: list[float] = []
    at = start
    while at < len(strips):
        strip = strips[at]
        if members and strip[0].base - strips[members[-1][0]][0].base > 6 * strip[0].size:
            break
        if at in stops or (strip[0].text[0] in STOP_LETTERS and STOP.match(_text(strip))) or _repeats(strip):
            break
        if not members and len(strip) == len(columns.roles) and is_number_row([run.text for run in strip]):
            gutters = numbered(gutters, strip)
            bounds = bounds_of(gutters)
        left = without(gutters, strip)
        if left is None and (parted := parted_at(gutters, strip, columns)) is not None:
            strips = [*strips[:at], parted, *strips[at + 1 :]]
            left = without(gutters, parted)
        if left is None and is_row(strip, columns, gutters):
            squeezed.append(strip[0].base)
            left = gutters
        if left is None:
            pending.append(at)
            if len(pending) > 2 or (len(pending) > 1 and not has_code(strips[pending[0]], columns)):
                break
            if last_strong < 0 and not has_code(strip, columns):
                break
        else:
            members += [(k, True) for k in pending]
            pending = []
            if left != gutters:
                gutters, bounds = left, bounds_of(left)
            members.append((at, False))
            if is_strong(strip, columns, bounds):
                last_strong, kept = len(members), gutters
        at += 1
    if last_strong < 0 and not opens_row:
        last_strong = rest_of_row(strips, members, columns, is_headed=n_header > 0)
    if last_strong < 0:
        return None, start
    columns = replace(columns, leading=leading_of(strips, members, columns))
    members, gutters = with_rest(strips, members, last_strong, replace(columns, gutters=kept))
    found = replace(columns, gutters=gutters)
    table = _table(strips, members, found, rules, header, n_header, opens_row=opens_row)
    bounds = table.columns.bounds
    if sum(doubles(strips[k], table.columns, bounds) for k, is_over in members if not is_over) >= DOUBLED:
        table = replace(table, squeezed=frozenset(range(len(table.rows))))
    elif squeezed:
        rows = enumerate(table.rows)
        hit = {r for r, row in rows if any(line.base in squeezed for cell in row for line in cell)}
        table = replace(table, squeezed=frozenset(hit))
    return table, members[-1][0] + 1


def _repeats(strip: Sequence[Run]) -> bool:
    """Another header: a new table begins here."""
    if len(strip) < 3 or not may_be_header(strip):
        return False
    roles = [word_role(run.text) for run in strip]
    return "stt" in roles and len(set(roles) - {""}) >= 3


def _table(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], columns: Columns, rules: Sequence[Edge],
    header: tuple[HeaderCell, ...], n_header: int, *, opens_row: bool,
) -> AlignedTable:  # fmt: skip
    bounds, roles = columns.bounds, columns.roles
    code = roles.index("stt") if "stt" in roles else None
    name = roles.index("name") if "name" in roles else _widest(strips, members, bounds, code)
    words: list[list[Word]] = [[] for _ in roles]
    over: list[float] = []
    separators = sorted({rule.pos for rule in rules})
    for k, is_over in members:
        if not is_over:
            for run in strips[k]:
                own = column_at(bounds, run.x0)
                if own == column_at(bounds, max(map(RIGHT, run.words))):
                    words[own] += run.words
                    continue
                for word in run.words:
                    words[column_at(bounds, (word.x0 + word.x1) / 2)].append(word)
        else:
            for i, word in enumerate(w for run in strips[k] for w in run.words):
                words[code if code is not None and not i and is_code_text(word.text) else name].append(word)
            base, size = strips[k][0].base, strips[k][0].size
            if not over or not _goes_on(strips[k], base - over[-1], columns):
                separators.append(base - 0.5 * size)
            over.append(base)
            separators.append(base + 0.4 * size)
    loose = over_rules(words, bounds, rules, {code, name})
    lines = [column_lines(w) for w in words]
    values = [c for c, role in enumerate(roles) if role in ("value", "") and c not in (code, name)]
    rows = split_rows(lines, code, name, values, separators, opens_row=opens_row, habits=columns.habits)
    spanning = {r for r, row in enumerate(rows) if any(line.base in over for line in row[name])}
    merged = merged_cells(loose, rows)
    every = [w for column in words for w in column] + [w for cell in header for w in cell.words]
    lefts = tuple(min((line.x0 for line in column), default=-1.0) for column in lines)
    names = [line for row in rows for line in row[name]]
    # a last row without a name, its figure in the middle of its height, has its whole name on the next page
    room = max(line.x1 for line in names) - names[-1].x1 if rows and rows[-1][name] else 0.0
    body = tuple(tuple(tuple(column) for column in row) for row in rows)
    return AlignedTable(
        replace(columns, lefts=lefts, room=room, habits=habits_of(rows, columns.habits)), header, n_header, body,
        frozenset(spanning),
        min(map(LEFT, every)), min(map(TOP, every)), max(map(RIGHT, every)), max(map(BOTTOM, every)), merged,
    )  # fmt: skip


def _goes_on(strip: Sequence[Run], step: float, columns: Columns) -> bool:
    return step < 1.4 * strip[0].size and not has_code(strip, columns)


def _widest(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], bounds: Sequence[float], code: int | None
) -> int:
    width = [0.0] * (len(bounds) + 1)
    for k, _ in members:
        for run in strips[k]:
            width[column_at(bounds, (run.x0 + run.x1) / 2)] += run.x1 - run.x0
    if code is not None:
        width[code] = -1.0
    return width.index(max(width))
