"""Streaks, folds, holes and blots: no rules, and the cells they touch are said."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox, Cell, Grid  # noqa: E402
from extract.page import Edge  # noqa: E402
from extract.readers.scan_cover import COVER, streaks_of, with_covered, with_cut  # noqa: E402
from extract.readers.scan_image import PagePicture, clean_page  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from extract.tables.ruled import find_tables  # noqa: E402
from tests.extract.test_scan_pale import EDGES, HIGH, ROWS, SCALE, TOP, Ink, drawn, scanned  # noqa: E402

FIGURE = (EDGES[3] + 30, TOP + HIGH)  # where the first figure of the table stands


def grid_of(page: np.ndarray) -> Grid:
    """The figures of the drawn table, each a cell."""
    cells = []
    for r in range(1, len(ROWS)):
        box = (EDGES[3] / SCALE, (TOP + HIGH * r) / SCALE, EDGES[4] / SCALE, (TOP + HIGH * (r + 1)) / SCALE)
        cells.append(Cell(r, 3, ROWS[r][3], page=1, bbox=BBox(*box)))
    return Grid(tuple(cells), len(ROWS), 4, "ocr", page=1, bbox=BBox(20, 70, 430, 210))


def covered(page: np.ndarray) -> tuple[list[int], bool]:
    clean = clean_page(scanned(page), SCALE)
    ruling = find_rules(clean)
    grids, has_blot = with_covered([grid_of(page)], clean, ruling.erased, ruling.streaks)
    return [cell.row for cell in grids[0].cells if any(r.reader == COVER for r in cell.readings)], has_blot


def streaked(x: int) -> np.ndarray:
    page = drawn(Ink())
    page[:, x : x + 2] = 40
    return page


def test_a_streak_over_the_sheet_is_no_rule_and_parts_no_column() -> None:
    plain = find_tables(find_rules(clean_page(scanned(drawn(Ink())), SCALE)).edges)
    found = find_tables(find_rules(clean_page(scanned(streaked(FIGURE[0])), SCALE)).edges)
    assert [len(table.xs) for table in found] == [len(table.xs) for table in plain] == [5]


def test_the_figures_a_streak_goes_through_are_said_and_no_others() -> None:
    rows, has_blot = covered(streaked(FIGURE[0]))
    assert (rows, has_blot) == ([1, 2, 3, 4, 5], False)
    assert covered(streaked(EDGES[3] + 180)) == ([], False)
    assert covered(drawn(Ink())) == ([], False)


def test_a_hole_is_said_of_the_cell_it_lies_over() -> None:
    page = drawn(Ink())
    cv2.circle(page, (EDGES[3] + 60, TOP + HIGH * 2 + 30), 24, (20, 20, 20), -1)
    assert covered(page) == ([2], True)


@pytest.mark.parametrize(
    ("upright", "count"),
    [
        (Edge(False, 100, 5, 838), 1),
        (Edge(False, 100, 100, 700), 0),  # within the margins
        (Edge(False, 100, 20, 820), 0),  # from the first rule to the last: a picture of a table alone
    ],
)
def test_a_streak_goes_beyond_all_rules(upright: Edge, count: int) -> None:
    level = [Edge(True, y, 50, 550) for y in (20, 420, 820)]
    page = PagePicture(np.full((842, 595), 255, np.uint8), 1.0)
    assert len(streaks_of(level, [upright], page)) == count
    assert streaks_of(level, [upright._replace(pos=x) for x in (100, 200, 300, 400)], page) == []


@pytest.mark.parametrize(
    ("ruled", "is_open", "cut"),
    [
        pytest.param((20, 60, 300, 430), False, [], id="whole"),
        pytest.param((20, 60, 300), True, [3], id="cut on the right"),
        pytest.param((60, 300, 430), True, [], id="cut on the left"),
        pytest.param((60, 300, 380), False, [], id="open on both sides"),
    ],
)
def test_a_table_ruled_on_one_side_and_open_on_the_other_was_cut(
    ruled: tuple[int, ...], is_open: bool, cut: list[int]
) -> None:
    grids, is_cut = with_cut([grid_of(drawn(Ink()))], [Edge(False, x, 68, 212) for x in ruled])
    assert is_cut == is_open
    assert [c.col for c in grids[0].cells[:1] if any(r.reader == COVER for r in c.readings)] == cut
