"""Read files in child processes, so that no file can hang, crash or bloat the run.

In: `Job`s. Out: `Outcome`s, in the order they end: the packed rows of a report (`baocao.rows`) or a typed
failure. The parent is single-threaded: one loop over the pipes and the clock. Limits are on memory
(the child's address space), on time (20 s + 2 s a page once the reader tells the pages; for pages
read by OCR a limit on each page), on silence (120 s without progress) and on the size of a result.
A child over a limit is killed with its process group; a crash, a time-out or lack of memory gets one
more try with more room, then is recorded. Where the platform cannot fork safely (Windows, macOS)
spawned workers stand in, with limits on time only: `unguarded()` says so.

Limits and behaviour: docs/design/0003-batch-and-store.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from baocao import forkserver
from baocao.errors import ReaderUnavailable

READER, WARM = "baocao.reading:read", "baocao.reading:warm"
INLINE = "inline:"
_RETRIED = frozenset({"crashed", "timeout", "out-of-memory"})
_STARTS = 3
_LONGEST_WAIT = 60.0  # seconds; a killed job has no deadline of its own


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take. `memory_hard_bytes` is what an external program may raise its limit to."""

    memory_bytes: int = 1_500_000_000
    memory_hard_bytes: int = 4_000_000_000
    seconds: float = 20.0
    seconds_a_page: float = 2.0
    seconds_without_progress: float = 120.0
    result_bytes: int = 256_000_000
    pages: int = 10_000

    def wider(self) -> Limits:
        return replace(self, memory_bytes=2 * self.memory_bytes, memory_hard_bytes=2 * self.memory_hard_bytes)


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. `key` is the caller's; `path` as the file system spells it."""

    key: int
    path: str
    source: str
    report_id: str
    sha256: str = ""
    passwords: tuple[str, ...] = ()
    document: tuple[str, int, int] | None = None  # where the kept document lies: only the second stage is redone
    url: str = ""  # where another machine finds the file, or INLINE where it has to be sent along

    def to_json(self, attempt: int) -> dict[str, Any]:
        """What the reading side needs to know."""
        message: dict[str, Any] = {
            "key": self.key,
            "path": self.path,
            "source": self.source,
            "report_id": self.report_id,
            "sha256": self.sha256,
            "attempt": attempt,
        }
        if self.passwords:
            message["passwords"] = self.passwords
        if self.document:
            message["document"] = self.document
        return message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: `packed` rows (and the `document` they were made from, where it was read anew), or a
    failure. `trace` is for the developer, never published."""

    key: int
    packed: bytes | None = None
    code: str = ""
    message: str = ""
    next_step: str = ""
    trace: str = ""
    attempts: int = 1
    document: bytes = b""


@dataclass(slots=True)
class Running:
    """A job under way: its clock, what it told so far, the bytes that came."""

    job: Job
    limits: Limits
    attempt: int
    started: float
    heard: float
    wall: float | None = None
    silence: float = 0.0
    done: int = -1
    received: bytearray = field(default_factory=bytearray)
    result: bytes | None = None
    document: bytes = b""
    failure: dict[str, str] | None = None
    killed: tuple[str, str] | None = None

    def deadline(self) -> float:
        quiet = self.heard + self.silence
        return quiet if self.wall is None else min(quiet, self.started + self.wall)

    def feed(self, data: bytes, now: float) -> None:
        """Take bytes from the pipe; a result beyond the limit, or what is no frame, marks the job."""
        self.received += data
        header = forkserver.HEADER
        while len(self.received) >= header.size:
            kind, length = header.unpack_from(self.received)
            if kind not in forkserver.KINDS:
                self.killed = ("crashed", "The reader sent what is no result.")
                return
            if length > self.limits.result_bytes:
                message = f"The result takes {length:,} bytes; the limit is {self.limits.result_bytes:,}."
                self.killed = ("limit-exceeded", message)
                return
            if len(self.received) < header.size + length:
                return
            content = bytes(self.received[header.size : header.size + length])
            del self.received[: header.size + length]
            self._take(kind, content, now)

    def _take(self, kind: bytes, content: bytes, now: float) -> None:
        if kind == forkserver.RESULT:
            self.result, self.heard = content, now
        elif kind == forkserver.DOCUMENT:
            self.document, self.heard = content, now
        elif kind == forkserver.FAILURE:
            self.failure, self.heard = json.loads(content), now
        else:
            done, total, seconds = json.loads(content)
            if done > self.done:  # telling the same page again is no progress
                self.done, self.heard = done, now
            if max(done, total or 0) > self.limits.pages:
                message = f"The file has {max(done, total or 0):,} pages; the limit is {self.limits.pages:,}."
                self.killed = ("limit-exceeded", message)
            if seconds is not None:
                self.wall, self.silence = None, float(seconds)
            elif total is not None:
                self.wall = self.limits.seconds + self.limits.seconds_a_page * total

    def over_time(self, now: float) -> tuple[str, str] | None:
        """The failure of a job whose time is up. The message names the limit, not the clock: the same
        input gives the same words."""
        if self.wall is not None and now >= self.started + self.wall:
            return "timeout", f"Reading took longer than the limit of {self.wall:.0f} s."
        if now >= self.heard + self.silence:
            return "timeout", f"The reader made no progress for {self.silence:.0f} s."
        return None

    def outcome(self, status: int | None) -> Outcome:
        """What the job came to, given the exit status of its process (negative: the signal)."""
        key, attempts = self.job.key, self.attempt
        if self.killed:
            code, message = self.killed
            return Outcome(key, None, code, message, _NEXT_STEPS.get(code, ""), attempts=attempts)
        if self.result is not None:
            return Outcome(key, self.result, attempts=attempts, document=self.document)
        if self.failure is not None:
            code = str(self.failure["code"])
            if code != "out-of-memory":
                return Outcome(
                    key,
                    None,
                    code,
                    str(self.failure["message"]),
                    str(self.failure["next_step"]) or _NEXT_STEPS.get(code, ""),
                    str(self.failure["trace"]),
                    attempts,
                )
        if self.failure is not None or status == -signal.SIGKILL:
            limit = self.limits.memory_bytes
            return Outcome(
                key,
                None,
                "out-of-memory",
                f"Reading needs more memory than the limit of {limit:,} bytes.",
                _NEXT_STEPS["limit-exceeded"],
                attempts=attempts,
            )
        how = f"signal {-status}" if status is not None and status < 0 else f"exit status {status}"
        return Outcome(key, None, "crashed", f"The reader crashed ({how}).", _NEXT_STEPS["crashed"], attempts=attempts)


_NEXT_STEPS = {
    "crashed": "Open the file and save it again, or print it to PDF; then run again. Report it if it still fails.",
    "timeout": "Split the file, or save it again in a simpler form; then run again.",
    "limit-exceeded": "Split the file, or save it again in a simpler form; then run again.",
}


class Pool(Protocol):
    """What reads: `start` a job, `wait` for some to end, `close` for good."""

    def start(self, job: Job, limits: Limits, attempt: int) -> None: ...
    def wait(self) -> list[Outcome]: ...
    def close(self) -> None: ...


class ForkPool:
    """Jobs in children forked from a warm server."""

    def __init__(self, tmp: Path, reader: str = READER, warm: str = WARM) -> None:
        self._tmp, self._reader, self._warm = tmp, reader, warm
        self._running: dict[int, Running] = {}
        self._pipes: dict[int, int] = {}
        self._folders: dict[int, Path] = {}  # each child's temporary folder, used again when it is empty
        self._free_folders: list[Path] = []
        self._n_folders = 0
        self._selector = selectors.DefaultSelector()
        self._lines = b""
        self._failed_starts = 0
        self._launch()

    def _launch(self) -> None:
        config = {"reader": self._reader, "warm": self._warm}
        ours, theirs = socket.socketpair()
        places = [place or str(Path.cwd()) for place in sys.path]
        code = f"import sys; sys.path[:] = {places!r}; from baocao.forkserver import main; main()"
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code, str(theirs.fileno()), json.dumps(config)],
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={**os.environ, **single},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._socket, self._lines = ours, b""
        first = self._first_line()
        if "ready" not in first:
            self.close()
            raise ReaderUnavailable(
                "The reading process could not be started.\n" + first.get("fatal", ""),
                "Run `baocao doctor`, or install the package again.",
            )
        self._socket.setblocking(False)
        self._selector.register(self._socket, selectors.EVENT_READ, None)

    def _first_line(self) -> dict[str, Any]:
        data = b""
        while b"\n" not in data:
            more = self._socket.recv(1 << 16)
            if not more:
                return {}
            data += more
        line, _, self._lines = data.partition(b"\n")
        first: dict[str, Any] = json.loads(line)
        return first

    def start(self, job: Job, limits: Limits, attempt: int) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        now = time.monotonic()
        self._running[job.key] = Running(job, limits, attempt, now, now, silence=limits.seconds_without_progress)
        self._pipes[job.key] = read_end
        self._selector.register(read_end, selectors.EVENT_READ, job.key)
        message = {
            **job.to_json(attempt),
            "tmp": str(self._folder_for(job.key)),
            "memory_bytes": limits.memory_bytes,
            "memory_hard_bytes": limits.memory_hard_bytes,
        }
        try:
            self._send(json.dumps(message).encode() + b"\n", [write_end])
        finally:
            os.close(write_end)

    def _send(self, data: bytes, fds: list[int] | None = None) -> None:
        """A line to the server. A server that is gone shows when the socket is read: nothing is lost here."""
        self._socket.setblocking(True)
        try:
            sent = socket.send_fds(self._socket, [data], fds) if fds else self._socket.send(data)
            if sent < len(data):
                self._socket.sendall(data[sent:])
        except OSError:
            return
        finally:
            self._socket.setblocking(False)

    def wait(self) -> list[Outcome]:
        """Block until at least one job ends (or the server had to be started anew); the jobs that ended."""
        ended: list[Outcome] = []
        while self._running and not ended:
            until = min(running.deadline() for running in self._running.values())
            timeout = min(_LONGEST_WAIT, max(0.0, until - time.monotonic()))
            for key, _ in self._selector.select(timeout):
                if key.data is not None:
                    self._drain(key.data)
            ended = self._server_lines()
            now = time.monotonic()
            for running in self._running.values():
                if running.killed is None and (reason := running.over_time(now)):
                    running.killed = reason
                if running.killed and running.silence != float("inf"):
                    running.silence, running.wall = float("inf"), None
                    self._send(json.dumps({"kill": running.job.key}).encode() + b"\n")
        return ended

    def _drain(self, key: int) -> None:
        """Read what a child wrote; at most a few MB at a time, so that no child starves the others."""
        if key not in self._pipes:
            return
        running = self._running[key]
        for _ in range(64):
            try:
                data = os.read(self._pipes[key], 1 << 16)
            except BlockingIOError:
                return
            if not data:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(self._pipes[key])
                return
            if running.killed is None:
                running.feed(data, time.monotonic())

    def _server_lines(self) -> list[Outcome]:
        ended = []
        try:
            data = self._socket.recv(1 << 16)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            return self._server_died()
        self._failed_starts = 0
        *lines, self._lines = (self._lines + data).split(b"\n")
        for line in lines:
            message = json.loads(line)
            ended.append(self._end(int(message["exit"]), int(message["status"])))
        return ended

    def _end(self, key: int, status: int | None) -> Outcome:
        self._drain(key)  # the child has ended: what it wrote is in the pipe, whole
        running, pipe = self._running.pop(key), self._pipes.pop(key)
        with contextlib.suppress(KeyError):
            self._selector.unregister(pipe)
        os.close(pipe)
        folder = self._folders.pop(key)
        if any(folder.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            self._free_folders.append(folder)
        return running.outcome(status)

    def _folder_for(self, key: int) -> Path:
        if self._free_folders:
            folder = self._free_folders.pop()
        else:
            self._n_folders += 1
            folder = self._tmp / str(self._n_folders)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folders[key] = folder
        return folder

    def _server_died(self) -> list[Outcome]:
        """The server is gone and its children with it: what ran is tried again by the caller."""
        self._failed_starts += 1
        self._selector.unregister(self._socket)
        self._socket.close()
        self._process.wait()
        ended = [self._end(key, None) for key in list(self._running)]
        if self._failed_starts >= _STARTS:
            raise ReaderUnavailable("The reading process ends again and again.", "Run `baocao doctor`.")
        self._launch()
        return ended

    def close(self) -> None:
        """End the server and every child."""
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        for pipe in self._pipes.values():
            os.close(pipe)
        self._pipes.clear()
        self._running.clear()
        self._selector.close()
        shutil.rmtree(self._tmp, ignore_errors=True)


def can_fork() -> bool:
    """True where children can be forked safely and limited: Linux."""
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def unguarded() -> tuple[str, ...]:
    """What this platform cannot guard against, in sentences for the recap."""
    if can_fork():
        return ()
    return ("The memory of a reader cannot be limited here: a damaged file may slow the machine. Time limits hold.",)


def open_pool(tmp: Path, workers: int, reader: str = READER, warm: str = WARM) -> Pool:
    """The pool this platform allows."""
    if can_fork():
        return ForkPool(tmp, reader, warm)
    from baocao.spawned import SpawnPool

    return SpawnPool(workers, reader, warm)


def read_all(
    jobs: Iterable[Job],
    pool: Pool,
    workers: int,
    limits: Limits | None = None,
    on_start: Callable[[Job], None] | None = None,
) -> Iterator[Outcome]:
    """Every job exactly once, as they end, at most `workers` at a time; the iterable is drawn on demand.

    A crash, a time-out or lack of memory gets one more try with twice the memory.
    """
    limits = limits or Limits()
    waiting: deque[tuple[Job, Limits, int]] = deque()
    running: dict[int, Job] = {}
    source = iter(jobs)
    exhausted = False
    while True:
        while len(running) < workers and (waiting or not exhausted):
            if waiting:
                job, room, attempt = waiting.popleft()
            else:
                following = next(source, None)
                if following is None:
                    exhausted = True
                    break
                job, room, attempt = following, limits, 1
                if on_start:
                    on_start(job)
            running[job.key] = job
            pool.start(job, room, attempt)
        if not running:
            return
        for outcome in pool.wait():
            job = running.pop(outcome.key)
            # An error with a traceback is a bug and would come again; a killed process may need more room.
            if outcome.code in _RETRIED and outcome.attempts == 1 and not outcome.trace:
                waiting.append((job, limits.wider(), 2))
                continue
            yield replace(outcome, code="limit-exceeded") if outcome.code == "out-of-memory" else outcome
