"""People's corrections: rows of `corrections.csv`, applied last, each guarded by the value it replaces.

In: the file, and the observations of one report. Out: the observations with the corrected cells, status
`corrected`, and a doubt for every correction whose guard no longer holds or whose row is not there: then
nothing is changed. The file belongs to people: it is made once with its header and never rewritten.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa

from baocao import schema
from baocao.errors import UsageError
from baocao.rows import plain_decimal
from normalize.findings import Doubt

_COLUMNS = tuple(column.name for column in schema.columns("corrections"))
# What stands for which row and file is not a reading, so it cannot be corrected.
_FIXED = frozenset(
    {"observation_id", "report_id", "source", "table", "row", "is_primary", "status", "method", "confidence"}
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the file; all cells as text."""

    sha256: str
    table: str
    row: str
    measure: str
    breakdown: str
    column: str
    expect: str
    value: str


class Corrections:
    """Corrections by the content they are about."""

    def __init__(self, rows: Iterable[Correction] = ()) -> None:
        self._by_sha256: dict[str, list[Correction]] = {}
        for row in rows:
            self._by_sha256.setdefault(row.sha256, []).append(row)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._by_sha256

    def apply(self, sha256: str, rows: pa.Table) -> tuple[pa.Table, list[Doubt]]:
        """The observations of one report with its corrections, and the doubts about those not applied."""
        target = schema.arrow_schema("observations", stored=True)
        observations = rows.to_pylist()
        places: dict[tuple[str, str, str, str], dict[str, Any]] = {
            (str(o["table"]), str(o["row"]), o["measure"], o["breakdown"]): o for o in observations
        }
        doubts = []
        for correction in self._by_sha256[sha256]:
            key = (correction.table, correction.row, correction.measure or "actual", correction.breakdown)
            doubt = _correct(places.get(key), correction)
            if doubt is not None:
                doubts.append(doubt)
        return pa.Table.from_pylist(observations, schema=target), doubts


def _correct(row: dict[str, Any] | None, correction: Correction) -> Doubt | None:
    """Change one row in place; a doubt where that cannot be done."""
    kinds = {column.name: column.type for column in schema.columns("observations")}
    kind = kinds.get(correction.column, "")
    if row is None or not kind or correction.column in _FIXED:
        return _stale(row, correction, "")
    actual = _as_text(row[correction.column])
    if not _same(actual, correction.expect, kind):
        return _stale(row, correction, actual)
    if kind in ("string", "decimal"):
        number = _number(correction.value) if kind == "decimal" else None
        if kind == "decimal" and correction.value.strip() and number is None:
            return _stale(row, correction, actual)
        row[correction.column] = correction.value if kind == "string" else number
    else:
        return _stale(row, correction, actual)
    row["status"] = "corrected"
    return None


def _same(actual: str, expect: str, kind: str) -> bool:
    expect = expect.removeprefix("'") if expect[:2] != actual[:2] else expect
    if kind == "decimal":
        return (_number(actual) or "") == (_number(expect) or "") and (bool(actual.strip()) == bool(expect.strip()))
    return actual.strip() == expect.strip()


def _number(text: str) -> str | None:
    try:
        return plain_decimal(Decimal(text.strip().replace(",", "."))) if text.strip() else None
    except (InvalidOperation, ValueError):
        return None


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _stale(row: dict[str, Any] | None, correction: Correction, actual: str) -> Doubt:
    known = row or {}
    facts = (
        ("actual", actual),
        ("column", correction.column),
        ("expected", correction.expect),
        ("row", correction.row),
        ("table", correction.table),
    )
    return Doubt(
        "correction-stale",
        facts=facts,
        observation_id=known.get("observation_id", ""),
        appendix=known.get("appendix", ""),
        stt=known.get("stt", ""),
        table=_whole(correction.table),
        row=_whole(correction.row),
        measure=correction.measure,
        breakdown=correction.breakdown,
        indicator_id=known.get("indicator_id", ""),
        page=known.get("page"),
        expected=correction.expect,
        actual=actual,
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def ensure_file(path: Path) -> None:
    """Make the file with its header where there is none."""
    if not path.exists():
        path.write_bytes(b"\xef\xbb\xbf" + ",".join(_COLUMNS).encode() + b"\n")


def load_corrections(path: Path) -> Corrections:
    """Read the file. Raises `UsageError` where it is missing, is no CSV or lacks a column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
            names = set(rows[0]) if rows else set(_COLUMNS)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"The corrections in {path} cannot be read: {error}."
        raise UsageError(message, "Save the file as CSV UTF-8.") from error
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise UsageError(f"{path} lacks the column {missing[0]}.", f"Its columns are {', '.join(_COLUMNS)}.")
    fields = Correction.__dataclass_fields__
    return Corrections(Correction(**{name: (row[name] or "").strip() for name in fields}) for row in rows)
