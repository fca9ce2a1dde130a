"""What the review desk knows: the findings of a dataset worst first, the rows they are about, the decisions.

In: an output folder. Out: pages of findings, the whole picture of one (the figure, its table, its report), and
decisions written to `corrections.csv`. The dataset itself is never changed: the next run applies what was
decided. Findings are numbered from 0 in the order they are shown: errors, warnings, notes; then by code, file
and place. Rows are read a report at a time, so the desk opens at once whatever the size of the dataset.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import duckdb
import pyarrow.parquet as pq

from baocao import decisions
from baocao.corrections import ACCEPTED, CORRECTED, FINDING, REJECTED, Correction, Places, read_rows, same_value
from baocao.errors import UsageError
from baocao.output import KEPT, manifest_of
from baocao.review.keys import (
    about_finding,
    about_row,
    correction_key,
    finding_key,
    grid_of,
    json_value,
    plain_text,
    shown_correction,
    signed,
)
from baocao.review.typed import typed_number
from extract.text import fold
from normalize.findings import FINDINGS, SEVERITIES

VERDICTS = {"accept": ACCEPTED, "correct": CORRECTED, "reject": REJECTED}
CORRECTABLE = ("value", "unit", "indicator_id")
MOST_TOGETHER = 5000
_CACHED_REPORTS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings to show. `state` is open, settled or all; `search` is looked for in file and message."""

    severities: frozenset[str] = frozenset({"error", "warning"})
    code: str = ""
    state: str = "open"
    search: str = ""


