"""Speed and memory of the whole job beside other readers, on the same files, in one run: `make bench`.

    python -m bench.speed [--seed 1] [--reports 12] [--many] [--only SECTION …] [--keep]

Sections: `pdf` (pages per processor second and exact rows of everyone), `docx`, `text` (what one more report costs),
`pages` (one file of 10 to 5,000 pages), `reports` (runs over 100 and 1,000 reports; with `--many` over 10,000),
`start` (`--help`, an empty run, workbook and page). Files are practice reports of `tools.corpus`; LibreOffice makes the
PDFs. Only processor time is looked at. What counts is the ratio to others in the same run: a busy machine slows all.
The last figures of each section are kept in `bench/results.md`, between its marks.

The cost of one more report: the same job over a small and a large folder, the difference divided by the reports.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import made, peers
from bench.harness import ROOT, Used, command, measured, output, python

RESULTS = ROOT / "bench" / "results.md"
TITLES = {
    "pdf": "Born-digital PDF beside others",
    "docx": "DOCX beside others",
    "text": "Text",
    "start": "Start, workbook and page",
    "pages": "One PDF of many pages",
    "reports": "Many reports",
}
SMALL = 2  # reports of the small folder
ROUNDS = 4
AIMS = {"pdfplumber extract_tables": 10, "PDFium, bare text": 0.2, "python-docx row.cells": 3}


def whole_run(files: Sequence[Path], room: Path, *, everything: bool = False) -> float:
    """Processor seconds of a run over copies of some files; workbook and page only with `everything`."""
    source, out = room / "in", room / "out"
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    for path in files:
        shutil.copy(path, source / path.name)
    clear = "" if everything else "from baocao.writers import WRITERS; WRITERS.clear();"
    return python(f"from baocao import batch; {clear} batch.ingest({str(source)!r}, {str(out)!r}, jobs=1)")


class OneMore:
    """Processor seconds of one more report of this kind, isolation and dataset included: least of some rounds."""

    def __init__(self, files: Sequence[Path], room: Path) -> None:
        self.files, self.room = files, room
        self.large = self.small = math.inf

    def again(self) -> None:
        self.large = min(self.large, whole_run(self.files, self.room))
        self.small = min(self.small, whole_run(self.files[:SMALL], self.room))

    @property
    def seconds(self) -> float:
        return (self.large - self.small) / (len(self.files) - SMALL)


def ours(path: Path) -> peers.Rows:
    """Rows as our first and second stage read them, in this process."""
    import extract
    import normalize

    report = normalize.normalize(extract.read_file(path, path.name), report_id="bench", source=path.name)
    return [[o.stt_raw, o.indicator_raw, o.unit_raw, o.value_raw] for o in report.observations]


def of_all(read: peers.Read, files: Sequence[Path], *, warm: bool = True) -> tuple[Used, dict[str, peers.Rows]]:
    """One reader over all files. What it does only once (caches, fonts, a virtual machine) it may do before."""

    def work() -> dict[str, Any]:
        return {path.name: read(path) for path in files}

    if warm:
        read(files[0])
    used = measured(work)
    found = used.result or {}
    return used, {name: rows for name, rows in found.items() if rows is not None}


def table_of_readers(
    kind: str, load: dict[str, Callable[[], peers.Read]], folder: Path, room: Path
) -> tuple[list[list[str]], dict[str, float]]:
    """Everyone over the files of one format: lines of a table, and processor seconds of each."""
    files = sorted(folder.glob(f"*.{kind}"))
    pages = sum(map(made.page_count, files)) if kind == "pdf" else len(files)
    truth = [row for row in made.truth(folder) if row["path"].endswith(f".{kind}")]
    lines: list[list[str]] = []
    seconds: dict[str, float] = {}
    used, found = of_all(ours, files)  # before the others are imported: a fork inherits their memory
    readers = dict(peers.installed(load))
    one_more = OneMore(files, room)
    least: dict[str, float] = {}
    for _ in range(ROUNDS):  # what is compared takes turns: on a shared machine minutes differ by half
        one_more.again()
        for name in AIMS:
            if (read := readers.get(name)) is not None:
                tried, _found = of_all(read, files)
                if not tried.error:
                    least[name] = min(tried.seconds, least.get(name, math.inf))
    marginal = one_more.seconds * len(files)
    # The pages of the small folder are not those of the large one: the whole job is set against the mean page.
    seconds["ours"] = marginal
    lines.append(_line("**baocao, whole job**", marginal, pages, used.peak_mb, peers.exact_share(truth, found)))
    for name, read in readers.items():
        if read is None:
            lines.append([name, "not installed", "", "", ""])
            continue
        used, found = of_all(read, files)
        if used.error:
            lines.append([name, f"failed: {used.error.strip().splitlines()[-1]}"[:60], "", "", ""])
            continue
        seconds[name] = min(used.seconds, least.get(name, math.inf))
        share = peers.exact_share(truth, found) if found else None
        lines.append(_line(name, seconds[name], pages, used.peak_mb, share))
    for line, name in zip(lines, ["ours", *load], strict=True):
        line.append(f"{seconds['ours'] / seconds[name]:.2f}" if name in seconds else "")
    return lines, seconds


def _line(name: str, seconds: float, units: int, peak_mb: float, share: float | None) -> list[str]:
    exact = "text only" if share is None else f"{share:.4f}"
    return [name, f"{units / seconds:.1f}", f"{1000 * seconds / units:.1f}", f"{peak_mb:.0f}", exact]


HEAD = ["ms of processor", "peak MB", "exact rows", "our job takes × its time"]


def pdf(room: Path, folder: Path) -> list[str]:
    lines, seconds = table_of_readers("pdf", peers.PDF_PEERS, folder, room)
    told = as_table(["PDF, born digital", "pages a second", *HEAD], lines)
    return told + targets(seconds)


def docx(room: Path, folder: Path) -> list[str]:
    lines, seconds = table_of_readers("docx", peers.DOCX_PEERS, folder, room)
    told = as_table(["DOCX", "reports a second", *HEAD], lines)
    return told + targets(seconds)


def targets(seconds: dict[str, float]) -> list[str]:
    return [
        f"- {peer} ÷ whole job: **{seconds[peer] / seconds['ours']:.2f}** (aim {aim}), least of {ROUNDS} rounds in turn"
        for peer, aim in AIMS.items()
        if peer in seconds
    ]


def text(room: Path, folder: Path) -> list[str]:
    files = sorted(folder.glob("*.txt"))
    size = sum(path.stat().st_size for path in files)
    one_more = OneMore(files, room)
    for _ in range(ROUNDS):
        one_more.again()
    each = one_more.seconds
    speed = size / len(files) / each / 1e6
    return [f"- text, {size / len(files) / 1000:.0f} kB a report: {1000 * each:.1f} ms, **{speed:.2f} MB/s** (aim 2)"]


def pages(room: Path, folder: Path) -> list[str]:
    """One PDF of many pages, read by a worker: it inherits the imports, as the fork server's children do."""
    lines = []
    for n in (10, 100, 1_000, 5_000):
        path = made.long_pdf(folder, room / f"{n}.pdf", n)
        used = json.loads(output(sys.executable, "-m", "bench.worker", str(path)))
        state = "" if used["is_read"] else " (not read)"
        lines.append([f"{n:,}{state}", f"{1000 * used['seconds'] / n:.2f}", f"{used['peak_mb']:.0f}"])
        path.unlink()
    return as_table(["pages in one PDF", "ms a page", "peak MB of the worker (aim 200)"], lines)


