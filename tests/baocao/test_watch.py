"""A drop folder: a run at once if there are files, then one after every change that has settled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from baocao.errors import OutputBusy, OutputNotWritable
from baocao.watch import watch


def watched(folder: Path, steps: list[Callable[[], object]], run: Callable[[], object] = lambda: None) -> list[int]:
    """At which look a run began; a step is what happens to the folder between two looks."""
    looks, begun = 0, []

    def note() -> None:
        begun.append(looks)
        run()

    def wait(seconds: float) -> None:
        nonlocal looks
        if looks == len(steps):
            raise KeyboardInterrupt
        steps[looks]()
        looks += 1

    with pytest.raises(KeyboardInterrupt):
        watch([folder], folder.parent / "out", note, wait=wait)
    return begun


def nothing() -> None: ...


def test_a_folder_with_files_is_run_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("1")
    assert watched(tmp_path / "in", [nothing] * 4) == [0]


def test_a_file_is_read_when_it_has_come_whole(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    file = folder / "a"
    arrives = [nothing, lambda: file.write_text("1"), lambda: file.write_text("12"), nothing, nothing]
    assert watched(folder, [*arrives, file.unlink, nothing, lambda: file.write_text("3"), nothing, nothing]) == [4, 9]


def test_an_output_that_another_run_holds_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("1")

    def busy() -> None:
        raise OutputBusy("busy")

    assert watched(tmp_path / "in", [nothing] * 2, busy) == [0, 1, 2]


def test_a_share_that_is_gone_for_a_while_is_waited_for_and_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, away = tmp_path / "in", tmp_path / "away"
    folder.mkdir()
    (folder / "a").write_text("1")
    steps = [lambda: folder.rename(away), nothing, nothing, lambda: away.rename(folder)]
    assert watched(folder, [*steps, lambda: (folder / "b").write_text("2"), nothing, nothing]) == [0, 6]
    assert capsys.readouterr().err.count("does not exist") == 1


def test_a_full_disk_is_told_and_tried_again_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_text("1")

    def full() -> None:
        raise OutputNotWritable("No space left.")

    assert watched(tmp_path / "in", [nothing] * 61, full) == [0, 30, 60]
    assert capsys.readouterr().err.count("No space left.") == 1
