"""Stored rows as observations again, for the checks that look across reports.

In: a slice of a part, with the name and id its file has in this run. Out: `Observation`s, or `Point`s of
series; and from those the doubts of `normalize.checks` by report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from baocao import schema
from baocao.entries import Entry
from normalize.checks.series import compare_twins
from normalize.findings import Doubt
from normalize.model import Observation

_DECIMALS = tuple(column.name for column in schema.columns("observations") if column.type == "decimal")


def observations_of(entry: Entry, rows: pa.Table) -> tuple[Observation, ...]:
    """The observations of one report."""
    found = []
    for row in rows.to_pylist():
        cells: dict[str, Any] = dict(row)
        for name in _DECIMALS:
            cells[name] = None if cells[name] is None else Decimal(cells[name])
        observation = Observation(**cells)
        own_id = entry.report_id + "/" + observation.observation_id.partition("/")[2]
        found.append(replace(observation, report_id=entry.report_id, source=entry.source, observation_id=own_id))
    return tuple(found)


def twin_doubts(primary: tuple[Observation, ...], other: tuple[Observation, ...]) -> Iterator[tuple[int, Doubt]]:
    """(0 for the primary, 1 for its twin; the doubt): each side says where the other differs."""
    yield from ((0, doubt) for doubt in compare_twins(primary, other))
    yield from ((1, doubt) for doubt in compare_twins(other, primary))
