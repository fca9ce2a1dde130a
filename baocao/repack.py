"""Parts put in the order of the sources again, so that writing the dataset reads each of them once.

In: the entries of a run, the parts and the ledger. Out: the same entries, their rows in new parts of the usual size,
in the order of the names. A first run leaves parts in that order; files that come one evening after the other, are
moved or renamed leave rows scattered over many parts, and writing would load a part for every few rows. Where that
is so, rows are dealt into scratch files by the part they go to, one table at a time, then each new part is written
whole; memory holds an old part's table or a few new ones. The ledger is told of all new parts at once: a run killed
before that leaves only folders that the next one removes. What the dataset says does not depend on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema
from baocao.entries import Entries, Entry
from baocao.ledger import Ledger, Place
from baocao.output import sync
from baocao.parts import DOCUMENTS, Part, document_in

_Ints: TypeAlias = "np.ndarray[Any, Any]"
ROOM_FOR_RUNS = 64  # so many pieces more than there need be are no matter
_TIMES = 2
_PARTS_A_SLICE, _SLICE_BYTES = 8, 128_000_000  # written from one scratch file; bytes are those of packed documents
_PART_BYTES = 64_000_000
_ORDER = "_order"


def is_scattered(entries: Iterable[Entry], reports_a_part: int) -> bool:
    """Would writing hop between parts much more often than it has to?"""
    n_runs, n_living, last = 0, 0, ("", 0)
    for entry in entries:
        if entry.part:
            n_living += 1
            n_runs += (entry.part, entry.place) != (last[0], last[1] + 1)
            last = entry.part, entry.place
    return n_runs > ROOM_FOR_RUNS + _TIMES * -(-n_living // reports_a_part)


def repack(entries: Entries, parts: Path, scratch: Path, ledger: Ledger, first: int, size: int) -> None:
    """Write parts numbered from `first`, of at most `size` reports, in the order of the entries; ledger and entries
    point there afterwards."""
    order: dict[Place, int] = {}
    for entry in entries:
        if entry.part:
            order.setdefault((entry.part, entry.place), len(order))
    by_part: dict[str, list[tuple[int, int]]] = {}
    for (part, place), new in order.items():
        by_part.setdefault(part, []).append((place, new))
    old, documents = list(order), ledger.documents()
    weights = [documents.get(place, (0, 0))[1] for place in old]
    starts = _cut(weights, size, _PART_BYTES)
    slices = _cut([sum(weights[a:b]) for a, b in pairwise(starts)], _PARTS_A_SLICE, _SLICE_BYTES)
    names = [f"{first + n:06d}" for n in range(len(starts) - 1)]
    for name in names:
        shutil.rmtree(_fresh(parts, name), ignore_errors=True)
        _fresh(parts, name).mkdir(parents=True)
    for table in schema.ROW_TYPES:
        _deal(table, by_part, parts, scratch, np.array([starts[n] for n in slices]))
        for number, rows in _gathered(scratch, starts, slices):
            path = _fresh(parts, names[number]) / f"{table}.parquet"
            pq.write_table(rows, path, compression="zstd", compression_level=1)
            sync(path)
        shutil.rmtree(scratch)
    moved: dict[Place, tuple[str, int, int, int]] = {}
    for name, (start, end) in zip(names, pairwise(starts), strict=True):
        fresh = _fresh(parts, name)
        with (fresh / DOCUMENTS).open("wb") as file:
            for place, before in enumerate(old[start:end]):
                offset, length = documents.get(before, (0, 0))
                content = document_in(parts / before[0], offset, length) if length else b""
                moved[before] = (name, place, file.tell(), file.write(content))
        sync(fresh / DOCUMENTS)
        sync(fresh)
        fresh.replace(parts / name)
    sync(parts)
    ledger.move(moved)
    entries.move((before, (part, place)) for before, (part, place, *_) in moved.items())


def _fresh(parts: Path, name: str) -> Path:
    return parts / f".{name}.new"


def _cut(weights: Sequence[int], most: int, most_weight: int) -> list[int]:
    """Where neighbours are cut into pieces of at most `most` things and about `most_weight`; both ends included."""
    cuts, weight = [0], 0
    for at, one in enumerate(weights):
        if at > cuts[-1] and (at - cuts[-1] >= most or weight + one > most_weight):
            cuts.append(at)
            weight = 0
        weight += one
    return [*cuts, len(weights)]


def _deal(table: str, by_part: Mapping[str, list[tuple[int, int]]], parts: Path, scratch: Path, starts: _Ints) -> None:
    """Every living row of a table into the scratch file of the slice it goes to, with its report's new number."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    files: dict[int, pa.ipc.RecordBatchFileWriter] = {}
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for name in sorted(by_part):
        part = Part(parts / name)
        new = np.full(part.reports.num_rows, -1, dtype=np.int64)
        for place, number in by_part[name]:
            new[place] = number
        rows = part.whole(table)
        numbers = new if table == "reports" else np.repeat(new, part.counts(table))
        order = np.argsort(numbers, kind="stable")
        order = order[np.searchsorted(numbers[order], 0) :]  # rows of reports that are gone come first
        rows = rows.append_column(_ORDER, pa.array(numbers)).take(pa.array(order)).combine_chunks()
        ends = [*np.searchsorted(numbers[order], starts).tolist()]
        for at, (start, end) in enumerate(pairwise(ends)):
            if start < end or not files:  # at least one file, so that the columns are known
                if at not in files:
                    files[at] = pa.ipc.new_file(scratch / f"{at}.arrow", rows.schema, options=options)
                files[at].write_table(rows.slice(start, end - start))
    for file in files.values():
        file.close()


def _gathered(scratch: Path, starts: Sequence[int], slices: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
    """(number of a new part, its rows), part by part."""
    with pa.ipc.open_file(next(scratch.iterdir())) as reader:
        empty = reader.schema.empty_table()
    for at, (first, last) in enumerate(pairwise(slices)):
        path, rows = scratch / f"{at}.arrow", empty
        if path.exists():
            with pa.ipc.open_file(path) as reader:
                rows = reader.read_all()
            path.unlink()
        keys = rows.column(_ORDER).to_numpy()
        order = np.argsort(keys, kind="stable")
        rows = rows.drop_columns([_ORDER]).take(pa.array(order)).combine_chunks()
        ends = np.searchsorted(keys[order], starts[first : last + 1]).tolist()
        for number, (start, end) in enumerate(pairwise(ends), first):
            yield number, rows.slice(start, end - start)
