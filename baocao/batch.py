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
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from baocao import child, consolidate, standing
from baocao.errors import Progress, ProgressCallback, RunSummary
from baocao.ledger import Ledger, Reading, ReadKey, extract_fingerprint
from baocao.output import KEPT, Output, writable
from baocao.parts import DOCUMENTS, document_in, usable, write_part
from baocao.plan import NORMALIZE, REUSE, Decision, Entry, Planned, Planner, Wishes, key_of, plan
from baocao.rows import Payload
from baocao.sources import Found, discover, open_containers

_PART_REPORTS = 256
_PART_BYTES = 64_000_000
_PART_SECONDS = 60.0
_UNUSABLE = Reading(code="crashed", message="The reader sent what is no result.", next_step="Report this file.")


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

    Raises `UsageError` (nothing to read, an output inside the input or not ours), `OutputBusy`,
    `OutputNotWritable`, `ReaderUnavailable`; `KeyboardInterrupt` passes, the old dataset stays whole.
    """
    given = [sources] if isinstance(sources, (str, Path)) else list(sources)
    root = Path(out)
    tell = progress or (lambda step: None)  # noqa: ARG005
    limits = limits or child.Limits()
    found = discover(given, root)
    tell(Progress("discover", len(found), len(found)))
    wishes = Wishes(force, retry_failed, verify, keep_removed, tuple(passwords), repr(limits))
    fixes = Path(corrections) if corrections else root / KEPT
    with Output(root) as output, writable(root):
        members = output.work / "members"
        shutil.rmtree(members, ignore_errors=True)
        found = open_containers(found, members)
        run = _Run(output, found, tell, wishes)
        try:
            run.read(jobs or os.cpu_count() or 1, limits, reader, warm)
            state = standing.state_of(run.entries, fixes, csv_dialect)
            summary = standing.recall(output, run.ledger, state)
            if summary is None or force:
                summary = consolidate.write_dataset(
                    output,
                    run.entries,
                    tell,
                    corrections=fixes,
                    strict=strict,
                    reused=run.reused,
                    warnings=child.unguarded(),
                    csv_dialect=csv_dialect,
                )
                standing.remember(output, run.ledger, standing.state_of(run.entries, fixes, csv_dialect), summary)
            run.tidy()
        finally:
            run.ledger.close()
            shutil.rmtree(members, ignore_errors=True)
    return replace(summary, strict=strict, reused=run.reused)


def dry_run(
    sources: str | Path | Sequence[str | Path],
    out: str | Path = "out",
    *,
    force: bool = False,
    retry_failed: bool = False,
    verify: bool = False,
    keep_removed: bool = False,
    passwords: Sequence[str] = (),
    limits: child.Limits | None = None,
) -> list[Planned]:
    """What `ingest` with these options would do and why, file by file; nothing is read or written.

    Files the ledger does not know are hashed. Raises `UsageError` as `ingest` does.
    """
    given = [sources] if isinstance(sources, (str, Path)) else list(sources)
    output = Output(Path(out))
    found = discover(given, output.root)
    output.refuse_foreign()
    ledger = Ledger(output.work / "ledger.sqlite", read_only=True)
    members = Path(tempfile.mkdtemp())
    try:
        found = open_containers(found, members)
        wishes = Wishes(force, retry_failed, verify, keep_removed, tuple(passwords), repr(limits or child.Limits()))
        planner = Planner(ledger, output.work / "parts", wishes, standing.sources_of(output.root))
        return plan(planner, found, keep_removed=keep_removed)
    finally:
        ledger.close()
        shutil.rmtree(members, ignore_errors=True)


class _Run:
    """The reading half of a run: entries in the order of the sources, filled in as results come."""

    def __init__(
        self, output: Output, found: Sequence[Found], tell: Callable[[Progress], None], wishes: Wishes
    ) -> None:
        self.entries: list[Entry] = []
        self.reused = 0
        self._found, self._tell, self._wishes = found, tell, wishes
        self._parts = output.work / "parts"
        self._parts.mkdir(exist_ok=True)
        self._tmp = output.work / "tmp"
        self._traces = output.work / "traces"
        self.ledger = Ledger(output.work / "ledger.sqlite")
        self._planner = Planner(self.ledger, self._parts, wishes, standing.sources_of(output.root))
        self._done = 0
        self._by_key: dict[ReadKey, list[Entry]] = {}  # waiting for one reading
        self._readings: dict[ReadKey, Reading] = {}
        self._keys: list[ReadKey] = []  # job key → what it reads
        self._again: dict[int, Reading] = {}  # job key → the reading whose document gets its meaning again
        self._waiting: dict[int, child.Outcome] = {}  # job key → what came, not yet on disk
        self._waiting_bytes = 0
        self._flushed = time.monotonic()

    def read(self, workers: int, limits: child.Limits, reader: str, warm: str) -> None:
        """Fill `entries`, each with where its rows lie or with its failure."""
        jobs = self._jobs()
        first = next(jobs, None)
        if first is not None:  # a run that has nothing to read starts no server
            shutil.rmtree(self._tmp, ignore_errors=True)
            pool = child.open_pool(self._tmp, workers, reader, warm)
            try:
                for outcome in child.read_all(_chain(first, jobs), pool, workers, limits):
                    self._take(outcome)
            finally:
                pool.close()
        self._flush()
        if self._wishes.keep_removed:
            self._keep_removed()

    def _keep_removed(self) -> None:
        for source, sha256, reading in self._planner.removed(self._found, self.entries):
            if reading is not None:
                self.entries.append(self._planner.kept(len(self.entries), source, sha256, reading))
        self.entries.sort(key=lambda entry: entry.source)
        for order, entry in enumerate(self.entries):
            entry.order = order

    def _jobs(self) -> Iterator[child.Job]:
        """Files that have to be read, in order; every file gets its entry on the way."""
        for order, found in enumerate(self._found):
            entry = self._planner.entry(order, found)
            self.entries.append(entry)
            if entry.code:
                self._end(entry, entry.status)
                continue
            key = key_of(entry.sha256, entry.source)
            if key in self._readings:  # read before in this run, or taken over
                entry.settle(self._readings[key])
                self._end(entry, entry.status or "read")
            elif key in self._by_key:
                self._by_key[key].append(entry)
                self._end(entry, "")
            else:
                decision = self._planner.decide(entry)
                if decision.action == REUSE and decision.reading is not None:
                    entry.settle(decision.reading)
                    self._readings[key] = decision.reading
                    self.reused += 1
                    self._end(entry, entry.status or "read")
                else:
                    self._by_key[key] = [entry]
                    yield self._job(entry, key, found.path, decision)

    def _job(self, entry: Entry, key: ReadKey, path: str, decision: Decision) -> child.Job:
        number = len(self._keys)
        self._keys.append(key)
        document = None
        if decision.action == NORMALIZE and decision.reading is not None:
            old = self._again[number] = decision.reading
            document = str(self._parts / old.part / DOCUMENTS), old.offset, old.length
        passwords = self._wishes.passwords
        return child.Job(number, path, entry.source, entry.report_id, entry.sha256, passwords, document)

    def _take(self, outcome: child.Outcome) -> None:
        key = self._keys[outcome.key]
        if outcome.trace:
            self._traces.mkdir(exist_ok=True)
            (self._traces / f"{key[0][:12]}.txt").write_text(outcome.trace, "utf-8", errors="replace")
        self._waiting[outcome.key] = outcome
        self._waiting_bytes += len(outcome.packed or b"") + len(outcome.document)
        self._end(self._by_key[key][0], "read" if outcome.packed is not None else "failed")
        is_late = time.monotonic() - self._flushed > _PART_SECONDS
        if len(self._waiting) >= _PART_REPORTS or self._waiting_bytes >= _PART_BYTES or is_late:
            self._flush()

    def _flush(self) -> None:
        """Write what came as a part, then tell the ledger, then the entries that wait for it."""
        readings: list[tuple[ReadKey, Reading]] = []
        payloads: list[tuple[ReadKey, Payload]] = []
        documents: list[bytes] = []
        for job in sorted(self._waiting):
            outcome, key = self._waiting[job], self._keys[job]
            if outcome.packed is None:
                readings.append((key, Reading(code=outcome.code, message=outcome.message, next_step=outcome.next_step)))
            elif (payload := usable(outcome.packed)) is not None:
                payloads.append((key, payload))
                old = self._again.get(job)
                documents.append(
                    document_in(self._parts / old.part, old.offset, old.length) if old else outcome.document
                )
            else:
                readings.append((key, _UNUSABLE))
        if payloads:
            name = f"{_next_number(self._parts):06d}"
            lie = write_part(self._parts / name, [payload for _, payload in payloads], documents)
            for place, ((key, _), (offset, length)) in enumerate(zip(payloads, lie, strict=True)):
                readings.append((key, Reading(name, place, offset, length)))
        readings = [(key, self._signed(reading)) for key, reading in readings]
        self.ledger.add(readings)
        for key, reading in readings:
            self._readings[key] = reading
            for entry in self._by_key.pop(key):
                entry.settle(reading)
        self._waiting, self._waiting_bytes, self._flushed = {}, 0, time.monotonic()

    def _signed(self, reading: Reading) -> Reading:
        """With the fingerprints of the code that made it."""
        return replace(reading, extracted=extract_fingerprint(), normalized=self._planner.made_by(reading.code))

    def _end(self, entry: Entry, status: str) -> None:
        self._done += 1
        self._tell(Progress("read", self._done, len(self._found), entry.source, status))

    def tidy(self) -> None:
        """Remove parts that hold nothing of this dataset."""
        used = {entry.part for entry in self.entries if entry.part}
        for folder in self._parts.iterdir():
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)
        self.ledger.forget_parts(used)


def _next_number(parts: Path) -> int:
    return 1 + max((int(folder.name) for folder in parts.iterdir() if folder.name.isdecimal()), default=0)


def _chain(first: child.Job, rest: Iterator[child.Job]) -> Iterator[child.Job]:
    yield first
    yield from rest
