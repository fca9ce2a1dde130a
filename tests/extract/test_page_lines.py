"""Words → printed lines."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from extract import page_words
from extract.page import Line, Word, cell_text, pieces, text_lines
from extract.page_words import PageWords, pieces_of

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


def everything_of(line: Line) -> tuple[object, ...]:
    places = (line.x0, line.top, line.x1, line.bottom, line.base, line.size, line.start, line.opening)
    return places, line.text, line.texts, line.is_gapped, line.words


sizes = st.sampled_from([6.0, 10.0, 13.5])


@given(st.lists(st.tuples(places, sizes, st.integers(0, 60)), max_size=25))
def test_lines_from_arrays_are_those_from_words(
    drawn: list[tuple[tuple[float, int, str], float, int]]
) -> None:
    """Whatever order words are given in, however near lines stand and whether a word is drawn twice."""
    words = [word(*place, size)._replace(start=start, length=2) for place, size, start in drawn]
    with patch.object(page_words, "FEW", 0):
        found = pieces_of(PageWords.of(words))
    assert list(map(everything_of, found)) == list(map(everything_of, pieces(words)))


def test_words_are_made_for_the_lines_that_are_asked_for_them() -> None:
    words = [word(10, x, "từ") for x in (0, 6, 12, 40)] + [word(24, 0, "sau")]
    with patch.object(page_words, "FEW", 0):
        first, second, below = pieces_of(PageWords.of(words))
    assert (first.text, first.is_gapped, second.words, below.words) == ("từ từ từ", False, words[3:4], words[4:])
    whole = first.and_(second)
    assert (whole.text, whole.words, whole.x1) == ("từ từ từ từ", words[:4], 44)
