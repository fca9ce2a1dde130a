"""Records by the hundred thousand: cheap to make (`quick`), cheap to hold (`Packed`).

`quick`. In: a `@dataclass(frozen=True, slots=True)`. Out: the same class with another `__init__`. A frozen dataclass
sets each field through `object.__setattr__`, which takes ten times as long as a plain assignment; a report is some ten
thousand records. Here the fields of a new record are assigned while it still belongs to a class of the same slots that
is not frozen; then it is given its own class, and nothing can change it any more. Pickled, it is its class and the
values of its fields in order: a third of the time that a dataclass takes. `maker` gives the same as a plain function,
for readers that make a record for each cell: calling a class costs as much again as the record.

`Packed`. In: records in order (blocks of pages, cells, rows, doubts). Out: a sequence of them of which what is not
looked at just now is compressed. A long file makes a million records, of which each step looks at a few at a time: as
objects they take 20 kB a page, packed 1.5 kB. A usual file pays nothing: its first records (`Room`) are held as they
are. Two walks give equal records, not the same ones: who compares by identity does so within one walk.
"""

from __future__ import annotations

import pickle
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import MISSING, fields
from itertools import islice, repeat
from operator import attrgetter
from typing import Any, Generic, ParamSpec, TypeVar, overload

T = TypeVar("T")
P = ParamSpec("P")

PLAIN = 8_000  # records of a file that are held as they are: those of some 150 pages
CHUNK = 512  # records that are made anew together
_MAKERS: dict[Any, Callable[..., Any]] = {}  # class of records → what makes one
_VALUES: dict[type, Callable[[Any], tuple[Any, ...]]] = {}  # class of records → what tells the values of one


