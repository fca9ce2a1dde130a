"""Print in tables that no word covers is read once more."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers import scan_missed
from extract.readers.scan_level import letters_of
from extract.readers.scan_tesseract import OcrWord

SCALE = 2.0


def letters(page: np.ndarray, x: int, y: int, count: int) -> None:
    for i in range(count):
        page[y : y + 16, x + 12 * i : x + 12 * i + 8] = 20


def page_with(*places: tuple[int, int, int]) -> np.ndarray:
    page = np.full((300, 400), 255, np.uint8)
    for place in places:
        letters(page, *place)
    return page


def word(text: str, x: int, y: int, count: int) -> OcrWord:
    return OcrWord(text, x, y, x + 12 * count, y + 16, 0.9, (1, 1, 1))


def test_a_cell_without_its_words_is_found_and_its_lines_are_one_piece() -> None:
    page = page_with((20, 100, 4), (200, 100, 4), (206, 120, 3))
    read = [word("Lĩnh", 20, 100, 4)]
    assert scan_missed.missed_boxes(read, page, SCALE, [(40, 80)], letters_of(page, SCALE)) == [(200, 100, 244, 136)]


@pytest.mark.parametrize(
    "places", [[(20, 100, 4)], [(200, 20, 4)], [(200, 100, 1)]], ids=["read", "outside of tables", "a figure alone"]
)
def test_what_was_read_or_is_no_cell_is_left_alone(places: list[tuple[int, int, int]]) -> None:
    read = [word("Lĩnh", 20, 100, 4)]
    page = page_with(*places)
    assert scan_missed.missed_boxes(read, page, SCALE, [(40, 80)], letters_of(page, SCALE)) == []


def test_the_words_found_stand_at_their_place_and_what_was_no_word_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_with((200, 100, 4))
    seen: list[tuple[int, int]] = []

    def read_words(strip: np.ndarray, dpi: float, mode: int) -> list[OcrWord]:
        rows, columns = np.nonzero(strip < 100)
        seen.append(strip.shape)
        box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        return [OcrWord("Đúng", *box, 0.9, (1, 1, 1)), OcrWord("hạn.", *box, 0.2, (1, 1, 1))]

    monkeypatch.setattr(scan_missed, "read_words", read_words)
    junk = OcrWord("—", 200, 110, 240, 112, 0.1, (1, 1, 1))
    (found,) = scan_missed.with_missed([junk], page, SCALE, [(40, 80)], letters_of(page, SCALE))
    assert found.text == "Đúng"
    assert np.allclose((found.x0, found.top, found.x1, found.bottom), (200, 100, 244, 116), atol=1)
    assert len(seen) == 1
