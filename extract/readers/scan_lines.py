"""Ruling lines of a scanned page: found, and taken away for the sake of the text.

In: a clean grey page. Out: `Edge`s in points, and the page without them. Long thin runs of ink are lines
(morphological opening along the line); pieces in one place are joined over gaps, because scanned rules
are broken and faint; text that crosses a line keeps its strokes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from extract.page import Edge
from extract.readers.scan_cover import room_of, streaks_of
from extract.readers.scan_image import PAPER, Image, PagePicture, bands, without_grain
from extract.readers.scan_mended import are_broken, mended

SOLID_PT, UPRIGHT_PT = 28.0, 14.0  # a solid run as long as no straight stroke of a letter is
BROKEN_PT, HOLE_PT = 40.0, 3.0  # a broken rule, and the holes in it
THICKEST_PT = 3.0
THICK_FRAME_PT, LONG_PT = 6.0, 100.0  # a rule as long as that may be thicker: no letter is
LETTER_LEAST_PT = 4.0  # the height of a letter without any
LETTER_PT = 16.0  # the height of a letter with its marks
_LOW_ROW_PT = 24.0  # a row of one line
GAP_PT = 10.0  # a rule broken by less is one rule
_WHOLE, _HALF_LETTER = 0.97, 0.9  # how much of a row a rule covers, and how much a letter may
_FAINT, _DARK, _STROKE = 205, 150, 110
_AS_SOLID = 0.85  # of the solidity of the page's longest rule: letters one below the other have paper between them
_ALONG_PT = 8.0  # a dark run along a rule that is longer than the bowl of a letter
_DOT_PT, _OVER_DOT_PT = (0.8, 2.4), 4.0  # the dot below a letter, and how far below it stands
_Run = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ruling:
    """`edges` in points; `erased` the page without them; `streaks`: where some stood that are no rules."""

    edges: tuple[Edge, ...]
    erased: Image
    streaks: Image | None = None


def find_rules(page: PagePicture) -> Ruling:
    """The rules of a page. Cost: a handful of passes over the picture."""
    scale = page.scale
    ink = cv2.threshold(page.grey, _FAINT, 255, cv2.THRESH_BINARY_INV)[1]
    across, across_mask = _pieces(ink, scale, is_horizontal=True)
    down, down_mask = _pieces(ink, scale, is_horizontal=False)
    if are_broken(across, down):
        (across, across_mask), (down, down_mask) = mended(
            ink, (across, across_mask), (down, down_mask), scale, partial(_short_pieces, scale=scale)
        )
    level, upright = joined(across), joined(down)
    streaks = streaks_of(level, upright, page)
    level, upright = ([edge for edge in edges if edge not in streaks] for edges in (level, upright))
    upright = trimmed(_lasting(_unlettered(upright, level, ink, scale), page.grey, scale), level)
    room, over = _room_of(upright, down_mask, scale), None
    if streaks:
        rooms = room_of(streaks, ink.shape, scale, THICKEST_PT)
        room |= rooms[1]
        over = cv2.bitwise_or(across_mask & rooms[0], down_mask & rooms[1])
    if page.streaks is not None:
        own = cv2.threshold(page.streaks, _DARK, 255, cv2.THRESH_BINARY_INV)[1]
        over = own if over is None else cv2.bitwise_or(over, own)
    down_mask = cv2.bitwise_and(down_mask, room)
    erased = without_grain(_erase(page.grey, (across_mask, down_mask), scale))
    return Ruling((*level, *upright), erased, over)


def _pieces(ink: Image, scale: float, *, is_horizontal: bool) -> tuple[list[Edge], Image]:
    """Solid runs, and broken ones whose flanks are empty: a row of letters is never that."""
    if not is_horizontal:
        ink = cv2.transpose(ink)
    # A level rule still climbs a pixel now and then: thicken across first, so that a run is not cut there.
    thickened = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    solid = _opened(thickened, (SOLID_PT if is_horizontal else UPRIGHT_PT) * scale)
    gaps = cv2.morphologyEx(thickened, cv2.MORPH_CLOSE, np.ones((1, max(3, round(HOLE_PT * scale))), np.uint8))
    broken = _opened(gaps, BROKEN_PT * scale)
    out, found = _runs(solid, ink, scale, is_broken=False)
    more, also = _runs(broken, ink, scale, is_broken=True)
    found = cv2.bitwise_or(found, also)
    edges = [Edge(is_horizontal, *(v / scale for v in run)) for run in (*out, *more)]
    return edges, found if is_horizontal else cv2.transpose(found)


def _short_pieces(ink: Image, hole: float, length: float, scale: float) -> tuple[list[Edge], Image]:
    """Thin level pieces of at least `length` points, holes of `hole` points closed, with empty flanks."""
    thickened = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(thickened, cv2.MORPH_CLOSE, np.ones((1, max(3, round(hole * scale))), np.uint8))
    runs, found = _runs(_opened(closed, length * scale), ink, scale, is_broken=True)
    return [Edge(True, *(v / scale for v in run)) for run in runs], found


def _opened(ink: Image, length: float) -> Image:
    return cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, max(8, round(length))), np.uint8))


def _runs(opened: Image, ink: Image, scale: float, *, is_broken: bool) -> tuple[list[_Run], Image]:
    """Place, start and end of each thin run in pixels, and a picture of them."""
    thick = max(3, round(THICKEST_PT * scale))
    found = np.zeros_like(opened)
    out = []
    for top, bottom in bands(opened):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(opened[top:bottom], connectivity=8)
        for i in range(1, count):
            x, y, w, h, area = (int(v) for v in stats[i])
            most = thick if is_broken or w < LONG_PT * scale else max(thick, round(THICK_FRAME_PT * scale))
            if area / max(1, w) > most + 2 or h > most + 2 + 0.02 * w:
                continue
            if is_broken and not _has_empty_flanks(ink, x, top + y, w, h):
                continue
            own = labels[y : y + h, x : x + w] == i
            found[top + y : top + y + h, x : x + w][own] = 255
            out.append((top + y + h / 2, float(x), float(x + w)))
    return out, found


def _has_empty_flanks(ink: Image, x: int, y: int, w: int, h: int) -> bool:
    above = ink[max(0, y - 3) : max(1, y - 1), x : x + w]
    below = ink[y + h + 1 : y + h + 3, x : x + w]
    return all(side.size == 0 or np.count_nonzero(side) < 0.12 * side.size for side in (above, below))


def joined(pieces: list[Edge]) -> list[Edge]:
    """Pieces in one place with small gaps between them as one rule."""
    out: list[Edge] = []
    for piece in sorted(pieces, key=lambda e: (e.start, e.pos)):
        best = -1
        for i in range(len(out) - 1, max(-1, len(out) - 60), -1):
            last = out[i]
            if abs(last.pos - piece.pos) < 1.6 and piece.start - last.end < GAP_PT:
                best = i
                break
        if best < 0:
            out.append(piece)
        elif piece.end > out[best].end:
            a, b = out[best].end - out[best].start, piece.end - piece.start
            pos = (out[best].pos * a + piece.pos * b) / (a + b)
            out[best] = out[best]._replace(pos=pos, end=piece.end)
    return out


def _room_of(upright: Sequence[Edge], mask: Image, scale: float) -> Image:
    """Where upright rules may be erased: what was taken for one and is a letter stays on the page."""
    room = np.zeros_like(mask)
    reach = round(THICKEST_PT * scale)
    for rule in upright:
        x, top, bottom = (round(v * scale) for v in (rule.pos, rule.start, rule.end))
        room[max(0, top - 2) : bottom + 3, max(0, x - reach) : x + reach + 1] = 255
    return room


def _unlettered(down: Sequence[Edge], across: Sequence[Edge], ink: Image, scale: float) -> list[Edge]:
    """Upright rules without the rows at their ends where only the stroke of a letter stands in their line.

    Small holes are closed before rules are looked for, so the `h` of a header goes on with the rule below it. A rule
    covers its row from one horizontal rule to the next, a letter does not.
    """
    out = []
    for rule in down:
        x = round(rule.pos * scale)
        line = ink[:, max(0, x - 2) : x + 3].any(axis=1)
        ys = sorted(
            h.pos for h in across if h.start - 3 <= rule.pos <= h.end + 3 and rule.start - 3 <= h.pos <= rule.end + 3
        )
        rows = list(pairwise(ys))
        cover = [float(line[round(a * scale) : round(b * scale)].mean()) if b - a > 2 else 1.0 for a, b in rows]
        if len(rows) > 1 and float(np.median(cover)) > _WHOLE:
            while len(rows) > 1 and cover[0] < _HALF_LETTER:
                rows, cover = rows[1:], cover[1:]
                rule = rule._replace(start=rows[0][0])
            while len(rows) > 1 and cover[-1] < _HALF_LETTER:
                rows, cover = rows[:-1], cover[:-1]
                rule = rule._replace(end=rows[-1][1])
        out.append(rule)
    return out


def _lasting(down: Sequence[Edge], grey: Image, scale: float) -> list[Edge]:
    """Upright rules that stand in more than one low row, or are as solid as the longest one: the `T` of a name fills
    its row from rule to rule, alone, and with the `t` below it even a row of two lines."""
    longest = max(down, key=lambda rule: rule.end - rule.start, default=None)
    if longest is None:
        return []
    length = longest.end - longest.start
    least = _AS_SOLID * _solidity(longest, grey, scale)
    out = []
    for rule in down:
        there = sum(other.end - other.start for other in down if abs(other.pos - rule.pos) < THICKEST_PT)
        is_low = there <= _LOW_ROW_PT and length >= 2 * _LOW_ROW_PT
        is_loose = there <= 0.5 * length and _solidity(rule, grey, scale) < least
        if not is_low and not is_loose:
            out.append(rule)
    return out


def _solidity(rule: Edge, grey: Image, scale: float) -> float:
    """The share of an upright rule's height at which there is dark ink."""
    x, top, bottom = (round(v * scale) for v in (rule.pos, rule.start, rule.end))
    dark = (grey[top:bottom, max(0, x - 1) : x + 2] < _DARK).any(axis=1)
    return float(dark.mean()) if dark.size else 0.0


