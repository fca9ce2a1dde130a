"""Pages whose lines are bent, by a book's fold or a camera."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.readers.scan_curl import bend_of, uncurled  # noqa: E402
from extract.readers.scan_image import PagePicture, clean_page, turned  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from extract.tables.ruled import find_tables  # noqa: E402

SCALE = 2.0
WIDTH, HEIGHT = 1190, 1684
XS, YS = (120, 240, 620, 820, 1060), tuple(range(700, 1500, 80))


def page() -> np.ndarray:
    """Lines of print over a table."""
    out = np.full((HEIGHT, WIDTH), 250, np.uint8)
    rng = np.random.default_rng(2)
    for y in range(140, 660, 36):
        for x in range(130, int(rng.uniform(700, 1040)), 14):
            out[y : y + 18, x : x + 4] = out[y + 7 : y + 10, x : x + 9] = 20
    for y in YS:
        out[y : y + 2, XS[0] : XS[-1] + 2] = 30
    for x in XS:
        out[YS[0] : YS[-1] + 2, x : x + 2] = 30
    for y in YS[:-1]:
        for x in XS[:-1]:
            for at in range(x + 20, x + 70, 14):
                out[y + 30 : y + 48, at : at + 4] = out[y + 37 : y + 40, at : at + 9] = 20
    return out


def curled(picture: np.ndarray, kind: str, share: float) -> np.ndarray:
    """The picture with its print moved down by up to this share of its width."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    u = x / WIDTH
    down = {
        "bow": np.sin(np.pi * u),
        "wave": np.sin(2 * np.pi * u) / 2,
        "one side": (1 - u) ** 3,
        "turning over": np.sin(np.pi * u) * (2 * y / HEIGHT - 1),
    }[kind]
    return cv2.remap(picture, x, y - np.float32(share * WIDTH) * down, cv2.INTER_CUBIC, borderValue=250)


def test_the_table_of_a_page_seen_from_aside_is_whole() -> None:
    """The sheet fills the picture, its sides run together: no outline shows it."""
    flat = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    aside = np.array([(-45, -20), (WIDTH - 10, -8), (WIDTH + 50, HEIGHT), (25, HEIGHT + 20)], np.float32)
    seen = cv2.warpPerspective(page(), cv2.getPerspectiveTransform(flat, aside), (WIDTH, HEIGHT), borderValue=250)
    (table,) = find_tables(find_rules(uncurled(clean_page(seen, SCALE))).edges)
    assert len(table.cells) == (len(XS) - 1) * (len(YS) - 1)


CURLS = [("bow", 0.005), ("bow", 0.015), ("bow", -0.03), ("wave", 0.015), ("one side", 0.03), ("turning over", 0.015)]


@pytest.mark.parametrize(("kind", "share"), CURLS)
def test_the_table_of_a_curled_page_is_whole(kind: str, share: float) -> None:
    read = uncurled(clean_page(curled(turned(page(), 0.4), kind, share), SCALE))
    (table,) = find_tables(find_rules(read).edges)
    assert len(table.cells) == (len(XS) - 1) * (len(YS) - 1)


@pytest.mark.parametrize("angle", [0.0, 1.3, -2.0])
def test_a_flat_page_stays_as_it_is(angle: float) -> None:
    clean = clean_page(turned(page(), angle), SCALE)
    assert uncurled(clean) is clean


def test_a_page_with_little_on_it_has_no_bend() -> None:
    few = np.full((HEIGHT, WIDTH), 255, np.uint8)
    few[300:318, 200:900:14] = 20
    assert bend_of(few) is None
    blank = PagePicture(np.full((HEIGHT, WIDTH), 255, np.uint8), SCALE, is_blank=True)
    assert uncurled(blank) is blank
