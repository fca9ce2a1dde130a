"""What contradicts itself is found, what fits is left alone, and no value is ever changed."""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.catalogue import load_catalogue
from normalize.checks import (
    CHECKS,
    CROSSTAB_CODES,
    HISTORY_CODES,
    ExpectedRow,
    Relation,
    check_crosstab,
    run_checks,
    view_of,
)
from normalize.checks.report import cross_relations, titled_lists
from normalize.checks.series import Point, check_history, check_series, compare_twins
from normalize.checks.table import agrees, check_crosstab_sums
from normalize.findings import FINDINGS, Doubt, sentences
from normalize.model import Observation, Section, TableRow

ROOT = Path(__file__).parents[2]
BLANK = dict.fromkeys(Observation.__dataclass_fields__, "")


def row(stt: str, name: str, unit: str, value: str | None, raw: str | None = None, **more: Any) -> Observation:
    """One observation; its indicator id is its code unless given, its raw text its value in Vietnamese."""
    printed = raw if raw is not None else (value or "").replace(".", ",")
    given_fields: dict[str, Any] = {
        "observation_id": f"r/2/1/{stt}/{more.get('measure', 'actual')}/{more.get('breakdown', '')}",
        "report_id": "r",
        "source": "a.docx",
        "appendix": "2",
        "stt": stt,
        "parent_stt": stt.rpartition(".")[0],
        "depth": stt.count("."),
        "indicator_id": stt,
        "indicator": name,
        "indicator_raw": name,
        "unit": unit,
        "unit_raw": unit,
        "measure": "actual",
        "value": None if value is None else Decimal(value),
        "value_raw": printed,
        "value_kind": "blank" if value is None else "number",
        "flow": "flow",
        "table": 1,
        "row": 1,
        "page": 1,
        "confidence": 1.0,
        "is_primary": True,
    }
    return Observation(**{**BLANK, **given_fields, **more})


def raised(doubts: Iterable[Doubt]) -> set[tuple[str, str]]:
    return {(doubt.code, doubt.stt) for doubt in doubts}


def check(rows: Sequence[Observation], relations: Sequence[Relation] = (), **more: Any) -> set[tuple[str, str]]:
    return raised(run_checks(view_of(rows, relations, **more)))


# --- the registry --------------------------------------------------------------------------------


def all_codes() -> list[str]:
    return sorted({code for each in CHECKS.values() for code in each.codes} | set(HISTORY_CODES) | set(CROSSTAB_CODES))


@pytest.mark.parametrize("code", all_codes())
def test_every_code_of_a_check_has_its_sentences(code: str) -> None:
    assert code in FINDINGS


def test_checks_raise_no_code_they_do_not_register() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "normalize/checks").glob("*.py"))
    source = source.replace((ROOT / "normalize/checks/__init__.py").read_text(encoding="utf-8"), "")
    unregistered = {code for code in FINDINGS if f'"{code}"' in source} - set(all_codes())
    assert not unregistered


def test_every_relation_between_appendices_names_known_indicators() -> None:
    known = load_catalogue().by_id
    relations = cross_relations()
    assert {relation.kind for relation in relations} == {"carrier", "same"}
    assert all(indicator in known for r in relations for indicator in (r.whole, *r.parts))


def test_every_sentence_gets_all_its_facts() -> None:
    for doubt in every_doubt():
        vi, en = sentences(doubt.code, doubt.facts)
        assert "…" not in vi.replace("… ", ""), doubt.code
        wanted = {n for _, n, _, _ in string.Formatter().parse(FINDINGS[doubt.code].message_en) if n}
        assert wanted <= {name for name, _ in doubt.facts}, (doubt.code, en)


# --- sums ----------------------------------------------------------------------------------------

SUM = Relation("sum", "5.1", ("5.2", "5.3", "5.4"))


def tasks(*values: str | None, unit: str = "Nhiệm vụ", **more: Any) -> list[Observation]:
    names = ("Tổng số nhiệm vụ", "Số đúng hạn", "Số quá hạn", "Số chưa xong")
    return [
        row(f"5.{i}", name, unit, value, row=i, **more)
        for i, (name, value) in enumerate(zip(names, values, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("595", "508", "74", "13"), set()),
        (("0", "0", "0", "0"), set()),
        (("596", "508", "74", "13"), {"sum-mismatch"}),
        (("594", "508", "74", "13"), {"sum-mismatch"}),
        (("127", "127", None, None), set()),  # a blank part was not reported, it is not 0
        (("130", "127", None, None), set()),
        (("126", "127", None, None), {"sum-exceeded"}),
        ((None, "508", "74", "13"), {"derived-value"}),
        ((None, "508", None, "13"), set()),
        (("5", None, None, None), set()),
    ],
)
def test_sum_of_parts(values: tuple[str | None, ...], expected: set[str]) -> None:
    assert {code for code, stt in check(tasks(*values), [SUM]) if stt == "5.1"} == expected


