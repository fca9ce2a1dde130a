"""Drawn paths → ruling lines, by pure functions.

In: boxes, and the points of paths on the page as seen. Out: `Edge`s, from stroked lines, thin boxes and the borders of
boxes with a hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pypdfium2.raw as pdfium

from extract.page import Edge

# A rule is drawn as a line, or as a filled rectangle or picture no thicker than this (points).
RULE_THICKNESS = 4.0
_MOVE, _CURVE = pdfium.FPDF_SEGMENT_MOVETO, pdfium.FPDF_SEGMENT_BEZIERTO

Array: TypeAlias = Any
Point: TypeAlias = tuple[float, float]
Segment: TypeAlias = tuple[int, Point, int]  # its kind, where it ends, whether it closes its subpath


class Box(NamedTuple):
    x0: float
    top: float
    x1: float
    bottom: float


def rule_of(box: Box) -> list[Edge] | None:
    """The rule that a thin box is, none where it is a dot; None where it is larger."""
    across, down = box.x1 - box.x0, box.bottom - box.top
    if down <= RULE_THICKNESS and across > 2 * down:
        return [Edge(True, (box.top + box.bottom) / 2, box.x0, box.x1)]
    if across <= RULE_THICKNESS and down > 2 * across:
        return [Edge(False, (box.x0 + box.x1) / 2, box.top, box.bottom)]
    return [] if across <= RULE_THICKNESS and down <= RULE_THICKNESS else None


def rules_of(x0: Array, top: Array, x1: Array, bottom: Array, *, ends: Sequence[int]) -> list[list[Edge] | None]:
    """The rules that thin boxes are, as `rule_of` tells each; None where one of them is larger. The boxes of several
    pages are told at once: those of each end before `ends`."""
    across, down = x1 - x0, bottom - top
    is_horizontal = (down <= RULE_THICKNESS) & (across > 2 * down)
    is_rule = is_horizontal | (across <= RULE_THICKNESS) & (down > 2 * across)
    is_larger = ~(is_rule | (across <= RULE_THICKNESS) & (down <= RULE_THICKNESS))
    columns = (
        is_horizontal, np.where(is_horizontal, (top + bottom) / 2, (x0 + x1) / 2),
        np.where(is_horizontal, x0, top), np.where(is_horizontal, x1, bottom),
    )  # fmt: skip
    edges = list(map(Edge, *(column[is_rule].tolist() for column in columns)))
    starts = [0, *ends[:-1]]
    n_rules = np.append(0, np.cumsum(is_rule)).tolist()
    return [
        None if is_larger[a:b].any() else edges[n_rules[a] : n_rules[b]] for a, b in zip(starts, ends, strict=True)
    ]


def edges_of(segments: Iterable[Segment], *, is_stroked: bool) -> list[Edge]:
    """The rules that a path draws."""
    edges: list[Edge] = []
    boxes: list[Box] = []
    subpath: list[Point] = []
    is_curved = False
    for kind, point, closes in segments:
        if kind == _MOVE:
            edges += _edges_of_subpath(subpath, boxes, is_stroked=is_stroked, is_curved=is_curved)
            subpath, is_curved = [], False
        is_curved = is_curved or kind == _CURVE
        subpath.append(point)
        if closes:
            subpath.append(subpath[0])
    edges += _edges_of_subpath(subpath, boxes, is_stroked=is_stroked, is_curved=is_curved)
    for outer, inner in pairwise(boxes):
        edges += _frame(outer, inner) or _frame(inner, outer)
    return edges


def _edges_of_subpath(points: list[Point], boxes: list[Box], *, is_stroked: bool, is_curved: bool) -> list[Edge]:
    """The rules of one stretch of lines; a filled box is added to `boxes`."""
    if len(points) < 2:
        return []
    xs, ys = zip(*points, strict=True)
    box = Box(min(xs), min(ys), max(xs), max(ys))
    rule = rule_of(box)
    if rule is not None or is_curved:
        return rule or []
    if not is_stroked:
        if all(x in (box.x0, box.x1) and y in (box.top, box.bottom) for x, y in points):
            boxes.append(box)
        return []
    edges = []
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ay - by) < 0.5 and abs(ax - bx) > 1:
            edges.append(Edge(True, (ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) < 0.5 and abs(ay - by) > 1:
            edges.append(Edge(False, (ax + bx) / 2, min(ay, by), max(ay, by)))
    return edges


def _frame(outer: Box, inner: Box) -> list[Edge]:
    """The sides of a box with a hole in it: how some writers draw the border of a cell. Empty where it is none."""
    left, right = inner.x0 - outer.x0, outer.x1 - inner.x1
    above, below = inner.top - outer.top, outer.bottom - inner.bottom
    if not all(-0.01 <= side <= RULE_THICKNESS for side in (left, right, above, below)):
        return []
    sides = []
    for side, is_horizontal, pos in (
        (above, True, outer.top + above / 2), (below, True, outer.bottom - below / 2),
        (left, False, outer.x0 + left / 2), (right, False, outer.x1 - right / 2),
    ):  # fmt: skip
        if side > 0.01:
            along = (outer.x0, outer.x1) if is_horizontal else (outer.top, outer.bottom)
            sides.append(Edge(is_horizontal, pos, *along))
    return sides
