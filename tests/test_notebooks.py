"""The notebooks run from top to bottom over a dataset of sample reports, where their tool is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.page import synthetic

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from baocao.writers.write_package import manifest

    staged = synthetic.small(tmp_path_factory.mktemp("notebooks") / "out")
    names = dict.fromkeys((one.name for one in staged.files), "")
    (staged.folder / "datapackage.json").write_bytes(manifest((), {}, names))
    return staged.folder


def output_of(*command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize(("script", "says"), [("pandas_tour.py", "Sở Tài chính"), ("duckdb_tour.py", "46@2025-07-01")])
def test_a_python_notebook_runs(dataset: Path, script: str, says: str) -> None:
    assert says in output_of(sys.executable, str(ROOT / "notebooks" / script), str(dataset))


def test_the_r_notebook_runs(dataset: Path) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None or subprocess.run([rscript, "-e", "library(readr)"], capture_output=True).returncode:
        pytest.skip("no R with readr: apt-get install r-base-core r-cran-readr")
    said = output_of(rscript, str(ROOT / "notebooks" / "readr_tour.R"), str(dataset))
    assert "figures, " in said
    assert "Sở Tài chính" in said
