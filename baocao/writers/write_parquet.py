"""Parquet with the bytes decided by the rows alone: fixed schema, fixed row groups, zstd, one thread.

In: Arrow tables of the stored schema, in any portions. Out: one file of the published schema. Rows are
gathered into row groups of a fixed size, so the portions do not show in the bytes.

A file of few rows (most indicators have some dozens) is nearly all description: with zstd, dictionaries, statistics
and Arrow's own schema it took three times as long to write and was larger than without them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema

# Rows of a group: tables with long text get smaller ones, so that a group stays within some ten MB.
_GROUP_ROWS = {"sections": 8_192, "tables": 8_192, "citations": 32_768}
_DEFAULT_ROWS = 131_072
_FEW_ROWS = 128  # with more, zstd and dictionaries begin to pay
_LARGE: dict[str, Any] = {"compression": "zstd", "compression_level": 3}
_SMALL: dict[str, Any] = {
    "compression": "snappy",
    "use_dictionary": False,
    "write_statistics": False,
    "store_schema": False,
}


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
        self._writer = pq.ParquetWriter(path, schema.arrow_schema(table), **_LARGE)

    def add(self, rows: pa.Table) -> None:
        self._waiting.append(published(rows, self._table))
        self._n_waiting += rows.num_rows
        while self._n_waiting >= self._rows:
            whole = pa.concat_tables(self._waiting)
            self._writer.write_table(whole.slice(0, self._rows), row_group_size=self._rows)
            rest = whole.slice(self._rows)
            self._waiting, self._n_waiting = [rest], rest.num_rows

    def close(self) -> None:
        """Write what waits and finish the file; once more does nothing."""
        if self._n_waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=self._rows)
        self._waiting, self._n_waiting = [], 0
        self._writer.close()


def write_at_once(path: Path, rows: pa.Table, table: str) -> None:
    """A file of published rows that lie in memory anyway."""
    buffer = pa.BufferOutputStream()
    how = _SMALL if rows.num_rows <= _FEW_ROWS else _LARGE
    with pq.ParquetWriter(buffer, schema.arrow_schema(table), **how) as writer:
        writer.write_table(rows, row_group_size=_GROUP_ROWS.get(table, _DEFAULT_ROWS))
    path.write_bytes(buffer.getvalue())
