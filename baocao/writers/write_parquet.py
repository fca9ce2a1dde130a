"""Parquet with the bytes decided by the rows alone: fixed schema, fixed row groups, zstd, one thread.

In: Arrow tables of the stored schema, in any portions. Out: one file of the published schema. Rows are
gathered into row groups of a fixed size, so the portions do not show in the bytes. Those that wait say each text
once (`baocao.once`), and so they go into the file: Parquet keeps text like that itself. Arrow's own copy of the schema
is left out, as it would tell readers of encoded columns.

A file of few rows (most indicators have some dozens) is nearly all description: with zstd, dictionaries, statistics
and Arrow's own schema it took three times as long to write and was larger than without them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema
from baocao.memory import give_back
from baocao.once import encoded_schema, joined, said_once

# Rows of a group: tables with long text get smaller ones, so that a group stays within some ten MB.
_GROUP_ROWS = {"sections": 8_192, "tables": 8_192, "findings": 8_192, "reports": 16_384}
_DEFAULT_ROWS = 32_768
_PORTIONS = 16  # so many wait before they become one: each has dictionaries of its own
_FEW_ROWS = 128  # with more, zstd begins to pay
_SOME_ROWS = 512  # likewise dictionaries and statistics
_LARGE: dict[str, Any] = {"compression": "zstd", "compression_level": 2}
_SMALL: dict[str, Any] = {
    "compression": "snappy",
    "use_dictionary": False,
    "write_statistics": False,
}
_MIDDLE: dict[str, Any] = {**_SMALL, "compression": "zstd", "compression_level": 3}


def _how(table: str) -> dict[str, Any]:
    """A dictionary of text that is nearly always different is as long as the column, and comes with it."""
    plain = {f.name for f in encoded_schema(table) if pa.types.is_string(f.type)}
    return {**_LARGE, "use_dictionary": [f.name for f in encoded_schema(table) if f.name not in plain]}


def published(rows: pa.Table, table: str) -> pa.Table:
    """Stored → published: decimals from text to double, dictionaries to plain text."""
    return rows.select(schema.arrow_schema(table).names).cast(schema.arrow_schema(table))


class ParquetFile:
    """One Parquet file being written."""

    def __init__(self, path: Path, table: str) -> None:
        self._table = table
        self._rows = _GROUP_ROWS.get(table, _DEFAULT_ROWS)
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self._writer = pq.ParquetWriter(path, encoded_schema(table), store_schema=False, **_how(table))

    def add(self, rows: pa.Table) -> None:
        while rows.num_rows:
            some, rows = rows.slice(0, self._rows - self._n_waiting), rows.slice(self._rows - self._n_waiting)
            self._waiting.append(said_once(some, encoded_schema(self._table)))
            self._n_waiting += some.num_rows
            if self._n_waiting == self._rows:
                self._write()
            elif len(self._waiting) >= _PORTIONS:
                self._waiting = [joined(self._waiting)]

    def _write(self) -> None:
        self._writer.write_table(joined(self._waiting, encoded_schema(self._table)), row_group_size=self._rows)
        self._n_waiting = 0
        give_back()

    def close(self) -> None:
        """Write what waits and finish the file; once more does nothing."""
        if self._n_waiting:
            self._write()
        self._writer.close()


def at_once(rows: pa.Table, table: str) -> bytes:
    """A file of some rows that lie in memory anyway, published as they are."""
    buffer = pa.BufferOutputStream()
    how = _SMALL if rows.num_rows <= _FEW_ROWS else _MIDDLE if rows.num_rows <= _SOME_ROWS else _how(table)
    with pq.ParquetWriter(buffer, schema.arrow_schema(table), store_schema=False, **how) as writer:
        writer.write_table(rows)
    return bytes(buffer.getvalue().to_pybytes())
