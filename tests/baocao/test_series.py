"""Looking at whole buckets of series by their numbers finds what checking each series does."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao import schema
from baocao.parts import to_arrow
from baocao.series import SeriesChecks
from normalize.checks.series import Point, check_history
from normalize.model import Observation
from tests.baocao.mock_reader import observation

PERIODS = [
    ("2021-H1", None, date(2021, 6, 14)),
    ("2021-9M", None, date(2021, 9, 14)),
    ("2022-Q1", date(2021, 12, 16), date(2022, 3, 14)),
    ("2022-Q1", date(2022, 1, 3), date(2022, 3, 31)),
    ("2021", None, date(2021, 12, 14)),
    ("2022-H1", date(2022, 1, 1), date(2022, 6, 14)),
    ("2022-9M", date(2021, 12, 15), date(2022, 9, 14)),
    ("2022", date(2022, 1, 1), date(2022, 12, 14)),
    *((str(year), None, date(year, 12, 14)) for year in range(2010, 2020)),
    ("", None, None),
    ("2020", None, None),
]
VALUES = st.sampled_from([0, 1, 9, 10, 12, 15, 30, 31, 60, 61, 66, 67, 100, 101, 150, 1000, 10_000, -5, -100, 0.5])


@st.composite
def observations(draw: st.DrawFn) -> list[Observation]:
    rows: list[Observation] = []
    for series in range(draw(st.integers(1, 3))):
        facts: dict[str, Any] = {"agency": f"Sở {series}"}
        flow = draw(st.sampled_from(["cumulative", "stock", "flow", ""]))
        unit = draw(st.sampled_from(["Văn bản", "%", "Triệu đồng"]))
        measure_raw = draw(st.sampled_from(["Số liệu", "Số liệu", "So sánh với cùng kỳ"]))
        level = draw(st.sampled_from([1, 1, 7]))
        scales = draw(st.sampled_from([[None], [1000], [1, 1000], [None, 1000]]))
        for n, (period, start, end) in enumerate(draw(st.lists(st.sampled_from(PERIODS), max_size=14))):
            value = level * (draw(VALUES) if draw(st.integers(0, 3)) == 0 else 10)
            row = observation({**facts, "period": period}, f"r{n}", "s", n, ["2", "1", "Tên", unit, value], end)
            cells = {name: getattr(row, name) for name in Observation.__dataclass_fields__}
            cells |= {"period_start": start, "flow": flow, "measure_raw": measure_raw, "measure": "actual"}
            cells |= {"observation_id": f"r{n}/{series}/{n}", "value": Decimal(str(value))}
            scale = draw(st.sampled_from(scales))
            cells["value_base"] = None if scale is None else scale * Decimal(str(value))
            rows.append(Observation(**cells))
    return rows


def as_rows(found: list[Observation]) -> pa.Table:
    names = [column.name for column in schema.columns("observations")]
    cells: dict[str, list[Any]] = {name: [getattr(o, name) for o in found] for name in names}
    cells["value"] = [str(value) for value in cells["value"]]
    cells["value_base"] = [None if value is None else str(value) for value in cells["value_base"]]
    for name in ("period_start", "period_end"):
        cells[name] = [None if day is None else day.isoformat() for day in cells[name]]
    return to_arrow("observations", cells)


def reports_that_fall(reports: list[str], n_series: int) -> list[Observation]:
    """Agencies whose reports of nine months say 90 for each figure, and those of the year 10."""
    rows: list[Observation] = []
    periods = (("9M", date(2022, 9, 14), 90), ("", date(2022, 12, 14), 10))
    for agency, report in enumerate(reports):
        for n, (part, end, value) in product(range(n_series), periods):
            facts = {"agency": f"Sở {agency} {n}", "period": f"2022-{part}".rstrip("-")}
            row = observation(facts, f"{report}{part}", "s", n, ["2", "1", "Tên", "Văn bản", value], end)
            rows.append(replace(row, flow="cumulative", measure="actual"))
    return rows


@pytest.mark.parametrize("reports", [["a"], ["b", "a"], [f"{n:x}" for n in range(40, 20, -1)]])
@pytest.mark.parametrize("n_series", [1, 9])
def test_a_report_that_falls_widely_is_told_so_among_others(reports: list[str], n_series: int) -> None:
    doubts = doubts_of(reports_that_fall(reports, n_series))
    expected = "cumulative-falls" if n_series == 1 else "cumulative-falls-widely"
    assert sorted(report for report, _ in doubts) == sorted(reports)
    assert {doubt["code"] for _, doubt in doubts} == {expected}


@settings(max_examples=150, deadline=None)
@given(observations())
def test_the_doubts_are_those_of_checking_every_series(found: list[Observation]) -> None:
    by_series: dict[str, list[Point]] = {}
    for one in found:
        by_series.setdefault(one.agency_id, []).append(Point.of(one))
    expected = [(report, asdict(doubt)) for report, doubt in check_history(by_series.values())]
    assert sorted(doubts_of(found), key=str) == sorted(expected, key=str)


def doubts_of(found: list[Observation]) -> list[tuple[str, dict[str, Any]]]:
    with TemporaryDirectory() as folder:
        checks = SeriesChecks(Path(folder), len(found))
        checks.add("observations", as_rows(found))
        return [(report, asdict(doubt)) for report, doubt in checks.doubts()]
