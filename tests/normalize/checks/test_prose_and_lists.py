"""Figures of the appendix against the sentences and the lists of the same report."""

from __future__ import annotations

import pytest

from normalize.checks.report import titled_lists
from normalize.model import TableRow
from tests.normalize.checks.rows import DIALOGUE, PLAN, check, events, plan_rows, plans, row, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đã thực hiện được 12/21 nhiệm vụ trong Kế hoạch cải cách hành chính của đơn vị.", set()),
        ("Đã thực hiện được 13/21 nhiệm vụ trong Kế hoạch cải cách hành chính của đơn vị.", {"2.2"}),
        ("Đã thực hiện được 12/22 nhiệm vụ trong Kế hoạch cải cách hành chính của đơn vị.", {"2.1"}),
        ("Đã thực hiện được 11/22 nhiệm vụ trong Kế hoạch cải cách hành chính của đơn vị.", {"2.1", "2.2"}),
        ("UBND tỉnh giao: hoàn thành đúng hạn 508/595 nhiệm vụ.", set()),
        ("Nhiệm vụ UBND tỉnh giao đã hoàn thành đúng hạn đạt 509/595 nhiệm vụ (85,5%).", {"5.2"}),
        ("Đã kiểm tra 3/4 phòng chuyên môn trong Kế hoạch.", set()),
        ("Họp ngày 12/6 nhiệm kỳ mới.", set()),
        ("Kế hoạch số 44/2024 nhiệm vụ trọng tâm.", set()),
        ("Đã xong 3/4 nhiệm vụ.", set()),  # which tasks is not said
    ],
)
def test_prose_against_the_appendix(text: str, expected: set[str]) -> None:
    found = check(plan_rows(), PLAN, sections=[section(text)])
    assert {stt for code, stt in found if code == "prose-contradicts-table"} == expected


def test_a_percentage_between_figure_and_noun_does_not_hide_the_figure() -> None:
    text = "Đã hoàn thành 13/21 (61,9%) nhiệm vụ trong Kế hoạch cải cách hành chính."
    assert ("prose-contradicts-table", "2.2") in check(plan_rows(), PLAN, sections=[section(text)])


def test_prose_without_any_matching_row_says_nothing() -> None:
    assert not check([row("1", "Số văn bản", "Văn bản", "3")], sections=[section("Đạt 12/21 nhiệm vụ trong Kế hoạch.")])


RECEIVED = "Tổng số hồ sơ TTHC đã tiếp nhận (cả trực tiếp và trực tuyến)"
ON_TIME = "Tỷ lệ hồ sơ TTHC được giải quyết đúng hạn"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tổng số hồ sơ TTHC đã tiếp nhận: 1.061 hồ sơ.", set()),
        ("Trong kỳ, tổng số hồ sơ TTHC đã tiếp nhận là 1.016 hồ sơ.", {"6.4.1"}),
        ("tổng số hồ sơ TTHC đã tiếp nhận (cả trực tiếp và trực tuyến) được 1016 hồ sơ", {"6.4.1"}),
        ("Tổng số hồ sơ TTHC đã tiếp nhận trong quý I là 500 hồ sơ.", set()),  # not the name alone
        ("Tổng số hồ sơ TTHC đã tiếp nhận cùng kỳ năm trước\nlà 900 hồ sơ.", set()),
        ("Tổng số hồ sơ TTHC đã tiếp nhận trên 1.000 hồ sơ.", set()),  # a bound
        ("Tổng số hồ sơ TTHC đã tiếp nhận: 12 lượt.", set()),
        ("Tỷ lệ hồ sơ TTHC được giải quyết đúng hạn đạt 88,7%.", set()),
        ("Tỷ lệ hồ sơ TTHC được giải quyết đúng hạn đạt 89%.", set()),
        ("Tỷ lệ hồ sơ TTHC được giải quyết đúng hạn\nđạt 98,7%.", {"3.1"}),
        ("Số nhiệm vụ đã hoàn thành: 99 nhiệm vụ.", set()),  # two rows have this name
    ],
)
def test_a_figure_behind_the_whole_name_of_a_row(text: str, expected: set[str]) -> None:
    rows = [
        row("6.4.1", RECEIVED, "Hồ sơ", "1061"),
        row("3.1", ON_TIME, "%", "88.70", "88,70%", row=2),
        row("2.2", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", "12", row=3),
        row("5.2", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", "508", row=4),
    ]
    found = check(rows, sections=[section(text)])
    assert found == {("prose-contradicts-table", stt) for stt in expected}


@pytest.mark.parametrize(
    ("table", "is_doubted"),
    [
        (events(9), False),
        (events(8), True),
        (events(10), True),
        (events(8, "Danh sách khác"), False),
        (events(0), False),
    ],
)
def test_a_count_against_the_items_listed_behind_the_table(table: TableRow, is_doubted: bool) -> None:
    found = check([row("8", DIALOGUE, "Cuộc", "9")], tables=[table])
    assert found == ({("items-contradict-count", "8")} if is_doubted else set())


def test_lists_are_counted_by_the_mark_of_their_first_item() -> None:
    text = "Danh sách A:\n- một\n+ con của một\n- hai nối dòng\nsang đây;\n- ba\nDanh sách B\n1. x\n2) y"
    assert list(titled_lists(text)) == [("Danh sách A:", 3), ("Danh sách B", 2)]


@pytest.mark.parametrize(
    ("count", "note", "listed", "is_doubted"),
    [
        ("6", "Kế hoạch", 6, False),
        ("5", "Kế hoạch", 6, True),
        ("5", "06 kế hoạch", 6, True),
        ("5", "", 6, False),  # the row counts steering documents of every kind
        ("5", "Kế hoạch", 1, False),  # one document cited is no list
    ],
)
def test_a_count_against_the_documents_listed_in_the_text(count: str, note: str, listed: int, is_doubted: bool) -> None:
    rows = [row("1", "Số văn bản chỉ đạo CCHC đã ban hành", "Văn bản", count, note=note)]
    found = check(rows, sections=[section(plans(listed), "Về kế hoạch cải cách hành chính")])
    assert found == ({("items-contradict-count", "1")} if is_doubted else set())
