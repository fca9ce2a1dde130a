"""What was read: every report by agency and period, and every file that could not be read, with why.

In: the staged reports. Out: a dictionary for the page: agencies (rows of the map), periods (its columns, in
time), reports, and the gaps: periods an agency skipped although it reported the same kind of period before
and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import regex

from baocao.messages import Messages
from baocao.page.data_files import Dictionary
from baocao.writers.staged_rows import as_tuples, read_rows

_COLUMNS = (
    "report_id",
    "source",
    "status",
    "agency",
    "agency_id",
    "province",
    "province_id",
    "period",
    "period_start",
    "period_end",
    "n_observations",
    "n_findings",
    "format",
    "pages",
    "doc_number",
    "doc_date",
    "error",
    "error_message",
    "next_step",
    "duplicate_of",
    "supersedes",
)
_PERIOD = regex.compile(r"(\d{4})(?:-(H[12]|Q[1-4]|\d{1,2}M|M\d{2}))?")
_LONGEST_GAP_YEARS = 15
# Last month of each kind of period, to set a period nobody reported among the others.
_END_MONTH = {"": 12, "H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}
# A report that stands in the map, and one that only explains itself in a list.
_NOT_READ = ("failed", "skipped")


def read_reports(folder: Path) -> list[dict[str, Any]]:
    """The reports as the page needs them."""
    return [
        dict(zip(_COLUMNS, row, strict=True))
        for rows in read_rows(folder, "reports", _COLUMNS)
        for row in as_tuples(rows)
    ]


def coverage(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The data of the map and of the list of files."""
    agencies, periods = Dictionary(), Dictionary()
    names: dict[int, tuple[str, str, str]] = {}  # what a body was last called
    ends: dict[str, str] = {}
    kinds: dict[tuple[int, str], set[int]] = {}
    shown, unread = [], []
    ordered = sorted(reports, key=lambda one: (one["agency"], one["province_id"], one["agency_id"]))
    for report in ordered:
        if report["status"] in _NOT_READ:
            unread.append(_unread(report))
            continue
        agency = agencies.number((report["agency_id"], report["province_id"].partition("@")[0]))
        period = report["period"]
        end = _day(report["period_end"]) or _end(period)
        names[agency] = max(names.get(agency, ("", "", "")), (end, report["agency"], report["province"]))
        ends[period] = max(ends.get(period, ""), end)
        shown.append(
            [
                report["report_id"],
                report["source"],
                report["status"],
                agency,
                periods.number(period),
                report["n_observations"],
                report["n_findings"],
                report["format"],
                report["pages"],
                report["doc_number"],
                _day(report["doc_date"]),
                report["duplicate_of"],
                report["supersedes"],
            ]
        )
        if match := _PERIOD.fullmatch(period):
            kinds.setdefault((agency, match[2] or ""), set()).add(int(match[1]))
    gaps = []
    for (agency, kind), years in sorted(kinds.items()):
        first, last = min(years), max(years)
        if last - first <= _LONGEST_GAP_YEARS:
            for year in range(first + 1, last):
                if year not in years:
                    period = f"{year}-{kind}" if kind else str(year)
                    ends.setdefault(period, _end(period))
                    gaps.append([agency, periods.number(period)])
    columns = [[period, ends[period]] for period in periods.values]
    order = sorted(range(len(columns)), key=lambda at: (columns[at][1] or "9", columns[at][0]))
    unread.sort(key=lambda one: (one["status"] == "skipped", one["source"]))
    bodies = [[*ids, *names[at][1:]] for at, ids in enumerate(agencies.values)]
    return {"agencies": bodies, "periods": columns, "order": order, "reports": shown, "gaps": gaps, "unread": unread}


def _unread(report: Mapping[str, Any]) -> dict[str, Any]:
    """A file that was not read, in both languages. A reader's own sentence is English."""
    vietnamese, code = Messages("vi"), report["error"]
    key = f"failure.{code}"
    message, step = report["error_message"], report["next_step"]
    return {
        "source": report["source"],
        "status": report["status"],
        "code": code,
        "en": [message, step],
        "vi": [
            vietnamese(key, message=message) if vietnamese.has(key) else message,
            vietnamese(f"{key}.next") if vietnamese.has(f"{key}.next") else step,
        ],
    }


def _end(period: str) -> str:
    """The calendar's end of a period's label, empty where the label tells none."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return ""
    kind = match[2] or ""
    month = _END_MONTH.get(kind) or int(regex.sub(r"\D", "", kind))
    return f"{match[1]}-{month:02d}-28"


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
