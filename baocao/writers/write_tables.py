"""The tables of the dataset, each as CSV and Parquet, written side by side as the rows stream by."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa

from baocao import schema
from baocao.writers import Written
from baocao.writers.write_csv import RFC, Dialect, header, render
from baocao.writers.write_parquet import ParquetFile


class CsvFile:
    """One CSV file being written."""

    def __init__(self, path: Path, table: str, dialect: Dialect = RFC) -> None:
        self._columns, self._dialect = schema.columns(table), dialect
        self._file: IO[bytes] = path.open("wb")
        self._file.write(header(self._columns, dialect))

    def add(self, rows: pa.Table) -> None:
        for piece in render(rows, self._columns, self._dialect):
            self._file.write(piece)

    def close(self) -> None:
        self._file.close()


class PairFile:
    """`<stem>.csv` and `<stem>.parquet` with the same rows."""

    def __init__(self, folder: Path, stem: str, table: str, title: str = "", dialect: Dialect = RFC) -> None:
        self._csv = CsvFile(folder / f"{stem}.csv", table, dialect)
        self._dialect = dialect.name
        self._parquet = ParquetFile(folder / f"{stem}.parquet", table)
        self._stem, self._table, self._title, self._rows = stem, table, title, 0

    def add(self, rows: pa.Table) -> None:
        self._csv.add(rows)
        self._parquet.add(rows)
        self._rows += rows.num_rows

    def close(self) -> list[Written]:
        self._csv.close()
        self._parquet.close()
        facts = (self._table, self._title, self._rows)
        return [
            Written(f"{self._stem}.csv", "csv", *facts, dialect=self._dialect),
            Written(f"{self._stem}.parquet", "parquet", *facts),
        ]


class TableSink:
    """Every table of the seam as a pair of files."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:  # noqa: ARG002 - as all sinks
        self._files = {
            table: PairFile(staging, table, table, schema.TITLES[table][0], dialect) for table in schema.ROW_TYPES
        }

    def add(self, table: str, rows: pa.Table) -> None:
        self._files[table].add(rows)

    def close(self) -> list[Written]:
        return [written for file in self._files.values() for written in file.close()]
