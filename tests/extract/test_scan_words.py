"""Words as Tesseract reads them → words of a page, with the ink they stand on."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers.scan_tesseract import OcrWord
from extract.readers.scan_words import to_words

HEIGHT = 14  # of a capital, so the font size is about 20


def printed(*words: tuple[str, int, int]) -> tuple[list[OcrWord], np.ndarray]:
    """Words (text, x, base line) as blocks of ink, and six more that show the size of the print."""
    page = np.full((300, 400), 255, np.uint8)
    more = [("TTHC", 10 + 60 * i, 280) for i in range(6)]
    read = []
    for n, (text, x, base) in enumerate((*words, *more)):
        page[base - HEIGHT : base, x : x + 10 * len(text)] = 20
        read.append(OcrWord(text, x, base - HEIGHT, x + 10 * len(text), base, 0.9, (1, 1, n)))
    return read, page


def test_a_box_that_cuts_into_the_next_line_is_drawn_round_its_own() -> None:
    read, page = printed(("tron", 50, 60), ("hanh", 60, 82))
    read[0] = read[0]._replace(bottom=72)  # with the tops of the word below
    first = to_words(read, page, 1.0).words[0]
    assert (first.bottom, first.base) == (60, 60)


def test_the_dots_of_a_colon_are_one_word() -> None:
    read, page = printed()
    page[50:54, 50:58] = page[58:62, 50:58] = 20
    read.append(OcrWord("=", 50, 50, 58, 62, 0.9, (1, 1, 99)))
    assert [(w.top, w.bottom) for w in to_words(read, page, 1.0).words if w.text == "="] == [(50, 62)]


@pytest.mark.parametrize(
    ("x", "y", "stays"),
    [(92, 57, True), (60, 47, False), (200, 57, False)],
    ids=["behind a word", "the acute over it", "a grain alone"],
)
def test_a_full_stop_stands_behind_a_word(x: int, y: int, stays: bool) -> None:
    read, page = printed(("Quan", 50, 60))
    page[y : y + 3, x : x + 3] = 20
    read.append(OcrWord(".", x, y, x + 3, y + 3, 0.2, (1, 1, 99)))
    assert ("." in [w.text for w in to_words(read, page, 1.0).words]) is stays


def test_a_dash_alone_says_that_there_is_no_figure() -> None:
    read, page = printed()
    page[50:52, 200:207] = 20
    read.append(OcrWord("-", 200, 50, 207, 52, 0.5, (1, 1, 99)))
    assert "-" in [w.text for w in to_words(read, page, 1.0).words]


def test_a_dash_that_hangs_on_a_word_is_the_foot_of_a_letter() -> None:
    read, page = printed(("Cong", 50, 60))
    page[61:63, 80:87] = 20
    read.append(OcrWord("-", 80, 61, 87, 63, 0.7, (1, 1, 99)))
    assert "-" not in [w.text for w in to_words(read, page, 1.0).words]
