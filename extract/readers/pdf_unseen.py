"""Print of a PDF page in the colour of the paper: no part of what the page says, and never silently so.

In: the words of a page and the boxes of such print. Out: the words without the letters in them, and what these are, to
make a problem of the cell they stand in, as of print that is struck through.
"""

from __future__ import annotations

import numpy as np

from extract.page import PageContent
from extract.page_words import PageWords
from extract.readers.pdf_struck import Strike, without_letters
from extract.unseen import unseen


def without_unseen(words: PageWords, page: PageContent) -> tuple[PageWords, tuple[Strike, ...]]:
    """The words of the page without letters that are not seen, and what these are."""
    under: dict[int, list[bool]] = {}
    for x0, top, x1, bottom in page.unseen:
        near = (words.x0 < x1) & (words.x1 > x0) & (words.base > top) & (words.base - words.size < bottom)
        for n in np.flatnonzero(near).tolist():
            glyphs = page.glyphs(int(words.start[n]), int(words.length[n]))
            is_in = [x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 for glyph in glyphs]
            before = under.get(n, [False] * len(is_in))
            under[n] = [a or b for a, b in zip(before, is_in, strict=True)]
    under = {n: letters for n, letters in under.items() if any(letters)}
    return without_letters(words, under, page, unseen) if under else (words, ())
