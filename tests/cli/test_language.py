"""Every sentence stands in both languages, and the locale chooses one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baocao.cli import run
from baocao.errors import BaocaoError, OutputBusy
from baocao.messages import LANGUAGES, Messages, language, table
from tests.cli.said import ROOT, VI


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
