"""Glyphs in the order of the file → glyphs in the order in which a line is read.

In: the glyphs of a page as the PDF draws them. Out: the order to read them in, or None where it is the same.

The idea: where the font of a document has no `ế` and `ữ`, the program that made the PDF drew them from another font,
often after the rest of the line: the file holds `Ti n, đ t` and then `ề ấ`. A line is drawn in *pieces*, stretches of
glyphs that go on to the right; pieces of one base line that touch or lie in each other's gaps are one piece of text
and are read from left to right. Pieces that lie on top of each other (bold type made by drawing twice) stay apart, and
so do the cells of a row: whichever is drawn first, they do not touch.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import regex

from extract.page import Glyph
from extract.syllables import is_syllable

BREAK = -1  # in the order: white space that the file does not hold
GAP = 0.15  # of the font size: wider is a space
_LEVEL = 0.1  # of the font size: base lines this near are one
_TOUCH = 0.12
_PIECE = 0.5  # a gap as wide as this ends a piece
_COVERED = 0.75  # of the narrower glyph: two glyphs that share more were drawn over each other
_UNSURE = 0.03  # of the font size: between this and `GAP`, the spelling tells whether two pieces are one word
_MAX_PIECES = 20_000
_LAST_PLAIN = "\u02ff"  # combining marks come after it


@dataclass(slots=True)
class _Piece:
    """Glyphs drawn one after the other, from left to right. `x1` is where the furthest one ends."""

    indexes: list[int]
    base: float
    size: float
    x0: float
    x1: float


def reading_order(glyphs: Sequence[Glyph | None]) -> list[int] | None:
    """Indexes of `glyphs` in reading order, `BREAK` where a word ends; None where the file's order is that order.

    None among the glyphs is white space without a place of its own (put in by the library): it stays where it is unless
    the glyphs round it move.
    """
    pieces = list(_pieces(glyphs))
    if len(pieces) < 2 or len(pieces) > _MAX_PIECES:
        return None
    places = {piece.indexes[0]: place for place, piece in enumerate(pieces)}
    lefts = [0.0 if glyph is None else glyph.x0 for glyph in glyphs]
    orders = {}
    for group in _groups(pieces):
        first = min(places[piece.indexes[0]] for piece in group)
        if all(places[piece.indexes[0]] == first + i for i, piece in enumerate(group)) and not _overlap(group):
            continue  # drawn one after the other, as they are read
        drawn = [index for piece in group for index in piece.indexes]
        read = sorted(sorted(drawn), key=lefts.__getitem__)
        if not _is_overprinted(read, glyphs):
            orders[min(drawn)] = read
    if not orders:
        return None
    placed = {index for read in orders.values() for index in read}
    out: list[int] = []
    for index in range(len(glyphs)):
        if index in orders:
            out += [BREAK, *_with_breaks(orders[index], glyphs), BREAK]
        elif index not in placed:
            out.append(index)
    return list(_without_long_gaps(out, glyphs))


def _without_long_gaps(order: Sequence[int], glyphs: Sequence[Glyph | None]) -> Iterator[int]:
    """White space that is left where glyphs went away is one break: places in the text tell what belongs together."""
    gap: list[int] = []
    for index in order:
        if index == BREAK or glyphs[index] is None:
            gap.append(index)
            continue
        yield from gap if len(gap) < 3 else gap[:1]
        gap = []
        yield index
    yield from gap


def _pieces(glyphs: Sequence[Glyph | None]) -> Iterator[_Piece]:
    """Stretches of glyphs of one base line that go on to the right.

    A glyph is compared with its piece. Where a run of glyphs has one base line and size and each ends right of the one
    before, that is comparing it with the one before: done for the whole page at once. What is left is done one by one.
    """
    known = [index for index, glyph in enumerate(glyphs) if glyph is not None]
    if not known:
        return
    _, x0, _, x1, _, base, size = zip(*(g for g in glyphs if g is not None), strict=True)
    left, right, level, high = map(np.array, (x0, x1, base, size))
    gap = left[1:] - right[:-1]
    is_run = (level[1:] == level[:-1]) & (high[1:] == high[:-1]) & (right[1:] >= right[:-1])
    is_run &= (gap >= -_TOUCH * high[1:]) & (gap <= _PIECE * high[1:])
    starts = [0, *(np.flatnonzero(~is_run) + 1).tolist()]
    piece: _Piece | None = None
    for start, end in zip(starts, [*starts[1:], len(known)], strict=True):
        at = start
        while piece is not None and at < end:
            glyph = glyphs[known[at]]
            if glyph is None or not _goes_on(piece, glyph):
                break
            piece.indexes.append(known[at])
            piece.x1 = max(piece.x1, glyph.x1)
            at += 1
        if at < end:
            if piece is not None:
                yield piece
            piece = _Piece(known[at:end], base[at], size[at], x0[at], x1[end - 1])
    if piece is not None:
        yield piece


def _goes_on(piece: _Piece, glyph: Glyph) -> bool:
    if glyph.char > _LAST_PLAIN and unicodedata.combining(glyph.char):
        return True
    size = min(piece.size, glyph.size)
    return abs(glyph.base - piece.base) <= _LEVEL * size and -_TOUCH * size <= glyph.x0 - piece.x1 <= _PIECE * size


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces of one base line that touch or overlap, each line swept from left to right."""
    out: list[list[_Piece]] = []
    line: list[_Piece] = []
    for piece in [*sorted(pieces, key=lambda p: p.base), None]:
        if line and (piece is None or piece.base - line[-1].base > _LEVEL * min(piece.size, line[-1].size)):
            out += _touching(line)
            line = []
        if piece is not None:
            line.append(piece)
    return out


