"""What isolation costs, how reading scales and what memory it takes: `python bench/reading.py WHAT`.

isolation   a tiny report read in this process and by a forked child, one after the other
workers     240 practice reports (text, DOCX, PDF), with 1 and 2 workers
pages       practice reports as text, DOCX and PDF: processor time and bytes of a report and of a page
first       the first stage alone on text and DOCX: reports that differ, read after others of their kind, and again
memory      1,000 and 20,000 tiny reports as whole runs; peak of the parent and of the largest child
rerun       a run over 100,000 unchanged files
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import extract  # noqa: E402
from baocao import batch, documents, rows  # noqa: E402
from baocao.child import ForkPool, Job, Limits, read_all  # noqa: E402
from baocao.ledger import Ledger, Reading, extract_fingerprint  # noqa: E402
from baocao.reading import read_whole  # noqa: E402
from tests.baocao import mock_reader  # noqa: E402
from tools.corpus import practice  # noqa: E402
from tools.corpus.__main__ import write  # noqa: E402

MOCK = {"reader": "tests.baocao.mock_reader:read", "warm": "tests.baocao.mock_reader:warm"}


def tiny(n: int) -> str:
    facts = {"agency": f"Sở {n % 500}", "period": str(1900 + n % 120), "number": f"{n}/BC"}
    return json.dumps({**facts, "rows": [["2", str(i), "Số văn bản", "Văn bản", n + i] for i in range(3)]})


def used_by(pool: ForkPool) -> float:
    """Seconds of processor that the server and its ended children took, this process included."""
    fields = Path(f"/proc/{pool._process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + time.process_time()


def isolation(folder: Path) -> None:
    n = 500
    paths = [folder / f"{i}.json" for i in range(n)]
    for i, path in enumerate(paths):
        path.write_text(tiny(i), "utf-8")
    started, cpu = time.perf_counter(), time.process_time()
    for path in paths:
        rows.encode(mock_reader.read(path, path.name, "x"))
    inside, inside_cpu = (time.perf_counter() - started) / n, (time.process_time() - cpu) / n
    pool = ForkPool(folder / "tmp", reader=MOCK["reader"])  # the real server: everything imported
    list(read_all([Job(0, str(paths[0]), "x", "x")], pool, 1))
    started, cpu = time.perf_counter(), used_by(pool)
    list(read_all([Job(i, str(path), path.name, "x") for i, path in enumerate(paths)], pool, 1))
    outside, outside_cpu = (time.perf_counter() - started) / n, (used_by(pool) - cpu) / n
    pool.close()
    print(f"in this process {1000 * inside:.2f} ms, in a child {1000 * outside:.2f} ms;", end=" ")
    print(f"of processor {1000 * inside_cpu:.2f} and {1000 * outside_cpu:.2f} ms a file")


def workers(folder: Path) -> None:
    """Reports that all differ: a child reads on, and the second time it reads a report it knows its words."""
    formats = ("txt", "docx", "pdf")
    write(practice.draw(11, 80, formats), folder, frozenset(formats))
    samples = sorted(p for name in formats for p in folder.glob(f"*.{name}"))
    speeds = []
    for n in (1, 2):
        pool = ForkPool(folder / f"tmp{n}")
        list(read_all([Job(0, str(samples[0]), samples[0].name, "x")], pool, n))
        started = time.perf_counter()
        list(read_all([Job(i, str(p), p.name, "x") for i, p in enumerate(samples)], pool, n, Limits()))
        speeds.append(len(samples) / (time.perf_counter() - started))
        pool.close()
    print(f"{len(samples)} reports: {speeds[0]:.2f} a second with 1 worker, {speeds[1]:.2f} with 2", end="")
    print(f" ({speeds[1] / speeds[0]:.2f} ×)")


def pages(folder: Path) -> None:
    """What a big run is worked out from: 40 reports of practice, each in three formats, read by both stages."""
    formats = ("txt", "docx", "pdf")
    write(practice.draw(7, 40, formats), folder, frozenset(formats))
    of_format = {name: sorted(folder.glob(f"*.{name}")) for name in formats}
    read_whole(of_format["pdf"][0], "x", "x")
    with_pages = [(p, read_whole(p, p.name, "x").document.pages or 1) for p in of_format["pdf"]]
    n_pages = {p.stem: n for p, n in with_pages}
    print(f"{len(n_pages)} reports of {sum(n_pages.values()) / len(n_pages):.1f} pages as PDF")
    for name, paths in of_format.items():
        cpu, n_rows, packed, source, kept = time.process_time(), 0, 0, 0, 0
        for path in paths:
            report = read_whole(path, path.name, "x")
            packed += len(rows.encode(report.normalized))
            kept += len(documents.encode(report.document))
            n_rows += len(report.observations)
            source += path.stat().st_size
        cpu = time.process_time() - cpu
        n, pages = len(paths), sum(n_pages[p.stem] for p in paths)
        print(f"  {name}: {1000 * cpu / n:.0f} ms a report, {1000 * cpu / pages:.0f} ms a page;", end=" ")
        print(
            f"{n_rows / n:.0f} rows, {n_rows / pages:.1f} a page; bytes a report: {source // n:,} of the file,", end=" "
        )
        print(f"{packed // n:,} of rows, {kept // n:,} of its document")


def first(folder: Path) -> None:
    """The reading stage alone. What is kept over files (words, mark-up) it has met in 40 other reports."""
    formats = ("txt", "docx")
    for name, seed, n in (("known", 11, 40), ("new", 12, 60)):
        write(practice.draw(seed, n, formats), folder / name, frozenset(formats))
    for name in formats:
        for path in sorted((folder / "known").glob(f"*.{name}")):
            extract.read_file(path)
        paths = sorted((folder / "new").glob(f"*.{name}"))
        passes = []
        for _ in range(3):
            cpu = time.process_time()
            for path in paths:
                extract.read_file(path)
            passes.append(1000 * (time.process_time() - cpu) / len(paths))
        size = sum(path.stat().st_size for path in paths) / len(paths) / 1000
        print(f"  {name}: {passes[0]:.1f} ms a report of {size:.0f} kB, read again {min(passes[1:]):.1f} ms;", end="")
    print()


def peak_kb() -> int:
    """The peak of this program's memory. (What `getrusage` says, a process inherits from the one that started it.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def read_and_note(path: Path, source: str, report_id: str, **known: Any) -> Any:
    """The mock reader; each child notes its peak behind those of the others."""
    report = mock_reader.read(path, source, report_id, **known)
    with Path(os.environ["BENCH_PEAKS"]).open("ab") as file:
        file.write(b"%10d" % peak_kb())
    return report


