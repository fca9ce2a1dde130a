"""The dataset that stands in the output: what it was made of, and whether a run would write the same again.

In: the output folder, the entries of a run. Out: the files the standing dataset speaks of; and, where nothing
it depends on has changed and none of its files was touched, the summary of the run that wrote it, so that a run
over an unchanged folder of 100,000 reports need not write a dataset only to find it the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from baocao.entries import Entry
from baocao.errors import Failure, RunSummary
from baocao.ledger import Ledger, program_fingerprint
from baocao.output import MANIFEST, Output


def sources_of(root: Path) -> dict[str, str]:
    """Source → sha256 of the files the standing dataset speaks of; empty where none stands or it is damaged."""
    path = root / "reports.parquet"
    if not path.is_file():
        return {}
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:  # not `read_table`, which loads all that reads folders of files
            rows = file.read(columns=["source", "sha256"], use_threads=False)
    except (OSError, pa.ArrowException):
        return {}
    return dict(zip(rows.column("source").to_pylist(), rows.column("sha256").to_pylist(), strict=True))


def state_of(entries: Iterable[Entry], corrections: Path, csv_dialect: str = "") -> str:
    """A digest of everything a dataset depends on: the program, the readings, their names, the corrections, and
    how the CSV files are written."""
    digest = hashlib.sha256(f"{program_fingerprint()}{csv_dialect}".encode())
    digest.update(corrections.read_bytes() if corrections.is_file() else b"")
    for e in entries:
        line = "\x1f".join((e.source, e.sha256, e.report_id, e.status, e.code, e.message, e.part, str(e.place)))
        digest.update(line.encode("utf-8", "surrogatepass") + b"\x1e")
    return digest.hexdigest()


def remember(output: Output, ledger: Ledger, state: str, summary: RunSummary) -> None:
    """Record what was written, and how its files look."""
    ledger.remember(state, json.dumps([_look_of(output), _plain(summary)], default=_plain))


def recall(output: Output, ledger: Ledger, state: str) -> RunSummary | None:
    """The summary of the run that wrote exactly this dataset; None where it has to be written."""
    written = ledger.written(state)
    if written is None or not (output.root / MANIFEST).is_file():
        return None
    look, plain = json.loads(written)
    if look != _look_of(output):
        return None
    plain["out"] = output.root
    for name in ("failures", "skips"):
        plain[name] = tuple(Failure(*cells) for cells in plain[name])
    plain["warnings"] = tuple(plain["warnings"])
    counted = {name: MappingProxyType(plain[name]) for name in ("failed", "skipped", "findings")}
    return RunSummary(**{**plain, **counted})


def _look_of(output: Output) -> str:
    """Size and time of every file of the dataset: a file that was touched is written again."""
    digest = hashlib.sha256()
    for name in (*sorted(output.ours()), MANIFEST):
        try:
            stat = (output.root / name).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        except OSError:
            digest.update(f"{name} missing\n".encode())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """A summary as plain values, by field."""
    if isinstance(value, Failure):
        return [value.source, value.code, value.message, value.next_step]
    if isinstance(value, RunSummary):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, MappingProxyType):
        return dict(value)
    return str(value) if isinstance(value, Path) else value