def test_a_failed_sum_points_at_every_operand_because_any_may_be_wrong() -> None:
    found = check(tasks("596", "508", "74", "13"), [SUM])
    assert {stt for code, stt in found if code == "contradiction-operand"} == {"5.2", "5.3", "5.4"}


def test_an_operand_that_another_calculation_confirms_is_not_marked() -> None:
    rows = [*tasks("596", "508", "74", "13"), row("5.3.1", "a", "Nhiệm vụ", "70"), row("5.3.2", "b", "Nhiệm vụ", "4")]
    found = check(rows, [SUM, Relation("sum", "5.3", ("5.3.1", "5.3.2"))])
    assert {stt for code, stt in found if code == "contradiction-operand"} == {"5.2", "5.4"}


def test_a_failed_sum_of_uncertain_readings_is_a_warning() -> None:
    rows = tasks("596", "508", "74", "13", confidence=0.5)
    assert ("sum-mismatch-reading", "5.1") in check(rows, [SUM])
    assert FINDINGS["sum-mismatch-reading"].severity == "warning"


def test_rounded_amounts_of_money_may_stray_by_their_rounding() -> None:
    assert not check(tasks("1000.1", "500.03", "300.03", "200.0", unit="Triệu đồng"), [SUM])
    assert ("sum-mismatch", "5.1") in check(tasks("1001.1", "500.03", "300.03", "200.0", unit="Triệu đồng"), [SUM])


def test_each_column_is_checked_by_itself() -> None:
    rows = tasks("595", "508", "74", "13") + tasks("500", "1", "2", "3", measure="previous")
    places = {(d.code, d.measure) for d in run_checks(view_of(rows, [SUM])) if d.stt == "5.1"}
    assert places == {("sum-mismatch", "previous")}


@pytest.mark.parametrize("more", [{"measure": "change"}, {"measure": "x", "measure_raw": "So sánh (%)"}])
def test_columns_that_compare_two_periods_obey_no_sums(more: dict[str, str]) -> None:
    assert not check(tasks("5", "508", "74", "13", **more), [SUM])


def test_targets_are_set_one_by_one_and_obey_no_sums_or_rates() -> None:
    plan = {"measure": "plan"}
    assert not check(tasks("596", "508", "74", "13", **plan), [SUM])
    assert not check(share("100", "100", "15", "21", **plan), [RATE])


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6), st.integers(-999, 999))
def test_a_sum_is_doubted_exactly_when_it_is_wrong(parts: list[int], slip: int) -> None:
    rows = [row("1", "Tổng số hồ sơ", "Hồ sơ", str(max(0, sum(parts) + slip)))]
    rows += [row(f"1.{i}", f"Hồ sơ loại {i}", "Hồ sơ", str(v)) for i, v in enumerate(parts)]
    relation = Relation("sum", "1", tuple(f"1.{i}" for i in range(len(parts))))
    wrong = rows[0].value != sum(parts)
    assert (("sum-mismatch", "1") in check(rows, [relation])) == wrong


def family(name: str, *values: str | None, measure: str = "actual") -> list[Observation]:
    names = (name, "Mức một", "Mức hai")
    codes = ("1", "1.1", "1.2")
    return [
        row(stt, words, "Người", value, row=i, measure=measure)
        for i, (stt, words, value) in enumerate(zip(codes, names, values, strict=True))
    ]


@pytest.mark.parametrize(
    "name", ["Tổng số người (1=1.1+1.2)", "Tổng số người (= 1.1 + 1.2)", "Tổng số người (1) = (1.1) + (1.2)"]
)
def test_a_sum_that_a_row_name_states_must_hold(name: str) -> None:
    assert ("sum-mismatch", "1") in check(family(name, "31", "10", "20"))
    assert not check(family(name, "30", "10", "20"))


def test_a_rate_that_a_row_name_states_must_hold() -> None:
    rows = [row("3", "Tỷ lệ (3=2/1x100%)", "%", "60"), row("2", "Đạt", "Người", "1"), row("1", "Tất cả", "Người", "2")]
    assert ("rate-mismatch", "3") in check(rows)


@pytest.mark.parametrize("name", ["Tổng số người", "DVC mức độ 1.1+1.2", "Người (1=1.1+1.9)", "Người (x=1.1+1.1)"])
def test_words_alone_state_no_sum(name: str) -> None:
    assert not check(family(name, "31", "10", "20"))


def test_children_that_make_their_parent_in_one_column_only() -> None:
    before = family("Tổng số người", "30", "10", "20", measure="previous")
    assert check([*family("Tổng số người", "31", "10", "20"), *before]) == {("sum-pattern-broken", "1")}
    assert not check([*family("Tổng số người", "31", "10", None), *before])
    chance = family("Tổng số người", "10", "10", "0", measure="previous")  # one child says nothing
    assert not check([*family("Tổng số người", "31", "10", "20"), *chance])


