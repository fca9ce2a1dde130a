"""The exit code a command leaves with, and what it hands on to the main job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baocao.cli import run
from baocao.errors import OutputBusy, OutputNotWritable, RunSummary, UsageError
from tests.cli.said import FAILED, FINE, OUT

PARTLY = RunSummary(OUT, n_files=3, read=2, partial=1)
TOOLLESS = RunSummary(OUT, n_files=1, failed={"tool-missing": 1})
CONTRADICTED = RunSummary(OUT, n_files=1, read=1, findings={"error": 1}, strict=True)


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (FINE, 0),
        (RunSummary(OUT, n_files=3, read=1, skipped={"lock-file": 2}), 0),
        (PARTLY, 10),
        (FAILED, 10),
        (TOOLLESS, 3),
        (CONTRADICTED, 11),
        (UsageError("no", "yes"), 2),
        (OutputBusy("busy"), 12),
        (OutputNotWritable("full"), 13),
        (KeyboardInterrupt(), 130),
    ],
)
def test_ingest_leaves_with_the_exit_code_of_the_contract(
    outcome: RunSummary | BaseException, code: int, corpus: Path, batch: Callable[..., Any]
) -> None:
    batch(outcome)
    assert run(["ingest"]) == code


def test_ingest_reads_corpus_into_out_if_nothing_is_said(corpus: Path, batch: Callable[..., Any]) -> None:
    calls = batch(FINE)
    run(["ingest"])
    assert (calls[0]["sources"], calls[0]["out"]) == ([Path("corpus")], Path("out"))


def test_ingest_hands_on_what_is_said(corpus: Path, batch: Callable[..., Any]) -> None:
    calls = batch(FINE)
    run(["ingest", "corpus", "corpus/bao-cao.txt", "--out", "kq", "--jobs", "3", "--strict"])
    assert calls[0]["sources"] == [Path("corpus"), Path("corpus/bao-cao.txt")]
    assert calls[0]["out"] == Path("kq")
    assert (calls[0]["jobs"], calls[0]["strict"]) == (3, True)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing-of-the-kind"],
        ["ingest", "--jobs", "0"],
        ["ingest", "--jobs", "x"],
        ["ingest", "--nope"],
        ["inspect"],
        ["debug"],
        ["debug", "page", "x.pdf"],
        ["doctor", "spreadsheet"],
        ["ingest", "--js"],
    ],
)
def test_wrong_usage_is_2_and_says_where_help_is(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "--help" in capsys.readouterr().err


def test_a_bug_keeps_its_traceback(corpus: Path, batch: Callable[..., Any]) -> None:
    batch(ZeroDivisionError("bug"))
    with pytest.raises(ZeroDivisionError):
        run(["ingest"])
