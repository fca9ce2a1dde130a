"""Light print on dark cells: turned, so that it is read; everything else is left."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import Grid  # noqa: E402
from extract.readers import scan, scan_tesseract  # noqa: E402
from extract.readers.pdf_page import Carried  # noqa: E402
from extract.readers.scan_dark import turned_dark  # noqa: E402
from tests.extract import test_scan_pale as pale  # noqa: E402
from tests.extract.test_scan_pale import (  # noqa: E402
    BLACK,
    EDGES,
    HIGH,
    ROWS,
    SCALE,
    TOP,
    Ink,
    Tone,
    drawn,
    font,
    image,
    scanned,
)

needs_tesseract = pytest.mark.skipif("vie" not in scan_tesseract.languages(), reason="Tesseract with vie is missing")
NAVY, BLUE, RED, SOOT = (31, 56, 100), (68, 114, 196), (192, 0, 0), (25, 25, 25)
HEAD = np.s_[TOP : TOP + HIGH, EDGES[0] : EDGES[-1]]


def with_dark_rows(fill: Tone, rows: tuple[int, ...]) -> np.ndarray:
    """The table of `drawn` with these rows white on dark; its rules stay black."""
    from PIL import ImageDraw

    page = image.fromarray(np.ascontiguousarray(drawn(Ink()).astype(np.uint8)[:, :, ::-1]))
    draw, face = ImageDraw.Draw(page), font(34)
    for r in rows:
        top = TOP + HIGH * r
        draw.rectangle((EDGES[0], top, EDGES[-1], top + HIGH), fill=fill)
        draw.rectangle((EDGES[0], top, EDGES[-1], top + HIGH), outline=BLACK, width=2)
        for c, text in enumerate(ROWS[r]):
            draw.line((EDGES[c], top, EDGES[c], top + HIGH), fill=BLACK, width=2)
            draw.text((EDGES[c] + 14, top + 12), text, fill=(255, 255, 255), font=face)
    return np.asarray(page)[:, :, ::-1].astype(np.float32)


@needs_tesseract
@pytest.mark.parametrize("fill", [NAVY, *(pytest.param(tone, marks=pytest.mark.slow) for tone in (SOOT, RED))])
def test_white_print_on_dark_rows_is_read(fill: Tone) -> None:
    done = scan.read_picture(scanned(with_dark_rows(fill, (0, 4)), is_grey=False), SCALE, 1, Carried())
    grids = [p.block for p in done.placed if isinstance(p.block, Grid)]
    rows = [[c.text for c in grid.cells if c.row == r] for grid in grids for r in range(grid.n_rows)]
    assert pale.figures(rows) == pale.TRUE
    assert [text.lower() for text in rows[0]] == [text.lower() for text in ROWS[0]]


@pytest.mark.parametrize("fill", [NAVY, BLUE, RED, SOOT])
@pytest.mark.parametrize("is_grey", [True, False])
def test_a_dark_row_becomes_paper_with_dark_print_and_its_rules_stay(fill: Tone, is_grey: bool) -> None:
    before = scanned(with_dark_rows(fill, (0,)), is_grey=is_grey)
    after = turned_dark(before, SCALE)
    plain = before if is_grey else before.mean(axis=2)
    head = after[HEAD] if is_grey else after[HEAD].mean(axis=2)
    assert float(np.median(plain[HEAD])) < 140
    assert float(np.median(head)) > 220
    assert 0.03 < float((head < 120).mean()) < 0.3
    for x in EDGES[1:-1]:  # the rules between its cells
        assert float((head[6:-6, x - EDGES[0] - 3 : x - EDGES[0] + 4].min(axis=1) < 150).mean()) > 0.8
    assert np.array_equal(after[TOP + HIGH + 8 :], before[TOP + HIGH + 8 :])


def shaded(tone: float) -> np.ndarray:
    page = drawn(Ink())
    page[HEAD] = np.minimum(page[HEAD], tone)
    return page


def spotted() -> np.ndarray:
    """A photograph: many tones, and bright spots in it."""
    page = drawn(Ink())
    rng = np.random.default_rng(5)
    tones = cv2.resize(rng.normal(100, 40, (8, 12)).astype(np.float32), (500, 280), interpolation=cv2.INTER_CUBIC)
    for _ in range(30):
        x, y = int(rng.integers(10, 490)), int(rng.integers(10, 270))
        cv2.circle(tones, (x, y), int(rng.integers(8, 20)), 240, -1)
    page[600:880, 100:600] = np.clip(tones, 0, 255)[:, :, None]
    return page


def with_star() -> np.ndarray:
    """The star of a seal over print."""
    page = drawn(Ink())
    angles = np.arange(10) * np.pi / 5
    radii = np.where(np.arange(10) % 2 == 0, 60, 26)
    points = np.stack([500 + radii * np.sin(angles), 420 - radii * np.cos(angles)], axis=1)
    star = np.full_like(page, 255)
    cv2.fillPoly(star, [points.astype(np.int32)], (45, 40, 215))
    return np.minimum(page, star)


def blot() -> np.ndarray:
    page = drawn(Ink())
    page[620:700, 200:700] = 15
    return page


@pytest.mark.parametrize(
    "page",
    [drawn(Ink()), shaded(217), shaded(150), spotted(), with_star(), blot(), drawn(None)],
    ids=["print", "pale shade", "dark shade", "photograph", "star of a seal", "blot", "paper"],
)
@pytest.mark.parametrize("noise", [0.0, 10.0])
def test_what_is_no_light_print_on_a_dark_place_is_left(page: np.ndarray, noise: float) -> None:
    picture = scanned(page, noise, is_grey=False)
    assert turned_dark(picture, SCALE) is picture


def test_bold_lines_close_together_are_no_dark_place() -> None:
    picture = image.new("L", (pale.WIDTH, pale.HEIGHT), 250)
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    for n in range(16):
        draw.text((80, 40 + 36 * n), pale.PROSE[n % 3].upper(), fill=15, font=font(40), stroke_width=1, stroke_fill=15)
    page = np.asarray(picture)
    assert turned_dark(page, SCALE) is page


def test_a_picture_too_small_for_print_is_left() -> None:
    strip = np.zeros((3, 900), np.uint8)
    assert turned_dark(strip, SCALE) is strip
