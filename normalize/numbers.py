"""Printed figures → `Figure`. First working version; the grammar is being deepened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import regex

from normalize.model import Figure, Unit
from normalize.text import clean
from normalize.units import NO_UNIT


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """What the sibling cells (`near`), then the whole report (`far`), show about marks."""

    near: frozenset[tuple[str, str]] = frozenset()
    far: frozenset[tuple[str, str]] = frozenset()


NO_STYLE = ColumnStyle()
_BLANK = regex.compile(r"[\s\-–—−_.…·•/]*")
_NUMBER = regex.compile(r"([-−–]?)([0-9]+(?:[ .,][0-9]+)*)\s?(%?)\s?([^\d]*)")


def column_style(cells: Iterable[tuple[str, Unit]]) -> ColumnStyle:
    return NO_STYLE


def combine(column: ColumnStyle, report: ColumnStyle) -> ColumnStyle:
    return ColumnStyle(column.near, report.near | report.far)


def parse_figure(raw: str, unit: Unit = NO_UNIT, column: ColumnStyle = NO_STYLE) -> Figure:
    text = clean(raw)
    if _BLANK.fullmatch(text):
        return Figure(raw, None, "blank")
    match = _NUMBER.fullmatch(text)
    if not match:
        return Figure(raw, None, "text")
    sign, digits, percent, word = match.groups()
    if regex.fullmatch(r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?", digits) and unit.kind != "percent":
        digits = digits.replace(".", "").replace(" ", "")
    try:
        value = Decimal(digits.replace(",", "."))
    except ArithmeticError:
        return Figure(raw, None, "text")
    kind = "percent" if percent or unit.kind == "percent" else "code" if unit.labels else "number"
    label = dict(unit.labels).get(value, "") if kind == "code" else ""
    return Figure(raw, -value if sign else value, kind if kind != "code" or label else "number", unit_word=word, label=label)
