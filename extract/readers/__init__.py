"""One reader per format: `READERS[format](path) -> RawDocument`. A new format is one reader and one line here.

Readers are imported when they are first used: a run over text files never loads PDFium.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from extract.model import RawDocument

Reader = Callable[..., RawDocument]  # the path, and of the options of `extract.read_file` those it names

READERS: dict[str, str] = {
    "text": "extract.readers.text:read_text",
    "docx": "extract.readers.docx:read_docx",
    "pdf": "extract.readers.pdf:read_pdf",
    **dict.fromkeys(("png", "jpeg", "tiff", "bmp", "gif", "jp2", "webp"), "extract.readers.scan:read_image"),
    "doc": "extract.readers.doc:read_doc",
    "rtf": "extract.readers.doc:read_rtf",
    "odt": "extract.readers.doc:read_odt",
    "word-xml": "extract.readers.word_xml:read_word_xml",
    "html": "extract.readers.html:read_html",
    "mht": "extract.readers.html:read_mht",
    "xlsx": "extract.readers.sheet:read_xlsx",
    "xls": "extract.readers.sheet:read_xls",
    "xlsb": "extract.readers.sheet:read_xlsb",
    "ods": "extract.readers.sheet:read_ods",
    "sheet-xml": "extract.readers.sheet:read_sheet_xml",
    "csv": "extract.readers.sheet:read_csv",
    "tsv": "extract.readers.sheet:read_csv",
}


def reader_of(format: str) -> Reader | None:
    """The reader of a format, or None."""
    where = READERS.get(format)
    if where is None:
        return None
    module, name = where.split(":")
    reader: Reader = getattr(import_module(module), name)
    return reader
