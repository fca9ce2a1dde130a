"""One CSV and Parquet pair for each indicator: its history, primary rows only.

In: observations in the order of the sources. Out: `indicators/<id>.csv` and `.parquet`, sorted by agency,
province, period and place. Memory is bounded by `baocao.buckets`, the bytes depend on the rows alone.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import regex

from baocao import schema
from baocao.buckets import Buckets
from baocao.once import runs
from baocao.writers import Written, small_parquet
from baocao.writers.write_csv import RFC, Dialect, header, render_runs
from baocao.writers.write_parquet import ParquetFile

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
        facts_of_parquet = self._write_parquet(rows, spans, stems)
        written: list[Written] = []
        of_all = zip(stems, titles, spans, facts_of_csv, facts_of_parquet, strict=True)
        for stem, title, (start, stop), of_csv, of_parquet in of_all:
            about = ("observations", title, stop - start)
            written += [
                Written(f"indicators/{stem}.csv", "csv", *about, dialect=self._dialect.name, facts=of_csv),
                Written(f"indicators/{stem}.parquet", "parquet", *about, facts=of_parquet),
            ]
        return written

    def _write_parquet(
        self, rows: pa.Table, spans: Sequence[tuple[int, int]], stems: Sequence[str]
    ) -> Iterator[tuple[str, int] | None]:
        """Sha256 and size of each file, None where they are not known."""
        names = (f"{stem}.parquet" for stem in stems)
        for is_small, some in groupby(spans, key=_is_small):
            if is_small:
                contents = small_parquet.files(rows, "observations", list(some))
                named = zip(contents, names, strict=False)  # in this order: no name is taken that has no content
                yield from (self._write(name, [content]) for content, name in named)
                continue
            for start, stop in some:
                file = ParquetFile(self._folder / next(names), "observations")
                file.add(rows.slice(start, stop - start))
                file.close()
                yield None

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


def _is_small(span: tuple[int, int]) -> bool:
    return span[1] - span[0] <= small_parquet.MOST_ROWS


def _cells(rows: pa.Table, name: str, places: list[int]) -> list[str]:
    cells: list[str] = rows.column(name).take(pa.array(places, pa.int64())).to_pylist()
    return cells
