"""A long report as the checks see it: never all of it at once.

In: observations that are packed. Out: a `ReportView` whose `parts` are made one after the other, of whole tables. What
has to be known of the whole report is kept by place and value: where an indicator stands, whether its figures differ.
An observation that is asked for by its place is made anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from normalize.checks.view import Column, ReportView, column_of
from normalize.model import Observation

PART = 1_000  # observations: a part has at least so many
_TABLE = attrgetter("table")
_RECENT = 1_024  # observations asked for by their place that are held


@dataclass(slots=True)
class _Seen:
    """What is known of an indicator in a column: places of its first observation, of its first figure outside
    cross-tables and of the first that differs from that (-1: none)."""

    at: int
    value: Decimal | None
    is_one: bool = True
    figure_at: int = -1
    figure: Decimal | None = None
    other_at: int = -1


@dataclass(frozen=True)
class LongView(ReportView):
    """A report whose observations are packed."""

    def parts(self) -> Iterator[ReportView]:
        tables = {row.table: row for row in self.tables}
        for _, rows in self._groups():
            own = tuple(tables[n] for n in dict.fromkeys(row.table for row in rows) if n in tables)
            yield _Part(rows, self.relations, self.sections, own, self.preamble, self.expect, whole=self)

    def _groups(self) -> Iterator[tuple[int, Sequence[Observation]]]:
        """Observations of whole tables, with the place of the first of them."""
        held: list[Observation] = []
        place = 0
        for _, rows in groupby(self.observations, _TABLE):
            held.extend(rows)
            if len(held) >= PART:
                yield place, held
                place += len(held)
                held = []
        if held:
            yield place, held

    @cached_property
    def _seen(self) -> Mapping[tuple[str, Column], _Seen]:
        found: dict[tuple[str, Column], _Seen] = {}
        columns: dict[Column, Column] = {}
        for place, rows in self._groups():
            crossed = {row.table for row in rows if row.breakdown_kind}
            for at, row in enumerate(rows, place):
                if not row.indicator_id:
                    continue
                column = column_of(row)
                key = (row.indicator_id, columns.setdefault(column, column))
                seen = found.get(key)
                if seen is None:
                    seen = found[key] = _Seen(at, row.value)
                elif row.value != seen.value:
                    seen.is_one = False
                if row.value is not None and row.table not in crossed:
                    if seen.figure is None:
                        seen.figure_at, seen.figure = at, row.value
                    elif seen.other_at < 0 and row.value != seen.figure:
                        seen.other_at = at
        return found

    @cached_property
    def _in_columns(self) -> Mapping[str, Sequence[Column]]:
        found: dict[str, tuple[Column, ...]] = {}
        for indicator_id, column in self._seen:
            found[indicator_id] = (*found.get(indicator_id, ()), column)
        return found

    @cached_property
    def _spans(self) -> Mapping[int, tuple[int, int]]:
        """Places of the first and behind the last observation of each table."""
        found: dict[int, tuple[int, int]] = {}
        for at, row in enumerate(self.observations):
            found[row.table] = (found.get(row.table, (at, at))[0], at + 1)
        return found

    @cached_property
    def _made(self) -> dict[int, Observation]:
        return {}

    def at(self, place: int) -> Observation:
        made = self._made
        if place not in made:
            if len(made) >= _RECENT:
                made.clear()
            made[place] = self.observations[place]
        return made[place]

    def rows_at(self, table: int, stt: str, column: Column) -> Sequence[Observation]:
        rows = [self.observations[at] for at in range(*self._spans.get(table, (0, 0)))]
        return [row for row in rows if row.stt == stt and column_of(row) == column]

    def find(self, indicator_id: str, column: Column, table: int | None = None) -> Observation | None:
        rows = [self.observations[at] for at in range(*self._spans.get(table, (0, 0)))] if table is not None else []
        rows = [row for row in rows if row.indicator_id == indicator_id and column_of(row) == column]
        if rows:
            return rows[0] if all(row.value == rows[0].value for row in rows) else None
        return self._in_report(indicator_id, column)

    def _in_report(self, indicator_id: str, column: Column) -> Observation | None:
        seen = self._seen.get((indicator_id, column))
        return self.at(seen.at) if seen is not None and seen.is_one else None

    @cached_property
    def has_other_figures(self) -> bool:
        return any(seen.other_at >= 0 for seen in self._seen.values())

    def other_figure(self, observation: Observation) -> Observation | None:
        seen = self._seen.get((observation.indicator_id, column_of(observation)))
        if seen is None or seen.other_at < 0:
            return None
        return self.at(seen.figure_at if observation.value != seen.figure else seen.other_at)


@dataclass(frozen=True)
class _Part(ReportView):
    """Whole tables of a long report; what they do not tell, the report is asked for."""

    whole: LongView = field(kw_only=True)

    def find(self, indicator_id: str, column: Column, table: int | None = None) -> Observation | None:
        return super().find(indicator_id, column, table) if table is not None else self._in_report(indicator_id, column)

    def _in_report(self, indicator_id: str, column: Column) -> Observation | None:
        return self.whole._in_report(indicator_id, column)

    @cached_property
    def has_other_figures(self) -> bool:
        return self.whole.has_other_figures

    def other_figure(self, observation: Observation) -> Observation | None:
        return self.whole.other_figure(observation)
