"""What changed between two datasets: `baocao compare OLD NEW`.

In: two output folders. Out: a `Comparison`: reports, figures and findings that came, went or changed, each
change with the old and the new text. A report is the same by its content, else by its path: a file that was sent
again with one figure put right is that figure changed, not a report lost and another one found. A figure is the
same by its `observation_id`; one that is not there any more is looked for in its report under the same appendix,
code, name, measure and breakdown, so that a row counted otherwise is a row that moved and not a loss. DuckDB joins
on disk, so size does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baocao.errors import UsageError
from baocao.messages import Messages
from baocao.output import manifest_of

# What a change in is worth telling; the rest follows from these or says where the row stands.
COMPARED = (
    "value",
    "status",
    "value_raw",
    "unit",
    "indicator_id",
    "period",
    "agency_id",
    "province_id",
    "measure",
    "stt",
    "appendix",
    "is_primary",
)
REPORT_COLUMNS = (
    "report_id",
    "status",
    "source",
    "period",
    "agency",
    "doc_number",
    "n_tables",
    "n_observations",
    "n_findings",
)
# Another table or row: what stands behind the report's id is another one.
_MOVED = "SELECT count(*) FROM pairs WHERE substr(old_id, instr(old_id, '/')) != substr(new_id, instr(new_id, '/'))"
_MEANT = ("appendix", "stt", "indicator_raw", "measure", "breakdown")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is there in both and says something else in `column`."""

    key: str
    source: str
    name: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is there in one of them only; `text` is its status, value or message."""

    key: str
    source: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one table."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    changed: tuple[Change, ...]
    same: int

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`moved` counts the figures that stand in another row or table than before."""

    reports: Part
    observations: Part
    findings: Part
    moved: int

    @property
    def is_same(self) -> bool:
        return self.reports.is_same and self.observations.is_same and self.findings.is_same and not self.moved


