"""Group more rows than memory holds: deal them by a hash of one column into scratch files, then sort each.

In: Arrow tables in any portions. Out: tables of some ten thousand rows, each sorted, rows of one group
together in one of them, their text said once (`baocao.once`). Up to 200,000 rows stay in memory: they take 90 bytes
each. The result depends on the rows alone, not on portions.
"""

from __future__ import annotations

import shutil
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa

from baocao.once import PLAIN, encoded, in_order, joined, said_once, single, used

_BUCKET_ROWS = 25_000  # a few MB; two are worked on at a time, each with its sorted copy
_PIECE_ROWS = 4_096  # plain in memory while a bucket is read
_FEW_BUCKETS = 8  # up to so many, the rows stay in memory
_PORTIONS = 16  # so many wait before they become one, and so many of these
_MOST_BUCKETS = 200  # each is an open file while rows are dealt
Result = TypeVar("Result")
_Array: TypeAlias = "np.ndarray[Any, Any]"


class Buckets:
    """Rows dealt by the text column `key`; `n_rows` is how many will come, about. Text columns are handed out encoded,
    except those that are `plain`."""

    def __init__(self, scratch: Path, rows: pa.Schema, key: str, n_rows: int, plain: frozenset[str] = PLAIN) -> None:
        self._scratch, self._schema, self._key, self._encoded = scratch, rows, key, encoded(rows, plain)
        self._n = min(1 + n_rows // _BUCKET_ROWS, _MOST_BUCKETS)
        self._memory: list[pa.Table] = []
        self._waiting: list[pa.Table] = []
        self._files: list[pa.ipc.RecordBatchStreamWriter] = []
        if self._n > _FEW_BUCKETS:
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir(parents=True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._files = [pa.ipc.new_stream(scratch / f"{n}.arrow", rows, options=options) for n in range(self._n)]

    def add(self, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        if not self._files:
            self._keep(rows)
            return
        order, ends = self._dealt(rows)
        rows = rows.select(self._schema.names).take(pa.array(order))  # before texts become plain: only numbers move
        rows = rows.cast(self._schema).combine_chunks()
        for file, (start, stop) in zip(self._files, pairwise(ends), strict=True):
            if start < stop:
                file.write_table(rows.slice(start, stop - start))

    def _keep(self, rows: pa.Table) -> None:
        self._waiting.append(said_once(rows, self._encoded))
        if len(self._waiting) >= _PORTIONS:
            self._memory.append(joined(self._waiting))
            if len(self._memory) >= _PORTIONS:
                self._memory = [joined(self._memory)]

    def _dealt(self, rows: pa.Table) -> tuple[_Array, list[int]]:
        """The places of the rows bucket by bucket, and where each bucket begins and the last one ends."""
        keys = used(single(rows.column(self._key)))
        of_key = np.array([zlib.crc32(key.encode()) % self._n for key in keys.dictionary.to_pylist()], dtype=np.int64)
        buckets = of_key[keys.indices.to_numpy()]
        order = np.argsort(buckets, kind="stable")
        return order, np.searchsorted(buckets[order], np.arange(self._n + 1)).tolist()

    def sorted(self, order: Sequence[str]) -> Iterator[pa.Table]:
        """The tables, each sorted by these columns; every one is removed once it was handed out."""
        for rows in self._tables():
            yield in_order(rows, order)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def each(self, order: Sequence[str], do: Callable[[pa.Table], Result], threads: int = 2) -> Iterator[Result]:
        """What `do` makes of each sorted table, in their order; `threads` of them are in memory at a time."""
        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[Result]] = deque()
            for rows in self._tables():
                waiting.append(pool.submit(lambda unsorted: do(in_order(unsorted.pop(), order)), [rows]))
                del rows  # with `pop`, nobody holds them any more once they are sorted
                if len(waiting) >= threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _tables(self) -> Iterator[pa.Table]:
        if not self._files:
            yield from self._kept()
            return
        for number, file in enumerate(self._files):
            file.close()
            path = self._scratch / f"{number}.arrow"
            yield joined([said_once(piece, self._encoded) for piece in self._pieces(path)])
            path.unlink()

    def _kept(self) -> Iterator[pa.Table]:
        tables = [*self._memory, *self._waiting] or [said_once(self._schema.empty_table(), self._encoded)]
        self._memory, self._waiting = [], []
        if self._n == 1:
            yield joined(tables)
            return
        rows = joined(tables)
        order, ends = self._dealt(rows)
        for start, stop in pairwise(ends):
            yield said_once(rows.take(pa.array(order[start:stop])), self._encoded)

    def _pieces(self, path: Path) -> Iterator[pa.Table]:
        """The rows of a scratch file, some thousand at a time; at least one table."""
        with pa.ipc.open_stream(path) as reader:
            batches: list[pa.RecordBatch] = []
            is_empty = True
            for batch in reader:
                batches.append(batch)
                if sum(map(len, batches)) >= _PIECE_ROWS:
                    yield pa.Table.from_batches(batches)
                    batches, is_empty = [], False
            if batches or is_empty:
                yield pa.Table.from_batches(batches, reader.schema)
