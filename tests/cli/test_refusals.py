"""What a command refuses before it reads anything, and the next step it names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baocao.cli import run
from baocao.errors import UsageError
from tests.cli.said import FINE, refused


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
