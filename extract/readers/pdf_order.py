"""Glyphs in the order of the file → glyphs in the order in which a line is read.

In: the glyphs of a page as the PDF draws them. Out: the order to read them in, or None where it is the same.

The idea: where the font of a document has no `ế` and `ữ`, the program that made the PDF drew them from another font,
often after the rest of the line: the file holds `Ti n, đ t` and then `ề ấ`. A line is drawn in *pieces*, stretches of
glyphs that go on to the right; pieces of one base line that touch or lie in each other's gaps are one piece of text
(a *group*) and are read from left to right. Pieces that lie on top of each other (bold type made by drawing twice)
stay apart, and so do the cells of a row: whichever is drawn first, they do not touch.

All of it is worked out over arrays, for all glyphs or pieces of a page at once: a page has a thousand glyphs in
hundreds of pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from extract.readers.pdf_words import are_two_words

Array: TypeAlias = Any

BREAK = -1  # in the order: white space that the file does not hold
GAP = 0.15  # of the font size: wider is a space
_LEVEL = 0.1  # of the font size: base lines this near are one
_TOUCH = 0.12
_PIECE = 0.5  # a gap as wide as this ends a piece
_OVER = 0.2  # of the narrower glyph: what a letter drawn twice covers of itself
_COVERED = 0.75  # of the narrower glyph: two glyphs that share more were drawn over each other
_UNSURE = 0.03  # of the font size: between this and `GAP`, the spelling tells whether two pieces are one word
_MAX_PIECES = 20_000
_PAGES_APART = 100_000.0  # points: base lines of two pages are never one
_BESIDE = 30_000.0  # points
_ISSPACE = np.array([chr(code).isspace() for code in range(0x3002)])
_FIRST_SEPARATOR, _LAST_SEPARATOR = 0x1C, 0x1F
_ISBLANK = _ISSPACE.copy()
_ISBLANK[_FIRST_SEPARATOR : _LAST_SEPARATOR + 1] = False
_ISDIGIT = np.array([chr(code).isdigit() for code in range(0x3002)])
_ISMARK = np.array([unicodedata.combining(chr(code)) != 0 for code in range(0x3002)])


class Drawn(NamedTuple):
    """The glyphs of some pages as they are drawn, a character and a row of each array for each. Those that are not
    `is_placed` are white space without a place of its own (put in by the library): it stays where it is unless the
    glyphs round it move. `page` is given where there is more than one."""

    text: str
    x0: Array
    x1: Array
    base: Array
    size: Array
    is_placed: Array
    page: Array = None


class _Pieces(NamedTuple):
    """`first`: where each piece begins among the placed glyphs; base line and size of its first glyph; its extent."""

    first: Array
    base: Array
    size: Array
    x0: Array
    x1: Array


class _Read(NamedTuple):
    """Glyphs of groups in reading order: their numbers, and where each group begins among them."""

    glyphs: Array
    is_first: Array


def codes_of(text: str) -> Array:
    """The characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def is_space(codes: Array) -> Array:
    """What `str.isspace` says of each character."""
    return np.take(_ISSPACE, codes, mode="clip")


def is_blank(codes: Array) -> Array:
    """What `\\s` is to `regex`: all that `str.isspace` says but for four marks of old protocols."""
    return np.take(_ISBLANK, codes, mode="clip")


def is_separator(codes: Array) -> Array:
    """The four marks of old protocols, which are white space to `str.split` alone."""
    return (codes >= _FIRST_SEPARATOR) & (codes <= _LAST_SEPARATOR)


def is_digit(codes: Array) -> Array:
    """What `str.isdigit` says of each character."""
    out: Array = np.take(_ISDIGIT, codes, mode="clip")
    for i in np.flatnonzero(codes >= len(_ISDIGIT)).tolist():
        out[i] = chr(codes[i]).isdigit()
    return out


