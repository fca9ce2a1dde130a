"""The XML parts of a DOCX, checked before they are parsed.

In: an open ZIP. Out: the bytes of a part, or its tree; None where the part is absent. What could do harm ends here:
sizes beyond the limits, document types, tables of very many cells.
"""

from __future__ import annotations

import zipfile
from typing import Any

from lxml import etree

from extract.problems import LimitExceeded, Unreadable

MAX_INFLATED = 500_000_000
MAX_CELLS = 400_000
_CHECK = "check where this file comes from"
_SAVE_AGAIN = "open it in Word, save it again and put that copy in the folder"


def part_of(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of one part; None where it is absent. Sizes are checked before and while inflating."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MAX_INFLATED:
        raise LimitExceeded(f"{name} would inflate to {info.file_size} bytes, the limit is {MAX_INFLATED}", _CHECK)
    with archive.open(info) as file:
        data = file.read(MAX_INFLATED + 1)
    if len(data) > MAX_INFLATED:
        raise LimitExceeded(f"{name} inflates to more than {MAX_INFLATED} bytes", _CHECK)
    return checked(data, name)


def checked(data: bytes | None, name: str) -> bytes | None:
    """A part as it is. Raises Unreadable and LimitExceeded where it could do harm."""
    if data is None:
        return None
    if b"!" in data and (b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data):  # most parts hold no such sign at all
        raise Unreadable(f"{name} declares a document type, which OOXML forbids", _CHECK)
    may_hold_many = len(data) > MAX_CELLS * len(b"<w:tc>")
    cells = data.count(b"<w:tc>") + data.count(b"<w:tc ") if may_hold_many else 0
    if cells > MAX_CELLS:
        raise LimitExceeded(f"{cells} table cells, the limit is {MAX_CELLS}", _CHECK)
    return data


def tree_of(data: bytes, name: str) -> Any:
    """The root element of a part. Raises Unreadable."""
    try:
        return parsed(data)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"{name} is not well-formed XML: {error.msg}", _SAVE_AGAIN) from error


def parsed(data: bytes | str) -> Any:
    """The root element; nothing is looked up outside. Raises XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) > 8_000_000)
    return etree.fromstring(data, parser)


def damaged(error: Exception) -> Unreadable:
    return Unreadable(f"the DOCX container is damaged: {error}", _SAVE_AGAIN)


def no_document() -> Unreadable:
    return Unreadable("the DOCX holds no word/document.xml", _SAVE_AGAIN)
