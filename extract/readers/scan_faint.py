"""Figures so faint that only their cell shows them: found in cells that look blank, and made dark for the reading.

In: the grids of a page as it was first read, its picture, and the picture without its rules. Out: the latter with what
is faint in blank cells made dark. A lone figure at a tenth of black in noise is no darker, dot for dot, than the grain
of the paper; but it stands in a cell with nothing else in it, and blurred to the width of a stroke it is darker than
such grain can be in any of the page's blank cells. What is then not read is unread print, and no blank.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extract.model import BBox, Grid
from extract.readers.scan_cells import has_ink
from extract.readers.scan_image import Image, PagePicture, darkened
from extract.readers.scan_pale import stamps

_BLURRED_PT, _SMOOTHED_PT = 0.9, 0.36  # as wide as a stroke; finer than one
_INSET_PT = 1.6  # of a cell: what is left of its rules
_GRAINS, _LEAST = 4.0, 3.5  # darker than the paper by so many deviations of its grain, and by so many tones
_HIGH_PT, _WIDE_PT = (3.5, 18.0), (2.5, 90.0)  # a printed line, blurred
_LEAST_ROOM_PT = 5.0
_QUARTER = 0.674  # of the deviation: a quarter of what is normal is further off on one side
_DARKEST = 1  # of a hundred dots of a cell: strokes of its figure
_WHITE = 0.5  # of the way from paper to print: what is less is grain


def with_faint_cells(grids: Sequence[Grid], page: PagePicture, erased: Image) -> Image:
    """The page without its rules, with what is faint in its blank cells made dark."""
    boxes = [
        cell.bbox
        for grid in grids
        for cell in grid.cells
        if cell.bbox is not None and not cell.text and not has_ink(cell.bbox, page.scale, erased)
    ]
    rooms = [room for box in boxes if (room := _room(box, page)) is not None]
    if not rooms:
        return erased
    insides = [page.grey[room].astype(np.float32) for room in rooms]
    blurred = [cv2.GaussianBlur(inside, (0, 0), _BLURRED_PT * page.scale) for inside in insides]
    below = [float(np.median(piece)) - piece for piece in blurred]
    grain = float(np.percentile(np.concatenate([piece.ravel() for piece in below]), 75)) / _QUARTER
    least = max(_LEAST, _GRAINS * grain)
    found = [room for room, piece in zip(rooms, below, strict=True) if _is_line(piece > least, page.scale)]
    if not found:
        return erased
    seals = stamps(page)
    out = erased.copy()
    for rows, columns in found:
        if not any(
            x0 < columns.stop and columns.start < x1 and top < rows.stop and rows.start < bottom
            for x0, top, x1, bottom in seals
        ):
            out[rows, columns] = _dark(page.grey[rows, columns], page.scale)
    return out


def _room(box: BBox, page: PagePicture) -> tuple[slice, slice] | None:
    """Rows and columns of the inside of a cell; None where there is no room for a figure."""
    x0, top, x1, bottom = (
        round(v * page.scale)
        for v in (box.x0 + _INSET_PT, box.top + _INSET_PT, box.x1 - _INSET_PT, box.bottom - _INSET_PT)
    )
    if x1 - x0 < _LEAST_ROOM_PT * page.scale or bottom - top < _LEAST_ROOM_PT * page.scale:
        return None
    return slice(max(0, top), bottom), slice(max(0, x0), x1)


def _is_line(dark: Image, scale: float) -> bool:
    """Does what is dark in a cell look like a printed figure: as high and as wide, away from the cell's sides? In a low
    row it may reach the rules above and below."""
    stats = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)[2][1:]
    for x, _, width, height, _ in stats:
        is_within = x > 0 and x + width < dark.shape[1]
        high, wide = _HIGH_PT, _WIDE_PT
        if is_within and high[0] * scale <= height <= high[1] * scale and wide[0] * scale <= width <= wide[1] * scale:
            return True
    return False


def _dark(piece: Image, scale: float) -> Image:
    """The inside of a cell with its faint print as dark as print usually is."""
    smooth = cv2.GaussianBlur(piece, (0, 0), _SMOOTHED_PT * scale)
    paper, tone = float(np.median(smooth)), float(np.percentile(smooth, _DARKEST))
    return darkened(smooth, paper - _WHITE * (paper - tone))


__all__ = ["with_faint_cells"]
