"""The same job on a Dask cluster: groups of files go to workers, which write parts; the coordinator commits.

In: jobs, a scheduler's address, where parts go (a shared folder, or a URL of fsspec). Out: for each group the name
of its part and what became of each file. On a worker each file is read by a child of a fork server, with the limits
of a local run; a worker that dies costs its group, which another one reads. A part is whole or not there: it gets its
name when it is complete. What a run writes does not depend on which worker read what.

An extra: `pip install "baocao[cluster]"` here and on the workers, in the same version.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from baocao import child
from baocao.child import Job, Limits
from baocao.errors import ReaderUnavailable, UsageError
from baocao.ledger import Reading, extract_fingerprint, normalize_fingerprint
from baocao.remote import filesystem, is_remote

_FEWEST_A_GROUP, _MOST_A_GROUP = 8, 256  # each group starts a fork server of its own, which takes a second
_GROUPS_A_THREAD = 2  # submitted ahead, so that no worker waits
_INSTALL = 'pip install "baocao[cluster]"'


@dataclass(frozen=True, slots=True)
class Group:
    """What a worker is sent: files, and the kept documents of those whose meaning alone is redone."""

    name: str
    parts: str
    jobs: tuple[Job, ...]
    documents: tuple[bytes, ...]
    files: tuple[bytes, ...]  # of files that no worker can reach
    limits: Limits
    reader: str
    warm: str


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What comes back: the part's name where there is one, and each file's reading, its place in the part included."""

    name: str
    readings: tuple[tuple[int, Reading], ...]
    program: tuple[str, str]
    traces: tuple[tuple[int, str], ...] = ()


def read_groups(
    jobs: Iterable[Job],
    scheduler: str,
    parts: str,
    names: Iterator[str],
    limits: Limits,
    reader: str,
    warm: str,
    n_files: int,
) -> Iterator[GroupResult]:
    """Read all jobs on the cluster; results as they come. `parts` is a folder that all workers see, or a URL.

    Raises `UsageError` where Dask is not installed, no cluster answers, or its workers run another version.
    """
    client, completed = _connect(scheduler)
    with client:
        threads = sum(client.nthreads().values()) or 1
        size = min(_MOST_A_GROUP, max(_FEWEST_A_GROUP, n_files // (4 * threads)))
        waiting = iter(jobs)
        sent: dict[Any, Group] = {}
        done = completed()
        while True:
            while len(sent) < threads * _GROUPS_A_THREAD and (some := tuple(islice(waiting, size))):
                group = _group(next(names), parts, some, limits, reader, warm)
                future = client.submit(read_group, group, pure=False, retries=2)
                sent[future] = group
                done.add(future)
            if not sent:
                return
            future = next(done)
            yield _result(future, sent.pop(future))


def _connect(scheduler: str) -> tuple[Any, Any]:
    try:
        from distributed import Client, as_completed
    except ImportError as missing:
        raise UsageError("The engine dask needs the package distributed.", f"Type: {_INSTALL}") from missing
    if not scheduler:
        raise UsageError("The engine dask needs a scheduler.", "Name it: --engine dask --scheduler tcp://HOST:8786")
    connect: Any = Client
    try:
        return connect(scheduler, timeout=20), as_completed
    except (OSError, ValueError) as error:
        raise UsageError(f"No Dask scheduler answers at {scheduler}.", "Start one: dask scheduler") from error


def _group(name: str, parts: str, jobs: Sequence[Job], limits: Limits, reader: str, warm: str) -> Group:
    """Kept documents travel with the group, and files out of archives: a worker need not see where they lie."""
    documents, files, sent = [], [], []
    for job in jobs:
        content = b""
        if job.document:
            path, offset, length = job.document
            with Path(path).open("rb") as file:
                file.seek(offset)
                content = file.read(length)
        documents.append(content)
        files.append(Path(job.path).read_bytes() if job.url == child.INLINE and not content else b"")
        sent.append(replace(job, document=None))
    return Group(name, parts, tuple(sent), tuple(documents), tuple(files), limits, reader, warm)


def _result(future: Any, group: Group) -> GroupResult:
    """The result of a group; one that ended worker after worker is recorded as crashed, file by file."""
    from distributed import KilledWorker

    try:
        result: GroupResult = future.result()
    except KilledWorker:
        crashed = Reading(code="crashed", message="Workers died over this group of files.", next_step="Run again.")
        program = (extract_fingerprint(), normalize_fingerprint())
        return GroupResult(group.name, tuple((job.key, crashed) for job in group.jobs), program)
    if result.program != (extract_fingerprint(), normalize_fingerprint()):
        raise ReaderUnavailable("The workers run another version of baocao.", "Install the same version everywhere.")
    return result


def read_group(group: Group) -> GroupResult:
    """Runs on a worker: read the files in children, write the part, say where each one lies."""
    from baocao.parts import sort_out

    folder = Path(tempfile.mkdtemp(prefix="baocao-"))
    try:
        together = zip(group.jobs, group.documents, group.files, strict=True)
        jobs = [_here(job, document, file, folder) for job, document, file in together]
        pool = child.open_pool(folder / "tmp", 1, group.reader, group.warm)
        try:
            outcomes = {outcome.key: outcome for outcome in child.read_all(jobs, pool, 1, group.limits)}
        finally:
            pool.close()
        documents = {job.key: document for job, document in zip(group.jobs, group.documents, strict=True)}
        rows, good, readings = sort_out([outcomes[job.key] for job in group.jobs])
        if good:
            places = _write(group, folder, rows, [documents[outcome.key] or outcome.document for outcome in good])
            for place, (outcome, (offset, length)) in enumerate(zip(good, places, strict=True)):
                readings.append((outcome.key, Reading(group.name, place, offset, length)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    traces = tuple((key, outcome.trace) for key, outcome in outcomes.items() if outcome.trace)
    return GroupResult(group.name, tuple(readings), (extract_fingerprint(), normalize_fingerprint()), traces)


def _here(job: Job, document: bytes, file: bytes, folder: Path) -> Job:
    """The job with what it needs on this machine: the kept document, or a file that lies behind a URL."""
    if document:
        kept = folder / f"{job.key}.document"
        kept.write_bytes(document)
        return replace(job, document=(str(kept), 0, len(document)))
    if job.url:
        copy = folder / f"{job.key}{Path(job.source).suffix}"
        if job.url == child.INLINE:
            copy.write_bytes(file)
        else:
            system, path = filesystem(job.url)
            system.get_file(path, str(copy))
        return replace(job, path=str(copy))
    return job


def _write(group: Group, folder: Path, rows: Any, documents: list[bytes]) -> list[tuple[int, int]]:
    """The part, under its name once it is whole. A group that was read before by a worker that died is replaced."""
    from baocao.parts import write_part

    if is_remote(group.parts):
        places = write_part(folder / group.name, rows, documents)
        system, path = filesystem(group.parts)
        for file in sorted((folder / group.name).iterdir()):
            system.put_file(str(file), f"{path}/{group.name}/{file.name}")
        return places
    shared = Path(group.parts)
    fresh = shared / f".{group.name}.{uuid.uuid4().hex}"
    places = write_part(fresh, rows, documents)
    if (shared / group.name).exists():
        shutil.rmtree(shared / group.name)
    fresh.replace(shared / group.name)
    return places
