"""Write people's decisions into `corrections.csv`: rows added at the end, the last ones taken back.

In: corrections as `baocao.corrections` reads them. Out: the same file with more (or fewer) rows, put in
place whole: written beside it, fsynced, renamed, under a lock that two desks share. What people typed into
the file themselves is kept cell for cell; columns the file lacks are added behind theirs.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from baocao.corrections import COLUMNS, Correction, read_rows
from baocao.errors import OutputBusy, UsageError
from baocao.output import sync, try_lock, writable

BOM = b"\xef\xbb\xbf"
_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")
_PATIENCE_SECONDS = 5.0


def now() -> str:
    """The moment of a decision, local time with its offset; the same for all rows settled together."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")


def append(path: Path, rows: Sequence[Correction]) -> None:
    """Add rows at the end. Raises `UsageError` for a file that is no table of corrections, `OutputBusy` where
    another desk does not let go of it, `OutputNotWritable` where the disk refuses."""
    with _locked(path):
        header, lines, mark = _read(path)
        _write(path, header, [*lines, *(_cells(row, header) for row in rows)], mark)


def take_back(path: Path, rows: Sequence[Correction]) -> int:
    """Remove the last occurrence of each of these rows; returns how many were still there."""
    with _locked(path):
        header, lines, mark = _read(path)
        there = read_rows(path) if path.exists() else []
        gone: set[int] = set()
        for row in rows:
            at = next((i for i in range(len(there) - 1, -1, -1) if i not in gone and there[i] == row), None)
            if at is not None:
                gone.add(at)
        if gone:
            _write(path, header, [line for i, line in enumerate(lines) if i not in gone], mark)
        return len(gone)


def guarded(cell: str) -> str:
    """A text cell that a spreadsheet would take for a formula gets an apostrophe; signed numbers stay."""
    is_number = cell[:1] in "+-" and cell[1:].replace(".", "", 1).replace(",", "", 1).isdecimal()
    return "'" + cell if cell[:1] in _FORMULA_STARTS and not is_number and len(cell) > 1 else cell


def _cells(row: Correction, header: Sequence[str]) -> list[str]:
    return [guarded(getattr(row, name)) if name in COLUMNS else "" for name in header]


def _read(path: Path) -> tuple[list[str], list[list[str]], str]:
    """Header with all our columns, the lines as they stand, and what separates their cells."""
    if not path.exists():
        return list(COLUMNS), [], ","
    read_rows(path)  # refuses what is no table of corrections
    text = path.read_bytes().decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if line]
    header = lines[0] if lines else []
    header += [name for name in COLUMNS if name not in header]
    return header, [line + [""] * (len(header) - len(line)) for line in lines[1:]], mark


def _write(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]], mark: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=mark, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    with writable(path.parent):
        try:
            fresh.write_bytes(BOM + text.getvalue().encode())
            sync(fresh)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        sync(path.parent)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Check the path of the corrections.")
    folder = path.parent / ".work" if (path.parent / ".work").is_dir() else path.parent
    with writable(path.parent), (folder / ".corrections.lock").open("ab") as file:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not try_lock(file):
            if time.monotonic() > until:
                raise OutputBusy("Another program is writing the corrections.", "Wait a moment, then try again.")
            time.sleep(0.05)
        yield
