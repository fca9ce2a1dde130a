"""What the batch tests share: reports that say what they hold, and a run over them."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baocao import columnar, rows
from baocao.batch import ingest
from baocao.child import Limits
from baocao.errors import RunSummary

# Generous: a limit of time must only ever end what hangs, on a machine that does ten other things too.
PATIENT = Limits(seconds=120, seconds_without_progress=120)
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


def cells(packed: bytes, table: str, column: str) -> list[Any]:
    """The cells of a column of what a child sent."""
    return columnar.table_of(table, [rows.decode(packed)]).column(column).to_pylist()  # type: ignore[no-any-return]


def is_running(pid: int) -> bool:
    """Is there such a process? One that nobody has waited for yet is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(holds: Callable[[], bool], seconds: float = 120) -> bool:
    """Look again and again until it holds; False where it never did."""
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.02)
    return held


Run = Callable[..., RunSummary]


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Run:
    def run(*sources: Path, out: Path | None = None, **options: Any) -> RunSummary:
        options.setdefault("limits", PATIENT)
        return ingest(list(sources) or [tmp_path / "in"], out or tmp_path / "out", jobs=2, **{**MOCK, **options})

    return run
