"""What a value column measures, by the words of its header.

In: the header path of a value column, and the report's year. Out: a measure of the contract (`actual`,
`previous`, `prior_period`, `plan`, `change`, `cumulative`, `total`) or a slug of the header. A table's
only value column is `actual` unless its header says otherwise; two columns never share a measure.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extract.model import Column
from extract.text import clean, fold
from normalize.text import slug

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
_YEAR = regex.compile(r"^(?:nam|so lieu nam|thuc hien nam|ket qua nam)\s+(20\d\d)$")


def measure_of(path: Sequence[str], year: int | None) -> str:
    """The measure of one column on its own; '' where the words say none."""
    for text in reversed(path):
        key = fold(text.split("(")[0]) or fold(text)
        stated = _YEAR.match(key)
        if stated and year is not None:
            return {0: "actual", 1: "previous"}.get(year - int(stated[1]), slug(key))
        for measure, pattern in _RULES:
            if pattern.search(key):
                return measure
    return ""


def measures_of(columns: Sequence[Column], year: int | None) -> dict[int, str]:
    """A measure for each value column, unique within the table."""
    values = [column for column in columns if column.role == "value"]
    found = {column.index: measure_of(column.header, year) for column in values}
    if len(values) == 1 and found[values[0].index] in ("", "total"):
        found[values[0].index] = "actual"
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
        ]
        if len(plain) == 1:
            found[plain[0]] = "actual"
    return found


def header_text(column: Column) -> str:
    """The header as printed, levels joined."""
    return " › ".join(map(clean, column.header))
