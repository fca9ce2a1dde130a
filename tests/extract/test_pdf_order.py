"""Glyphs that the file draws in one order and a person reads in another."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from extract.readers.pdf_order import BREAK, Drawn, reading_order

Piece = tuple[str, float] | tuple[str, float, float]


def drawn(*pieces: Piece, size: float = 10.0) -> Drawn:
    """Glyphs 5 points wide; a piece is its text, where it starts, and its base line; `_` is a gap without a glyph,
    `~` white space that the library put in, an accent is drawn onto the letter before it."""
    text, x0, x1, base = "", [], [], []
    for chars, x, *line in pieces:
        for i, char in enumerate(chars):
            if char == "_":
                continue
            is_mark = bool(unicodedata.combining(char))
            left = x + 5 * i - (3 if is_mark else 0)
            text += char
            x0.append(left)
            x1.append(left + (3 if is_mark else 5))
            base.append(line[0] if line else 100.0)
    arrays = (np.array(values, float) for values in (x0, x1, base, [size] * len(x0)))
    return Drawn(text.replace("~", " "), *arrays, np.array([char != "~" for char in text]))


def read(glyphs: Drawn) -> str | None:
    order = reading_order(glyphs)
    if order is None:
        return None
    return " ".join("".join(" " if i == BREAK else glyphs.text[i] for i in order).split())


@pytest.mark.parametrize(
    "pieces,expected",
    [
        ([("S_ li_u", 0), ("ố", 5), ("ệ", 25)], "Số liệu"),
        ([("n_i b_", 0), ("ộ", 5), ("ộ", 25)], "nội bộ"),
        ([("_ng dụng", 0), ("Ứ", 0)], "Ứng dụng"),
        ([("Văn b_n", 0), ("939", 60), ("ả", 25)], "Văn bản 939"),
        ([("S_ li_u", 0, 100.0), ("T_ l_", 0, 120.0), ("ố", 5), ("ệ", 25), ("ỷ", 5, 120.0)], "Số liệu Tỷ l"),
        ([("Vi_n ", 0), ("ệ", 10), ("~~~939", 100)], "Viện 939"),
        ([("M_c", 0), ("u\u0323", 5), ("1", 40)], "Mu\u0323c 1"),
    ],
)
def test_pieces_of_a_line_that_touch_are_read_from_left_to_right(pieces: list[Piece], expected: str) -> None:
    assert read(drawn(*pieces)) == expected


def test_what_stands_in_order_stays_as_it_is() -> None:
    assert reading_order(drawn(("Số liệu", 0), ("12", 60), ("Văn bản", 0, 120.0))) is None


def test_cells_that_are_drawn_from_right_to_left_do_not_touch_and_stay() -> None:
    assert reading_order(drawn(("939", 100), ("Văn bản", 0))) is None


def test_bold_type_made_by_drawing_twice_is_not_shuffled() -> None:
    assert reading_order(drawn(("TỔNG SỐ", 0), ("TỔNG SỐ", 0.4))) is None


def test_a_narrow_gap_is_a_space_where_the_spelling_says_so() -> None:
    glyphs = drawn(("k_", 0), ("đ_n", 11), ("ế", 5), ("ế", 16))
    assert read(glyphs) == "kế đến"
    assert read(drawn(("ki_m", 0), ("ể", 10.0))) == "kiểm"


def test_a_word_ends_before_a_gap_that_a_letter_of_another_font_narrows() -> None:
    assert read(drawn(("(S_", 0), ("d_ng", 16), ("ử", 10), ("ụ", 21))) == "(Sử dụng"
    assert read(drawn(("t_", 0), ("70%", 11), ("ừ", 5))) == "từ 70%"


def test_letters_that_stand_close_are_not_drawn_twice() -> None:
    roman = drawn(("L_C VIII", 0), ("Ụ", 5))
    left = np.array([0, 10, 15, 20, 25, 27, 29, 5.0])  # `I` of a narrow font
    right = np.array([5, 15, 20, 25, 27, 29, 31, 10.0])
    assert read(roman._replace(x0=left, x1=right)) == "LỤC VIII"


def test_white_space_of_the_library_stays_where_it_is_and_a_long_gap_is_one_break() -> None:
    order = reading_order(drawn(("~S_c", 0), ("ố", 10), ("~~~~", 0), ("12", 60)))
    assert order is not None
    assert order.tolist() == [0, BREAK, 1, 3, 2, BREAK, 8, 9]


@pytest.mark.parametrize("x", [1e30, 90_007.0, -90_007.0])
def test_a_glyph_far_beside_the_page_parts_no_other_line(x: float) -> None:
    assert read(drawn(("x", x, 50.0), ("S_ li_u ", 0), ("ố", 5), ("ệ", 25), ("y", x, 150.0))) == "x Số liệu y"
