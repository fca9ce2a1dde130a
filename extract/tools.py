"""External programs, called so that none can hang, grow without bound or outlive its caller.

In: a command line, a limit of seconds and of bytes. Out: its exit status and what it printed. Each program
gets a process group of its own, which is killed as a whole when the time is up; a shell of four lines
stands in front of it and kills the group too when the calling process is gone (its end of a pipe closes), so
a reader that is killed from outside leaves no orphan. The memory limit is an address-space limit that the
program may raise up to the hard limit it inherits. Where a limit on processor time is given, that is what ends a
program that works without end, and the limit of seconds only one that waits: on a busy machine honest work takes long.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extract.problems import LimitExceeded, ToolMissing

MAX_OUTPUT = 64_000_000
_OVER_TIME = -24  # SIGXCPU: the limit on processor time

# What to type where a program is missing (Debian and Ubuntu names).
INSTALL: dict[str, str] = {
    "soffice": "sudo apt-get install libreoffice-writer-nogui",
    "tesseract": "sudo apt-get install tesseract-ocr tesseract-ocr-vie",
}
# The pipe on standard input never carries anything: it only ends, when the caller does.
_GUARD = """exec 3<&0
if [ "$1" -gt 0 ]; then ulimit -S -v "$1" 2>/dev/null; fi
if [ "$2" -gt 0 ]; then ulimit -S -t "$2" 2>/dev/null; fi
shift 2
"$@" </dev/null 3<&- & program=$!
{ read -r _ <&3; kill -9 0; } >/dev/null 2>&1 &
wait "$program"
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program came to: `status` is its exit status, negative for a signal."""

    status: int
    output: bytes
    errors: bytes


def program(name: str) -> str:
    """The path of an external program. Raises ToolMissing with the line to type."""
    found = shutil.which(name)
    if found is None:
        raise ToolMissing(f"the program {name} is not installed", INSTALL.get(name, f"install {name}"))
    return found


def run(
    command: Sequence[str | Path],
    *,
    seconds: float,
    memory_bytes: int = 0,
    processor_seconds: int = 0,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run a program to its end. `command[0]` is a name or a path; `memory_bytes` or `processor_seconds` 0 means no
    such limit of its own.

    Raises ToolMissing, and LimitExceeded when the time is up: then every process it started is gone.
    """
    words = [program(str(command[0])), *map(str, command[1:])]
    guarded = ["/bin/sh", "-c", _GUARD, "guard", str(memory_bytes // 1024), str(processor_seconds), *words]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            guarded,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        try:
            status = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise _over(f"{command[0]} took longer than the limit of {seconds:.0f} s") from None
        finally:
            _end(process)
        if processor_seconds and status in (_OVER_TIME, 128 - _OVER_TIME):
            raise _over(f"{command[0]} needed more processor time than the limit of {processor_seconds} s")
        output.seek(0)
        errors.seek(0)
        return Ran(status - 256 if status > 256 else status, output.read(MAX_OUTPUT), errors.read(MAX_OUTPUT))


def _over(message: str) -> LimitExceeded:
    step = "open the file in its program, save it as DOCX or PDF and put that copy in the folder"
    return LimitExceeded(message, step)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group, and wait for its head."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    process.wait()
