"""The parts of a small ZIP of the plainest kind, without what large and odd ones need.

In: the bytes of a file. Out: its parts by name, or None where anything is unusual: then `zipfile` reads it, and says
what is wrong with it. The idea: a DOCX has a dozen parts, of which three are read; `zipfile` makes an object of forty
fields of each, and opens each part as a file: a tenth of the time that a report takes.

Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (its end).
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 8_000_000  # of the file
MAX_INFLATED = 50_000_000  # of a part
MAX_PARTS = 1_000
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_NEWEST = 45  # version of the format that a reader must know
_KNOWN_FLAGS = 0x080E  # how hard it was compressed, sizes behind the data, names in UTF-8: the directory tells all


class _Part(NamedTuple):
    method: int
    crc: int
    n_packed: int
    n_inflated: int
    at: int
    flags: int


class Unusual(Exception):
    """This part is read by `zipfile`."""


class PlainZip:
    """Parts by name. Make it with `of` or `of_file`."""

    __slots__ = ("_data", "_directory_at", "_parts")

    def __init__(self, data: bytes, directory_at: int, parts: dict[str, _Part]) -> None:
        self._data, self._directory_at, self._parts = data, directory_at, parts

    @classmethod
    def of_file(cls, path: Path) -> PlainZip | None:
        """The same of a file. Raises OSError."""
        return cls.of(path.read_bytes()) if path.stat().st_size <= MAX_BYTES else None

    @classmethod
    def of(cls, data: bytes) -> PlainZip | None:
        """None where the file must be read by `zipfile`."""
        end = len(data) - _END.size
        if end < 0 or len(data) > MAX_BYTES:
            return None
        sign, disk, first_disk, n_here, n, size, at, n_comment = _END.unpack_from(data, end)
        if sign != b"PK\5\6" or disk or first_disk or n_here != n or n > MAX_PARTS or n_comment or at + size != end:
            return None
        directory_at, parts = at, dict[str, _Part]()
        for _ in range(n):
            if at + _ENTRY.size > end:
                return None
            (
                sign, _made_by, version, flags, method, _time, _date, crc, n_packed, n_inflated,
                n_name, n_extra, n_comment, disk, _internal, _external, local_at,
            ) = _ENTRY.unpack_from(data, at)  # fmt: skip
            at += _ENTRY.size
            name = data[at : at + n_name]
            at += n_name
            if (
                sign != b"PK\1\2" or version & 0xFF > _NEWEST or flags & ~_KNOWN_FLAGS or n_extra or n_comment or disk
                or method not in (_STORED, _DEFLATED)
                or not name.isascii() or not name or b"\0" in name or b"\\" in name
            ):  # fmt: skip
                return None
            parts[name.decode("ascii")] = _Part(method, crc, n_packed, n_inflated, local_at, flags)
        return cls(data, directory_at, parts) if at == end and len(parts) == n else None

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes | None:
        """The bytes of a part; None where there is none of this name. Raises Unusual where `zipfile` must look."""
        part = self._parts.get(name)
        if part is None:
            return None
        data, start = self._data, part.at + _LOCAL.size
        if start > self._directory_at or part.n_inflated > MAX_INFLATED:
            raise Unusual
        sign, version, flags, method, _time, _date, _crc, _packed, _inflated, n_name, n_extra = _LOCAL.unpack_from(
            data, part.at
        )
        own_name = data[start : start + n_name]
        start += n_name + n_extra
        end = start + part.n_packed
        is_same = sign == b"PK\3\4" and flags == part.flags and method == part.method and own_name == name.encode()
        if not is_same or version & 0xFF > _NEWEST or end > self._directory_at:
            raise Unusual
        packed = data[start:end]
        inflated = packed if method == _STORED else _unpacked(packed, part.n_inflated)
        if len(inflated) != part.n_inflated or zlib.crc32(inflated) != part.crc:
            raise Unusual
        return inflated


def _unpacked(packed: bytes, n: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(packed, n + 1)
    except zlib.error:
        raise Unusual from None
    if not inflater.eof or inflater.unused_data:
        raise Unusual
    return inflated
