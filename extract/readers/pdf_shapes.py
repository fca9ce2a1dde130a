"""The shapes of a PDFium page: ruling lines, area of pictures, invisible text.

In: an open page and the transformation to the page as seen. Out: `Edge`s, from stroked lines, thin
filled boxes, borders of boxes and thin pictures, also inside form objects (`pdf_paths`).

Nearly all objects of a page are texts: one call tells that, and whether they are invisible. Of the others the bounds
are enough where they are thin; only larger paths are looked at point by point. Those of pages that are read together
are asked for together (`settle`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pypdfium2.raw as pdfium

from extract.page import Edge
from extract.problems import LimitExceeded
from extract.readers import pdf_calls as calls
from extract.readers.pdf_pale import on_paper, pale_texts
from extract.readers.pdf_paths import Box, edges_of, rule_of, rules_of

MAX_OBJECTS, MAX_SEGMENTS, MAX_FORM_DEPTH = 200_000, 20_000, 12
MANY_SEGMENTS, SAMPLED_SEGMENTS, MAX_IDLE = 200, 40, 200
_PATH, _IMAGE, _FORM = pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM
_NO_TEXT, _INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_UNKNOWN, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_FILLED = pdfium.FPDF_TEXTRENDERMODE_FILL


class Affine(NamedTuple):
    """x' = a·x + c·y + e, y' = b·x + d·y + f: the order of a PDF matrix."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def of(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A point, or arrays of points."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, m: Affine) -> Affine:
        """The transformation that applies `m` first."""
        return Affine(
            self.a * m.a + self.c * m.b, self.b * m.a + self.d * m.b,
            self.a * m.c + self.c * m.d, self.b * m.c + self.d * m.d,
            *self.of(m.e, m.f),
        )  # fmt: skip


# By what a drawing is known again: how many segments, stroked or filled, where it stands, some of its points.
Drawing: TypeAlias = tuple[int, bool, Affine, bytes]


