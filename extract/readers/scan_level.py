"""Cells of one row set on one base line, for the reading of the page.

In: a page without its rules, the tables its rules draw. Out: the page with the print of cells moved up within their
cells, and the way back for the words. Cells of a row are set to its middle: a name of two lines then stands half a line
off its figure, and Tesseract, which reads lines across the page, makes one crooked line of both. A figure read alone is
worse still (`bench/negative.md`), so the cells stay side by side and only go up to the first base line of their row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.readers.scan_image import PAPER, Image, pieces_of
from extract.readers.scan_tesseract import OcrWord
from extract.readers.scan_words import INK
from extract.tables.ruled import RuledTable

LETTER_PT = (4.0, 22.0)  # heights of what stands on a base line: no dots, no marks, no strokes of a pen
_LINE_PT = 14.0  # below the top of a cell's first letters: where their base line may be
_MANY_LINES = 3  # so many lines in every cell are rows that are not ruled apart


class Shift(NamedTuple):
    """The print in this box (pixels of the levelled page) came from `by` pixels further down."""

    x0: int
    top: int
    x1: int
    bottom: int
    by: int


def levelled(page: Image, tables: Sequence[RuledTable], scale: float, letters: Any) -> tuple[Image, tuple[Shift, ...]]:
    """The page with the cells of each row on one base line. `tables` are in points, `scale` pixels per point, `letters`
    those of `letters_of`."""
    if not tables:
        return page, ()
    shifts: list[Shift] = []
    for table in tables:
        rows: dict[int, list[tuple[int, int, int, int]]] = {}
        for cell in table.cells:
            x0, top, x1, bottom = (round(v * scale) for v in table.box(cell))
            rows.setdefault(cell.row, []).append((x0 + 2, max(0, top + 2), x1 - 2, bottom - 2))
        for boxes in rows.values():
            shifts.extend(_row_shifts(page, boxes, letters, scale))
    if not shifts:
        return page, ()
    out = page.copy()
    for x0, top, x1, bottom, by in shifts:
        out[top : bottom - by, x0:x1] = page[top + by : bottom, x0:x1]
        out[bottom - by : bottom, x0:x1] = PAPER
    return out, tuple(shifts)


def letters_of(page: Image, scale: float) -> Any:
    """Left, top, right, bottom of every piece of ink as high as a letter."""
    pieces = pieces_of((page < INK).astype(np.uint8))
    return boxes_of(pieces[are_letters(pieces, scale)])


def are_letters(pieces: Any, scale: float) -> Any:
    """Which of these pieces of ink (`pieces_of`) are as high as a letter."""
    height = pieces[:, cv2.CC_STAT_HEIGHT]
    return (height >= LETTER_PT[0] * scale) & (height <= LETTER_PT[1] * scale)


def boxes_of(pieces: Any) -> Any:
    """Left, top, right, bottom of each piece."""
    x, top, width, height = pieces[:, :4].T
    return np.stack([x, top, x + width, top + height], axis=1)


def _row_shifts(page: Image, boxes: Sequence[tuple[int, int, int, int]], letters: Any, scale: float) -> list[Shift]:
    found = []
    for x0, top, x1, bottom in boxes:
        middle = (letters[:, 0] + letters[:, 2]) / 2
        own = letters[(middle >= x0) & (middle < x1) & (letters[:, 1] >= top - 3) & (letters[:, 3] <= bottom + 3)]
        if own.size:
            found.append(((x0, top, x1, bottom), first_base(own, scale), _lines(own)))
    if len(found) < 2 or min(lines for *_, lines in found) >= _MANY_LINES:
        return []
    target = min(base for _, base, _ in found)
    out = []
    for (x0, top, x1, bottom), base, _ in found:
        rows = np.flatnonzero((page[top:bottom, x0:x1] < INK).any(axis=1))
        by = min(base - target, int(rows[0]) if rows.size else 0)  # never out of the cell
        if by > 1:
            out.append(Shift(x0, top, x1, bottom, by))
    return out


def _lines(letters: Any) -> int:
    """How many lines the letters make: by the gaps between them."""
    order = letters[np.argsort(letters[:, 1])]
    reach = np.maximum.accumulate(order[:, 3])
    return 1 + int(np.count_nonzero(order[1:, 1] > reach[:-1]))


def first_base(letters: Any, scale: float) -> int:
    """The base line on which most letters of the first line stand; of equals the lower one."""
    bottoms = letters[letters[:, 3] <= letters[:, 1].min() + _LINE_PT * scale][:, 3]
    if not bottoms.size:
        return int(letters[:, 3].min())
    near = np.abs(bottoms[:, None] - bottoms[None, :]) <= 1
    votes = near.sum(axis=1)
    return round(float(np.median(bottoms[votes == votes.max()])))


def unlevelled(words: Sequence[OcrWord], shifts: Sequence[Shift]) -> list[OcrWord]:
    """Words of the levelled page, at their places on the page."""
    if not shifts:
        return list(words)
    boxes = np.array([s[:4] for s in shifts])
    out = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        hit = np.flatnonzero((boxes[:, 0] <= x) & (x < boxes[:, 2]) & (boxes[:, 1] <= y) & (y < boxes[:, 3]))
        by = shifts[int(hit[0])].by if hit.size else 0
        out.append(word._replace(top=word.top + by, bottom=word.bottom + by))
    return out
