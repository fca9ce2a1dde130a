"""People's corrections: rows of `corrections.csv`, applied last, each guarded by the value it replaces.

In: the file, and the observations of one report. Out: the observations with the corrected cells, status
`corrected`; what the corrections settle; and a doubt for every correction whose guard no longer holds or
whose row is not there: then nothing is changed. The file belongs to people: a run makes it once with its
header and never rewrites it (the review desk adds rows to it, see `baocao.decisions`).

A correction is about bytes (`sha256`), so it follows a file that was moved. Its place is table, row, measure
and breakdown; where the columns behind `when` say which row was meant (appendix, stt, indicator, printed
name), a row that a newer reader counts differently is found again, and a row that only happens to stand at
the old place is left alone. `value` = `expect` says that the figure stands as printed; an empty `value` that
it is not to be used. `column` = `finding:<code>` settles a finding that is about no single figure.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa

from baocao import schema
from baocao.errors import UsageError
from baocao.output import sync
from baocao.rows import plain_decimal
from extract.text import fold
from normalize.findings import Doubt
from normalize.units import parse_unit

COLUMNS = tuple(column.name for column in schema.columns("corrections"))
REQUIRED = COLUMNS[: COLUMNS.index("when") + 1]
FINDING = "finding:"
ACCEPTED, CORRECTED, REJECTED = "accepted", "corrected", "rejected"
# What stands for which row and file is not a reading, so it cannot be corrected.
_FIXED = frozenset(
    {"observation_id", "report_id", "source", "table", "row", "is_primary", "status", "method", "confidence"}
)
_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")


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
    reason: str = ""
    who: str = ""
    when: str = ""
    appendix: str = ""
    stt: str = ""
    indicator_id: str = ""
    indicator_raw: str = ""

    @property
    def verdict(self) -> str:
        """What it says: accepted (the figure stands), rejected (it is not to be used), corrected."""
        if self.value.strip() == self.expect.strip():
            return ACCEPTED
        return CORRECTED if self.value.strip() else REJECTED


@dataclass(frozen=True, slots=True)
class Applied:
    """`settled`: observation id → verdict of the last correction that was applied to it."""

    rows: pa.Table
    doubts: list[Doubt] = field(default_factory=list)
    settled: dict[str, str] = field(default_factory=dict)


class Corrections:
    """Corrections by the content they are about."""

    def __init__(self, rows: Iterable[Correction] = ()) -> None:
        self._by_sha256: dict[str, list[Correction]] = {}
        for row in rows:
            self._by_sha256.setdefault(row.sha256, []).append(row)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._by_sha256

    def apply(self, sha256: str, rows: pa.Table) -> Applied:
        """The observations of one report with its corrections, one after another as they stand in the file."""
        target = schema.arrow_schema("observations", stored=True)
        observations = rows.to_pylist()
        places = Places(observations)
        doubts, settled = [], {}
        for correction in self._by_sha256[sha256]:
            if correction.column.startswith(FINDING):
                continue
            row = places.find(correction)
            doubt = _correct(row, correction)
            if doubt is not None:
                doubts.append(doubt)
            elif row is not None:
                settled[row["observation_id"]] = correction.verdict
        return Applied(pa.Table.from_pylist(observations, schema=target), doubts, settled)

    def settles(self, sha256: str, finding: Mapping[str, Any]) -> bool:
        """Whether a row settles this finding itself: same code, place and actual text."""
        keys = (c for c in self._by_sha256.get(sha256, ()) if c.column.startswith(FINDING))
        return any(
            c.column == FINDING + finding["code"]
            and (c.table, c.row) == (_as_text(finding["table"]), _as_text(finding["row"]))
            and (c.measure, c.stt) == (finding["measure"], finding["stt"])
            and c.expect == (finding["actual"] or "").strip()
            for c in keys
        )


class Places:
    """The rows of one report, to be found by a correction's place and by what it says stood there."""

    def __init__(self, observations: Iterable[dict[str, Any]]) -> None:
        self._at: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
        self._of: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in observations:
            place = (str(row["table"]), str(row["row"]), row["measure"], row["breakdown"])
            self._at.setdefault(place, []).append(row)
            self._of.setdefault(place[2:], []).append(row)

    def find(self, correction: Correction) -> dict[str, Any] | None:
        """The row that is meant, or None where there is none or more than one could be."""
        measure = correction.measure or "actual"
        at = self._at.get((correction.table, correction.row, measure, correction.breakdown), [])
        if not (correction.stt or correction.indicator_raw or correction.indicator_id):
            return _only([row for row in at if _guarded(row, correction)] if len(at) > 1 else at)
        same = [row for row in at if _is_meant(row, correction)]
        if len(same) > 1:  # cross-tables: several indicators share row and measure
            same = [row for row in same if row["indicator_id"] == correction.indicator_id]
        if same:
            return _only(same)
        elsewhere = [row for row in self._of.get((measure, correction.breakdown), []) if _is_meant(row, correction)]
        if len(elsewhere) > 1:
            elsewhere = [row for row in elsewhere if row["appendix"] == correction.appendix]
        return _only(elsewhere)


