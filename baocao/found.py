"""The files of a run as they are found, on disk (`baocao.scratch`), in the order of their shown names.

In: files in any order. Out: the same in order, as often as one likes; two that are shown alike are told apart.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from baocao.scratch import opened

_BYTES = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()  # as `os.fsencode`, for some hundred thousand
# Endings of files that hold one report: these are never opened to look for files inside.
_SINGLE = frozenset(
    {".docx", ".doc", ".pdf", ".txt", ".xlsx", ".xls", ".csv", ".tsv", ".odt", ".ods", ".rtf", ".html", ".htm", ".png",
     ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".jp2", ".webp", ".mht", ".mhtml", ".md"}
)  # fmt: skip
UNLISTABLE = ("not-readable", "The folder cannot be listed.", "Check who may read it.")


@dataclass(frozen=True, slots=True)
class Found:
    """A file (or a folder that is not entered, its name ending in `/`).

    `path` is absolute and as the file system spells it, `source` as it is shown. `skip` is empty for
    a file to be read; `failed` marks what should have been read and cannot be reached, `trouble` (code,
    message, next step) says why where more is known. What lies inside a `container` (its path) has a known
    `sha256` and `size`, and a `path` it only gets when it is needed.
    """

    source: str
    path: str
    skip: str = ""
    failed: bool = False
    trouble: tuple[str, str, str] = UNLISTABLE
    container: str = ""
    sha256: str = ""
    size: int = 0


class FoundFiles:
    """All files of a run. Without a database given they have one of their own."""

    def __init__(self, database: sqlite3.Connection | None = None) -> None:
        self._database = database or opened()
        self._n = 0
        # SQLite compares text by its bytes in UTF-8, which is the order of code points.
        self._database.execute(
            "CREATE TABLE found (source TEXT, path BLOB, number INTEGER, skip, failed, code, message, next_step,"
            " container BLOB, sha256, size, is_single, PRIMARY KEY (source, path, number)) WITHOUT ROWID"
        )

    def add(self, items: Iterable[Found]) -> None:
        self._database.executemany(f"INSERT INTO found VALUES ({', '.join('?' * 12)})", map(self._row, items))  # noqa: S608

    def add_new(self, items: Iterable[Found]) -> None:
        """Leave out what was found before under the same path (nested sources find a file twice)."""
        self._database.execute("CREATE TABLE IF NOT EXISTS paths (path BLOB PRIMARY KEY) WITHOUT ROWID")
        insert = "INSERT OR IGNORE INTO paths VALUES (?)"
        self.add(item for item in items if self._database.execute(insert, (item.path.encode(*_BYTES),)).rowcount)

    def replace(self, changes: Iterable[tuple[Found, list[Found]]]) -> None:
        """Put others in the place of some, all at once."""
        for item, others in changes:
            self._database.execute(
                "DELETE FROM found WHERE source = ? AND path = ?", (item.source, item.path.encode(*_BYTES))
            )
            self.add(others)

    def tell_apart(self) -> None:
        """Two files may be shown alike (an NFC and an NFD spelling): the later spelling gets `~2`."""
        alike = self._database.execute(
            "SELECT source, path, number FROM found WHERE source IN"
            " (SELECT source FROM found GROUP BY source HAVING count(*) > 1) ORDER BY source, path, number"
        ).fetchall()
        before, count = None, 1
        for source, path, number in alike:
            count = count + 1 if source == before else 1
            before = source
            if count > 1:
                self._database.execute(
                    "UPDATE found SET source = ? WHERE source = ? AND path = ? AND number = ?",
                    (f"{source}~{count}", source, path, number),
                )

    def _row(self, item: Found) -> tuple[Any, ...]:
        self._n += 1
        path, container = item.path.encode(*_BYTES), item.container.encode(*_BYTES)
        is_single = bool(item.skip) or item.failed or os.path.splitext(item.path)[1].lower() in _SINGLE  # noqa: PTH122
        facts = (item.skip, item.failed, *item.trouble, container, item.sha256, item.size)
        return item.source, path, self._n, *facts, is_single

    def __iter__(self) -> Iterator[Found]:
        return self._in_order("")

    def to_look_into(self) -> Iterator[Found]:
        """Those that, by their names, may hold other files."""
        return self._in_order("WHERE NOT is_single")

    def _in_order(self, where: str) -> Iterator[Found]:
        query = (
            "SELECT source, path, skip, failed, code, message, next_step, container, sha256, size FROM found"  # noqa: S608
            f" {where} ORDER BY source, path, number"
        )
        for source, path, skip, failed, *trouble, container, sha256, size in self._database.execute(query):
            code, message, next_step = trouble
            path, container = path.decode(*_BYTES), container.decode(*_BYTES)
            yield Found(source, path, skip, bool(failed), (code, message, next_step), container, sha256, size)

    def __len__(self) -> int:
        (n,) = self._database.execute("SELECT count(*) FROM found").fetchone()
        return int(n)

    def clear(self) -> None:
        """Forget all: what the run needs of them is in its entries."""
        for table in ("found", "paths"):
            self._database.execute(f"DROP TABLE IF EXISTS {table}")
