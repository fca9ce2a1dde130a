"""The tables of the dataset as CSV and as Parquet, each a sink of its own, written as the rows stream by."""

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


class CsvTables:
    """Every table of the seam as CSV."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:  # noqa: ARG002 - as all sinks
        self._dialect = dialect.name
        self._files = {table: CsvFile(staging / f"{table}.csv", table, dialect) for table in schema.ROW_TYPES}
        self._rows = dict.fromkeys(self._files, 0)

    def add(self, table: str, rows: pa.Table) -> None:
        self._files[table].add(rows)
        self._rows[table] += rows.num_rows

    def close(self) -> list[Written]:
        for file in self._files.values():
            file.close()
        return [
            Written(f"{table}.csv", "csv", table, schema.TITLES[table][0], rows, dialect=self._dialect)
            for table, rows in self._rows.items()
        ]


class ParquetTables:
    """Every table of the seam as Parquet. Rows come table by table; one that is whole holds its last row group no
    longer than that."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int) -> None:  # noqa: ARG002 - as all sinks
        self._files = {table: ParquetFile(staging / f"{table}.parquet", table) for table in schema.ROW_TYPES}
        self._rows = dict.fromkeys(self._files, 0)
        self._now = ""

    def add(self, table: str, rows: pa.Table) -> None:
        if self._now not in ("", table):
            self._files[self._now].close()
        self._now = table
        self._files[table].add(rows)
        self._rows[table] += rows.num_rows

    def close(self) -> list[Written]:
        for file in self._files.values():
            file.close()
        return [
            Written(f"{table}.parquet", "parquet", table, schema.TITLES[table][0], rows)
            for table, rows in self._rows.items()
        ]
