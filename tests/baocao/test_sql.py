"""Questions in SQL: the tables there are, three printed forms, and nothing but reading the dataset's own files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from baocao import schema
from baocao.cli import run as command
from baocao.dataset import open_dataset
from baocao.writers.write_csv import EXCEL_VI, RFC, guards
from tests.baocao.conftest import Run, put

HOSTILE = '=HYPERLINK("http://x"), một dòng\n"hai"'


@pytest.fixture(name="out")
def _out(run: Run, tmp_path: Path) -> Path:
    rows = [["2", "1", "Hồ sơ", "x", 1.5], ["2", "1.2", HOSTILE, "x", 2], ["2", "3", "Trống", "x", None]]
    put(tmp_path / "in", "a.json", agency="Sở Nội vụ", period="2021", end="2021-12-14", rows=rows)
    (tmp_path / "in" / "copy.json").write_bytes((tmp_path / "in" / "a.json").read_bytes())
    run()
    return tmp_path / "out"


@pytest.fixture(name="ask")
def _ask(out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("BAOCAO_LANG", "en")

    def ask(*arguments: str, code: int = 0) -> str:
        assert command(["sql", str(out), *arguments]) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return ask


def test_every_table_of_the_dataset_can_be_asked(ask: Any) -> None:
    for table in schema.tables():
        names = [column.name for column in schema.columns(table)]
        assert next(csv.reader(io.StringIO(ask(f"SELECT * FROM {table}", "--csv")))) == names
    listed = ask()
    assert [table for table in schema.tables() if f"\n{table} (" not in f"\n{listed}"] == []
    assert "period_start\xa0(date)" in listed


def test_figures_are_the_rows_that_may_be_added_up(ask: Any) -> None:
    assert ask("SELECT sum(value) FROM figures", "--csv").splitlines()[1] == "3.5"  # the copy is not counted
    assert ask("SELECT count(*) FROM observations", "--csv").splitlines()[1] == "6"


def test_csv_gives_every_cell_back_and_defuses_formulas(ask: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("SELECT stt, indicator_raw, value FROM observations", "--csv"))))
    assert [row["indicator_raw"] for row in rows[:3]] == ["Hồ sơ", f"'{HOSTILE}", "Trống"]
    assert [(row["stt"], row["value"]) for row in rows[:3]] == [("1", "1.5"), ("1.2", "2"), ("3", "")]


def test_json_is_a_list_of_objects(ask: Any) -> None:
    rows = json.loads(ask("SELECT indicator_raw n, value n, period_end, 'nan'::double x FROM figures", "--json"))
    assert rows == [{"n": name, "n_2": value, "period_end": "2021-12-14", "x": None}
                    for name, value in (("Hồ sơ", 1.5), (HOSTILE, 2.0))]  # fmt: skip
    assert json.loads(ask("SELECT 1 WHERE false", "--json")) == []


def test_the_table_says_when_there_is_more_and_when_there_is_nothing(ask: Any) -> None:
    shown = ask("SELECT stt FROM observations ORDER BY ALL", "--limit", "2")
    assert shown.splitlines()[2:4] == ["1  ", "1  "]
    assert "first 2" in shown
    assert "first" not in ask("SELECT stt FROM observations", "--limit", "6")
    assert "No row fits" in ask("SELECT stt FROM observations WHERE stt = 'x'")


def test_a_wide_table_is_one_step_away(ask: Any) -> None:
    wide = ask("PIVOT (SELECT agency, stt, value FROM figures) ON stt USING sum(value)", "--csv")
    assert wide == 'agency,1,1.2\nSở Nội vụ,1.5,2\n'  # fmt: skip


def test_the_statement_may_come_from_the_standard_input(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("-- a question\nSELECT 7 AS seven;\n"))
    assert ask("-", "--csv") == "seven\n7\n"


@pytest.mark.parametrize("statement, said", [
    ("DROP VIEW reports", "only reads"),
    ("COPY reports TO '{there}'", "only reads"),
    ("ATTACH '{there}'", "only reads"),
    ("SET threads = 1", "only reads"),
    ("INSTALL httpfs", "only reads"),
    ("SELECT 1; DROP VIEW reports", "2 were given"),
    ("", "0 were given"),
    ("SELECT * FROM observation", 'Did you mean "observations"'),
    ("SELECT valu FROM observations", "value"),
    ("SELEC 1", "syntax error"),
    ("SELECT * FROM read_csv('{here}')", "disabled"),
    ("SELECT * FROM '{here}'", "cannot be run"),
    ("SELECT * FROM glob('{here}*')", "disabled"),
    ("SELECT * FROM read_text('http://127.0.0.1:9/x')", "cannot be run"),
    ("SELECT CAST(stt AS INTEGER) FROM observations WHERE stt = '1.2' OR stt LIKE 'x%' OR error(stt)", "cannot be run"),
])  # fmt: skip
def test_what_is_no_question_is_refused_in_words(ask: Any, tmp_path: Path, statement: str, said: str) -> None:
    there, here = tmp_path / "there.csv", tmp_path / "here.csv"
    here.write_text("a\n1\n", "utf-8")
    told = ask(statement.format(there=there, here=here), "--csv", code=2)
    assert said in told
    assert "Traceback" not in told
    assert not there.exists()


def test_a_folder_without_a_dataset_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["sql", str(tmp_path), "SELECT 1"]) == 2
    assert "baocao ingest" in capsys.readouterr().err


def test_tables_that_are_csv_are_the_same_in_each_dialect(run: Run, tmp_path: Path, out: Path) -> None:
    run(out=tmp_path / "vi", csv_dialect="excel-vi")
    for table in ("catalogue", "unmatched"):
        one, two = (open_dataset(folder).duckdb().execute(f"SELECT * FROM {table}").fetchall()
                    for folder in (out, tmp_path / "vi"))  # fmt: skip
        assert one == two
        assert len(one) > 0
    rows = open_dataset(tmp_path / "vi").duckdb().execute("SELECT stt, indicator_raw FROM unmatched").fetchall()
    assert ("1.2", HOSTILE) in rows


@pytest.mark.parametrize("cell, is_guarded", [
    ("'=1+1", True), ("'- gạch", True), ("'＝x", True), ("'nháy", False), ("''", False), ("=1", False),
    ("'1.2", False), ("'=a\nb", True),
])  # fmt: skip
def test_only_an_apostrophe_of_ours_is_taken_off(cell: str, is_guarded: bool) -> None:
    import re

    assert bool(re.match(guards(RFC), cell, re.S)) is is_guarded
    assert bool(re.match(guards(EXCEL_VI), cell, re.S)) is (is_guarded or cell == "'1.2")
