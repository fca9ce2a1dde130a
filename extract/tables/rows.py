"""Lines of a table without row rules → rows.

In: the printed lines of each column, the column of codes, rules that certainly divide rows. Out: for
each row, the lines of each column. A row holds one code; which of the lines between two codes belongs
to which is decided by dynamic programming over the places where a row may end:

- cells stand at the top, in the middle or at the bottom of their row, each column alike throughout:
  the three cases are tried for the column of codes, the others follow the rows that this gives;
- a name's next line begins with a small letter, closes a bracket, or would not have fitted above;
- where rows are set apart, the wider step is the row's end; a cell holds one figure.

What a row costs is told by `row_costs`. Cost: linear in lines; a row is looked for among the next `REACH` lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.records import quick
from extract.tables.column_lines import (
    ColumnLine,
    column_lines,
    has_prefix_code,
    has_prefix_codes,
    is_code_text,
    is_key_text,
    is_number_text,
    whole_codes,
)
from extract.tables.header import is_number_row
from extract.tables.row_costs import IN_A_RULED_ROW, MODES, Facts, Growing, Joined, row_cost

__all__ = [
    "ColumnLine", "column_lines", "has_prefix_code", "has_prefix_codes", "is_code_text", "is_key_text",
    "is_number_text", "split_rows",
]  # fmt: skip

REACH = 30
FEW = 4  # rows with a code
MAX_KEPT = 20_000  # rows that are remembered: a table of a page has some hundreds


@quick
@dataclass(frozen=True, slots=True)
class Atom:
    """Lines that cannot be parted by a row's end: their base lines are less than a line apart."""

    lines: tuple[tuple[int, ColumnLine], ...]
    first: float
    last: float
    codes: int


def split_rows(
    columns: Sequence[Sequence[ColumnLine]],
    code: int | None,
    name: int,
    values: Sequence[int] = (),
    separators: Sequence[float] = (),
    *,
    opens_row: bool = True,
    habits: Sequence[int | None] = (),
) -> list[list[list[ColumnLine]]]:
    """Rows, each a list of lines per column. `opens_row` is False where the first lines may be the rest
    of a row of the page before. `separators` are the y of rules across the table. `habits` say how the columns stood
    in the rows of the page before (numbers of `MODES`): where there are few, they show it too little themselves."""
    top = min((lines[0] for lines in columns if lines), key=lambda line: line.base, default=None)
    if top is None:
        return []
    numbers = _column_numbers(columns, top)
    if numbers is not None:
        below = [lines[len(own) :] for lines, own in zip(columns, numbers, strict=True)]
        return [numbers, *split_rows(below, code, name, values, separators, opens_row=opens_row, habits=habits)]
    if code is not None:
        columns = [whole_codes(lines) if c == code else lines for c, lines in enumerate(columns)]
    everything = sorted(((c, line) for c, lines in enumerate(columns) for line in lines), key=lambda p: p[1].base)
    size = median(line.size for _, line in everything)
    leading = _leading(columns, name, size)
    alone = frozenset(range(len(columns))) - {code, name, *values} if not opens_row else frozenset()
    atoms, cuts = _atoms(everything, code, leading, sorted(separators), alone)
    limits = tuple(max((p.x1 for p in lines), default=0.0) for lines in columns)
    facts = Facts(
        code, name, frozenset(values), leading, limits,
        _rules_are_complete(atoms, cuts), opens_row, _parting_costs(atoms, {code, name, *values}, leading),
        code is None and has_prefix_codes([line.text for line in columns[name]]),
    )  # fmt: skip
    candidates = _Candidates(atoms, cuts, facts, len(columns))
    best: list[int] = []
    best_cost = float("inf")
    is_few = bool(habits) and sum(atom.codes for atom in atoms) < FEW
    known: list[int | None] = list(habits) if is_few else [None] * len(columns)
    fixed = None if code is None else known[code]
    for mode in (None,) if code is None else MODES if fixed is None else (fixed,):
        first = list(known)
        if code is not None:
            first[code] = mode
        ends, _ = _partition(candidates, 0.0, first)
        modes = [own if habit is None else habit for own, habit in zip(_modes(candidates, ends), first, strict=True)]
        ends, cost = _partition(candidates, _between(atoms, ends), modes, best_cost)
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
        is_rest = is_note and bool(groups) and c not in alone
        is_note = is_note and c in alone
        is_apart = not groups or is_cut or step >= (0.3 if is_rest else 0.75) * leading
        if is_apart or _is_second(groups[-1], c, line, is_code=c == code):
            groups.append([])
            ruled.append(is_cut)
        groups[-1].append((c, line))
    atoms = []
    for group in groups:
        codes = sum(1 for c, line in group if c == code and is_key_text(line.text))
        atoms.append(Atom(tuple(group), group[0][1].base, group[-1][1].base, codes))
    return atoms, ruled


