"""Figures so faint that only their cell shows them are made dark; blank cells stay blank."""

from __future__ import annotations

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")

from extract.model import BBox, Cell, Grid  # noqa: E402
from extract.readers.scan_cells import has_ink  # noqa: E402
from extract.readers.scan_faint import with_faint_cells  # noqa: E402
from extract.readers.scan_image import clean_page  # noqa: E402
from extract.readers.scan_lines import find_rules  # noqa: E402
from tests.extract.test_scan_pale import EDGES, HIGH, ROWS, SCALE, TOP, Ink, drawn, scanned  # noqa: E402


def boxes() -> list[BBox]:
    tops = [TOP + HIGH * r for r in range(1, len(ROWS))]
    return [BBox(EDGES[3] / SCALE, top / SCALE, EDGES[4] / SCALE, (top + HIGH) / SCALE) for top in tops]


def with_one_figure(darkness: float) -> np.ndarray:
    """The drawn table without its figures, but for a faint one in its third row."""
    page = drawn(Ink())
    for r in range(1, len(ROWS)):
        inside = np.s_[TOP + HIGH * r + 4 : TOP + HIGH * (r + 1) - 4, EDGES[3] + 4 : EDGES[4] - 4]
        page[inside] = 255 - (255 - page[inside]) * (darkness if r == 3 else 0)
    return page


@pytest.mark.parametrize("darkness", [0.0, 0.08, 0.12])
@pytest.mark.parametrize("noise", [5.0, 10.0])
def test_a_faint_figure_alone_on_its_page_is_seen(darkness: float, noise: float) -> None:
    page = clean_page(scanned(with_one_figure(darkness), noise), SCALE)
    erased = find_rules(page).erased
    grid = Grid(tuple(Cell(r, 3, "", page=1, bbox=box) for r, box in enumerate(boxes(), 1)), 6, 4, "ocr", page=1)
    out = with_faint_cells([grid], page, erased)
    assert [r for r, box in enumerate(boxes(), 1) if has_ink(box, SCALE, out)] == ([3] if darkness else [])
