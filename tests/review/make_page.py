"""Make `data/sai-tong.pdf`: one report whose total does not add up, so that the desk has a page to show.

`python -m tests.review.make_page` writes it anew; it needs LibreOffice. The tests only read the file.
"""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from tools.corpus.write_pdf import convert

TARGET = Path(__file__).with_name("data") / "sai-tong.pdf"
HEAD = (
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM",
    "SỞ TƯ PHÁP",
    "Số: 112/BC-STP",
    "Quảng Nam, ngày 09 tháng 12 năm 2021",
    "BÁO CÁO",
    "Công tác cải cách hành chính năm 2021",
)
CAPTION = ("Phụ lục 2", "KẾT QUẢ CÔNG TÁC CẢI CÁCH HÀNH CHÍNH")
ROWS = (
    ("STT", "Tiêu chí", "Đơn vị tính", "Số liệu", "Ghi chú"),
    ("1", "Tổng số nhiệm vụ được giao", "Nhiệm vụ", "434", ""),
    ("1.1", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ", "396", ""),
    ("1.2", "Số nhiệm vụ đã hoàn thành nhưng quá hạn", "Nhiệm vụ", "13", ""),
    ("1.3", "Số nhiệm vụ quá hạn nhưng chưa hoàn thành", "Nhiệm vụ", "5", ""),
    ("2", "Tổ chức đối thoại của lãnh đạo", "Có = 1; Không = 0", "9 cuộc", ""),
)


def main() -> None:
    document = Document()
    for words in HEAD:
        paragraph = document.add_paragraph(words)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("I. KẾT QUẢ THỰC HIỆN")
    document.add_paragraph("Kết quả thực hiện tại phụ lục kèm theo.")
    for words in CAPTION:
        document.add_paragraph(words).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(len(ROWS), len(ROWS[0]), style="Table Grid")
    for row, words in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    (data,) = convert({"sai-tong": buffer.getvalue()}).values()
    TARGET.write_bytes(data)


if __name__ == "__main__":
    main()
