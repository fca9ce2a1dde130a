"""`baocao explain` tells the way of a value from the page to the dataset."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from baocao import cli
from baocao.errors import UsageError
from baocao.explain import _in_names, explain, lines_of
from baocao.messages import Messages
from tests.review.conftest import read, rows_of

EN, VI = Messages("en"), Messages("vi")
SAMPLE = Path(__file__).parents[1] / "review" / "data" / "sai-tong.pdf"
STEPS = ["place", "cell", "rule", "unit", "indicator", "period", "checks", "corrections", "status"]


@pytest.fixture(scope="module", name="out")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("explained")
    (root / "in").mkdir()
    shutil.copy(SAMPLE, root / "in" / "2021.pdf")
    read(root / "in", out=root / "out")
    return root / "out"


def ids(out: Path) -> dict[str, str]:
    return {row["stt"]: row["observation_id"] for row in rows_of(out / "observations.csv")}


def test_every_step_is_told_in_order(out: Path) -> None:
    found = explain(out, ids(out)["1"], EN)
    assert [step.key for step in found.steps] == STEPS
    text = "\n".join(lines_of(found, EN))
    for told in ("2021.pdf", "page 1", "table 1", "“434”", "Nhiệm vụ", "sum-mismatch", "414", "doubtful"):
        assert told in text


def test_the_first_line_says_what_it_is_about(out: Path) -> None:
    first = lines_of(explain(out, ids(out)["1"], EN), EN)[0]
    assert first.startswith("434 Nhiệm vụ · ")
    assert first.endswith(" · doubtful")
    assert "chưa chắc chắn [doubtful]" in lines_of(explain(out, ids(out)["1"], VI), VI)[0]


def test_a_formula_is_told_in_names() -> None:
    assert _in_names("rate(ho_so_giai_quyet_dung_han, x)", VI) == "“Số hồ sơ TTHC giải quyết đúng hạn” ÷ “x” × 100"
    assert _in_names("sum(a, b)", EN) == "“a” + “b”"


def test_the_word_behind_a_number_is_named(out: Path) -> None:
    text = "\n".join(lines_of(explain(out, ids(out)["2"], EN), EN))
    assert "cuộc" in text
    assert "unit-value-mismatch" in text


def test_a_finding_leads_to_its_row(out: Path) -> None:
    (finding,) = [f for f in rows_of(out / "findings.csv") if f["code"] == "sum-mismatch"]
    assert explain(out, finding["finding_id"], EN).observation_id == finding["observation_id"]


def test_the_beginning_of_an_id_is_enough_where_one_row_has_it(out: Path) -> None:
    ident = ids(out)["1.2"]
    assert explain(out, ident[: ident.index("/actual")] + "/", EN).observation_id == ident


@pytest.mark.parametrize("row", ["nothing", "", "'; DROP TABLE", "../../etc/passwd"])
def test_a_row_that_is_not_there_or_not_one_is_refused(out: Path, row: str) -> None:
    with pytest.raises(UsageError):
        explain(out, row, EN)


def test_the_correction_of_a_row_is_told(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out.parent, tmp_path / "copy")
    copy = tmp_path / "copy" / "out"
    sha256 = rows_of(copy / "reports.csv")[0]["sha256"]
    with (copy / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"{sha256},1,1,actual,,value,434,414,cộng lại,Lan,2025-01-01\n")
    read(tmp_path / "copy" / "in", out=copy)
    text = "\n".join(lines_of(explain(copy, ids(copy)["1"], EN), EN))
    assert "434 → 414 (corrected; cộng lại; Lan, 2025-01-01)" in text


def test_json_says_the_same(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", str(out), ids(out)["1"], "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [step["step"] for step in told["steps"]] == STEPS
    assert told["observation"]["value"] == 434