def _is_second(group: Sequence[tuple[int, ColumnLine]], col: int, line: ColumnLine, *, is_code: bool) -> bool:
    """Has the group a line of this column already? Codes of neighbouring rows are never one atom, however tightly the
    rows are set."""
    above = [own for c, own in group if c == col]
    if not above:
        return False
    if any(line.base - own.base > 0.6 * line.size for own in above):
        return True
    return (
        is_code and is_key_text(line.text) and any(is_key_text(own.text) and line.base - own.base > 3 for own in above)
    )


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

    def __init__(self, atoms: Sequence[Atom], cuts: Sequence[bool], facts: Facts, n_cols: int) -> None:
        self.atoms, self.cuts, self.facts = atoms, cuts, facts
        self.steps = [below.first - above.last for above, below in pairwise(atoms)]
        # what it costs to join two neighbours, by their distance alone
        self.joining = [min(2.0, max(0.0, 4.0 * (step / facts.leading - 1.12))) for step in self.steps]
        habit = IN_A_RULED_ROW if facts.is_complete else 1.0
        self.weights = [(2.0 if c == facts.code else 1.0) * habit for c in range(n_cols)]
        self._first_code = next((i for i, a in enumerate(atoms) if _holds_code(a, facts.code)), len(atoms))
        self._kept: dict[int, list[Joined]] = {}
        self._n_kept = 0

    def from_(self, start: int) -> list[Joined]:
        """The rows that begin with this atom: of one atom, of two, and so on."""
        found = self._kept.get(start)
        if found is None:
            found = list(self._joined_from(start))
            self._n_kept += len(found)
            if self._n_kept <= MAX_KEPT:
                self._kept[start] = found
        return found

    def row(self, start: int, end: int) -> Joined:
        return self.from_(start)[end - start - 1]

    def _joined_from(self, start: int) -> Iterator[Joined]:
        is_rest = start <= self._first_code and not self.facts.opens_row
        row = Growing(self.atoms[start].first, self.facts, is_rest=is_rest)
        codes = 0
        for end in range(start, min(len(self.atoms), start + REACH)):
            atom = self.atoms[end]
            codes += atom.codes
            if end > start and (self.cuts[end] or codes > 1):
                break
            row.add(atom.lines)
            yield row.joined(atom.last, codes)


def _partition(
    candidates: _Candidates, between: float, modes: Sequence[int | None], limit: float = float("inf")
) -> tuple[list[int], float]:
    """Cheapest partition: the ends of rows (indices into atoms) and its cost. `between` is the usual distance of lines
    across a row's end, 0 where it is not known. Only a partition that costs less than `limit` is looked for. No part of
    the cost is negative."""
    n, weights = len(candidates.atoms), candidates.weights
    openings, joinings = _boundary_costs(candidates, between), _joining_costs(candidates, between)
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
                total += row_cost(row, modes, weights, is_last=end == n)
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


def _boundary_costs(candidates: _Candidates, between: float) -> list[float]:
    """What it costs to end a row above each atom."""
    facts = candidates.facts
    if facts.is_complete:
        costs = [6.0] * len(candidates.atoms)
    else:
        costs = [0.05 + parting for parting in facts.parting]
        if between > 1.1 * facts.leading:
            middle = (between + facts.leading) / 2
            wide = between - middle
            for i, step in enumerate(candidates.steps, 1):
                costs[i] += 1.5 * min(1.0, max(0.0, (middle - step) / wide))
    costs = [0.0 if is_ruled else cost for cost, is_ruled in zip(costs, candidates.cuts, strict=True)]
    return [0.0, *costs[1:]]


def _joining_costs(candidates: _Candidates, between: float) -> list[float]:
    """What it costs to have each atom and the next in one row."""
    leading = candidates.facts.leading
    if between <= 1.1 * leading:
        return candidates.joining
    middle = (between + leading) / 2
    wide = between - middle
    return [
        cost + 1.5 * min(1.0, max(0.0, (step - middle) / wide))
        for cost, step in zip(candidates.joining, candidates.steps, strict=True)
    ]


def _modes(candidates: _Candidates, ends: Sequence[int]) -> list[int]:
    """How each column stands in its rows, from the rows found so far."""
    total = [[0.0] * len(MODES) for _ in candidates.weights]
    start = 0
    for end in ends:
        for c, offsets in candidates.row(start, end).offsets:
            own = total[c]
            for mode in MODES:
                own[mode] += offsets[mode]
        start = end
    return [own.index(min(own)) for own in total]


def _between(atoms: Sequence[Atom], ends: Sequence[int]) -> float:
    """The usual step across a row's end, from the rows found so far."""
    steps = sorted(atoms[end].first - atoms[end - 1].last for end in ends[:-1])
    return steps[len(steps) // 4] if steps else 0.0
