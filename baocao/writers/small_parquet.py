"""Parquet files of few rows, many of them at once.

In: rows of many small files, one behind the other, their text said once or plain. Out: the bytes of each file. Arrow
takes a millisecond for a file of 44 columns, most of it for making and dropping writers; here a column is put into its
form once for all files (PLAIN: values one behind the other), and a file cuts its share out of it. A column that says
one thing throughout a file, as most do, says it once: a dictionary of one value. Others are compressed, short ones with
Snappy, as zstd takes as long to begin as Snappy for all of them. No statistics: such a file is read whole.

The form is that of the Parquet specification: one row group, one data page (version 1) a column, everything optional,
the descriptions in Thrift's compact protocol (which counts 15 columns and more). The description of the columns is
that of Arrow's file without rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baocao import schema
from baocao.once import single

MOST_ROWS = 4_096  # of a file; with more, dictionaries of several values and statistics begin to pay
_MAGIC = b"PAR1"
_NO_ROWS = b"\x16\x00\x19\x0c"  # in the description of a file: no rows, in no row groups
_KINDS = {pa.bool_(): 0, pa.int32(): 1, pa.date32(): 1, pa.float64(): 5, pa.string(): 6}
_NUMBERS: dict[Any, np.dtype[Any]] = {
    pa.int32(): np.dtype("<i4"),
    pa.date32(): np.dtype("<i4"),
    pa.float64(): np.dtype("<f8"),
}
_ROWS_TOGETHER = 32_768  # a column of so many is put into its form at once, and their files are held
_WORTH, _LONG = 256, 8_000  # bytes; less is not compressed, more than the second with zstd
_MOST_FORMS = 10_000
_SNAPPY, _ZSTD = pa.Codec("snappy"), pa.Codec("zstd", compression_level=1)
_Array: TypeAlias = "np.ndarray[Any, Any]"


def _varint(number: int) -> bytes:
    if number < 1 << 14:
        return bytes((number,)) if number < 128 else bytes((number & 127 | 128, number >> 7))
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


class _Forms(dict[int, bytes]):
    """Numbers as Thrift writes them (none here is negative); also how a run of so many equal values begins."""

    def __missing__(self, number: int) -> bytes:
        form = _varint(number << 1)
        if len(self) < _MOST_FORMS:
            self[number] = form
        return form


_form = _Forms()


def files(rows: pa.Table, table: str, spans: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """The files of these spans of rows, which follow one another."""
    together: list[tuple[int, int]] = []
    for span in spans:
        if together and span[1] - together[0][0] > _ROWS_TOGETHER:
            yield from _files(rows, table, together)
            together = []
        together.append(span)
    if together:
        yield from _files(rows, table, together)


def _files(rows: pa.Table, table: str, spans: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    first = spans[0][0]
    starts = np.array([start - first for start, _ in spans] + [spans[-1][1] - first])
    rows = rows.slice(first, int(starts[-1]))
    made = [_File(size) for size in np.diff(starts).tolist()]
    for field in schema.arrow_schema(table):
        column = _Column(single(rows.column(field.name)), field, starts)
        for at, file in enumerate(made):
            column.add_to(file, at)
    yield from (file.finished(_head(table)) for file in made)


class _File:
    """A file as it grows, column by column."""

    def __init__(self, size: int) -> None:
        self.size = size  # rows
        self.content = [_MAGIC]
        self.end = len(_MAGIC)
        self._plain_bytes = 0
        self._about: list[bytes] = []

    def add(self, chunk: bytes, about: bytes, plain_bytes: int) -> None:
        """A column, its description, and how long it is where nothing is compressed."""
        self.content.append(chunk)
        self.end += len(chunk)
        self._about.append(about)
        self._plain_bytes += plain_bytes

    def finished(self, head: bytes) -> bytes:
        n, plain_bytes = _form[self.size], _form[self._plain_bytes]
        group = b"\x19\xfc%b%b\x16%b\x16%b\x00" % (_varint(len(self._about)), b"".join(self._about), plain_bytes, n)
        about = b"%b\x16%b\x19\x1c%b\x00" % (head, n, group)
        return b"".join((*self.content, about, len(about).to_bytes(4, "little"), _MAGIC))


@lru_cache(maxsize=8)
def _head(table: str) -> bytes:
    """How the description of a file begins: the version of the form, and the columns."""
    buffer = pa.BufferOutputStream()
    pq.ParquetWriter(buffer, schema.arrow_schema(table), store_schema=False).close()
    empty = buffer.getvalue().to_pybytes()
    size = int.from_bytes(empty[-8:-4], "little")
    head, mark, _ = bytes(empty[-8 - size : -8]).partition(_NO_ROWS)
    if not mark:
        raise ValueError("Arrow describes a file in another way")
    return head


class _Column:
    """A column of all files in its form. `starts` says where the rows of each file begin, and where the last ends."""

    def __init__(self, array: pa.Array, field: pa.Field, starts: _Array) -> None:
        self._starts = starts
        self._present: _Array | None = array.is_valid().to_numpy(zero_copy_only=False) if array.null_count else None
        seen = starts  # values before each file
        if self._present is not None:
            seen = np.concatenate([[0], np.cumsum(self._present)])[starts]
            array = array.drop_null()
        self._n = np.diff(seen).tolist()
        self._bits: _Array | None = None
        codes: _Array | None = None
        if pa.types.is_boolean(field.type):
            self._bits, ends = array.to_numpy(zero_copy_only=False), seen
        elif pa.types.is_string(field.type):
            codes = array.indices.to_numpy() if pa.types.is_dictionary(array.type) else None
            ends, self._values = _texts(array)
            ends = ends[seen]
        else:
            values = _numbers(array, field.type).to_numpy().astype(_NUMBERS[field.type])
            self._values, ends = memoryview(values).cast("B"), seen * values.itemsize
            codes = values.view(f"i{values.itemsize}")
        self._ends = ends.tolist()
        self._says_one = [False] * len(self._n) if codes is None else _says_one(codes, starts, seen)
        start = b"\x26\x00\x1c\x15" + _form[_KINDS[field.type]]
        path = b"\x19\x18" + _varint(len(field.name)) + field.name.encode()
        self._about_one = start + b"\x19\x35\x00\x06\x10" + path
        self._about = start + b"\x19\x25\x00\x06" + path

    def add_to(self, file: _File, at: int) -> None:
        """Add the column to one of the files."""
        start, stop = self._ends[at], self._ends[at + 1]
        if self._says_one[at]:
            self._add_one(file, bytes(self._values[start : start + (stop - start) // file.size]))
            return
        if self._bits is None:
            values: bytes | memoryview = self._values[start:stop]
        else:
            values = np.packbits(self._bits[start:stop], bitorder="little").tobytes()
        content = packed = b"".join((self._levels(at, file.size), values))
        codec = b"\x15\x00"
        if len(content) > _LONG:
            packed, codec = _ZSTD.compress(content, asbytes=True), b"\x15\x0c"
        elif len(content) > _WORTH:
            packed, codec = _SNAPPY.compress(content, asbytes=True), b"\x15\x02"
        head = _page_head(len(content), len(packed), file.size, b"\x00")
        chunk, plain_bytes = head + packed, len(head) + len(content)
        facts = _form[file.size], _form[plain_bytes], _form[len(chunk)], _form[file.end]
        file.add(chunk, b"%b%b\x16%b\x16%b\x16%b\x26%b\x00\x00" % (self._about, codec, *facts), plain_bytes)

    def _add_one(self, file: _File, value: bytes) -> None:
        """Likewise, where it says the same in every row."""
        length = _form[len(value)]
        dictionary = b"\x15\x04\x15%b\x15%b\x4c\x15\x02\x15\x00\x00\x00%b" % (length, length, value)
        chunk = dictionary + _page_of_one(file.size)
        n = _form[len(chunk)]
        facts = _form[file.size], n, n, _form[file.end + len(dictionary)], _form[file.end]
        about = b"%b\x15\x00\x16%b\x16%b\x16%b\x26%b\x26%b\x00\x00" % (self._about_one, *facts)
        file.add(chunk, about, len(chunk))

    def _levels(self, at: int, size: int) -> bytes:
        """Which of the rows of a file have a value."""
        if self._present is None or self._n[at] == size or not self._n[at]:
            return _same_levels(size, is_there=bool(self._n[at]))
        start = self._starts[at]
        bits = np.packbits(self._present[start : start + size], bitorder="little").tobytes()
        run = _varint(len(bits) << 1 | 1) + bits
        return len(run).to_bytes(4, "little") + run


def _texts(array: pa.Array) -> tuple[_Array, memoryview]:
    """Texts with their lengths before them: where each begins and the last one ends, and the bytes of all."""
    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    lengths = pc.binary_length(texts).cast(pa.int32())
    lengths = pa.Array.from_buffers(pa.binary(4), len(lengths), [None, lengths.buffers()[1]], offset=lengths.offset)
    parts = (lengths.cast(pa.large_binary()), texts.cast(pa.large_binary()))
    joined = pc.binary_join_element_wise(*parts, pa.scalar(b"", pa.large_binary()))
    if texts is not array:
        joined = joined.take(array.indices)
    _, offsets, content = joined.buffers()
    ends = np.frombuffer(offsets, np.int64)[joined.offset : joined.offset + len(joined) + 1]
    return ends, memoryview(content) if content is not None else memoryview(b"")


def _numbers(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return array.dictionary.cast(kind).take(array.indices)
    array = array.cast(kind)
    return array.cast(pa.int32()) if pa.types.is_date32(kind) else array


def _says_one(codes: _Array, starts: _Array, seen: _Array) -> list[bool]:
    """For each file, whether it has several rows and all of them the same value. Equal codes are equal values."""
    changes = np.concatenate([[0], np.cumsum(codes[1:] != codes[:-1]), [0]])  # the last for a file behind all values
    sizes = np.diff(starts)
    is_full = (sizes > 1) & (np.diff(seen) == sizes)
    says_one: list[bool] = (is_full & (changes[seen[:-1]] == changes[seen[1:] - 1])).tolist()
    return says_one


@lru_cache(maxsize=2_048)
def _page_of_one(size: int) -> bytes:
    """The page of a column that says the only value of its dictionary in every row."""
    content = _same_levels(size, is_there=True) + b"\x01" + _form[size] + b"\x00"
    return _page_head(len(content), len(content), size, b"\x10") + content


@lru_cache(maxsize=2_048)
def _same_levels(size: int, *, is_there: bool) -> bytes:
    """That all rows have a value, or that none has."""
    run = _form[size] + (b"\x01" if is_there else b"\x00")
    return len(run).to_bytes(4, "little") + run


def _page_head(plain: int, packed: int, size: int, encoding: bytes) -> bytes:
    sizes = _form[plain], _form[packed], _form[size]
    return b"\x15\x00\x15%b\x15%b\x2c\x15%b\x15%b\x15\x06\x15\x06\x00\x00" % (*sizes, encoding)
