"""The readers we are measured against, each behind one function: a path in, rows of cells out.

A tool that only gives text has no rows: None. Each is imported by its own function, so that one that is not installed
is no matter to the others. They are used as their own documentation says, with the defaults their authors chose; where
a tool reads ruled and unruled tables by different ways, the way for ruled tables is taken.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Rows = list[list[str]]
Read = Callable[[Path], Rows | None]


def pdfplumber() -> Read:
    import pdfplumber

    def read(path: Path) -> Rows:
        rows: Rows = []
        with pdfplumber.open(path) as document:
            for page in document.pages:
                for table in page.extract_tables():
                    rows += [[cell or "" for cell in row] for row in table]
                page.close()
        return rows

    return read


def camelot() -> Read:
    import camelot

    def read(path: Path) -> Rows:
        tables = camelot.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)
        return [list(map(str, row)) for table in tables for row in table.df.values.tolist()]

    return read


def tabula() -> Read:
    import tabula

    def read(path: Path) -> Rows:
        options: dict[str, Any] = {"pages": "all", "lattice": True, "silent": True, "pandas_options": {"header": None}}
        tables = tabula.read_pdf(str(path), **options)
        return [["" if cell != cell else str(cell) for cell in row] for t in tables for row in t.values.tolist()]

    return read


def img2table() -> Read:
    from img2table.document import PDF

    def read(path: Path) -> Rows:
        rows: Rows = []
        for tables in PDF(str(path)).extract_tables(implicit_rows=False, borderless_tables=False).values():
            for table in tables:
                rows += [[cell.value or "" for cell in row] for row in table.content.values()]
        return rows

    return read


def markitdown() -> Read:
    from markitdown import MarkItDown

    converter = MarkItDown(enable_plugins=False)

    def read(path: Path) -> Rows:
        lines = converter.convert(str(path)).text_content.splitlines()
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if "|" in line]

    return read


def pdfium_text() -> Read:
    import pypdfium2.raw as pdfium

    pdfium.FPDF_InitLibrary()

    def read(path: Path) -> None:
        data = path.read_bytes()
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        for index in range(pdfium.FPDF_GetPageCount(document)):
            page = pdfium.FPDF_LoadPage(document, index)
            text = pdfium.FPDFText_LoadPage(page)
            count = pdfium.FPDFText_CountChars(text)
            buffer = (ctypes.c_ushort * (count + 1))()
            pdfium.FPDFText_GetText(text, 0, count, buffer)
            bytes(buffer).decode("utf-16-le", "replace")
            pdfium.FPDFText_ClosePage(text)
            pdfium.FPDF_ClosePage(page)
        pdfium.FPDF_CloseDocument(document)

    return read


def docx_row_cells() -> Read:
    import docx

    def read(path: Path) -> Rows:
        tables = docx.Document(str(path)).tables
        return [[cell.text for cell in row.cells] for table in tables for row in table.rows]

    return read


def docx_xml() -> Read:
    import zipfile

    from lxml import etree

    def read(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            for element in etree.fromstring(archive.read("word/document.xml")).iter():
                _ = element.tag, element.text

    return read


PDF_PEERS: dict[str, Callable[[], Read]] = {
    "PDFium, bare text": pdfium_text,
    "pdfplumber extract_tables": pdfplumber,
    "camelot lattice": camelot,
    "tabula lattice": tabula,
    "img2table, no OCR": img2table,
    "markitdown": markitdown,
}
DOCX_PEERS: dict[str, Callable[[], Read]] = {
    "XML parsed and walked": docx_xml,
    "python-docx row.cells": docx_row_cells,
    "markitdown": markitdown,
}


def tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(".:; ")


def exact_share(truth: Sequence[dict[str, str]], found: dict[str, Rows]) -> float:
    """The share of true rows whose code, name and printed figure stand as cells in one row that was read.

    `found`: path → rows. White space within a cell and dots at its end are no matter; rows of cross-tables, whose names
    stand in the header, are left out.
    """
    wanted = [row for row in truth if not row["breakdown"]]
    read = {path: _index(rows) for path, rows in found.items()}
    hits = 0
    for row in wanted:
        cells = {tidy(row[column]) for column in ("stt", "name", "raw")} - {""}
        hits += any(cells <= one for one in read.get(row["path"], {}).get(tidy(row["name"]), ()))
    return hits / max(1, len(wanted))


def _index(rows: Rows) -> dict[str, list[set[str]]]:
    index: dict[str, list[set[str]]] = {}
    for row in rows:
        cells = set(map(tidy, row))
        for cell in cells:
            index.setdefault(cell, []).append(cells)
    return index


def installed(peers: dict[str, Callable[[], Read]]) -> Iterator[tuple[str, Read | None]]:
    """Each peer with its reader; None where it is not installed."""
    for name, load in peers.items():
        try:
            yield name, load()
        except ImportError:
            yield name, None
