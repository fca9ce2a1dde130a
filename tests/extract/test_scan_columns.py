"""Columns that no rule parts, rows set on one base line, and pages with hardly anything on them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.page import Edge, Word
from extract.readers.scan_blocks import back, ink_map, set_anew
from extract.readers.scan_columns import regions_of, upright_rules
from extract.readers.scan_image import PagePicture, has_print, without_grain
from extract.readers.scan_level import letters_of, levelled, unlevelled
from extract.readers.scan_lines import find_rules, trimmed
from extract.readers.scan_regions import closed_up
from extract.readers.scan_tesseract import OcrWord
from extract.readers.scan_words import numbered
from extract.tables.ruled import find_tables

SCALE = 2.0


def edges_of(xs: tuple[float, ...], ys: tuple[float, ...]) -> list[Edge]:
    return [Edge(True, y, xs[0], xs[-1]) for y in ys] + [Edge(False, x, ys[0], ys[-1]) for x in xs]


def ink_of(lines: list[tuple[int, int, int]], shape: tuple[int, int] = (400, 500)) -> np.ndarray:
    """Printed lines (base line, from, to) in points: nine points high."""
    ink = np.zeros(shape, bool)
    for base, x0, x1 in lines:
        ink[base - 9 : base, x0:x1] = True
    return ink


def word(text: str, x0: float, base: float, start: int = 0, width: float = 12.0) -> Word:
    return Word(text, x0, base - 8, x0 + width, base, base, 12.0, start, len(text))


def letters(page: np.ndarray, base: int, x0: int, count: int) -> None:
    for i in range(count):
        page[base - 16 : base, x0 + 14 * i : x0 + 14 * i + 9] = 20


def test_the_cells_of_a_row_are_set_on_its_first_base_line_and_words_find_their_way_back() -> None:
    page = np.full((240, 600), 255, np.uint8)
    letters(page, 40, 130, 12)  # the name's first line
    letters(page, 70, 130, 8)  # and its second
    letters(page, 55, 40, 2)  # the code between them
    tables = find_tables(edges_of((10, 60, 200, 290), (8, 45, 60, 110)))
    level, shifts = levelled(page, tables, SCALE, letters_of(page, SCALE))
    assert (level[24:40, 40:49] < 150).all()
    assert not (level[41:60, 40:60] < 150).any()
    assert (level == page)[:, 130:].all()
    (moved,) = unlevelled([OcrWord("1.", 40, 24, 64, 40, 0.9, (1, 1, 1))], shifts)
    assert (moved.top, moved.bottom) == (39, 55)


def test_rows_that_are_not_ruled_apart_stay_as_they_are() -> None:
    page = np.full((400, 600), 255, np.uint8)
    for n in range(5):
        letters(page, 60 + 60 * n, 40, 2)
        letters(page, 50 + 60 * n, 130, 9)
    tables = find_tables(edges_of((10, 60, 200, 290), (8, 12, 190)))
    assert levelled(page, tables, SCALE, letters_of(page, SCALE))[1] == ()


ROWS = [(30 + 30 * r, 40, 60) for r in range(8)]
NAMES = [(30 + 30 * r, 80, 220 + 5 * (r % 3)) for r in range(8)]
UNITS = [(30 + 30 * r, 300, 345) for r in range(8)]
FIGURES = [(30 + 30 * r, 400, 420) for r in range(8)]


def test_horizontal_rules_alone_get_upright_ones_in_the_gutters() -> None:
    ink = ink_of([*ROWS, *NAMES, *UNITS, *FIGURES])
    rules = [Edge(True, 13.0 + 30 * r, 30.0, 450.0) for r in range(9)]
    (table,) = find_tables([*rules, *upright_rules(rules, ink)])
    assert (table.n_rows, table.n_cols) == (8, 4)
    for x, (low, high) in zip(table.xs[1:-1], [(60, 80), (230, 300), (345, 400)], strict=True):
        assert low < x < high


def test_a_header_over_two_columns_makes_one_cell_of_them() -> None:
    ink = ink_of([*ROWS[1:], *NAMES[1:], *UNITS[1:], *FIGURES[1:], (30, 40, 60), (30, 100, 150), (30, 320, 400)])
    rules = [Edge(True, 13.0 + 30 * r, 30.0, 450.0) for r in range(9)]
    (table,) = find_tables([*rules, *upright_rules(rules, ink)])
    assert table.n_cols == 4
    assert [(c.col, c.col_span) for c in table.cells if c.row == 0] == [(0, 1), (1, 1), (2, 2)]


def test_the_end_of_a_long_name_is_no_column() -> None:
    long_name = [(60, 80, 250), (60, 254, 285)]  # a space of four points before the last word
    ink = ink_of([*ROWS, *NAMES, *long_name, *UNITS, *FIGURES])
    rules = [Edge(True, 13.0 + 30 * r, 30.0, 450.0) for r in range(9)]
    (table,) = find_tables([*rules, *upright_rules(rules, ink)])
    assert table.n_cols == 4
    assert 285 < table.xs[2] < 300


def test_a_row_that_a_page_break_left_alone_has_the_columns_of_the_page_before() -> None:
    ink = ink_of([(30, 40, 60), (30, 80, 220), (30, 300, 345), (30, 400, 420)])
    rules = [Edge(True, y, 30.0, 450.0) for y in (13.0, 43.0)]
    assert upright_rules(rules, ink) == []
    (table,) = find_tables([*rules, *upright_rules(rules, ink, (30.0, 70.0, 260.0, 372.0, 450.0))])
    assert (table.n_rows, table.n_cols) == (1, 4)


def test_columns_without_any_rule_are_read_one_below_the_other() -> None:
    scale = 2.0
    page = np.full((800, 1000), 255, np.uint8)
    for base, x0, x1 in [*ROWS, *UNITS, *FIGURES]:
        page[2 * (base - 9) : 2 * base, 2 * x0 : 2 * x1] = 0
    for base, x0, x1 in NAMES:  # two lines each, half a line off the others
        for shift in (-7, 7):
            page[2 * (base - 9 + shift) : 2 * (base + shift), 2 * x0 : 2 * x1] = 0
    anew, pieces, regions = set_anew(page, scale, (), ink_map(page, scale))
    assert len(regions) == 1
    assert len(regions[0].cuts) == 3
    names = [p for p in pieces if 100 < p.x0 < 200]
    codes = [p for p in pieces if p.x0 < 80]
    assert names[0].at != codes[0].at
    assert np.count_nonzero(anew < 150) == np.count_nonzero(page < 150)
    y = names[0].at + 60 - names[0].top
    (found,) = back([OcrWord("tên", 200, y, 240, y + 18, 0.9, (1, 1, 1))], pieces)
    assert found.top == 60


def test_prose_is_no_table() -> None:
    lines = [(30 + 16 * r, 60, 440 - 7 * (r % 4)) for r in range(20)]
    assert regions_of(ink_of(lines), ()) == []
    letterhead = [(30, 60, 180), (46, 70, 170), (30, 260, 440), (46, 300, 400)]
    assert regions_of(ink_of([*letterhead, *[(b + 60, x0, x1) for b, x0, x1 in lines]]), ()) == []


def test_spaces_within_a_column_are_closed_up_and_gutters_stay() -> None:
    (region,) = regions_of(ink_of([*ROWS, *NAMES, *UNITS, *FIGURES]), ())
    words = [word("6", 100, 30, 0), word("tháng,", 118, 30, 2), word("năm", 305, 30, 9)]
    closed = closed_up(words, [region])
    assert words[1].x0 - closed[0].x1 == pytest.approx(3.0)
    assert closed[1].x1 == words[1].x1


def test_column_numbers_are_put_right_where_half_of_them_count() -> None:
    read = ["q)", "(2)", "@)", "(4", "(5)"]
    line = [word(text, 50.0 * i, 30, 10 * i) for i, text in enumerate(read)]
    assert [w.text for w in numbered(line)] == ["(1)", "(2)", "(3)", "(4)", "(5)"]
    data = [word(text, 50.0 * i, 30, 10 * i) for i, text in enumerate(["3.", "Số", "(4)"])]
    assert [w.text for w in numbered(data)] == ["3.", "Số", "(4)"]


def test_an_upright_rule_ends_where_its_neighbours_do_and_not_in_the_letter_above() -> None:
    across = [Edge(True, y, 0.0, 300.0) for y in (100.0, 120.0, 140.0)]
    down = [Edge(False, x, 100.0, 140.0) for x in (0.0, 100.0, 300.0)] + [Edge(False, 200.0, 89.0, 140.0)]
    assert [e.start for e in trimmed(down, across)] == [100.0] * 4
    is_open = [Edge(False, x, 89.0, 140.0) for x in (0.0, 100.0, 200.0, 300.0)]
    assert [e.start for e in trimmed(is_open, across)] == [89.0] * 4


def test_grain_of_the_paper_is_no_print() -> None:
    grain = np.clip(np.random.default_rng(3).normal(250, 9, (600, 400)), 0, 255).astype(np.uint8)
    assert not has_print(without_grain(grain), SCALE)
    grain[100:118, 100:110] = 30
    assert has_print(without_grain(grain), SCALE)


def test_the_stroke_of_a_letter_in_line_with_a_rule_stays_on_the_page() -> None:
    scale = 2.0
    page = np.full((400, 700), 255, np.uint8)
    for y in (40, 80, 160, 240, 320):
        page[y : y + 2, 40:640] = 30
    for x in (40, 340, 638):
        page[40:322, x : x + 2] = 30
    page[80:322, 200:202] = 30  # ends at the second rule: above it the header spans two columns
    page[46:74, 200:203] = 20  # an `h` of the header stands just there
    page[60:63, 203:212] = 20
    page[60:74, 210:213] = 20
    found = find_rules(PagePicture(page, scale))
    (table,) = find_tables(found.edges)
    assert [(c.col, c.col_span) for c in table.cells if c.row == 0] == [(0, 2), (2, 1)]
    assert (found.erased[48:72, 200:203] < 150).all()
    assert not (found.erased[90:150, 198:204] < 150).any()


def test_an_upright_stroke_in_one_row_alone_is_no_rule() -> None:
    scale = 2.0
    page = np.full((400, 700), 255, np.uint8)
    for y in range(40, 321, 40):
        page[y : y + 2, 40:640] = 30
    for x in (40, 200, 638):
        page[40:322, x : x + 2] = 30
    page[81:120, 230:233] = 20
    (table,) = find_tables(find_rules(PagePicture(page, scale)).edges)
    assert table.n_cols == 2


def test_a_page_on_its_side_is_not_set_anew_higher_than_tesseract_takes() -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    lengths = np.random.default_rng(5)
    for x in range(120, 1550, 60):  # lines of words, upright
        y = 150
        while y < 2150:
            end = y + int(lengths.integers(20, 90))
            page[y:end, x : x + 20] = 20
            y = end + int(lengths.integers(8, 16))
    scale = 200 / 72
    anew, (piece,), regions = set_anew(page, scale, (), ink_map(page, scale))
    assert (anew.shape, piece.at, regions) == (page.shape, 0, [])
