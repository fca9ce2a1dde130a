"""Command line of the generator.

python -m tools.corpus [--out corpus] [--no-pdf]
python -m tools.corpus practice DIR [--seed N] [--reports K] [--formats txt,docx,pdf]
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tools.corpus import truth, write_docx, write_pdf, write_text
from tools.corpus.model import Report

MANIFEST = ("path", "format", "family", "purpose", "origin")


def rendered(reports: Sequence[Report], formats: frozenset[str]) -> dict[str, bytes]:
    """Path → bytes of every file of these reports in the wanted formats."""
    files: dict[str, bytes] = {}
    for report in reports:
        if "txt" in report.formats and "txt" in formats:
            files[f"{report.stem}.txt"] = write_text.encode(report)
        if "docx" in report.formats and "docx" in formats:
            files[f"{report.stem}.docx"] = write_docx.encode(report)
    if "pdf" in formats:
        files |= write_pdf.convert(
            {f"{r.stem}.pdf": write_docx.encode(r, accepts_changes=True) for r in reports if "pdf" in r.formats}
        )
    return files


def manifest(reports: Sequence[Report]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(MANIFEST)
    for report in reports:
        for path in truth.paths(report):
            writer.writerow((path, path.rpartition(".")[2], report.family, report.purpose, report.origin))
    return buffer.getvalue()


def write(reports: Sequence[Report], out: Path, formats: frozenset[str]) -> dict[str, bytes]:
    files = rendered(reports, formats)
    for path, data in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    texts = {f"truth/{name}": text for name, text in truth.tables(reports).items()} | {
        "manifest.csv": manifest(reports)
    }
    (out / "truth").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="")
    return files


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.corpus", description="Tạo lại các báo cáo mẫu và số liệu chuẩn của chúng."
    )
    parser.add_argument("--out", type=Path, default=Path("corpus"))
    parser.add_argument("--no-pdf", action="store_true", help="bỏ qua mẫu PDF (không cần LibreOffice)")
    commands = parser.add_subparsers(dest="command")
    practice = commands.add_parser("practice", help="báo cáo luyện tập với bố cục ngẫu nhiên")
    practice.add_argument("dir", type=Path)
    practice.add_argument("--seed", type=int, default=1)
    practice.add_argument("--reports", type=int, default=6)
    practice.add_argument("--formats", default="txt,docx,pdf")
    options = parser.parse_args(arguments)
    if options.command == "practice":
        from tools.corpus.practice import draw

        formats = tuple(options.formats.split(","))
        reports, out = draw(options.seed, options.reports, formats), options.dir
        files = write(reports, out, frozenset(formats))
    else:
        from tools.corpus.specs import all_reports

        formats = ("txt", "docx") if options.no_pdf else ("txt", "docx", "pdf")
        reports, out = all_reports(), options.out
        files = write(reports, out, frozenset(formats))
    print(f"{len(files)} tệp, {sum(map(len, files.values())) / 1024:.0f} KiB -> {out}")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
