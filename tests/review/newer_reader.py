"""A reader as a later version may be: it finds one more row above every table, so all rows are counted otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from baocao.reading import Report, read_whole


def read(*given: Any, **known: Any) -> Report:
    report = read_whole(*given, **known)
    normalized = report.normalized
    ids = {}
    rows = []
    for row in normalized.observations:
        parts = row.observation_id.split("/")
        ids[row.observation_id] = "/".join([*parts[:3], str(row.row + 1), *parts[4:]])
        rows.append(replace(row, row=row.row + 1, observation_id=ids[row.observation_id]))
    findings = tuple(
        replace(one, observation_id=ids.get(one.observation_id, ""), row=one.row if one.row is None else one.row + 1)
        for one in normalized.findings
    )
    return Report(report.document, replace(normalized, observations=tuple(rows), findings=findings))
