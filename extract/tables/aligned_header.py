"""The header of a table without rules: header words side by side → header cells and columns.

In: a page's lines as runs. Out: the cells of a header (any number of levels) and the free strips between its columns.
Which lines are header says `header_zone`, which cells they make `header_tree`: they are cut at free strips from top to
bottom of the header, and a cell with two or more blocks side by side below it is a group, whose blocks are cut again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from extract.page import Style, Word
from extract.tables.aligned_lines import MIN_GUTTER, Columns, HeaderCell, Run
from extract.tables.header_tree import Node, depth_of, leaves_of, tree_of
from extract.tables.header_words import word_role
from extract.tables.header_zone import LEADING, MAX_LINES, holds_row, zone_of

KEYED = ("stt", "name")
FEWEST_COLUMNS = 3


class FoundHeader(NamedTuple):
    """Cells, rows of the header, its columns, its first line, and the line below it."""

    cells: tuple[HeaderCell, ...]
    n_rows: int
    columns: Columns
    first: int
    below: int


class HeaderLines(NamedTuple):
    """The first and the last line of a header, and the font size of the one it was found by."""

    first: int
    last: int
    size: float


def find_header_cells(
    strips: Sequence[Sequence[Run]], index: int, style: Callable[[int], Style], floor: int = 0,
    known: dict[HeaderLines, FoundHeader | None] | None = None,
) -> FoundHeader | None:  # fmt: skip
    """The header round the line `index`; lines above `floor` belong to a table before. `known` keeps what was found of
    some lines: every line of a header leads to the same ones."""
    anchor = strips[index]
    if holds_row(anchor) or any(len(run.text) > 80 for run in anchor):
        return None
    if not any(word_role(run.text) for run in anchor):
        return None
    lines = HeaderLines(*zone_of(strips, index, style, floor), anchor[0].size)
    if known is None:
        return _header_of(strips, lines, style)
    if lines not in known:
        known[lines] = _header_of(strips, lines, style)
    return known[lines]


def _header_of(
    strips: Sequence[Sequence[Run]], lines: HeaderLines, style: Callable[[int], Style]
) -> FoundHeader | None:
    """The header that some lines are, None where they are none."""
    runs = [run for strip in strips[lines.first : lines.last + 1] for run in strip]
    if len(runs) < FEWEST_COLUMNS:
        return None
    nodes = tree_of(runs, LEADING * lines.size)
    leaves = [leaf for node in nodes for leaf in leaves_of(node)]
    if len(leaves) < FEWEST_COLUMNS:
        return None
    roles = tuple(word_role(leaf.text) or word_role(leaf.above) for leaf in leaves)
    said = {role for role in roles if role}
    is_cross = "stt" in said and bool(said & {"name", "unit?"})
    if not (len(said) >= 3 or is_cross) or not said & set(KEYED):
        return None
    spans = [(leaf.x0, leaf.x1) for leaf in leaves]
    if any(b[0] - a[1] < MIN_GUTTER for a, b in pairwise(spans)):
        return None
    depth = max(depth_of(node) for node in nodes)
    cells = tuple(sorted(_cells(nodes, 0, 0, depth), key=lambda cell: (cell.row, cell.col)))
    is_bold = any(style(run.words[0].start).is_bold for run in runs)
    columns = Columns(tuple(((a[1], b[0]),) for a, b in pairwise(spans)), roles, header=cells, is_bold=is_bold)
    return FoundHeader(cells, depth, columns, lines.first, lines.last + 1)


def _cells(nodes: Sequence[Node], row: int, col: int, depth: int) -> list[HeaderCell]:
    out = []
    for node in nodes:
        words = tuple(w for run in node.runs for w in run.words)
        width = len(leaves_of(node))
        out.append(HeaderCell(row, col, 1 if node.children else depth - row, width, words))
        out += _cells(node.children, row + 1, col, depth)
        col += width
    return out


def repeated_header(strips: Sequence[Sequence[Run]], carried: Columns) -> FoundHeader | None:
    """The header of the page before, printed again at the head of this one.

    Writers cut the last line of a repeated header off, and what stands in the middle of its height moves:
    three quarters of the words at the same x are enough, if the lines hold nothing else. Of a header of several rows
    the first may be repeated alone.
    """
    known = [(cell, w) for cell in carried.header for w in cell.words]
    if len(known) < 3 or not strips:
        return None
    first: int | None = None
    met: set[int] = set()
    used: set[int] = set()
    words = {w.start: (i, w) for i, strip in enumerate(strips[:MAX_LINES]) for run in strip for w in run.words}
    by_text: dict[str, list[tuple[int, Word]]] = {}
    for i, word in words.values():
        by_text.setdefault(word.text, []).append((i, word))
    shift: float | None = None
    for cell, w in known:
        near = [(i, o) for i, o in by_text.get(w.text, ()) if abs(o.x0 - w.x0) < 2 and o.start not in used]
        if shift is not None:
            near = [(i, o) for i, o in near if abs(o.base - w.base - shift) < 1.3 * w.size]
        if not near:
            continue
        i, o = near[0]
        shift = o.base - w.base if shift is None else shift
        used.add(o.start)
        met.add(id(cell))
        first = i if first is None else min(first, i)
    if first is None:
        return None
    second = min((w.base - 0.4 * w.size for cell, w in known if cell.row), default=0.0)
    tops = [(cell, w) for cell, w in known if w.base < second]
    is_top_row = len(used) == len(tops) and met == {id(cell) for cell, _ in tops} and len(met) >= 3
    is_whole = len(used) >= 0.75 * len(known) and len(met) == len(carried.header)
    if not is_whole and not is_top_row:
        return None
    rows = [words[start][0] for start in used]
    last = max(rows)
    if any(w.start not in used for s in strips[first : last + 1] for run in s for w in run.words):
        return None
    dy = strips[first][0].base - min(w.base for _, w in known)  # cells in the middle of its height may have moved
    cells = tuple(
        replace(c, words=tuple(w._replace(top=w.top + dy, bottom=w.bottom + dy, base=w.base + dy) for w in c.words))
        for c in carried.header
    )
    depth = max(c.row + c.row_span for c in cells)
    return FoundHeader(cells, depth, carried, first, last + 1)
