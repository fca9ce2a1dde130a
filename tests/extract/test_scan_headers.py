"""A second reading of unusual headers: alike is sure, different is an error of the page's tables."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox, Cell, Grid
from extract.readers import scan_headers
from extract.readers.scan_image import PagePicture

PAGE = PagePicture(np.full((300, 300), 255, np.uint8), 1.0)


def grid(header: str) -> Grid:
    rows = [("STT", "Chỉ tiêu", header), ("1.", "Số hồ sơ", "5"), ("2.", "Số người", "7")]
    cells = tuple(
        Cell(r, c, text, bbox=BBox(80 * c, 20 * r, 80 * c + 70, 20 * r + 18))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Grid(cells, 3, 3, "ocr", 6)


@pytest.mark.parametrize(
    ("first", "second", "kept", "is_said"),
    [
        ("Số người có\nmặt", "Số người có mặt", "Số người có\nmặt", False),
        ("Số người có nặt", "Số người có mặt", "Số người có nặt", True),
        ("Số ngưòi c0 mặt", "Số người có mặt", "Số người có mặt", True),
        ("Số 1iêuj", "Số liệu", "Số liệu", False),
    ],
)
def test_two_readings_of_a_header(
    first: str, second: str, kept: str, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_headers, "read_larger", lambda pictures, scale: [second for _ in pictures])
    got, problems = scan_headers.confirmed_headers(grid(first), PAGE, PAGE.grey)
    assert got.cells[2].text == kept
    assert [(p.code, p.severity, p.page) for p in problems] == [("ocr-header-doubtful", "error", 6)] * is_said


def test_usual_headers_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_headers, "read_larger", lambda pictures, scale: pytest.fail("read again"))
    assert scan_headers.confirmed_headers(grid("Số liệu"), PAGE, PAGE.grey)[1] == ()


@pytest.mark.parametrize(("second", "kept", "is_said"), [("Số liệu", "Số liệu", False), ("", "—", True)])
def test_a_header_without_its_letters_is_read_again(
    second: str, kept: str, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    print_of = PAGE.grey.copy()
    for x in (170, 180, 190):
        print_of[5:13, x : x + 5] = 20
    monkeypatch.setattr(scan_headers, "read_larger", lambda pictures, scale: [second for _ in pictures])
    got, problems = scan_headers.confirmed_headers(grid("—"), PAGE, print_of)
    assert got.cells[2].text == kept
    assert [p.code for p in problems] == ["ocr-header-doubtful"] * is_said
