"""Figures out of line in a series, within a year, and between two copies of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.checks.series import Point, check_history, check_series, compare_twins
from tests.normalize.checks.rows import row, series, year


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
