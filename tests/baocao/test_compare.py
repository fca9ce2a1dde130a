"""`baocao compare` lists what changed between two datasets, and nothing where nothing did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from baocao import cli
from baocao.compare import compare, lines_of
from baocao.errors import UsageError
from baocao.messages import Messages
from tests.review.conftest import read, rows_of, write_report

EN = Messages("en")


@pytest.fixture(scope="module", name="old")
def _old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("compared")
    write_report(root / "in", "2023.txt")
    read(root / "in", out=root / "out")
    return root / "out"


@pytest.fixture(name="new")
def _new(old: Path, tmp_path: Path) -> Path:
    shutil.copytree(old.parent, tmp_path / "copy")
    return tmp_path / "copy" / "out"


def test_a_dataset_is_like_itself(old: Path, new: Path) -> None:
    found = compare(old, new)
    assert found.is_same
    assert found.observations.same == 5
    assert lines_of(found, EN, 20) == ["The two datasets say the same."]


def test_a_report_that_came_brings_its_figures_and_findings(old: Path, new: Path) -> None:
    write_report(new.parent / "in", "2024.txt", number=13, year=2024)
    read(new.parent / "in", out=new)
    found = compare(old, new)
    assert [(r.source, len(found.observations.added)) for r in found.reports.added] == [("2024.txt", 5)]
    assert (found.reports.removed, found.observations.removed, found.observations.changed) == ((), (), ())
    back = compare(new, old)
    assert ([r.source for r in back.reports.removed], len(back.observations.removed)) == (["2024.txt"], 5)


def test_a_corrected_figure_is_a_change_with_old_and_new(old: Path, new: Path) -> None:
    sha256 = rows_of(new / "reports.csv")[0]["sha256"]
    with (new / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"{sha256},1,1,actual,,value,20,15,cộng lại,Lan,2025-01-01\n")
    read(new.parent / "in", out=new)
    found = compare(old, new)
    changes = {(c.column, c.old, c.new) for c in found.observations.changed}
    assert changes == {("value", "20", "15"), ("status", "doubtful", "corrected")}
    assert ("settled", "", "corrected") in {(c.column, c.old, c.new) for c in found.findings.changed}
    assert "value: 20 → 15" in "\n".join(lines_of(found, EN, 20))


def test_a_file_sent_again_with_one_figure_put_right_is_that_figure_changed(old: Path, new: Path) -> None:
    path = new.parent / "in" / "2023.txt"
    path.write_text(path.read_text("utf-8").replace("\t12\t", "\t17\t"), "utf-8")
    read(new.parent / "in", out=new)
    found = compare(old, new)
    assert [part.added + part.removed for part in (found.reports, found.observations)] == [(), ()]
    assert [(c.old, c.new) for c in found.observations.changed if c.column == "value"] == [("12", "17")]
    assert found.reports.changed[0].column == "report_id"
    assert found.moved == 0
    assert found.findings.same > 0


def test_a_row_that_is_counted_otherwise_has_moved_and_is_not_lost(old: Path, new: Path) -> None:
    path = new / "observations.parquet"
    rows = pq.read_table(path)
    ids = pc.replace_substring_regex(rows["observation_id"], r"/1/(\d+)/actual/$", r"/2/\1/actual/")
    pq.write_table(rows.set_column(0, "observation_id", ids.cast(pa.string())), path)
    found = compare(old, new)
    assert (found.moved, found.observations.added, found.observations.removed) == (5, (), ())
    assert found.observations.changed == ()
    assert not found.is_same


def test_exit_codes_and_json(old: Path, new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["compare", str(old), str(new)]) == 0
    write_report(new.parent / "in", "2024.txt", number=13, year=2024)
    read(new.parent / "in", out=new)
    capsys.readouterr()
    assert cli.run(["compare", str(old), str(new), "--json"]) == 10
    told = json.loads(capsys.readouterr().out)
    assert (told["is_same"], len(told["observations"]["added"])) == (False, 5)


def test_the_list_is_cut_and_says_so(old: Path, new: Path) -> None:
    write_report(new.parent / "in", "2024.txt", number=13, year=2024)
    read(new.parent / "in", out=new)
    assert "    … and 3 more" in lines_of(compare(old, new), EN, 2)


def test_a_folder_without_a_dataset_is_refused(old: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        compare(old, tmp_path)
    assert cli.run(["compare", str(old), str(tmp_path)]) == 2
