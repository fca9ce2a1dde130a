"""A header repeated on a scanned page is known though letters of it were misread."""

from __future__ import annotations

import pytest

from extract.tables.misread import is_near, repeats_misread

KEYS = ("stt", "chi tieu thong ke", "don vi tinh", "ket qua thong ke", "ghi chu")


@pytest.mark.parametrize(
    ("texts", "is_header"),
    [
        (["517", "Chỉ tiêu thống kê Kết quả thống kê", "Đơn vị tính", ""], True),
        (["STT", "Chí tiêu thổng kẻ", "Đơn vi tinh", "Kêt quà thống kê", "Ghi chù"], True),
        (["", "Chỉ tiêu thống kẽ", "Đan vị tính", "Kết quả thổng kê", "Ghi chú"], True),
        (["1", "Chỉ tiêu thống kê Kết quả thống kê", "Đơn vị tính", "5"], False),
        (["1", "Chỉ tiêu thống kê đạt 12 kết quả", "Đơn vị tính"], False),
        (["1", "Kết quả thống kê hồ sơ đúng hạn", "Hồ sơ", ""], False),
        (["2", "Kết quả thống kê", "", ""], False),
        (["", "", ""], False),
    ],
)
def test_rows_that_say_the_header_again(texts: list[str], is_header: bool) -> None:
    assert repeats_misread(texts, KEYS) is is_header


@pytest.mark.parametrize(
    ("word", "other", "near"),
    [("thong", "thang", True), ("thong", "hang", False), ("so", "sa", False), ("don", "dan", True)],
)
def test_one_letter_in_five_is_a_slip(word: str, other: str, near: bool) -> None:
    assert is_near(word, other) is near
