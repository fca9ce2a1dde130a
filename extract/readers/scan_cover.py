"""What lies over the print: streaks of the scanner, folds, holes and blots. Taken for no rules; the cells they touch
are said.

In: the strokes of a page that look like rules, its picture, its grids. Out: the strokes that are none, and the grids
whose touched cells carry a reading of nothing. A streak or a fold runs over the sheet from edge to edge, where rules
end with their table: taken for one it parts a column in two and the whole table is lost. A hole or a blot is solid and
wider than any stroke of print. What is printed below may be read alike by all readers, and wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from extract.model import COVER, BBox, Grid, Reading
from extract.page import Edge
from extract.readers.scan_image import Image, PagePicture
from extract.readers.scan_words import INK

_OVER_ALL = 0.93  # of the page: margins make rules shorter
_BEYOND_PT = 14.0  # over the last rule of a table
_MOST = 3  # so many streaks at most; more are columns
_LEANS = 0.02  # of its length: how far a streak may stand aside of its middle
_BLOT_PT = 4.5  # wider than any stroke of print
_TOUCHED_PT = 1.5  # print as near to what covers as that may be part of it
_MOSTLY, _NEAR_PT, _COLUMNS = 0.8, 6.0, 3  # of a table's height, from its side, rules that part its columns
_ENOUGH = 0.1  # square points of print


def streaks_of(level: Sequence[Edge], upright: Sequence[Edge], page: PagePicture) -> list[Edge]:
    """The strokes that run over the page from edge to edge, beyond all they cross."""
    out: list[Edge] = []
    for own, other, length in ((level, upright, page.width), (upright, level, page.height)):
        found = [edge for edge in own if edge.end - edge.start >= _OVER_ALL * length and _goes_beyond(edge, other)]
        if len(found) <= _MOST:
            out += found
    return out


def _goes_beyond(edge: Edge, others: Sequence[Edge]) -> bool:
    met = [e.pos for e in others if e.start - 3 <= edge.pos <= e.end + 3 and edge.start - 3 <= e.pos <= edge.end + 3]
    return not met or (edge.start < min(met) - _BEYOND_PT and edge.end > max(met) + _BEYOND_PT)


def room_of(streaks: Sequence[Edge], shape: tuple[int, ...], scale: float, reach: float) -> tuple[Image, Image]:
    """Where level and upright streaks stand, `reach` points to both sides."""
    rooms = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for edge in streaks:
        aside = reach + _LEANS * (edge.end - edge.start) / 2
        low, high = max(0, round((edge.pos - aside) * scale)), round((edge.pos + aside) * scale) + 1
        if edge.is_horizontal:
            rooms[0][low:high] = 255
        else:
            rooms[1][:, low:high] = 255
    return rooms


def blots(page: PagePicture) -> Image:
    """Where ink is solid and wider than a stroke of print, and a hair round it."""
    ink = (page.grey < INK).astype(np.uint8)
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _square(_BLOT_PT * page.scale))
    return cv2.dilate(solid, _square(page.scale)) if solid.any() else solid


def with_covered(
    grids: Sequence[Grid], page: PagePicture, erased: Image, streaks: Image | None
) -> tuple[list[Grid], bool]:
    """The grids, cells that something lies over with a reading of nothing; and whether a blot lies over one of them.
    `streaks` is where there were some, taken off the page already."""
    blot = blots(page)
    if streaks is None and not any(_touches(blot, grid.bbox, page.scale) for grid in grids):
        return list(grids), False
    cover = blot if streaks is None else cv2.bitwise_or(blot, streaks)
    print_only = ((erased < INK) & (blot == 0)).astype(np.uint8)
    near = cv2.dilate(cover, _square(2 * _TOUCHED_PT * page.scale))
    least = _ENOUGH * page.scale**2
    out, has_blot = [], False
    for grid in grids:
        cells = []
        for cell in grid.cells:
            at = _at(cell.bbox, page.scale)
            is_blotted = at is not None and bool(np.count_nonzero(blot[at]) > least)
            has_blot |= is_blotted
            if at is not None and (is_blotted or np.count_nonzero(near[at] & print_only[at]) > least):
                cell = replace(cell, readings=(*cell.readings, Reading("", 0.0, COVER)))
            cells.append(cell)
        out.append(replace(grid, cells=tuple(cells)))
    return out, has_blot


def with_cut(grids: Sequence[Grid], edges: Sequence[Edge]) -> tuple[list[Grid], bool]:
    """The grids, figures of a column that the edge of the sheet cut with a reading of nothing; and whether one was cut.

    A table that is ruled on one side and open on the other was not printed so: the picture ends within it.
    """
    out, is_cut = [], False
    for grid in grids:
        side = _open_side(grid, [edge for edge in edges if not edge.is_horizontal])
        if side is not None:
            is_cut = True
            column = grid.n_cols - 1 if side else 0
            nothing = Reading("", 0.0, COVER)
            cells = [
                replace(c, readings=(*c.readings, nothing)) if c.col + c.col_span - 1 == column else c
                for c in grid.cells
            ]
            grid = replace(grid, cells=tuple(cells))
        out.append(grid)
    return out, is_cut


def _open_side(grid: Grid, upright: Sequence[Edge]) -> int | None:
    """0 or 1 where the table is open on its left or right side alone; None for all others."""
    box = grid.bbox
    if box is None:
        return None
    own = [e for e in upright if min(e.end, box.bottom) - max(e.start, box.top) >= _MOSTLY * (box.bottom - box.top)]
    is_ruled = [any(abs(e.pos - x) < _NEAR_PT for e in own) for x in (box.x0, box.x1)]
    if len(own) < _COLUMNS or all(is_ruled) or not any(is_ruled):
        return None
    return int(is_ruled[0])


def _at(box: BBox | None, scale: float) -> Any:
    if box is None:
        return None
    return np.s_[round(box.top * scale) : round(box.bottom * scale), round(box.x0 * scale) : round(box.x1 * scale)]


def _touches(mask: Image, box: BBox | None, scale: float) -> bool:
    at = _at(box, scale)
    return at is not None and bool(mask[at].any())


def _square(side: float) -> Any:
    return np.ones((max(1, round(side)),) * 2, np.uint8)


__all__ = ["COVER", "blots", "room_of", "streaks_of", "with_covered", "with_cut"]
