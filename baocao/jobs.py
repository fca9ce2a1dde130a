"""What the two sides of reading speak of: a job, its limits, its state while it runs, what came of it.

In: the frames a child sends (`baocao.forkserver`). Out: an `Outcome`, the packed rows of a report or a typed failure.
Pure: no process is started here and no clock is read.
"""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field, replace
from typing import Any

from baocao import forkserver

INLINE = "inline:"


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
    is_done: bool = False  # the child said that it waits for the next file

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
        elif kind == forkserver.NEXT:
            self.is_done = True
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
