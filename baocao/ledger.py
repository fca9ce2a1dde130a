"""The ledger: what was read already, so that it need not be read again.

In: files as they stand on disk, and parts as they are written. Out: for a file its content hash (without
reading it where path, size, time and inode are unchanged) and, for a content, the part and place that
holds its rows, or the failure it ended in. A SQLite file under `.work/`, written by the parent only, after
the data it speaks of. Identity of a reading is (sha256, file name extension); with it stand the fingerprints
of the two stages that made it: of the code that reads, and of the code, templates and lists that say what the
text means. `baocao.plan` decides by them. The whole of `.work/` may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

ReadKey: TypeAlias = tuple[str, str]  # sha256, extension
Place: TypeAlias = tuple[str, int]  # part, place in it
_VERSION = 2
_CODE = (".py", ".csv", ".toml", ".html", ".js", ".css")
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
_MOST_AHEAD = 8_000_000  # bytes hashed before the first of the files is read
_AT_ONCE_BYTES = 1_000_000  # a file up to this is read whole to be hashed
_MOST_KNOWN = 4_096
_TABLES = """
CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, size INTEGER, mtime INTEGER, inode INTEGER, sha256 TEXT);
CREATE TABLE IF NOT EXISTS readings (sha256 TEXT, extension TEXT, part TEXT, place INTEGER, offset INTEGER,
    length INTEGER, extracted TEXT, normalized TEXT, code TEXT, message TEXT, next_step TEXT,
    PRIMARY KEY (sha256, extension));
CREATE TABLE IF NOT EXISTS containers (sha256 TEXT PRIMARY KEY, made_by TEXT, listing TEXT);
CREATE TABLE IF NOT EXISTS written (one INTEGER PRIMARY KEY, state TEXT, summary TEXT);
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a content's rows lie (`part`, `place`) and its document (`offset`, `length`; 0 bytes: not kept), or the
    failure it ended in (`code` not empty); `extracted` and `normalized` say by what code."""

    part: str = ""
    place: int = 0
    offset: int = 0
    length: int = 0
    extracted: str = ""
    normalized: str = ""
    code: str = ""
    message: str = ""
    next_step: str = ""


@lru_cache(maxsize=1)
def extract_fingerprint() -> str:
    """A hash of what decides the document of a file and how it is kept: the reading stage, its libraries, the Python
    they run on."""
    digest = hashlib.sha256(f"{_VERSION} {sys.version_info[:2]}".encode())
    _add_room(digest, "extract")
    here = Path(__file__).parent
    _add_files(digest, here, [here / "documents.py"])
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
        except importlib.metadata.PackageNotFoundError:
            continue
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def normalize_fingerprint() -> str:
    """A hash of what decides the rows of a document: the second stage with its templates, catalogue and lists, and
    how rows are packed."""
    digest = hashlib.sha256(f"{_VERSION}".encode())
    _add_room(digest, "normalize")
    here = Path(__file__).parent
    _add_files(
        digest, here, (here / name for name in ("rows.py", "columnar.py", "reading.py", "parts.py", "columns.csv"))
    )
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def program_fingerprint() -> str:
    """A hash of everything that decides the dataset of given files: all our code and data, and the libraries."""
    digest = hashlib.sha256(f"{extract_fingerprint()} {normalize_fingerprint()}".encode())
    _add_room(digest, "baocao")
    for name in ("pyarrow", "duckdb", "xlsxwriter"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    return digest.hexdigest()


def _add_room(digest: hashlib._Hash, room: str) -> None:
    spec = importlib.util.find_spec(room)
    folder = Path(next(iter(spec.submodule_search_locations or [])) if spec else room)
    _add_files(digest, folder, (p for p in folder.rglob("*") if p.suffix in _CODE))


def _add_files(digest: hashlib._Hash, folder: Path, paths: Iterable[Path]) -> None:
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)


_FIELDS = tuple(field.name for field in fields(Reading))
_MARKS = ", ".join("?" * (2 + len(_FIELDS)))


_READING = f"SELECT {', '.join(_FIELDS)} FROM readings WHERE sha256 = ? AND extension = ?"  # noqa: S608
_FACTS_AND_READING = (
    f"SELECT size, mtime, inode, files.sha256, {', '.join(_FIELDS)} FROM files"  # noqa: S608
    " LEFT JOIN readings ON readings.sha256 = files.sha256 AND extension = ? WHERE path = ?"
)


def _reading_of(row: tuple[Any, ...]) -> Reading:
    return Reading(sys.intern(row[0]), *row[1:])


_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


_Met: TypeAlias = tuple[ReadKey, Reading] | None
_Facts: TypeAlias = tuple[int, int, int]  # size, time and inode


def _facts(stat: os.stat_result) -> _Facts:
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


class _Looked(NamedTuple):
    """A file as it was found: how it looks, what it holds, what is known of that; is it to be recorded?"""

    path: str
    facts: _Facts
    sha256: str
    met: _Met
    is_new: bool


class LedgerDamaged(Exception):
    """The ledger was found damaged while it was used, and set aside: a run begun again starts without it."""


def _is_damage(error: sqlite3.Error) -> bool:
    """A file that is no database any more; not a full disk or a folder that cannot be written."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


