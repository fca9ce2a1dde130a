"""Between findings, rows and corrections: what names which, and the table around a row.

In: rows of the dataset as dicts. Out: unsigned corrections that name a cell or a finding, keys that are the same
for a finding and for the correction that settles it, and a table as the page shows it. All pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from baocao.corrections import FINDING, Correction
from baocao.rows import plain_decimal

_MOST_ROWS = 2000


def grid_of(
    rows: Sequence[Mapping[str, Any]], at_row: int | None, marked: Mapping[str, Any] | None, reach: int | None
) -> dict[str, Any]:
    """The observations of one table as rows and columns, `reach` rows around `at_row` (None: all of them)."""
    columns = list(dict.fromkeys((r["measure"], r["measure_raw"], r["breakdown"], _shared(r)) for r in rows))
    place = {column: at for at, column in enumerate(columns)}
    lines: dict[int, dict[str, Any]] = {}
    for row in rows:
        names = ("row", "stt_raw", "unit_raw", "note")
        line = lines.setdefault(row["row"], {**{name: row[name] for name in names}, "cells": {}})
        line.setdefault("name", row["indicator_raw"] if not row["breakdown_kind"] else row["breakdown"])
        cell = {"raw": row["value_raw"], "status": row["status"], "id": row["observation_id"]}
        line["cells"][place[row["measure"], row["measure_raw"], row["breakdown"], _shared(row)]] = cell
    shown = [
        line
        for number, line in sorted(lines.items())
        if reach is None or at_row is None or abs(number - at_row) <= reach
    ]
    return {
        "columns": [" · ".join(dict.fromkeys(filter(None, (raw or m, b)))) for m, raw, b, _ in columns],
        "rows": shown[:_MOST_ROWS],
        "n_rows": len(lines),
        "marked": marked["observation_id"] if marked else "",
        "marked_row": at_row,
    }


def _shared(row: Mapping[str, Any]) -> str:
    """In cross-tables the indicator tells columns apart that share measure and header."""
    return str(row["indicator_id"]) if row["breakdown_kind"] else ""


def about_row(sha256: str, row: Mapping[str, Any], column: str, expect: str, value: str) -> Correction:
    """A correction of one cell of one row, with what tells the row should a reader count otherwise."""
    names = ("measure", "breakdown", "appendix", "stt", "indicator_id", "indicator_raw")
    place = {"table": str(row["table"]), "row": str(row["row"])}
    return Correction(
        sha256=sha256, column=column, expect=expect, value=value, **place, **{name: row[name].strip() for name in names}
    )


def about_finding(sha256: str, finding: Mapping[str, Any]) -> Correction:
    actual = (finding["actual"] or "").strip()
    return Correction(
        sha256=sha256,
        table=plain_text(finding["table"]),
        row=plain_text(finding["row"]),
        measure=finding["measure"],
        breakdown="",
        column=FINDING + finding["code"],
        expect=actual,
        value=actual,
        appendix=finding["appendix"],
        stt=finding["stt"],
        indicator_id=finding["indicator_id"],
    )


def signed(correction: Correction, reason: str, who: str, when: str) -> Correction:
    return replace(correction, reason=reason, who=who, when=when)


def finding_key(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    place = (plain_text(finding["table"]), plain_text(finding["row"]), finding["measure"], finding["stt"])
    return finding["report_id"], finding["code"], *place, (finding["actual"] or "").strip()


def correction_key(report_id: str, correction: Correction) -> tuple[Any, ...]:
    place = (correction.table, correction.row, correction.measure, correction.stt)
    return report_id, correction.column.removeprefix(FINDING), *place, correction.expect


def plain_text(value: Any) -> str:
    if isinstance(value, float):
        return plain_decimal(Decimal(repr(value)))
    return "" if value is None else str(value)


def json_value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def shown_correction(correction: Correction) -> dict[str, str]:
    names = ("column", "expect", "value", "reason", "who", "when", "verdict")
    return {name: getattr(correction, name) for name in names}
