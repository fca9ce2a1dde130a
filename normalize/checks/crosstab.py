"""Checks of a cross-table: sums over its rows and over its columns, rates and parts between its columns.

In: the cells by (row, column) and the relations that `normalize.crosstab` found. Out: doubts; no value is
changed. A relation that the column numbers state (`8=10+16`) always holds; one that the header only suggests
(`Tổng số` beside its parts) is dropped, with one doubt about the table, where most rows break it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias

from normalize.checks.table import agrees, operands_of, rounding_slack
from normalize.checks.view import decimals_printed, is_comparing, is_sure, unit_of
from normalize.findings import Doubt, number_vi
from normalize.model import Observation

HUNDRED = Decimal(100)
ENOUGH_TO_JUDGE = 3  # so many places are needed to say that a suggested relation is none

Place: TypeAlias = tuple[int, int]


class CrossRelationLike(Protocol):
    """`axis` columns or rows, `kind` sum, rate or part, `basis` stated or header (see `normalize.columnsums`)."""

    @property
    def axis(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def whole(self) -> int: ...
    @property
    def parts(self) -> tuple[int, ...]: ...
    @property
    def basis(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A relation at one place of the table: what it doubts (nothing where it holds)."""

    doubts: tuple[Doubt, ...]
    says_something: bool  # False for 0 = 0 + 0


def check_crosstab(cells: Mapping[Place, Observation], relations: Iterable[CrossRelationLike]) -> Iterator[Doubt]:
    """Every relation at every place of one cross-table; `cells` by (row, column) in the relations' own numbers."""
    for relation in relations:
        outcomes = [o for o in (_at_place(relation, operands) for operands in _operands(cells, relation)) if o]
        broken = [o for o in outcomes if o.doubts]
        holding = [o for o in outcomes if not o.doubts and o.says_something]
        if relation.basis != "stated" and len(broken) >= ENOUGH_TO_JUDGE and len(broken) > len(holding):
            yield _undecided(broken)
        else:
            yield from (doubt for outcome in broken for doubt in outcome.doubts)


def _operands(cells: Mapping[Place, Observation], relation: CrossRelationLike) -> Iterator[tuple[Observation, ...]]:
    """The whole and its parts, for every row (or column) in which all of them hold a figure."""
    is_column = relation.axis == "columns"
    others = sorted({row if is_column else column for row, column in cells})
    for other in others:
        places = [(other, n) if is_column else (n, other) for n in (relation.whole, *relation.parts)]
        found = tuple(cells[place] for place in places if place in cells and cells[place].value is not None)
        if len(found) == len(places) > 1:
            yield found


def _at_place(relation: CrossRelationLike, operands: Sequence[Observation]) -> _Outcome | None:
    whole, *parts = operands
    figures = [o.value for o in parts if o.value is not None]
    if whole.value is None or len(figures) != len(parts):
        return None
    if relation.kind == "rate":
        return _rate(whole, parts, figures)
    if any(is_comparing(o) or unit_of(o).kind in ("percent", "code") for o in operands):
        return None
    if relation.kind == "part":
        return _Outcome(tuple(_above(whole, parts)), whole.value != 0)
    return _Outcome(tuple(_sum(whole, parts)), whole.value != 0 or any(figures))


def _sum(total: Observation, parts: Sequence[Observation]) -> Iterator[Doubt]:
    added = sum((part.value for part in parts if part.value is not None), Decimal(0))
    if total.value is None or abs(total.value - added) <= rounding_slack([total, *parts]):
        return
    code = "crosstab-sum-mismatch" if is_sure(total, *parts) else "crosstab-sum-mismatch-reading"
    listed = " + ".join(number_vi(part.value) for part in parts if part.value is not None)
    yield Doubt.at(total, code, expected=added, actual=total.value, parts=listed)
    yield from operands_of(total, parts)


def _rate(rate: Observation, parts: Sequence[Observation], figures: Sequence[Decimal]) -> _Outcome | None:
    if len(figures) != 2 or figures[1] == 0 or rate.value is None:
        return None
    exact = HUNDRED * figures[0] / figures[1]
    digits = decimals_printed(rate)
    if agrees(rate.value, exact, digits):
        return _Outcome((), figures[0] not in (0, figures[1]))
    code = "rate-mismatch" if is_sure(rate, *parts) else "rate-mismatch-reading"
    shown = exact.quantize(Decimal(1).scaleb(-max(digits, 2)))
    doubt = Doubt.at(rate, code, expected=shown, actual=rate.value, numerator=figures[0], denominator=figures[1])
    return _Outcome((doubt, *operands_of(rate, parts)), True)


def _above(whole: Observation, parts: Sequence[Observation]) -> Iterator[Doubt]:
    for part in parts:
        if part.value is not None and whole.value is not None and part.value > whole.value >= 0:
            bound, name = f"≤ {whole.value:f}", whole.indicator_raw
            yield Doubt.at(part, "part-exceeds-whole", actual=part.value, expected=bound, limit=whole.value, whole=name)


def _undecided(broken: Sequence[_Outcome]) -> Doubt:
    first = broken[0].doubts[0]
    facts = (("count", len(broken)), ("name", str(dict(first.facts)["name"])))
    return Doubt("crosstab-total-undecided", facts, appendix=first.appendix, table=first.table, page=first.page)


def check_crosstab_sums(
    cells: Mapping[Hashable, Observation], relations: Iterable[tuple[Hashable, Sequence[Hashable]]]
) -> Iterator[Doubt]:
    """Sums for relations `(total_key, part_keys)` over `cells` with any keys.

    A cell that is missing or blank makes its sum unknown, which is no doubt.
    """
    for total_key, part_keys in relations:
        total = cells.get(total_key)
        parts = [cells[key] for key in part_keys if key in cells and cells[key].value is not None]
        if total is not None and parts and len(parts) == len(part_keys):
            yield from _sum(total, parts)
