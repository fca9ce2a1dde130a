"""From parts to the dataset: one pass over the rows in the order of the sources, memory flat.

In: the entries of a run (`baocao.plan`) and the parts that hold their rows. On the way the history is
settled, corrections are applied, every row gets the name and id its file has in this run, and the rows go
to the writers' sinks. Out: the staged files, committed with the manifest last, and the run's summary.

Rows are handled a slice of a part at a time; a report needs single-row work only where it is a copy, has
corrections or findings of the history.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao import schema
from baocao.corrections import Corrections, ensure_file, load_corrections
from baocao.entries import Entries, Entry
from baocao.errors import Progress, RunSummary
from baocao.history import ReportKey, Verdict
from baocao.judged import Judged
from baocao.lanes import Lanes
from baocao.memory import give_back
from baocao.output import KEPT, Output, digest, for_each
from baocao.parts import Part, to_arrow
from baocao.restored import observations_of, twin_doubts
from baocao.series import SeriesChecks
from baocao.settled import Settlements
from baocao.tally import Tally
from baocao.writers import WRITERS, Staged, Written, sinks
from baocao.writers.write_package import manifest, stage_indicator_schema
from normalize.findings import Doubt, to_findings
from normalize.model import Observation

_CACHED_PARTS = 6
_CHUNK_ENTRIES = 512


def write_dataset(
    output: Output,
    database: sqlite3.Connection,
    entries: Entries,
    tell: Callable[[Progress], None],
    *,
    corrections: Path | None,
    strict: bool,
    reused: int,
    warnings: tuple[str, ...],
    csv_dialect: str = "",
) -> RunSummary:
    """Write and commit the dataset of these entries, which stand in `database`."""
    ensure_file(output.root / KEPT, output.work)
    shelf = _Shelf(output.work / "parts")
    fixes = load_corrections(corrections or output.root / KEPT)
    judged = Judged(database, entries)
    sizes = Counter[str]()
    judged.settle(_keys(entries, shelf, sizes))
    judged.add_doubts(_of_twins(judged, entries, shelf))
    stream = _Stream(entries, shelf, judged, fixes)
    n_observations = sizes["observations"]
    stream.check_series(output.work / "scratch", n_observations)
    give_back()
    tally = Tally()
    steps = ("observations", "sections", "tables", "citations", "findings", "reports")
    with Lanes(
        make(output.staging, output.work / "scratch", n_observations) for make in sinks(csv_dialect).values()
    ) as lanes:
        for done, table in enumerate(steps, 1):
            for rows in stream.rows(table):
                tally.add(table, rows)
                lanes.add(table, rows)
            give_back()
            tell(Progress("write", done, len(steps) + 2, table))
        written = lanes.close()
    written.append(stage_indicator_schema(output.staging, csv_dialect))
    for target in WRITERS.values():
        module, _, name = target.partition(":")
        staged = Staged(output.staging, output.root, n_observations, tuple(written))
        written += getattr(import_module(module), name)(staged)
    tell(Progress("write", len(steps) + 1, len(steps) + 2))
    _commit(output, written)
    tell(Progress("write", len(steps) + 2, len(steps) + 2))
    return tally.summary(
        output.root,
        entries,
        strict=strict,
        reused=reused,
        warnings=warnings,
        n_indicators=sum(one.name.startswith("indicators/") and one.format == "csv" for one in written),
    )


def _commit(output: Output, written: Sequence[Written]) -> None:
    facts = {one.name: one.facts for one in written if one.facts is not None}
    names = [one.name for one in written if one.facts is None]
    facts |= zip(names, for_each(names, lambda name: digest(f"{output.staging}/{name}")), strict=True)
    ours = {name: sha256 for name, (sha256, _) in facts.items()}
    described = [*written]
    if KEPT not in ours:
        described.append(Written(KEPT, "csv", "corrections", schema.TITLES["corrections"][0]))
    facts[KEPT] = digest(str(output.root / KEPT))
    output.commit(ours, manifest(described, facts, ours))


class _Shelf:
    """Parts by name; the last few used stay in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: OrderedDict[str, Part] = OrderedDict()

    def part(self, name: str) -> Part:
        part = self._parts.pop(name, None) or Part(self._folder / name)
        self._parts[name] = part
        if len(self._parts) > _CACHED_PARTS:
            self._parts.popitem(last=False)
        return part


def _keys(entries: Entries, shelf: _Shelf, sizes: Counter[str]) -> Iterator[ReportKey]:
    """The history's facts of every report that was read; on the way their observations are counted."""
    names = [
        "format",
        "method",
        "family",
        "agency_id",
        "province_id",
        "period",
        "doc_number",
        "doc_date",
        "parent",
        "place",
        "_figures",
        "_appendices",
    ]
    for run in _runs(entries.read()):
        slice_ = shelf.part(run[0].part).slice("reports", run[0].place, len(run))
        sizes["observations"] += pc.sum(slice_.column("_rows_observations")).as_py()
        rows = slice_.select(names).to_pylist()
        for entry, row in zip(run, rows, strict=True):
            figures, appendices = row.pop("_figures"), row.pop("_appendices")
            yield ReportKey(
                order=entry.order,
                report_id=entry.report_id,
                source=entry.source,
                sha256=entry.sha256,
                figures=figures,
                appendices=_held(appendices) if figures else frozenset(),
                **row,
            )


