"""A DOCX that holds scans and hardly a word: its pictures, in the order of its body, read as pages.

In: a DOCX. Out: its blocks, as of a scan. People paste photos and scans of a signed report into Word to send them as
one file. Sources: ECMA-376 part 1, 20.1.8.13 (`blip`), 15.2.14 (image parts); VML's `imagedata`.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import regex

from extract.model import Block, Grid, PageProgress, Paragraph, RawDocument
from extract.problems import ToolMissing
from extract.readers.docx_parts import parsed, part_of
from extract.text import UNREAD

FEW_WORDS = 30  # of a whole document
LEAST_PIXELS = 600  # a side; logos, seals and signatures have fewer
_USED = regex.compile(rb"""<(?:a:blip\b[^>]*?\br:embed|v:imagedata\b[^>]*?\br:id)\s*=\s*["']([^"']+)["']""")
_RELATIONS = "word/_rels/document.xml.rels"


def holds_only_pictures(blocks: Sequence[Block]) -> bool:
    """Is something in the blocks that was not read, hardly a word, and nothing written in a table?"""
    tables = " ".join(cell.text for block in blocks if isinstance(block, Grid) for cell in block.cells)
    prose = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    if UNREAD not in tables and UNREAD not in prose:
        return False
    return not tables.replace(UNREAD, " ").split() and len(prose.replace(UNREAD, " ").split()) < FEW_WORDS


def read_scans(path: Path, body: bytes, progress: PageProgress | None = None) -> RawDocument | None:
    """The pictures read as pages; None where none is as large as a page. Raises `ToolMissing`."""
    try:
        with zipfile.ZipFile(path) as archive:
            pictures = pictures_of(archive, body)
        from extract.readers.scan import read_pictures
    except ImportError:
        raise ToolMissing("The file holds scans and OpenCV is not installed.", 'pip install "baocao[ocr]"') from None
    return read_pictures(pictures, progress) if pictures else None


def pictures_of(archive: zipfile.ZipFile, body: bytes) -> list[Any]:
    """The pictures as large as pages, in the order in which the body shows them; [] where there are none."""
    import cv2
    import numpy as np

    relations = part_of(archive, _RELATIONS)
    if relations is None:
        return []
    targets = {one.get("Id"): one.get("Target", "") for one in parsed(relations)}
    out = []
    for number in _USED.findall(body):
        name = posixpath.normpath(posixpath.join("word", targets.get(number.decode("utf-8", "replace"), "")))
        data = part_of(archive, name.lstrip("/"))
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
        if picture is not None and min(picture.shape[:2]) >= LEAST_PIXELS:
            out.append(picture)
    return out
