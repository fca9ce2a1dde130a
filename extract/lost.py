"""Figures that stand on the page and came into no table: found, and said as an error.

In: the blocks of a file, the places of the grids that became tables, the items of the appendices in reading order. Out:
problems.
What is missing is never silent: a table that fell apart into lines, a grid without a header, a row behind its table.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import regex

from extract.captions import caption_of
from extract.model import Block, Grid, Paragraph, Problem
from extract.tables.continued import Part
from extract.tables.header_words import word_role
from extract.text import clean, fold

_LOST_ROW = regex.compile(r"(?:^|(?<=\s))(?:\d{1,2}\.){1,4}\d{1,2}\.?\s+\p{Lu}\p{L}+(?:\s\p{L}+){0,6}")
_LOST_CELL = regex.compile(
    r"^(?:(?:\d{1,2}\.)+(?:\d{1,2}\.?)?|[-–+(]?\d[\d.,]*\s?%?\)?|%|STT|TT|ĐVT|Đơn vị tính|Ghi chú|Số liệu)$"
)
_LOST_CODE = regex.compile(r"^\d{1,2}(?:\.\d{1,2}){1,4}\.?$")  # a code of two levels alone on its line is a row's
_CODE = regex.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,4}|[IVX]{1,5}|[A-ZĐ])\.?$")
_BARS = regex.compile(r"[|^!]+")  # between the cells of mark-up that no reader knows
HEADER_ROWS = 4
# A header of a table as words of a text, and codes of rows in it, whatever mark-up stands between.
_STT = regex.compile(r"(?<![\p{L}\d/\-])(?:STT|Stt|TT)(?![\p{L}\d/\-])")
_ROW_WORDS = regex.compile(r"chi tieu|tieu chi|noi dung|danh muc")
_FIGURE_WORDS = regex.compile(r"don vi tinh|dvt|so lieu|ky bao cao|ket qua|thuc hien")
_CODES = regex.compile(r"(?<![\d.,/])\d{1,2}(?:\.\d{1,2}){1,3}\.?(?![\d,/])")
# What numbers are for in the prose of an appendix: codes, dates, documents, years, places in a law.
_NO_FIGURE = regex.compile(
    r"^\W*\d{1,2}(?:\.\d{1,2})*[.)]?|\d{1,2}/\d{1,4}(?:/\d{4})?|\d+[a-z]?/\p{L}\S*|\b(?:19|20)\d{2}\b"
    r"|\b(?:ngày|tháng|quý|năm|số|điều|khoản|mục|phụ lục|biểu|lần thứ|cấp|mức độ)\s+\d+",
    regex.IGNORECASE,
)
_NUMBER = regex.compile(r"\p{N}")
ENOUGH_FIGURED = 5  # lines of figures in an appendix without a table
LONGEST_LINE, PROSE = 300, 1000  # a paragraph of prose outweighs them
HEADER_LINES, BODY_LINES = 40, 200  # a header of one word a line is so long at most; where its codes are looked for
LONGEST_CELL = 24
ENOUGH_LOST_ROWS, ENOUGH_LOST_CELLS, ENOUGH_LOST_CODES, MIN_LOST_COLS = 3, 5, 2, 3


def places_of(grid: Grid) -> Iterator[int]:
    """The places of a grid's cells on their pages, each as a number."""
    for cell in grid.cells:
        box = cell.bbox
        yield hash((cell.page, box and (box.x0, box.top, box.x1, box.bottom)))


def lost_grids(blocks: Iterable[Block], places: Sequence[int]) -> Iterator[Problem]:
    """Grids with rows of figures that came into no table: an error, because their figures are missing. `places` are
    those of the grids that came into tables, sorted."""
    for grid in blocks:
        if not isinstance(grid, Grid) or grid.bbox is None or grid.n_cols < MIN_LOST_COLS:
            continue
        if any(_stands_in(places, place) for place in places_of(grid)):
            continue
        figures = [cell for cell in grid.cells if _LOST_CELL.match(clean(cell.text))]
        if len({cell.row for cell in figures}) >= ENOUGH_LOST_ROWS and len(figures) >= ENOUGH_LOST_CELLS:
            detail = f"{len(figures)} × “{clean(figures[0].text)}”"
            yield Problem("table-not-read", "error", "a grid of figures came into no table", grid.page, detail=detail)


def _stands_in(places: Sequence[int], place: int) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place


def rows_in_headers(blocks: Iterable[Block]) -> Iterable[Problem]:
    """Grids whose header cell over the codes holds the codes too: no rule parts them, and the header took the rows."""
    for grid in blocks:
        if not isinstance(grid, Grid):
            continue
        for cell in [cell for cell in grid.cells if "\n" in cell.text and cell.row < HEADER_ROWS]:
            first, *below = cell.text.split("\n")
            codes = [line for line in map(clean, below) if _CODE.match(line)]
            if len(codes) >= ENOUGH_LOST_CODES and word_role(first) == "stt":
                said, detail = "rows stand in the header of a table", f"{len(codes)} × “{codes[0]}”"
                yield Problem("table-not-read", "error", said, cell.page, detail=detail)
                break


