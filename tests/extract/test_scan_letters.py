"""Letters of a scan that were confused by their size or are none of Vietnamese."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.page import Word
from extract.readers.scan_letters import lettered, spelt

SIZE = 20.0


def line(*texts: str, gap: float = 5.0) -> list[Word]:
    words, x = [], 10.0
    for n, text in enumerate(texts):
        width = 10.0 * len(text)
        words.append(Word(text, x, 26.0, x + width, 40.0, 40.0, SIZE, 100 * n, len(text)))
        x += width + gap
    return words


def read(words: list[Word], small: str = "") -> list[str]:
    """The texts on a page where letters are as high as capitals, but for the first ones of `small`."""
    page = np.full((60, 600), 255, np.uint8)
    for word in words:
        height = 9 if word.text == small else 14
        page[40 - height : 40, int(word.x0) : int(word.x1)] = 20
    return [word.text for word in lettered(words, page, 1.0)]


@pytest.mark.parametrize(
    ("found", "meant"),
    [("kiỂm", "kiểm"), ("nỘp", "nộp"), ("(ChỉỈ", "(Chỉ"), ("ÐĐVSN", "ĐVSN"), ("NÑSNN", "NSNN"), ("Lñy", "Lũy"),
     ("xonq", "xong"), ("chỶ", "chỉ"), ("Ðảng", "Đảng")],
)  # fmt: skip
def test_a_confused_letter_is_told_by_what_can_be_spelt(found: str, meant: str) -> None:
    assert spelt(found) == meant


@pytest.mark.parametrize("printed", ["TTHC", "QĐ-UBND", "TTr", "ĐVSNCLthuộc", "quyết", "số", "HĐND", "2.1.", "ThS"])
def test_other_words_stay_as_they_were_read(printed: str) -> None:
    assert spelt(printed) == printed


def test_capitals_among_small_words_are_one_capital() -> None:
    assert read(line("TỶ", "lệ", "hồ", "sơ")) == ["Tỷ", "lệ", "hồ", "sơ"]


def test_capitals_among_capitals_stay() -> None:
    assert read(line("BÁO", "CÁO", "SỐ", "LIỆU", "kèm")) == ["BÁO", "CÁO", "SỐ", "LIỆU", "kèm"]


def test_a_word_of_the_next_column_says_nothing() -> None:
    assert read(line("TỶ", "lệ", gap=80.0)) == ["TỶ", "lệ"]


def test_the_ink_says_whether_the_first_letter_is_a_capital() -> None:
    words = line("TTHC", "bản", "có", "hồ", "SƠ", "100")
    assert read(words, small="SƠ")[4] == "sơ"
    assert read(words)[4] == "Sơ"
