"""`baocao doctor`: what this machine has, what it lacks and the line to type."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from baocao import doctor
from baocao.cli import run
from tests.cli.said import EN


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
