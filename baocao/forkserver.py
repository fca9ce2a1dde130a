"""The far side of `baocao.child`: a warm single-threaded server that forks children; each reads some files.

In: one JSON line per new child on a socket (its first job), with the child's end of another socket. Out: frames on
that one (progress, the result, or a failure) and one JSON line per ended child. The server imports the
reading stages once and never Arrow, DuckDB or a thread, so a fork is cheap and safe. A child has its
own process group, its own temporary folder, an address-space limit, and dies with the server.

A child that read its file and left nothing behind (no process, no temporary file, no memory to speak of) says so and
is given the next file on its own socket, up to `MOST_FILES`; any other ends.

Frames: one letter, eight bytes of length, content. P progress `[done, total, seconds a page]`,
R result (`baocao.rows`), D the document it was made from (`baocao.documents`), F failure `{code, message,
next_step, trace}`, N ready for the next file.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import struct
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baocao import documents, rows, schema
from extract.problems import ExtractError

HEADER = struct.Struct(">cQ")
PROGRESS, RESULT, DOCUMENT, FAILURE, NEXT = b"P", b"R", b"D", b"F", b"N"
KINDS = frozenset({PROGRESS, RESULT, DOCUMENT, FAILURE, NEXT})
MOST_FILES, MOST_GROWTH_KB = 1_024, 100_000  # after that a child makes room for a fresh one
_MOST_DOCUMENT_BYTES = 64_000_000  # a larger one is not kept: its file is read again when a template changes
_TOLD_EVERY = 0.1  # seconds; a page may take a twentieth of that, and each frame wakes the parent
_PR_SET_PDEATHSIG = 1
_GC = (20_000, 20, 20)  # what is imported is frozen; a file makes many small objects and few cycles
Send = Callable[[bytes, bytes], None]


def resolve(dotted: str) -> Callable[..., Any]:
    """`package.module:name` → the callable."""
    module, _, name = dotted.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def run_job(reader: Callable[..., Any], job: dict[str, Any], send: Send) -> bool:
    """Read one file and send its result, or what went wrong: an error of the readers as it is, lack of
    memory as a limit, anything else as a crash with its traceback. True where all went as it should."""

    told = 0.0

    def progress(done: int, total: int | None = None, seconds: float | None = None) -> None:
        nonlocal told
        now = time.monotonic()
        if not done or seconds is not None or now - told >= _TOLD_EVERY:
            told = now
            send(PROGRESS, json.dumps([done, total, seconds]).encode())

    def fail(code: str, message: str, next_step: str = "", trace: str = "") -> None:
        failure = {"code": code, "message": message, "next_step": next_step, "trace": trace}
        send(FAILURE, json.dumps(failure).encode())

    try:
        report = reader(
            Path(job["path"]),
            job["source"],
            job["report_id"],
            sha256=job["sha256"],
            progress=progress,
            attempt=job["attempt"],
            **_further(job),
        )
        if isinstance(report, bytes):  # packed by the reader itself
            send(RESULT, report)
            return True
        normalized = getattr(report, "normalized", report)
        send(RESULT, rows.encode(normalized))
        if not job.get("document") and normalized is not report:
            kept = documents.encode(report.document)
            if len(kept) <= _MOST_DOCUMENT_BYTES:
                send(DOCUMENT, kept)
        return True
    except ExtractError as error:
        fail(error.code, error.message, error.next_step)
        return True
    except MemoryError:
        fail("out-of-memory", "")
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        if error.errno == errno.ENOMEM:
            fail("out-of-memory", "")
            return False
        fail(
            "not-readable",
            f"The file could not be read: {error.strerror or type(error).__name__}.",
            "Check that the file is whole and may be read.",
            traceback.format_exc(),
        )
    except Exception as error:  # noqa: BLE001 - the boundary of the child: a bug becomes a typed failure with its trace
        fail("crashed", f"The reader stopped with {type(error).__name__}.", "", traceback.format_exc())
    return False


def _further(job: dict[str, Any]) -> dict[str, Any]:
    """The options a reader is only given where the job has them."""
    options: dict[str, Any] = {}
    if job.get("passwords"):
        options["passwords"] = tuple(job["passwords"])
    if job.get("document"):
        path, offset, length = job["document"]
        with open(path, "rb") as file:  # noqa: PTH123
            file.seek(offset)
            options["document"] = documents.decode(file.read(length))
    return options


def limit_memory(soft_bytes: int, hard_bytes: int) -> None:
    """Bound the address space. The hard limit leaves room for external programs, which raise their own."""
    import resource

    _, hard_now = resource.getrlimit(resource.RLIMIT_AS)
    hard = hard_bytes if hard_now == resource.RLIM_INFINITY else min(hard_bytes, hard_now)
    resource.setrlimit(resource.RLIMIT_AS, (min(soft_bytes, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _child(reader: Callable[..., Any], job: dict[str, Any], line: int, libc: ctypes.CDLL | None) -> None:
    """Never returns."""
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != job["server"]:
            os._exit(1)
        os.environ["TMPDIR"] = tempfile.tempdir = job["tmp"]
        limit_memory(job["memory_bytes"], job["memory_hard_bytes"])
        gc.set_threshold(*_GC)
        at_first = _peak_kb()
        with socket.socket(fileno=line) as parent, parent.makefile("rb") as orders:

            def send(kind: bytes, content: bytes) -> None:
                parent.sendall(HEADER.pack(kind, len(content)) + content)

            for n_read in range(1, MOST_FILES + 1):
                went_well = run_job(reader, job, send)
                if n_read == MOST_FILES or not went_well or _left_behind(job["tmp"], at_first):
                    break
                send(NEXT, b"")
                order = orders.readline()
                if not order:
                    break
                job = {**job, "document": None, "passwords": (), **json.loads(order)}
    except BaseException:  # noqa: BLE001 - nothing may escape into the server's loop; the exit status tells
        os._exit(70)
    os._exit(0)


def _peak_kb() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _left_behind(folder: str, peak_at_first: int) -> bool:
    """Did reading leave a process, a file, a thread or much memory? Then the next file gets a fresh child."""
    import resource
    import threading

    helpers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # 0 where there never was one
    with contextlib.suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
        helpers = 1
    grown = _peak_kb() - peak_at_first > MOST_GROWTH_KB
    return bool(helpers or grown or threading.active_count() > 1 or any(Path(folder).iterdir()))


def serve(socket_fd: int, config: dict[str, Any]) -> None:
    """Serve until the socket closes, then kill what still runs."""
    server = socket.socket(fileno=socket_fd)
    gc.disable()  # what is imported stays: looking for cycles in it is a tenth of the start
    try:
        reader = resolve(config["reader"])
        schema.tables()
        if config["warm"]:
            resolve(config["warm"])()
    except Exception:  # noqa: BLE001 - told to the parent, which raises it there
        server.sendall(json.dumps({"fatal": traceback.format_exc()}).encode() + b"\n")
        return
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    gc.collect()
    gc.freeze()  # pages of what is imported stay shared with the children
    gc.enable()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)  # noqa: ARG005
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    running: dict[int, int] = {}  # number of the child → pid
    selector = selectors.DefaultSelector()
    selector.register(server, selectors.EVENT_READ)
    selector.register(wake_read, selectors.EVENT_READ)
    server.sendall(b'{"ready": true}\n')
    pending = b""
    pipes: list[int] = []
    while True:
        for key, _ in selector.select():
            if key.fileobj == wake_read:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_read, 4096)
                _reap(server, running)
                continue
            data, fds, _, _ = socket.recv_fds(server, 1 << 16, 16)
            pipes.extend(fds)
            if not data:
                for pid in running.values():
                    _kill(pid)
                    with contextlib.suppress(ChildProcessError):
                        os.waitpid(pid, 0)  # what a run cost can be asked of the system: no child is left uncounted
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                message = json.loads(line)
                if "kill" in message:
                    if message["kill"] in running:
                        _kill(running[message["kill"]])
                    continue
                pipe = pipes.pop(0)
                pid = os.fork()
                if pid == 0:
                    server.close()
                    _child(reader, {**config, **message}, pipe, libc)
                os.close(pipe)
                with contextlib.suppress(OSError):  # the child was quicker, or is gone
                    os.setpgid(pid, pid)
                running[message["child"]] = pid


def _reap(server: socket.socket, running: dict[int, int]) -> None:
    keys = {pid: key for key, pid in running.items()}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid in keys:
            _kill(pid)  # whatever it left running in its group
            del running[keys[pid]]
            ended = {"exit": keys[pid], "status": os.waitstatus_to_exitcode(status)}
            server.sendall(json.dumps(ended).encode() + b"\n")


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def main() -> None:
    """Started by `baocao.child` with the socket's descriptor and the configuration as arguments."""
    config = json.loads(sys.argv[2])
    config["server"] = os.getpid()
    serve(int(sys.argv[1]), config)
