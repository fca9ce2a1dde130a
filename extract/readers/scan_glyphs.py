"""Figures read by their shapes: the page's own figures are the pattern.

In: the printed lines of figure cells, with what Tesseract read there. Out: a reading of each line that owes nothing
to a language model. The idea: a line falls apart into glyphs; small ones are marks by their place alone (a comma
hangs below the base line, a full stop stands on it, a dash floats); large ones are compared with the other
glyphs of the page, which Tesseract labelled, and take the label of their nearest neighbours. A slip in one
place is outvoted by the same figure read well elsewhere. Nearest neighbours: Cover and Hart 1967.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

from extract.readers.scan_image import Image

_SHAPE = (16, 24)  # columns, rows
_NEIGHBOURS = 3
MOST = 2000  # glyphs that are remembered over pages
_FAR = 0.62  # of the vectors' length: further away nothing is known


@dataclass(frozen=True, slots=True)
class Glyph:
    """`mark` is a full stop, comma or dash known by its place; else `vector` describes the shape."""

    x0: int
    x1: int
    mark: str = ""
    vector: Any = None


@dataclass(slots=True)
class ShapeLine:
    """One printed line taken apart; `spaces` are the indexes of glyphs that stand behind a wide gap."""

    glyphs: list[Glyph]
    spaces: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Labelled glyphs of a page: `vectors` one per row, `labels` their characters, `owners` their lines."""

    vectors: Any
    labels: tuple[str, ...]
    owners: Any


def take_apart(picture: Image, height: float) -> ShapeLine:
    """The glyphs of a line, left to right. `height` is that of a figure in pixels."""
    ink = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    boxes = _boxes(ink, height)
    tall = [b for b in boxes if b[3] - b[1] >= 0.55 * height]
    if not tall:
        return ShapeLine([Glyph(b[0], b[2], _lone_mark(b, height)) for b in boxes])
    base = float(np.median([b[3] for b in tall]))
    glyphs = []
    for x0, top, x1, bottom in boxes:
        if bottom - top < 0.5 * height:
            glyphs.append(Glyph(x0, x1, _mark((x0, top, x1, bottom), base, height)))
        else:
            glyphs.append(Glyph(x0, x1, "", _vector(picture[top:bottom, x0:x1], (bottom - top) / height)))
    wide = frozenset(i for i in range(1, len(glyphs)) if glyphs[i].x0 - glyphs[i - 1].x1 > 0.30 * height)
    return ShapeLine(glyphs, wide)


def _boxes(ink: Image, height: float) -> list[tuple[int, int, int, int]]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    least = max(3.0, (0.07 * height) ** 2)
    found = sorted((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, area in stats[1:count] if area >= least)
    out: list[tuple[int, int, int, int]] = []
    for box in found:
        last = out[-1] if out else None
        if last is not None and min(last[2], box[2]) - box[0] > 0.35 * min(last[2] - last[0], box[2] - box[0]):
            out[-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            out.append(box)
    return out


def _mark(box: tuple[int, int, int, int], base: float, height: float) -> str:
    x0, top, x1, bottom = box
    if bottom < base - 0.2 * height:
        return "-" if x1 - x0 > 1.3 * (bottom - top) else "'"
    if bottom > base + 0.09 * height or bottom - top > 1.55 * (x1 - x0):
        return ","
    return "-" if x1 - x0 > 2.2 * (bottom - top) else "."


def _lone_mark(box: tuple[int, int, int, int], height: float) -> str:
    x0, top, x1, bottom = box
    return "-" if x1 - x0 > 1.3 * (bottom - top) and x1 - x0 > 0.2 * height else "."


def _vector(picture: Image, rise: float) -> Any:
    """The shape as a vector: the glyph drawn in a box of one size, with its proportions as further numbers."""
    height, width = picture.shape
    drawn = cv2.GaussianBlur(cv2.resize(picture, _SHAPE, interpolation=cv2.INTER_AREA), (3, 3), 0)
    flat = 255.0 - drawn.astype(np.float32).reshape(-1)
    flat = flat - flat.mean()
    norm = float(np.linalg.norm(flat)) or 1.0
    return np.concatenate([flat / norm, np.array([1.2 * width / height, 0.8 * min(rise, 1.6)], np.float32)])


def label(lines: Sequence[ShapeLine], texts: Sequence[str], sure: Sequence[float]) -> Shapes:
    """Glyphs that Tesseract's text labels: lines whose large glyphs are as many as the text's letters."""
    vectors, labels, owners = [], [], []
    for index, (line, text, confidence) in enumerate(zip(lines, texts, sure, strict=True)):
        letters = [c for c in text if not c.isspace() and c not in ".,-–—:;'"]
        large = [g for g in line.glyphs if not g.mark]
        if confidence < 0.4 or not letters or len(letters) != len(large):
            continue
        for glyph, letter in zip(large, letters, strict=True):
            vectors.append(glyph.vector)
            labels.append(letter)
            owners.append(index)
    if not vectors:
        return Shapes(np.zeros((0, 1), np.float32), (), np.zeros(0, np.int32))
    return Shapes(np.stack(vectors), tuple(labels), np.array(owners, np.int32))


def joined(shapes: Shapes, before: Shapes | None) -> Shapes:
    """The glyphs of this page with those of the pages before: a figure that stands here once is known from there."""
    if before is None or not before.labels:
        return shapes
    if not shapes.labels:
        return Shapes(before.vectors, before.labels, np.full(len(before.labels), -1, np.int32))
    labels = (*before.labels, *shapes.labels)[-MOST:]
    owners = np.concatenate([np.full(len(before.labels), -1, np.int32), shapes.owners])
    return Shapes(np.concatenate([before.vectors, shapes.vectors])[-MOST:], labels, owners[-MOST:])


def read_line(line: ShapeLine, shapes: Shapes, index: int) -> tuple[str, float]:
    """The line's text by shape, and how sure: 0 where a glyph is like none of the page. Its own labels do not count."""
    text, sure = "", 1.0
    for i, glyph in enumerate(line.glyphs):
        if i in line.spaces and not glyph.mark and not line.glyphs[i - 1].mark:
            text += " "
        if glyph.mark:
            text += glyph.mark
            continue
        letter, confidence = _nearest(glyph.vector, shapes, index)
        text += letter
        sure = min(sure, confidence)
    return text, sure if text else 0.0


def _nearest(vector: Any, shapes: Shapes, owner: int) -> tuple[str, float]:
    if len(shapes.labels) == 0:
        return "?", 0.0
    distance = np.linalg.norm(shapes.vectors - vector, axis=1)
    distance[shapes.owners == owner] = np.inf
    order = np.argsort(distance)[:_NEIGHBOURS]
    near = [(float(distance[k]), shapes.labels[k]) for k in order if np.isfinite(distance[k])]
    if not near or near[0][0] > _FAR:
        return "?", 0.0
    votes = Counter(letter for _, letter in near)
    letter, count = votes.most_common(1)[0]
    if count == 1:
        letter = near[0][1]
    own = min(d for d, c in near if c == letter)
    other = distance[np.array([c != letter for c in shapes.labels])]
    rival = float(other.min()) if other.size else _FAR
    margin = (rival - own) / max(rival, 1e-6)
    return letter, max(0.0, min(1.0, 0.5 + margin))
