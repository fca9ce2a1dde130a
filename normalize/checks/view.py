"""What the checks look at: one report's observations, indexed, with its prose and the known relations.

In: observations in reading order, the catalogue's relations, sections, tables, units. Out: `ReportView`,
built once per report; every check is a pure function of it. Relations speak of indicator ids, so a row
that was renumbered still takes part. A column is a pair (measure, breakdown): figures are only ever
compared within one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Protocol, TypeAlias

import regex

from extract.records import quick
from extract.text import fold
from normalize.model import Observation, Section, TableRow, Unit
from normalize.units import parse_unit

Column: TypeAlias = tuple[str, str]

MAIN: Column = ("actual", "")
SURE = 0.85  # below this confidence a contradiction may be the reader's and not the report's

# A column that compares two periods holds differences or percentages: other laws hold there.
_COMPARING = regex.compile(r"\bso sanh\b|\bso voi\b|\btang\b|\bgiam\b|\bchenh lech\b|%|\bty le\b|\bti le\b")


class RelationLike(Protocol):
    """A known relation between indicators: `kind` is sum, rate, part, carrier or same.

    sum: whole = all parts added. rate: whole = parts[0] / parts[1] × 100. part: each part ≤ whole.
    carrier: a count above 0 in whole needs one of the parts above 0. same: all are one count.
    """

    @property
    def kind(self) -> str: ...
    @property
    def whole(self) -> str: ...
    @property
    def parts(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    whole: str
    parts: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A row that the template of table `table` has."""

    table: int
    appendix: str
    stt: str
    indicator_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report as the checks see it. Build it with `view_of`.

    `figures`: the observations that hold a row's own figure (no comparison), with its value and its unit.
    """

    observations: tuple[Observation, ...]
    relations: tuple[RelationLike, ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[TableRow, ...] = ()
    preamble: str = ""
    expected_rows: tuple[ExpectedRow, ...] = ()
    figures: tuple[tuple[Observation, Decimal, Unit], ...] = ()
    by_indicator: Mapping[tuple[str, Column], tuple[Observation, ...]] = field(default_factory=dict)
    by_row: Mapping[tuple[int, str, Column], tuple[Observation, ...]] = field(default_factory=dict)
    in_columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    single: Mapping[tuple[str, Column, int | None], Observation | None] = field(default_factory=dict)

    def columns_of(self, indicator_id: str) -> tuple[Column, ...]:
        """The columns (measure, breakdown) in which an indicator stands."""
        return self.in_columns.get(indicator_id, ())

    def of_kind(self, kind: str) -> tuple[RelationLike, ...]:
        return tuple(relation for relation in self.relations if relation.kind == kind)

    def find(self, indicator_id: str, column: Column, table: int | None = None) -> Observation | None:
        """The one observation of an indicator in a column, looked for in `table` first.

        None where there is none, or several that differ: which one a relation means is then unknown.
        """
        here = (indicator_id, column, table)
        return self.single[here] if here in self.single else self.single.get((indicator_id, column, None))


def view_of(
    observations: Iterable[Observation],
    relations: Iterable[RelationLike] = (),
    *,
    sections: Iterable[Section] = (),
    tables: Iterable[TableRow] = (),
    preamble: str = "",
    expected_rows: Iterable[ExpectedRow] = (),
) -> ReportView:
    """Index a report for the checks."""
    rows = tuple(observations)
    by_indicator: dict[tuple[str, Column], list[Observation]] = {}
    by_row: dict[tuple[int, str, Column], list[Observation]] = {}
    in_columns: dict[str, dict[Column, None]] = {}
    single: dict[tuple[str, Column, int | None], Observation | None] = {}
    for row in rows:
        column = column_of(row)
        if row.indicator_id:
            by_indicator.setdefault((row.indicator_id, column), []).append(row)
            in_columns.setdefault(row.indicator_id, {})[column] = None
            for key in ((row.indicator_id, column, row.table), (row.indicator_id, column, None)):
                first = single.setdefault(key, row)
                if first is not None and first.value != row.value:
                    single[key] = None
        if row.stt:
            by_row.setdefault((row.table, row.stt, column), []).append(row)
    return ReportView(
        observations=rows,
        relations=tuple(relations),
        sections=tuple(sections),
        tables=tuple(tables),
        preamble=preamble,
        expected_rows=tuple(expected_rows),
        figures=tuple((o, o.value, unit_of(o)) for o in rows if o.value is not None and not is_comparing(o)),
        by_indicator={key: tuple(found) for key, found in by_indicator.items()},
        by_row={key: tuple(found) for key, found in by_row.items()},
        single=single,
        in_columns={indicator_id: tuple(found) for indicator_id, found in in_columns.items()},
    )


def column_of(observation: Observation) -> Column:
    return observation.measure, observation.breakdown


def is_comparing(observation: Observation) -> bool:
    """True in a column such as `So sánh`, `Tăng/giảm (%)`: it holds differences or growth, not the row's own figure."""
    return observation.measure == "change" or _compares(observation.measure_raw)


@lru_cache(maxsize=4096)
def _compares(header: str) -> bool:
    return bool(_COMPARING.search(fold(header)))


def adds_up(observation: Observation) -> bool:
    """True where sums and rates must hold. A plan does not: each target is set by itself (100 % of 15 out of 21)."""
    return observation.measure != "plan" and not is_comparing(observation)


def is_sure(*observations: Observation) -> bool:
    """True where every figure was read with confidence, so that a contradiction is the report's own."""
    return all(observation.confidence >= SURE for observation in observations)


def unit_of(observation: Observation) -> Unit:
    """The unit of the row, as printed where the print is kept."""
    return parse_unit(observation.unit_raw or observation.unit)


def decimals_printed(observation: Observation) -> int:
    """Digits printed behind the decimal mark: `88,70%` → 2, `100` → 0, `1.061` read as 1061 → 0."""
    if observation.value is None:
        return 0
    number = _NUMBER.search(observation.value_raw)
    if number:
        whole, mark, fraction = number.group().rpartition("," if "," in number.group() else ".")
        digits = len(fraction) if mark else 0
        printed = int("".join(c for c in whole + fraction if c.isdigit()))
        if printed == abs(observation.value).scaleb(digits):
            return digits
    exponent = observation.value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


_NUMBER = regex.compile(r"\d[\d.,]*\d|\d")


def rows_of(observations: Sequence[Observation]) -> Iterable[Observation]:
    """The first observation that holds a value of each row, for doubts about the row and not a column."""
    seen: set[tuple[int, int]] = set()
    for observation in observations:
        place = (observation.table, observation.row)
        if observation.value is not None and place not in seen:
            seen.add(place)
            yield observation
