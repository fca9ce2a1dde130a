"""Lines of a table without row rules → rows.

In: the printed lines of each column, the column of codes, rules that certainly divide rows. Out: for
each row, the lines of each column. A row holds one code; which of the lines between two codes belongs
to which is decided by dynamic programming over the places where a row may end:

- cells stand at the top, in the middle or at the bottom of their row, each column alike throughout:
  the three cases are tried for the column of codes, the others follow the rows that this gives;
- a name's next line begins with a small letter, closes a bracket, or would not have fitted above;
- where rows are set apart, the wider step is the row's end; a cell holds one figure.

Cost: linear in lines; a row is looked for among the next `REACH` lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from statistics import median
from typing import NamedTuple

import regex

from extract.records import quick
from extract.tables.column_lines import (
    ColumnLine,
    column_lines,
    has_prefix_code,
    has_prefix_codes,
    is_code_text,
    is_key_text,
    is_number_text,
    is_punctuation,
    whole_codes,
)
from extract.tables.header import is_number_row

__all__ = [
    "ColumnLine", "column_lines", "has_prefix_code", "has_prefix_codes", "is_code_text", "is_key_text",
    "is_number_text", "split_rows",
]  # fmt: skip

REACH = 30
MAX_KEPT = 20_000  # rows that are remembered: a table of a page has some hundreds
MODES = ("top", "middle", "bottom")
_NUMBER = itemgetter(0)
_SUB_ROW = regex.compile(r"^(?:[-–—+•*▪]\s?\p{L}|Trong đó\b|Gồm\b|Bao gồm\b|Chia ra\b)")
_WHOLE = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?\s?%?|\d+(?:,\d+)?\s?%?")


@quick
@dataclass(frozen=True, slots=True)
class Atom:
    """Lines that cannot be parted by a row's end: their base lines are less than a line apart."""

    lines: tuple[tuple[int, ColumnLine], ...]
    first: float
    last: float
    codes: int


@dataclass(frozen=True, slots=True)
class _Facts:
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


class _Joined(NamedTuple):
    """Neighbouring atoms as one row. `offsets`: for each column that does not fill the row's height, in the order of
    the columns, its number and how far it stands from where each of the `MODES` would have it (in lines, 2 at most).
    `costs`: what such a row costs whatever the habits of its columns."""

    offsets: list[tuple[int, dict[str, float]]]
    costs: list[float]


def split_rows(
    columns: Sequence[Sequence[ColumnLine]],
    code: int | None,
    name: int,
    values: Sequence[int] = (),
    separators: Sequence[float] = (),
    *,
    opens_row: bool = True,
) -> list[list[list[ColumnLine]]]:
    """Rows, each a list of lines per column. `opens_row` is False where the first lines may be the rest
    of a row of the page before. `separators` are the y of rules across the table."""
    top = min((lines[0] for lines in columns if lines), key=lambda line: line.base, default=None)
    if top is None:
        return []
    numbers = _column_numbers(columns, top)
    if numbers is not None:
        below = [lines[len(own) :] for lines, own in zip(columns, numbers, strict=True)]
        return [numbers, *split_rows(below, code, name, values, separators, opens_row=opens_row)]
    if code is not None:
        columns = [whole_codes(lines) if c == code else lines for c, lines in enumerate(columns)]
    everything = sorted(((c, line) for c, lines in enumerate(columns) for line in lines), key=lambda p: p[1].base)
    size = median(line.size for _, line in everything)
    leading = _leading(columns, name, size)
    alone = frozenset(range(len(columns))) - {code, name, *values} if not opens_row else frozenset()
    atoms, cuts = _atoms(everything, code, leading, sorted(separators), alone)
    limits = tuple(max((p.x1 for p in lines), default=0.0) for lines in columns)
    facts = _Facts(
        code, name, frozenset(values), leading, 0.0, limits,
        _rules_are_complete(atoms, cuts), opens_row, _parting_costs(atoms, {code, name, *values}, leading),
        code is None and has_prefix_codes([line.text for line in columns[name]]),
    )  # fmt: skip
    candidates = _Candidates(atoms, cuts, facts)
    best: list[int] = []
    best_cost = float("inf")
    for mode in MODES if code is not None else ("",):
        ends, _ = _partition(candidates, facts, {} if code is None else {code: mode})
        modes = _modes(candidates, ends, len(columns))
        if code is not None:
            modes[code] = mode
        ends, cost = _partition(candidates, _with_steps(facts, atoms, ends), modes, best_cost)
        if cost < best_cost - 1e-9:
            best, best_cost = ends, cost
    rows = []
    start = 0
    for end in best:
        row: list[list[ColumnLine]] = [[] for _ in columns]
        for atom in atoms[start:end]:
            for c, line in atom.lines:
                row[c].append(line)
        rows.append(row)
        start = end
    return rows


