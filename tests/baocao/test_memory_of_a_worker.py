"""What a worker holds of a long file is bounded by a page, not by the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium

ROOT = Path(__file__).parents[2]
SAMPLES = [ROOT / "corpus" / name for name in ("so-noi-vu/2023-6-thang.pdf", "ubnd-huyen-phu-vang/2024-nam.pdf")]
SHORT, LONG = 250, 550  # pages; both more than are held as they are, and than PDFium is left open for
MOST_KB_A_PAGE = 25  # 0 to 14 measured; 53 when each page's cells, rows and findings stood in memory to the end

# A process of its own, whose children all begin with the same memory, as those of the fork server do.
_WORKER = """
import json, resource, sys
from bench.harness import measured
from baocao import forkserver, reading

reading.warm()


def peak_mb(path):
    def work():
        sent = []
        job = {"path": path, "source": "a.pdf", "report_id": "r", "sha256": "", "attempt": 1}
        forkserver.run_job(reading.read, job, lambda kind, _: sent.append(kind))
        return sent.count(forkserver.RESULT)

    used = measured(work)
    return used.peak_mb if used.result else None


print(json.dumps([peak_mb(path) for path in sys.argv[1:]]))
"""


def long_pdf(path: Path, pages: int) -> Path:
    sources = [pdfium.PdfDocument(one) for one in SAMPLES]
    out = pdfium.PdfDocument.new()
    while len(out) < pages:
        for source in sources:
            out.import_pages(source, list(range(min(len(source), pages - len(out)))))
    out.save(path)
    for document in (*sources, out):
        document.close()
    return path


def test_memory_grows_by_a_few_kilobytes_a_page(tmp_path: Path) -> None:
    paths = [str(long_pdf(tmp_path / f"{n}.pdf", n)) for n in (SHORT, LONG)]
    told = subprocess.run(
        [sys.executable, "-c", _WORKER, *paths], check=True, capture_output=True, cwd=ROOT, timeout=300
    ).stdout
    short, long = json.loads(told)
    assert (long - short) * 1024 / (LONG - SHORT) < MOST_KB_A_PAGE, (short, long)
    assert long < 200
