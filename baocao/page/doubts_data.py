"""The findings as the page lists them: worst first, in pieces that are loaded when they are looked at.

In: the staged findings. Out: an index (codes with counts, the source of each finding) and chunks of
`CHUNK` findings. Findings are sorted by severity, code, source and place, so a code is one run of the list.
Beyond `most` the least severe are left to findings.csv, and the index says how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.page.data_files import Dictionary
from baocao.page.series_data import Reason
from baocao.writers.staged_rows import as_tuples, read_rows
from normalize.findings import SEVERITIES, load_findings

CHUNK = 500
MOST = 200_000
_COLUMNS = (
    "severity",
    "code",
    "source",
    "table",
    "row",
    "finding_id",
    "observation_id",
    "appendix",
    "stt",
    "measure",
    "indicator_id",
    "page",
    "message",
    "message_en",
    "expected",
    "actual",
)
_ORDER = ("rank", "code", "source", "table", "row", "finding_id")


class Doubts:
    """The findings of a staged dataset, at most `most` of them, worst first."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        for rows in read_rows(folder, "findings", ["severity", "code"]):
            groups = _texts(rows).group_by(["severity", "code"], use_threads=False).aggregate([([], "count_all")])
            self.counts.update({(one["severity"], one["code"]): one["count_all"] for one in groups.to_pylist()})
        self.total = sum(self.counts.values())
        self.rows = _sorted(folder, most)

    def by_severity(self) -> dict[str, int]:
        counts = dict.fromkeys(SEVERITIES, 0)
        for (severity, _), count in self.counts.items():
            counts[severity] = counts.get(severity, 0) + count
        return counts

    def index(self) -> dict[str, Any]:
        """What filters need: codes in the order of the list with counts and advice; each finding's source."""
        sources, of_source = Dictionary(), []
        runs: list[list[Any]] = []
        for severity, code, source in as_tuples(self.rows.select(["severity", "code", "source"])):
            of_source.append(sources.number(source))
            if not runs or runs[-1][:2] != [severity, code]:
                runs.append([severity, code, 0])
            runs[-1][2] += 1
        kinds = load_findings()
        codes = [
            [
                severity,
                code,
                count,
                kinds[code].action_vi if code in kinds else "",
                kinds[code].action_en if code in kinds else "",
            ]
            for severity, code, count in runs
        ]
        return {
            "total": self.total,
            "shown": self.rows.num_rows,
            "chunk": CHUNK,
            "codes": codes,
            "sources": sources.values,
            "source": of_source,
        }

    def chunks(self, indicators: Mapping[str, int]) -> Iterator[list[list[Any]]]:
        """The findings in pieces. `indicators` numbers those the page can show."""
        names = [name for name in _COLUMNS if name not in ("severity", "code", "source", "finding_id")]
        for start in range(0, self.rows.num_rows, CHUNK):
            piece = self.rows.slice(start, CHUNK).select(names)
            at = names.index("indicator_id")
            yield [[*row[:at], indicators.get(row[at], -1), *row[at + 1 :]] for row in as_tuples(piece)]

    def reasons(self) -> dict[str, dict[str, list[Reason]]]:
        """Indicator id → observation id → what is said about it."""
        of_indicator: dict[str, dict[str, list[Reason]]] = {}
        names = ["indicator_id", "observation_id", "severity", "code", "message", "message_en"]
        for indicator_id, observation_id, *reason in as_tuples(self.rows.select(names)):
            if observation_id:
                found = of_indicator.setdefault(indicator_id, {}).setdefault(observation_id, [])
                found.append((reason[0], reason[1], reason[2], reason[3]))
        return of_indicator


def _texts(rows: pa.Table) -> pa.Table:
    return pa.table(
        {
            name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        }
    )


def _sorted(folder: Path, most: int) -> pa.Table:
    kept = [schema.arrow_schema("findings").empty_table().select(list(_COLUMNS))]
    room = most
    for severity in SEVERITIES:
        for rows in read_rows(folder, "findings", _COLUMNS):
            rows = rows.filter(pc.equal(rows.column("severity").cast(pa.string()), severity)).slice(0, room)
            room -= rows.num_rows
            kept.append(_texts(rows))
    whole = pa.concat_tables(kept)
    rank = pc.index_in(whole.column("severity"), value_set=pa.array(SEVERITIES))
    order = pc.sort_indices(whole.append_column("rank", rank), [(name, "ascending") for name in _ORDER])
    return whole.take(order)
