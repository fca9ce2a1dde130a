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
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema
from baocao.output import sync
from baocao.rows import Payload, decode

DETAIL_TABLES = tuple(table for table in schema.ROW_TYPES if table != "reports")
_EXTRA = (("figures", pa.string()), ("appendices", pa.string()), *((f"rows_{t}", pa.int64()) for t in DETAIL_TABLES))


def to_arrow(table: str, cells: dict[str, list[Any]]) -> pa.Table:
    """Columns as they travel → a table of the stored schema."""
    arrays = []
    for field in schema.arrow_schema(table, stored=True):
        values = cells[field.name]
        is_date = pa.types.is_date32(field.type)
        arrays.append(pa.array(values, pa.string()).cast(pa.date32()) if is_date else pa.array(values, field.type))
    return pa.Table.from_arrays(arrays, schema=schema.arrow_schema(table, stored=True))


def usable(packed: bytes) -> Payload | None:
    """What a child sent, where it can be stored; None where it is no result of `baocao.rows`."""
    try:
        payload = decode(packed)
        for table, cells in payload.tables.items():
            to_arrow(table, cells)
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return payload


DOCUMENTS = "documents.bin"
_MAGIC = b"PAR1"  # a Parquet file ends with it


def write_part(folder: Path, payloads: Sequence[Payload], documents: Sequence[bytes] = ()) -> list[tuple[int, int]]:
    """Write a part with these reports, in this order; where each report's document lies (offset, length)."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for table in schema.ROW_TYPES:
        content = to_arrow(table, _joined(table, payloads))
        if table == "reports":
            content = _with_extra(content, payloads)
        path = fresh / f"{table}.parquet"
        pq.write_table(content, path, compression="zstd", compression_level=1)
        sync(path)
    places = [(0, 0)] * len(payloads)
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


def _joined(table: str, payloads: Iterable[Payload]) -> dict[str, list[Any]]:
    cells: dict[str, list[Any]] = {column.name: [] for column in schema.columns(table)}
    for payload in payloads:
        for name, values in payload.tables[table].items():
            cells[name].extend(values)
    return cells


def _with_extra(reports: pa.Table, payloads: Sequence[Payload]) -> pa.Table:
    facts: dict[str, list[Any]] = {
        "figures": [p.figures for p in payloads],
        "appendices": ["\x1f".join(p.appendices) for p in payloads],
        **{f"rows_{table}": [p.n_rows(table) for p in payloads] for table in DETAIL_TABLES},
    }
    for name, kind in _EXTRA:
        reports = reports.append_column(f"_{name}", pa.array(facts[name], kind))
    return reports


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
            strings = [f.name for f in schema.arrow_schema(name, stored=True) if pa.types.is_string(f.type)]
            plain = {"observation_id", "finding_id", "text", "text_after"}
            dictionary = [column for column in strings if column not in plain]
            self._tables[name] = self._read(name, dictionary)
        return self._tables[name]

    def whole(self, name: str) -> pa.Table:
        """A table with plain columns, not kept."""
        return self._read(name)

    def _read(self, name: str, dictionary: Sequence[str] | None = None) -> pa.Table:
        try:
            return pq.read_table(self.folder / f"{name}.parquet", read_dictionary=dictionary)
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

    def release(self) -> None:
        self._tables.clear()