def _column_numbers(columns: Sequence[Sequence[ColumnLine]], top: ColumnLine) -> list[list[ColumnLine]] | None:
    """The first line where it is a row of column numbers, which a page may repeat above the rest of a broken row."""
    first = [[line for line in lines[:1] if line.base - top.base < 0.3 * top.size] for lines in columns]
    return first if is_number_row([lines[0].text if lines else "" for lines in first]) else None


def _leading(columns: Sequence[Sequence[ColumnLine]], name: int, size: float) -> float:
    """The distance of base lines within a cell: from names that go on in small letters, else the closest."""
    lines = columns[name]
    certain = [b.base - a.base for a, b in pairwise(lines) if b.text[:1].islower() and b.base - a.base < 2.2 * size]
    if certain:
        return max(0.9 * size, sorted(certain)[len(certain) // 4])
    steps = [b.base - a.base for column in columns for a, b in pairwise(column)]
    return min((step for step in steps if 0.9 * size <= step < 1.6 * size), default=1.15 * size)


def _atoms(
    everything: Sequence[tuple[int, ColumnLine]],
    code: int | None,
    leading: float,
    separators: Sequence[float],
    alone: frozenset[int],
) -> tuple[list[Atom], list[bool]]:
    """Atoms, and for each whether a rule stands above it.

    On top of a page, the rest of a note from the page before (columns `alone`) may be set so tight above the first row
    that the two are less than a line apart.
    """
    groups: list[list[tuple[int, ColumnLine]]] = []
    ruled: list[bool] = []
    nxt = 0
    is_note = bool(alone)  # no other column so far
    for c, line in everything:
        is_cut, step = False, 0.0
        if groups:
            before = groups[-1][-1][1]
            step = line.base - before.base
            while nxt < len(separators) and separators[nxt] <= before.base - 0.2 * before.size:
                nxt += 1
            is_cut = nxt < len(separators) and separators[nxt] < line.base - 0.3 * line.size
        # Codes of neighbouring rows are never one atom, however tightly the rows are set.
        has_code = bool(groups) and c == code and is_key_text(line.text)
        clash = has_code and any(k == code and is_key_text(p.text) and line.base - p.base > 3 for k, p in groups[-1])
        is_rest = is_note and bool(groups) and c not in alone
        is_note = is_note and c in alone
        if not groups or is_cut or clash or step >= (0.3 if is_rest else 0.75) * leading:
            groups.append([])
            ruled.append(is_cut)
        groups[-1].append((c, line))
    atoms = []
    for group in groups:
        codes = sum(1 for c, line in group if c == code and is_key_text(line.text))
        atoms.append(Atom(tuple(group), group[0][1].base, group[-1][1].base, codes))
    return atoms, ruled


def _rules_are_complete(atoms: Sequence[Atom], cuts: Sequence[bool]) -> bool:
    """Does a rule stand between every two codes? Then rows end at rules and nowhere else."""
    since, codes, missing = 0, 0, 0
    for atom, is_cut in zip(atoms, cuts, strict=True):
        since = atom.codes if is_cut else since + atom.codes
        codes += atom.codes
        missing += atom.codes and since > 1
    return codes > 1 and not missing and sum(cuts) >= codes - 1


class _Candidates:
    """The rows that may be: from each atom those that hold one code at most and run over no rule. They are the same for
    every habit of the columns, and worked out once."""

    def __init__(self, atoms: Sequence[Atom], cuts: Sequence[bool], facts: _Facts) -> None:
        self.atoms, self.cuts = atoms, cuts
        self.steps = [below.first - above.last for above, below in pairwise(atoms)]
        # what it costs to join two neighbours, by their distance alone
        self.joining = [min(2.0, max(0.0, 4.0 * (step / facts.leading - 1.12))) for step in self.steps]
        self._facts = facts
        self._first_code = next((i for i, a in enumerate(atoms) if _holds_code(a, facts.code)), len(atoms))
        self._kept: dict[int, list[_Joined]] = {}
        self._n_kept = 0

    def from_(self, start: int) -> list[_Joined]:
        """The rows that begin with this atom: of one atom, of two, and so on."""
        found = self._kept.get(start)
        if found is None:
            found = list(self._joined_from(start))
            self._n_kept += len(found)
            if self._n_kept <= MAX_KEPT:
                self._kept[start] = found
        return found

    def row(self, start: int, end: int) -> _Joined:
        return self.from_(start)[end - start - 1]

    def _joined_from(self, start: int) -> Iterator[_Joined]:
        by_column: dict[int, list[ColumnLine]] = {}
        codes = 0
        for end in range(start, min(len(self.atoms), start + REACH)):
            atom = self.atoms[end]
            codes += atom.codes
            if end > start and (self.cuts[end] or codes > 1):
                break
            for c, line in atom.lines:
                by_column.setdefault(c, []).append(line)
            yield _joined(by_column, self.atoms[start].first, atom.last, codes, self._facts, start <= self._first_code)


def _partition(
    candidates: _Candidates, facts: _Facts, modes: dict[int, str], limit: float = float("inf")
) -> tuple[list[int], float]:
    """Cheapest partition: the ends of rows (indices into atoms) and its cost. Only one that costs less than `limit` is
    looked for. No part of the cost is negative."""
    n = len(candidates.atoms)
    openings, joinings = _boundary_costs(candidates, facts), _joining_costs(candidates, facts)
    cost = [0.0] + [limit] * n
    before = [0] * (n + 1)
    for start in range(n):
        opened = cost[start] + openings[start]
        joining = 0.0
        for end, row in enumerate(candidates.from_(start), start + 1):
            if end > start + 1:
                joining += joinings[end - 2]
            total = opened + joining
            if total < cost[end]:
                total += _row_cost(row, facts, modes, is_last=end == n)
                if total < cost[end]:
                    cost[end], before[end] = total, start
    ends = []
    at = n
    while at:
        ends.append(at)
        at = before[at]
    return ends[::-1], cost[n]


def _holds_code(atom: Atom, code: int | None) -> bool:
    """A code of a data row, not the header's word over the codes."""
    return atom.codes > 0 and any(c == code and is_code_text(line.text) for c, line in atom.lines)


def _parting_costs(atoms: Sequence[Atom], other: set[int | None], leading: float) -> tuple[float, ...]:
    """What it costs to end a row above each atom, by the cells of units and notes that would be parted there.

    Lines set as close as those of one cell are one cell's, all the more where the second goes on with the first.
    """
    after: list[dict[int, ColumnLine]] = []
    following: dict[int, ColumnLine] = {}
    for atom in reversed(atoms):
        following = {**following, **{c: line for c, line in reversed(atom.lines) if c not in other}}
        after.append(following)
    costs = []
    before: dict[int, ColumnLine] = {}
    for atom, below in zip(atoms, reversed(after), strict=True):
        near = [(a, below[c]) for c, a in before.items() if c in below and below[c].base - a.base <= 1.15 * leading]
        costs.append(sum(0.9 if _ties(a.text, b.text) else 0.3 for a, b in near if a.text != b.text))
        before.update((c, line) for c, line in atom.lines if c not in other)
    return tuple(costs)


def _ties(above: str, below: str) -> bool:
    first = below[0]
    return (
        first.islower() or first.isdigit() or first in ")],.;=%"
        or above[-1] in "=,(-:/" or above.count("(") > above.count(")")
    )  # fmt: skip


def _boundary_costs(candidates: _Candidates, facts: _Facts) -> list[float]:
    """What it costs to end a row above each atom."""
    if facts.is_complete:
        costs = [6.0] * len(candidates.atoms)
    else:
        costs = [0.05 + parting for parting in facts.parting]
        if facts.between > 1.1 * facts.leading:
            middle = (facts.between + facts.leading) / 2
            wide = facts.between - middle
            for i, step in enumerate(candidates.steps, 1):
                costs[i] += 1.5 * min(1.0, max(0.0, (middle - step) / wide))
    costs = [0.0 if is_ruled else cost for cost, is_ruled in zip(costs, candidates.cuts, strict=True)]
    return [0.0, *costs[1:]]


def _joining_costs(candidates: _Candidates, facts: _Facts) -> list[float]:
    """What it costs to have each atom and the next in one row."""
    if facts.between <= 1.1 * facts.leading:
        return candidates.joining
    middle = (facts.between + facts.leading) / 2
    wide = facts.between - middle
    return [
        cost + 1.5 * min(1.0, max(0.0, (step - middle) / wide))
        for cost, step in zip(candidates.joining, candidates.steps, strict=True)
    ]


def _row_cost(row: _Joined, facts: _Facts, modes: dict[int, str], *, is_last: bool) -> float:
    """What it costs to have these atoms as one row, where the columns have these habits."""
    cost = 0.0
    for c, offsets in row.offsets:
        mode = modes.get(c)
        if mode is not None:
            # A row that the page's end cuts stands at its top whatever the column's habit.
            offset = min(offsets[mode], offsets["top"]) if is_last else offsets[mode]
            cost += (2.0 if c == facts.code else 1.0) * offset
    for part in row.costs:
        cost += part
    return cost


def _joined(
    by_column: dict[int, list[ColumnLine]], top: float, bottom: float, codes: int, facts: _Facts, is_first: bool
) -> _Joined:
    """The lines of some atoms as one row; `is_first`: no code stands above it."""
    costs = _costs(by_column, codes, facts, is_rest=is_first and not facts.opens_row)
    offsets = [
        (c, _offsets(lines[0].base, lines[-1].base, top, bottom, facts.leading))
        for c, lines in by_column.items()
        if lines[0].base != top or lines[-1].base != bottom
    ]
    offsets.sort(key=_NUMBER)
    return _Joined(offsets, list(costs))


def _costs(by_column: dict[int, list[ColumnLine]], codes: int, facts: _Facts, *, is_rest: bool) -> Iterator[float]:
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


def _codeless_cost(name: Sequence[ColumnLine] | None, by_column: dict[int, list[ColumnLine]], facts: _Facts) -> float:
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


def _name_cost(name: Sequence[ColumnLine], facts: _Facts, is_rest: bool) -> float:
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
    return cost


def _offsets(first: float, last: float, top: float, bottom: float, leading: float) -> dict[str, float]:
    """How far lines between two places stand from the top, the middle and the bottom of their row, 2 lines at most."""
    return {
        "top": min(2.0, (first - top) / leading),
        "middle": min(2.0, abs(first + last - top - bottom) / 2 / leading),
        "bottom": min(2.0, (bottom - last) / leading),
    }


def _modes(candidates: _Candidates, ends: Sequence[int], n_cols: int) -> dict[int, str]:
    """How each column stands in its rows, from the rows found so far."""
    total = [dict.fromkeys(MODES, 0.0) for _ in range(n_cols)]
    start = 0
    for end in ends:
        for c, offsets in candidates.row(start, end).offsets:
            for mode in MODES:
                total[c][mode] += offsets[mode]
        start = end
    return {c: min(MODES, key=total[c].__getitem__) for c in range(n_cols)}


def _with_steps(facts: _Facts, atoms: Sequence[Atom], ends: Sequence[int]) -> _Facts:
    """The usual step across a row's end, from the rows found so far."""
    steps = sorted(atoms[end].first - atoms[end - 1].last for end in ends[:-1])
    between = steps[len(steps) // 4] if steps else 0.0
    return replace(facts, between=between)
