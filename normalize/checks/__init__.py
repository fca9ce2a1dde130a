"""Checks: what contradicts itself in one report, and along a series of reports.

A check is one function `ReportView → doubts` and one line in `CHECKS`; its sentences stand in
`codelists/findings.csv`. No check changes a value. How to add one: docs/howto/add-a-check.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from normalize.checks import cell, cell_words, inferred, prose, report, table
from normalize.checks.crosstab import check_crosstab
from normalize.checks.view import ExpectedRow, Relation, RelationLike, ReportView, view_of
from normalize.findings import Doubt

CheckFunction: TypeAlias = Callable[[ReportView], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Check:
    """A check and the finding codes it may raise. `is_of_tables`: it looks at one table at a time and asks the view for
    all else; of a long report it is given a few tables at once. What such a check yields that is no doubt goes to
    `then` when all tables were seen."""

    run: CheckFunction
    codes: tuple[str, ...]
    is_of_tables: bool = False
    then: Callable[[Iterable[object]], Iterable[Doubt]] | None = None


_OPERAND = "contradiction-operand"
CHECKS: Mapping[str, Check] = MappingProxyType({
    "unit-value-mismatch": Check(
        cell.unit_against_value, ("unit-value-mismatch", "percent-looks-like-count", "value-not-in-codes"),
        is_of_tables=True,
    ),
    "percent-looks-like-fraction": Check(cell.fractions_under_percent, ("percent-looks-like-fraction",)),
    "value-in-range": Check(
        cell.value_in_range, ("percent-out-of-range", "negative-count", "fraction-of-count"), is_of_tables=True
    ),
    "money-scale-doubtful": Check(cell.money_in_scale, ("money-scale-doubtful",), is_of_tables=True),
    "unit-contradicts-name": Check(cell.unit_against_name, ("unit-contradicts-name",), is_of_tables=True),
    "cell-says-otherwise": Check(cell_words.words_against_row, ("cell-says-otherwise",), is_of_tables=True),
    "note-contradicts-count": Check(cell.note_against_count, ("note-contradicts-count",), is_of_tables=True),
    "sum-and-rate-mismatch": Check(
        table.sums_and_rates,
        ("sum-mismatch", "sum-mismatch-reading", "sum-exceeded", "rate-mismatch", "rate-mismatch-reading",
         "rate-without-base", "derived-value", _OPERAND),
        is_of_tables=True, then=table.contradictions,
    ),
    "sum-pattern-broken": Check(inferred.sums_broken_in_one_column, ("sum-pattern-broken",), is_of_tables=True),
    "part-exceeds-whole": Check(table.parts_within_wholes, ("part-exceeds-whole",), is_of_tables=True),
    "child-exceeds-parent": Check(table.children_within_parents, ("child-exceeds-parent",), is_of_tables=True),
    "template-row-missing": Check(table.rows_left_out, ("template-row-missing",), is_of_tables=True),
    "count-without-carrier": Check(report.counts_without_carriers, ("count-without-carrier",)),
    "same-count-differs": Check(report.same_counts, ("same-count-differs",)),
    "indicator-twice": Check(report.indicators_twice, ("indicator-twice",), is_of_tables=True),
    "prose-contradicts-table": Check(prose.prose_against_rows, ("prose-contradicts-table",)),
    "items-contradict-count": Check(report.lists_behind_tables, ("items-contradict-count",), is_of_tables=True),
    "documents-contradict-count": Check(report.documents_in_sections, ("items-contradict-count",)),
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
    return tuple(checked(view))


def checked(view: ReportView) -> Iterator[Doubt]:
    """The doubts of every registered check, one after the other."""
    view = inferred.with_stated_relations(view)
    left: dict[str, list[object]] = {}
    for part in view.parts():
        for name, check in CHECKS.items():
            for found in check.run(part) if check.is_of_tables else ():
                if isinstance(found, Doubt):
                    yield found
                else:
                    left.setdefault(name, []).append(found)
    for name, check in CHECKS.items():
        if not check.is_of_tables:
            yield from (found for found in check.run(view) if isinstance(found, Doubt))
        elif check.then is not None:
            yield from check.then(left.get(name, ()))


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
