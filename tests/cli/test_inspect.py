"""`baocao inspect`: one report as a sheet, as JSON and as a picture."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from baocao import inspection
from baocao.cli import run
from baocao.messages import Messages
from tests.cli.said import EN, VI


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