def reading_order(drawn: Drawn) -> Array | None:
    """Numbers of glyphs in reading order, `BREAK` where a word ends; None where the file's order is that order."""
    known = np.flatnonzero(drawn.is_placed)
    if not len(known):
        return None
    page = drawn.page if drawn.page is not None else np.zeros(len(drawn.text), np.int64)
    drawn = drawn._replace(base=drawn.base + page * _PAGES_APART)
    codes = codes_of(drawn.text)
    marks, blank = is_mark(codes), is_space(codes)
    pieces = _pieces(drawn, known, marks)
    if not 1 < len(pieces.first) <= _MAX_PIECES:
        return None
    groups = _groups(pieces)
    if groups is None:
        return None
    of_glyph = np.repeat(groups, np.diff(pieces.first, append=len(known)))
    is_in = np.flatnonzero(of_glyph >= 0)  # by place: twice as quick as by a mask
    read = _read(known[is_in], of_glyph[is_in], drawn.x0)
    read = _without_overprinted(read, drawn, codes, marks | blank)
    if not len(read.glyphs):
        return None
    is_moved = np.zeros(page[-1] + 1, bool)
    is_moved[page[read.glyphs]] = True
    is_gap = ~drawn.is_placed & is_moved[page]
    return _without_long_gaps(_in_place(read, _breaks(read, drawn, blank, marks), len(codes)), is_gap)


def is_mark(codes: Array) -> Array:
    """Which characters are marks that are drawn onto the letter before them (text in decomposed Unicode)."""
    marks: Array = np.take(_ISMARK, codes, mode="clip")
    for i in np.flatnonzero(codes >= len(_ISMARK)).tolist():
        marks[i] = unicodedata.combining(chr(codes[i])) != 0
    return marks


def _pieces(drawn: Drawn, known: Array, marks: Array) -> _Pieces:
    """Stretches of glyphs of one base line that go on to the right; a mark belongs to the glyph before it.

    A glyph is compared with its piece. Where a run of glyphs has one base line and size and each ends right of the one
    before, that is comparing it with the one before: done for the whole page at once. A run that goes on with the one
    before it is rare, and looked at glyph by glyph.
    """
    own = ~marks[known]
    own[0] = True
    heads = np.flatnonzero(own)
    of_heads = known[heads]
    left, level, high = (values[of_heads] for values in (drawn.x0, drawn.base, drawn.size))
    right = np.maximum.reduceat(drawn.x1[known], heads)
    gap = left[1:] - right[:-1]
    is_run = (level[1:] == level[:-1]) & (high[1:] == high[:-1]) & (right[1:] >= right[:-1])
    is_run &= (gap >= -_TOUCH * high[1:]) & (gap <= _PIECE * high[1:])
    is_start = np.ones(len(heads), bool)
    is_start[1:] = ~is_run
    small = np.minimum(high[1:], high[:-1])
    joins = np.abs(level[1:] - level[:-1]) <= _LEVEL * small
    joins &= (gap >= -_TOUCH * small) & (gap <= _PIECE * small)
    joins = np.flatnonzero(joins & ~is_run) + 1
    if len(joins):
        _join(is_start, joins.tolist(), left, right, level, high)
    first = np.flatnonzero(is_start)
    return _Pieces(heads[first], level[first], high[first], left[first], np.maximum.reduceat(right, first))


def _join(is_start: Array, joins: list[int], left: Array, right: Array, level: Array, high: Array) -> None:
    """Join to a piece the glyphs at its end that go on with it. `joins` are the starts of runs that go on with the
    run before; a piece of several runs is compared with what comes next glyph by glyph."""
    runs = np.flatnonzero(is_start)
    firsts = runs[np.searchsorted(runs, joins) - 1].tolist()
    done = 0
    for start, first in zip(joins, firsts, strict=True):
        if start <= done:
            continue
        base, size, end = level[first], high[first], right[start - 1]  # base line and size are those of the whole piece
        at = start
        while at < len(left):
            small = min(size, high[at])
            is_near = abs(level[at] - base) <= _LEVEL * small and -_TOUCH * small <= left[at] - end <= _PIECE * small
            if not is_near:
                break
            end = max(end, right[at])
            at += 1
        is_start[start:at] = False
        is_start[at : at + 1] = True
        done = at


