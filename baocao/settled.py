"""What people's corrections settle: which findings are decided, and which reports have no open error left.

In: the corrections that were applied to each report of a run (by the order of its file), and findings as
they stream by. Out: findings with `settled`, and the reports' status. A report's own checks ran before the
corrections, so any decision on their figure settles them; a finding of the history is about the figure as
corrected, so only its acceptance does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

import pyarrow as pa

from baocao.corrections import ACCEPTED, Applied, Corrections
from baocao.entries import Entry
from normalize.model import ERROR, Finding


class Settlements:
    """Takes what was applied to the reports' rows, then their findings, then gives their status."""

    def __init__(self, fixes: Corrections) -> None:
        self._fixes = fixes
        self._verdicts: dict[int, dict[str, str]] = {}  # order → observation → what people decided
        self._open_errors: dict[int, int] = {}

    def applied(self, entry: Entry, applied: Applied) -> None:
        self._verdicts[entry.order] = applied.settled

    def own_findings(self, run: Sequence[Entry], rows: pa.Table, counts: Sequence[int]) -> pa.Array | None:
        """The column `settled` of the findings that the reports of a run raised; None where nothing changes."""
        if not any(entry.sha256 in self._fixes for entry in run):
            return None
        settled: list[str] = rows.column("settled").to_pylist()
        start = 0
        for entry, count in zip(run, counts, strict=True):
            if entry.sha256 in self._fixes:
                verdicts = self._verdicts.get(entry.order, {})
                for at, finding in enumerate(rows.slice(start, count).to_pylist(), start):
                    accepted = ACCEPTED if self._fixes.settles(entry.sha256, finding) else ""
                    settled[at] = verdicts.get(finding["observation_id"], "") or accepted
                    self._count(entry, finding["severity"], settled[at])
            start += count
        return pa.array(settled, pa.string())

    def of_history(self, entry: Entry, finding: Finding) -> Finding:
        """One finding of the history, `settled` where people accepted it."""
        if entry.sha256 not in self._fixes:
            return finding
        is_accepted = self._verdicts.get(entry.order, {}).get(finding.observation_id) == ACCEPTED
        if is_accepted or self._fixes.settles(entry.sha256, asdict(finding)):
            finding = replace(finding, settled=ACCEPTED)
        self._count(entry, finding.severity, finding.settled)
        return finding

    def status(self, entry: Entry, status: str) -> str:
        """`ok` for a doubtful report all of whose errors were settled. Ask after all findings went by."""
        return "ok" if status == "doubtful" and self._open_errors.get(entry.order) == 0 else status

    def _count(self, entry: Entry, severity: str, settled: str) -> None:
        if severity == ERROR:
            self._open_errors[entry.order] = self._open_errors.get(entry.order, 0) + (not settled)
