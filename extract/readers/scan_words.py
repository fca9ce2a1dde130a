"""Words as Tesseract reads them → words of a page: without ghosts, on common base lines, in points.

In: OCR words in pixels and the page they were read from. Out: `extract.page.Word`s in reading order, and the
confidence of each by its `start`. Words without ink under them are invented; crumbs of noise are no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import regex

from extract.page import Edge, Glyph, PageContent, Style, Word, text_lines
from extract.readers.scan_image import Image
from extract.readers.scan_tesseract import OcrWord

INK = 150
_DESCENDS = regex.compile(r"[gjpqyQ,;()ạặậẹệịọộợụựỵẠẶẬẸỆỊỌỘỢỤỰỴçỷỳýỹ/]")
_PLAIN = regex.compile(r"^[0-9A-Zbdhklt.]*[0-9A-Zbdhkl][0-9A-Zbdhkltaceimnorsuvwxz.]*$")
_CRUMB = regex.compile(r"^[^\p{L}\p{N}%+\-–—=/(),.:;…•*]+$")
_NUMBER = regex.compile(r"^\(?(\d{1,2})\)?$")
_BRACKETED = regex.compile(r"^(?=.*[()@])\S{1,4}$|^\d$")
_HEAD_LABEL = regex.compile(r"^(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2}){0,3})[.)]$")
_TAB = 6.0  # of the font size: the widest tab behind a number
_SPECKS = ".,-–'"
_LEADING, _BODY = 0.16, 0.4  # of the font size: paper between two lines, but not within a letter; a letter's height
_BESIDE = 0.6  # of the font size: how far a full stop may stand from its word
CAPITAL = 0.68  # height of a capital or a figure, of the font size


@dataclass(frozen=True, slots=True)
class ReadWords:
    """`confidence` by `Word.start`; `size` is the usual font size of the page in points; `bold` are the starts of
    words in bold type."""

    words: tuple[Word, ...]
    confidence: dict[int, float]
    size: float
    bold: frozenset[int] = frozenset()


def to_words(read: Sequence[OcrWord], page: Image, scale: float) -> ReadWords:
    """Words of the page in points. `page` is the picture that was read."""
    found, pixels = on_their_lines(read, page)
    size = pixels / scale
    kept = _without_marks([w for w in (_by_shape(w, size * scale, page) for w in found) if w is not None], size * scale)
    words: list[Word] = []
    confidence: dict[int, float] = {}
    start = 0
    lines: dict[tuple[int, int, int], list[OcrWord]] = {}
    for word in kept:
        lines.setdefault(word.line, []).append(word)
    for line in lines.values():
        bases = [_base(w, size * scale) for w in line]
        common = median(bases)
        for word, own in zip(line, bases, strict=True):
            base = common if abs(own - common) < 0.25 * size * scale else own
            confidence[start] = word.confidence
            words.append(
                Word(
                    word.text, word.x0 / scale, word.top / scale, word.x1 / scale, word.bottom / scale,
                    base / scale, size, start, len(word.text),
                )
            )  # fmt: skip
            start += len(word.text) + 1
    return ReadWords(tuple(words), confidence, size, _bold(words, page, scale))


def on_their_lines(read: Sequence[OcrWord], page: Image) -> tuple[list[OcrWord], float]:
    """The words that stand on ink, their boxes drawn round it, each on its own line; and the font size in pixels."""
    found = [w for w in (_on_ink(w, page) for w in read) if w is not None]
    size = _font_size(found)
    return [_of_one_line(w, size, page) for w in found], size


def _bold(words: Sequence[Word], page: Image, scale: float) -> frozenset[int]:
    """Words whose strokes are clearly wider than the page's usual ones. Short words follow their neighbour."""
    widths = [_stroke(page, w, scale) for w in words]
    known = [width for width, w in zip(widths, words, strict=True) if len(w.text) >= 3 and width]
    if len(known) < 20:
        return frozenset()
    usual = float(np.percentile(known, 30))
    out: set[int] = set()
    before: Word | None = None
    for word, width in zip(words, widths, strict=True):
        near = before is not None and abs(before.base - word.base) < 1 and 0 < word.x0 - before.x1 < 0.5 * word.size
        is_bold = width > 1.24 * usual
        if len(word.text) < 3 and before is not None and near:
            is_bold = before.start in out
        if is_bold:
            out.add(word.start)
        before = word
    return frozenset(out)


