"""What a file says, kept: a `Document` as compressed bytes and back, exactly.

In: a `Document`. Out: bytes that hold only JSON (nothing in them can run code), so that a changed template or
catalogue redoes the second stage alone. Values travel by position, in the order of the fields of their types; records
that follow one another (cells, headings) column by column, some hundred at a time: a column that says one thing says it
once, texts are one text, small numbers are hexadecimal digits. The types themselves come from
`extract.model`, so a changed type makes old bytes undecodable, never wrong: the fingerprint of the reading stage
changes with it, and with this module.
"""

from __future__ import annotations

import dataclasses
import json
import operator
import types
import typing
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import islice, repeat
from typing import Any, TypeAlias

from extract.model import Document

_MOST_BYTES = 1 << 30
_TOGETHER = 512  # records that go column by column
_DEEP = 8  # of those that hold records that may hold some: the cells of hundreds of tables would be one text
_CELL = "\x1f"  # between the texts of a column
_TEXTS, _NUMBERS = "t", "x"  # how a column that is one text begins
_Change: TypeAlias = Callable[[Any], Any]


def encode(document: Document) -> bytes:
    """Pack a document."""
    packer = zlib.compressobj(1)
    packed = [packer.compress(piece.encode("utf-8", "surrogatepass")) for piece in _pieces(document)]
    return b"".join((*packed, packer.flush()))


def decode(packed: bytes, most_bytes: int = _MOST_BYTES) -> Document:
    """Unpack. Raises ValueError for what `encode` did not make or what inflates beyond `most_bytes`."""
    inflater = zlib.decompressobj()
    try:
        content = json.loads(inflater.decompress(packed, most_bytes))
        if not inflater.eof:
            raise ValueError("document is cut short or too large")
        document = _builder(Document)(content)
    except (zlib.error, TypeError, IndexError, AttributeError) as error:
        raise ValueError("damaged document") from error
    if not isinstance(document, Document):
        raise ValueError("no document")
    return document


def _pieces(document: Document) -> Iterator[str]:
    """The JSON of a document, its lists some records at a time: a document of thousands of pages is never one text."""
    opening = "["
    for (change, item), value in zip(_fields_of(Document), _values_of(Document)(document), strict=True):
        yield opening
        opening = ","
        if item is None:
            yield _json(value if change is None else change(value))
            continue
        between = "["
        for some in _columns(item, value):
            yield between + _json(some)
            between = ","
        yield "[]" if between == "[" else "]"
    yield "]"


_json = json.JSONEncoder(separators=(",", ":"), check_circular=False, ensure_ascii=False).encode


