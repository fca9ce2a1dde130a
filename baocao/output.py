"""The output folder: whether it is ours, who holds it, and how a new dataset takes the old one's place.

In: a folder. Out: files put in place whole. Everything is written under `.work/new/`, fsynced and renamed
one by one, the manifest (`datapackage.json`) last; a journal of the names stands in `.work/` while that
goes on, so a run that was killed in the middle is finished by the next one. Only files that our manifest
or the journal names are ever replaced or removed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

from baocao.errors import OutputBusy, OutputNotWritable, UsageError

LOCK_PATIENCE = 3.0  # seconds
MANIFEST = "datapackage.json"
KEPT = "corrections.csv"  # people's: created once, then never touched
_PORTION = 32  # files a thread takes at a time
_PIECE_BYTES = 1 << 20
Result = TypeVar("Result")
_HARMLESS = frozenset({"README.md", ".gitignore", ".gitkeep", ".DS_Store", ".work", KEPT, "lost+found"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG})

_FULL_SQLITE = {
    sqlite3.SQLITE_FULL: os.strerror(errno.ENOSPC),
    sqlite3.SQLITE_IOERR: os.strerror(errno.EIO),
    sqlite3.SQLITE_READONLY: os.strerror(errno.EROFS),
    sqlite3.SQLITE_CANTOPEN: os.strerror(errno.EACCES),
}


@contextlib.contextmanager
def writable(root: Path) -> Iterator[None]:
    """Turn what the system says about a disk that cannot be written into the error for it."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _not_writable(root, os.strerror(error.errno or 0)) from error
    except sqlite3.OperationalError as error:  # the ledger meets the same disk
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in _FULL_SQLITE:
            raise
        raise _not_writable(root, _FULL_SQLITE[code]) from error


def _not_writable(root: Path, reason: str) -> OutputNotWritable:
    return OutputNotWritable(
        f"The output {root} cannot be written: {reason}.",
        "Make room, or choose another folder with --out; then run again.",
    )


