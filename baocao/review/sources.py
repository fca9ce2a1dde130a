"""Find the file a report was read from, by the hash of its content.

In: a sha256, and what a run left behind: the ledger's paths, the names in `reports`, and the folders named
with `--source`. Out: a path whose content has that hash, or None. A path never comes from a request.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

_MOST_BYTES = 300_000_000


class SourceFiles:
    """Paths by content; what was found is remembered as long as the file does not change."""

    def __init__(self, out: Path, roots: Sequence[Path] = ()) -> None:
        self._ledger = out / ".work" / "ledger.sqlite"
        self._roots = tuple(roots)
        self._known: dict[Path, tuple[tuple[int, int], str]] = {}
        self._lock = Lock()

    def find(self, sha256: str, source: str) -> Path | None:
        """The file with this content. `source` is its name in `reports`, tried first under the named folders."""
        with self._lock:
            for path in self._candidates(sha256, source):
                if self._sha256(path) == sha256:
                    return path
            return None

    def _candidates(self, sha256: str, source: str) -> list[Path]:
        parts = [part for part in source.split("/") if part not in ("", ".", "..")]
        named = [root.joinpath(*parts[skip:]) for root in self._roots for skip in (0, 1) if parts[skip:]]
        named += [root for root in self._roots if root.is_file()]
        found = [*named, *self._recorded(sha256)]
        if any(self._sha256(path) == sha256 for path in found):
            return found
        suffix = Path(source).suffix.lower()  # moved under a named folder: look at every file of its kind
        return [
            Path(folder) / name
            for root in self._roots
            for folder, _, names in os.walk(root)
            for name in sorted(names)
            if Path(name).suffix.lower() == suffix
        ]

    def _recorded(self, sha256: str) -> list[Path]:
        if not self._ledger.is_file():
            return []
        try:
            connection = sqlite3.connect(f"{self._ledger.absolute().as_uri()}?mode=ro", uri=True)
            try:
                rows = connection.execute("SELECT path FROM files WHERE sha256 = ?", (sha256,)).fetchall()
            finally:
                connection.close()
        except sqlite3.Error:
            return []
        return [Path(os.fsdecode(row[0])) for row in rows]

    def _sha256(self, path: Path) -> str:
        try:
            stat = path.stat()
            if not path.is_file() or stat.st_size > _MOST_BYTES:
                return ""
            facts = (stat.st_size, stat.st_mtime_ns)
            known = self._known.get(path)
            if known is None or known[0] != facts:
                with path.open("rb") as file:
                    known = self._known[path] = (facts, hashlib.file_digest(file, "sha256").hexdigest())
            return known[1]
        except OSError:
            return ""
