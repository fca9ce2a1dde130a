"""Words → printed lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract.page import Word, cell_text, text_lines

places = st.tuples(st.sampled_from([10.0, 10.5, 13.0, 16.0, 30.0]), st.integers(0, 40), st.sampled_from("ab"))


def word(base: float, x: float, text: str, size: float = 10.0) -> Word:
    return Word(text, x, base - 9, x + 4, base + 2, base, size)


@given(st.lists(places, unique_by=lambda place: place[:2]), st.randoms())
def test_lines_do_not_depend_on_the_order_in_which_words_are_given(drawn: list[tuple[float, int, str]], luck) -> None:  # type: ignore[no-untyped-def]
    words = sorted((word(*place) for place in drawn), key=lambda w: (w.base, w.x0))
    shuffled = list(words)
    luck.shuffle(shuffled)
    assert text_lines(words) == text_lines(shuffled)


def test_a_word_drawn_twice_is_one() -> None:
    words = [word(10, 0, "Tổng"), word(10, 0.4, "Tổng"), word(10, 20, "số"), word(24, 0, "hồ"), word(24, 20, "sơ")]
    assert cell_text(words) == "Tổng số\nhồ sơ"


def test_a_raised_word_is_part_of_its_line() -> None:
    words = [word(10, 0, "Kỳ"), word(8.5, 20, "(1)", 6.0), word(10, 40, "này"), word(24, 0, "sau")]
    assert [[w.text for w in line] for line in text_lines(words)] == [["Kỳ", "(1)", "này"], ["sau"]]
