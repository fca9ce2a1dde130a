"""Damage for the readers that start another program (LibreOffice, Tesseract): a part of `tests.hostile.fuzz`.

In: a format and seconds. Out: the faults found, kept under `.fuzz/FORMAT/`. A start of such a program takes seconds, so
nothing is steered by what the last input reached: a few hundred copies of one small report are damaged by chance and
read by children with the limits of a run. Each has to end in rows or in a typed failure of the readers' own; a bug, a
crash, a time-out or a failure without words is a fault.
"""

from __future__ import annotations

import io
import random
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from baocao.child import ForkPool, Job, Limits, Outcome, read_all

ROOT = Path(__file__).parents[2]
MOST_INPUTS = 200
TYPED = {"unreadable", "unknown-format", "no-report", "limit-exceeded", "encrypted", "tool-missing"}
_LIMITS = Limits(seconds=300, seconds_a_page=60, seconds_without_progress=240)
_DPI = 110


def _smallest(suffix: str) -> Path:
    return min((ROOT / "corpus").glob(f"*/*{suffix}"), key=lambda path: path.stat().st_size)


def _by_libreoffice(suffix: str) -> bytes:
    """A sample of `corpus/` in an old format."""
    from extract.readers.doc import convert

    with tempfile.TemporaryDirectory() as folder:
        return convert(_smallest(".docx"), Path(folder), "docx", suffix).read_bytes()


def _picture(ending: str) -> bytes:
    """The upper half of a sample's first page, as a scanner gives it."""
    import cv2
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(_smallest(".pdf"))
    page = document[0].render(scale=_DPI / 72, grayscale=True).to_numpy()
    document.close()
    return bytes(cv2.imencode(ending, page[: len(page) // 2])[1])


def _scanned_pdf() -> bytes:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(_picture(".jpg")), inline=True)
    width, height = image.get_px_size()
    image.set_matrix(pdfium.PdfMatrix().scale(width * 72 / _DPI, height * 72 / _DPI))
    page = document.new_page(width * 72 / _DPI, height * 72 / _DPI)
    page.insert_obj(image)
    page.gen_content()
    written = io.BytesIO()
    document.save(written)
    document.close()
    return written.getvalue()


# Format → the ending of its files, its seed, the program that reads it.
FORMATS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "old-word": (".doc", lambda: _by_libreoffice("doc"), "soffice"),
    "rtf": (".rtf", lambda: _by_libreoffice("rtf"), "soffice"),
    "odt": (".odt", lambda: _by_libreoffice("odt"), "soffice"),
    "scan-png": (".png", lambda: _picture(".png"), "tesseract"),
    "scan-jpeg": (".jpg", lambda: _picture(".jpg"), "tesseract"),
    "scan-tiff": (".tif", lambda: _picture(".tif"), "tesseract"),
    "scan-pdf": (".pdf", _scanned_pdf, "tesseract"),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, left out, said twice or made extreme; the member of a ZIP is damaged inside."""
    if content[:2] == b"PK":
        return _inside(content, chance)
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 10, 1 + len(made) // 1000))):
        at, length = chance.randrange(len(made)), chance.choice((1, 2, 4, 30, 500))
        how = chance.randrange(6)
        if how == 0:
            made[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del made[at : at + length]
        elif how == 2:
            made[at:at] = made[at : at + length]
        elif how == 3:
            made[at : at + length] = bytes(chance.choice((0, 255)) for _ in range(1)) * min(length, len(made) - at)
        elif how == 4:
            made[at : at + length] = chance.randbytes(length)
        else:
            _more(made, at, chance)
        if not made:
            made = bytearray(b"\0")
    return bytes(made[: chance.randrange(1, len(made) + 1)] if chance.random() < 0.1 else made)


def _more(made: bytearray, at: int, chance: random.Random) -> None:
    """The next printed number becomes a very large or a negative one."""
    start = next((n for n in range(at, min(at + 300, len(made))) if chr(made[n]).isdigit()), -1)
    if start >= 0:
        end = next((n for n in range(start, len(made)) if not chr(made[n]).isdigit()), len(made))
        made[start:end] = chance.choice((b"-1", b"0", b"65536", b"2147483648", b"99999999999"))


def _inside(content: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    at = chance.choice([n for n, (_, inside) in enumerate(members) if inside])
    members[at] = members[at][0], damaged(members[at][1], chance)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members:
            archive.writestr(name, inside)
    return written.getvalue()


def is_fault(outcome: Outcome) -> bool:
    return bool(outcome.trace) or (outcome.packed is None and (outcome.code not in TYPED or not outcome.message))


def fuzz(name: str, seconds: float, kept: Path, seed: int | None = None) -> tuple[int, list[str]]:
    """How many inputs were read, and the names of the faults kept."""
    suffix, make, program = FORMATS[name]
    if shutil.which(program) is None:
        print(f"{name}: left out, {program} is not installed", flush=True)
        return 0, []
    chance, content = random.Random(seed), make()
    until, found, n_read = time.monotonic() + seconds, [], 0
    with tempfile.TemporaryDirectory(prefix="baocao-fuzz-") as folder:
        room = Path(folder)

        def jobs() -> Iterator[Job]:
            for number in range(MOST_INPUTS):
                if time.monotonic() > until:
                    return
                path = room / f"{number}{suffix}"
                path.write_bytes(damaged(content, chance))
                yield Job(number, str(path), path.name, f"id{number}")

        pool = ForkPool(room / "tmp")
        try:
            for outcome in read_all(jobs(), pool, 1, _LIMITS):
                n_read += 1
                path = room / f"{outcome.key}{suffix}"
                if is_fault(outcome):
                    kept.mkdir(parents=True, exist_ok=True)
                    fault = kept / f"fault-{outcome.code}-{chance.getrandbits(32):08x}{suffix}"
                    shutil.copyfile(path, fault)
                    fault.with_suffix(".trace").write_text(f"{outcome.message}\n{outcome.trace}", "utf-8", "replace")
                    found.append(fault.name)
                path.unlink()
        finally:
            pool.close()
    return n_read, found
