"""What a piece of work costs, told by the system: processor seconds and peak memory of a process of its own.

In: a function without arguments that returns something JSON can hold. Out: what it returned, the processor seconds it
and everything it started took, and the most memory one process of them held. The work runs in a forked child, so that
nothing that was done before counts but what the child inherits (its imports); wall time is never looked at, because
machines are shared.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Used:
    """`result` is None where the work failed; `error` then says why."""

    seconds: float
    peak_mb: float
    result: Any
    error: str = ""


def measured(work: Callable[[], Any]) -> Used:
    """Run `work` in a forked child."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        try:
            answer = {"result": work()}
        except BaseException:  # noqa: BLE001 - a tool that fails is a line of the table
            answer = {"error": traceback.format_exc()}
        with os.fdopen(write_end, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        text = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    answer = json.loads(text) if text else {"error": f"ended with status {status}"}
    seconds = usage.ru_utime + usage.ru_stime
    return Used(seconds, usage.ru_maxrss / 1024, answer.get("result"), answer.get("error", ""))


def command(*arguments: str) -> float:
    """Processor seconds of a command and of everything it started."""
    before = _children()
    subprocess.run(arguments, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _children() - before


def output(*arguments: str) -> str:
    """What a command prints."""
    return subprocess.run(arguments, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def python(code: str) -> float:
    """Processor seconds of a Python program."""
    return command(sys.executable, "-c", code)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