def quick(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots and without `__post_init__`, made quick to make. Raises TypeError for others."""
    own = fields(cls)  # type: ignore[arg-type]
    slots: tuple[str, ...] = getattr(cls, "__slots__", ())
    if slots != tuple(f.name for f in own) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} is no dataclass of slots alone")
    if len(own) < 2:
        raise TypeError(f"{cls.__name__} has not two fields")
    if any(f.default_factory is not MISSING or f.kw_only for f in own):
        raise TypeError(f"{cls.__name__} has a field that is not given by place or by a constant")
    open_class = type(f"_Open{cls.__name__}", (), {"__slots__": slots})
    names = {f"_default_{f.name}": f.default for f in own if f.default is not MISSING}
    arguments = [f.name if f.default is MISSING else f"{f.name}=_default_{f.name}" for f in own]
    body = [*(f"    self.{f.name} = {f.name}" for f in own), "    self.__class__ = _frozen"]
    lines = [
        f"def __init__(self, {', '.join(arguments)}):",
        "    _set(self, '__class__', _open)",
        *body,
        f"def make({', '.join(arguments)}):",
        "    self = _open()",
        *body,
        "    return self",
    ]
    known: dict[str, Any] = {"_set": object.__setattr__, "_open": open_class, "_frozen": cls, **names}
    exec("\n".join(lines), known)  # noqa: S102 - as `dataclasses` makes its own
    made = known["__init__"]
    made.__qualname__, made.__annotations__ = f"{cls.__qualname__}.__init__", cls.__init__.__annotations__
    cls.__init__ = made  # type: ignore[method-assign]
    _MAKERS[cls] = known["make"]
    _VALUES[cls] = values = attrgetter(*(f.name for f in own))
    cls.__reduce__ = lambda self: (cls, values(self))  # type: ignore[method-assign]
    return cls


def maker(cls: Callable[P, T]) -> Callable[P, T]:
    """What makes records of a `quick` class, quicker than the class itself. Raises KeyError for others."""
    return _MAKERS[cls]


class Room:
    """How many more records of a file are held as they are; shared by all that hold some of them."""

    __slots__ = ("left",)

    def __init__(self, left: int = PLAIN) -> None:
        self.left = left

    def take(self, n: int) -> bool:
        """Is there room for so many? Once there is none, there is never any again."""
        self.left -= n
        return self.left >= 0


class Packed(Sequence[T], Generic[T]):
    """Records in order, the first ones as they are, the others compressed. Grows by `append` until it is walked."""

    __slots__ = ("_chunks", "_last", "_left_out", "_length", "_recent", "_room", "_starts", "_weight")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._chunks: list[tuple[T, ...] | bytes] = []
        self._starts: list[int] = []  # place of the first record of each chunk
        self._recent: tuple[int, Sequence[T]] = (-1, ())  # the chunk of the record that was asked for last
        self._last: list[T] = []
        self._weight = 0
        self._length = 0
        self._left_out: frozenset[int] = frozenset()

    def append(self, item: T, weight: int = 1) -> None:
        """Add a record; `weight` is the number of records that it holds."""
        self._last.append(item)
        self._length += 1
        self._weight += weight
        if self._weight >= CHUNK:
            self._close()

    def extend(self, items: Iterable[T]) -> None:
        walk = iter(items)
        while some := list(islice(walk, CHUNK - self._weight)):
            self._last += some
            self._length += len(some)
            self._weight += len(some)
            if self._weight >= CHUNK:
                self._close()

    def _close(self) -> None:
        chunk = tuple(self._last)
        self._starts.append(self._length - len(chunk))
        plain = self._room.take(self._weight)
        self._chunks.append(chunk if plain else _compressed(chunk))
        self._last, self._weight = [], 0

    def done(self) -> Sequence[T]:
        """What was added, for good: a tuple where all is held as it is."""
        if self._last and not self._room.take(0):
            self._close()
        return self if any(isinstance(chunk, bytes) for chunk in self._chunks) else tuple(self)

    def without(self, places: frozenset[int]) -> Packed[T]:
        """The same records, but for those in some places."""
        other: Packed[T] = Packed(self._room)
        other._chunks, other._starts, other._last, other._weight = self._chunks, self._starts, self._last, self._weight
        other._left_out, other._length = places, self._length - len(places)
        return other

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        every = self._every()
        if not self._left_out:
            return every
        return (item for place, item in enumerate(every) if place not in self._left_out)

    def _every(self) -> Iterator[T]:
        for chunk in self._chunks:
            yield from _made(chunk)
        yield from self._last

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return tuple(self)[at]
        place = at if at >= 0 else self._length + at
        if not 0 <= place < self._length:
            raise IndexError(at)
        if self._left_out:
            return next(islice(self, place, None))
        if place >= self._length - len(self._last):
            return self._last[place - self._length]
        chunk = bisect_right(self._starts, place) - 1
        if self._recent[0] != chunk:
            self._recent = chunk, tuple(_made(self._chunks[chunk]))
        return self._recent[1][place - self._starts[chunk]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (tuple, Packed)) and len(self) == len(other) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def packed(items: tuple[T, ...], room: Room) -> Sequence[T]:
    """The items themselves where there is room for them, else packed."""
    if room.take(len(items)):
        return items
    made: Packed[T] = Packed(room)
    made.extend(items)
    return made.done()


def _compressed(chunk: tuple[Any, ...]) -> bytes:
    """A chunk as bytes. Records of one `quick` class go column by column: a column that says one thing says it once."""
    kind = type(chunk[0])
    values = _VALUES.get(kind) if len(set(map(type, chunk))) == 1 else None
    columns = map(_column, zip(*map(values, chunk), strict=True)) if values is not None else ()
    content = (kind, len(chunk), tuple(columns)) if values is not None else (None, 0, chunk)
    return zlib.compress(pickle.dumps(content, pickle.HIGHEST_PROTOCOL), 1)


def _column(cells: tuple[Any, ...]) -> Any:
    first = cells[0]
    is_same = (first is None or type(first) is str) and cells.count(first) == len(cells)
    return first if is_same else cells


def _made(chunk: Any) -> Iterable[Any]:
    if not isinstance(chunk, bytes):
        held: tuple[Any, ...] = chunk
        return held
    kind, n, content = pickle.loads(zlib.decompress(chunk))  # noqa: S301 - this very process made it
    if kind is None:
        return tuple(content)
    columns = [cells if type(cells) is tuple else repeat(cells, n) for cells in content]
    return tuple(map(kind, *columns))
