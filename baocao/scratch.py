"""What a run has to know of every file, on disk: memory does not grow with the number of files.

In: a path under `.work/`, or none for a small matter. Out: a SQLite database of this run alone, without a journal: a
run that is killed leaves a file that the next one removes unread. What belongs together has a module: the files found
(`baocao.found`), their entries (`baocao.entries`), what the history says of them (`baocao.judged`).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

_CACHE_KB = 1_000


def opened(path: Path | None = None) -> sqlite3.Connection:
    """An empty database. Raises `sqlite3.OperationalError` where the disk is full."""
    if path is not None:
        path.unlink(missing_ok=True)
    database = sqlite3.connect(path or "", isolation_level=None)  # an empty name is a file of SQLite's own
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{_CACHE_KB}"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("BEGIN")  # never committed: nobody else reads it
    return database


@contextlib.contextmanager
def scratch(path: Path) -> Iterator[sqlite3.Connection]:
    """The same, gone afterwards."""
    database = opened(path)
    try:
        yield database
    finally:
        database.close()
        path.unlink(missing_ok=True)
