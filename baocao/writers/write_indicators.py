"""One CSV and Parquet pair for each indicator: its history, primary rows only.

In: observations in the order of the sources. Out: `indicators/<id>.csv` and `.parquet`, sorted by agency,
province, period and place. The rows are dealt into scratch files by a hash of the indicator, some hundred
thousand rows each; every scratch file is then sorted in memory and cut into indicators. So memory is
bounded by the scratch file, not by the dataset, and the bytes depend on the rows alone.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import regex

from baocao import schema
from baocao.writers import Written
from baocao.writers.write_tables import PairFile

_BUCKET_ROWS = 200_000
_MOST_BYTES = 72  # with `.parquet` behind it, a name stays within 80
_SAFE = regex.compile(r"[a-z0-9][a-z0-9_-]*")
_RESERVED = regex.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_ORDER = ("indicator_id", "agency", "agency_id", "province_id", "period_end", "period_start", "period", "measure",
          "breakdown", "source", "table", "row", "observation_id")


def file_stem(indicator_id: str) -> str:
    """A safe file name for an indicator: the id itself where it is a plain lower-case slug of at most 72
    bytes, else what is plain of it and a hash of the whole. Two ids never share a name, in any case of
    letters; the name of one id does not depend on the others."""
    if _SAFE.fullmatch(indicator_id) and len(indicator_id) <= _MOST_BYTES and not _RESERVED.fullmatch(indicator_id):
        return indicator_id
    kept = regex.sub(r"[^a-z0-9_-]+", "_", indicator_id.lower()).strip("_-")[: _MOST_BYTES - 10]
    return f"{kept or 'x'}.{zlib.crc32(indicator_id.encode('utf-8', 'replace')):08x}"


class IndicatorSink:
    """Deals primary rows into buckets, then writes the indicators of each."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int) -> None:
        self._folder = staging / "indicators"
        self._folder.mkdir()
        self._staging = staging
        self._scratch = scratch / "buckets"
        self._n_buckets = 1 + n_observations // _BUCKET_ROWS
        self._schema = schema.arrow_schema("observations", stored=True)
        self._memory: list[pa.Table] = []
        self._files: list[pa.ipc.RecordBatchFileWriter] = []
        if self._n_buckets > 1:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch.mkdir(parents=True)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            paths = [self._scratch / f"{n}.arrow" for n in range(self._n_buckets)]
            self._files = [pa.ipc.new_file(path, self._schema, options=options) for path in paths]

    def add(self, table: str, rows: pa.Table) -> None:
        if table != "observations" or not rows.num_rows:
            return
        named = pc.and_(rows.column("is_primary"), pc.not_equal(_text(rows.column("indicator_id")), ""))
        rows = rows.filter(named).cast(self._schema)
        if not self._files:
            self._memory.append(rows)
            return
        ids = rows.column("indicator_id").combine_chunks().dictionary_encode()
        ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
        of_id = np.array([zlib.crc32(i.encode()) % self._n_buckets for i in ids.dictionary.to_pylist()], dtype=np.int64)
        if not len(of_id):
            return
        buckets = of_id[ids.indices.to_numpy()]
        order = np.argsort(buckets, kind="stable")
        rows = rows.take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(buckets[order], np.arange(self._n_buckets + 1))
        for bucket, file in enumerate(self._files):
            if ends[bucket] < ends[bucket + 1]:
                file.write_table(rows.slice(ends[bucket], ends[bucket + 1] - ends[bucket]))

    def close(self) -> list[Written]:
        written: list[Written] = []
        for bucket in self._buckets():
            keys = [(name, "ascending") for name in _ORDER]
            rows = bucket.take(pc.sort_indices(bucket, sort_keys=keys)).combine_chunks()
            for start, stop in _runs(rows.column("indicator_id")):
                written += self._write(rows.slice(start, stop - start))
        shutil.rmtree(self._scratch, ignore_errors=True)
        return sorted(written, key=lambda one: one.name)

    def _buckets(self) -> Iterator[pa.Table]:
        if not self._files:
            yield pa.concat_tables(self._memory) if self._memory else self._schema.empty_table()
            return
        for number, file in enumerate(self._files):
            file.close()
            path = self._scratch / f"{number}.arrow"
            with pa.ipc.open_file(path) as reader:
                yield reader.read_all()
            path.unlink()

    def _write(self, rows: pa.Table) -> list[Written]:
        indicator_id = rows.column("indicator_id")[0].as_py()
        title = rows.column("indicator")[rows.num_rows - 1].as_py()
        pair = PairFile(self._folder, file_stem(indicator_id), "observations", title)
        pair.add(rows)
        return [Written(f"indicators/{one.name}", one.format, one.table, one.title, one.rows) for one in pair.close()]


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _runs(ids: pa.ChunkedArray) -> list[tuple[int, int]]:
    """Spans of equal neighbours."""
    if not len(ids):
        return []
    ids = ids.combine_chunks()
    change = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1)).to_numpy(zero_copy_only=False)
    starts = [0, *(np.flatnonzero(change) + 1).tolist()]
    return list(zip(starts, [*starts[1:], len(ids)], strict=True))
