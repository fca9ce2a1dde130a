"""Checks inside one table: sums, rates, parts and wholes, parents and children, rows left out.

In: `ReportView`. Out: doubts; no value is changed. Which rows belong together is said by the catalogue's
relations (indicator ids), for rows it does not know by the code tree. An operand that is blank was not
reported: it is never taken for 0. Where a calculation fails, nobody knows which figure is wrong: the
result gets the finding, each operand a warning that points to it, unless another calculation confirms it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter

import regex

from extract.text import fold
from normalize.checks.view import (
    RelationLike,
    ReportView,
    adds_up,
    decimals_printed,
    is_sure,
    unit_of,
)
from normalize.findings import Doubt, number_vi
from normalize.model import Observation

HUNDRED = Decimal(100)
# Measured or converted figures are rounded before they are added; counts are not.
_MEASURED = frozenset({"money", "area", "time", "percent"})
_MISMATCHES = ("sum-mismatch", "sum-mismatch-reading", "rate-mismatch", "rate-mismatch-reading")


@dataclass(frozen=True, slots=True)
class Failed:
    """A calculation that fails: number of its relation, what to say of its result, its figures."""

    relation: int
    doubt: Doubt
    result: Observation
    operands: Sequence[Observation]


def sums_and_rates(view: ReportView) -> Iterator[Doubt | Failed | frozenset[str]]:
    """Sums of children against parents, rates against numerator and denominator, and what they derive.

    Which figures are put in doubt by a failure is known when all calculations were made: failures and the ids of the
    figures that a calculation confirms are handed on to `contradictions`.
    """
    confirmed: set[str] = set()
    for n, relation in enumerate((*view.of_kind("sum"), *view.of_kind("rate"))):
        for result, parts in _places(view, relation):
            operands: Sequence[Observation] = [part for part in parts if part is not None]
            if relation.kind == "sum":
                doubt, holds = _sum(result, parts)
            elif len(operands) == 2:
                doubt, holds = _rate(result, *operands)
            else:
                continue
            if doubt and doubt.code in _MISMATCHES:
                yield Failed(n, doubt, result, operands)
            elif doubt:
                yield doubt
            if holds:
                confirmed |= {result.observation_id, *(operand.observation_id for operand in operands)}
    yield frozenset(confirmed)


def contradictions(found: Iterable[object]) -> Iterator[Doubt]:
    """What failed, with the operands that no calculation confirms: by relation, however the report is parted."""
    failed: list[Failed] = []
    confirmed: set[str] = set()
    for one in found:
        if isinstance(one, Failed):
            failed.append(one)
        elif isinstance(one, frozenset):
            confirmed |= one
    for one in sorted(failed, key=attrgetter("relation")):
        yield one.doubt
        yield from operands_of(one.result, (o for o in one.operands if o.observation_id not in confirmed))


def _places(view: ReportView, relation: RelationLike) -> Iterator[tuple[Observation, tuple[Observation | None, ...]]]:
    """Where the whole of a relation stands, with its parts in the same column (None = no such row)."""
    for column in view.columns_of(relation.whole):
        wholes = view.by_indicator.get((relation.whole, column), ())
        for whole in wholes:
            if not adds_up(whole):
                continue
            parts = tuple(view.find(part, column, whole.table) for part in relation.parts)
            if any(parts):
                yield whole, parts


def operands_of(result: Observation, operands: Iterable[Observation]) -> Iterator[Doubt]:
    for operand in operands:
        if operand.value is not None:
            yield Doubt.at(
                operand,
                "contradiction-operand",
                actual=operand.value,
                whole=result.indicator_raw,
                whole_stt=result.stt or str(result.row),
            )


def rounding_slack(operands: Sequence[Observation]) -> Decimal:
    """How far a sum of rounded figures may stray: half of each one's last printed digit; nothing for counts.

    `200` among figures with decimals is `200,0` with its zero dropped.
    """
    digits = [decimals_printed(o) for o in operands]
    if not any(digits) and not any(unit_of(o).kind in _MEASURED for o in operands):
        return Decimal(0)
    least = min((d for d in digits if d), default=0)
    return sum((Decimal(1).scaleb(-(d or least)) / 2 for d in digits), Decimal(0))


def _sum(whole: Observation, parts: Sequence[Observation | None]) -> tuple[Doubt | None, bool]:
    """The doubt about a sum, if any, and whether the sum confirms its figures (it holds and is not all 0)."""
    present = [part for part in parts if part is not None and part.value is not None]
    total = sum((part.value for part in present if part.value is not None), Decimal(0))
    if not present:
        return None, False
    complete = len(present) == len(parts)
    if whole.value is None:
        known = complete and whole.value_kind == "blank"
        return (Doubt.at(whole, "derived-value", expected=total, formula=_listed(present)) if known else None), False
    if _is_equal(whole, total, present):
        return None, complete and bool(total)
    if not complete and total <= whole.value:
        return None, False
    listed = _listed(present)
    if not complete:
        return Doubt.at(whole, "sum-exceeded", expected=total, actual=whole.value, parts=listed), False
    code = "sum-mismatch" if is_sure(whole, *present) else "sum-mismatch-reading"
    return Doubt.at(whole, code, expected=total, actual=whole.value, parts=listed), False


def _listed(parts: Iterable[Observation]) -> str:
    return " + ".join(number_vi(part.value) for part in parts if part.value is not None)


def _is_equal(whole: Observation, total: Decimal, parts: Sequence[Observation]) -> bool:
    """Is a figure the sum of others, as far as they are rounded? What is exactly equal needs no slack."""
    return whole.value is not None and (
        whole.value == total or abs(whole.value - total) <= rounding_slack([whole, *parts])
    )


def agrees(printed: Decimal, exact: Decimal, digits: int) -> bool:
    """True where `printed`, with `digits` behind the mark, is `exact` rounded half up, or cut off behind the mark.

    `66,6` for 66,67 is a habit of some programs; a whole `8` for 8,96 is another number.
    """
    step = Decimal(1).scaleb(-digits)
    return abs(exact - printed) * 2 <= step or (digits > 0 and 0 <= exact - printed < step)


def _rate(rate: Observation, numerator: Observation, denominator: Observation) -> tuple[Doubt | None, bool]:
    n, d = numerator.value, denominator.value
    if n is None or d is None:
        return None, False
    if d == 0:
        odd = rate.value is not None and rate.value not in (0, HUNDRED)
        return (Doubt.at(rate, "rate-without-base", actual=rate.value) if odd else None), False
    exact = HUNDRED * n / d
    if rate.value is None:
        shown, formula = _rounded(exact), f"{number_vi(n)}/{number_vi(d)}"
        known = rate.value_kind == "blank"
        return (Doubt.at(rate, "derived-value", expected=shown, formula=formula) if known else None), False
    digits = decimals_printed(rate)
    if agrees(rate.value, exact, digits):
        return None, n not in (0, d)
    code = "rate-mismatch" if is_sure(rate, numerator, denominator) else "rate-mismatch-reading"
    shown = _rounded(exact, max(digits, 2))
    return Doubt.at(rate, code, expected=shown, actual=rate.value, numerator=n, denominator=d), False


def _rounded(value: Decimal, digits: int = 2) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def parts_within_wholes(view: ReportView) -> Iterator[Doubt]:
    """A part above its whole: by the catalogue's part relations, and numerators above denominators."""
    for relation in (*view.of_kind("part"), *view.of_kind("rate")):
        whole_id, part_ids = relation.whole, relation.parts
        if relation.kind == "rate":
            part_ids, whole_id = relation.parts[:1], relation.parts[1]
        for part_id in part_ids:
            for column in view.columns_of(part_id):
                for part in view.by_indicator.get((part_id, column), ()):
                    whole = view.find(whole_id, column, part.table)
                    if whole:
                        yield from _above("part-exceeds-whole", part, whole)


