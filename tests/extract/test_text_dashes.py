"""Tables whose columns a line of dashes gives: as converters and databases print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import read_file
from extract.model import Document
from extract.readers.text_dashes import has_dashed_table, with_drawn_tables
from tests.extract.test_text_drawn import HEAD

MULTI_LINE = """\
  ------------------------------------------------------------
   STT   Chỉ tiêu thống kê      Đơn vị   Số liệu   Ghi chú
                                 tính
  ------ --------------------- -------- --------- ------------
    1.   Số văn bản chỉ đạo    Văn bản     15      Đang lấy
         đã ban hành                               ý kiến

   1.1.  Số kế hoạch           Kế hoạch

    2.   Tỷ lệ hoàn thành         %       88,70
  ------------------------------------------------------------
"""
SIMPLE = """\
STT  Chỉ tiêu thống kê              Đơn vị tính  Số liệu  Ghi chú
---- ------------------------------ ------------ -------- --------------------
1.   Số văn bản chỉ đạo đã ban hành Văn bản      15       Đang lấy ý kiến
1.1. Số kế hoạch                    Kế hoạch
2.   Tỷ lệ hoàn thành               %            88,70
"""
STRUCTURED = """\
==== ====================== =========== ======== ===============
STT  Chỉ tiêu thống kê      Đơn vị tính Số liệu  Ghi chú
==== ====================== =========== ======== ===============
1.   Số văn bản chỉ đạo     Văn bản     15       Đang lấy ý kiến
     đã ban hành
1.1. Số kế hoạch            Kế hoạch
2.   Tỷ lệ hoàn thành       %           88,70
==== ====================== =========== ======== ===============
"""
QUERY = """\
 STT  |       Chỉ tiêu thống kê        | Đơn vị tính | Số liệu |     Ghi chú
------+--------------------------------+-------------+---------+-----------------
 1.   | Số văn bản chỉ đạo đã ban hành | Văn bản     | 15      | Đang lấy ý kiến
 1.1. | Số kế hoạch                    | Kế hoạch    |         |
 2.   | Tỷ lệ hoàn thành               | %           | 88,70   |
"""
ROWS = [
    ["1.", "Số văn bản chỉ đạo đã ban hành", "Văn bản", "15", "Đang lấy ý kiến"],
    ["1.1.", "Số kế hoạch", "Kế hoạch"],
    ["2.", "Tỷ lệ hoàn thành", "%", "88,70"],
]


def read(text: str, folder: Path) -> Document:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return read_file(path, "a.txt")


@pytest.mark.parametrize("table", [MULTI_LINE, SIMPLE, STRUCTURED, QUERY])
def test_columns_are_where_the_dashes_are(table: str, tmp_path: Path) -> None:
    document = read(f"{HEAD}\n{table}\nKèm theo danh sách\n", tmp_path)
    (found,) = document.tables
    rows: dict[int, list[str]] = {}
    for cell in found.cells:
        rows.setdefault(cell.row, []).append(" ".join(cell.text.split()))
    assert [list(filter(None, row)) for row in rows.values()] == ROWS
    assert found.caption.appendix == "2"
    assert document.problems == ()


def test_lines_of_dashes_in_prose_are_no_table() -> None:
    text = "SỞ XÂY DỰNG\n----- ------ -----\nSố: 12/BC-SXD\n\n---\n"
    assert has_dashed_table(text)  # it may be one
    assert [line.strip() for line in with_drawn_tables("Một dòng\n\n--- --- ---\n").splitlines() if line.strip()] == [
        "Một dòng", "--- --- ---",
    ]  # fmt: skip


def test_a_table_out_of_whose_columns_words_run_is_left_alone() -> None:
    text = SIMPLE.replace("1.1. Số kế hoạch   ", "1.1.Số kế hoạch   x")
    assert "+--" not in with_drawn_tables(text)
