"""The first look at a page: what on it is print, before anything is paid for reading it.

In: the clean page, and the page without its rules. Out: the letters, with how surely they are print, and the places of
photographs. No reader is asked. Pieces of ink the size of letters make nine tenths of the ink of text, tables and
signatures, and three in four stand in a line; on photographs and drawings they make less than a quarter. So
a photograph is taken off before the page is read, only print that was read badly is asked for its orientation,
and a page without print costs a twentieth of a reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.model import BBox
from extract.page import Edge
from extract.readers.scan_image import PAPER, PagePicture, pieces_of
from extract.readers.scan_level import are_letters, boxes_of
from extract.readers.scan_lines import Ruling
from extract.readers.scan_words import INK

_TONED = 0.85  # of the tone of paper: between the lines of print there is paper
_ROUGH, _ROUGH_SHARE = 0.06, 0.25  # of the tone of paper, from one place to the next: a shadow is smooth
_CLOSED_PT, _LEAST_PT = 60.0, 100.0  # the bright places within a photograph, and its least side
_INK_SHARE, _PRINT_A_POINT = 0.3, 0.00005  # letters of the ink, letters in lines per square point: print has more
_PASSED_OVER = 8  # letters in lines of which none was read
_MANY = 200  # so many letters are print, whether they stand in lines or not
_LINE = 3  # so many letters side by side are a line
_ON_LINE_PT, _NEXT_PT = 1.2, 5.0
_ENOUGH, _MOSTLY = 50, 0.5  # Tesseract needs so many letters to tell an orientation


class Look(NamedTuple):
    """`letters`: left, top, right, bottom of each in pixels; `share`: of the ink, that is letters; `photographs`:
    places that were taken off the page, in points; `n_in_lines`: letters beside them that stand in lines."""

    letters: Any
    share: float
    photographs: tuple[BBox, ...] = ()
    n_in_lines: int = 0

    @property
    def is_worth_reading(self) -> bool:
        """Is there anything besides photographs?"""
        return not self.photographs or self.n_in_lines >= _LINE

    def is_passed_over(self, has_words: bool) -> bool:
        """Is there print, of which no word was read?"""
        return not has_words and not self.photographs and self.n_in_lines >= _PASSED_OVER

    @property
    def is_print(self) -> bool:
        """Is it worth asking which way up this print stands?"""
        return len(self.letters) >= _ENOUGH and self.share >= _MOSTLY


NOTHING = Look(np.zeros((0, 4), np.int32), 0.0)


def look_at(page: PagePicture, ruling: Ruling) -> tuple[Look, Ruling]:
    """What stands on a page, and its rules and the picture without them, both without the photographs."""
    pieces = pieces_of((ruling.erased < INK).astype(np.uint8))
    is_letter = are_letters(pieces, page.scale)
    photographs = _photographs(page, pieces, is_letter)
    if photographs:
        erased, edges = ruling.erased.copy(), ruling.edges
        for box in photographs:
            x0, top, x1, bottom = (max(0, round(v * page.scale)) for v in (box.x0, box.top, box.x1, box.bottom))
            erased[top:bottom, x0:x1] = PAPER
            edges = tuple(edge for edge in edges if not _crosses(edge, box))
        ruling = replace(ruling, edges=edges, erased=erased)
        pieces = pieces_of((erased < INK).astype(np.uint8))
        is_letter = are_letters(pieces, page.scale)
    area = pieces[:, cv2.CC_STAT_AREA]
    share = float(area[is_letter].sum()) / max(1.0, float(area.sum()))
    letters = boxes_of(pieces[is_letter])
    is_asked = bool(photographs) or len(letters) < _MANY
    n_in_lines = len(in_lines(letters, page.scale)) if is_asked else len(letters)
    return Look(letters, share, photographs, n_in_lines), ruling


def _crosses(edge: Edge, box: BBox) -> bool:
    """Does a rule stand in the box by half or more?"""
    low, high, start, end = (
        (box.top, box.bottom, box.x0, box.x1) if edge.is_horizontal else (box.x0, box.x1, box.top, box.bottom)
    )
    return low <= edge.pos <= high and 2 * (min(end, edge.end) - max(start, edge.start)) > edge.end - edge.start


def _photographs(page: PagePicture, pieces: Any, is_letter: Any) -> tuple[BBox, ...]:
    """The places of photographs. There is no paper between the strokes of one, its tone changes from place to place,
    and what ink there is is no print. A shaded cell and the shadow over a page are smooth or hold print."""
    if page.bright is None:
        return ()
    bright = page.bright.astype(np.float32) / max(1.0, float(np.percentile(page.bright, 90)))
    toned = (bright < _TONED).astype(np.uint8)
    step = page.grey.shape[1] / bright.shape[1]  # pixels a place
    across = max(1, round(_CLOSED_PT * page.scale / step))
    least = _LEAST_PT * page.scale / step
    if not toned.any():  # nearly every page
        return ()
    square = np.ones((across, across), np.uint8)
    room = cv2.copyMakeBorder(toned, *(across,) * 4, cv2.BORDER_CONSTANT, value=0)
    room = cv2.morphologyEx(cv2.morphologyEx(room, cv2.MORPH_CLOSE, square), cv2.MORPH_OPEN, square)
    toned = room[across:-across, across:-across]
    kernel = np.ones((3, 3), np.uint8)
    rough = cv2.dilate(bright, kernel) - cv2.erode(bright, kernel) > _ROUGH
    count, labels, stats, _ = cv2.connectedComponentsWithStats(toned, connectivity=8)
    lines: Any = None
    out = []
    for i in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[i])
        if min(width, height) < least or rough[labels == i].mean() < _ROUGH_SHARE or area < 0.5 * width * height:
            continue
        if lines is None:
            lines = in_lines(boxes_of(pieces[is_letter]), page.scale)
        # what is bright was widened by two places on each side (`brightness`)
        x0, top, x1, bottom = (v * step for v in (x - 2, y - 2, x + width + 2, y + height + 2))
        inside = _within(boxes_of(pieces), x0, top, x1, bottom)
        ink = pieces[:, cv2.CC_STAT_AREA]
        letters = float(ink[inside & is_letter].sum())
        n_lines = np.count_nonzero(_within(lines, x0, top, x1, bottom))
        most = _PRINT_A_POINT * (x1 - x0) * (bottom - top) / page.scale**2
        if letters > _INK_SHARE * float(ink[inside].sum()) or n_lines > most:
            continue
        out.append(BBox(*(max(0.0, v / page.scale) for v in (x0, top, x1, bottom))))
    return tuple(sorted(out, key=lambda box: (box.top, box.x0)))


def _within(boxes: Any, x0: float, top: float, x1: float, bottom: float) -> Any:
    """Which boxes have their middle in a place."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return (x0 <= x) & (x < x1) & (top <= y) & (y < bottom)


def in_lines(letters: Any, scale: float) -> Any:
    """The letters that stand on one base line with two others right beside them."""
    letters = letters[np.argsort(letters[:, 0], kind="stable")]
    x0, top, x1, bottom = letters.T / scale
    height = bottom - top
    following = np.full(len(letters), -1)
    for i in range(len(letters)):
        after = slice(i + 1, int(np.searchsorted(x0, x1[i] + _NEXT_PT)))
        fits = (np.abs(bottom[after] - bottom[i]) < _ON_LINE_PT) & (x0[after] > x1[i] - 1.5)
        fits &= (height[after] < 2 * height[i]) & (height[i] < 2 * height[after])
        near = np.flatnonzero(fits)
        if near.size:
            following[i] = i + 1 + near[0]
    length = np.ones(len(letters), int)
    for i in range(len(letters) - 1, -1, -1):
        if following[i] >= 0:
            length[i] += length[following[i]]
    stands = np.zeros(len(letters), bool)
    for i in range(len(letters)):
        stands[i] |= length[i] >= _LINE
        if stands[i] and following[i] >= 0:
            stands[following[i]] = True
    return letters[stands]
