"""The workbook: types as people expect them, doubts visible, nothing dangerous, the same bytes each time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from baocao import schema
from baocao.writers import Staged
from baocao.writers.workbook_sheet import EXCEL_TEXT, defused
from baocao.writers.write_catalogue import CatalogueSink
from baocao.writers.write_tables import ParquetTables
from baocao.writers.write_workbook import NAME, Limits, write


def observation(n: int, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        column.name: "" if column.type == "string" else None for column in schema.columns("observations")
    }
    year = int(str(cells.get("period", "2024"))[:4])
    row |= {
        "observation_id": f"r/2/1/{n}/actual/",
        "report_id": "r",
        "source": "a.docx",
        "agency": "Sở Nội vụ",
        "agency_id": "so-noi-vu",
        "province": "Huế",
        "province_id": "46@2025-01-01",
        "province_id_2025": "46@2025-07-01",
        "period": "2024",
        "period_start": date(year - 1, 12, 15),
        "period_end": date(year, 12, 14),
        "appendix": "2",
        "stt": "1.2",
        "depth": 1,
        "indicator_id": "kiem_tra",
        "indicator": "Kiểm tra",
        "unit": "Cuộc",
        "measure": "actual",
        "value": "7",
        "value_raw": "07",
        "value_kind": "number",
        "flow": "flow",
        "status": "ok",
        "is_primary": True,
        "table": 1,
        "row": n,
        "confidence": 1.0,
    }
    return row | cells


def staged(tmp_path: Path, rows: list[dict[str, Any]], findings: list[dict[str, Any]] | None = None) -> Staged:
    tmp_path.mkdir(exist_ok=True)
    sinks = [ParquetTables(tmp_path, tmp_path, len(rows)), CatalogueSink(tmp_path, tmp_path, len(rows))]
    for sink in sinks:
        for table, given in (("observations", rows), ("findings", findings or [])):
            if given:
                sink.add(table, pa.Table.from_pylist(given, schema.arrow_schema(table, stored=True)))
    files = tuple(one for sink in sinks for one in sink.close())
    return Staged(tmp_path, tmp_path, len(rows), files)


def finding(n: int, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        column.name: "" if column.type == "string" else None for column in schema.columns("findings")
    }
    return (
        row
        | {
            "finding_id": f"r/c/{n}",
            "report_id": "r",
            "code": "sum-mismatch",
            "severity": "error",
            "message": "Tổng không khớp",
            "table": 1,
            "row": n,
        }
        | cells
    )


def book_of(
    tmp_path: Path,
    rows: list[dict[str, Any]],
    findings: list[dict[str, Any]] | None = None,
    limits: Limits | None = None,
) -> Any:
    write(staged(tmp_path, rows, findings), limits)
    return openpyxl.load_workbook(tmp_path / NAME)


def cells_by_title(sheet: Any, row: int, header: int = 2) -> dict[str, Any]:
    return {sheet.cell(header, at).value: sheet.cell(row, at) for at in range(1, sheet.max_column + 1)}


def test_a_row_code_stays_text_and_a_figure_is_a_number(tmp_path: Path) -> None:
    cells = cells_by_title(book_of(tmp_path, [observation(1)])["Số liệu"], 3)
    assert (cells["stt"].value, cells["stt"].data_type, cells["stt"].number_format) == ("1.2", "s", "@")
    assert (cells["value"].value, cells["value"].data_type) == (7, "n")
    assert cells["value_raw"].value == "07"
    assert cells["period_end"].value == datetime(2024, 12, 14)  # noqa: DTZ001
    assert cells["period"].value == "2024"


@pytest.mark.parametrize(
    "text, cell",
    [
        ("=1+1", "'=1+1"),
        ("+84 234", "+84 234"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-", "-"),
        ("-12,5", "-12,5"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("http://x.vn", "http://x.vn"),
    ],
)
def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path, text: str, cell: str) -> None:
    sheet = book_of(tmp_path, [observation(1, value=None, value_raw="x", note=text, status="unparsed")])["Số liệu"]
    found = cells_by_title(sheet, 3)["note"]
    assert (found.value, found.data_type, found.hyperlink) == (cell, "s", None)


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert len(defused("x" * 40_000)) == EXCEL_TEXT
    assert defused("x" * 40_000).endswith("(đã cắt bớt)")


def test_what_xml_forbids_does_not_break_the_file(tmp_path: Path) -> None:
    sheet = book_of(tmp_path, [observation(1, note="a\x01b\ufffec _x0041_ <b>&")])["Số liệu"]
    assert str(cells_by_title(sheet, 3)["note"].value).endswith("_x0041_ <b>&")


def test_the_panel_has_one_row_for_an_agency_and_period_and_one_column_for_an_indicator(tmp_path: Path) -> None:
    rows = [
        observation(1),
        observation(2, indicator_id="thanh_tra", indicator="Thanh tra", value="88.7"),
        observation(3, period="2023", value="5"),
        observation(4, measure="plan", value="99"),
        observation(5, breakdown="xa", value="98"),
        observation(6, is_primary=False, value="97"),
    ]
    sheet = book_of(tmp_path, rows)["Tổng hợp"]
    shown = [[cell.value for cell in line[8:]] for line in sheet.iter_rows(min_row=3)]
    assert [cell.value for cell in sheet[3]][8:] == ["kiem_tra", "thanh_tra"]
    assert shown[1:] == [[5, None], [7, 88.7]]
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == "A3:J5"


def test_doubtful_and_unread_cells_of_the_panel_are_coloured(tmp_path: Path) -> None:
    rows = [
        observation(1, indicator_id="a", status="doubtful"),
        observation(
            2, indicator_id="b", indicator="B", value=None, value_raw="1O", value_kind="text", status="unparsed"
        ),
        observation(3, indicator_id="c", indicator="C"),
        observation(4, indicator_id="c", indicator="C", value="8"),
        observation(5, indicator_id="d", indicator="D"),
    ]
    sheet = book_of(tmp_path, rows)["Tổng hợp"]
    fills = [cell.fill.fgColor.rgb for cell in sheet[4]][8:]
    assert fills == ["FFFFE699", "FFF8CBAD", "FFE4CCF0", "00000000"]
    assert sheet["J4"].value == "1O"


def test_findings_come_worst_first_with_what_to_do(tmp_path: Path) -> None:
    found = [finding(1, severity="info", code="derived-value"), finding(2)]
    sheet = book_of(tmp_path, [observation(1)], found)["Nghi vấn"]
    assert [sheet.cell(row, 1).value for row in (3, 4)] == ["error", "info"]
    assert "corrections.csv" in str(sheet.cell(3, sheet.max_column).value)


def test_more_rows_than_the_limit_are_not_written_but_told(tmp_path: Path) -> None:
    rows = [observation(n, period=f"20{10 + n}") for n in range(1, 6)]
    book = book_of(tmp_path, rows, [finding(n) for n in range(4)], Limits(long_rows=4, panel_cells=2, findings=3))
    front = "\n".join(str(cell.value) for line in book["Đọc trước"].iter_rows() for cell in line if cell.value)
    assert "observations.parquet" in str(book["Số liệu"]["A2"].value)
    assert "các năm 2015, 2014; các năm 2013, 2012, 2011 quá lớn" in front
    assert "3 phát hiện nặng nhất trong số 4" in front
    assert book["Nghi vấn"].max_row == 5


def test_a_panel_beyond_a_sheet_is_split_by_year(tmp_path: Path) -> None:
    rows = [observation(n, period=f"20{20 + n}") for n in range(1, 4)]
    book = book_of(tmp_path, rows, limits=Limits(sheet_rows=2))
    assert [name for name in book.sheetnames if name.startswith("Tổng hợp")] == [
        "Tổng hợp 2023",
        "Tổng hợp 2022",
        "Tổng hợp 2021",
    ]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = [observation(n) for n in range(1, 30)]
    for name in ("one", "two"):
        write(staged(tmp_path / name, rows))
    assert (tmp_path / "one" / NAME).read_bytes() == (tmp_path / "two" / NAME).read_bytes()


def test_no_rows_at_all_still_give_a_workbook(tmp_path: Path) -> None:
    assert book_of(tmp_path, []).sheetnames == ["Đọc trước", "Tổng hợp", "Số liệu", "Nghi vấn", "Chỉ tiêu"]
