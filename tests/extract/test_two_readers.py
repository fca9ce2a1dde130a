"""Two libraries read every sample PDF: PDFium, which we read with, and pdfplumber, which stands in for it.

Each cell of each table must be the same, in place, span and text; a difference is listed cell by cell. pdfplumber's
words, glyphs and rules come another way into the same table steps: what differs was misread by one of the two.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extract.model import Grid
from extract.readers.pdf import read_pdf

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "corpus").rglob("*.pdf"))
Placed = tuple[int | None, int, int, int, int, str]


def cells(path: Path, reader: str) -> Counter[Placed]:
    grids = [block for block in read_pdf(path, reader=reader).blocks if isinstance(block, Grid)]
    return Counter((c.page, c.row, c.col, c.row_span, c.col_span, c.text) for grid in grids for c in grid.cells)


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 8


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(ROOT / "corpus").as_posix())
def test_both_readers_see_the_same_cells(path: Path) -> None:
    by_pdfium, by_pdfplumber = cells(path, "pdfium"), cells(path, "pdfplumber")
    assert by_pdfium
    assert sorted(by_pdfium - by_pdfplumber, key=str) == []
    assert sorted(by_pdfplumber - by_pdfium, key=str) == []
