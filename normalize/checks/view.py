"""What the checks look at: one report's observations, indexed, with its prose and the known relations.

In: observations in reading order, the catalogue's relations, sections, tables, units. Out: `ReportView`,
built once per report (`long_view` for one whose observations are packed); every check is a pure function of it.
Relations speak of indicator ids, so a row that was renumbered still takes part. A column is a pair (measure,
breakdown): figures are only ever compared within one column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, TypeAlias

import regex

from extract.records import Packed, quick
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


class _Index(NamedTuple):
    """Where observations stand. `several`: the first of an indicator that stands more than once in a column, in a table
    and (None) in all tables; None where they differ."""

    by_indicator: Mapping[tuple[str, Column], Sequence[Observation]]
    by_row: Mapping[tuple[int, str, Column], Sequence[Observation]]
    in_columns: Mapping[str, Sequence[Column]]
    several: Mapping[tuple[str, Column, int | None], Observation | None]


Expect: TypeAlias = Callable[[Sequence[Observation]], Iterable[ExpectedRow]]


@dataclass(frozen=True)
class ReportView:
    """One report as the checks see it, or whole tables of a long one (`parts`). Build it with `view_of`.

    `expect` tells the rows that the templates of some observations' tables have. What is worked out from the
    observations is worked out when it is first asked for.
    """

    observations: Sequence[Observation]
    relations: tuple[RelationLike, ...] = ()
    sections: tuple[Section, ...] = ()
    tables: tuple[TableRow, ...] = ()
    preamble: str = ""
    expect: Expect = lambda rows: ()  # noqa: ARG005

    def parts(self) -> Iterator[ReportView]:
        """The report in parts of whole tables, for what looks at one table at a time: a usual report is one."""
        yield self

    @cached_property
    def expected_rows(self) -> tuple[ExpectedRow, ...]:
        return tuple(self.expect(self.observations))

    @cached_property
    def figures(self) -> tuple[tuple[Observation, Decimal, Unit], ...]:
        """The observations that hold a row's own figure (no comparison), with its value and its unit."""
        rows = self.observations
        return tuple((o, o.value, unit_of(o)) for o in rows if o.value is not None and not is_comparing(o))

    @cached_property
    def _index(self) -> _Index:
        by_indicator: dict[tuple[str, Column], list[Observation]] = {}
        by_row: dict[tuple[int, str, Column], list[Observation]] = {}
        in_columns: dict[str, list[Column]] = {}
        several: dict[tuple[str, Column, int | None], Observation | None] = {}
        for row in self.observations:
            column = column_of(row)
            if row.indicator_id:
                alike = by_indicator.get((row.indicator_id, column))
                if alike is None:
                    by_indicator[row.indicator_id, column] = [row]
                    in_columns.setdefault(row.indicator_id, []).append(column)
                else:
                    alike.append(row)
            if row.stt:
                by_row.setdefault((row.table, row.stt, column), []).append(row)
        for (indicator_id, column), rows in by_indicator.items():
            for row in rows if len(rows) > 1 else ():
                for table in (row.table, None):
                    first = several.setdefault((indicator_id, column, table), row)
                    if first is not None and first.value != row.value:
                        several[indicator_id, column, table] = None
        return _Index(by_indicator, by_row, in_columns, several)

    @cached_property
    def by_indicator(self) -> Mapping[tuple[str, Column], Sequence[Observation]]:
        return self._index.by_indicator

    @cached_property
    def by_row(self) -> Mapping[tuple[int, str, Column], Sequence[Observation]]:
        return self._index.by_row

    @cached_property
    def _in_columns(self) -> Mapping[str, Sequence[Column]]:
        return self._index.in_columns

    @cached_property
    def _several(self) -> Mapping[tuple[str, Column, int | None], Observation | None]:
        return self._index.several

    @cached_property
    def kin(self) -> Sequence[tuple[Observation, Observation]]:
        """Parent and child by the code tree, in one column, where there is one such parent and sums must hold."""
        found = []
        for child in self.observations:
            if child.parent_stt and adds_up(child):
                parents = self.by_row.get((child.table, child.parent_stt, column_of(child)), ())
                if len(parents) == 1:
                    found.append((parents[0], child))
        return found

    @cached_property
    def _rivals(self) -> Mapping[tuple[str, Column], tuple[Observation, Observation]]:
        """The first figure of an indicator in a column, and the first that differs from it; where there are two.

        Cross-tables have one figure for each category and several totals: they are left out.
        """
        crossed = {o.table for o in self.observations if o.breakdown_kind}
        found = {}
        for key, rows in self.by_indicator.items():
            figures = [o for o in rows if o.value is not None and o.table not in crossed] if len(rows) > 1 else []
            other = next((o for o in figures if o.value != figures[0].value), None)
            if other is not None:
                found[key] = (figures[0], other)
        return found

    def at(self, place: int) -> Observation:
        """The observation in some place."""
        return self.observations[place]

    def rows_at(self, table: int, stt: str, column: Column) -> Sequence[Observation]:
        """What stands under a code of a table in a column."""
        return self.by_row.get((table, stt, column), ())

    def columns_of(self, indicator_id: str) -> Sequence[Column]:
        """The columns (measure, breakdown) in which an indicator stands."""
        return self._in_columns.get(indicator_id, ())

    def of_kind(self, kind: str) -> tuple[RelationLike, ...]:
        return tuple(relation for relation in self.relations if relation.kind == kind)

    def find(self, indicator_id: str, column: Column, table: int | None = None) -> Observation | None:
        """The one observation of an indicator in a column, looked for in `table` first.

        None where there is none, or several that differ: which one a relation means is then unknown.
        """
        rows = self.by_indicator.get((indicator_id, column), ()) if table is not None else ()
        if len(rows) == 1 and rows[0].table == table:
            return rows[0]
        here = (indicator_id, column, table)
        return self._several[here] if here in self._several else self._in_report(indicator_id, column)

    def _in_report(self, indicator_id: str, column: Column) -> Observation | None:
        rows = self.by_indicator.get((indicator_id, column), ())
        return rows[0] if len(rows) == 1 else self._several.get((indicator_id, column, None))

    @cached_property
    def has_other_figures(self) -> bool:
        """Has any indicator two figures in one column?"""
        return bool(self._rivals)

    def other_figure(self, observation: Observation) -> Observation | None:
        """Another figure of the same indicator in the same column of the report, None where there is none."""
        pair = self._rivals.get((observation.indicator_id, column_of(observation)))
        if pair is None:
            return None
        return pair[0] if observation.value != pair[0].value else pair[1]


