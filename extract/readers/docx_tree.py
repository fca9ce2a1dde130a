"""The body of a DOCX as a tree → blocks: every element is looked at.

In: `w:body`, parsed. Out: paragraphs and grids in order. Seen through: content controls, tracked insertions, custom
XML, the preferred alternative; dropped: deletions, properties, field codes. Text boxes follow the paragraph that they
are anchored in. This way reads every document; `docx_moulds` reads the usual ones faster and must say the same.

Source of the rules: ECMA-376 part 1, 17.3 (paragraphs), 17.4 (tables), 17.13 (revisions).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extract.legacy import Span
from extract.model import Block, Grid, Paragraph, Reading
from extract.readers.docx_fonts import Run, spans_of
from extract.readers.docx_grid import GridBuilder, cell_look, is_real_table, row_look
from extract.readers.docx_numbering import W
from extract.readers.docx_paragraph import Setting, cell_lines, is_gone, look_of, paragraphs_of
from extract.readers.docx_runs import DROPPED, runs_of
from extract.text import UNREAD

P, TBL, TR, TC = W + "p", W + "tbl", W + "tr", W + "tc"
_FOREIGN = W + "altChunk"  # a part in another format
_BLOCK = frozenset((P, TBL, TR, TC, _FOREIGN))


def passages_of_tree(root: Any, setting: Setting) -> Iterator[list[Span]]:
    """Every paragraph of the body with the fonts of its runs."""
    for paragraph in root.iter(P):
        runs: list[Run] = []
        runs_of(paragraph, None, runs)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        spans = spans_of(runs, setting.fonts, style.get(W + "val", "") if style is not None else "")
        if spans:
            yield spans


def blocks_of_tree(container: Any, setting: Setting) -> Iterator[Block]:
    for child in children_of(container):
        if child.tag == P:
            yield from _paragraph(child, setting)
        elif child.tag == TBL:
            yield from _table(child, setting)
        elif child.tag == _FOREIGN:
            yield Paragraph(text=UNREAD)


def children_of(element: Any) -> Iterator[Any]:
    """Block-level children, seen through what only wraps them."""
    for child in element:
        tag = child.tag
        if tag in _BLOCK:
            yield child
        elif tag in DROPPED or not isinstance(tag, str):
            continue
        else:
            yield from children_of(child)


def _paragraph(paragraph: Any, setting: Setting) -> list[Block]:
    boxes: list[Any] = []
    runs: list[Run] = []
    runs_of(paragraph, boxes, runs)
    look = look_of(paragraph)
    if is_gone(look, runs):
        return []
    out: list[Block] = [*paragraphs_of(look, runs, setting)]
    for box in boxes:
        out.extend(blocks_of_tree(box, setting))
    return out


def _table(table: Any, setting: Setting) -> list[Block]:
    grid = GridBuilder()
    for tr in children_of(table):
        if tr.tag != TR:
            continue
        look = row_look(tr)
        if look.is_deleted:
            continue
        grid.row(look)
        for tc in children_of(tr):
            if tc.tag == TC:
                text, nested, readings = _cell(tc, setting)
                grid.nested.extend(nested)
                grid.cell(cell_look(tc), text, tuple(readings))
    return grid.blocks()


def _cell(tc: Any, setting: Setting) -> tuple[str, list[Block], list[Reading]]:
    """Lines of the cell joined by newlines, tables nested in it, and what its text was converted from."""
    lines: list[str] = []
    nested: list[Block] = []
    readings: list[Reading] = []
    for block in blocks_of_tree(tc, setting):
        if isinstance(block, Paragraph):
            own, read = cell_lines([block], setting)
            lines += own
            readings += read
        elif is_real_table(block):
            nested.append(block)
        else:
            lines += _texts(block)
    return "\n".join(filter(None, lines)), nested, readings


def _texts(grid: Grid) -> list[str]:
    return [cell.text for cell in grid.cells if cell.text]
