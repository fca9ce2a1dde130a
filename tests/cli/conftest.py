"""A working directory, and a main job that returns a summary or raises instead of reading."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from baocao.errors import Progress, RunSummary


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAOCAO_LANG", "en")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a folder `corpus` that holds one file."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bao-cao.txt").write_text("BÁO CÁO", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Put a main job in place that returns `outcome` or raises it; its calls are listed."""

    def install(outcome: RunSummary | BaseException, steps: Sequence[Progress] = ()) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def ingest(sources: Sequence[Path], out: Path, *, progress: Any, **options: Any) -> RunSummary:
            calls.append({"sources": list(sources), "out": out, **options})
            for step in steps:
                progress(step)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        module = ModuleType("baocao.batch")
        module.ingest = ingest  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "baocao.batch", module)
        import baocao

        monkeypatch.setattr(baocao, "batch", module, raising=False)
        return calls

    return install
