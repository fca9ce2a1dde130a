"""The lines of a page as runs, and the columns of a table without rules.

In: pieces of printed lines. Out: `Run`s, line by line: words set with usual spaces. The columns are the strips that no
run covers; what the next page has to know of them goes with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from extract.page import LEFT, RUN_GAP, SIZE, Line, Word, line_text
from extract.records import quick

Interval = tuple[float, float]
Gutters = tuple[tuple[Interval, ...], ...]  # between each two columns, the strips that no line covers
MIN_GUTTER = 1.5
_PLACE = attrgetter("base", "x0")


class Run(NamedTuple):
    """Words set with usual spaces: a part of a cell's line, or a line of prose."""

    x0: float
    x1: float
    base: float
    size: float
    words: tuple[Word, ...]
    text: str


@quick
@dataclass(frozen=True, slots=True)
class HeaderCell:
    row: int
    col: int
    row_span: int
    col_span: int
    words: tuple[Word, ...]


@quick
@dataclass(frozen=True, slots=True)
class Columns:
    """Free strips between neighbouring columns, and the header's role of each column.

    For the next page also: where the lines of each column begin, how much room the last line of the
    last name left, how far the lines of a cell are apart (in font sizes; 0: not known), header and captions, which the
    next page may repeat word for word, the left edges of columns that certainly begin there, whether the header is
    set in bold, and how the columns stand in their rows (numbers of `row_costs.MODES`; None where nothing shows it).
    """

    gutters: Gutters
    roles: tuple[str, ...]
    lefts: tuple[float, ...] = ()
    room: float = 0.0
    leading: float = 0.0
    header: tuple[HeaderCell, ...] = ()
    captions: tuple[str, ...] = ()
    edges: tuple[tuple[int, float], ...] = ()
    is_bold: bool = False
    habits: tuple[int | None, ...] = ()

    @property
    def bounds(self) -> tuple[float, ...]:
        """The place of each division, from left to right."""
        return bounds_of(self.gutters)


def bounds_of(gutters: Gutters) -> tuple[float, ...]:
    """The place of each division: the middle of its widest free strip."""
    widest = (strips[0] if len(strips) == 1 else max(strips, key=lambda s: s[1] - s[0]) for strips in gutters)
    return tuple((low + high) / 2 for low, high in widest)


def runs_of(words: Sequence[Word], gap: float = RUN_GAP) -> list[Run]:
    out: list[Run] = []
    start, end = 0, words[0].x1 if words else 0.0
    for i, word in enumerate(words):
        if word.x0 - end > gap * word.size:
            out.append(_run(tuple(words[start:i])))
            start = i
        end = word.x1
    if words:
        out.append(_run(tuple(words[start:])))
    return out


def _run(words: tuple[Word, ...]) -> Run:
    first = words[0]
    if len(words) == 1:
        return Run(first.x0, first.x1, first.base, first.size, words, first.text)
    return Run(first.x0, words[-1].x1, first.base, max(map(SIZE, words)), words, line_text(words))


def strips_of(items: Sequence[Line]) -> list[list[Run]]:
    """Pieces as whole printed lines again, each as its runs, top to bottom."""
    return [_runs_in(line) for line in printed_lines(items)]


def _runs_in(line: Sequence[Line]) -> list[Run]:
    """The runs of a printed line; one piece without wide gaps is one of them as it is."""
    first = line[0]
    if len(line) > 1 or first.is_gapped:
        return runs_of(across(line))
    words = tuple(first.words)
    return [Run(first.x0, words[-1].x1, first.base, first.size, words, first.text)]


def printed_lines(items: Sequence[Line]) -> list[list[Line]]:
    """The pieces of each printed line, top to bottom."""
    lines: list[list[Line]] = []
    for item in sorted(items, key=_PLACE):
        if lines and item.base - lines[-1][0].base < 0.4 * min(item.size, lines[-1][0].size):
            lines[-1].append(item)
        else:
            lines.append([item])
    return lines


def across(line: Sequence[Line]) -> list[Word]:
    if len(line) == 1:
        return line[0].words
    return sorted((word for item in line for word in item.words), key=LEFT)
