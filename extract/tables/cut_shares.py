"""A share whose `%` stands on the next line of a narrow cell: with a space before it, or without.

In: the text of a figure's cell, and the texts of the figure columns. Out: the text, on one line where the line ended at
a space (`82,98 %`). Writers break a line at a space, and a word only where it has no room on a line of its own. That
`82,98%` had room is certain where the cell is drawn and wide enough, or a share as long stands unbroken in a column of
figures beside it; else nothing tells, and the two are one word.
"""

from __future__ import annotations

from collections.abc import Iterable

import regex

_BROKEN = regex.compile(r"[\d.,]+\n%")
_UNBROKEN = regex.compile(r"[\d.,]+%")
_MARKS = regex.compile(r"[.,]")


def is_broken(text: str) -> bool:
    return text.endswith("\n%") and _BROKEN.fullmatch(text) is not None


def with_space(text: str, figures: Iterable[str]) -> str:
    if not is_broken(text):
        return text
    length, marks = len(text), len(_MARKS.findall(text))  # digits are of one width, and marks are
    for other in figures:
        if _UNBROKEN.fullmatch(other):
            n_marks = len(_MARKS.findall(other))
            if n_marks >= marks and len(other) - n_marks >= length - 1 - marks:
                return text.replace("\n", " ")
    return text