def _places(positions: Iterable[float]) -> list[float]:
    """Positions in order, those of one rule once."""
    out: list[float] = []
    for y in sorted(positions):
        if not out or y - out[-1] > THICKEST_PT:
            out.append(y)
    return out


def trimmed(down: Sequence[Edge], across: Sequence[Edge]) -> list[Edge]:
    """Upright rules without the strokes of letters that touch their ends.

    Rules end on rules. One that goes on by less than a letter's height past the last rule it meets, while most of its
    neighbours end there, has run into a letter; where most go on, the row has no border there.
    """
    out = list(down)
    for is_start in (True, False):
        over: dict[int, list[int]] = {}
        meeting: Counter[int] = Counter()
        for i, rule in enumerate(out):
            met = [k for k, h in enumerate(across) if h.start - 3 <= rule.pos <= h.end + 3]
            meeting.update(k for k in met if rule.start - 3 <= across[k].pos <= rule.end + 3)
            inside = [k for k in met if rule.start - 3 <= across[k].pos <= rule.end + 3]
            if not inside:
                continue
            pick = min if is_start else max
            k = pick(inside, key=lambda n: across[n].pos)
            beyond = across[k].pos - rule.start if is_start else rule.end - across[k].pos
            if 3 < beyond <= LETTER_PT:
                over.setdefault(k, []).append(i)
        for k, rules in over.items():
            if 2 * len(rules) < meeting[k]:
                for i in rules:
                    pos = across[k].pos
                    out[i] = out[i]._replace(start=pos) if is_start else out[i]._replace(end=pos)
    return out


