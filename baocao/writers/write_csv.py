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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao.once import single, used
from baocao.schema import Column
from baocao.writers.folded import Cells, Folded

BOM = b"\xef\xbb\xbf"
# Full-width forms of = + - @ work as formulas too.
_FORMULA = "^[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
_HARMLESS = "^[+\\-\uff0b\uff0d](?:\\s*|\\s?[0-9]+(?:[.,\\s][0-9]+)*\\s?%?)$"
# Text that Excel takes for a number or a date, plain short whole numbers aside: those it shows as they are.
_LIKE_A_NUMBER = "^(?:0[0-9]+|[0-9]{12,}|[0-9]+[.,/:\\-][0-9.,/:\\-]*\\s?%?|[0-9]+\\s?%|[0-9]+[eE][0-9]+)$"
_WINDOW_ROWS, _WINDOW_BYTES = 32_768, 16_000_000
_BATCH_ROWS, _BATCH_BYTES = 4_096, 256_000_000
_Array: TypeAlias = "np.ndarray[Any, Any]"


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


def render(table: pa.Table, columns: Sequence[Column], dialect: Dialect = RFC) -> Iterator[memoryview]:
    """The lines of a table, in pieces of bounded size."""
    for _, lines in _portions(table, columns, dialect):
        ends, content = _content(lines)
        yield content[ends[0] : ends[-1]]


def render_runs(
    table: pa.Table, columns: Sequence[Column], spans: Sequence[tuple[int, int]], dialect: Dialect = RFC
) -> Iterator[tuple[int, memoryview]]:
    """(number of a span of rows, some of its lines), in order; the spans follow one another and cover the table.
    Rendering many short spans at once costs what rendering one long table does."""
    number = 0
    for at, lines in _portions(table, columns, dialect):
        ends, content = _content(lines)
        done = at + len(lines)
        while number < len(spans) and spans[number][0] < done:
            start, stop = spans[number]
            first, last = max(start, at) - at, min(stop, done) - at
            yield number, content[ends[first] : ends[last]]
            if stop > done:
                break
            number += 1


def _portions(
    table: pa.Table, columns: Sequence[Column], dialect: Dialect
) -> Iterator[tuple[int, pa.LargeStringArray]]:
    """(number of the first row, some lines from there on). What is different in a window is looked at once, the lines
    are joined some at a time: together they are many times as long."""
    start = 0
    while start < table.num_rows:
        window = _window(table, start)
        cells = (_cells(window.column(column.name), column.type, dialect) for column in columns)
        folded = Folded(cells, len(window), dialect.delimiter)
        for first in range(0, len(window), _BATCH_ROWS):
            yield start + first, folded.lines(first, min(first + _BATCH_ROWS, len(window)))
        start += len(window)


def _window(table: pa.Table, start: int) -> pa.Table:
    step = _WINDOW_ROWS
    while True:
        window = table.slice(start, step)
        most_bytes = _WINDOW_BYTES if step > _BATCH_ROWS else _BATCH_BYTES
        if step == 1 or window.nbytes <= most_bytes:
            return window
        step //= 2


def _content(lines: pa.LargeStringArray) -> tuple[memoryview, memoryview]:
    """Where each line begins and the last one ends, in the bytes of all."""
    _, offsets, content = lines.buffers()
    return memoryview(offsets).cast("q")[lines.offset : lines.offset + len(lines) + 1], memoryview(content)


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _cells(column: pa.ChunkedArray, kind: str, dialect: Dialect) -> Cells:
    array = single(column)
    if kind == "string" and not pa.types.is_dictionary(array.type):
        return Cells(_text_cells(array, dialect).fill_null(""), None)
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    elif len(array.dictionary) > len(array):  # of a larger table
        array = used(array)
    texts, places = _printed(array.dictionary, kind, dialect), array.indices
    if places.null_count:
        texts = pa.concat_arrays([texts, pa.array([""], pa.large_string())])
        places = places.cast(pa.int32()).fill_null(len(texts) - 1)
    return Cells(texts, places.to_numpy())


