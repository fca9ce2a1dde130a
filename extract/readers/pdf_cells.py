"""The words of a page → the cells of its ruled tables.

In: words, tables, the page. Out: for each table its `CellWords`, and the words outside. A word stands in a cell by its
middle, in the smallest table round it. A word that lies across a rule is cut where figures meet, letters meet figures,
or glyphs stand apart; one that only sticks out of its cell stays whole.

The lines of all cells of a table are told at once: the words of a cell are nearly always given in the order in which
they are read, each line on one base line. Cells in which they are not are read word by word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from sys import intern
from typing import Any, TypeAlias

import numpy as np

from extract.page import SHORT_TEXT, PageContent, Word, cell_text, is_cut_word, line_text, text_lines
from extract.page_words import PageWords
from extract.readers.pdf_words import words_of
from extract.tables.ruled import RuledTable

Array: TypeAlias = Any

FAR = 1e6
EDGE = 2.0  # points: a rule this near to the edge of the page was cut there
SAME_X = 1.5  # points
CELL_END, LINE_END = "\r", "\n"  # no word holds white space


class CellWords:
    """The words of the cells of one table. `order` are their places among the words of the page, cell by cell."""

    def __init__(self, words: PageWords, order: Array, cell: Array, n_cells: int) -> None:
        """`cell` is that of each word, in rising order."""
        self._words, self._order, self._cell = words, order, cell
        self._ends: list[int] = np.searchsorted(cell, np.arange(n_cells), "right").tolist()
        self._printed, self._odd = self._read()

    @classmethod
    def of(cls, cells: Sequence[Sequence[Word]]) -> CellWords:
        words = list(chain.from_iterable(cells))
        cell = np.repeat(np.arange(len(cells)), [len(own) for own in cells])
        return cls(PageWords.of(words), np.arange(len(words)), cell, len(cells))

    def __bool__(self) -> bool:
        return bool(len(self._order))

    def first(self, count: int) -> list[list[Word]]:
        """The words of the first cells."""
        ends = self._ends[:count]
        words = self._words.some(self._order[: ends[-1]].tolist()) if ends else []
        return [words[a:b] for a, b in zip([0, *ends], ends)]  # noqa: B905 - the last end begins no cell

    def find(self, text: str, x0: float, count: int) -> int | None:
        """The first of the first `count` cells that holds a word of this text at this x."""
        end = self._ends[count - 1] if count else 0
        texts = self._words.texts
        for at, place in enumerate(self._order[:end].tolist()):
            if texts[place] == text and abs(self._words.x0[place] - x0) < SAME_X:
                return int(self._cell[at])
        return None

    def count(self, cell: int) -> int:
        return self._ends[cell] - (self._ends[cell - 1] if cell else 0)

    def __getitem__(self, cell: int) -> list[Word]:
        first = self._ends[cell - 1] if cell else 0
        return self._words.some(self._order[first : self._ends[cell]].tolist())

    def text(self, cell: int) -> str:
        """The words of a cell as printed."""
        return self.texts[cell]

    def lines(self, cell: int) -> list[str]:
        """The printed lines of a cell."""
        if cell in self._odd:
            return list(map(line_text, text_lines(self[cell])))
        return self._printed[cell].split(LINE_END) if self._printed[cell] else []

    @cached_property
    def texts(self) -> list[str]:
        """The words of each cell as printed."""
        out = [intern(text) if len(text) <= SHORT_TEXT else text for text in self._printed]
        for cell in self._odd:
            out[cell] = cell_text(self[cell])
        return out

    def _read(self) -> tuple[list[str], set[int]]:
        """The lines of each cell as one text, and the cells that have to be read word by word: those whose words are
        not given line by line, are printed sideways, or were cut at a line's end."""
        out = [""] * len(self._ends)
        order, cell, turn = self._order, self._cell, self._words.turn
        if not len(order):
            return out, set()
        texts = [self._words.texts[i] for i in order.tolist()]
        is_other = cell[1:] != cell[:-1]
        is_new, is_odd = self._breaks(texts)
        for i in np.flatnonzero(is_new & ~is_other).tolist():
            if is_cut_word(texts[i], texts[i + 1]):
                is_odd[i] = True
        odd = set(cell[1:][is_odd].tolist())
        if turn is not None:
            odd.update(cell[turn[order] != 0].tolist())
        marks = map((" ", LINE_END, CELL_END).__getitem__, [0, *(is_new.astype(np.int8) + is_other).tolist()])
        printed = "".join(chain.from_iterable(zip(marks, texts, strict=True)))
        filled = cell[np.flatnonzero(np.append(True, is_other))].tolist()
        for index, text in zip(filled, printed[1:].split(CELL_END), strict=True):
            out[index] = text
        return out, odd

    def _breaks(self, texts: list[str]) -> tuple[Array, Array]:
        """Which words but the first begin a line, and which do not follow the word before as in a line or below it."""
        words, order, cell = self._words, self._order, self._cell
        base, x0, size = words.base[order], words.x0[order], words.size[order]
        step = base[1:] - base[:-1]
        is_same = cell[1:] == cell[:-1]
        is_new = (step != 0) | ~is_same
        start = np.maximum.accumulate(np.where(np.append(True, is_new), np.arange(len(order)), 0))[:-1]
        is_odd = is_same & (step != 0) & (step <= 0.4 * np.minimum(size[1:], size[start]))
        on = is_same & (step == 0)
        shift = x0[1:] - x0[:-1]
        is_odd |= on & (shift < 0)
        for i in np.flatnonzero(on & (shift < 0.25 * size[1:])).tolist():
            is_odd[i] |= texts[i] == texts[i + 1]  # drawn twice
        return is_new, is_odd


