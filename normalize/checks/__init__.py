"""Checks: what contradicts itself in one report, and along a series of reports.

A check is one function `ReportView → doubts` and one line in `CHECKS`; its sentences stand in
`codelists/findings.csv`. No check changes a value. How to add one: docs/howto/add-a-check.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from normalize.checks import cell, inferred, prose, report, table
from normalize.checks.crosstab import check_crosstab
from normalize.checks.view import ExpectedRow, Relation, RelationLike, ReportView, view_of
from normalize.findings import Doubt

CheckFunction: TypeAlias = Callable[[ReportView], Iterable[Doubt]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check and the finding codes it may raise."""

    run: CheckFunction
    codes: tuple[str, ...]


_OPERAND = "contradiction-operand"
CHECKS: Mapping[str, Check] = MappingProxyType({
    "unit-value-mismatch": Check(
        cell.unit_against_value, ("unit-value-mismatch", "percent-looks-like-count", "value-not-in-codes")
    ),
    "value-in-range": Check(cell.value_in_range, ("percent-out-of-range", "negative-count", "fraction-of-count")),
    "unit-contradicts-name": Check(cell.unit_against_name, ("unit-contradicts-name",)),
    "note-contradicts-count": Check(cell.note_against_count, ("note-contradicts-count",)),
    "sum-and-rate-mismatch": Check(
        table.sums_and_rates,
        ("sum-mismatch", "sum-mismatch-reading", "sum-exceeded", "rate-mismatch", "rate-mismatch-reading",
         "rate-without-base", "derived-value", _OPERAND),
    ),
    "sum-pattern-broken": Check(inferred.sums_broken_in_one_column, ("sum-pattern-broken",)),
    "part-exceeds-whole": Check(table.parts_within_wholes, ("part-exceeds-whole",)),
    "child-exceeds-parent": Check(table.children_within_parents, ("child-exceeds-parent",)),
    "template-row-missing": Check(table.rows_left_out, ("template-row-missing",)),
    "count-without-carrier": Check(report.counts_without_carriers, ("count-without-carrier",)),
    "same-count-differs": Check(report.same_counts, ("same-count-differs",)),
    "indicator-twice": Check(report.indicators_twice, ("indicator-twice",)),
    "prose-contradicts-table": Check(prose.prose_against_rows, ("prose-contradicts-table",)),
    "items-contradict-count": Check(report.lists_against_counts, ("items-contradict-count",)),
})  # fmt: skip


#: Codes raised on cross-tables, by `normalize.checks.crosstab` where the layout of the table is known.
CROSSTAB_CODES = (
    "crosstab-sum-mismatch", "crosstab-sum-mismatch-reading", "crosstab-total-undecided", "rate-mismatch",
    "rate-mismatch-reading", "part-exceeds-whole", _OPERAND,
)  # fmt: skip
#: Codes raised between reports, by `normalize.checks.series` in the history stage.
HISTORY_CODES = ("series-jump", "series-slip", "cumulative-falls", "cumulative-falls-widely", "twins-differ")


def run_checks(view: ReportView) -> tuple[Doubt, ...]:
    """Every registered check on one report."""
    view = inferred.with_stated_relations(view)
    return tuple(doubt for check in CHECKS.values() for doubt in check.run(view))


__all__ = [
    "CHECKS",
    "CROSSTAB_CODES",
    "HISTORY_CODES",
    "Check",
    "Doubt",
    "ExpectedRow",
    "Relation",
    "RelationLike",
    "ReportView",
    "check_crosstab",
    "run_checks",
    "view_of",
]
