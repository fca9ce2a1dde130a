"""Where the glyphs of a PDFium page stand, as arrays over the whole page, each asked for when it is needed and once.

In: PDFium's text pages, their texts, the transformation to the page as seen. Out: origin, advance box and font size of
the glyphs asked for. Some pages are asked about together: an array operation on the words of eight pages takes little
more than one on those of a single page.

Words need three calls: the origin and size of their first glyph, the box of their last. A page that is drawn out of
order needs every glyph, and there most can be told from the glyph before. The box of a glyph reaches from the ascent
to the descent of its font, and further where the glyph itself does: two glyphs with the same top and bottom to the last
bit have the same base line and size. The same top or bottom is enough where a letter goes on with what stands before
it: not behind a gap (cells of a row may be set at one height in several sizes) and not for a digit (a raised one is a
footnote).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np

from extract.page import Glyph
from extract.readers import pdf_calls as calls
from extract.readers.pdf_order import Drawn, codes_of, is_space
from extract.readers.pdf_shapes import Affine

Array = calls.Array

PAGE_END = "\f"  # stands between the texts of two pages
USUAL_SIZES = (5.0, 30.0)  # of text; a size outside may be scaled by a matrix
_SCALED = 0.02
_ODD = 0x1E3779B97F4A7C15


class PageGlyphs:
    """The places of the glyphs of some pages, counted through. `origin`, `box`, `size` hold what was asked for or told,
    in user space; `places`, `corners` are on the pages as seen. Glyphs are named page after page."""

    def __init__(self, text_pages: Sequence[Any], texts: Sequence[str], to_seen: Affine) -> None:
        self.text, self.to_seen = PAGE_END.join(texts), to_seen
        self.codes = codes_of(self.text)
        count = len(self.codes)
        lengths = np.array([len(text) + 1 for text in texts])
        self.page = np.repeat(np.arange(len(texts)), lengths)[:count]
        starts = np.cumsum(lengths) - lengths
        self._own = np.arange(count) - starts[self.page]  # PDFium's number
        self._is_end = self._own == lengths[self.page] - 1
        self._text_pages = text_pages
        self.origin, self.box, self.size = np.zeros((count, 2)), np.zeros((count, 4)), np.zeros(count)
        self._has_origin, self._has_box, self._has_size = (np.zeros(count, bool) for _ in range(3))
        self._is_scaled = np.zeros(len(texts), bool)
        self._placed: Array = None

    def _named(self, glyphs: Array) -> tuple[list[Any], list[int]]:
        """Glyphs as PDFium knows them: the text page of each, and its number there."""
        counts = np.bincount(self.page[glyphs], minlength=len(self._text_pages)).tolist()
        return list(chain.from_iterable(map(repeat, self._text_pages, counts))), self._own[glyphs].tolist()

    def ask_origins(self, glyphs: Array) -> None:
        """Origin and size of some glyphs: one whose origin was asked for has its size."""
        new = glyphs[~self._has_origin[glyphs]]
        if not len(new):
            return
        named = self._named(new)
        self.origin[new] = calls.origins(*named)
        self._has_origin[new] = True
        if self._has_size[new].any():
            self.ask_sizes(new)
        else:
            self._measure(new, *named)

    def ask_sizes(self, glyphs: Array) -> None:
        new = glyphs[~self._has_size[glyphs]]
        if len(new):
            self._measure(new, *self._named(new))

    def ask_boxes(self, glyphs: Array) -> None:
        new = glyphs[~self._has_box[glyphs]]
        if len(new):
            self.box[new] = calls.loose_boxes(*self._named(new))
            self._has_box[new] = True

    def ask_all(self) -> None:
        """Box, base line and size of every glyph that has a place on the page. White space that the library put in has
        none: its box is a point."""
        if self._placed is not None:
            return
        codes, is_placed = self.codes, ~self._is_end
        is_end = (codes[1:] == ord("\n")) & (codes[:-1] == ord("\r"))  # what ends a line is the library's own `\r\n`
        is_placed[1:] &= ~is_end
        is_placed[:-1] &= ~is_end
        placed = np.flatnonzero(is_placed)
        self.ask_boxes(placed)
        left, top, right, bottom = self._boxes(placed)
        has_place = ~(is_space(codes[placed]) & (top == bottom) & (left == right))
        is_placed[placed] = has_place
        self._placed, placed = is_placed, placed[has_place]
        self._tell(placed)

    def _tell(self, placed: Array) -> None:
        """Base line and size of all glyphs with a place: asked for, or told from the glyph before, and x from the box
        until the origin itself is asked for."""
        codes, top, bottom = self.codes[placed], self.box[placed, 1], self.box[placed, 3]
        has_top, has_bottom = top[1:] == top[:-1], bottom[1:] == bottom[:-1]
        is_digit = (codes[1:] >= ord("0")) & (codes[1:] <= ord("9"))
        is_told = np.zeros(len(placed), bool)
        is_next = placed[1:] == placed[:-1] + 1
        is_told[1:] = (has_top & has_bottom) | ((has_top | has_bottom) & is_next & ~is_digit)
        is_told[1:] &= self.page[placed[1:]] == self.page[placed[:-1]]
        is_told &= ~((top == bottom) | self._has_origin[placed])
        heads, told = placed[~is_told], placed[is_told]
        first = heads[self._first_alike(heads)]
        is_asked = (first == heads) | self._has_origin[heads]
        self.ask_origins(heads[is_asked])
        self._as(heads[~is_asked], first[~is_asked])
        self._as(told, placed[np.maximum.accumulate(np.where(is_told, 0, np.arange(len(placed))))][is_told])

    def _first_alike(self, glyphs: Array) -> Array:
        """For each of some glyphs one (by its place among them) that has the same top and bottom on the same page."""
        page, (_, top, _, bottom) = self.page[glyphs], self._boxes(glyphs)
        # numbers that are alike where the bits of both are, and hardly ever else
        key = top.view(np.int64) * _ODD + bottom.view(np.int64) + page
        order = np.argsort(key)
        page, top, bottom = page[order], top[order], bottom[order]
        is_same = (
            (page[1:] == page[:-1]) & (top[1:] == top[:-1]) & (bottom[1:] == bottom[:-1]) & (top[1:] != bottom[1:])
        )
        place = np.arange(len(order))
        place[1:][is_same] = 0
        out = np.empty_like(order)
        out[order] = order[np.maximum.accumulate(place)]
        return out

    def _as(self, glyphs: Array, others: Array) -> None:
        """Base line and size of some glyphs are those of others."""
        self.origin[glyphs, 0] = self.box[glyphs, 0]
        self.origin[glyphs, 1] = self.origin[others, 1]
        self.size[glyphs] = self.size[others]
        self._has_size[glyphs] = True

    def _measure(self, glyphs: Array, pages: list[Any], numbers: list[int]) -> None:
        """The size of some glyphs. A matrix is asked for only where the size alone is none of a text, until one scales:
        a page is written by one program."""
        low, high = USUAL_SIZES
        self._has_size[glyphs] = True
        sizes = calls.font_sizes(pages, numbers)
        asked = (self._own[glyphs] == 0) | (sizes < low) | (sizes > high) | self._is_scaled[self.page[glyphs]]
        some = glyphs[asked]
        scale = calls.scales(*self._named(some))
        sizes[asked] *= scale
        self.size[glyphs] = np.maximum(sizes, 0.1)
        is_new = np.zeros(len(self._is_scaled), bool)
        is_new[self.page[some[np.abs(scale - 1) > _SCALED]]] = True
        is_new &= ~self._is_scaled
        if is_new.any():
            self._is_scaled |= is_new
            again = np.flatnonzero(self._has_size & is_new[self.page])
            self._measure(again, *self._named(again))

    def places(self, glyphs: Array) -> tuple[Array, Array]:
        """x, y of the origins; those that were not asked for and not told are asked for now."""
        if self._placed is None:
            self.ask_origins(glyphs)
        return self._seen(self.origin[glyphs, 0], self.origin[glyphs, 1])

    def corners(self, glyphs: Array) -> tuple[Array, Array, Array, Array]:
        """x, y of the lower left and of the upper right corner of the boxes."""
        left, top, right, bottom = self._boxes(glyphs)
        return *self._seen(left, bottom), *self._seen(right, top)

    def _boxes(self, glyphs: Array) -> Array:
        """Left, top, right and bottom of some glyphs: `take` is 20 times as quick here as an index."""
        return self.box.take(glyphs, 0).T

    def _seen(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Points of user space on the page as seen."""
        return self._across(x, y), self._down(x, y)

    def _across(self, x: Array, y: Array) -> Array:
        m = self.to_seen
        return m.a * x + m.c * y + m.e if m.c else m.a * x + m.e

    def _down(self, x: Array, y: Array) -> Array:
        m = self.to_seen
        return m.b * x + m.d * y + m.f if m.b else m.d * y + m.f

    def turns(self, glyphs: Array) -> list[float]:
        """The angles of some glyphs, in user space."""
        return calls.angles(*self._named(glyphs))

    def objects(self, glyphs: Array) -> list[int]:
        return calls.objects(*self._named(glyphs))

    def fonts(self, glyphs: list[int]) -> list[str]:
        return calls.font_names(*self._named(np.array(glyphs, np.int64)))

    def font(self, glyph: int) -> int:
        """What tells the fonts of these pages apart; 0 where a glyph has none."""
        return calls.font(self._text_pages[self.page[glyph]], int(self._own[glyph]))

    def look(self, glyph: int) -> tuple[bytes, int, int]:
        """Name, flags and weight of a glyph's font."""
        return calls.font_look(self._text_pages[self.page[glyph]], int(self._own[glyph]))

    def is_generated(self, glyph: int) -> bool:
        return bool(calls.are_generated(*self._named(np.array([glyph])))[0])

    def drawn(self, pages: Array) -> Drawn:
        """Every glyph, to be put in order where it stands on one of the `pages`."""
        self.ask_all()
        left, top, right, bottom = self.box.T
        ax, bx, base = self._across(left, bottom), self._across(right, top), self._down(*self.origin.T)
        is_placed = self._placed & pages[self.page]
        return Drawn(self.text, np.minimum(ax, bx), np.maximum(ax, bx), base, self.size, is_placed, self.page)

    def some(self, glyphs: list[int], chars: str) -> list[Glyph]:
        """Some glyphs with their characters; white space that the file does not hold is none."""
        numbers = np.array(glyphs)
        self.ask_origins(numbers)
        self.ask_boxes(numbers)
        y, size = self.places(numbers)[1], self.size[numbers]
        ax, _, bx, _ = self.corners(numbers)
        columns = (np.minimum(ax, bx), y - 0.9 * size, np.maximum(ax, bx), y + 0.22 * size, y, size)
        rows = zip(chars, *(column.tolist() for column in columns), strict=True)
        return [
            Glyph(*row)
            for glyph, row in zip(glyphs, rows, strict=True)
            if not (row[0].isspace() and self.is_generated(glyph))
        ]