def _groups(pieces: _Pieces) -> Array | None:
    """The number of each piece's group, -1 where its group is drawn as it is read; None where all are.

    A group is pieces of one base line that touch or overlap, each line swept from left to right. It is drawn as it is
    read where its pieces are drawn one after the other and none lies over another.
    """
    level = np.argsort(pieces.base, kind="stable")
    base, size = pieces.base[level], pieces.size[level]
    is_new = np.zeros(len(level), np.int64)
    is_new[1:] = base[1:] - base[:-1] > _LEVEL * np.minimum(size[1:], size[:-1])
    line = np.cumsum(is_new)
    swept = _sorted_within(pieces.x0[level], line)
    order, line = level[swept], line[swept]
    x0, x1, size = pieces.x0[order], pieces.x1[order], pieces.size[order]
    end = _furthest(x1, line)
    is_other = np.ones(len(order), bool)
    is_other[1:] = (line[1:] != line[:-1]) | (x0[1:] - end[:-1] > _TOUCH * np.minimum(size[1:], size[:-1]))
    is_moved = (order[1:] - order[:-1] != 1) | (x0[1:] < x1[:-1] - _TOUCH * size[1:])
    number = np.cumsum(is_other) - 1
    moved = np.zeros(number[-1] + 1, bool)
    moved[number[1:][is_moved & ~is_other[1:]]] = True
    if not moved.any():
        return None
    out = np.empty(len(order), np.int64)
    out[order] = np.where(moved[number], number, -1)
    return out


def _sorted_within(values: Array, part: Array) -> Array:
    """The order of values within numbered parts, part by part."""
    return np.argsort(_set_apart(values, part), kind="stable")


def _set_apart(values: Array, part: Array) -> Array:
    """Values moved so that no part reaches into the next: sorting by two keys takes five times as long. What stands
    far beside the page (no page is wider than 14,400 points) must not cost the others their exactness."""
    return np.clip(values, -_BESIDE, _BESIDE) + part * (3 * _BESIDE)


def _furthest(values: Array, line: Array) -> Array:
    """The largest value so far in each line."""
    sums = _set_apart(values, line)
    places = np.arange(len(values))
    return values[np.maximum.accumulate(np.where(sums == np.maximum.accumulate(sums), places, 0))]


def _read(glyphs: Array, group: Array, x0: Array) -> _Read:
    """The glyphs of each group from left to right."""
    order = _sorted_within(x0[glyphs], group)
    return _with_starts(glyphs[order], group[order])


def _with_starts(glyphs: Array, group: Array) -> _Read:
    is_first = np.ones(len(group), bool)
    is_first[1:] = group[1:] != group[:-1]
    return _Read(glyphs, is_first)


def _without_overprinted(read: _Read, drawn: Drawn, codes: Array, is_none: Array) -> _Read:
    """Without groups in which most letters of one piece lie on those of another: drawn twice, not drawn in two goes.
    `is_none`: which characters are no letters."""
    group = np.cumsum(read.is_first) - 1
    is_letter = np.flatnonzero(~is_none[read.glyphs])
    letters, own = read.glyphs[is_letter], group[is_letter]
    left, right, char, size = drawn.x0[letters], drawn.x1[letters], codes[letters], drawn.size[letters]
    is_same = char[1:] == char[:-1]
    narrow = np.minimum(right[:-1] - left[:-1], right[1:] - left[1:])
    is_over = right[:-1] - left[1:] > _OVER * narrow  # the letters of `VIII` stand as near in a narrow font
    is_twin = is_same & is_over & (left[1:] - left[:-1] < 0.25 * size[1:])
    is_covered = (narrow > 0) & (is_twin | (right[:-1] - left[1:] > _COVERED * narrow))
    is_covered &= (own[1:] == own[:-1]) & ~((right[:-1] <= left[1:]) & ~is_same)  # beside each other, as letters are
    count = int(group[-1]) + 1
    covered = np.bincount(own[1:][is_covered], minlength=count)
    is_twice = covered > 0.25 * np.bincount(own, minlength=count)
    if not is_twice.any():
        return read
    kept = ~is_twice[group]
    return _with_starts(read.glyphs[kept], group[kept])


