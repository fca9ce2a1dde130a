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
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from baocao import child, consolidate
from baocao.errors import Progress, ProgressCallback, RunSummary
from baocao.ledger import Ledger, Reading, ReadKey
from baocao.output import Output, writable
from baocao.plan import Entry, unopened_id
from baocao.rows import Payload
from baocao.sources import SKIP_REASONS, Found, discover, open_containers

_PART_REPORTS = 256
_PART_BYTES = 64_000_000
_PART_SECONDS = 60.0
_MOST_FILE_BYTES = 300_000_000
_UNUSABLE = Reading(code="crashed", message="The reader sent what is no result.", next_step="Report this file.")
# Failures that say something about the machine, not about the file: tried again in every run.
_TRIED_AGAIN = frozenset({"tool-missing", "not-readable"})


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
    limits: child.Limits | None = None,
    reader: str = child.READER,
    warm: str = child.WARM,
) -> RunSummary:
    """Read every report under `sources` and write the dataset into `out`.

    `jobs` children read at a time (default: one for each core). `corrections` is a file elsewhere than
    `out/corrections.csv`. `force` reads everything again, `retry_failed` what failed in an earlier run,
    `verify` hashes files that look unchanged. `limits` bounds each child; `reader` and `warm` name what
    a child runs, `module:function`.

    Raises `UsageError` (nothing to read, an output inside the input or not ours), `OutputBusy`,
    `OutputNotWritable`, `ReaderUnavailable`; `KeyboardInterrupt` passes, the old dataset stays whole.
    """
    given = [sources] if isinstance(sources, (str, Path)) else list(sources)
    root = Path(out)
    tell = progress or (lambda step: None)  # noqa: ARG005
    found = discover(given, root)
    tell(Progress("discover", len(found), len(found)))
    with Output(root) as output, writable(root):
        members = output.work / "members"
        shutil.rmtree(members, ignore_errors=True)
        found = open_containers(found, members)
        run = _Run(output, found, tell, force=force, retry_failed=retry_failed, verify=verify)
        try:
            run.read(jobs or os.cpu_count() or 1, limits or child.Limits(), reader, warm)
            summary = consolidate.write_dataset(
                output,
                run.entries,
                tell,
                corrections=Path(corrections) if corrections else None,
                strict=strict,
                reused=run.reused,
                warnings=child.unguarded(),
            )
            run.tidy()
        finally:
            run.ledger.close()
            shutil.rmtree(members, ignore_errors=True)
    return summary