def reports(room: Path, folder: Path, *, many: bool) -> list[str]:
    lines = []
    previous: tuple[int, float] | None = None
    for n in (10, 100, 1_000, *([10_000] if many else [])):
        shutil.rmtree(room / "many", ignore_errors=True)
        seconds = whole_run(made.many_texts(folder, room / "many", n), room)
        each = seconds / n if previous is None else (seconds - previous[1]) / (n - previous[0])
        lines.append([f"{n:,}", f"{seconds:.1f}", f"{1000 * seconds / n:.2f}", f"{1000 * each:.2f}"])
        previous = n, seconds
    return as_table(["text reports in a run", "s", "ms a report", "ms of each further one"], lines)


def start(room: Path, folder: Path) -> list[str]:
    """Start-up, and what the workbook and the page of the dataset cost beside the rest."""
    bare = min(python("pass") for _ in range(5))
    shown = min(command(sys.executable, "-m", "baocao", "--help") for _ in range(5))
    files = sorted(folder.glob("*.txt"))
    first = min(whole_run(files[:1], room) for _ in range(2))
    plain, with_all = whole_run(files, room), whole_run(files, room, everything=True)
    return [
        f"- `baocao --help`: {shown / bare:.1f} × `python -c pass` (aim 10)",
        f"- a run over one small report (start of both processes, imports, the dataset): {first:.2f} s",
        f"- workbook, page, codebook of {len(files)} reports: {with_all - plain:.2f} s more",
    ]


def as_table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *lines)), ""]


def machine() -> str:
    names = ["pypdfium2", "pdfplumber", "camelot-py", "tabula-py", "img2table", "markitdown", "python-docx", "lxml"]
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    model = next(
        (line.split(":")[1].strip() for line in _cpu_info() if line.startswith("model name")), platform.machine()
    )
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} × {model}, {load} at the start; Python {platform.python_version()}; {', '.join(found)}."


def _cpu_info() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def keep(section: str, told: Sequence[str]) -> None:
    """Put the figures of one section between its marks in `bench/results.md`; what stands elsewhere stays."""
    begin, end = f"<!-- make bench: {section} -->", f"<!-- end of {section} -->"
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Measured figures\n"
    if begin not in text:
        text = f"{text.rstrip()}\n\n{begin}\n{end}\n"
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    RESULTS.write_text(f"{before}{begin}\n" + "\n".join(told).strip() + f"\n{end}{after}", "utf-8")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=12)
    parser.add_argument("--many", action="store_true", help="10,000 reports too")
    parser.add_argument("--only", action="append", choices=["pdf", "docx", "text", "pages", "reports", "start"])
    parser.add_argument("--no-keep", action="store_true", help="only print, leave bench/results.md as it is")
    options = parser.parse_args(arguments)
    here = f"{machine()} Seed {options.seed}, {options.reports} reports a format."
    print(here, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        room = Path(name)
        wanted = options.only or list(TITLES)
        formats = ("txt", "docx", "pdf") if {"pdf", "pages"} & set(wanted) else ("txt", "docx")
        folder = made.practice(room / "reports", options.seed, options.reports, formats)
        sections: dict[str, Callable[[], list[str]]] = {
            "pdf": lambda: pdf(room, folder),
            "docx": lambda: docx(room, folder),
            "text": lambda: text(room, folder),
            "start": lambda: start(room, folder),
            "pages": lambda: pages(room, folder),
            "reports": lambda: reports(room, folder, many=options.many),
        }
        for section, work in sections.items():
            if section not in wanted:
                continue
            told = [f"### {TITLES[section]}", "", here, *work()]
            print("\n".join(told), flush=True)
            if not options.no_keep:
                keep(section, told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
