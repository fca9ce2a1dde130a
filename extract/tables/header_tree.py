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

from extract.page import line_text
from extract.tables.header_flush import flush_tree
from extract.tables.header_justified import unjustified
from extract.tables.header_nodes import APART, MIN_STRIP, Node, Run, all_of, depth_of, leaves_of, lines_of, text_of
from extract.tables.header_words import are_two, word_role

__all__ = ["Node", "are_under_one", "blocks_of", "depth_of", "is_flush_over", "is_over_two", "leaves_of", "tree_of"]


def tree_of(runs: Sequence[Run], leading: float) -> list[Node]:
    """The header's cells, left to right. `leading` is the usual distance of base lines."""
    runs = unjustified(runs, leading)
    nodes = flush_tree(runs, leading)
    if nodes is None:
        nodes = _recentred(_with_wide_groups([_cut(block, leading) for block in _blocks(runs)], leading))
    return [_named(node, "") for node in nodes]


def blocks_of(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Where the blocks stand that no free strip parts."""
    return [(min(r.x0 for r in block), max(r.x1 for r in block)) for block in _blocks(runs)]


def is_over_two(run: Run, header: Sequence[Run]) -> bool:
    """Does a line reach over two blocks of a header or more, and not over the first?"""
    under = [i for i, (x0, x1) in enumerate(blocks_of(header)) if run.x0 < x1 and x0 < run.x1]
    return len(under) > 1 and under[0] > 0


def is_flush_over(run: Run, header: Sequence[Run]) -> bool:
    """Does a line over two blocks or more begin where one of them does, but for the first?"""
    starts = [x0 for x0, _ in blocks_of(header)][1:]
    return is_over_two(run, header) and any(abs(x0 - run.x0) < 0.1 * run.size for x0 in starts)


def are_under_one(strip: Sequence[Run], header: Sequence[Run]) -> bool:
    """Are these words of columns (`Kế hoạch`, `Thực hiện`) in the middle under one cell of a header and no other?"""
    if len(strip) < 2 or not all(word_role(line_text(run.words)) == "value" for run in strip):
        return False
    x0, x1 = strip[0].x0, strip[-1].x1
    over = [h for h in header if h.x0 < x1 and x0 < h.x1]
    return len(over) == 1 and abs(over[0].x0 + over[0].x1 - x0 - x1) / 2 < strip[0].size


def _named(node: Node, above: str) -> Node:
    return replace(node, above=above, children=tuple(_named(child, node.text) for child in node.children))


def _blocks(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs parted at strips that none covers, left to right."""
    out: list[list[Run]] = []
    right = 0.0
    for run in sorted(runs, key=lambda r: r.x0):
        if out and run.x0 < right + MIN_STRIP:
            out[-1].append(run)
            right = max(right, run.x1)
        else:
            out.append([run])
            right = run.x1
    return out


def _cut(block: Sequence[Run], leading: float) -> Node:
    """A block of one or more columns: a leaf, or a group with what stands below it."""
    lines = lines_of(block)
    for k in range(1, len(lines)):
        upper = [r for line in lines[:k] for r in line]
        lower = [r for line in lines[k:] for r in line]
        if len(_blocks(upper)) > 1 or any(len(line) > 1 for line in lines[:k]):
            break
        below = _blocks(lower)
        if len(below) < 2 or _is_rest_of(lines[k], upper, lower, leading):
            continue
        return _nested(lines[:k], tuple(_with_wide_groups([_cut(b, leading) for b in below], leading)), leading)
    return Node(tuple(block))


def _nested(lines: Sequence[Sequence[Run]], children: tuple[Node, ...], leading: float) -> Node:
    """A group over its cells; where its lines are too far apart for one cell, a group over a group."""
    for k in range(1, len(lines)):
        if lines[k][0].base - lines[k - 1][0].base > APART * leading and text_of(lines[k])[:1].isupper():
            return Node(tuple(r for line in lines[:k] for r in line), (_nested(lines[k:], children, leading),))
    return Node(tuple(r for line in lines for r in line), children)


def _is_rest_of(line: Sequence[Run], upper: Sequence[Run], lower: Sequence[Run], leading: float) -> bool:
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
    every = [run for node in nodes for leaf in all_of(node) for run in leaf.runs]
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
        or _is_inner(n, nodes, leading)
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


def _is_inner(node: Node, nodes: Sequence[Node], leading: float) -> bool:
    """A group that stands as low as a group under another one."""
    inner = (child.level for other in nodes if other is not node for child in other.children if child.children)
    return bool(node.children) and any(abs(node.level - level) < 0.3 * leading for level in inner)


def _top_of_low(nodes: Sequence[Node], middle: float, leading: float) -> float:
    """Where the cells under groups begin, in a header whose cells stand at the top of their height; -1 in others.

    There a cell without a group begins on the header's first line, however few lines it has.
    """
    outer = [node for node in nodes if not _is_inner(node, nodes, leading)]
    starts = [child.first for node in outer for child in node.children]
    top = min(node.first for node in nodes)
    is_top = any(
        not n.children and abs(n.first - top) < 0.2 * leading and abs(n.level - middle) >= 0.3 * leading for n in nodes
    )
    agree = bool(starts) and max(starts) - min(starts) < 0.2 * leading and min(starts) - top > 0.5 * leading
    return starts[0] if is_top and agree else -1.0


def _middle(node: Node) -> float:
    """The middle of the height that a cell and all below it take."""
    every = all_of(node)
    return (min(n.first for n in every) + max(n.last for n in every)) / 2


def _low_level(nodes: Sequence[Node], leading: float) -> float | None:
    """The middle height of the cells that stand under groups; None where there is no group."""
    sure = [_middle(child) for node in nodes for child in node.children]
    if sure:
        return sum(sure) / len(sure)
    for i, node in enumerate(nodes):
        beside = [n for n in nodes[max(0, i - 1) : i + 2] if n is not node and not n.children]
        lines = lines_of(node.runs)
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
    lines = lines_of(node.runs)
    if node.children or len(lines) < 2:
        return node
    is_one = all(below[0].base - above[0].base < 1.6 * leading for above, below in pairwise(lines))
    stays = is_one and middle is not None and abs(node.level - middle) < 0.3 * leading
    if abs(node.level - low) < 0.3 * leading:
        return node
    for k in range(1, len(lines)):
        upper, lower = ([r for line in part for r in line] for part in (lines[:k], lines[k:]))
        is_low = abs((lower[0].base + lower[-1].base) / 2 - low) < 0.3 * leading
        if is_low and not _goes_on_word(node, lines[k]) and not (stays and not are_two(text_of(upper), text_of(lower))):
            return Node(tuple(upper), (Node(tuple(lower)),))
    return node


def _goes_on_word(node: Node, line: Sequence[Run]) -> bool:
    """`hiện` under `Thực`, `2022` under `Cùng kỳ năm`: a cell begins with a capital where its group does."""
    return node.text[:1].isupper() and not line_text(line[0].words)[:1].isupper()


def _is_bare_group(nodes: Sequence[Node], at: int, is_low: Sequence[bool]) -> bool:
    """A group's word in the gap between two low cells."""
    beside = 0 < at < len(nodes) - 1 and is_low[at - 1] and is_low[at + 1]
    return beside and nodes[at].last < min(nodes[at - 1].first, nodes[at + 1].first)


def _shared(nodes: Sequence[Node], start: int, end: int, groups: Sequence[int]) -> list[Node]:
    """The low cells start … end shared among the groups between them, each group in the middle of its own, or over
    the first of its own where all are set flush left."""
    spans = [_Span(min(n.x0 for n in leaves_of(node)), max(n.x1 for n in leaves_of(node))) for node in nodes]
    edges = [0.0, *((a.x1 + b.x0) / 2 for a, b in pairwise(spans)), 0.0]
    pad = min((b.x0 - a.x1) / 2 for a, b in pairwise(spans))
    edges[start], edges[end] = spans[start].x0 - pad, spans[end - 1].x1 + pad  # beside it the columns may be wide
    is_flush = _are_flush([nodes[g] for g in groups])
    left = groups[0] if is_flush else start
    out = list(nodes[start:left])
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


def _recentred(nodes: list[Node]) -> list[Node]:
    """Groups given the cell beside them that stands as low as theirs, where they are in the middle with it and far from
    it without: where cells stand at the foot of their height, those under no group stand as low. Where the words of all
    groups are set flush left, each is given what stands as low up to the next group."""
    groups = [node for node in nodes if node.children]
    if len(groups) > 1 and _are_flush(groups):
        return _filled(nodes)
    out = list(nodes)
    for node in nodes:
        at = next((i for i, one in enumerate(out) if one is node), -1)
        if not node.children or at < 0:
            continue
        own, size = (min(r.x0 for r in node.runs) + max(r.x1 for r in node.runs)) / 2, node.runs[0].size
        foot = _foot(node)
        span = _spans([node])[0]
        off = abs((span.x0 + span.x1) / 2 - own)
        for beside in (at - 1, at + 1):
            if not 0 <= beside < len(out) or out[beside].children or abs(out[beside].last - foot) > 0.2 * size:
                continue
            low, high = min(span.x0, out[beside].x0), max(span.x1, out[beside].x1)
            if out[beside].first > node.last and off > 1.5 * size and abs((low + high) / 2 - own) < 0.4 * size:
                first, last = sorted((at, beside))
                children = (*node.children, out[beside]) if beside > at else (out[beside], *node.children)
                out[first : last + 1] = [replace(node, children=children)]
                break
    return out


def _filled(nodes: Sequence[Node]) -> list[Node]:
    """Each group with the cells behind it that stand as low as its own, up to the next group. Behind the last, nothing
    tells which are its own."""
    out: list[Node] = []
    last = max(i for i, node in enumerate(nodes) if node.children)
    for node in nodes[: last + 1]:
        group = out[-1] if out else None
        is_own = group is not None and bool(group.children) and not node.children and node.first > group.last
        if group is not None and is_own and abs(node.last - _foot(group)) < 0.2 * node.runs[0].size:
            out[-1] = replace(group, children=(*group.children, node))
        else:
            out.append(node)
    return [*out, *nodes[last + 1 :]]


def _foot(group: Node) -> float:
    return max(n.last for child in group.children for n in all_of(child))


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
    return [_Span(min(n.x0 for n in all_of(node)), max(n.x1 for n in all_of(node))) for node in nodes]
