"""A share whose `%` stands on the next line of a narrow cell: with a space before it, or without.

In: the text of a figure's cell, and how long the shares of the figure columns are. Out: the text, on one line where
the line ended at a space (`82,98 %`). Writers break a line at a space, and a word only where it has no room on a line
of its own. That `82,98%` had room is certain where the cell is drawn and wide enough, or a share as long stands
unbroken in a column of figures beside it; else nothing tells, and the two are one word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import regex

_BROKEN = regex.compile(r"[\d.,]+\n%")
_UNBROKEN = regex.compile(r"[\d.,]+%")
_MARKS = regex.compile(r"[.,]")


def is_broken(text: str) -> bool:
    return text.endswith("\n%") and _BROKEN.fullmatch(text) is not None


def unbroken(texts: Iterable[str]) -> frozenset[tuple[int, int]]:
    """The lengths of the shares that stand on one line: characters without marks, and marks. Of a whole table once."""
    shares = ((len(text), len(_MARKS.findall(text))) for text in texts if _UNBROKEN.fullmatch(text))
    return frozenset((length - n_marks, n_marks) for length, n_marks in shares)


def with_space(text: str, whole: Collection[tuple[int, int]]) -> str:
    """The text on one line where one of the `whole` shares is as long; digits are of one width, and marks are."""
    marks = len(_MARKS.findall(text))
    length = len(text) - 1 - marks
    had_room = any(n_marks >= marks and n >= length for n, n_marks in whole)
    return text.replace("\n", " ") if had_room else text