def _erase(grey: Image, masks: tuple[Image, Image], scale: float) -> Image:
    """The page without its rules. Strokes that reach into a rule from outside keep their ends."""
    erased = grey.copy()
    if not any(map(cv2.countNonZero, masks)):
        return erased
    wide = [cv2.dilate(mask, np.ones((3, 3), np.uint8)) for mask in masks]
    both = cv2.bitwise_or(*wide) > 0
    erased[both] = PAPER
    strokes = np.where(both, 0, (grey < _STROKE).astype(np.uint8))
    reach = 2 * max(2, round(scale)) + 1
    for mask, kernel in zip(wide, ((reach, 1), (1, reach)), strict=True):
        touched = (cv2.dilate(strokes, np.ones(kernel, np.uint8)) > 0) & (mask > 0)
        erased[touched] = grey[touched]
    rows, columns = _bowls(grey, wide[0], strokes, scale)
    erased[rows, columns] = grey[rows, columns]
    return _without_specks(erased, both, scale)


def _bowls(grey: Image, across: Image, strokes: Image, scale: float) -> tuple[Any, Any]:
    """Rows and columns of dark strokes, within what is erased of a horizontal rule, of a letter above it: the bowl
    of a `g`, which in a low row stands on the rule. Without it `xong` reads as `xonq`."""
    dark = np.where(across > 0, (grey < _STROKE).astype(np.uint8), 0)
    along = cv2.dilate(_opened(dark, _ALONG_PT * scale), np.ones((3, 1), np.uint8))
    short = (dark > 0) & (along == 0)
    both = strokes | short
    rows, columns = [np.zeros(0, int)], [np.zeros(0, int)]
    for top, bottom in bands(both):
        own_rows, own_columns = np.nonzero(short[top:bottom])
        if not own_rows.size:
            continue
        count, labels, stats, _ = cv2.connectedComponentsWithStats(both[top:bottom], connectivity=8)
        own = labels[own_rows, own_columns]
        area = stats[:, cv2.CC_STAT_AREA]
        outside = area - np.bincount(own, minlength=count)
        is_letter = (stats[:, cv2.CC_STAT_HEIGHT] >= LETTER_LEAST_PT * scale) & (outside > 0.6 * area)
        rows.append(top + own_rows[is_letter[own]])
        columns.append(own_columns[is_letter[own]])
    return np.concatenate(rows), np.concatenate(columns)


