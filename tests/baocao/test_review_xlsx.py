"""The review in Excel: out with pictures, back with decisions, nothing guessed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baocao import review_xlsx
from baocao.errors import UsageError
from baocao.messages import Messages
from baocao.review.doubts import Desk
from baocao.review.sources import SourceFiles
from tests.review.conftest import read, rows_of, write_report

VI = Messages("vi")
SAMPLE = Path(__file__).parents[1] / "review" / "data" / "sai-tong.pdf"


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    write_report(root / "in", "2023.txt")
    shutil.copy(SAMPLE, root / "in" / "2021.pdf")
    read(root / "in", out=root / "out")
    return root


@pytest.fixture(name="root")
def _root(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "copy")
    return tmp_path / "copy"


def export(root: Path) -> Path:
    out = root / "out"
    review_xlsx.export(Desk(out), SourceFiles(out, [root / "in"]), root / "review.xlsx", VI)
    return root / "review.xlsx"


def fill(path: Path, code: str, source: str, **cells: Any) -> None:
    """What a person types into the row of a finding."""
    book = openpyxl.load_workbook(path)
    sheet = book["review"]
    at = {cell.value: cell.column for cell in sheet[1]}
    out = path.parent / "out"
    (ident,) = [f["finding_id"] for f in rows_of(out / "findings.csv") if f["code"] == code and source in f["source"]]
    (row,) = [line[0].row for line in sheet.iter_rows(min_row=3) if line[at["finding_id"] - 1].value == ident]
    for name, value in cells.items():
        sheet.cell(row, at[name], value)
    book.save(path)


def bring_back(root: Path) -> review_xlsx.Imported:
    return review_xlsx.import_review(Desk(root / "out"), root / "review.xlsx", VI)


def test_the_workbook_has_pictures_a_list_and_no_formula(root: Path) -> None:
    sheet = openpyxl.load_workbook(export(root))["review"]
    assert len(sheet._images) >= 2
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"Đúng như bản in,Sửa,Không dùng số này"'
    assert sheet.row_dimensions[1].hidden
    assert [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []


def test_decisions_of_the_workbook_show_after_the_next_run_also_when_the_file_was_moved(root: Path) -> None:
    path = export(root)
    fill(path, "sum-mismatch", "2021", decision="Sửa", value=414, reason="cộng lại", who="Lan")
    fill(path, "sum-mismatch", "2023", decision="Đúng như bản in")
    fill(path, "unit-value-mismatch", "2021", decision="không dùng số này", reason="sai đơn vị")
    found = bring_back(root)
    assert (found.corrected, found.accepted, found.rejected, found.is_clean) == (1, 1, 1, True)
    (root / "in" / "2021.pdf").rename(root / "in" / "da-doi-ten.pdf")
    read(root / "in", out=root / "out", force=True)
    rows = {(r["source"], r["stt"]): r for r in rows_of(root / "out" / "observations.csv")}
    shown = {key: (rows[key]["value"], rows[key]["status"]) for key in rows if key[1] in ("1", "2")}
    assert shown == {
        ("2023.txt", "1"): ("20", "corrected"),
        ("2023.txt", "2"): ("9", "doubtful"),
        ("da-doi-ten.pdf", "1"): ("414", "corrected"),
        ("da-doi-ten.pdf", "2"): ("", "corrected"),
    }


def test_a_decision_of_the_workbook_survives_a_newer_reader_that_counts_rows_otherwise(root: Path) -> None:
    fill(export(root), "sum-mismatch", "2021", decision="Sửa", value=414, reason="cộng lại", who="Lan")
    assert bring_back(root).corrected == 1
    read(root / "in", out=root / "out", reader="tests.review.newer_reader:read", force=True)
    corrected = [r for r in rows_of(root / "out" / "observations.csv") if r["status"] == "corrected"]
    assert [(r["source"], r["stt"], r["value"]) for r in corrected] == [("2021.pdf", "1", "414")]


def test_a_workbook_brought_back_twice_is_taken_over_once(root: Path) -> None:
    fill(export(root), "sum-mismatch", "2021", decision="Sửa", value="414", reason="cộng lại")
    assert bring_back(root).corrected == 1
    again = bring_back(root)
    assert (again.corrected, again.already) == (0, 1)
    assert len(rows_of(root / "out" / "corrections.csv")) == 1


def test_a_stale_row_is_recorded_named_and_never_applied(root: Path) -> None:
    path = export(root)
    fill(path, "sum-mismatch", "2021", **{"decision": "Sửa", "value": 414, "reason": "r", "key.expect": "433"})
    found = bring_back(root)
    assert (found.corrected, len(found.stale)) == (1, 1)
    read(root / "in", out=root / "out")
    assert [f["expected"] for f in rows_of(root / "out" / "findings.csv") if f["code"] == "correction-stale"] == ["433"]
    assert "414" not in [r["value"] for r in rows_of(root / "out" / "observations.csv") if r["stt"] == "1"]


@pytest.mark.parametrize(
    "cells, key",
    [
        ({"decision": "Sửa", "value": 414}, "xlsx.reason-needed"),
        ({"decision": "Sửa", "reason": "r"}, "xlsx.no-number"),
        ({"decision": "Sửa", "value": "1.234", "reason": "r"}, "xlsx.no-number"),
        ({"decision": "Sửa", "value": True, "reason": "r"}, "xlsx.no-number"),
        ({"decision": "Không dùng số này"}, "xlsx.reason-needed"),
    ],
)
def test_what_is_not_certain_is_listed_and_not_taken_over(root: Path, cells: dict[str, Any], key: str) -> None:
    fill(export(root), "sum-mismatch", "2021", **cells)
    assert [problem.key for problem in bring_back(root).problems] == [key]
    assert rows_of(root / "out" / "corrections.csv") == []


def test_columns_may_be_moved_and_rows_sorted(root: Path) -> None:
    path = export(root)
    fill(path, "sum-mismatch", "2021", decision="Sửa", value=414, reason="r")
    book = openpyxl.load_workbook(path)
    sheet = book["review"]
    sheet.insert_cols(1)
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    for at, line in enumerate(reversed(lines), 3):
        for column, value in enumerate(line, 1):
            sheet.cell(at, column).value = value
    book.save(path)
    assert bring_back(root).corrected == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_a_file_that_is_no_such_workbook_is_refused(root: Path, content: bytes) -> None:
    (root / "review.xlsx").write_bytes(content)
    with pytest.raises(UsageError):
        bring_back(root)


def test_a_workbook_of_something_else_is_refused(root: Path) -> None:
    openpyxl.Workbook().save(root / "review.xlsx")
    with pytest.raises(UsageError):
        bring_back(root)
