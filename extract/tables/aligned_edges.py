"""Tables without rules whose columns begin at one edge: lines cut there, and the free strips in front of it.

In: printed lines under a header, as runs, and the columns of the header. Out: the same lines, their runs cut at the
edges, and the columns with the strip in front of each edge as its gutter. Spreadsheets print figures against the right
edge of their column and words against the left one: `25 mềm` is then one run of words, though it is a figure and a
note, and the widest free strip of such a column lies between its short texts and its figures. The left edge is known
where a header's cell begins there and lines below do so too, or where many lines do that end at different places.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any, TypeAlias

import numpy as np

from extract.page import Word, line_text
from extract.tables.aligned_lines import MIN_GUTTER, Columns, Run, runs_of
from extract.tables.column_lines import is_number_text
from extract.tables.header import is_number_row
from extract.tables.header_words import are_beside
from extract.tables.header_zone import holds_row, may_be_header

Array: TypeAlias = Any

SAME_PLACE = 0.6  # points
NEAR = 2 * SAME_PLACE  # within which places are looked up
UNDER_HEADER, ENOUGH = 2, 3  # lines that begin at an edge: under the first letter of the header's cell, and elsewhere
MOST_WORDS = 12  # of cells that touch
WIDE = 1.3  # of the space between words: no space but an edge


def cut_at_edges(strips: Sequence[Sequence[Run]], columns: Columns) -> tuple[list[list[Run]], Columns]:
    """The lines, cut before a word that begins at an edge: behind a figure, behind more than a space, and before what
    stands there alone in another line (`Thủ tục`)."""
    edges = _edges(strips, columns)
    while edges:
        cut = _cut_lines(strips, edges)
        if not (over := _overrun(cut, edges)):
            return cut, _begun_at(edges, cut, columns)
        edges = {col: edge for col, edge in edges.items() if col not in over}
    return list(map(list, strips)), columns


def _cut_lines(strips: Sequence[Sequence[Run]], edges: dict[int, float]) -> list[list[Run]]:
    places = _Places(edges)
    known = frozenset((col, run.text) for strip in strips for run in strip for col in places.at(run.x0))
    return [[part for run in strip for part in _cut(run, places, known)] for strip in strips]


def _overrun(cut: Sequence[Sequence[Run]], edges: dict[int, float]) -> list[int]:
    """The columns over whose edge more lines go on than begin at it: words of names stand one below the other there by
    chance (`tự bảo đảm từ 70% - …`, row by row), or under the first letter of a header in the middle of its column."""
    starts, ends = (sorted([run[at] for strip in cut for run in strip]) for at in (0, 1))
    found = []
    for col, edge in edges.items():
        low, high = bisect_right(starts, edge - SAME_PLACE), bisect_left(starts, edge + SAME_PLACE)
        if low - bisect_right(ends, edge + SAME_PLACE) > high - low:
            found.append(col)
    return found


def _begun_at(edges: dict[int, float], cut: Sequence[Sequence[Run]], columns: Columns) -> Columns:
    """The columns, with the strip in front of each edge as its gutter."""
    ends = sorted(run.x1 for strip in cut for run in strip)
    gutters = list(columns.gutters)
    for col, edge in edges.items():
        n_before = bisect_right(ends, edge)
        last = ends[n_before - 1] if n_before else -1.0
        low = min(max(gutters[col - 1][0][0], last), edge - SAME_PLACE)
        gutters[col - 1] = ((low, edge),)
    return replace(columns, gutters=tuple(gutters), edges=tuple(sorted(edges.items())))


class _Places:
    """Where columns begin, to be looked up by place."""

    def __init__(self, edges: dict[int, float]) -> None:
        self._columns = sorted((edge, col) for col, edge in edges.items())
        self._edges = [edge for edge, _ in self._columns]

    def at(self, x0: float) -> list[int]:
        """The columns that begin at a place, in their order."""
        near = self._columns[bisect_left(self._edges, x0 - NEAR) : bisect_right(self._edges, x0 + NEAR)]
        return sorted([col for edge, col in near if abs(x0 - edge) < SAME_PLACE]) if near else []

    def are_between(self, low: float, high: float) -> bool:
        """May a word between two places begin at an edge?"""
        return bisect_left(self._edges, low - NEAR) < bisect_right(self._edges, high + NEAR)


class _Starts:
    """Where the words of some lines begin."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = runs
        starts = sorted([(word.x0, number) for number, run in enumerate(runs) for word in run.words])
        self._places, self._numbers = [x0 for x0, _ in starts], [number for _, number in starts]

    @cached_property
    def _spans(self) -> tuple[Array, Array]:
        return np.array([run.x0 for run in self.runs]), np.array([run.x1 for run in self.runs])

    def between(self, low: float, high: float) -> list[float]:
        """The places behind one and up to another at which words begin, from left to right."""
        return sorted(set(self._places[bisect_right(self._places, low) : bisect_right(self._places, high)]))

    def lines_at(self, edge: float, first: int = 0) -> int:
        """How many lines from number `first` on begin at an edge; 0 where it is none: they end at different places,
        hardly a line runs over it.

        Figures of one length set against a right edge begin at one place too, but they end at one as well. A word that
        stands there again and again (`Thủ tục`) begins a column, wherever it ends.
        """
        near = range(bisect_left(self._places, edge - NEAR), bisect_left(self._places, edge + NEAR))
        if len(near) < ENOUGH:
            return 0
        begun = {self._numbers[i] for i in near if abs(self._places[i] - edge) < SAME_PLACE}
        begun = {number for number in begun if number >= first} if first else begun
        if len(begun) < ENOUGH:
            return 0
        ends = {round(self.runs[number].x1) for number in begun}
        if len(ends) < 2 and not all(self._is_word_at(number, edge) for number in begun):
            return 0
        left, right = self._spans
        is_over = (left[first:] < edge - SAME_PLACE) & (right[first:] > edge + SAME_PLACE)
        over = int(np.count_nonzero(is_over)) - sum(bool(is_over[number - first]) for number in begun)
        return len(begun) if len(begun) >= 4 * over else 0

    def _is_word_at(self, number: int, edge: float) -> bool:
        run = self.runs[number]
        return abs(run.x0 - edge) < SAME_PLACE and run.text[0].isalpha()


