"""Group more rows than memory holds: deal them by a hash of one column into scratch files, then sort each.

In: Arrow tables in any portions. Out: tables of some ten thousand rows, each sorted, rows of one group
together in one of them. Few rows stay in memory. The result depends on the rows alone, not on portions.
"""

from __future__ import annotations

import shutil
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BUCKET_ROWS = 25_000  # some dozen MB; two are worked on at a time, each with its sorted copy
_MOST_BUCKETS = 200  # each is an open file while rows are dealt
Result = TypeVar("Result")


class Buckets:
    """Rows dealt by the text column `key`; `n_rows` is how many will come, about."""

    def __init__(self, scratch: Path, rows: pa.Schema, key: str, n_rows: int) -> None:
        self._scratch, self._schema, self._key = scratch, rows, key
        self._n = min(1 + n_rows // _BUCKET_ROWS, _MOST_BUCKETS)
        self._memory: list[pa.Table] = []
        self._files: list[pa.ipc.RecordBatchFileWriter] = []
        if self._n > 1:
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._files = [pa.ipc.new_file(scratch / f"{n}.arrow", rows, options=options) for n in range(self._n)]

    def add(self, rows: pa.Table) -> None:
        rows = rows.select(self._schema.names).cast(self._schema)
        if not rows.num_rows:
            return
        if not self._files:
            self._memory.append(rows)
            return
        keys = rows.column(self._key).combine_chunks().dictionary_encode()
        keys = keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys
        of_key = np.array([zlib.crc32(key.encode()) % self._n for key in keys.dictionary.to_pylist()], dtype=np.int64)
        buckets = of_key[keys.indices.to_numpy()]
        order = np.argsort(buckets, kind="stable")
        rows = rows.take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(buckets[order], np.arange(self._n + 1)).tolist()
        for bucket, file in enumerate(self._files):
            if ends[bucket] < ends[bucket + 1]:
                file.write_table(rows.slice(ends[bucket], ends[bucket + 1] - ends[bucket]))

    def sorted(self, order: Sequence[str]) -> Iterator[pa.Table]:
        """The tables, each sorted by these columns; every one is removed once it was handed out."""
        for rows in self._tables():
            yield _in_order(rows, order)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def each(self, order: Sequence[str], do: Callable[[pa.Table], Result], threads: int = 2) -> Iterator[Result]:
        """What `do` makes of each sorted table, in their order; `threads` of them are in memory at a time."""
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[Result]] = deque()
            for rows in self._tables():
                waiting.append(pool.submit(lambda unsorted: do(_in_order(unsorted.pop(), order)), [rows]))
                del rows  # with `pop`, nobody holds them any more once they are sorted
                if len(waiting) >= threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _tables(self) -> Iterator[pa.Table]:
        if not self._files:
            rows = pa.concat_tables(self._memory) if self._memory else self._schema.empty_table()
            self._memory = []
            yield rows
            return
        for number, file in enumerate(self._files):
            file.close()
            path = self._scratch / f"{number}.arrow"
            with pa.ipc.open_file(path) as reader:
                rows = reader.read_all()
            path.unlink()
            yield rows


def _in_order(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in names])
    return rows.take(order).combine_chunks()


def runs(rows: pa.Table, names: Sequence[str]) -> list[tuple[int, int]]:
    """(start, stop) of neighbours that are equal in these text columns."""
    if not rows.num_rows:
        return []
    change = np.zeros(rows.num_rows - 1, dtype=bool)
    for name in names:
        column = rows.column(name).combine_chunks()
        differs = pc.not_equal(column.slice(1), column.slice(0, len(column) - 1))
        change |= differs.to_numpy(zero_copy_only=False)
    starts = [0, *(np.flatnonzero(change) + 1).tolist()]
    return list(zip(starts, [*starts[1:], rows.num_rows], strict=True))
