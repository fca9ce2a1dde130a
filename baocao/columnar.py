"""Rows as they travel from a child (`baocao.rows`) become Arrow columns, those of many reports at once.

In: payloads. Out: a table of the stored schema with the rows of all of them, in their order. No cell becomes a Python
object: the texts of a column are joined, the ends of the cells are found in the bytes, and what is left between them is
the data buffer of the column. Raises ValueError where cells are not what their column holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.rows import CELL, ESCAPES, SAME, Payload

_Array: TypeAlias = "np.ndarray[Any, Any]"
_CELL, _SAME = CELL.encode(), ord(SAME)
_ESCAPE = ESCAPES[-1][1].encode()
_MOST_BYTES = (1 << 31) - 1  # of a column: an Arrow string counts so far


def table_of(table: str, payloads: Sequence[Payload]) -> pa.Table:
    """The rows of one table."""
    fields = schema.arrow_schema(table, stored=True)
    found = [payload for payload in payloads if payload.n_rows[table]]
    n_each = [payload.n_rows[table] for payload in found]
    columns = zip(*(payload.columns[table] for payload in found), strict=True) if found else [()] * len(fields)
    arrays = []
    for column, cells, field in zip(schema.columns(table), columns, fields, strict=True):
        array = _column(cells, n_each, can_lack=column.type != "string")
        arrays.append(array if array.type == field.type else array.cast(field.type))
    return pa.Table.from_arrays(arrays, schema=fields)


def _column(cells: Sequence[bytes], n_each: Sequence[int], *, can_lack: bool) -> pa.Array:
    """One column as text, from the cells of each report and how many there are; an empty cell lacks its value where
    the column is none of text."""
    texts = [
        (one[1:] + _CELL) * n if one[0] == _SAME else one[1:] + _CELL for one, n in zip(cells, n_each, strict=True)
    ]
    joined = b"".join(texts)
    if len(joined) > _MOST_BYTES:
        raise ValueError("the cells of a column are too long")
    content = np.frombuffer(joined, np.uint8)
    ends = np.flatnonzero(content == _CELL[0])
    in_each = np.diff(np.searchsorted(ends, np.cumsum([0, *map(len, texts)])))
    if not np.array_equal(in_each, np.array(n_each, in_each.dtype)):
        raise ValueError("a column has other cells than rows")
    offsets = np.zeros(len(ends) + 1, np.int32)
    offsets[1:] = ends - np.arange(len(ends))
    present = _bits(np.diff(offsets) > 0) if can_lack else None
    buffers = [present, pa.py_buffer(offsets), pa.py_buffer(joined.translate(None, _CELL))]
    array = pa.Array.from_buffers(pa.string(), len(ends), buffers)
    array.validate(full=not joined.isascii())  # the offsets are ours; are the bytes text?
    if _ESCAPE in joined:
        for escape, meant in ESCAPES:
            array = pc.replace_substring(array, escape, meant)
    return array


def _bits(flags: _Array) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
