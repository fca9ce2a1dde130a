"""Rows that say each text once: a column of text is a dictionary of what occurs in it and small numbers into it.

In: Arrow tables whose text is plain or encoded, with dictionaries that may hold more than is used. Out: tables whose
dictionaries hold exactly what the rows say, in the order in which they say it, so that the result depends on the rows
alone and not on the portions they came in. A row of observations takes some 90 bytes instead of 500. Text that is
nearly always different stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema

# Text that is nearly always different: encoding it costs more than it saves.
PLAIN = frozenset({"observation_id", "finding_id", "text", "text_after"})
_PLAIN_IN = {"reports": frozenset({"report_id", "source", "sha256"})}
_WIDE = pa.dictionary(pa.int32(), pa.string())
_SMALL = ((127, pa.int8()), (32_767, pa.int16()))
_Array: TypeAlias = "np.ndarray[Any, Any]"


@lru_cache(maxsize=8)
def encoded_schema(table: str) -> pa.Schema:
    """The published schema of a table, its text encoded."""
    return encoded(schema.arrow_schema(table), PLAIN | _PLAIN_IN.get(table, frozenset()))


def encoded(fields: pa.Schema, plain: frozenset[str] = PLAIN) -> pa.Schema:
    """These fields, their text encoded except where it is plain."""
    return pa.schema(
        [pa.field(f.name, _WIDE) if pa.types.is_string(f.type) and f.name not in plain else f for f in fields]
    )


def said_once(rows: pa.Table, wanted: pa.Schema) -> pa.Table:
    """The columns of `wanted` (`encoded`), with the smallest codes there are, nothing of `rows` being held by them."""
    return pa.Table.from_arrays([_said_once(rows.column(field.name), field.type) for field in wanted], wanted.names)


def _said_once(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(wanted):
        return used(single(column))
    if pa.types.is_dictionary(column.type):
        short = used(single(column))
        return short.dictionary.cast(wanted).take(short.indices)
    return single(column.cast(wanted))


def joined(tables: list[pa.Table], wide: pa.Schema | None = None) -> pa.Table:
    """Tables of `said_once`, one behind the other, as one; with the codes of the schema `wide`, where one is given. The
    list is emptied: a column is dropped there when it is done, so that memory never holds all of them twice."""
    names = tables[0].column_names
    waiting = [[table.column(name).chunks for table in tables] for name in reversed(names)]
    tables.clear()
    arrays = []
    while waiting:
        arrays.append(_together(waiting.pop(), keep_wide=wide is not None))
    return pa.Table.from_arrays(arrays, names) if wide is None else pa.Table.from_arrays(arrays, schema=wide)


def _together(columns: Sequence[Sequence[pa.Array]], *, keep_wide: bool) -> pa.Array:
    chunks = [chunk for column in columns for chunk in column]
    if not pa.types.is_dictionary(chunks[0].type):
        return single(pa.chunked_array(chunks))
    one = single(pa.chunked_array([chunk.cast(_WIDE) for chunk in chunks]))
    return one if keep_wide else _narrow(one)


def single(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
    array = column.combine_chunks()
    return array if isinstance(array, pa.Array) else pa.concat_arrays(array.chunks)


def used(array: pa.Array) -> pa.DictionaryArray:
    """Encoded, the dictionary holding what is used, in the order of its first use."""
    if not pa.types.is_dictionary(array.type):
        return _narrow(array.dictionary_encode())
    codes = array.indices.dictionary_encode()
    return _narrow(pa.DictionaryArray.from_arrays(codes.indices, array.dictionary.take(codes.dictionary)))


def _narrow(array: pa.DictionaryArray) -> pa.DictionaryArray:
    for most, kind in _SMALL:
        if len(array.dictionary) <= most:
            return pa.DictionaryArray.from_arrays(array.indices.cast(kind), array.dictionary)
    return array


def in_order(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    """Rows sorted by these columns. Encoded text is compared once for each text, its rows by number."""
    keys = pa.table({name: _ranked(single(rows.column(name))) for name in names})
    order = pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names])
    return rows.take(order).combine_chunks()


def _ranked(array: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(array.type):
        return array
    by_text = pc.sort_indices(array.dictionary).to_numpy()
    ranks: _Array = np.empty(len(by_text), np.int32)
    ranks[by_text] = np.arange(len(by_text), dtype=np.int32)
    return pa.array(ranks).take(array.indices)


def runs(rows: pa.Table, names: Sequence[str]) -> list[tuple[int, int]]:
    """(start, stop) of neighbours that are equal in these text columns."""
    if not rows.num_rows:
        return []
    change = np.zeros(rows.num_rows - 1, dtype=bool)
    for name in names:
        column = single(rows.column(name))
        codes = column.indices if pa.types.is_dictionary(column.type) else column
        differs = pc.not_equal(codes.slice(1), codes.slice(0, len(codes) - 1))
        change |= differs.to_numpy(zero_copy_only=False)
    starts = [0, *(np.flatnonzero(change) + 1).tolist()]
    return list(zip(starts, [*starts[1:], rows.num_rows], strict=True))