class Refused(Exception):
    """A decision that cannot be recorded; `key` names the sentence for it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Desk:
    """A dataset under review. Raises `UsageError` where the folder holds none."""

    def __init__(self, out: Path, corrections: Path | None = None) -> None:
        if manifest_of(out) is None:
            raise UsageError(f"{out} holds no dataset.", f"Write it first: baocao ingest FOLDER --out {out}")
        self.out = out
        self.path = corrections or out / KEPT
        self._lock = RLock()
        self._batches: list[list[Correction]] = []  # of this session, for undo
        self._database = duckdb.connect()
        self.reload()

    def reload(self) -> None:
        """Read the dataset and the decisions anew (after a run)."""
        with self._lock:
            rows = pq.read_table(self.out / "findings.parquet").to_pylist()
            severities = {name: rank for rank, name in enumerate(SEVERITIES)}
            rows.sort(
                key=lambda f: (
                    severities.get(f["severity"], 9),
                    f["code"],
                    f["source"],
                    f["table"] or 0,
                    f["row"] or 0,
                    f["finding_id"],
                )
            )
            self._findings: list[dict[str, Any]] = rows
            self._keys = [fold(f"{f['source']} {f['message']} {f['message_en']} {f['stt']}") for f in rows]
            self._reports = {r["report_id"]: r for r in pq.read_table(self.out / "reports.parquet").to_pylist()}
            self._of_sha256: dict[str, list[str]] = {}
            for report_id, report in self._reports.items():
                self._of_sha256.setdefault(report["sha256"], []).append(report_id)
            self._rows: OrderedDict[str, list[dict[str, Any]]] = OrderedDict()
            self._fresh: set[Correction] = set()  # decided since the dataset was read
            self._read_decisions()

    # ------------------------------------------------------------ findings

    def __len__(self) -> int:
        return len(self._findings)

    def counts(self) -> list[dict[str, Any]]:
        """Every code with how many findings it has and how many are open, in the order of the list."""
        all_, open_ = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for at, finding in enumerate(self._findings):
            key = finding["severity"], finding["code"]
            all_[key] += 1
            open_[key] += not self.verdict(at)
        return [
            {"severity": severity, "code": code, "n": n, "open": open_[severity, code]}
            for (severity, code), n in all_.items()
        ]

    def select(self, wanted: Wanted) -> list[int]:
        """The numbers of the findings that are wanted, in order."""
        needle = fold(wanted.search)
        return [
            at
            for at, finding in enumerate(self._findings)
            if finding["severity"] in wanted.severities
            and (not wanted.code or finding["code"] == wanted.code)
            and (wanted.state == "all" or bool(self.verdict(at)) == (wanted.state == "settled"))
            and (not needle or needle in self._keys[at])
        ]

    def item(self, at: int) -> dict[str, Any]:
        """One line of the list."""
        finding = self._findings[at]
        report = self._reports.get(finding["report_id"], {})
        names = ("finding_id", "source", "severity", "code", "message", "message_en", "appendix", "stt", "page")
        facts = {name: finding[name] for name in (*names, "table", "row", "expected", "actual")}
        return {
            "at": at,
            **facts,
            "agency": report.get("agency", ""),
            "period": report.get("period", ""),
            "verdict": self.verdict(at),
        }

    def verdict(self, at: int) -> str:
        """What was decided, in the dataset or since; empty while open."""
        finding = self._findings[at]
        pending = self._decided.get(finding["observation_id"]) or self._decided_findings.get(finding_key(finding))
        return pending or finding.get("settled") or ""

    def detail(self, at: int) -> dict[str, Any]:
        """All that is known about one finding: the figure, its report, its table and what else is doubted."""
        finding, row = self._findings[at], self._row_of(self._findings[at])
        report = self._reports.get(finding["report_id"], {})
        kind = FINDINGS.get(finding["code"])
        return {
            **self.item(at),
            "action": kind.action_vi if kind else "",
            "action_en": kind.action_en if kind else "",
            "report": {name: json_value(value) for name, value in report.items()},
            "observation": {name: json_value(value) for name, value in row.items()} if row else None,
            "is_figure": bool(row and finding["observation_id"]),
            "current": self.current(row) if row else None,
            "history": [shown_correction(c) for c in self._history.get(row["observation_id"], ())] if row else [],
            "others": [
                other
                for other, also in enumerate(self._findings)
                if row and other != at and also["observation_id"] == row["observation_id"]
            ],
        }

    def grid(self, at: int, reach: int | None) -> dict[str, Any]:
        """The table the finding is about as rows and columns; `reach` rows around the marked one, None for all."""
        finding, marked = self._findings[at], self._row_of(self._findings[at])
        table = finding["table"]
        rows = [row for row in self._rows_of(finding["report_id"]) if row["table"] == table]
        return grid_of(rows, finding["row"] or (marked["row"] if marked else None), marked, reach)

    def report(self, sha256: str) -> dict[str, Any] | None:
        """The first report with this content."""
        ids = self._of_sha256.get(sha256)
        return self._reports[ids[0]] if ids else None

    # ------------------------------------------------------------ decisions

    @property
    def n_pending(self) -> int:
        """Figures and findings decided since the dataset was written."""
        return len(self._decided) + len(self._decided_findings)

    @property
    def can_undo(self) -> bool:
        return bool(self._batches)

    def current(self, row: Mapping[str, Any], column: str = "value") -> str:
        """What stands in a cell: the dataset's, with what was decided since put on it."""
        return self._now.get((row["observation_id"], column), plain_text(row[column]))

    def decide(
        self, numbers: Sequence[int], verdict: str, *, value: str = "", column: str = "value", reason: str, who: str
    ) -> int:
        """Record one decision about these findings; returns how many rows were written. Raises `Refused`."""
        if verdict not in VERDICTS or column not in CORRECTABLE or not numbers:
            raise Refused("bad-request")
        if verdict != "accept" and not reason.strip():
            raise Refused("reason-needed")
        if len(numbers) > MOST_TOGETHER or (verdict == "correct" and len(numbers) > 1):
            raise Refused("too-many")
        with self._lock:
            when, batch, seen = decisions.now(), [], set()
            self._load(sorted({self._findings[at]["report_id"] for at in numbers} - set(self._rows)))
            for at in numbers:
                correction = self._correction(at, verdict, value, column)
                key = correction.sha256, correction.table, correction.row, correction.measure, correction.breakdown
                if (*key, correction.column, correction.stt) in seen:  # two findings about one figure
                    continue
                seen.add((*key, correction.column, correction.stt))
                batch.append(signed(correction, " ".join(reason.split()), " ".join(who.split()), when))
            self.record(batch)
            return len(batch)

    def proposed(self, at: int) -> Correction:
        """What accepting this finding would write, unsigned: the key of the cell and what stands in it."""
        return self._correction(at, "accept", "", "value")

    def fits(self, correction: Correction) -> bool:
        """Whether the next run could apply this: its row is there and says what the correction replaces."""
        reports = self._of_sha256.get(correction.sha256, [])
        if correction.column.startswith(FINDING):
            keys = {finding_key(finding) for finding in self._findings}
            return any(correction_key(report_id, correction) in keys for report_id in reports)
        kind = "decimal" if correction.column == "value" else "string"
        for report_id in reports:
            row = Places(self._rows_of(report_id)).find(correction)
            if row is not None and same_value(self.current(row, correction.column), correction.expect, kind):
                return True
        return False

    def record(self, batch: Sequence[Correction]) -> None:
        """Write finished corrections as one decision."""
        with self._lock:
            decisions.append(self.path, batch)
            self._batches.append(list(batch))
            self._fresh.update(batch)
            self._apply(batch)

    def undo(self) -> int:
        """Take the last decision of this session back; returns how many rows that were."""
        with self._lock:
            if not self._batches:
                raise Refused("nothing-to-undo")
            taken = decisions.take_back(self.path, self._batches[-1])
            self._batches.pop()
            self._read_decisions()
            return taken

    def _correction(self, at: int, verdict: str, value: str, column: str) -> Correction:
        finding, row = self._findings[at], self._row_of(self._findings[at])
        sha256 = self._reports[finding["report_id"]]["sha256"]
        if row is None or not finding["observation_id"]:
            if verdict != "accept":
                raise Refused("no-figure")
            return about_finding(sha256, finding)
        column = column if verdict == "correct" else "value"
        now = self.current(row, column)
        if verdict == "correct":
            value = typed_number(value) or "" if column == "value" else " ".join(value.split())
            if not value:
                raise Refused("no-number" if column == "value" else "bad-request")
        else:
            value = now if verdict == "accept" else ""
        if verdict == "accept" and not now or verdict == "reject" and not now:
            return about_finding(sha256, finding)  # no figure was taken: the finding itself is settled
        return about_row(sha256, row, column, now, value)

    def _row_of(self, finding: Mapping[str, Any]) -> dict[str, Any] | None:
        """The row a finding is about; by its place where the finding names none."""
        rows = self._rows_of(finding["report_id"])
        if finding["observation_id"]:
            return next((row for row in rows if row["observation_id"] == finding["observation_id"]), None)
        if finding["table"] is None or finding["row"] is None:
            return None
        at = [row for row in rows if (row["table"], row["row"]) == (finding["table"], finding["row"])]
        exact = [row for row in at if row["measure"] == finding["measure"]]
        return next(iter(exact or at), None)

    def _rows_of(self, report_id: str) -> list[dict[str, Any]]:
        with self._lock:
            if report_id not in self._rows:
                self._load([report_id])
                while len(self._rows) > _CACHED_REPORTS:
                    self._rows.popitem(last=False)
            self._rows.move_to_end(report_id)
            return self._rows[report_id]

    def _load(self, report_ids: Sequence[str]) -> None:
        """Read the rows of these reports in one go. DuckDB looks at the ids first and skips what is not asked for."""
        self._rows |= {report_id: [] for report_id in report_ids}
        query = "SELECT * FROM read_parquet(?) WHERE report_id IN (SELECT unnest(?))"
        for row in self._query(query, list(report_ids)):
            self._rows[row["report_id"]].append(row)

    def _query(self, query: str, report_ids: list[str]) -> list[dict[str, Any]]:
        found = self._database.execute(query, [str(self.out / "observations.parquet"), report_ids])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _read_decisions(self) -> None:
        """Walk the file once: what stands in each cell now, and what was decided since the dataset was written."""
        self._now: dict[tuple[str, str], str] = {}
        self._decided: dict[str, str] = {}
        self._decided_findings: dict[tuple[Any, ...], str] = {}
        self._history: dict[str, list[Correction]] = {}
        self._apply(read_rows(self.path) if self.path.exists() else [])
        settled = {finding_key(f) for f in self._findings if f.get("settled")} if self._decided_findings else set()
        for key in settled:
            self._decided_findings.pop(key, None)

    def _apply(self, rows: Sequence[Correction]) -> None:
        """Put corrections on top of what is known, in their order."""
        places = self._places({row.sha256 for row in rows})
        for correction in rows:
            for report_id in self._of_sha256.get(correction.sha256, ()):
                if correction.column.startswith(FINDING):
                    self._decided_findings[correction_key(report_id, correction)] = ACCEPTED
                    continue
                row = places[report_id].find(correction)
                if row is not None and correction.column in CORRECTABLE:
                    self._take(row, correction)

    def _take(self, row: Mapping[str, Any], correction: Correction) -> None:
        ident, column = row["observation_id"], correction.column
        self._history.setdefault(ident, []).append(correction)
        kind = "decimal" if column == "value" else "string"
        now, stood = self.current(row, column), plain_text(row[column])
        if not same_value(now, correction.expect, kind):
            return
        self._now[ident, column] = correction.value
        is_in_dataset = row["status"] == "corrected" and same_value(correction.value, stood, kind)
        is_in_dataset = is_in_dataset and correction not in self._fresh
        if not is_in_dataset:
            self._decided[ident] = correction.verdict
        else:
            self._decided.pop(ident, None)

    def _places(self, hashes: Iterable[str]) -> dict[str, Places]:
        ids = [report_id for sha256 in hashes for report_id in self._of_sha256.get(sha256, ())]
        by_report: dict[str, list[dict[str, Any]]] = {report_id: [] for report_id in ids}
        if ids:
            query = (
                'SELECT report_id, observation_id, "table", "row", measure, breakdown, appendix, stt, indicator_id,'
                " indicator_raw, status, value, unit FROM read_parquet(?) WHERE report_id IN (SELECT unnest(?))"
            )
            for row in self._query(query, ids):
                by_report[row["report_id"]].append(row)
        return {report_id: Places(rows) for report_id, rows in by_report.items()}
