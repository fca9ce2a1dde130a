"""Scans and photos → blocks: pictures of pages, read by Tesseract, laid out like any other page.

In: a picture (PNG, JPEG, TIFF and the like) or a page of a PDF that is one. Out: the same blocks as from a born-digital
page; each cell of a table carries its readings with their confidence. The steps: clean and level the picture
(`scan_image`), find and erase the rules (`scan_lines`), read the page once (`scan_tesseract`, `scan_words`), let
the page layout of PDFs make paragraphs and grids of it, then read the figures again (`scan_cells`) and vote
(`scan_vote`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.model import BBox, Block, Grid, PageProgress, Problem, RawDocument
from extract.page import PageContent
from extract.problems import LimitExceeded, Unreadable
from extract.readers import pdf_furniture as furniture
from extract.readers.pdf_halves import Sheets
from extract.readers.pdf_page import Carried, Placed, read_page
from extract.readers.scan_blocks import back, ink_map, set_anew
from extract.readers.scan_cells import with_page_reading
from extract.readers.scan_columns import upright_rules
from extract.readers.scan_cover import with_covered, with_cut
from extract.readers.scan_curl import uncurled
from extract.readers.scan_dark import turned_dark
from extract.readers.scan_faint import with_faint_cells
from extract.readers.scan_glyphs import Shapes
from extract.readers.scan_halves import Part, pages_on
from extract.readers.scan_headers import confirmed_headers
from extract.readers.scan_image import MAX_PIXELS, Image, PagePicture, clean_page, has_print
from extract.readers.scan_labels import repaired_labels
from extract.readers.scan_letters import lettered
from extract.readers.scan_level import levelled, unlevelled
from extract.readers.scan_lines import Ruling, find_rules
from extract.readers.scan_look import NOTHING, Look, look_at
from extract.readers.scan_missed import with_missed
from extract.readers.scan_names import respelled_names
from extract.readers.scan_pale import LEFT, with_pale_print
from extract.readers.scan_regions import closed_up, headed
from extract.readers.scan_sheet import flat_sheet
from extract.readers.scan_spelling import parted, spelled_headers
from extract.readers.scan_tesseract import BLOCK, orientation, read_words, require
from extract.readers.scan_vote import voted
from extract.readers.scan_words import ReadWords, joined_labels, numbered, page_content, to_words
from extract.tables.ruled import find_tables

A4_PT = (595.0, 842.0)
SECONDS_A_PAGE = 400.0  # of the clock; what ends a page sooner is the limit on processor time
POOR = 0.55  # median confidence of a page whose words are none


@dataclass(frozen=True, slots=True)
class ScannedPage:
    placed: list[Placed]
    carried: Carried
    problems: tuple[Problem, ...] = ()
    shapes: Shapes | None = None


class _Place(NamedTuple):
    """Where a page stands: on which sheet, `turns` quarters turned, from where on and in what size (see `Part`)."""

    number: int
    turns: int
    left: float
    size: float
    sheet_width: float


class _Read(NamedTuple):
    """One page after its reading: `words` are not yet in grids, figures are read once."""

    page: PagePicture
    ruling: Ruling
    words: ReadWords
    look: Look


def read_picture(
    picture: Image, scale: float, number: int, before: Carried, shapes: Shapes | None = None,
    sheets: Sheets | None = None,
) -> ScannedPage:  # fmt: skip
    """The blocks of one sheet, which may hold two pages. `scale` is pixels per point, `shapes` and `sheets` are what is
    known from the sheets before.

    Raises `ToolMissing`, `LimitExceeded`, `Unreadable`.
    """
    require()
    sheets = sheets or Sheets()
    turns = 0
    flat = flat_sheet(picture, scale)
    picture, scale = flat.picture, flat.scale
    parts, said = _parts_of(picture, scale, sheets)
    first = _read_once(parts[0].page, before.columns)
    if first.look.is_print and _is_poor(first.words):
        turns = orientation(parts[0].page.grey, 72 * scale)
        if turns:
            parts, said = _parts_of(np.ascontiguousarray(np.rot90(picture, -turns)), scale, sheets)
            first = _read_once(parts[0].page, before.columns)
    width = sum(part.page.width * part.size for part in parts)
    done = ScannedPage([], before, (), shapes)
    for part in parts:
        read = first if part is parts[0] else _read_once(part.page, done.carried.columns)
        place = _Place(number, turns, part.left, part.size, width)
        here = _page_of(read, said, place, done.carried, done.shapes)
        problems = (*done.problems, *(p for p in here.problems if p not in done.problems))
        done = ScannedPage([*done.placed, *here.placed], here.carried, problems, here.shapes)
    if flat.way is not None:
        done = replace(done, placed=[replace(p, block=_boxed(p.block, flat.seen)) for p in done.placed])
    return done


def _page_of(read: _Read, said: str, place: _Place, before: Carried, shapes: Shapes | None) -> ScannedPage:
    """The blocks of one page that was read; `said` is the code of what is to be said of pale print."""
    page, erased, number = read.page, read.ruling.erased, place.number
    if page.is_faint and (_is_poor(read.words) or not read.words.words):  # the back of a sheet, more likely than print
        return ScannedPage([], before, (_pale(LEFT, number),), shapes)
    content = page_content(number, page.width, page.height, read.words, read.ruling.edges)
    placed, carried = read_page(content, before)
    spelled = [spelled_headers(item.block) for item in placed if isinstance(item.block, Grid)]
    confirmed = [confirmed_headers(grid, page, erased) for grid, _ in spelled]
    grids = respelled_names([grid for grid, _ in confirmed], page, erased)
    problems = tuple(problem for _, found in (*spelled, *confirmed) for problem in found)
    if said:
        problems = (*problems, _pale(said, number))
    elif read.look.is_passed_over(any(len(word.text) > 1 for word in read.words.words)):
        message = f"What looks like print on page {number} was not read."
        problems = (*problems, Problem("page-print-unread", "warning", message, number))
    if read.look.photographs:
        boxes = read.look.photographs
        size = ", ".join(f"{(b.x1 - b.x0) / 28.35:.0f} × {(b.bottom - b.top) / 28.35:.0f} cm" for b in boxes)
        message = f"What looks like a photograph on page {number} was not read."
        problems = (*problems, Problem("photograph-not-read", "warning", message, number, detail=size))
    erased = with_faint_cells(grids, page, erased)
    named = [with_page_reading(grid, read.words, page, erased) for grid in grids]
    counted, known = voted(named, page, erased, shapes)
    counted, is_covered = with_covered(counted, page, erased, read.ruling.streaks)
    if is_covered:
        message = f"Something lies over a table on page {number}."
        problems = (*problems, Problem("page-covered", "warning", message, number))
    counted, is_cut = with_cut(counted, read.ruling.edges)
    if is_cut:
        message = f"A table runs over the edge of page {number}."
        problems = (*problems, Problem("table-beyond-page", "error", message, number, detail="?"))
    done = iter(counted)
    placed = [replace(p, block=next(done)) if isinstance(p.block, Grid) else p for p in placed]
    if place.turns or place.left or place.size != 1:
        sheet = replace(
            content, height=place.size * page.height, turns=place.turns, left=place.left, sheet_width=place.sheet_width
        )
        placed = [replace(p, block=_as_seen(p.block, sheet, place.size)) for p in placed]
    return ScannedPage(placed, carried, problems, known)


def _pale(code: str, number: int) -> Problem:
    if code == LEFT:
        message = f"What is printed on page {number} is too faint to be read."
        return Problem("page-too-faint", "warning", message, number)
    message = f"What is printed on page {number} is so pale that some of it may be missing."
    return Problem("page-pale", "warning", message, number)


def _as_seen(block: Block, page: PageContent, size: float) -> Block:
    """The block's boxes on the page as a person sees it, on which it has so much of its `size`."""

    def seen(box: BBox | None) -> BBox | None:
        if box is None:
            return None
        return page.seen(box.x0 * size, box.top * size, box.x1 * size, box.bottom * size)

    return _boxed(block, seen)