def _printed(array: pa.Array, kind: str, dialect: Dialect) -> pa.LargeStringArray:
    if kind == "string":
        return _text_cells(array, dialect)
    printed = array.cast(pa.string()).cast(pa.large_string())
    is_broken = kind in ("decimal", "number") and dialect.decimal != "."
    return pc.replace_substring(printed, ".", dialect.decimal) if is_broken else printed


def _text_cells(array: Any, dialect: Dialect) -> pa.LargeStringArray:
    """Defused and quoted. Most columns have nothing to defuse or to quote: which cells have is told by their bytes."""
    array = array.cast(pa.large_string())
    array = _changed(array, _starting(array, _FORMULA_BYTES), _defused)
    if dialect.for_double_click:
        array = _changed(array, _starting(array, _DIGITS), _marked_as_text)
    return _changed(array, _holding(array, f'{dialect.delimiter}"\r\n'.encode()), _in_quotes)


def _changed(
    array: pa.LargeStringArray, suspects: _Array, change: Callable[[pa.LargeStringArray], pa.LargeStringArray]
) -> pa.LargeStringArray:
    """The array with these cells changed."""
    if not len(suspects):
        return array
    mask = np.zeros(len(array), bool)
    mask[suspects] = True
    return pc.replace_with_mask(array, mask, change(array.take(pa.array(suspects))))


def _defused(array: pa.LargeStringArray) -> pa.LargeStringArray:
    formula = pc.match_substring_regex(array, _FORMULA)
    formula = pc.and_not(formula, pc.match_substring_regex(array, _HARMLESS))
    return pc.if_else(formula, pc.binary_join_element_wise(_large("'"), array, _large("")), array)


def _marked_as_text(array: pa.LargeStringArray) -> pa.LargeStringArray:
    return pc.replace_substring_regex(array, _LIKE_A_NUMBER, "'\\0")


def _in_quotes(array: pa.LargeStringArray) -> pa.LargeStringArray:
    doubled = pc.replace_substring(array, '"', '""')
    return pc.binary_join_element_wise(_large('"'), doubled, _large('"'), _large(""))


def _bytes_of(array: pa.LargeStringArray) -> tuple[_Array, _Array]:
    """Where each cell begins and the last one ends, in the bytes of all."""
    _, offsets, content = array.buffers()
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return ends, np.frombuffer(content, np.uint8) if content is not None else _NO_BYTES


def _starting(array: pa.LargeStringArray, marks: _Array) -> _Array:
    """The cells that begin with one of the bytes."""
    if not len(array):
        return _NO_CELLS
    ends, content = _bytes_of(array)
    filled = np.flatnonzero(ends[:-1] < ends[1:])
    found: _Array = filled[marks[content[ends[filled]]]]
    return found


def _holding(array: pa.LargeStringArray, marks: bytes) -> _Array:
    """The cells that hold one of the bytes, all of them of ASCII."""
    if not len(array):
        return _NO_CELLS
    ends, content = _bytes_of(array)
    content = content[ends[0] : ends[-1]]
    text = content.tobytes()
    places = [np.flatnonzero(content == mark) for mark in marks if mark in text]
    if not places:
        return _NO_CELLS
    holding = np.zeros(len(array), bool)
    holding[np.searchsorted(ends, ends[0] + np.concatenate(places), "right") - 1] = True
    return np.flatnonzero(holding)


def _table_of(marks: bytes) -> _Array:
    table = np.zeros(256, bool)
    table[list(marks)] = True
    return table


_NO_BYTES: _Array = np.zeros(0, np.uint8)
_NO_CELLS: _Array = np.zeros(0, np.int64)
_FORMULA_BYTES = _table_of(b"=+-@\t\r\xef")  # full-width forms begin with the last
_DIGITS = _table_of(b"0123456789")
