"""What it costs to take neighbouring lines of a table without row rules for one row.

In: the lines of each column that may be one row, and what is known of the whole table. Out: costs, none of them
negative; 0 is a row as rows are. The idea: each column stands at the top, in the middle or at the bottom of its rows; a
name goes on with a small letter or where the next word had no room; a cell of figures holds one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import regex

from extract.tables.column_lines import ColumnLine, has_prefix_code, is_number_text, is_punctuation

NEARER = 0.8  # of the distance of lines within a cell
IN_A_RULED_ROW = 0.25  # what a place in the row counts where rules tell the rows: one may be set unlike the others
MODES = ("top", "middle", "bottom")
_NUMBER = itemgetter(0)
_SUB_ROW = regex.compile(r"^(?:[-–—+•*▪]\s?\p{L}|Trong đó\b|Gồm\b|Bao gồm\b|Chia ra\b)")
_WHOLE = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\s?%?|\d+(?:,\d+)?\s?%?")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the whole table. `steps` are the usual distances of lines within a cell and of
    lines across a row's end (0 where unknown); `limits` is where the lines of each column end."""

    code: int | None
    name: int
    values: frozenset[int]
    leading: float
    between: float
    limits: tuple[float, ...]
    is_complete: bool
    opens_row: bool
    parting: tuple[float, ...]
    has_prefixes: bool


class Joined(NamedTuple):
    """Neighbouring atoms as one row. `offsets`: for each column that does not fill the row's height, in the order of
    the columns, its number and how far it stands from where each of the `MODES` would have it (in lines, 2 at most).
    `costs`: what such a row costs whatever the habits of its columns."""

    offsets: list[tuple[int, dict[str, float]]]
    costs: list[float]


def row_cost(row: Joined, facts: Facts, modes: dict[int, str], *, is_last: bool) -> float:
    """What it costs to have these atoms as one row, where the columns have these habits."""
    cost = 0.0
    habit = IN_A_RULED_ROW if facts.is_complete else 1.0
    for c, offsets in row.offsets:
        mode = modes.get(c)
        if mode is not None:
            # A row that the page's end cuts stands at its top whatever the column's habit.
            offset = min(offsets[mode], offsets["top"]) if is_last else offsets[mode]
            cost += (2.0 if c == facts.code else 1.0) * habit * offset
    for part in row.costs:
        cost += part
    return cost


def joined(
    by_column: dict[int, list[ColumnLine]], top: float, bottom: float, codes: int, facts: Facts, is_first: bool
) -> Joined:
    """The lines of some atoms as one row; `is_first`: no code stands above it."""
    costs = _costs(by_column, codes, facts, is_rest=is_first and not facts.opens_row)
    offsets = [
        (c, _offsets(lines[0].base, lines[-1].base, top, bottom, facts.leading))
        for c, lines in by_column.items()
        if lines[0].base != top or lines[-1].base != bottom
    ]
    offsets.sort(key=_NUMBER)
    return Joined(offsets, list(costs))


def _costs(by_column: dict[int, list[ColumnLine]], codes: int, facts: Facts, *, is_rest: bool) -> Iterator[float]:
    """What a row costs by what it says."""
    known = (facts.name, facts.code)
    name = by_column.get(facts.name)
    if facts.has_prefixes and name:
        yield 4.0 * sum(has_prefix_code(line.text) for line in name[1:])
        if not is_rest and not has_prefix_code(name[0].text):
            yield _codeless_cost(name, by_column, facts)
    if facts.code is not None and not codes:
        yield 0.3 if is_rest else _codeless_cost(name, by_column, facts)
    if name:
        yield _name_cost(name, facts, is_rest and not codes)
    elif codes:
        yield 1.0
    for c, lines in by_column.items():
        if c in facts.values:
            if len(lines) > 1:
                yield 3.0 * (_figures(lines) - 1)
        elif c not in known and not is_rest:
            yield 0.5 * (lines[0].text[:1].islower() or is_punctuation(lines[0].text))


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


def _name_cost(name: Sequence[ColumnLine], facts: Facts, is_rest: bool) -> float:
    cost = 0.0
    first = name[0].text
    if not is_rest and (first[:1].islower() or first[:1] in ")],.;"):
        cost += 1.8
    text = " ".join(line.text for line in name)
    if text.count("(") > text.count(")"):
        cost += 1.0
    for a, b in pairwise(name):
        room = facts.limits[facts.name] - a.x1 - 0.3 * a.size
        if b.words[0].x1 - b.words[0].x0 < room and not b.text[:1].islower() and b.text[:1] not in "(-+":
            cost += 0.9
        if b.base - a.base < NEARER * facts.leading:  # lines of a cell are never so near: two rows
            cost += 0.9
    return cost


def _offsets(first: float, last: float, top: float, bottom: float, leading: float) -> dict[str, float]:
    """How far lines between two places stand from the top, the middle and the bottom of their row, 2 lines at most."""
    return {
        "top": min(2.0, (first - top) / leading),
        "middle": min(2.0, abs(first + last - top - bottom) / 2 / leading),
        "bottom": min(2.0, (bottom - last) / leading),
    }