def _boxed(block: Block, seen: Callable[[BBox | None], BBox | None]) -> Block:
    """The block with its boxes where they are `seen`."""
    if isinstance(block, Grid):
        cells = tuple(replace(cell, bbox=seen(cell.bbox)) for cell in block.cells)
        return replace(block, cells=cells, bbox=seen(block.bbox))
    return replace(block, bbox=seen(block.bbox))


def _parts_of(picture: Image, scale: float, sheets: Sheets) -> tuple[list[Part], str]:
    """The pages of a sheet, clean and straight; and the code of what is to be said of pale print."""
    sheet, said = with_pale_print(clean_page(turned_dark(picture, scale), scale))
    return [part._replace(page=uncurled(part.page)) for part in pages_on(sheet, sheets)], said


def _read_once(page: PagePicture, columns: Sequence[float] = ()) -> _Read:
    """One page, its rules, words and look. `columns` are those of a table that may go on here."""
    scale = page.scale
    if page.is_blank:
        return _Read(page, Ruling((), page.grey), to_words((), page.grey, scale), NOTHING)
    look, ruling = look_at(page, find_rules(page))
    ink = ink_map(ruling.erased, scale)
    upright = upright_rules(ruling.edges, ink, columns)
    ruling = replace(ruling, edges=(*ruling.edges, *upright))
    tables = find_tables(ruling.edges)
    level, shifts = levelled(ruling.erased, tables, scale, look.letters)
    if shifts:
        ink = ink_map(level, scale)
    anew, pieces, regions = set_anew(level, scale, [(t.ys[0], t.ys[-1]) for t in tables], ink)
    is_read = look.is_worth_reading and has_print(anew, scale)
    seen = read_words(anew, 72 * scale, BLOCK) if is_read else []
    inside = [*((t.ys[0], t.ys[-1]) for t in tables), *((float(r.top), float(r.bottom)) for r in regions)]
    placed = with_missed(unlevelled(back(seen, pieces), shifts), ruling.erased, scale, inside, look.letters)
    read = parted(to_words(placed, ruling.erased, scale), ruling.erased, scale)
    spelt = lettered(read.words, ruling.erased, scale)
    words = joined_labels(numbered(closed_up(headed(spelt, regions), regions)), inside)
    return _Read(page, ruling, replace(read, words=words), look)


