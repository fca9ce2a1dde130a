"""CSV as the contract wants it, a whole batch of rows at a time.

In: Arrow tables of the stored schema (decimals as text). Out: bytes: UTF-8, comma, LF, RFC 4180 quoting
where a cell needs it, `true`/`false`, ISO dates, shortest plain decimals, null and empty alike empty.

A text cell that a spreadsheet would take for a formula gets one `'` in front, except a cell that is only a
dash or only a signed number. Cells are rendered column by column in Arrow and the rows joined there: the
data buffer of the joined column *is* the file's content.

`EXCEL_VI` is for opening by a double click where Windows speaks Vietnamese: `;` between cells, a decimal comma,
and a `'` also before text that Excel would turn into a number or a date (`1.2`, `09`, a long id).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao.once import used
from baocao.schema import Column

BOM = b"\xef\xbb\xbf"
# Full-width forms of = + - @ work as formulas too.
_FORMULA = "^[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
_HARMLESS = "^[+\\-\uff0b\uff0d](?:\\s*|\\s?[0-9]+(?:[.,\\s][0-9]+)*\\s?%?)$"
# Text that Excel takes for a number or a date, plain short whole numbers aside: those it shows as they are.
_LIKE_A_NUMBER = "^(?:0[0-9]+|[0-9]{12,}|[0-9]+[.,/:\\-][0-9.,/:\\-]*\\s?%?|[0-9]+\\s?%|[0-9]+[eE][0-9]+)$"
_BATCH_ROWS = 4_096
_BATCH_BYTES = 256_000_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the CSV files of a dataset are written."""

    name: str
    delimiter: str
    decimal: str
    for_double_click: bool = False


RFC = Dialect("", ",", ".")
EXCEL_VI = Dialect("excel-vi", ";", ",", for_double_click=True)
DIALECTS = {dialect.name: dialect for dialect in (RFC, EXCEL_VI)}


def guards(dialect: Dialect) -> str:
    """A regular expression that finds a cell with our `'` in front; its group is the cell without it."""
    guarded = _FORMULA[1:] + (f"|(?:{_LIKE_A_NUMBER[1:-1]})$" if dialect.for_double_click else "")
    return f"^'((?:{guarded}).*)$"


def header(columns: Sequence[Column], dialect: Dialect = RFC) -> bytes:
    """The BOM and the first line."""
    return BOM + dialect.delimiter.join(column.name for column in columns).encode() + b"\n"


def render(table: pa.Table, columns: Sequence[Column], dialect: Dialect = RFC) -> Iterator[bytes]:
    """The lines of a table, in pieces of bounded size."""
    start, step = 0, _BATCH_ROWS
    while start < table.num_rows:
        piece = table.slice(start, step)
        if piece.nbytes > _BATCH_BYTES and step > 1:
            step //= 2
            continue
        yield _lines(piece, columns, dialect)
        start += step


def _lines(table: pa.Table, columns: Sequence[Column], dialect: Dialect) -> bytes:
    result = b""
    for chunk in _rows(table, columns, dialect):
        offsets, data = chunk.buffers()[1:3]
        ends = memoryview(offsets).cast("q")
        result += memoryview(data)[ends[chunk.offset] : ends[chunk.offset + len(chunk)]]
    return result


def render_runs(
    table: pa.Table, columns: Sequence[Column], spans: Sequence[tuple[int, int]], dialect: Dialect = RFC
) -> Iterator[tuple[int, memoryview]]:
    """(number of a span of rows, some of its lines), in order; the spans follow one another and cover the table.
    Rendering many short spans at once costs what rendering one long table does."""
    at, number = 0, 0
    while number < len(spans):
        (chunk,) = _rows(table.slice(at, _BATCH_ROWS).combine_chunks(), columns, dialect)
        offsets, data = chunk.buffers()[1:3]
        ends, view = memoryview(offsets).cast("q"), memoryview(data)
        done = at + len(chunk)
        while number < len(spans) and spans[number][0] < done:
            start, stop = spans[number]
            first, last = max(start, at) - at + chunk.offset, min(stop, done) - at + chunk.offset
            yield number, view[ends[first] : ends[last]]
            if stop > done:
                break
            number += 1
        at = done


def _rows(table: pa.Table, columns: Sequence[Column], dialect: Dialect) -> list[pa.Array]:
    cells = [_cells(table.column(column.name), column.type, dialect) for column in columns]
    rows = pc.binary_join_element_wise(*cells, _large(dialect.delimiter), null_handling="replace", null_replacement="")
    rows = pc.binary_join_element_wise(rows, _large(""), _large("\n"))
    return list(rows.chunks) if isinstance(rows, pa.ChunkedArray) else [rows]


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _cells(column: pa.ChunkedArray, kind: str, dialect: Dialect) -> pa.Array:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if kind != "string":
        printed = array.cast(pa.string()).cast(pa.large_string())
        is_broken = kind in ("decimal", "number") and dialect.decimal != "."
        return pc.replace_substring(printed, ".", dialect.decimal) if is_broken else printed
    if pa.types.is_dictionary(array.type):
        if len(array.dictionary) > len(array):  # of a larger table
            array = used(array)
        return _text_cells(array.dictionary, dialect).take(array.indices)
    return _text_cells(array, dialect)


def _text_cells(array: Any, dialect: Dialect) -> pa.Array:
    """Defused and quoted."""
    array = array.cast(pa.large_string())
    may_start, may_hold = _suspects(array, dialect)
    if may_start and pc.any(formula := pc.match_substring_regex(array, _FORMULA)).as_py():
        formula = pc.and_not(formula, pc.match_substring_regex(array, _HARMLESS))
        array = pc.if_else(formula, pc.binary_join_element_wise(_large("'"), array, _large("")), array)
    if dialect.for_double_click:
        array = pc.replace_substring_regex(array, _LIKE_A_NUMBER, "'\\0")
    if may_hold and pc.any(quoted := pc.match_substring_regex(array, f'[{dialect.delimiter}"\\r\\n]')).as_py():
        doubled = pc.replace_substring(array, '"', '""')
        in_quotes = pc.binary_join_element_wise(_large('"'), doubled, _large('"'), _large(""))
        array = pc.if_else(quoted, in_quotes, array)
    return array


def _suspects(array: pa.LargeStringArray, dialect: Dialect) -> tuple[bool, bool]:
    """Does any cell begin as a formula may, does any hold what needs quotes? A look at the bytes, far quicker than an
    expression over the cells; most columns have none of either."""
    _, offsets, data = array.buffers()
    if data is None or not len(array):
        return False, False
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    content = np.frombuffer(data, np.uint8)[: ends[-1]]
    starts = ends[:-1][ends[:-1] < ends[1:]]
    quoted = _quoted_bytes(dialect.delimiter)
    return bool(_FORMULA_BYTES[content[starts]].any()), bool(quoted[content[ends[0] :]].any())


def _table_of(marks: bytes) -> np.ndarray[Any, Any]:
    table = np.zeros(256, bool)
    table[list(marks)] = True
    return table


_FORMULA_BYTES = _table_of(b"=+-@\t\r\xef")  # full-width forms begin with the last


@lru_cache(maxsize=4)
def _quoted_bytes(delimiter: str) -> np.ndarray[Any, Any]:
    return _table_of(f'{delimiter}"\r\n'.encode())
