"""A dataset made up for the page: a few bodies with every kind of figure, or a great many of everything.

Rows are built as the run's stream has them and written by the run's own sinks, so the page sees what it will
see in life.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from baocao import schema
from baocao.writers import Staged, sinks

EVIL = '<img src=x onerror="document.title=1"></script><b>đậm</b>'
_MONTHS = {"": (1, 12), "H1": (1, 6), "9M": (1, 9), "Q1": (1, 3), "Q3": (7, 9)}


def blank(table: str) -> dict[str, Any]:
    return {column.name: "" if column.type == "string" else None for column in schema.columns(table)}


def observation(report: str, row: int, period: str, **cells: Any) -> dict[str, Any]:
    """A figure of Sở Nội vụ, Thừa Thiên Huế; `cells` say what is different."""
    year, _, kind = period.partition("-")
    first, last = _MONTHS[kind]
    made = blank("observations") | {
        "report_id": report, "source": f"{report}.docx", "agency": "Sở Nội vụ", "agency_id": "so-noi-vu",
        "province": "Thừa Thiên Huế", "province_id": "46@2004-07-08", "province_id_2025": "46@2025-07-01",
        "period": period, "period_start": date(int(year), first, 1), "period_end": date(int(year), last, 28),
        "appendix": "2", "stt": "1", "depth": 1, "indicator_id": "ho_so_giai_quyet_dung_han",
        "indicator": "Số hồ sơ TTHC giải quyết đúng hạn",
        "unit": "Hồ sơ", "measure": "actual", "value": "10", "value_kind": "number", "flow": "cumulative",
        "status": "ok", "is_primary": True, "table": 1, "row": row, "page": 3, "method": "docx", "confidence": 1.0,
    } | cells
    made["value_raw"] = made["value_raw"] or made["value"] or ""
    made["observation_id"] = "/".join((report, made["appendix"], str(made["table"]), str(row), made["measure"],
                                       made["breakdown"]))
    return made


def report_of(rows: Sequence[dict[str, Any]], **cells: Any) -> dict[str, Any]:
    """The report these figures stand in."""
    first = rows[0]
    names = ("report_id", "source", "agency", "agency_id", "province", "province_id", "period", "period_start",
             "period_end")
    return blank("reports") | {name: first[name] for name in names} | {
        "status": "ok", "format": "docx", "n_observations": len(rows), "n_sections": 0, "n_tables": 1, "n_findings": 0,
        "doc_number": "12/BC-SNV", "doc_date": first["period_end"]} | cells


def finding(row: dict[str, Any], number: int, **cells: Any) -> dict[str, Any]:
    names = ("report_id", "source", "observation_id", "appendix", "stt", "table", "row", "measure", "indicator_id",
             "page")
    return blank("findings") | {name: row[name] for name in names} | {
        "finding_id": f"{row['report_id']}/sum-mismatch/{number:06d}", "code": "sum-mismatch", "severity": "error",
        "message": "Tổng không khớp: ghi 10, cộng được 12.", "message_en": "The total is 10, its parts make 12.",
        "expected": "12", "actual": "10"} | cells


def stage(folder: Path, tables: dict[str, Iterable[dict[str, Any]]]) -> Staged:
    """Write these rows with the run's own sinks."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {table: list(given) for table, given in tables.items()}
    n = len(rows.get("observations", ()))
    open_sinks = [make(folder, folder / "scratch", n) for make in sinks().values()]
    for table in ("observations", "sections", "tables", "citations", "findings", "reports"):
        if rows.get(table):
            arrow = pa.Table.from_pylist(rows[table], schema.arrow_schema(table, stored=True))
            for sink in open_sinks:
                sink.add(table, arrow)
    files = tuple(one for sink in open_sinks for one in sink.close())
    return Staged(folder, folder, n, files)


