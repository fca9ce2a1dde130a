"""Words whose letters are set apart (`P H Ụ  L Ụ C`), put together again.

In: the words of a page. Out: the same words, those of letter-spaced lines whole. A reader takes each letter of such a
line for a word. How far the letters of a line are apart is told from the line itself, and a word begins where the gap
is wider than that by more than half a space. Letters that are set apart a little stay one word, but the gaps between
words look like those between columns. The end of each word is moved so that the next one follows it as it would in
usual letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from unicodedata import normalize

import numpy as np

from extract.page import PageContent, Word
from extract.page_words import Array, PageWords
from extract.syllables import is_syllable

SPACE, SLACK = 0.25, 0.13  # of the font size: between words, and how much more or less a space may be
FEWEST, FEWEST_PIECES = 4, 3  # letters that stand alone, one after the other; pieces of words (`Bi ể u`)
NEAR, FAR = 0.17, 2.5  # of the font size: no space is so narrow, no space of a letter-spaced line so wide
WIDE, WIDEST = 0.32, 0.6  # of the font size: spaces between words whose letters are set apart a little
LESS = 0.22  # of the font size: letters nearer than that have no space between them; three of them are enough
SHORT, MOST_IN_VAIN = 12, 12  # words of a line looked at for its wide spaces alone; lines tried in vain
LONGEST, WIDEST_LETTER = 3, 1.0  # characters that a letter with its marks may be, its width in font sizes
LEVEL = 0.5  # points: base lines of one line
LEAST = 0.05  # of the font size: letters less apart are not set apart


def closed_up(pages: Sequence[PageContent]) -> list[PageContent]:
    """Pages with their letter-spaced words whole. Which of them may have some is told for all at once."""
    every = [PageWords.of(page.words) for page in pages]
    lengths = np.array(list(map(len, every)), np.int64)
    first = np.cumsum(lengths) - lengths
    words = PageWords.joined(every)
    starts, _, are_letters, are_few = _stretches(words, first)
    asked = set(np.searchsorted(first, starts[are_letters | are_few], "right").tolist())
    return [
        _closed_up(page, own) if n in asked else page for n, (page, own) in enumerate(zip(pages, every, strict=True), 1)
    ]


def _closed_up(page: PageContent, words: PageWords) -> PageContent:
    by_base = np.argsort(words.base, kind="stable")
    line = np.cumsum(np.diff(words.base[by_base], prepend=words.base[by_base[0]]) > LEVEL)
    placed = by_base[np.lexsort((words.x0[by_base], line))]  # letters of another font may be drawn after the rest
    across = words.at(placed)
    found: dict[int, list[Word]] = {}
    gone: set[int] = set()
    in_vain = 0
    for start, end in _candidates(across):
        letters = across.some(range(start, end))
        if spacing := _spacing(letters, page):
            places = placed[start:end].tolist()
            found[min(places)] = list(_whole(letters, spacing, page))
            gone.update(places)
        elif (in_vain := in_vain + 1) == MOST_IN_VAIN:
            break
    if not found:
        return page
    made = words.made()
    whole = PageWords.of([w for i in range(len(words)) for w in found.get(i, [] if i in gone else [made[i]])])
    return replace(page, words=whole)


def _candidates(words: PageWords) -> list[tuple[int, int]]:
    """The stretches of lines of one page to look at, the likeliest first."""
    starts, ends, are_letters, are_few = _stretches(words, np.zeros(1, np.int64))
    few = np.flatnonzero(are_few)
    if len(few) > 1:  # lines set to both edges have wide spaces too, but their letters stand close: they come last
        width = np.add.reduceat(words.x1 - words.x0, starts) / np.add.reduceat(words.length * words.size, starts)
        few = few[np.argsort(-width[few], kind="stable")]
    found = [*np.flatnonzero(are_letters).tolist(), *few.tolist()]
    return [(int(starts[i]), int(ends[i])) for i in found]


def _stretches(words: PageWords, first: Array) -> tuple[Array, Array, Array, Array]:
    """Where stretches of lines start and end, and which of them may be letters set apart: letters that stand alone one
    after the other, or a few words, behind spaces that are wider than usual or some of them hardly apart. `first`:
    where each page begins."""
    count = len(words)
    if not count:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, bool)
    gap, is_beside = np.zeros(count), np.zeros(count, bool)  # between each word and the next
    size = np.maximum(words.size[1:], 1e-3)
    gap[:-1] = (words.x0[1:] - words.x1[:-1]) / size
    is_beside[:-1] = np.abs(words.base[1:] - words.base[:-1]) < 0.1 * size
    is_beside &= (gap > -LEAST) & (gap < FAR)
    is_beside[first[1:] - 1] = False
    if words.turn is not None:
        is_upright = words.turn == 0
        is_beside[:-1] &= is_upright[1:] & is_upright[:-1]
    is_near, is_wide = is_beside & (gap < NEAR), is_beside & (gap > WIDE)
    is_usual = is_beside & ~(is_near | is_wide)
    is_apart = is_near.astype(np.int64)
    is_short = (words.length <= LONGEST) & (words.x1 - words.x0 < WIDEST_LETTER * words.size)
    for i in np.flatnonzero(is_beside[:-1] & is_short[1:] & is_short[:-1]).tolist():
        if _is_letter(words.texts[i]) and _is_letter(words.texts[i + 1]):
            is_apart[i] = 1 if gap[i] > LESS else 2
    is_first = np.ones(count, bool)
    is_first[1:] = ~is_beside[:-1]
    starts = np.flatnonzero(is_first)
    ends = np.append(starts[1:], count)
    are_letters = np.add.reduceat(is_apart, starts) >= FEWEST - 1
    are_few = np.logical_or.reduceat(is_wide & (gap < WIDEST), starts) & ~np.logical_or.reduceat(is_usual, starts)
    are_pieces = np.add.reduceat((is_near & (gap > LEAST)).astype(np.int64), starts) >= FEWEST_PIECES - 1
    return starts, ends, are_letters, (are_few | are_pieces) & (ends - starts <= SHORT) & ~are_letters


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isalnum()


def _spacing(line: Sequence[Word], page: PageContent) -> float:
    """How far the letters of a line are apart, in font sizes; 0 where they are not set apart."""
    gaps = sorted((b.x0 - a.x1) / b.size for a, b in pairwise(line) if _are_letters(a, b))
    if len(gaps) >= FEWEST - 2:
        return gaps[len(gaps) // 3]
    inner = _gaps_in(max(line, key=lambda word: len(word.text)), page)
    spacing = median(inner) if inner else 0.0
    return spacing if spacing > LEAST else _between_pieces(line)


def _between_pieces(line: Sequence[Word]) -> float:
    """How far pieces are apart that only together are words (`Bi ể u  s ố  3`); 0 where they are none."""
    gaps = [(b.x0 - a.x1) / b.size for a, b in pairwise(line)]
    near = [gap for gap in gaps if LEAST < gap < NEAR]
    if len(near) < FEWEST_PIECES - 1 or all(_is_word(word.text) for word in line):
        return 0.0
    spacing = median(near)
    texts = [line[0].text]
    for gap, word in zip(gaps, line[1:], strict=True):
        texts += [word.text] if gap > spacing + SLACK else [texts.pop() + word.text]
    return spacing if all(map(_is_word, texts)) else 0.0


def _is_word(text: str) -> bool:
    own = normalize("NFC", text).strip(".,:;()")
    return not own or set(own) <= set("IVX") or any(map(str.isdigit, own)) or is_syllable(own)


def _gaps_in(word: Word, page: PageContent) -> list[float]:
    if len(word.text) < FEWEST - 1:
        return []
    return [(b.x0 - a.x1) / word.size for a, b in pairwise(page.glyphs(word.start, word.length))]


def _are_letters(left: Word, right: Word) -> bool:
    return len(left.text) == len(right.text) == 1 and left.text.isalpha() and right.text.isalpha()


def _whole(line: Sequence[Word], spacing: float, page: PageContent) -> Iterator[Word]:
    """The words of a letter-spaced line; each ends as far before the next as if its letters were not set apart."""
    parts: list[list[Word]] = []
    was_close = False
    for word in line:
        gaps = _gaps_in(word, page)
        is_close = bool(gaps) and median(gaps) < spacing / 2  # a word that is not letter-spaced
        is_apart = not parts or is_close or was_close
        if is_apart or (word.x0 - parts[-1][-1].x1) / word.size > spacing + SLACK:
            parts.append([word])
        else:
            parts[-1].append(word)
        was_close = is_close
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        word = _joined(part)
        if after is not None:
            end = min(word.x1 + 2 * spacing * word.size, after[0].x0 - SPACE * word.size)
            word = word._replace(x1=max(word.x1, end))
        yield word


def _joined(part: Sequence[Word]) -> Word:
    first, last = part[0], part[-1]
    text = normalize("NFC", "".join(word.text for word in part))
    length = last.start + last.length - first.start  # letters between them may be drawn elsewhere, in another font
    is_together = 0 < length <= 3 * sum(word.length for word in part)
    return first._replace(text=text, x1=last.x1, length=length if is_together else first.length)
