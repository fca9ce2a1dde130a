"""Glyphs that the file draws in one order and a person reads in another."""

from __future__ import annotations

import pytest

from extract.page import Glyph
from extract.readers.pdf_order import BREAK, reading_order


def drawn(*pieces: tuple[str, float] | tuple[str, float, float], size: float = 10.0) -> list[Glyph | None]:
    """Glyphs 5 points wide; a piece is its text, where it starts, and its base line; `_` is a gap without a glyph."""
    out: list[Glyph | None] = []
    for text, x, *base in pieces:
        y = base[0] if base else 100.0
        for i, char in enumerate(text):
            if char != "_":
                left = x + 5 * i
                out.append(Glyph(char, left, y - 9, left + 5, y + 2, y, size))
    return out


def read(glyphs: list[Glyph | None]) -> str | None:
    order = reading_order(glyphs)
    if order is None:
        return None
    return " ".join("".join(" " if i == BREAK else getattr(glyphs[i], "char", " ") for i in order).split())


@pytest.mark.parametrize(
    "pieces,expected",
    [
        ([("S_ li_u", 0), ("ố", 5), ("ệ", 25)], "Số liệu"),
        ([("n_i b_", 0), ("ộ", 5), ("ộ", 25)], "nội bộ"),
        ([("_ng dụng", 0), ("Ứ", 0)], "Ứng dụng"),
        ([("Văn b_n", 0), ("939", 60), ("ả", 25)], "Văn bản 939"),
        ([("S_ li_u", 0, 100.0), ("T_ l_", 0, 120.0), ("ố", 5), ("ệ", 25), ("ỷ", 5, 120.0)], "Số liệu Tỷ l"),
    ],
)
def test_pieces_of_a_line_that_touch_are_read_from_left_to_right(
    pieces: list[tuple[str, float]], expected: str
) -> None:
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
