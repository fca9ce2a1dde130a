"""pdfplumber → `PageContent`: the reference reader, and the fallback where PDFium refuses.

Slower by an order of magnitude and written against other code, so that a page read both ways is a
test. Glyphs are put into words by our own rule (`pdf_words`): pdfplumber's default tolerance fuses
Vietnamese words in files with mixed fonts. Page objects are dropped after each page: they leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from extract.page import Edge, Glyph, PageContent, Style, Word
from extract.problems import Encrypted, ExtractError, LimitExceeded, Unreadable
from extract.readers.pdf_order import BREAK, Drawn, reading_order
from extract.readers.pdf_spaced import closed_up
from extract.readers.pdf_words import is_unmapped, without_false_spaces, words_of

MAX_GLYPHS = 400_000
_SPACE = {"text": " ", "size": 1.0, "matrix": (1, 0, 0, 1, 0, 0), "x0": 0.0, "x1": 0.0, "fontname": ""}
RULE_THICKNESS = 4.0
MOST_SEARCHED = 8_000_000  # bytes
_START, _TABLE = re.compile(rb"startxref\s+(\d{1,9})\s+%%EOF"), re.compile(rb"xref\s+0 (\d{1,7})\s*\n")
_ENTRY, _COUNT = re.compile(rb"(\d{10}) 00000 n"), re.compile(rb"/Count\s+(\d{1,7})\b(?!\s+\d+\s+R)")


class PlumberDocument:
    """An open document. Raises `Encrypted` or `Unreadable` on opening."""

    def __init__(self, path: Path, password: str | None = None) -> None:
        import pdfplumber

        try:
            self._pdf = pdfplumber.open(path, password=password or "")
            self._count = len(self._pdf.pages)
        except Exception as error:
            raise _as_ours(error) from error

    @property
    def page_count(self) -> int:
        return self._count

    def close(self) -> None:
        self._pdf.close()

    @contextmanager
    def page(self, index: int) -> Iterator[PageContent]:
        try:
            page = self._pdf.pages[index]
            content = _content(page, index + 1)
        except ExtractError:
            raise
        except Exception as error:
            raise Unreadable(f"Page {index + 1} cannot be read ({type(error).__name__}).") from error
        try:
            yield content
        finally:
            page.close()
            page.page_obj = None  # type: ignore[assignment]  # it keeps the page alive


def count_pages(path: Path, password: str | None = None) -> int | None:
    """The number of pages the file itself states, read without PDFium; None where it cannot be told."""
    if path.stat().st_size <= MOST_SEARCHED and (stated := _stated_count(path.read_bytes())) is not None:
        return stated
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import resolve1

    try:
        with path.open("rb") as file:
            document = PDFDocument(PDFParser(file), password or "")
            count = resolve1(resolve1(document.catalog["Pages"])["Count"])
    except Exception:  # noqa: BLE001 - the second reader may refuse what the first one reads
        return None
    return count if isinstance(count, int) and not isinstance(count, bool) else None


def _stated_count(data: bytes) -> int | None:
    """The count of the root of the page tree, found by the places that the file's table of objects gives, where it was
    written in one go and its table is one piece; None where it is anything else. What pdfminer builds up for this takes
    as long as half a page."""
    end = data.rfind(b"startxref")
    start = _START.match(data, end) if end >= 0 else None
    table = _TABLE.match(data, int(start[1])) if start else None
    if table is None:
        return None
    trailer = data[table.end() + 20 * int(table[1]) : end]
    if not trailer.lstrip().startswith(b"trailer") or b"/Prev" in trailer or b"/Encrypt" in trailer:
        return None

    def referred(name: bytes, within: bytes) -> bytes:
        """The object that an entry of a dictionary refers to; empty where it is not found."""
        number = re.search(rb"/%s\s+(\d{1,8})\s+0\s+R\b" % name, within)
        entry = _ENTRY.match(data, table.end() + 20 * int(number[1])) if number else None
        if number is None or entry is None or int(number[1]) >= int(table[1]):
            return b""
        body = re.compile(rb"%s\s+0\s+obj\b" % number[1]).match(data, int(entry[1]))
        return data[body.end() : data.find(b"endobj", body.end())] if body else b""

    counts = _COUNT.findall(referred(b"Pages", referred(b"Root", trailer)))
    return int(counts[0]) if len(counts) == 1 else None


def _as_ours(error: Exception) -> ExtractError:
    causes = [error, *(a for a in error.args if isinstance(a, BaseException))]
    if any(type(c).__name__ in ("PDFPasswordIncorrect", "PDFEncryptionError") for c in causes):
        return Encrypted(
            "The PDF is protected by a password.",
            "Save a copy without a password, or pass the password with --password-file.",
        )
    return Unreadable(
        f"The PDF is damaged and cannot be opened ({type(causes[-1]).__name__}).",
        "Ask the sender for the file again, or print it to a new PDF.",
    )


def _content(page: Any, number: int) -> PageContent:
    chars: Sequence[dict[str, Any]] = page.chars
    if len(chars) > MAX_GLYPHS:
        raise LimitExceeded(f"Page {number} has {len(chars)} glyphs; the limit is {MAX_GLYPHS}.", "Split the file.")
    width, height = float(page.width), float(page.height)
    upright = [c for c in chars if c.get("upright", True)]
    glyphs = [_glyph(c, height) for c in upright]
    order = reading_order(_drawn(glyphs))
    if order is not None:
        upright = [upright[i] if i != BREAK else _SPACE for i in order.tolist()]
        glyphs = [_glyph(c, height) for c in upright]
    words: list[Word] = without_false_spaces(words_of(glyphs, 0), glyphs)
    words = [w for w in words if w.x1 > 0 and w.x0 < width and w.bottom > 0 and w.top < height]
    pictures = [(float(i["x0"]), float(i["top"]), float(i["x1"]), float(i["bottom"])) for i in page.images]
    area = sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in pictures)

    def style(index: int) -> Style:
        name = str(upright[index].get("fontname", "")).lower()
        return Style("bold" in name or "black" in name, "italic" in name or "oblique" in name)

    content = PageContent(
        number, width, height, words, list(_edges(page)), lambda start, count: glyphs[start : start + count], style,
        n_glyphs=len(chars), unmapped=is_unmapped("".join(g.char for g in glyphs)),
        image_share=min(1.0, area / max(1.0, width * height)), pictures=pictures,
    )  # fmt: skip
    return closed_up([content])[0]


def _glyph(char: dict[str, Any], height: float) -> Glyph:
    size = float(char["size"])
    base = height - float(char["matrix"][5])
    text = str(char["text"])
    if text.startswith("(cid:"):
        text = "\ufffd"
    return Glyph(text, float(char["x0"]), base - 0.9 * size, float(char["x1"]), base + 0.22 * size, base, size)


def _drawn(glyphs: Sequence[Glyph]) -> Drawn:
    x0, x1, base, size = (np.array([getattr(g, name) for g in glyphs]) for name in ("x0", "x1", "base", "size"))
    return Drawn("".join(g.char[:1] or " " for g in glyphs), x0, x1, base, size, np.ones(len(glyphs), bool))


def _edges(page: Any) -> Iterator[Edge]:
    for shape in (*page.lines, *page.rects, *page.curves, *page.images):
        x0, x1, top, bottom = (float(shape[k]) for k in ("x0", "x1", "top", "bottom"))
        if bottom - top <= RULE_THICKNESS and x1 - x0 > 2 * (bottom - top):
            yield Edge(True, (top + bottom) / 2, x0, x1)
        elif x1 - x0 <= RULE_THICKNESS and bottom - top > 2 * (x1 - x0):
            yield Edge(False, (x0 + x1) / 2, top, bottom)
        elif shape.get("stroke") and shape["object_type"] == "rect":
            for y in (top, bottom):
                yield Edge(True, y, x0, x1)
            for x in (x0, x1):
                yield Edge(False, x, top, bottom)
        elif shape.get("stroke") and shape["object_type"] == "curve":
            points = [(float(x), float(y)) for x, y in shape["pts"]]
            for (ax, ay), (bx, by) in pairwise(points):
                if abs(ay - by) < 0.5 and abs(ax - bx) > 1:
                    yield Edge(True, ay, min(ax, bx), max(ax, bx))
                elif abs(ax - bx) < 0.5 and abs(ay - by) > 1:
                    yield Edge(False, ax, min(ay, by), max(ay, by))
