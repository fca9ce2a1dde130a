"""The outline of the narrative, told from prose and list items."""

from __future__ import annotations

import pytest

from extract.headings import find_headings
from extract.model import Paragraph


def outline(*lines: str) -> list[str]:
    headings, _ = find_headings([Paragraph(line) for line in lines])
    return [f"{heading.path} {heading.title}" for heading in headings]


OUTLINES = [
    (
        "two and three levels, one label without its dot",
        [
            "I. CÔNG TÁC CHỈ ĐẠO",
            "1. Về kế hoạch",
            "- Đã ban hành.",
            "II. KẾT QUẢ",
            "1. Cải cách thể chế",
            "2. Cải cách thủ tục",
            "2.1. Kiểm soát",
            "2.2 Công khai thủ tục",
            "3. Cải cách bộ máy:",
        ],
        [
            "I CÔNG TÁC CHỈ ĐẠO",
            "I.1 Về kế hoạch",
            "II KẾT QUẢ",
            "II.1 Cải cách thể chế",
            "II.2 Cải cách thủ tục",
            "II.2.2.1 Kiểm soát",
            "II.2.2.2 Công khai thủ tục",
            "II.3 Cải cách bộ máy:",
        ],
    ),
    (
        "figures at the start of a line are no headings",
        [
            "I. KẾT QUẢ",
            "1. Cải cách thể chế",
            "1.061 hồ sơ đã được tiếp nhận trong kỳ.",
            "2. 3 nhiệm vụ chưa hoàn thành",
            "12/21 nhiệm vụ đã xong.",
            "2. Cải cách thủ tục",
            "15.6 tỷ đồng đã giải ngân",
        ],
        ["I KẾT QUẢ", "I.1 Cải cách thể chế", "I.2 Cải cách thủ tục"],
    ),
    (
        "a list inside a section does not take the place of the next heading",
        [
            "I. KẾT QUẢ",
            "1. Cải cách thể chế",
            "2. Cải cách thủ tục",
            "1. Ban hành Kế hoạch số 12/KH-SNV ngày 05/01/2024;",
            "2. Ban hành Quyết định số 13/QĐ-SNV;",
            "3. Ban hành Công văn số 14/SNV-CCHC.",
            "3. Cải cách bộ máy",
        ],
        ["I KẾT QUẢ", "I.1 Cải cách thể chế", "I.2 Cải cách thủ tục", "I.3 Cải cách bộ máy"],
    ),
    (
        "sentences numbered under the last heading are items",
        [
            "I. PHƯƠNG HƯỚNG",
            "1. Tiếp tục triển khai thực hiện có hiệu quả kế hoạch cải cách hành chính năm 2024; chú trọng thủ tục.",
            "2. Đẩy mạnh việc ứng dụng công nghệ thông tin trong giải quyết công việc của các phòng chuyên môn.",
        ],
        ["I PHƯƠNG HƯỚNG"],
    ),
    (
        "parts with the title on the next line",
        ["Phần I", "KẾT QUẢ THỰC HIỆN", "I. CHỈ ĐẠO", "1. Về kế hoạch", "Phần II", "PHƯƠNG HƯỚNG", "I. NHIỆM VỤ"],
        [
            "Phần I KẾT QUẢ THỰC HIỆN",
            "Phần I.I CHỈ ĐẠO",
            "Phần I.I.1 Về kế hoạch",
            "Phần II PHƯƠNG HƯỚNG",
            "Phần II.I NHIỆM VỤ",
        ],
    ),
    (
        "letters above Roman numbers",
        ["A. KẾT QUẢ", "I. Thể chế", "II. Thủ tục", "B. NHIỆM VỤ", "I. Trọng tâm"],
        ["A KẾT QUẢ", "A.I Thể chế", "A.II Thủ tục", "B NHIỆM VỤ", "B.I Trọng tâm"],
    ),
    (
        "Arabic only",
        ["1. Tình hình chung", "2. Kết quả", "2.1. Thể chế", "3. Kiến nghị"],
        ["1 Tình hình chung", "2 Kết quả", "2.2.1 Thể chế", "3 Kiến nghị"],
    ),
    (
        "items with a bracket and dates are no headings",
        [
            "I. KẾT QUẢ",
            "1. Thể chế",
            "1) Quyết định số 1",
            "a) Kế hoạch",
            "15/12/2023 là ngày chốt số liệu",
            "2. Thủ tục",
        ],
        ["I KẾT QUẢ", "I.1 Thể chế", "I.2 Thủ tục"],
    ),
    (
        "a number that was left out",
        ["I. KẾT QUẢ", "1. Thể chế", "3. Bộ máy", "II. NHIỆM VỤ"],
        ["I KẾT QUẢ", "I.1 Thể chế", "I.3 Bộ máy", "II NHIỆM VỤ"],
    ),
]


@pytest.mark.parametrize(("lines", "expected"), [case[1:] for case in OUTLINES], ids=[case[0] for case in OUTLINES])
def test_outline(lines: list[str], expected: list[str]) -> None:
    assert outline(*lines) == expected


def test_text_stands_under_its_heading_and_a_paragraph_cut_by_the_page_is_one_again() -> None:
    lines = [
        "Mở đầu báo cáo.",
        "I. KẾT QUẢ",
        "Trong kỳ đã tiến hành kiểm tra công tác kiểm soát và rà soát thủ tục",
        "hành chính đối với các phòng.",
        "- Một việc khác.",
    ]
    headings, preamble = find_headings([Paragraph(line) for line in lines])
    assert preamble == "Mở đầu báo cáo."
    assert (
        headings[0].text
        == "Trong kỳ đã tiến hành kiểm tra công tác kiểm soát và rà soát thủ tục hành chính đối với các phòng.\n"
        "- Một việc khác."
    )


def test_automatic_numbers_count_as_labels() -> None:
    headings, _ = find_headings(
        [Paragraph("KẾT QUẢ", label="I."), Paragraph("Thể chế", label="1."), Paragraph("Thủ tục", label="2.")]
    )
    assert [heading.label for heading in headings] == ["I", "1", "2"]