def _stroke(page: Image, word: Word, scale: float) -> float:
    """The mean width of the strokes across, in pixels: twice the ink over what it changes along the rows."""
    box = page[round(word.top * scale) : round(word.bottom * scale), round(word.x0 * scale) : round(word.x1 * scale)]
    if box.size == 0:
        return 0.0
    ink = np.clip((200.0 - box) / 200.0, 0.0, 1.0)
    change = float(np.abs(np.diff(ink, axis=1, prepend=0.0, append=0.0)).sum())
    return 2.0 * float(ink.sum()) / change if change else 0.0


def _on_ink(word: OcrWord, page: Image) -> OcrWord | None:
    """The word with its box drawn tight round its ink; None where there is no ink, or only a crumb."""
    box = page[word.top : word.bottom, word.x0 : word.x1] < INK
    rows, columns = box.any(axis=1), box.any(axis=0)
    if not rows.any() or _CRUMB.match(word.text):
        return None
    top, bottom = int(np.argmax(rows)), len(rows) - int(np.argmax(rows[::-1]))
    left, right = int(np.argmax(columns)), len(columns) - int(np.argmax(columns[::-1]))
    if np.count_nonzero(box) < 6:
        return None
    return word._replace(x0=word.x0 + left, x1=word.x0 + right, top=word.top + top, bottom=word.top + bottom)


def _of_one_line(word: OcrWord, size: float, page: Image) -> OcrWord:
    """The word without ink of the line above or below that its box cuts into.

    Where lines of neighbouring columns stand half a line off each other, boxes are drawn too high, and the base line
    of the word would be that of the next.
    """
    rows = (page[word.top : word.bottom, word.x0 : word.x1] < INK).sum(axis=1)
    filled = np.flatnonzero(rows)
    breaks = np.flatnonzero(np.diff(filled) > _LEADING * size)
    if not breaks.size:
        return word
    parts = np.split(filled, breaks + 1)
    main = max(parts, key=lambda part: int(rows[part].sum()))
    if len(main) < _BODY * size:
        return word
    return word._replace(top=word.top + int(main[0]), bottom=word.top + int(main[-1]) + 1)


def _without_marks(words: Sequence[OcrWord], size: float) -> list[OcrWord]:
    """The words without specks that are none: the acute of `Quá` read once more on its own, a grain far from any word.

    A dash stays: alone in a cell it says that there is no figure. One that hangs on a word is the foot of its `g`.
    """
    large = [w for w in words if w.bottom - w.top >= _BODY * size]
    return [
        w
        for w in words
        if w.text not in _SPECKS
        or (not _hangs_on_a_word(w, large, size) if w.text == "-" else _ends_a_word(w, large, size))
    ]


def _hangs_on_a_word(dash: OcrWord, large: Sequence[OcrWord], size: float) -> bool:
    reach = 0.1 * size
    return any(
        w.x0 <= dash.x0 and dash.x1 <= w.x1 and dash.top <= w.bottom + reach and dash.bottom >= w.top - reach
        for w in large
    )


def _ends_a_word(speck: OcrWord, large: Sequence[OcrWord], size: float) -> bool:
    """Does a full stop or comma stand beside a word, and not over it?"""
    near = [w for w in large if w.top - 0.3 * size < speck.bottom < w.bottom + 0.3 * size]
    if any(w.x0 <= speck.x0 and speck.x1 <= w.x1 and w.top - 1 <= speck.top and speck.bottom <= w.bottom for w in near):
        return False
    return any(-0.2 * size < speck.x0 - w.x1 < _BESIDE * size or 0 < w.x0 - speck.x1 < _BESIDE * size for w in near)