# --- rates ---------------------------------------------------------------------------------------

RATE = Relation("rate", "3.1", ("3.1.2", "3.1.1"))


def share(rate: str | None, raw: str, n: str | None, d: str | None, **more: Any) -> list[Observation]:
    return [
        row("3.1", "Tỷ lệ hồ sơ giải quyết đúng hạn", "%", rate, raw, **more),
        row("3.1.1", "Tổng số hồ sơ đã giải quyết", "Hồ sơ", d, row=2, **more),
        row("3.1.2", "Số hồ sơ giải quyết đúng hạn", "Hồ sơ", n, row=3, **more),
    ]


@pytest.mark.parametrize(
    ("rate", "raw", "n", "d", "expected"),
    [
        ("88.70", "88,70%", "589", "664", set()),
        ("88.7", "88,70%", "589", "664", set()),
        ("91.34", "91,34", "116", "127", set()),
        ("91.33", "91,33", "116", "127", set()),  # cut off instead of rounded
        ("91", "91", "116", "127", set()),
        ("91.35", "91,35", "116", "127", {"rate-mismatch"}),
        ("92", "92", "116", "127", {"rate-mismatch"}),
        ("9", "9", "492", "5493", set()),
        ("8", "8", "492", "5493", {"rate-mismatch"}),  # 8.96: a whole number cut off is another number
        ("8.9", "8,9", "492", "5493", set()),
        ("88.07", "88,07%", "589", "664", {"rate-mismatch"}),
        ("100", "100", "0", "20", {"rate-mismatch"}),
        ("0", "0", "0", "20", set()),
        ("100", "100", "1061", "1061", set()),
        ("0", "0", "0", "0", set()),
        ("100", "100", "0", "0", set()),
        ("57", "57", "0", "0", {"rate-without-base"}),
        (None, "", "0", "0", set()),
        (None, "", "12", "21", {"derived-value"}),
        ("50", "50", None, "20", set()),
        ("50", "50", "10", None, set()),
    ],
)
def test_rate_of_two_counts(rate: str | None, raw: str, n: str | None, d: str | None, expected: set[str]) -> None:
    assert {code for code, stt in check(share(rate, raw, n, d), [RATE]) if stt == "3.1"} == expected


def test_a_derived_rate_is_offered_and_not_filled_in() -> None:
    rows = share(None, "", "12", "21")
    doubt = next(d for d in run_checks(view_of(rows, [RATE])) if d.code == "derived-value")
    assert (doubt.expected, FINDINGS[doubt.code].severity) == ("57.14", "info")
    assert rows[0].value is None


def test_the_finding_says_what_the_rate_should_be() -> None:
    doubt = next(d for d in run_checks(view_of(share("100", "100", "0", "20"), [RATE])) if d.code == "rate-mismatch")
    assert (doubt.expected, doubt.actual) == ("0", "100")
    assert "0/20 = 0%" in sentences(doubt.code, doubt.facts)[0]


def test_a_figure_that_is_no_number_is_not_derived_over() -> None:
    rows = share(None, "chưa có số liệu", "12", "21", value_kind="text")
    assert not {code for code, _ in check(rows, [RATE])} & {"derived-value", "rate-mismatch"}


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 3))
def test_a_rounded_or_cut_rate_always_agrees_and_the_next_but_one_never_does(n: int, d: int, digits: int) -> None:
    exact = Decimal(100 * n) / d
    step = Decimal(1).scaleb(-digits)
    for rounding in ("ROUND_HALF_UP", "ROUND_DOWN") if digits else ("ROUND_HALF_UP",):
        printed = exact.quantize(step, rounding)
        assert agrees(printed, exact, digits)
        assert not agrees(printed + 2 * step, exact, digits)
        assert not agrees(printed - 2 * step, exact, digits)


# --- parts, parents, carriers, rows left out -----------------------------------------------------


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


FILES, LEVEL_3, LEVEL_4 = (
    "ho_so_tiep_nhan_truc_tuyen",
    "tthc_truc_tuyen_muc_3_co_ho_so",
    "tthc_truc_tuyen_muc_4_co_ho_so",
)


def online(files: str | None, level_3: str | None, level_4: str | None) -> list[Observation]:
    return [
        row("6.1.3", "Số TTHC mức độ 3 có phát sinh hồ sơ", "Thủ tục", level_3, indicator_id=LEVEL_3),
        row("6.2.3", "Số TTHC mức độ 4 có phát sinh hồ sơ", "Thủ tục", level_4, indicator_id=LEVEL_4, row=2),
        row("6.4.2", "Số hồ sơ đã tiếp nhận trực tuyến", "Hồ sơ", files, indicator_id=FILES, row=3),
    ]


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


