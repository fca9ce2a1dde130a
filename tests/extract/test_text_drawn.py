"""Tables drawn with characters: as converters, and programs of the DOS days, print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import read_file
from extract.model import Document
from extract.readers.text_drawn import drawn, has_drawn_table, has_wrapped_cells

HEAD = """UBND TỈNH KON TUM
SỞ XÂY DỰNG
Số: 12/BC-SXD
Kon Tum, ngày 14 tháng 6 năm 2003
BÁO CÁO
Công tác cải cách hành chính 6 tháng đầu năm 2003
I. KẾT QUẢ THỰC HIỆN
Đã hoàn thành.
Phụ lục 2
THỐNG KÊ SỐ LIỆU
"""
PLUS = """\
+-------+----------------------+------------------------+-----------+
| STT   | Chỉ tiêu thống kê    | Kết quả thống kê       | Ghi chú   |
|       |                      +-------------+----------+           |
|       |                      | Đơn vị tính | Số liệu  |           |
+=======+======================+=============+==========+===========+
| 1.    | Số văn bản chỉ đạo   | Văn bản     | 15       | Đang lấy  |
|       | đã ban hành          |             |          | ý kiến    |
+-------+----------------------+-------------+----------+-----------+
| 2.    | Tỷ lệ hoàn thành     | %           | 88,70    |           |
+-------+----------------------+-------------+----------+-----------+
"""
LINES = (
    PLUS.replace("+=======+======================+=============+==========+===========+", "╞═══╪═══╪═══╪═══╪═══╡")
    .replace("╞═══╪═══╪═══╪═══╪═══╡", "├───────┼──────────────────────┼─────────────┼──────────┼───────────┤")
    .replace("|", "│")
    .replace("+", "┼")
    .replace("-", "─")
)
OPEN = """\
┌─────┬──────────────────────┬────────────┬──────────┐
│ STT │ Chỉ tiêu thống kê    │Đơn vị tính │ Số liệu  │
├─────┼──────────────────────┼────────────┼──────────┤
│ 1.  │ Số văn bản chỉ đạo   │ Văn bản    │    15    │
│     │ đã ban hành          │            │          │
│ 2.  │ Tỷ lệ hoàn thành     │     %      │   88,70  │
└─────┴──────────────────────┴────────────┴──────────┘
"""
ROWS = [
    ("1.", "Số văn bản chỉ đạo đã ban hành", "Văn bản", "15", "Đang lấy ý kiến"),
    ("2.", "Tỷ lệ hoàn thành", "%", "88,70", ""),
]


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "a.txt"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_file(path, "a.txt")


def rows_of(document: Document) -> list[tuple[str, ...]]:
    (table,) = document.tables
    rows = [[""] * len(table.columns) for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row - 1][cell.col] = " ".join(cell.text.split())
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(("text", "n_cols"), [(PLUS, 5), (LINES, 5), (OPEN, 4)])
def test_a_drawn_table_is_read_with_its_spans_and_wrapped_lines(tmp_path: Path, text: str, n_cols: int) -> None:
    document = read(tmp_path, text)
    assert rows_of(document) == [row[:n_cols] for row in ROWS]
    (table,) = document.tables
    assert (table.method, table.caption.appendix, table.caption.title) == ("text-drawn", "2", "THỐNG KÊ SỐ LIỆU")
    assert [(h.label, h.title) for h in document.headings] == [("I", "KẾT QUẢ THỰC HIỆN")]
    assert document.problems == ()
    if n_cols == 5:
        assert [c.header for c in table.columns][2:4] == [
            ("Kết quả thống kê", "Đơn vị tính"), ("Kết quả thống kê", "Số liệu"),
        ]  # fmt: skip


def test_bars_and_strokes_of_the_text_stay() -> None:
    lines = ["+-----+-----+", "| a|b | -1  |", "+-----+-----+", "x | y -- z +5"]
    page = drawn(lines)
    assert page.text == ["             ", "  a|b   -1   ", "             ", "x | y -- z +5"]
    assert page.across == ((0, 0, 12), (2, 0, 12))
    assert page.upright == ((0, 0, 2), (6, 0, 2), (12, 0, 2))


def test_a_table_of_pipes_is_no_drawn_one() -> None:
    assert not has_drawn_table("| STT | Chỉ tiêu | Số liệu |\n|-----|---|---|\n| 1 | A | 2 |\n" * 3)
    assert has_drawn_table(PLUS)


PIPES = [
    ("| STT | Chỉ tiêu | ĐVT | Số liệu |\n|---|:---|---|---:|\n| 1. | *Số văn bản* | Văn bản | 15 |\n"
    "| 2. | Tỷ lệ hoàn thành | % | |\n"),
    ("STT | Chỉ tiêu | ĐVT | Số liệu\n--- | --- | --- | ---\n1. | Số văn bản | Văn bản | 15\n"
     "2. | Tỷ lệ hoàn thành | % | \n"),
    "|STT |Chỉ tiêu |ĐVT |Số liệu\n\n|1. |Số văn bản |Văn bản |15\n\n|2. |Tỷ lệ hoàn thành |% |\n",
]


@pytest.mark.parametrize("text", PIPES)
def test_pipes_make_cells_with_or_without_the_outer_ones(tmp_path: Path, text: str) -> None:
    assert rows_of(read(tmp_path, text)) == [("1.", "Số văn bản", "Văn bản", "15"), ("2.", "Tỷ lệ hoàn thành", "%", "")]


def test_prose_with_a_bar_is_no_row(tmp_path: Path) -> None:
    text = "STT\tChỉ tiêu\tĐVT\tSố liệu\n1\tSố văn bản\tVăn bản\t15\nGhi: A | B là hai đơn vị.\n"
    document = read(tmp_path, text)
    assert document.tables[0].text_after == "Ghi: A | B là hai đơn vị."


WRAPPED = """\
|STT    |Chỉ tiêu thống kê       |Kết quả thống kê            |Ghi chú           |
|       |                        |Đơn vị tính    |Số liệu     |                  |
|1.     |Tổng số văn bản do địa  |Văn bản        |94          |Số liệu lấy từ    |
|       |phương ban hành         |               |            |phần mềm          |
|1.1.   |Số văn bản quản lý chung|Văn bản        |4           |                  |
|2.     |Kiểm tra, xử lý         |               |            |                  |
"""


def test_cells_that_go_on_in_the_next_line_between_bars_are_one(tmp_path: Path) -> None:
    document = read(tmp_path, WRAPPED)
    assert rows_of(document) == [
        ("1.", "Tổng số văn bản do địa phương ban hành", "Văn bản", "94", "Số liệu lấy từ phần mềm"),
        ("1.1.", "Số văn bản quản lý chung", "Văn bản", "4", ""),
        ("2.", "Kiểm tra, xử lý", "", "", ""),
    ]
    assert document.tables[0].method == "text-aligned"


def test_lines_of_markdown_are_rows_however_they_begin() -> None:
    lines = "| STT | Chỉ tiêu | ĐVT |\n|-----|----------|-----|\n| 1   | Số hồ sơ | Bộ  |\n|     | trong đó | bộ  |\n"
    assert not has_wrapped_cells(lines)
    assert has_wrapped_cells(lines.replace("|-----|----------|-----|\n", ""))
