"""Footnote marks that a PDF sets as words of their own."""

from __future__ import annotations

import pytest

from extract.page import Word
from extract.page_words import PageWords
from extract.readers.pdf_marks import with_footnote_marks
from extract.tables.cell_kinds import is_code, is_column_number


def word(text: str, x0: float, base: float = 100.0, size: float = 12.0) -> Word:
    return Word(text, x0, base - 0.9 * size, x0 + 0.5 * size * len(text), base + 0.22 * size, base, size)


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (word("1", 74, 96, 7), ["các", "cấp¹"]),
        (word("[1]", 74, 96, 7), ["các", "cấp[¹]"]),
        (word("1", 74, 100, 7), ["các", "cấp", "1"]),  # lowered or level: m2 as typed
        (word("1", 74, 88, 7), ["các", "cấp", "1"]),  # of the line above
        (word("1", 84, 96, 7), ["các", "cấp", "1"]),  # of the next column
        (word("1", 74, 96, 11), ["các", "cấp", "1"]),  # no smaller than the print
        (word("a", 74, 96, 7), ["các", "cấp", "a"]),
        (word("2024", 74, 96, 7), ["các", "cấp", "2024"]),
    ],
)
def test_a_small_raised_digit_hangs_on_its_word(mark: Word, expected: list[str]) -> None:
    assert with_footnote_marks(PageWords.of([word("các", 30), word("cấp", 56), mark])).texts == expected


def test_codes_and_column_numbers_may_have_a_mark() -> None:
    assert is_code("2.2.¹") and is_column_number("3¹") and is_column_number("8=10+16²")
    assert not is_code("¹")
