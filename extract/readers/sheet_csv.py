"""Delimited text → one sheet.

The delimiter is the one under which most rows have the same number of fields and a row names columns; a line
`sep=;` settles it. Quoted fields keep delimiters and line breaks. Every cell is text, as it stands.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from extract.legacy_files import decode_bytes
from extract.model import Problem
from extract.problems import LimitExceeded
from extract.readers.sheet_model import MAX_CELLS, MAX_COLUMNS, Sheet, SheetCell
from extract.tables.header import names_columns

_DELIMITERS = "\t;,|"
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 200_000, 300
_LONGEST_FIELD = 1_000_000


def read_sheet(path: Path) -> tuple[Sheet, tuple[Problem, ...]]:
    """The one sheet of a CSV or TSV, and what was met. Raises LimitExceeded."""
    text, problems = decode_bytes(path.read_bytes())
    delimiter, text = find_delimiter(text)
    sheet = Sheet(path.stem)
    for r, row in enumerate(_rows(text, delimiter)):
        for c, field in enumerate(row[:MAX_COLUMNS]):
            if field.strip():
                sheet.cells[r, c] = SheetCell(field)
        if len(sheet.cells) > MAX_CELLS:
            raise LimitExceeded(
                f"more than {MAX_CELLS} filled cells", "put the report's tables into a file of their own"
            )
    return sheet, problems


def find_delimiter(text: str) -> tuple[str, str]:
    """(delimiter, text without a `sep=` line)."""
    text = text.lstrip("\ufeff")
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    sample = text[:_SAMPLE_CHARACTERS]
    return max(_DELIMITERS, key=lambda mark: _fit(sample, mark)), text


def _fit(sample: str, mark: str) -> tuple[bool, float, int]:
    """(does a row name columns, share of rows of the usual width, that width)."""
    if mark not in sample:
        return False, 0.0, 0
    rows = [row for row, _ in zip(_rows(sample, mark), range(_SAMPLE_ROWS), strict=False) if any(row)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return False, 0.0, 0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return any(names_columns(row) for row in rows), count / len(rows), width


def _rows(text: str, delimiter: str) -> csv._reader:  # type: ignore[name-defined]
    csv.field_size_limit(_LONGEST_FIELD)
    return csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
