"""What is said while a run goes on, and at its end."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from baocao import recap
from baocao.cli import run
from baocao.errors import Failure, Progress, RunSummary
from tests.cli.said import EN, FAILED, OUT, VI

RICH = RunSummary(
    Path("kq/out"),
    n_files=12_345,
    read=12_300,
    doubtful=7,
    partial=1,
    failed={"encrypted": 2, "unreadable": 40},
    skipped={"lock-file": 2},
    duplicates=3,
    superseded=1,
    reused=11,
    n_observations=145_000,
    n_with_value=110_000,
    n_doubtful_values=9,
    n_indicators=145,
    findings={"error": 4, "warning": 20, "info": 300},
    failures=tuple(Failure(f"a/{n:02}.pdf", "encrypted", "Needs a password.", "Remove it.") for n in range(42)),
    warnings=("odd",),
)


def test_the_recap_tells_files_causes_figures_and_where_to_look() -> None:
    text = "\n".join(recap.recap(RICH, EN))
    for words in (
        "12,301 of 12,345",
        "7 with",
        "1 read in part",
        "42 failed: 40 × unreadable, 2 × encrypted",
        "2 skipped",
        "a/00.pdf: Needs a password. → Remove it.",
        "… and 22 more",
        "145,000 rows, 110,000 figures, 9 marked",
        "4 errors, 20 warnings, 300 notes",
        "! odd",
        "kq/out/",
        "4 twice or replaced",
        "11 unchanged",
    ):
        assert words in text


def test_the_recap_speaks_vietnamese_with_vietnamese_numbers() -> None:
    lines = recap.recap(RICH, VI)
    assert lines[0] == "Đã đọc 12.301/12.345 tệp"
    assert "    a/00.pdf: Tệp có mật khẩu. → Hãy lưu một bản không đặt mật khẩu rồi chép vào thư mục." in lines


def test_a_failure_without_a_vietnamese_sentence_keeps_its_own() -> None:
    summary = RunSummary(OUT, n_files=1, failed={"new-code": 1}, failures=(Failure("a", "new-code", "Odd.", "Look."),))
    assert "    a: Odd. → Look." in recap.recap(summary, VI)


def test_every_code_a_reader_may_raise_has_a_vietnamese_sentence() -> None:
    from extract import problems

    kinds = [kind for kind in vars(problems).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert {kind.code for kind in kinds if not VI.has(f"failure.{kind.code}")} == set()


def test_the_recap_names_the_indicator_with_the_most_values(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    series = {
        "long_words": ["1,actual,,'" + "x" * 500],
        "many_blanks": [",actual,,"] * 9,
        "many_fields": ["1,actual,Đất đai,"] * 9,
        "plans": ["1,plan,,"] * 9,
        "always_nought": ["0,actual,,"] * 2,
        "history": ["1,actual,,", "2,actual,,"],
        "history_too": ["1,actual,,", "2,actual,,"],
    }
    for name, rows in series.items():
        text = "\n".join(["value,measure,breakdown,note", *rows]) + "\n"
        (tmp_path / "indicators" / f"{name}.csv").write_text(text, encoding="utf-8-sig")
    assert recap.longest_series(tmp_path) == tmp_path / "indicators" / "history.csv"
    assert "indicators/history.csv" in "\n".join(recap.recap(RunSummary(tmp_path, n_files=1, read=1), EN))


def test_the_recap_of_an_empty_dataset_names_no_series(tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    assert recap.longest_series(tmp_path) is None
    assert recap.longest_series(tmp_path / "nowhere") is None


def test_json_prints_the_summary_alone_on_the_standard_output(
    corpus: Path, batch: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    batch(FAILED, [Progress("read", 1, 3, "a.txt", "ok")])
    assert run(["ingest", "--json"]) == 10
    assert json.loads(capsys.readouterr().out) == FAILED.to_json()


def test_in_a_log_progress_is_lines_and_not_one_for_each_file() -> None:
    stream, now = io.StringIO(), iter([0.0, 0.1, 0.2, 6.0, 6.1, 6.2, 6.3])
    show = recap.plain_lines(EN, stream, clock=lambda: next(now))
    show(Progress("discover", 0, None))
    for done, status in enumerate(["ok", "ok", "ok", "failed", "ok"], start=1):
        show(Progress("read", done, 5, f"{done}.txt", status))
    show(Progress("write", 0, None))
    assert stream.getvalue().splitlines() == [
        "Looking for reports …",
        "Reading: 1 of 5",
        "Reading: 3 of 5",
        "4.txt: failed",
        "Reading: 5 of 5",
        "Writing the dataset …",
    ]


def test_on_a_terminal_the_bar_goes_to_the_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    terminal = SimpleNamespace(isatty=lambda: True)
    with recap.watching(EN, terminal) as show:  # type: ignore[arg-type]
        show(Progress("read", 1, 2, "[bold]odd[/]\\.txt", "failed"))
        show(Progress("read", 2, None, "b.txt", "ok"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "[bold]odd[/]\\.txt: failed" in captured.err
