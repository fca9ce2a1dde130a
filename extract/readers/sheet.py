"""Workbooks and delimited text → blocks: every sheet that carries a table of indicators.

One function a format gives `Sheet`s (cells as a person sees them); `extract.readers.sheet_blocks` turns these
into caption lines and grids, the same for all. Numbers are printed as `extract.readers.sheet_format` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extract.model import Block, Paragraph, Problem, RawDocument
from extract.problems import LimitExceeded
from extract.readers.sheet_blocks import SheetRead, blocks_of_sheet, in_order
from extract.readers.sheet_fonts import decode_sheets
from extract.readers.sheet_model import Sheet
from extract.text import fold

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
    """All sheets as one document. Where one has a table, sheets without are left out, but for the page that carries the
    letterhead: it comes first."""
    problems = (*problems, *decode_sheets(sheets))
    found: list[SheetRead] = []
    for sheet in in_order(sheets):
        found.append(blocks_of_sheet(sheet, before=found[-1].last if found else None))
    with_tables = [read for read in found if read.last is not None]
    covers = [read for read in found if read.last is None and _is_cover(read.blocks)]
    kept = [*covers, *with_tables] if with_tables else found
    blocks = tuple(block for read in kept for block in read.blocks)
    met = [problem for read in found for problem in read.problems]
    return RawDocument(blocks, "sheet", problems=(*problems, *dict.fromkeys(met)))


def _is_cover(blocks: Sequence[Block]) -> bool:
    """Does the page carry a letterhead, or a title and a number?"""
    lines = [fold(block.text) for block in blocks if isinstance(block, Paragraph)]
    return any("cong hoa xa hoi" in line for line in lines) or "bao cao" in lines


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
