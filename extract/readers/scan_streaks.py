"""Streaks of the scanner's glass, dark or white: taken off, and what they cut put together again.

In: a grey page as the scanner saw it, its paper white, not yet turned. Out: the page without streaks, and a picture of
where they stood, dark on paper; nothing for the others, nearly all. Dust on the glass of a feeder leaves a line of one
tone from the first row of the sheet to the last, exactly upright (or level, where sheets lie), a few dots wide. A dark
one is told by that alone. A white one is told by what it cuts: it leaves no ink in its columns, though rules run up to
it on both sides. It turns an 8 into a 3 for all readers alike, so the figures it goes through have to be doubted
(`scan_cover`), however well they are put together. Without rules a white one is not seen: where lines of print begin
with the same words, the paper between two letters goes through all of them as well.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import cv2
import numpy as np

Image: TypeAlias = Any

_PAPER = 255
_DARK, _INK, _SEEN = 215, 160, 205  # tones: of a dark streak, of dark ink, of any ink
_WHOLE, _BESIDE = 0.97, 0.5  # of the height: what a dark streak covers, and what stands beside one at most
_NO_INK = 0.002  # of the height: crumbs
_WIDEST_PT, _MOST = 3.0, 3  # more of them are a pattern, or print of one width
_EDGE = 0.01  # of the width: what runs along the edge is its shadow
_SOFT = 2  # dots beside a streak that are partly of it
_ALONG_PT, _BEYOND_PT = (
    14.0,
    14.0,
)  # a rule, not a word, runs on as far on both sides; a dark streak as far beyond all rules
_CUT, _RULES, _MOSTLY = 0.5, 3, 0.9  # of the tone of a rule where it is cut; so many are cut, and nearly all


def without_streaks(grey: Image, scale: float) -> tuple[Image, Image | None]:
    """The page without its streaks, and where they stood; None where there are none."""
    found: Image | None = None
    for is_level in (False, True):
        page = cv2.transpose(grey) if is_level else grey
        bands = [*_dark(page, scale), *_white(page, scale)]
        if not 0 < len(bands) <= _MOST:
            continue
        where: Image = np.full(page.shape, _PAPER, np.uint8)
        page = page.copy()
        for start, end in bands:
            page[:, start:end] = _filled(page, start, end)
            where[:, start:end] = 0
        grey, where = (cv2.transpose(p) if is_level else p for p in (page, where))
        found = where if found is None else cv2.min(found, where)
    return grey, found


def _filled(page: Image, start: int, end: int) -> Image:
    """What belongs in the columns of a streak: from what stands on its left to what stands on its right."""
    left, right = (page[:, x : x + 1].astype(np.float32) for x in (start - 1, end))
    share = (np.arange(end - start) + 1) / (end - start + 1)
    return np.rint(left + (right - left) * share[None, :]).astype(np.uint8)


def _bands(columns: Any, scale: float) -> list[tuple[int, int]]:
    """First and last column (not included) of each narrow group of columns, away from the edges."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], columns.astype(np.int8), [0]])))
    edge = max(16, round(_EDGE * len(columns)))
    widest = max(2, round(_WIDEST_PT * scale))
    bands = [(int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return [(a, b) for a, b in bands if b - a <= widest and a >= edge and b <= len(columns) - edge]


def _share(grey: Image, tone: int) -> Any:
    """How much of each column is darker than a tone."""
    return cv2.reduce((grey < tone).astype(np.uint8), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() / grey.shape[0]


def _dark(page: Image, scale: float) -> list[tuple[int, int]]:
    share = _share(page, _DARK)
    out = []
    for start, end in _bands(share >= _WHOLE, scale):
        if max(share[start - 2 * _SOFT], share[end + 2 * _SOFT - 1]) > _BESIDE:
            continue
        rules = _rules_over(page, start, end, scale)
        beyond = round(_BEYOND_PT * scale)
        if not rules or (rules[0][0] >= beyond and rules[-1][1] <= page.shape[0] - beyond):
            out.append((start, end))
    return out


def _white(page: Image, scale: float) -> list[tuple[int, int]]:
    out = []
    for start, end in _bands(_share(page, _INK) <= _NO_INK, scale):
        rules = _rules_over(page, start, end, scale)
        n_cut = sum(cut for _, _, cut in rules)
        if n_cut >= _RULES and n_cut >= _MOSTLY * len(rules):
            rows = page[rules[0][0] : rules[-1][1]]
            beside = max(_share(rows[:, x : x + 2 * _SOFT], _SEEN).max() for x in (start - 2 * _SOFT, end))
            if beside <= _BESIDE:  # between the two lines of a double rule there is no ink either
                out.append((start, end))
    return out


def _rules_over(page: Image, start: int, end: int, scale: float) -> list[tuple[int, int, bool]]:
    """First and last row of each level rule on both sides of a band, and whether it is cut there."""
    along = round(_ALONG_PT * scale)
    piece = page[:, max(0, start - _SOFT - along) : end + _SOFT + along]
    if piece.shape[1] < end - start + 2 * (along + _SOFT):
        return []
    low = cv2.erode(piece, np.ones((5, 1), np.uint8))  # of a page that is askew, a rule climbs a dot or two
    left, right, band = low[:, :along], low[:, -along:], low[:, along + _SOFT : -along - _SOFT]
    is_rule = (left.max(axis=1) < _SEEN) & (right.max(axis=1) < _SEEN)
    out = []
    for a, b in _runs(is_rule):
        sides = _PAPER - (float(left[a:b].mean()) + float(right[a:b].mean())) / 2
        out.append((a, b, _PAPER - float(band[a:b].max(axis=1).mean()) < _CUT * sides))
    return out


def _runs(rows: Any) -> list[tuple[int, int]]:
    ends = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]
