"""Names that a clerk broke by hand: the rest stands in the cell below, in a row that holds nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import regex

from extract.model import Cell
from extract.text import clean

_REST = regex.compile(r"^\p{Ll}")
_OPENS_LIST = regex.compile(r"^(?:trong đó|gồm|bao gồm|chia ra|cụ thể)\b")
_IS_WHOLE = regex.compile(r"[.;:!?…]$")


def join_wrapped(
    cells: Sequence[Cell], name: int, stt: int | None, values: Collection[int], close: Collection[int]
) -> tuple[list[Cell], int]:
    """The cells with such rows put to the row above, and how many rows that takes away. `close`: the rows with no blank
    row above them; only a row with a code is gone on with, or one with a figure where there are no codes."""
    by_row: dict[int, list[Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    rests: dict[int, str] = {}  # row → the words that go to the row above
    for row, own in by_row.items():
        above = by_row.get(row - 1, [])
        if len(own) == 1 and own[0].col == name and row in close and _is_rest(own[0].text):
            begun = next((clean(cell.text) for cell in above if cell.col == name), "")
            is_row = row - 1 in rests or _has(above, values if stt is None else {stt})
            if begun and is_row and not _IS_WHOLE.search(begun):
                rests[row] = own[0].text
    if not rests:
        return list(cells), 0
    out = []
    for cell in cells:
        if cell.row in rests:
            continue
        if cell.col == name:
            at, text = cell.row + 1, cell.text
            while at in rests:
                text, at = f"{text} {rests[at]}", at + 1
            cell = replace(cell, text=text)
        within = sum(cell.row < row < cell.row + cell.row_span for row in rests)
        before = sum(row < cell.row for row in rests)
        out.append(replace(cell, row=cell.row - before, row_span=cell.row_span - within))
    return out, len(rests)


def _is_rest(text: str) -> bool:
    return bool(_REST.match(text)) and not _OPENS_LIST.match(text)


def _has(cells: Sequence[Cell], columns: Collection[int | None]) -> bool:
    return any(cell.col in columns and clean(cell.text) for cell in cells)
