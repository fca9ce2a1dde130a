"""The places of glyphs: what is told from the glyph before is what PDFium says of the glyph itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
import regex

from extract.readers import pdf_calls as calls
from extract.readers.pdf_glyphs import PageGlyphs
from extract.readers.pdf_order import is_blank, is_space
from extract.readers.pdf_shapes import Affine

ROOT = Path(__file__).parents[2]
SAMPLES = sorted([*ROOT.glob("corpus/*/*.pdf"), *ROOT.glob("tests/extract/data/pdf/*.pdf")])


def pages(path: Path) -> Iterator[tuple[Any, str]]:
    """The handle, as an argument of calls, and the text of each page."""
    with pdfium.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            chars = "".join(chr(pdfium.raw.FPDFText_GetUnicode(text.raw, i)) for i in range(text.count_chars()))
            yield calls.argument(calls.address_of(text.raw)), chars


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_base_line_and_size_is_the_one_of_the_glyph(path: Path) -> None:
    for page, text in pages(path):
        glyphs = PageGlyphs([page], [text], Affine())
        drawn = glyphs.drawn(np.array([True]))
        placed = np.flatnonzero(drawn.is_placed)
        assert len(placed) > 20
        assert np.array_equal(drawn.base[placed], calls.origins(repeat(page), placed.tolist())[:, 1])
        assert np.array_equal(drawn.size[placed], calls.font_sizes(repeat(page), placed.tolist()))
        left, _, right, _ = calls.loose_boxes(repeat(page), placed.tolist()).T
        assert np.array_equal(drawn.x0[placed], left) and np.array_equal(drawn.x1[placed], right)
        blank = np.flatnonzero(is_space(glyphs.codes))
        assert np.array_equal(~drawn.is_placed[blank], calls.are_generated(repeat(page), blank.tolist()))


def test_white_space_is_what_the_libraries_call_so() -> None:
    codes = np.array([code for code in range(sys.maxunicode) if not 0xD800 <= code < 0xE000], np.uint32)
    text = "".join(map(chr, codes.tolist()))
    assert np.flatnonzero(is_space(codes)).tolist() == [i for i, char in enumerate(text) if char.isspace()]
    assert np.flatnonzero(is_blank(codes)).tolist() == [m.start() for m in regex.finditer(r"\s", text)]
