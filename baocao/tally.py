"""Counts for the summary of a run, gathered while its rows stream by.

In: pieces of the tables as they are written, and the entries without a report. Out: the `RunSummary`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from baocao.entries import Entries, Entry
from baocao.errors import Failure, RunSummary
from normalize.model import ERROR


class Tally:
    """Counts for the summary, gathered while the rows stream by."""

    def __init__(self) -> None:
        self._statuses: Counter[str] = Counter()
        self._values: Counter[str] = Counter()
        self._findings: Counter[str] = Counter()

    def add(self, table: str, rows: pa.Table) -> None:
        if table == "observations":
            self._values["all"] += rows.num_rows
            self._values["valued"] += rows.num_rows - rows.column("value").null_count
            status = rows.column("status").cast(pa.string())
            self._values["doubtful"] += pc.sum(pc.is_in(status, pa.array(["doubtful", "unparsed"]))).as_py() or 0
        elif table == "findings":
            rows = rows.filter(pc.equal(rows.column("settled").cast(pa.string()), ""))
            for item in pc.value_counts(rows.column("severity").cast(pa.string())).to_pylist():
                self._findings[item["values"]] += item["counts"]
        elif table == "reports":
            self._statuses.update(rows.column("status").to_pylist())

    def summary(
        self,
        out: Path,
        entries: Entries,
        *,
        strict: bool,
        reused: int,
        warnings: tuple[str, ...],
        n_indicators: int,
    ) -> RunSummary:
        without = [entry for entry in entries if entry.status]
        failed, skipped = ([e for e in without if e.status == status] for status in ("failed", "skipped"))
        statuses = self._statuses
        return RunSummary(
            out=out,
            n_files=len(entries),
            read=sum(statuses[s] for s in ("ok", "doubtful", "duplicate", "superseded")),
            doubtful=statuses["doubtful"],
            partial=statuses["partial"],
            failed=_counted(failed),
            skipped=_counted(skipped),
            duplicates=statuses["duplicate"],
            superseded=statuses["superseded"],
            reused=reused,
            n_observations=self._values["all"],
            n_with_value=self._values["valued"],
            n_doubtful_values=self._values["doubtful"],
            n_indicators=n_indicators,
            findings={severity: self._findings[severity] for severity in (ERROR, "warning", "info")},
            failures=tuple(_failure(e) for e in failed),
            skips=tuple(_failure(e) for e in skipped),
            warnings=warnings,
            strict=strict,
        )


def _counted(entries: Iterable[Entry]) -> dict[str, int]:
    return {code: len(list(group)) for code, group in groupby(sorted(e.code for e in entries))}


def _failure(entry: Entry) -> Failure:
    return Failure(entry.source, entry.code, entry.message, entry.next_step)
