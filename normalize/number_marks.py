"""Dots, commas and spaces inside a number: which readings they allow, and which one the context settles.

In: the digits with their marks (`1.212,18`, `1,061`), what kind of thing is counted, what other cells
show. Out: one value, the readings left aside, and the finding that says how it was decided.
By law the dot groups and the comma divides (Accounting Law 2003, article 12.2), but pasted sheets and
foreign programs print the opposite. Only `d.ddd` and `d,ddd` can be read in two ways; unit, then siblings
in the column, then the rest of the report decide, then the law does. Evidence from rates does not decide
about dots elsewhere: a computed `45.3` under % stands beside `345.678` triệu đồng in one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

import regex

from extract.records import quick
from normalize.model import Unit

PERCENT, COUNT, OTHER = "percent", "count", "other"
DOT_GROUP, COMMA_GROUP, DOT_DECIMAL, COMMA_DECIMAL = "dot-group", "comma-group", "dot-decimal", "comma-decimal"
LONGEST_NUMBER = 32  # characters; the longest real figure seen has 19
MOST_DIGITS = 20  # beyond 28 the arithmetic of `Decimal` would round; nothing that is counted has so many

NUMBER = r"[0-9]++(?:[.,'’][0-9]++|[ ][0-9]{3}(?![0-9]))*+"
_NUMBER = regex.compile(NUMBER)
_MARK = regex.compile(r"[.,' ]")
_PERCENT_BEHIND = regex.compile(r"\s?%")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the marks. `styles`: what it shows about the writer's marks."""

    value: Decimal
    styles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """What the certain cells of the same column (`near`) and of the whole report (`far`) show about marks:
    pairs of the class of the cell (percent, count, other) and the style of the mark."""

    near: frozenset[tuple[str, str]] = frozenset()
    far: frozenset[tuple[str, str]] = frozenset()


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """The value settled on, the readings left aside, and finding code with reason (empty: nothing to say)."""

    value: Decimal | None
    others: tuple[Decimal, ...] = ()
    code: str = ""
    why: str = ""


NO_STYLE = ColumnStyle()
_SMALL = frozenset(("diem", "he_so"))  # never in thousands: `85.345` points are no 85,345


def class_of(unit: Unit, has_percent_sign: bool = False, has_scale: bool = False) -> str:
    """Whether a figure is a rate, a count of whole things, or something that may have decimals."""
    if has_percent_sign or ((unit.kind == "percent" or unit.id in _SMALL) and not has_scale):
        return PERCENT
    return COUNT if unit.is_integer and not has_scale else OTHER


@lru_cache(maxsize=8192)
def readings(digits: str) -> tuple[Reading, ...]:
    """Every way to read the digits: none (malformed), one (certain), or two, the one by law first."""
    if len(digits) > LONGEST_NUMBER or sum(map(str.isdigit, digits)) > MOST_DIGITS:
        return ()
    text = digits.replace("’", "'")
    marks = [c for c in text if not c.isdigit()]
    if not marks:
        return (Reading(Decimal(text)),)
    head, mark, tail = text.rpartition(marks[-1])
    groups_before = _MARK.split(head)
    if mark in " '":
        return (Reading(Decimal(_digits(text))),) if len(set(marks)) == 1 and _grouped([*groups_before, tail]) else ()
    before = marks[:-1]
    decimal_style = DOT_DECIMAL if mark == "." else COMMA_DECIMAL
    group_style = DOT_GROUP if mark == "." else COMMA_GROUP
    as_decimal = Decimal(f"{_digits(head)}.{tail}")
    if not before:
        decimal = Reading(as_decimal, frozenset({decimal_style}))
        if len(tail) != 3 or len(head) > 3 or head == "0":
            return (decimal,)
        group = Reading(Decimal(_digits(text)), frozenset({group_style}))
        return (group, decimal) if mark == "." else (decimal, group)
    if len(set(before)) > 1:
        return ()
    if before[0] == mark:
        whole = Decimal(_digits(text))
        return (Reading(whole, frozenset({group_style})),) if _grouped([*groups_before, tail]) else ()
    if not _grouped(groups_before):
        return ()
    styles = {decimal_style} | {{".": DOT_GROUP, ",": COMMA_GROUP}.get(before[0], decimal_style)}
    return (Reading(as_decimal, frozenset(styles)),)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _grouped(parts: list[str]) -> bool:
    first, *rest = parts
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(part) == 3 for part in rest)


def is_unusual(digits: str) -> bool:
    """`01.061`: two readings that no unit can decide, because neither is written so by habit."""
    return digits.startswith("0") and len(readings(digits)) == 2


def decide(digits: str, kind: str, column: ColumnStyle) -> Decision:
    """Settle the marks of one number for a cell of this class (`class_of`)."""
    ways = readings(digits)
    if not ways:
        return Decision(None, (), "number-malformed", "các nhóm chữ số không đủ ba")
    if len(ways) == 1:
        head, mark, tail = digits.rpartition(".") if "." in digits else digits.rpartition(",")
        if mark and kind == COUNT and len(head) > 3 and head.isdigit() and len(tail) == 3:
            values = (Decimal(head + tail), ways[0].value)
            return Decision(None, values, "number-malformed", "nhóm đầu có hơn ba chữ số")
        return _single(ways[0])
    if is_unusual(digits):
        both = tuple(way.value for way in ways)
        return Decision(None, both, "number-malformed", "nhóm đầu không viết như một số có phân nhóm")
    mark = "." if "." in digits else ","
    group, decimal = (ways[0], ways[1]) if mark == "." else (ways[1], ways[0])
    if kind == COUNT:
        return _count(mark, group, decimal, column)
    if kind == PERCENT:
        return _percent(mark, group, decimal, column)
    return _other(mark, group, decimal, column)


