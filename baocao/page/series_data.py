"""One indicator's history as the page draws it.

In: the primary rows of an indicator and the findings about them. Out: a dictionary of columns; what
repeats (agencies, periods, sources, places) stands once and is pointed to by number. A file depends on its
own rows only, so a report that does not touch an indicator leaves its file as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.buckets import Buckets
from baocao.once import runs
from baocao.page.data_files import Dictionary
from baocao.page.units_now import unit_now
from baocao.writers import Staged
from baocao.writers.staged_rows import as_tuples, read_rows
from baocao.writers.write_indicators import ROW_ORDER

COLUMNS = (
    "observation_id",
    "report_id",
    "source",
    "agency",
    "agency_id",
    "province",
    "province_id",
    "province_id_2025",
    "period",
    "period_start",
    "period_end",
    "measure",
    "measure_raw",
    "breakdown",
    "breakdown_kind",
    "unit",
    "flow",
    "status",
    "value",
    "value_raw",
    "value_label",
    "appendix",
    "stt",
    "page",
    "table",
    "row",
    "note",
)
# Finding of a row: severity, code, sentence in Vietnamese and in English.
Reason = tuple[str, str, str, str]


def read_series(staged: Staged) -> Iterator[tuple[str, pa.Table]]:
    """Each indicator with its rows as in `indicators/<id>.csv`, grouped on disk where memory would not hold them."""
    names = [*dict.fromkeys([*COLUMNS, *ROW_ORDER])]
    kept = pa.schema([schema.arrow_schema("observations").field(name) for name in names])
    buckets = Buckets(staged.folder / ".series", kept, "indicator_id", staged.n_observations)
    for rows in read_rows(staged.folder, "observations", [*names, "is_primary"]):
        named = pc.not_equal(rows.column("indicator_id").cast(pa.string()), "")
        buckets.add(rows.filter(pc.and_(rows.column("is_primary"), named)))
    for rows in buckets.sorted(ROW_ORDER):
        for start, stop in runs(rows, ("indicator_id",)):
            yield rows.column("indicator_id")[start].as_py(), rows.slice(start, stop - start).select(list(COLUMNS))


def series_data(rows: pa.Table, reasons: Mapping[str, Sequence[Reason]]) -> dict[str, Any]:
    """The data file of one indicator. `reasons` are the findings by observation id."""
    names = (
        "agencies",
        "periods",
        "measures",
        "breakdowns",
        "units",
        "flows",
        "statuses",
        "sources",
        "places",
        "labels",
        "notes",
    )
    lists = {name: Dictionary() for name in names}
    cells: dict[str, list[Any]] = {
        name: [] for name in ("a", "p", "m", "b", "u", "f", "s", "v", "r", "src", "pl", "pg", "t", "n", "l", "nt")
    }
    odd_ids: dict[int, str] = {}
    found: dict[int, list[Reason]] = {}
    for at, line in enumerate(as_tuples(rows)):
        row = dict(zip(COLUMNS, line, strict=True))
        numbers = {
            "a": lists["agencies"].number(_agency(row)),
            "p": lists["periods"].number((row["period"], _day(row["period_start"]), _day(row["period_end"]))),
            "m": lists["measures"].number(row["measure"]),
            "b": lists["breakdowns"].number((row["breakdown"], row["breakdown_kind"])),
            "u": lists["units"].number(row["unit"]),
            "f": lists["flows"].number(row["flow"]),
            "s": lists["statuses"].number(row["status"]),
            "src": lists["sources"].number((row["report_id"], row["source"])),
            "pl": lists["places"].number((row["appendix"], row["stt"])),
            "l": lists["labels"].number(row["value_label"]),
            "nt": lists["notes"].number(row["note"]),
            "v": _number(row["value"]),
            "r": row["value_raw"],
            "pg": row["page"],
            "t": row["table"],
            "n": row["row"],
        }
        if numbers["r"] == str(numbers["v"]):
            numbers["r"] = 0
        for name, number in numbers.items():
            cells[name].append(number)
        usual = "/".join(
            (row["report_id"], row["appendix"], str(row["table"]), str(row["row"]), row["measure"], row["breakdown"])
        )
        if row["observation_id"] != usual:
            odd_ids[at] = row["observation_id"]
        if row["observation_id"] in reasons:
            found[at] = list(reasons[row["observation_id"]])
    return {
        **{name: one.values for name, one in lists.items()},
        "rows": _without_constants(cells),
        "ids": odd_ids,
        "why": found,
    }


def _agency(row: Mapping[str, Any]) -> tuple[str, ...]:
    now = unit_now(row["agency_id"], row["agency"], row["province_id_2025"])
    return (
        row["agency_id"],
        row["agency"],
        row["province_id"],
        row["province"],
        now.agency_id,
        now.agency,
        now.province_id,
        now.province,
    )


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _number(value: float | None) -> float | int | None:
    """Whole numbers without `.0`; what no JSON can hold (there is none in a valid dataset) as missing."""
    if value is None or value != value or abs(value) == float("inf"):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _without_constants(cells: dict[str, list[Any]]) -> dict[str, Any]:
    """A column whose cells are all the same becomes that one cell: `{"same": x}`."""
    return {
        name: {"same": column[0]} if column and column.count(column[0]) == len(column) else column
        for name, column in cells.items()
    }
