"""OCR accuracy and seconds a page: ours, img2table and plain Tesseract on the same pages.

    python -m bench.ocr FILE.pdf TWIN.pdf [FILE.pdf TWIN.pdf …]

`FILE` is a scan, `TWIN` the born-digital PDF it was made from: its cells are what is printed. One line a reader:
share of table cells read exactly (spaces aside), of figure cells, seconds of processor time a page, and the ratio to
one reading by Tesseract. img2table is measured only where it is installed; its words are Tesseract's.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from extract.model import Grid
from extract.readers.pdf import read_pdf
from extract.readers.pdf_pdfium import PdfiumDocument
from extract.readers.scan_image import clean_page
from extract.readers.scan_pdf import picture_of
from extract.readers.scan_tesseract import BLOCK, read_words

Cells = dict[int, Counter[str]]  # page → texts of its table cells


def bare(text: str) -> str:
    return "".join(text.split()).strip(".:;")


def is_figure(text: str) -> bool:
    return bool(text) and text[0].isdigit()


def of_grids(path: Path) -> Cells:
    found: Cells = {}
    for block in read_pdf(path).blocks:
        if isinstance(block, Grid):
            page = found.setdefault(block.page or 0, Counter())
            page.update(bare(cell.text) for cell in block.cells if bare(cell.text))
    return found


def plain(path: Path) -> Cells:
    """What Tesseract alone reads: words, for it knows no cells."""
    document = PdfiumDocument(path)
    found: Cells = {}
    for index in range(document.page_count):
        picture, scale = picture_of(document.handle, index)
        words = read_words(clean_page(picture, scale).grey, 72 * scale, BLOCK)
        found[index + 1] = Counter(bare(word.text) for word in words)
    document.close()
    return found


def img2table(path: Path) -> Cells:
    from img2table.document import PDF  # type: ignore[import-not-found]
    from img2table.ocr import TesseractOCR  # type: ignore[import-not-found]

    found: Cells = {}
    tables = PDF(str(path)).extract_tables(ocr=TesseractOCR(n_threads=1, lang="vie"))
    for page, here in tables.items():
        for table in here:
            cells = (cell.value for row in table.content.values() for cell in row)
            found.setdefault(page + 1, Counter()).update(bare(value) for value in cells if value)
    return found


def measured(read: Callable[[Path], Cells], pairs: Iterable[tuple[Path, Cells]]) -> tuple[float, float, float]:
    """Share of cells, share of figures, seconds of processor time a page."""
    hit = all_cells = figures = figures_hit = pages = 0
    before = _processor()
    for path, want in pairs:
        got = read(path)
        pages += max(want, default=1)
        for page, texts in want.items():
            same = texts & got.get(page, Counter())
            hit, all_cells = hit + same.total(), all_cells + texts.total()
            figures += sum(n for text, n in texts.items() if is_figure(text))
            figures_hit += sum(n for text, n in same.items() if is_figure(text))
    return hit / max(1, all_cells), figures_hit / max(1, figures), (_processor() - before) / max(1, pages)


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    files = parser.parse_args().files
    if len(files) % 2:
        parser.error("give each scan with its born-digital twin")
    pairs = [(scan, of_grids(twin)) for scan, twin in zip(files[::2], files[1::2], strict=True)]
    readers: dict[str, Callable[[Path], Cells]] = {"plain Tesseract": plain, "baocao": of_grids, "img2table": img2table}
    alone = 0.0
    for name, read in readers.items():
        try:
            cells, figures, seconds = measured(read, pairs)
        except ImportError:
            print(f"{name:16s} not installed")
            continue
        alone = alone or seconds
        shares = f"cells {cells:.3f} figures {figures:.3f}"
        print(f"{name:16s} {shares} seconds a page {seconds:.2f} ratio {seconds / alone:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
