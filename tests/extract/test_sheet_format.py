"""A stored number prints as a person sees it, and never as another number."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.sheet_format import date_text, from_serial, read_format, show, show_date


@pytest.mark.parametrize(
    ("number", "code", "text", "said"),
    [
        (5, "General", "5", 5),
        (5.0, "0.00", "5", 5),
        (88.7, "General", "88,7", 88.7),
        (0.887, "0.0%", "88,7%", 88.7),
        (0.887, "0%", "88,7%", 88.7),  # typed digits are kept, whatever the format hides
        (0.88700000000000001, "0.00%", "88,7%", 88.7),
        (0.07, "0%", "7%", 7),
        (0.29, "0%", "29%", 29),
        (1, "0%", "100%", 100),
        (589 / 664, "0.0%", "88,7%", 88.7),  # a computed tail is cut where the format cuts it
        (589 / 664, "0.00", "0,89", 0.89),
        (2 / 3, "General", "0,6666666667", 0.6666666667),
        (1 - 0.9, "General", "0,1", 0.1),
        (1234567, "#,##0", "1234567", 1234567),
        (1234.5, "#,##0.00", "1234,5", 1234.5),
        (9, "00", "09", 9),
        (0, "00", "00", 0),
        (5, '0" hồ sơ"', "5 hồ sơ", 5),
        (88.7, '0.0"%"', "88,7%", 88.7),
        (1500, "0.00,", "1,5", 1.5),
        (-5, "0;(0)", "-5", -5),
        (0, '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "0", 0),
        (12, '_(* #,##0_);_(* (#,##0);_(* "-"??_);_(@_)', "12", 12),
        (1200, '#,##0 "₫"', "1200", 1200),
        (1200, "#,##0\\ [$₫-42A]", "1200", 1200),
        (5, "@", "5", 5),
        (5, "[Red]0.0;[Blue]-0.0", "5", 5),
        (0.5, "# ?/?", "0,5", 0.5),
        (123456789012, "0.00E+00", "123456789012", 123456789012),
        (1e21, "General", "1" + "0" * 21, 1e21),
        (0.00001, "General", "0,00001", 0.00001),
        (5, "", "5", 5),
    ],
)
def test_numbers(number: float, code: str, text: str, said: float) -> None:
    assert show(number, code) == (text, pytest.approx(said, abs=0, rel=1e-15))


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("dd/mm/yyyy", True),
        ("d-mmm", True),
        ("[$-42A]dd mmmm yyyy", True),
        ("d.m", True),
        ("h:mm", True),
        ("General", False),
        ("0.00", False),
        ('0 "ngày"', False),
        ('"dd"0', False),
        ("@", False),
        ("#,##0.00_);[Red](#,##0.00)", False),
    ],
)
def test_date_formats_are_told_from_number_formats(code: str, is_date: bool) -> None:
    assert read_format(code).is_date is is_date


@pytest.mark.parametrize(
    ("serial", "is_1904", "day"),
    [
        (45323, False, "2024-02-01"),
        (43861, True, "2024-02-01"),
        (1, False, "1900-01-01"),
        (61, False, "1900-03-01"),
        (0, False, None),
        (-1, False, None),
        (1e9, False, None),
    ],
)
def test_serial_numbers(serial: float, is_1904: bool, day: str | None) -> None:
    moment = from_serial(serial, is_1904)
    assert (moment.date().isoformat() if moment else None) == day


@pytest.mark.parametrize(
    ("code", "shown", "printed"),
    [
        ("d.m", "1.2", "01/02/2024"),
        ("dd/mm/yyyy", "01/02/2024", "01/02/2024"),
        ("m/d/yyyy", "2/1/2024", "01/02/2024"),
        ("mmm-yy", "Feb-24", "02/2024"),
        ("yyyy", "2024", "2024"),
        ('"tháng" m', "tháng 2", "01/02/2024"),
    ],
)
def test_dates(code: str, shown: str, printed: str) -> None:
    moment = datetime.datetime(2024, 2, 1)  # noqa: DTZ001 - a cell has no time zone
    assert (show_date(moment, code), date_text(moment, code)) == (shown, printed)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_what_was_typed_reads_back_under_any_format(typed: Decimal) -> None:
    for code, scale in (("General", 1), ("0", 1), ("#,##0.00", 1), ("0.0%", 100)):
        text, said = show(float(typed), code)
        if len(typed.normalize().as_tuple().digits) <= 11:
            assert Decimal(text.rstrip("%").replace(",", ".")) == typed * scale
            assert said == pytest.approx(float(typed * scale))
