"""The command line: what it says, in which language, and with which exit code it leaves.

The main job behind it is mostly replaced by one that returns a summary or raises; the last part runs the
real one on a small report.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from baocao import doctor, inspection, recap
from baocao.cli import run
from baocao.errors import BaocaoError, Failure, OutputBusy, OutputNotWritable, Progress, RunSummary, UsageError
from baocao.messages import LANGUAGES, Messages, language, table

ROOT = Path(__file__).parents[1]
EN, VI = Messages("en"), Messages("vi")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOCAO_LANG", "en")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a folder `corpus` that holds one file."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bao-cao.txt").write_text("BÁO CÁO", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Put a main job in place that returns `outcome` or raises it; its calls are listed."""

    def install(outcome: RunSummary | BaseException, steps: Sequence[Progress] = ()) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def ingest(sources: Sequence[Path], out: Path, *, progress: Any, **options: Any) -> RunSummary:
            calls.append({"sources": list(sources), "out": out, **options})
            for step in steps:
                progress(step)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        module = ModuleType("baocao.batch")
        module.ingest = ingest  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "baocao.batch", module)
        import baocao

        monkeypatch.setattr(baocao, "batch", module, raising=False)
        return calls

    return install


# ---------------------------------------------------------------- exit codes

OUT = Path("out")
FINE = RunSummary(OUT, n_files=3, read=3, n_observations=145, n_with_value=110)
PARTLY = RunSummary(OUT, n_files=3, read=2, partial=1)
FAILED = RunSummary(OUT, n_files=3, read=2, failed={"encrypted": 1})
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


