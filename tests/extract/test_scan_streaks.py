"""Streaks of the scanner's glass: taken off, put together again, and said of the figures they go through."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers.scan_image import flat_paper  # noqa: E402
from extract.readers.scan_streaks import without_streaks  # noqa: E402
from tests.extract.test_scan_cover import FIGURE, covered  # noqa: E402
from tests.extract.test_scan_pale import EDGES, HIGH, ROWS, SCALE, TOP, Ink, drawn, scanned  # noqa: E402

BOTTOM = TOP + HIGH * len(ROWS)


def streaked(tone: int, width: int = 2, *, is_level: bool = False) -> np.ndarray:
    page = drawn(Ink())
    if is_level:
        page[TOP + HIGH + 30 : TOP + HIGH + 30 + width] = tone
    else:
        page[:, FIGURE[0] : FIGURE[0] + width] = tone
    return page


def taken_off(page: np.ndarray) -> np.ndarray | None:
    return without_streaks(flat_paper(scanned(page)), SCALE)[1]


@pytest.mark.parametrize("tone", [255, 150, 30])
@pytest.mark.parametrize("is_level", [False, True])
def test_a_streak_of_any_tone_is_found_where_it_stands(tone: int, is_level: bool) -> None:
    where = taken_off(streaked(tone, 3, is_level=is_level))
    assert where is not None
    places = np.flatnonzero((where == 0).all(axis=1 if is_level else 0))
    start = TOP + HIGH + 30 if is_level else FIGURE[0]
    assert start - 2 <= places[0] <= start and start + 2 <= places[-1] <= start + 4


def test_the_figures_a_white_streak_cuts_are_said_and_the_rules_are_whole() -> None:
    assert covered(streaked(255)) == ([1, 2, 3, 4, 5], False)
    grey, _ = without_streaks(flat_paper(scanned(streaked(255))), SCALE)
    assert grey[TOP : TOP + 2, FIGURE[0] - 5 : FIGURE[0] + 7].max() < 120


def test_pages_without_a_streak_stay_as_they_are() -> None:
    assert taken_off(drawn(Ink())) is None
    double = drawn(Ink())  # rules end on the two lines of a double rule, and paper goes through between them
    double[TOP:BOTTOM, EDGES[3] - 2 : EDGES[3] + 5] = 20
    double[:, EDGES[3] : EDGES[3] + 3] = 255
    assert taken_off(double) is None
    without = drawn(Ink())  # the paper between two columns of figures
    without[:, FIGURE[0] + 6 : FIGURE[0] + 46] = 255
    assert taken_off(without) is None
