"""Every table of a dataset as a view of a DuckDB connection.

In: the folder of a dataset. Out: views named as the files: `observations` … `citations` (Parquet), `catalogue` and
`unmatched` (CSV, with the types of the schema and without the apostrophes against formulas), `corrections` as
people left it, and `figures`, the rows that may be added up without a second look. Nothing is loaded before it is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from baocao import schema
from baocao.corrections import COLUMNS, read_rows
from baocao.output import KEPT
from baocao.writers.write_csv import DIALECTS, EXCEL_VI, RFC, Dialect, guards

_CSV_TABLES = ("catalogue", "unmatched")
_SQL_TYPES = {"string": "VARCHAR", "integer": "INTEGER", "number": "DOUBLE", "decimal": "DOUBLE", "boolean": "BOOLEAN",
              "date": "DATE"}  # fmt: skip
# The reporting period's own figures of whole rows, each report once, none of them in doubt.
FIGURES = "is_primary AND measure = 'actual' AND breakdown = '' AND value IS NOT NULL AND status IN ('ok', 'corrected')"


def files(root: Path) -> Iterator[Path]:
    """The files the views read."""
    yield from (root / f"{table}.parquet" for table in schema.ROW_TYPES)
    yield from (root / f"{table}.csv" for table in _CSV_TABLES)


def add_views(connection: Any, root: Path) -> None:
    """Make the views. Raises `UsageError` where the corrections cannot be read."""
    for table in schema.ROW_TYPES:
        path = quoted(root / f"{table}.parquet")
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({path})")  # noqa: S608 - our own names
    for table in _CSV_TABLES:
        connection.execute(f"CREATE VIEW {table} AS {_of_csv(table, root / f'{table}.csv')}")
    connection.execute(f"CREATE VIEW figures AS SELECT * FROM observations WHERE {FIGURES}")  # noqa: S608
    names = ", ".join(f'"{name}" VARCHAR' for name in COLUMNS)
    connection.execute(f"CREATE TABLE corrections ({names})")
    given = read_rows(root / KEPT) if (root / KEPT).is_file() else []
    if given:
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO corrections VALUES ({marks})", [list(astuple(row)) for row in given])  # noqa: S608


def quoted(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def dialect_of(path: Path) -> Dialect:
    """How a CSV file of a dataset was written, told from its header."""
    with path.open(encoding="utf-8-sig") as lines:
        return DIALECTS[EXCEL_VI.name] if EXCEL_VI.delimiter in lines.readline() else RFC


def _of_csv(table: str, path: Path) -> str:
    dialect = dialect_of(path)
    cells = []
    for column in schema.columns(table):
        name, kind = f'"{column.name}"', _SQL_TYPES[column.type]
        if kind == "VARCHAR":
            guard = guards(dialect).replace("'", "''")
            cell = f"regexp_replace(coalesce({name}, ''), '{guard}', '\\1', 's')"
        elif kind == "DOUBLE":
            cell = f"CAST(replace(nullif({name}, ''), '{dialect.decimal}', '.') AS DOUBLE)"
        else:
            cell = f"CAST(nullif({name}, '') AS {kind})"
        cells.append(f"{cell} AS {name}")
    return (
        f"SELECT {', '.join(cells)} FROM read_csv({quoted(path)}, delim = '{dialect.delimiter}', header = true,"  # noqa: S608
        " all_varchar = true, quote = '\"', escape = '\"', strict_mode = true)"
    )