def _breaks(read: _Read, drawn: Drawn, blanks: Array, marks: Array) -> Array:
    """Before which glyphs of the groups a word ends without white space. A space between two pieces may be narrow, or
    lost among the glyphs that were put between: there the spelling decides."""
    glyphs = read.glyphs
    left, right = drawn.x0[glyphs], drawn.x1[glyphs]
    gap = np.zeros(len(glyphs))
    gap[1:] = (left[1:] - right[:-1]) / drawn.size[glyphs[1:]]
    gap[read.is_first] = 0.0
    blank = blanks[glyphs]
    is_break = (gap > GAP) & ~blank
    goes_on = ~(blank | is_break | read.is_first)
    goes_on[1:] &= ~blank[:-1]  # a glyph of the same word as the one before it
    unsure = np.flatnonzero(goes_on & (gap > _UNSURE) & ~marks[glyphs])
    if len(unsure):
        ends = np.append(np.flatnonzero(~goes_on), len(glyphs))
        word = np.searchsorted(ends, unsure, "right")
        starts, stops = ends[word - 1].tolist(), ends[word].tolist()
        words: dict[tuple[int, int], list[int]] = {}
        for at, start, stop in zip(unsure.tolist(), starts, stops, strict=True):
            words.setdefault((start, stop), []).append(at)
        for (start, stop), places in words.items():
            text = "".join(drawn.text[glyph] for glyph in glyphs[start:stop].tolist())
            is_break[[start + at for at in _spelled(text, [place - start for place in places])]] = True
    return is_break


def _spelled(text: str, unsure: list[int]) -> Iterator[int]:
    """Where a word is parted: at an unsure gap where both sides are syllables and the whole is none (`kế` `đến`)."""
    start = 0
    for at in unsure:
        left, right = (unicodedata.normalize("NFC", part) for part in (text[start:at], text[at:]))
        if are_two_words(left, right):
            yield at
            start = at


def _in_place(read: _Read, is_break: Array, count: int) -> Array:
    """All glyphs of the page: each group, set off by breaks, where the first of its glyphs was drawn."""
    starts = np.flatnonzero(read.is_first)
    anchors = np.minimum.reduceat(read.glyphs, starts)
    width = 1 + is_break.astype(np.int64)
    width[starts] += 1
    width[np.append(starts[1:], len(width)) - 1] += 1  # the break behind a group
    at = np.cumsum(width) - 1  # where each glyph stands among glyphs and breaks
    at[np.append(starts[1:], len(width)) - 1] -= 1
    grouped = np.full(int(width.sum()), BREAK)
    grouped[at] = read.glyphs
    stays = np.ones(count, bool)
    stays[read.glyphs] = False
    others = np.flatnonzero(stays)
    lengths = np.add.reduceat(width, starts)
    place = np.concatenate([np.repeat(anchors, lengths), others])
    return np.concatenate([grouped, others])[np.argsort(place, kind="stable")]


def _without_long_gaps(order: Array, has_no_place: Array) -> Array:
    """White space that is left where glyphs went away is one break: places in the text tell what belongs together."""
    is_gap = (order == BREAK) | has_no_place[order]
    starts = np.flatnonzero(np.diff(is_gap, prepend=~is_gap[:1]))
    lengths = np.diff(starts, append=len(order))
    is_long = is_gap[starts] & (lengths >= 3)
    if not is_long.any():
        return order
    kept = ~np.repeat(is_long, lengths)
    kept[starts] = True
    return order[kept]
