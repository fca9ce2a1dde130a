"""Files to measure on, made from practice reports: folders of them, one long PDF, very many texts."""

from __future__ import annotations

import csv
from pathlib import Path

import pypdfium2 as pdfium

from tools.corpus.__main__ import write
from tools.corpus.practice import draw


def practice(folder: Path, seed: int, reports: int, formats: tuple[str, ...]) -> Path:
    """`reports` practice reports in some formats, with their truth."""
    write(draw(seed, reports, formats), folder, frozenset(formats))
    return folder


def truth(folder: Path) -> list[dict[str, str]]:
    with (folder / "truth" / "rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def page_count(path: Path) -> int:
    document = pdfium.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def long_pdf(folder: Path, path: Path, pages: int) -> Path:
    """One PDF of so many pages: the reports of a folder, one after the other, again and again."""
    sources = [pdfium.PdfDocument(one) for one in sorted(folder.glob("*.pdf"))]
    out = pdfium.PdfDocument.new()
    while len(out) < pages:
        for source in sources:
            room = pages - len(out)
            if room > 0:
                out.import_pages(source, list(range(min(len(source), room))))
    out.save(path)
    for document in (*sources, out):
        document.close()
    return path


def many_texts(folder: Path, out: Path, reports: int) -> list[Path]:
    """So many text reports that differ: those of a folder, each with a line of its own at the end."""
    out.mkdir(parents=True)
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    made = []
    for n in range(reports):
        path = out / f"{n:06d}.txt"
        path.write_text(f"{texts[n % len(texts)]}\nBản số {n}\n", "utf-8")
        made.append(path)
    return made
