"""Word 2003 XML → blocks: its elements are those of DOCX under another name, so it is read as a DOCX.

Renamed: the name space, `vmerge`. List numbers, which this format writes out beside the paragraph, become the
first words of the paragraph. Source: Microsoft Office Word 2003 XML reference schemas (WordprocessingML).
"""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml import etree

from extract.model import Grid, RawDocument
from extract.problems import LimitExceeded, Unreadable
from extract.readers.docx import read_docx
from extract.readers.docx_numbering import W

MAX_BYTES = 300_000_000
_OLD = b"http://schemas.microsoft.com/office/word/2003/wordml"
_NEW = W.strip("{}").encode()
_CHECK = "check where this file comes from"
_METHOD = "doc"


def read_word_xml(path: Path) -> RawDocument:
    """Read a Word 2003 XML document. Raises LimitExceeded and Unreadable."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
    data = path.read_bytes()
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise Unreadable("the document declares a document type", _CHECK)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=size > 8_000_000)
    try:
        root = etree.fromstring(data.replace(_OLD, _NEW), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not well-formed XML: {error.msg}", "open it in Word and save it as DOCX") from error
    body = next(root.iter(W + "body"), None)
    if body is None:
        raise Unreadable("the document has no body", "open it in Word and save it as DOCX")
    _rename(body)
    styles = root.find(W + "styles")
    with tempfile.TemporaryDirectory(prefix="word-") as folder:
        copy = Path(folder) / "copy.docx"
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
            document = etree.Element(W + "document", nsmap={"w": W.strip("{}")})
            document.append(body)
            archive.writestr("word/document.xml", etree.tostring(document))
            if styles is not None:
                archive.writestr("word/styles.xml", etree.tostring(styles))
        raw = read_docx(copy)
    blocks = tuple(replace(b, method=_METHOD) if isinstance(b, Grid) else b for b in raw.blocks)
    return replace(raw, method=_METHOD, blocks=blocks)


def _rename(body: Any) -> None:
    for merge in list(body.iter(W + "vmerge")):
        merge.tag = W + "vMerge"
    for properties in list(body.iter(W + "listPr")):
        label = next((value for child in properties for key, value in child.attrib.items() if key.endswith("}val")
                      and child.tag.endswith("}t")), "")  # fmt: skip
        paragraph = next((a for a in properties.iterancestors() if a.tag == W + "p"), None)
        if label and paragraph is not None:
            run = etree.Element(W + "r")
            text = etree.SubElement(run, W + "t")
            text.text = f"{label} "
            first = paragraph.find(W + "pPr")
            paragraph.insert(0 if first is None else paragraph.index(first) + 1, run)
