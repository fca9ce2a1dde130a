"""What it costs to take neighbouring lines of a table without row rules for one row.

In: the lines of each column that may be one row, and what is known of the whole table. Out: costs, none of them
negative; 0 is a row as rows are. The idea: each column stands at the top, in the middle or at the bottom of its rows; a
name goes on with a small letter or where the next word had no room; a cell of figures holds one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

import regex

from extract.tables.column_lines import ColumnLine, has_prefix_code, is_number_text, is_punctuation

NEARER, FARTHER = 0.8, 1.8  # of the distance of lines within a cell
SHOWN = 1.0  # lines by which the other places of a column in its rows are farther off
IN_A_RULED_ROW = 0.25  # what a place in the row counts where rules tell the rows: one may be set unlike the others
MODES = TOP, _MIDDLE, _BOTTOM = 0, 1, 2  # where the cells of a column stand in their rows
MOST_LINES = 2.0  # that a cell counts as off its place
_NUMBER = itemgetter(0)
_SUB_ROW = regex.compile(r"^(?:[-–—+•*▪]\s?\p{L}|Trong đó\b|Gồm\b|Bao gồm\b|Chia ra\b)")
_WHOLE = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\s?%?|\d+(?:,\d+)?\s?%?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the whole table. `leading` is the usual distance of lines within a cell, `limits` is where the
    lines of each column end."""

    code: int | None
    name: int
    values: frozenset[int]
    leading: float
    limits: tuple[float, ...]
    is_complete: bool
    opens_row: bool
    parting: tuple[float, ...]
    has_prefixes: bool


class Joined(NamedTuple):
    """Neighbouring atoms as one row. `offsets`: for each column that does not fill the row's height, in the order of
    the columns, its number and how far it stands from where each of the `MODES` would have it (in lines,
    `MOST_LINES` at most). `costs`: what such a row costs whatever the habits of its columns; `total`: all of them."""

    offsets: list[tuple[int, tuple[float, float, float]]]
    costs: list[float]
    total: float


def row_cost(row: Joined, modes: Sequence[int | None], weights: Sequence[float], *, is_last: bool) -> float:
    """What it costs to have these atoms as one row, where the columns have these habits (numbers of `MODES`)."""
    cost = 0.0
    for c, offsets in row.offsets:
        mode = modes[c]
        if mode is not None:
            # A row that the page's end cuts stands at its top whatever the column's habit.
            cost += weights[c] * (min(offsets[mode], offsets[TOP]) if is_last else offsets[mode])
    if not cost:
        return row.total
    for part in row.costs:
        cost += part
    return cost


class Growing:
    """A row to which one atom after the other is joined: what does not change with the next one is told once."""

    def __init__(self, top: float, facts: Facts, *, is_rest: bool) -> None:
        """`is_rest`: it may be the rest of a row of the page before."""
        self._top, self._facts, self._is_rest = top, facts, is_rest
        self._columns: dict[int, list[ColumnLine]] = {}
        self._beginnings: dict[int, float] = {}  # what the first lines of units and notes cost
        self._n_steps = self._n_open = 0  # of the name: lines that are hardly one cell's, brackets left open

    def add(self, lines: Sequence[tuple[int, ColumnLine]]) -> None:
        facts, columns = self._facts, self._columns
        for c, line in lines:
            own = columns.get(c)
            if own is None:
                columns[c] = [line]
                if c != facts.name and c != facts.code and c not in facts.values and not self._is_rest:
                    self._beginnings[c] = 0.5 * (line.text[:1].islower() or is_punctuation(line.text))
            else:
                if c == facts.name:
                    self._n_steps += _steps_between(own[-1], line, facts)
                own.append(line)
            if c == facts.name:
                self._n_open += line.text.count("(") - line.text.count(")")

    def joined(self, bottom: float, codes: int) -> Joined:
        """The row so far, which ends at `bottom` and holds so many codes."""
        top, leading = self._top, self._facts.leading
        offsets = []
        for c, lines in self._columns.items() if top != bottom else ():
            first, last = lines[0].base, lines[-1].base
            if first != top or last != bottom:
                above, below = (first - top) / leading, (bottom - last) / leading
                middle = abs(first + last - top - bottom) / 2 / leading
                of_column = above, middle, below
                if above > MOST_LINES or middle > MOST_LINES or below > MOST_LINES:
                    of_column = min(MOST_LINES, above), min(MOST_LINES, middle), min(MOST_LINES, below)
                offsets.append((c, of_column))
        if len(offsets) > 1:
            offsets.sort(key=_NUMBER)
        costs = self._costs(codes)
        return Joined(offsets, costs, sum(costs))

    def _costs(self, codes: int) -> list[float]:
        """What the row costs by what it says."""
        facts, is_rest, columns = self._facts, self._is_rest, self._columns
        name = columns.get(facts.name)
        costs = []
        if facts.has_prefixes and name:
            costs.append(4.0 * sum(has_prefix_code(line.text) for line in name[1:]))
            if not is_rest and not has_prefix_code(name[0].text):
                costs.append(_codeless_cost(name, columns, facts))
        if facts.code is not None and not codes:
            costs.append(0.3 if is_rest else _codeless_cost(name, columns, facts))
        if name:
            costs.append(self._name_cost(name[0].text, is_rest=is_rest and not codes))
        elif codes:
            costs.append(1.0)
        for c, lines in columns.items():
            if c in self._beginnings:
                costs.append(self._beginnings[c])
            elif len(lines) > 1 and c in facts.values:
                costs.append(3.0 * (_figures(lines) - 1))
        return costs

    def _name_cost(self, first: str, *, is_rest: bool) -> float:
        cost = 0.0
        if not is_rest and (first[:1].islower() or first[:1] in ")],.;"):
            cost += 1.8
        if self._n_open > 0:
            cost += 1.0
        return cost + 0.9 * self._n_steps


