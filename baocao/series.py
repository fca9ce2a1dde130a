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

import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.buckets import Buckets, runs
from normalize.checks.series import Point, check_history
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
            for start, stop in runs(rows, _SERIES):
                if stop - start > 1:
                    yield [_point(row) for row in rows.slice(start, stop - start).to_pylist()]


def _point(row: dict[str, Any]) -> Point:
    return Point.of(Observation(**{**_BLANK, **row, "value": Decimal(row["value"])}))