# --- one cell ------------------------------------------------------------------------------------

YES_NO = "Không = 0 Có = 1"
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


TWO_PARTS = "- Có {} TTHC được kết nối. - Có {} TTHC nội bộ"


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


# --- prose and lists -----------------------------------------------------------------------------


def section(text: str, title: str = "Về tổ chức chỉ đạo, điều hành", path: str = "I.2") -> Section:
    return Section("r", "a.docx", 1, 2, "2", title, path, 1, text)


def plan_rows() -> list[Observation]:
    return [
        row("2", "Tỷ lệ hoàn thành Kế hoạch CCHC năm", "%", "57.14"),
        row("2.1", "Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ", "21"),
        row("2.2", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", "12"),
        row("5", "Thực hiện nhiệm vụ UBND tỉnh giao", "", None),
        *tasks("595", "508", "74", "13"),
    ]


PLAN = [Relation("rate", "2", ("2.2", "2.1")), SUM]


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


DIALOGUE = "Tổ chức đối thoại của lãnh đạo với người dân, cộng đồng doanh nghiệp"


def events(n: int, title: str = DIALOGUE) -> TableRow:
    text = "\n".join([title, *(f"- Hội thảo chuyên đề thứ {i}" for i in range(n))])
    return TableRow("r", "a.docx", 1, "2", "2", "", "", 1, 1, 1, "docx", text)


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


def plans(n: int) -> str:
    lines = (f"- Kế hoạch số {i}/KH-SKHĐT ngày 05/01/2024 về nội dung {i}." for i in range(1, n + 1))
    return "Sở đã ban hành các kế hoạch sau:\n" + "\n".join(lines)


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


# --- cross-tables --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cross:
    axis: str
    kind: str
    whole: int
    parts: tuple[int, ...]
    basis: str = "header"


def grid(*rows: Sequence[str | None], unit: str = "Hồ sơ", **more: Any) -> dict[tuple[int, int], Observation]:
    return {
        (r, c): row(str(r), f"Cột {c}", unit, value, row=r + 1, breakdown=f"Dòng {r}", measure=f"m{c}", **more)
        for r, values in enumerate(rows)
        for c, value in enumerate(values)
    }


ACROSS, DOWN = Cross("columns", "sum", 0, (1, 2)), Cross("rows", "sum", 0, (1, 2))


def crossed(cells: dict[tuple[int, int], Observation], *relations: Cross) -> list[tuple[str, str, str]]:
    return [(d.code, d.breakdown, d.measure) for d in check_crosstab(cells, relations) if d.code[:8] != "contradi"]


def test_sums_over_columns_and_over_rows_that_hold_are_silent() -> None:
    assert not crossed(grid(("30", "10", "20"), ("10", "4", "6"), ("20", "6", "14")), ACROSS, DOWN)


def test_a_wrong_cell_is_found_in_its_row_and_in_its_column() -> None:
    cells = grid(("30", "10", "20"), ("11", "4", "6"), ("20", "6", "14"))
    assert crossed(cells, ACROSS) == [("crosstab-sum-mismatch", "Dòng 1", "m0")]
    assert crossed(cells, DOWN) == [("crosstab-sum-mismatch", "Dòng 0", "m0")]
    operands = {(d.breakdown, d.measure) for d in check_crosstab(cells, [ACROSS]) if d.code == "contradiction-operand"}
    assert operands == {("Dòng 1", "m1"), ("Dòng 1", "m2")}


def test_a_sum_that_only_the_header_suggests_and_most_rows_break_is_none() -> None:
    cells = grid(*[("9", "1", "2")] * 4)
    assert crossed(cells, ACROSS) == [("crosstab-total-undecided", "", "")]
    stated = Cross("columns", "sum", 0, (1, 2), "stated")
    assert {code for code, *_ in crossed(cells, stated)} == {"crosstab-sum-mismatch"}


def test_of_two_ways_to_make_a_total_the_one_that_fits_is_enough() -> None:
    headings, leaves = Cross("rows", "sum", 0, (1, 4)), Cross("rows", "sum", 0, (2, 3, 4))
    cells = grid(("9", "10"), ("4", None), ("1", "2"), ("3", "3"), ("5", "5"))
    assert not crossed(cells, headings, leaves)
    wrong = grid(("8", "8"), ("4", None), ("1", "2"), ("3", "3"), ("5", "5"))
    assert [measure for _, _, measure in crossed(wrong, headings, leaves)] == ["m0", "m1"]


def test_blank_cells_and_percentages_are_not_added() -> None:
    assert not crossed(grid(("30", "10", None)), ACROSS)
    assert not crossed(grid(("15", "10", "20"), unit="%"), ACROSS)
    assert not crossed({}, ACROSS)


def test_rates_and_parts_between_columns() -> None:
    assert not crossed(grid(("50", "10", "20")), Cross("columns", "rate", 0, (1, 2), "stated"))
    assert crossed(grid(("60", "10", "20")), Cross("columns", "rate", 0, (1, 2), "stated")) == [
        ("rate-mismatch", "Dòng 0", "m0")
    ]
    assert not crossed(grid(("60", "10", "0")), Cross("columns", "rate", 0, (1, 2), "stated"))
    assert crossed(grid(("5", "6")), Cross("columns", "part", 0, (1,))) == [("part-exceeds-whole", "Dòng 0", "m1")]


def test_column_arithmetic_of_a_cross_table() -> None:
    cells = {i: row(str(i), f"Cột {i}", "Hồ sơ", str(v)) for i, v in ((8, 30), (10, 10), (16, 20), (17, 21))}
    assert not list(check_crosstab_sums(cells, [(8, (10, 16))]))
    assert ("crosstab-sum-mismatch", "8") in raised(check_crosstab_sums(cells, [(8, (10, 17))]))
    assert not list(check_crosstab_sums(cells, [(8, (10, 99)), (99, (10, 16))]))


# --- series and twins ----------------------------------------------------------------------------


def series(*values: str | None, span: str = "H1", flow: str = "flow", **more: Any) -> list[Point]:
    return [
        Point(
            f"r{i}", f"o{i}", f"{2015 + i}-{span}", None, None, flow, None if v is None else Decimal(v), "Hồ sơ", **more
        )
        for i, v in enumerate(values)
    ]


def doubted(points: Iterable[Point]) -> set[tuple[str, str]]:
    return {(report, doubt.code) for report, doubt in check_series(points)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("100", "110", "105", "120", "115"), set()),
        (("100", "110", "1050", "120", "115"), {("r2", "series-slip")}),
        (("100", "110", "105000", "120", "115"), {("r2", "series-slip")}),
        (("1061", "1100", "1.061", "1200", "1150"), {("r2", "series-slip")}),
        (("100", "110", "3500", "120", "115"), {("r2", "series-jump")}),
        (("100", "110", "0", "120", "115"), {("r2", "series-jump")}),
        (("100", "1000", "10", "5000", "3"), set()),  # a restless series says nothing
        (("1", "2", "1", "0", "9"), set()),  # small counts move by chance
        (("100", "1000"), set()),
        (("100", None, None, None, "1000"), set()),
        ((), set()),
    ],
)
def test_what_is_out_of_line_in_a_series(values: tuple[str | None, ...], expected: set[tuple[str, str]]) -> None:
    assert doubted(series(*values)) == expected


