"""Speed and memory of the whole job beside other readers, on the same files, in one run: `make bench`.

    python -m bench.speed [--seed 1] [--reports 30] [--many] [--only SECTION …] [--keep]

Sections: `pdf` (pages per processor second and exact rows of everyone), `docx`, `text` (what one more report costs),
`pages` (one file of 10 to 5,000 pages), `reports` (runs over 100 and 1,000 reports; with `--many` over 10,000),
`start` (`--help`, an empty run, workbook and page). Files are practice reports of `tools.corpus`; LibreOffice makes the
PDFs. Only processor time is looked at. What counts is the ratio to others in the same run: a busy machine slows all.
The last figures of each section are kept in `bench/results.md`, between its marks.

The cost of one more report: the same job over a small and a large folder, the difference divided by what the large
one has more. The small folder is a third of the files: what is learned once (words, names, fonts, the first file of an
indicator) is learned there, and what it came to is printed beside. The others read the same further files, warmed up by
one before them.
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
ROUNDS = 4
TEXTS_FOR_A_PDF = 4  # text and DOCX are read so quickly that fewer reports would not stand out from the noise
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
    """What reports cost that are read after others of their kind, isolation and dataset included: least of rounds."""

    def __init__(self, files: Sequence[Path], room: Path) -> None:
        self.files, self.room = files, room
        self.before, self.further = files[: len(files) // 3], files[len(files) // 3 :]
        self.large = self.small = self.one = math.inf

    def again(self) -> None:
        self.large = min(self.large, whole_run(self.files, self.room))
        self.small = min(self.small, whole_run(self.before, self.room))
        self.one = min(self.one, whole_run(self.before[:1], self.room))

    @property
    def seconds(self) -> float:
        """Processor seconds of the further reports together."""
        return self.large - self.small

    def told(self) -> str:
        first, later = (self.small - self.one) / (len(self.before) - 1), self.seconds / len(self.further)
        return (
            f"- each of reports 2 to {len(self.before)}, while words and names are learned: {1000 * first:.1f} ms; "
            f"each of the {len(self.further)} behind them, which is what counts here: {1000 * later:.1f} ms"
        )


def ours(path: Path) -> peers.Rows:
    """Rows as our first and second stage read them, in this process."""
    import extract
    import normalize

    report = normalize.normalize(extract.read_file(path, path.name), report_id="bench", source=path.name)
    return [[o.stt_raw, o.indicator_raw, o.unit_raw, o.value_raw] for o in report.observations]


def of_all(
    read: peers.Read, files: Sequence[Path], *, before: Path | None = None
) -> tuple[Used, dict[str, peers.Rows]]:
    """One reader over some files. What it does only once (caches, fonts, a virtual machine) it may do `before`."""

    def work() -> dict[str, Any]:
        return {path.name: read(path) for path in files}

    if before is not None:
        read(before)
    used = measured(work)
    found = used.result or {}
    return used, {name: rows for name, rows in found.items() if rows is not None}


def table_of_readers(
    kind: str, load: dict[str, Callable[[], peers.Read]], folder: Path, room: Path
) -> tuple[list[list[str]], dict[str, float], str]:
    """Everyone over the further files of one format: lines of a table, processor seconds of each, and a line on what
    learning costs us."""
    one_more = OneMore(sorted(folder.glob(f"*.{kind}")), room)
    files, first = one_more.further, one_more.before[0]
    pages = sum(map(made.page_count, files)) if kind == "pdf" else len(files)
    names = {path.name for path in files}
    truth = [row for row in made.truth(folder) if Path(row["path"]).name in names]
    lines: list[list[str]] = []
    seconds: dict[str, float] = {}
    # before the others are imported: a fork inherits their memory
    used, found = of_all(ours, files, before=first)
    readers = dict(peers.installed(load))
    least: dict[str, float] = {}
    for _ in range(ROUNDS):  # what is compared takes turns: on a shared machine minutes differ by half
        one_more.again()
        for name in AIMS:
            if (read := readers.get(name)) is not None:
                tried, _found = of_all(read, files, before=first)
                if not tried.error:
                    least[name] = min(tried.seconds, least.get(name, math.inf))
    seconds["ours"] = one_more.seconds
    lines.append(_line("**baocao, whole job**", seconds["ours"], pages, used.peak_mb, peers.exact_share(truth, found)))
    for name, read in readers.items():
        if read is None:
            lines.append([name, "not installed", "", "", ""])
            continue
        used, found = of_all(read, files, before=first)
        if used.error:
            lines.append([name, f"failed: {used.error.strip().splitlines()[-1]}"[:60], "", "", ""])
            continue
        seconds[name] = min(used.seconds, least.get(name, math.inf))
        share = peers.exact_share(truth, found) if found else None
        lines.append(_line(name, seconds[name], pages, used.peak_mb, share))
    for line, name in zip(lines, ["ours", *load], strict=True):
        line.append(f"{seconds['ours'] / seconds[name]:.2f}" if name in seconds else "")
    return lines, seconds, one_more.told()


def _line(name: str, seconds: float, units: int, peak_mb: float, share: float | None) -> list[str]:
    exact = "text only" if share is None else f"{share:.4f}"
    return [name, f"{units / seconds:.1f}", f"{1000 * seconds / units:.1f}", f"{peak_mb:.0f}", exact]


HEAD = ["ms of processor", "peak MB", "exact rows", "our job takes × its time"]


def pdf(room: Path, folder: Path) -> list[str]:
    lines, seconds, learning = table_of_readers("pdf", peers.PDF_PEERS, folder, room)
    told = as_table(["PDF, born digital", "pages a second", *HEAD], lines)
    return [*told, *targets(seconds), learning]


def docx(room: Path, folder: Path) -> list[str]:
    lines, seconds, learning = table_of_readers("docx", peers.DOCX_PEERS, folder, room)
    told = as_table(["DOCX", "reports a second", *HEAD], lines)
    return [*told, *targets(seconds), learning]


def targets(seconds: dict[str, float]) -> list[str]:
    return [
        f"- {peer} ÷ whole job: **{seconds[peer] / seconds['ours']:.2f}** (aim {aim}), least of {ROUNDS} rounds in turn"
        for peer, aim in AIMS.items()
        if peer in seconds
    ]


def text(room: Path, folder: Path) -> list[str]:
    one_more = OneMore(sorted(folder.glob("*.txt")), room)
    for _ in range(ROUNDS):
        one_more.again()
    size = sum(path.stat().st_size for path in one_more.further)
    each = 1000 * one_more.seconds / len(one_more.further)
    kb = size / len(one_more.further) / 1000
    speed = size / one_more.seconds / 1e6
    return [f"- text, {kb:.0f} kB a report: {each:.1f} ms, **{speed:.2f} MB/s** (aim 2)", one_more.told()]


def pages(room: Path, folder: Path) -> list[str]:
    """One PDF of many pages, read by a worker: it inherits the imports, as the fork server's children do, and has read
    another report before."""
    lines = []
    before = sorted(folder.glob("*.pdf"))[-1]
    for n in (10, 100, 1_000, 5_000):
        path = made.long_pdf(folder, room / f"{n}.pdf", n)
        rounds = ROUNDS if n <= 100 else 1
        tries = [
            json.loads(output(sys.executable, "-m", "bench.worker", str(path), str(before))) for _ in range(rounds)
        ]
        state = "" if all(used["is_read"] for used in tries) else " (not read)"
        least, peak = min(used["seconds"] for used in tries), max(used["peak_mb"] for used in tries)
        lines.append([f"{n:,}{state}", f"{1000 * least / n:.2f}", f"{peak:.0f}"])
        path.unlink()
    return as_table(["pages in one PDF", "ms a page", "peak MB of the worker (aim 200)"], lines)


def reports(room: Path, folder: Path, *, many: bool) -> list[str]:
    lines = []
    previous: tuple[int, float] | None = None
    for n in (10, 100, 1_000, *([10_000] if many else [])):
        shutil.rmtree(room / "many", ignore_errors=True)
        files = made.many_texts(folder, room / "many", n)
        seconds = min(whole_run(files, room) for _ in range(1 if n > 1_000 else 2))
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
    parser.add_argument("--reports", type=int, default=30, help="PDFs; four times as many texts and DOCX")
    parser.add_argument("--many", action="store_true", help="10,000 reports too")
    parser.add_argument("--only", action="append", choices=["pdf", "docx", "text", "pages", "reports", "start"])
    parser.add_argument("--no-keep", action="store_true", help="only print, leave bench/results.md as it is")
    options = parser.parse_args(arguments)
    if options.reports < 6:
        parser.error("--reports: at least 6, a third of them to warm up on")
    here = (
        f"{machine()} Seed {options.seed}, {options.reports} PDFs, {TEXTS_FOR_A_PDF * options.reports} texts and DOCX."
    )
    print(here, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        room = Path(name)
        wanted = options.only or list(TITLES)
        texts, pdfs = room / "texts", room / "pdfs"
        if set(wanted) - {"pdf", "pages"}:
            made.practice(texts, options.seed, TEXTS_FOR_A_PDF * options.reports, ("txt", "docx"))
        if {"pdf", "pages"} & set(wanted):
            made.practice(pdfs, options.seed, options.reports, ("pdf",))
        sections: dict[str, Callable[[], list[str]]] = {
            "pdf": lambda: pdf(room, pdfs),
            "docx": lambda: docx(room, texts),
            "text": lambda: text(room, texts),
            "start": lambda: start(room, texts),
            "pages": lambda: pages(room, pdfs),
            "reports": lambda: reports(room, texts, many=options.many),
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
