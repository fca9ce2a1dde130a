"""A reader for tests: the file says what it holds, or how it misbehaves.

A file is JSON: `{"number", "date", "agency", "province", "period", "family", "format", "rows": [[appendix,
stt, name, unit, value], …], "unmatched": say so of each row}` is a report; `{"do": …}` hangs, allocates, crashes,
floods, exits, or fails.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract import problems
from normalize.findings import Doubt, to_findings
from normalize.model import Citation, NormalizedReport, Observation, ReportRow, Section, TableRow

PRIMED: list[int] = []
READ: list[str] = []  # what this process has read


def warm() -> None:
    PRIMED.append(os.getpid())


def read(
    path: Path, source: str, report_id: str, sha256: str | None = None, progress: Any = None, attempt: int = 1
) -> NormalizedReport:
    content = json.loads(path.read_text("utf-8"))
    READ.append(source)
    if "seconds" in content:
        time.sleep(content["seconds"])
    if "do" in content:
        misbehave(content, progress, attempt, path)
    return report_of(content, report_id, source)


def read_both_stages(path: Path, source: str, report_id: str, document: Any = None, **known: Any) -> Any:
    """The real reader; says in the file named by WITNESS what it was given."""
    from baocao.reading import read_whole

    with Path(os.environ["WITNESS"]).open("a") as witness:
        witness.write(f"{source} {'file' if document is None else 'document'}\n")
    return read_whole(path, source, report_id, document=document, **known)


def unpack_for_ever(path: Path, source: str, report_id: str, **known: Any) -> bytes:
    time.sleep(3600)
    return b"null"


def misbehave(content: dict[str, Any], progress: Any, attempt: int, path: Path) -> None:
    what = content["do"]
    if what == "hang":
        time.sleep(3600)
    elif what == "hang after pages":
        progress(1, 2, None)
        time.sleep(3600)
    elif what == "turn on one page":
        while True:
            progress(1, None, None)
            time.sleep(0.01)
    elif what == "too many pages":
        progress(0, 1_000_000, None)
        time.sleep(3600)
    elif what == "allocate":
        hold = []
        while True:
            hold.append(bytearray(50_000_000))
    elif what == "allocate once":
        hold = [bytearray(content["bytes"])]
        del hold
    elif what == "segfault":
        ctypes.string_at(0)
    elif what == "abort" or what == "crash at first" and attempt == 1:
        os.abort()
    elif what == "exit":
        os._exit(3)
    elif what == "flood":
        line = "x" * 100_000
        for _ in range(1000):
            sys.stdout.write(line)
            sys.stderr.write(line)
    elif what == "flood the result":
        content["rows"] = [["1", str(i), "x" * 200 + str(os.urandom(100)), "", 1] for i in range(20_000)]
    elif what == "fork":
        grandchild = os.fork()
        if grandchild == 0:
            time.sleep(3600)
        Path(content["witness"]).write_text(str(grandchild))
        os.abort()
    elif what == "fork and wait":
        grandchild = os.fork()
        if grandchild:
            Path(content["witness"]).write_text(str(grandchild))
        time.sleep(3600)
    elif what == "litter":
        import tempfile

        Path(tempfile.gettempdir(), "litter").write_text("x")
        os.abort()
    elif what == "leave a file":
        import tempfile

        Path(tempfile.gettempdir(), "left").write_text("x")
    elif what == "leave a process":
        if os.fork() == 0:
            time.sleep(3600)
    elif what == "leave a thread":
        import threading

        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    elif what == "leave much memory":
        content["text"] = "x" * len(bytearray(120_000_000).replace(b"\0", b"\1")[:10])
    elif what == "crash after others":
        if len(READ) > 1:
            os.abort()
    elif what == "bug after others":
        if len(READ) > 1:
            raise ZeroDivisionError
    elif what == "comes while it is read":
        path.write_text(json.dumps({**content, "do": ""}), "utf-8")
    elif what == "unreadable after others":
        if len(READ) > 1:
            raise problems.Unreadable("The library failed.")
    elif what == "bug":
        raise ZeroDivisionError
    elif what == "encrypted":
        raise problems.Encrypted("A password is needed.", "Give it with --password-file.")
    elif what == "no report":
        raise problems.NoReport("The file holds no report.")


def report_of(content: dict[str, Any], report_id: str, source: str) -> NormalizedReport:
    day = date.fromisoformat(content["date"]) if content.get("date") else None
    end = date.fromisoformat(content["end"]) if content.get("end") else None
    printed = enumerate(content.get("rows", ()), 1)
    rows = tuple(observation(content, report_id, source, n, row, end) for n, row in printed)
    if content.get("do") == "say who reads":
        content["agency"] = str(os.getpid())
    agency, province, period = (content.get(name, "") for name in ("agency", "province", "period"))
    report = ReportRow(
        report_id=report_id,
        source=source,
        sha256="",
        format=content.get("format", "text"),
        family=content.get("family", "cchc"),
        status=content.get("status", "ok"),
        error="",
        error_message="",
        next_step="",
        duplicate_of="",
        supersedes="",
        doc_number=content.get("number", ""),
        doc_date=day,
        agency=agency,
        agency_id=agency.lower(),
        parent="",
        place="",
        province=province,
        province_id=province,
        title=content.get("title", "Báo cáo"),
        period=period,
        period_start=None,
        period_end=end,
        period_basis="stated",
        year=day.year if day else None,
        signer="",
        signer_role="",
        pages=None,
        n_sections=1,
        n_tables=1,
        n_observations=len(rows),
        n_findings=0,
        method=content.get("format", "text"),
    )
    section = Section(report_id, source, 1, 1, "I", "Kết quả", "I", None, content.get("text", "Dòng một\nDòng hai"))
    table = TableRow(report_id, source, 1, "2", "II", "Bảng", "Phụ lục II", None, None, len(rows), "text", "")
    issued = date(2021, 7, 15)
    citation = Citation(report_id, source, 1, "Nghị quyết", "76", "NQ-CP", "Chính phủ", issued, "I", None, "x")
    unmatched = (Doubt.at(row, "indicator-unmatched", indicator_id=row.indicator_id) for row in rows)
    findings = to_findings(unmatched if content.get("unmatched") else (), report_id, source)
    return NormalizedReport(report, rows, findings, (section,), (table,), (citation,))


def observation(
    content: dict[str, Any], report_id: str, source: str, n: int, row: list[Any], end: date | None
) -> Observation:
    appendix, stt, name, unit, value = row
    number = None if value is None else Decimal(str(value))
    slug = content.get("ids", {}).get(stt, f"x_{appendix}_{stt}")
    return Observation(
        observation_id=f"{report_id}/{appendix}/1/{n}/actual/",
        report_id=report_id,
        source=source,
        agency=content.get("agency", ""),
        agency_id=content.get("agency", "").lower(),
        province=content.get("province", ""),
        province_id=content.get("province", ""),
        province_id_2025="",
        period=content.get("period", ""),
        period_start=None,
        period_end=end,
        period_basis="stated",
        appendix=appendix,
        stt=stt,
        stt_raw=stt,
        parent_stt="",
        depth=1,
        indicator_id=slug,
        indicator=name,
        indicator_raw=name,
        unit=unit,
        unit_raw=unit,
        measure="actual",
        measure_raw="Số liệu",
        breakdown="",
        breakdown_kind="",
        value=number,
        value_raw="" if value is None else str(value).replace(".", ","),
        value_kind="blank" if value is None else "number",
        value_base=None,
        value_label="",
        flow="cumulative",
        status="blank" if value is None else "ok",
        note=content.get("note", ""),
        page=None,
        table=1,
        row=n,
        x0=None,
        top=1.23456,
        x1=None,
        bottom=None,
        is_primary=True,
        method="text",
        confidence=1.0,
    )