def test_a_half_year_is_not_compared_with_whole_years() -> None:
    years = series("1000", "1100", "1050", "1080", span="H2")
    assert not doubted([*years, *series("104")])


def test_a_series_whose_unit_changes_is_compared_in_base_units() -> None:
    def points(*figures: tuple[str, str]) -> list[Point]:
        found = series(*(value for value, _ in figures))
        return [replace(p, base=Decimal(base)) for p, (_, base) in zip(found, figures, strict=True)]

    agreeing = [("8.9", "8900000"), ("9000000", "9000000"), ("9.1", "9100000"), ("9.2", "9200000")]
    assert doubted(points(*agreeing)) == set()
    slipped = points(*agreeing, ("9300000", "9300000000000"))
    (doubt,) = [doubt for _, doubt in check_series(slipped)]
    assert (doubt.code, doubt.actual, Decimal(doubt.expected)) == ("series-slip", "9300000", Decimal("9.05"))


def test_a_share_printed_as_a_fraction_is_a_slip_beside_one_other_share() -> None:
    assert doubted(series("88.7", "0.91", is_amount=False)) == {("r1", "series-slip")}
    assert doubted(series("88.7", "0.2", is_amount=False)) == set()
    assert doubted(series("0.887", "0.91", is_amount=False)) == set()
    assert doubted(series("88", "0.91")) == set()