class _Run:
    """The reading half of a run: entries in the order of the sources, filled in as results come."""

    def __init__(
        self,
        output: Output,
        found: Sequence[Found],
        tell: Callable[[Progress], None],
        *,
        force: bool,
        retry_failed: bool,
        verify: bool,
    ) -> None:
        self.entries: list[Entry] = []
        self.reused = 0
        self._found, self._tell = found, tell
        self._force, self._retry_failed, self._verify = force, retry_failed, verify
        self._parts = output.work / "parts"
        self._parts.mkdir(exist_ok=True)
        self._tmp = output.work / "tmp"
        self._traces = output.work / "traces"
        self.ledger = Ledger(output.work / "ledger.sqlite")
        self._done = 0
        self._copies: dict[str, int] = {}  # report_id → how often
        self._by_key: dict[ReadKey, list[Entry]] = {}  # waiting for one reading
        self._readings: dict[ReadKey, Reading] = {}
        self._keys: list[ReadKey] = []  # job key → what it reads
        self._waiting: dict[int, bytes | Reading] = {}  # job key → what came, not yet on disk
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

    def _jobs(self) -> Iterator[child.Job]:
        """Files that have to be read, in order; every file gets its entry on the way."""
        for order, found in enumerate(self._found):
            entry = self._entry(order, found)
            self.entries.append(entry)
            if entry.code:
                self._end(entry, entry.status)
                continue
            key = entry.sha256, Path(found.source).suffix.lower()
            known = self._known(key)
            if known is not None:
                entry.settle(known)
                self._end(entry, entry.status or "read")
            elif key in self._by_key:
                self._by_key[key].append(entry)
                self._end(entry, "")
            else:
                self._by_key[key] = [entry]
                self._keys.append(key)
                yield child.Job(len(self._keys) - 1, found.path, found.source, entry.report_id, entry.sha256)

    def _entry(self, order: int, found: Found) -> Entry:
        if found.skip and not found.failed:
            return Entry(
                order, found.source, "", unopened_id(found.source), "skipped", found.skip, *SKIP_REASONS[found.skip]
            )
        if found.failed:
            return Entry(order, found.source, "", unopened_id(found.source), "failed", *found.trouble)
        try:
            size = os.stat(found.path).st_size  # noqa: PTH116
            sha256 = self.ledger.sha256_of(found.path, verify=self._verify)
        except OSError:
            return Entry(
                order,
                found.source,
                "",
                unopened_id(found.source),
                "failed",
                "not-readable",
                "The file cannot be opened.",
                "Check that it is still there and who may read it.",
            )
        count = self._copies[sha256[:12]] = self._copies.get(sha256[:12], 0) + 1
        report_id = sha256[:12] if count == 1 else f"{sha256[:12]}-{count}"
        if size > _MOST_FILE_BYTES:
            return Entry(
                order,
                found.source,
                sha256,
                report_id,
                "failed",
                "limit-exceeded",
                f"The file has {size:,} bytes; the limit is {_MOST_FILE_BYTES:,}.",
                "Split the file.",
            )
        return Entry(order, found.source, sha256, report_id)

    def _known(self, key: ReadKey) -> Reading | None:
        if key in self._readings:
            return self._readings[key]
        reading = None if self._force else self.ledger.find(key)
        if reading is None or (reading.code and (self._retry_failed or reading.code in _TRIED_AGAIN)):
            return None
        if reading.part and not (self._parts / reading.part).is_dir():
            return None
        self._readings[key] = reading
        self.reused += 1
        return reading

    def _take(self, outcome: child.Outcome) -> None:
        key = self._keys[outcome.key]
        if outcome.packed is None:
            self._waiting[outcome.key] = Reading(
                code=outcome.code, message=outcome.message, next_step=outcome.next_step
            )
            if outcome.trace:
                self._traces.mkdir(exist_ok=True)
                (self._traces / f"{key[0][:12]}.txt").write_text(outcome.trace, "utf-8", errors="replace")
        else:
            self._waiting[outcome.key] = outcome.packed
            self._waiting_bytes += len(outcome.packed)
        self._end(self._by_key[key][0], "read" if outcome.packed is not None else "failed")
        is_late = time.monotonic() - self._flushed > _PART_SECONDS
        if len(self._waiting) >= _PART_REPORTS or self._waiting_bytes >= _PART_BYTES or is_late:
            self._flush()

    def _flush(self) -> None:
        """Write what came as a part, then tell the ledger, then the entries that wait for it."""
        from baocao.parts import usable, write_part

        readings: list[tuple[ReadKey, Reading]] = []
        payloads: list[tuple[ReadKey, Payload]] = []
        for job in sorted(self._waiting):
            content = self._waiting[job]
            if isinstance(content, Reading):
                readings.append((self._keys[job], content))
            elif (payload := usable(content)) is not None:
                payloads.append((self._keys[job], payload))
            else:
                readings.append((self._keys[job], _UNUSABLE))
        if payloads:
            name = f"{_next_number(self._parts):06d}"
            write_part(self._parts / name, [payload for _, payload in payloads])
            readings += [(key, Reading(name, place)) for place, (key, _) in enumerate(payloads)]
        self.ledger.add(readings)
        for key, reading in readings:
            self._readings[key] = reading
            for entry in self._by_key.pop(key):
                entry.settle(reading)
        self._waiting, self._waiting_bytes, self._flushed = {}, 0, time.monotonic()

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
