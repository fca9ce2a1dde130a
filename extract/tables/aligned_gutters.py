"""The free strips between the columns of a table without rules, and what a printed line says of them.

In: gutters (for each division the strips that are still free) and a line as its runs. Out: the gutters that the line
leaves, the line cut at them, and what kind of line it is: a row with a code, cells, figures that share a column.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from extract.tables.aligned_lines import MIN_GUTTER, Columns, Gutters, Interval, Run, bounds_of, runs_of
from extract.tables.column_lines import has_prefix_code, is_code_text, is_number_text

MIN_CELLS = 4  # a line of so many is a row of cells
THIN = 0.6  # what a line must leave of a gutter: a header's words reach over those of the column below


def agree(own: Columns, carried: Columns) -> bool:
    """Are these the columns of the page before? Their header words stand between the same divisions."""
    if own.roles != carried.roles:
        return False
    return all(
        any(low <= bound <= high for low, high in strips)
        for bound, strips in zip(carried.bounds, own.gutters, strict=True)
    )


def is_set_alike(own: Columns, carried: Columns) -> bool:
    """Does each column begin where it began in the table before? Sheets are printed in sizes of their own."""
    lefts = [{cell.col: cell.words[0].x0 for cell in columns.header} for columns in (own, carried)]
    return all(abs(x0 - lefts[1].get(col, x0)) < 2 for col, x0 in lefts[0].items())


def both(own: Gutters, carried: Gutters, least: float = 0.0) -> Gutters:
    """The gutters of a header as far as those of the page before agree: few lines show too little. Where less than
    `least` of a gutter is left, it stays as it is."""
    out = []
    for mine, theirs in zip(own, carried, strict=True):
        shared = tuple(
            (max(a, c), min(b, d))
            for a, b in mine
            for c, d in theirs
            if min(b, d) - max(a, c) >= max(MIN_GUTTER, least * (b - a))
        )
        out.append(shared or mine)
    return tuple(out)


def without(gutters: Gutters, strip: Sequence[Run]) -> Gutters | None:
    """The gutters less what this line covers; None where it closes one."""
    out = []
    spans = [(run.x0, run.x1) for run in strip]
    for strips in gutters:
        for x0, x1 in spans:
            if x0 > strips[-1][1] or x1 < strips[0][0]:
                continue
            cut: list[Interval] = []
            for low, high in strips:
                if x0 >= high or x1 <= low:
                    cut.append((low, high))
                    continue
                cut += [(a, b) for a, b in ((low, x0), (x1, high)) if b - a >= THIN]
            if not cut:
                return None
            strips = tuple(cut)
        out.append(strips)
    return tuple(out)


def numbered(gutters: Gutters, strip: Sequence[Run]) -> Gutters:
    """The gutters between the numbers of the columns, one under each header cell: what stands left of its number's
    left edge and right of the number before it."""
    out = []
    for strips, (left, right) in zip(gutters, pairwise(strip), strict=True):
        inside = tuple((max(a, left.x1), min(b, right.x0)) for a, b in strips)
        out.append(tuple((a, b) for a, b in inside if b - a >= MIN_GUTTER) or strips)
    return tuple(out)


def parted_at(gutters: Gutters, strip: Sequence[Run], columns: Columns) -> list[Run] | None:
    """A line whose cells nearly touch, cut at the gutters; None where words run over them, or no figure
    or unit shows that it is a row and not prose that has its blanks there by chance."""
    out: list[Run] = []
    for run in strip:
        rest = list(run.words)
        for strips in gutters:
            if not any(run.x0 < low and high < run.x1 for low, high in strips):
                continue
            for k in range(1, len(rest)):
                low, high = rest[k - 1].x1, rest[k].x0
                if any(min(high, b) - max(low, a) >= MIN_GUTTER for a, b in strips):
                    out += runs_of(rest[:k])
                    rest = rest[k:]
                    break
        out += runs_of(rest)
    bounds = bounds_of(gutters)
    at = [column_at(bounds, (run.x0 + run.x1) / 2) for run in out]
    is_row = any(columns.roles[c] in ("value", "") and is_number_text(run.text) for c, run in zip(at, out, strict=True))
    cut = [i for i in range(1, len(out)) if not any(run.x0 == out[i].x0 for run in strip)]
    is_row = is_row or (bool(columns.lefts) and all(abs(columns.lefts[at[i]] - out[i].x0) < 2 for i in (0, *cut)))
    return out if is_row and without(gutters, out) is not None else None


def has_code(strip: Sequence[Run], columns: Columns) -> bool:
    """Does the line begin with a code where the codes stand?"""
    first = strip[0].words[0]
    if not is_code_text(first.text):
        return False
    if "stt" not in columns.roles:
        return True
    code = columns.roles.index("stt")
    low = columns.gutters[code - 1][0][0] if code else -1e9
    high = columns.gutters[code][-1][1] if code < len(columns.gutters) else 1e9
    return low <= (first.x0 + first.x1) / 2 <= high


def is_row(strip: Sequence[Run], columns: Columns, gutters: Gutters) -> bool:
    """A code, and words apart from each other in columns of their own: cells, though one is too wide."""
    if len(strip) < MIN_CELLS or not has_code(strip, columns):
        return False
    bounds = bounds_of(gutters)
    return len({column_at(bounds, (run.x0 + run.x1) / 2) for run in strip}) == len(strip)


def doubles(strip: Sequence[Run], columns: Columns, bounds: Sequence[float]) -> bool:
    """Two figures apart from each other in one column: the header has fewer columns there than the lines."""
    at = [column_at(bounds, (run.x0 + run.x1) / 2) for run in strip if is_number_text(run.text)]
    return any(a == b and columns.roles[a] == "value" for a, b in pairwise(at))


def is_strong(strip: Sequence[Run], columns: Columns, bounds: Sequence[float]) -> bool:
    """A line that only a table has: a code in the code column, or something in a unit or value column."""
    for run in strip:
        role = columns.roles[column_at(bounds, (run.x0 + run.x1) / 2)]
        if role == "stt" and is_code_text(run.text):
            return True
        if role == "name" and "stt" not in columns.roles and has_prefix_code(run.text):
            return True
        if role in ("unit", "unit?", "value", "") and len(strip) > 1:
            return True
    return False


def column_at(bounds: Sequence[float], x: float) -> int:
    return bisect_left(bounds, x)
