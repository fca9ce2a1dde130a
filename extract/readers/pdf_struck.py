"""Words of a PDF page that a line strikes through.

In: the words of a page and its ruling lines. Out: the words, with a stroke over each letter that is struck
(`extract.struck`). A PDF knows no struck text: it is a thin line through the middle of letters that begins and ends
with them, as tracked changes are printed. A rule of a table goes on to the sides of its cell, an underline runs below.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from extract.page import Edge, PageContent
from extract.page_words import PageWords
from extract.struck import struck

HIGHEST, LOWEST = 0.48, 0.16  # of the font size above the base line: between them a line goes through the letters
SLACK = 0.5  # of the font size: a stroke may go on over the blank behind its letters


def with_strokes(words: PageWords, rules: Sequence[Edge], page: PageContent) -> PageWords:
    """The words of the page, struck where one of its horizontal rules goes through them."""
    if not rules or not len(words):
        return words
    lines = sorted(rules)
    places = np.array([*(line.pos for line in lines), np.inf])
    first = places.searchsorted(words.base - HIGHEST * words.size)
    lowest = words.base - LOWEST * words.size
    through = places[first] < lowest
    if not through.any():
        return words
    crossed: dict[Edge, list[int]] = {}
    for n in np.flatnonzero(through).tolist():
        for line in lines[first[n] : bisect_left(places, lowest[n])]:
            if line.start < words.x1[n] and line.end > words.x0[n]:
                crossed.setdefault(line, []).append(n)
    texts = list(words.texts)
    for line, some in crossed.items():
        for n, text in _struck(line, some, words, page).items():
            texts[n] = text
    if texts == words.texts:
        return words
    return PageWords(
        texts, words.x0, words.top, words.x1, words.bottom, words.base, words.size, words.start, words.length,
        turn=words.turn,
    )  # fmt: skip


def _struck(line: Edge, some: Sequence[int], words: PageWords, page: PageContent) -> dict[int, str]:
    """The texts of words that a line crosses, with strokes; nothing where it does not begin and end with letters."""
    texts: dict[int, str] = {}
    left, right, size = line.end, line.start, float(words.size[some[0]])
    for n in some:
        glyphs = page.glyphs(int(words.start[n]), int(words.length[n]))
        under = [line.start < (glyph.x0 + glyph.x1) / 2 < line.end for glyph in glyphs]
        if any(under):
            left = min(left, *(glyph.x0 for glyph, is_under in zip(glyphs, under, strict=True) if is_under))
            right = max(right, *(glyph.x1 for glyph, is_under in zip(glyphs, under, strict=True) if is_under))
            texts[n] = _drawn(words.texts[n], under)
    return texts if abs(left - line.start) < SLACK * size and abs(right - line.end) < SLACK * size else {}


def _drawn(text: str, under: Sequence[bool]) -> str:
    if all(under) or len(text) != len(under):  # letters of an old encoding are not one to one
        return struck(text)
    return "".join(struck(letter) if is_under else letter for letter, is_under in zip(text, under, strict=True))
