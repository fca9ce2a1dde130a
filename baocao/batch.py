"""The main job: a folder of reports in, the dataset out.

discover → hash → read in children → parts on disk → history → the dataset's files → swapped in.

Identical bytes are read once; what an earlier run read is not read again (`baocao.ledger`). Results go to
parts on disk as they come, so memory stays flat; the dataset is then written in the order of the source
names (`baocao.consolidate`), so it does not depend on which child was quicker, nor on earlier runs.
A file that cannot be read is a row in `reports`, never an end of the run.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from baocao import child, standing
from baocao.dry_run import containers_for
from baocao.entries import Copies, Entries, Entry
from baocao.errors import OutputNotWritable, Progress, ProgressCallback, RunSummary, UsageError
from baocao.found import Found, FoundFiles
from baocao.ledger import Ledger, LedgerDamaged, Reading, ReadKey, extract_fingerprint
from baocao.memory import give_back
from baocao.output import KEPT, Output, writable
from baocao.parts import DOCUMENTS, PartDamaged, document_in, is_whole, sort_out, write_part
from baocao.plan import NORMALIZE, REUSE, Decision, Planner, Wishes, key_of
from baocao.remote import Local, fetch_part, is_remote, localized
from baocao.repack import is_scattered, repack
from baocao.scratch import scratch
from baocao.sources import check, discover, with_members
from baocao.unpacked import Containers
from baocao.writers import load_writers

ENGINES = ("local", "dask")
_PART_REPORTS = 256
_PART_BYTES = 64_000_000
_PART_SECONDS = 60.0
_LOOKED_AT = 32  # files that are hashed together
_MOST_DAMAGE = 100  # damaged parts of one run
_CHANGED = ("The file changed while it was read.", "Run again when it has come whole.")


def ingest(
    sources: str | Path | Sequence[str | Path],
    out: str | Path = "out",
    *,
    jobs: int | None = None,
    strict: bool = False,
    corrections: str | Path | None = None,
    progress: ProgressCallback | None = None,
    force: bool = False,
    retry_failed: bool = False,
    verify: bool = False,
    keep_removed: bool = False,
    passwords: Sequence[str] = (),
    csv_dialect: str = "",
    engine: str = "local",
    scheduler: str = "",
    limits: child.Limits | None = None,
    reader: str = child.READER,
    warm: str = child.WARM,
) -> RunSummary:
    """Read every report under `sources` and write the dataset into `out`.

    `jobs` children read at a time (default: one for each core). `corrections` is a file elsewhere than
    `out/corrections.csv`. `force` reads everything again, `retry_failed` what failed in an earlier run,
    `verify` hashes files that look unchanged, `keep_removed` lets reports stay whose files are gone,
    `passwords` are tried on encrypted files. `limits` bounds each child; `reader` and `warm` name what
    a child runs, `module:function`.

    `csv_dialect` is `excel-vi` for CSV files that open by a double click, empty for the contract's own.

    `engine` is local, or dask for a cluster whose `scheduler` is named (`tcp://…`). Sources and `out` may be
    URLs of fsspec (`s3://…`).

    Raises `UsageError` (nothing to read, an output inside the input or not ours), `OutputBusy`,
    `OutputNotWritable`, `ReaderUnavailable`; `KeyboardInterrupt` passes, the old dataset stays whole.
    """
    given = [sources] if isinstance(sources, (str, Path)) else list(sources)
    limits = limits or child.Limits()
    if engine not in ENGINES:
        raise UsageError(f"There is no engine {engine!r}.", f"Choose one of: {', '.join(ENGINES)}.")
    how = _How(jobs or os.cpu_count() or 1, limits, reader, warm, engine, scheduler)
    wishes = Wishes(force, retry_failed, verify, keep_removed, tuple(passwords), repr(limits))
    tell = progress or (lambda step: None)  # noqa: ARG005
    fixes = Path(corrections) if corrections else None
    with localized(given, out) as local:
        for _ in range(_MOST_DAMAGE):
            try:
                return _ingest(local, tell, wishes, how, fixes, strict=strict, csv_dialect=csv_dialect)
            except LedgerDamaged:  # it was set aside: the run begins again and reads everything
                continue
            except PartDamaged as damaged:  # likewise: its files are read again
                shutil.rmtree(damaged.folder, ignore_errors=True)
        raise OutputNotWritable(
            f"What earlier runs kept in {local.out / '.work'} is damaged again and again.",
            "Check the disk; remove that folder (it only saves work), then run again.",
        )


def _ingest(
    local: Local,
    tell: ProgressCallback,
    wishes: Wishes,
    how: _How,
    corrections: Path | None,
    *,
    strict: bool,
    csv_dialect: str,
) -> RunSummary:
    root = local.out
    fixes = corrections or root / KEPT
    check(list(local.sources), root)  # before the output folder is made
    with Output(root) as output, writable(root), scratch(output.work / "run.sqlite") as database:
        found = discover(list(local.sources), root, database)
        tell(Progress("discover", len(found), len(found)))
        members = output.work / "members"
        shutil.rmtree(members, ignore_errors=True)
        ledger = Ledger(output.work / "ledger.sqlite")
        traces = output.work / "traces"
        containers = containers_for(ledger, members, wishes, how.limits, how.workers, traces)
        try:
            found = with_members(found, containers.listings(found), containers.member_path)
            run = _Run(output, database, found, tell, wishes, local, ledger, containers)
            run.read(how)
            found.clear()  # what the run needs of it is in its entries
            state = standing.state_of(run.entries, fixes, csv_dialect)
            summary = standing.recall(output, ledger, state)
            if summary is None or wishes.force:
                run.put_in_order()
                from baocao import consolidate  # not before: see `load_writers`

                summary = consolidate.write_dataset(
                    output,
                    database,
                    run.entries,
                    tell,
                    corrections=fixes,
                    strict=strict,
                    reused=run.reused,
                    warnings=child.unguarded(),
                    csv_dialect=csv_dialect,
                )
                standing.remember(output, ledger, standing.state_of(run.entries, fixes, csv_dialect), summary)
            run.tidy()
        finally:
            containers.close()
            ledger.close()
    return replace(summary, strict=strict, reused=run.reused)


@dataclass(frozen=True, slots=True)
class _How:
    """How files are read: by how many children here, or on which cluster."""

    workers: int
    limits: child.Limits
    reader: str
    warm: str
    engine: str
    scheduler: str


class _Run:
    """The reading half of a run: entries in the order of the sources, filled in as results come."""

    def __init__(
        self,
        output: Output,
        database: sqlite3.Connection,
        found: FoundFiles,
        tell: Callable[[Progress], None],
        wishes: Wishes,
        local: Local,
        ledger: Ledger,
        containers: Containers,
    ) -> None:
        self.entries = Entries(database)
        self.reused = 0
        self._found, self._tell, self._wishes, self._local = found, tell, wishes, local
        self._n_files = len(found)
        self._containers = containers
        self._parts = output.work / "parts"
        self._parts.mkdir(exist_ok=True)
        self._tmp = output.work / "tmp"
        self._traces = output.work / "traces"
        self.ledger = ledger
        before = standing.sources_of(output.root) if wishes.keep_removed else {}  # otherwise only words depend on it
        self._planner = Planner(self.ledger, self._parts, wishes, before, Copies(database), is_whole)
        self._done = 0
        self._n_jobs = 0
        self._by_key: dict[ReadKey, list[Entry]] = {}  # waiting for one reading
        self._keys: dict[int, ReadKey] = {}  # job key → what it reads, until it is read
        self._again: dict[int, Reading] = {}  # job key → the reading whose document gets its meaning again
        self._waiting: dict[int, child.Outcome] = {}  # job key → what came, not yet on disk
        self._waiting_bytes = 0
        self._paths: dict[int, str] = {}  # job key → the file that is being read
        self._flushed = time.monotonic()

    def read(self, how: _How) -> None:
        """Fill `entries`, each with where its rows lie or with its failure."""
        jobs = self._jobs()
        first = next(jobs, None)
        if first is not None:  # a run that has nothing to read starts no server
            if how.engine == "dask":
                self._read_on_cluster(_chain(first, jobs), how)
            else:
                self._read_here(_chain(first, jobs), how)
        self._flush()
        if self._wishes.keep_removed:
            self._keep_removed()

    def _read_here(self, jobs: Iterator[child.Job], how: _How) -> None:
        shutil.rmtree(self._tmp, ignore_errors=True)
        pool = child.open_pool(self._tmp, how.workers, how.reader, how.warm, load_writers)
        try:
            for outcome in child.read_all(jobs, pool, how.workers, how.limits):
                self._take(outcome)
        except KeyboardInterrupt:
            self._flush()  # what was read is kept: the next run goes on from here
            raise
        finally:
            pool.close()

    def _read_on_cluster(self, jobs: Iterator[child.Job], how: _How) -> None:
        """Workers write the parts; here they are only entered into the ledger."""
        from baocao.engines.dask import read_groups

        first = _next_number(self._parts)
        names = (f"{number:06d}" for number in count(first))
        parts, n_files = self._local.parts, self._n_files
        for result in read_groups(jobs, how.scheduler, parts, names, how.limits, how.reader, how.warm, n_files):
            if is_remote(parts) and any(reading.part for _, reading in result.readings):
                fetch_part(parts, result.name, self._parts / result.name)
            for key, trace in result.traces:
                self._keep_trace(key, trace)
            readings: list[tuple[int, Reading]] = []
            for key, reading in result.readings:
                if self._has_changed(key):
                    reading = Reading(code="not-readable", message=_CHANGED[0], next_step=_CHANGED[1])
                self._end(self._by_key[self._keys[key]][0], "failed" if reading.code else "read")
                readings.append((key, reading))
            self._enter(readings)

    def _keep_removed(self) -> None:
        order = len(self.entries)
        for source, sha256, reading in list(self._planner.removed(self._found, self.entries)):
            if reading is not None:
                self.entries.add(self._planner.kept(order, source, sha256, reading))
                order += 1
        self.entries.sort()

    def _jobs(self) -> Iterator[child.Job]:
        """Files that have to be read, in order; the others get their entries on the way."""
        for order, found in enumerate(self._looked_at()):
            entry = self._planner.entry(order, found)
            if entry.code:
                self._decided(entry, entry.status)
                continue
            key = key_of(entry.sha256, entry.source)
            if key in self._by_key:
                self._by_key[key].append(entry)
                self._end(entry, "")
            elif self._planner.came_before(entry) and (reading := self.ledger.find(key)) is not None:
                entry.settle(reading)  # in this run, or taken over
                self._decided(entry, entry.status or "read")
            else:
                decision = self._planner.decide(entry)
                if decision.action == REUSE and decision.reading is not None:
                    entry.settle(decision.reading)
                    self.reused += 1
                    self._decided(entry, entry.status or "read")
                else:
                    self._by_key[key] = [entry]
                    yield self._job(entry, key, found, decision)

    def _looked_at(self) -> Iterator[Found]:
        """The files found, hashed some at a time."""
        walk = iter(self._found)
        while some := list(islice(walk, _LOOKED_AT)):
            paths = [found.path for found in some if not (found.skip or found.failed or found.container)]
            self.ledger.look_ahead(paths, verify=self._wishes.verify)
            yield from some

    def _decided(self, entry: Entry, status: str) -> None:
        self.entries.add(entry)
        self._end(entry, status)

    def _job(self, entry: Entry, key: ReadKey, found: Found, decision: Decision) -> child.Job:
        number, self._n_jobs = self._n_jobs, self._n_jobs + 1
        self._keys[number] = key
        document = None
        if decision.action == NORMALIZE and decision.reading is not None:
            old = self._again[number] = decision.reading
            document = str(self._parts / old.part / DOCUMENTS), old.offset, old.length
        if not document and not found.container:
            self._paths[number] = found.path
        path = found.path if document else self._containers.path_of(found)
        url = child.INLINE if found.container else self._local.url_of(path)
        passwords = self._wishes.passwords
        return child.Job(number, path, entry.source, entry.report_id, entry.sha256, passwords, document, url)

    def _has_changed(self, job: int) -> bool:
        """Is the file no more what was hashed? Then nobody knows which of the two was read."""
        path = self._paths.pop(job, "")
        return bool(path) and not self.ledger.is_as_hashed(path)

    def _take(self, outcome: child.Outcome) -> None:
        key = self._keys[outcome.key]
        if self._has_changed(outcome.key):
            outcome = child.Outcome(outcome.key, None, "not-readable", *_CHANGED)
        if outcome.trace:
            self._keep_trace(outcome.key, outcome.trace)
        self._waiting[outcome.key] = outcome
        self._waiting_bytes += len(outcome.packed or b"") + len(outcome.document)
        self._end(self._by_key[key][0], "read" if outcome.packed is not None else "failed")
        is_late = time.monotonic() - self._flushed > _PART_SECONDS
        if len(self._waiting) >= _PART_REPORTS or self._waiting_bytes >= _PART_BYTES or is_late:
            self._flush()

    def _keep_trace(self, job: int, trace: str) -> None:
        self._traces.mkdir(exist_ok=True)
        (self._traces / f"{self._keys[job][0][:12]}.txt").write_text(trace, "utf-8", errors="replace")

    def _flush(self) -> None:
        """Write what came as a part, then tell the ledger, then the entries that wait for it."""
        if self._waiting:
            self._enter(self._stored())
        self._waiting, self._waiting_bytes, self._flushed = {}, 0, time.monotonic()
        give_back()

    def _stored(self) -> list[tuple[int, Reading]]:
        """The readings of all that waits, by job, their rows in a part."""
        rows, good, readings = sort_out([self._waiting[job] for job in sorted(self._waiting)])
        if good:
            name = f"{_next_number(self._parts):06d}"
            places = write_part(self._parts / name, rows, [self._document(outcome) for outcome in good])
            for place, (outcome, (offset, length)) in enumerate(zip(good, places, strict=True)):
                readings.append((outcome.key, Reading(name, place, offset, length)))
        return readings

    def _document(self, outcome: child.Outcome) -> bytes:
        """The document a report was made from: sent along, or kept from an earlier run."""
        old = self._again.get(outcome.key)
        return document_in(self._parts / old.part, old.offset, old.length) if old else outcome.document

    def _enter(self, of_jobs: Iterable[tuple[int, Reading]]) -> None:
        """Tell the ledger of readings whose part is on disk, then the entries that wait for them."""
        readings = []
        for job, reading in of_jobs:
            self._again.pop(job, None)
            readings.append((self._keys.pop(job), self._signed(reading)))
        self.ledger.add(readings)
        for key, reading in readings:
            for entry in self._by_key.pop(key):
                entry.settle(reading)
                self.entries.add(entry)

    def _signed(self, reading: Reading) -> Reading:
        """With the fingerprints of the code that made it."""
        return replace(reading, extracted=extract_fingerprint(), normalized=self._planner.made_by(reading.code))

    def _end(self, entry: Entry, status: str) -> None:
        self._done += 1
        self._tell(Progress("read", self._done, self._n_files, entry.source, status))

    def put_in_order(self) -> None:
        """Where rows are scattered over many parts, write parts in the order of the sources."""
        if is_scattered(self.entries, _PART_REPORTS):
            first = _next_number(self._parts)
            repack(self.entries, self._parts, self._tmp.with_name("repack"), self.ledger, first, _PART_REPORTS)

    def tidy(self) -> None:
        """Remove parts that hold nothing of this dataset."""
        used = set(self.entries.parts())
        shutil.rmtree(self._tmp.with_name("repack"), ignore_errors=True)  # of a run that was killed
        for folder in self._parts.iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)
        self.ledger.forget_parts(used)


def _next_number(parts: Path) -> int:
    return 1 + max((int(folder.name) for folder in parts.iterdir() if folder.name.isdecimal()), default=0)


def _chain(first: child.Job, rest: Iterator[child.Job]) -> Iterator[child.Job]:
    yield first
    yield from rest
