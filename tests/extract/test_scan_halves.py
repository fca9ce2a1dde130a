"""Two pages scanned on one sheet: parted at the gutter; a sheet that is one page is left."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from PIL import ImageDraw  # noqa: E402

from extract.model import Grid  # noqa: E402
from extract.readers import scan, scan_tesseract  # noqa: E402
from extract.readers.pdf_halves import Sheets  # noqa: E402
from extract.readers.pdf_page import Carried  # noqa: E402
from extract.readers.scan_halves import pages_on  # noqa: E402
from extract.readers.scan_image import clean_page  # noqa: E402
from tests.extract.test_scan_pale import PROSE, SCALE, TRUE, Ink, drawn, figures, font, image, scanned  # noqa: E402

needs_tesseract = pytest.mark.skipif("vie" not in scan_tesseract.languages(), reason="Tesseract with vie is missing")
WIDE, HIGH = 1654, 1170


def page_of_prose(n: int) -> np.ndarray:
    page = image.new("L", (WIDE // 2, HIGH), 250)
    draw = ImageDraw.Draw(page)
    for i in range(n):
        draw.text((110, 60 + 50 * i), PROSE[i % 3], fill=20, font=font(20))
    return np.asarray(page)


def two(left: int = 18, right: int = 18) -> np.ndarray:
    return np.hstack([page_of_prose(left), page_of_prose(right)])


def with_spine(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    page[:, WIDE // 2 - 4 : WIDE // 2 + 4] = 30
    return page


def written_over(page: np.ndarray) -> np.ndarray:
    page = page.copy()
    page[700:703, 100:-100] = 30
    return page


@pytest.mark.parametrize(
    ("page", "count"),
    [
        (two(), 2),
        (two(18, 6), 2),
        (np.roll(two(), -50, axis=1), 2),  # the sheet lies to one side
        (with_spine(two()), 2),
        (written_over(two()), 1),  # a rule runs over the middle
        (two(18, 0), 1),
        (np.vstack([two(), two()]), 1),  # higher than wide
    ],
    ids=["two", "short page", "aside", "spine", "rule over both", "one side", "upright"],
)
def test_a_sheet_is_parted_where_two_pages_stand_on_it(page: np.ndarray, count: int) -> None:
    parts = pages_on(clean_page(page, SCALE), Sheets())
    assert len(parts) == count
    assert parts[0].left == 0
    assert sum(part.page.grey.shape[1] for part in parts) == page.shape[1]


def test_behind_a_sheet_of_two_pages_short_ones_are_too() -> None:
    sheets = Sheets()
    assert [len(pages_on(clean_page(page, SCALE), sheets)) for page in (two(), two(18, 2))] == [2, 2]


@needs_tesseract
@pytest.mark.parametrize("is_crossed", [False, True])
def test_rows_of_two_pages_are_not_mixed(is_crossed: bool) -> None:
    page = drawn(Ink())
    sheet = np.hstack([page, page])
    if is_crossed:  # a stroke of a pen from page to page
        cv2.line(sheet, (page.shape[1] - 90, 700), (page.shape[1] + 90, 820), (20, 20, 20), 4)
    done = scan.read_picture(scanned(sheet), SCALE, 1, Carried())
    grids = [item.block for item in done.placed if isinstance(item.block, Grid)]
    rows = [[[c.text for c in grid.cells if c.row == r] for r in range(grid.n_rows)] for grid in grids]
    assert [figures(own) for own in rows] == [TRUE, TRUE]
    boxes = [[cell.bbox for cell in grid.cells if cell.bbox is not None] for grid in grids]
    middle = sheet.shape[1] / 2 / SCALE
    assert all(box.x1 <= middle for box in boxes[0])
    assert all(box.x0 >= middle for box in boxes[1])