def small(folder: Path) -> Staged:
    """Bodies that merge, figures of each kind, doubts, a gap, files that were not read, and cells that are code."""
    huong: list[list[dict[str, Any]]] = []
    for year, values in ((2020, (4, 9)), (2021, (5, 11)), (2022, (6, 12)), (2024, (7, 14))):
        for kind, value in zip(("-H1", ""), values, strict=True):
            name = f"snv{year}{kind}"
            huong.append([
                observation(name, 1, f"{year}{kind}", value=str(value),
                            status="doubtful" if name == "snv2022" else "ok"),
                observation(name, 2, f"{year}{kind}", indicator_id="ty_le_dung_han", indicator="Tỷ lệ đúng hạn",
                            unit="%", value="98.5", value_raw="98,5%", value_kind="percent", stt="1.2"),
                observation(name, 3, f"{year}{kind}", indicator_id="bien_che", indicator="Biên chế có mặt",
                            unit="Người", flow="stock", value=None if year == 2021 else "41",
                            status="blank" if year == 2021 else "ok", appendix="5" if year > 2021 else "3"),
                observation(name, 4, f"{year}{kind}", measure="plan", value="20"),
                observation(name, 5, f"{year}{kind}", breakdown="Đất đai", breakdown_kind="field", value="3"),
            ])
    # Two headings of the form, one of which carries a figure; a rate, and one of the two figures it is made of.
    for row, (ident, name, value) in enumerate((
        ("vi_tri_viec_lam", "Vị trí việc làm", "1"), ("thong_ke_tthc", "Thống kê TTHC", None),
        ("ty_le_hoan_thanh_ke_hoach_cchc", "Hoàn thành kế hoạch", "50"),
        ("nhiem_vu_ke_hoach_cchc", "Nhiệm vụ đề ra", "8"),
    ), 6):
        huong[-1].append(observation("snv2024", row, "2024", indicator_id=ident, indicator=name, value=value,
                                     status="ok" if value else "blank"))
    new = {"province": "Huế", "province_id": "46@2025-01-01"}
    huong.append([observation("snv2025-H1", 1, "2025-H1", value="8", **new)])
    finance = {"agency": "Sở Tài chính", "agency_id": "so-tai-chinh"}
    planning = {"agency": "Sở Kế hoạch và Đầu tư", "agency_id": "so-ke-hoach-va-dau-tu"}
    for year in (2022, 2023, 2024):
        huong.append([observation(f"stc{year}", 1, str(year), value="100", **finance)])
        huong.append([observation(f"skh{year}", 1, str(year), value="30", **planning)])
    huong.append([observation("stc2025-H1", 1, "2025-H1", value="90", **finance, **new)])
    huong.append([observation("la", 1, "2024-Q3", flow="flow", value=None, value_raw=EVIL, status="unparsed",
                              indicator_id="x_la", indicator=EVIL, agency=EVIL, agency_id="x-la", note=EVIL)])
    observations = [row for rows in huong for row in rows]
    doubted = [next(row for row in observations if row["observation_id"] == "snv2022/2/1/1/actual/"), observations[-1]]
    findings = [finding(doubted[0], 1), finding(doubted[1], 2, severity="warning", code="rate-mismatch",
                                                message=EVIL, message_en=EVIL)]
    failed = [blank("reports") | {"report_id": "x1", "source": "khoá.pdf", "status": "failed", "error": "encrypted",
                                  "error_message": "A password is needed.", "next_step": "Save a copy without it.",
                                  "n_observations": 0, "n_findings": 0},
              blank("reports") | {"report_id": "x2", "source": "~$tam.docx", "status": "skipped", "error": "lock-file",
                                  "n_observations": 0, "n_findings": 0}]
    reports = [report_of(rows, status="doubtful" if rows[0]["report_id"] == "snv2022" else "ok") for rows in huong]
    return stage(folder, {"observations": observations, "findings": findings, "reports": [*reports, *failed]})


def large(folder: Path, n_findings: int = 50_000, n_indicators: int = 2_000, n_bodies: int = 300) -> Staged:
    """Very many findings and indicators; one indicator has a figure from every body and year."""
    years = range(2015, 2025)
    observations = []
    for body in range(n_bodies):
        for year in years:
            observations.append(observation(f"r{body}-{year}", 1, str(year), value=str(body + year % 7),
                                            agency=f"UBND xã số {body}", agency_id=f"xa-{body}"))
    for n in range(1, n_indicators):
        body, year = n % n_bodies, 2015 + n % 10
        observations.append(observation(f"r{body}-{year}", 1 + n, str(year), indicator_id=f"chi_tieu_{n}",
                                        indicator=f"Chỉ tiêu số {n} về giải quyết hồ sơ", agency=f"UBND xã số {body}",
                                        agency_id=f"xa-{body}"))
    findings = [finding(observations[n % len(observations)], n, code=f"code-{n // 3 % 20}",
                        severity=("error", "warning", "info")[n % 3],
                        message=f"Phát hiện thứ {n}: tổng không khớp với các dòng thành phần.")
                for n in range(n_findings)]
    first = {row["report_id"]: row for row in reversed(observations)}
    reports = [report_of([row]) for row in first.values()]
    return stage(folder, {"observations": observations, "findings": findings, "reports": reports})