def _only(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    return rows[0] if len(rows) == 1 else None


def _is_meant(row: Mapping[str, Any], correction: Correction) -> bool:
    """Same row code, and the same printed name or (where the name is read better now) the same indicator."""
    if row["stt"] != correction.stt:
        return False
    is_named_alike = bool(correction.indicator_raw) and fold(row["indicator_raw"]) == fold(correction.indicator_raw)
    return is_named_alike or row["indicator_id"] == correction.indicator_id != ""


def _guarded(row: Mapping[str, Any], correction: Correction) -> bool:
    kinds = {column.name: column.type for column in schema.columns("observations")}
    kind = kinds.get(correction.column, "")
    return bool(kind) and same_value(_as_text(row[correction.column]), correction.expect, kind)


def _correct(row: dict[str, Any] | None, correction: Correction) -> Doubt | None:
    """Change one row in place; a doubt where that cannot be done."""
    kinds = {column.name: column.type for column in schema.columns("observations")}
    kind = kinds.get(correction.column, "")
    if row is None or not kind or correction.column in _FIXED:
        return _stale(row, correction, "")
    actual = _as_text(row[correction.column])
    if not same_value(actual, correction.expect, kind):
        return _stale(row, correction, actual)
    if kind not in ("string", "decimal"):
        return _stale(row, correction, actual)
    number = _number(correction.value) if kind == "decimal" else None
    if kind == "decimal" and correction.value.strip() and number is None:
        return _stale(row, correction, actual)
    if kind == "string":
        row[correction.column] = correction.value
    elif number != _number(actual):
        row[correction.column] = number
        if correction.column == "value":
            _follow_value(row, number)
    row["status"] = "corrected"
    return None


def _follow_value(row: dict[str, Any], number: str | None) -> None:
    """What is made from the value: base units, the answer's label, the kind where none was printed."""
    unit = parse_unit(row["unit"])
    is_scaled = bool(unit.base) and row["value_kind"] != "code"
    row["value_base"] = plain_decimal(Decimal(number) * unit.scale) if number is not None and is_scaled else None
    labels = {plain_decimal(code): label for code, label in unit.labels}
    row["value_label"] = labels.get(number or "", "")
    if number is not None and row["value_kind"] in ("blank", "text"):
        row["value_kind"] = "percent" if unit.kind == "percent" else "code" if labels else "number"


def same_value(actual: str, expect: str, kind: str) -> bool:
    """Whether the guard holds: numbers by value, text without the space around it."""
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


def ensure_file(path: Path, scratch: Path) -> None:
    """Make the file with its header where there is none, or one without a byte, as a power cut leaves it.

    It is written in `scratch`, a folder of the same disk, and moved: a run killed meanwhile would leave an empty file,
    which later ones would take for a person's.
    """
    if not path.exists() or not path.stat().st_size:
        fresh = scratch / f"{path.name}.new"
        fresh.write_bytes(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\n")
        sync(fresh)
        fresh.replace(path)


def read_rows(path: Path) -> list[Correction]:
    """The rows of the file. Raises `UsageError` where it is missing, is no CSV or lacks a column.

    A file that a Vietnamese Excel saved has semicolons; that is told from the header.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        mark = ";" if first.count(";") > first.count(",") else ","
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
        rows = list(reader)
        names = set(reader.fieldnames or REQUIRED)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"The corrections in {path} cannot be read: {error}."
        raise UsageError(message, "Save the file as CSV UTF-8.") from error
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UsageError(f"{path} lacks the column {missing[0]}.", f"Its columns are {', '.join(COLUMNS)}.")
    return [
        Correction(**{name: unguarded((row.get(name) or "").strip()) for name in Correction.__dataclass_fields__})
        for row in rows
    ]


def load_corrections(path: Path) -> Corrections:
    """The file as corrections by content; raises as `read_rows` does."""
    return Corrections(read_rows(path))


def unguarded(cell: str) -> str:
    """A CSV cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA_STARTS else cell