def _steps_between(above: ColumnLine, below: ColumnLine, facts: Facts) -> int:
    """How much speaks against two lines of a name being one cell's: the next word had room above, they are too near
    or too far apart."""
    room = facts.limits[facts.name] - above.x1 - 0.3 * above.size
    had_room = below.words[0].x1 - below.words[0].x0 < room
    begins = had_room and not below.text[:1].islower() and below.text[:1] not in "(-+"
    step = (below.base - above.base) / facts.leading
    return begins + (step < NEARER or step > FARTHER)  # lines of a cell never are


def _codeless_cost(name: Sequence[ColumnLine] | None, by_column: dict[int, list[ColumnLine]], facts: Facts) -> float:
    """A row without a code is likely where it has a figure of its own or begins like a part of the row above."""
    if not name or not name[0].text[:1].isupper() and not _SUB_ROW.match(name[0].text):
        return 1.6
    has_figure = any(c in facts.values and any(is_number_text(p.text) for p in by_column[c]) for c in by_column)
    return (0.9 if has_figure else 1.6) - (0.6 if _SUB_ROW.match(name[0].text) else 0.0)


def _figures(lines: Sequence[ColumnLine]) -> int:
    """How many figures a value cell holds; one that a narrow column broke (`10.701,` over `0`) is one."""
    count, before = 0, None
    for line in lines:
        if not is_number_text(line.text):
            before = None
            continue
        is_rest = (
            before is not None
            and line.base - before.base < 1.35 * line.size
            and (before.text[-1] in ".,(" or line.text[0] in ".,)" or _is_broken_figure(before.text, line.text))
        )
        count += not is_rest
        before = line
    return max(1, count)


def _is_broken_figure(above: str, below: str) -> bool:
    """`11.78` over `4`, `1.234.5` over `67`: only together a well-formed figure."""
    return bool(_WHOLE.fullmatch(above + below)) and not _WHOLE.fullmatch(above)


def habits_of(rows: Sequence[Sequence[Sequence[ColumnLine]]], known: Sequence[int | None]) -> tuple[int | None, ...]:
    """How each column stands in its rows, one of the `MODES`; what is `known` where these rows do not show it."""
    total: dict[int, list[float]] = {}
    for row in rows:
        ends = [(c, own[0].base, own[-1].base) for c, own in enumerate(row) if own]
        top, bottom = min(first for _, first, _ in ends), max(last for _, _, last in ends)
        size = row[ends[0][0]][0].size
        if bottom - top > 0.5 * size:  # in a row of one line all stand alike
            for c, first, last in ends:
                own = total.setdefault(c, [0.0] * len(MODES))
                own[TOP] += min(MOST_LINES, (first - top) / size)
                own[_MIDDLE] += min(MOST_LINES, abs(first + last - top - bottom) / 2 / size)
                own[_BOTTOM] += min(MOST_LINES, (bottom - last) / size)
    out = list(known) or [None] * max(map(len, rows), default=0)
    for c, offsets in total.items():
        best, second, _ = sorted(MODES, key=offsets.__getitem__)
        if offsets[second] - offsets[best] >= SHOWN:
            out[c] = best
    return tuple(out)
