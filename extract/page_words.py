"""The words of a page as columns: a `Word` is made only where one is looked at.

In: texts and arrays, or words. Out: a sequence of `Word`s. Most words of a report stand in the cells of ruled tables,
and all that is asked of them is in which cell and on which line they stand: that is told for all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any, TypeAlias, overload

import numpy as np

from extract.page import JUMP_GAP, RUN_GAP, SAME_LINE, WIDE_GAP, Line, Word, pieces

Array: TypeAlias = Any

FEW = 24  # words; for so few, array operations take longer than a look at each

# `_make` without its check of the length
_as_word: Callable[[Iterable[Any]], Word] = partial(tuple.__new__, Word)


class PageWords(Sequence[Word]):
    """Words in the order in which they are read. The columns are named as the fields of a `Word`; `turn` is None where
    all are upright."""

    __slots__ = ("_made", "base", "bottom", "length", "size", "start", "texts", "top", "turn", "x0", "x1")

    def __init__(
        self, texts: list[str], x0: Array, top: Array, x1: Array, bottom: Array, base: Array, size: Array,
        start: Array, length: Array, *, turn: Array = None, made: Sequence[Word] | None = None,
    ) -> None:  # fmt: skip
        self.texts, self.x0, self.top, self.x1, self.bottom = texts, x0, top, x1, bottom
        self.base, self.size, self.start, self.length, self.turn = base, size, start, length, turn
        self._made = made

    @classmethod
    def of(cls, words: Sequence[Word]) -> PageWords:
        """The columns of words that are there already."""
        if isinstance(words, PageWords):
            return words
        texts, *columns, turn = zip(*words, strict=True) if words else ((),) * 10
        turns = np.array(turn) if any(turn) else None
        x0, top, x1, bottom, base, size = (np.array(c, np.float64) for c in columns[:6])
        start, length = (np.array(c, np.int64) for c in columns[6:])
        return cls(list(texts), x0, top, x1, bottom, base, size, start, length, turn=turns, made=words)

    @classmethod
    def joined(cls, parts: Sequence[PageWords]) -> PageWords:
        """The words of several pages, one after the other."""
        columns = ("x0", "top", "x1", "bottom", "base", "size", "start", "length")
        whole = (np.concatenate([getattr(part, column) for part in parts]) for column in columns)
        turns = [np.zeros(len(part), np.int64) if part.turn is None else part.turn for part in parts]
        turn = np.concatenate(turns) if any(part.turn is not None for part in parts) else None
        return cls([text for part in parts for text in part.texts], *whole, turn=turn)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> list[Word]: ...
    def __getitem__(self, at: int | slice) -> Word | list[Word]:
        if isinstance(at, slice):
            return self.some(range(len(self))[at])
        return self.some([at])[0]

    def __iter__(self) -> Iterator[Word]:
        return iter(self.some())

    def some(self, places: Sequence[int] | None = None) -> list[Word]:
        """The words at some places, or all of them."""
        if self._made is not None:
            return list(self._made) if places is None else [self._made[i] for i in places]
        own = self if places is None else self.at(np.array(places, np.int64))
        turns = repeat(0, len(own)) if own.turn is None else own.turn.tolist()
        columns = (own.x0, own.top, own.x1, own.bottom, own.base, own.size, own.start, own.length)
        return list(map(_as_word, zip(own.texts, *(column.tolist() for column in columns), turns, strict=True)))

    def made(self) -> list[Word]:
        """All words, made once."""
        if not isinstance(self._made, list):
            self._made = self.some()
        return self._made

    def where(self, is_kept: Array) -> PageWords:
        """The words at which `is_kept` holds."""
        return self if is_kept.all() else self.at(np.flatnonzero(is_kept))

    def at(self, at: Array) -> PageWords:
        """The words at some places."""
        places = at.tolist()
        turn = None if self.turn is None else self.turn[at]
        made = None if self._made is None else [self._made[i] for i in places]
        return PageWords(
            [self.texts[i] for i in places], self.x0[at], self.top[at], self.x1[at], self.bottom[at], self.base[at],
            self.size[at], self.start[at], self.length[at], turn=turn, made=made,
        )  # fmt: skip


def pieces_of(words: PageWords) -> list[Line]:
    """Printed lines cut at wide gaps, sorted by base line, then from left to right: what `pieces` gives, over arrays
    where lines stand well apart and no word is drawn twice."""
    if len(words) <= FEW:
        return pieces(words.made())
    found = _in_lines(words)
    if found is None:
        return pieces(words)
    words, is_new = found
    texts, size, start = words.texts, words.size, words.start
    near = ~is_new & (words.x0[1:] - words.x0[:-1] < 0.25 * size[1:])
    if near.any() and any(texts[i] == texts[i + 1] for i in np.flatnonzero(near).tolist()):
        return pieces(words)
    gap = words.x0[1:] - words.x1[:-1]
    between = start[1:] - start[:-1] - words.length[:-1]
    is_first = is_new | (gap > np.where((between < 0) | (between > 3), JUMP_GAP, WIDE_GAP) * size[1:])
    first = np.append(0, np.flatnonzero(is_first) + 1)
    is_gapped = np.append(False, (gap > RUN_GAP * size[1:]) & ~is_first)
    starts = first.tolist()
    columns = (
        words.x0[first], np.minimum.reduceat(words.top, first), np.maximum.reduceat(words.x1, first),
        np.maximum.reduceat(words.bottom, first), words.base[first], np.maximum.reduceat(size, first), start[first],
        words.x1[first] - words.x0[first], np.logical_or.reduceat(is_gapped, first),
    )  # fmt: skip
    own = [texts[a:b] for a, b in zip(starts, [*starts[1:], len(words)], strict=True)]
    return list(map(Line, own, *(column.tolist() for column in columns), repeat(words), starts))


def _in_lines(words: PageWords) -> tuple[PageWords, Array] | None:
    """The words line by line, each from left to right, and which but the first begin a line; None where lines stand so
    near that it matters which word they are measured from."""
    order = np.lexsort((words.x0, words.base))
    base, size = words.base[order], words.size[order]
    is_new = base[1:] - base[:-1] > SAME_LINE * np.minimum(size[1:], size[:-1])
    line = np.append(0, np.cumsum(is_new))
    first = np.append(0, np.flatnonzero(is_new) + 1)
    start, high = base[first], size[first]
    is_one = base - start[line] <= SAME_LINE * np.minimum(size, high[line])
    if not is_one.all() or (start[1:] - start[:-1] <= SAME_LINE * np.minimum(high[1:], high[:-1])).any():
        return None
    order = order[np.lexsort((words.x0[order], line))]
    if (order[1:] < order[:-1]).any():
        words = words.at(order)
    return words, is_new


def texts_of(words: Sequence[Word]) -> list[str]:
    return words.texts if isinstance(words, PageWords) else [word.text for word in words]
