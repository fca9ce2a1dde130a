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

from extract.page import Word

Array: TypeAlias = Any

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
        own = self if places is None else self._at(np.array(places, np.int64))
        turns = repeat(0, len(own)) if own.turn is None else own.turn.tolist()
        columns = (own.x0, own.top, own.x1, own.bottom, own.base, own.size, own.start, own.length)
        return list(map(_as_word, zip(own.texts, *(column.tolist() for column in columns), turns, strict=True)))

    def where(self, is_kept: Array) -> PageWords:
        """The words at which `is_kept` holds."""
        return self if is_kept.all() else self._at(np.flatnonzero(is_kept))

    def _at(self, at: Array) -> PageWords:
        places = at.tolist()
        turn = None if self.turn is None else self.turn[at]
        made = None if self._made is None else [self._made[i] for i in places]
        return PageWords(
            [self.texts[i] for i in places], self.x0[at], self.top[at], self.x1[at], self.bottom[at], self.base[at],
            self.size[at], self.start[at], self.length[at], turn=turn, made=made,
        )  # fmt: skip


def texts_of(words: Sequence[Word]) -> list[str]:
    return words.texts if isinstance(words, PageWords) else [word.text for word in words]
