"""Tesseract as a child process: a grey picture in, words with boxes and confidences out.

The program reads a PGM and writes its table (TSV) to standard output; one thread, a process group of its own, a
limit on processor time (`extract.tools`). A missing program or language is a `ToolMissing` with the line
to type. Source: the manual page of tesseract(1), `tessedit_create_tsv`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2

from extract.problems import ToolMissing, Unreadable
from extract.readers.scan_image import Image
from extract.text import nfc
from extract.tools import INSTALL as LINES
from extract.tools import run

INSTALL = LINES["tesseract"]
SECONDS = 60  # of processor time, for one call
WAITING = 150.0  # of the clock: on a busy machine honest work takes long
BLOCK, SINGLE = 6, 4  # page segmentation modes
FIGURES = "0123456789.,%-"


class OcrWord(NamedTuple):
    """A word as Tesseract reads it, in pixels of the picture it was given; `confidence` 0–1."""

    text: str
    x0: int
    top: int
    x1: int
    bottom: int
    confidence: float
    line: tuple[int, int, int]


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The installed languages; empty where the program is not there."""
    if shutil.which("tesseract") is None:
        return frozenset()
    try:
        done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(done.stdout.decode("utf-8", "replace").split())


def require() -> None:
    """Raise `ToolMissing` unless Tesseract and its Vietnamese are there."""
    if "vie" not in languages():
        what = "Tesseract's Vietnamese" if languages() else "Tesseract"
        raise ToolMissing(f"The file is a scan and {what} is not installed.", INSTALL)


def read_words(
    picture: Image, dpi: float, mode: int, *, language: str = "vie", only: str = "", seconds: int = SECONDS
) -> list[OcrWord]:
    """All words of a picture, top to bottom. `only` limits the characters. Raises `ToolMissing`,
    `LimitExceeded` (time), `Unreadable`."""
    options = ["-l", language, "--psm", str(mode), "--dpi", str(round(dpi))]
    if only:
        options += ["-c", f"tessedit_char_whitelist={only}"]
    options += ["-c", "tessedit_create_tsv=1"]
    return words_of_table(_run(options, picture, seconds).decode("utf-8", "replace"))


def orientation(picture: Image, dpi: float, seconds: int = SECONDS) -> int:
    """Quarter turns (clockwise) that bring the page upright, by Tesseract; 0 where it cannot tell."""
    if "osd" not in languages():
        return 0
    try:
        said = _run(["-l", "osd", "--psm", "0", "--dpi", str(round(dpi))], picture, seconds)
    except Unreadable:  # too few characters on the page
        return 0
    facts = dict(line.split(": ", 1) for line in said.decode("utf-8", "replace").splitlines() if ": " in line)
    if float(facts.get("Orientation confidence", "0")) < 1.0:
        return 0
    return int(facts.get("Rotate", "0")) // 90 % 4


def _run(options: list[str], picture: Image, seconds: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="baocao-ocr-") as folder:
        file = Path(folder) / "page.pgm"
        if not cv2.imwrite(str(file), picture):
            raise Unreadable("the page could not be handed to Tesseract")
        done = run(
            ["tesseract", file, "stdout", *options],
            seconds=max(WAITING, 2.5 * seconds),
            processor_seconds=seconds,
            environment={"OMP_THREAD_LIMIT": "1"},
        )
    if done.status != 0:
        last = done.errors.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
        raise Unreadable(f"Tesseract stopped with {done.status}: {last[0][:200]}")
    return done.output


def words_of_table(table: str) -> list[OcrWord]:
    """The words of Tesseract's TSV (its level 5)."""
    words = []
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5":
            continue
        text = nfc(cells[11]).strip()
        if not text:
            continue
        block, paragraph, line = (int(c) for c in cells[2:5])
        left, top, width, height = (int(c) for c in cells[6:10])
        confidence = max(0.0, min(1.0, float(cells[10]) / 100))
        words.append(OcrWord(text, left, top, left + width, top + height, confidence, (block, paragraph, line)))
    return words
