"""Frozen records that are quick to make behave as `dataclasses` makes them; packed ones as the tuple they came from."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from extract.records import CHUNK, Packed, Room, maker, packed, quick


@quick
@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2


def test_a_record_is_made_compared_and_copied_as_before() -> None:
    assert Point(1) == Point(1, 2) == Point(y=2, x=1)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert repr(Point(1)) == "Point(x=1, y=2)"
    assert replace(Point(1), y=5) == Point(1, 5)
    assert pickle.loads(pickle.dumps(Point(1, 7))) == Point(1, 7)
    assert type(Point(1)) is Point


def test_a_maker_makes_the_same() -> None:
    make = maker(Point)
    assert make(1) == Point(1)
    assert make(1, y=5) == Point(1, 5)
    assert type(make(1)) is Point


def test_nothing_can_change_it() -> None:
    point = maker(Point)(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.y
    assert point == Point(1)


def test_a_wrong_call_is_named_as_ever() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]


def test_what_would_be_made_otherwise_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Listed:
        items: list[int] = field(default_factory=list)

    @dataclass(frozen=True)
    class Loose:
        x: int

    @dataclass(frozen=True, slots=True)
    class Checked:
        x: int

        def __post_init__(self) -> None:
            raise AssertionError

    @dataclass(frozen=True, slots=True)
    class Single:
        x: int

    for cls in (Listed, Loose, Checked, Single):
        with pytest.raises(TypeError):
            quick(cls)


def points(n: int) -> tuple[Point, ...]:
    return tuple(Point(i) for i in range(n))


@pytest.mark.parametrize("room", [0, 2 * CHUNK, 100 * CHUNK])
def test_packed_records_are_a_sequence_of_the_same(room: int) -> None:
    own = points(5 * CHUNK + 3)
    held: Packed[Point] = Packed(Room(room))
    held.extend(own)
    found = held.done()
    assert (len(found), tuple(found), tuple(found)) == (len(own), own, own)
    assert (found[0], found[-1], found[CHUNK:-2]) == (own[0], own[-1], own[CHUNK:-2])
    assert found == own and own == found and hash(found) == hash(own) and repr(found) == repr(own)
    assert found != own[1:] and found != list(own)
    with pytest.raises(IndexError):
        found[len(own)]


def test_what_there_is_room_for_is_held_as_it_is() -> None:
    own = points(10)
    room = Room(25)
    assert packed(own, room) is own
    assert packed(own, room) is own
    late, later = packed(own, room), packed(own[:1], room)  # where one found no room, none that comes after it does
    assert isinstance(late, Packed) and isinstance(later, Packed)
    assert (late, later) == (own, own[:1])


def test_a_packed_record_takes_a_twentieth_of_its_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    held: Packed[Point] = Packed(Room(0))
    for i in range(100_000):
        held.append(Point(i, 2 * i))
    found = held.done()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 100_000 and taken < 100_000 * 112 / 20  # a record and its two numbers: 112 bytes


def test_some_places_can_be_left_out() -> None:
    own = points(3 * CHUNK)
    held: Packed[Point] = Packed(Room(CHUNK))
    held.extend(own)
    found = held.without(frozenset({0, CHUNK + 1, 3 * CHUNK - 1})).done()
    assert tuple(found) == (*own[1 : CHUNK + 1], *own[CHUNK + 2 : -1])
    assert len(found) == len(own) - 3
    assert (found[0], found[-1]) == (own[1], own[-2])