def looked_at(items: Iterable[Paragraph | Part], problems: list[Problem]) -> Iterator[Paragraph | Part]:
    """The items as they are. Rows that stand on the page as text and became no table are said as an error, in
    `problems`, because their figures are missing.

    Looked for between a caption, or a table's last row, and what follows: codes of two levels with a name behind them,
    and lines that are nothing but a code, a figure or a header word: the cells of a table that fell apart.
    """
    caption, number, page = "", "", None
    rows: list[str] = []
    cells: list[str] = []
    codes = n_lines = n_figured = 0
    after_table = False
    for item in chain(items, (None,)):
        found = caption_of(item.text) if isinstance(item, Paragraph) else None
        if item is None or isinstance(item, Part) or found is not None:
            if len(rows) >= ENOUGH_LOST_ROWS or len(cells) >= ENOUGH_LOST_CELLS:
                lost = rows if len(rows) >= ENOUGH_LOST_ROWS else cells
                detail = f"{caption or '?'}: {len(lost)} × “{lost[0][:80]}”"
                said = "rows were found as text and not as a table"
                problems.append(Problem("table-not-read", "error", said, page, detail=detail, appendix=number))
            elif not isinstance(item, Part) and n_figured >= ENOUGH_FIGURED and 2 * n_figured >= n_lines:
                said, detail = "an appendix holds lines of figures and no table", f"{caption}: {n_figured} × “…”"
                problems.append(Problem("table-not-read", "error", said, page, detail=detail, appendix=number))
            rows, cells, codes, n_lines, n_figured = [], [], 0, 0, 0
            after_table = isinstance(item, Part)
            caption, number = (found.raw, found.number) if found is not None else (caption, number)
        else:
            text = item.text
            if caption and not after_table:
                lines = [line for line in map(clean, text.split("\n")) if line]
                n_lines += sum(PROSE if len(line) > LONGEST_LINE else 1 for line in lines)
                n_figured += sum(map(_is_figured, lines))
            if "|" in text or "^" in text or "!" in text:
                text = _BARS.sub(" ", text)
            found_rows = _LOST_ROW.findall(clean(text)) if "." in text else []
            found_cells = [line for line in map(clean, text.split("\n")) if _LOST_CELL.match(line)]
            page = item.page if (found_rows or found_cells) and not rows and not cells else page
            rows.extend(found_rows)
            cells.extend(found_cells)
            codes += sum(_LOST_CODE.match(cell) is not None for cell in found_cells)
            codes += after_table and any(word_role(cell) == "stt" for cell in found_cells)  # its header, repeated
            if len(cells) < ENOUGH_LOST_CELLS and codes >= (1 if after_table else ENOUGH_LOST_CODES):
                cells.extend(found_cells * ENOUGH_LOST_CELLS)
        if item is not None:
            yield item


def _is_figured(line: str) -> bool:
    return bool(_NUMBER.search(line)) and any(char.isdigit() for char in _NO_FIGURE.sub(" ", line))


def debris(items: Iterable[Paragraph | Part]) -> Iterator[Problem]:
    """A table that fell apart in front of the appendices: lines that are nothing but codes of two levels among lines
    that are nothing but figures. Said once for each stretch between two tables."""
    codes: list[tuple[str, int | None]] = []
    n_cells = 0
    for item in chain(items, (None,)):
        if isinstance(item, Paragraph):
            for line in item.text.split("\n"):
                if len(line) <= LONGEST_CELL and _LOST_CELL.match(text := clean(line)):
                    n_cells += 1
                    if _LOST_CODE.match(text):
                        codes.append((text, item.page))
            continue
        if len(codes) >= ENOUGH_LOST_ROWS and n_cells >= max(ENOUGH_LOST_CELLS, len(codes) + 1):
            first, page = codes[0]
            said = "cells of a table were found as lines of text"
            yield Problem("table-not-read", "error", said, page, detail=f"{n_cells} × “{first}”")
        codes, n_cells = [], 0


def header_as_text(items: Iterable[Paragraph | Part]) -> Iterator[Problem]:
    """The header of a table in the words of a report, with codes below it: its tables are set in a mark-up that no
    reader knows. For reports in which no table was found; said once."""
    since = found_at = -1
    first, page = "", None
    words = ""
    codes = 0
    for at, item in enumerate(items):
        if isinstance(item, Part):
            continue
        if found_at < 0:
            if _STT.search(item.text):
                since, first, page, words = at, item.text, item.page, ""
            if since < 0 or at - since > HEADER_LINES:
                continue
            words = f"{words} {fold(item.text)}"[-2000:]
            if _ROW_WORDS.search(words) and _FIGURE_WORDS.search(words):
                found_at = at
        if found_at >= 0:
            codes += len(_CODES.findall(item.text))
            if codes >= ENOUGH_LOST_CODES + 1:
                detail = f"{codes} × “{clean(first)[:60]}”"
                said = "the header of a table stands in the text, and no table was found"
                yield Problem("table-not-read", "error", said, page, detail=detail)
                return
            if at - found_at > BODY_LINES:
                since = found_at = -1
                codes = 0
