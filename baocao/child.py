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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from baocao.errors import ReaderUnavailable
from baocao.jobs import INLINE, Job, Limits, Outcome, Running

__all__ = ["INLINE", "ForkPool", "Job", "Limits", "Outcome", "Pool", "Running", "open_pool", "read_all", "unguarded"]

READER, WARM = "baocao.reading:read", "baocao.reading:warm"
_RETRIED = frozenset({"crashed", "timeout", "out-of-memory"})
_NOT_BELIEVED = _RETRIED | {"unreadable"}  # the last is what a fault of a library comes to
_STARTS = 3
_LONGEST_WAIT = 60.0  # seconds; a killed job has no deadline of its own


class Pool(Protocol):
    """What reads: `start` a job, `wait` for some to end, `close` for good."""

    def start(self, job: Job, limits: Limits, attempt: int) -> None: ...
    def wait(self) -> list[Outcome]: ...
    def close(self) -> None: ...


@dataclass(slots=True)
class _Child:
    """A forked child, its end of the line, its temporary folder, and what it reads (None: it waits)."""

    number: int
    socket: socket.socket
    folder: Path
    limits: Limits
    running: Running | None
    n_before: int = 0  # files it read before this one


class ForkPool:
    """Jobs in children forked from a warm server. A child that read its file well reads the next one: a fork costs as
    much as reading a small report. What fails in a child that read others before is tried again in a fresh one, so that
    the outcome of a file never depends on the files read before it."""

    def __init__(
        self, tmp: Path, reader: str = READER, warm: str = WARM, meanwhile: Callable[[], None] | None = None
    ) -> None:
        """`meanwhile` is called while the server starts, which takes a second."""
        self._tmp, self._reader, self._warm = tmp, reader, warm
        self._children: dict[int, _Child] = {}
        self._idle: list[int] = []  # numbers of children that wait for a job
        self._n_children = 0
        self._is_down = False  # between the end of one server and the start of the next
        self._free_folders: list[Path] = []
        self._n_folders = 0
        self._selector = selectors.DefaultSelector()
        self._lines = b""
        self._failed_starts = 0
        self._launch(meanwhile)

    def _launch(self, meanwhile: Callable[[], None] | None = None) -> None:
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
        if meanwhile is not None:
            meanwhile()
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
        """Give the job to a child that waits, else to a new one; a second attempt always gets a new one."""
        now = time.monotonic()
        running = Running(job, limits, attempt, now, now, silence=limits.seconds_without_progress)
        while attempt == 1 and self._idle:
            child = self._children[self._idle.pop()]
            if child.limits == limits and self._tell(child, job.to_json(attempt)):
                child.running, child.n_before = running, child.n_before + 1
                return
            self._dismiss(child)
        self._fork(running)

    def _fork(self, running: Running) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._n_children += 1
        number, limits = self._n_children, running.limits
        child = _Child(number, ours, self._folder(), limits, running)
        self._children[number] = child
        self._selector.register(ours, selectors.EVENT_READ, number)
        message = {
            **running.job.to_json(running.attempt),
            "child": number,
            "tmp": str(child.folder),
            "memory_bytes": limits.memory_bytes,
            "memory_hard_bytes": limits.memory_hard_bytes,
        }
        with theirs:
            self._send(json.dumps(message).encode() + b"\n", [theirs.fileno()])

    @staticmethod
    def _tell(child: _Child, message: dict[str, Any]) -> bool:
        """Hand the next job to a child that waits; False where it is gone (or would not take it at once)."""
        line = json.dumps(message).encode() + b"\n"
        try:
            return child.socket.send(line) == len(line)
        except OSError:
            return False

    def _dismiss(self, child: _Child) -> None:
        """Let a child end that is not needed any more; it leaves `_children` when the server tells of its end."""
        with contextlib.suppress(KeyError, ValueError):  # unregistered before, or closed
            self._selector.unregister(child.socket)
        child.socket.close()

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
        while not ended and (busy := [c.running for c in self._children.values() if c.running]):
            until = min(running.deadline() for running in busy)
            timeout = min(_LONGEST_WAIT, max(0.0, until - time.monotonic()))
            for key, _ in self._selector.select(timeout):
                if key.data is not None:
                    ended += self._drain(self._children[key.data])
            ended += self._server_lines()
            now = time.monotonic()
            for child in self._children.values():
                running = child.running
                if running is None:
                    continue
                if running.killed is None and (reason := running.over_time(now)):
                    running.killed = reason
                if running.killed and running.silence != float("inf"):
                    running.silence, running.wall = float("inf"), None
                    self._send(json.dumps({"kill": child.number}).encode() + b"\n")
        return ended

    def _drain(self, child: _Child) -> list[Outcome]:
        """Read what a child wrote; at most a few MB at a time, so that no child starves the others. The outcome, where
        the child said that it is done and waits for the next file."""
        for _ in range(64):
            try:
                data = child.socket.recv(1 << 16)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(child.socket)
                break
            if child.running is not None and child.running.killed is None:
                child.running.feed(data, time.monotonic())
        running = child.running
        if running is None or not running.is_done or running.killed:
            return []
        child.running = None
        self._idle.append(child.number)
        outcome = running.outcome(None)
        return self._believed(child, running, outcome)

    def _believed(self, child: _Child, running: Running, outcome: Outcome) -> list[Outcome]:
        """The outcome, or none yet: where a child read other files before, they may have left it in a bad state, and
        what counts is what happens in a fresh one."""
        if not child.n_before or outcome.code not in _NOT_BELIEVED:
            return [outcome]
        if self._is_down:
            return [replace(outcome, code="crashed", trace="")]  # the caller tries again when there is a server
        now = time.monotonic()
        silence = running.limits.seconds_without_progress
        self._fork(Running(running.job, running.limits, running.attempt, now, now, silence=silence))
        return []

    def _server_lines(self) -> list[Outcome]:
        ended: list[Outcome] = []
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
            ended += self._end(int(message["exit"]), int(message["status"]))
        return ended

    def _end(self, number: int, status: int | None) -> list[Outcome]:
        """A child has ended: the outcome of what it was reading, if anything."""
        child = self._children[number]
        ended = self._drain(child)  # what it wrote is in the socket, whole
        del self._children[number]
        if number in self._idle:
            self._idle.remove(number)
        self._dismiss(child)
        if any(child.folder.iterdir()):
            shutil.rmtree(child.folder, ignore_errors=True)
        else:
            self._free_folders.append(child.folder)
        running = child.running
        if running is None:
            return ended
        return ended + self._believed(child, running, running.outcome(status))

    def _folder(self) -> Path:
        """A temporary folder for a new child: one that was used and is empty, or a new one."""
        if self._free_folders:
            return self._free_folders.pop()
        self._n_folders += 1
        folder = self._tmp / str(self._n_folders)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _server_died(self) -> list[Outcome]:
        """The server is gone and its children with it: what ran is tried again by the caller."""
        self._failed_starts += 1
        self._selector.unregister(self._socket)
        self._socket.close()
        self._process.wait()
        children, self._children = self._children, {}
        self._is_down = True
        ended: list[Outcome] = []
        for child in children.values():
            ended += self._drain(child)
            self._dismiss(child)
            shutil.rmtree(child.folder, ignore_errors=True)
            if child.running is not None:
                ended += self._believed(child, child.running, child.running.outcome(None))
        self._idle.clear()
        if self._failed_starts >= _STARTS:
            raise ReaderUnavailable("The reading process ends again and again.", "Run `baocao doctor`.")
        self._launch()
        self._is_down = False
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
        for child in self._children.values():
            child.socket.close()
        self._children.clear()
        self._idle.clear()
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


def open_pool(
    tmp: Path, workers: int, reader: str = READER, warm: str = WARM, meanwhile: Callable[[], None] | None = None
) -> Pool:
    """The pool this platform allows. `meanwhile` is called while a server starts, where there is one."""
    if can_fork():
        return ForkPool(tmp, reader, warm, meanwhile)
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
