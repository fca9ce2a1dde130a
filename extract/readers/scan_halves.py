"""Two pages scanned on one sheet → two pictures.

In: the clean, level picture of a sheet. Out: it, or its left and its right half, each with where it begins. What makes
two pages of a sheet is told as for born-digital ones (`pdf_halves`), with letters in place of words and level strokes
of ink in place of rules. Two things only scans have: a sheet lies a little to one side, so the gutter is looked for
near the middle; and a shadow, a fold or a stamp may stand on it, so two ruled tables side by side are two pages
whatever stands between them: rows of the one would be read on with rows of the other. Pages that are printed smaller
are read at their own size: what a letter, a row and a rule are is told in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from extract.page import Edge, PageContent, Style
from extract.page_words import PageWords
from extract.readers.pdf_halves import FREE, WIDER, Sheets
from extract.readers.scan_blocks import ink_map
from extract.readers.scan_image import Image, PagePicture, has_print, without_grain
from extract.readers.scan_level import letters_of
from extract.readers.scan_lines import find_rules
from extract.tables.ruled import find_tables

A4_HEIGHT_PT, SMALLER = 842.0, (0.6, 0.85)  # pages of A4 are printed smaller, two on a sheet of A4
_ASIDE = 0.05  # of the width: how far the gutter may be from the middle
_SHADOW = 0.4  # of the height: ink that runs down the gutter as far is a shadow or a fold
_RULE = 0.04  # of the width: a stroke that runs on as far is a rule
_BESIDE = 0.2  # of the sheet's height: two tables that stand side by side as far are those of two pages
_LEADING_PT = 7.0  # between the base lines of two lines of small print
_WIDE = 0.25  # of the sheet's width: the least width of such a table


class Part(NamedTuple):
    """A page on a sheet. `left` is where it begins, in points of the sheet; `size` how much of its own it has."""

    page: PagePicture
    left: float = 0.0
    size: float = 1.0


def pages_on(sheet: PagePicture, sheets: Sheets) -> list[Part]:
    """The pages scanned on a sheet, from left to right. `sheets` knows those before."""
    if sheet.is_blank or sheet.width < WIDER * sheet.height:  # one that lies on its side is asked again when turned
        return [Part(sheet)]
    ink = ink_map(sheet.grey, sheet.scale)
    letters = letters_of(sheet.grey, sheet.scale) / sheet.scale
    gutter = _gutter(ink)
    middle = sheet.width / 2
    aside = middle - (middle if gutter is None else gutter)
    words = _as_words(letters, middle, aside)
    content = _content(sheet, words, [] if gutter is not None else list(_strokes(ink, aside)))
    if len(sheets.pages(content)) < 2:
        gutter = _between_tables(sheet)
        if gutter is None:
            return [Part(sheet)]
    at = round((middle if gutter is None else gutter) * sheet.scale / 8) * 8  # `bright` has a dot for each eighth one
    size = sheet.height / A4_HEIGHT_PT
    size = size if SMALLER[0] < size < SMALLER[1] else 1.0
    return [
        Part(replace(page, scale=sheet.scale * size), left, size)
        for page, left in ((_cut(sheet, 0, at), 0.0), (_cut(sheet, at, None), at / sheet.scale))
    ]


def _content(sheet: PagePicture, words: PageWords, edges: list[Edge]) -> PageContent:
    return PageContent(0, sheet.width, sheet.height, words, edges, lambda *_: [], lambda _: Style(False, False))


def _as_words(letters: Image, middle: float, aside: float) -> PageWords:
    """Letters as words, each on the base line of its printed line, the gutter moved to the middle."""
    x0, top, x1, bottom = letters.T
    base = bottom.astype(np.float64)
    is_left = x1 + aside <= middle
    for own in (is_left, ~is_left):
        base[own] = _base_lines(base[own])
    start = np.arange(len(x0))
    return PageWords(["x"] * len(x0), x0 + aside, top, x1 + aside, bottom, base, bottom - top, start, start * 0 + 1)


def _base_lines(bottom: Image) -> Image:
    """The base line of the printed line each letter belongs to: lines end where most letters do, marks and tails of
    letters below them do not count."""
    rows = np.floor(bottom).astype(np.int64)
    counts = np.bincount(rows) if len(rows) else np.zeros(1, np.int64)
    lines: list[int] = []
    for row in np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]:
        if all(abs(int(row) - line) >= _LEADING_PT for line in lines):
            lines.append(int(row))
    known = np.array(lines or [0])
    return known[np.abs(rows[:, None] - known[None, :]).argmin(axis=1)].astype(np.float64)


def _gutter(ink: Image) -> float | None:
    """Where nothing stands near the middle, in points: the nearest such place to it; None where there is none."""
    width = ink.shape[1]
    shadow = np.flatnonzero(ink.mean(axis=0) > _SHADOW)
    free = ~ink.any(axis=0)
    free[shadow] = True
    half = max(1, round(FREE * width))
    reach = round(_ASIDE * width)
    for x in sorted(range(width // 2 - reach, width // 2 + reach + 1), key=lambda x: abs(2 * x - width)):
        if free[x - half : x + half].all():
            return float(x)
    return None


def _strokes(ink: Image, aside: float) -> Iterator[Edge]:
    """Level strokes that run on over the middle, as rules."""
    middle = ink.shape[1] // 2 - round(aside)
    half = max(1, round(_RULE * ink.shape[1] / 2))
    for y in np.flatnonzero(ink[:, middle - half : middle + half].all(axis=1)):
        yield Edge(True, float(y), middle + aside - half, middle + aside + half)


def _between_tables(sheet: PagePicture) -> float | None:
    """The place between two ruled tables that stand side by side, in points."""
    middle, aside = sheet.width / 2, _ASIDE * sheet.width
    boxes = [(t.xs[0], t.ys[0], t.xs[-1], t.ys[-1]) for t in find_tables(find_rules(sheet).edges)]
    boxes = [box for box in boxes if box[2] - box[0] >= _WIDE * sheet.width]
    left = [box for box in boxes if box[2] <= middle + aside]
    right = [box for box in boxes if box[0] >= middle - aside]
    for one in left:
        for other in right:
            if one[2] < other[0] and min(one[3], other[3]) - max(one[1], other[1]) >= _BESIDE * sheet.height:
                return min(max(middle, one[2]), other[0])
    return None


def _cut(sheet: PagePicture, x0: int, x1: int | None) -> PagePicture:
    """The columns `x0` to `x1` of a sheet as a page of their own."""
    grey = np.ascontiguousarray(sheet.grey[:, x0:x1])
    bright = None if sheet.bright is None else sheet.bright[:, x0 // 8 : None if x1 is None else x1 // 8]
    under, streaks = (p if p is None else np.ascontiguousarray(p[:, x0:x1]) for p in (sheet.under, sheet.streaks))
    is_blank = not has_print(without_grain(grey), sheet.scale)
    return replace(sheet, grey=grey, bright=bright, under=under, streaks=streaks, is_blank=is_blank)
