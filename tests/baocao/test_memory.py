"""What a run holds does not grow with the number of reports: peaks of two runs beside each other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from baocao import child

ROOT = Path(__file__).parents[2]
_RUN = """
import sys; sys.path.insert(0, {root!r})
from baocao import batch
from baocao.writers import WRITERS
WRITERS.clear()  # workbook and page have limits of their own
batch.ingest({source!r}, {out!r}, jobs=2, reader="tests.baocao.mock_reader:read", warm="tests.baocao.mock_reader:warm")
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0])
"""


def peak_kb(folder: Path, n: int) -> int:
    """The peak of a fresh process that reads `n` reports, many of them versions of others, and writes the dataset."""
    source = folder / f"in{n}"
    source.mkdir()
    for i in range(n):
        facts = {"agency": f"Sở {i % 100}", "period": str(1900 + i % 120), "number": f"{i}/BC"}
        rows = [["2", str(row), "Số văn bản", "Văn bản", i + row] for row in range(3)]
        (source / f"{i:05d}.json").write_text(json.dumps({**facts, "rows": rows}), "utf-8")
    code = _RUN.format(root=str(ROOT), source=str(source), out=str(folder / f"out{n}"))
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not child.can_fork(), reason="the peak of a process is told by Linux")
def test_memory_does_not_grow_with_the_number_of_reports(tmp_path: Path) -> None:
    few, many = (peak_kb(tmp_path, n) for n in (2_000, 12_000))
    assert many < 1.18 * few, f"{few} kB for 2,000 reports, {many} kB for 12,000"
