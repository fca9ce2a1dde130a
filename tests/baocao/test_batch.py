"""The main job: nothing is lost, the same input gives the same bytes, and what was read is not read again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from baocao import batch
from baocao.errors import OutputBusy, OutputNotWritable, Progress, UsageError
from baocao.output import Output
from tests.baocao.conftest import MOCK, Run, put, read_csv, snapshot

ROOT = Path(__file__).parents[2]
ROWS = [["2", "1", "Số văn bản", "Văn bản", 12.5], ["2", "2", "Tỷ lệ", "%", None]]


def some_reports(folder: Path, n: int = 6) -> None:
    for i in range(n):
        year = 2019 + i
        put(
            folder,
            f"{year}.json",
            agency="Sở Nội vụ",
            province="46",
            period=f"{year}",
            end=f"{year}-12-14",
            date=f"{year}-12-20",
            number=f"{i}/BC-SNV",
            rows=[["2", "1", "Số văn bản", "Văn bản", 10 + i], ROWS[1]],
        )


def test_every_file_is_a_row_of_reports_with_its_reason(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    put(source, "a.json", rows=ROWS)
    put(source, "bug.json", do="bug")
    put(source, "locked.json", do="encrypted")
    put(source, "letter.json", do="no report")
    put(source, "~$a.json")
    summary = run()
    reports = {row["source"]: row for row in read_csv(tmp_path / "out" / "reports.csv")}
    assert {name: (row["status"], row["error"]) for name, row in reports.items()} == {
        "a.json": ("ok", ""),
        "bug.json": ("failed", "crashed"),
        "locked.json": ("failed", "encrypted"),
        "letter.json": ("skipped", "no-report"),
        "~$a.json": ("skipped", "lock-file"),
    }
    assert reports["locked.json"]["error_message"] == "A password is needed."
    assert reports["locked.json"]["next_step"] == "Give it with --password-file."
    assert (summary.n_files, summary.read, summary.failed, summary.skipped) == (
        5,
        1,
        {"crashed": 1, "encrypted": 1},
        {"lock-file": 1, "no-report": 1},
    )
    assert summary.exit_code == 10
    assert len({row["report_id"] for row in reports.values()}) == 5
    failures = [row for row in read_csv(tmp_path / "out" / "findings.csv") if row["code"] == "read-failed"]
    assert [row["source"] for row in failures] == ["bug.json", "locked.json"]
    assert reports["bug.json"]["n_findings"] == "1"
    assert str(tmp_path) not in (tmp_path / "out" / "reports.csv").read_text("utf-8")
    assert "ZeroDivisionError" in next((tmp_path / "out" / ".work" / "traces").iterdir()).read_text()


def test_the_same_input_gives_the_same_bytes_wherever_it_lies_and_however_it_is_cut(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("in", "other/place"):
        some_reports(tmp_path / place)
        put(tmp_path / place, "2019b.json", do="bug")
    run()
    monkeypatch.setattr(batch, "_PART_REPORTS", 1)
    run(tmp_path / "other" / "place", out=tmp_path / "out2")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "out2")


def test_findings_stand_report_by_report_those_of_the_history_last_however_parts_are_cut(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 4):
        put(
            tmp_path / "in",
            f"{day}.json",
            agency="Sở Nội vụ",
            period="2024",
            date=f"2024-12-0{day}",
            rows=[["2", "1", "A", "x", day]],
            unmatched=True,
        )
    put(tmp_path / "in", "4.json", do="bug")
    run()
    found = [(row["source"], row["code"]) for row in read_csv(tmp_path / "out" / "findings.csv")]
    own, older = "indicator-unmatched", "report-superseded"
    assert found == [
        *((f"{day}.json", code) for day in (1, 2) for code in (own, older)),
        ("3.json", own),
        ("4.json", "read-failed"),
    ]
    monkeypatch.setattr(batch, "_PART_REPORTS", 1)
    run(out=tmp_path / "out2")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "out2")


def test_a_run_after_changes_gives_the_bytes_of_a_fresh_one(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    some_reports(source)
    assert run().reused == 0
    assert run().reused == 6
    (source / "2020.json").rename(source / "renamed.json")
    (source / "2021.json").unlink()
    put(source, "2018.json", agency="Sở Y tế", period="2018", rows=ROWS)
    put(source, "2022.json", agency="Sở Y tế", period="2022", rows=ROWS)
    (source / "copy.json").write_bytes((source / "2019.json").read_bytes())
    assert run().reused == 4
    run(out=tmp_path / "fresh")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "fresh")
    assert not (tmp_path / "out" / "indicators" / "nothing").exists()


def test_an_unchanged_file_is_neither_read_nor_hashed_and_forcing_reads_it(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 2)
    put(tmp_path / "in", "bad.json", do="bug")
    run()
    seen: list[Progress] = []
    assert run(progress=seen.append).reused == 3
    assert [step.done for step in seen if step.stage == "read"] == [1, 2, 3]
    assert run(force=True).reused == 0
    assert run(retry_failed=True).reused == 2


def test_identical_bytes_are_read_once_and_each_copy_has_its_own_rows(run: Run, tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c/a.json"):
        put(tmp_path / "in", name, agency="Sở Nội vụ", period="2024", rows=ROWS)
    summary = run()
    reports = read_csv(tmp_path / "out" / "reports.csv")
    first = reports[0]["report_id"]
    assert [(r["source"], r["report_id"], r["status"], r["duplicate_of"]) for r in reports] == [
        ("a.json", first, "ok", ""),
        ("b.json", f"{first}-2", "duplicate", first),
        ("c/a.json", f"{first}-3", "duplicate", first),
    ]
    observations = read_csv(tmp_path / "out" / "observations.csv")
    assert len({row["observation_id"] for row in observations}) == 6
    assert [row["is_primary"] for row in observations] == ["true"] * 2 + ["false"] * 4
    assert all(row["observation_id"].startswith(row["report_id"] + "/2/1/") for row in observations)
    assert {row["source"] for row in read_csv(tmp_path / "out" / "sections.csv")} == {"a.json", "b.json", "c/a.json"}
    assert (summary.read, summary.duplicates) == (3, 2)


def test_a_correction_sent_later_takes_over_the_series_and_both_figures_stay(run: Run, tmp_path: Path) -> None:
    facts = {"agency": "Sở Nội vụ", "province": "46", "period": "2024", "end": "2024-12-14"}
    put(tmp_path / "in", "first.json", number="1/BC-SNV", date="2024-12-20", rows=[["2", "1", "A", "x", 5]], **facts)
    put(tmp_path / "in", "again.json", number="9/BC-SNV", date="2025-01-05", rows=[["2", "1", "A", "x", 6]], **facts)
    summary = run()
    reports = {row["source"]: row for row in read_csv(tmp_path / "out" / "reports.csv")}
    assert reports["first.json"]["status"] == "superseded"
    assert reports["again.json"]["supersedes"] == reports["first.json"]["report_id"]
    assert [row["value"] for row in read_csv(tmp_path / "out" / "observations.csv")] == ["6", "5"]
    assert [row["value"] for row in read_csv(tmp_path / "out" / "indicators" / "x_2_1.csv")] == ["6"]
    assert summary.superseded == 1


def test_twins_that_say_different_figures_are_marked_on_both_sides(run: Run, tmp_path: Path) -> None:
    facts = {"agency": "Sở Nội vụ", "period": "2024", "number": "1/BC-SNV", "date": "2024-12-20"}
    put(tmp_path / "in", "a.json", format="docx", rows=[["2", "1", "A", "x", 61]], **facts)
    put(tmp_path / "in", "b.json", format="pdf", rows=[["2", "1", "A", "x", 67]], **facts)
    run()
    findings = [row for row in read_csv(tmp_path / "out" / "findings.csv") if row["code"] == "twins-differ"]
    assert [(row["source"], row["expected"], row["actual"]) for row in findings] == [
        ("a.json", "67", "61"),
        ("b.json", "61", "67"),
    ]
    observations = read_csv(tmp_path / "out" / "observations.csv")
    assert {row["observation_id"] for row in findings} == {row["observation_id"] for row in observations}
    assert [row["status"] for row in observations] == ["doubtful", "doubtful"]


def test_a_slip_along_the_series_is_a_warning_on_its_row(run: Run, tmp_path: Path) -> None:
    for year, value in ((2019, 100), (2020, 110), (2021, 1100), (2022, 105), (2023, 120)):
        put(
            tmp_path / "in",
            f"{year}.json",
            agency="Sở Nội vụ",
            period=f"{year}",
            end=f"{year}-12-14",
            rows=[["2", "1", "Số văn bản", "Văn bản", value]],
        )
    run()
    slips = [row for row in read_csv(tmp_path / "out" / "findings.csv") if row["code"] == "series-slip"]
    assert [(row["source"], row["severity"], row["stt"]) for row in slips] == [("2021.json", "warning", "1")]
    status = {row["source"]: row["status"] for row in read_csv(tmp_path / "out" / "observations.csv")}
    assert status["2021.json"] == "doubtful"
    assert status["2020.json"] == "ok"


def test_corrections_are_applied_under_their_guard_and_never_rewritten(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 2)
    run()
    path = tmp_path / "out" / "corrections.csv"
    header = path.read_text("utf-8-sig").strip()
    sha256 = read_csv(tmp_path / "out" / "reports.csv")[0]["sha256"]
    written = (
        f"{header}\n{sha256},1,1,actual,,value,10,11.5,misprint,me,2025-01-01\n"
        f"{sha256},1,2,actual,,value,99,1,stale,me,2025-01-01\n"
    ).encode()
    path.write_bytes(written)
    run()
    assert path.read_bytes() == written
    rows = read_csv(tmp_path / "out" / "observations.csv")
    assert [(row["value"], row["status"]) for row in rows[:2]] == [("11.5", "corrected"), ("", "doubtful")]
    assert rows[2]["value"] == "11"
    stale = [row for row in read_csv(tmp_path / "out" / "findings.csv") if row["code"] == "correction-stale"]
    assert [(row["row"], row["expected"]) for row in stale] == [("2", "99")]
    assert read_csv(tmp_path / "out" / "indicators" / "x_2_1.csv")[0]["value"] == "11.5"


def test_files_of_indicators_that_are_gone_are_removed_and_others_left_alone(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 2)
    run()
    stays = tmp_path / "out" / "indicators" / "x_2_1.csv"
    before = stays.stat().st_mtime_ns
    (tmp_path / "out" / "notes.txt").write_text("mine")
    put(tmp_path / "in", "new.json", agency="Sở Y tế", period="2024", rows=[["3", "9", "Mới", "x", 1]])
    run()
    assert (tmp_path / "out" / "indicators" / "x_3_9.csv").exists()
    assert stays.stat().st_mtime_ns == before, "an indicator that did not change is not written again"
    (tmp_path / "in" / "new.json").unlink()
    run()
    assert not (tmp_path / "out" / "indicators" / "x_3_9.csv").exists()
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_not_ours_is_refused_and_left_as_it_is(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("years of work")
    with pytest.raises(UsageError, match="not ours") as caught:
        run()
    assert caught.value.exit_code == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("name", ["README.md", ".gitignore", "corrections.csv"])
def test_a_folder_with_only_a_readme_or_corrections_is_ours(run: Run, tmp_path: Path, name: str) -> None:
    some_reports(tmp_path / "in", 1)
    (tmp_path / "out").mkdir()
    header = "sha256,table,row,measure,breakdown,column,expect,value,reason,who,when\n"
    (tmp_path / "out" / name).write_text(header)
    assert run().exit_code == 0
    assert (tmp_path / "out" / name).read_text() == header


def test_a_file_in_the_way_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 1)
    run()
    (tmp_path / "out" / "indicators" / "x_7_1.csv").write_text("mine")
    put(tmp_path / "in", "new.json", agency="Sở Y tế", period="2024", rows=[["7", "1", "Mới", "x", 1]])
    with pytest.raises(UsageError, match="in the way"):
        run()
    assert (tmp_path / "out" / "indicators" / "x_7_1.csv").read_text() == "mine"


def test_a_second_run_on_one_output_stops(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 1)
    with Output(tmp_path / "out"), pytest.raises(OutputBusy) as caught:
        run()
    assert caught.value.exit_code == 12
    assert run().exit_code == 0


def test_an_output_whose_holder_is_just_ending_is_waited_for(tmp_path: Path) -> None:
    held = Output(tmp_path / "out")
    held.__enter__()
    ending = threading.Timer(0.3, held.__exit__, (None, None, None))
    ending.start()
    with Output(tmp_path / "out") as output:
        assert output.staging.is_dir()
    ending.join()


def test_an_output_that_cannot_be_made_is_told(run: Run, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 1)
    out = Path("/proc/nowhere/out")  # where not even root can make a folder
    with pytest.raises(OutputNotWritable) as caught:
        run(out=out)
    assert caught.value.exit_code == 13


def test_strict_turns_an_error_finding_into_its_exit_code(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", do="bug")
    assert run(strict=True).exit_code == 11
    assert run().exit_code == 10


@pytest.mark.parametrize("delay", [0.3, 0.9, 1.4])
def test_a_killed_run_leaves_a_whole_dataset_and_the_next_one_the_bytes_of_an_undisturbed_one(
    run: Run, tmp_path: Path, delay: float
) -> None:
    some_reports(tmp_path / "in", 30)
    run(out=tmp_path / "calm")
    code = (
        f"from baocao.batch import ingest; ingest({str(tmp_path / 'in')!r}, {str(tmp_path / 'out')!r}, jobs=2,"
        f" reader={MOCK['reader']!r}, warm={MOCK['warm']!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.wait()
    manifest = tmp_path / "out" / "datapackage.json"
    if manifest.exists():
        files = json.loads(manifest.read_text("utf-8"))["baocao"]["files"]
        assert all((tmp_path / "out" / name).is_file() for name in files)
    run()
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "calm")


def test_a_run_killed_while_it_swaps_is_finished_by_the_next(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_reports(tmp_path / "in", 3)
    run(out=tmp_path / "calm")
    renamed = 0
    replace = os.replace

    def stop_in_the_middle(staged: str, target: str) -> None:
        nonlocal renamed
        renamed += "/new/" in str(staged)
        if renamed == 4:
            raise KeyboardInterrupt
        replace(staged, target)

    monkeypatch.setattr(os, "replace", stop_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    assert not (tmp_path / "out" / "datapackage.json").exists()
    run()
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "calm")