def compare(old: Path, new: Path) -> Comparison:
    """Compare two datasets. Raises `UsageError` where one of them is none."""
    import duckdb

    for folder in (old, new):
        if manifest_of(folder) is None:
            raise UsageError(f"{folder} holds no dataset.", f"Write it first: baocao ingest FOLDER --out {folder}")
    with duckdb.connect() as database:
        for side, folder in (("old", old), ("new", new)):
            for table in ("reports", "observations", "findings"):
                file = str(folder / f"{table}.parquet").replace("'", "''")
                database.execute(f"CREATE VIEW {side}_{table} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608
        _pair(database)
        reports = _part(database, "reports", "report_id", ("agency", "status"), REPORT_COLUMNS)
        figures = _part(database, "observations", "observation_id", ("indicator", "value_raw"), COMPARED)
        findings = _findings(database)
        moved = int(database.execute(_MOVED).fetchall()[0][0])
    return Comparison(reports, figures, findings, moved)


def _pair(database: Any) -> None:
    """`report_pairs` and `pairs`: which report and which figure of the old dataset is which of the new one."""
    database.execute(
        "CREATE TABLE report_pairs AS SELECT report_id AS old_id, report_id AS new_id"
        " FROM old_reports JOIN new_reports USING (report_id)"
    )
    for side in ("old", "new"):
        database.execute(
            f"CREATE TABLE unpaired_{side} AS SELECT source, min(report_id) AS id FROM {side}_reports"  # noqa: S608
            f" WHERE report_id NOT IN (SELECT {side}_id FROM report_pairs) GROUP BY source HAVING count(*) = 1"
        )
    database.execute(
        "INSERT INTO report_pairs SELECT a.id, b.id FROM unpaired_old a JOIN unpaired_new b USING (source)"
    )
    meant = ", ".join(_MEANT)
    database.execute(
        "CREATE TABLE pairs AS SELECT observation_id AS old_id, observation_id AS new_id"
        " FROM old_observations JOIN new_observations USING (observation_id)"
    )
    for side in ("old", "new"):
        database.execute(
            f"CREATE TABLE alone_{side} AS SELECT p.new_id AS report, {meant}, min(observation_id) AS id"  # noqa: S608
            f" FROM {side}_observations o JOIN report_pairs p ON p.{side}_id = o.report_id"
            f" WHERE observation_id NOT IN (SELECT {side}_id FROM pairs) GROUP BY report, {meant} HAVING count(*) = 1"
        )
    database.execute(
        f"INSERT INTO pairs SELECT a.id, b.id FROM alone_old a JOIN alone_new b USING (report, {meant})"  # noqa: S608
    )


def _part(database: Any, table: str, key: str, shown: tuple[str, str], columns: Sequence[str]) -> Part:
    name, text = shown
    pairs = "pairs" if table == "observations" else "report_pairs"
    entries = []
    for side in ("new", "old"):
        known = f"SELECT {side}_id FROM {pairs}"  # noqa: S608
        rows = database.execute(
            f"SELECT {key}, source, {name}, CAST({text} AS VARCHAR) FROM {side}_{table}"  # noqa: S608
            f" WHERE {key} NOT IN ({known}) ORDER BY source, {key}"
        ).fetchall()
        entries.append(tuple(Entry(*(_text(cell) for cell in row)) for row in rows))
    joined = f"{pairs} p JOIN old_{table} o ON o.{key} = p.old_id JOIN new_{table} n ON n.{key} = p.new_id"
    differs = " OR ".join(f"o.{c} IS DISTINCT FROM n.{c}" for c in columns)
    both = ", ".join(f"CAST(o.{c} AS VARCHAR), CAST(n.{c} AS VARCHAR)" for c in columns)
    rows = database.execute(
        f"SELECT n.{key}, n.source, n.{name}, {both} FROM {joined} WHERE {differs} ORDER BY n.source, n.{key}"  # noqa: S608
    ).fetchall()
    changed = [
        Change(_text(row[0]), _text(row[1]), _text(row[2]), column, _text(row[3 + 2 * at]), _text(row[4 + 2 * at]))
        for row in rows
        for at, column in enumerate(columns)
        if row[3 + 2 * at] != row[4 + 2 * at]
    ]
    n_both = int(database.execute(f"SELECT count(*) FROM {joined}").fetchall()[0][0])  # noqa: S608
    return Part(entries[0], entries[1], tuple(changed), n_both - len(rows))


def _findings(database: Any) -> Part:
    """Findings by code, place and words, not by id: an id holds the row's number."""
    has_settled = [
        "settled" in {row[0] for row in database.execute(f"DESCRIBE {side}_findings").fetchall()}
        for side in ("old", "new")
    ]
    sides = []
    for side, has in zip(("old", "new"), has_settled, strict=True):
        settled = "settled" if has else "''"
        report = "coalesce(p.new_id, report_id)" if side == "old" else "report_id"
        rows = database.execute(
            f"SELECT finding_id, source, severity || ' ' || code, message, {report}, appendix, stt, measure, {settled}"  # noqa: S608
            f" FROM {side}_findings LEFT JOIN report_pairs p ON p.old_id = report_id ORDER BY source, finding_id"
        ).fetchall()
        sides.append({(row[4], row[2], row[5], row[6], row[7], row[3]): row for row in rows})
    old, new = sides
    added = tuple(Entry(*map(_text, new[key][:4])) for key in new if key not in old)
    removed = tuple(Entry(*map(_text, old[key][:4])) for key in old if key not in new)
    both = [(old[key], new[key]) for key in old if key in new]
    changed = tuple(
        Change(_text(n[0]), _text(n[1]), _text(n[2]), "settled", _text(o[8]), _text(n[8]))
        for o, n in both
        if o[8] != n[8]
    )
    return Part(added, removed, changed, len(both) - len(changed))


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdecimal() else text


def lines_of(found: Comparison, say: Messages, limit: int) -> list[str]:
    """The comparison as text: what changed (~), came (+) and went (-), at most `limit` lines of each."""
    if found.is_same:
        return [say("compare.same")]
    lines = []
    for name, part in (("reports", found.reports), ("observations", found.observations), ("findings", found.findings)):
        n = {"added": len(part.added), "removed": len(part.removed), "changed": len(part.changed), "same": part.same}
        lines.append(say(f"compare.{name}", **n))
        groups = (
            [f"  ~ {c.key} · {c.name} · {c.column}: {c.old or '–'} → {c.new or '–'}" for c in part.changed[:limit]],
            [f"  + {e.key} · {e.source} · {e.name} · {e.text}" for e in part.added[:limit]],
            [f"  - {e.key} · {e.source} · {e.name} · {e.text}" for e in part.removed[:limit]],
        )
        for shown, total in zip(groups, (n["changed"], n["added"], n["removed"]), strict=True):
            lines += shown
            if total > len(shown):
                lines.append("    " + say("compare.more", n=total - len(shown)))
    if found.moved:
        lines.append(say("compare.moved", n=found.moved))
    return lines


def to_json(found: Comparison) -> dict[str, Any]:
    """Plain values for `--json`."""
    import dataclasses

    return {"is_same": found.is_same, **dataclasses.asdict(found)}