@lru_cache(maxsize=1_000)
def _held(appendices: str) -> frozenset[str]:
    return frozenset(appendices.split("\x1f"))


def _runs(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Neighbours whose rows are neighbours in one part, and neighbours without rows."""
    run: list[Entry] = []
    for entry in entries:
        follows = run and entry.part == run[-1].part and (not entry.part or entry.place == run[-1].place + 1)
        if run and (not follows or len(run) >= _CHUNK_ENTRIES):
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def _of_twins(judged: Judged, entries: Entries, shelf: _Shelf) -> Iterator[tuple[int, Doubt]]:
    """Where twins say different figures, each side has a doubt."""
    for primary, other in list(judged.twins()):
        sides = (primary, other)
        mine, theirs = (_observations(entries[order], shelf) for order in sides)
        yield from ((sides[side], doubt) for side, doubt in twin_doubts(mine, theirs))


def _observations(entry: Entry, shelf: _Shelf) -> tuple[Observation, ...]:
    return observations_of(entry, shelf.part(entry.part).slice("observations", entry.place, 1))


class _Stream:
    """The rows of each table in their final order and form, a slice at a time."""

    def __init__(self, entries: Entries, shelf: _Shelf, judged: Judged, fixes: Corrections) -> None:
        self._entries, self._shelf, self._history, self._fixes = entries, shelf, judged, fixes
        self._stale: dict[int, list[Doubt]] = {}
        self._settlements = Settlements(fixes)
        self._n_added = np.zeros(len(entries), np.int32)  # findings of the history, by order

    def check_series(self, scratch: Path, n_observations: int) -> None:
        """Look along all series, corrections applied; what is found is kept as doubts of the reports."""
        checks = SeriesChecks(scratch, n_observations)
        with Lanes([checks]) as lane:
            for rows in self.rows("observations"):
                lane.add("observations", rows)
            lane.close()
        self._history.add_doubts((self._entries.order_of(report), doubt) for report, doubt in checks.doubts())
        self._history.add_doubts((at, doubt) for at, doubts in self._stale.items() for doubt in doubts)

    def rows(self, table: str) -> Iterator[pa.Table]:
        """Call for `findings` before `reports`, which count them."""
        for run in _runs(self._split(table)):
            if not run[0].part:
                if table == "reports":
                    yield _failure_rows(run, self._n_added)
                elif table == "findings":
                    empty = schema.arrow_schema("findings", stored=True).empty_table()
                    yield self._with_history(run, empty, np.zeros(len(run), dtype=np.int64))
            else:
                part = self._shelf.part(run[0].part)
                rows = part.slice(table, run[0].place, len(run))
                counts = (
                    np.ones(len(run), dtype=np.int64)
                    if table == "reports"
                    else part.counts(table)[run[0].place : run[0].place + len(run)]
                )
                rows = self._finished(table, run, rows, counts)
                yield self._with_history(run, rows, counts) if table == "findings" else rows

    def _split(self, table: str) -> Iterator[Entry]:
        return iter(self._entries) if table in ("reports", "findings") else self._entries.read()

    def _finished(self, table: str, run: list[Entry], rows: pa.Table, counts: np.ndarray[Any, Any]) -> pa.Table:
        rows = rows.select(schema.arrow_schema(table).names)
        rows = _named(table, run, rows, counts)
        if table == "observations":
            is_primary = [verdict.is_primary for verdict in self._verdicts(run)]
            rows = _set(rows, "is_primary", pa.array(np.repeat(is_primary, counts)))
            return self._doubted(run, self._corrected(run, rows, counts))
        if table == "reports":
            return self._judged(run, rows)
        if table == "findings":
            settled = self._settlements.own_findings(run, rows, counts.tolist())
            return rows if settled is None else _set(rows, "settled", settled)
        return rows

    def _verdicts(self, run: list[Entry]) -> list[Verdict]:
        known = self._history.verdicts(run[0].order, run[-1].order)
        return [known.get(entry.order, Verdict()) for entry in run]

    def _corrected(self, run: list[Entry], rows: pa.Table, counts: np.ndarray[Any, Any]) -> pa.Table:
        if not any(entry.sha256 in self._fixes for entry in run):
            return rows
        pieces, start = [], 0
        for entry, count in zip(run, counts.tolist(), strict=True):
            piece = rows.slice(start, count)
            start += count
            if entry.sha256 in self._fixes:
                applied = self._fixes.apply(entry.sha256, piece)
                piece, self._stale[entry.order] = applied.rows, applied.doubts
                self._settlements.applied(entry, applied)
            pieces.append(piece)
        plain = schema.arrow_schema("observations", stored=True)
        return pa.concat_tables(piece.cast(plain) for piece in pieces)

    def _doubted(self, run: list[Entry], rows: pa.Table) -> pa.Table:
        """Rows that the history doubts are doubtful, as those are that the report's own checks doubt."""
        ids = self._history.doubted(run[0].order, run[-1].order)
        if not ids:
            return rows
        status = rows.column("status").cast(pa.string())
        doubted = pc.is_in(rows.column("observation_id").cast(pa.string()), value_set=pa.array(ids, pa.string()))
        open_to_doubt = pc.is_in(status, value_set=pa.array(["ok", "blank"]))
        return _set(rows, "status", pc.if_else(pc.and_(doubted, open_to_doubt), "doubtful", status))

    def _judged(self, run: list[Entry], rows: pa.Table) -> pa.Table:
        """`reports` with the history's verdicts and the findings it added."""
        verdicts = self._verdicts(run)
        added = self._n_added[[entry.order for entry in run]]
        own = map(self._settlements.status, run, rows.column("status").to_pylist())
        status = [v.status or mine for v, mine in zip(verdicts, own, strict=True)]
        rows = _set(rows, "status", pa.array(status, pa.string()))
        rows = _set(rows, "duplicate_of", pa.array([v.duplicate_of for v in verdicts], pa.string()))
        rows = _set(rows, "supersedes", pa.array([v.supersedes for v in verdicts], pa.string()))
        total = pc.add(rows.column("n_findings"), pa.array(added))
        return _set(rows, "n_findings", total.cast(pa.int32()))

    def _with_history(self, run: list[Entry], rows: pa.Table, counts: np.ndarray[Any, Any]) -> pa.Table:
        """Each report's own findings, then those of the history about it: where a run is cut is not to be seen."""
        doubts = self._history.doubts(run[0].order, run[-1].order)
        for e in run:
            if e.status == "failed":
                facts = (("message", e.message), ("reason", e.code))
                doubts[e.order] = [Doubt("read-failed", facts=facts, actual=e.code)]
        found = [
            (at, self._settlements.of_history(e, finding))
            for at, e in enumerate(run)
            for finding in to_findings(doubts.get(e.order, ()), e.report_id, e.source)
        ]
        if not found:
            return rows
        np.add.at(self._n_added, [run[at].order for at, _ in found], 1)
        names = [column.name for column in schema.columns("findings")]
        added = to_arrow("findings", {name: [getattr(f, name) for _, f in found] for name in names})
        both = pa.concat_tables([rows.cast(added.schema), added])
        at = np.concatenate([np.repeat(np.arange(len(run)), counts), [at for at, _ in found]])
        return both.take(pa.array(np.argsort(at, kind="stable")))


def _set(rows: pa.Table, name: str, values: Any) -> pa.Table:
    index = rows.schema.get_field_index(name)
    return rows.set_column(index, pa.field(name, values.type), values)


def _named(table: str, run: list[Entry], rows: pa.Table, counts: np.ndarray[Any, Any]) -> pa.Table:
    """Rows with the source and id their file has in this run: a copy or a renamed file was read under others."""
    if not rows.num_rows:
        return rows
    at = pa.array(np.repeat(np.arange(len(run), dtype=np.int32), counts))
    was = rows.column("report_id")
    for name, values in (("source", [e.source for e in run]), ("report_id", [e.report_id for e in run])):
        rows = _set(rows, name, pa.DictionaryArray.from_arrays(at, pa.array(values, pa.string())))
    if table == "reports":
        return _set(rows, "sha256", pa.array([e.sha256 for e in run], pa.string()))
    keys = [name for name in ("observation_id", "finding_id") if name in rows.column_names]
    is_same = pc.equal(was.cast(pa.string()), rows.column("report_id").cast(pa.string()))
    if not keys or pc.all(is_same).as_py():
        return rows
    now = rows.column("report_id").cast(pa.string())
    for key in keys:
        own = rows.column(key).cast(pa.string())
        rest = pc.replace_substring_regex(own, r"^[^/]*", "")
        renamed = pc.binary_join_element_wise(now, rest, "")
        rows = _set(rows, key, pc.if_else(pc.or_(is_same, pc.equal(own, "")), own, renamed))
    return rows


def _failure_rows(run: list[Entry], n_added: np.ndarray[Any, Any]) -> pa.Table:
    cells: dict[str, list[Any]] = {}
    zeros = {"n_sections", "n_tables", "n_observations"}
    for column in schema.columns("reports"):
        empty: Any = "" if column.type == "string" else 0 if column.name in zeros else None
        cells[column.name] = [empty] * len(run)
    cells |= {
        "report_id": [e.report_id for e in run],
        "source": [e.source for e in run],
        "sha256": [e.sha256 for e in run],
        "status": [e.status for e in run],
        "error": [e.code for e in run],
        "error_message": [e.message for e in run],
        "next_step": [e.next_step for e in run],
        "n_findings": n_added[[e.order for e in run]].tolist(),
    }
    return to_arrow("reports", cells)
