"""Very many Parquet files of few rows each: the bytes Arrow would write, put together for many files at once.

In: a table whose text is encoded (`baocao.once`), and spans of its rows. Out: for each span the bytes of a file of the
published schema, exactly as `write_parquet.at_once` has Arrow make them. Arrow takes 0.6 ms for a file of 16
rows, nearly all of it for describing 44 columns; here a column is put into Parquet's plain form once for all files, of
which each takes a slice, and the description is filled into a mould.

The form is the simplest there is: one row group, for each column one page without dictionary and statistics. What it
holds besides figures and sizes is taken from a file that Arrow makes; and before anything is written that way, a table
with all that is difficult in it is made both ways. Where one byte differs (another Arrow), Arrow writes every file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baocao import schema
from baocao.once import single

_Array: TypeAlias = "np.ndarray[Any, Any]"
_MOST_BYTES = 500_000  # of a page; Arrow begins a new one at a megabyte
_WINDOW_ROWS = 4_096  # whose text is plain in memory
_KEPT_PAGES, _KEPT_BYTES = 1_000, 8_000  # packed pages that are kept, and the longest of them
_MAGIC = b"PAR1"
# Parquet's own numbers for types and codecs, and Thrift's for kinds of fields.
_TYPES = {"int32": 1, "date32[day]": 1, "double": 5, "string": 6, "bool": 0}
_CODECS = {"snappy": 1, "zstd": 6}
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


class Page(NamedTuple):
    """A column of a file in plain form: levels and values, how many are there, and the bytes of its text."""

    content: bytes
    n_present: int
    n_bytes: int


class _Column(Protocol):
    def page(self, start: int, stop: int) -> Page: ...


class SmallFiles:
    """Files of spans of these rows; `how` are the options of Arrow's writer they are like."""

    def __init__(self, rows: pa.Table, table: str) -> None:
        self._table = table
        self._kept: dict[bytes, bytes] = {}
        fields = schema.arrow_schema(table)
        self._lacks_text = any(rows.column(f.name).null_count for f in fields if pa.types.is_string(f.type))
        self._columns = [] if self._lacks_text else [_column(rows.column(f.name), f.type) for f in fields]

    def file(self, start: int, stop: int, how: dict[str, Any]) -> bytes | None:
        """The file of some rows; None where Arrow has to write it."""
        options = tuple(sorted(how.items()))
        mould = _checked_mould(self._table, options)
        return None if mould is None or self._lacks_text else self.filled(start, stop, mould)

    def filled(self, start: int, stop: int, mould: _Mould) -> bytes | None:
        """The same, with a mould at hand."""
        n_rows = stop - start
        data, described = [_MAGIC], [mould.head, _number(n_rows), mould.row_group]
        at, n_plain, of_rows = len(_MAGIC), 0, _number(n_rows)
        for column, kind in zip(self._columns, mould.columns, strict=True):
            content, n_present, n_bytes = column.page(start, stop)
            if len(content) > _MOST_BYTES:
                return None
            packed = self._packed(content, mould)
            head = _page_head(len(content), len(packed), n_rows)
            plain, size = len(head) + len(content), len(head) + len(packed)
            data += head, packed
            sizes = of_rows + _NEXT_I64 + _number(plain) + _NEXT_I64 + _number(size) + _OFFSET + _number(at) + _ONE_PAGE
            counts = _NEXT_I64 + _number(n_bytes) + _NO_LEVELS if kind.is_text else _NO_LEVELS_FIRST
            described += kind.before, sizes, counts, _number(n_rows - n_present) + _number(n_present) + 3 * _END
            at, n_plain = at + size, n_plain + plain
        whole = _NEXT_I64 + _number(n_plain) + _NEXT_I64 + of_rows + _GROUP_AT + _NEXT_I64 + _number(at - len(_MAGIC))
        footer = b"".join([*described, whole, _END, mould.tail])
        return b"".join([*data, footer, len(footer).to_bytes(4, "little"), _MAGIC])

    def _packed(self, content: bytes, mould: _Mould) -> bytes:
        """A page as it goes into the file. Many columns say the same in many files: where packing takes long, short
        ones are kept."""
        if not mould.is_slow or len(content) > _KEPT_BYTES:
            return bytes(mould.codec.compress(content, asbytes=True))
        packed = self._kept.get(content)
        if packed is None:
            if len(self._kept) >= _KEPT_PAGES:
                self._kept.clear()
            self._kept[content] = packed = bytes(mould.codec.compress(content, asbytes=True))
        return packed


def is_simple(how: dict[str, Any]) -> bool:
    """Are these options such that a file is of the simplest form?"""
    return how.get("use_dictionary") is False and how.get("write_statistics") is False


