"""Frozen records that are quick to make behave as `dataclasses` makes them."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from extract.records import quick


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


def test_nothing_can_change_it() -> None:
    point = Point(1)
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

    for cls in (Listed, Loose, Checked):
        with pytest.raises(TypeError):
            quick(cls)
