"""Sheets photographed from aside: told by their outline, and made a rectangle."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox  # noqa: E402
from extract.readers.scan_image import clean_page  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from extract.readers.scan_sheet import flat_sheet  # noqa: E402
from extract.tables.ruled import find_tables  # noqa: E402
from tests.extract.test_scan_curl import HEIGHT, SCALE, WIDTH, XS, YS, page  # noqa: E402

ASIDE = [(260, 150), (1330, 210), (1460, 1840), (130, 1760)]  # where the corners of the sheet are


def photographed(corners: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The page on a dark, uneven table, in uneven light; and the way there."""
    size = 1600, 2000
    table = np.random.default_rng(3).normal(90, 12, size[::-1])
    flat = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    way = cv2.getPerspectiveTransform(flat, np.array(corners, np.float32))
    sheet = cv2.warpPerspective(page(), way, size, flags=cv2.INTER_CUBIC)
    is_sheet = cv2.warpPerspective(np.full((HEIGHT, WIDTH), 255, np.uint8), way, size) > 127
    light = np.linspace(1, 0.75, size[0])[None, :]
    return np.clip(np.where(is_sheet, sheet, table) * light, 0, 255).astype(np.uint8), way


def test_the_table_of_a_sheet_from_aside_is_whole_and_boxes_lie_on_the_picture() -> None:
    picture, way = photographed(ASIDE)
    flat = flat_sheet(picture, SCALE)
    (table,) = find_tables(find_rules(clean_page(flat.picture, flat.scale)).edges)
    assert len(table.cells) == (len(XS) - 1) * (len(YS) - 1)
    height, width = flat.picture.shape[0] / flat.scale, flat.picture.shape[1] / flat.scale
    assert max(height, width) == pytest.approx(842, abs=1)
    seen = flat.seen(BBox(width / 2, height / 2, width / 2 + 0.1, height / 2 + 0.1))
    assert seen is not None
    middle = cv2.perspectiveTransform(np.array([[(WIDTH / 2, HEIGHT / 2)]], np.float32), way)[0, 0] / SCALE
    assert (seen.x0, seen.top) == pytest.approx(tuple(middle), abs=2)


@pytest.mark.parametrize(
    "corners",
    [
        pytest.param([(130, 150), (1470, 152), (1470, 1840), (130, 1838)], id="not askew"),
        pytest.param([(-60, 150), (1330, 210), (1460, 1840), (-130, 1760)], id="a side beyond the picture"),
    ],
)
def test_pictures_without_such_an_outline_stay(corners: list[tuple[int, int]]) -> None:
    picture, _ = photographed(corners)
    assert flat_sheet(picture, SCALE).picture is picture
    assert flat_sheet(page(), SCALE).picture.shape == (HEIGHT, WIDTH)
