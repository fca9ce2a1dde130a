"""Cells of a scanned table: which hold figures or codes, and their second reading on one strip.

In: the grids of a page, its words with their confidence, the page without its rules. Out: the same grids whose
cells carry their readings. Tesseract loses short figures that stand alone, and reads them well in a row: so
all figure cells of a page are set side by side on one strip picture and read in one call, digits only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import regex

from extract.model import BBox, Cell, Grid, Reading
from extract.page import cell_text
from extract.readers.scan_image import PAPER, Image, PagePicture
from extract.readers.scan_tesseract import BLOCK, FIGURES, OcrWord, languages, read_words
from extract.readers.scan_words import INK, ReadWords
from extract.tables.header import MAX_HEADER_ROWS
from extract.tables.header_words import word_role

PAGE, STRIP, INKED = "tesseract", "tesseract-digits", "ink"
_STRIP_WIDTH_PT = 480.0
_WORDY = regex.compile(r"\p{L}{2}")


@dataclass(frozen=True, slots=True)
class CellPicture:
    """One printed line of a cell, cut out: `row` of the strip's list, `line` within the cell."""

    cell: int
    line: int
    picture: Image


def with_page_reading(grid: Grid, read: ReadWords, page: PagePicture, erased: Image) -> Grid:
    """Each cell with its text's confidence; a cell with ink and no text says so with a reading of nothing."""
    cells = []
    for cell in grid.cells:
        if cell.bbox is None:
            cells.append(cell)
            continue
        inside = [w for w in read.words if _holds(cell.bbox, (w.x0 + w.x1) / 2, (w.top + w.bottom) / 2)]
        if inside and cell.text:
            sure = min(read.confidence[w.start] for w in inside)
            readings: tuple[Reading, ...] = (Reading(cell.text, round(sure, 3), PAGE),)
        elif not cell.text and has_ink(cell.bbox, page.scale, erased):
            readings = (Reading("", 0.0, INKED),)
        else:
            readings = (Reading(cell.text, 1.0, PAGE),) if not cell.text else (Reading(cell.text, 0.5, PAGE),)
        cells.append(_with(cell, cell.text, readings))
    return _of(grid, cells)


def _with(cell: Cell, text: str, readings: tuple[Reading, ...]) -> Cell:
    return Cell(cell.row, cell.col, text, cell.row_span, cell.col_span, cell.page, cell.bbox, readings)


def _of(grid: Grid, cells: Sequence[Cell]) -> Grid:
    return Grid(
        tuple(cells), grid.n_rows, grid.n_cols, "ocr", grid.page, grid.bbox, grid.header_rows, grid.continues,
        grid.confidence,
    )  # fmt: skip


def _holds(box: BBox, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def cut(box: BBox, scale: float, erased: Image) -> Image:
    """The inside of a cell, a hair within its rules."""
    inset = max(1, round(0.6 * scale))
    x0, x1 = round(box.x0 * scale) + inset, round(box.x1 * scale) - inset
    top, bottom = round(box.top * scale) + inset, round(box.bottom * scale) - inset
    return erased[max(0, top) : max(0, bottom), max(0, x0) : max(0, x1)]


def has_ink(box: BBox, scale: float, erased: Image) -> bool:
    """Does anything stand in the cell? Crumbs smaller than a full stop do not count."""
    inside = cut(box, scale, erased)
    if inside.size == 0:
        return False
    ink = (inside < INK).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = (0.9 * scale) ** 2
    edge = 0.8 * scale
    height, width = ink.shape
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        at_edge = x <= edge or y <= edge or x + w >= width - edge or y + h >= height - edge
        if area >= least and not (at_edge and min(w, h) < 1.6 * scale):
            return True
    return False


def is_figure_cell(cell: Cell, row_is_header: bool) -> bool:
    """A cell whose text may be a figure or a code: short, no words read with confidence, or unread."""
    if row_is_header or cell.bbox is None or cell.col_span > 1:
        return False
    reading = cell.readings[0] if cell.readings else None
    if reading is None or (not cell.text and reading.reader == PAGE):
        return False
    if cell.row < MAX_HEADER_ROWS and word_role(cell.text):
        return False  # `TT` over a column of codes is no 11
    if _WORDY.search(cell.text):
        has_figure = any(c.isdigit() for c in cell.text)
        return len(cell.text) <= (14 if has_figure else 4) or reading.confidence < 0.5
    return len(cell.text) <= 24


def printed_lines(inside: Image, scale: float) -> list[Image]:
    """The printed lines of a cell's picture, each cut tight with a small margin."""
    ink = inside < INK
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size == 0:
        return []
    breaks = np.flatnonzero(np.diff(rows) > 2.2 * scale)
    starts = [int(rows[0]), *(int(rows[b + 1]) for b in breaks)]
    ends = [*(int(rows[b]) + 1 for b in breaks), int(rows[-1]) + 1]
    out = []
    for top, bottom in zip(starts, ends, strict=True):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        if columns.size and bottom - top >= 0.8 * scale:
            out.append(inside[max(0, top - 3) : bottom + 3, max(0, int(columns[0]) - 3) : int(columns[-1]) + 4])
    return out


def read_strip(pictures: Sequence[CellPicture], scale: float) -> dict[tuple[int, int], tuple[str, float]]:
    """Text and confidence of each cut-out line, all read on one picture."""
    if not pictures:
        return {}
    strip, places = _strip(pictures, scale)
    language = "eng" if "eng" in languages() else "vie"
    words = read_words(strip, 72 * scale, BLOCK, language=language, only=FIGURES + " ")
    found: dict[tuple[int, int], list[OcrWord]] = {}
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for key, (x0, top, x1, bottom) in places:
            if x0 <= x < x1 and top <= y < bottom:
                found.setdefault(key, []).append(word)
                break
    return {key: (" ".join(w.text for w in ws), min(w.confidence for w in ws)) for key, ws in found.items()}


_Place = tuple[tuple[int, int], tuple[float, float, float, float]]


def _strip(pictures: Sequence[CellPicture], scale: float) -> tuple[Image, list[_Place]]:
    gap, leading, above = round(12 * scale), round(24 * scale), round(15 * scale)
    rows: list[list[tuple[int, CellPicture]]] = [[]]
    x = 30
    for item in pictures:
        width = item.picture.shape[1]
        if rows[-1] and x + width + gap > _STRIP_WIDTH_PT * scale:
            rows.append([])
            x = 30
        rows[-1].append((x, item))
        x += width + gap
    widest = max(x + item.picture.shape[1] for row in rows for x, item in row) + 60
    strip = np.full((60 + len(rows) * leading, widest), PAPER, np.uint8)
    places: list[_Place] = []
    for r, row in enumerate(rows):
        y = 30 + r * leading
        for x, item in row:
            picture = item.picture[: leading - 2]
            height, width = picture.shape
            top = max(0, y + above - height)
            strip[top : top + height, x : x + width] = picture
            places.append(
                ((item.cell, item.line), (x - gap / 2, y - 0.2 * leading, x + width + gap / 2, y + 0.8 * leading))
            )
    return strip, places


__all__ = ["CellPicture", "cell_text", "cut", "is_figure_cell", "printed_lines", "read_strip", "with_page_reading"]