# ---------------------------------------------------------------- refusals


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The message of a refusal; it must be 2, name a next step, and leave the standard output alone."""
    assert run(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "\n→ " in captured.err
    return captured.err


def test_a_missing_folder_is_named(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "bao-cao-cu" in refused(capsys, "ingest", "bao-cao-cu")


def test_without_a_corpus_the_message_says_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Make a folder `corpus`" in refused(capsys, "ingest")


def test_an_empty_folder_is_named(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus.parent / "empty" / "deeper").mkdir(parents=True)
    assert "empty holds no file" in refused(capsys, "ingest", "empty")


@pytest.mark.parametrize("out", ["corpus", "corpus/out", "corpus/2024/../out", "./corpus/."])
def test_an_output_inside_the_input_is_refused(out: str, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "lies inside" in refused(capsys, "ingest", "corpus", "--out", out)
    assert not (corpus / "out").exists()


def test_an_output_inside_the_input_is_seen_through_a_link(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus.parent / "link").symlink_to(corpus, target_is_directory=True)
    assert "lies inside" in refused(capsys, "ingest", "corpus", "--out", "link/out")


def test_an_input_inside_the_output_is_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "lies inside the output" in refused(capsys, "ingest", "corpus", "--out", ".")


def test_an_output_that_is_a_file_is_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").write_text("mine", encoding="utf-8")
    assert "is a file" in refused(capsys, "ingest")
    assert Path("out").read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_files_is_not_taken_for_the_output(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("thesis").mkdir()
    Path("thesis/chapter-1.docx").write_text("mine", encoding="utf-8")
    assert "no dataset of baocao" in refused(capsys, "ingest", "--out", "thesis")
    assert [path.name for path in Path("thesis").iterdir()] == ["chapter-1.docx"]


@pytest.mark.parametrize("names", [(), ("README.md", ".gitignore"), ("datapackage.json", "observations.csv")])
def test_an_empty_folder_and_one_of_an_earlier_run_are_taken(
    names: tuple[str, ...], corpus: Path, batch: Callable[..., Any]
) -> None:
    batch(FINE)
    Path("out").mkdir()
    for name in names:
        (Path("out") / name).write_text("x", encoding="utf-8")
    assert run(["ingest"]) == 0


def test_links_in_a_circle_are_a_missing_source(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a").symlink_to("b")
    Path("b").symlink_to("a")
    assert "There is no folder or file a" in refused(capsys, "ingest", "a")


def test_what_the_batch_refuses_is_told_with_its_next_step(
    corpus: Path, batch: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    batch(UsageError("out holds other files.", "Name a new folder."))
    assert refused(capsys, "ingest") == "Error: out holds other files.\n→ Name a new folder.\n"


@pytest.mark.parametrize("command", [["inspect"], ["debug", "page"]])
def test_a_command_for_one_file_says_what_is_wrong_with_the_file(
    command: list[str], corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = ["1"] if "page" in command else []
    assert "There is no file x.pdf" in refused(capsys, *command, "x.pdf", *page)
    assert "corpus is a folder" in refused(capsys, *command, "corpus", *page)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read_is_named(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "bao-cao.txt").chmod(0)
    assert "cannot be opened" in refused(capsys, "inspect", "corpus/bao-cao.txt")


def test_braces_and_brackets_in_a_name_are_only_letters(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "{x}[red]%s" in refused(capsys, "ingest", "{x}[red]%s")


# ---------------------------------------------------------------- recap and progress

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


# ---------------------------------------------------------------- inspect


class FakeRow(SimpleNamespace):
    """Stands for a row of the dataset: every field not named is empty."""

    def __getattr__(self, name: str) -> Any:
        return ""


def fake_report() -> Any:
    caption = FakeRow(appendix="2", title="Công tác chỉ đạo\nđiều hành")
    document = SimpleNamespace(
        source=FakeRow(path="a/bao-cao.docx"),
        letterhead=FakeRow(),
        headings=(FakeRow(level=1, label="II", title="CẢI CÁCH  THỂ CHẾ", page=3),),
        tables=(SimpleNamespace(index=1, caption=caption, n_rows=2, text_after="Danh sách"),),
    )
    rows = (
        FakeRow(
            table=1,
            row=1,
            stt_raw="1.",
            indicator_raw="Số [kế hoạch]",
            unit_raw="Văn bản",
            value_raw="1\n2",
            value=Decimal(12),
            status="ok",
        ),
        FakeRow(
            table=1,
            row=2,
            stt_raw="2.",
            indicator_raw="Tỷ lệ",
            unit_raw="%",
            value_raw="l00",
            value=None,
            status="unparsed",
            note="từ phần mềm",
        ),
    )
    finding = FakeRow(severity="warning", appendix="2", stt="2", code="odd-figure", message="Số lạ", message_en="Odd")
    row = FakeRow(
        doc_number="2147/BC-SKHĐT",
        doc_date=date(2024, 6, 11),
        period="2024-H1",
        period_start=None,
        period_end=None,
        pages=None,
        method="docx",
        status="doubtful",
    )
    normalized = SimpleNamespace(report=row, observations=rows, findings=(finding,))
    return SimpleNamespace(document=document, normalized=normalized)


@pytest.mark.parametrize(("say", "message"), [(EN, "Odd"), (VI, "Số lạ")])
def test_the_sheet_shows_letterhead_headings_tables_and_doubts(say: Messages, message: str) -> None:
    stream = io.StringIO()
    inspection.show(fake_report(), say, stream)
    text = stream.getvalue()
    for words in (
        "2147/BC-SKHĐT",
        say.day(date(2024, 6, 11)),
        "2024-H1",
        "  II. CẢI CÁCH THỂ CHẾ  [3]",
        "Công tác chỉ đạo điều hành",
        "Số [kế hoạch]",
        "1 2",
        "! l00",
        "từ phần mềm",
        "odd-figure",
        message,
        "Danh sách",
    ):
        assert words in text
    assert "\x1b" not in text


def test_json_of_a_report_keeps_every_field_and_numbers_as_numbers() -> None:
    from normalize.model import Unit

    unit = Unit("trieu_dong", "triệu đồng", "money", scale=Decimal(1_000_000))
    assert inspection.plain({"u": unit, "d": date(2024, 6, 11), "v": Decimal("88.70"), "n": None}) == {
        "u": {
            "id": "trieu_dong",
            "name": "triệu đồng",
            "kind": "money",
            "scale": 1_000_000,
            "base": "",
            "labels": [],
            "is_integer": False,
        },
        "d": "2024-06-11",
        "v": 88.7,
        "n": None,
    }


@pytest.mark.parametrize(
    ("error", "code"),
    [("Encrypted", 10), ("Unreadable", 10), ("UnknownFormat", 10), ("ToolMissing", 3), ("NoReport", 0)],
)
def test_inspect_tells_why_a_file_was_not_read(
    error: str, code: int, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import baocao
    from extract import problems

    def read_report(path: Path) -> Any:
        raise getattr(problems, error)("It did not work.", "Do that.")

    monkeypatch.setitem(vars(baocao), "read_report", read_report)
    assert run(["inspect", "corpus/bao-cao.txt"]) == code
    assert "It did not work.\n→ Do that." in capsys.readouterr().err


def test_debug_page_prints_where_the_picture_is(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from baocao import debug

    monkeypatch.setattr(debug, "draw_page", lambda path, page, out: out)
    assert run(["debug", "page", "corpus/bao-cao.txt", "7"]) == 0
    assert capsys.readouterr().out == "page-7.png\n"


def test_debug_page_tells_what_it_cannot_draw(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["debug", "page", "corpus/bao-cao.txt", "1"]) == 10
    assert capsys.readouterr().err.startswith("Error: corpus/bao-cao.txt: ")


def test_debug_page_that_cannot_write_is_13(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from baocao import debug

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(debug, "draw_page", full)
    assert run(["debug", "page", "corpus/bao-cao.txt", "1"]) == 13


# ---------------------------------------------------------------- doctor


def test_doctor_finds_what_the_tests_run_on() -> None:
    diagnosis = doctor.examine(("text", "docx", "pdf"))
    assert diagnosis.is_well
    assert diagnosis.install == ()
    assert doctor.report(diagnosis, EN)[-1] == "Everything is there."


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have readers for these formats and no other."""

    def install(*formats: str) -> None:
        monkeypatch.setattr("extract.readers.READERS", dict.fromkeys(formats, ""))

    return install