def _touching(line: list[_Piece]) -> Iterator[list[_Piece]]:
    line.sort(key=lambda p: p.x0)
    group: list[_Piece] = []
    end = 0.0
    for piece in line:
        if group and piece.x0 - end > _TOUCH * min(piece.size, group[-1].size):
            yield group
            group = []
        end = max(end, piece.x1) if group else piece.x1
        group.append(piece)
    yield group


def _overlap(group: Sequence[_Piece]) -> bool:
    return any(right.x0 < left.x1 - _TOUCH * right.size for left, right in pairwise(group))


def _is_overprinted(read: Sequence[int], glyphs: Sequence[Glyph | None]) -> bool:
    """Most letters of one piece lie on those of another: drawn twice, not drawn in two goes."""
    covered = 0
    letters = [g for i in read if (g := glyphs[i]) is not None and _is_letter(g.char)]
    for left, right in pairwise(letters):
        if left.x1 <= right.x0 and left.char != right.char:
            continue  # beside each other, as letters are
        narrow = min(left.x1 - left.x0, right.x1 - right.x0)
        is_twin = left.char == right.char and right.x0 - left.x0 < 0.25 * right.size
        covered += narrow > 0 and (is_twin or left.x1 - right.x0 > _COVERED * narrow)
    return covered > 0.25 * len(letters)


def _is_letter(char: str) -> bool:
    """Not white space, and no mark that is drawn onto the letter before it (text in decomposed Unicode)."""
    return not char.isspace() and not (char > _LAST_PLAIN and unicodedata.combining(char))


def _with_breaks(read: Sequence[int], glyphs: Sequence[Glyph | None]) -> Iterator[int]:
    """The glyphs of a line with breaks at its gaps. A space between two pieces may be narrow, or lost among the glyphs
    that were put between: there the spelling decides."""
    word: list[int] = []
    unsure: list[int] = []  # places in the word where it may end
    last: Glyph | None = None
    for index in read:
        glyph = glyphs[index]
        if glyph is None:
            continue
        gap = (glyph.x0 - last.x1) / glyph.size if last is not None else 0.0
        if glyph.char.isspace() or gap > GAP:
            yield from _spelled(word, unsure, glyphs)
            word, unsure = [], []
            if glyph.char.isspace():
                yield index
            else:
                yield BREAK
        elif word and gap > _UNSURE and not unicodedata.combining(glyph.char):
            unsure.append(len(word))
        if not glyph.char.isspace():
            word.append(index)
        last = glyph
    yield from _spelled(word, unsure, glyphs)


def _spelled(word: list[int], unsure: list[int], glyphs: Sequence[Glyph | None]) -> Iterator[int]:
    """A word, parted at an unsure gap where both sides are syllables and the whole is none (`kế` `đến`)."""
    start = 0
    text = ["" if (g := glyphs[i]) is None else g.char for i in word] if unsure else []
    for at in unsure:
        left, right = (unicodedata.normalize("NFC", "".join(part)) for part in (text[start:at], text[at:]))
        ends = regex.match(r"\p{L}+", right)
        if is_syllable(left) and ends and not is_syllable(left + ends[0]) and is_syllable(ends[0]):
            yield from word[start:at]
            yield BREAK
            start = at
    yield from word[start:]
