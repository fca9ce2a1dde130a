"""Two pages printed on one sheet → two pages.

In: a page as it is printed. Out: it, or its left and its right half as pages of their own, in that order. Printed with
"two pages a sheet" a report is read across otherwise: rows of one appendix between those of another. A sheet is two
pages where it is wider than high, nothing stands on the middle of its width or runs over it, both sides begin at the
same margin, and one at least is full of lines. A table or a line of prose as wide as the sheet would stand on the
middle; of a table with a gutter there the right part would begin at the gutter. A sheet as large as one of the same
document on whose middle something stood is one page: a table may have its gutter there, and its right columns may
begin as far from it as its left ones from the edge.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extract.page import Edge, Glyph, PageContent
from extract.page_words import PageWords

WIDER = 1.2  # than high
FREE = 0.015  # of the width, on both sides of the middle
FULL, FEWEST = 12, 3  # lines of the fuller side, and of the other
SIDE_SHARE = 0.6  # of a half's width that its longest line must fill: columns of a letterhead are narrower
SAME_MARGIN = 0.03  # of the sheet's width


class Sheets:
    """Tells the sheets of one document that hold two pages, as they are read in order."""

    def __init__(self) -> None:
        self._are_two = False  # the sheet before held two pages
        self._of_one: set[tuple[int, int]] = set()  # sizes of sheets that are one page for certain

    def pages(self, sheet: PageContent) -> list[PageContent]:
        """The pages printed on the next sheet, from left to right."""
        if sheet.width < WIDER * sheet.height:
            self._are_two = False
            return [sheet]
        size = (round(sheet.width), round(sheet.height))
        if _is_written_over(sheet):
            self._of_one.add(size)
        parts = [sheet] if size in self._of_one or not sheet.words else halves(sheet, is_likely=self._are_two)
        self._are_two = len(parts) > 1
        return parts


def _is_written_over(page: PageContent) -> bool:
    """Does anything stand on the middle of the width?"""
    words = PageWords.of(page.words)
    middle, free = page.width / 2, FREE * page.width
    if ((words.x0 < middle + free) & (words.x1 > middle - free)).any():
        return True
    return any(_spans(edge)[0] < middle < _spans(edge)[1] for edge in page.edges)


def halves(page: PageContent, *, is_likely: bool) -> list[PageContent]:
    """The pages printed on a wide sheet on whose middle nothing stands, from left to right. `is_likely`: the sheet
    before held two, so these may be short or missing."""
    words, middle = PageWords.of(page.words), page.width / 2
    is_left = words.x1 <= middle
    left, right = words.where(is_left), words.where(~is_left)
    if not is_likely and not _are_pages(left, right, page.width):
        return [page]
    return [_half(page, side, offset, middle) for side, offset in ((left, 0.0), (right, middle)) if len(side)]


def _are_pages(left: PageWords, right: PageWords, width: float) -> bool:
    if not len(left) or not len(right):
        return False
    margin = float(right.x0.min()) - width / 2 - float(left.x0.min())
    n_lines = sorted(_wide_lines(side, width / 2) for side in (left, right))
    return abs(margin) < SAME_MARGIN * width and n_lines[0] >= FEWEST and n_lines[1] >= FULL


def _spans(edge: Edge) -> tuple[float, float]:
    """From where to where across the page."""
    return (edge.start, edge.end) if edge.is_horizontal else (edge.pos, edge.pos)


def _wide_lines(words: PageWords, width: float) -> int:
    """How many lines there are; 0 where none is as wide as a page's body."""
    lines = np.round(words.base / 4).astype(np.int64)
    order = np.argsort(lines, kind="stable")
    starts = np.flatnonzero(np.diff(lines[order], prepend=lines[order][0] - 1))
    reach = np.maximum.reduceat(words.x1[order], starts) - np.minimum.reduceat(words.x0[order], starts)
    return len(starts) if float(reach.max()) > SIDE_SHARE * width else 0


def _half(page: PageContent, words: PageWords, offset: float, width: float) -> PageContent:
    if not offset:
        edges = [edge for edge in page.edges if _spans(edge)[1] <= width]
        return replace(page, width=width, words=words, edges=edges, sheet_width=page.width)

    def glyphs(start: int, count: int) -> list[Glyph]:
        return [g._replace(x0=g.x0 - offset, x1=g.x1 - offset) for g in page.glyphs(start, count)]

    moved = PageWords(
        words.texts, words.x0 - offset, words.top, words.x1 - offset, words.bottom, words.base, words.size,
        words.start, words.length, turn=words.turn,
    )  # fmt: skip
    edges = [_moved(edge, offset) for edge in page.edges if _spans(edge)[0] >= offset]
    unseen = [(x0 - offset, top, x1 - offset, bottom) for x0, top, x1, bottom in page.unseen]
    return replace(
        page, width=width, words=moved, edges=edges, glyphs=glyphs, unseen=unseen, left=offset, sheet_width=page.width
    )


def _moved(edge: Edge, offset: float) -> Edge:
    if edge.is_horizontal:
        return edge._replace(start=edge.start - offset, end=edge.end - offset)
    return edge._replace(pos=edge.pos - offset)
