"""What a value column measures, by the words of its header.

In: the header path of a value column, and the report's period. Out: a measure of the contract (`actual`,
`previous`, `prior_period`, `plan`, `change`, `cumulative`, `total`) or a slug of the header, and the unit that
the header states. A table's only value column is `actual` unless its header says otherwise; two columns never
share a measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex

from extract.model import Column
from extract.text import clean, fold
from normalize.model import Period
from normalize.periods import named_periods
from normalize.text import slug
from normalize.units import find_unit

# First match decides; the words are folded. `cùng kỳ` stands before `kỳ`, `so với` before what it compares with.
_ACTUAL = (
    r"^(?:so lieu|ket qua|thuc hien|ky bao cao|ky nay|trong ky|so bao cao|da thuc hien|dat duoc|gia tri|so luong"
    r"|tri so|bao cao|thuc te|value|uoc thuc hien)\b"
)
_RULES: tuple[tuple[str, regex.Pattern[str]], ...] = tuple(
    (measure, regex.compile(pattern))
    for measure, pattern in (
        ("change", r"\bso (?:sanh|voi)\b|\btang\b|\bgiam\b|\bchenh lech\b|\btang giam\b"),
        ("previous", r"\bcung ky\b|\bnam truoc\b|\bnam ngoai\b"),
        ("prior_period", r"\b(?:ky|quy|thang) truoc\b|\bky lien truoc\b|\btruoc lien ke\b"),
        ("plan", r"\bke hoach\b|\bchi tieu (?:duoc )?giao\b|\bduoc giao\b|\bmuc tieu\b|\bdu kien\b"),
        ("cumulative", r"\bluy ke\b|\bcong don\b|\btu dau nam\b"),
        ("actual", _ACTUAL),
        ("total", r"^(?:tong so|tong cong|tong|cong)\b"),
    )
)
# A narrow column breaks words: `Kế ho⏎ạch`.
_BROKEN = (("kehoach", "plan"), ("cungky", "previous"), ("namtruoc", "previous"), ("kytruoc", "prior_period"),
           ("luyke", "cumulative"), ("sosanh", "change"))  # fmt: skip
_PERCENT = regex.compile(r"%|^(?:ty|ti) (?:le|trong)\b|\bphan tram\b")
_UNIT_TAIL = regex.compile(
    r"\s*[(\[]\s*(?:đvt|đơn vị tính|đơn vị)?\s*:?\s*([^()\[\]]{1,30})[)\]]\s*$", regex.IGNORECASE
)
# `(Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)` says when the form is used, not what the column holds.
_OF_THE_FORM = regex.compile(
    r"[(\[][^()\[\]]*(?:sử dụng|hàng quý|hàng tháng|định kỳ)[^()\[\]]*[)\]]?", regex.IGNORECASE
)
_DAY = regex.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d")
_FIGURE_OF_THE_PERIOD = frozenset(("", "actual", "total"))
_FROM_JANUARY = frozenset(("H1", "9M", "Y", *(f"{n}M" for n in range(2, 12))))


@lru_cache(maxsize=4096)
def measure_of(path: tuple[str, ...]) -> str:
    """The measure that the words of one column state; '' where they state none. Periods they name are not looked at.

    The lowest level that says something speaks, but under `So sánh` all is a comparison (`So sánh › Với kế hoạch`).
    """
    if any(_RULES[0][1].search(fold(text)) for text in path):
        return _RULES[0][0]
    for text in reversed(path):
        key = fold(text.split("(")[0]) or fold(text)
        for measure, pattern in _RULES:
            if pattern.search(key):
                return measure
        squeezed = key.replace(" ", "")
        if broken := next((measure for word, measure in _BROKEN if squeezed.startswith(word)), ""):
            return broken
    return ""


def measures_of(columns: Sequence[Column], period: Period) -> dict[int, str]:
    """A measure for each value column, unique within the table.

    A column that names another period than the report's holds no `actual` (`Quý I` in a half-year's report, `Năm 2023`
    beside `Năm 2024`): the same period of the year before is `previous`, what runs from January on `cumulative`, all
    else keeps the slug of its header.
    """
    values = [column for column in columns if column.role == "value"]
    paths = [column.header for column in values]
    stated = {column.index: _stated(column.header) for column in values}
    found = {c.index: placed_measure(c.header, period, paths) for c in values}
    only = values[0].index if len(values) == 1 else None
    if only is not None and found[only] in ("", "total") and not _is_elsewhere(*stated[only], period):
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
            if found[column.index] not in ("change", "previous", "prior_period", "plan", "cumulative")
            and not _is_elsewhere(*stated[column.index], period)
        ]
        if len(plain) == 1:
            found[plain[0]] = "actual"
    return found


def rivals(columns: Sequence[Column], period: Period) -> list[str]:
    """The headers of columns that all claim to be the figure of the period; empty where at most one does."""
    values = [column for column in columns if column.role == "value"]
    paths = [column.header for column in values]
    found = [c for c in values if placed_measure(c.header, period, paths) == "actual" and not column_unit(c)]
    return [header_text(column) for column in found] if len(found) > 1 else []


def placed_measure(path: tuple[str, ...], period: Period, beside: Sequence[tuple[str, ...]]) -> str:
    """The measure of one column, given the period its header names and the headers of all columns; '' if none fits."""
    has_own_year = any(_stated(other) == ("y", period.year) for other in beside)
    return _placed(measure_of(path), *_stated(path), period, has_own_year)


@lru_cache(maxsize=4096)
def _stated(path: tuple[str, ...]) -> tuple[str, int | None]:
    """Kind and year of the period a header names, the lowest level first; the two of a comparison are none."""
    kind, year = "", None
    for words in reversed(path):
        text = _OF_THE_FORM.sub(" ", words)
        named = named_periods(text)
        if len({y for _, y in named if y}) > 1:
            continue
        day = _DAY.search(text)
        if day and year is None:
            kind, year = kind or "day", int(day.group()[-4:])
        for its_kind, its_year in named:
            kind = its_kind if kind in ("", "y") else kind
            year = its_year if year is None else year
    return kind, year


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
        is_last = year == period.year - 1 and measure in (*_FIGURE_OF_THE_PERIOD, "previous")
        return "previous" if is_last and is_same_time else ""
    if measure in _FIGURE_OF_THE_PERIOD:
        ends_with = {"Q2": "H1", "Q3": "9M", "Q4": "Y"}.get(own) or (f"{int(own[1:])}M" if own[:1] == "M" else "")
        return "cumulative" if kind in _FROM_JANUARY and kind == ends_with else ""
    return measure


def column_unit(column: Column) -> str:
    """The unit that a column's header states for all its figures: `%`, a unit in brackets, or nothing."""
    return _unit_in(column.header)


@lru_cache(maxsize=4096)
def _unit_in(header: tuple[str, ...]) -> str:
    words = [clean(text) for text in header if clean(text)]
    if not words:
        return ""
    if _PERCENT.search(fold(words[-1])) or (measure_of(header) == "change" and any("%" in w for w in words)):
        return "%"
    found = _UNIT_TAIL.search(words[-1])
    return found[1].strip() if found and words[-1][: found.start()].strip() and find_unit(found[1]) else ""


def header_text(column: Column) -> str:
    """The header as printed, levels joined."""
    return " › ".join(map(clean, column.header))
