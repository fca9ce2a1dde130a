"""Markdown: marks are no text, and blank lines part the paragraphs between tables in HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import read_file
from extract.readers.markdown import is_markdown, without_marks

TEXT = """SỞ XÂY DỰNG

Số: 12/BC-SXD

**BÁO CÁO**

Công tác cải cách hành chính năm 2023

## I. KẾT QUẢ THỰC HIỆN

### 1\\. Cải cách thể chế

Đã ban hành
văn bản.

**Phụ lục 2**

# THỐNG KÊ SỐ LIỆU

*(Kèm theo Báo cáo số 12/BC-SXD)*

<table><thead><tr><th>STT</th><th>Chỉ tiêu</th><th>ĐVT</th><th>Số liệu</th></tr></thead>
<tbody><tr><td><p>1.</p></td><td>Số văn bản</td><td>Văn bản</td><td>15</td></tr></tbody></table>

Danh sách kèm theo
"""


def test_paragraphs_stand_between_tables_in_html(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    document = read_file(path, "a.md")
    assert [(h.label, h.title, h.text) for h in document.headings] == [
        ("I", "KẾT QUẢ THỰC HIỆN", ""), ("1", "Cải cách thể chế", "Đã ban hành văn bản."),
    ]  # fmt: skip
    (table,) = document.tables
    assert (table.caption.appendix, table.caption.title) == ("2", "THỐNG KÊ SỐ LIỆU")
    assert table.caption.reference == "(Kèm theo Báo cáo số 12/BC-SXD)"
    assert [cell.text for cell in table.cells] == ["1.", "Số văn bản", "Văn bản", "15"]
    assert table.text_after == "Danh sách kèm theo"


def test_tables_with_pipes_stand_beside_tables_in_html(tmp_path: Path) -> None:
    pipes = "**Phụ lục 3**\n\n| **STT** | Chỉ tiêu | ĐVT | Số liệu |\n|:--:|----|---|--:|\n"
    pipes += "| 1\\. | *Số văn bản* | Văn bản | 7 |\n| 2\\. | Tỷ lệ A \\| B | % |  |\n"
    path = tmp_path / "a.md"
    path.write_text(f"{TEXT}\n{pipes}", encoding="utf-8")
    second = read_file(path, "a.md").tables[1]
    assert second.caption.appendix == "3"
    assert [c.text for c in second.cells] == ["1.", "Số văn bản", "Văn bản", "7", "2.", "Tỷ lệ A | B", "%"]


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("## I. KẾT QUẢ", "I. KẾT QUẢ"),
        ("1\\. Về kế hoạch", "1. Về kế hoạch"),
        ("*(Ban hành kèm theo)*", "(Ban hành kèm theo)"),
        ("15*", "15*"),
        ("#1 trong số", "#1 trong số"),
        ("C:\\Bao cao", "C:\\Bao cao"),
    ],
)
def test_marks_go_and_text_stays(line: str, printed: str) -> None:
    assert without_marks(line) == printed


def test_a_page_is_no_markdown() -> None:
    assert not is_markdown("<html><body>a<table><tr><td>1</td></tr></table></body></html>")
    assert not is_markdown("<p>a</p><table><tr><td>1</td></tr></table>")
    assert is_markdown("a\n\n<table><tr><td><p>1</p></td></tr></table>")