def manifest_of(root: Path) -> dict[str, str] | None:
    """File name → sha256 of the dataset that stands in `root`; None where no manifest of ours is there."""
    try:
        package = json.loads((root / MANIFEST).read_text("utf-8"))
        if not isinstance(package, dict) or "baocao" not in package:
            return None
        return {str(name): str(digest) for name, digest in package["baocao"]["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


class Output:
    """The output folder of one run; a context manager that holds its lock.

    Raises `UsageError` where the folder is not ours, `OutputBusy` where another run holds it,
    `OutputNotWritable` where it cannot be made.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / ".work"
        self.staging = self.work / "new"
        self._journal = self.work / "journal.json"
        self._marker = self.work / "baocao.json"
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Output:
        self.refuse_foreign()
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self._lock = (self.work / "lock").open("ab")
        except OSError as error:
            raise OutputNotWritable(
                f"The output {self.root} cannot be made: {error.strerror}.", "Choose another folder with --out."
            ) from error
        if not lock_patiently(self._lock):
            self._lock.close()
            raise OutputBusy(f"Another run is writing to {self.root}.", "Wait until it has ended, then run again.")
        with writable(self.root):
            self._marker.write_text('{"tool": "baocao"}\n', "utf-8")
            shutil.rmtree(self.staging, ignore_errors=True)
            self.staging.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def refuse_foreign(self) -> None:
        """Raise UsageError where the folder holds what no run of ours made."""
        if self.root.exists() and not self.root.is_dir():
            raise UsageError(f"The output {self.root} is a file, not a folder.", "Choose another name with --out.")
        try:
            names = {path.name for path in self.root.iterdir()}
        except FileNotFoundError:
            return
        except OSError as error:
            raise OutputNotWritable(
                f"The output {self.root} cannot be listed: {error.strerror}.", "Choose another folder with --out."
            ) from error
        if names <= _HARMLESS or manifest_of(self.root) is not None or self._marker.is_file():
            return
        example = sorted(names - _HARMLESS)[0]
        raise UsageError(
            f"The output {self.root} holds files that are not ours ({example}).",
            "Choose an empty folder, or one that an earlier run made, with --out.",
        )

    def ours(self) -> dict[str, str]:
        """File name → sha256 of what we put here: the manifest's files, and (sha256 unknown) the journal's."""
        known: dict[str, str] = {}
        with contextlib.suppress(OSError, ValueError):
            known = dict.fromkeys(json.loads(self._journal.read_text("utf-8")), "")
        return {**(manifest_of(self.root) or {}), **known}

    def refuse_taken(self, names: Mapping[str, str]) -> None:
        """Raise UsageError where a file that is not ours stands where one of ours has to go."""
        ours = self.ours()
        taken = [name for name in names if name not in ours and name != MANIFEST and _size(self.root, name) >= 0]
        if taken:
            raise UsageError(
                f"{self.root / taken[0]} is in the way and was not made by a run.", "Move it elsewhere, then run again."
            )

    def commit(self, digests: Mapping[str, str], manifest: bytes) -> None:
        """Put the staged files (name → sha256) in place, remove what is no longer part of the dataset, and
        last of all swap the manifest. Files that did not change are left alone."""
        self.refuse_taken(digests)
        ours = self.ours()
        with writable(self.root):
            self._write_journal(sorted({*digests, *ours}))
            folders = {self.root}
            changed = [name for name in sorted(digests) if not self._stands(name, digests[name], ours)]
            for_each(changed, lambda name: sync_file(f"{self.staging}/{name}"))
            folders |= {self.root / name for name in {name.rpartition("/")[0] for name in changed}}
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
            for name in changed:
                os.replace(f"{self.staging}/{name}", f"{self.root}/{name}")  # noqa: PTH105 - tens of thousands of them
            for folder in folders:
                sync(folder)
            staged = self.staging / MANIFEST
            staged.write_bytes(manifest)
            sync(staged)
            staged.replace(self.root / MANIFEST)
            sync(self.root)
            for name in sorted(set(ours) - set(digests)):
                target = self.root / name
                if name != KEPT and self.root.resolve() in target.resolve().parents:
                    target.unlink(missing_ok=True)
            self._journal.unlink(missing_ok=True)

    def _stands(self, name: str, digest: str, ours: Mapping[str, str]) -> bool:
        """Is this very file in place already?"""
        return ours.get(name) == digest and _size(self.root, name) == _size(self.staging, name)

    def _write_journal(self, names: list[str]) -> None:
        fresh = self._journal.with_suffix(".new")
        fresh.write_text(json.dumps(names), "utf-8")
        sync(fresh)
        fresh.replace(self._journal)


def for_each(names: Sequence[str], do: Callable[[str], Result]) -> list[Result]:
    """What `do` makes of each, in order; in threads, some names at a time, as most of it is waiting for the disk."""
    portions = [names[at : at + _PORTION] for at in range(0, len(names), _PORTION)]
    with ThreadPoolExecutor() as pool:
        return list(chain.from_iterable(pool.map(lambda portion: [do(name) for name in portion], portions)))


def digest(path: str) -> tuple[str, int]:
    """sha256 and size of a file."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - tens of thousands of them
        found, size = hashlib.sha256(), 0
        while content := file.read(_PIECE_BYTES):
            found.update(content)
            size += len(content)
    return found.hexdigest(), size


def _size(folder: Path, name: str) -> int:
    try:
        return os.stat(f"{folder}/{name}").st_size  # noqa: PTH116 - tens of thousands of them
    except OSError:
        return -1


def sync_file(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """fsync a file or a folder (a folder cannot be opened on Windows, where it needs none)."""
    if not path.is_dir():
        sync_file(str(path))
    elif os.name != "nt":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def lock_patiently(file: IO[bytes]) -> bool:
    """As `try_lock`, for a few seconds: a killed run's child, forked and not yet another program, holds the lock until
    it notices."""
    patience = time.monotonic() + LOCK_PATIENCE
    while not (is_held := try_lock(file)) and time.monotonic() < patience:
        time.sleep(0.1)
    return is_held


def try_lock(file: IO[bytes]) -> bool:
    """Hold the system's lock on a file, which ends with the process; False where another does."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