def _by_shape(word: OcrWord, size: float, page: Image) -> OcrWord | None:
    """A speck no larger than a full stop is one, whatever was read; a flat stroke is a dash or nothing."""
    height, width = word.bottom - word.top, word.x1 - word.x0
    if height >= 0.33 * size or (word.text in "-–—…=..." and width >= 0.2 * size):
        return word
    if width < 0.33 * size:
        return word if word.text in _SPECKS else word._replace(text=".")
    solid = np.count_nonzero(page[word.top : word.bottom, word.x0 : word.x1] < INK) > 0.6 * height * width
    return word._replace(text="-") if solid and width < size else None


def _font_size(words: Sequence[OcrWord]) -> float:
    heights = [w.bottom - w.top for w in words if w.confidence > 0.7 and _PLAIN.match(w.text)]
    if len(heights) < 5:
        heights = [w.bottom - w.top for w in words] or [24]
        return max(8.0, median(heights) / 0.85)
    return max(8.0, median(heights) / CAPITAL)


def _base(word: OcrWord, size: float) -> float:
    """The base line, from the box and what the letters do below it."""
    if word.bottom - word.top < 0.35 * size and word.text in "-–—=~":
        return word.bottom + 0.2 * size
    return word.bottom - (0.2 * size if _DESCENDS.search(word.text) else 0.0)


def numbered(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with the column numbers of a table put right: `q) (2) @) (4)` counts, whatever was read.

    Slanted figures in brackets are what Tesseract reads worst, and a row of numbers that is none looks like data.
    """
    out = {word.start: word for word in words}
    for line in text_lines(words):
        brackets = [_NUMBER.match(word.text) for word in line]
        right = sum(1 for i, found in enumerate(brackets, 1) if found and found[1] == str(i))
        if len(line) < 3 or 2 * right < len(line) or not all(_BRACKETED.match(word.text) for word in line):
            continue
        for i, word in enumerate(line, 1):
            out[word.start] = word._replace(text=f"({i})", length=len(f"({i})"))
    return tuple(out[word.start] for word in words)


def joined_labels(words: Sequence[Word], tables: Sequence[tuple[float, float]]) -> tuple[Word, ...]:
    """The words with the tab behind a heading's number closed up: `I.      CÔNG TÁC …` is one line. `tables` are
    (top, bottom) of tables: there a number and a name are two cells."""
    out = {word.start: word for word in words}
    for line in text_lines(words):
        if len(line) < 2 or not _HEAD_LABEL.match(line[0].text):
            continue
        first, middle = line[0], (line[0].top + line[0].bottom) / 2
        gap = line[1].x0 - first.x1
        if first.size < gap < _TAB * first.size and not any(top - 2 <= middle <= bottom + 2 for top, bottom in tables):
            out[first.start] = first._replace(x1=line[1].x0 - 0.3 * first.size)
    return tuple(out[word.start] for word in words)


def page_content(number: int, width: float, height: float, read: ReadWords, edges: Sequence[Edge]) -> PageContent:
    """The page as the layout step reads it. Glyphs are spaced evenly over their word."""
    by_start = {w.start: w for w in read.words}

    def glyphs(start: int, count: int) -> list[Glyph]:
        word = by_start.get(start)
        if word is None or not word.length:
            return []
        step = (word.x1 - word.x0) / word.length
        return [
            Glyph(c, word.x0 + i * step, word.top, word.x0 + (i + 1) * step, word.bottom, word.base, word.size)
            for i, c in enumerate(word.text[:count])
        ]

    def style(start: int) -> Style:
        return Style(start in read.bold, False)

    return PageContent(number, width, height, read.words, edges, glyphs, style)
