"""A number typed by a person is taken when it can mean one number only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.review.typed import typed_number


@pytest.mark.parametrize(
    "typed, number",
    [
        ("15", "15"),
        (" 015 ", "15"),
        ("88,7", "88.7"),
        ("88.7", "88.7"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1 234 567", "1234567"),
        ("1234,567", "1234.567"),
        ("61300398", "61300398"),
        ("1.234", None),
        ("12,345", None),
        ("-1.234", None),
        ("", None),
        ("mười", None),
        ("1e5", None),
        ("1.2.3", None),
        ("1,23,456", None),
        ("=1+1", None),
        ("NaN", None),
        ("Infinity", None),
        ("١٢", None),
    ],
)
def test_what_is_certain_is_taken(typed: str, number: str | None) -> None:
    assert typed_number(typed) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_two_decimals_come_back_in_both_ways_of_writing(value: Decimal) -> None:
    english, vietnamese = f"{value:,.2f}", f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert Decimal(typed_number(english) or "x") == value
    assert Decimal(typed_number(vietnamese) or "x") == value


@given(st.text(max_size=30))
def test_any_text_is_a_plain_number_or_none(text: str) -> None:
    number = typed_number(text)
    assert number is None or Decimal(number).is_finite()
