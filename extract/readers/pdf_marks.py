"""Footnote marks of a PDF page that stand as words of their own.

In: the words of a page in the order in which they are read. Out: the words, each mark as superscript digits at the end
of the word it hangs on. A mark is small and raised: by itself it would be a line between two others, and a digit in the
middle of a name. (`extract.readers.pdf_words` knows the marks that PDFium gives with their word.)
"""

from __future__ import annotations

import numpy as np

from extract.page_words import PageWords
from extract.text import SUPERSCRIPT

SMALL, LOWEST, HIGHEST = 0.8, 0.15, 0.7  # of the size of the word before: its size, and how far it is raised
FAR = 0.3  # of that size: as far it may stand behind the word
LONGEST = 3  # characters: `[1]` is one, a raised figure none


def with_footnote_marks(words: PageWords) -> PageWords:
    """The words with each mark at the end of its word."""
    size = words.size
    if len(words) < 2 or not (is_small := size[1:] < SMALL * size[:-1]).any():
        return words
    before, raised, gap = size[:-1], words.base[:-1] - words.base[1:], words.x0[1:] - words.x1[:-1]
    is_mark = is_small & (raised > LOWEST * before) & (raised < HIGHEST * before) & (np.abs(gap) < FAR * before)
    texts, x1, is_left = list(words.texts), words.x1.copy(), np.ones(len(words), bool)
    for n in np.flatnonzero(is_mark).tolist():
        mark = texts[n + 1]
        if len(mark) <= LONGEST and any(map(str.isdigit, mark)) and not any(map(str.isalpha, mark)):
            texts[n] += mark.translate(SUPERSCRIPT)
            x1[n], is_left[n + 1] = words.x1[n + 1], False
    if is_left.all():
        return words
    marked = PageWords(
        texts, words.x0, words.top, x1, words.bottom, words.base, size, words.start, words.length, turn=words.turn
    )
    return marked.where(is_left)
