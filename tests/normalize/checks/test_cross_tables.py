"""Sums, rates and parts between the columns of a cross-table."""

from __future__ import annotations

from normalize.checks import check_crosstab
from normalize.checks.table import check_crosstab_sums
from normalize.model import Observation
from tests.normalize.checks.rows import ACROSS, DOWN, Cross, grid, raised, row


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
