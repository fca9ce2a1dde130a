"""Rows with the words of a header printed over them.

In: the first rows of a page that repeats only the upper rows of a header, cell by cell, and the header's columns. Out:
the rows without the header's words. A header cell that is merged over several rows (`STT`, `Nội dung`) is then printed
whole: what finds no place in the repeated row stands over the row below, line between line or letter between letter.
Lines of the header are taken out, a row of which nothing is left goes, and what is left of a name goes to the row it
was cut from. What stands there is never certain: the row gets a problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.model import Cell, Column, Problem
from extract.tables.places import Line
from extract.text import clean, fold

_MESSAGE = "words of the header are printed over this row"


def is_left_out(lines: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Do the repeated rows of a header (`lines`) lack the whole words of a column that has no group above it?"""
    said = {fold(cell.text) for line in lines for cell in line if cell is not None}
    return any(column.header and not said & {fold(text) for text in column.header} for column in columns)


def freed(rows: list[dict[int, Cell]], columns: Sequence[Column], stt: int | None, name: int) -> list[dict[int, Cell]]:
    """The rows without the header's words; a problem on the first that is left, and on those it was cut into."""
    words = {column.index: " ".join(fold(text) for text in column.header) for column in columns}
    held: dict[int, Cell] = {}
    for n, row in enumerate(rows):
        kept = {col: cell for col, cell in _without(row, words).items() if clean(cell.text)}
        for col, cell in held.items():
            own = kept.get(col)
            kept[col] = replace(own, text=f"{cell.text}\n{own.text}") if own is not None else replace(cell, row_span=1)
        is_whole = name in kept and (stt is None or stt in kept)
        if is_whole or n + 1 == len(rows):
            problem = Problem("header-over-row", "warning", _MESSAGE, next((cell.page for cell in kept.values()), None))
            marked = {col: replace(cell, problems=(*cell.problems, problem)) for col, cell in kept.items()
                      if col == min(kept)}  # fmt: skip
            return [*([kept | marked] if kept else []), *rows[n + 1 :]]
        held = kept
    return rows


def _without(row: dict[int, Cell], words: dict[int, str]) -> dict[int, Cell]:
    kept = {}
    for col, cell in row.items():
        lines = cell.text.split("\n")
        left = [line for line in lines if not (key := fold(line)) or f" {key} " not in f" {words.get(col, '')} "]
        kept[col] = cell if len(left) == len(lines) else replace(cell, text="\n".join(left))
    return kept
