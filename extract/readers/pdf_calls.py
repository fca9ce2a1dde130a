"""PDFium asked about many glyphs or objects of a page at once: boxes, origins and sizes as arrays.

In: glyphs (the text page of each and its index there), or objects. Out: arrays with a row for each. PDFium has one
call for one glyph, and Python's way to a C call (convert each argument, run a line, convert the result) costs more than
the call. Here the loop over the calls runs in C (`map`), the results are written straight into an array, and what is
worked out from them is worked out for all glyphs together.

The prototypes are our own. With argument types Python converts each argument anew at every call, which takes longer
than the call: 0.21 µs for the box of a glyph. Without them numbers go as C's `int`, and addresses must be made into
arguments once: text pages by `argument`, and those of a buffer that every result is written to, part by part (0.08 µs).
All calls keep the interpreter's lock. Sources: `fpdf_text.h`, `fpdf_edit.h`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, repeat
from math import hypot
from typing import Any, TypeAlias

import numpy as np
import pypdfium2.raw as pdfium

Array: TypeAlias = Any

_NAME_BYTES = 256  # PDF allows names of 127
_POINTER, _INDEX = ctypes.c_void_p, ctypes.c_int
_PART = 1024  # results that are written before they are copied


def _prototype(function: Any, result: Any, *arguments: Any) -> Any:
    """A function that takes bare numbers and what `argument` makes, or arguments of the types given."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_text = _prototype(pdfium.FPDFText_GetText, _INDEX)
