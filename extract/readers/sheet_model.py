"""What one sheet of a workbook holds, whatever file it came from: cells as a person sees them.

`SheetCell.text` is the cell as shown; `number` the stored number where the cell holds one (percent cells as
percent numbers), `stored` what the file holds where that differs from what is shown. `date` is set where the
file holds a date, `shown_date` how the cell prints it. `spans` is the text with its fonts where the file names them;
`readings` what a text of an old encoding was read as, before `decode_sheets` made Unicode of it; `is_struck` is set
where the cell's font strikes all of it through, `is_unseen` where nobody sees what it prints.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from extract.legacy import Span
from extract.model import Problem, Reading

MAX_CELLS = 400_000
MAX_COLUMNS = 512


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One filled cell. `kind`: text, number, date, bool, error, formula (one whose result was not saved)."""

    text: str
    kind: str = "text"
    number: float | None = None
    stored: str = ""
    date: datetime.date | None = None
    shown_date: str = ""
    problems: tuple[Problem, ...] = ()
    spans: tuple[Span, ...] = ()
    readings: tuple[Reading, ...] = ()
    is_struck: bool = False
    is_unseen: bool = False


@dataclass(slots=True)
class Sheet:
    """Filled cells by (row, column) from 0; merged ranges as (top, left, bottom, right), inclusive."""

    name: str
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    problems: list[Problem] = field(default_factory=list)


def column_letters(column: int) -> str:
    """0 → `A`, 27 → `AB`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(sheet: str, row: int, column: int) -> str:
    """`PL 2!C7`, as Excel writes it."""
    return f"{sheet}!{column_letters(column)}{row + 1}"
