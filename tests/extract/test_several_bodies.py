"""Workbooks that gather the forms of several bodies or periods, one a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from extract import read_file
from extract.model import Document
from tests.extract.test_sheet_reader import HEAD

NAMES = ("Số văn bản", "Số hồ sơ", "Số việc", "Số cuộc họp")


def letterhead(agency: str, parent: str = "UBND TỈNH X") -> list[list[Any]]:
    return [[parent, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            [agency, None, None, "Độc lập - Tự do - Hạnh phúc"],
            ["Số: 12/BC-SNV", None, None, "Huế, ngày 10 tháng 6 năm 2024"], []]  # fmt: skip


def form(*figures: int, names: tuple[str, ...] = NAMES) -> list[list[Any]]:
    return [
        HEAD,
        *([str(n), name, "Việc", figure] for n, (name, figure) in enumerate(zip(names, figures, strict=True), 1)),
    ]


def read(tmp_path: Path, **sheets: list[list[Any]]) -> Document:
    book = Workbook()
    for n, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if not n else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    return read_file(tmp_path / "a.xlsx")


def doubted(document: Document) -> list[int | None]:
    return [problem.table for problem in document.problems if problem.code == "several-reports"]


@pytest.mark.parametrize("caption", [[["Phụ lục 3"]], []], ids=["captioned", "bare"])
def test_a_form_filled_in_again_on_another_sheet_is_an_error(tmp_path: Path, caption: list[list[Any]]) -> None:
    document = read(tmp_path, Sheet1=[*caption, *form(1, 2, 3, 4)], Sheet2=[*caption, *form(1, 2, 3, 5)])
    assert len(document.tables) == 2 and doubted(document) == [2]


def test_other_rows_or_the_same_figures_are_no_second_report(tmp_path: Path) -> None:
    other = ("Số nhiệm vụ", "Số phiếu", "Số người", "Số lớp")
    sheets = {"A": form(1, 2, 3, 4), "B": form(5, 6, 7, 8, names=other), "C": form(1, 2, 3, 4)}
    assert doubted(read(tmp_path, **sheets)) == []


@pytest.mark.parametrize(
    ("agency", "tables"),
    [("SỞ TƯ PHÁP", [2]), ("SỞ NỘI VỤ", []), ("", [])],
    ids=["another", "the same", "its superior"],
)
def test_a_table_behind_the_letterhead_of_another_agency(tmp_path: Path, agency: str, tables: list[int]) -> None:
    first = [*letterhead("SỞ NỘI VỤ"), ["Phụ lục 3"], *form(1, 2, 3, 4)]
    second = [*letterhead(agency or None, "ỦY BAN NHÂN DÂN TỈNH X"), ["Phụ lục 4"], *form(5, 6, 7, 8)]  # type: ignore[arg-type]
    assert doubted(read(tmp_path, A=first, B=second)) == tables


def test_the_title_of_a_form_is_no_agency(tmp_path: Path) -> None:
    document = read(tmp_path, SNV=[["THỐNG KÊ SỐ LIỆU CẢI CÁCH THỂ CHẾ 6 THÁNG ĐẦU NĂM 2024"], *form(1, 2, 3, 4)])
    assert document.letterhead.agency == ""
