"""What stands on one page, before anything is understood: words, ruling lines, glyphs on request.

Readers of pages (PDF, scans) fill a `PageContent`; `extract.tables` and the layout step read it.
Coordinates: points, origin top left, x right, y down, in the frame in which the text is upright.
For a page whose table is printed sideways that frame is turned against the page as it is seen;
`PageContent.seen` maps a box back to what a person sees, which is what `Cell.bbox` holds.

Words and edges are named tuples: thousands are made per page, and a frozen dataclass costs five
times as much to make.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, Protocol

import regex

from extract.model import BBox, Problem
from extract.records import maker
from extract.syllables import is_syllable

# letters only: codes and abbreviations are cut elsewhere
_WORD_END = regex.compile(r"(?<![\p{L}\d])\p{L}{1,6}$")
_WORD_START = regex.compile(r"\p{L}{1,4}(?![\p{L}\d])")
_YEAR_END = regex.compile(r"\d{1,2}/\d{1,2}/(\d{1,3})$")
_YEAR_START = regex.compile(r"\d{1,3}(?!\d)")
_box = maker(BBox)
MAX_END = 12  # characters: more than the end of a word or of a date that is looked at
SHORT_TEXT = 100
WIDE_GAP, JUMP_GAP = 0.8, 0.35  # of the font size; the smaller one where the text stream jumps too
SAME_LINE = 0.4  # of the font size: base lines this near are those of one printed line
TOUCHING = 0.12  # of the font size: nearer than that there is no space between two letters
RUN_GAP = 0.36  # of the font size: wider than the space between words, narrower than a gutter


class Word(NamedTuple):
    """A run of glyphs without white space. `base` is the y of its base line, `size` about the font
    size. `start`, `length` name its glyphs for `PageContent.glyphs`. `turn` is 0 for upright text, 1
    for text that runs upwards, -1 for text that runs downwards, 2 for text upside down."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    start: int = 0
    length: int = 0
    turn: int = 0


class Glyph(NamedTuple):
    """One glyph with its advance box."""

    char: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float


class Edge(NamedTuple):
    """A horizontal or vertical ruling line: `pos` across, `start` to `end` along."""

    is_horizontal: bool
    pos: float
    start: float
    end: float


class Style(NamedTuple):
    is_bold: bool
    is_italic: bool


