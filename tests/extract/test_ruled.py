"""Ruling lines → cells."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.page import Edge
from extract.tables.ruled import find_tables


def h(y: float, x0: float, x1: float) -> Edge:
    return Edge(True, y, x0, x1)


def v(x: float, y0: float, y1: float) -> Edge:
    return Edge(False, x, y0, y1)


def lattice(xs: list[float], ys: list[float]) -> list[Edge]:
    return [h(y, xs[0], xs[-1]) for y in ys] + [v(x, ys[0], ys[-1]) for x in xs]


def spans(edges: list[Edge]) -> list[tuple[int, int, int, int]]:
    (table,) = find_tables(edges)
    return [(c.row, c.col, c.row_span, c.col_span) for c in table.cells]


FULL = [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


@pytest.mark.parametrize(
    "edges, expected",
    [
        pytest.param(lattice([0, 50, 100], [0, 20, 40]), FULL, id="a full lattice"),
        pytest.param(
            [h(y, 0, 100) for y in (0, 20, 40)] + [v(50, 0, 40)], FULL, id="sides left open are closed where rules end"
        ),
        pytest.param(
            [*lattice([0, 50, 100], [0, 20, 40]), h(1.5, 0, 100), v(51, 0, 40)], FULL, id="double rules are one rule"
        ),
        pytest.param(
            [h(y, x, x + 4) for y in (0, 20, 40) for x in range(0, 100, 6)] + [v(x, 0, 40) for x in (0, 50, 100)],
            FULL, id="dashes are a rule",
        ),
        pytest.param(
            [h(0, 0, 100), h(20, 0, 100), h(40, 0, 100), v(0, 0, 40), v(100, 0, 40), v(50, 20, 40)],
            [(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)], id="a header over two columns",
        ),
        pytest.param(
            [h(0, 0, 100), h(20, 0, 50), h(40, 0, 100), v(0, 0, 40), v(100, 0, 40), v(50, 0, 40)],
            [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)], id="a note over two rows",
        ),
        pytest.param(
            [*lattice([0, 50, 100], [0, 20, 40]), h(12, 5, 30)], FULL, id="an underline in a cell divides nothing"
        ),
    ],
)  # fmt: skip
def test_cells_are_what_rules_divide(edges: list[Edge], expected: list[tuple[int, int, int, int]]) -> None:
    assert spans(edges) == expected


def test_two_tables_on_a_page_are_two() -> None:
    tables = find_tables(lattice([0, 50, 100], [0, 20]) + lattice([0, 50, 100], [60, 80]))
    assert [t.ys for t in tables] == [(0, 20), (60, 80)]


@pytest.mark.parametrize("edges", [[], lattice([0, 100], [0, 40]), [h(0, 0, 100)], [v(0, 0, 9), v(5, 0, 9)]])
def test_a_frame_or_single_rules_are_no_table(edges: list[Edge]) -> None:
    assert find_tables(edges) == []


steps = st.lists(st.integers(10, 80), min_size=2, max_size=6)


@given(steps, steps, st.randoms(use_true_random=False))
def test_any_lattice_gives_all_its_cells_in_any_order_of_drawing(
    widths: list[int], heights: list[int], chance: random.Random
) -> None:
    xs = [float(sum(widths[:i])) for i in range(len(widths) + 1)]
    ys = [float(sum(heights[:i])) for i in range(len(heights) + 1)]
    edges = lattice(xs, ys)
    chance.shuffle(edges)
    (table,) = find_tables(edges)
    assert len(table.cells) == len(widths) * len(heights)
    for r, row in enumerate(table.owner):
        for c, index in enumerate(row):
            assert (table.cells[index].row, table.cells[index].col) == (r, c)
            assert table.find(xs[c] + 1, ys[r] + 1) == index


def test_uprights_without_an_outer_frame_are_closed_by_the_one_rule_that_goes_past_them() -> None:
    uprights = [v(x, 100, 300) for x in (150, 250, 350)]
    header = h(130, 80, 450)
    (table,) = find_tables([header, *uprights])
    assert table.xs == (80, 150, 250, 350, 450)
    assert table.ys == (100, 130, 300)
    assert find_tables([h(130, 150, 350), *uprights])[0].xs == (150, 250, 350)
    two = uprights[:2]
    assert all(80 not in found.xs for found in find_tables([header, *two]))


def test_upright_rules_alone_are_the_middle_of_a_table() -> None:
    found = find_tables([Edge(False, x, 40.0, 700.0) for x in (50.0, 90.0, 300.0, 400.0)])
    assert [(t.n_rows, t.n_cols, t.ys) for t in found] == [(1, 3, (40.0, 700.0))]
    assert find_tables([Edge(False, x, 40.0, 700.0) for x in (50.0, 300.0)]) == []  # lines beside a text
    assert find_tables([Edge(False, x, 40.0, 100.0 + x) for x in (50.0, 90.0, 300.0)]) == []