@lru_cache(maxsize=20_000)
def _number(value: int) -> bytes:
    """A number of Thrift's compact protocol, not negative."""
    return _varint(2 * value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(step: int, kind: int) -> bytes:
    """The start of a field of Thrift's compact protocol; `step` is how far its number is from the one before."""
    return bytes([step << 4 | kind])


def _list(kind: int, n: int) -> bytes:
    return bytes([n << 4 | kind]) if n < 15 else bytes([15 << 4 | kind]) + _varint(n)


_END = b"\x00"
_NEXT_I32, _NEXT_I64 = _field(1, _I32), _field(1, _I64)
_OFFSET = _field(2, _I64)  # where the page begins
# One page, plain; then the `SizeStatistics`: bytes of text, no levels of repetition, cells absent and present.
_ONE_PAGE = _field(4, _LIST) + _list(_STRUCT, 1) + 2 * (_NEXT_I32 + _number(0)) + _NEXT_I32 + _number(1) + _END
_ONE_PAGE += _field(3, _STRUCT)
_NO_LEVELS = _field(1, _LIST) + _list(_I64, 0) + _field(1, _LIST) + _list(_I64, 2)
_NO_LEVELS_FIRST = _field(2, _LIST) + _NO_LEVELS[1:]
_GROUP_AT = _field(2, _I64) + _number(len(_MAGIC))


@lru_cache(maxsize=5_000)
def _page_head(n_plain: int, n_packed: int, n_rows: int) -> bytes:
    """A `PageHeader`: a page of so many bytes and rows, plain, its levels in the hybrid form, without statistics."""
    sizes = _NEXT_I32 + _number(0) + _NEXT_I32 + _number(n_plain) + _NEXT_I32 + _number(n_packed)
    forms = _NEXT_I32 + _number(0) + 2 * (_NEXT_I32 + _number(3))
    return sizes + _field(2, _STRUCT) + _NEXT_I32 + _number(n_rows) + forms + _field(1, _STRUCT) + 3 * _END


class _Kind(NamedTuple):
    """A column: its description up to the number of its rows."""

    before: bytes
    is_text: bool


def _kind(field: pa.Field, codec: str) -> _Kind:
    forms = _field(1, _LIST) + _list(_I32, 2) + _number(3) + _number(0)
    path = _field(1, _LIST) + _list(_BINARY, 1) + _varint(len(field.name)) + field.name.encode()
    about = _NEXT_I32 + _number(_TYPES[str(field.type)]) + forms + path + _NEXT_I32 + _number(_CODECS[codec])
    return _Kind(_OFFSET + _number(0) + _field(1, _STRUCT) + about + _NEXT_I64, pa.types.is_string(field.type))


class _Mould:
    """What all files of a table written with some options have in common."""

    def __init__(self, table: str, options: dict[str, Any]) -> None:
        fields = schema.arrow_schema(table)
        footer = _footer(written(fields.empty_table(), table, options))
        self.row_group = _field(1, _LIST) + _list(_STRUCT, 1) + _field(1, _LIST) + _list(_STRUCT, len(fields))
        count = _NEXT_I64 + _number(0) + self.row_group  # of rows, none in this file
        self.head = footer[: footer.index(count) + 1]
        self.tail = footer[footer.index(b"parquet-cpp-arrow") - 2 :]
        codec = options["compression"]
        self.columns = [_kind(field, codec) for field in fields]
        self.codec = pa.Codec(codec, compression_level=options.get("compression_level"))
        self.is_slow = codec == "zstd"  # a page of a few bytes takes it 20 µs


def written(rows: pa.Table, table: str, options: dict[str, Any]) -> bytes:
    """The file as Arrow writes it."""
    buffer = pa.BufferOutputStream()
    with pq.ParquetWriter(buffer, schema.arrow_schema(table), store_schema=False, **options) as writer:
        writer.write_table(rows)
    return bytes(buffer.getvalue().to_pybytes())


def _footer(file: bytes) -> bytes:
    length = int.from_bytes(file[-8:-4], "little")
    return file[-8 - length : -8]


@lru_cache(maxsize=8)
def _checked_mould(table: str, options: tuple[tuple[str, Any], ...]) -> _Mould | None:
    """The mould, where it gives the bytes that Arrow gives."""
    how = dict(options)
    try:
        mould = _Mould(table, how)
        rows, encoded = _difficult(table)
        files = SmallFiles(encoded, table)
        for n_rows in (1, len(rows)):
            if files.filled(0, n_rows, mould) != written(rows.slice(0, n_rows), table, how):
                return None
    except (ValueError, KeyError, pa.ArrowException):
        return None
    return mould


_TEXTS = ("", "a", "đ ờ", "x" * 300, "tỷ lệ", "\"\n'", "1,5")


@lru_cache(maxsize=2)
def _difficult(table: str) -> tuple[pa.Table, pa.Table]:
    """Rows with all that is difficult, plain and encoded: text of other letters and lengths, short and long runs of
    cells that are absent, none absent, all absent."""
    n, texts = 60, pa.array(_TEXTS, pa.string())
    row = np.arange(n)
    plain, encoded = [], []
    for at, field in enumerate(schema.arrow_schema(table)):
        numbers = (at + 1) * row % len(_TEXTS)
        if pa.types.is_string(field.type):
            encoded.append(pa.DictionaryArray.from_arrays(numbers.astype(np.int8), texts))
            plain.append(encoded[-1].cast(pa.string()))
            continue
        is_absent = (row % 3 >= at % 5) & ~((at < row) & (row < 3 * at))
        whole = pa.array(numbers.astype(np.int32), mask=is_absent)
        plain.append((pc.greater(whole, 3) if pa.types.is_boolean(field.type) else whole).cast(field.type))
        encoded.append(plain[-1])
    names = schema.arrow_schema(table).names
    return pa.Table.from_arrays(plain, schema=schema.arrow_schema(table)), pa.Table.from_arrays(encoded, names)


def _column(column: pa.ChunkedArray, wanted: pa.DataType) -> _Column:
    array = single(column)
    if pa.types.is_string(wanted):
        return _Text(array)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary.cast(wanted).take(array.indices)
    return _Fixed(array.cast(wanted), wanted)


class _Text:
    """Each cell with its length before it, cells one behind the other; those of some thousand rows at a time."""

    def __init__(self, array: pa.Array) -> None:
        is_encoded = pa.types.is_dictionary(array.type)
        self._texts = _with_lengths(array.dictionary) if is_encoded else array
        self._codes = array.indices if is_encoded else None
        self._from = self._to = 0
        self._ends: Any = [0]
        self._content = memoryview(b"")

    def page(self, start: int, stop: int) -> Page:
        if not self._from <= start <= stop <= self._to:
            self._look_at(start, max(stop - start, _WINDOW_ROWS))
        first, last, n = self._ends[start - self._from], self._ends[stop - self._from], stop - start
        return Page(_all_there(n) + self._content[first:last], n, last - first - 4 * n)

    def _look_at(self, start: int, n: int) -> None:
        if self._codes is None:
            cells = _with_lengths(self._texts.slice(start, n))
        else:
            cells = self._texts.take(self._codes.slice(start, n))
        _, ends, content = cells.buffers()
        self._from, self._to = start, start + len(cells)
        self._ends = memoryview(ends).cast("q")[cells.offset : cells.offset + len(cells) + 1]
        self._content = memoryview(content or b"")


def _with_lengths(texts: pa.Array) -> pa.Array:
    texts = texts.cast(pa.large_binary())
    lengths = pa.py_buffer(pc.binary_length(texts).cast(pa.int32()).to_numpy().tobytes())
    before = pa.Array.from_buffers(pa.binary(4), len(texts), [None, lengths]).cast(pa.large_binary())
    return pc.binary_join_element_wise(before, texts, pa.scalar(b"", pa.large_binary()))


class _Fixed:
    """Values of one size, those that are absent left out."""

    def __init__(self, array: pa.Array, kind: pa.DataType) -> None:
        self._is_there: _Array = array.is_valid().to_numpy(zero_copy_only=False)
        self._places: _Array = np.cumsum(self._is_there, dtype=np.int32)
        values = array.drop_null()
        self._is_bits = pa.types.is_boolean(kind)
        numbers = values.cast(pa.int32()) if pa.types.is_date(kind) else values
        self._values: _Array = numbers.to_numpy(zero_copy_only=False)
        self._width = self._values.itemsize
        self._content = memoryview(self._values.tobytes())

    def page(self, start: int, stop: int) -> Page:
        n = stop - start
        if not len(self._values):
            return Page(_none_there(n), 0, 0)
        first, last = int(self._places[start - 1]) if start else 0, int(self._places[stop - 1])
        if last - first == n:
            levels = _all_there(n)
        elif first == last:
            return Page(_none_there(n), 0, 0)
        else:
            levels = _levels(self._is_there[start:stop].tobytes())
        if self._is_bits:
            return Page(levels + np.packbits(self._values[first:last], bitorder="little").tobytes(), last - first, 0)
        return Page(levels + self._content[first * self._width : last * self._width], last - first, 0)


@lru_cache(maxsize=2_000)
def _all_there(n: int) -> bytes:
    return _levels(b"\x01" * n)


@lru_cache(maxsize=2_000)
def _none_there(n: int) -> bytes:
    return _levels(b"\x00" * n)


def _levels(is_there: bytes) -> bytes:
    """Which cells are there, as Parquet's hybrid of runs and bits, its length before it. Cut into runs as Arrow's
    encoder does: eight alike at the start of a group of eight begin a run."""
    out = b"".join(_runs(is_there))
    return len(out).to_bytes(4, "little") + out


def _runs(is_there: bytes) -> Iterator[bytes]:
    at, literal = 0, bytearray()  # `literal`: one byte for each group of eight
    while at < len(is_there):
        value = is_there[at : at + 1]
        run = len(is_there) - at - len(is_there[at:].lstrip(value))
        if run >= 8 or (run == len(is_there) - at and not literal):
            yield from _bits(literal)
            literal.clear()
            yield _varint(2 * run) + value
            at += run
            continue
        group = is_there[at : at + 8].ljust(8, b"\x00")
        literal.append(sum(bit << place for place, bit in enumerate(group)))
        at += 8
        if len(literal) == 63:
            yield from _bits(literal)
            literal.clear()
    yield from _bits(literal)


def _bits(groups: Sequence[int]) -> Iterator[bytes]:
    if groups:
        yield bytes([2 * len(groups) + 1]) + bytes(groups)
