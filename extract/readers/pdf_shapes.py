"""The shapes of a PDFium page: ruling lines, area of pictures, invisible text.

In: an open page and the transformation to the page as seen. Out: `Edge`s, from stroked lines, thin
filled boxes, borders of boxes and thin pictures, also inside form objects.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extract.page import Edge
from extract.problems import LimitExceeded

MAX_OBJECTS, MAX_SEGMENTS, MAX_FORM_DEPTH = 200_000, 20_000, 12
# A rule is drawn as a line, or as a filled rectangle or picture no thicker than this (points).
RULE_THICKNESS = 4.0
_PATH, _IMAGE, _TEXT, _FORM = (
    pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM,
)  # fmt: skip


class Affine(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f: the order of a PDF matrix."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def of(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, m: Affine) -> Affine:
        """The transformation that applies `m` first."""
        return Affine(
            self.a * m.a + self.c * m.b, self.b * m.a + self.d * m.b,
            self.a * m.c + self.c * m.d, self.b * m.c + self.d * m.d,
            *self.of(m.e, m.f),
        )  # fmt: skip


class _Box(NamedTuple):
    x0: float
    top: float
    x1: float
    bottom: float


def _frame(outer: _Box, inner: _Box) -> list[Edge]:
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


class Shapes:
    """One pass over the objects of a page: ruling lines, area of pictures, invisible text objects."""

    def __init__(self, to_seen: Affine, width: float, height: float) -> None:
        self.to_seen, self.width, self.height = to_seen, width, height
        self.edges: list[Edge] = []
        self.image_area = 0.0
        self.hidden: frozenset[int] = frozenset()
        self._n_objects = self._n_segments = 0
        self._bounds = tuple(ctypes.c_float() for _ in range(4))

    def walk(self, container: Any, count: int, get: Any, matrix: Affine, depth: int) -> None:
        self._n_objects += max(0, count)
        if self._n_objects > MAX_OBJECTS or depth > MAX_FORM_DEPTH:
            raise LimitExceeded(
                f"A page has {self._n_objects} objects in {depth} levels; the limits are {MAX_OBJECTS} and "
                f"{MAX_FORM_DEPTH}.",
                "Print the page to a new PDF.",
            )
        to_seen = self.to_seen.after(matrix) if depth else self.to_seen
        hidden = set()
        for index in range(count):
            obj = get(container, index)
            kind = pdfium.FPDFPageObj_GetType(obj)
            if kind == _TEXT:
                if pdfium.FPDFTextObj_GetTextRenderMode(obj) == 3:
                    hidden.add(ctypes.cast(obj, ctypes.c_void_p).value or 0)
            elif kind in (_PATH, _IMAGE):
                self._shape(obj, kind, to_seen)
            elif kind == _FORM:
                inner = matrix.after(_matrix_of(obj))
                self.walk(obj, pdfium.FPDFFormObj_CountObjects(obj), pdfium.FPDFFormObj_GetObject, inner, depth + 1)
        if hidden:
            self.hidden |= hidden

    def _shape(self, obj: Any, kind: int, to_seen: Affine) -> None:
        left, bottom, right, top = self._bounds
        if not pdfium.FPDFPageObj_GetBounds(obj, left, bottom, right, top):
            return
        ax, ay = to_seen.of(left.value, bottom.value)
        bx, by = to_seen.of(right.value, top.value)
        if self._thin(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)):
            return
        if kind == _IMAGE:
            self.image_area += abs((bx - ax) * (by - ay))
            return
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(obj, fill, stroke)
        if fill.value or stroke.value:
            self._path(obj, to_seen.after(_matrix_of(obj)), bool(stroke.value))

    def _thin(self, x0: float, top: float, x1: float, bottom: float) -> bool:
        """Take a thin box as a rule; True when it was one."""
        across, down = x1 - x0, bottom - top
        if down <= RULE_THICKNESS and across > 2 * down:
            self.edges.append(Edge(True, (top + bottom) / 2, x0, x1))
            return True
        if across <= RULE_THICKNESS and down > 2 * across:
            self.edges.append(Edge(False, (x0 + x1) / 2, top, bottom))
            return True
        return across <= RULE_THICKNESS and down <= RULE_THICKNESS

    def _path(self, obj: Any, to_seen: Affine, is_stroked: bool) -> None:
        count = pdfium.FPDFPath_CountSegments(obj)
        self._n_segments += max(0, count)
        if self._n_segments > MAX_SEGMENTS:
            return
        x, y = ctypes.c_float(), ctypes.c_float()
        subpath: list[tuple[float, float]] = []
        boxes: list[_Box] = []
        is_curved = False
        for index in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(obj, index)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._subpath(subpath, is_stroked, is_curved, boxes)
                subpath, is_curved = [], False
            is_curved = is_curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            subpath.append(to_seen.of(x.value, y.value))
            if pdfium.FPDFPathSegment_GetClose(segment) and subpath:
                subpath.append(subpath[0])
        self._subpath(subpath, is_stroked, is_curved, boxes)
        for outer, inner in pairwise(boxes):
            self.edges += _frame(outer, inner) or _frame(inner, outer)

    def _subpath(self, points: list[tuple[float, float]], is_stroked: bool, is_curved: bool, boxes: list[_Box]) -> None:
        if len(points) < 2:
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = _Box(min(xs), min(ys), max(xs), max(ys))
        if self._thin(*box) or is_curved:
            return
        if not is_stroked:
            if all(x in (box.x0, box.x1) and y in (box.top, box.bottom) for x, y in points):
                boxes.append(box)
            return
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) < 0.5 and abs(ax - bx) > 1:
                self.edges.append(Edge(True, (ay + by) / 2, min(ax, bx), max(ax, bx)))
            elif abs(ax - bx) < 0.5 and abs(ay - by) > 1:
                self.edges.append(Edge(False, (ax + bx) / 2, min(ay, by), max(ay, by)))


def _matrix_of(obj: Any) -> Affine:
    m = pdfium.FS_MATRIX()
    return Affine(m.a, m.b, m.c, m.d, m.e, m.f) if pdfium.FPDFPageObj_GetMatrix(obj, m) else Affine()
