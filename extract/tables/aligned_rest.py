"""Lines without a code at the foot and at the head of a page: the rest of a row, or no part of the table.

In: the lines of a table without rules, cut into runs, and its columns. Out: which lines go on with the last row, and
which with the row that the page before began. The lines of a cell are as far apart as those of the table's other cells,
which a report sets with one or with one and a half lines of space.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.tables.aligned_gutters import column_at, has_code, without
from extract.tables.aligned_lines import Columns, Gutters, Run

USUAL, FARTHEST = 1.45, 2.2  # of the font size: lines of a cell, where none shows how far, and where one does
CODE_ENDS = (".", ")")  # what a narrow column cuts off a code: in the middle of its column, as codes are
SLACK = 1.15  # of the distance that is shown


def leading_of(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], columns: Columns
) -> float:
    """The distance of the lines of a cell, in font sizes, from those that go on in small letters; that of the page
    before where there are none."""
    steps = sorted(
        (strips[b][0].base - strips[a][0].base) / strips[b][0].size
        for (a, _), (b, _) in pairwise(members)
        if strips[b][0].text[:1].islower() and not has_code(strips[b], columns)
    )
    steps = [step for step in steps if 0.9 < step < FARTHEST]
    return steps[len(steps) // 4] if steps else columns.leading


def _reach(columns: Columns) -> float:
    return max(USUAL, SLACK * columns.leading)


def rest_of_row(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], columns: Columns, *, is_headed: bool
) -> int:
    """How many lines at the head of a page are the rest of the row that the page before began; -1 for none.

    They begin where the lines of their columns began, and the first word would not have fitted before. Under a header
    that was repeated for them (`is_headed`) the second need not be asked.
    """
    count, reach = 0, _reach(columns)
    for k, is_over in members:
        strip = strips[k]
        step = strip[0].base - strips[members[count - 1][0]][0].base if count else 0.0
        at = [column_at(columns.bounds, (run.x0 + run.x1) / 2) for run in strip]
        begins = bool(columns.lefts) and all(
            abs(columns.lefts[c] - run.x0) < 2 or (columns.roles[c] == "stt" and run.text in CODE_ENDS)
            for c, run in zip(at, strip, strict=True)
        )
        if is_over or not begins or step > reach * strip[0].size:
            break
        count += 1
    if not count:
        return -1
    first = strips[members[0][0]][0]
    goes_on = first.text[:1].islower() or first.words[0].x1 - first.x0 > columns.room - 0.3 * first.size
    return count if is_headed or goes_on else -1


def with_rest(
    strips: Sequence[Sequence[Run]], members: list[tuple[int, bool]], last_strong: int, columns: Columns,
) -> tuple[list[tuple[int, bool]], Gutters]:  # fmt: skip
    """The table's lines: up to the last strong one, and the lines that go on with its row."""
    out, kept, reach = members[:last_strong], columns.gutters, _reach(columns)
    for k, is_over in members[last_strong:]:
        step = strips[k][0].base - strips[out[-1][0]][0].base
        left = None if is_over else without(kept, strips[k])
        if left is None or step > reach * strips[k][0].size or has_code(strips[k], columns):
            break
        kept = left
        out.append((k, False))
    return out, kept