# Under `Số hồ sơ tiếp nhận trong kỳ`: what was carried over stands beside the period's count, not inside it.
_NOT_OF_PARENT = regex.compile(r"\b(?:(?:ky|quy|nam|thang) (?:truoc|sau)|cung ky|chuyen (?:sang|qua|tiep))\b")


def children_within_parents(view: ReportView) -> Iterator[Doubt]:
    """A child row above its parent of the same unit, where the parent is a total or the child is `Trong đó`.

    Where the catalogue has a relation between the two, that one speaks.
    """
    for parent, child in view.kin:
        if child.value is None or parent.value is None or not child.value > parent.value >= 0:
            continue
        pair = {parent.indicator_id, child.indicator_id}
        if any({r.whole, part} == pair for r in view.relations for part in r.parts):
            continue
        same_unit = fold(parent.unit_raw) == fold(child.unit_raw) != "" and "%" not in child.unit_raw
        if same_unit and "=" not in child.unit_raw and not _NOT_OF_PARENT.search(fold(child.indicator_raw)):
            yield from _above("child-exceeds-parent", child, parent)


def _above(code: str, part: Observation, whole: Observation) -> Iterator[Doubt]:
    if part.value is None or whole.value is None or not adds_up(part):
        return
    if part.value > whole.value >= 0:
        bound = f"≤ {whole.value:f}"
        yield Doubt.at(part, code, actual=part.value, expected=bound, limit=whole.value, whole=whole.indicator_raw)


def rows_left_out(view: ReportView) -> Iterator[Doubt]:
    """Rows the template has and the table does not. A missing row may be meant (`huyện`, `xã`): info."""
    printed = {(o.table, o.stt) for o in view.observations}
    known = {(o.table, o.indicator_id) for o in view.observations}
    tables = {table for table, _ in printed}
    for row in view.expected_rows:
        if row.table in tables and (row.table, row.stt) not in printed and (row.table, row.indicator_id) not in known:
            yield Doubt(
                "template-row-missing",
                (("name", row.name), ("stt", row.stt)),
                appendix=row.appendix,
                stt=row.stt,
                table=row.table,
                indicator_id=row.indicator_id,
            )


def total_against_parts(total: Observation, parts: Sequence[Observation]) -> Iterator[Doubt]:
    added = sum((part.value for part in parts if part.value is not None), Decimal(0))
    if total.value is None or _is_equal(total, added, parts):
        return
    code = "crosstab-sum-mismatch" if is_sure(total, *parts) else "crosstab-sum-mismatch-reading"
    yield Doubt.at(total, code, expected=added, actual=total.value, parts=_listed(parts))
    yield from operands_of(total, parts)


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
            yield from total_against_parts(total, parts)
