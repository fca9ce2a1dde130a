"""Text that a picture covers: what a scanner's program wrote under the picture of a page.

In: an open page of PDFium and its objects in the order in which they are drawn. Out: the text objects before the last
opaque picture as large as half the page. Nobody sees them, as nobody sees text that is drawn invisibly.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium

from extract.readers import pdf_calls as calls

WHOLE = 0.5  # a picture over this share of a page is the page
_OPAQUE = 0.9  # share of its dots; a turned picture has clear corners


def covered_texts(document: Any, page: Any, area: float) -> frozenset[int]:
    """Addresses of the text objects of a page that are covered. `area` is the page's, in square points."""
    objects = calls.page_objects(calls.address_of(page), pdfium.FPDFPage_CountObjects(page), is_form=False)
    kinds = calls.kinds(objects)
    if pdfium.FPDF_PAGEOBJ_TEXT not in kinds:
        return frozenset()
    first = kinds.index(pdfium.FPDF_PAGEOBJ_TEXT)
    for place in reversed(_pictures(objects, kinds, area)):
        if place < first:
            break
        if _is_opaque(document, page, objects[place]):
            return frozenset(
                o for o, kind in zip(objects[:place], kinds, strict=False) if kind == pdfium.FPDF_PAGEOBJ_TEXT
            )
    return frozenset()


def _pictures(objects: Sequence[int], kinds: Sequence[int], area: float) -> list[int]:
    """Places of the pictures that are the page."""
    places = [place for place, kind in enumerate(kinds) if kind == pdfium.FPDF_PAGEOBJ_IMAGE]
    bounds, known = calls.bounds([objects[place] for place in places])
    left, bottom, right, top = bounds.T
    is_whole = np.array(known, bool) & ((right - left) * (top - bottom) >= WHOLE * area)
    return [place for place, whole in zip(places, is_whole.tolist(), strict=True) if whole]


def _is_opaque(document: Any, page: Any, picture: int) -> bool:
    bitmap = pdfium.FPDFImageObj_GetRenderedBitmap(document, page, ctypes.cast(picture, pdfium.FPDF_PAGEOBJECT))
    if not bitmap:
        return False
    try:
        if pdfium.FPDFBitmap_GetFormat(bitmap) != pdfium.FPDFBitmap_BGRA:
            return True
        height, stride = pdfium.FPDFBitmap_GetHeight(bitmap), pdfium.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        alpha = np.frombuffer(data, np.uint8).reshape(height, stride)[:, 3 : 4 * pdfium.FPDFBitmap_GetWidth(bitmap) : 4]
        return bool((alpha == 255).mean() >= _OPAQUE)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
