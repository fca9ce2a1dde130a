"""Columns that no rule parts: gutters of paper between the columns of a table.

In: the ink of a page by points, its rules. Out: upright rules where only horizontal ones are drawn (with them the table
is one like any other), and for tables without any rules the pieces to be read one below the other. Read across,
the lines of one column spoil those of the next wherever their base lines differ: a name of two lines stands half a line
off its figure. The idea: x is in a gutter where hardly any row of the table has ink; a header that spans two
columns may cross it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from extract.page import Edge
from extract.readers.scan_image import Image
from extract.tables.ruled import RuledTable, find_tables, merged_rules

_GUTTER_PT = 4  # the least width of a gutter between ruled rows
_FREE_SHARE = 0.85  # of the rows, that must have no ink in a gutter
_RULES = 5  # horizontal rules of one length that make a table
_LENGTH_PT = 150.0
_ROW_PT = 75.0  # the middle row is lower than this
_SAME_PT = 5.0
_APART_SHARE, _EACH_SIDE = 0.5, 2
_APART_PT = 9  # further than any space within a line
_WINDOW_PT, _WIDE_PT, _GUTTERS = 50, 6, 2  # a table without rules: so many gutters side by side over this height
_SLICE_PT = 10
_SIDE_BY_SIDE = (20, 0.15)  # points of height, and share of the print, with three columns side by side
_OFF_PT = 3.0  # base lines further apart than this are not one line
_LINE_PT = 20.0


class Part(NamedTuple):
    """A rectangle of the page in points; parts of one `group` are read side by side."""

    top: int
    bottom: int
    x0: int
    x1: int
    group: int


class Region(NamedTuple):
    """A table without rules: its place in points, where its columns part, and the parts to be read."""

    top: int
    bottom: int
    cuts: tuple[int, ...]
    parts: tuple[Part, ...]


# --- horizontal rules only -------------------------------------------------------------------------


def upright_rules(edges: Sequence[Edge], ink: Image, before: Sequence[float] = ()) -> list[Edge]:
    """Rules between the columns of tables whose rows alone are ruled; none where the drawing has its own. `before` are
    the columns at the end of the page before: a table that goes on with a row or two has the same."""
    drawn = find_tables(edges)
    level = merged_rules(edges)[0]
    out: list[Edge] = []
    for rules in _ladders(edges, drawn, before):
        ys = sorted({round(r.pos) for r in rules})
        x0, x1 = round(min(r.start for r in rules)), round(max(r.end for r in rules))
        bands = [ink[top + 2 : bottom - 1, x0:x1].any(axis=0) for top, bottom in pairwise(ys)]
        cuts = _cuts(np.array(bands))
        if len(before) > 3 and abs(before[0] - x0) < _SAME_PT and abs(before[-1] - x1) < _SAME_PT and len(ys) < _RULES:
            cuts = [round(x) - x0 for x in before[1:-1]]
        if len(cuts) < 2:
            continue
        out += [Edge(False, float(x), float(ys[0]), float(ys[-1])) for x in (x0, x1)]
        for cut in cuts:
            x = x0 + cut
            met = {round(e.pos) for e in level if e.start - 3 <= x <= e.end + 3 and ys[0] <= e.pos <= ys[-1]}
            for top, bottom in pairwise(sorted({*ys, *met})):  # a rule under a group of columns parts its row
                if not ink[top + 2 : bottom - 1, x - 1 : x + 2].any():
                    out.append(Edge(False, float(x), float(top), float(bottom)))
    return out


def _ladders(edges: Sequence[Edge], drawn: Sequence[RuledTable], before: Sequence[float]) -> list[list[Edge]]:
    """Horizontal rules of one place and length, one below the other, outside drawn tables."""
    rules = [
        e
        for e in merged_rules(edges)[0]
        if e.end - e.start > _LENGTH_PT and not any(t.ys[0] - 2 <= e.pos <= t.ys[-1] + 2 for t in drawn)
    ]
    ladders: list[list[Edge]] = []
    for rule in sorted(rules, key=lambda e: e.pos):
        home = next((known for known in ladders if abs(known[0].start - rule.start) < _SAME_PT), None)
        if home is None:
            ladders.append([rule])
        else:
            home.append(rule)
    out = []
    for known in ladders:
        gaps = [b.pos - a.pos for a, b in pairwise(known)]
        goes_on = len(before) > 3 and abs(before[0] - known[0].start) < _SAME_PT and len(known) > 1
        if (len(known) >= _RULES or goes_on) and float(np.median(gaps)) < _ROW_PT:
            out.append(known)
    return out


def _cuts(bands: Image, least: int = _GUTTER_PT) -> list[int]:
    """Where the gutters are: columns of the picture that hardly any band has ink in."""
    inked = bands[bands.any(axis=1)]
    if len(inked) < 3:
        return []
    free = 1.0 - inked.mean(axis=0)
    found: list[tuple[int, int]] = []
    # The freest strips first; one that holds a freer one, and the ink beside it, is no other gutter.
    for level in sorted({float(v) for v in free if v >= _FREE_SHARE}, reverse=True):
        for a, b in _runs(free >= level - 1e-9):
            is_inside = inked[:, :a].any() and inked[:, b:].any()
            if b - a >= least and is_inside and not any(a < y and x < b for x, y in found):
                found.append((a, b))
    cuts = sorted((a + b) // 2 for a, b in found)
    while cuts:  # the least likely one goes, until all are gutters
        bounds = [0, *cuts, inked.shape[1]]
        score, _, worst = min((_stands_apart(inked, *bounds[i : i + 3]), free[cut], cut) for i, cut in enumerate(cuts))
        if score >= _APART_SHARE:
            break
        cuts.remove(worst)
    return cuts


def _stands_apart(inked: Image, left: int, cut: int, right: int) -> float:
    """How often what stands right of a cut stands apart from what stands left of it.

    Words of one column stand a mere space off each other: the end of a long line, the words of a note, the first
    word of a header. 1 where the two sides are never filled together.
    """
    before, behind = inked[:, left:cut], inked[:, cut:right]
    has_left, has_right = before.any(axis=1), behind.any(axis=1)
    both = has_left & has_right
    if not both.any():
        return float(min(has_left.sum(), has_right.sum()) >= _EACH_SIDE)
    gaps = np.argmax(before[both][:, ::-1], axis=1) + np.argmax(behind[both], axis=1)
    return float((gaps > _APART_PT).mean())


def _runs(mask: Image) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


# --- no rules at all -------------------------------------------------------------------------------


def regions_of(ink: Image, tables: Sequence[tuple[float, float]]) -> list[Region]:
    """The tables without rules; `tables` are (top, bottom) of the ruled ones."""
    free_rows = np.ones(ink.shape[0], bool)
    for top, bottom in tables:
        free_rows[max(0, int(top) - 2) : int(bottom) + 3] = False
    out = []
    for top, bottom in _heights(ink, free_rows):
        own = ink[top:bottom]
        # Slices as high as a line: between the strokes of single rows of dots there is paper everywhere.
        cuts = _cuts(
            np.array([own[y : y + _SLICE_PT].any(axis=0) for y in range(0, len(own), _SLICE_PT // 2)]), _WIDE_PT
        )
        if len(cuts) >= _GUTTERS and _has_rows(own[own.any(axis=1)], cuts):
            out.append(Region(top, bottom, tuple(cuts), tuple(_parts(ink[top:bottom], cuts, top))))
    return out


def _heights(ink: Image, free_rows: Image) -> list[tuple[int, int]]:
    """Heights at which at least two gutters part three columns."""
    height = ink.shape[0]
    sums = np.concatenate([np.zeros((1, ink.shape[1]), np.int32), np.cumsum(ink, axis=0, dtype=np.int32)])
    blocked = np.concatenate([[0], np.cumsum(~free_rows)])
    marked = np.zeros(height, bool)
    for y in range(0, height - _WINDOW_PT, 2):
        if blocked[y + _WINDOW_PT] > blocked[y]:
            continue
        column = sums[y + _WINDOW_PT] > sums[y]
        inked = np.flatnonzero(column)
        if inked.size < 30:
            continue
        inside = ~column[inked[0] : inked[-1] + 1]
        if sum(1 for a, b in _runs(inside) if b - a >= _WIDE_PT) >= _GUTTERS:
            marked[y : y + _WINDOW_PT] = True
    out = []
    blank = ~ink.any(axis=1)
    for top, bottom in _runs(marked):
        while top < bottom and top > 0 and not (blank[top] or blank[top - 1]):
            top += 1  # never through a line
        while bottom > top and bottom < height and not (blank[bottom] or blank[bottom - 1]):
            bottom -= 1
        rows = np.flatnonzero(ink[top:bottom].any(axis=1))
        if rows.size and rows[-1] - rows[0] >= _WINDOW_PT:
            out.append((max(0, top + int(rows[0]) - 1), min(height, top + int(rows[-1]) + 2)))
    return out


def _has_rows(rows: Image, cuts: Sequence[int]) -> bool:
    """Do three columns stand side by side often enough? In prose a gutter is chance, and little stands beside it."""
    bounds = [0, *cuts, rows.shape[1]]
    beside = sum(rows[:, x0:x1].any(axis=1).astype(int) for x0, x1 in pairwise(bounds))
    full = int(np.count_nonzero(beside >= _GUTTERS + 1))
    return full >= _SIDE_BY_SIDE[0] and full >= _SIDE_BY_SIDE[1] * len(rows)


def _parts(ink: Image, cuts: Sequence[int], at: int) -> list[Part]:
    """The columns of a region in groups whose lines stand on common base lines, and what spans several of them."""
    bounds = [0, *cuts, ink.shape[1]]
    spans = _spans(ink, bounds)
    lines = []
    for c, (x0, x1) in enumerate(pairwise(bounds)):
        own = ink[:, x0:x1].any(axis=1)
        for top, bottom, first, last in spans:
            if first <= c <= last:
                own[top:bottom] = False
        lines.append(_runs(own))
    groups: list[list[int]] = []
    for c in range(len(lines)):
        home = next((g for g in groups if all(_on_one_line(lines[c], lines[o]) for o in g)), None)
        if home is None:
            groups.append([c])
        else:
            home.append(c)
    parts: list[Part] = []
    for number, group in enumerate(groups):
        for c in group:
            edge = 0
            for top, bottom, *_ in sorted(s for s in spans if s[2] <= c <= s[3]):
                if top > edge:
                    parts.append(Part(at + edge, at + top, bounds[c], bounds[c + 1], number))
                edge = max(edge, bottom)
            if edge < ink.shape[0]:
                parts.append(Part(at + edge, at + ink.shape[0], bounds[c], bounds[c + 1], number))
    for top, bottom, first, last in spans:
        parts.append(Part(at + top, at + bottom, bounds[first], bounds[last + 1], len(groups)))
    return parts


def _spans(ink: Image, bounds: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Top, bottom, first and last column of print that crosses gutters, with the whole lines it stands in."""
    found: list[tuple[int, int, int, int]] = []
    for c, cut in enumerate(bounds[1:-1]):
        crossing = ink[:, cut - 1 : cut + 2].any(axis=1)
        joint = ink[:, bounds[c] : bounds[c + 2]].any(axis=1)
        for top, bottom in _runs(joint):
            if crossing[top:bottom].any():
                hit = np.flatnonzero(crossing[top:bottom])
                lo, hi = top + int(hit[0]), top + int(hit[-1]) + 1
                # of a tall run of lines only the lines crossed, as far as a thin place allows
                found.append((max(top, lo - 8), min(bottom, hi + 8), c, c + 1) if bottom - top > 2 * _LINE_PT
                             else (top, bottom, c, c + 1))  # fmt: skip
    found.sort()
    out: list[tuple[int, int, int, int]] = []
    for span in found:
        near = next((k for k, o in enumerate(out) if span[0] < o[1] and o[0] < span[1] and span[2] <= o[3] + 0
                     and o[2] <= span[3]), None)  # fmt: skip
        if near is None:
            out.append(span)
        else:
            o = out[near]
            out[near] = (min(o[0], span[0]), max(o[1], span[1]), min(o[2], span[2]), max(o[3], span[3]))
    return out


def _on_one_line(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    """Do the lines of two columns coincide wherever they meet?"""
    off = meeting = 0
    for top, bottom in one:
        for a, b in other:
            if a < bottom and top < b:
                meeting += 1
                off += abs(bottom - b) > _OFF_PT or max(bottom - top, b - a) > _LINE_PT
    return off <= 0.1 * meeting
