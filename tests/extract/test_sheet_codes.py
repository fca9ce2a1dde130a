"""Row codes that a spreadsheet made dates or numbers of come back as they were typed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.readers.sheet_codes import repair_codes
from extract.readers.sheet_model import SheetCell


def text(code: str) -> SheetCell:
    return SheetCell(code)


def number(value: float) -> SheetCell:
    return SheetCell(f"{value:g}".replace(".", ","), "number", value)


def date(year: int, month: int, day: int) -> SheetCell:
    moment = datetime.date(year, month, day)
    return SheetCell(moment.isoformat(), "date", None, moment.isoformat(), moment)


def codes(*cells: SheetCell | None) -> list[str]:
    fixed = repair_codes(cells)
    return [r.code if r else c.text if c else "" for c, r in zip(cells, fixed, strict=True)]


def sure(*cells: SheetCell | None) -> list[bool | None]:
    return [r.is_sure if r else None for r in repair_codes(cells)]


def test_a_column_of_text_stays_as_it_is() -> None:
    cells = [text(code) for code in ("I", "1", "1.1", "1.2.", "2", "a", "-", "3.1.2", "3.4")]
    assert repair_codes(cells) == [None] * len(cells)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        # day first: 1.2 → 1 February
        ([text("1"), text("1.1"), date(2024, 2, 1), text("1.3")], ["1", "1.1", "1.2", "1.3"]),
        # month first: 1.2 → 2 January
        ([text("1"), text("1.1"), date(2024, 1, 2), text("1.3")], ["1", "1.1", "1.2", "1.3"]),
        # all of them
        ([text("1"), date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), text("2"), date(2024, 1, 2)],
         ["1", "1.1", "1.2", "1.3", "2", "2.1"]),
        # 1.13 is no day and month, so it became January 2013
        ([text("1"), date(2024, 12, 1), date(2013, 1, 1), text("1.14")], ["1", "1.12", "1.13", "1.14"]),
        # three steps became a date of 2003
        ([text("1.2"), date(2001, 2, 1), date(2002, 2, 1), date(2003, 2, 1)], ["1.2", "1.2.1", "1.2.2", "1.2.3"]),
        # 2.10 became the number 2.1
        ([text("2"), *(number(2 + n / 10) for n in range(1, 10)), number(2.1), number(2.11)],
         ["2", *(f"2.{n}" for n in range(1, 10)), "2.10", "2.11"]),
        ([text("2.19"), number(2.2), number(2.21)], ["2.19", "2.20", "2.21"]),
        ([text("1"), number(1.1), text("2")], ["1", "1.1", "2"]),
        # a section begins anew
        ([text("I"), text("1"), date(2024, 1, 1), text("II"), text("1"), date(2024, 1, 1)],
         ["I", "1", "1.1", "II", "1", "1.1"]),
        # rows without a code stand between
        ([text("3"), None, date(2024, 1, 3), None, date(2024, 2, 3)], ["3", "", "3.1", "", "3.2"]),
        # as a CSV prints them
        ([text("1"), text("1.1"), text("01-Feb"), text("1-Mar")], ["1", "1.1", "1.2", "1.3"]),
        ([text("1"), text("1.1"), text("01/02/2024"), text("1.3")], ["1", "1.1", "1.2", "1.3"]),
        ([text("1.12"), text("Jan-13"), text("1.14")], ["1.12", "1.13", "1.14"]),
    ],
)  # fmt: skip
def test_codes_come_back(cells: list[SheetCell | None], expected: list[str]) -> None:
    assert codes(*cells) == expected


def test_a_repair_is_sure_only_where_its_neighbours_fit() -> None:
    assert sure(text("1"), text("1.1"), date(2024, 2, 1), text("1.3"))[2] is True
    assert sure(text("4.7"), date(2024, 2, 1), text("9.9"))[1] is False
    assert sure(date(2024, 2, 3))[0] is False


def test_the_way_a_date_is_shown_decides_a_tie() -> None:
    cell = date(2024, 5, 3)
    shown = SheetCell(cell.text, "date", None, cell.stored, cell.date, "5.3")
    assert codes(cell) == ["3.5"] and codes(shown) == ["5.3"]


@given(st.integers(1, 9), st.integers(2, 12), st.booleans(), st.data())
def test_a_run_of_children_survives_any_loss(top: int, n: int, day_first: bool, data: st.DataObject) -> None:
    typed = [str(top), *(f"{top}.{k}" for k in range(1, n + 1)), str(top + 1)]
    cells: list[SheetCell | None] = []
    for code in typed:
        first, _, second = code.partition(".")
        if second and data.draw(st.booleans()):
            day, month = (int(first), int(second)) if day_first else (int(second), int(first))
            cells.append(date(2024, month, day))
        elif second and data.draw(st.booleans()):
            cells.append(number(float(code)))
        else:
            cells.append(text(code))
    assert [code.replace(",", ".") for code in codes(*cells)] == typed


def test_a_long_column_is_no_matter() -> None:
    cells = [date(2024, 1 + n % 12, 1 + n % 28) for n in range(20_000)]
    assert len(repair_codes(cells)) == 20_000
