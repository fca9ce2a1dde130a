"""The first look: what no reading is paid for, and what a photograph is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers import scan, scan_pale  # noqa: E402
from extract.readers.pdf_page import Carried  # noqa: E402
from extract.readers.scan_image import PagePicture, clean_page, pieces_of  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from extract.readers.scan_look import Look, look_at  # noqa: E402
from extract.readers.scan_pale import with_pale_print  # noqa: E402
from extract.readers.scan_tesseract import OcrWord  # noqa: E402

SCALE = 2.0
SHAPE = (1684, 1190)


def paper(tone: int = 250, noise: float = 4.0) -> np.ndarray:
    grain = np.random.default_rng(11).normal(tone, noise, SHAPE)
    return np.clip(grain, 0, 255).astype(np.uint8)


def lines_of_print(page: np.ndarray, top: int, count: int, tone: int = 20) -> None:
    """Lines of letters, as rectangles."""
    for y in range(top, top + 40 * count, 40):
        for x in range(150, 1040, 18):
            page[y : y + 18, x : x + 10] = tone


def photograph(page: np.ndarray, x0: int, top: int, x1: int, bottom: int) -> None:
    """Tones that change from place to place, with grain, and light and dark things before them."""
    rng = np.random.default_rng(5)
    height, width = bottom - top, x1 - x0
    tones = cv2.resize(rng.normal(110, 45, (14, 12)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(25):
        at = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        size = (int(rng.integers(10, 60)), int(rng.integers(10, 90)))
        cv2.ellipse(tones, at, size, float(rng.integers(0, 180)), 0, 360, float(rng.integers(0, 220)), -1)
    page[top:bottom, x0:x1] = np.clip(tones + rng.normal(0, 6, tones.shape), 0, 255).astype(np.uint8)


def look(page: np.ndarray) -> Look:
    clean = clean_page(page, SCALE)
    return look_at(clean, find_rules(clean))[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Tesseract was asked for."""
    calls: list[str] = []

    def read_words(picture: np.ndarray, dpi: float, mode: int, **_: Any) -> list[OcrWord]:
        calls.append("words")
        return []

    def orientation(picture: np.ndarray, dpi: float) -> int:
        calls.append("orientation")
        return 0

    monkeypatch.setattr(scan, "require", lambda: None)
    monkeypatch.setattr(scan, "read_words", read_words)
    monkeypatch.setattr(scan_pale, "read_words", read_words)
    monkeypatch.setattr(scan, "orientation", orientation)
    return calls


def test_a_page_without_print_is_not_read(asked: list[str]) -> None:
    read = scan.read_picture(paper(), SCALE, 1, Carried())
    assert (read.placed, read.problems, asked) == ([], (), [])


def test_a_page_of_photographs_is_not_read_and_says_so(asked: list[str]) -> None:
    page = paper()
    photograph(page, 150, 200, 1040, 1300)
    read = scan.read_picture(page, SCALE, 4, Carried())
    assert (read.placed, asked) == ([], [])
    assert [(p.code, p.page) for p in read.problems] == [("photograph-not-read", 4)]


