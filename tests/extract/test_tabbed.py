"""Tables that a typist set with tabs in a word processor."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from extract import read_file
from extract.model import Grid, Paragraph
from extract.readers.tabbed import keep_tabs, with_tabbed_tables

HEADER = "TT\tChỉ tiêu\tĐơn vị tính\tSố liệu\tGhi chú"
ROWS = ["1.\tSố văn bản\tVăn bản\t15\tĐang cập nhật", "1.1.\tSố kế hoạch\tKế hoạch\t\t", "2.\tKiểm tra"]


def test_rows_between_tabs_are_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    made = docx.Document()
    for text in ["Số:\t12/BC-SNV\tHuế, ngày 14 tháng 6 năm 2003", "BÁO CÁO", "Công tác cải cách hành chính năm 2003"]:
        made.add_paragraph(text)
    for text in ["I.\tKẾT QUẢ", "\tĐã hoàn thành.", "Phụ lục 2", "THỐNG KÊ", HEADER, *ROWS, "Kèm theo danh sách"]:
        made.add_paragraph(text)
    made.add_table(1, 1).cell(0, 0).text = "Nơi nhận:\tSở\tHuyện"
    made.save(str(path))
    document = read_file(path, "a.docx")
    (table,) = document.tables
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, []).append(cell.text)
    assert [[text for text in row if text] for row in found.values()] == [
        [text for text in row.split("\t") if text] for row in ROWS
    ]
    assert table.caption.appendix == "2"
    assert (document.letterhead.number, document.headings[0].label) == ("12/BC-SNV", "I")
    assert document.headings[0].text == "Đã hoàn thành."


@pytest.mark.parametrize(
    ("text", "kept"),
    [("\tĐoạn văn thụt đầu dòng", "Đoạn văn thụt đầu dòng"), (" 1. \t Số  văn bản\t", "1.\tSố văn bản"), ("a", "a")],
)
def test_a_tab_that_parts_words_is_kept(text: str, kept: str) -> None:
    assert keep_tabs(text) == kept


def test_tabs_without_a_header_are_spaces() -> None:
    blocks = list(with_tabbed_tables([Paragraph(ROWS[0]), Paragraph(ROWS[1])], "docx", {}))
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert texts == ["1. Số văn bản Văn bản 15 Đang cập nhật", "1.1. Số kế hoạch Kế hoạch"]


def test_a_number_that_word_counts_is_the_code() -> None:
    rows = [*ROWS, "3.\tSố hội nghị\tCuộc\t2", "II.\tPhần sau"]
    paragraphs = [Paragraph(HEADER), *(Paragraph(row.partition("\t")[2], label=row.partition("\t")[0]) for row in rows)]
    grid, after = with_tabbed_tables(paragraphs, "docx", {})
    assert isinstance(after, Paragraph)
    assert (after.label, after.text) == ("II.", "Phần sau")
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells if cell.col == 0] == ["TT", "1.", "1.1.", "2.", "3."]
