"""The work folder of the desk: dropped reports in `bao-cao/`, the dataset in `ket-qua/`.

In: names and bytes a browser sends, folders a person chooses. Out: files whole or not at all, under names that
stay inside `bao-cao/` on every system, whatever was sent.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import regex

from baocao.sources import skip_reason

DROPPED, RESULT = "bao-cao", "ket-qua"
MOST_BYTES = 300_000_000
_MOST_NAME_BYTES, _MOST_PARTS, _MOST_LISTED = 150, 12, 2000
_FORBIDDEN = regex.compile(r'[<>:"|?*\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = regex.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$", regex.IGNORECASE)


class NotTaken(Exception):
    """A file or folder that is not taken; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Place:
    """A work folder; made where it is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.dropped, self.result = self.folder / DROPPED, self.folder / RESULT
        self.dropped.mkdir(parents=True, exist_ok=True)

    async def take(self, name: str, pieces: AsyncIterator[bytes]) -> str:
        """Write one sent file; returns the name it got. The same content under the same name is taken once.

        Raises `NotTaken` for a name nothing is left of, a file no report can be in, or too many bytes.
        """
        target = self.dropped.joinpath(*safe_parts(name))
        fresh = self.dropped / f".{uuid.uuid4().hex}.part"
        size, digest = 0, hashlib.sha256()
        try:
            with fresh.open("xb") as file:
                async for piece in pieces:
                    size += len(piece)
                    if size > MOST_BYTES:
                        raise NotTaken("too-large")
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            free = _free(target, digest.hexdigest())
            if free is not None:
                fresh.replace(free)
                target = free
        finally:
            fresh.unlink(missing_ok=True)
        return target.relative_to(self.dropped).as_posix()

    def choose(self, text: str) -> Path:
        """A folder to read. Raises `NotTaken` for one that is not there, or that the result lies in or holds."""
        path = existing_folder(text)
        if path == self.result or path in self.result.parents or self.result in path.parents:
            raise NotTaken("holds-result")
        return path

    def n_dropped(self) -> int:
        return sum(1 for path in self.dropped.rglob("*") if path.is_file() and not path.name.startswith("."))


def existing_folder(text: str) -> Path:
    """A folder a person typed or picked, without links. Raises `NotTaken`."""
    if not text.strip() or "\x00" in text:
        raise NotTaken("no-folder")
    try:
        path = Path(text.strip().strip('"')).expanduser()
        if not path.is_absolute():
            raise NotTaken("no-folder")
        path = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise NotTaken("no-folder") from None
    if not path.is_dir():
        raise NotTaken("no-folder")
    return path


def folders_in(path: Path) -> list[str]:
    """Names of the visible folders in a folder, in order; empty where it cannot be listed."""
    try:
        with os.scandir(path) as entries:
            names = [e.name for e in entries if not e.name.startswith(".") and e.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(names, key=str.casefold)[:_MOST_LISTED]


def safe_parts(name: str) -> list[str]:
    """The parts of a sent name as they may stand on a disk. Raises `NotTaken`.

    `../../x.pdf` is `x.pdf`; `C:\\a\\b.pdf` is `C/a/b.pdf`; a device name gets an underscore.
    """
    parts = []
    for part in unicodedata.normalize("NFC", name).replace("\\", "/").split("/"):
        part = _FORBIDDEN.sub("", part.encode("utf-8", "replace").decode()).strip().rstrip(". ")
        if part:
            parts.append(_shortened(f"_{part}" if _RESERVED.match(part) else part))
    if not parts or len(parts) > _MOST_PARTS:
        raise NotTaken("bad-name")
    if skip_reason(parts[-1]):
        raise NotTaken("no-report")
    return [part.lstrip(".") or "_" for part in parts]


def _shortened(part: str) -> str:
    stem, dot, suffix = part.rpartition(".")
    tail = dot + suffix if stem and len(suffix) <= 8 else ""
    body = part[: len(part) - len(tail)].encode()[: _MOST_NAME_BYTES - len(tail.encode())]
    return body.decode("utf-8", "ignore") + tail


def _free(target: Path, sha256: str) -> Path | None:
    """The name itself or with -2, -3 …; None where the same content stands there already."""
    for number in range(1, 10_000):
        path = target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
        if not path.exists():
            return path
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            return None
    raise NotTaken("bad-name")
