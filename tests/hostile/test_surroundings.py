"""What lies around the reports: odd names, links, a full disk, a second run, Ctrl-C, names and texts of a report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from baocao.dry_run import dry_run
from baocao.errors import OutputBusy
from baocao.output import Output
from tests.baocao.conftest import MOCK, Run, is_running, put, read_csv, snapshot, wait_until

ROOT = Path(__file__).parents[2]
ROWS = [["2", "1", "Số văn bản", "Văn bản", 12.5]]
ODD_NAMES = [
    "bao cao de\u0302 xua\u0302\u0301t.json".encode(),  # NFD, as macOS writes it
    "báo cáo.json".encode("cp1258", "replace"),
    b"\xd0\xf8\xff.json",
    b"dots...json",
    b"dot at the end.json.",
    b"\x01control\x7f\n.json",
    "‮nosj.txt.json".encode(),
    b"=cmd|' calc'!A0.json",
    b"a" * 245 + b".json",
    b" leading and trailing .json ",
    b'quote",comma.json',
    b"-rf.json",
]


@pytest.mark.skipif(sys.platform == "darwin" or os.name == "nt", reason="names are bytes on Linux only")
def test_files_with_odd_names_are_read_and_shown(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for n, name in enumerate(ODD_NAMES):
        put(folder, f"{n}.json", period=str(2000 + n), rows=ROWS)
        (folder / f"{n}.json").rename(folder / os.fsdecode(name))
    (folder / "link.json").symlink_to("/etc/passwd")
    os.mkfifo(folder / "fifo.json")
    summary = run()
    assert (summary.read, summary.skipped, summary.failed) == (len(ODD_NAMES), {"link": 1, "not-a-file": 1}, {})
    reports = read_csv(tmp_path / "out" / "reports.csv")
    assert len(reports) == len(ODD_NAMES) + 2
    sources = {row["source"] for row in reports}
    assert {"bao cao dê xuất.json", "'=cmd|' calc'!A0.json", "dots...json"} <= sources
    assert not any("\n" in source for source in sources)


def test_names_out_of_a_report_never_leave_the_folder_of_indicators(run: Run, tmp_path: Path) -> None:
    names = ["../../x", "CON", "a" * 300, "‮evil", "đ", "đ".upper(), "/etc/passwd", "a/b", "é", "e\u0301", ".hidden"]
    rows = [["2", str(n), name, "", n] for n, name in enumerate(names, 1)]
    put(tmp_path / "in", "a.json", rows=rows, ids={str(n): name for n, name in enumerate(names, 1)})
    run()
    out = tmp_path / "out"
    files = sorted(path.name for path in (out / "indicators").iterdir())
    assert len([name for name in files if name.endswith((".csv", ".parquet"))]) == 2 * len(names)
    assert all(name.isascii() and len(name) <= 80 and name[0] != "." for name in files)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}
    assert not any(path.is_dir() for path in (out / "indicators").iterdir())


def test_texts_out_of_a_report_are_no_formulas_in_csv(run: Run, tmp_path: Path) -> None:
    texts = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", "-", "-5", "+3,5"]
    put(tmp_path / "in", "a.json", rows=[["2", str(n), text, "", 1] for n, text in enumerate(texts)])
    run()
    written = [row["indicator_raw"] for row in read_csv(tmp_path / "out" / "observations.csv")]
    assert written == [*(f"'{text}" for text in texts[:6]), "-", "-5", "+3,5"]


# What a run says on a disk of 1 MB that gets full: in a mount namespace of its own, so that the disk is gone with the
# process, whatever happens.
ON_A_SMALL_DISK = """
import json, subprocess, sys
from pathlib import Path
from baocao.batch import ingest
from baocao.errors import BaocaoError
from tests.baocao.conftest import MOCK, PATIENT, put, snapshot

folder = Path(sys.argv[1])
disk = folder / "disk"
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)
said = []
for step in range(3):
    if step == 1:  # does not compress
        put(folder / "in", "b.json", rows=[], text="".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(400_000)))
    if step == 2:
        (folder / "in" / "b.json").unlink()
    try:
        ingest(folder / "in", disk / "out", jobs=2, limits=PATIENT, **MOCK)
        said.append("written")
    except BaocaoError as error:
        said.append(f"{type(error).__name__}: {error.message}")
    dataset = snapshot(disk / "out")
    if step == 0:
        first = dataset
    said[-1] += ", whole" if dataset == first and dataset else ", broken"
print(json.dumps(said))
"""


def test_a_full_disk_is_told_and_the_old_dataset_stays_whole(tmp_path: Path) -> None:
    alone = ["unshare", "--mount", "--propagation", "private"]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    put(tmp_path / "in", "a.json", rows=ROWS)
    (tmp_path / "disk").mkdir()
    command = [*alone, sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if b"permission denied" in ran.stderr:
        pytest.skip("a disk may not be mounted here")
    assert ran.returncode == 0, ran.stderr.decode()
    written, full, again = json.loads(ran.stdout)
    assert (written, again) == ("written, whole", "written, whole")
    assert full.startswith("OutputNotWritable") and full.endswith("No space left on device., whole")
    assert not os.path.ismount(tmp_path / "disk")


def start(source: Path, out: Path) -> subprocess.Popen[bytes]:
    code = f"from baocao.batch import ingest; ingest({str(source)!r}, {str(out)!r}, jobs=2, **{MOCK!r})"
    command = [sys.executable, "-X", "faulthandler", "-c", code]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)


def test_ctrl_c_ends_at_once_leaves_no_process_and_the_old_dataset(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", rows=ROWS)
    run()
    whole = snapshot(tmp_path / "out")
    for name in ("b.json", "c.json"):  # one of them has been read when the third file is begun
        put(tmp_path / "in", name, period=name, rows=ROWS)
    put(tmp_path / "in", "hangs.json", do="fork and wait", witness=str(tmp_path / "grandchild"))
    process = start(tmp_path / "in", tmp_path / "out")
    assert wait_until((tmp_path / "grandchild").exists)
    with pytest.raises(OutputBusy, match="Another run"):
        run()
    process.send_signal(signal.SIGINT)
    try:
        _, said = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # a run that goes on says where it is
        pytest.fail(process.communicate(timeout=120)[1].decode())
    assert process.returncode != 0
    assert b"KeyboardInterrupt" in said
    assert snapshot(tmp_path / "out") == whole
    planned = {one.source: one.action for one in dry_run(tmp_path / "in", tmp_path / "out")}
    assert "reuse" in (planned["b.json"], planned["c.json"]), "what was read before the interruption is kept"
    child = int((tmp_path / "grandchild").read_text())
    assert wait_until(lambda: not is_running(child))
    with Output(tmp_path / "out"):  # the lock is free again
        pass


def test_a_service_that_is_stopped_ends_a_run_as_ctrl_c_does(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    command = [
        sys.executable,
        "-m",
        "baocao",
        "ingest",
        str(tmp_path / "in"),
        "--out",
        str(tmp_path / "out"),
        "--watch",
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env={**os.environ, "BAOCAO_LANG": "en"})
    assert process.stderr is not None
    process.stderr.readline()  # it waits for files now
    process.terminate()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"what was read is kept" in said