def _without_specks(erased: Image, rules: Image, scale: float) -> Image:
    """Crumbs of rules: flat pieces of ink right beside where a rule was."""
    near = cv2.dilate(rules.astype(np.uint8), np.ones((7, 7), np.uint8))
    ink = (erased < _FAINT).astype(np.uint8)
    flat = max(3, round(1.3 * scale))
    out = erased.copy()
    for top, bottom in bands(ink):
        crumbs = np.nonzero(ink[top:bottom] & near[top:bottom])
        if not crumbs[0].size:
            continue
        count, labels, stats, _ = cv2.connectedComponentsWithStats(ink[top:bottom], connectivity=8)
        inside = np.bincount(labels[crumbs], minlength=count)
        sizes, w, h = stats[:, cv2.CC_STAT_AREA], stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        gone = (inside >= 0.9 * sizes) & (np.minimum(w, h) <= flat)
        for i in np.flatnonzero(gone[1:]) + 1:
            x, y, across, down, area = (int(v) for v in stats[i])
            y += top
            if not _is_dot(erased, (x, y, across, down, area), scale):
                own = labels[y - top : y - top + down, x : x + across] == i
                out[y : y + down, x : x + across][own] = PAPER
    return out


def _is_dot(erased: Image, stats: Sequence[int], scale: float) -> bool:
    """Is this crumb the dot below a letter (`ị`, `ậ`), which in a low row stands right above a rule?

    It is dark, as wide as it is high, and the letter stands over it; a crumb of a rule is flat or pale.
    """
    x, y, w, h, area = (int(v) for v in stats)
    if min(w, h) < _DOT_PT[0] * scale or max(w, h) > _DOT_PT[1] * scale or max(w, h) > 1.7 * min(w, h):
        return False
    if area < 0.6 * w * h or int(erased[y : y + h, x : x + w].min()) > _STROKE:
        return False
    above = erased[max(0, y - round(_OVER_DOT_PT * scale)) : max(0, y - 1), x : x + w]
    return bool((above < _STROKE).any())
