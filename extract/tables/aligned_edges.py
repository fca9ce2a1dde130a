"""Tables without rules whose columns begin at one edge: lines cut there, and the free strips in front of it.

In: printed lines under a header, as runs, and the columns of the header. Out: the same lines, their runs cut at the
edges, and the columns with the strip in front of each edge as its gutter. Spreadsheets print figures against the right
edge of their column and words against the left one: `25 mềm` is then one run of words, though it is a figure and a
note, and the widest free strip of such a column lies between its short texts and its figures. The left edge is known:
the header's cell begins there, and so does one line after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from extract.page import Word
from extract.tables.aligned_header import Columns, Run, runs_of
from extract.tables.column_lines import is_number_text

SAME_PLACE = 0.6  # points
ENOUGH = 2  # lines that begin under the first letter of their header's cell
WIDE = 1.3  # of the space between words: no space but an edge


def cut_at_edges(strips: Sequence[Sequence[Run]], columns: Columns) -> tuple[list[list[Run]], Columns]:
    """The lines, cut before a word that begins at an edge behind a figure, or behind more than a space."""
    edges = _edges(strips, columns)
    if not edges:
        return list(map(list, strips)), columns
    cut = [[part for run in strip for part in _cut(run, edges.values())] for strip in strips]
    ends = [run.x1 for strip in cut for run in strip]
    gutters = list(columns.gutters)
    for col, edge in edges.items():
        last = max((x1 for x1 in ends if x1 <= edge), default=edge)
        low = min(max(gutters[col - 1][0][0], last), edge - SAME_PLACE)
        gutters[col - 1] = ((low, edge),)
    return cut, replace(columns, gutters=tuple(gutters))


def _edges(strips: Sequence[Sequence[Run]], columns: Columns) -> dict[int, float]:
    """Where columns begin: under the first letter of their header's cell, for some lines, and hardly a word crosses.

    Where most columns are set so, the others are, though no line shows it.
    """
    lowest: dict[int, float] = {}
    for cell in sorted(columns.header, key=lambda cell: cell.row):
        if cell.col_span == 1:
            lowest[cell.col] = min(word.x0 for word in cell.words)
    words = [word for strip in strips for run in strip for word in run.words] if lowest else []
    certain, possible = set(), set()
    for col, edge in lowest.items():
        at = sum(abs(word.x0 - edge) < SAME_PLACE for word in words)
        over = sum(word.x0 < edge - SAME_PLACE and word.x1 > edge + SAME_PLACE for word in words)
        if at >= ENOUGH and at >= 4 * over:
            certain.add(col)
        if not over:
            possible.add(col)
    if 2 * len(certain) > len(columns.roles):
        certain |= possible
    return {col: lowest[col] for col in sorted(certain) if col}


def _cut(run: Run, edges: Sequence[float]) -> list[Run]:
    places = [k for k in range(1, len(run.words)) if any(abs(run.words[k].x0 - e) < SAME_PLACE for e in edges)]
    out: list[Run] = []
    start = 0
    for k in places:
        if is_number_text(" ".join(w.text for w in run.words[start:k])) or _is_wide(run.words, k):
            out += runs_of(run.words[start:k])
            start = k
    return [*out, *runs_of(run.words[start:])] if out else [run]


def _is_wide(words: Sequence[Word], k: int) -> bool:
    gaps = [b.x0 - a.x1 for a, b in zip(words, words[1:], strict=False)]
    others = [gap for i, gap in enumerate(gaps, 1) if i != k]
    return bool(others) and gaps[k - 1] > WIDE * median(others)
