"""CSV as the contract wants it, a whole batch of rows at a time.

In: Arrow tables of the stored schema (decimals as text). Out: bytes: UTF-8, comma, LF, RFC 4180 quoting
where a cell needs it, `true`/`false`, ISO dates, shortest plain decimals, null and empty alike empty.

A text cell that a spreadsheet would take for a formula gets one `'` in front, except a cell that is only a
dash or only a signed number. Cells are rendered column by column in Arrow and the rows joined there: the
data buffer of the joined column *is* the file's content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baocao.schema import Column

BOM = b"\xef\xbb\xbf"
# Full-width forms of = + - @ work as formulas too.
_FORMULA = "^[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
_HARMLESS = "^[+\\-\uff0b\uff0d](?:\\s*|\\s?[0-9]+(?:[.,\\s][0-9]+)*\\s?%?)$"
_NEEDS_QUOTES = '[,"\\r\\n]'
_BATCH_ROWS = 16_384
_BATCH_BYTES = 256_000_000


def header(columns: Sequence[Column]) -> bytes:
    """The BOM and the first line."""
    return BOM + ",".join(column.name for column in columns).encode() + b"\n"


def render(table: pa.Table, columns: Sequence[Column]) -> Iterator[bytes]:
    """The lines of a table, in pieces of bounded size."""
    start, step = 0, _BATCH_ROWS
    while start < table.num_rows:
        piece = table.slice(start, step)
        if piece.nbytes > _BATCH_BYTES and step > 1:
            step //= 2
            continue
        yield _lines(piece, columns)
        start += step


def _lines(table: pa.Table, columns: Sequence[Column]) -> bytes:
    result = b""
    for chunk in _rows(table, columns):
        offsets, data = chunk.buffers()[1:3]
        ends = memoryview(offsets).cast("q")
        result += memoryview(data)[ends[chunk.offset] : ends[chunk.offset + len(chunk)]]
    return result


def render_runs(table: pa.Table, columns: Sequence[Column], spans: Sequence[tuple[int, int]]) -> Iterator[list[bytes]]:
    """The lines of each span of rows, in pieces; the spans follow one another and cover the table. Rendering many
    short spans at once costs what rendering one long table does."""
    at, waiting = 0, list(reversed(spans))
    pieces: list[bytes] = []
    while waiting:
        table_piece = table.slice(at, _BATCH_ROWS)
        (chunk,) = _rows(table_piece.combine_chunks(), columns)
        offsets, data = chunk.buffers()[1:3]
        ends, view = memoryview(offsets).cast("q"), memoryview(data)
        done = at + len(chunk)
        while waiting and waiting[-1][0] < done:
            start, stop = waiting[-1]
            first, last = max(start, at) - at + chunk.offset, min(stop, done) - at + chunk.offset
            pieces.append(bytes(view[ends[first] : ends[last]]))
            if stop > done:
                break
            waiting.pop()
            yield pieces
            pieces = []
        at = done


def _rows(table: pa.Table, columns: Sequence[Column]) -> list[pa.Array]:
    cells = [_cells(table.column(column.name), column.type) for column in columns]
    rows = pc.binary_join_element_wise(*cells, _large(","), null_handling="replace", null_replacement="")
    rows = pc.binary_join_element_wise(rows, _large(""), _large("\n"))
    return list(rows.chunks) if isinstance(rows, pa.ChunkedArray) else [rows]


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _cells(column: pa.ChunkedArray, kind: str) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if kind != "string":
        return array.cast(pa.string()).cast(pa.large_string())
    if pa.types.is_dictionary(array.type):
        return _text_cells(array.dictionary).take(array.indices)
    return _text_cells(array)


def _text_cells(array: Any) -> pa.Array:
    """Defused and quoted."""
    array = array.cast(pa.large_string())
    formula = pc.match_substring_regex(array, _FORMULA)
    if pc.any(formula).as_py():
        formula = pc.and_not(formula, pc.match_substring_regex(array, _HARMLESS))
        array = pc.if_else(formula, pc.binary_join_element_wise(_large("'"), array, _large("")), array)
    quoted = pc.match_substring_regex(array, _NEEDS_QUOTES)
    if pc.any(quoted).as_py():
        doubled = pc.replace_substring(array, '"', '""')
        in_quotes = pc.binary_join_element_wise(_large('"'), doubled, _large('"'), _large(""))
        array = pc.if_else(quoted, in_quotes, array)
    return array