def view_of(
    observations: Iterable[Observation],
    relations: Iterable[RelationLike] = (),
    *,
    sections: Iterable[Section] = (),
    tables: Iterable[TableRow] = (),
    preamble: str = "",
    expected_rows: Iterable[ExpectedRow] | Expect = (),
) -> ReportView:
    """One report for the checks. `expected_rows`: those of all its tables, or what tells them."""
    from normalize.checks.long_view import LongView

    known = () if callable(expected_rows) else tuple(expected_rows)
    is_long = isinstance(observations, Packed)
    return (LongView if is_long else ReportView)(
        observations if isinstance(observations, Packed) else tuple(observations),
        tuple(relations),
        tuple(sections),
        tuple(tables),
        preamble,
        expected_rows if callable(expected_rows) else lambda rows: known,  # noqa: ARG005
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
    return 0 if observation.value is None else _decimals(observation.value_raw, observation.value)


@lru_cache(maxsize=8192)
def _decimals(value_raw: str, value: Decimal) -> int:
    number = _NUMBER.search(value_raw)
    if number:
        whole, mark, fraction = number.group().rpartition("," if "," in number.group() else ".")
        digits = len(fraction) if mark else 0
        printed = int("".join(c for c in whole + fraction if c.isdigit()))
        if printed == abs(value).scaleb(digits):
            return digits
    exponent = value.normalize().as_tuple().exponent
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
