"""Names with an unusual syllable are read twice, and the usual syllable of two readings of the ink wins."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox, Cell, Grid
from extract.readers import scan_names
from extract.readers.scan_image import PagePicture
from extract.syllables import is_unusual_twin


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("Tống số\nhồ sơ", "Tổng số hồ sơ", "Tổng số\nhồ sơ"),
        ("bảo đẳm (chi)", "bảo đảm chỉ", "bảo đảm (chi)"),
        ("Tống số", "Tống số", "Tống số"),
        ("trao đối văn bẩn", "trao đỗi văn bản", "trao đối văn bản"),
        ("Tống số hồ sơ", "số hồ sơ", "Tống số hồ sơ"),
        ("hồ sơ tiếp nhận", "hộ sơ tiếp nhân", "hồ sơ tiếp nhận"),
        ("cắp huyện", "CẤP huyện", "cấp huyện"),
    ],
)
def test_the_usual_syllable_of_two_readings_wins(first: str, second: str, kept: str) -> None:
    assert scan_names.merged(first, second) == kept


@pytest.mark.parametrize(
    ("word", "is_twin"), [("Tống", True), ("đẳm", True), ("tổng", False), ("chi", False), ("xyz", False)]
)
def test_what_is_doubtful_has_a_usual_twin(word: str, is_twin: bool) -> None:
    assert is_unusual_twin(word) is is_twin


def test_only_cells_with_a_doubtful_word_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.full((100, 300), 255, np.uint8)
    page[5:15, 5:290] = 20
    page[25:35, 5:290] = 20
    grid = Grid(
        (Cell(0, 0, "Tống số", bbox=BBox(0, 0, 300, 20)), Cell(1, 0, "Số chi", bbox=BBox(0, 20, 300, 40))),
        2,
        1,
        "ocr",
        1,
    )
    asked: list[int] = []

    def read_larger(pictures: list[np.ndarray], scale: float) -> list[str]:
        asked.append(len(pictures))
        return ["Tổng số"] * len(pictures)

    monkeypatch.setattr(scan_names, "read_larger", read_larger)
    (got,) = scan_names.respelled_names([grid], PagePicture(page, 1.0), page)
    assert [c.text for c in got.cells] == ["Tổng số", "Số chi"]
    assert asked == [1]
