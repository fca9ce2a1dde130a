"""The checks along the series of all reports, in bounded memory.

In: the primary observations, in any order. Out: (report id, doubt) pairs of `normalize.checks.series`. The
few columns a check needs are grouped by indicator on disk; whether a series can be doubted at all is decided for
a whole bucket at once from its numbers (conditions that every doubt needs, with room for rounding), and only a
series that can be is turned into Python objects and checked. So the result is that of checking all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.buckets import Buckets
from baocao.once import runs, single
from baocao.writers import Written
from normalize.checks.series import FULL, JUMP, MIN_OTHERS, STEADY, Point, check_history, is_running, span_of, start_of
from normalize.checks.view import is_comparing, unit_of
from normalize.findings import Doubt
from normalize.model import Observation

_SERIES = ("indicator_id", "agency_id", "province_id", "measure", "breakdown")
_COLUMNS = (
    *_SERIES,
    "report_id",
    "observation_id",
    "period",
    "period_start",
    "period_end",
    "flow",
    "value",
    "value_base",
    "indicator",
    "appendix",
    "stt",
    "table",
    "row",
    "page",
    "unit",
    "unit_raw",
    "value_kind",
    "measure_raw",
)
_FIELDS = tuple(field.name for field in fields(Point) if field.name != "printed")  # that is the last
_OF_POINT = [name for name in _FIELDS if name != "is_amount"]
_NAMED_OTHERWISE = {"name": "indicator", "base": "value_base"}
_ORDER = (*_SERIES, "period_end", "period", "observation_id")
_COMPARED = pa.schema([("report", pa.string()), ("period", pa.string()), ("n", pa.int64())])
_TABLES = 8  # so many wait before they are summed
_ROUNDING = 0.999
_EXACT = 2.0**52  # larger numbers may be equal as floats and differ as printed
_BLANK: dict[str, Any] = {
    column.name: "" if column.type == "string" else None for column in schema.columns("observations")
}
Array: TypeAlias = "np.ndarray[Any, Any]"


class SeriesChecks:
    """Takes observations, then gives the doubts."""

    def __init__(self, scratch: Path, n_observations: int) -> None:
        fields = schema.arrow_schema("observations", stored=True)
        self._buckets = Buckets(
            scratch / "series",
            pa.schema([fields.field(name) for name in _COLUMNS]),
            "indicator_id",
            n_observations // 2,
        )
        self._compared = _Compared()

    def add(self, table: str, rows: pa.Table) -> None:  # noqa: ARG002 - a sink of observations only
        named = pc.not_equal(rows.column("indicator_id").cast(pa.string()), "")
        known = pc.and_(pc.is_valid(rows.column("value")), named)
        self._buckets.add(rows.filter(pc.and_(known, rows.column("is_primary"))))

    def close(self) -> list[Written]:
        """Nothing is written."""
        return []

    def doubts(self) -> Iterator[tuple[str, Doubt]]:
        """All doubts; call it once, when all rows have come."""
        return check_history(self._series(), self._compared)

    def _series(self) -> Iterator[Sequence[Point]]:
        for series, compared in self._buckets.each(_ORDER, _open):
            self._compared.add(compared)
            yield from series


class _Compared(Mapping[tuple[str, str], int]):
    """How many pairs there are in all series, by (later report, earlier period). There is one for nearly every report:
    they are kept as Arrow columns, and found by halving."""

    def __init__(self) -> None:
        self._summed = _COMPARED.empty_table()  # in order of its keys
        self._waiting: list[pa.Table] = []

    def add(self, pairs: pa.Table) -> None:
        self._waiting.append(pairs)
        if len(self._waiting) >= _TABLES:
            self._sum()

    def _sum(self) -> pa.Table:
        if self._waiting:
            pairs = pa.concat_tables([self._summed, *self._waiting])
            added = pairs.group_by(["report", "period"], use_threads=False).aggregate([("n", "sum")])
            summed = added.rename_columns(_COMPARED.names)
            self._summed = summed.sort_by([("report", "ascending"), ("period", "ascending")]).combine_chunks()
            self._waiting = []
        return self._summed

    def __getitem__(self, key: tuple[str, str]) -> int:
        table = self._sum()
        report, period = table.column("report"), table.column("period")
        at = bisect_left(range(len(table)), key, key=lambda i: (report[i].as_py(), period[i].as_py()))
        if at == len(table) or (report[at].as_py(), period[at].as_py()) != key:
            raise KeyError(key)
        return int(table.column("n")[at].as_py())

    def __len__(self) -> int:
        return int(self._sum().num_rows)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for row in self._sum().to_pylist():
            yield row["report"], row["period"]


def _open(rows: pa.Table) -> tuple[list[list[Point]], pa.Table]:
    """The series of a bucket that can be doubted, and how many pairs there are in all of them."""
    if not rows.num_rows:
        return [], _COMPARED.empty_table()
    spans = runs(rows, _SERIES)
    sizes = np.array([stop - start for start, stop in spans])
    look = _Look(rows, np.repeat(np.arange(len(spans)), sizes))
    falling, compared = look.falling()
    open_series = np.union1d(look.out_of_line(), falling)
    if not len(open_series):
        return [], compared
    opened = [spans[number] for number in open_series.tolist()]
    places = np.concatenate([np.arange(start, stop) for start, stop in opened])
    points = look.points(places)
    return [[next(points) for _ in range(stop - start)] for start, stop in opened], compared


class _Look:
    """A bucket as numbers: for each row its series, its value and what decides about pairs and spans."""

    def __init__(self, rows: pa.Table, series: Array) -> None:
        self._rows, self._series = rows, series
        printed: Array = _numbers(rows.column("value")).to_numpy()
        self._is_figure = ~_decided(
            rows, ("measure", "measure_raw", "value_kind"), lambda o: is_comparing(o) or o.value_kind == "code"
        )
        self._is_amount = ~_decided(rows, ("unit", "unit_raw"), lambda o: unit_of(o).kind in ("percent", "code"))
        base = _numbers(rows.column("value_base"))
        is_known = self._is_figure & ~_equal(rows, "period", "")
        no_base = np.unique(series[is_known & ~base.is_valid().to_numpy()])
        self._values: Array = np.where(np.isin(series, no_base), printed, base.fill_null(0.0).to_numpy())

    def points(self, places: Array) -> Iterator[Point]:
        """The rows at these places, as `Point.of` has them."""
        rows = self._rows.take(pa.array(places))
        cells = {name: _plain(rows.column(_NAMED_OTHERWISE.get(name, name))) for name in _OF_POINT}
        is_figure = self._is_figure[places].tolist()
        cells["value"] = [
            _decimal(text) if known else None for text, known in zip(cells["value"], is_figure, strict=True)
        ]
        cells["base"] = list(map(_decimal, cells["base"]))
        cells["is_amount"] = self._is_amount[places].tolist()
        return map(Point, *(cells[name] for name in _FIELDS))

    def out_of_line(self) -> Array:
        """Series in which, among the figures of one span, one lies far from the others while these are steady."""
        span = _coded(self._rows.column("period"), span_of)
        span[_equal(self._rows, "flow", "stock")] = 0  # of the empty span
        known = np.flatnonzero(self._is_figure & ~_equal(self._rows, "period", ""))
        sizes = np.abs(self._values[known])
        order = known[np.lexsort((sizes, span[known], self._series[known]))]
        group = self._series[order] * (span.max(initial=0) + 1) + span[order]
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        ends = np.append(starts[1:], len(order)) if len(starts) else starts
        is_long = ends - starts > MIN_OTHERS
        starts, ends = starts[is_long], ends[is_long]
        sizes = np.abs(self._values[order])
        least, second, last_but_one, most = sizes[starts], sizes[starts + 1], sizes[ends - 2], sizes[ends - 1]
        steady, jump = float(STEADY) / _ROUNDING, float(JUMP) * _ROUNDING
        high = (least > 0) & (last_but_one <= steady * least) & (most > jump * least)
        low = (second > 0) & (most <= steady * second) & (least * jump < most)
        doubted: Array = self._series[order[starts[high | low]]]
        return np.union1d(doubted, self._fractions(span))

    def _fractions(self, span: Array) -> Array:
        """Series that have, in one span, a share below 1 and one that is none."""
        known = self._is_figure & ~self._is_amount & ~_equal(self._rows, "period", "")
        group = self._series * (span.max(initial=0) + 1) + span
        small = known & (self._values > 0) & (self._values < 1)
        both = np.intersect1d(group[small], group[known & (self._values >= FULL)])
        found: Array = self._series[np.isin(group, both)]
        return found

    def falling(self) -> tuple[Array, pa.Table]:
        """Series in which a cumulative figure may be smaller than the one before it; and how many pairs there are, by
        the later report and the earlier period."""
        ends = self._rows.column("period_end").cast(pa.int32())
        runs_on = _decided(self._rows, ("flow", "period"), lambda o: is_running(o.flow, o.period))
        known = self._is_figure & self._is_amount & runs_on & ends.is_valid().to_numpy()
        year = _coded(self._rows.column("period"), lambda period: period[:4])
        start = _coded(self._rows.column("period_start").cast(pa.string()).fill_null(""), start_of)
        at = np.flatnonzero(known)
        at = at[np.lexsort((start[at], year[at], self._series[at]))]  # stable: within a year in order of the ends
        end = ends.fill_null(0).to_numpy()
        before, after = at[:-1], at[1:]
        is_pair = (self._series[before] == self._series[after]) & (year[before] == year[after])
        is_pair &= (start[before] == start[after]) & (end[before] != end[after])
        before, after = before[is_pair], after[is_pair]
        was, now = self._values[before], self._values[after]
        falls = (now < was) | ((now == was) & (np.abs(now) > _EXACT))
        falling: Array = self._series[after[falls]]
        return falling, self._counted(before, after)

    def _counted(self, before: Array, after: Array) -> pa.Table:
        pairs = pa.table(
            {
                "report": self._rows.column("report_id").take(pa.array(after)),
                "period": self._rows.column("period").take(pa.array(before)),
            }
        )
        counted = pairs.group_by(["report", "period"], use_threads=False).aggregate([([], "count_all")])
        return counted.rename_columns(_COMPARED.names).cast(_COMPARED)


def _decided(rows: pa.Table, names: Sequence[str], decide: Callable[[Observation], bool]) -> Array:
    """A question about some text columns, asked once for each combination that occurs."""
    columns = [single(rows.column(name)) for name in names]
    sizes = tuple(len(column.dictionary) for column in columns)
    together = np.ravel_multi_index([column.indices.to_numpy() for column in columns], sizes)
    occurring, which = np.unique(together, return_inverse=True)
    answers = []
    for codes in zip(*np.unravel_index(occurring, sizes), strict=True):
        cells = (column.dictionary[int(code)].as_py() for column, code in zip(columns, codes, strict=True))
        answers.append(decide(Observation(**{**_BLANK, **dict(zip(names, cells, strict=True))})))
    result: Array = np.array(answers, dtype=bool)[which]
    return result


def _numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The numbers of a column that has them as text, said once."""
    encoded = single(column)
    return pa.chunked_array([encoded.dictionary.cast(pa.float64()).take(encoded.indices)])


def _coded(column: pa.ChunkedArray, part: Callable[[str], str]) -> Array:
    """A part of each text as a number; equal parts have equal numbers, the empty one has 0."""
    encoded = column.combine_chunks().dictionary_encode()
    parts = [part(text) for text in encoded.dictionary.to_pylist()]
    numbers = {text: number for number, text in enumerate(sorted({"", *parts}))}
    result: Array = np.array([numbers[text] for text in parts], dtype=np.int64)[encoded.indices.to_numpy()]
    return result


def _equal(rows: pa.Table, name: str, text: str) -> Array:
    result: Array = pc.equal(rows.column(name), text).to_numpy()
    return result


def _plain(column: pa.ChunkedArray) -> list[Any]:
    is_encoded = pa.types.is_dictionary(column.type)
    cells: list[Any] = (column.cast(pa.string()) if is_encoded else column).to_pylist()
    return cells


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
