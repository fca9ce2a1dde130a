"""Checks of a cross-table: sums over its rows and over its columns, rates and parts between its columns.

In: the cells by (row, column) and the relations that `normalize.crosstab` found. Out: doubts; no value is
changed. A relation that the column numbers state (`8=10+16`) always holds; one that the header only suggests
(`Tổng số` beside its parts) is dropped, with one doubt about the table, where most rows break it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeAlias

from normalize.checks.table import agrees, operands_of, total_against_parts
from normalize.checks.view import decimals_printed, is_comparing, is_sure, unit_of
from normalize.findings import Doubt
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
    for outcomes, basis in _judged(cells, relations):
        broken = [o for o in outcomes if o.doubts]
        holding = [o for o in outcomes if not o.doubts and o.says_something]
        if basis != "stated" and len(broken) >= ENOUGH_TO_JUDGE and len(broken) > len(holding):
            yield _undecided(broken)
        else:
            yield from (doubt for outcome in broken for doubt in outcome.doubts)


def _judged(
    cells: Mapping[Place, Observation], relations: Iterable[CrossRelationLike]
) -> Iterator[tuple[list[_Outcome], str]]:
    """What each relation says at each place. Of several sums suggested for one total, the one that fits speaks.

    A total row may be the sum of its headings or of the lowest rows: which of the two is decided place by place.
    """
    groups: dict[tuple[str, str, int, str], list[CrossRelationLike]] = {}
    for relation in relations:
        own = "" if relation.kind == "sum" and relation.basis != "stated" else str(relation.parts)
        groups.setdefault((relation.axis, relation.kind, relation.whole, own), []).append(relation)
    for group in groups.values():
        places: dict[int, list[_Outcome]] = {}
        for relation in group:
            for place, operands in _operands(cells, relation):
                outcome = _at_place(relation, operands)
                if outcome:
                    places.setdefault(place, []).append(outcome)
        best = [min(outcomes, key=lambda outcome: bool(outcome.doubts)) for outcomes in places.values()]
        yield best, group[0].basis


def _operands(
    cells: Mapping[Place, Observation], relation: CrossRelationLike
) -> Iterator[tuple[int, tuple[Observation, ...]]]:
    """The place, the whole and its parts, for every row (or column) in which all of them hold a figure."""
    is_column = relation.axis == "columns"
    others = sorted({row if is_column else column for row, column in cells})
    for other in others:
        places = [(other, n) if is_column else (n, other) for n in (relation.whole, *relation.parts)]
        found = tuple(cells[place] for place in places if place in cells and cells[place].value is not None)
        if len(found) == len(places) > 1:
            yield other, found


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
    return _Outcome(tuple(total_against_parts(whole, parts)), whole.value != 0 or any(figures))


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
