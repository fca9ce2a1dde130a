"""Sources and outputs behind a URL (`s3://…`), through fsspec.

In: the sources and the output of a run as they were given. Out: local folders to run with, and the dataset put in
place behind the URL afterwards. A source is mirrored into a cache folder (only what changed is fetched); a run works
in a local folder and publishes like a local one: changed files first, the manifest last, then what is no longer part
of the dataset is removed. The ledger goes along, and the parts that workers of a cluster wrote.

An extra: `pip install "baocao[cluster]"`. One run at a time works on an output (`baocao.remote_lock`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baocao.errors import OutputNotWritable, UsageError
from baocao.output import MANIFEST
from baocao.remote_lock import NAME as LEASE
from baocao.remote_lock import leased

_LEDGER = "ledger.sqlite"


def is_remote(place: str | Path) -> bool:
    """Is this a URL rather than a path?"""
    return isinstance(place, str) and "://" in place


def filesystem(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL and the path in it. Raises `UsageError` where a package is missing."""
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as missing:
        raise UsageError(f"{url} cannot be opened: {missing}.", 'Type: pip install "baocao[cluster]"') from missing
    return system, str(path).rstrip("/")


@dataclass(frozen=True, slots=True)
class Local:
    """The local side of a run: its sources, its output, and where files and parts lie behind URLs."""

    sources: tuple[Path, ...]
    out: Path
    urls: dict[str, str]  # local folder → URL of a mirrored source
    parts: str  # where workers of a cluster put parts

    def url_of(self, path: str) -> str:
        """The URL of a mirrored file, empty for a local one."""
        for folder, url in self.urls.items():
            if path.startswith(folder + os.sep):
                return f"{url.rstrip('/')}/{Path(path).relative_to(folder).as_posix()}"
        return ""


def cache_folder(url: str) -> Path:
    """Where this machine keeps its copy of a URL: under $XDG_CACHE_HOME, by a hash of the URL."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "baocao" / hashlib.sha256(url.encode()).hexdigest()[:16]


@contextmanager
def localized(sources: list[str | Path], out: str | Path) -> Iterator[Local]:
    """Local folders for a run; what it wrote is published when the block ends well."""
    urls: dict[str, str] = {}
    local: list[Path] = []
    for source in sources:
        if is_remote(source):
            name = str(source).rstrip("/").rpartition("/")[2] or "source"
            folder = cache_folder(str(source)) / name
            mirror(str(source), folder)
            urls[str(folder.resolve())] = str(source)
            local.append(folder)
        else:
            local.append(Path(source))
    if not is_remote(out):
        yield Local(tuple(local), Path(out), urls, str((Path(out) / ".work" / "parts").absolute()))
        return
    url = str(out).rstrip("/")
    root = cache_folder(url) / "out"
    system, base = filesystem(url)
    with leased(system, base, url, cache_folder(url)) as lease:
        _fetch_work(url, root)
        yield Local(tuple(local), root, urls, f"{url}/.work/parts")
        if not lease.is_ours():
            raise lease.lost()
        publish(root, url)


def mirror(url: str, folder: Path) -> None:
    """Make `folder` what lies behind `url`: what is new or changed is fetched, what is gone removed."""
    system, base = filesystem(url)
    try:
        there = {path[len(base) + 1 :]: facts for path, facts in system.find(base, detail=True).items()}
    except (OSError, ValueError) as error:
        raise UsageError(f"{url} cannot be listed: {error}.", "Check the address and the credentials.") from error
    seen_path = folder.with_name(folder.name + ".seen.json")
    seen: dict[str, str] = json.loads(seen_path.read_text("utf-8")) if seen_path.is_file() else {}
    folder.mkdir(parents=True, exist_ok=True)
    now: dict[str, str] = {}
    for name, facts in sorted(there.items()):
        if not name or name.endswith("/") or ".." in name.split("/"):
            continue
        look = "|".join(str(facts.get(key, "")) for key in ("size", "ETag", "LastModified", "mtime"))
        target = folder / name
        if seen.get(name) != look or not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.fresh")
            system.get_file(f"{base}/{name}", str(fresh))
            fresh.replace(target)
        now[name] = look
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in now:
            path.unlink()
    seen_path.write_text(json.dumps(now), "utf-8")


def _fetch_work(url: str, root: Path) -> None:
    """Start from what stands behind the URL where this machine has no copy of it, or one of another state. What this
    machine has read itself stays: a run that was ended before it could publish goes on where it was."""
    system, base = filesystem(url)
    system.invalidate_cache()
    if not system.exists(f"{base}/{MANIFEST}"):
        return
    is_same = (root / MANIFEST).is_file() and (root / MANIFEST).read_bytes() == system.cat_file(f"{base}/{MANIFEST}")
    has_ledger = (root / ".work" / _LEDGER).is_file()
    for path in system.find(base):
        name = path[len(base) + 1 :]
        is_work = name.startswith(".work/")
        if name == LEASE:
            continue
        wanted = name == "corrections.csv" or (not has_ledger if is_work else not is_same)
        if wanted and ".." not in name.split("/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            system.get_file(path, str(root / name))


def publish(root: Path, url: str) -> None:
    """Put the dataset in `root` behind the URL: what changed, then the manifest, then remove what is gone."""
    system, base = filesystem(url)
    new = _files((root / MANIFEST).read_bytes())
    try:
        old = _files(system.cat_file(f"{base}/{MANIFEST}")) if system.exists(f"{base}/{MANIFEST}") else {}
        kept = "corrections.csv"
        if (root / kept).is_file() and not system.exists(f"{base}/{kept}"):
            system.put_file(str(root / kept), f"{base}/{kept}")
        for name, digest in new.items():
            if old.get(name) != digest:
                system.put_file(str(root / name), f"{base}/{name}")
        if (root / ".work" / _LEDGER).is_file():
            system.put_file(str(root / ".work" / _LEDGER), f"{base}/.work/{_LEDGER}")
            _publish_parts(system, root / ".work" / "parts", f"{base}/.work/parts")
        system.put_file(str(root / MANIFEST), f"{base}/{MANIFEST}")
        for name in sorted(set(old) - set(new)):
            system.rm_file(f"{base}/{name}")
    except OSError as error:
        raise OutputNotWritable(
            f"{url} cannot be written: {error}.", "Check the address and the credentials."
        ) from error


def _publish_parts(system: Any, parts: Path, base: str) -> None:
    """Parts never change once they have their name: what is not there yet goes up, what is gone here goes."""
    system.invalidate_cache()
    there = {path.removeprefix(base + "/") for path in system.find(base)} if system.exists(base) else set()
    here = {path.relative_to(parts).as_posix() for path in parts.rglob("*") if path.is_file()}
    for name in sorted(here - there):
        system.put_file(str(parts / name), f"{base}/{name}")
    for name in sorted(there - here):
        system.rm_file(f"{base}/{name}")


def _files(manifest: bytes) -> dict[str, str]:
    files: dict[str, str] = json.loads(manifest)["baocao"]["files"]
    return files


def fetch_part(parts: str, name: str, folder: Path) -> None:
    """A part that a worker put behind a URL, brought here whole."""
    system, base = filesystem(parts)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    system.invalidate_cache()
    for path in system.find(f"{base}/{name}"):
        system.get_file(path, str(fresh / path.rpartition("/")[2]))
    fresh.replace(folder)
