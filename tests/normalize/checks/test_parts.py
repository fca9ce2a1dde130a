"""Parts above their whole, children above their parents, rows a report leaves out."""

from __future__ import annotations

import pytest

from normalize.checks import ExpectedRow, Relation, run_checks, view_of
from normalize.findings import FINDINGS
from tests.normalize.checks.rows import RATE, check, online, row, share


def test_a_part_above_its_whole_is_a_warning() -> None:
    rows = [row("1", "Số TTHC", "Thủ tục", "10"), row("2", "Số TTHC liên thông", "Thủ tục", "11")]
    assert check(rows, [Relation("part", "1", ("2",))]) == {("part-exceeds-whole", "2")}
    assert FINDINGS["part-exceeds-whole"].severity == "warning"


def test_a_numerator_above_its_denominator_is_a_part_above_its_whole() -> None:
    assert ("part-exceeds-whole", "3.1.2") in check(share("110", "110", "22", "20"), [RATE])


@pytest.mark.parametrize(
    ("parent", "child", "unit", "expected"),
    [
        ("10", "11", "Người", {("child-exceeds-parent", "1.1")}),
        ("10", "10", "Người", set()),
        ("10", "11", "", set()),  # a group heading without a unit counts nothing
        ("10", "11", "%", set()),  # a group's rate may lie below that of one member
        (None, "11", "Người", set()),
    ],
)
def test_child_against_parent(parent: str | None, child: str, unit: str, expected: set[tuple[str, str]]) -> None:
    assert check([row("1", "Tổng số", unit, parent), row("1.1", "Trong đó: nữ", unit, child)]) == expected


def test_what_was_carried_over_is_no_part_of_what_came_in() -> None:
    rows = [
        row("6", "Số hồ sơ tiếp nhận trong kỳ", "Hồ sơ", "10"),
        row("6.1", "Số hồ sơ kỳ trước chuyển sang", "Hồ sơ", "12"),
    ]
    assert check(rows) == set()


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (("1061", "0", "0"), {"6.1.3", "6.2.3"}),
        (("1061", "1", "0"), set()),
        (("0", "0", "0"), set()),
        ((None, "0", "0"), set()),
        (("1061", "0", None), set()),  # the other carrier was not reported
    ],
)
def test_files_without_a_procedure_that_carried_them(figures: tuple[str | None, ...], expected: set[str]) -> None:
    found = check(online(*figures))
    assert found == {("count-without-carrier", stt) for stt in expected}


def test_one_count_in_two_appendices_must_agree() -> None:
    one = row("1.5", "Tổng số ĐVSNCL", "Đơn vị", "7", indicator_id="dvsncl_tai_dia_phuong", appendix="5")
    two = row("2.1", "Tổng số ĐVSN", "Đơn vị", "8", indicator_id="dvsn_cong_lap_tong_so", appendix="7", table=2)
    assert check([one, two]) == {("same-count-differs", "1.5"), ("same-count-differs", "2.1")}
    assert not check([one, row("2.1", "Tổng số ĐVSN", "Đơn vị", "7", indicator_id="dvsn_cong_lap_tong_so", table=2)])


def test_one_indicator_with_two_figures_is_told_on_both() -> None:
    first, second = (row("3.1", "Số hồ sơ", "Hồ sơ", value, table=n) for n, value in ((1, "10"), (2, "12")))
    assert check([first, second]) == {("indicator-twice", "3.1")}
    assert not check([first, row("3.1", "Số hồ sơ", "Hồ sơ", "10", table=2)])
    assert not check([first, row("3.1", "Số hồ sơ", "Hồ sơ", "12", table=2, measure="previous")])
    totals = [row("", "Cộng", "Hồ sơ", value, indicator_id="x", row=n) for n, value in ((3, "10"), (6, "12"))]
    category = row("1", "Sở A", "Hồ sơ", "5", indicator_id="x", breakdown="Sở A", breakdown_kind="agency")
    assert not check([category, *totals])


def test_rows_the_report_leaves_out_are_named_once_and_have_no_row() -> None:
    wanted = [ExpectedRow(1, "4", stt, f"id_{stt}", f"Dòng {stt}") for stt in ("1", "2", "3")]
    rows = [
        row("1", "Dòng 1", "Hồ sơ", "1", indicator_id="id_1"),
        row("9", "Dòng 3", "Hồ sơ", "1", indicator_id="id_3"),
    ]
    doubts = run_checks(view_of(rows, expected_rows=wanted))
    assert [(d.code, d.stt, d.row, d.observation_id) for d in doubts] == [("template-row-missing", "2", None, "")]


def test_rows_of_a_table_that_is_not_in_the_report_are_not_missed() -> None:
    assert not check([row("1", "Dòng 1", "Hồ sơ", "1")], expected_rows=[ExpectedRow(7, "8", "1", "x", "Dòng")])
