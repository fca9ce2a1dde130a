"""The container of Word and Excel 97–2003: sectors chained into named streams.

In: a file. Out: the bytes of one stream by its name. Chains are followed with a count, so a chain that runs
in a circle ends. Source: [MS-CFB], the Compound File Binary format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from extract.problems import Unreadable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # from here on sector numbers are marks: end of chain, free, table of tables
_SMALL = 4096  # shorter streams stand in the small sectors of the root


@dataclass(frozen=True, slots=True)
class OleFile:
    """An opened container. `entries` maps a stream's name in lower case to (first sector, size)."""

    data: bytes
    sector_size: int
    small_size: int
    table: tuple[int, ...]
    small_table: tuple[int, ...]
    entries: dict[str, tuple[int, int]]
    root: tuple[int, int]

    @classmethod
    def open(cls, path: Path) -> OleFile:
        """Read the tables of a container. Raises Unreadable."""
        data = path.read_bytes()
        try:
            return cls._parse(data)
        except (struct.error, IndexError, ValueError) as error:
            raise Unreadable(
                f"the container is damaged: {error}", "open it in its program and save it again"
            ) from error

    @classmethod
    def _parse(cls, data: bytes) -> OleFile:
        if data[:8] != MAGIC:
            raise ValueError("no compound file")
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if not (7 <= shift <= 16 and 4 <= small_shift <= 12):
            raise ValueError("odd sector sizes")
        size = 1 << shift
        directory, _, _, small_first, _, more, n_more = struct.unpack_from("<7I", data, 48)
        places = list(struct.unpack_from("<109I", data, 76))
        seen = 0
        while more < _END and seen < n_more and seen < 100_000:
            block = _sector(data, more, size)
            if len(block) < size:
                break
            *numbers, more = struct.unpack(f"<{size // 4}I", block)
            places += numbers
            seen += 1
        table: list[int] = []
        for place in places:
            block = _sector(data, place, size) if place < _END else b""
            table += struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
        listed = _chain(data, directory, size, tuple(table), len(data))
        entries: dict[str, tuple[int, int]] = {}
        root = (_END, 0)
        for at in range(0, len(listed) - 127, 128):
            length, kind = struct.unpack_from("<HB", listed, at + 64)
            first, n_bytes = struct.unpack_from("<IQ", listed, at + 116)
            n_bytes &= 0xFFFFFFFF if shift == 9 else 0xFFFFFFFFFFFFFFFF
            name = listed[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if kind == 5:
                root = (first, n_bytes)
            elif kind == 2:
                entries.setdefault(name, (first, n_bytes))
        small = _chain(data, small_first, size, tuple(table), len(data))
        small_table = struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4])
        return cls(data, size, 1 << small_shift, tuple(table), small_table, entries, root)

    def stream(self, name: str, limit: int | None = None) -> bytes:
        """The first `limit` bytes of a stream (all of it by default), b"" where there is none."""
        first, n_bytes = self.entries.get(name.lower(), (_END, 0))
        wanted = n_bytes if limit is None else min(n_bytes, limit)
        if n_bytes >= _SMALL:
            return _chain(self.data, first, self.sector_size, self.table, wanted)[:wanted]
        held = _chain(self.data, self.root[0], self.sector_size, self.table, self.root[1])
        return _chain(held, first, self.small_size, self.small_table, wanted, lead=0)[:wanted]


def _sector(data: bytes, number: int, size: int, lead: int | None = None) -> bytes:
    start = (number * size) + (size if lead is None else lead)
    return data[start : start + size]


def _chain(data: bytes, first: int, size: int, table: tuple[int, ...], wanted: int, lead: int | None = None) -> bytes:
    """Sectors from `first` on until the chain ends or `wanted` bytes are there."""
    parts: list[bytes] = []
    number, held = first, 0
    while number < _END and number < len(table) and held < wanted and len(parts) <= len(table):
        parts.append(_sector(data, number, size, lead))
        held += size
        number = table[number]
    return b"".join(parts)