def words_in_cells(
    words: PageWords, tables: Sequence[RuledTable], page: PageContent
) -> tuple[list[CellWords], PageWords]:
    """Words per table and cell, and those outside."""
    if not tables:
        return [], words.where((words.x1 > 0) & (words.x0 < page.width))
    number = _tables_of(words, tables, page)
    words, number = _cut_at_rules(words, number, tables, page)
    x, y = (words.x0 + words.x1) / 2, (words.top + words.bottom) / 2
    inside = []
    for i, table in enumerate(tables):
        own = np.flatnonzero(number == i)
        cell = np.array(table.owner)[_between(table.ys, y[own]), _between(table.xs, x[own])]
        order = np.argsort(cell, kind="stable")
        inside.append(CellWords(words, own[order], cell[order], len(table.cells)))
    return inside, words.where((number < 0) & (words.x1 > 0) & (words.x0 < page.width))


def _tables_of(words: PageWords, tables: Sequence[RuledTable], page: PageContent) -> Array:
    """The table round each word, the smallest of several; -1 where there is none."""
    x, y = (words.x0 + words.x1) / 2, (words.top + words.bottom) / 2
    number = np.full(len(words), -1)
    for i in sorted(range(len(tables)), key=lambda i: _area(tables[i])):
        left, top, right, bottom = _hull(tables[i], page)
        number[(number < 0) & (left <= x) & (x <= right) & (top <= y) & (y <= bottom)] = i
    return number


def _between(places: Sequence[float], values: Array) -> Array:
    """The row or column at some places: what sticks out of the table at a side is in its first or last one."""
    return np.searchsorted(np.array(places[1:-1]), values, "right")


def _cut_at_rules(
    words: PageWords, number: Array, tables: Sequence[RuledTable], page: PageContent
) -> tuple[PageWords, Array]:
    """The words with those that lie across a rule in their parts, and the table of each."""
    across: list[int] = []
    for i, table in enumerate(tables):
        own = np.flatnonzero(number == i)
        is_across = _between(table.xs, words.x0[own] + 1) != _between(table.xs, words.x1[own] - 1)
        across += own[is_across].tolist()
    if not across:
        return words, number
    parts = {
        at: cut
        for at, word in zip(across, words.some(across), strict=True)
        if (cut := _cut(word, tables[number[at]], page)) != [word]
    }
    if not parts:
        return words, number
    whole = [parts.get(at, [word]) for at, word in enumerate(words)]
    return PageWords.of(list(chain.from_iterable(whole))), np.repeat(number, [len(own) for own in whole])


def _hull(table: RuledTable, page: PageContent) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a table. One that runs over the edge of the page has its text there too, printed or
    not."""
    left = -FAR if table.xs[0] <= EDGE else table.xs[0]
    right = FAR if table.xs[-1] >= page.width - EDGE else table.xs[-1]
    return left, table.ys[0], right, table.ys[-1]


def _area(table: RuledTable) -> float:
    return (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0])


def _cell(table: RuledTable, x: float, y: float) -> int:
    """The cell at a point beside or in the table."""
    return table.owner[int(_between(table.ys, y))][int(_between(table.xs, x))]


def _cut(word: Word, table: RuledTable, page: PageContent) -> list[Word]:
    """A word that lies across a rule, in its parts: `Văn bản` and `416` set without a gap."""
    y = (word.top + word.bottom) / 2
    if word.turn or word.length < 2 or _cell(table, word.x0 + 1, y) == _cell(table, word.x1 - 1, y):
        return [word]
    glyphs = page.glyphs(word.start, word.length)
    parts, first = [], 0
    for i in range(1, len(glyphs)):
        a, b = glyphs[i - 1], glyphs[i]
        if _cell(table, (a.x0 + a.x1) / 2, y) == _cell(table, (b.x0 + b.x1) / 2, y):
            continue
        if a.char.isdigit() or b.char.isdigit() or b.x0 - a.x1 > 0.08 * b.size:
            parts += words_of(glyphs[first:i], word.start + first)
            first = i
    return parts + words_of(glyphs[first:], word.start + first) if parts else [word]
