"""Two pages printed on one sheet are read one after the other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extract import read_file
from extract.model import Document
from extract.page import Edge, PageContent, Style, Word
from extract.readers.pdf_halves import Sheets, halves

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SAMPLES = sorted(CORPUS.rglob("*.pdf"))


def two_on_a_sheet(path: Path, folder: Path) -> Path:
    source = pdfium.PdfDocument(path)
    sheets = pdfium.PdfDocument(pdfium.raw.FPDF_ImportNPagesToOne(source, 842.0, 595.0, 2, 1))
    out = folder / path.name
    sheets.save(out)
    sheets.close()
    source.close()
    return out


def is_portrait(path: Path) -> bool:
    document = pdfium.PdfDocument(path)
    try:
        return len(document) > 2 and all(page.get_width() < page.get_height() for page in document)
    finally:
        document.close()


def figures(document: Document) -> list[tuple[str, int, int, str]]:
    return [(t.caption.appendix, c.row, c.col, c.text) for t in document.tables for c in t.cells]


@pytest.mark.parametrize("path", [path for path in SAMPLES if is_portrait(path)][:4], ids=lambda path: path.stem)
def test_the_cells_of_a_report_are_the_same_two_pages_on_a_sheet(path: Path, tmp_path: Path) -> None:
    single = read_file(path, path.name)
    double = read_file(two_on_a_sheet(path, tmp_path), path.name)
    assert figures(double) == figures(single) != []
    boxes = [cell.bbox for table in double.tables for cell in table.cells if cell.bbox is not None]
    assert any(box.x0 > 421 for box in boxes)  # on the right half of the sheet as it is seen
    assert all(box.x1 <= 842 for box in boxes)


def page(words: list[Word], edges: list[Edge] | None = None) -> PageContent:
    return PageContent(1, 842, 595, words, edges or [], lambda _, __: [], lambda _: Style(False, False))


def lines(x0: float, x1: float, n: int) -> list[Word]:
    return [Word("chữ", x0, 20 * i, x1, 20 * i + 10, 20 * i + 8, 10.0, i * 4, 3) for i in range(1, n + 1)]


@pytest.mark.parametrize(
    ("words", "edges", "count"),
    [
        (lines(50, 380, 15) + lines(470, 800, 15), [], 2),
        (lines(50, 380, 15) + lines(470, 800, 15) + lines(400, 450, 1), [], 1),  # a word on the middle
        (lines(50, 380, 15) + lines(470, 800, 15), [Edge(True, 30, 50, 800)], 1),  # a rule over it
        (lines(50, 380, 15) + lines(470, 800, 4), [], 2),  # the second is short
        (lines(50, 380, 4) + lines(470, 800, 4), [], 1),  # few lines: the halves of a letterhead
        (lines(50, 400, 15) + lines(435, 790, 15), [], 1),  # a table with a gutter on the middle
        (lines(50, 200, 15) + lines(470, 600, 15), [], 1),  # narrow columns
    ],
)
def test_a_sheet_is_two_pages_where_nothing_stands_on_its_middle(
    words: list[Word], edges: list[Edge], count: int
) -> None:
    assert len(Sheets().pages(page(words, edges))) == count
    assert len(Sheets().pages(page(lines(50, 380, 3)))) == 1
    assert len(Sheets().pages(page([]))) == 1


def test_behind_a_sheet_of_two_pages_short_ones_are_too() -> None:
    few = lines(50, 380, 15) + lines(470, 600, 2)
    left, right = halves(page(few), is_likely=True)
    assert (len(left.words), len(right.words)) == (15, 2)
    assert right.words[0].x0 == 49
    assert right.seen(49, 0, 179, 10).x0 == 470


def test_a_table_with_a_gutter_on_the_middle_is_not_parted_where_a_sheet_of_its_size_was_one_page() -> None:
    wide, parted = page(lines(50, 790, 5)), page(lines(50, 380, 15) + lines(470, 800, 15))
    sheets = Sheets()
    assert [len(sheets.pages(sheet)) for sheet in (wide, parted, parted)] == [1, 1, 1]
    other = PageContent(3, 1191, 842, [], [], lambda _, __: [], lambda _: Style(False, False))
    of_another_size = lines(50, 500, 15) + lines(645, 1100, 15)
    assert len(sheets.pages(replace(other, words=of_another_size))) == 2
    assert [len(Sheets().pages(sheet)) for sheet in (parted, wide)] == [2, 1]
