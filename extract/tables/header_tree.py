"""Words of a header without rules → the tree of its cells.

In: the runs of a header's lines. Out: nodes from left to right; a node over several columns has the
nodes below it as children. The header is cut at strips that no run covers; a block whose upper lines
stand over two or more blocks is a group. A group printed over the middle one of its columns covers no
free strip: it is known by its neighbours, which stand as low as the cell below it and not in the
middle of the header's height, where a cell without a group over it stands. Where headers are set flush left, a
group stands over the first of its columns. The words of a justified line are no cells of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from extract.page import Word, line_text
from extract.tables.header_words import are_two

MIN_STRIP = 1.5


class _Run(Protocol):
    @property
    def x0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def base(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def words(self) -> tuple[Word, ...]: ...


@dataclass(frozen=True, slots=True)
class Node:
    """A header cell: the runs of its own text, the cells below it, and the text of the group above it."""

    runs: tuple[_Run, ...]
    children: tuple[Node, ...] = ()
    above: str = ""

    @property
    def x0(self) -> float:
        return min(r.x0 for r in self.runs)

    @property
    def x1(self) -> float:
        return max(r.x1 for r in self.runs)

    @property
    def first(self) -> float:
        return min(r.base for r in self.runs)

    @property
    def last(self) -> float:
        return max(r.base for r in self.runs)

    @property
    def level(self) -> float:
        """The middle of its lines."""
        return (self.first + self.last) / 2

    @property
    def text(self) -> str:
        return _text(self.runs)


def tree_of(runs: Sequence[_Run], leading: float) -> list[Node]:
    """The header's cells, left to right. `leading` is the usual distance of base lines."""
    nodes = [_cut(block, leading) for block in _joined(_blocks(runs))]
    return [_named(node, "") for node in _with_wide_groups(nodes, leading)]


def leaves_of(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in leaves_of(child)] if node.children else [node]


def depth_of(node: Node) -> int:
    return 1 + max((depth_of(child) for child in node.children), default=0)


def blocks_of(runs: Sequence[_Run]) -> list[tuple[float, float]]:
    """Where the blocks stand that no free strip parts."""
    return [(min(r.x0 for r in block), max(r.x1 for r in block)) for block in _blocks(runs)]


def _named(node: Node, above: str) -> Node:
    return replace(node, above=above, children=tuple(_named(child, node.text) for child in node.children))


