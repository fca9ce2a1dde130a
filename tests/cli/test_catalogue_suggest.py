"""`baocao catalogue suggest`: rows that no template knows, as the start of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao.cli import run
from tests.cli.said import refused


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
