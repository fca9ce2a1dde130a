"""The files of the dataset: one writer each, one line here.

`SINKS` take the rows as they stream by, in their final order, and write under a staging folder while
memory stays flat. `WRITERS` run after them over the staged files (workbook, page): `write(staged)` returns
what it wrote. What every writer returns, `Written`, goes into the manifest; nothing else is published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Written:
    """One file of the dataset. `name` is relative to the output with `/`; `table` names its columns in
    `baocao.schema`, empty for a file that is no table."""

    name: str
    format: str
    table: str = ""
    title: str = ""
    rows: int = 0
    dialect: str = ""  # of a CSV file, a name in `write_csv.DIALECTS`
    facts: tuple[str, int] | None = None  # its sha256 and size, where the writer knows them


@dataclass(frozen=True, slots=True)
class Staged:
    """A dataset about to be published: its files so far lie in `folder`, the folder it will stand in is `out`.

    `n_observations` counts the rows of `observations`; `files` are the names written so far.
    """

    folder: Path
    out: Path
    n_observations: int
    files: tuple[Written, ...]


class Sink(Protocol):
    """Takes rows of the tables it knows, in order; `close` finishes the files."""

    def add(self, table: str, rows: pa.Table) -> None: ...
    def close(self) -> list[Written]: ...


# (staging folder, scratch folder, number of observations to come) → sink
SinkFactory: TypeAlias = Callable[[Path, Path, int], Sink]
Writer: TypeAlias = Callable[[Staged], list[Written]]


def sinks(csv_dialect: str = "") -> Mapping[str, SinkFactory]:
    """The writers that follow the stream, by name. Imported here: Arrow is loaded when a run writes.

    Raises `UsageError` for a CSV dialect there is not.
    """
    from baocao.errors import UsageError
    from baocao.writers.write_catalogue import CatalogueSink, UnmatchedSink
    from baocao.writers.write_csv import DIALECTS
    from baocao.writers.write_indicators import IndicatorSink
    from baocao.writers.write_tables import CsvTables, ParquetTables

    if csv_dialect not in DIALECTS:
        known = ", ".join(sorted(filter(None, DIALECTS)))
        raise UsageError(f"There is no CSV dialect {csv_dialect!r}.", f"Choose one of: {known}.")
    dialect = DIALECTS[csv_dialect]
    return {
        "csv": partial(CsvTables, dialect=dialect),
        "parquet": ParquetTables,
        "indicators": partial(IndicatorSink, dialect=dialect),
        "catalogue": partial(CatalogueSink, dialect=dialect),
        "unmatched": partial(UnmatchedSink, dialect=dialect),
    }


# Name → "module:function" of a `Writer`; resolved when a run writes.
WRITERS: dict[str, str] = {
    "workbook": "baocao.writers.write_workbook:write",
    "page": "baocao.writers.write_page:write",
    "codebook": "baocao.writers.write_codebook:write",
}


def load_writers() -> None:
    """Load what writing a dataset needs, half a second of work that can be done while the readers are loaded elsewhere.
    Pandas is part of it: Arrow asks for it at the first list it is given."""
    import pyarrow as pa

    pa.array([""])
    sinks()
    for module in ("baocao.consolidate", *(target.partition(":")[0] for target in WRITERS.values())):
        import_module(module)
