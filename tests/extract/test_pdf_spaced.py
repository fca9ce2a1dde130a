"""Letter-spaced lines of a PDF page, built as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from extract.page import Glyph, PageContent, Style, Word
from extract.readers.pdf_spaced import closed_up

SIZE, WIDTH = 12.0, 6.0


def page_of(lines: Sequence[Sequence[str]], between: float, within: float = 0.0, *, late: str = "") -> PageContent:
    """Lines of words, each a list of what a reader takes for a word; `between` letters and `within` a reader's word.
    Letters of `late` are drawn after the rest of their line."""
    words: list[Word] = []
    glyphs: list[Glyph] = []
    for row, line in enumerate(lines):
        x, base, placed = 50.0, 100.0 + 20 * row, []
        for text in line:
            for token in text.split():
                start = x
                for letter in token:
                    glyphs.append(Glyph(letter, x, base - 9, x + WIDTH, base + 3, base, SIZE))
                    x += WIDTH + within
                placed.append(
                    Word(token, start, base - 9, x - within, base + 3, base, SIZE, len(glyphs) - len(token), len(token))
                )
                x += between - within
            x += 3.0 + within
        words += sorted(placed, key=lambda word: word.text in late)
    return PageContent(
        1, 600, 800, words, [], lambda start, count: glyphs[start : start + count], lambda _: Style(False, False)
    )


@pytest.mark.parametrize("late", ["", "ỤỐ"])
def test_letters_that_are_set_apart_are_words(late: str) -> None:
    page = closed_up([page_of([["P H Ụ", "L Ụ C", "S Ố", "2"], ["ngày", "15/12/2023"]], 3.0, late=late)])[0]
    assert [word.text for word in page.words] == ["PHỤ", "LỤC", "SỐ", "2", "ngày", "15/12/2023"]
    gaps = [(b.x0 - a.x1) / b.size for a, b in zip(page.words[:3], page.words[1:4], strict=True)]
    assert all(0.2 < gap < 0.3 for gap in gaps)


def test_a_word_in_usual_letters_stays_one_beside_them() -> None:
    page = closed_up([page_of([["B Ộ", "M Á Y", "(Ban", "hành", "kèm"]], 3.0)])[0]
    assert [word.text for word in page.words] == ["BỘ", "MÁY", "(Ban", "hành", "kèm"]


def test_letters_a_little_apart_leave_the_words_a_usual_space_apart() -> None:
    page = closed_up([page_of([["Phụ", "L Ụ C", "II:"]], 2.0)])[0]
    assert [word.text for word in page.words] == ["Phụ", "LỤC", "II:"]
    page = closed_up([page_of([["P hụ", "lục", "V"]], 1.7, 1.7)])[0]  # one gap is as wide as the reader parts words at
    assert [word.text for word in page.words] == ["Phụ", "lục", "V"]
    page = closed_up([page_of([["Chỉ", "tiêu", "thống", "kê"]], 1.0, 1.0)])[0]
    assert all((b.x0 - a.x1) / b.size < 0.3 for a, b in zip(page.words, page.words[1:], strict=False))


def with_late(page: PageContent, late: Sequence[Word]) -> PageContent:
    """A page some of whose words are drawn after all others: their letters stand 1,000 places farther back."""
    own = page.glyphs
    moved = {id(word): word._replace(start=word.start + 1000) for word in late}
    words = [moved.get(id(word), word) for word in page.words]
    return replace(page, words=words, glyphs=lambda start, count: own(start % 1000, count))


def test_lines_set_to_both_edges_hide_no_line_whose_letters_are_set_apart() -> None:
    justified, spaced = ["tổng", "số", "hồ", "sơ"], ["Chỉ", "tiêu", "thống", "kê"]
    body, head = page_of([justified] * 20, 2.0), page_of([spaced], 1.0, 1.0)
    under = [w._replace(top=w.top + 400, bottom=w.bottom + 400, base=w.base + 400) for w in head.words]
    every = replace(head, words=[*under, *body.words])
    drawn = replace(
        every, glyphs=lambda start, count: (head if start < 1000 else body).glyphs(start % 1000, count),
        words=[*under, *(w._replace(start=w.start + 1000) for w in body.words)],
    )  # fmt: skip
    first = list(closed_up([drawn])[0].words)[:4]
    assert [word.text for word in first] == spaced
    assert all((b.x0 - a.x1) / b.size < 0.3 for a, b in pairwise(first))


def test_a_word_with_a_letter_of_another_font_is_as_long_as_its_letters() -> None:
    page = page_of([["N H I Ệ M", "V Ụ"]], 3.0)
    first, second = closed_up([with_late(page, [word for word in page.words if word.text == "Ệ"])])[0].words
    assert (first.text, second.text) == ("NHIỆM", "VỤ")
    assert 0 <= second.start - first.start - first.length <= 3  # a reader would cut the line at a jump of the text


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (["Bi", "ể", "u", "s", "ố", "3"], ["Biểu", "số", "3"]),
        (["B", "iể", "u", "số", "2"], ["Biểu", "số", "2"]),
        (["P", "hụ", "l", "ục", "II"], ["Phụ", "lục", "II"]),
        (["x", "yz", "w", "số", "2"], ["x", "yz", "w", "số", "2"]),  # no words, whole or in pieces
    ],
)
def test_pieces_that_only_together_are_words_are_whole(printed: list[str], read: list[str]) -> None:
    pieces = {"ể", "u", "ố", "iể", "hụ", "ục", "yz", "w"}  # 2 points behind what stands before them, others 8
    words: list[Word] = []
    x = 50.0
    for text in printed:
        x += 2.0 if text in pieces else 8.0
        words.append(Word(text, x, 91, x + WIDTH * len(text), 103, 100, SIZE, 10 * len(words), len(text)))
        x += WIDTH * len(text)
    page = PageContent(1, 600, 800, words, [], lambda start, count: [], lambda _: Style(False, False))
    assert [word.text for word in closed_up([page])[0].words] == read


def test_letters_and_figures_of_columns_stay_apart() -> None:
    page = page_of([["A", "B", "1", "2", "3"], ["1", "0", "1", "0"], ["Số", "văn", "bản"]], 1.5)
    assert list(closed_up([page])[0].words) == page.words
