"""The checks along the series of all reports, in bounded memory.

In: the primary observations, in any order. Out: (report id, doubt) pairs of `normalize.checks.series`. The
few columns a check needs are grouped by indicator on disk; a series that is steady by its numbers alone is
never turned into Python objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.buckets import Buckets, runs
from normalize.checks.series import JUMP, NEAR, SLIPS, Point, check_history
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
    "indicator",
    "indicator_raw",
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
_ORDER = (*_SERIES, "period_end", "period", "observation_id")
# Smaller than every factor a check objects to, with room for rounding.
_STEADY = 0.99 * min(float(JUMP), min(SLIPS) / float(NEAR))
_BLANK: dict[str, Any] = {
    column.name: "" if column.type == "string" else None for column in schema.columns("observations")
}


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

    def add(self, rows: pa.Table) -> None:
        named = pc.not_equal(rows.column("indicator_id").cast(pa.string()), "")
        known = pc.and_(pc.is_valid(rows.column("value")), named)
        self._buckets.add(rows.filter(pc.and_(known, rows.column("is_primary"))))

    def doubts(self) -> Iterator[tuple[str, Doubt]]:
        return check_history(self._series())

    def _series(self) -> Iterator[Sequence[Point]]:
        for rows in self._buckets.sorted(_ORDER):
            spans = runs(rows, _SERIES)
            for (start, stop), is_open in zip(spans, _may_be_doubted(rows, spans), strict=True):
                if is_open:
                    yield [_point(row) for row in rows.slice(start, stop - start).to_pylist()]


def _may_be_doubted(rows: pa.Table, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """False for a series that no check can object to: its figures lie within a factor that is no jump, and it
    has no two cumulative figures of one year."""
    if not spans:
        return []
    starts = np.array([start for start, _ in spans])
    values = np.abs(rows.column("value").cast(pa.float64()).to_numpy())
    is_wide = np.maximum.reduceat(values, starts) > _STEADY * np.minimum.reduceat(values, starts)
    period = rows.column("period").combine_chunks()
    year = pc.utf8_slice_codeunits(period, 0, 4)
    same = pc.equal(year.slice(1), year.slice(0, len(year) - 1)).to_numpy(zero_copy_only=False)
    cumulative = pc.equal(rows.column("flow").combine_chunks(), "cumulative").to_numpy(zero_copy_only=False)
    pairs = np.concatenate([[False], same & cumulative[1:] & cumulative[:-1]])
    pairs[starts] = False  # a pair across the border of two series is none
    has_pair = np.logical_or.reduceat(pairs, starts)
    is_long = np.array([stop - start > 1 for start, stop in spans])
    return [bool(kept) for kept in is_long & (is_wide | has_pair)]


def _point(row: dict[str, Any]) -> Point:
    return Point.of(Observation(**{**_BLANK, **row, "value": Decimal(row["value"])}))