def _blocks(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Runs parted at strips that none covers, left to right."""
    out: list[list[_Run]] = []
    right = 0.0
    for run in sorted(runs, key=lambda r: r.x0):
        if out and run.x0 < right + MIN_STRIP:
            out[-1].append(run)
            right = max(right, run.x1)
        else:
            out.append([run])
            right = run.x1
    return out


def _joined(blocks: Sequence[list[_Run]]) -> list[list[_Run]]:
    """Blocks, the words that justifying drew apart in one again: `Cùng  kỳ  năm` over `trước`."""
    out: list[list[_Run]] = []
    for block in blocks:
        if out and _goes_on(out[-1], block):
            out[-1] = [*out[-1], *block]
        else:
            out.append(block)
    return out


def _goes_on(left: Sequence[_Run], right: Sequence[_Run]) -> bool:
    """A small letter begins it, and the line that it would go on is not the last of its cell: a cell begins with a
    capital, and a line is justified that has another below."""
    first, size = right[0], right[0].size
    here = [run for run in left if abs(run.base - first.base) < 0.4 * size]
    below = [run for run in left if run.base - first.base >= 0.4 * size]
    if not here or not below or any(abs(run.base - first.base) >= 0.4 * size for run in right):
        return False
    start = min(left, key=lambda run: (run.base, run.x0))
    is_flush = abs(min(run.x0 for run in below) - start.x0) < 0.2 * size
    is_near = first.x0 - max(run.x1 for run in here) < 3 * size
    return is_flush and is_near and line_text(start.words)[:1].isupper() and line_text(first.words)[:1].islower()


def _lines(runs: Sequence[_Run]) -> list[list[_Run]]:
    out: list[list[_Run]] = []
    for run in sorted(runs, key=lambda r: (r.base, r.x0)):
        if out and run.base - out[-1][0].base < 0.4 * run.size:
            out[-1].append(run)
        else:
            out.append([run])
    return out


def _cut(block: Sequence[_Run], leading: float) -> Node:
    """A block of one or more columns: a leaf, or a group with what stands below it."""
    lines = _lines(block)
    for k in range(1, len(lines)):
        upper = [r for line in lines[:k] for r in line]
        lower = [r for line in lines[k:] for r in line]
        if len(_blocks(upper)) > 1 or any(len(line) > 1 for line in lines[:k]):
            break
        below = _joined(_blocks(lower))
        if len(below) < 2 or _is_rest_of(lines[k], upper, lower, leading):
            continue
        return Node(tuple(upper), tuple(_with_wide_groups([_cut(b, leading) for b in below], leading)))
    return Node(tuple(block))


def _is_rest_of(line: Sequence[_Run], upper: Sequence[_Run], lower: Sequence[_Run], leading: float) -> bool:
    """Is this line the next one of the group's own text? It is if its first word had no room above."""
    if len(line) > 1:
        return False
    run, last = line[0], upper[-1]
    middle = abs((run.x0 + run.x1) / 2 - (last.x0 + last.x1) / 2)
    if run.base - last.base > 1.3 * leading or middle > 0.6 * run.size:
        return False
    width = max(r.x1 for r in lower) - min(r.x0 for r in lower)
    word = run.words[0].x1 - run.words[0].x0
    return last.x1 - last.x0 + word + 0.25 * run.size > width


def _with_wide_groups(nodes: list[Node], leading: float) -> list[Node]:
    """Give groups the neighbours that they stand over without covering the strip between."""
    if len(nodes) < 2:
        return nodes
    every = [run for node in nodes for leaf in _all(node) for run in leaf.runs]
    middle = (min(r.base for r in every) + max(r.base for r in every)) / 2
    low = _low_level(nodes, leading)
    if low is None:
        return nodes
    bare = _bare(nodes, low, middle, leading)
    nodes = [_parted(node, low, None if i in bare else middle, leading) for i, node in enumerate(nodes)]
    start = _top_of_low(nodes, middle, leading)
    is_low = [
        not n.children
        and (abs(n.level - low) < 0.3 * leading <= abs(n.level - middle) or abs(n.first - start) < 0.2 * leading)
        for n in nodes
    ]
    out: list[Node] = []
    at = 0
    while at < len(nodes):
        end = at
        while end < len(nodes) and (is_low[end] or nodes[end].children or _is_bare_group(nodes, end, is_low)):
            end += 1
        if end > at + 1:
            groups = [k for k in range(at, end) if not is_low[k]]
            out += _shared(nodes, at, end, groups) if groups else nodes[at:end]
            at = end
        else:
            out.append(nodes[at])
            at += 1
    return out


def _all(node: Node) -> list[Node]:
    return [node, *(n for child in node.children for n in _all(child))]


def _top_of_low(nodes: Sequence[Node], middle: float, leading: float) -> float:
    """Where the cells under groups begin, in a header whose cells stand at the top of their height; -1 in others.

    There a cell without a group begins on the header's first line, however few lines it has.
    """
    starts = [child.first for node in nodes for child in node.children]
    top = min(node.first for node in nodes)
    is_top = any(
        not n.children and abs(n.first - top) < 0.2 * leading and abs(n.level - middle) >= 0.3 * leading for n in nodes
    )
    agree = bool(starts) and max(starts) - min(starts) < 0.2 * leading and min(starts) - top > 0.5 * leading
    return starts[0] if is_top and agree else -1.0


def _middle(node: Node) -> float:
    """The middle of the height that a cell and all below it take."""
    every = _all(node)
    return (min(n.first for n in every) + max(n.last for n in every)) / 2


def _low_level(nodes: Sequence[Node], leading: float) -> float | None:
    """The middle height of the cells that stand under groups; None where there is no group."""
    sure = [_middle(child) for node in nodes for child in node.children]
    if sure:
        return sum(sure) / len(sure)
    for i, node in enumerate(nodes):
        beside = [n for n in nodes[max(0, i - 1) : i + 2] if n is not node and not n.children]
        lines = _lines(node.runs)
        for k in range(1, len(lines)):
            low = (lines[k][0].base + lines[-1][0].base) / 2
            others = [n for n in beside if abs(n.level - node.level) > 0.3 * leading]
            if not _goes_on_word(node, lines[k]) and any(abs(n.level - low) < 0.2 * leading for n in others):
                return low
        if len(beside) == 2 and all(n.first - node.last > 0.8 * leading for n in beside):
            return sum(n.level for n in beside) / 2
    return None


def _bare(nodes: Sequence[Node], low: float, middle: float, leading: float) -> set[int]:
    """Leaves in the middle of the height that are the only one to be a group over the low cells beside them."""
    is_low = [not n.children and abs(n.level - low) < 0.3 * leading <= abs(n.level - middle) for n in nodes]
    out = set()
    for i, node in enumerate(nodes):
        first = last = i
        while first > 0 and is_low[first - 1]:
            first -= 1
        while last + 1 < len(nodes) and is_low[last + 1]:
            last += 1
        ends = [nodes[k] for k in (first - 1, last + 1) if 0 <= k < len(nodes)]
        if first < i < last and not node.children and not any(end.children for end in ends):
            out.add(i)
    return out


def _parted(node: Node, low: float, middle: float | None, leading: float) -> Node:
    """A leaf that is a group's word with a cell under it, as that group. Cells at `middle` stay whole, where their
    lines follow one another, and read, as lines of one cell do."""
    lines = _lines(node.runs)
    if node.children or len(lines) < 2:
        return node
    is_one = all(below[0].base - above[0].base < 1.6 * leading for above, below in pairwise(lines))
    stays = is_one and middle is not None and abs(node.level - middle) < 0.3 * leading
    if abs(node.level - low) < 0.3 * leading:
        return node
    for k in range(1, len(lines)):
        upper, lower = ([r for line in part for r in line] for part in (lines[:k], lines[k:]))
        is_low = abs((lower[0].base + lower[-1].base) / 2 - low) < 0.3 * leading
        if is_low and not _goes_on_word(node, lines[k]) and not (stays and not are_two(_text(upper), _text(lower))):
            return Node(tuple(upper), (Node(tuple(lower)),))
    return node


def _text(runs: Sequence[_Run]) -> str:
    return " ".join(line_text(r.words) for r in sorted(runs, key=lambda r: (r.base, r.x0)))


def _goes_on_word(node: Node, line: Sequence[_Run]) -> bool:
    """`hiện` under `Thực`: a cell begins with a capital where its group does."""
    return node.text[:1].isupper() and line_text(line[0].words)[:1].islower()


def _is_bare_group(nodes: Sequence[Node], at: int, is_low: Sequence[bool]) -> bool:
    """A group's word in the gap between two low cells."""
    beside = 0 < at < len(nodes) - 1 and is_low[at - 1] and is_low[at + 1]
    return beside and nodes[at].last < min(nodes[at - 1].first, nodes[at + 1].first)


def _shared(nodes: Sequence[Node], start: int, end: int, groups: Sequence[int]) -> list[Node]:
    """The low cells start … end shared among the groups between them, each group in the middle of its own, or over
    the first of its own where all are set flush left."""
    edges = [(a.x1 + b.x0) / 2 for a, b in pairwise(_spans(nodes))]
    pad = min((b.x0 - a.x1) / 2 for a, b in pairwise(_spans(nodes)))
    edges = [_spans(nodes)[0].x0 - pad, *edges, _spans(nodes)[-1].x1 + pad]
    out = []
    left = start
    is_flush = _are_flush([nodes[g] for g in groups])
    for i, g in enumerate(groups):
        last = i == len(groups) - 1
        choices = [end] if last else [groups[i + 1]] if is_flush else range(g + 1, groups[i + 1] + 1)
        group = nodes[g]
        own = (min(r.x0 for r in group.runs) + max(r.x1 for r in group.runs)) / 2
        right = min(choices, key=lambda r: abs((edges[left] + edges[r]) / 2 - own))
        children: list[Node] = []
        for k in range(left, right):
            children += nodes[k].children if k == g else [nodes[k]]
        out.append(replace(group, children=tuple(children)))
        left = right
    return out


def _are_flush(groups: Sequence[Node]) -> bool:
    """Do the words of every group begin where the first of the cells below them does, and end elsewhere?"""
    pairs = [(group, group.children[0] if group.children else group) for group in groups]
    ends = [max(r.x1 for r in group.runs) - first.x1 for group, first in pairs]
    return all(
        abs(min(r.x0 for r in group.runs) - first.x0) < 0.1 * group.runs[0].size for group, first in pairs
    ) and any(abs(end) > 0.2 * group.runs[0].size for end, (group, _) in zip(ends, pairs, strict=True))


@dataclass(frozen=True, slots=True)
class _Span:
    x0: float
    x1: float


def _spans(nodes: Sequence[Node]) -> list[_Span]:
    return [_Span(min(n.x0 for n in _all(node)), max(n.x1 for n in _all(node))) for node in nodes]
