"""What the batch tests share: reports that say what they hold, and a run over them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baocao.batch import ingest
from baocao.child import Limits
from baocao.errors import RunSummary

MOCK: dict[str, Any] = {"reader": "tests.baocao.mock_reader:read", "warm": "tests.baocao.mock_reader:warm"}


def put(folder: Path, name: str, **content: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def snapshot(out: Path) -> dict[str, bytes]:
    """Every file of the dataset, without `.work/`."""
    files = (path for path in out.rglob("*") if path.is_file() and ".work" not in path.relative_to(out).parts)
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


Run = Callable[..., RunSummary]


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Run:
    def run(*sources: Path, out: Path | None = None, **options: Any) -> RunSummary:
        options.setdefault("limits", Limits(seconds_without_progress=5))
        return ingest(list(sources) or [tmp_path / "in"], out or tmp_path / "out", jobs=2, **{**MOCK, **options})

    return run
