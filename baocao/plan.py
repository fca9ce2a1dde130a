"""What a run will do and why: one `Entry` for each file, in the order of the source names, and a `Decision`.

In: the files found, the ledger, the dataset that stands in the output. Out: for each file whether it is read,
only given its meaning again (the file's document was kept, a template or list changed), taken over, or left
aside, with the reason. A run acts on it; `--dry-run` prints it. Nothing is written here, except that the
ledger learns the hash of a file.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from baocao.entries import Copies, Entry
from baocao.found import Found, FoundFiles
from baocao.ledger import Ledger, Reading, ReadKey, extract_fingerprint, normalize_fingerprint
from baocao.sources import SKIP_REASONS

MOST_FILE_BYTES = 300_000_000
READ, NORMALIZE, REUSE, COPY, SKIP, FAIL, REMOVE, KEEP = (
    "read",
    "normalize",
    "reuse",
    "copy",
    "skip",
    "fail",
    "remove",
    "keep",
)
# Failures that say something about the machine, not about the file: tried again in every run.
_TRIED_AGAIN = frozenset({"tool-missing", "not-readable"})
# Failures that both stages and the limits can cause; the others are the reader's own words.
_OF_THE_RUN = frozenset({"crashed", "timeout", "limit-exceeded"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a file: one of the words above, and why. `reading` is what an earlier run knows of it."""

    action: str
    reason: str
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asks for beyond the usual."""

    force: bool = False
    retry_failed: bool = False
    verify: bool = False
    keep_removed: bool = False
    passwords: tuple[str, ...] = ()
    limits: str = ""  # failures of the run under other limits are tried again


@dataclass(frozen=True, slots=True)
class Planned:
    """A line of `--dry-run`: the file as it is shown, what would be done, and why."""

    source: str
    action: str
    reason: str


def unopened_id(source: str) -> str:
    """The id of a file that is never opened: from its name, since its content is not known."""
    return "x" + hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:11]


@lru_cache(maxsize=64)  # asked some times about one file
def key_of(sha256: str, source: str) -> ReadKey:
    """What is read once: the same bytes under the same extension."""
    return sha256, sys.intern(os.path.splitext(source)[1].lower())  # noqa: PTH122 - a hundred thousand of them


class Planner:
    """Decides file by file, in order. `before` is source → sha256 of the dataset that stands."""

    def __init__(
        self,
        ledger: Ledger,
        parts: Path,
        wishes: Wishes,
        before: Mapping[str, str],
        copies: Copies,
        is_whole: Callable[[Path], bool] = Path.is_dir,
    ) -> None:
        self._ledger, self._parts, self._wishes, self._before = ledger, parts, wishes, before
        self._copies, self._is_whole = copies, is_whole
        self._contents_before = frozenset(before.values())
        self._whole: dict[str, bool] = {}  # part → is it there

    def entry(self, order: int, found: Found) -> Entry:
        """The entry of a file; hashed where it looks changed, never read."""
        source = found.source
        if found.skip and not found.failed:
            reason = SKIP_REASONS[found.skip]
            return Entry(order, source, "", unopened_id(source), "skipped", found.skip, *reason)
        if found.failed:
            return Entry(order, source, "", unopened_id(source), "failed", *found.trouble)
        try:
            if found.container:
                size, sha256 = found.size, found.sha256
            else:
                sha256, size = self._ledger.facts_of(found.path, verify=self._wishes.verify)
        except OSError:
            message, step = "The file cannot be opened.", "Check that it is still there and who may read it."
            return Entry(order, source, "", unopened_id(source), "failed", "not-readable", message, step)
        report_id = self._report_id(key_of(sha256, source))
        if size > MOST_FILE_BYTES:
            message = f"The file has {size:,} bytes; the limit is {MOST_FILE_BYTES:,}."
            return Entry(order, source, sha256, report_id, "failed", "limit-exceeded", message, "Split the file.")
        return Entry(order, source, sha256, report_id)

    def _report_id(self, key: ReadKey) -> str:
        short, count = key[0][:12], self._copies.count(key)
        return short if count == 1 else f"{short}-{count}"

    def came_before(self, entry: Entry) -> bool:
        """Did a file of this run before this one have the same bytes under the same extension?"""
        return entry.report_id != entry.sha256[:12] and self._copies.times(key_of(entry.sha256, entry.source)) > 1

    def decide(self, entry: Entry) -> Decision:
        """What happens to a file that can be opened."""
        wishes, reading = self._wishes, self._ledger.find(key_of(entry.sha256, entry.source))
        if reading is None:
            return Decision(READ, self._why_unknown(entry))
        if wishes.force:
            return Decision(READ, "forced", reading)
        if reading.extracted != extract_fingerprint():
            return Decision(READ, "reader-changed", reading)
        if reading.code:
            return self._failed_before(reading)
        if not self._has(reading.part):
            return Decision(READ, "cache-missing", reading)
        if reading.normalized != normalize_fingerprint():
            return Decision(NORMALIZE if reading.length else READ, "rules-changed", reading)
        return Decision(REUSE, self._why_known(entry), reading)

    def _failed_before(self, reading: Reading) -> Decision:
        if self._wishes.retry_failed:
            return Decision(READ, "retried", reading)
        if reading.code in _TRIED_AGAIN:
            return Decision(READ, "machine-failed", reading)
        if reading.code == "encrypted" and self._wishes.passwords:
            return Decision(READ, "password-given", reading)
        if reading.normalized != self.made_by(reading.code):
            return Decision(READ, "rules-changed", reading)
        return Decision(REUSE, "failed-before", reading)

    def made_by(self, code: str = "") -> str:
        """The second fingerprint of a reading that ends now: empty where the reader itself gave up."""
        if code and code not in _OF_THE_RUN:
            return ""
        return normalize_fingerprint() + (f" {self._wishes.limits}" if code else "")

    def _has(self, part: str) -> bool:
        if part not in self._whole:
            self._whole[part] = self._is_whole(self._parts / part)
        return self._whole[part]

    def _why_unknown(self, entry: Entry) -> str:
        return "content-changed" if entry.source in self._before else "new"

    def _why_known(self, entry: Entry) -> str:
        if self._before.get(entry.source) == entry.sha256:
            return "unchanged"
        return "moved" if entry.sha256 in self._contents_before else "read-before"

    def contents_still_there(self, found: Iterable[Found]) -> frozenset[str]:
        """Contents of the standing dataset whose files still have their names: found elsewhere they are copies."""
        names = {item.source for item in found}
        return frozenset(sha256 for source, sha256 in self._before.items() if source in names)

    def removed(self, found: Iterable[Found], entries: Iterable[Entry]) -> Iterator[tuple[str, str, Reading | None]]:
        """(source, sha256, reading) of files of the standing dataset that are gone; one whose content is found
        under another name is moved, not gone. The reading is None where nothing of it is left to keep."""
        names = {item.source for item in found if item.source in self._before}
        contents = {entry.sha256 for entry in entries if entry.sha256 in self._contents_before}
        for source, sha256 in sorted(self._before.items()):
            if source not in names and sha256 and sha256 not in contents:
                reading = self._ledger.find(key_of(sha256, source))
                usable = reading is not None and (bool(reading.code) or self._has(reading.part))
                yield source, sha256, reading if usable else None

    def kept(self, order: int, source: str, sha256: str, reading: Reading) -> Entry:
        """The entry of a removed file that stays."""
        entry = Entry(order, source, sha256, self._report_id(key_of(sha256, source)))
        entry.settle(reading)
        return entry


def plan(planner: Planner, found: FoundFiles, *, keep_removed: bool) -> list[Planned]:
    """What a run would do, file by file."""
    lines, entries, waiting = [], [], set()
    still_there = planner.contents_still_there(found)
    for order, item in enumerate(found):
        entry = planner.entry(order, item)
        entries.append(entry)
        if entry.code:
            action = SKIP if entry.status == "skipped" else FAIL
            lines.append(Planned(entry.source, action, entry.code))
            continue
        decision, key = planner.decide(entry), key_of(entry.sha256, entry.source)
        if decision.action in (READ, NORMALIZE) and key in waiting:
            decision = Decision(COPY, "same-content")
        elif decision.reason == "moved" and entry.sha256 in still_there:
            decision = replace(decision, reason="same-content")
        waiting.add(key)
        reading = decision.reading
        failed = f" ({reading.code})" if decision.reason == "failed-before" and reading else ""
        lines.append(Planned(entry.source, decision.action, decision.reason + failed))
    for source, _, reading in planner.removed(found, entries):
        stays = keep_removed and reading is not None
        lines.append(Planned(source, KEEP if stays else REMOVE, "file-removed"))
    return sorted(lines, key=lambda line: line.source)
