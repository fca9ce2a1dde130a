"""The ledger: what was read already, so that it need not be read again.

In: files as they stand on disk, and parts as they are written. Out: for a file its content hash (without
reading it where path, size, time and inode are unchanged) and, for a content, the part and place that
holds its rows, or the failure it ended in. A SQLite file under `.work/`, written by the parent only, after
the data it speaks of. Identity of a reading is (sha256, file name extension, fingerprint of the code).
The whole of `.work/` may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import sqlite3
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

ReadKey: TypeAlias = tuple[str, str]  # sha256, extension
_VERSION = 1
_LIBRARIES = (
    "pdfplumber",
    "pdfminer.six",
    "pypdfium2",
    "python-docx",
    "lxml",
    "openpyxl",
    "python-calamine",
    "rapidfuzz",
    "regex",
    "opencv-python-headless",
)
_TABLES = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER, mtime INTEGER, inode INTEGER, sha256 TEXT);
CREATE TABLE IF NOT EXISTS readings (sha256 TEXT, extension TEXT, fingerprint TEXT, part TEXT, place INTEGER,
    code TEXT, message TEXT, next_step TEXT, PRIMARY KEY (sha256, extension, fingerprint));
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a content's rows lie (`part`, `place`), or the failure it ended in (`code` not empty)."""

    part: str = ""
    place: int = 0
    code: str = ""
    message: str = ""
    next_step: str = ""


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A hash of everything that decides what a reading gives: the code and data of both reading stages, how
    rows are packed, the libraries and the Python they run on."""
    digest = hashlib.sha256(f"{_VERSION} {sys.version_info[:2]}".encode())
    for room in ("extract", "normalize"):
        spec = importlib.util.find_spec(room)
        folder = Path(next(iter(spec.submodule_search_locations or [])) if spec else room)
        _add_files(digest, folder, (p for p in folder.rglob("*") if p.suffix in (".py", ".csv", ".toml")))
    here = Path(__file__).parent
    _add_files(digest, here, (here / name for name in ("rows.py", "reading.py", "parts.py", "columns.csv")))
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
        except importlib.metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()[:16]


def _add_files(digest: hashlib._Hash, folder: Path, paths: Iterable[Path]) -> None:
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)


class Ledger:
    """The ledger of one output. A damaged one is set aside: it only ever saves work."""

    def __init__(self, path: Path) -> None:
        try:
            self._open(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._open(path)

    def _open(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.executescript(_TABLES)

    def sha256_of(self, path: str, *, verify: bool = False) -> str:
        """The sha256 of a file; only hashed where it looks other than when it was hashed last. OSError as it comes."""
        stat = os.stat(path)  # noqa: PTH116 - a path as the file system spells it, undecodable bytes included
        facts = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        key = os.fsencode(path)
        if not verify:
            query = "SELECT size, mtime, inode, sha256 FROM files WHERE path = ?"
            row = self._database.execute(query, (key,)).fetchone()
            if row is not None and row[:3] == facts:
                return str(row[3])
        with open(path, "rb") as file:  # noqa: PTH123
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self._database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", (key, *facts, sha256))
        return sha256

    def find(self, key: ReadKey) -> Reading | None:
        row = self._database.execute(
            "SELECT part, place, code, message, next_step FROM readings"
            " WHERE sha256 = ? AND extension = ? AND fingerprint = ?",
            (*key, fingerprint()),
        ).fetchone()
        return Reading(*row) if row else None

    def add(self, readings: Iterable[tuple[ReadKey, Reading]]) -> None:
        """Record readings whose part is on disk, and commit."""
        rows = [(*key, fingerprint(), r.part, r.place, r.code, r.message, r.next_step) for key, r in readings]
        self._database.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._database.commit()

    def forget_parts(self, kept: Iterable[str]) -> None:
        """Drop readings that lie in none of these parts (failures stay)."""
        self._database.execute("CREATE TEMP TABLE IF NOT EXISTS kept (part TEXT PRIMARY KEY)")
        self._database.execute("DELETE FROM kept")
        self._database.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((part,) for part in kept))
        self._database.execute("DELETE FROM readings WHERE part != '' AND part NOT IN (SELECT part FROM kept)")
        self._database.commit()

    def close(self) -> None:
        self._database.commit()
        self._database.close()
