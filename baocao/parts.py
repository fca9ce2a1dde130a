"""Parts: the rows of some hundred reports in one folder of Parquet files, written whole or not at all.

In: packed reports (`baocao.rows`). Out: a folder `<part>/<table>.parquet` under `.work/parts/`, made under
a temporary name, fsynced and renamed. Columns are those of the dataset with decimals as text, strings
dictionary-encoded when read; `reports` also says how many rows each report has in the other tables, so any
report's rows are a slice. Parts say what was read from a file's *bytes*: name, copies, history and
corrections are put on top when the dataset is written. Beside the tables lie the documents the rows were made
from, packed one behind the other in `documents.bin`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema
from baocao.columnar import table_of
from baocao.jobs import Outcome
from baocao.ledger import Reading
from baocao.once import PLAIN
from baocao.output import sync
from baocao.rows import Payload, decode

DETAIL_TABLES = tuple(table for table in schema.ROW_TYPES if table != "reports")
_EXTRA = (("figures", pa.string()), ("appendices", pa.string()), *((f"rows_{t}", pa.int64()) for t in DETAIL_TABLES))


def to_arrow(table: str, cells: dict[str, list[Any]]) -> pa.Table:
    """Columns as lists → a table of the stored schema. For few rows: every cell is a Python object."""
    arrays = []
    for field in schema.arrow_schema(table, stored=True):
        values = cells[field.name]
        is_date = pa.types.is_date32(field.type)
        arrays.append(pa.array(values, pa.string()).cast(pa.date32()) if is_date else pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=schema.arrow_schema(table, stored=True))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of some reports as they are stored: table → rows, reports one behind the other."""

    n_reports: int
    tables: dict[str, pa.Table]


def sort_out(came: Sequence[Outcome]) -> tuple[Rows, list[Outcome], list[tuple[int, Reading]]]:
    """The rows that came, the outcomes they belong to in this order, and what the other jobs (by key) ended in."""
    with_rows = [outcome for outcome in came if outcome.packed is not None]
    rows, usable = _usable([outcome.packed or b"" for outcome in with_rows])
    good = [outcome for outcome, is_usable in zip(with_rows, usable, strict=True) if is_usable]
    keys = {outcome.key for outcome in good}
    return rows, good, [(outcome.key, _failure(outcome)) for outcome in came if outcome.key not in keys]


def _failure(outcome: Outcome) -> Reading:
    if outcome.packed is not None:
        return Reading(code="crashed", message="The reader sent what is no result.", next_step="Report this file.")
    return Reading(code=outcome.code, message=outcome.message, next_step=outcome.next_step)


def _usable(packed: Sequence[bytes]) -> tuple[Rows, list[bool]]:
    """What children sent, as rows; and for each whether it can be stored or is no result of `baocao.rows`."""
    payloads = [_decoded(one) for one in packed]
    try:
        return _rows([p for p in payloads if p]), [p is not None for p in payloads]
    except ValueError:  # one of them spoils the columns of all
        good = [p is not None and _is_sound(p) for p in payloads]
        return _rows([p for p, is_good in zip(payloads, good, strict=True) if p and is_good]), good


def _decoded(packed: bytes) -> Payload | None:
    try:
        return decode(packed)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _is_sound(payload: Payload) -> bool:
    try:
        _rows([payload])
    except ValueError:
        return False
    return True


def _rows(payloads: Sequence[Payload]) -> Rows:
    tables = {table: table_of(table, payloads) for table in schema.ROW_TYPES}
    return Rows(len(payloads), {**tables, "reports": _with_extra(tables["reports"], payloads)})


DOCUMENTS = "documents.bin"
_MAGIC = b"PAR1"  # a Parquet file ends with it
_HOW: dict[str, Any] = {"compression": "zstd", "compression_level": 1, "write_statistics": False}


def write_part(folder: Path, rows: Rows, documents: Sequence[bytes] = ()) -> list[tuple[int, int]]:
    """Write a part with these reports; where each report's document lies (offset, length)."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for table in schema.ROW_TYPES:
        path = fresh / f"{table}.parquet"
        pq.write_table(rows.tables[table], path, use_dictionary=_often_said(table), **_HOW)
        sync(path)
    places = [(0, 0)] * rows.n_reports
    if any(documents):
        with (fresh / DOCUMENTS).open("wb") as file:
            places = [(file.tell(), file.write(document)) for document in documents]
        sync(fresh / DOCUMENTS)
    sync(fresh)
    fresh.replace(folder)
    sync(folder.parent)
    return places


def is_whole(folder: Path) -> bool:
    """Is every table of the part there, to its end? (A glance; what is damaged inside shows when it is read.)"""
    return all(_ends_well(folder / f"{table}.parquet") for table in schema.ROW_TYPES)


def _ends_well(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-len(_MAGIC), os.SEEK_END)
            return file.read() == _MAGIC
    except OSError:
        return False


def document_in(part: Path, offset: int, length: int) -> bytes:
    """A packed document of a part."""
    with (part / DOCUMENTS).open("rb") as file:
        file.seek(offset)
        return file.read(length)


def _with_extra(reports: pa.Table, payloads: Sequence[Payload]) -> pa.Table:
    facts: dict[str, list[Any]] = {
        "figures": [p.figures for p in payloads],
        "appendices": ["\x1f".join(p.appendices) for p in payloads],
        **{f"rows_{table}": [p.n_rows[table] for p in payloads] for table in DETAIL_TABLES},
    }
    for name, kind in _EXTRA:
        reports = reports.append_column(f"_{name}", pa.array(facts[name], kind))
    return reports


def _often_said(table: str) -> list[str]:
    """The columns of text that say the same in many rows."""
    strings = [field.name for field in schema.arrow_schema(table, stored=True) if pa.types.is_string(field.type)]
    return [name for name in strings if name not in PLAIN]


class PartDamaged(Exception):
    """A part that cannot be read any more. It only saves work: without it the files are read again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class Part:
    """A part on disk; tables are read when first asked for and kept as long as the part is. Raises `PartDamaged`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, pa.Table] = {}

    @cached_property
    def reports(self) -> pa.Table:
        return self._read("reports")

    def table(self, name: str) -> pa.Table:
        if name == "reports":
            return self.reports
        if name not in self._tables:
            self._tables[name] = self._read(name, _often_said(name))
        return self._tables[name]

    def whole(self, name: str) -> pa.Table:
        """A table with plain columns, not kept."""
        return self._read(name)

    def _read(self, name: str, dictionary: Sequence[str] | None = None) -> pa.Table:
        try:
            with pq.ParquetFile(self.folder / f"{name}.parquet", read_dictionary=dictionary) as file:
                return file.read(use_threads=False)  # the writers' threads have work enough
        except (OSError, pa.ArrowException) as error:
            raise PartDamaged(self.folder) from error

    def counts(self, name: str) -> np.ndarray[Any, Any]:
        """Rows of each report in a table, in the part's order."""
        counts: np.ndarray[Any, Any] = self.reports.column(f"_rows_{name}").to_numpy()
        return counts

    def slice(self, name: str, first: int, n_reports: int) -> pa.Table:
        """The rows of `n_reports` reports from the `first` on (counted from 0)."""
        if name == "reports":
            return self.reports.slice(first, n_reports)
        counts = self.counts(name)
        start = int(counts[:first].sum())
        return self.table(name).slice(start, int(counts[first : first + n_reports].sum()))
