"""The dataset from Python: tables as pandas, Arrow and DuckDB, and one series by its id."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import baocao
from baocao.errors import UsageError
from tests.baocao.conftest import Run, put


@pytest.fixture(name="dataset")
def _dataset(run: Run, tmp_path: Path) -> baocao.Dataset:
    for year in (2021, 2020):
        put(
            tmp_path / "in",
            f"{year}.json",
            agency="Sở Nội vụ",
            period=f"{year}",
            end=f"{year}-12-14",
            rows=[["2", "1", "A", "x", year], ["2", "2", "B", "x", None]],
        )
    (tmp_path / "in" / "copy.json").write_bytes((tmp_path / "in" / "2020.json").read_bytes())
    run()
    return baocao.open_dataset(tmp_path / "out")


def test_observations_are_a_frame_with_types(dataset: baocao.Dataset) -> None:
    frame = dataset.observations()
    assert len(frame) == 6
    assert frame["value"].dtype == "float64"
    assert frame["row"].dtype == "Int32"
    assert str(frame["period_end"].dtype).startswith("datetime64")
    assert len(dataset.observations(primary_only=True)) == 4


def test_one_series_is_tidy_and_in_order(dataset: baocao.Dataset) -> None:
    assert dataset.indicator("x_2_1")["value"].tolist() == [2020.0, 2021.0]
    assert dataset.indicators() == ["x_2_1", "x_2_2"]
    with pytest.raises(KeyError, match=r"catalogue\.csv"):
        dataset.indicator("no_such_indicator")


def test_a_series_can_be_asked_for_in_the_units_of_today(run: Run, tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "corpus" / "so-ke-hoach-va-dau-tu" / "2019-nam.txt"
    out = tmp_path / "o"
    baocao.ingest([source], out)
    dataset = baocao.open_dataset(out)
    then = dataset.indicator("ho_so_giai_quyet_dung_han").iloc[0]
    now = dataset.indicator("ho_so_giai_quyet_dung_han", today=True).iloc[0]
    assert (then["agency"], then["province"], then["province_id"]) == (
        "Sở Kế hoạch và Đầu tư",
        "Thừa Thiên Huế",
        "46@2004-07-08",
    )
    assert (now["agency"], now["agency_id"]) == ("Sở Tài chính", "so-tai-chinh")
    assert (now["province"], now["province_id"]) == ("Huế", "46@2025-07-01")
    assert (then["value"], then["source"]) == (now["value"], now["source"])


def test_the_other_tables_open_too(dataset: baocao.Dataset) -> None:
    assert dataset.reports()["status"].tolist() == ["ok", "ok", "duplicate"]
    assert set(dataset.findings()["code"]) == {"report-duplicate"}
    assert (len(dataset.sections()), len(dataset.tables()), len(dataset.citations())) == (3, 3, 3)
    assert dataset.arrow("reports").num_rows == 3
    total = dataset.duckdb().execute("SELECT sum(value) FROM observations WHERE is_primary").fetchall()
    assert total == [(4041.0,)]


def test_a_folder_without_a_dataset_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dataset"):
        baocao.open_dataset(tmp_path)


def test_importing_the_package_loads_neither_readers_nor_arrow() -> None:
    heavy = ("pyarrow", "pandas", "duckdb", "extract", "normalize")
    code = f"import sys, baocao; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError):
        _ = baocao.no_such_name  # type: ignore[attr-defined]
    assert set(baocao.__all__) <= set(dir(baocao))