class Ledger:
    """The ledger of one output. A damaged one is set aside: it only ever saves work.

    Raises `sqlite3.OperationalError` where the disk is full or cannot be written, `LedgerDamaged`.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._path, self._read_only = path, read_only
        self._met: _Met = None  # the reading of the file asked about last
        self._ahead: dict[str, _Looked] = {}  # files that will be asked about next
        self._as_hashed: dict[str, _Facts] = {}  # how files looked that were hashed last
        try:
            self._open(path, read_only)
        except sqlite3.DatabaseError as error:
            if not read_only:
                if not _is_damage(error):
                    raise
                self._set_aside()
            self._open(path if not read_only else None, read_only=False)

    def _set_aside(self) -> None:
        """Keep the damaged file beside the new one, for who wants to know."""
        with contextlib.suppress(sqlite3.Error):
            self._database.close()
        for ending in ("-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):
            self._path.replace(self._path.with_name(self._path.name + ".damaged"))

    @contextlib.contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.DatabaseError) -> Exception:
        """What to raise: the error as it came, or, where it tells of damage, `LedgerDamaged`."""
        if not _is_damage(error):
            return error
        if not self._read_only:
            self._set_aside()
        return LedgerDamaged(str(self._path))

    def _ask(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The first row of a query."""
        try:  # not `_noticing_damage`: this is asked some hundred thousand times
            row: tuple[Any, ...] | None = self._database.execute(query, values).fetchone()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error
        return row

    def _open(self, path: Path | None, read_only: bool) -> None:
        """A ledger that is only looked at is copied into memory: nothing is written beside it."""
        self._database = sqlite3.connect(path if path is not None and not read_only else ":memory:")
        if path is not None and read_only and path.is_file():
            with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as there:
                there.backup(self._database)
        if path is not None and not read_only:
            self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA cache_size=-2000")
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:  # of an older program, or new
            for table in ("files", "readings", "containers", "written"):
                self._database.execute(f"DROP TABLE IF EXISTS {table}")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")
        self._database.executescript(_TABLES)

    def sha256_of(self, path: str, *, verify: bool = False) -> str:
        """The sha256 of a file; only hashed where it looks other than when it was hashed last. OSError as it comes."""
        return self.facts_of(path, verify=verify)[0]

    def facts_of(self, path: str, *, verify: bool = False) -> tuple[str, int]:
        """The same, and the size of the file in bytes."""
        looked = self._ahead.pop(path, None)
        # One that holds something new is read now: it may have changed since.
        if looked is None or (looked.is_new and looked.facts != _facts(os.stat(path))):  # noqa: PTH116
            looked = self._look(path, verify=verify)
            if looked.is_new:
                self._keep([looked])
        self._met = looked.met
        return looked.sha256, looked.facts[0]

    def look_ahead(self, paths: Iterable[str], *, verify: bool = False) -> None:
        """Look at files that will be asked about next: what is done for some at a time takes a third of the time, as
        between two files a report is read. What cannot be opened says so when it is asked about."""
        self._ahead.clear()
        n_bytes = 0
        for path in paths:
            with contextlib.suppress(OSError):
                self._ahead[path] = looked = self._look(path, verify=verify)
                n_bytes += looked.facts[0] if looked.is_new else 0
            if n_bytes > _MOST_AHEAD:
                break
        self._keep([looked for looked in self._ahead.values() if looked.is_new])

    def _look(self, path: str, *, verify: bool) -> _Looked:
        facts = _facts(os.stat(path))  # noqa: PTH116 - a path as the file system spells it, undecodable bytes included
        if not verify:
            # What `find` is asked next of a file that did not change comes along: one question less for each.
            extension = os.path.splitext(path)[1].lower()  # noqa: PTH122
            row = self._ask(_FACTS_AND_READING, (extension, os.fsencode(path)))
            if row is not None and row[:3] == facts:
                met = ((row[3], extension), _reading_of(row[4:])) if row[4] is not None else None
                return _Looked(path, facts, str(row[3]), met, is_new=False)
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            if facts[0] <= _AT_ONCE_BYTES:
                sha256 = hashlib.sha256(file.read()).hexdigest()
            else:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return _Looked(path, facts, sha256, None, is_new=True)

    def _keep(self, looked: list[_Looked]) -> None:
        """Record what files were found to hold."""
        if not looked:
            return
        rows = [(os.fsencode(one.path), *one.facts, one.sha256) for one in looked]
        with self._noticing_damage():
            self._database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)
        if len(self._as_hashed) > _MOST_KNOWN:
            self._as_hashed.clear()
        self._as_hashed |= {one.path: one.facts for one in looked}

    def is_as_hashed(self, path: str) -> bool:
        """Does the file still look as it did when it was hashed?"""
        try:
            now = _facts(os.stat(path))  # noqa: PTH116
        except OSError:
            return False
        facts = self._as_hashed.pop(path, None)
        if facts is None:
            facts = self._ask("SELECT size, mtime, inode FROM files WHERE path = ?", (os.fsencode(path),))
        return facts == now

    def find(self, key: ReadKey) -> Reading | None:
        if self._met is not None and self._met[0] == key:
            return self._met[1]
        row = self._ask(_READING, key)
        return _reading_of(row) if row else None

    def add(self, readings: Iterable[tuple[ReadKey, Reading]]) -> None:
        """Record readings whose part is on disk, and commit."""
        self._forget_met()
        rows = [(*key, *(getattr(reading, name) for name in _FIELDS)) for key, reading in readings]
        query = f"INSERT OR REPLACE INTO readings (sha256, extension, {', '.join(_FIELDS)}) VALUES ({_MARKS})"  # noqa: S608
        with self._noticing_damage():
            self._database.executemany(query, rows)
            self._database.commit()

    def _forget_met(self) -> None:
        """Readings change: what was met is asked for again."""
        self._met = None
        self._ahead = {path: looked._replace(met=None) for path, looked in self._ahead.items()}

    def listing(self, sha256: str, made_by: str) -> str | None:
        """What is inside this container, as this program with these limits found it; None where it is not known."""
        query = "SELECT listing FROM containers WHERE sha256 = ? AND made_by = ?"
        row = self._ask(query, (sha256, made_by))
        return str(row[0]) if row else None

    def keep_listing(self, sha256: str, made_by: str, listing: str) -> None:
        self._ask("INSERT OR REPLACE INTO containers VALUES (?, ?, ?)", (sha256, made_by, listing))

    def remember(self, state: str, summary: str) -> None:
        """Record that the dataset of this state stands in the output, and what its run said."""
        self._ask("INSERT OR REPLACE INTO written VALUES (1, ?, ?)", (state, summary))
        with self._noticing_damage():
            self._database.commit()

    def written(self, state: str) -> str | None:
        """What the run said that wrote the dataset of this state; None where another or none stands there."""
        row = self._ask("SELECT summary FROM written WHERE one = 1 AND state = ?", (state,))
        return str(row[0]) if row else None

    def documents(self) -> dict[Place, tuple[int, int]]:
        """Where the kept document of each place lies in its part: offset and length."""
        with self._noticing_damage():
            query = "SELECT part, place, offset, length FROM readings WHERE part != ''"
            return {(part, place): (offset, length) for part, place, offset, length in self._database.execute(query)}

    def move(self, moved: Mapping[Place, tuple[str, int, int, int]]) -> None:
        """Readings lie elsewhere now, all at once: place → part, place, offset, length."""
        self._forget_met()
        with self._noticing_damage():
            self._database.execute("CREATE TEMP TABLE moved (part, place, to_part, to_place, offset, length)")
            rows = ((*before, *now) for before, now in moved.items())
            self._database.executemany("INSERT INTO moved VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._database.execute("CREATE INDEX temp.moved_from ON moved (part, place)")
            self._database.execute(
                "UPDATE readings SET (part, place, offset, length) = (SELECT to_part, to_place, m.offset, m.length"
                " FROM moved m WHERE m.part = readings.part AND m.place = readings.place)"
                " WHERE EXISTS (SELECT 1 FROM moved m WHERE m.part = readings.part AND m.place = readings.place)"
            )
            self._database.execute("DROP TABLE moved")
            self._database.commit()

    def forget_parts(self, kept: Iterable[str]) -> None:
        """Drop readings that lie in none of these parts (failures stay)."""
        self._forget_met()
        with self._noticing_damage():
            self._database.execute("CREATE TEMP TABLE IF NOT EXISTS kept (part TEXT PRIMARY KEY)")
            self._database.execute("DELETE FROM kept")
            self._database.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((part,) for part in kept))
            self._database.execute("DELETE FROM readings WHERE part != '' AND part NOT IN (SELECT part FROM kept)")
            self._database.commit()

    def close(self) -> None:
        try:
            self._database.commit()
            self._database.execute("PRAGMA journal_mode=DELETE")  # one file: looking at it later writes nothing
        except sqlite3.Error:
            # Set aside, or a full disk: what was not committed is only work to do again, the log beside it as good.
            self._database.close()
        self._database.close()
