"""Shares that a spreadsheet holds as fractions in cells without a percent format."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from extract import read_file
from normalize import normalize

HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"]


@pytest.mark.parametrize(
    ("figures", "doubted"),
    [
        ((95.3, 0.714, 1), ["2", "3"]),  # with a fraction beside it, 1 may be a whole
        ((95.3, 1, 88), []),
        ((95.3, "0,5%", 0), []),
    ],
)
def test_a_fraction_under_percent_is_doubted(tmp_path: Path, figures: tuple[object, ...], doubted: list[str]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Phụ lục 2"])
    sheet.append(HEAD)
    for n, figure in enumerate(figures, 1):
        sheet.append([str(n), f"Tỷ lệ hồ sơ loại {n}", "%", figure])
    book.save(tmp_path / "a.xlsx")
    report = normalize(read_file(tmp_path / "a.xlsx"), report_id="r", source="a.xlsx")
    assert [f.stt for f in report.findings if f.code == "percent-looks-like-fraction"] == doubted
