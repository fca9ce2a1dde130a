"""What a reading child hands to the parent: one report's rows as columns of text.

In: a `NormalizedReport`. Out: bytes that hold nothing but text (nothing a damaged or captured child could use to run
code in the parent), and back. Decimals travel as the shortest plain text (`88.7`, `57`), dates as ISO, measured floats
rounded to a thousandth, an absent value as no text at all. Beside the rows go two facts for the history: a digest of
the figures and the appendices that hold them.

The form is made for a parent that never makes a Python object of a cell (`baocao.columnar`): one line of JSON, then the
columns of the tables that have rows, one behind the other, cells divided by one control character and columns by
another. A column that says the same in every row (most do) says it once.
"""

from __future__ import annotations

import hashlib
import json
import operator
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np

from baocao import schema
from normalize.model import NormalizedReport, Observation

CELL, COLUMN, _ESCAPE = "\x1f", "\x1e", "\x1b"  # end of a cell, end of a column, what stands for one in a text
ESCAPES = ((f"{_ESCAPE}c", CELL), (f"{_ESCAPE}l", COLUMN), (f"{_ESCAPE}e", _ESCAPE))  # undone in this order
SAME, OTHER = "=", ":"  # a column begins so: one cell for all rows, or a cell for each
_PLAIN, _DEFLATED = b"P", b"Z"
_MOST_DIGITS = 60
_MOST_ROWS = 100_000_000
_MANY_BYTES = 64_000_000  # what a result may grow to unasked
_MANY_ROWS = 5_000  # of a report; with so many, the whole is never one text, and no column of it a list
_AT_ONCE = 1_000  # rows of such a report
_MOST_TOLD = 10_000  # texts of numbers and dates that are kept


@dataclass(frozen=True, slots=True)
class Payload:
    """One report's rows: for each table how many there are and, if any, its columns in order, as they travel.
    `figures` is empty where no figure was read."""

    n_rows: dict[str, int]
    columns: dict[str, list[bytes]]
    figures: str
    appendices: tuple[str, ...]


def plain_decimal(value: Decimal) -> str:
    """Shortest plain notation: `Decimal('5.70E+1')` → `57`; -0 is 0."""
    text = str(value)
    if "E" in text or len(text) > _MOST_DIGITS or not value.is_finite():
        if not value.is_finite():
            raise ValueError(f"{value} is no printed number")
        if abs(value.adjusted()) > _MOST_DIGITS:
            return text
        text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _number(value: Any) -> str:
    rounded = round(float(value), 3) + 0.0
    if rounded - rounded != 0:
        raise ValueError(f"{value} is no measure")
    return repr(rounded)


class _Told(dict[Any, str]):
    """Texts of values that come again and again, by value; an absent one has none."""

    def __init__(self, tell: Callable[[Any], str]) -> None:
        super().__init__({None: ""})
        self._tell = tell

    def __missing__(self, value: Any) -> str:
        text = self._tell(value)
        if len(self) < _MOST_TOLD:
            self[value] = text
        return text


_DECIMALS = _Told(lambda text: plain_decimal(Decimal(text)))  # by their own text: hashing a decimal takes longer
# What turns a cell into text, by the type of its column. Equal values have equal texts where they are kept.
_PRINT: dict[str, Callable[[Any], str]] = {
    "decimal": lambda value: "" if value is None else _DECIMALS[str(value)],
    "number": _Told(_number).__getitem__,
    "date": _Told(date.isoformat).__getitem__,
    "integer": _Told(lambda value: str(int(value))).__getitem__,
    "boolean": lambda value: "" if value is None else "1" if value else "0",
}


@lru_cache(maxsize=16)
def _reader_of(table: str) -> Callable[[Any], tuple[Any, ...]]:
    """What turns a row into its cells, in the order of the columns. Every table has two or more."""
    return operator.attrgetter(*(column.name for column in schema.columns(table)))