def _is_poor(read: ReadWords) -> bool:
    """Hardly a word was read with confidence: the page may stand on its side or on its head."""
    sure = [read.confidence[w.start] for w in read.words if len(w.text) > 1]
    return bool(read.words) and (len(sure) < 5 or sorted(sure)[len(sure) // 2] < POOR)


def read_image(path: Path, progress: PageProgress | None = None) -> RawDocument:
    """Read a PNG, JPEG, TIFF, BMP, GIF, JPEG 2000 or WebP, all its pages. Raises `ToolMissing`, `Unreadable`,
    `LimitExceeded`."""
    require()
    return read_pictures(_pictures(path), progress)


def read_pictures(pictures: Sequence[Image], progress: PageProgress | None = None) -> RawDocument:
    """Read the pages of a document, each a picture. Raises `ToolMissing`."""
    require()
    placed: list[Placed] = []
    problems: list[Problem] = []
    carried = Carried()
    shapes: Shapes | None = None
    sheets = Sheets()
    for index, picture in enumerate(pictures):
        if progress is not None:
            progress(index, len(pictures), SECONDS_A_PAGE)
        try:
            done = read_picture(picture, scale_of(picture), index + 1, carried, shapes, sheets)
        except (LimitExceeded, Unreadable) as error:
            message = f"Page {index + 1} could not be read: {error.message}"
            problems.append(Problem("page-unreadable", "error", message, index + 1))
            carried = replace(carried, columns=())
            continue
        placed.extend(done.placed)
        problems.extend(done.problems)
        carried, shapes = done.carried, done.shapes
    blocks, changed = repaired_labels(without_heads(placed, len(pictures)))
    return RawDocument(blocks, "ocr", len(pictures), (*problems, *changed))


def without_heads(placed: list[Placed], pages: int) -> tuple[Block, ...]:
    heads = furniture.repeated((p.key for p in placed), pages)
    return tuple(item.block for item in placed if not (item.key and item.key in heads))


def scale_of(picture: Image) -> float:
    """Pixels per point of a picture that is taken for an A4 page, upright or lying."""
    height, width = picture.shape[:2]
    return float(max(height, width)) / A4_PT[1]


def _pictures(path: Path) -> list[Any]:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    ok, pages = cv2.imdecodemulti(data, cv2.IMREAD_COLOR)
    if not ok or not pages:
        raise Unreadable("the picture is damaged", "scan the page again, or save it as PNG")
    for page in pages:
        if page.shape[0] * page.shape[1] > MAX_PIXELS:
            pixels = page.shape[0] * page.shape[1] / 1e6
            raise LimitExceeded(f"The picture has {pixels:.0f} megapixels; the limit is 40.", "Scan at 200 to 300 dpi.")
    return list(pages)
