"""PDFium → `PageContent`: the main source of words and ruling lines.

In: an open PDFium document and a page index. Out: words, and glyphs and font styles on request while the page is
open (`pdf_text`); ruling lines (`pdf_shapes`: one pass over the page's objects).

PDFium is not thread-safe and may abort on hostile files: it runs in a child process.
Source for the calls: the headers `fpdf_text.h`, `fpdf_edit.h`, `fpdfview.h`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from extract.legacy import Decoder
from extract.page import PageContent
from extract.problems import Encrypted, LimitExceeded, Unreadable
from extract.readers.pdf_covered import covered_texts
from extract.readers.pdf_shapes import Affine, Drawing, Shapes
from extract.readers.pdf_spaced import closed_up
from extract.readers.pdf_text import TextOfPages

MAX_GLYPHS = 400_000
TOGETHER, MOST_GLYPHS = 8, 20_000  # pages that are read together, and their glyphs
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
        self._n_opened = 0
        self._read: dict[int, tuple[OpenPage, PageContent, int]] = {}  # read and not yet given out, by page
        self._waiting: dict[int, OpenPage] = {}  # opened, but not to be read with those before
        self._most = TOGETHER
        # Were the lines of the pages before drawn in another order than they are read in? None: nothing is known yet.
        self._is_disordered: bool | None = None
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
        self._close_pages()
        if self.handle:
            pdfium.FPDF_CloseDocument(self.handle)
            self.handle = None

    @contextmanager
    def page(self, index: int) -> Iterator[PageContent]:
        """Page `index` (from 0), closed again at the end. Raises `Unreadable`, `LimitExceeded`."""
        if index not in self._read:
            self._read_from(index)
        opened, content, turns = self._read.pop(index)
        try:
            if turns:
                # Text printed sideways: PDFium orders it well only when the page is turned first.
                pages = [opened.turned(turns)]
                content = replace(self._contents(pages, self._arranged(pages))[0], turns=turns)
            yield content
        finally:
            opened.close()

    def _read_from(self, index: int) -> None:
        """Read some pages together and keep them open. Raises where the first of them cannot be opened."""
        if index not in self._waiting:
            self._close_pages()
            if self._n_opened >= PAGES_OPEN and (anew := self._opened()):
                pdfium.FPDF_CloseDocument(self.handle)
                self.handle, self._n_opened = anew, 0
        pages = self._together(index)
        text = self._arranged(pages)
        sideways = next((i for i, turns in enumerate(text.turns) if turns), None)
        if sideways is not None and len(pages) > 1:
            self._waiting.update((page.index, page) for page in pages[sideways or 1 :])
            pages = pages[: sideways or 1]
            text = self._arranged(pages)
        self._most = TOGETHER if sideways is None else 1
        for page, content in zip(pages, self._contents(pages, text), strict=True):
            self._read[page.index] = page, content, text.turns[0]

    def _together(self, index: int) -> list[OpenPage]:
        """Pages of one size from `index` on, without invisible text where there are several."""
        pages = [self._page(index)]
        n_glyphs = pages[0].count
        while len(pages) < self._most and index + len(pages) < self.page_count:
            try:
                page = self._page(index + len(pages))
            except (LimitExceeded, Unreadable):
                break  # said when its turn comes
            n_glyphs += page.count
            if not page.goes_with(pages[0]) or n_glyphs > MOST_GLYPHS:
                self._waiting[page.index] = page
                break
            pages.append(page)
        return pages

    def _page(self, index: int) -> OpenPage:
        waiting = self._waiting.pop(index, None)
        if waiting is not None:
            return waiting
        self._n_opened += 1
        return OpenPage(self.handle, index, self._idle)

    def _close_pages(self) -> None:
        for page in (*self._waiting.values(), *(page for page, *_ in self._read.values())):
            page.close()
        self._waiting.clear()
        self._read.clear()

    def _arranged(self, pages: Sequence[OpenPage]) -> TextOfPages:
        text = TextOfPages([page.text for page in pages], [page.count for page in pages], *pages[0].frame)
        self._is_disordered = text.arrange(pages[0].shapes.hidden, is_likely=self._is_disordered)
        return text

    def _contents(self, pages: Sequence[OpenPage], text: TextOfPages) -> list[PageContent]:
        hidden, (_, width, height) = pages[0].shapes.hidden, pages[0].frame
        Shapes.settle([page.shapes for page in pages])
        legacy = text.decode(pages[0].index + 1, self._evidence)
        words = text.words(hidden)
        is_hidden = False
        if hidden and not words[0]:
            words, is_hidden = text.words(frozenset()), True
        contents = [
            PageContent(
                page.index + 1, width, height, own, page.shapes.edges, text.glyphs, text.style,
                n_glyphs=page.count, unmapped=unmapped,
                image_share=min(1.0, page.shapes.image_area / max(1.0, width * height)),
                pictures=page.shapes.pictures, is_hidden_text=is_hidden, unseen=page.shapes.unseen,
                read=decoded.read, doubts=decoded.doubts, problems=decoded.problems,
            )
            for page, own, unmapped, decoded in zip(pages, words, text.unmapped, legacy, strict=True)
        ]  # fmt: skip
        return closed_up(contents)


class OpenPage:
    """A page with its text and shapes; close it when done."""

    def __init__(self, document: Any, index: int, idle: set[Drawing]) -> None:
        self.index = index
        self._document, self._idle = document, idle
        self.handle: Any = pdfium.FPDF_LoadPage(document, index)
        self.text: Any = None
        if not self.handle:
            raise Unreadable(f"Page {index + 1} cannot be opened.", "Ask the sender for the file again.")
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    def _look(self) -> None:
        self.text = pdfium.FPDFText_LoadPage(self.handle)
        if not self.text:
            raise Unreadable("The text of a page cannot be read.")
        self.frame = _frame(self.handle)
        self.shapes = Shapes(self.frame[0], self._idle)
        self.shapes.walk(self.handle)
        self.count = max(0, pdfium.FPDFText_CountChars(self.text))
        if self.shapes.has_pictures and self.count:
            self.shapes.hidden |= covered_texts(self._document, self.handle, self.frame[1] * self.frame[2])
        if self.count > MAX_GLYPHS:
            message = f"Page {self.index + 1} has {self.count} glyphs; the limit is {MAX_GLYPHS}."
            raise LimitExceeded(message, "Split the file.")

    def goes_with(self, other: OpenPage) -> bool:
        """Can both pages be read together?"""
        return self.frame == other.frame and not self.shapes.hidden and not other.shapes.hidden

    def turned(self, turns: int) -> OpenPage:
        """The same page turned by some quarter turns."""
        self._close_text()
        pdfium.FPDFPage_SetRotation(self.handle, (pdfium.FPDFPage_GetRotation(self.handle) + turns) % 4)
        self._look()
        return self

    def _close_text(self) -> None:
        if self.text:
            pdfium.FPDFText_ClosePage(self.text)
            self.text = None

    def close(self) -> None:
        self._close_text()
        if self.handle:
            pdfium.FPDF_ClosePage(self.handle)
            self.handle = None


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