def _single(way: Reading) -> Decision:
    if DOT_DECIMAL in way.styles and COMMA_GROUP not in way.styles:
        return Decision(way.value, (), "number-dot-decimal", "sau dấu chấm không phải ba chữ số")
    if COMMA_GROUP in way.styles:
        return Decision(way.value, (), "number-foreign-marks", "dấu phẩy ngăn hàng nghìn")
    return Decision(way.value)


def _count(mark: str, group: Reading, decimal: Reading, column: ColumnStyle) -> Decision:
    """Whole things are counted: the mark groups. Only the comma leaves a doubt, for by law it divides."""
    if mark == ".":
        return Decision(group.value)
    return _settled(
        group,
        decimal,
        _shows(column.near, COMMA_GROUP, (COUNT, OTHER)),
        _shows(column.far, COMMA_GROUP, (COUNT, OTHER)),
        "đơn vị chỉ đếm số nguyên",
    )


def _percent(mark: str, group: Reading, decimal: Reading, column: ColumnStyle) -> Decision:
    """A rate of more than a thousand percent is not expected: the mark divides."""
    style = DOT_DECIMAL if mark == "." else COMMA_DECIMAL
    foreign = (PERCENT, DOT_DECIMAL) in column.near or (OTHER, COMMA_GROUP) in column.near
    if (PERCENT, DOT_GROUP if mark == "." else COMMA_GROUP) in column.near and (PERCENT, style) not in column.near:
        why = "các tỷ lệ cùng cột dùng dấu này ngăn hàng nghìn"
        return Decision(group.value, (decimal.value,), "number-mark-by-siblings", why)
    if mark == "," and ((PERCENT, COMMA_DECIMAL) in column.near or not foreign):
        return Decision(decimal.value)
    near, far = (PERCENT, style) in column.near, (PERCENT, style) in column.far
    return _settled(decimal, group, near, far, "tỷ lệ không thể lên đến hàng nghìn")


def _settled(first: Reading, second: Reading, near: bool, far: bool, why: str) -> Decision:
    if near:
        return Decision(first.value, (second.value,), "number-mark-by-siblings", why + "; các ô cùng cột cũng viết vậy")
    if far:
        return Decision(
            first.value, (second.value,), "number-mark-by-report", why + "; chỗ khác trong báo cáo cũng viết vậy"
        )
    return Decision(first.value, (second.value,), "number-ambiguous-mark", why)


# Style → the classes whose cells count as evidence for it when money, areas and the like are read.
_POOL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DOT_GROUP: (COUNT, OTHER),
        COMMA_GROUP: (COUNT, OTHER),
        COMMA_DECIMAL: (COUNT, OTHER, PERCENT),
        DOT_DECIMAL: (OTHER,),
    }
)


def _shows(evidence: frozenset[tuple[str, str]], style: str, classes: tuple[str, ...] = ()) -> bool:
    return any((kind, style) in evidence for kind in (classes or _POOL[style]))


def _other(mark: str, group: Reading, decimal: Reading, column: ColumnStyle) -> Decision:
    """Money, areas, no unit: siblings, then the report, then the law (dot groups, comma divides)."""
    by_law, against = (group, decimal) if mark == "." else (decimal, group)
    for evidence, code, where in (
        (column.near, "number-mark-by-siblings", "các ô cùng cột"),
        (column.far, "number-mark-by-report", "các chỗ khác trong báo cáo"),
    ):
        usual = _shows(evidence, DOT_GROUP) or _shows(evidence, COMMA_DECIMAL)
        foreign = _shows(evidence, COMMA_GROUP)
        dotted = _shows(evidence, DOT_DECIMAL)
        if usual and (foreign or dotted):
            return Decision(by_law.value, (against.value,), "number-ambiguous-mark", where + " viết cả hai kiểu")
        if usual:
            if mark == ".":
                return Decision(by_law.value)
            return Decision(by_law.value, (against.value,), code, where + " viết theo luật")
        if foreign:
            return Decision(against.value, (by_law.value,), code, where + " dùng dấu phẩy ngăn hàng nghìn")
        if dotted:
            first, second = (against, by_law) if evidence is column.near else (by_law, against)
            return Decision(first.value, (second.value,), "number-ambiguous-mark", where + " dùng dấu chấm thập phân")
    if mark == ".":
        return Decision(by_law.value)
    return Decision(by_law.value, (against.value,), "number-ambiguous-mark", "theo luật dấu phẩy là dấu thập phân")


def column_style(cells: Iterable[tuple[str, Unit]]) -> ColumnStyle:
    """What the cells of one column show about marks; cells that can be read in two ways show nothing."""
    seen: set[tuple[str, str]] = set()
    for raw, unit in cells:
        if not raw.isdecimal():  # digits alone show no mark
            seen |= _shown(raw, class_of(unit))
    return ColumnStyle(frozenset(seen))


@lru_cache(maxsize=8192)
def _shown(raw: str, kind: str) -> frozenset[tuple[str, str]]:
    """What one cell whose unit is of this class shows about marks."""
    match = _NUMBER.search(raw[:200].replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " "))
    if match is None:
        return frozenset()
    digits = match.group()
    kind = PERCENT if _PERCENT_BEHIND.match(raw, match.end()) is not None else kind
    ways = readings(digits)
    if len(ways) == 1:
        return frozenset((kind, style) for style in ways[0].styles)
    is_grouped = len(ways) == 2 and kind == COUNT and "." in digits and not is_unusual(digits)
    return frozenset({(kind, DOT_GROUP)} if is_grouped else ())


def combine(column: ColumnStyle, report: ColumnStyle) -> ColumnStyle:
    """The style a cell is read with: its own column first, then everything else the report shows."""
    return ColumnStyle(column.near, column.far | report.near | report.far)