def year(
    *figures: tuple[str, str], flow: str = "cumulative", name: str = "a", start: tuple[str, ...] = ()
) -> list[Point]:
    from datetime import date

    ends = {"Q1": date(2024, 3, 14), "H1": date(2024, 6, 14), "9M": date(2024, 9, 14), "Q3": date(2024, 9, 14)}
    starts = {"Q3": date(2024, 6, 15)} | {
        span: date.fromisoformat(d) for (span, _), d in zip(figures, start, strict=False)
    }
    return [
        Point(span, f"{name}/{span}", f"2024-{span}", starts.get(span, date(2023, 12, 15)), ends[span], flow,
              Decimal(value), name)
        for span, value in figures
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (year(("Q1", "10"), ("H1", "20"), ("9M", "30")), set()),
        (year(("9M", "15"), ("Q1", "10"), ("H1", "20")), {("9M", "cumulative-falls")}),
        (year(("Q3", "10"), ("9M", "9"), flow="flow"), set()),
        ([*year(("Q1", "10"), flow="flow"), *year(("H1", "9"))], {("H1", "cumulative-falls")}),  # both from December on
        (year(("Q1", "10"), ("H1", "9"), start=("2023-12-15", "2023-12-16")), {("H1", "cumulative-falls")}),
        (year(("Q1", "10"), ("H1", "9"), start=("2023-12-15", "2024-04-01")), set()),
        (year(("H1", "20"), ("Q3", "5")), set()),  # Q3 counts from 15 June on
    ],
)
def test_cumulative_figures_do_not_fall_within_a_year(points: list[Point], expected: set[tuple[str, str]]) -> None:
    assert doubted(points) == expected


def test_a_report_whose_figures_all_fall_gets_one_doubt_and_not_one_per_row() -> None:
    falling = [year(("Q1", "10"), ("H1", "9"), name=f"a{i}") for i in range(6)]
    assert [(r, d.code) for r, d in check_history(falling)] == [("H1", "cumulative-falls-widely")]
    few = [*falling[:1], *(year(("Q1", "10"), ("H1", "19"), name=f"b{i}") for i in range(6))]
    assert [(r, d.code) for r, d in check_history(few)] == [("H1", "cumulative-falls")]


@given(st.permutations(range(5)))
def test_series_doubts_do_not_depend_on_the_order_of_points(order: list[int]) -> None:
    points = series("100", "110", "1050", "120", "115")
    assert list(check_series(points[i] for i in order)) == list(check_series(points))


def test_twins_that_differ_are_named_on_the_row() -> None:
    mine = [row("1", "Số văn bản", "Văn bản", "6"), row("2", "Số người", "Người", "7")]
    other = [row("1", "Số văn bản", "Văn bản", "8", source="b.pdf"), row("2", "Số người", "Người", "7")]
    doubts = list(compare_twins(mine, other))
    assert [(d.code, d.stt, d.actual, d.expected) for d in doubts] == [("twins-differ", "1", "6", "8")]
    assert not list(compare_twins(mine, mine))


def test_a_point_taken_from_an_observation_knows_whether_it_is_an_amount() -> None:
    assert Point.of(row("1", "Số người", "Người", "7")).is_amount
    assert not Point.of(row("1", "Tỷ lệ", "%", "7")).is_amount
    assert Point.of(row("1", "Số người", "Người", "7", measure="change")).value is None


# --- the official template with figures as one report of 2024 gives them -----------------------------

FIGURES = {
    ("2", "1"): ("6", "Kế hoạch"), ("2", "2"): ("", ""), ("2", "2.1"): ("21", ""), ("2", "2.2"): ("12", ""),
    ("2", "4.1"): ("0", ""), ("2", "4.2"): ("0", ""), ("2", "5.1"): ("595", ""), ("2", "5.2"): ("508", ""),
    ("2", "5.3"): ("74", ""), ("2", "5.4"): ("13", ""), ("2", "7.1"): ("", ""), ("2", "8"): ("9 cuộc", ""),
    ("3", "2.1"): ("20", ""), ("3", "2.2"): ("0", ""), ("3", "2.2.1"): ("20", ""), ("3", "2.2.2"): ("0", ""),
    ("3", "3.1"): ("51", ""), ("3", "3.2"): ("100", ""), ("3", "3.2.1"): ("20", ""), ("3", "3.2.2"): ("0", ""),
    ("4", "1.2"): ("01", ""), ("4", "1.4"): ("127", TWO_PARTS.format(116, 11)), ("4", "1.4.1"): ("127", ""),
    ("4", "1.4.2"): ("", ""), ("4", "1.4.3"): ("", ""), ("4", "2.2"): ("52", ""), ("4", "2.3"): ("127", ""),
    ("4", "3.1"): ("88,70%", ""), ("4", "3.1.1"): ("664", ""), ("4", "3.1.2"): ("589", ""),
    ("4", "3.4"): ("0", ""), ("4", "3.4.1"): ("0", ""), ("4", "3.4.2"): ("0", ""),
    ("5", "1.1"): ("09", "09 phòng, sau khi sắp xếp còn 08 phòng"), ("5", "1.2"): ("0", ""),
    ("5", "2.1"): ("44", ""), ("5", "2.2"): ("42", ""), ("5", "2.5"): ("13,7%", "51 biên chế"),
    ("8", "6.1"): ("100", ""), ("8", "6.1.1"): ("127", ""), ("8", "6.1.2"): ("127", ""), ("8", "6.1.3"): ("0", ""),
    ("8", "6.2"): ("100", ""), ("8", "6.2.1"): ("127", ""), ("8", "6.2.2"): ("127", ""), ("8", "6.2.3"): ("0", ""),
    ("8", "6.3"): ("91,34", ""), ("8", "6.3.1"): ("127", ""), ("8", "6.3.2"): ("116", ""),
    ("8", "6.4"): ("100", ""), ("8", "6.4.1"): ("1061", ""), ("8", "6.4.2"): ("1061", ""),
}  # fmt: skip


