"""PDFium asked about many glyphs or objects of a page at once: boxes, origins and sizes as arrays.

In: glyphs (the text page of each and its index there), or objects. Out: arrays with a row for each. PDFium has one
call for one glyph, and Python's way to a C call (convert each argument, run a line, convert the result) costs more than
the call. Here the loop over the calls runs in C (`map`), the results are written straight into an array, and what is
worked out from them is worked out for all glyphs together.

The prototypes are our own because addresses in an array go as plain integers. They keep the interpreter's lock: a
call takes a third of a microsecond. Sources: `fpdf_text.h`, `fpdf_edit.h`.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from math import hypot
from typing import Any, TypeAlias

import numpy as np
import pypdfium2.raw as pdfium

Array: TypeAlias = Any

_NAME_BYTES = 256  # PDF allows names of 127
_POINTER, _INDEX = ctypes.c_void_p, ctypes.c_int


def _prototype(function: Any, result: Any, *arguments: Any) -> Any:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_origin = _prototype(pdfium.FPDFText_GetCharOrigin, _INDEX, _POINTER, _INDEX, _POINTER, _POINTER)
_loose_box = _prototype(pdfium.FPDFText_GetLooseCharBox, _INDEX, _POINTER, _INDEX, _POINTER)
_font_size = _prototype(pdfium.FPDFText_GetFontSize, ctypes.c_double, _POINTER, _INDEX)
_matrix = _prototype(pdfium.FPDFText_GetMatrix, _INDEX, _POINTER, _INDEX, _POINTER)
_is_generated = _prototype(pdfium.FPDFText_IsGenerated, _INDEX, _POINTER, _INDEX)
_angle = _prototype(pdfium.FPDFText_GetCharAngle, ctypes.c_float, _POINTER, _INDEX)
_object = _prototype(pdfium.FPDFText_GetTextObject, _POINTER, _POINTER, _INDEX)
_font_info = _prototype(
    pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _POINTER, _INDEX, _POINTER, ctypes.c_ulong, _POINTER
)
_font_info = _prototype(
    pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _POINTER, _INDEX, _POINTER, ctypes.c_ulong, _POINTER
)
_font_weight = _prototype(pdfium.FPDFText_GetFontWeight, _INDEX, _POINTER, _INDEX)
_page_object = _prototype(pdfium.FPDFPage_GetObject, _POINTER, _POINTER, _INDEX)
_form_object = _prototype(pdfium.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_kind = _prototype(pdfium.FPDFPageObj_GetType, _INDEX, _POINTER)
_render_mode = _prototype(pdfium.FPDFTextObj_GetTextRenderMode, _INDEX, _POINTER)
_bounds = _prototype(pdfium.FPDFPageObj_GetBounds, _INDEX, *[_POINTER] * 5)
_draw_mode = _prototype(pdfium.FPDFPath_GetDrawMode, _INDEX, *[_POINTER] * 3)
_object_matrix = _prototype(pdfium.FPDFPageObj_GetMatrix, _INDEX, _POINTER, _POINTER)
_count_segments = _prototype(pdfium.FPDFPath_CountSegments, _INDEX, _POINTER)
_segment = _prototype(pdfium.FPDFPath_GetPathSegment, _POINTER, _POINTER, _INDEX)
_segment_kind = _prototype(pdfium.FPDFPathSegment_GetType, _INDEX, _POINTER)
_segment_point = _prototype(pdfium.FPDFPathSegment_GetPoint, _INDEX, *[_POINTER] * 3)
_segment_closes = _prototype(pdfium.FPDFPathSegment_GetClose, _INDEX, _POINTER)


def address_of(handle: Any) -> int:
    """A handle of PDFium as the integer that the calls below take."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def origins(pages: Iterable[int], indices: Sequence[int]) -> Array:
    """x, y of each glyph's origin in user space; 0 where PDFium knows none."""
    out = np.zeros((len(indices), 2))
    first = out.ctypes.data
    end = first + out.nbytes
    deque(map(_origin, pages, indices, range(first, end, 16), range(first + 8, end + 8, 16)), maxlen=0)
    return out


def loose_boxes(pages: Iterable[int], indices: Sequence[int]) -> Array:
    """left, top, right, bottom of each glyph's advance box in user space, as `FS_RECTF` has them."""
    out = np.zeros((len(indices), 4), np.float32)
    first = out.ctypes.data
    deque(map(_loose_box, pages, indices, range(first, first + out.nbytes, 16)), maxlen=0)
    return out.astype(np.float64)


def font_sizes(pages: Iterable[int], indices: Sequence[int]) -> Array:
    return np.fromiter(map(_font_size, pages, indices), np.float64, len(indices))


