"""What a file says, kept: a `Document` as compressed bytes and back, exactly.

In: a `Document`. Out: bytes that hold only JSON (nothing in them can run code), so that a changed template or
catalogue redoes the second stage alone. Values travel by position, in the order of the fields of their types;
the types themselves come from `extract.model`, so a changed type makes old bytes undecodable, never wrong: the
fingerprint of the reading stage changes with it.
"""

from __future__ import annotations

import dataclasses
import json
import operator
import types
import typing
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from extract.model import Document
from extract.records import Packed

_MOST_BYTES = 1 << 30


def encode(document: Document) -> bytes:
    """Pack a document."""
    packer = zlib.compressobj(1)
    packed = [packer.compress(piece.encode()) for piece in _pieces(document)]
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
    """The JSON of a document, its lists item by item: a document of thousands of pages is never one text."""
    for place, value in enumerate(_fields_of(Document)(document)):
        yield "," if place else "["
        if not isinstance(value, tuple):
            yield _json(value)
            continue
        yield "["
        for n, item in enumerate(value):
            yield f",{_json(item)}" if n else _json(item)
        yield "]"
    yield "]"


def _plain(value: Any) -> Any:
    """What the encoder asks for what JSON does not know: tuples it takes for lists by itself."""
    kind: Any = type(value)
    if kind is Packed:
        return tuple(value)
    return value.isoformat() if kind is date else _fields_of(kind)(value)


@lru_cache(maxsize=64)
def _fields_of(kind: Any) -> Callable[[Any], Any]:
    """What turns an object of a type into the tuple of its fields. Every type of a document has two or more."""
    return operator.attrgetter(*_names(kind))


_json = json.JSONEncoder(separators=(",", ":"), default=_plain, check_circular=False).encode


@lru_cache(maxsize=64)
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@lru_cache(maxsize=64)
def _builder(kind: Any) -> Callable[[Any], Any]:
    """What turns the plain form of a type back into it."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (_builder(one) for one in arguments if one is not type(None))
        return lambda plain: None if plain is None else inner(plain)
    if origin in (tuple, Sequence):
        item = _builder(arguments[0])
        return lambda plain: tuple([item(one) for one in plain])
    if dataclasses.is_dataclass(kind):
        make: Any = kind
        hints = typing.get_type_hints(make)
        builders = [_builder(hints[name]) for name in _names(make)]
        return lambda plain: make(*[build(one) for build, one in zip(builders, plain, strict=True)])
    return date.fromisoformat if kind is date else _as_it_is


def _as_it_is(plain: Any) -> Any:
    return plain
