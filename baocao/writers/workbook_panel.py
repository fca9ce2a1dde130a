"""The wide panel of the workbook: which rows and years go into it, and what stands in its cells.

In: rows of observations. Out: neighbours of one agency and period, and for each of them column → value, kind and state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.writers.staged_rows import as_tuples

KEYS = ("agency", "province", "period", "period_start", "period_end", "agency_id", "province_id", "province_id_2025")
PANEL = (*KEYS, "indicator_id", "observation_id", "value", "value_raw", "value_kind", "status")
NO_YEAR = "khác"


def equals(rows: pa.Table, name: str, text: str) -> Any:
    """Where a column says this; on dictionaries only the few different texts are compared."""
    return pc.equal(rows.column(name).cast(pa.string()), text)


def years_of(rows: pa.Table) -> Any:
    """The year of each row's period, `khác` where it has none."""
    year = pc.utf8_slice_codeunits(rows.column("period").cast(pa.string()), 0, 4)
    return pc.if_else(pc.match_substring_regex(year, "^[12][0-9]{3}$"), year, NO_YEAR)


def value_counts(column: Any) -> list[tuple[str, int]]:
    return [(pair["values"], pair["counts"]) for pair in pc.value_counts(column).to_pylist()]


def newest(cells: Counter[str], most: int) -> tuple[list[str], list[str]]:
    """The years whose cells fit, newest first, and the others; the newest is always in."""
    kept: list[str] = []
    total = 0
    ordered = sorted(cells, key=lambda year: (year == NO_YEAR, [-ord(c) for c in year]))
    for year in ordered:
        total += cells[year]
        if kept and total > most:
            break
        kept.append(year)
    return kept, ordered[len(kept) :]


def no_rows() -> pa.Table:
    return schema.arrow_schema("observations").empty_table().select(list(PANEL))


def plain(rows: pa.Table, names: Sequence[str]) -> pa.Table:
    """Columns that can be sorted: dictionaries as text."""
    columns = {name: rows.column(name) for name in names}
    return pa.table(
        {
            name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for name, column in columns.items()
        }
    )


def by_year(title: str, rows: pa.Table, years: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    of = years_of(rows)
    for year in years:
        yield f"{title} {year}", rows.filter(pc.equal(of, year))


def groups(rows: pa.Table) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Neighbours with the same agency, province and period: their key and the rest of their cells."""
    n = len(KEYS)
    key: tuple[Any, ...] = ()
    group: list[tuple[Any, ...]] = []
    for row in as_tuples(rows):
        if row[:n] != key:
            if group:
                yield key, group
            key, group = row[:n], []
        group.append(row[n:])
    if group:
        yield key, group


def panel_cells(group: Sequence[tuple[Any, ...]], place: dict[str, int]) -> dict[int, tuple[Any, str, str]]:
    """Column → value, kind and state. The first figure stands; others that differ mark the cell."""
    cells: dict[int, tuple[Any, str, str]] = {}
    for indicator_id, _, value, raw, _, status in group:
        at = place.get(indicator_id)
        if at is None:
            continue
        shown = raw if value is None else value
        if at not in cells:
            cells[at] = (shown, "text" if value is None else "number", status)
        elif cells[at][0] != shown:
            cells[at] = (*cells[at][:2], "several")
    return cells
