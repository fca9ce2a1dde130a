"""Draw one page as the PDF reader sees it: `baocao debug page FILE N`.

In: a PDF and a page number. Out: a PNG of the page with the ruling lines (red), the table cells found
(blue, with their row and column), and the words (green outlines; orange where text runs sideways).
A wrong table is understood in seconds when its edges, cells and words are seen on the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extract.model import BBox, Grid
from extract.page import PageContent
from extract.problems import Unreadable
from extract.readers.pdf_page import Carried, read_page
from extract.readers.pdf_pdfium import PdfiumDocument

RED, BLUE, GREEN, ORANGE, VIOLET = "#d1242f", "#0969da", "#1a7f37", "#d4780a", "#8250df"
SCALE = 2.0
MAX_SIDE_PX = 6000


def draw_page(path: Path, page_number: int, out_png: Path, *, scale: float = SCALE) -> Path:
    """Write the picture of page `page_number` (from 1) to `out_png` and return its path.

    Raises the errors of `extract.problems`; `Unreadable` where the file has no such page.
    """
    from PIL import ImageDraw

    document = PdfiumDocument(path)
    try:
        if not 1 <= page_number <= document.page_count:
            raise Unreadable(
                f"The file has {document.page_count} pages; there is no page {page_number}.",
                "Give a page number between 1 and the number of pages.",
            )
        carried = Carried()
        for index in range(page_number - 1):
            with document.page(index) as page:
                carried = read_page(page, carried)[1]
        with document.page(page_number - 1) as page:
            placed, _ = read_page(page, carried)
            words = [(page.seen(w.x0, w.top, w.x1, w.bottom), ORANGE if w.turn else GREEN) for w in page.words]
            edges = [_edge_box(page, edge) for edge in page.edges]
            seen = page.seen(0, 0, page.width, page.height)
        scale = min(scale, MAX_SIDE_PX / max(seen.x1, seen.bottom, 1.0))
        image = _render(document, page_number - 1, scale)
    finally:
        document.close()
    draw: Any = ImageDraw.Draw(image)
    for box, colour in words:
        draw.rectangle(_px(box, scale), outline=colour)
    for item in placed:
        if isinstance(item.block, Grid):
            for cell in item.block.cells:
                if cell.bbox is not None:
                    draw.rectangle(_px(cell.bbox, scale), outline=BLUE, width=2)
                    draw.text(
                        (cell.bbox.x0 * scale + 3, cell.bbox.top * scale + 2), f"{cell.row},{cell.col}", fill=BLUE
                    )
        elif item.block.bbox is not None:
            draw.rectangle(_px(item.block.bbox, scale), outline=VIOLET)
    for box in edges:
        draw.line(_px(box, scale), fill=RED, width=2)
    image.save(out_png, format="PNG")
    return out_png


def _edge_box(page: PageContent, edge: Any) -> BBox:
    if edge.is_horizontal:
        return page.seen(edge.start, edge.pos, edge.end, edge.pos)
    return page.seen(edge.pos, edge.start, edge.pos, edge.end)


def _px(box: BBox, scale: float) -> tuple[float, float, float, float]:
    return box.x0 * scale, box.top * scale, box.x1 * scale, box.bottom * scale


def _render(document: PdfiumDocument, index: int, scale: float) -> Any:
    """The page as PDFium paints it, as a Pillow image."""
    import pypdfium2

    source = pypdfium2.PdfDocument(document.path)
    try:
        return source[index].render(scale=scale).to_pil().convert("RGB")
    finally:
        source.close()
