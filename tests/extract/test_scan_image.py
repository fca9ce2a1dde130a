"""Pictures of pages → clean, level pages, and their ruling lines."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers.scan_blocks import back, ink_map, set_anew, side_by_side  # noqa: E402
from extract.readers.scan_image import PAPER, PagePicture, flat_paper, skew_of, turned, without_colour  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from extract.readers.scan_tesseract import OcrWord  # noqa: E402
from extract.tables.ruled import find_tables  # noqa: E402

SCALE = 200 / 72


def paper(width: int = 1000, height: int = 1400) -> np.ndarray:
    return np.full((height, width), PAPER, np.uint8)


def text_line(page: np.ndarray, y: int, x0: int = 100, x1: int = 900) -> None:
    """Something that is dark like a line of text: strokes with spaces, seldom one straight run."""
    for x in range(x0, x1 - 8, 14):
        page[y : y + 20, x : x + 4] = 20
        page[y + 8 : y + 11, x : x + 9] = 20


def table(page: np.ndarray, rows: int = 5, columns: int = 4, ink: int = 20) -> None:
    for r in range(rows + 1):
        page[200 + r * 80 : 202 + r * 80, 100:901] = ink
    for c in range(columns + 1):
        page[200 : 202 + rows * 80, 100 + c * 200 : 102 + c * 200] = ink


@pytest.mark.parametrize("degrees", [-4.6, -2.0, -0.4, 0.0, 0.7, 3.3])
def test_the_angle_of_a_page_is_found_within_a_tenth_of_a_degree(degrees: float) -> None:
    page = paper()
    for y in range(150, 1250, 45):
        text_line(page, y)
    assert skew_of(turned(page, degrees)) == pytest.approx(-degrees, abs=0.1)


def test_a_blank_page_has_no_angle() -> None:
    assert skew_of(paper()) == 0.0


def test_red_ink_goes_and_black_print_under_it_stays() -> None:
    picture = np.full((300, 300, 3), 245, np.uint8)
    picture[100:140, :] = (45, 40, 215)  # blue, green, red
    picture[:, 150:160] = 15
    grey = without_colour(picture)
    assert grey[120, 50] > 220
    assert grey[120, 155] < 60


def test_a_shadow_over_the_paper_is_divided_out() -> None:
    page = paper()
    text_line(page, 700)
    shadow = np.linspace(0.55, 1.0, page.shape[1])
    flat = flat_paper((page * shadow).astype(np.uint8))
    assert flat[300, 60] > 240
    assert flat[300, 940] > 240
    assert flat[705, 101] < 90


def rules_of(page: np.ndarray) -> list[tuple[int, int]]:
    return [(t.n_rows, t.n_cols) for t in find_tables(find_rules(PagePicture(page, SCALE)).edges)]


def test_ruled_lines_make_a_table_and_text_makes_none() -> None:
    page = paper()
    table(page)
    for y in range(700, 1300, 45):
        text_line(page, y)
    for r in range(5):
        text_line(page, 230 + 80 * r, 310, 480)
    assert rules_of(page) == [(5, 4)]


def test_a_broken_line_is_one_line() -> None:
    page = paper()
    table(page)
    for x in range(130, 880, 90):
        page[278:284, x : x + 8] = PAPER
    assert rules_of(page) == [(5, 4)]


def test_a_faint_line_is_a_line() -> None:
    page = paper()
    table(page, ink=180)
    assert rules_of(page) == [(5, 4)]


def test_a_doubled_line_is_one_line() -> None:
    page = paper()
    table(page)
    page[366:368, 100:901] = 20  # 6 pixels beside the rule at 360
    assert rules_of(page) == [(5, 4)]


def test_erasing_a_rule_keeps_the_text_that_stands_on_it() -> None:
    page = paper()
    table(page)
    page[252:280, 250:258] = 20  # a stroke that reaches the rule at 280
    erased = find_rules(PagePicture(page, SCALE)).erased
    assert erased[260, 254] < 60
    assert erased[280:282, 400:500].min() > 200
    assert erased[300:350, 100:102].min() > 200


def test_letters_one_below_the_other_are_no_rule() -> None:
    page = paper()
    for r in range(4):
        page[200 + r * 160 : 202 + r * 160, 100:901] = 20
    for x in (100, 300, 900):
        page[200:682, x : x + 2] = 20
    page[204:266, 150:154] = page[293:356, 150:154] = 20  # strokes that fill their row but for the paper between them
    upright = {round(e.pos * SCALE) for e in find_rules(PagePicture(page, SCALE)).edges if not e.is_horizontal}
    assert upright == {101, 301, 901}


def below_a_letter(page: np.ndarray, x: int, drop: int) -> None:
    """A stem with a dot `drop` pixels above the rule at row 600."""
    page[560:588, x : x + 4] = 20
    page[600 - drop - 4 : 600 - drop, x : x + 4] = 20


def test_the_dot_below_a_letter_stays_where_it_all_but_stands_on_a_rule() -> None:
    page = paper()
    table(page)
    below_a_letter(page, 150, 3)
    erased = find_rules(PagePicture(page, SCALE)).erased
    assert erased[594, 152] < 60
    assert erased[601, 152] == PAPER


def test_a_crumb_of_a_rule_is_no_dot() -> None:
    page = paper()
    table(page)
    page[596:599, 150:153] = 20  # as dark and as round, and no letter over it
    assert find_rules(PagePicture(page, SCALE)).erased[597, 151] == PAPER


def test_the_bowl_of_a_letter_on_a_rule_stays() -> None:
    page = paper()
    table(page)
    page[570:599, 150:154] = 20
    page[598:600, 150:164] = 20  # as the foot of a `g`, right on the rule
    erased = find_rules(PagePicture(page, SCALE)).erased
    assert erased[598, 160] < 60
    assert erased[601, 300] == PAPER


def letterhead() -> np.ndarray:
    page = paper()
    for y in (100, 145, 190):
        text_line(page, y, 80, 400)
    for y in (110, 160, 210):
        text_line(page, y, 560, 920)
    for y in range(330, 1200, 45):
        text_line(page, y)
    return page


def test_the_halves_of_a_letterhead_are_set_one_below_the_other() -> None:
    page = letterhead()
    bands = side_by_side(ink_map(page, SCALE), ())
    assert len(bands) == 1
    top, bottom, gutter = bands[0]
    assert (top, bottom) == (pytest.approx(36, abs=4), pytest.approx(84, abs=6))
    assert 400 < gutter * SCALE < 560


def test_words_of_the_page_set_anew_come_back_to_their_places() -> None:
    page = letterhead()
    anew, pieces, _ = set_anew(page, SCALE, (), ink_map(page, SCALE))
    assert anew.shape[0] > page.shape[0]
    for piece in pieces:
        word = OcrWord("Số:", piece.x0 + 5, piece.at + 3, piece.x0 + 20, piece.at + 9, 0.9, (1, 1, 1))
        assert back([word], pieces)[0].top == piece.top + 3


def test_a_page_without_blocks_side_by_side_is_left_as_it_is() -> None:
    page = paper()
    for y in range(150, 1250, 45):
        text_line(page, y)
    anew, pieces, _ = set_anew(page, SCALE, (), ink_map(page, SCALE))
    assert anew is page
    assert len(pieces) == 1
