"""Workbook and CSV opened by a real spreadsheet: no date out of a code, no formula, no lost zero."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baocao.writers.write_csv import EXCEL_VI
from baocao.writers.write_tables import CsvFile
from baocao.writers.write_workbook import NAME, write
from tests.baocao.test_write_workbook import observation, staged

CODES = ("1.2", "3.1.2", "01", "1/2", "1-2", "12e4", "123456789012")


@pytest.fixture
def convert(tmp_path: Path) -> Any:
    soffice = shutil.which("soffice")
    if soffice is None:
        reason = "no LibreOffice: apt-get install libreoffice-calc"
        pytest.fail(reason) if os.environ.get("BAOCAO_BROWSER") == "1" else pytest.skip(reason)

    def run(path: Path, kind: str, *options: str) -> Path:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [soffice, profile, "--headless", *options, "--convert-to", kind, "--outdir", str(tmp_path / "made"),
                   str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        (made,) = (tmp_path / "made").glob(f"{path.stem}*")
        assert made.is_file(), done.stderr
        return made

    return run


def rows_of(path: Path, name: str) -> dict[str, Any]:
    sheet = openpyxl.load_workbook(path)[name]
    at = {str(cell.value): cell.column for cell in sheet[2]}
    return {key: [sheet.cell(row, column).value for row in range(3, sheet.max_row + 1)] for key, column in at.items()}


def test_the_workbook_keeps_its_types_through_libreoffice(tmp_path: Path, convert: Any) -> None:
    given = [observation(n, stt=code, value_raw=code, note="=1+1") for n, code in enumerate(CODES, 1)]
    write(staged(tmp_path / "out", given))
    long = rows_of(convert(tmp_path / "out" / NAME, "xlsx"), "Số liệu")
    assert long["stt"] == list(CODES)
    assert long["value_raw"] == list(CODES)
    assert long["note"] == ["'=1+1"] * len(CODES)
    assert long["value"] == [7] * len(CODES)
    assert {str(day)[:10] for day in long["period_end"]} == {"2024-12-14"}


def test_a_csv_for_a_double_click_keeps_codes_as_text_and_numbers_as_numbers(tmp_path: Path, convert: Any) -> None:
    import pyarrow as pa

    from baocao import schema

    given = [observation(n, stt=code, value="1061.5", note="=1+1") for n, code in enumerate(CODES, 1)]
    path = tmp_path / "observations.csv"
    file = CsvFile(path, "observations", EXCEL_VI)
    file.add(pa.Table.from_pylist(given, schema.arrow_schema("observations", stored=True)))
    file.close()
    # ; between cells, " around them, UTF-8, Vietnamese, special numbers (dates) detected: as a double click there
    opened = convert(path, "xlsx", "--infilter=Text - txt - csv (StarCalc):59,34,76,1,,1066,false,true,false")
    sheet = openpyxl.load_workbook(opened).worksheets[0]
    at = {str(cell.value): cell.column for cell in sheet[1]}
    shown = {name: [sheet.cell(row, at[name]).value for row in range(2, sheet.max_row + 1)] for name in at}
    assert [str(cell).lstrip("'") for cell in shown["stt"]] == list(CODES)
    assert all(isinstance(cell, str) for cell in shown["stt"])
    assert shown["value"] == [1061.5] * len(CODES)
    assert all(str(cell).lstrip("'") == "=1+1" for cell in shown["note"])


def test_the_workbook_becomes_csv_without_a_formula(tmp_path: Path, convert: Any) -> None:
    write(staged(tmp_path / "out", [observation(1, note="=HYPERLINK(1)")]))
    third_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3"
    made = convert(tmp_path / "out" / NAME, third_sheet)
    with made.open(encoding="utf-8", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert "'=HYPERLINK(1)" in cells
