"""Readings of a figure cell → one text, with all readings kept.

In: the grids of a page with their page reading. Out: the grids with the text on which two of three readers agree:
the page reading, the strip of figures, the shapes of the page's own glyphs. The marks between the figures are
the shapes' business: Tesseract loses a full stop more often than a figure. Nothing is invented: where no two
agree the page's reading stays, and its readings show that it is not sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import regex

from extract.model import Cell, Grid, Reading
from extract.readers import scan_glyphs as shapes
from extract.readers.scan_cells import PAGE, STRIP, CellPicture, cut, is_figure_cell, printed_lines, read_strip
from extract.readers.scan_glyphs import Shapes
from extract.readers.scan_image import Image, PagePicture

SHAPES = "shapes"
MAX_LINES = 3
SURE_SHAPE, COUNTED = 0.7, 0.95
_LETTERS = regex.compile(r"\p{L}")
_REPEATED = regex.compile(r"(\d)\1+")
_FIGURES = regex.compile(r"[\d.,%\-–—\s]+")
_FIGURE_HEIGHT_PT = 8.2  # of 12 pt print


@dataclass(slots=True)
class _Ballot:
    """One figure cell under vote."""

    grid: int
    at: int
    cell: Cell
    lines: list[Image]


def voted(
    grids: Sequence[Grid], page: PagePicture, erased: Image, before: Shapes | None = None
) -> tuple[list[Grid], Shapes]:
    """All grids of a page after the further readings of their figure cells, and the shapes known by then."""
    ballots = [
        _Ballot(g, c, cell, printed_lines(cut(cell.bbox, page.scale, erased), page.scale)[:MAX_LINES])
        for g, grid in enumerate(grids)
        for c, cell in enumerate(grid.cells)
        if cell.bbox is not None and is_figure_cell(cell, False)
    ]
    pictures = [CellPicture(b, i, line) for b, ballot in enumerate(ballots) for i, line in enumerate(ballot.lines)]
    strip = read_strip(pictures, page.scale)
    by_shape, known = _by_shape(ballots, page.scale, before)
    out = [list(grid.cells) for grid in grids]
    for b, ballot in enumerate(ballots):
        readings = list(ballot.cell.readings)
        found = [strip.get((b, i), ("", 0.0)) for i in range(len(ballot.lines))]
        if any(text for text, _ in found):
            readings.append(_reading(found, STRIP))
        if by_shape[b]:
            readings.append(_reading(by_shape[b], SHAPES))
        text = decide(readings)
        if ballot.cell.col == 0 and not any(c.isalnum() for c in text) and len(text) < 3:
            text = ""  # the last dot of a code that was broken over the page
        out[ballot.grid][ballot.at] = replace(ballot.cell, text=text, readings=tuple(readings))
    return [replace(grid, cells=tuple(cells)) for grid, cells in zip(grids, out, strict=True)], known


def _reading(lines: Sequence[tuple[str, float]], reader: str) -> Reading:
    return Reading("\n".join(text for text, _ in lines), round(min(sure for _, sure in lines), 3), reader)


def _by_shape(
    ballots: Sequence[_Ballot], scale: float, before: Shapes | None
) -> tuple[list[list[tuple[str, float]]], Shapes]:
    """The shape reading of every line of every ballot."""
    height = _figure_height(ballots, scale)
    parts, texts, sure, owner = [], [], [], []
    for b, ballot in enumerate(ballots):
        page = next((r for r in ballot.cell.readings if r.reader == PAGE), None)
        printed = page.text.split("\n") if page is not None else []
        for i, line in enumerate(ballot.lines):
            parts.append(shapes.take_apart(line, height))
            fits = len(printed) == len(ballot.lines)
            texts.append(printed[i] if fits else "")
            sure.append(page.confidence if page is not None and fits else 0.0)
            owner.append(b)
    known = shapes.joined(shapes.label(parts, texts, sure), before)
    out: list[list[tuple[str, float]]] = [[] for _ in ballots]
    for k, (part, b) in enumerate(zip(parts, owner, strict=True)):
        out[b].append(shapes.read_line(part, known, k))
    return out, known


def _figure_height(ballots: Sequence[_Ballot], scale: float) -> float:
    heights = [line.shape[0] - 6 for ballot in ballots for line in ballot.lines if ballot.cell.text.isdigit()]
    return float(median(heights)) if len(heights) >= 3 else _FIGURE_HEIGHT_PT * scale


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def decide(readings: Sequence[Reading]) -> str:
    """The text on which readings agree; the page's own where none do.

    Letters are the page reading's: the strip cannot read them. A cell that the page reading takes for words
    becomes a figure only where both others read the same figure and are surer than it.
    """
    by = {reading.reader: reading for reading in readings}
    page, strip, shape = by.get(PAGE), by.get(STRIP), by.get(SHAPES)
    text = page.text if page is not None else ""
    rivals = [r for r in (strip, shape) if r is not None and r.text]
    if not rivals:
        return text
    if _LETTERS.search(text) or (text and not digits(text)):
        return _against_words(text, page, strip, shape)
    known = [r for r in (page, strip, shape) if r is not None and digits(r.text) and "?" not in r.text]
    votes = Counter(digits(r.text) for r in known)
    if not votes:
        return "-" if shape is not None and shape.text == "-" else text
    best, count = votes.most_common(1)[0]
    if shape is not None and _lost_figures(known, shape):
        return "".join(shape.text.split())
    if count < 2:
        return text or max(known, key=lambda r: r.confidence).text
    agreed = [r for r in (shape, page, strip) if r is not None and digits(r.text) == best]
    return _marks(agreed, page)


def _lost_figures(known: Sequence[Reading], shape: Reading) -> bool:
    """Do all others have the figures of the shapes but for repeated ones: `1` or `11` for `111`?

    Tesseract reads a row of equal slender figures as fewer, in both of its readings; pieces of ink can be counted.
    """
    if shape.confidence < COUNTED or shape not in known or len(known) < 2:
        return False
    own = digits(shape.text)
    others = [digits(r.text) for r in known if r is not shape]
    return all(len(o) < len(own) and _REPEATED.sub(r"\1", o) == _REPEATED.sub(r"\1", own) for o in others)


def _against_words(text: str, page: Reading | None, strip: Reading | None, shape: Reading | None) -> str:
    if strip is None or shape is None or not digits(strip.text):
        return text
    if not _FIGURES.fullmatch(shape.text) or not digits(shape.text):
        glyphs = sum(c.isalnum() or c == "?" for c in shape.text)
        is_impossible = "\n" not in text and len(text) <= 3 and glyphs not in (0, len(text))
        # A word of more letters than there are glyphs cannot be what is printed.
        return strip.text if is_impossible and glyphs == len(digits(strip.text)) else text
    same = digits(strip.text) == digits(shape.text)
    sure = page.confidence if page is not None else 0.0
    return shape.text if same and shape.confidence > max(0.5, sure) else text


def _marks(agreed: Sequence[Reading], page: Reading | None) -> str:
    """Of readings with the same figures, the one whose marks are kept: the shapes' where they are sure, else two
    that are alike. The page's own print (its spaces, its unit) stays where its marks are those."""
    first = agreed[0]
    keys = Counter(_key(r.text) for r in agreed)
    best, count = keys.most_common(1)[0]
    if first.reader == SHAPES and first.confidence >= SURE_SHAPE or count < 2:
        best = _key(first.text)
    if page is not None and _key(page.text) == best:
        return page.text
    return next(r.text for r in agreed if _key(r.text) == best)


def _key(text: str) -> str:
    return "".join(c for c in text if c.isdigit() or c in ".,%")