def memory(folder: Path) -> None:
    for n in (1_000, 20_000):
        source, peaks = folder / f"in{n}", folder / f"peaks{n}"
        source.mkdir()
        for i in range(n):
            (source / f"{i:05d}.json").write_text(tiny(i), "utf-8")
        code = f"""
import sys, time; sys.path.insert(0, {str(ROOT)!r})
from baocao import batch
from baocao.writers import WRITERS
from bench.reading import peak_kb
WRITERS.clear()
started = time.perf_counter()
how = dict(reader="bench.reading:read_and_note", warm={MOCK["warm"]!r})
batch.ingest({str(source)!r}, {str(folder / f"out{n}")!r}, jobs=2, **how)
print(f"{n:,} reports: {{time.perf_counter() - started:.1f}} s, parent {{peak_kb() // 1024}} MB", end="")
"""
        subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "BENCH_PEAKS": str(peaks)})
        noted = peaks.read_bytes()
        largest = max(int(noted[at : at + 10]) for at in range(0, len(noted), 10))
        print(f", largest of the children {largest // 1024} MB", flush=True)


def rerun(folder: Path) -> None:
    source, out = folder / "in", folder / "out"
    for i in range(100_000):
        place = source / f"{i % 100:02d}"
        if i < 100:
            place.mkdir(parents=True)
        (place / f"{i:06d}.txt").write_text(str(i))
    (out / ".work").mkdir(parents=True)
    ledger = Ledger(out / ".work" / "ledger.sqlite")
    shas = (ledger.sha256_of(str(path.resolve())) for path in sorted(source.rglob("*.txt")))
    seen = Reading(code="no-report", message="x", extracted=extract_fingerprint())
    ledger.add(((sha, ".txt"), seen) for sha in shas)
    ledger.close()
    for which in ("first", "again"):
        started, cpu = time.perf_counter(), time.process_time()
        summary = batch.ingest(source, out, **MOCK)
        print(f"{which}: {summary.n_files:,} files, {summary.reused:,} taken over:", end=" ")
        print(f"{time.perf_counter() - started:.1f} s, {time.process_time() - cpu:.1f} s of processor")


def main() -> None:
    for name in sys.argv[1:] or ("isolation", "workers", "pages", "first", "memory", "rerun"):
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            print(f"{name} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores): ", end="", flush=True)
            {
                "isolation": isolation, "workers": workers, "pages": pages, "first": first, "memory": memory,
                "rerun": rerun,
            }[name](Path(folder))  # fmt: skip
    print(f"peak of this process {peak_kb() // 1024} MB")


if __name__ == "__main__":
    main()