@dataclass(frozen=True, slots=True)
class PageContent:
    """One page. `width`, `height` are of the upright frame; `turns` is the number of quarter turns
    (clockwise) that bring the page as seen into that frame.

    `unmapped` counts glyphs without a Unicode value, `n_glyphs` all of them; `image_share` is the part
    of the page that `pictures` cover (left, top, right, bottom of each); `is_hidden_text` says that the words come
    from an invisible layer; `unseen` are the boxes of white print on paper.
    `read`, `doubts`, `problems` tell of text that was in an old encoding: word → (word as read, encoding); words that
    may have lost a letter.
    `glyphs(start, count)` and `style(glyph)` answer only while the page is open. Of a sheet with two pages on it each
    is one: `left` is where it begins on the sheet of `sheet_width`.
    """

    number: int
    width: float
    height: float
    words: Sequence[Word]
    edges: Sequence[Edge]
    glyphs: Callable[[int, int], list[Glyph]]
    style: Callable[[int], Style]
    turns: int = 0
    n_glyphs: int = 0
    unmapped: int = 0
    image_share: float = 0.0
    pictures: Sequence[tuple[float, float, float, float]] = ()
    is_hidden_text: bool = False
    unseen: Sequence[tuple[float, ...]] = ()
    read: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    doubts: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    left: float = 0.0
    sheet_width: float = 0.0

    def seen(self, x0: float, top: float, x1: float, bottom: float) -> BBox:
        """A box of the upright frame as a box of the page as it is seen."""
        w, h = self.sheet_width or self.width, self.height
        x0, x1 = x0 + self.left, x1 + self.left
        if self.turns == 1:
            x0, top, x1, bottom = top, w - x1, bottom, w - x0
        elif self.turns == 2:
            x0, top, x1, bottom = w - x1, h - bottom, w - x0, h - top
        elif self.turns == 3:
            x0, top, x1, bottom = h - bottom, x0, h - top, x1
        return _box(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


_PLACE, LEFT, _TEXT = attrgetter("base", "x0"), attrgetter("x0"), attrgetter("text")
TOP, RIGHT, BOTTOM, SIZE = attrgetter("top"), attrgetter("x1"), attrgetter("bottom"), attrgetter("size")


def text_lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words as printed lines, top to bottom, each left to right; a word drawn twice (fake bold) once.

    Words stand on one line when their base lines are less than 0.4 of a font size apart.
    """
    lines = _given_lines(words)
    if lines is not None:
        return lines
    lines = []
    base = -1e9
    for word in sorted(words, key=_PLACE):
        if lines and word.base - base <= SAME_LINE * min(word.size, lines[-1][0].size):
            lines[-1].append(word)
        else:
            lines.append([word])
            base = word.base
    return [_once(sorted(line, key=LEFT)) if len(line) > 1 else line for line in lines]


def _given_lines(words: Sequence[Word]) -> list[list[Word]] | None:
    """The lines of words that are given in the order in which they are read, as those of a cell are, each line on one
    base line; None where they are not."""
    lines: list[list[Word]] = []
    line: list[Word] = []
    base, last = -1e9, None
    for word in words:
        if word.base != base:
            step = word.base - base
            if step < 0 or (last is not None and step <= SAME_LINE * min(word.size, line[0].size)):
                return None
            base = word.base
            line = [word]
            lines.append(line)
        elif last is not None:
            if word.x0 < last.x0 or (word.text == last.text and word.x0 - last.x0 < 0.25 * word.size):
                return None
            line.append(word)
        last = word
    return lines


def _once(line: list[Word]) -> list[Word]:
    kept: list[Word] = []
    for word in line:
        if kept and word.text == kept[-1].text and word.x0 - kept[-1].x0 < 0.25 * word.size:
            continue
        kept.append(word)
    return kept


def line_text(line: Iterable[Word]) -> str:
    return " ".join(map(_TEXT, line))


class WordSource(Protocol):
    """What can make the words that it stands for."""

    def made(self) -> list[Word]: ...


class Line:
    """A printed line or a piece of one, cut at wide gaps.

    `texts` are those of its words; `start` is the first glyph of the first word, `opening` that word's width.
    `is_gapped` says that some words stand further apart than in a line of prose. Of most lines nothing else is looked
    at: words are made when they are asked for.
    """

    __slots__ = (
        "_first", "_source", "_text", "base", "bottom", "in_column", "is_gapped", "opening", "size", "start", "texts",
        "top", "x0", "x1",
    )  # fmt: skip

    def __init__(
        self, texts: list[str], x0: float, top: float, x1: float, bottom: float, base: float, size: float, start: int,
        opening: float, is_gapped: bool, source: WordSource | list[Word], first: int = 0,
    ) -> None:  # fmt: skip
        """`source` are its words, or what makes them, the first of them at `first`."""
        self.texts, self.x0, self.top, self.x1, self.bottom = texts, x0, top, x1, bottom
        self.base, self.size, self.start, self.opening, self.is_gapped = base, size, start, opening, is_gapped
        self.in_column = False
        self._source, self._first = source, first
        self._text: str | None = None

    @classmethod
    def of(cls, words: list[Word]) -> Line:
        """The line of some words, from left to right."""
        first = words[0]
        return cls(
            list(map(_TEXT, words)), first.x0, min(map(TOP, words)), max(map(RIGHT, words)),
            max(map(BOTTOM, words)), first.base, max(map(SIZE, words)), first.start, first.x1 - first.x0,
            any(b.x0 - a.x1 > RUN_GAP * b.size for a, b in pairwise(words)), words,
        )  # fmt: skip

    @property
    def words(self) -> list[Word]:
        if not isinstance(self._source, list):
            self._source = self._source.made()[self._first : self._first + len(self.texts)]
        return self._source

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = " ".join(self.texts)
        return self._text

    def and_(self, right: Line) -> Line:
        """The line of which both are pieces."""
        if self._source is not right._source or self._first + len(self.texts) != right._first:
            return Line.of(self.words + right.words)
        return Line(
            self.texts + right.texts, self.x0, min(self.top, right.top), max(self.x1, right.x1),
            max(self.bottom, right.bottom), self.base, max(self.size, right.size), self.start, self.opening, True,
            self._source, self._first,
        )  # fmt: skip


def pieces(words: Sequence[Word]) -> list[Line]:
    """Printed lines cut at wide gaps, sorted by base line, then from left to right."""
    out: list[Line] = []
    for line in text_lines(words):
        run = [line[0]]
        for word in line[1:]:
            gap = word.x0 - run[-1].x1
            jumps = not 0 <= word.start - run[-1].start - run[-1].length <= 3
            if gap > (JUMP_GAP if jumps else WIDE_GAP) * word.size:
                out.append(Line.of(run))
                run = []
            run.append(word)
        out.append(Line.of(run))
    return out


def cell_text(words: Sequence[Word]) -> str:
    """The words of a cell as printed: lines joined by a newline, sideways text read along its run.

    Short texts come again and again (codes, units, header words): each is held once.
    """
    if len(words) <= 1 and not any(w.turn for w in words):
        return sys.intern(words[0].text) if words else ""
    text = _cell_text(words)
    return sys.intern(text) if len(text) <= SHORT_TEXT else text


def _cell_text(words: Sequence[Word]) -> str:
    turned = [w for w in words if w.turn in (1, -1)]
    if not turned:
        return rejoined(list(map(line_text, text_lines(words))))
    upright = [w for w in words if w.turn not in (1, -1)]
    parts = [_cell_text(upright)] if upright else []
    up = 1 if sum(w.turn for w in turned) >= 0 else -1
    return rejoined([*parts, *(spelled(line) for line in text_lines([turned_level(w, up) for w in turned]))])


def turned_level(word: Word, up: int) -> Word:
    """A word that runs upwards (`up` 1) or downwards (-1), turned about the origin so that it is upright: its base line
    was an x, its start a y."""
    ends = sorted((-word.bottom * up, -word.top * up))
    return word._replace(x0=ends[0], top=word.x0 * up, x1=ends[1], bottom=word.x1 * up, base=word.base * up, turn=0)


def spelled(line: Sequence[Word]) -> str:
    """The text of a sideways line: among upright text its letters are given one by one."""
    text = line[0].text
    for before, word in pairwise(line):
        text += word.text if word.x0 - before.x1 < TOUCHING * word.size else f" {word.text}"
    return text


def rejoined(lines: Sequence[str]) -> str:
    """The printed lines of a cell, joined by newlines; a word that a very narrow column cut is one again.

    `Tron⏎g kỳ` → `Trong kỳ`: one of the two ends is no Vietnamese syllable and both together are. `03/02/202⏎3`: a year
    has four figures.
    """
    if len(lines) < 2:
        return lines[0] if lines else ""
    text = lines[0]
    for line in lines[1:]:
        text += ("" if _is_cut(text, line) else "\n") + line
    return text


def _is_cut(before: str, after: str) -> bool:
    start = _WORD_START.match(after)
    if start and start[0].islower() and (end := _WORD_END.search(before, max(0, len(before) - MAX_END))):
        first, rest = end[0], start[0]
        return not (is_syllable(first) and is_syllable(rest)) and is_syllable(first + rest)
    more = _YEAR_START.match(after)
    year = _YEAR_END.search(before, max(0, len(before) - MAX_END)) if more else None
    return year is not None and more is not None and len(year[1]) + len(more[0]) == 4


# The last word of a line and the first of the next tell it alone, and the same ones come again and again.
is_cut_word = lru_cache(maxsize=8192)(_is_cut)
