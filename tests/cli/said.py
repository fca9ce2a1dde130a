"""Both languages, summaries of runs, and how a command is run, in this process and as one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baocao.cli import run
from baocao.errors import RunSummary
from baocao.messages import Messages

ROOT = Path(__file__).parents[2]
EN, VI = Messages("en"), Messages("vi")
OUT = Path("out")
FINE = RunSummary(OUT, n_files=3, read=3, n_observations=145, n_with_value=110)
FAILED = RunSummary(OUT, n_files=3, read=2, failed={"encrypted": 1})


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The message of a refusal; it must be 2, name a next step, and leave the standard output alone."""
    assert run(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "\n→ " in captured.err
    return captured.err


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )
