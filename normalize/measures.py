"""What a value column measures, by the words of its header.

In: the header path of a value column, and the report's period. Out: a measure of the contract (`actual`,
`previous`, `prior_period`, `plan`, `change`, `cumulative`, `total`) or a slug of the header, and the unit that
the header states. A table's only value column is `actual` unless its header says otherwise; two columns never
share a measure.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import lru_cache

import regex

from extract.model import Column
from extract.text import clean
from normalize.measure_words import is_now, is_part, is_rate, may_be_plan, measure_of, stated, words_of
from normalize.model import Period
from normalize.text import slug
from normalize.units import find_unit

_UNIT_TAIL = regex.compile(
    r"\s*[(\[]\s*(?:đvt|đơn vị tính|đơn vị)?\s*:?\s*([^()\[\]]{1,30})[)\]]\s*$", regex.IGNORECASE
)
_FIGURE_OF_THE_PERIOD = frozenset(("", "actual", "total"))
_RUNS_ON = {"Q2": "H1", "Q3": "9M", "Q4": "Y", "H2": "Y"}  # what has run since January when such a period ends
_FROM_JANUARY = frozenset(("H1", "9M", "Y", *(f"{n}M" for n in range(2, 12))))


def measures_of(columns: Sequence[Column], period: Period, rates: Set[int] = frozenset()) -> dict[int, str]:
    """A measure for each value column, unique within the table.

    A column that names another period than the report's holds no `actual` (`Quý I` in a half-year's report, `Năm 2023`
    beside `Năm 2024`): the same period of the year before is `previous`, what runs from January on `cumulative`, all
    else keeps the slug of its header. So do columns of a part of what is counted, and `rates`: columns of percentages
    beside the figures of rows that are counted.
    """
    values = [column for column in columns if column.role == "value"]
    elsewhere = {column.index: _is_elsewhere(*stated(column.header), period) for column in values}
    found = _claims(values, period, rates)
    only = values[0].index if len(values) == 1 else None
    if only is not None and found[only] in ("", "total") and not elsewhere[only]:
        found[only] = "actual"
    taken: set[str] = set()
    for column in values:
        measure = found[column.index] or slug(" ".join(column.header)) or f"column_{column.index + 1}"
        if measure in taken:
            measure = slug(" ".join(column.header)) or f"column_{column.index + 1}"
        while measure in taken:
            measure = f"{measure}_{column.index + 1}"
        taken.add(measure)
        found[column.index] = measure
    if "actual" not in taken and values:
        # the figure of the period is the one column whose words claim nothing else
        plain = [
            column.index
            for column in values
            if (not any(map(_is_of_another_time, column.header)) or may_be_plan(column.header))
            and column.index not in rates
            and not elsewhere[column.index]
        ]
        if len(plain) == 1:
            found[plain[0]] = "actual"
    return found


def _is_of_another_time(text: str) -> bool:
    return words_of(text) in ("change", "previous", "prior_period", "plan", "cumulative")


def _claims(values: Sequence[Column], period: Period, rates: Set[int]) -> dict[int, str]:
    """The measure that each value column claims by its words, '' where they claim none; two may claim the same."""
    paths = [column.header for column in values]
    # `Kết quả › Tỷ lệ (%)` beside `Kết quả › Số lượng` takes no measure over from the level above
    shares = {c.index for c in values if len(c.header) > 1 and is_rate(c.header[-1]) and not words_of(c.header[-1])}
    if len(shares) == len(values):
        shares = set()
    found = {}
    for column in values:
        measure = placed_measure(column.header, period, paths)
        is_aside = column.index in rates or is_part(column.header, iter(paths)) or column.index in shares
        found[column.index] = "" if is_aside and measure != "change" else measure
    if "actual" not in found.values():
        for column in values:
            if found[column.index] == "plan" and may_be_plan(column.header):
                found[column.index] = ""
    return found


def rivals(columns: Sequence[Column], period: Period, rates: Set[int] = frozenset()) -> list[str]:
    """The headers of columns that all claim to be the figure of the period; empty where at most one does."""
    values = [column for column in columns if column.role == "value"]
    claims = _claims(values, period, rates)
    found = [c for c in values if claims[c.index] == "actual" and not column_unit(c)]
    return [header_text(column) for column in found] if len(found) > 1 else []


def placed_measure(path: tuple[str, ...], period: Period, beside: Sequence[tuple[str, ...]]) -> str:
    """The measure of one column, given the period its header names and the headers of all columns; '' if none fits."""
    has_own_year = any(stated(other) == ("y", period.year) for other in beside)
    measure = measure_of(path) or ("actual" if is_now(path[-1:], _kind(period)) else "")
    return _placed(measure, *stated(path), period, has_own_year)


def _kind(period: Period) -> str:
    return "Y" if len(period.label) == 4 else period.label[5:] if not period.label[5:].isdigit() else ""


def _is_elsewhere(kind: str, year: int | None, period: Period) -> bool:
    """The header names a period that is not the report's."""
    if year is not None and period.year is not None and year != period.year:
        return True
    return bool(_kind(period)) and kind not in ("", "y", "day", _kind(period))


def _placed(measure: str, kind: str, year: int | None, period: Period, has_own_year: bool) -> str:
    """The measure of a column, given the period its header names."""
    own = _kind(period)
    if measure == "change" or not (kind or year) or not _is_elsewhere(kind, year, period):
        return "actual" if measure == "" and kind and kind == own else measure
    if year is not None and period.year is not None and year != period.year:
        is_same_time = kind == own or (kind == "y" and (own == "Y" or has_own_year)) or measure == "previous"
        is_last = year == period.year - 1
        if is_last and measure == "prior_period":
            return measure  # `Kỳ trước (6 tháng cuối năm 2023)`
        return "previous" if is_last and is_same_time and measure in (*_FIGURE_OF_THE_PERIOD, "previous") else ""
    ends_with = _RUNS_ON.get(own) or (f"{int(own[1:])}M" if own[:1] == "M" else "")
    if measure in _FIGURE_OF_THE_PERIOD:
        return "cumulative" if kind in _FROM_JANUARY and kind == ends_with else ""
    if measure == "plan":
        return measure if kind == "Y" else ""  # the plan of a quarter in a half-year's report
    if measure == "cumulative":
        return measure if kind in ("Y", ends_with) else ""
    return measure


def column_unit(column: Column) -> str:
    """The unit that a column's header states for all its figures: `%`, a unit in brackets, or nothing."""
    return _unit_in(column.header)


@lru_cache(maxsize=4096)
def _unit_in(header: tuple[str, ...]) -> str:
    words = [clean(text) for text in header if clean(text)]
    if not words:
        return ""
    if is_rate(words[-1]) or (measure_of(header) == "change" and any("%" in w for w in words)):
        return "%"
    found = _UNIT_TAIL.search(words[-1])
    return found[1].strip() if found and words[-1][: found.start()].strip() and find_unit(found[1]) else ""


def header_text(column: Column) -> str:
    """The header as printed, levels joined."""
    return " › ".join(map(clean, column.header))
