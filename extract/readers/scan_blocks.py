"""Blocks that stand side by side, read one after the other: letterheads, signatures, columns without rules.

In: a page without its rules, the places of its ruled tables. Out: the same page set anew for Tesseract, the halves of a
letterhead one below the other, the columns of a table without rules likewise, and the way back for the words. Read
across, the lines of one half spoil those of the other wherever their base lines differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from extract.readers.scan_columns import Part, Region, regions_of
from extract.readers.scan_image import PAPER, Image
from extract.readers.scan_tesseract import OcrWord
from extract.readers.scan_words import INK

_GUTTER_PT, _LEAST_PT, _STEP_PT = 9, 26, 3
MOST_ROWS = 32_000  # Tesseract takes no picture of more


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows `top` to `bottom` and columns `x0` to `x1` of the page, set at row `at`."""

    top: int
    bottom: int
    x0: int
    x1: int
    at: int


def set_anew(
    page: Image, scale: float, tables: Sequence[tuple[float, float]], ink: Image
) -> tuple[Image, tuple[Piece, ...], list[Region]]:
    """The page in reading order, its pieces, and the tables without rules that were found. `tables` are (top,
    bottom) of the ruled ones in points: nothing is cut there. `ink` is the page's `ink_map`."""
    height, width = page.shape
    regions = regions_of(ink, tables)
    places = [(r.top, r.bottom, list(r.parts)) for r in regions]
    ruled = [*tables, *((float(top), float(bottom)) for top, bottom, _ in places)]
    bands = [
        (top, bottom, [Part(top, bottom, 0, middle, 0), Part(top, bottom, middle, ink.shape[1] + 1, 1)])
        for top, bottom, middle in side_by_side(ink, ruled)
    ]
    if not bands and not places:
        return page, (Piece(0, height, 0, width, 0),), regions
    pieces: list[Piece] = []
    at = done = 0
    for top_pt, bottom_pt, parts in sorted([*bands, *places], key=lambda band: band[0]):
        top, bottom = round(top_pt * scale), min(height, round(bottom_pt * scale))
        if top > done:
            pieces.append(Piece(done, top, 0, width, at))
            at += top - done
        for group in sorted({part.group for part in parts}):
            own = [part for part in parts if part.group == group]
            for part in own:
                a, b = (max(done, min(height, round(y * scale))) for y in (part.top, part.bottom))
                x0, x1 = round(part.x0 * scale), min(width, round(part.x1 * scale))
                if b > a and x1 > x0:
                    pieces.append(Piece(a, b, x0, x1, at + max(0, a - top)))
            at += bottom - top
        done = max(done, bottom)
    if height > done:
        pieces.append(Piece(done, height, 0, width, at))
        at += height - done
    if at > MOST_ROWS:  # lines of a page on its side pass for columns by the dozen
        return page, (Piece(0, height, 0, width, 0),), []
    out = np.full((at, width), PAPER, np.uint8)
    for p in pieces:
        out[p.at : p.at + p.bottom - p.top, p.x0 : p.x1] = page[p.top : p.bottom, p.x0 : p.x1]
    return out, tuple(pieces), regions


def back(words: Sequence[OcrWord], pieces: Sequence[Piece]) -> list[OcrWord]:
    """Words of the page set anew, at their places on the page."""
    out = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        level = [p for p in pieces if p.at <= y < p.at + p.bottom - p.top]
        piece = next((p for p in level if p.x0 <= x < p.x1), level[-1] if level else pieces[-1])
        shift = piece.top - piece.at
        out.append(word._replace(top=max(0, word.top + shift), bottom=word.bottom + shift))
    return out


def ink_map(page: Image, scale: float) -> Image:
    """Ink by points: one cell of the map is one point square of the page."""
    sums = cv2.integral((page < INK).astype(np.uint8))
    rows, columns = (_starts(length, scale) for length in page.shape)
    cells = np.diff(np.diff(sums[rows][:, columns], axis=0), axis=1)
    return cells >= max(1, round(0.25 * scale * scale))


def _starts(length: int, scale: float) -> Any:
    """The first pixel of each point of a side of `length` pixels, and the end of the last."""
    points = np.minimum((np.arange(length) / scale).astype(int), int(length / scale))
    return np.append(np.flatnonzero(np.diff(points, prepend=-1)), length)


def side_by_side(ink: Image, tables: Sequence[tuple[float, float]]) -> list[tuple[int, int, int]]:
    """Bands (top, bottom, gutter) in points where two blocks stand side by side, top to bottom."""
    height, width = ink.shape
    free = np.ones(height, bool)
    for top, bottom in tables:
        free[max(0, int(top) - 2) : int(bottom) + 3] = False
    best: list[tuple[int, int, int]] = []
    for x in range(int(0.3 * width), int(0.7 * width), _STEP_PT):
        empty = free & ~ink[:, x : x + _GUTTER_PT].any(axis=1)
        for top, bottom in _runs(empty):
            left, right = ink[top:bottom, :x].any(axis=1), ink[top:bottom, x + _GUTTER_PT :].any(axis=1)
            both = np.flatnonzero(left | right)
            if both.size == 0 or _lines(left) < 2 or _lines(right) < 2:
                continue
            last = top + int(min(np.flatnonzero(left)[-1], np.flatnonzero(right)[-1])) + 1
            end = top + int(both[-1]) + 2 if last > top + int(both[-1]) - 16 else last + 8
            if end - top - int(both[0]) >= _LEAST_PT:
                best.append((top + max(0, int(both[0]) - 2), min(bottom, end), x + _GUTTER_PT // 2))
    best.sort(key=lambda band: band[0] - band[1])
    chosen: list[tuple[int, int, int]] = []
    for band in best:
        if all(band[1] <= other[0] or band[0] >= other[1] for other in chosen):
            chosen.append(band)
    blank = ~ink.any(axis=1)
    return [_between_lines(*band, blank) for band in sorted(chosen)]


def _between_lines(top: int, bottom: int, gutter: int, blank: Image) -> tuple[int, int, int]:
    """The band with its ends between lines: never through one."""
    while top > 0 and not blank[top]:
        top -= 1
    end = bottom
    while end > top + _LEAST_PT and end < len(blank) and not blank[end]:
        end -= 1
    return top, end if end > top + _LEAST_PT else bottom, gutter


def _runs(mask: Image) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= _LEAST_PT]


def _lines(rows: Image) -> int:
    """How many printed lines the rows with ink make: at least five points high."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rows.astype(np.int8), [0]])))
    return sum(1 for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 5)
