"""One CSV and Parquet pair for each indicator: its history, primary rows only.

In: observations in the order of the sources. Out: `indicators/<id>.csv` and `.parquet`, sorted by agency,
province, period and place. Memory is bounded by `baocao.buckets`, the bytes depend on the rows alone.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import regex

from baocao import schema
from baocao.buckets import Buckets
from baocao.once import runs
from baocao.writers import Written
from baocao.writers.write_csv import RFC, Dialect, header, render_runs
from baocao.writers.write_parquet import ParquetFile, at_once, published

_ROWS_AT_ONCE = 4_096  # plain in memory; encoding the rows of each file costs more where they are few
_MOST_BYTES = 72  # with `.parquet` behind it, a name stays within 80
_SAFE = regex.compile(r"[a-z0-9][a-z0-9_-]*")
_RESERVED = regex.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
ROW_ORDER = (
    "indicator_id",
    "agency",
    "agency_id",
    "province_id",
    "period_end",
    "period_start",
    "period",
    "measure",
    "breakdown",
    "source",
    "table",
    "row",
    "observation_id",
)


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

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:
        self._dialect = dialect
        self._folder = staging / "indicators"
        self._folder.mkdir()
        rows = schema.arrow_schema("observations", stored=True)
        self._buckets = Buckets(scratch / "indicators", rows, "indicator_id", n_observations)

    def add(self, table: str, rows: pa.Table) -> None:
        if table == "observations":
            named = pc.not_equal(rows.column("indicator_id").cast(pa.string()), "")
            self._buckets.add(rows.filter(pc.and_(rows.column("is_primary"), named)))

    def close(self) -> list[Written]:
        written = [one for bucket in self._buckets.each(ROW_ORDER, self._bucket) for one in bucket]
        return sorted(written, key=lambda one: one.name)

    def _bucket(self, rows: pa.Table) -> list[Written]:
        spans = runs(rows, ("indicator_id",))
        stems = list(map(file_stem, _cells(rows, "indicator_id", [start for start, _ in spans])))
        titles = _cells(rows, "indicator", [stop - 1 for _, stop in spans])
        facts_of_csv = self._write_csv(rows, spans, stems)
        written: list[Written] = []
        plain = _Window(rows)
        for stem, title, (start, stop), facts in zip(stems, titles, spans, facts_of_csv, strict=True):
            name = f"{stem}.parquet"
            facts_of_parquet = None
            if stop - start <= _ROWS_AT_ONCE:
                facts_of_parquet = self._write(name, [at_once(plain.rows(start, stop), "observations")])
            else:
                large = ParquetFile(self._folder / name, "observations")
                large.add(rows.slice(start, stop - start))
                large.close()
            about = ("observations", title, stop - start)
            written += [
                Written(f"indicators/{stem}.csv", "csv", *about, dialect=self._dialect.name, facts=facts),
                Written(f"indicators/{name}", "parquet", *about, facts=facts_of_parquet),
            ]
        return written

    def _write_csv(
        self, rows: pa.Table, spans: Sequence[tuple[int, int]], stems: Sequence[str]
    ) -> list[tuple[str, int]]:
        columns = schema.columns("observations")
        first = header(columns, self._dialect)
        return [
            self._write(f"{stems[number]}.csv", chain([first], map(itemgetter(1), pieces)))
            for number, pieces in groupby(render_runs(rows, columns, spans, self._dialect), key=itemgetter(0))
        ]

    def _write(self, name: str, pieces: Iterable[bytes | memoryview]) -> tuple[str, int]:
        """Write a file; its sha256 and size."""
        digest, size = hashlib.sha256(), 0
        with open(f"{self._folder}/{name}", "wb") as file:  # noqa: PTH123 - tens of thousands of them
            for piece in pieces:
                digest.update(piece)
                size += file.write(piece)
        return digest.hexdigest(), size


class _Window:
    """Spans of rows as they are published, asked for in order: those of many small files are made plain together."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._first, self._plain = 0, published(rows.slice(0, 0), "observations")

    def rows(self, start: int, stop: int) -> pa.Table:
        if stop > self._first + self._plain.num_rows:
            self._first, self._plain = start, published(self._rows.slice(start, _ROWS_AT_ONCE), "observations")
        return self._plain.slice(start - self._first, stop - start)


def _cells(rows: pa.Table, name: str, places: list[int]) -> list[str]:
    cells: list[str] = rows.column(name).take(pa.array(places, pa.int64())).to_pylist()
    return cells