def scales(pages: Iterable[int], indices: Sequence[int]) -> Array:
    """How much each glyph's matrix makes its font higher; 1 where there is none."""
    matrices = np.zeros((len(indices), 6), np.float32)
    first = matrices.ctypes.data
    known = np.fromiter(
        map(_matrix, pages, indices, range(first, first + matrices.nbytes, 24)), bool, len(indices)
    )
    # math.hypot, for numpy's differs in the last bit: a glyph asked alone must have the size it has here
    heights = map(hypot, matrices[:, 2].tolist(), matrices[:, 3].tolist())
    return np.where(known, np.fromiter(heights, np.float64, len(indices)), 1.0)


def are_generated(pages: Iterable[int], indices: Sequence[int]) -> Array:
    """Which characters are white space that the library put in."""
    return np.fromiter(map(_is_generated, pages, indices), np.int64, len(indices)) != 0


def angles(pages: Iterable[int], indices: Sequence[int]) -> list[float]:
    """The angle of each glyph, clockwise from the x axis of user space; negative where there is none."""
    return list(map(_angle, pages, indices))


def objects(pages: Iterable[int], indices: Sequence[int]) -> list[int]:
    """The address of the text object that each glyph belongs to; 0 where there is none."""
    return [address or 0 for address in map(_object, pages, indices)]


def font_names(pages: Iterable[int], indices: Sequence[int]) -> list[str]:
    """The name of each glyph's font; empty where it has none, or one longer than a font's name can be."""
    buffer = ctypes.create_string_buffer(_NAME_BYTES * len(indices))
    first = ctypes.addressof(buffer)
    slots = range(first, first + _NAME_BYTES * len(indices), _NAME_BYTES)
    deque(map(_font_info, pages, indices, slots, repeat(_NAME_BYTES), repeat(None)), maxlen=0)
    raw = buffer.raw
    found = (raw[at : at + _NAME_BYTES] for at in range(0, len(raw), _NAME_BYTES))
    return [_name(slot) for slot in found]


def font_look(text_page: int, index: int) -> tuple[bytes, int, int]:
    """The name of a glyph's font as it stands in the file, its flags (PDF 32000, table 123) and its weight."""
    name, flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()
    _font_info(text_page, index, ctypes.addressof(name), _NAME_BYTES, ctypes.addressof(flags))
    return name.value, flags.value, _font_weight(text_page, index)


@lru_cache(maxsize=256)
def _name(slot: bytes) -> str:
    return slot.partition(b"\0")[0].decode("utf-8", "replace")


def page_objects(container: int, count: int, *, is_form: bool) -> list[int]:
    """The objects of a page or of a form object."""
    return list(map(_form_object if is_form else _page_object, repeat(container), range(count)))


def kinds(objects: Sequence[int]) -> list[int]:
    return list(map(_kind, objects))


def render_modes(objects: Sequence[int]) -> list[int]:
    """How each text object is drawn; -1 for what is none."""
    return list(map(_render_mode, objects))


def bounds(objects: Sequence[int]) -> tuple[Array, list[int]]:
    """left, bottom, right, top of each object in user space, and whether PDFium knows it."""
    out = np.zeros((len(objects), 4), np.float32)
    first = out.ctypes.data
    places = (range(first + 4 * side, first + 4 * side + out.nbytes, 16) for side in range(4))
    known = list(map(_bounds, objects, *places))
    return out.astype(np.float64), known


def draw_modes(paths: Sequence[int]) -> tuple[Array, Array]:
    """Which paths are filled, which are stroked."""
    out = np.zeros((len(paths), 2), np.int32)
    first = out.ctypes.data
    end = first + out.nbytes
    deque(map(_draw_mode, paths, range(first, end, 8), range(first + 4, end + 4, 8)), maxlen=0)
    return out[:, 0] != 0, out[:, 1] != 0


def object_matrices(objects: Sequence[int]) -> Array:
    """a, b, c, d, e, f of each object's matrix."""
    out = np.zeros((len(objects), 6), np.float32)
    first = out.ctypes.data
    known = np.array(list(map(_object_matrix, objects, range(first, first + out.nbytes, 24))), bool)
    return np.where(known[:, None], out, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)).astype(np.float64)


def segment_counts(paths: Sequence[int]) -> list[int]:
    return [max(0, count) for count in map(_count_segments, paths)]


def segments(path: int, indices: Sequence[int]) -> list[int]:
    """Some segments of a path, to be asked about with what follows."""
    return list(map(_segment, repeat(path), indices))


def segment_kinds(found: Sequence[int]) -> list[int]:
    return list(map(_segment_kind, found))


def segment_points(found: Sequence[int]) -> Array:
    """x, y of the points that the segments lead to."""
    points = np.zeros((len(found), 2), np.float32)
    first = points.ctypes.data
    end = first + points.nbytes
    deque(map(_segment_point, found, range(first, end, 8), range(first + 4, end + 4, 8)), maxlen=0)
    return points.astype(np.float64)


def segments_close(found: Sequence[int]) -> list[int]:
    """Which segments close their subpath."""
    return list(map(_segment_closes, found))
