"""PDFium → `PageContent`: the main source of words and ruling lines.

In: an open PDFium document and a page index. Out: words, and glyphs and font styles on request while the page is
open (`pdf_text`); ruling lines (`pdf_shapes`: one pass over the page's objects).

PDFium is not thread-safe and may abort on hostile files: it runs in a child process.
Source for the calls: the headers `fpdf_text.h`, `fpdf_edit.h`, `fpdfview.h`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from extract.legacy import Decoder
from extract.page import PageContent
from extract.problems import Encrypted, LimitExceeded, Unreadable
from extract.readers.pdf_shapes import Affine, Drawing, Shapes
from extract.readers.pdf_text import TextOfPage

MAX_GLYPHS = 400_000
PAGES_OPEN = 200  # opening reads the file's table of contents: not too often
MOST_IN_MEMORY = 8_000_000  # bytes; a larger file stays on the disk
_ERRORS = {4: "password", 5: "security"}


class PdfiumDocument:
    """An open document. Raises `Encrypted` or `Unreadable` on opening; close it when done.

    PDFium keeps what it parsed until a document is closed, some 50 kB a page: a long one is opened anew now and then.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self._evidence: list[Decoder] = []
        self.path, self._secret = path, password.encode() if password else None
        self._data = path.read_bytes() if path.stat().st_size <= MOST_IN_MEMORY else b""
        pdfium.FPDF_InitLibrary()
        self._n_read = 0
        self._is_disordered = False  # were the lines of the page before drawn in another order than they are read in?
        self._idle: set[Drawing] = set()  # drawings without rules that pages have in common
        self.handle: Any = self._opened()
        if not self.handle:
            error = pdfium.FPDF_GetLastError()
            if error in _ERRORS:
                raise Encrypted(
                    "The PDF is protected by a password.",
                    "Save a copy without a password, or pass the password with --password-file.",
                )
            raise Unreadable(
                f"The PDF is damaged and cannot be opened (PDFium error {error}).",
                "Ask the sender for the file again, or print it to a new PDF.",
            )

    def _opened(self) -> Any:
        if self._data:
            return pdfium.FPDF_LoadMemDocument64(self._data, len(self._data), self._secret)
        return pdfium.FPDF_LoadDocument(os.fsencode(self.path), self._secret)

    @property
    def page_count(self) -> int:
        return int(pdfium.FPDF_GetPageCount(self.handle))

    def close(self) -> None:
        if self.handle:
            pdfium.FPDF_CloseDocument(self.handle)
            self.handle = None

    @contextmanager
    def page(self, index: int) -> Iterator[PageContent]:
        """Page `index` (from 0), closed again at the end. Raises `Unreadable`, `LimitExceeded`."""
        if self._n_read >= PAGES_OPEN and (anew := self._opened()):
            pdfium.FPDF_CloseDocument(self.handle)
            self.handle, self._n_read = anew, 0
        self._n_read += 1
        page = pdfium.FPDF_LoadPage(self.handle, index)
        if not page:
            raise Unreadable(f"Page {index + 1} cannot be opened.", "Ask the sender for the file again.")
        opened = [page]
        try:
            with _text_page(page) as text_page:
                content, turns = self._read(page, text_page, index + 1)
                if not turns:
                    yield content
                    return
            # Text printed sideways: PDFium orders it well only when the page is turned first.
            pdfium.FPDFPage_SetRotation(page, (pdfium.FPDFPage_GetRotation(page) + turns) % 4)
            with _text_page(page) as text_page:
                yield replace(self._read(page, text_page, index + 1)[0], turns=turns)
        finally:
            pdfium.FPDF_ClosePage(opened[0])

    def _read(self, page: Any, text_page: Any, number: int) -> tuple[PageContent, int]:
        """The content of a page, and the quarter turns clockwise that make most of its text upright."""
        to_seen, width, height = _frame(page)
        objects = Shapes(to_seen, self._idle)
        objects.walk(page)
        count = max(0, pdfium.FPDFText_CountChars(text_page))
        if count > MAX_GLYPHS:
            raise LimitExceeded(f"Page {number} has {count} glyphs; the limit is {MAX_GLYPHS}.", "Split the file.")
        text = TextOfPage(text_page, count, to_seen, width, height)
        self._is_disordered = text.arrange(objects.hidden, is_likely=self._is_disordered)
        legacy = text.decode(number, self._evidence)
        words = text.words(objects.hidden)
        is_hidden = False
        if objects.hidden and not words:
            words, is_hidden = text.words(frozenset()), True
        content = PageContent(
            number, width, height, words, objects.edges, text.glyphs, text.style,
            n_glyphs=count, unmapped=text.unmapped, image_share=min(1.0, objects.image_area / max(1.0, width * height)),
            is_hidden_text=is_hidden, read=legacy.read, problems=legacy.problems,
        )  # fmt: skip
        return content, text.turns


@contextmanager
def _text_page(page: Any) -> Iterator[Any]:
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        raise Unreadable("The text of a page cannot be read.")
    try:
        yield text_page
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _frame(page: Any) -> tuple[Affine, float, float]:
    """User space → the page as seen: rotation applied, origin top left."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = float(box.left), float(box.bottom), float(box.right), float(box.top)
    across, down = right - left, top - bottom
    rotation = pdfium.FPDFPage_GetRotation(page)
    if rotation == 1:
        return Affine(0, 1, 1, 0, -bottom, -left), down, across
    if rotation == 2:
        return Affine(-1, 0, 0, 1, right, -bottom), across, down
    if rotation == 3:
        return Affine(0, -1, -1, 0, top, right), down, across
    return Affine(1, 0, 0, -1, -left, top), across, down