@lru_cache(maxsize=64)
def _values_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What turns an object of a type into the tuple of its fields. Every type of a document has two or more."""
    return operator.attrgetter(*_names(kind))


@lru_cache(maxsize=64)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@lru_cache(maxsize=64)
def _fields_of(kind: Any) -> tuple[tuple[_Change | None, Any], ...]:
    """For each field what turns it into what JSON knows (None: it is), and the type of its records, if it is some."""
    hints = typing.get_type_hints(kind)
    return tuple((_change_of(hints[name]), _item_of(hints[name])) for name in _names(kind))


def _item_of(hint: Any) -> Any:
    arguments = typing.get_args(hint)
    is_some = typing.get_origin(hint) in (tuple, Sequence) and dataclasses.is_dataclass(arguments[0])
    return arguments[0] if is_some else None


@lru_cache(maxsize=64)
def _change_of(hint: Any) -> _Change | None:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        (inner,) = (_change_of(one) for one in typing.get_args(hint) if one is not type(None))
        return inner and (lambda value: None if value is None else inner(value))
    if (item := _item_of(hint)) is not None:
        return lambda records: list(_columns(item, records))
    if typing.get_origin(hint) is tuple:
        return None
    if dataclasses.is_dataclass(hint):
        return _flat_maker(hint)
    return date.isoformat if hint is date else None


def _flat_maker(kind: Any) -> _Change:
    values, changes = _values_of(kind), _changes_of(kind)
    if not any(changes):
        return values
    return lambda value: [
        cell if change is None else change(cell) for change, cell in zip(changes, values(value), strict=True)
    ]


def _columns(kind: Any, records: Iterable[Any]) -> Iterator[list[Any]]:
    """Records as [how many, column, …], some hundred at a time."""
    values, packers = _values_of(kind), _packers_of(kind)
    together = _DEEP if _depth_of(kind) > 1 else _TOGETHER
    walk = iter(records)
    while some := list(islice(walk, together)):
        columns = zip(*map(values, some), strict=True)
        yield [len(some), *[pack(cells) for pack, cells in zip(packers, columns, strict=True)]]


@lru_cache(maxsize=64)
def _depth_of(kind: Any) -> int:
    """How deep records of a type hold other records: 0 for those that hold none."""
    return max((1 + _depth_of(item) for _, item in _fields_of(kind) if item is not None), default=0)


@lru_cache(maxsize=64)
def _changes_of(kind: Any) -> list[_Change | None]:
    return [change for change, _ in _fields_of(kind)]


def _as_texts(cells: tuple[str, ...]) -> Any:
    """A column of texts: one text; the cells where one of them holds what divides them."""
    if cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
        return cells[:1]
    joined = _CELL.join(cells)
    return cells if joined.count(_CELL) >= len(cells) else _TEXTS + joined


def _as_numbers(cells: tuple[int, ...]) -> Any:
    """A column of numbers: hexadecimal digits where all are small."""
    try:
        return _NUMBERS + bytes(cells).hex()
    except ValueError:
        return cells


def _as_any(cells: tuple[Any, ...], change: _Change | None) -> Any:
    """Any other column; one cell where none says anything."""
    first = cells[0]
    if (first is None or first == ()) and cells.count(first) == len(cells):
        return [first]
    return cells if change is None else list(map(change, cells))


@lru_cache(maxsize=64)
def _packers_of(kind: Any) -> list[Callable[[Any], Any]]:
    """For each field of a type what packs a column of it."""
    hints = typing.get_type_hints(kind)
    known: dict[Any, Callable[[Any], Any]] = {str: _as_texts, int: _as_numbers}
    return [
        known.get(hints[name]) or partial(_as_any, change=change)
        for name, change in zip(_names(kind), _changes_of(kind), strict=True)
    ]


def _cells(column: Any) -> Any:
    """The plain cells of a column, or the one of all."""
    if isinstance(column, str):
        return bytes.fromhex(column[1:]) if column.startswith(_NUMBERS) else column[1:].split(_CELL)
    return column


@lru_cache(maxsize=64)
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What turns the plain form of a type back into it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (_builder(one) for one in arguments if one is not type(None))
        return lambda plain: None if plain is None else inner(plain)
    if (item := _item_of(kind)) is not None:
        make_some = _records_maker(item)
        return lambda plain: tuple([record for some in plain for record in make_some(some)])
    if origin in (tuple, Sequence):
        build = _builder(arguments[0])
        return lambda plain: tuple([build(one) for one in plain])
    if dataclasses.is_dataclass(kind):
        make: Any = kind
        builders = _builders_of(make)
        return lambda plain: make(*[build(one) for build, one in zip(builders, plain, strict=True)])
    return date.fromisoformat if kind is date else _as_it_is


@lru_cache(maxsize=64)
def _builders_of(kind: Any) -> list[Callable[[Any], Any]]:
    hints = typing.get_type_hints(kind)
    return [_builder(hints[name]) for name in _names(kind)]


def _records_maker(kind: Any) -> Callable[[Any], list[Any]]:
    def make(some: Any) -> list[Any]:
        n, columns = some[0], [*map(_cells, some[1:])]
        if not 0 < n <= _TOGETHER or any(len(column) not in (1, n) for column in columns):
            raise ValueError("other records than were kept")
        cells = [
            repeat(build(column[0]), n) if len(column) == 1 else map(build, column)
            for build, column in zip(_builders_of(kind), columns, strict=True)
        ]
        return list(map(kind, *cells))

    return make


def _as_it_is(plain: Any) -> Any:
    return plain
