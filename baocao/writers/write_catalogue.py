"""`catalogue.csv` and `unmatched.csv`: the indicators there are, and the rows that belong to none.

The catalogue has every indicator of the shipped templates, then the provisional ones that reports brought,
each with its first and last period and its number of rows (primary rows). `unmatched` has one row for each
row of a report whose indicator is not in the catalogue, ready to be turned into catalogue rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.writers import Written
from baocao.writers.write_csv import RFC, Dialect
from baocao.writers.write_tables import CsvFile
from normalize.catalogue import load_catalogue


@dataclass(slots=True)
class _Seen:
    """What the stream said about one indicator. Periods are ordered by (end, label)."""

    facts: dict[str, str] = field(default_factory=dict)
    first: tuple[str, str] = ("9", "")
    last: tuple[str, str] = ("", "")
    rows: int = 0


_FACTS = ("indicator", "unit", "flow", "appendix")
_THEN = "\0"  # before anything printed


def _end_and_label(period: str) -> tuple[str, str]:
    end, _, label = period.partition(_THEN)
    return end, label


class CatalogueSink:
    """Gathers one small record for each indicator while the observations stream by."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:  # noqa: ARG002 - as all sinks
        self._path, self._dialect = staging / "catalogue.csv", dialect
        self._seen: dict[str, _Seen] = {}

    def add(self, table: str, rows: pa.Table) -> None:
        if table != "observations" or not rows.num_rows:
            return
        texts = {
            name: rows.column(name).cast(pa.string()) for name in (*_FACTS, "indicator_id", "period", "period_end")
        }
        end = pc.coalesce(texts.pop("period_end"), "")
        is_primary = rows.column("is_primary")
        counts = pc.and_(is_primary, pc.is_valid(rows.column("value")))
        period = pc.binary_join_element_wise(end, texts.pop("period"), _THEN)  # sorts by end, then label
        small = pa.table(
            {
                **texts,
                "is_primary": is_primary.cast(pa.int32()),
                "seen": pc.if_else(counts, period, pa.scalar(None, pa.string())),
            }
        )
        wanted = [*((name, "first") for name in _FACTS), ("is_primary", "sum"), ("seen", "min"), ("seen", "max")]
        for group in small.group_by("indicator_id", use_threads=False).aggregate(wanted).to_pylist():
            self._note(group)

    def _note(self, group: dict[str, Any]) -> None:
        if not group["indicator_id"]:
            return
        seen = self._seen.setdefault(group["indicator_id"], _Seen())
        if not seen.facts:
            seen.facts = {name: group[f"{name}_first"] for name in _FACTS}
        seen.rows += group["is_primary_sum"]
        if group["seen_min"] is not None:
            seen.first = min(seen.first, _end_and_label(group["seen_min"]))
            seen.last = max(seen.last, _end_and_label(group["seen_max"]))

    def close(self) -> list[Written]:
        cells: dict[str, list[Any]] = {column.name: [] for column in schema.columns("catalogue")}
        known = {indicator.id: indicator for indicator in load_catalogue().indicators}
        for indicator_id in [*known, *sorted(set(self._seen) - set(known))]:
            seen = self._seen.get(indicator_id, _Seen())
            indicator = known.get(indicator_id)
            row: dict[str, Any] = {
                **seen.facts,
                "indicator_id": indicator_id,
                "is_catalogued": indicator is not None,
                "first_period": seen.first[1],
                "last_period": seen.last[1],
                "n_observations": seen.rows,
            }
            if indicator is not None:
                row["indicator"], row["indicator_en"] = indicator.name, indicator.name_en
                row |= {name: getattr(indicator, name) for name in cells if hasattr(indicator, name)}
            for name, column in cells.items():
                column.append(row.get(name, ""))
        rows = pa.table(cells, schema=schema.arrow_schema("catalogue"))
        file = CsvFile(self._path, "catalogue", self._dialect)
        file.add(rows)
        file.close()
        facts = ("catalogue", schema.TITLES["catalogue"][0], rows.num_rows)
        return [Written("catalogue.csv", "csv", *facts, dialect=self._dialect.name)]


class UnmatchedSink:
    """Passes on the rows whose indicator no catalogue row names."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:  # noqa: ARG002 - as all sinks
        self._file, self._dialect = CsvFile(staging / "unmatched.csv", "unmatched", dialect), dialect
        self._known = pa.array(sorted(load_catalogue().by_id), pa.string())
        self._rows = 0

    def add(self, table: str, rows: pa.Table) -> None:
        if table != "observations" or not rows.num_rows:
            return
        unmatched = pc.invert(pc.is_in(rows.column("indicator_id").cast(pa.string()), value_set=self._known))
        rows = rows.filter(unmatched).select(schema.arrow_schema("unmatched").names)
        self._file.add(rows)
        self._rows += rows.num_rows

    def close(self) -> list[Written]:
        self._file.close()
        facts = ("unmatched", schema.TITLES["unmatched"][0], self._rows)
        return [Written("unmatched.csv", "csv", *facts, dialect=self._dialect.name)]
