"""Sideways print on an upright page is turned level, line by line."""

from __future__ import annotations

from extract.page import Word
from extract.page_words import PageWords
from extract.readers.pdf_sideways import leveled

SIZE = 10.0


def sideways(letters: str, x0: float, start: int, *, up: int = 1, at: float = 200.0) -> list[Word]:
    """Letters 6 long from `at` on, upwards or downwards, as a library gives them: one by one, without the spaces."""
    words = []
    for n, letter in enumerate(letters):
        ends = sorted((at - 6 * up * n, at - 6 * up * (n + 1)))
        if letter != " ":
            words.append(Word(letter, x0, ends[0], x0 + 11, ends[1], x0 + 9, SIZE, start + n, 1, up))
    return words


def read(*words: Word) -> list[tuple[str, int, float, float]]:
    return [(w.text, w.turn, w.x0, round(w.base, 1)) for w in leveled(PageWords.of(list(words)))]


UPRIGHT = Word("STT", 20, 171, 38, 182, 179, SIZE, 0, 3)


def test_letters_that_run_upwards_are_one_level_word_in_their_middle() -> None:
    found = read(UPRIGHT, *sideways("Ghi chú", 300, 10), *sideways("Kỳ", 350, 30, at=150))
    assert found == [("STT", 0, 20, 179), ("Ghi chú", 0, 300, 182.5), ("Kỳ", 0, 350, 147.5)]


def test_what_stands_apart_along_a_line_is_two() -> None:
    found = read(*sideways("Kỳ", 300, 10), *sideways("Số", 300, 20, at=150))
    assert [text for text, *_ in found] == ["Kỳ", "Số"]


def test_a_line_that_runs_downwards_is_read_along_its_run() -> None:
    assert [text for text, *_ in read(*sideways("Ghi chú", 300, 10, up=-1))] == ["Ghi chú"]


def test_lines_that_run_downwards_side_by_side_are_left_to_their_cell() -> None:
    words = [*sideways("Đơn vị", 312, 10, up=-1), *sideways("tính", 300, 20, up=-1)]
    assert leveled(PageWords.of(words)).some() == words


def test_upright_pages_are_left_as_they_are() -> None:
    words = PageWords.of([UPRIGHT])
    assert leveled(words) is words
