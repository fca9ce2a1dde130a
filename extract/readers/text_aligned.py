"""Text whose columns are set with spaces → the blocks that a page of a PDF gives.

In: a text in which tables are aligned by spaces, as `pdftotext -layout` and old programs leave them. Out: paragraphs
and grids. The idea: such a text is a page in a type of one width. Each character gets its place, and the tables are
found as on a page without rules (`tables.aligned`): columns from gutters, rows from codes and places. Rows are
therefore told, not given: the method of the grids is `text-aligned`. Tables that are drawn with characters
(`text_drawn`) have the rules of a ruled page, and the method `text-drawn`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import regex

from extract.model import Block, Grid, Paragraph
from extract.page import Edge, Glyph, PageContent, Style, Word, line_text, text_lines
from extract.readers.markdown import without_marks
from extract.readers.pdf_grids import RULED
from extract.readers.pdf_page import Carried, read_page
from extract.readers.text_drawn import Drawn, drawn
from extract.tables.column_lines import is_code_text
from extract.tables.header import names_columns

ALIGNED, DRAWN = "text-aligned", "text-drawn"
SIZE, WIDTH, STEP = 12.0, 3.2, 14.0  # one space is then 0.27 of the font size, as in print, and two are a gap
CODE_GAP = 0.5 * SIZE
MAX_LINES_A_PAGE, MAX_COLUMNS = 400, 400
_GAP = regex.compile(r"\s{2,}")
_WORD = regex.compile(r"\S+")
_PLAIN = Style(is_bold=False, is_italic=False)


def has_aligned_table(text: str) -> bool:
    """Does a line without tabs name columns, set apart by spaces?"""
    lines = (line.strip() for line in text.splitlines() if "\t" not in line and len(line) < MAX_COLUMNS)
    return any(names_columns(_GAP.split(line)) for line in lines if "  " in line)


def aligned_blocks(text: str) -> list[Block]:
    """The blocks of a text, page by page where form feeds part it."""
    blocks: list[Block] = []
    carried = Carried()
    for number, page in enumerate(_pages(text), 1):
        content = page_of(page, number)
        placed, carried = read_page(content, carried)
        for item in placed:
            blocks += _without_places(item.block, content.words)
    return blocks


def _pages(text: str) -> list[list[str]]:
    """Lines by page; a very long page is cut where nothing is printed."""
    out: list[list[str]] = []
    for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\f"):
        lines = [line.rstrip() for line in part.expandtabs(8).split("\n")]
        while len(lines) > MAX_LINES_A_PAGE:
            cut = next((i for i in range(MAX_LINES_A_PAGE, 0, -1) if not lines[i - 1]), MAX_LINES_A_PAGE)
            out.append(lines[:cut])
            lines = lines[cut:]
        if any(lines):
            out.append(lines)
    return out


def page_of(lines: list[str], number: int) -> PageContent:
    """Lines of characters as the words of a page."""
    words: list[Word] = []
    glyphs: list[Glyph] = []
    page = drawn([unicodedata.normalize("NFC", line)[:MAX_COLUMNS] for line in lines])
    for at, line in enumerate(page.text):
        base = _base(at)
        tokens = list(_WORD.finditer(line))
        for i, match in enumerate(tokens):
            x0, x1 = WIDTH * match.start(), WIDTH * match.end()
            if i == 0 and len(tokens) > 1 and tokens[1].start() == match.end() + 1 and is_code_text(match[0]):
                x1 = max(x0 + 1.0, WIDTH * tokens[1].start() - CODE_GAP)  # a code that fills its column
            step = (x1 - x0) / len(match[0])
            words.append(_word(match[0], x0, x1, base, len(glyphs)))
            glyphs += [_glyph(char, x0 + step * k, step, base) for k, char in enumerate(match[0])]
        glyphs.append(Glyph(" ", 0, 0, 0, 0, 0, SIZE))
    width = max((word.x1 for word in words), default=0.0)
    height = STEP * (len(lines) + 12)
    width = max(width, *(WIDTH * (last + 1) for _, _, last in page.across)) if page.across else width
    return PageContent(
        number, width, height, words, _edges(page), lambda start, count: glyphs[start : start + count], lambda _: _PLAIN
    )


def _base(line: float) -> float:
    return STEP * (line + 6)


def _edges(page: Drawn) -> list[Edge]:
    """Rules in the middle of the characters they are drawn with."""

    def x(at: int) -> float:
        return WIDTH * (at + 0.5)

    def y(at: int) -> float:
        return _base(at) - 0.35 * SIZE

    across = [Edge(True, y(at), x(first), x(last)) for at, first, last in page.across]
    return across + [Edge(False, x(at), y(first), y(last)) for at, first, last in page.upright]


def _word(text: str, x0: float, x1: float, base: float, start: int) -> Word:
    return Word(text, x0, base - 0.9 * SIZE, x1, base + 0.22 * SIZE, base, SIZE, start, len(text))


def _glyph(char: str, x0: float, width: float, base: float) -> Glyph:
    return Glyph(char, x0, base - 0.9 * SIZE, x0 + width, base + 0.22 * SIZE, base, SIZE)


def _without_places(block: Block, words: Sequence[Word]) -> list[Block]:
    """A text has no pages and no boxes; its paragraphs are its lines, since no look tells a heading from them."""
    if isinstance(block, Grid):
        cells = tuple(replace(c, text=without_marks(c.text), page=None, bbox=None) for c in block.cells)
        method = DRAWN if block.method == RULED else ALIGNED
        return [replace(block, cells=cells, page=None, bbox=None, method=method)]
    box = block.bbox
    if box is None:
        return [replace(block, page=None)]
    inside = [w for w in words if box.top <= w.base <= box.bottom and box.x0 - 1 <= w.x0 and w.x1 <= box.x1 + 1]
    lines = [without_marks(line_text(line)) for line in text_lines(inside)]
    return [Paragraph(line, opens_page=block.opens_page and not i) for i, line in enumerate(lines)]