def official_rows() -> list[Observation]:
    catalogue, rows = load_catalogue(), []
    for n, ((appendix, code), (raw, note)) in enumerate(FIGURES.items()):
        indicator = catalogue.by_id[catalogue.by_code["hue_2022", appendix, code]]
        value = raw.split()[0].rstrip("%").replace(",", ".") if raw else None
        rows.append(
            row(code, indicator.name, indicator.unit, value, raw, note=note, appendix=appendix, table=int(appendix),
                row=n, indicator_id=indicator.id, observation_id=f"r/{appendix}/{code}")
        )  # fmt: skip
    return rows


def test_a_real_report_raises_what_contradicts_itself_and_nothing_else() -> None:
    text = "Trong kỳ đã thực hiện được 12/21 nhiệm vụ trong Kế hoạch Cải cách hành chính năm 2024 của Sở."
    sections = [section(plans(6), "Về kế hoạch cải cách hành chính"), section(text)]
    doubts = run_checks(view_of(official_rows(), load_catalogue().relations, sections=sections))
    raised_at = {(FINDINGS[d.code].severity, d.code, d.appendix, d.stt) for d in doubts}
    assert raised_at == {
        ("error", "rate-mismatch", "3", "3.2"),
        ("warning", "contradiction-operand", "3", "3.2.1"),
        ("warning", "contradiction-operand", "3", "3.2.2"),
        ("error", "unit-value-mismatch", "5", "1.1"),
        ("error", "unit-value-mismatch", "2", "8"),
        ("error", "unit-contradicts-name", "2", "4.1"),
        ("warning", "count-without-carrier", "8", "6.1.3"),
        ("warning", "count-without-carrier", "8", "6.2.3"),
        ("info", "derived-value", "2", "2"),
    }


@pytest.mark.parametrize(
    ("name", "unit", "raw", "is_doubted"),
    [
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "Lũy kế 30", True),
        ("Tổng số hồ sơ đã giải quyết (lũy kế)", "Hồ sơ", "30 (lũy kế)", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (năm 2023)", True),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (năm 2024)", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (kế hoạch)", True),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 hồ sơ quá hạn", True),
        ("Số hồ sơ giải quyết quá hạn", "Hồ sơ", "12 hồ sơ quá hạn", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "30 (5 quá hạn)", False),  # the words are of the other number
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "cấp xã: 12", True),
        ("Số người được bồi dưỡng", "Người", "20 xã", True),
        ("Số người được bồi dưỡng", "Người", "20 cán bộ", False),
        ("Số văn bản đã ban hành", "Văn bản", "5 kế hoạch", False),
        ("Số lượt truy cập", "Nghìn lượt", "12.000 lượt", True),
        ("Thời gian giải quyết", "Ngày", "48 giờ", True),
        ("Thời gian giải quyết", "Ngày", "12 tháng", True),
        ("Số hồ sơ quá hạn", "Hồ sơ", "0 (không)", False),
    ],
)
def test_words_in_a_cell_that_make_it_another_figure(name: str, unit: str, raw: str, is_doubted: bool) -> None:
    found = check([row("1", name, unit, "".join(filter(str.isdigit, raw.split("(")[0])), raw, period="2024-H1")])
    assert found == ({("cell-says-otherwise", "1")} if is_doubted else set())


@pytest.mark.parametrize(
    ("unit", "value", "is_doubted"),
    [
        ("Triệu đồng", "9100000000", True),  # nine billion đồng under millions
        ("Triệu đồng", "50000000", True),
        ("Triệu đồng", "8885.1", False),
        ("Triệu đồng", "62269173", False),
        ("Tỷ đồng", "8900000", True),
        ("Tỷ đồng", "1234", False),
        ("Đồng", "8885.1", True),
        ("Đồng", "8885100000", False),
    ],
)
def test_money_printed_under_another_scale(unit: str, value: str, is_doubted: bool) -> None:
    found = check([row("1.2", "Đã thực hiện", unit, value)])
    assert found == ({("money-scale-doubtful", "1.2")} if is_doubted else set())


# --- the whole -----------------------------------------------------------------------------------