def _edges(strips: Sequence[Sequence[Run]], columns: Columns) -> dict[int, float]:
    """Where columns begin, by number; those that show no edge are missing. Those of the page before hold where no line
    runs over them."""
    starts = _Starts([run for strip in strips for run in strip])
    found = _under_header(starts.runs, columns)
    for col, strips_before in enumerate(columns.gutters, 1):
        if col not in found and len(strips_before) == 1:
            edge = _of_lines(starts, *strips_before[0])
            if edge is not None:
                found[col] = edge
    for col, edge in columns.edges:
        if col not in found and not any(_runs_over(run, edge) for run in starts.runs):
            found[col] = edge
    for strip in strips[:1]:  # a column's number stands in its column
        if len(strip) == len(columns.roles) and is_number_row([run.text for run in strip]):
            found = {col: edge for col, edge in found.items() if strip[col].x0 >= edge - SAME_PLACE}
    return found


def _under_header(runs: Sequence[Run], columns: Columns) -> dict[int, float]:
    """Columns that begin under the first letter of their header's cell, for some lines, and hardly a word crosses.

    Where most columns are set so, the others are, though no line shows it.
    """
    lowest: dict[int, float] = {}
    for cell in sorted(columns.header, key=lambda cell: cell.row):
        if cell.col_span == 1:
            lowest[cell.col] = min(word.x0 for word in cell.words)
    words = [word for run in runs for word in run.words] if lowest else []
    x0, x1 = np.array([word.x0 for word in words]), np.array([word.x1 for word in words])
    certain, possible = set(), set()
    for col, edge in lowest.items():
        at = np.count_nonzero(np.abs(x0 - edge) < SAME_PLACE)
        over = np.count_nonzero((x0 < edge - SAME_PLACE) & (x1 > edge + SAME_PLACE))
        if at >= UNDER_HEADER and at >= 4 * over:
            certain.add(col)
        if not over:
            possible.add(col)
    if 2 * len(certain) > len(columns.roles):
        certain |= possible
    return {col: lowest[col] for col in certain if col}


def _of_lines(starts: _Starts, low: float, high: float) -> float | None:
    """The edge between two header cells at which most lines begin."""
    best: tuple[int, float] | None = None
    for edge in starts.between(low, high):
        if best is None or edge - best[1] >= SAME_PLACE:
            n_lines = starts.lines_at(edge)
            if n_lines > (best[0] if best is not None else 0):
                best = n_lines, edge
    return None if best is None else best[1]


