"""Print of a PDF page that a line strikes through.

In: the words of a page and its horizontal rules. Out: the words without what is struck, and the `Strike`s, which make a
problem of the cell they stand in once the cells are known. A PDF knows no struck text: it is a thin line through the
middle of letters that begins and ends with them, as tracked changes are printed. A rule of a table goes on to the sides
of its cell, an underline runs below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from extract.model import BBox, Grid
from extract.page import Edge, PageContent
from extract.page_words import PageWords
from extract.struck import problem_of, struck

HIGHEST, LOWEST = 0.48, 0.16  # of the font size above the base line: between them a line goes through the letters
SLACK = 0.5  # of the font size: a stroke may go on over the blank behind its letters


class Strike(NamedTuple):
    """A word of which letters are struck or not seen: as printed, and where on the page as seen."""

    text: str
    box: BBox


def without_strikes(
    words: PageWords, rules: Sequence[Edge], page: PageContent
) -> tuple[PageWords, tuple[Strike, ...]]:
    """The words of the page without what one of its horizontal rules goes through, and what that is."""
    if not rules or not len(words):
        return words, ()
    lines = sorted(rules)
    places = np.array([*(line.pos for line in lines), np.inf])
    first = places.searchsorted(words.base - HIGHEST * words.size)
    lowest = words.base - LOWEST * words.size
    through = places[first] < lowest
    if not through.any():
        return words, ()
    crossed: dict[Edge, list[int]] = {}
    for n in np.flatnonzero(through).tolist():
        for line in lines[first[n] : bisect_left(places, lowest[n])]:
            if line.start < words.x1[n] and line.end > words.x0[n]:
                crossed.setdefault(line, []).append(n)
    under: dict[int, list[bool]] = {}
    for line, some in crossed.items():
        for n, letters in _under(line, some, words, page).items():  # several strokes may share a word
            under[n] = [a or b for a, b in zip(letters, under.get(n, letters), strict=True)]
    return without_letters(words, under, page, struck) if under else (words, ())


def _under(line: Edge, some: Sequence[int], words: PageWords, page: PageContent) -> dict[int, list[bool]]:
    """Which letters of some words a line crosses; nothing where it does not begin and end with letters."""
    found: dict[int, list[bool]] = {}
    left, right, size = line.end, line.start, float(words.size[some[0]])
    for n in some:
        glyphs = page.glyphs(int(words.start[n]), int(words.length[n]))
        under = [line.start < (glyph.x0 + glyph.x1) / 2 < line.end for glyph in glyphs]
        if any(under):
            left = min(left, *(glyph.x0 for glyph, is_under in zip(glyphs, under, strict=True) if is_under))
            right = max(right, *(glyph.x1 for glyph, is_under in zip(glyphs, under, strict=True) if is_under))
            found[n] = under
    return found if abs(left - line.start) < SLACK * size and abs(right - line.end) < SLACK * size else {}


def without_letters(
    words: PageWords, under: dict[int, list[bool]], page: PageContent, mark: Callable[[str], str]
) -> tuple[PageWords, tuple[Strike, ...]]:
    """The words without some of their letters, and what these are, each with its mark."""
    texts, strikes = list(words.texts), []
    is_left = np.ones(len(words), bool)
    for n, letters in sorted(under.items()):
        text = texts[n]
        if all(letters) or len(text) != len(letters):  # letters of an old encoding are not one to one
            printed, texts[n] = mark(text), ""
        else:
            pairs = list(zip(text, letters, strict=True))
            printed = "".join(mark(letter) if is_under else letter for letter, is_under in pairs)
            texts[n] = "".join(letter for letter, is_under in pairs if not is_under)
        is_left[n] = bool(texts[n])
        box = page.seen(float(words.x0[n]), float(words.top[n]), float(words.x1[n]), float(words.bottom[n]))
        strikes.append(Strike(printed, box))
    left = PageWords(
        texts, words.x0, words.top, words.x1, words.bottom, words.base, words.size, words.start, words.length,
        turn=words.turn,
    )  # fmt: skip
    return left.where(is_left), tuple(strikes)


def with_strikes(grid: Grid, strikes: Sequence[Strike]) -> Grid:
    """The grid with a problem in each cell of which print is struck; where that is between the cells, in the first cell
    of the row."""
    cells = list(grid.cells)
    placed = [(n, cell.bbox) for n, cell in enumerate(cells) if cell.bbox is not None]
    for strike in strikes:
        x, y = (strike.box.x0 + strike.box.x1) / 2, (strike.box.top + strike.box.bottom) / 2
        row = [(n, box) for n, box in placed if box.top <= y <= box.bottom]
        at = next((n for n, box in row if box.x0 <= x <= box.x1), min((n for n, _ in row), default=None))
        if at is not None:
            problem = problem_of(strike.text, cells[at].page)
            cells[at] = replace(cells[at], problems=(*cells[at].problems, problem))
    return replace(grid, cells=tuple(cells))