def every_doubt() -> list[Doubt]:
    """At least one doubt of nearly every code, for tests that look at sentences."""
    cells = {i: row(str(i), f"Cột {i}", "Hồ sơ", str(v)) for i, v in ((8, 30), (10, 10))}
    views = [
        view_of(tasks("596", "508", "74", "13"), [SUM]),
        view_of(tasks("596", "508", "74", "13", confidence=0.1), [SUM]),
        view_of(tasks("126", "127", None, None), [SUM]),
        view_of(share("100", "100", "0", "20"), [RATE]),
        view_of(share("100", "100", "0", "20", confidence=0.1), [RATE]),
        view_of(share("50", "50", "0", "0"), [RATE]),
        view_of(share(None, "", "12", "21"), [RATE]),
        view_of(share("110", "110", "22", "20"), [RATE]),
        view_of([row("1", "Tổng số", "Người", "1"), row("1.1", "nữ", "Người", "2")]),
        view_of([*family("Tổng", "31", "10", "20"), *family("Tổng", "30", "10", "20", measure="previous")]),
        view_of(online("1061", "0", "0")),
        view_of(plan_rows(), PLAN, sections=[section("Đạt 13/21 nhiệm vụ trong Kế hoạch CCHC năm.")]),
        view_of([row("8", DIALOGUE, YES_NO, "9")], tables=[events(8)]),
        view_of([row("8", DIALOGUE, YES_NO, "9", "9 cuộc")]),
        view_of([row("1", "Tỷ lệ", "%", "9", "09"), row("2", "Số người", "%", "120", row=2)]),
        view_of([row("1", "Tỷ lệ", "%", "0.714", "0,714", method="sheet")]),
        view_of([row("3", "Số hồ sơ", "Hồ sơ", "-1.5")]),
        view_of([row("3", "Số hồ sơ", "Hồ sơ", "30", "Lũy kế 30")]),
        view_of([row("1.2", "Đã thực hiện", "Triệu đồng", "9100000000")]),
        view_of([row("1.4", "Tổng số TTHC", "Thủ tục", "127", note=TWO_PARTS.format(116, 12))]),
        view_of([row("1", "a", "Người", "1")], expected_rows=[ExpectedRow(1, "2", "2", "b", "Dòng b")]),
        view_of([
            row("1.5", "a", "Đơn vị", "7", indicator_id="dvsncl_tai_dia_phuong"),
            row("2.1", "b", "Đơn vị", "8", indicator_id="dvsn_cong_lap_tong_so", table=2),
        ]),
        view_of([row("1", "a", "Hồ sơ", "7"), row("1", "a", "Hồ sơ", "8", table=2)]),
    ]  # fmt: skip
    doubts = [doubt for view in views for doubt in run_checks(view)]
    doubts += check_crosstab_sums(cells, [(8, (10,))])
    doubts += check_crosstab(grid(*[("9", "1", "2")] * 4), [ACROSS])
    doubts += check_crosstab_sums({k: row("1", "a", "Hồ sơ", str(k), confidence=0.1) for k in (1, 2)}, [(1, (2,))])
    doubts += [d for _, d in check_series(series("100", "110", "1050", "120"))]
    doubts += [d for _, d in check_series(series("100", "110", "3500", "120"))]
    doubts += [d for _, d in check_history([year(("Q1", "10"), ("H1", "9"))])]
    doubts += [d for _, d in check_history([year(("Q1", "10"), ("H1", "9"), name=f"a{i}") for i in range(6)])]
    doubts += compare_twins([row("1", "a", "Người", "1")], [row("1", "a", "Người", "2")])
    return doubts


def test_every_registered_code_can_be_raised() -> None:
    assert {doubt.code for doubt in every_doubt()} == set(all_codes())


printed_rows = st.builds(
    row,
    st.sampled_from(["1", "1.1", "1.2", "2", "2.1", ""]),
    st.sampled_from(["Số hồ sơ", "Tỷ lệ hồ sơ", "Tổng số TTHC", "", "Sở"]),
    st.sampled_from(["Hồ sơ", "%", "", YES_NO, "Triệu đồng", "Lạ lùng"]),
    st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2).map(str)),
    st.one_of(st.none(), st.text(max_size=12)),
    note=st.text(max_size=40),
    measure=st.sampled_from(["actual", "previous", "change", ""]),
    breakdown=st.sampled_from(["", "A", "B"]),
)


@given(st.lists(printed_rows, max_size=8), st.text(max_size=80))
def test_no_report_breaks_the_checks(rows: list[Observation], text: str) -> None:
    relations = [
        Relation("sum", "1", ("1.1", "1.2")),
        Relation("rate", "2", ("2.1", "1")),
        Relation("part", "1", ("2",)),
    ]
    view = view_of(rows, relations, sections=[section(text)], tables=[events(2)])
    doubts = run_checks(view)
    assert doubts == run_checks(view)
    for doubt in doubts:
        sentences(doubt.code, doubt.facts)
