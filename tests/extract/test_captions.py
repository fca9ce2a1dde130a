"""Lines that announce an appendix, and lines that only mention one."""

from __future__ import annotations

import pytest

from extract.captions import read_caption, roman_to_int, split_reference

CAPTIONS = [
    ("Phụ lục 2", "2", ""),
    ("PHỤ LỤC IV", "4", ""),
    ("Phụ lục số 02", "2", ""),
    ("Phụ lục số 01/CKTC-NSNN", "01/CKTC-NSNN", ""),
    ("Phụ lục 6BIỂU MẪU THỐNG KÊ", "6", "BIỂU MẪU THỐNG KÊ"),
    ("Phụ lục 3. Thống kê số liệu cải cách thể chế", "3", "Thống kê số liệu cải cách thể chế"),
    ("PHỤ LỤC II: THỐNG KÊ SỐ LIỆU", "2", "THỐNG KÊ SỐ LIỆU"),
    ("Phụ lục 2 (Kèm theo Báo cáo số 12/BC-SNV)", "2", "(Kèm theo Báo cáo số 12/BC-SNV)"),
    ("Phụ lục IIIBIỂU MẪU THỐNG KÊ", "3", "BIỂU MẪU THỐNG KÊ"),
    ("Phụ lục 03B IỂU MẪU THỐNG KÊ", "3", "BIỂU MẪU THỐNG KÊ"),  # letters set apart, glued to the number
    ("PHỤ LỤC VIIIX ÂY DỰNG CHÍNH QUYỀN ĐIỆN TỬ", "8", "XÂY DỰNG CHÍNH QUYỀN ĐIỆN TỬ"),
    ("PHỤ LỤC VT ÌNH HÌNH", "5", "TÌNH HÌNH"),
    ("Phụ lục 2B DANH MỤC", "2B", "DANH MỤC"),
    ("Biểu số: 01/TTr", "01/TTr", ""),
    ("Biểu số 01/PCTN", "01/PCTN", ""),
    ("Biểu mẫu số 2", "2", ""),
    ("Mẫu số 06/CKTC-NSNN", "06/CKTC-NSNN", ""),
    ("Biểu số I.17a/BGDĐT/HTQT", "I.17a/BGDĐT/HTQT", ""),
    ("01/PCTN", "01/PCTN", ""),
    ("Phụ lục", "", ""),
    ("PHỤ LỤC", "", ""),
]


@pytest.mark.parametrize(("line", "number", "rest"), CAPTIONS)
def test_captions(line: str, number: str, rest: str) -> None:
    found = read_caption(line)
    assert found is not None
    assert (found.number, found.rest) == (number, rest)


@pytest.mark.parametrize(
    "line",
    [
        "Phụ lục 2 kèm theo Quyết định này quy định số liệu.",
        "(có phụ lục kèm theo)",
        "Phụ lục số liệu kèm theo báo cáo",
        "Biểu mẫu thống kê",
        "Mẫu 2 tờ khai được sửa đổi",
        "Phụ lục 2 và phụ lục 3 được gửi qua phần mềm",
        "1. Phụ lục",
        "12/QĐ-UBND",
        "PHỤ LỤC VIỆC LÀM",
        "",
    ],
)
def test_mentions_are_no_captions(line: str) -> None:
    assert read_caption(line) is None


def test_a_title_glued_to_its_reference_is_split() -> None:
    assert split_reference("CẢI CÁCH THỂ CHẾ*(Ban hành kèm theo Báo cáo số 1/BC-SNV)*") == (
        "CẢI CÁCH THỂ CHẾ",
        "(Ban hành kèm theo Báo cáo số 1/BC-SNV)",
    )
    assert split_reference("CẢI CÁCH (một cửa)") == ("CẢI CÁCH (một cửa)", "")


@pytest.mark.parametrize(("text", "number"), [("I", 1), ("IV", 4), ("VIII", 8), ("IX", 9), ("XIV", 14)])
def test_roman_numbers(text: str, number: int) -> None:
    assert roman_to_int(text) == number
