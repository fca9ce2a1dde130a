"""Rows of a staged dataset, read back batch by batch so that memory stays flat.

In: the folder a run is writing into. Out: Arrow tables of some columns of one of its Parquet files. Text
columns come dictionary-encoded: most of them say few different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema

_BATCH_ROWS = 65_536
# Text that is nearly always different: encoding it costs more than it saves.
_PLAIN = frozenset({"observation_id", "finding_id", "message", "message_en", "text", "note", "sha256"})


def read_rows(folder: Path, table: str, names: Sequence[str], batch_rows: int = _BATCH_ROWS) -> Iterator[pa.Table]:
    """The named columns of a table, some rows at a time, in the order of the file."""
    texts = {column.name for column in schema.columns(table) if column.type == "string"}
    encoded = [name for name in names if name in texts - _PLAIN]
    with pq.ParquetFile(folder / f"{table}.parquet", read_dictionary=encoded) as file:
        for batch in file.iter_batches(batch_size=batch_rows, columns=list(names), use_threads=False):
            yield pa.Table.from_batches([batch]).select(list(names))


def as_tuples(rows: pa.Table, step: int = 8_192) -> Iterator[tuple[Any, ...]]:
    """Rows as Python tuples, `step` of them in memory at a time."""
    for start in range(0, rows.num_rows, step):
        yield from zip(*(column.to_pylist() for column in rows.slice(start, step).columns), strict=True)
