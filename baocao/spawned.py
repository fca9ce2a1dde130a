"""The pool for platforms without a safe fork: spawned workers, each reading one file after another.

Same jobs, same frames, same outcomes as `baocao.child.ForkPool`. A worker over its time is ended and
another one started in its place. Memory cannot be limited here.
"""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing import connection
from typing import Any

from baocao import forkserver
from baocao.child import Job, Limits, Outcome, Running

_GOES_ON, _DONE, _GONE = "goes on", "done", "gone"


def work(pipe: Any, reader: str, warm: str) -> None:
    """A worker: read jobs until the pipe closes. Each job's frames end with one empty message."""
    read = forkserver.resolve(reader)
    if warm:
        forkserver.resolve(warm)()

    def send(kind: bytes, content: bytes) -> None:
        pipe.send_bytes(forkserver.HEADER.pack(kind, len(content)) + content)

    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        forkserver.run_job(read, job, send)
        pipe.send_bytes(b"end")


class SpawnPool:
    """Jobs in spawned workers, at most `workers` at a time."""

    def __init__(self, workers: int, reader: str, warm: str) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._reader, self._warm = reader, warm
        self._idle = [self._worker() for _ in range(workers)]
        self._busy: dict[int, tuple[Any, Any, Running]] = {}

    def _worker(self) -> tuple[Any, Any]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs, self._reader, self._warm), daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def start(self, job: Job, limits: Limits, attempt: int) -> None:
        process, pipe = self._idle.pop() if self._idle else self._worker()
        now = time.monotonic()
        running = Running(job, limits, attempt, now, now, silence=limits.seconds_without_progress)
        self._busy[job.key] = (process, pipe, running)
        pipe.send(job.to_json(attempt))

    def wait(self) -> list[Outcome]:
        ended: list[Outcome] = []
        while self._busy and not ended:
            timeout = max(0.0, min(r.deadline() for _, _, r in self._busy.values()) - time.monotonic())
            ready = set(connection.wait([pipe for _, pipe, _ in self._busy.values()], timeout))
            for key, (process, pipe, running) in list(self._busy.items()):
                state = self._receive(pipe, running) if pipe in ready else _GOES_ON
                running.killed = running.killed or (running.over_time(time.monotonic()) if state == _GOES_ON else None)
                status: int | None = None
                if state == _DONE and not running.killed:
                    self._idle.append((process, pipe))
                elif state == _GONE or running.killed:
                    process.join(0 if running.killed else 5)
                    process.kill()
                    process.join()
                    status = process.exitcode
                    pipe.close()
                else:
                    continue
                del self._busy[key]
                ended.append(running.outcome(status))
        return ended

    @staticmethod
    def _receive(pipe: Any, running: Running) -> str:
        try:
            message = pipe.recv_bytes()  # how long it may be, `feed` says: here the pipe would only break
        except (EOFError, OSError):
            return _GONE
        if message == b"end":
            return _DONE
        running.feed(message, time.monotonic())
        return _GOES_ON

    def close(self) -> None:
        for process, pipe, *_ in [*self._idle, *self._busy.values()]:
            pipe.close()
            process.kill()
            process.join()
        self._idle.clear()
        self._busy.clear()
