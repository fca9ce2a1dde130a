"""What a cell says against its own unit, name, note and printed text."""

from __future__ import annotations

import pytest

from tests.normalize.checks.rows import TWO_PARTS, YES_NO, check, row

LEVELS = "Chưa có = 0 2 cấp = 1 3 cấp = 2"
NINE_ROOMS = "09 phòng. Hiện đang trình thẩm định, sau khi sắp xếp còn 08 phòng"


@pytest.mark.parametrize(
    ("name", "unit", "value", "raw", "note", "code"),
    [
        ("Tổ chức đối thoại", YES_NO, "9", "9 cuộc", "", "unit-value-mismatch"),
        ("Tổ chức đối thoại", YES_NO, "1", "01 cuộc", "", "unit-value-mismatch"),
        ("Tổ chức đối thoại", YES_NO, "9", "9", "", "value-not-in-codes"),
        ("Tổ chức đối thoại", YES_NO, "1", "1", "", ""),
        ("Tổ chức đối thoại", YES_NO, "1", "Có", "", ""),
        ("Hệ thống họp", LEVELS, "2", "2", "", ""),
        ("Hệ thống họp", LEVELS, "1", "2 cấp", "", ""),
        ("Hệ thống họp", LEVELS, "3", "3", "", "value-not-in-codes"),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "09", NINE_ROOMS, "unit-value-mismatch"),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "09", "", "percent-looks-like-count"),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "9", NINE_ROOMS, "percent-looks-like-count"),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "9 phòng", "", "unit-value-mismatch"),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "9", "01 phòng", ""),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "9", "9", "", ""),
        ("Tỷ lệ sở, ngành đã sắp xếp", "%", "0.5", "0,5", "", ""),
        ("Tỷ lệ phân trăm biên chế đã tinh giản", "%", "13.7", "13,7%", "51 biên chế", ""),
        ("Tỷ lệ báo cáo", "%", "90", "90 phần trăm", "", ""),
        ("Số cơ quan, đơn vị được thanh tra", "%", "0", "0", "", "unit-contradicts-name"),
        ("Tổng số hồ sơ", "%", "5", "5", "", "unit-contradicts-name"),
        ("Tỷ lệ hồ sơ đúng hạn", "Hồ sơ", "5", "5", "", "unit-contradicts-name"),
        ("Số hóa hồ sơ", "%", "5", "5", "", ""),
        ("Sở, ngành đã kết nối", "%", "5", "5", "", ""),
        ("Số người và tỷ lệ so với biên chế", "%", "5", "5", "", ""),
        ("Số cơ quan, đơn vị được thanh tra", "Cơ quan, đơn vị", "3", "3", "", ""),
        ("Số người", "Người", "5", "5%", "", "unit-value-mismatch"),
        ("Tỷ lệ văn bản điện tử", "%", "120", "120", "", "percent-out-of-range"),
        ("Tỷ lệ tăng thu so với cùng kỳ", "%", "120", "120", "", ""),
        ("Tỷ lệ thực hiện kế hoạch", "%", "104", "104", "", ""),
        ("Tỷ lệ thực hiện kế hoạch", "%", "8870", "8870", "", "percent-out-of-range"),
        ("Số hồ sơ", "Hồ sơ", "-5", "-5", "", "negative-count"),
        ("Số hồ sơ", "Hồ sơ", "1.061", "1,061", "", "fraction-of-count"),
        ("Kinh phí", "Triệu đồng", "1.5", "1,5", "", ""),
    ],
)
def test_one_cell(name: str, unit: str, value: str, raw: str, note: str, code: str) -> None:
    assert {found for found, _ in check([row("8", name, unit, value, raw, note=note)])} == ({code} if code else set())


@pytest.mark.parametrize(
    ("note", "is_doubted"),
    [
        (TWO_PARTS.format(116, 11), False),
        (TWO_PARTS.format(116, 12), True),
        ("116 TTHC trực tuyến và 11 TTHC nội bộ", False),
        ("Gồm: 116 TTHC trực tuyến; 10 TTHC nội bộ", True),
        ("+ 116 TTHC trực tuyến\n+ 10 TTHC nội bộ", True),
        ("Trong đó 5 thủ tục cấp tỉnh, 3 thủ tục cấp huyện", False),  # some parts only
        ("Trong đó 105 thủ tục cấp tỉnh, 33 thủ tục cấp huyện", True),
        ("- 5 thủ tục chưa công khai - 3 thủ tục trùng", False),  # remarks: far from the whole
        ("Có 11 TTHC nội bộ", False),  # one part says nothing about the rest
        ("- 5 phòng - 6 trung tâm", False),  # parts of something else
        (NINE_ROOMS, False),
        ("Theo Quyết định số 12/QĐ-UBND ngày 03/02/2023", False),
    ],
)
def test_a_count_against_the_parts_in_its_note(note: str, is_doubted: bool) -> None:
    found = check([row("1.4", "Tổng số TTHC thuộc thẩm quyền giải quyết", "Thủ tục", "127", note=note)])
    assert found == ({("note-contradicts-count", "1.4")} if is_doubted else set())
