"""One table of a `Document` as rows of printed text: the shape the meaning stage works on.

In: `extract.model.Table`. Out: `PrintedRow`s, one per data row: code, name, unit, note, and the cell of
each value column. Spans are resolved here: a note or unit merged over several rows belongs to each of
them; a unit that stands above the table holds for every row of a table without a unit column.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extract.model import Cell, Column, Table
from extract.records import maker, quick
from extract.text import clean


@quick
@dataclass(frozen=True, slots=True)
class PrintedRow:
    """`values` maps a value column's index to its cell; a column that has no cell here is not in it."""

    number: int
    stt_raw: str
    name: str
    unit_raw: str
    note: str
    page: int | None
    values: dict[int, Cell]


_row = maker(PrintedRow)
_FIGURE_LINE = regex.compile(r"[-–(+]?\d[\d.,  ]*%?\)?")


def figure_lines(cell: Cell) -> list[str]:
    """The printed lines of a cell that are figures on their own; more than one means that rows ran together."""
    if "\n" not in cell.text:
        return []
    return [line for line in map(clean, cell.text.split("\n")) if _FIGURE_LINE.fullmatch(line)]


def printed_rows(table: Table) -> tuple[PrintedRow, ...]:
    n_rows = table.n_rows + 1
    texts: dict[str, list[str]] = {kind: [""] * n_rows for kind in ("stt", "name", "unit")}
    values: list[dict[int, Cell]] = [{} for _ in range(n_rows)]
    pages: list[int | None] = [None] * n_rows
    notes: dict[int, list[str]] = {}
    role = {column.index: column.role for column in table.columns}
    own = {next((c.index for c in table.columns if c.role == kind), -1): column for kind, column in texts.items()}
    for cell in table.cells:
        row, col = cell.row, cell.col
        if pages[row] is None:
            pages[row] = cell.page
        kind = role.get(col)
        if col in own:
            own[col][row] = clean(cell.text)
            if cell.row_span > 1 and kind == "unit" and cell.text:  # those below that have one of their own keep it
                for below in range(row + 1, min(row + cell.row_span, n_rows)):
                    texts["unit"][below] = texts["unit"][row]
        elif kind == "value":
            values[row][col] = cell
        elif kind in ("note", "other") and cell.text:
            for below in range(row, min(row + cell.row_span, n_rows)):
                notes.setdefault(below, []).append(_note_text(cell, table.columns, kind))
    whole = table.caption.unit_line if not any(column.role == "unit" for column in table.columns) else ""
    if len(table.columns) > 1:  # whatever order the cells come in, a row's figures stand in that of its columns
        values = [dict(sorted(found.items())) if len(found) > 1 else found for found in values]
    units = [unit or (whole if found else "") for unit, found in zip(texts["unit"], values, strict=True)]
    printed = zip(texts["stt"], texts["name"], units, pages, values, strict=True)
    return tuple(
        _row(number, stt, name, unit, "; ".join(notes[number]) if number in notes else "", page, found)
        for number, (stt, name, unit, page, found) in enumerate(printed)
        if number
    )


def _note_text(cell: Cell, columns: tuple[Column, ...], role: str) -> str:
    """A column that is neither figure nor note (who is responsible, where from) is kept with its header's word."""
    text = clean(cell.text)
    header = next((column.header for column in columns if column.index == cell.col), ())
    return f"{clean(header[-1])}: {text}" if role == "other" and header else text
