"""Totals and their parts, shares and the counts they are made of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.checks import Relation, run_checks, view_of
from normalize.checks.table import agrees
from normalize.findings import FINDINGS, sentences
from tests.normalize.checks.rows import RATE, SUM, check, family, row, share, tasks


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
