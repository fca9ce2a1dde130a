"""Headers of several rows that are set flush left: the tree of their cells.

In: the runs of a header's lines. Out: its cells, or None where the header is not set so. There a group reaches from its
first letter to the next cell that stands as high, whatever it covers: nothing has to be weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extract.page import line_text
from extract.tables.header_nodes import APART, MIN_STRIP, Node, Run, all_of, leaves_of, text_of
from extract.tables.header_words import are_two


def flush_tree(runs: Sequence[Run], leading: float) -> list[Node] | None:
    """The cells of a header of several rows whose cells all begin at the left and top of their place; None for others.

    There a group reaches from its first letter to the next cell that stands as high, whatever it covers.
    """
    cells = sorted(_flush_cells(runs, leading), key=lambda cell: (round(cell.x0), cell.first))
    levels = sorted({cell.first for cell in cells})
    if len(levels) < 2 or any(b - a < 0.4 * runs[0].size for a, b in pairwise(levels)):
        return None
    if cells[0].first - levels[0] > 0.5 * runs[0].size:  # cells in the middle of their height: levels say nothing
        return None
    nodes = _under(cells, 0)
    groups = [node for top in nodes for node in all_of(top) if node.children]
    near = 0.1 * runs[0].size
    if any(abs(group.x0 - group.children[0].x0) > near for group in groups):
        return None
    is_centred = all(
        abs(group.x0 + group.x1 - group.children[0].x0 - max(n.x1 for n in all_of(group.children[-1]))) < 4 * near
        for group in groups
    )
    is_free = all(a[1] + MIN_STRIP <= b[0] for a, b in pairwise(_leaf_spans(nodes)))
    return None if is_centred or not is_free or any(len(group.children) < 2 for group in groups) else nodes


def _flush_cells(runs: Sequence[Run], leading: float) -> list[Node]:
    """Runs as cells: a line goes on with the one that begins at the same place close above it."""
    cells: list[list[Run]] = []
    for run in sorted(runs, key=lambda r: (r.base, r.x0)):
        over = [c for c in cells if abs(c[0].x0 - run.x0) < 0.1 * run.size and run.base - c[-1].base < APART * leading]
        if over and not are_two(text_of(over[-1]), line_text(run.words)):
            over[-1].append(run)
        else:
            cells.append([run])
    return [Node(tuple(cell)) for cell in cells]


def _under(cells: Sequence[Node], at: int) -> list[Node]:
    """Cells in the order of their places, each under the last one before it that stands higher."""
    out: list[Node] = []
    while at < len(cells):
        end = at + 1
        while end < len(cells) and cells[end].first > cells[at].first:
            end += 1
        out.append(replace(cells[at], children=tuple(_under(cells[at + 1 : end], 0))))
        at = end
    return out


def _leaf_spans(nodes: Sequence[Node]) -> list[tuple[float, float]]:
    return [(leaf.x0, leaf.x1) for node in nodes for leaf in leaves_of(node)]