def test_doctor_without_programs_is_3_and_gives_one_line_to_type(
    readers: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readers("text", "docx", "pdf", "xlsx", "doc", "scan")
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert run(["doctor"]) == 3
    text = capsys.readouterr().out
    assert "Can read: text, DOCX, PDF, spreadsheets" in text
    assert "apt-get install -y libreoffice-writer-nogui tesseract-ocr tesseract-ocr-vie" in text
    assert run(["doctor", "docx", "pdf"]) == 0


def test_doctor_wants_no_program_that_this_version_has_no_use_for(
    readers: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readers("text", "docx", "pdf")
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert run(["doctor"]) == 0
    text = capsys.readouterr().out
    assert "· soffice" in text
    assert "Not read by this version: spreadsheets, DOC, ODT, RTF, scans" in text
    assert "apt-get" not in text


def test_doctor_sees_that_a_package_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_wanted_versions", lambda: {"pdfplumber": "99.1"})
    diagnosis = doctor.examine(("pdf",))
    assert diagnosis.cannot_read == ("pdf",)
    assert "older than 99.1" in "\n".join(doctor.report(diagnosis, EN))
    assert "'pdfplumber>=99.1'" in diagnosis.install[0]


def test_doctor_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "text", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["can_read"] == ["text"]


@pytest.mark.parametrize(
    ("version", "numbers"), [("5.0.0.93", (5, 0, 0, 93)), ("3.1rc1", (3, 1)), ("2026.11.15", (2026, 11, 15)), ("", ())]
)
def test_versions_compare_by_their_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert doctor._numbers(version) == numbers


def test_every_kind_doctor_knows_can_be_asked_for_and_has_a_name() -> None:
    from baocao.cli import READABLE

    assert tuple(doctor.NEEDS) == tuple(doctor.FORMATS) == READABLE
    assert all(EN.has(f"doctor.what.{kind}") for kind in READABLE)
    assert {name for names in doctor.NEEDS.values() for name in names} == set(doctor.PARTS)


# ---------------------------------------------------------------- catalogue suggest


def test_catalogue_suggest_prints_toml_for_unmatched_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import tomllib

    (tmp_path / "unmatched.csv").write_text(
        "appendix,title,stt,indicator_id,indicator,unit\n2,Bảng,1,x_so_van_ban,Số văn bản,Văn bản\n"
        "2,Bảng,2,x_them,'+ Thêm,%\n",
        encoding="utf-8-sig",
    )
    assert run(["catalogue", "suggest", str(tmp_path)]) == 0
    rows = tomllib.loads(capsys.readouterr().out)["appendix"][0]["row"]
    assert [row["name"] for row in rows] == ["Số văn bản", "+ Thêm"]


def test_catalogue_suggest_wants_a_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "holds no dataset" in refused(capsys, "catalogue", "suggest", str(tmp_path))


def test_catalogue_suggest_says_when_there_is_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "unmatched.csv").write_text("appendix,stt\n", encoding="utf-8-sig")
    assert run(["catalogue", "suggest", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


# ---------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "vi"}, "vi"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "vi_VN"}, "vi"),
        ({"LC_ALL": "", "LANG": "vi_VN"}, "vi"),
        ({"LC_ALL": "en_US.UTF-8", "BAOCAO_LANG": "vi"}, "vi"),
        ({"LANG": "vi_VN", "BAOCAO_LANG": "en"}, "en"),
        ({"LANG": "vie_XX"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], chosen: str) -> None:
    assert language(environment) == chosen


def fields_of(template: str) -> set[str]:
    from string import Formatter

    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_every_sentence_stands_in_both_languages_with_the_same_fields() -> None:
    wrong = [
        key
        for key, row in table().items()
        if not all(row[name] for name in LANGUAGES) or fields_of(row["en"]) != fields_of(row["vi"])
    ]
    assert wrong == []


def test_every_error_that_stops_a_run_has_a_vietnamese_sentence(
    corpus: Path, batch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BAOCAO_LANG", "vi")
    batch(OutputBusy("busy", "wait"))
    assert run(["ingest"]) == 12
    assert capsys.readouterr().err.startswith("Lỗi: Một lần chạy khác đang dùng thư mục kết quả.\n→ Hãy đợi")
    assert {kind.code for kind in BaocaoError.__subclasses__() if not VI.has(f"stop.{kind.code}")} == {"usage"}


def test_every_sentence_is_said_somewhere() -> None:
    """A key stands in the code whole, or is made there from a family's name (`say(f"status.{…}")`)."""
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "baocao").glob("*.py"))
    families = re.findall(r"f[\"']([a-z.]+\.)\{", code)
    unused = [key for key in table() if f'"{key}"' not in code and not key.startswith(tuple(families))]
    assert [key for key in unused if not key.endswith(".help")] == []  # what `_command` makes of a command's name


def test_no_sentence_is_written_twice() -> None:
    keys = [line.split(",")[0] for line in (ROOT / "baocao/messages.csv").read_text(encoding="utf-8").splitlines()]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["ingest", "--help"],
        ["inspect", "--help"],
        ["doctor", "--help"],
        ["debug", "page", "--help"],
        ["catalogue", "suggest", "--help"],
        ["--version"],
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_works_in_both_languages(
    arguments: list[str], lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BAOCAO_LANG", lang)
    assert run(arguments) == 0
    first_words = "baocao 0" if arguments == ["--version"] else Messages(lang)("help.usage")
    assert capsys.readouterr().out.startswith(first_words)


# ---------------------------------------------------------------- as a process


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


def test_vietnamese_comes_out_under_a_locale_without_it() -> None:
    done = python("-m", "baocao", "--help", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", BAOCAO_LANG="vi")
    assert "các lệnh" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from baocao.cli import run; run(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    loaded = set(python("-c", code).stderr.split())
    heavy = {
        "pandas",
        "numpy",
        "pyarrow",
        "duckdb",
        "rich",
        "pdfplumber",
        "docx",
        "lxml",
        "regex",
        "subprocess",
        "extract",
        "normalize",
    }
    assert not loaded & heavy
    assert "baocao.cli" in loaded


def test_help_costs_at_most_ten_times_an_empty_python() -> None:
    """Processor time, which other work on the machine does not lengthen as it does the time on the clock."""

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python(*arguments)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    pairs = [(seconds("-m", "baocao", "--help"), seconds("-c", "pass")) for _ in range(9)]
    assert sum(help_ for help_, _ in pairs) <= 10 * sum(empty for _, empty in pairs)


def test_a_reader_that_closes_early_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "baocao", "doctor", "text"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert (running.stderr.read(), running.wait(timeout=60)) == (b"", 0)


def test_an_error_is_a_value_with_an_exit_code_of_the_contract() -> None:
    assert {kind.exit_code for kind in (BaocaoError, *BaocaoError.__subclasses__())} <= {2, 3, 10, 11, 12, 13, 130}


# ---------------------------------------------------------------- for real

REPORT = """SỞ NỘI VỤ
Số: 12/BC-SNV
Thừa Thiên Huế, ngày 10 tháng 6 năm 2021
BÁO CÁO
Công tác cải cách hành chính 6 tháng đầu năm 2021
I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
Sở đã ban hành kế hoạch.
Phụ lục 2
CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tSố văn bản chỉ đạo\tVăn bản\t27\t
2\tSố cuộc kiểm tra\tCuộc\t\t
"""


def test_a_report_goes_through_ingest_and_inspect_and_a_broken_file_is_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "báo cáo [2021]", tmp_path / "kq"
    folder.mkdir()
    (folder / "sáu tháng.txt").write_text(REPORT, encoding="utf-8")
    (folder / "hỏng.docx").write_bytes(b"PK\x03\x04 this is no archive")
    done = python("-m", "baocao", "ingest", str(folder), "--out", str(out), "--json", BAOCAO_LANG="vi")
    summary = json.loads(done.stdout)
    assert (done.returncode, summary["read"], sum(summary["failed"].values())) == (10, 1, 1), done.stderr
    assert "hỏng.docx: không đọc được" in done.stderr
    assert (summary["n_observations"], summary["n_with_value"]) == (2, 1)
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))

    done = python("-m", "baocao", "inspect", str(folder / "sáu tháng.txt"), "--json")
    report = json.loads(done.stdout)
    assert [(row["stt"], row["value"], row["status"]) for row in report["observations"]] == [
        ("1", 27, "ok"),
        ("2", None, "blank"),
    ]
    assert report["report"]["doc_number"] == "12/BC-SNV"
    assert report["document"]["tables"][0]["caption"]["appendix"] == "2"
    assert "CÔNG TÁC CHỈ ĐẠO" in python("-m", "baocao", "inspect", str(folder / "sáu tháng.txt")).stdout
    assert python("-m", "baocao", "inspect", str(folder / "hỏng.docx")).returncode == 10
