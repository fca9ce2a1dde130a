"""A second reading of headers that are no common header words.

In: a grid of a page. Out: the grid, and an error where the two readings differ. `Số người có mặt` read as `có nặt` is
made of syllables and looks well; it would file every figure under a measure that does not exist. The cells are read
again larger, one below the other: a slip of one reading is hardly that of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extract.model import Cell, Grid, Problem
from extract.readers.scan_cells import cut
from extract.readers.scan_image import PAPER, Image, PagePicture
from extract.readers.scan_level import letters_of
from extract.readers.scan_spelling import header_word
from extract.readers.scan_tesseract import BLOCK, read_words
from extract.tables.header import find_header
from extract.tables.odd_header import is_odd
from extract.text import clean, fold

_LARGER = 1.5
_GAP = 24
_LETTERS = 3  # so many in a cell are a word


def confirmed_headers(grid: Grid, page: PagePicture, erased: Image) -> tuple[Grid, tuple[Problem, ...]]:
    """The grid with the better of two readings of its unusual headers, and the error that says where they differ."""
    asked = _unusual(grid, page.scale, erased)
    if not asked:
        return grid, ()
    pictures = [cut(cell.bbox, page.scale, erased) for cell in asked if cell.bbox is not None]
    again = read_larger(pictures, page.scale)
    texts: dict[tuple[int, int], str] = {}
    differ: list[str] = []
    for cell, second in zip(asked, again, strict=True):
        is_unread = not any(map(str.isalnum, cell.text))
        if _key(second) == _key(cell.text) and not is_unread:
            continue
        if header_word(second):
            texts[cell.row, cell.col] = header_word(second)
            continue
        if (is_unread or is_odd(clean(cell.text))) and second and not is_odd(second):
            texts[cell.row, cell.col] = second
        differ.append(f"{clean(cell.text)} / {second}")
    cells = tuple(replace(c, text=texts[c.row, c.col]) if (c.row, c.col) in texts else c for c in grid.cells)
    problems: tuple[Problem, ...] = ()
    if differ:
        message = "Two readings of a header differ."
        problems = (Problem("ocr-header-doubtful", "error", message, grid.page, detail="; ".join(differ)[:300]),)
    return replace(grid, cells=cells), problems


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


def _unusual(grid: Grid, scale: float, erased: Image) -> list[Cell]:
    """Header cells over figure columns whose words are not those that headers usually have, or were not read."""
    header = find_header(grid)
    if header is None:
        return []
    columns = {column.index for column in header.columns if column.role == "value"}
    return [
        cell
        for cell in grid.cells
        if cell.row < header.n_rows and cell.bbox is not None
        and columns & set(range(cell.col, cell.col + cell.col_span))
        and not header_word(cell.text)
        and (any(c.isalpha() for c in cell.text) or _is_unread(cell, scale, erased))
    ]  # fmt: skip


def _is_unread(cell: Cell, scale: float, erased: Image) -> bool:
    """Letters stand in the cell, and none was read."""
    if cell.bbox is None or any(map(str.isalnum, cell.text)):
        return False
    inside = cut(cell.bbox, scale, erased)
    return bool(inside.size) and len(letters_of(inside, scale)) >= _LETTERS


def read_larger(pictures: Sequence[Image], scale: float) -> list[str]:
    """The text of each picture, read larger and all in one call."""
    larger = [cv2.resize(p, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC) for p in pictures]
    width = max(p.shape[1] for p in larger) + 2 * _GAP
    strip = np.full((sum(p.shape[0] + _GAP for p in larger) + _GAP, width), PAPER, np.uint8)
    places, y = [], _GAP
    for picture in larger:
        height, own = picture.shape
        strip[y : y + height, _GAP : _GAP + own] = picture
        places.append((y, y + height))
        y += height + _GAP
    words = read_words(strip, 72 * scale * _LARGER, BLOCK)
    return [clean(" ".join(w.text for w in words if top <= (w.top + w.bottom) / 2 < bottom)) for top, bottom in places]