_origin = _prototype(pdfium.FPDFText_GetCharOrigin, None)
_loose_box = _prototype(pdfium.FPDFText_GetLooseCharBox, None)
_font_size = _prototype(pdfium.FPDFText_GetFontSize, ctypes.c_double)
_matrix = _prototype(pdfium.FPDFText_GetMatrix, _INDEX)
_is_generated = _prototype(pdfium.FPDFText_IsGenerated, _INDEX)
_angle = _prototype(pdfium.FPDFText_GetCharAngle, ctypes.c_float)
_object = _prototype(pdfium.FPDFText_GetTextObject, _POINTER)
_font_info = _prototype(
    pdfium.FPDFText_GetFontInfo, ctypes.c_ulong, _POINTER, _INDEX, _POINTER, ctypes.c_ulong, _POINTER
)
_font_weight = _prototype(pdfium.FPDFText_GetFontWeight, _INDEX)
_font = _prototype(pdfium.FPDFTextObj_GetFont, _POINTER)
_page_object = _prototype(pdfium.FPDFPage_GetObject, _POINTER)
_form_object = _prototype(pdfium.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_kind = _prototype(pdfium.FPDFPageObj_GetType, _INDEX)
_render_mode = _prototype(pdfium.FPDFTextObj_GetTextRenderMode, _INDEX)
_bounds = _prototype(pdfium.FPDFPageObj_GetBounds, _INDEX)
_fill = _prototype(pdfium.FPDFPageObj_GetFillColor, _INDEX)
_draw_mode = _prototype(pdfium.FPDFPath_GetDrawMode, _INDEX)
_object_matrix = _prototype(pdfium.FPDFPageObj_GetMatrix, _INDEX)
_count_segments = _prototype(pdfium.FPDFPath_CountSegments, _INDEX)
_segment = _prototype(pdfium.FPDFPath_GetPathSegment, _POINTER)
_segment_kind = _prototype(pdfium.FPDFPathSegment_GetType, _INDEX)
_segment_point = _prototype(pdfium.FPDFPathSegment_GetPoint, None)
_segment_closes = _prototype(pdfium.FPDFPathSegment_GetClose, _INDEX)

argument = ctypes.c_void_p.from_param  # an address as an argument


def address_of(handle: Any) -> int:
    """A handle of PDFium as an integer."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


class _Results:
    """Room for the results of some calls, of `size` bytes each, and the arguments that lead to it."""

    def __init__(self, size: int, *places: int) -> None:
        """`places`: where in a result each of the arguments points to, in bytes."""
        self._room = np.zeros(_PART * size, np.uint8)
        first = self._room.ctypes.data
        self._arguments = [[argument(first + place + size * i) for i in range(_PART)] for place in places]
        self._size = size

    def of(self, call: Any, dtype: Any, count: int, *inputs: Iterable[Any]) -> tuple[Array, list[Any]]:
        """A row of results for each call, 0 where it gives none, and what each call returns."""
        out = np.empty(count * self._size, np.uint8)
        returned: list[Any] = []
        given = [v if isinstance(v, list) else list(islice(v, count)) for v in inputs] if count > _PART else []
        for start in range(0, count, _PART):
            part = min(_PART, count - start)
            room = self._room[: part * self._size]
            room[:] = 0
            of_part = [values[start : start + part] for values in given] or inputs
            returned += map(call, *of_part, *self._arguments)
            out[start * self._size : (start + part) * self._size] = room
        rows = out.view(dtype)
        return rows.reshape(count, self._size // rows.itemsize), returned


_room_of_origins, _room_of_boxes, _room_of_matrices = _Results(16, 0, 8), _Results(16, 0), _Results(24, 0)
_room_of_colours = _Results(16, 0, 4, 8, 12)
_room_of_bounds, _room_of_pairs = _Results(16, 0, 4, 8, 12), _Results(8, 0, 4)


def page_text(page: Any, count: int) -> str:
    """The text of a page of `count` characters."""
    codes = np.zeros(count + 1, np.uint16)
    written = _text(page, 0, count, argument(codes.ctypes.data))
    return codes[: max(0, written - 1)].tobytes().decode("utf-16-le", "replace")


def origins(pages: Iterable[Any], indices: Sequence[int]) -> Array:
    """x, y of each glyph's origin in user space; 0 where PDFium knows none."""
    return _room_of_origins.of(_origin, np.float64, len(indices), pages, indices)[0]


def loose_boxes(pages: Iterable[Any], indices: Sequence[int]) -> Array:
    """left, top, right, bottom of each glyph's advance box in user space, as `FS_RECTF` has them."""
    return _room_of_boxes.of(_loose_box, np.float32, len(indices), pages, indices)[0].astype(np.float64)


def font_sizes(pages: Iterable[Any], indices: Sequence[int]) -> Array:
    return np.fromiter(map(_font_size, pages, indices), np.float64, len(indices))


def scales(pages: Iterable[Any], indices: Sequence[int]) -> Array:
    """How much each glyph's matrix makes its font higher; 1 where there is none."""
    matrices, known = _room_of_matrices.of(_matrix, np.float32, len(indices), pages, indices)
    # math.hypot, for numpy's differs in the last bit: a glyph asked alone must have the size it has here
    heights = map(hypot, matrices[:, 2].tolist(), matrices[:, 3].tolist())
    return np.where(np.array(known, bool), np.fromiter(heights, np.float64, len(indices)), 1.0)


def are_generated(pages: Iterable[Any], indices: Sequence[int]) -> Array:
    """Which characters are white space that the library put in."""
    return np.fromiter(map(_is_generated, pages, indices), np.int64, len(indices)) != 0


def angles(pages: Iterable[Any], indices: Sequence[int]) -> list[float]:
    """The angle of each glyph, clockwise from the x axis of user space; negative where there is none. Letters that lean
    over (italics made of upright type) stand on a level line though the library tells an angle."""
    pages = list(pages)
    found = map(_angle, pages, indices)
    return [0.0 if a > 0 and _leans(page, i) else a for a, page, i in zip(found, pages, indices, strict=True)]


_one_matrix = (ctypes.c_float * 6)()


def _leans(page: Any, index: int) -> bool:
    """Is the glyph drawn upright but for a shear?"""
    if not _matrix(page, index, argument(ctypes.addressof(_one_matrix))):
        return False
    a, b, c, d, _, _ = _one_matrix
    return bool(a > 0 and d > 0 and abs(b) < 0.01 * a and abs(c) < d)


def objects(pages: Iterable[Any], indices: Sequence[int]) -> list[int]:
    """The address of the text object that each glyph belongs to; 0 where there is none."""
    return [address or 0 for address in map(_object, pages, indices)]


def font(page: Any, index: int) -> int:
    """The address of a glyph's font, 0 where it has none; the same one for all glyphs of a font while the page is
    open."""
    owner = _object(page, index)
    return _font(argument(owner)) or 0 if owner else 0


def font_names(pages: Iterable[Any], indices: Sequence[int]) -> list[str]:
    """The name of each glyph's font; empty where it has none, or one longer than a font's name can be."""
    return [_name(_look(page, index)[0]) for index, page in zip(indices, pages, strict=False)]


def font_look(page: Any, index: int) -> tuple[bytes, int, int]:
    """The name of a glyph's font as it stands in the file, its flags (PDF 32000, table 123) and its weight."""
    return *_look(page, index), _font_weight(page, index)


_font_name, _font_flags = ctypes.create_string_buffer(_NAME_BYTES), ctypes.c_int()


def _look(page: Any, index: int) -> tuple[bytes, int]:
    _font_name[0], _font_flags.value = b"\0", 0
    _font_info(page, index, ctypes.addressof(_font_name), _NAME_BYTES, ctypes.addressof(_font_flags))
    return _font_name.value, _font_flags.value


@lru_cache(maxsize=256)
def _name(font: bytes) -> str:
    return font.decode("utf-8", "replace")


def page_objects(container: Any, count: int, *, is_form: bool) -> list[int]:
    """The objects of a page or of a form object, by their addresses."""
    return list(map(_form_object if is_form else _page_object, repeat(argument(container)), range(count)))


def kinds(objects: Sequence[int]) -> list[int]:
    return list(map(_kind, map(argument, objects)))


def render_modes(objects: Sequence[int]) -> list[int]:
    """How each text object is drawn; -1 for what is none."""
    return list(map(_render_mode, map(argument, objects)))


def bounds(objects: Sequence[int]) -> tuple[Array, list[int]]:
    """left, bottom, right, top of each object in user space, and whether PDFium knows it."""
    out, known = _room_of_bounds.of(_bounds, np.float32, len(objects), map(argument, objects))
    return out.astype(np.float64), known


def draw_modes(paths: Sequence[int]) -> tuple[Array, Array]:
    """Which paths are filled, which are stroked."""
    out, _ = _room_of_pairs.of(_draw_mode, np.int32, len(paths), map(argument, paths))
    return out[:, 0] != 0, out[:, 1] != 0


def object_matrices(objects: Sequence[int]) -> Array:
    """a, b, c, d, e, f of each object's matrix."""
    out, known = _room_of_matrices.of(_object_matrix, np.float32, len(objects), map(argument, objects))
    return np.where(np.array(known, bool)[:, None], out, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)).astype(np.float64)


def fills(objects: Sequence[int]) -> Array:
    """Red, green, blue and opacity that each object is filled with, 0 where PDFium does not know."""
    out, _ = _room_of_colours.of(_fill, np.uint32, len(objects), map(argument, objects))
    return out


def segment_counts(paths: Sequence[int]) -> list[int]:
    return [max(0, count) for count in map(_count_segments, map(argument, paths))]


def segments(path: int, indices: Sequence[int]) -> list[int]:
    """Some segments of a path, to be asked about with what follows."""
    return list(map(_segment, repeat(argument(path)), indices))


def segment_kinds(found: Sequence[int]) -> list[int]:
    return list(map(_segment_kind, map(argument, found)))


def segment_points(found: Sequence[int]) -> Array:
    """x, y of the points that the segments lead to."""
    return _room_of_pairs.of(_segment_point, np.float32, len(found), map(argument, found))[0].astype(np.float64)


def segments_close(found: Sequence[int]) -> list[int]:
    """Which segments close their subpath."""
    return list(map(_segment_closes, map(argument, found)))
