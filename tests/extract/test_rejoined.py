"""Words that a very narrow column cut are one again; words that stand on two lines stay two."""

from __future__ import annotations

import pytest

from extract.page import rejoined

LINES = [
    (["Tron", "g kỳ"], "Trong kỳ"),
    (["Từ kỳ trước chuyể", "n qua"], "Từ kỳ trước chuyển qua"),
    (["Trướ", "c hạn"], "Trước hạn"),
    (["ngày 03/02/202", "3"], "ngày 03/02/2023"),
    (["Tỷ lệ hồ sơ", "đúng hạn"], "Tỷ lệ hồ sơ\nđúng hạn"),
    (["Số TTHC", "cấp tỉnh"], "Số TTHC\ncấp tỉnh"),
    (["Cơ quan,", "đơn vị"], "Cơ quan,\nđơn vị"),
    (["ngày 03/02/2023", "3 văn bản"], "ngày 03/02/2023\n3 văn bản"),
    (["hồ", "sơ"], "hồ\nsơ"),
    ([], ""),
]


@pytest.mark.parametrize(("lines", "text"), LINES)
def test_lines_of_a_cell(lines: list[str], text: str) -> None:
    assert rejoined(lines) == text
