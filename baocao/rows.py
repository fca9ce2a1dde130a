"""What a reading child hands to the parent: one report's rows as columns, in plain JSON.

In: a `NormalizedReport`. Out: compressed bytes that hold only numbers, strings, booleans and nulls
(nothing a damaged or captured child could use to run code in the parent), and back. Decimals travel
as the shortest plain text (`88.7`, `57`), dates as ISO, measured floats rounded to a thousandth.
Beside the rows go two facts for the history: a digest of the figures and the appendices that hold them.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from baocao import schema
from normalize.model import NormalizedReport, Observation

_MOST_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Payload:
    """One report's rows: table → column → cells. `figures` is empty where no figure was read."""

    tables: dict[str, dict[str, list[Any]]]
    figures: str
    appendices: tuple[str, ...]

    def n_rows(self, table: str) -> int:
        return len(next(iter(self.tables[table].values())))


def plain_decimal(value: Decimal) -> str:
    """Shortest plain notation: `Decimal('5.70E+1')` → `57`; -0 is 0."""
    if not value.is_finite():
        raise ValueError(f"{value} is no printed number")
    if abs(value.adjusted()) > _MOST_DIGITS:
        return str(value)
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _rounded(value: float) -> float:
    return round(float(value), 3) + 0.0


_CONVERT: dict[str, Callable[[Any], Any]] = {
    "decimal": lambda value: plain_decimal(value if isinstance(value, Decimal) else Decimal(str(value))),
    "number": _rounded,
    "date": date.isoformat,
}


def _columns(table: str, rows: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
    rows = tuple(rows)
    for column in schema.columns(table):
        name, convert = column.name, _CONVERT.get(column.type)
        cells = [getattr(row, name) for row in rows]
        yield name, cells if convert is None else [None if c is None else convert(c) for c in cells]


def figures_of(observations: Iterable[Observation]) -> tuple[str, tuple[str, ...]]:
    """A digest of all figures with their places, independent of their order, and the appendices they
    stand in. Two reports with one digest say the same figures. Empty where there is none."""
    lines, appendices = [], set()
    for row in observations:
        if row.value is not None:
            lines.append("\x1f".join((row.appendix, row.stt, row.measure, row.breakdown, plain_decimal(row.value))))
            appendices.add(row.appendix)
    digest = hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "replace")).hexdigest() if lines else ""
    return digest, tuple(sorted(appendices))


def encode(report: NormalizedReport) -> bytes:
    """Pack one report for the pipe."""
    figures, appendices = figures_of(report.observations)
    tables = {
        "reports": (report.report,),
        "observations": report.observations,
        "sections": report.sections,
        "tables": report.tables,
        "findings": report.findings,
        "citations": report.citations,
    }
    packer = zlib.compressobj(1)
    packed = [packer.compress(piece.encode("utf-8", "replace")) for piece in _pieces(tables, figures, appendices)]
    return b"".join((*packed, packer.flush()))


def _pieces(tables: Mapping[str, Iterable[Any]], figures: str, appendices: tuple[str, ...]) -> Iterator[str]:
    """The JSON of a report's rows, column by column: a report of thousands of pages is never one text."""
    for place, (table, found) in enumerate(tables.items()):
        yield f"{',' if place else '[{'}{_json(table)}:{{"
        for n, (name, cells) in enumerate(_columns(table, found)):
            yield f"{',' if n else ''}{_json(name)}:{_json(cells)}"
        yield "}"
    yield f"}},{_json(figures)},{_json(appendices)}]"


_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def decode(packed: bytes, most_bytes: int = 1 << 30) -> Payload:
    """Unpack. Raises ValueError for anything `encode` did not make, or that inflates beyond `most_bytes`."""
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, most_bytes)
    except zlib.error as error:
        raise ValueError("damaged result") from error
    if not inflater.eof:
        raise ValueError("result is cut short or too large")
    tables, figures, appendices = json.loads(content)
    for table in schema.ROW_TYPES:
        names = [column.name for column in schema.columns(table)]
        if list(tables[table]) != names or len({len(cells) for cells in tables[table].values()}) != 1:
            raise ValueError(f"result has other columns in {table}")
    return Payload(tables, str(figures), tuple(map(str, appendices)))
