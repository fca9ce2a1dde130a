"""Checks along a series, and between two copies of one report.

In: `Point`s of one indicator, agency and column, in any order. Out: `(report_id, Doubt)` pairs, all
warnings. A point is only compared with points that cover the same part of a year (half-years with
half-years). A jump or a slip of a mark or a unit (×10, ×100, ×1000, ×10⁶, ×10⁹) is only seen against a series that is
steady otherwise; a short or restless series says nothing. Figures whose unit is scaled are compared in base units: a
report in đồng and one in triệu đồng agree, and đồng printed under triệu đồng do not. A share below 1 beside shares a
hundred times as large is a slip in a series of any length. Cumulative figures are compared within the year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from normalize.checks.view import is_comparing, unit_of
from normalize.findings import Doubt
from normalize.model import Observation

MIN_OTHERS = 3  # periods of the same kind needed to say what is usual
STEADY = 3  # the largest of the others is at most this many times the smallest
NEAR = Decimal("1.5")  # a slip of ×10 lands between 10/1.5 and 10×1.5 of the usual level
JUMP = 6
SMALL = 10  # counts below this move by chance
SLIPS = (10, 100, 1000, 10**6, 10**9)
FULL = 20  # a share from which on a hundredth of it is taken for a fraction
WIDELY_ROWS, WIDELY_SHARE = 5, Decimal("0.4")


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a series. `period` as in the contract; `is_amount` is False for percentages and answers."""

    report_id: str
    observation_id: str
    period: str
    period_start: date | None
    period_end: date | None
    flow: str
    value: Decimal | None
    name: str = ""
    appendix: str = ""
    stt: str = ""
    table: int | None = None
    row: int | None = None
    measure: str = "actual"
    breakdown: str = ""
    indicator_id: str = ""
    page: int | None = None
    is_amount: bool = True
    base: Decimal | None = None  # the value in base units, where the unit is scaled
    printed: Decimal | None = None  # the value as printed, where `value` is in base units

    @classmethod
    def of(cls, o: Observation) -> Point:
        return cls(
            report_id=o.report_id,
            observation_id=o.observation_id,
            period=o.period,
            period_start=o.period_start,
            period_end=o.period_end,
            flow=o.flow,
            value=None if is_comparing(o) or o.value_kind == "code" else o.value,
            name=o.indicator,
            appendix=o.appendix,
            stt=o.stt,
            table=o.table,
            row=o.row,
            measure=o.measure,
            breakdown=o.breakdown,
            indicator_id=o.indicator_id,
            page=o.page,
            is_amount=unit_of(o).kind not in ("percent", "code"),
            base=o.value_base,
        )


def check_series(points: Iterable[Point]) -> Iterator[tuple[str, Doubt]]:
    """Doubts along the series of one indicator, one agency, one measure and breakdown."""
    known = sorted((p for p in points if p.value is not None and p.period), key=_when)
    if all(p.base is not None for p in known):
        known = [replace(p, value=p.base, printed=p.value) for p in known]
    yield from _out_of_line(known)
    yield from _falls(known)


def _when(point: Point) -> tuple[str, str, str]:
    return (str(point.period_end or ""), point.period, point.observation_id)


def span_of(period: str) -> str:
    """The part of the year a label covers: `2024-H1` → `H1`, `2024` → empty."""
    return period.partition("-")[2]


def _out_of_line(points: Sequence[Point]) -> Iterator[tuple[str, Doubt]]:
    spans: dict[str, list[Point]] = {}
    for point in points:
        spans.setdefault("" if point.flow == "stock" else span_of(point.period), []).append(point)
    for span in spans.values():
        fractions = dict(_fractions(span))
        for point, level in fractions.items():
            yield point.report_id, _at(point, "series-slip", expected=level, factor=100)
        if len(span) > MIN_OTHERS:
            for i, point in enumerate(span):
                if point in fractions:
                    continue
                doubt = _unlike(point, [p for j, p in enumerate(span) if j != i], span[i - 1 if i else 1])
                if doubt:
                    yield point.report_id, doubt


def _fractions(points: Sequence[Point]) -> Iterator[tuple[Point, Decimal]]:
    """Shares printed as fractions (0,887) among shares in per cent, with what is usual among those."""
    shares = [p for p in points if not p.is_amount and p.value is not None]
    full = [p.value for p in shares if p.value is not None and p.value >= FULL]
    if full:
        level = Decimal(median(full))
        for point in shares:
            if point.value is not None and 0 < point.value < 1 and level / NEAR <= 100 * point.value <= level * NEAR:
                yield point, level


