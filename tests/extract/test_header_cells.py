"""Cells of headers without rules, built as words on a page: what is one cell, what is a group over others."""

from __future__ import annotations

import pytest

from tests.extract.test_aligned_header import header_of

LOW = [("Nam", 260, 142), ("Nữ", 310, 142), ("Nam", 360, 142), ("Nữ", 400, 142)]


def test_the_first_line_of_a_wrapped_header_is_no_prose() -> None:
    texts = [
        ("Kỳ", 310, 93), ("STT", 50, 100), ("Chỉ tiêu", 120, 100), ("ĐVT", 250, 100), ("trước", 300, 107),
        ("1", 55, 122), ("Số văn bản", 100, 122), ("Văn bản", 240, 122), ("12", 310, 122),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["STT", "Chỉ tiêu", "ĐVT", "Kỳ trước"]


def test_a_group_printed_over_the_middle_one_of_its_columns_covers_all_three() -> None:
    low = [("Trước hạn", 200, 121), ("Đúng hạn", 270, 121), ("Quá hạn", 340, 121)]
    texts = [("STT", 50, 111), ("Lĩnh vực", 110, 111), ("Đã xong", 273, 101), *low, ("Ghi chú", 420, 111)]
    assert header_of(texts) == [
        (0, 0, 2, 1, "STT"), (0, 1, 2, 1, "Lĩnh vực"), (0, 2, 1, 3, "Đã xong"), (0, 5, 2, 1, "Ghi chú"),
        (1, 2, 1, 1, "Trước hạn"), (1, 3, 1, 1, "Đúng hạn"), (1, 4, 1, 1, "Quá hạn"),
    ]  # fmt: skip


def test_a_header_has_as_many_levels_as_it_is_printed_with() -> None:
    texts = [
        ("Kết quả thống kê của kỳ", 256, 100), ("STT", 50, 115), ("Chỉ tiêu", 110, 115), ("Số liệu", 220, 115),
        ("Thực hiện và cùng kỳ", 300, 115), ("Kỳ này", 300, 130), ("Kỳ trước", 380, 130),
    ]  # fmt: skip
    assert [cell[:4] for cell in header_of(texts)] == [
        (0, 0, 3, 1), (0, 1, 3, 1), (0, 2, 1, 3), (1, 2, 2, 1), (1, 3, 1, 2), (2, 3, 1, 1), (2, 4, 1, 1),
    ]  # fmt: skip


def test_the_end_of_a_word_that_a_narrow_column_cut_is_no_code() -> None:
    texts = [
        ("STT", 50, 100), ("Lĩnh vực", 120, 100), ("Trướ", 250, 100), ("Quá", 320, 100),
        ("c hạn", 250, 114), ("hạn", 320, 114),
        ("1", 55, 140), ("Đất đai", 120, 140), ("5", 255, 140), ("7", 325, 140),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["STT", "Lĩnh vực", "Trước hạn", "Quá hạn"]


def test_groups_set_flush_left_stand_over_the_first_of_their_columns() -> None:
    texts = [
        ("STT", 50, 100), ("Lĩnh vực", 90, 100), ("Tiếp nhận", 170, 100), ("Đã xong", 330, 100),
        ("Tổng số", 170, 118), ("Trong kỳ", 225, 118), ("Kỳ trước", 280, 118), ("Đúng hạn", 330, 118),
        ("Quá hạn", 400, 118),
    ]  # fmt: skip
    groups = {cell[4]: cell[1::2] for cell in header_of(texts) if cell[4] in ("Tiếp nhận", "Đã xong")}
    assert groups == {"Tiếp nhận": (2, 3), "Đã xong": (5, 2)}


def test_groups_set_flush_left_have_what_stands_as_low_up_to_the_next_group() -> None:
    texts = [
        ("STT", 50, 142), ("Lĩnh vực", 90, 142), ("Tiếp nhận hồ sơ", 170, 86), ("Đã giải quyết xong", 330, 86),
        ("Tổng số", 170, 142), ("Trong", 225, 128), ("kỳ", 225, 142),
        ("Từ kỳ", 280, 100), ("trước", 280, 114), ("chuyển", 280, 128), ("qua", 280, 142),
        ("Đúng", 330, 128), ("hạn", 330, 142), ("Trước", 380, 128), ("hạn", 380, 142), ("Quá", 440, 128),
        ("hạn", 440, 142), ("Đang xử lý", 490, 86), ("Nhiều", 490, 142), ("Ít", 530, 142),
    ]  # fmt: skip
    groups = {cell[4]: cell[1::2] for cell in header_of(texts) if cell[0] == 0 and cell[3] > 1}
    assert groups == {"Tiếp nhận hồ sơ": (2, 3), "Đã giải quyết xong": (5, 3), "Đang xử lý": (8, 2)}


def test_the_last_line_of_a_reference_is_no_group_of_the_header() -> None:
    texts = [
        ("(Ban hành kèm theo Báo cáo số 12/BC-SGDĐT của Sở Giáo dục và", 90, 72), ("Đào tạo)", 200, 86),
        ("STT", 50, 100), ("Chỉ tiêu", 120, 100), ("ĐVT", 250, 100), ("Số liệu", 310, 100),
        ("1", 55, 120), ("Số văn bản", 120, 120), ("Văn bản", 240, 120), ("12", 320, 120),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["STT", "Chỉ tiêu", "ĐVT", "Số liệu"]


def test_a_year_beside_the_words_of_a_header_is_no_figure() -> None:
    texts = [
        ("Cùng", 252, 86), ("kỳ", 258, 100), ("năm", 254, 114),
        ("STT", 50, 128), ("Chỉ tiêu", 120, 128), ("2018", 252, 128), ("Thực hiện", 300, 128), ("Ghi chú", 380, 128),
        ("1.", 55, 150), ("Số văn bản", 100, 150), ("12", 255, 150), ("15", 310, 150),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)][2] == "Cùng kỳ năm 2018"


def test_the_rest_of_a_header_word_is_header_however_far_below_it_stands() -> None:
    texts = [
        ("Số thứ", 50, 100), ("Nội dung", 120, 100), ("ĐVT", 250, 100), ("Số liệu", 310, 100), ("tự", 50, 121),
        ("1", 55, 142), ("Số văn bản", 120, 142), ("Văn bản", 240, 142), ("12", 320, 142),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["Số thứ tự", "Nội dung", "ĐVT", "Số liệu"]


def test_the_words_of_a_justified_line_are_one_cell() -> None:
    texts = [
        ("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("ĐVT", 200, 100),
        ("Cùng", 250, 100), ("kỳ", 290, 100), ("năm", 318, 100), ("trước", 250, 114),
        ("Kỳ báo cáo", 360, 100),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["STT", "Chỉ tiêu", "ĐVT", "Cùng kỳ năm trước", "Kỳ báo cáo"]


@pytest.mark.parametrize("shift", [0, 5])  # flush left, and each line in the middle of its cell
def test_cells_side_by_side_whose_lines_stand_as_high_are_no_justified_line(shift: int) -> None:
    texts = [
        ("TT", 50, 114), ("Nội dung", 90, 114), ("Kết", 250 + shift, 93), ("quả", 250 + shift, 107),
        ("thực", 250, 121), ("hiện", 250, 135), ("Đơn", 291, 107), ("tính", 291 - shift, 121), ("Ghi chú", 340, 114),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["TT", "Nội dung", "Kết quả thực hiện", "Đơn tính", "Ghi chú"]


def test_a_cell_begins_with_a_capital_where_its_group_does() -> None:
    texts = [
        ("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("Kết quả thực hiện", 240, 100),
        ("Kế", 230, 118), ("Thực", 290, 118), ("Thực hiện", 360, 118),
        ("hoạch", 225, 132), ("hiện", 290, 132), ("cùng kỳ", 364, 132), ("năm trước", 360, 146),
    ]  # fmt: skip
    low = [cell for cell in header_of(texts) if cell[0]]
    assert [cell[4] for cell in low] == ["Kế hoạch", "Thực hiện", "Thực hiện cùng kỳ năm trước"]


def test_cells_at_the_top_of_their_height_belong_to_the_group_beside_them_however_many_lines_they_have() -> None:
    texts = [
        ("STT", 50, 100), ("Lĩnh vực", 90, 100), ("Hồ sơ tiếp nhận", 225, 100), ("Đã giải quyết", 411, 100),
        ("Tổng số", 170, 116), ("Trong kỳ", 230, 116), ("Từ kỳ trước", 295, 116), ("chuyển qua", 295, 130),
        ("Trước", 380, 116), ("hạn", 383, 130), ("Đúng", 430, 116), ("hạn", 433, 130), ("Quá hạn", 475, 116),
    ]  # fmt: skip
    groups = {cell[4]: cell[1::2] for cell in header_of(texts) if cell[0] == 0 and cell[3] > 1}
    assert groups == {"Hồ sơ tiếp nhận": (2, 3), "Đã giải quyết": (5, 3)}


def test_cells_in_the_middle_of_their_height_are_not_told_by_where_they_begin() -> None:
    texts = [
        ("STT", 50, 121), ("Lĩnh vực", 90, 121), ("Số người đang làm", 200, 100), ("Tổng", 200, 128),
        ("Công chức", 260, 114), ("Viên chức", 360, 114), *LOW, ("Hợp", 440, 114), ("đồng", 440, 128),
    ]  # fmt: skip
    assert [cell[1:] for cell in header_of(texts) if cell[0] == 0 and cell[3] > 1] == [(2, 1, 5, "Số người đang làm")]


def test_a_year_is_the_lower_line_of_its_cell() -> None:
    texts = [
        ("Số thứ", 50, 100), ("tự", 62, 114), ("Nội dung", 90, 114), ("Số liệu", 200, 114), ("Cùng kỳ năm", 280, 100),
        ("2022", 298, 114), ("Ghi chú", 400, 114),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts)] == ["Số thứ tự", "Nội dung", "Số liệu", "Cùng kỳ năm 2022", "Ghi chú"]


def test_a_line_that_names_columns_is_header_however_far_below_it_stands() -> None:
    texts = [
        ("STT", 50, 100), ("Chỉ tiêu thống kê", 90, 100), ("Kết quả thống kê", 250, 100), ("Ghi chú", 450, 100),
        ("(Sử dụng hàng quý)", 90, 122), ("Đơn vị tính", 250, 122), ("Số liệu", 370, 122),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts) if cell[0] == 1] == ["Đơn vị tính", "Số liệu"]


@pytest.mark.parametrize("x0", [296, 200])  # in the middle of its cells, and flush left
def test_a_group_a_little_farther_above_its_cells_is_header(x0: float) -> None:
    texts = [
        ("Số người có mặt", x0, 70), ("Công chức", 282, 92), ("Viên chức", 399, 92),
        ("STT", 50, 103), ("Cơ quan", 110, 103), ("Tổng số", 200, 103),
        ("Lãnh đạo", 255, 113), ("Nhân viên", 312, 113), ("Lãnh đạo", 372, 113), ("Nhân viên", 430, 113),
    ]  # fmt: skip
    groups = [cell[4] for cell in header_of(texts) if cell[3] > 1]
    assert groups == ["Số người có mặt", "Công chức", "Viên chức"]


def test_words_of_columns_in_the_middle_under_one_cell_are_header_however_far_below_they_stand() -> None:
    texts = [
        ("Số TT", 50, 100), ("Nội dung", 110, 100), ("ĐVT", 220, 100), ("Kết quả thực hiện", 290, 100),
        ("Kế hoạch", 275, 124), ("Thực hiện", 345, 124),
        ("1", 60, 146), ("Số văn bản", 110, 146), ("Văn bản", 215, 146), ("12", 290, 146), ("15", 365, 146),
    ]  # fmt: skip
    assert [cell[4] for cell in header_of(texts) if cell[0] == 1] == ["Kế hoạch", "Thực hiện"]
