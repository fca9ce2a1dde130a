"""One CSV and Parquet pair for each indicator: its history, primary rows only.

In: observations in the order of the sources. Out: `indicators/<id>.csv` and `.parquet`, sorted by agency,
province, period and place. Memory is bounded by `baocao.buckets`, the bytes depend on the rows alone.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import regex

from baocao import schema
from baocao.buckets import Buckets, runs
from baocao.writers import Written
from baocao.writers.write_csv import RFC, Dialect, header, render_runs
from baocao.writers.write_parquet import published, write_at_once

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
        columns, spans = schema.columns("observations"), runs(rows, ("indicator_id",))
        typed = published(rows, "observations")
        written: list[Written] = []
        for (start, stop), lines in zip(spans, render_runs(rows, columns, spans, self._dialect), strict=True):
            written += self._write(typed.slice(start, stop - start), [header(columns, self._dialect), *lines])
        return written

    def _write(self, rows: pa.Table, lines: list[bytes]) -> list[Written]:
        stem = file_stem(rows.column("indicator_id")[0].as_py())
        title = rows.column("indicator")[rows.num_rows - 1].as_py()
        with (self._folder / f"{stem}.csv").open("wb") as file:
            file.writelines(lines)
        write_at_once(self._folder / f"{stem}.parquet", rows, "observations")
        facts = ("observations", title, rows.num_rows)
        return [
            Written(f"indicators/{stem}.csv", "csv", *facts, dialect=self._dialect.name),
            Written(f"indicators/{stem}.parquet", "parquet", *facts),
        ]
