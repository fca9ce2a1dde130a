"""PDFium asked about many glyphs at once: boxes, origins and sizes as arrays.

In: a text page and the indices of glyphs. Out: arrays with a row for each. PDFium has one call for one glyph, and
Python's way to a C call (convert each argument, run a line, convert the result) costs more than the call. Here the
loop over the calls runs in C (`map`), the results are written straight into an array, and what is worked out from
them is worked out for all glyphs together.

The prototypes are our own because addresses in an array go as plain integers. They keep the interpreter's lock: a
call takes a third of a microsecond. Source: `fpdf_text.h`.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Sequence
from itertools import repeat
from math import hypot
from typing import Any, TypeAlias

import numpy as np
import pypdfium2.raw as pdfium

Array: TypeAlias = Any

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


def address_of(handle: Any) -> int:
    """A handle of PDFium as the integer that the calls below take."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def origins(text_page: int, indices: Sequence[int]) -> Array:
    """x, y of each glyph's origin in user space; 0 where PDFium knows none."""
    out = np.zeros((len(indices), 2))
    first = out.ctypes.data
    end = first + out.nbytes
    deque(map(_origin, repeat(text_page), indices, range(first, end, 16), range(first + 8, end + 8, 16)), maxlen=0)
    return out


def loose_boxes(text_page: int, indices: Sequence[int]) -> Array:
    """left, top, right, bottom of each glyph's advance box in user space, as `FS_RECTF` has them."""
    out = np.zeros((len(indices), 4), np.float32)
    first = out.ctypes.data
    deque(map(_loose_box, repeat(text_page), indices, range(first, first + out.nbytes, 16)), maxlen=0)
    return out.astype(np.float64)


def font_sizes(text_page: int, indices: Sequence[int]) -> Array:
    return np.fromiter(map(_font_size, repeat(text_page), indices), np.float64, len(indices))


def scales(text_page: int, indices: Sequence[int]) -> Array:
    """How much each glyph's matrix makes its font higher; 1 where there is none."""
    matrices = np.zeros((len(indices), 6), np.float32)
    first = matrices.ctypes.data
    known = np.fromiter(
        map(_matrix, repeat(text_page), indices, range(first, first + matrices.nbytes, 24)), bool, len(indices)
    )
    # math.hypot, for numpy's differs in the last bit: a glyph asked alone must have the size it has here
    heights = map(hypot, matrices[:, 2].tolist(), matrices[:, 3].tolist())
    return np.where(known, np.fromiter(heights, np.float64, len(indices)), 1.0)


def are_generated(text_page: int, indices: Sequence[int]) -> Array:
    """Which characters are white space that the library put in."""
    return np.fromiter(map(_is_generated, repeat(text_page), indices), np.int64, len(indices)) != 0


def angles(text_page: int, indices: Sequence[int]) -> list[float]:
    """The angle of each glyph, clockwise from the x axis of user space; negative where there is none."""
    return list(map(_angle, repeat(text_page), indices))


def objects(text_page: int, indices: Sequence[int]) -> list[int]:
    """The address of the text object that each glyph belongs to; 0 where there is none."""
    return [address or 0 for address in map(_object, repeat(text_page), indices)]