def figures_of(observations: Iterable[Observation]) -> tuple[str, tuple[str, ...]]:
    """A digest of all figures with their places, independent of their order, and the appendices they
    stand in. Two reports with one digest say the same figures. Empty where there is none."""
    as_text = _PRINT["decimal"]
    return _digest((row.appendix, row.stt, row.measure, row.breakdown, as_text(row.value)) for row in observations)


def _digest(figures: Iterable[tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """Likewise, of places that end with the figure as text, empty where there is none."""
    lines: list[str] = []
    appendices: set[str] = set()
    for place in figures:  # of a long report, one after the other: its rows are packed
        if place[-1]:
            lines.append(CELL.join(place))
            appendices.add(place[0])
    lines.sort()
    digest = hashlib.sha256()
    for start in range(0, len(lines), _AT_ONCE):
        some = "\n".join(lines[start : start + _AT_ONCE])
        digest.update((f"\n{some}" if start else some).encode("utf-8", "replace"))
    return digest.hexdigest() if lines else "", tuple(sorted(appendices))


def encode(report: NormalizedReport) -> bytes:
    """Pack one report for the pipe."""
    tables: dict[str, Sequence[Any]] = {
        "reports": (report.report,),
        "observations": report.observations,
        "sections": report.sections,
        "tables": report.tables,
        "findings": report.findings,
        "citations": report.citations,
    }
    n_rows = [len(tables[table]) for table in schema.ROW_TYPES]
    if max(n_rows) < _MANY_ROWS:
        columns = {table: _columns_of(table, tables[table]) for table in schema.ROW_TYPES if tables[table]}
        places = zip(*[columns["observations"][at] for at in _places()], strict=True) if report.observations else ()
        return _PLAIN + _head(n_rows, *_digest(places)) + _body(columns)
    packer = zlib.compressobj(1)
    packed = [_DEFLATED, packer.compress(_head(n_rows, *figures_of(report.observations)))]
    for table in schema.ROW_TYPES:
        if tables[table]:
            packed += map(packer.compress, _long_columns(table, tables[table]))
    packed.append(packer.flush())
    return b"".join(packed)


def _head(n_rows: list[int], figures: str, appendices: tuple[str, ...]) -> bytes:
    return json.dumps([n_rows, figures, appendices]).encode() + b"\n"


def _columns_of(table: str, rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The cells of each column, decimals as text."""
    columns = list(zip(*map(_reader_of(table), rows), strict=True))
    for at, column in enumerate(schema.columns(table)):
        if column.type == "decimal":
            columns[at] = tuple(map(_PRINT["decimal"], columns[at]))
    return columns


@lru_cache(maxsize=1)
def _places() -> list[int]:
    """The columns of observations that tell a figure and its place."""
    names = [column.name for column in schema.columns("observations")]
    return [names.index(name) for name in ("appendix", "stt", "measure", "breakdown", "value")]


def _body(columns: dict[str, list[tuple[Any, ...]]]) -> bytes:
    """The columns of the tables, one behind the other."""
    packed, n_divided = [], 0
    for table, found in columns.items():
        for column, cells in zip(schema.columns(table), found, strict=True):
            mark, some = _once(cells)
            n_divided += len(some) - 1
            # Encoded by itself: most columns are plain letters, which take more room and time beside others.
            packed.append(f"{mark}{CELL.join(_as_texts(column, some))}{COLUMN}".encode("utf-8", "replace"))
    body = b"".join(packed)
    content = np.frombuffer(body, np.uint8)
    n_of = [int(np.count_nonzero(content == ord(mark))) for mark in (CELL, COLUMN, _ESCAPE)]
    if n_of == [n_divided, len(packed), 0]:
        return body
    packed = []  # some text holds what divides cells
    for table, found in columns.items():
        for column, cells in zip(schema.columns(table), found, strict=True):
            mark, some = _once(cells)
            packed.append(f"{mark}{_divided(_as_texts(column, some))}{COLUMN}".encode("utf-8", "replace"))
    return b"".join(packed)


def _once(cells: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """How a column begins, and the cells that it says."""
    is_same = cells[0] == cells[-1] and cells.count(cells[0]) == len(cells)
    return (SAME, cells[:1]) if is_same else (OTHER, cells)


def _as_texts(column: schema.Column, cells: tuple[Any, ...]) -> Sequence[str]:
    as_text = None if column.type == "decimal" else _PRINT.get(column.type)
    return cells if as_text is None else list(map(as_text, cells))


def _divided(texts: Sequence[str]) -> str:
    joined = CELL.join(texts)
    if joined.count(CELL) >= len(texts) or COLUMN in joined or _ESCAPE in joined:
        joined = CELL.join(map(_escaped, texts))
    return joined


def _long_columns(table: str, rows: Iterable[Any]) -> Iterator[bytes]:
    """As `_columns`, of very many rows, in pieces: the rows are walked once, and of what their columns say only the
    packed text is held."""
    columns = [_LongColumn(_PRINT.get(column.type)) for column in schema.columns(table)]
    cells_of = _reader_of(table)
    walk = map(cells_of, rows)
    while some := tuple(islice(walk, _AT_ONCE)):
        for column, cells in zip(columns, zip(*some, strict=True), strict=True):
            column.add(cells)
    for column in columns:
        yield from column.pieces()


class _LongColumn:
    """A column that grows. As long as all its cells say the same, it holds one of them."""

    def __init__(self, as_text: Callable[[Any], str] | None) -> None:
        self._as_text = as_text
        self._first: tuple[Any, ...] = ()
        self._n_same = 0
        self._packed: list[bytes] = []

    def add(self, cells: tuple[Any, ...]) -> None:
        self._first = self._first or cells[:1]
        if not self._packed:
            if cells.count(self._first[0]) == len(cells):
                self._n_same += len(cells)
                return
            cells = self._first * self._n_same + cells
        text = (CELL if self._packed else OTHER) + self._texts(cells)
        self._packed.append(zlib.compress(text.encode("utf-8", "replace"), 1))

    def _texts(self, cells: tuple[Any, ...]) -> str:
        return _divided(cells if self._as_text is None else list(map(self._as_text, cells)))

    def pieces(self) -> Iterator[bytes]:
        """The column as text with its end."""
        yield from map(zlib.decompress, self._packed)
        if not self._packed:
            yield f"{SAME}{self._texts(self._first)}".encode("utf-8", "replace")
        yield COLUMN.encode()


def _escaped(text: str) -> str:
    for escape, meant in reversed(ESCAPES):
        text = text.replace(meant, escape)
    return text


def decode(packed: bytes, most_bytes: int = 1 << 30) -> Payload:
    """Unpack. Raises ValueError for anything `encode` did not make, or that inflates beyond `most_bytes`; whether the
    cells are as many as the rows, and what they say, is looked at when they become columns."""
    content = _inflated(packed[1:], most_bytes) if packed[:1] == _DEFLATED else packed[1:]
    head, _, body = content.partition(b"\n")
    counts, figures, appendices = json.loads(head)
    n_rows = dict(zip(schema.ROW_TYPES, map(int, counts), strict=True))
    columns = body.split(COLUMN.encode())
    of_table, start = {}, 0
    for table, n in n_rows.items():
        if n:
            end = start + len(schema.columns(table))
            of_table[table], start = columns[start:end], end
    is_bounded = all(0 <= n <= _MOST_ROWS for n in n_rows.values())
    if n_rows["reports"] != 1 or not is_bounded or columns.index(b"") != start or start != len(columns) - 1:
        raise ValueError("result has other tables")
    if max(n_rows.values()) * len(content) > _MANY_BYTES:
        for table, found in of_table.items():
            if sum(len(one) * (n_rows[table] if one[:1] == SAME.encode() else 1) for one in found) > most_bytes:
                raise ValueError("result would grow too large")
    return Payload(n_rows, of_table, str(figures), tuple(map(str, appendices)))


def _inflated(packed: bytes, most_bytes: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, most_bytes)
    except zlib.error as error:
        raise ValueError("damaged result") from error
    if not inflater.eof:
        raise ValueError("result is cut short or too large")
    return content