def with_cut_headers(strips: Sequence[list[Run]]) -> list[list[Run]]:
    """The lines of a page, header cells that touch (`Cùng kỳ năm trước Kỳ báo cáo`) parted where lines below begin, or
    as the lines of the same cells above or below them are."""
    out = list(strips)
    starts: _Starts | None = None
    n_runs = 0
    near: set[int] = set()  # lines of a header's height
    for i, strip in enumerate(strips):
        n_runs += len(strip)
        if not may_be_header(strip):
            continue
        near.update(range(max(0, i - 2), min(i + 3, len(strips))))
        if any(word.text[0].isupper() for run in strip for word in run.words[1:]):
            starts = starts or _Starts([run for line in strips for run in line])
            out[i] = [part for run in strip for part in _cut_header(run, starts, n_runs)]
    lines = {i: out[i] for i in sorted(near) if not holds_row(out[i])}
    for i, strip in lines.items():
        others = [lines[k] for k in range(i - 3, i + 4) if k != i and k in lines]
        out[i] = [part for run in strip for part in _cut_as(run, others)]
    return out


def _cut_as(run: Run, near: Sequence[Sequence[Run]]) -> list[Run]:
    """A line cut in two where each part is a line of the cell above or below it: `Cùng kỳ Kết quả` over `năm trước` and
    `thực hiện`, which stand apart. A part begins with a capital, or both at the left edge of their cells."""
    words = run.words
    if not 1 < len(words) <= MOST_WORDS:
        return [run]
    for line in near:
        if not 0.5 * run.size < abs(line[0].base - run.base) < 1.6 * run.size:
            continue
        for left, right in pairwise(line):
            if right.x0 < run.x0 or left.x1 > run.x1:
                continue
            is_flush = abs(run.x0 - left.x0) < SAME_PLACE
            for k in range(1, len(words)):
                if not words[k].text[0].isupper() and not (is_flush and abs(words[k].x0 - right.x0) < SAME_PLACE):
                    continue
                parts = [*runs_of(words[:k]), *runs_of(words[k:])]
                is_free = max(left.x1, words[k - 1].x1) + MIN_GUTTER < min(right.x0, words[k].x0)
                if is_free and len(parts) == 2 and _are_set(parts[0], left) and _are_set(parts[1], right):
                    return [*_cut_as(parts[0], near), *_cut_as(parts[1], near)]
    return [run]


def _are_set(part: Run, other: Run) -> bool:
    """Are these lines of one cell, in its middle or at its left edge?"""
    middle = abs(part.x0 + part.x1 - other.x0 - other.x1) / 2
    return middle < SAME_PLACE or abs(part.x0 - other.x0) < SAME_PLACE


def _cut_header(run: Run, starts: _Starts, below: int) -> list[Run]:
    """A cell begins with a capital, at an edge of the lines below, or as its words and those before it say."""
    words = run.words
    places: list[int] = []
    for k in (k for k in range(1, len(words)) if words[k].text[0].isupper()):
        before = line_text(words[places[-1] if places else 0 : k])
        if starts.lines_at(words[k].x0, below) or are_beside(before, line_text(words[k:])):
            places.append(k)
    return [part for a, b in pairwise([0, *places, len(words)]) for part in runs_of(words[a:b])] if places else [run]


def _runs_over(run: Run, edge: float) -> bool:
    """Does a line go on over an edge, without a word that begins at it?"""
    if run.x0 >= edge - SAME_PLACE or run.x1 <= edge + SAME_PLACE:
        return False
    return not any(abs(word.x0 - edge) < SAME_PLACE for word in run.words)


def _cut(run: Run, edges: _Places, known: frozenset[tuple[int, str]] = frozenset()) -> list[Run]:
    words = run.words
    if len(words) < 2 or not edges.are_between(words[1].x0, words[-1].x0):
        return [run]
    places = [(k, col) for k in range(1, len(words)) for col in edges.at(words[k].x0)]
    out: list[Run] = []
    start = 0
    for (k, col), (end, _) in pairwise([*places, (len(words), 0)]):
        is_cell = bool(out) or _is_wide(words, k) or is_number_text(" ".join(w.text for w in words[start:k]))
        if is_cell or (col, " ".join(w.text for w in words[k:end])) in known:
            out += runs_of(words[start:k])
            start = k
    return [*out, *runs_of(words[start:])] if out else [run]


def _is_wide(words: Sequence[Word], k: int) -> bool:
    gaps = [b.x0 - a.x1 for a, b in pairwise(words)]
    others = [gap for i, gap in enumerate(gaps, 1) if i != k]
    return bool(others) and gaps[k - 1] > WIDE * median(others)
