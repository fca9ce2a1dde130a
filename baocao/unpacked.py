"""Archives and mails of a run, opened in child processes like any other file.

In: the files found. Out: for each container the list of what is inside it (`Listing`), and on demand the files
themselves. The list is kept in the ledger by the container's content, so an unchanged archive is neither opened nor
unpacked again: it is only opened once more when a file inside it has to be read. A container that hangs, crashes or
grows without bound is one failed file, as elsewhere.

Members lie under `folder` by the hash of their content; no name inside an archive reaches the file system.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from baocao import child
from baocao.child import Job, Limits, Outcome
from baocao.found import Found, FoundFiles
from baocao.ledger import Ledger, extract_fingerprint
from baocao.sources import Listing, Listings
from extract.containers import Member, is_container, may_be_container, unpack
from extract.problems import ExtractError

READER = "baocao.unpacked:unpack_all"
_NOT_FOUND = ("not-readable", "The file cannot be opened.", "Check that it is still there and who may read it.")


def unpack_all(
    path: Path,
    source: str,
    report_id: str,  # noqa: ARG001 - what a child is given
    sha256: str | None = None,  # noqa: ARG001
    progress: Callable[[int], None] | None = None,
    attempt: int = 1,  # noqa: ARG001
) -> bytes:
    """What a child runs: unpack `path` into the folder `source`; its listing as JSON, `null` if it is no container."""
    if not is_container(path):
        return b"null"
    members: list[dict[str, Any]] = []
    trouble: tuple[str, str, str] | None = None
    try:
        for member in unpack(path, Path(source)):
            members.append({**asdict(member), "path": member.path.name if member.path else ""})
            if progress:
                progress(len(members))
    except ExtractError as error:
        trouble = error.code, error.message, error.next_step
    return json.dumps({"members": members, "trouble": trouble}).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _How:
    limits: Limits
    workers: int
    is_anew: bool  # forced, or what failed is tried again
    verify: bool


class Containers:
    """The containers of one run. `close` ends the children and removes what was unpacked."""

    def __init__(
        self,
        ledger: Ledger,
        folder: Path,
        limits: Limits,
        workers: int = 1,
        *,
        force: bool = False,
        retry_failed: bool = False,
        verify: bool = False,
        traces: Path | None = None,
    ) -> None:
        self._ledger, self._folder, self._traces = ledger, folder, traces
        self._tmp = folder.with_name(f"{folder.name}-tmp")
        for left in (folder, self._tmp):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        # Members count as pages do; how many there may be is the business of the unpacking.
        limits = replace(limits, pages=10**9)
        self._how = _How(limits, workers, force, verify)
        self._retry_failed = retry_failed
        self._pool: child.Pool | None = None
        self._there: set[str] = set()  # containers whose members lie in the folder

    def listings(self, found: FoundFiles) -> Listings:
        """What is inside each container among the files, by its path."""
        known: dict[str, Listing] = {}
        unknown: list[tuple[Found, str]] = []
        for item in found.to_look_into():
            if not may_be_container(Path(item.path)):  # by its first bytes; a closer look is taken in a child
                continue
            try:
                sha256 = self._ledger.sha256_of(item.path, verify=self._how.verify)
            except OSError:
                known[item.path] = Listing((), _NOT_FOUND)
                continue
            kept = None if self._how.is_anew else self._ledger.listing(sha256, self._made_by())
            listing = _listing(kept.encode()) if kept is not None else None
            if kept is None or (listing and listing.has_trouble and self._retry_failed):
                unknown.append((item, sha256))
            elif listing is not None:
                known[item.path] = listing
        # A content that lies there twice is opened once.
        first: dict[str, tuple[Found, str]] = {}
        for item, sha256 in unknown:
            first.setdefault(sha256, (item, sha256))
        opened = self._open(list(first.values()))
        for item, sha256 in unknown:
            if (listing := opened.get(sha256)) is not None:
                known[item.path] = listing
        return known

    def path_of(self, found: Found) -> str:
        """Where the file lies now; one inside a container is unpacked if it is not there yet."""
        if found.container and found.container not in self._there and not os.path.exists(found.path):  # noqa: PTH110
            self._open([(replace(found, path=found.container), "")])
            self._there.add(found.container)
        return found.path

    def member_path(self, name: str) -> str:
        return str(self._folder / name)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _made_by(self) -> str:
        return f"{extract_fingerprint()} {self._how.limits!r}"

    def _open(self, items: list[tuple[Found, str]]) -> dict[str, Listing]:
        """Unpack these (container, sha256; empty: known already) and keep what is inside; by sha256."""
        if not items:
            return {}
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._pool is None:
            self._pool = child.open_pool(self._tmp, self._how.workers, READER, "")
        jobs = (Job(key, item.path, str(self._folder), "", sha256) for key, (item, sha256) in enumerate(items))
        listings: dict[str, Listing] = {}
        for outcome in child.read_all(jobs, self._pool, self._how.workers, self._how.limits):
            item, sha256 = items[outcome.key]
            if outcome.trace and self._traces:
                self._traces.mkdir(exist_ok=True)
                (self._traces / f"{sha256[:12]}.txt").write_text(outcome.trace, "utf-8", errors="replace")
            content = _content(outcome)
            listing = _listing(content)
            self._there.add(item.path)
            if sha256:
                self._ledger.keep_listing(sha256, self._made_by(), content.decode())
            if sha256 and listing is not None:
                listings[sha256] = listing
        return listings


def _content(outcome: Outcome) -> bytes:
    if outcome.packed is not None:
        return outcome.packed
    trouble = outcome.code, outcome.message, outcome.next_step
    return json.dumps({"members": [], "trouble": trouble}).encode("utf-8", "replace")


def _listing(content: bytes) -> Listing | None:
    """A listing out of its JSON; None where the file is no container."""
    plain = json.loads(content)
    if plain is None:
        return None
    members = tuple(Member(**{**one, "path": Path(one["path"]) if one["path"] else None}) for one in plain["members"])
    return Listing(members, tuple(plain["trouble"]) if plain["trouble"] else None)
