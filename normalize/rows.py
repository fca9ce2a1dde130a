"""One table of a `Document` as rows of printed text: the shape the meaning stage works on.

In: `extract.model.Table`. Out: `PrintedRow`s, one per data row: code, name, unit, note, and the cell of
each value column. Spans are resolved here: a note merged over several rows belongs to each of them; a
unit that stands above the table holds for every row of a table without a unit column.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extract.model import Cell, Column, Table
from extract.records import quick
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


_FIGURE_LINE = regex.compile(r"[-–(+]?\d[\d.,  ]*%?\)?")


def figure_lines(cell: Cell) -> list[str]:
    """The printed lines of a cell that are figures on their own; more than one means that rows ran together."""
    if "\n" not in cell.text:
        return []
    return [line for line in map(clean, cell.text.split("\n")) if _FIGURE_LINE.fullmatch(line)]


def printed_rows(table: Table) -> tuple[PrintedRow, ...]:
    by_row: list[dict[int, Cell]] = [{} for _ in range(table.n_rows + 1)]
    notes: list[list[str]] = [[] for _ in range(table.n_rows + 1)]
    role = {column.index: column.role for column in table.columns}
    for cell in table.cells:
        by_row[cell.row][cell.col] = cell
        if role.get(cell.col) in ("note", "other") and cell.text:
            for row in range(cell.row, min(cell.row + cell.row_span, table.n_rows + 1)):
                notes[row].append(_note_text(cell, table.columns, role[cell.col]))
    whole = table.caption.unit_line if not any(column.role == "unit" for column in table.columns) else ""
    stt, name, unit = (next((c.index for c in table.columns if c.role == kind), -1) for kind in ("stt", "name", "unit"))
    figures = [column.index for column in table.columns if column.role == "value"]
    out = []
    for number, cells in enumerate(by_row[1:], 1):
        values = {col: cells[col] for col in figures if col in cells}
        unit_raw = _text(cells.get(unit)) or (whole if values else "")
        page = next((cell.page for cell in cells.values() if cell.page is not None), None)
        note = "; ".join(notes[number])
        out.append(PrintedRow(number, _text(cells.get(stt)), _text(cells.get(name)), unit_raw, note, page, values))
    return tuple(out)


def _text(cell: Cell | None) -> str:
    return clean(cell.text) if cell is not None else ""


def _note_text(cell: Cell, columns: tuple[Column, ...], role: str) -> str:
    """A column that is neither figure nor note (who is responsible, where from) is kept with its header's word."""
    text = clean(cell.text)
    header = next((column.header for column in columns if column.index == cell.col), ())
    return f"{clean(header[-1])}: {text}" if role == "other" and header else text
