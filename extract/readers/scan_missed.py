"""Print in tables that Tesseract passed over, read once more on its own.

In: the words of a page, its picture, where its tables are. Out: the words with those that were missing. Short cells in
the middle of a row are now and then passed over (`Đúng hạn`, the second line of `Kỳ báo cáo`), and a header without
its words files figures under nothing. What is looked for is ink as high as a letter in no word's box; the pieces are
set one below the other, larger, and read in one call, so a page on which nothing is missing pays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import regex

from extract.readers.scan_image import PAPER, Image
from extract.readers.scan_tesseract import BLOCK, OcrWord, read_words
from extract.readers.scan_words import on_their_lines

_LARGER = 1.5
_BESIDE_PT, _BELOW_PT = 8.0, 3.0  # letters of one piece stand closer than this
_LEAST_PT = 9.0  # the least width of a piece: a figure alone is read with the figures
_SURE = 0.5
_MARGIN, _GAP, _MOST = 4, 24, 40
_STOP = regex.compile(r"(?<=\p{L}{2})[.,]$")  # at the edge of a piece a grain of the paper
Box = tuple[int, int, int, int]


def with_missed(
    read: Sequence[OcrWord], page: Image, scale: float, tables: Sequence[tuple[float, float]], letters: Any
) -> list[OcrWord]:
    """The words and those that stand in ink no word covers. `tables` are (top, bottom) in points, `letters` those of
    the page (`letters_of`)."""
    boxes = missed_boxes(read, page, scale, tables, letters)
    if not boxes:
        return list(read)
    found = [w for w in _read(boxes, page, scale) if _is_word(w) and w.confidence >= _SURE]
    kept = [w for w in read if _is_word(w) or not any(_meet(w, other) for other in found)]
    return [*kept, *found]


def _is_word(word: OcrWord) -> bool:
    return any(c.isalnum() or c == "%" for c in word.text)


def _meet(one: OcrWord, other: OcrWord) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.top < other.bottom and other.top < one.bottom


def missed_boxes(
    read: Sequence[OcrWord], page: Image, scale: float, tables: Sequence[tuple[float, float]], letters: Any
) -> list[Box]:
    """Left, top, right, bottom of the pieces of print in tables that no word covers, in pixels."""
    if not tables:
        return []
    covered = np.zeros(page.shape, bool)
    for word in on_their_lines(read, page)[0]:
        if _is_word(word):
            covered[max(0, word.top - 2) : word.bottom + 2, max(0, word.x0 - 2) : word.x1 + 2] = True
    mask = np.zeros(page.shape, np.uint8)
    for x0, top, x1, bottom in letters:
        middle = (top + bottom) / 2
        is_inside = any(above * scale <= middle <= below * scale for above, below in tables)
        if is_inside and covered[top:bottom, x0:x1].mean() < 0.5:
            mask[top:bottom, x0:x1] = 1
    if not mask.any():
        return []
    kernel = np.ones((max(1, round(_BELOW_PT * scale)), max(1, round(_BESIDE_PT * scale))), np.uint8)
    labels = cv2.connectedComponents(cv2.dilate(mask, kernel), connectivity=8)[1]
    labels[mask == 0] = 0
    out = []
    for label in np.unique(labels)[1:]:
        rows, columns = np.nonzero(labels == label)
        x0, top, x1, bottom = int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1
        if x1 - x0 >= _LEAST_PT * scale:
            out.append((x0, top, x1, bottom))
    return out if len(out) <= _MOST else []


def _read(boxes: Sequence[Box], page: Image, scale: float) -> list[OcrWord]:
    """The words of each piece with its marks, at their places on the page."""
    margin = round(_MARGIN * scale)
    pieces, places, y = [], [], _GAP
    for x0, top, x1, bottom in boxes:
        left, above = max(0, x0 - margin), max(0, top - margin)
        piece = cv2.resize(
            page[above : bottom + margin, left : x1 + margin], None, fx=_LARGER, fy=_LARGER,
            interpolation=cv2.INTER_CUBIC,
        )  # fmt: skip
        pieces.append(piece)
        places.append((y, y + piece.shape[0], left, above))
        y += piece.shape[0] + _GAP
    strip = np.full((y, max(p.shape[1] for p in pieces) + 2 * _GAP), PAPER, np.uint8)
    for piece, (at, end, *_) in zip(pieces, places, strict=True):
        strip[at:end, _GAP : _GAP + piece.shape[1]] = piece
    out = []
    for word in read_words(strip, 72 * scale * _LARGER, BLOCK):
        middle = (word.top + word.bottom) / 2
        for n, (at, end, left, above) in enumerate(places):
            if at <= middle < end:
                x0, x1 = (left + round((x - _GAP) / _LARGER) for x in (word.x0, word.x1))
                top, bottom = (above + round((v - at) / _LARGER) for v in (word.top, word.bottom))
                line = (-1 - n, *word.line[1:])
                text = _STOP.sub("", word.text)
                out.append(word._replace(text=text, x0=max(0, x0), top=max(0, top), x1=x1, bottom=bottom, line=line))
                break
    return out
