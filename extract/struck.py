"""Print that is struck through, or not seen: no part of what a report says, and never silently so.

In: blocks whose struck letters carry U+0336, the stroke Unicode lays over a letter; readers set it (`struck`) where
their format strikes text; and those not seen the mark of `extract.unseen`. Out: the blocks without these letters; a
cell that lost some gets a problem that holds it as printed. Who strikes `3120` and writes `7` behind it means 7; that
it was so meant is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import regex

from extract.model import Block, Cell, Paragraph, Problem
from extract.text import clean
from extract.unseen import UNSEEN

STROKE = "\u0336"
_LETTER = regex.compile(r"(?!\s)\X")
_WORD = regex.compile(r"[\p{L}\p{N}]")


def struck(text: str) -> str:
    """The text with a stroke over each letter that is printed."""
    return _LETTER.sub(rf"\g<0>{STROKE}", text)


def unstruck(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks without what is struck through or not seen. A paragraph of nothing else goes."""
    for block in blocks:
        if isinstance(block, Paragraph):
            if not _loses(block.text):
                yield block
            elif clean(left := _without(block.text)):
                yield replace(block, text=left)
        elif _loses("".join([cell.text for cell in block.cells])):
            yield replace(block, cells=tuple(_freed(cell) if _loses(cell.text) else cell for cell in block.cells))
        else:
            yield block


def gone(block: Block) -> Iterator[Problem]:
    """What is said of rows of which nothing is left, as no row of a table is theirs, and of paragraphs not seen."""
    if isinstance(block, Paragraph):
        if UNSEEN in block.text and _WORD.search(_lost_letters(block.text)):
            yield _unseen_problem(block.text, block.page)
    elif _loses("".join([cell.text for cell in block.cells])):
        rows: dict[int, list[Cell]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell)
        for cells in rows.values():
            text = " ".join(cell.text for cell in cells)
            if _loses(text) and not _without(text):
                yield problem_of(text, cells[0].page)


def _loses(text: str) -> bool:
    """Is some of it struck or not seen?"""
    return STROKE in text or UNSEEN in text


def problem_of(printed: str, page: int | None) -> Problem:
    """What a cell has to say that holds struck print, or print that is not seen."""
    if UNSEEN in printed:
        return _unseen_problem(printed, page)
    return Problem("struck-through", "warning", "print is struck through", page, detail=clean(printed)[:200])


def _freed(cell: Cell) -> Cell:
    problems = cell.problems
    if STROKE in cell.text:
        problems += (problem_of(cell.text.replace(UNSEEN, ""), cell.page),)
    if UNSEEN in cell.text:
        problems += (problem_of(cell.text, cell.page),)
    return replace(cell, text=_without(cell.text), problems=problems)


def _unseen_problem(text: str, page: int | None) -> Problem:
    said = "print in the colour of what is behind it, or too small"
    return Problem("print-unseen", "warning", said, page, detail=clean(_lost_letters(text))[:200])


def _lost_letters(text: str) -> str:
    """The letters that are not seen, and the blanks."""
    letters = (letter for letter in regex.findall(r"\X", text) if UNSEEN in letter or letter.isspace())
    return "".join(letters).replace(UNSEEN, "").replace(STROKE, "")


def _without(text: str) -> str:
    kept = "".join(letter for letter in regex.findall(r"\X", text) if not _loses(letter))
    return "\n".join(filter(None, map(clean, kept.split("\n"))))
