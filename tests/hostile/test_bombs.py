"""Every bomb ends in its typed status within its limits, and the reports beside it are read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from baocao import child
from baocao.batch import ingest
from baocao.child import Limits
from tests.baocao.conftest import read_csv
from tests.hostile.bombs import BOMBS, SLOW, Bomb, text_report

LIMITS = Limits(
    memory_bytes=500_000_000,
    memory_hard_bytes=1_500_000_000,
    seconds=2,
    seconds_a_page=0.5,
    seconds_without_progress=3,
)
# A bomb that is refused in words is given all the time it wants: only what hangs or grows may end by the clock.
PATIENT = Limits(memory_bytes=500_000_000, memory_hard_bytes=1_500_000_000, seconds=120, seconds_without_progress=120)
# Two tries of each, one behind the other, with room for a machine that is busy.
MOST_SECONDS = 2 * (LIMITS.seconds + LIMITS.seconds_without_progress) + 20
MOST_BYTES = 6_100_000

pytestmark = pytest.mark.skipif(not child.can_fork(), reason="memory is limited on Linux only")


def run_over(bombs: Mapping[str, Bomb], folder: Path, limits: Limits = LIMITS) -> dict[str, dict[str, Any]]:
    """The rows of `reports` by source, and how long each file took at most (with two at a time)."""
    source = folder / "in"
    source.mkdir()
    for name, (make, _, _) in bombs.items():
        content = make()
        assert len(content) <= MOST_BYTES, name
        (source / name).write_bytes(content)
    for n in range(1, 5):
        (source / f"report-{n}.txt").write_bytes(text_report(n))
    started = time.monotonic()
    ingest(source, folder / "out", jobs=2, limits=limits)
    if limits == LIMITS:
        assert time.monotonic() - started < MOST_SECONDS * len(bombs)
    return {row["source"]: row for row in read_csv(folder / "out" / "reports.csv")}


def check(bomb: Bomb, row: Mapping[str, str]) -> None:
    _, statuses, codes = bomb
    assert row["status"] in statuses
    if row["status"] == "failed":
        assert row["error"] in codes
        assert row["error_message"]


@pytest.fixture(name="rows", scope="module")
def _rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    slow = {name: bomb for name, bomb in BOMBS.items() if "timeout" in bomb[2]}
    quick = {name: bomb for name, bomb in BOMBS.items() if name not in slow}
    rows = run_over(quick, tmp_path_factory.mktemp("quick"), PATIENT)
    return {**rows, **run_over(slow, tmp_path_factory.mktemp("slow"))}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_its_status(name: str, rows: Mapping[str, Mapping[str, str]]) -> None:
    check(BOMBS[name], rows[name])


@pytest.mark.parametrize("n", range(1, 5))
def test_the_reports_beside_the_bombs_are_read(n: int, rows: Mapping[str, Mapping[str, str]]) -> None:
    row = rows[f"report-{n}.txt"]
    assert row["status"] in ("ok", "doubtful")
    assert (row["doc_number"], row["n_observations"]) == (f"{n}/BC-SNV", "2")


def test_a_file_of_a_password_is_not_told_as_damage(rows: Mapping[str, Mapping[str, str]]) -> None:
    assert (rows["encrypted.pdf"]["status"], rows["encrypted.pdf"]["error"]) == ("failed", "encrypted")


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_heavy_bomb_ends_in_its_status(name: str, tmp_path: Path) -> None:
    rows = run_over({name: SLOW[name]}, tmp_path)
    check(SLOW[name], next(row for source, row in rows.items() if source.startswith(name)))
    assert rows["report-1.txt"]["status"] in ("ok", "doubtful")
