"""Light print on dark cells: the dark places are turned into paper with dark print on it.

In: a picture as it comes. Out: the same picture, its dark places turned. The heads and totals of tables are often
white on blue or on black; every later step takes what is dark for ink, and such a cell for a blot. A dark place is wide
and high, of one tone, and has light pieces the size of letters in it; photographs have many tones, shaded cells dark
letters. Rules are darker than their cells or lighter, and are ink either way; the outline becomes a rule, because the
border of a dark cell cannot be told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from extract.readers.scan_image import LEAST_SIDE, Image, pieces_of
from extract.readers.scan_level import are_letters

_DARK, _MEAN = 0.75, 0.72  # of the tone of paper: what is dark, and how dark it is all in all
_STROKE_PT = 3.2  # the widest stroke of a light letter
_HIGH_PT, _WIDE_PT = 8.0, 20.0  # the least dark place
_SOLID_PT, _SOLID = 3.5, 0.3  # paper between letters, of the dark place: no stroke of print is as wide
_NEAR_PT, _NEAR = (20.0, 14.0), 0.15  # there is such paper near every dot of a dark place
_EVEN = 26.0  # half of what is dark has its tone within so many
_LIGHT, _CONTRAST = 0.5, 50.0  # a light stroke is beyond half of the way to paper, and that is so many tones at least
_MOST_LIGHT = 0.45  # of a dark place: more is no print
_RULE, _GRAIN = 0.35, 8.0  # a rule is darker than its cell by so much of its tone; less than this is grain
_OUTLINE_PT = 0.8
_BESIDE_PT, _WHOLE = 10.0, 0.9  # an upright rule beside a place, and how much of it is dark
_INK = 30


def turned_dark(picture: Image, scale: float) -> Image:
    """The picture with light print on dark places turned into dark print on paper. `scale` is pixels per point."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture[:, :, :3], cv2.COLOR_BGR2GRAY)
    if min(grey.shape) < LEAST_SIDE:
        return picture
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = float(np.percentile(small, 90))
    least = max(1, round(_HIGH_PT * scale / 8))
    if paper < _CONTRAST or not (cv2.blur(small, (least, least)) < _MEAN * paper).any():
        return picture
    dark = (grey < _DARK * paper).astype(np.uint8)
    solid = cv2.morphologyEx(cv2.medianBlur(dark, 3), cv2.MORPH_OPEN, _box(_SOLID_PT, _SOLID_PT, scale))
    if not solid.any():
        return picture
    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _box(_STROKE_PT, _STROKE_PT, scale))
    near = (max(1, round(_NEAR_PT[0] * scale)), max(1, round(_NEAR_PT[1] * scale)))
    places = whole.copy()
    places[cv2.blur(solid * 255, near) < _NEAR * 255] = 0  # print that touches a dark place and runs together
    places = cv2.morphologyEx(places, cv2.MORPH_OPEN, _box(_WIDE_PT, _HIGH_PT, scale))
    whole &= cv2.morphologyEx(places, cv2.MORPH_CLOSE, _box(_WIDE_PT, _HIGH_PT, scale))  # tight lines have little, too
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, _box(_WIDE_PT, _HIGH_PT, scale))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    out: Image | None = None
    for i in range(1, count):
        x, y, width, height = (int(v) for v in stats[i][:4])
        at = np.s_[y : y + height, x : x + width]
        place = (labels[at] == i).astype(np.uint8)
        if np.count_nonzero(solid[at] & place) < _SOLID * np.count_nonzero(place):
            continue  # a line of bold print, its letters run together
        columns = _rules_beside(dark, (x, y, x + width, y + height), scale)
        turned = _turned(grey[at], dark[at], place, columns, paper, scale)
        if turned is None:
            continue
        out = picture.copy() if out is None else out
        piece = out[at]
        piece[place > 0] = turned[place > 0] if picture.ndim == 2 else turned[place > 0][:, None]
    return picture if out is None else out


def _turned(grey: Image, dark: Image, place: Image, columns: Sequence[int], paper: float, scale: float) -> Image | None:
    """A dark place as paper with dark print; None where there is no light print on it. `columns`: where upright rules
    may go through it."""
    inside = place > 0
    own = inside & (dark > 0)
    low, tone, high = np.percentile(grey[own], (25, 50, 75))
    contrast = paper - float(tone)
    if high - low > _EVEN or contrast < _CONTRAST:
        return None
    light = (inside & (grey > tone + _LIGHT * contrast)).astype(np.uint8)
    enclosed = _enclosed(light, place)
    share = float(enclosed.sum()) / float(inside.sum())
    if not 0 < share <= _MOST_LIGHT or not are_letters(pieces_of(enclosed), scale).any():
        return None
    above = (grey.astype(np.float32) - float(tone)) / contrast
    below = (float(tone) - cv2.blur(grey, (3, 3)) - _GRAIN) / max(1.0, _RULE * float(tone))
    ink = np.clip(np.maximum(np.clip((above - 0.15) / 0.6, 0, 1), np.clip(below, 0, 1)), 0, 1)
    out = (paper - ink * (paper - _INK)).astype(np.uint8)
    thick = max(1, round(_OUTLINE_PT * scale))
    inner = cv2.erode(light, np.ones((3, 3), np.uint8))  # not the edge of the place
    for x in columns:
        if not inner[:, max(0, x - thick) : x + thick + 1].any():  # print goes on over columns
            cv2.line(out, (x, 0), (x, out.shape[0]), _INK, thick)
    contours = cv2.findContours(place, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    cv2.drawContours(out, contours, -1, _INK, thick)
    return out


def _enclosed(light: Image, place: Image) -> Image:
    """The light pieces with dark all round: what reaches the edge of the place is paper beside it."""
    room = cv2.copyMakeBorder(place, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    edge = (cv2.erode(room, np.ones((5, 5), np.uint8))[1:-1, 1:-1] == 0) & (place > 0)
    labels = cv2.connectedComponents(light, connectivity=8)[1]
    outer = np.unique(labels[edge])
    return (light > 0).astype(np.uint8) * ~np.isin(labels, outer)


def _rules_beside(dark: Image, box: tuple[int, int, int, int], scale: float) -> list[int]:
    """The columns, within the place, of upright rules that stand right above or below it: in a black cell they cannot
    be seen."""
    x0, top, x1, bottom = box
    gap, length, widest = (round(v * scale) for v in (2 * _OUTLINE_PT, _BESIDE_PT, _STROKE_PT))
    out: list[int] = []
    for piece in (dark[max(0, top - gap - length) : max(0, top - gap), x0:x1], dark[bottom + gap :, x0:x1][:length]):
        if piece.shape[0] < length:
            continue
        wider = cv2.dilate(piece, np.ones((1, 3), np.uint8))  # a rule that leans by a dot
        full = np.concatenate([[0], (wider.mean(axis=0) > _WHOLE).astype(np.int8), [0]])
        edges = np.flatnonzero(np.diff(full))
        middles = [(int(a) + int(b)) // 2 for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a <= widest]
        out += [x for x in middles if all(abs(x - other) > 2 * widest for other in out)]
    return out


def _box(width: float, height: float, scale: float) -> Any:
    return np.ones((max(1, round(height * scale)), max(1, round(width * scale))), np.uint8)