def _unlike(point: Point, others: Sequence[Point], neighbour: Point) -> Doubt | None:
    values = [abs(p.value) for p in others if p.value is not None]
    if point.value is None or not values or min(values) == 0 or max(values) > STEADY * min(values):
        return None
    usual, value = Decimal(median(values)), abs(point.value)
    if point.is_amount and max(usual, value) < SMALL:
        return None
    for factor in SLIPS:
        if any(level / NEAR <= value <= level * NEAR for level in (usual * factor, usual / factor)):
            return _at(point, "series-slip", expected=usual, factor=factor)
    if value > JUMP * usual or value * JUMP < usual:
        return _at(point, "series-jump", expected=neighbour.value or usual, other_period=neighbour.period)
    return None


def _falls(points: Sequence[Point]) -> Iterator[tuple[str, Doubt]]:
    for before, after in cumulative_pairs(points):
        if after.value is not None and before.value is not None and after.value < before.value:
            yield (
                after.report_id,
                _at(after, "cumulative-falls", expected=before.value, other_period=before.period),
            )


def is_running(flow: str, period: str) -> bool:
    """Does the figure count from the start of the year on? The first quarter's does, whatever it is called."""
    return flow == "cumulative" or (flow == "flow" and span_of(period) == "Q1")


def start_of(day: str) -> str:
    """One key for the days a year is counted from (ISO): mid-December by the rule, loosely kept, or early January."""
    return {"12": "december", "01": "january"}.get(day[5:7], day)


def cumulative_pairs(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    """Neighbours of one year that count from the same day on, in order of their ends."""
    started: dict[tuple[str, str], list[Point]] = {}
    for point in sorted(points, key=_when):
        if is_running(point.flow, point.period) and point.is_amount and point.value is not None and point.period_end:
            started.setdefault((point.period[:4], start_of(str(point.period_start or ""))), []).append(point)
    for year in started.values():
        for before, after in pairwise(year):
            if before.period_end != after.period_end:
                yield before, after


def check_history(
    series: Iterable[Sequence[Point]], compared: Mapping[tuple[str, str], int] | None = None
) -> Iterator[tuple[str, Doubt]]:
    """Doubts of many series. Where a report's cumulative figures fall widely, one doubt about the report says so.

    `compared` is given by a caller that leaves out series nothing can be said of: how many pairs there are in all
    series, by (later report, earlier period); it may grow while the series are drawn.
    """
    falls: dict[tuple[str, str], list[Doubt]] = {}
    pairs: Counter[tuple[str, str]] = Counter()
    for points in series:
        if compared is None:
            pairs.update((after.report_id, before.period) for before, after in cumulative_pairs(points))
        for report_id, doubt in check_series(points):
            if doubt.code == "cumulative-falls":
                falls.setdefault((report_id, str(dict(doubt.facts)["other_period"])), []).append(doubt)
            else:
                yield report_id, doubt
    among = pairs if compared is None else compared
    for key, doubts in sorted(falls.items()):
        report_id, other_period = key
        if len(doubts) >= WIDELY_ROWS and len(doubts) >= WIDELY_SHARE * among[key]:
            facts = (("compared", among[key]), ("count", len(doubts)), ("other_period", other_period))
            yield report_id, Doubt("cumulative-falls-widely", facts, actual=str(len(doubts)))
        else:
            yield from ((report_id, doubt) for doubt in doubts)


def _at(point: Point, code: str, *, expected: Decimal, **facts: str | int | Decimal) -> Doubt:
    actual = point.value if point.value is not None else Decimal(0)
    if point.printed is not None and actual:  # back to the unit of its row
        actual, expected = point.printed, expected * point.printed / actual
    facts |= {"name": point.name, "period": point.period, "expected": expected, "actual": actual}
    return Doubt(
        code=code,
        facts=tuple(sorted(facts.items())),
        observation_id=point.observation_id,
        appendix=point.appendix,
        stt=point.stt,
        table=point.table,
        row=point.row,
        measure=point.measure,
        breakdown=point.breakdown,
        indicator_id=point.indicator_id,
        page=point.page,
        expected=f"{expected:f}",
        actual=f"{actual:f}",
    )


def compare_twins(mine: Iterable[Observation], other: Iterable[Observation]) -> Iterator[Doubt]:
    """Figures in which a report differs from its twin; a doubt per row of `mine`. Rows only one has are silent."""
    theirs: dict[tuple[str, ...], list[Observation]] = {}
    for o in other:
        theirs.setdefault(_identity(o), []).append(o)
    for o in mine:
        same = theirs.get(_identity(o), [])
        if len(same) == 1 and same[0].value != o.value:
            yield Doubt.at(
                o,
                "twins-differ",
                actual="" if o.value is None else o.value,
                expected="" if same[0].value is None else same[0].value,
                other_source=same[0].source,
            )


def _identity(o: Observation) -> tuple[str, ...]:
    return (o.appendix, o.stt or o.indicator_id or o.indicator_raw, o.measure, o.breakdown)
