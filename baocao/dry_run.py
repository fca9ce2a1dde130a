"""What a run would do, told without doing it.

In: sources, an output and the options of a run. Out: for each file the decision and why (`baocao.plan`). Nothing is
read but the ledger and the hashes of files it does not know; nothing is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from baocao import child, standing
from baocao.entries import Copies
from baocao.errors import UsageError
from baocao.ledger import Ledger
from baocao.output import Output
from baocao.parts import is_whole
from baocao.plan import Planned, Planner, Wishes, plan
from baocao.remote import is_remote
from baocao.scratch import opened
from baocao.sources import discover, with_members
from baocao.unpacked import Containers


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
    if is_remote(out) or any(is_remote(source) for source in given):
        raise UsageError("A dry run looks at local folders only.", "Leave --dry-run out, or name local folders.")
    output = Output(Path(out))
    found = discover([Path(source) for source in given], output.root)
    output.refuse_foreign()
    limits = limits or child.Limits()
    wishes = Wishes(force, retry_failed, verify, keep_removed, tuple(passwords), repr(limits))
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(output.work / "ledger.sqlite", read_only=True)
        containers = containers_for(ledger, Path(folder) / "members", wishes, limits, 1)
        try:
            found = with_members(found, containers.listings(found), containers.member_path)
            before, copies = standing.sources_of(output.root), Copies(opened())
            planner = Planner(ledger, output.work / "parts", wishes, before, copies, is_whole)
            return plan(planner, found, keep_removed=keep_removed)
        finally:
            containers.close()
            ledger.close()


def containers_for(
    ledger: Ledger, folder: Path, wishes: Wishes, limits: child.Limits, workers: int, traces: Path | None = None
) -> Containers:
    anew = {"force": wishes.force, "retry_failed": wishes.retry_failed, "verify": wishes.verify}
    return Containers(ledger, folder, limits, workers, **anew, traces=traces)