def test_a_page_with_a_lone_number_is_read_once_and_not_asked_which_way_up_it_is(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = paper()
    page[100:120, 580:590] = 20

    def read_words(*_: Any, **__: Any) -> list[OcrWord]:
        asked.append("words")
        return [OcrWord("1", 580, 100, 590, 120, 0.3, (1, 1, 1))]

    monkeypatch.setattr(scan, "read_words", read_words)
    scan.read_picture(page, SCALE, 1, Carried())
    assert asked == ["words"]


def test_a_photograph_is_taken_off_with_the_rules_in_it_and_the_print_below_stays() -> None:
    page = paper()
    photograph(page, 150, 200, 1040, 900)
    page[500:504, 150:1040] = 20
    lines_of_print(page, 1000, 5)
    page[1300:1304, 150:1040] = 20
    clean = clean_page(page, SCALE)
    found, ruling = look_at(clean, find_rules(clean))
    (box,) = found.photographs
    assert np.allclose((box.x0, box.top, box.x1, box.bottom), (75, 100, 520, 450), atol=8)
    assert [round(edge.pos) for edge in ruling.edges if edge.is_horizontal] == [651]
    assert found.is_worth_reading
    assert np.count_nonzero(found.letters[:, 1] >= 990) == 5 * 50


@pytest.mark.parametrize("kind", ["shaded cells", "a shadow", "a lamp", "an empty shaded place"])
def test_shade_is_no_photograph(kind: str) -> None:
    page = paper().astype(float)
    if kind == "shaded cells":
        page[300:700, 100:1090] = 190
    elif kind == "an empty shaded place":
        page[300:700, 100:1090] = 150
    if kind != "an empty shaded place":
        lines_of_print(page, 200, 30)
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]] / SHAPE[0]
    if kind == "a shadow":
        page *= cv2.GaussianBlur(np.where(y + x > 0.9, 0.55, 1.0), (0, 0), 6)
    elif kind == "a lamp":
        page *= 1 - 0.6 * np.hypot(y - 0.2, x - 0.2)
    assert look(page.astype(np.uint8)).photographs == ()


def test_only_print_is_asked_which_way_up_it_stands() -> None:
    page, drawing = paper(), paper()
    lines_of_print(page, 200, 10)
    rng = np.random.default_rng(3)
    points = np.cumsum(rng.normal(0, 60, (400, 2)), axis=0) % (1100, 1600)
    cv2.polylines(drawing, [points.astype(np.int32).reshape(-1, 1, 2)], False, 20, 4)
    assert look(page).is_print
    assert not look(drawing).is_print


@pytest.mark.parametrize(("tone", "is_all"), [(20, False), (90, False), (170, True), (195, True), (232, True)])
def test_print_is_darkened_where_all_of_it_is_pale(asked: list[str], tone: int, is_all: bool) -> None:
    page = paper(250, 2)
    lines_of_print(page, 200, 10, tone)
    out, said = with_pale_print(clean_page(page, SCALE))
    assert (out.is_faint, said) == (is_all, "page-pale" if tone > 230 else "")
    assert int(out.grey[209, 155]) < 100


def test_a_faint_page_that_cannot_be_read_is_said(asked: list[str]) -> None:
    page = paper(250, 2)
    lines_of_print(page, 200, 10, 180)

    def poor(*_: Any, **__: Any) -> list[OcrWord]:
        return [OcrWord("Xq", 150, 200, 178, 218, 0.2, (1, 1, 1))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "read_words", poor)
        read = scan.read_picture(page, SCALE, 2, Carried())
    assert read.placed == []
    assert [(p.code, p.page) for p in read.problems] == [("page-too-faint", 2)]


def test_pieces_found_band_by_band_are_those_of_the_whole_picture() -> None:
    rng = np.random.default_rng(9)
    for share in (0.0, 0.002, 0.2, 0.6):
        ink = (rng.random((90, 70)) < share).astype(np.uint8)
        ink[::7] = 0
        whole = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
        assert sorted(map(tuple, pieces_of(ink))) == sorted(map(tuple, whole))


def test_a_page_without_tone_has_no_photographs() -> None:
    page = np.full(SHAPE, 255, np.uint8)
    lines_of_print(page, 200, 10)
    bare = PagePicture(page, SCALE)
    assert look_at(bare, find_rules(bare))[0].photographs == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (20, 900), (900, 21)])
def test_a_picture_too_small_for_print_holds_nothing(asked: list[str], shape: tuple[int, int]) -> None:
    strip = np.zeros(shape, np.uint8)
    strip[::3] = 250
    assert scan.read_picture(strip, SCALE, 1, Carried()).placed == []
