"""SIGKILL at random moments of a whole run: the dataset that stands can always be read, and the next run gives the
bytes of an undisturbed one. 20 moments here, 200 in `make soak` (BAOCAO_KILLS)."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from baocao import child, output
from baocao.output import manifest_of
from tests.baocao.conftest import MOCK, Run, put, snapshot

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("BAOCAO_KILLS", "20"))
# Imports everything once, then forks a run for each line it reads (it has started no thread by then). Parts of three
# reports, so that a kill falls between parts too; they are put in order again as soon as they are not.
VICTIMS = """
import importlib, json, os, pkgutil, sys
import baocao.writers
from baocao import batch, repack
for module in pkgutil.iter_modules(baocao.writers.__path__):
    importlib.import_module(f"baocao.writers.{module.name}")
batch._PART_REPORTS, repack.ROOM_FOR_RUNS, repack._TIMES = 3, 0, 1
for line in sys.stdin:
    source, out, options = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        batch.ingest(source, out, jobs=2, **options)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""

pytestmark = pytest.mark.skipif(not child.can_fork(), reason="killed runs are tried on Linux")


def reports(folder: Path, n: int) -> None:
    for i in range(n):
        rows = [["2", str(row), f"Số văn bản {row}", "Văn bản", 10 + i + row] for row in range(1, 4)]
        facts = {"agency": f"Sở {i % 3}", "period": str(2010 + i), "end": f"{2010 + i}-12-14", "number": f"{i}/BC-SNV"}
        put(folder, f"{i * 5 % 11:02d}.json", rows=rows, **facts)  # new ones come between the old


class Victims:
    """Runs that can be killed."""

    def __init__(self) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen([sys.executable, "-c", VICTIMS], cwd=ROOT, **pipes)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._say, self._hear = self._process.stdin, self._process.stdout

    def start(self, source: Path, out: Path) -> int:
        self._say.write(json.dumps([str(source), str(out), MOCK]) + "\n")
        self._say.flush()
        return int(self._hear.readline())

    def ends_within(self, seconds: float) -> bool:
        """Wait for the run to end, so long at most."""
        return bool(select.select([self._hear], [], [], seconds)[0])

    def status(self) -> int:
        return int(self._hear.readline())

    def close(self) -> None:
        self._say.close()
        self._process.wait()


@pytest.fixture(name="victims")
def _victims() -> Iterator[Victims]:
    victims = Victims()
    yield victims
    victims.close()


def assert_readable(out: Path) -> None:
    """Where a manifest stands, every file it names stands too, and every table opens."""
    for name in manifest_of(out) or ():
        path = out / name
        assert path.is_file(), name
        if path.suffix == ".parquet":
            pq.read_table(path)
        elif path.suffix == ".csv":
            assert path.read_bytes()[:3] == b"\xef\xbb\xbf" or name == "corrections.csv"


def test_a_run_killed_at_any_moment_costs_nothing(
    run: Run, victims: Victims, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "LOCK_PATIENCE", 60.0)  # on a busy machine the killed are slow to go
    sources, calm = [tmp_path / "few", tmp_path / "many"], []
    for source, n in zip(sources, (8, 11), strict=True):
        reports(source, n)
        run(source, out=tmp_path / f"calm-{source.name}")
        calm.append(snapshot(tmp_path / f"calm-{source.name}"))
    out = tmp_path / "out"
    victims.start(sources[0], out)
    began = time.monotonic()
    assert victims.status() == 0
    seconds = time.monotonic() - began
    chance, hits = random.Random(2024), 0
    for kill in range(KILLS):
        if kill % 4 == 0:  # a first run; else one that changes a dataset
            shutil.rmtree(out)
        which = kill % 2
        pid = victims.start(sources[which], out)
        # Moments are spread evenly, each somewhere in its share of the run.
        began = time.monotonic()
        if victims.ends_within(seconds * (kill * 7 % KILLS + chance.random()) / KILLS):
            seconds = time.monotonic() - began  # the machine is quicker now
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        hits += victims.status() != 0
        assert_readable(out)
        run(sources[which], out=out)
        assert snapshot(out) == calm[which], f"kill {kill}"
    assert hits > KILLS // 4  # many kills must fall within a run, or this says nothing
