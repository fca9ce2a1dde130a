"""Ruling lines → tables: cells with their spans, by small pure functions over lists.

edges → snapped and joined rules → groups of rules that touch → a grid of elementary boxes → cells.
Two boxes are one cell where no rule stands between them, so merged cells need no special case.
Sides that the drawing leaves open (no outer frame, no border at a page break) are closed where two
or more rules end at the same place. The cost is that of sorting plus rules × rules within a table.

The chain of steps is pdfplumber's (its `table.py`, after Nurminen's thesis of 2013); own code.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from operator import attrgetter
from typing import NamedTuple

from extract.page import Edge

SNAP = 3.0  # rules closer than this are one rule (double borders, joins that miss by a little)
OVERHANG = 9.0  # a rule that goes on further than this past the last crossing rule leaves a side open
MIN_UPRIGHTS = 3  # without any rule across, fewer are lines beside a text
MAX_RULES = 4000
_POS, _PLACE = attrgetter("pos"), attrgetter("pos", "start")


class RuledCell(NamedTuple):
    row: int
    col: int
    row_span: int
    col_span: int


# `_make` without its check of the length
_edge: Callable[[tuple[bool, float, float, float]], Edge] = partial(tuple.__new__, Edge)
_cell: Callable[[tuple[int, int, int, int]], RuledCell] = partial(tuple.__new__, RuledCell)


@dataclass(frozen=True, slots=True)
class RuledTable:
    """`xs`, `ys` are the rules' places; row r lies between ys[r] and ys[r + 1]. `owner[r][c]` is the
    index in `cells` of the cell that covers the elementary box, -1 where there is none."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]
    owner: tuple[tuple[int, ...], ...]

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1

    def box(self, cell: RuledCell) -> tuple[float, float, float, float]:
        return (
            self.xs[cell.col], self.ys[cell.row],
            self.xs[cell.col + cell.col_span], self.ys[cell.row + cell.row_span],
        )  # fmt: skip

    def find(self, x: float, y: float) -> int:
        """Index of the cell at a point, -1 outside."""
        col, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not (0 <= row < self.n_rows and 0 <= col < self.n_cols):
            return -1
        return self.owner[row][col]


def find_tables(edges: Iterable[Edge]) -> list[RuledTable]:
    """The tables that the rules of one page draw, top to bottom. A single box is not a table."""
    return tables_of(*merged_rules(edges))


def tables_of(horizontal: list[Edge], vertical: list[Edge]) -> list[RuledTable]:
    """The tables of the rules that `merged_rules` gives."""
    tables = []
    for hs, vs in _groups(horizontal, vertical):
        hs, vs = _closed(hs, vs)
        table = _table(hs, vs)
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda t: (t.ys[0], t.xs[0]))


def merged_rules(edges: Iterable[Edge]) -> tuple[list[Edge], list[Edge]]:
    """Rules with their places snapped together and their pieces joined: horizontal and vertical ones."""
    sides: tuple[list[Edge], list[Edge]] = ([], [])
    for edge in edges:
        sides[0 if edge.is_horizontal else 1].append(edge)
    horizontal, vertical = (_joined(_snapped(side)) for side in sides)
    # Very many rules are a drawing or a map, not a table: keep the long ones.
    return _longest(horizontal), _longest(vertical)


def _longest(rules: list[Edge]) -> list[Edge]:
    return rules if len(rules) <= MAX_RULES else sorted(rules, key=lambda r: r.start - r.end)[:MAX_RULES]


def _snapped(edges: list[Edge]) -> list[Edge]:
    out: list[Edge] = []
    cluster: list[Edge] = []
    for edge in sorted(edges, key=_POS):
        if cluster and (edge.pos - cluster[-1].pos > SNAP or edge.pos - cluster[0].pos > 2 * SNAP):
            out.extend(_at_one_place(cluster))
            cluster = []
        cluster.append(edge)
    return out + _at_one_place(cluster)


def _at_one_place(cluster: list[Edge]) -> list[Edge]:
    if not cluster:
        return []
    weight = total = 0.0
    for _, pos, start, end in cluster:
        weight += end - start
        total += pos * (end - start)
    pos = total / weight if weight > 0 else cluster[0].pos
    return [_edge((is_horizontal, pos, start, end)) for is_horizontal, _, start, end in cluster]


def _joined(edges: list[Edge]) -> list[Edge]:
    out: list[Edge] = []
    for edge in sorted(edges, key=_PLACE):
        if out and out[-1].pos == edge.pos and edge.start <= out[-1].end + SNAP:
            if edge.end > out[-1].end:
                out[-1] = Edge(edge.is_horizontal, edge.pos, out[-1].start, edge.end)
        else:
            out.append(edge)
    return [e for e in out if e.end - e.start > SNAP]


