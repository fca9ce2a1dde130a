"""Workbooks and delimited text → blocks: every sheet that carries a table of indicators.

One function a format gives `Sheet`s (cells as a person sees them); `extract.readers.sheet_blocks` turns these
into caption lines and grids, the same for all. Numbers are printed as `extract.readers.sheet_format` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extract.model import Block, Grid, Problem, RawDocument
from extract.problems import LimitExceeded
from extract.readers.sheet_blocks import blocks_of_sheet, in_order
from extract.readers.sheet_fonts import decode_sheets
from extract.readers.sheet_model import Sheet

MAX_BYTES = 300_000_000


def read_xlsx(path: Path) -> RawDocument:
    """Read an Excel workbook (2007 and later). Raises LimitExceeded, Unreadable."""
    from extract.readers.sheet_xlsx import read_sheets

    _check_size(path)
    return document_of(read_sheets(path))


def read_xls(path: Path) -> RawDocument:
    """Read an Excel workbook of 95–2003. Raises Encrypted, LimitExceeded, Unreadable."""
    from extract.readers.sheet_xls import read_sheets

    _check_size(path)
    return document_of(read_sheets(path))


def read_xlsb(path: Path) -> RawDocument:
    """Read a binary workbook (2007 and later). Raises LimitExceeded, Unreadable."""
    from extract.readers.sheet_xls import read_values

    _check_size(path)
    unknown = Problem(
        "sheet-formats-unknown", "warning", "number formats were not read: a percentage may be a fraction"
    )
    return document_of(read_values(path, None), (unknown,))


def read_ods(path: Path) -> RawDocument:
    """Read an OpenDocument spreadsheet. Raises LimitExceeded, Unreadable."""
    from extract.readers.sheet_ods import read_sheets

    _check_size(path)
    return document_of(read_sheets(path))


def read_sheet_xml(path: Path) -> RawDocument:
    """Read an Excel 2003 XML workbook. Raises LimitExceeded, Unreadable."""
    from extract.readers.sheet_ods import read_sheet_xml as read

    _check_size(path)
    return document_of(read(path))


def read_csv(path: Path) -> RawDocument:
    """Read comma, semicolon or tab separated text. Raises LimitExceeded."""
    from extract.readers.sheet_csv import read_sheet

    _check_size(path)
    sheet, problems = read_sheet(path)
    return document_of([sheet], problems)


def document_of(sheets: Sequence[Sheet], problems: tuple[Problem, ...] = ()) -> RawDocument:
    """All sheets as one document; sheets without a table are left out where another has one."""
    problems = (*problems, *decode_sheets(sheets))
    found: list[tuple[list[Block], list[Problem]]] = [blocks_of_sheet(sheet) for sheet in in_order(sheets)]
    with_tables = [pair for pair in found if any(isinstance(block, Grid) for block in pair[0])]
    kept = with_tables or found
    blocks = tuple(block for pair in kept for block in pair[0])
    met = [problem for pair in (found if with_tables else kept) for problem in pair[1]]
    return RawDocument(blocks, "sheet", problems=(*problems, *dict.fromkeys(met)))


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
