"""`catalogue.csv` and `unmatched.csv`: the indicators there are, and the rows that belong to none.

The catalogue has every indicator of the shipped templates, then the provisional ones that reports brought,
each with its first and last period and its number of rows (primary rows). `unmatched` has one row for each
row of a report whose indicator is not in the catalogue, ready to be turned into catalogue rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.once import single, used
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
_Array: TypeAlias = "np.ndarray[Any, Any]"


def _periods(rows: pa.Table) -> tuple[list[tuple[str, str]], _Array]:
    """The (end, label) of all periods in order, and for each row which of them is its own."""
    ends = single(rows.column("period_end")).cast(pa.string()).fill_null("").dictionary_encode()
    labels = used(single(rows.column("period")))
    together = ends.indices.to_numpy().astype(np.int64) * len(labels.dictionary) + labels.indices.to_numpy()
    occurring, which = np.unique(together, return_inverse=True)
    end_of, label_of = ends.dictionary.to_pylist(), labels.dictionary.to_pylist()
    pairs = [(end_of[one // len(label_of)], label_of[one % len(label_of)]) for one in occurring.tolist()]
    order = sorted(range(len(pairs)), key=pairs.__getitem__)
    rank = np.empty(len(pairs), np.int64)
    rank[order] = np.arange(len(pairs))
    return [pairs[at] for at in order], rank[which]


class CatalogueSink:
    """Gathers one small record for each indicator while the observations stream by."""

    def __init__(self, staging: Path, scratch: Path, n_observations: int, dialect: Dialect = RFC) -> None:  # noqa: ARG002 - as all sinks
        self._path, self._dialect = staging / "catalogue.csv", dialect
        self._seen: dict[str, _Seen] = {}

    def add(self, table: str, rows: pa.Table) -> None:
        if table != "observations" or not rows.num_rows:
            return
        ids = used(single(rows.column("indicator_id")))
        of_id, n = ids.indices.to_numpy(), len(ids.dictionary)
        is_primary = single(rows.column("is_primary")).to_numpy(zero_copy_only=False)
        counts = is_primary & single(rows.column("value")).is_valid().to_numpy(zero_copy_only=False)
        first = np.zeros(n, np.int64)
        first[of_id[::-1]] = np.arange(len(of_id))[::-1]
        examples = [rows.column(name).take(pa.array(first)).cast(pa.string()).to_pylist() for name in _FACTS]
        periods, of_period = _periods(rows)
        least, most = np.full(n, len(periods)), np.full(n, -1)
        np.minimum.at(least, of_id[counts], of_period[counts])
        np.maximum.at(most, of_id[counts], of_period[counts])
        n_rows = np.bincount(of_id[is_primary], minlength=n).tolist()
        for at, indicator_id in enumerate(ids.dictionary.to_pylist()):
            if indicator_id:
                seen = self._seen.setdefault(indicator_id, _Seen())
                seen.facts = seen.facts or {name: texts[at] for name, texts in zip(_FACTS, examples, strict=True)}
                seen.rows += n_rows[at]
                if most[at] >= 0:
                    seen.first, seen.last = min(seen.first, periods[least[at]]), max(seen.last, periods[most[at]])

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
