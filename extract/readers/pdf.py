"""A born-digital PDF → blocks in reading order, page by page.

PDFium is the main reader; pdfplumber reads a page or a file that PDFium refuses, and the number of
pages is checked against pdfminer. Per page: words and rules → tables and paragraphs (`pdf_page`);
running heads are known when all pages were read. A page is closed before the next is opened, and the
blocks of a long file are packed page by page. A page that fails keeps its number and becomes a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from extract.model import Block, Grid, PageProgress, Paragraph, Problem, RawDocument
from extract.page import PageContent
from extract.problems import Encrypted, ExtractError, LimitExceeded, ToolMissing, Unreadable
from extract.readers import pdf_furniture as furniture
from extract.readers.pdf_covered import WHOLE
from extract.readers.pdf_halves import Sheets
from extract.readers.pdf_legacy import with_readings
from extract.readers.pdf_page import Carried, Placed, read_page
from extract.readers.pdf_pdfium import PdfiumDocument
from extract.readers.pdf_plumber import PlumberDocument, count_pages
from extract.readers.pdf_unread import with_unread
from extract.readers.scan_labels import repaired_labels
from extract.readers.scan_pdf import has_garbage_text, is_picture, is_signed_picture, picture_of
from extract.records import Packed, Room

if TYPE_CHECKING:
    from extract.readers.scan import ScannedPage
    from extract.readers.scan_glyphs import Shapes

OCR_SECONDS = 400.0  # of the clock; what ends a page sooner is the limit on processor time

MAX_PAGES, MAX_SIDE_PT = 10_000, 14_400.0
# Above this share of glyphs without a character the text of a page cannot be trusted.
DAMAGED_SHARE = 0.02
EDGE_PT = 2.0  # a table this near to the edge was cut there


class _Source(Protocol):
    @property
    def page_count(self) -> int: ...

    def page(self, index: int) -> AbstractContextManager[PageContent]: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class _Reading:
    blocks: Packed[Block] = field(default_factory=lambda: Packed(Room()))
    heads: dict[int, str] = field(default_factory=dict)  # keys of the blocks that may be running heads, by their place
    problems: list[Problem] = field(default_factory=list)
    carried: Carried = field(default_factory=Carried)
    n_pictures: int = 0
    sheets: Sheets = field(default_factory=Sheets)
    missing: ToolMissing | None = None
    has_print: bool = False  # a page that is no picture
    tell: PageProgress | None = None
    shapes: Shapes | None = None
    pictures: PdfiumDocument | None = None  # draws the pages that pdfplumber found to be pictures


def read_pdf(
    path: Path,
    *,
    password: str | None = None,
    max_pages: int = MAX_PAGES,
    reader: str = "auto",
    progress: PageProgress | None = None,
    attempt: int = 1,
    passwords: Sequence[str] = (),
) -> RawDocument:
    """Read a PDF; `reader` is auto, pdfium or pdfplumber (no fallback with the last two). `progress` is told the
    pages; in the second `attempt`, after a crash, pdfplumber stands in for PDFium; `passwords` are tried in turn.

    Raises `Encrypted`, `Unreadable`, `LimitExceeded`. Problems of pages: page-unreadable,
    page-without-text (a picture, and no OCR installed), pdf-text-damaged, page-count-mismatch. A file of which no page
    can be read without OCR is a `ToolMissing`.
    """
    if reader == "auto" and attempt > 1:
        reader = "pdfplumber"
    source, password = _opened(path, password, passwords, reader)
    reading = _Reading()
    second: PlumberDocument | None = None
    try:
        count = source.page_count
        if count > max_pages:
            raise LimitExceeded(
                f"The PDF has {count} pages; the limit is {max_pages}.", "Split the file, or raise the limit."
            )
        reading.tell = progress
        if progress is not None:
            progress(0, count, None)
        # asked before the pages are read: what it takes of memory is free again for them
        counted = count_pages(path, password) if isinstance(source, PdfiumDocument) else None
        for index in range(count):
            failure = _page(source, index, reading, path, password)
            if failure is not None and reader == "auto" and isinstance(source, PdfiumDocument):
                second = second or _second(path, password)
                failure = _page(second, index, reading, path, password) if second else failure
            if failure is not None:
                message = f"Page {index + 1} could not be read: {failure.message}"
                reading.problems.append(Problem("page-unreadable", "error", message, index + 1))
                reading.carried = replace(reading.carried, columns=())
            if progress is not None:
                progress(index + 1, count, OCR_SECONDS if reading.n_pictures else None)
        if counted is not None and counted != count:
            message = f"One reader counts {count} pages, another {counted}."
            detail = f"{count} / {counted}"
            reading.problems.append(Problem("page-count-mismatch", "error", message, detail=detail))
    finally:
        source.close()
        if second is not None:
            second.close()
        if reading.pictures is not None:
            reading.pictures.close()
    if reading.missing is not None and not reading.has_print:
        raise reading.missing
    blocks = _finished(reading, count)
    if 2 * reading.n_pictures <= count:
        return RawDocument(blocks, "pdf", count, tuple(reading.problems))
    blocks, changed = repaired_labels(blocks)
    return RawDocument(blocks, "ocr", count, (*reading.problems, *changed))


def _opened(path: Path, password: str | None, passwords: Sequence[str], reader: str) -> tuple[_Source, str | None]:
    """The file, opened with the first password that fits, and that password."""
    try:
        return _open(path, password, reader), password
    except Encrypted:
        for other in passwords:
            with suppress(Encrypted):
                return _open(path, other, reader), other
        raise


def _open(path: Path, password: str | None, reader: str) -> _Source:
    if reader == "pdfplumber":
        return PlumberDocument(path, password)
    try:
        return PdfiumDocument(path, password)
    except Unreadable as refused:
        if reader == "pdfium":
            raise
        try:
            source = PlumberDocument(path, password)
        except Unreadable:
            raise refused from None
        if source.page_count:
            return source
        raise


def _second(path: Path, password: str | None) -> PlumberDocument | None:
    try:
        return PlumberDocument(path, password)
    except (Unreadable, Encrypted):
        return None


def _page(source: _Source, index: int, reading: _Reading, path: Path, password: str | None) -> ExtractError | None:
    """Read one page into `reading`; the error where it could not be read."""
    try:
        with source.page(index) as page:
            if max(page.width, page.height) > MAX_SIDE_PT:
                limit = f"The page is {page.width:.0f} × {page.height:.0f} points; the limit is {MAX_SIDE_PT:.0f}."
                return LimitExceeded(limit, "Print the page to a usual size.")
            seen, is_signed = None, False
            if is_picture(page) or has_garbage_text(page) or (is_signed := is_signed_picture(page)):
                seen = _as_picture(_drawn_by(source, page, reading, path, password), page, reading)
            if seen is not None and not (is_signed and _says_no_more(seen, page)):
                placed, carried = seen.placed, seen.carried
                reading.problems.extend(seen.problems)
                reading.n_pictures += 1
                reading.shapes = seen.shapes or reading.shapes
            else:
                placed, carried = [], reading.carried
                reading.has_print |= bool(page.words) and not is_picture(page) and not is_signed_picture(page)
                for part in reading.sheets.pages(page):
                    found, carried = read_page(part, carried)
                    placed += with_readings(found, page)
                if page.pictures:
                    placed = with_unread(placed, page)
                said = _page_problems(page, is_missing=reading.missing is not None)
                reading.problems.extend((*said, *_beyond_page(page, placed), *page.problems))
    except ExtractError as error:
        return error
    for item in placed:
        if item.key:
            reading.heads[len(reading.blocks)] = item.key
        reading.blocks.append(item.block, len(item.block.cells) if isinstance(item.block, Grid) else 1)
    reading.carried = carried
    if not placed and not page.words:
        reading.carried = replace(carried, columns=())
    return None


def _drawn_by(
    source: _Source, page: PageContent, reading: _Reading, path: Path, password: str | None
) -> PdfiumDocument | None:
    """What draws the page. After a first attempt that PDFium did not survive only plain pictures are given to it."""
    if isinstance(source, PdfiumDocument):
        return source
    if reading.pictures is None and page.image_share >= WHOLE:
        with suppress(Unreadable, Encrypted):
            reading.pictures = PdfiumDocument(path, password)
    return reading.pictures if page.image_share >= WHOLE else None


def _as_picture(source: PdfiumDocument | None, page: PageContent, reading: _Reading) -> ScannedPage | None:
    """The page read by OCR; None where that cannot be done (the file then says which pages are missing)."""
    if source is None or reading.missing is not None:
        return None
    try:
        from extract.readers.scan import ScannedPage, read_picture
        from extract.readers.scan_tesseract import require

        require()
    except ToolMissing as missing:
        reading.missing = missing
        return None
    except ImportError:
        line = 'pip install "baocao[ocr]"'
        reading.missing = ToolMissing("The file is a scan and OpenCV is not installed.", line)
        return None
    if reading.tell is not None:
        reading.tell(page.number - 1, None, OCR_SECONDS)
    try:
        picture, scale = picture_of(source.handle, page.number - 1)
        return read_picture(picture, scale, page.number, reading.carried, reading.shapes, reading.sheets)
    except ExtractError as error:  # another PDF library would not see more: it is a picture
        message = f"Page {page.number} could not be read: {error.message}"
        problem = Problem("page-unreadable", "error", message, page.number, detail=error.code)
        return ScannedPage([], replace(reading.carried, columns=()), (problem,))


def _says_no_more(seen: ScannedPage, page: PageContent) -> bool:
    """Is what OCR read on the page hardly more than what is printed on it as text?"""
    blocks = (one.block for one in seen.placed)
    texts = (text for b in blocks for text in ((c.text for c in b.cells) if isinstance(b, Grid) else (b.text,)))
    return sum(len(text.split()) for text in texts) < 2 * len(page.words)


def _beyond_page(page: PageContent, placed: Sequence[Placed]) -> Iterator[Problem]:
    """A table that is wider than its page: what stands beyond the edge is not printed, and often not in the file."""
    for one in placed:
        box = one.block.bbox if isinstance(one.block, Grid) else None
        if box is not None and (box.x0 <= EDGE_PT or box.x1 >= page.width - EDGE_PT):
            message = f"A table runs over the edge of page {page.number}."
            yield Problem("table-beyond-page", "error", message, page.number, detail=f"{box.x0:.0f}–{box.x1:.0f}")


def _page_problems(page: PageContent, *, is_missing: bool) -> list[Problem]:
    """What is to be said of a page read as text; `is_missing`: OCR is not installed."""
    problems = []
    if (not page.words and is_picture(page)) or (is_missing and is_signed_picture(page)):
        message = f"Page {page.number} is a picture without text."
        problems.append(Problem("page-without-text", "error", message, page.number, detail=f"{page.image_share:.2f}"))
    elif is_picture(page):
        message = f"Page {page.number} is a picture; its text is what a scanner's program read."
        problems.append(Problem("page-of-scanner", "error", message, page.number, detail=f"{page.image_share:.2f}"))
    share = page.unmapped / page.n_glyphs if page.n_glyphs else 0.0
    if share > DAMAGED_SHARE:
        message = f"{page.unmapped} of {page.n_glyphs} glyphs of page {page.number} have no character."
        problems.append(Problem("pdf-text-damaged", "error", message, page.number, detail=f"{share:.3f}"))
    return problems


def _finished(reading: _Reading, pages: int) -> Sequence[Block]:
    """The blocks without running heads; the first block of each page's body opens the page."""
    heads = furniture.repeated(reading.heads.values(), pages)
    return reading.blocks.without(frozenset(n for n, key in reading.heads.items() if key in heads)).done()


__all__ = ["MAX_PAGES", "Paragraph", "read_pdf"]
