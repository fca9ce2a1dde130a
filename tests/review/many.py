"""A dataset with as many doubts as are wanted, written without reading anything: for the desk at size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema

HOSTILE = "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"


def many(out: Path, n: int, rows_a_report: int = 250) -> Path:
    """`n` rows in reports of `rows_a_report`, one finding each: every tenth an error, with mark-up in its words."""
    out.mkdir(parents=True)
    reports = -(-n // rows_a_report)
    observations, findings = [], []
    for at in range(n):
        report, row = divmod(at, rows_a_report)
        report_id, number = f"r{report:06d}", row + 1
        ident = f"{report_id}/2/1/{number}/actual/"
        place = {"report_id": report_id, "source": f"so/{report_id}.txt", "appendix": "2", "stt": str(number)}
        common = {**place, "table": 1, "row": number, "measure": "actual", "indicator_id": f"i{number}"}
        name = f"Chỉ tiêu {number} {HOSTILE if at == 0 else ''}"
        observations.append(
            {**common, "observation_id": ident, "value": float(number), "value_raw": str(number)}
            | {"status": "doubtful", "indicator_raw": name, "indicator": name, "is_primary": True}
        )
        code, severity = ("sum-mismatch", "error") if at % 10 == 0 else ("series-jump", "warning")
        findings.append(
            {**common, "observation_id": ident, "finding_id": f"{report_id}/{code}/{number}"}
            | {"code": code, "severity": severity, "message": f"Nghi vấn {at} {HOSTILE}"}
            | {"message_en": f"Doubt {at} {HOSTILE}", "expected": "1", "actual": str(number)}
        )
    rows = [
        {
            "report_id": f"r{r:06d}",
            "source": f"so/r{r:06d}.txt",
            "sha256": f"{r:064x}",
            "format": "text",
            "status": "doubtful",
            "agency": "Sở Nội vụ",
            "period": "2024",
        }
        for r in range(reports)
    ]
    for table, content in (("observations", observations), ("findings", findings), ("reports", rows)):
        pq.write_table(_table(table, content), out / f"{table}.parquet")
    (out / "datapackage.json").write_text(json.dumps({"baocao": {"files": {}}}), "utf-8")
    return out


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    fields = schema.arrow_schema(name)
    blank = {field.name: "" if pa.types.is_string(field.type) else None for field in fields}
    return pa.Table.from_pylist([{**blank, **row} for row in rows], schema=fields)
