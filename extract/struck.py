"""Print that is struck through: no part of what a report says, and never silently so.

In: blocks whose struck letters carry U+0336, the stroke Unicode lays over a letter; readers set it (`struck`) where
their format strikes text. Out: the blocks without these letters; a cell that lost some gets a problem that holds it as
printed. Who strikes `3120` and writes `7` behind it means 7; that it was so meant is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import regex

from extract.model import Block, Cell, Paragraph, Problem
from extract.text import clean

STROKE = "\u0336"
_LETTER = regex.compile(r"(?!\s)\X")


def struck(text: str) -> str:
    """The text with a stroke over each letter that is printed."""
    return _LETTER.sub(rf"\g<0>{STROKE}", text)


def unstruck(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without what is struck through. A paragraph of nothing else goes."""
    for block in blocks:
        if isinstance(block, Paragraph):
            if STROKE not in block.text:
                yield block
            elif clean(left := _without(block.text)):
                yield replace(block, text=left)
        elif STROKE in "".join([cell.text for cell in block.cells]):
            yield replace(block, cells=tuple(_freed(cell) if STROKE in cell.text else cell for cell in block.cells))
        else:
            yield block


def problem_of(printed: str, page: int | None) -> Problem:
    """What a cell has to say that holds struck print."""
    return Problem("struck-through", "warning", "print is struck through", page, detail=clean(printed)[:200])


def _freed(cell: Cell) -> Cell:
    problems = (*cell.problems, problem_of(cell.text, cell.page))
    return replace(cell, text=_without(cell.text), problems=problems)


def _without(text: str) -> str:
    kept = "".join(letter for letter in regex.findall(r"\X", text) if STROKE not in letter)
    return "\n".join(filter(None, map(clean, kept.split("\n"))))