class Shapes:
    """One pass over the objects of a page: ruling lines, area of pictures, invisible text objects."""

    def __init__(self, to_seen: Affine, idle: set[Drawing] | None = None) -> None:
        """`idle` are the drawings of pages before that drew no rule: a seal, the outlines of a watermark. They are
        not looked at again; those of this page are added."""
        self.to_seen = to_seen
        self._idle: set[Drawing] = set() if idle is None else idle
        self.edges: list[Edge] = []
        self.pictures: list[tuple[float, float, float, float]] = []  # left, top, right, bottom
        self.has_pictures = False
        self.hidden: frozenset[int] = frozenset()
        self.unseen: list[tuple[float, ...]] = []  # boxes of white print on paper
        self._n_objects = self._n_segments = 0
        self._waiting: list[int] = []  # paths and pictures whose bounds are not known yet

    @property
    def image_area(self) -> float:
        return sum(abs((x1 - x0) * (bottom - top)) for x0, top, x1, bottom in self.pictures)

    def walk(self, page: Any) -> None:
        """Look at every object of an open page; rules and pictures are known when it is settled."""
        self._walk(calls.address_of(page), pdfium.FPDFPage_CountObjects(page), Affine(), 0)

    def _walk(self, container: int, count: int, matrix: Affine, depth: int) -> None:
        """The objects of a page, or of a form whose coordinates `matrix` brings to those of the page."""
        self._n_objects += max(0, count)
        if self._n_objects > MAX_OBJECTS or depth > MAX_FORM_DEPTH:
            raise LimitExceeded(
                f"A page has {self._n_objects} objects in {depth} levels; the limits are {MAX_OBJECTS} and "
                f"{MAX_FORM_DEPTH}.",
                "Print the page to a new PDF.",
            )
        objects = calls.page_objects(container, count, is_form=depth > 0)
        modes = calls.render_modes(objects)
        if _INVISIBLE in modes:
            self.hidden |= {obj for obj, mode in zip(objects, modes, strict=True) if mode == _INVISIBLE}
        others = [obj for obj, mode in zip(objects, modes, strict=True) if mode == _NO_TEXT]
        if not depth and (pale := pale_texts([o for o, mode in zip(objects, modes, strict=True) if mode == _FILLED])):
            self.unseen = on_paper(
                _sides(pale, self.to_seen)[0], others, calls.kinds(others), _sides(others, self.to_seen)[0]
            )
        if not others:
            return
        kinds = calls.kinds(others)
        self.has_pictures |= _IMAGE in kinds
        if depth == 0 and set(kinds) <= {_PATH, _IMAGE}:
            self._waiting = others
        else:
            to_seen = self.to_seen.after(matrix) if depth else self.to_seen
            self._others(others, kinds, *_sides(others, to_seen), matrix, depth)

    @classmethod
    def settle(cls, pages: Sequence[Shapes]) -> None:
        """The rules and pictures of some pages of one size. Nearly all are thin boxes: they are told all at once."""
        pages = [page for page in pages if page._waiting]
        if not pages:
            return
        ends = list(accumulate(len(page._waiting) for page in pages))
        sides, known = _sides([obj for page in pages for obj in page._waiting], pages[0].to_seen)
        rules = rules_of(*sides, ends=ends)
        for page, own, start, end in zip(pages, rules, [0, *ends[:-1]], ends, strict=True):
            objects, page._waiting = page._waiting, []
            if own is not None and all(known[start:end]):
                page.edges += own
            else:
                of_page = tuple(side[start:end] for side in sides)
                page._others(objects, calls.kinds(objects), of_page, known[start:end], Affine(), 0)

    def _others(
        self, objects: list[int], kinds: list[int], sides: tuple[calls.Array, ...], known: list[int], matrix: Affine,
        depth: int,
    ) -> None:  # fmt: skip
        """The objects that are no text, in the order in which they are drawn."""
        to_seen = self.to_seen.after(matrix) if depth else self.to_seen
        if all(known) and set(kinds) <= {_PATH, _IMAGE}:
            (every,) = rules_of(*sides, ends=[len(objects)])
            if every is not None:
                self.edges += every
                return
        found = map(Box, *(side.tolist() for side in sides))
        boxes = [box if is_known else None for box, is_known in zip(found, known, strict=True)]
        rules = [
            rule_of(box) if box is not None and kind in (_PATH, _IMAGE) else None
            for kind, box in zip(kinds, boxes, strict=True)
        ]
        larger = [
            obj
            for obj, kind, box, rule in zip(objects, kinds, boxes, rules, strict=True)
            if kind == _PATH and box is not None and rule is None
        ]
        paths = dict(zip(larger, self._paths(larger, to_seen), strict=True))
        for obj, kind, box, rule in zip(objects, kinds, boxes, rules, strict=True):
            if kind == _FORM:
                form = ctypes.cast(obj, pdfium.FPDF_PAGEOBJECT)
                inner = matrix.after(Affine(*calls.object_matrices([obj])[0].tolist()))
                self._walk(obj, pdfium.FPDFFormObj_CountObjects(form), inner, depth + 1)
            elif rule is not None:
                self.edges += rule
            elif kind == _IMAGE and box is not None:
                self.pictures.append((box.x0, box.top, box.x1, box.bottom))
            else:
                self.edges += paths.get(obj, ())

    def _paths(self, paths: list[int], to_seen: Affine) -> list[list[Edge]]:
        """The rules that each path draws; none where there are too many lines on the page."""
        out: list[list[Edge]] = [[] for _ in paths]
        if not paths:
            return out
        filled, stroked = calls.draw_modes(paths)
        counts = calls.segment_counts(paths)
        own = [to_seen.after(Affine(*matrix)) for matrix in calls.object_matrices(paths).tolist()]
        drawn: dict[int, list[int]] = {}  # place of a path → its segments
        keys: dict[int, Drawing] = {}
        for i in (filled | stroked).nonzero()[0].tolist():
            self._n_segments += counts[i]
            if self._n_segments > MAX_SEGMENTS:
                break
            if counts[i] >= MANY_SEGMENTS:
                keys[i] = _drawing(paths[i], counts[i], own[i], is_stroked=bool(stroked[i]))
            if keys.get(i) not in self._idle:
                drawn[i] = calls.segments(paths[i], range(counts[i]))
        every = [segment for segments in drawn.values() for segment in segments]
        points, ends = calls.segment_points(every), [0, *accumulate(map(len, drawn.values()))]
        kinds, closes = calls.segment_kinds(every), calls.segments_close(every)
        for i, own_points in zip(drawn, map(slice, ends, ends[1:])):  # noqa: B905 - the last end begins no path
            x, y = own[i].of(*points[own_points].T)
            places = zip(x.tolist(), y.tolist(), strict=True)
            path = zip(kinds[own_points], places, closes[own_points], strict=True)
            out[i] = edges_of(path, is_stroked=bool(stroked[i]))
            if i in keys and not out[i] and len(self._idle) < MAX_IDLE:
                self._idle.add(keys[i])
        return out


def _sides(objects: list[int], to_seen: Affine) -> tuple[tuple[calls.Array, ...], list[int]]:
    """Left, top, right, bottom of objects as seen, and whether PDFium knows them."""
    bounds, known = calls.bounds(objects)
    left, bottom, right, top = bounds.T
    (ax, ay), (bx, by) = to_seen.of(left, bottom), to_seen.of(right, top)
    return (np.minimum(ax, bx), np.minimum(ay, by), np.maximum(ax, bx), np.maximum(ay, by)), known


def _drawing(path: int, count: int, matrix: Affine, *, is_stroked: bool) -> Drawing:
    some = calls.segments(path, range(0, count, count // SAMPLED_SEGMENTS))
    return count, is_stroked, matrix, calls.segment_points(some).tobytes()