def _groups(horizontal: list[Edge], vertical: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Rules that touch one another, directly or through others: one group is one table."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    places = [h.pos for h in horizontal]
    reach = [(h.start - SNAP, h.end + SNAP) for h in horizontal]
    for j, v in enumerate(vertical, start=len(horizontal)):
        top = j
        for i in range(bisect_left(places, v.start - SNAP), bisect_right(places, v.end + SNAP)):
            start, end = reach[i]
            if start <= v.pos <= end:
                found = parent[i]
                parent[top] = top = found if parent[found] == found else root(i)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for i, rule in enumerate([*horizontal, *vertical]):
        groups.setdefault(root(i), ([], []))[0 if rule.is_horizontal else 1].append(rule)
    tables = [g for g in groups.values() if g[0] and g[1] and len(g[0]) + len(g[1]) >= 3]
    left = [rule for hs, vs in groups.values() if not hs for rule in _adopt(vs, tables)]
    return tables + _of_uprights(left)


def _of_uprights(loose: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Tables of upright rules alone, three or more from one height to another: where only columns are ruled, a page in
    the middle of a table has neither its first line nor its last. They are closed above and below."""
    tables: list[tuple[list[Edge], list[Edge]]] = []
    for rule in sorted(loose, key=_PLACE):
        for hs, vs in tables:
            if abs(hs[0].pos - rule.start) < SNAP and abs(hs[1].pos - rule.end) < SNAP:
                vs.append(rule)
                break
        else:
            ends = [Edge(True, y, rule.pos, rule.pos) for y in (rule.start, rule.end)]
            tables.append((ends, [rule]))
    found = []
    for hs, vs in tables:
        low, high = vs[0].pos, vs[-1].pos
        if len(vs) >= MIN_UPRIGHTS and hs[1].pos - hs[0].pos > 4 * OVERHANG:
            found.append(([Edge(True, h.pos, low, high) for h in hs], vs))
    return found


def _adopt(loose: list[Edge], tables: list[tuple[list[Edge], list[Edge]]]) -> list[Edge]:
    """Give a vertical rule that no horizontal one crosses to the table it stands in: it divides columns
    below a header cell over both, in a table without row rules. The rules that stand in none."""
    left: list[Edge] = []
    for rule in loose:
        for hs, vs in tables:
            inside = min(h.start for h in hs) < rule.pos < max(h.end for h in hs)
            top = min(r.start for r in vs)
            bottom = max(r.end for r in vs)
            if (
                inside
                and top - SNAP <= rule.start
                and rule.end <= bottom + SNAP
                and rule.end - rule.start > 2 * OVERHANG
            ):
                vs.append(rule)
                break
        else:
            left.append(rule)
    return left


def _closed(hs: list[Edge], vs: list[Edge]) -> tuple[list[Edge], list[Edge]]:
    """Add the sides that the drawing leaves open."""
    sides = _missing_sides(hs, [v.pos for v in vs], is_horizontal=False)
    vs = vs + (sides or _sides_of_one_rule(hs, vs))
    hs = hs + _missing_sides(vs, [h.pos for h in hs], is_horizontal=True)
    return hs + _at_loose_ends(hs, vs), vs


def _sides_of_one_rule(hs: list[Edge], vs: list[Edge]) -> list[Edge]:
    """The sides of a table in which only the rule below the header goes on past the uprights, on both sides."""
    low, high = min(v.pos for v in vs), max(v.pos for v in vs)
    wide = [h for h in hs if h.start < low - OVERHANG and h.end > high + OVERHANG]
    if len(wide) != 1 or sum(v.start - SNAP <= wide[0].pos <= v.end + SNAP for v in vs) < 3:
        return []
    top, bottom = min(v.start for v in vs), max(v.end for v in vs)
    return [Edge(False, x, top, bottom) for x in (wide[0].start, wide[0].end)]


def _at_loose_ends(hs: list[Edge], vs: list[Edge]) -> list[Edge]:
    """A vertical rule that ends inside the table where no rule crosses: a header cell over two columns
    ends there, and with it a row."""
    low, high = min(h.start for h in hs), max(h.end for h in hs)
    crossing = sorted(h.pos for h in hs)
    near = 2 * SNAP
    ends = sorted(
        y
        for v in vs
        for y in (v.start, v.end)
        if bisect_left(crossing, y - near) == bisect_right(crossing, y + near)
    )
    places = [y for i, y in enumerate(ends) if not i or y - ends[i - 1] > near]
    return [Edge(True, y, low, high) for y in places] if len(places) <= 3 else []


def _missing_sides(rules: list[Edge], crossing: list[float], *, is_horizontal: bool) -> list[Edge]:
    if len(rules) < 2:
        return []
    sides = []
    low, high = min(r.start for r in rules), max(r.end for r in rules)
    for place, ends in (
        (low, [r for r in rules if r.start < low + SNAP]),
        (high, [r for r in rules if r.end > high - SNAP]),
    ):
        is_open = place < min(crossing) - OVERHANG if place == low else place > max(crossing) + OVERHANG
        if is_open and len(ends) >= 2:
            across = [r.pos for r in ends]
            sides.append(Edge(is_horizontal, place, min(across), max(across)))
    return sides


def _table(hs: list[Edge], vs: list[Edge]) -> RuledTable | None:
    xs, ys = sorted({v.pos for v in vs}), sorted({h.pos for h in hs})
    if len(xs) < 2 or len(ys) < 2:
        return None
    right = _walls(vs, xs, ys)
    below = _walls(hs, ys, xs)
    xs, ys, right, below = _without_idle(xs, ys, right, below)
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    if n_rows < 1 or n_cols < 1 or n_rows * n_cols < 2:
        return None
    merged = _regions(n_rows, n_cols, right, below)
    taken = {box for boxes in merged for box in boxes}
    cells = [cell for boxes in merged for cell in _rectangles([divmod(box, n_cols) for box in boxes], right)]
    boxes = product(range(n_rows), range(n_cols))
    cells += [_cell((row, col, 1, 1)) for row, col in boxes if row * n_cols + col not in taken]
    cells.sort()
    if len(cells) < 2:
        return None
    owner = [[-1] * n_cols for _ in range(n_rows)]
    for index, (row, col, row_span, col_span) in enumerate(cells):
        if row_span == col_span == 1:
            owner[row][col] = index
            continue
        for r in range(row, row + row_span):
            owner[r][col : col + col_span] = [index] * col_span
    return RuledTable(tuple(xs), tuple(ys), tuple(cells), tuple(tuple(r) for r in owner))


def _walls(rules: list[Edge], places: Sequence[float], steps: Sequence[float]) -> list[list[bool]]:
    """walls[p][s]: does a rule at places[p] run the whole way from steps[s] to steps[s + 1]?"""
    walls = [[False] * (len(steps) - 1) for _ in places]
    index = {place: p for p, place in enumerate(places)}
    for rule in rules:
        first = bisect_left(steps, rule.start - SNAP)
        last = bisect_right(steps, rule.end + SNAP) - 1
        if first < last:
            walls[index[rule.pos]][first:last] = [True] * (last - first)
    return walls


def _without_idle(
    xs: list[float], ys: list[float], right: list[list[bool]], below: list[list[bool]]
) -> tuple[list[float], list[float], list[list[bool]], list[list[bool]]]:
    """Leave out places where no rule divides anything (ends of underlines, stubs of double borders)."""
    keep_x = [i for i, wall in enumerate(right) if any(wall)]
    keep_y = [i for i, wall in enumerate(below) if any(wall)]
    if len(keep_x) == len(xs) and len(keep_y) == len(ys):
        return xs, ys, right, below
    right = [[_all(right[i], keep_y[k], keep_y[k + 1]) for k in range(len(keep_y) - 1)] for i in keep_x]
    below = [[_all(below[i], keep_x[k], keep_x[k + 1]) for k in range(len(keep_x) - 1)] for i in keep_y]
    return [xs[i] for i in keep_x], [ys[i] for i in keep_y], right, below


def _all(wall: list[bool], first: int, last: int) -> bool:
    return all(wall[first:last])


def _regions(n_rows: int, n_cols: int, right: list[list[bool]], below: list[list[bool]]) -> list[list[int]]:
    """Elementary boxes, counted row by row, with no rule between them: groups of two or more. The hull counts as
    closed: a gap in the outer frame must not lose a cell."""
    parent: dict[int, int] = {}

    def root(box: int) -> int:
        while parent[box] != box:
            parent[box] = parent[parent[box]]
            box = parent[box]
        return box

    def join(box: int, other: int) -> None:
        parent.setdefault(box, box)
        parent.setdefault(other, other)
        parent[root(box)] = root(other)

    for c in range(1, n_cols):
        if not all(right[c]):
            for r in (r for r in range(n_rows) if not right[c][r]):
                join(r * n_cols + c, r * n_cols + c - 1)
    for r in range(1, n_rows):
        if not all(below[r]):
            for c in (c for c in range(n_cols) if not below[r][c]):
                join(r * n_cols + c, (r - 1) * n_cols + c)
    groups: dict[int, list[int]] = {}
    for box in sorted(parent):
        groups.setdefault(root(box), []).append(box)
    return list(groups.values())


def _rectangles(boxes: list[tuple[int, int]], right: list[list[bool]]) -> list[RuledCell]:
    """A region as rectangles: one where it is a rectangle, else one per run of rows of equal width."""
    runs: list[tuple[int, int, int]] = []
    for row, col in sorted(boxes):
        if runs and runs[-1][0] == row and runs[-1][2] == col and not right[col][row]:
            runs[-1] = (row, runs[-1][1], col + 1)
        else:
            runs.append((row, col, col + 1))
    open_runs: dict[tuple[int, int], tuple[int, int]] = {}
    done: list[RuledCell] = []
    for row, first, last in runs:
        top, bottom = open_runs.get((first, last), (row, row))
        if bottom != row:
            done.append(RuledCell(top, first, bottom - top, last - first))
            top = row
        open_runs[first, last] = (top, row + 1)
    done.extend(RuledCell(t, f, b - t, last - f) for (f, last), (t, b) in open_runs.items())
    return done
