"""Cells over several rows in a table with horizontal rules only: the rules stop beside them.

In: the words of each column and the rules. Out: the words that stand where rules do not run through
their column, taken out before rows are looked for, and the cells they make once the rows are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.page import Edge, Word
from extract.tables.column_lines import ColumnLine, column_lines

Loose = tuple[int, float, float, tuple[Word, ...]]  # column, from y, to y, words


@dataclass(frozen=True, slots=True)
class MergedCell:
    """A cell over several rows: the rules between these rows do not run through its column."""

    row: int
    col: int
    row_span: int
    text: str
    top: float
    bottom: float


def over_rules(
    words: list[list[Word]], bounds: Sequence[float], rules: Sequence[Edge], keyed: set[int | None]
) -> list[Loose]:
    """Take from each column the words that stand where rules of the rows do not run through it."""
    bases = [w.base for column in words for w in column]
    first, last = min(bases, default=0.0), max(bases, default=0.0)
    rules = [r for r in rules if first < r.pos < last]
    xs = (min((r.start for r in rules), default=0.0), *bounds, max((r.end for r in rules), default=0.0))
    out: list[Loose] = []
    for c, column in enumerate(words):
        middle = (xs[c] + xs[c + 1]) / 2
        through = {r.pos for r in rules if r.start <= middle <= r.end}
        if c in keyed or all(r.pos in through for r in rules) or not column:
            continue
        for top, bottom in pairwise([-1e9, *sorted(through), 1e9]):
            own = [w for w in column if top < w.base < bottom]
            if own and any(top < r.pos < bottom for r in rules if r.pos not in through):
                out.append((c, top, bottom, tuple(own)))
                words[c] = [w for w in words[c] if w not in own]
    return out


def merged_cells(loose: Sequence[Loose], rows: Sequence[Sequence[Sequence[ColumnLine]]]) -> tuple[MergedCell, ...]:
    if not loose:
        return ()
    out = []
    spans = [
        (min(p.base for column in row for p in column), max(p.base for column in row for p in column)) for row in rows
    ]
    for c, top, bottom, words in loose:
        inside = [r for r, (first, last) in enumerate(spans) if top < (first + last) / 2 < bottom]
        first, last = (inside[0], inside[-1]) if inside else (0, 0)
        text = "\n".join(line.text for line in column_lines(words))
        y0, y1 = min(w.top for w in words), max(w.bottom for w in words)
        out.append(MergedCell(first, c, last - first + 1, text, y0, y1))
    return tuple(out)
