"""Texts whose columns are set with spaces."""

from __future__ import annotations

from pathlib import Path

from extract import read_file
from extract.readers.text_aligned import has_aligned_table

TEXT = """\
 UBND TỈNH KON TUM                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
    SỞ XÂY DỰNG                            Độc lập - Tự do - Hạnh phúc
  Số: 12/BC-SXD                       Kon Tum, ngày 14 tháng 6 năm 2023
                              BÁO CÁO
          Công tác cải cách hành chính 6 tháng đầu năm 2023
I. CÔNG TÁC CHỈ ĐẠO
1. Về kế hoạch cải cách hành chính
Sở đã ban hành kế hoạch và giao việc cho từng phòng.
II. KẾT QUẢ THỰC HIỆN
                            PHỤ LỤC 2
           THỐNG KÊ SỐ LIỆU CHỈ ĐẠO ĐIỀU HÀNH
 STT   Chỉ tiêu thống kê                  Đơn vị tính   Số liệu    Ghi chú
  1.   Số văn bản chỉ đạo đã ban hành      Văn bản        15      Đang lấy
       trong kỳ báo cáo                                           ý kiến
  2.   Tỷ lệ hoàn thành kế hoạch năm          %          88,70
 2.1.  Số nhiệm vụ đề ra trong kế          Nhiệm vụ      1.061
       hoạch của năm
\f STT   Chỉ tiêu thống kê                  Đơn vị tính   Số liệu    Ghi chú
2.1.1. Số nhiệm vụ đã hoàn thành           Nhiệm vụ       941
  3.   Kiểm tra cải cách hành chính
"""
ROWS = [
    ("1.", "Số văn bản chỉ đạo đã ban hành trong kỳ báo cáo", "Văn bản", "15", "Đang lấy ý kiến"),
    ("2.", "Tỷ lệ hoàn thành kế hoạch năm", "%", "88,70", ""),
    ("2.1.", "Số nhiệm vụ đề ra trong kế hoạch của năm", "Nhiệm vụ", "1.061", ""),
    ("2.1.1.", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", "941", ""),
    ("3.", "Kiểm tra cải cách hành chính", "", "", ""),
]


def test_a_table_set_with_spaces_is_read_with_its_headings_and_letterhead(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    document = read_file(path, "a.txt")
    (table,) = document.tables
    rows = [[""] * 5 for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row - 1][cell.col] = " ".join(cell.text.split())
    assert [tuple(row) for row in rows] == ROWS
    assert (table.method, table.caption.appendix) == ("text-aligned", "2")
    assert [(h.label, h.title) for h in document.headings] == [
        ("I", "CÔNG TÁC CHỈ ĐẠO"), ("1", "Về kế hoạch cải cách hành chính"), ("II", "KẾT QUẢ THỰC HIỆN"),
    ]  # fmt: skip
    assert (document.letterhead.number, document.letterhead.agency) == ("12/BC-SXD", "SỞ XÂY DỰNG")
    assert document.problems == ()


def test_prose_and_tab_tables_are_not_taken_for_it() -> None:
    assert not has_aligned_table("Số liệu  trong kỳ\nSTT, chỉ tiêu và đơn vị tính\nSTT\tChỉ tiêu\tSố liệu\n")
    assert has_aligned_table("STT   Chỉ tiêu     Đơn vị tính   Số liệu\n")
