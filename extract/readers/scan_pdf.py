"""Pages of a PDF that must be read as pictures: which they are, and their picture.

In: a page's content, an open PDFium document. Out: whether its text can be trusted, and the page drawn at the
resolution of its own picture. What a page prints as text wins wherever it is sane: a page is read as a picture where it
has no text, or glyphs that say no character, or is a picture itself. The invisible text behind a scan is what the
scanner's program made of it: no rules, figures nobody checked. What is printed over a scan is a signature or a stamp.
"""

from __future__ import annotations

import ctypes
from math import sqrt
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
import regex

from extract.page import PageContent
from extract.page_words import texts_of
from extract.problems import LimitExceeded
from extract.readers.pdf_covered import WHOLE
from extract.syllables import are_broken

MAX_PIXELS = 40_000_000
MIN_DPI, USUAL_DPI, MAX_DPI = 150.0, 200.0, 300.0
DAMAGED_SHARE = 0.02
_MARKED = regex.compile(r"[^\x00-\x7f]")
_LETTERS = regex.compile(r"\p{L}{2}")
ENOUGH_WORDS, SAMPLE_WORDS = 30, 150
LITTLE, BAND_PT = 0.25, 12.0  # of a page's height, told in bands: more than electronic signatures and stamps take


def is_picture(page: PageContent) -> bool:
    """A page with a picture or rules and no text at all, or a picture with invisible text."""
    if not page.words:
        return page.image_share > 0.05 or bool(page.edges)
    return page.is_hidden_text and page.image_share >= WHOLE


def is_signed_picture(page: PageContent) -> bool:
    """A picture over which little is printed."""
    if page.image_share < WHOLE or not page.words:
        return False
    bands = {int(edge / BAND_PT) for word in page.words for edge in (word.top, word.bottom)}
    return len(bands) * BAND_PT <= LITTLE * page.height


def has_garbage_text(page: PageContent) -> bool:
    """Text that cannot be what is printed: glyphs without characters, words in pieces, or text over a picture in which
    hardly a word has a Vietnamese mark (three in four have one)."""
    if page.n_glyphs and page.unmapped / page.n_glyphs > DAMAGED_SHARE:
        return True
    texts = texts_of(page.words)
    if page.image_share < WHOLE:
        return are_broken(texts[:: 1 + len(texts) // SAMPLE_WORDS])
    words = [text for text in texts if _LETTERS.search(text)]
    if len(words) < ENOUGH_WORDS:
        return False
    return sum(1 for word in words if _MARKED.search(word)) < 0.15 * len(words)


def picture_of(document: Any, index: int) -> tuple[Any, float]:
    """The page drawn in colour, with its pixels per point. `document` is PDFium's handle. Raises LimitExceeded."""
    page = pdfium.FPDF_LoadPage(document, index)
    try:
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        scale = _dpi_of(page, width * height) / 72
        across, down = max(1, round(width * scale)), max(1, round(height * scale))
        if across * down > MAX_PIXELS:
            scale *= sqrt(MAX_PIXELS / (across * down)) * 0.999
            across, down = max(1, int(width * scale)), max(1, int(height * scale))
        if scale < 1.0:
            raise LimitExceeded(
                f"The page is {width:.0f} × {height:.0f} points, too large to draw within 40 megapixels.",
                "Print the page to a usual size.",
            )
        bitmap = pdfium.FPDFBitmap_CreateEx(across, down, pdfium.FPDFBitmap_BGR, None, 0)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, pdfium.FPDF_ANNOT)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            buffer = pdfium.FPDFBitmap_GetBuffer(bitmap)
            data = np.frombuffer(ctypes.string_at(buffer, stride * down), np.uint8)
            picture = data.reshape(down, stride)[:, : across * 3].reshape(down, across, 3).copy()
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    finally:
        pdfium.FPDF_ClosePage(page)
    return picture, scale


def _dpi_of(page: Any, area: float) -> float:
    """The resolution of the page's main picture, within bounds; the usual one where there is none."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    across, down = ctypes.c_uint(), ctypes.c_uint()
    best, dpi = 0.2 * area, USUAL_DPI
    for index in range(min(pdfium.FPDFPage_CountObjects(page), 200)):
        obj = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(obj) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if not pdfium.FPDFPageObj_GetBounds(obj, left, bottom, right, top):
            continue
        covered = (right.value - left.value) * (top.value - bottom.value)
        if covered > best and pdfium.FPDFImageObj_GetImagePixelSize(obj, across, down):
            best, dpi = covered, 72 * sqrt(across.value * down.value / covered)
    return min(MAX_DPI, max(MIN_DPI, dpi))
