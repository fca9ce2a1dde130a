"""Find the files of a run.

In: the SOURCEs of the command line, folders and files. Out: `Found` values (`baocao.found`) in the order of their
shown names, each either to be read or skipped with a reason; nothing found is dropped in silence,
except what the user's own `.baocaoignore` (gitignore syntax, at a source's root) leaves out.

The shown name is relative to its SOURCE, `/`-separated and NFC; with several source folders it is
prefixed by the folder's last name, made unique. Links are not followed, fifos and devices never
opened. Order is the code-point order of the shown names, so it does not depend on the file system.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pathspec
import regex

from baocao.errors import NoFiles, UsageError
from baocao.found import UNLISTABLE, Found, FoundFiles
from extract.containers import Member

IGNORE_FILE = ".baocaoignore"

# Reason code → sentence and next step, as they stand in `reports`.
SKIP_REASONS: dict[str, tuple[str, str]] = {
    "hidden-file": ("A hidden file or folder; it is not read.", "Rename it without the leading dot if it is a report."),
    "lock-file": ("A lock or temporary file of an office program; it is not read.", ""),
    "thumbnail-file": ("A file the operating system made; it is not read.", ""),
    "link": ("A symbolic link; links are not followed.", "Give the folder it points to as a SOURCE of its own."),
    "empty-archive": ("An archive without a file in it.", ""),
    "mail-picture": ("A picture shown inside the text of a mail; it is not read.", "Attach it as a file."),
    "not-a-file": ("A fifo, socket or device; it is never opened.", ""),
}

_LOCK = regex.compile(r"^(?:~\$.*|\.~lock\..*#?|~WR[A-Z]\d+\.tmp)$", regex.IGNORECASE)
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "icon\r"})


def discover(sources: Sequence[str | Path], out: Path, database: sqlite3.Connection | None = None) -> FoundFiles:
    """Everything under `sources`, in order. Raises `UsageError` for what cannot be a run: no source, a
    missing one, an empty folder, an output folder that lies inside a source or holds one."""
    found = FoundFiles(database)
    given = _given(sources, out)
    if len(given) > 1:
        found.add_new(_walk_all(given))
    else:
        found.add(_walk_all(given))
    if not len(found):
        raise _nothing(sources)
    found.tell_apart()
    return found


def _nothing(sources: Sequence[str | Path]) -> NoFiles:
    names = ", ".join(str(source) for source in sources)
    return NoFiles(f"No file was found under {names}.", "Check the folder, and its .baocaoignore if it has one.")


def check(sources: Sequence[str | Path], out: Path) -> None:
    """Raise what `discover` would raise for these sources."""
    if next(walk(sources, out), None) is None:
        raise _nothing(sources)


def walk(sources: Sequence[str | Path], out: Path) -> Iterator[Found]:
    """The same as the file system lists it, one by one: a file may come twice, and there may be none."""
    return _walk_all(_given(sources, out))


def _given(sources: Sequence[str | Path], out: Path) -> list[Path]:
    if not sources:
        raise UsageError("No source was given.", "Name a folder of reports: baocao ingest FOLDER --out OUT")
    given = [_existing(Path(source)) for source in sources]
    _refuse_overlap(given, out)
    return given


def _walk_all(given: Sequence[Path]) -> Iterator[Found]:
    roots: dict[Path, str] = {}
    for path in given:
        roots.setdefault(path if path.is_dir() else path.parent, "")
    prefixes = _prefixes(list(roots)) if len(roots) > 1 else dict.fromkeys(roots, "")
    for path in given:  # nested sources find a file twice, the first source names it
        if path.is_dir():
            yield from _walk(path, prefixes[path])
        else:
            yield Found(prefixes[path.parent] + shown_name(path.name), str(path), skip_reason(path.name))


@dataclass(frozen=True, slots=True)
class Listing:
    """What is inside a container, in its order; their paths are names in the folder of members. `trouble` (code,
    message, next step) where it could not be opened, or not to its end."""

    members: tuple[Member, ...]
    trouble: tuple[str, str, str] | None = None

    @property
    def has_trouble(self) -> bool:
        return self.trouble is not None or any(member.code for member in self.members)


Listings: TypeAlias = Mapping[str, Listing]  # by the container's path


def with_members(found: FoundFiles, listings: Listings, path_of: Callable[[str], str]) -> FoundFiles:
    """The same files, archives and mails replaced by what is inside them (`archive.zip!/member`). A container that
    cannot be opened, or not to its end, keeps its own place, `failed`. `path_of` a member's name says where it lies."""
    if listings:
        containers = [(item, listings[item.path]) for item in found if item.path in listings]
        found.replace((item, _inside(item, listing, path_of)) for item, listing in containers)
        found.tell_apart()
    return found


def _inside(item: Found, listing: Listing, path_of: Callable[[str], str]) -> list[Found]:
    inside = [_member(item, member, path_of) for member in listing.members]
    if listing.trouble is not None:
        inside.append(Found(item.source, item.path, failed=True, trouble=listing.trouble))
    elif not inside:
        inside.append(Found(item.source, item.path, "empty-archive"))
    return inside


def _member(item: Found, member: Member, path_of: Callable[[str], str]) -> Found:
    parts = [shown_name(part) for part in member.name.split("/")]
    source = f"{item.source}!/{'/'.join(parts)}"
    if member.path is None:
        return Found(source, item.path, failed=True, trouble=(member.code, member.message, member.next_step))
    hidden = any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts[:-1])
    skip = skip_reason(parts[-1]) or ("hidden-file" if hidden else "mail-picture" if member.is_inline else "")
    path = path_of(member.path.name)
    return Found(source, path, skip, container=item.path, sha256=member.sha256, size=member.size)


def shown_name(name: str) -> str:
    """NFC; bytes that are not UTF-8 and control characters are shown as U+FFFD, never passed on."""
    if name.isprintable() and unicodedata.is_normalized("NFC", name):
        return name
    text = unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def skip_reason(name: str) -> str:
    """The code of `SKIP_REASONS` for a file name, or empty."""
    if _LOCK.match(name):
        return "lock-file"
    if name.lower() in _SYSTEM or name.startswith("._"):
        return "thumbnail-file"
    return "hidden-file" if name.startswith(".") else ""


def _existing(path: Path) -> Path:
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise UsageError(f"{path} does not exist.", "Check the spelling, or where the command is run.") from None
    mode = resolved.stat().st_mode
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise UsageError(f"{path} is neither a folder nor a file.", "Name a folder of reports.")
    return resolved


def _refuse_overlap(given: Iterable[Path], out: Path) -> None:
    target = out.resolve()
    for path in given:
        if path.is_dir() and (target == path or path in target.parents):
            raise UsageError(
                f"The output {out} lies inside the source {path.name or path}.",
                "Choose an output folder beside the sources.",
            )
        if target in path.parents:
            raise UsageError(
                f"The source {path.name} lies inside the output {out}.",
                "Move the reports out of the output folder, or choose another one.",
            )


def _prefixes(roots: Sequence[Path]) -> dict[Path, str]:
    """Last names of the folders, `-2`, `-3` behind further ones of the same name (in any case)."""
    seen: dict[str, int] = {}
    prefixes = {}
    for root in roots:
        name = shown_name(root.name) or "root"
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        prefixes[root] = f"{name}-{count}/" if count > 1 else f"{name}/"
    return prefixes


def _ignored(root: Path) -> Callable[[str], bool]:
    try:
        text = (root / IGNORE_FILE).read_text("utf-8-sig", errors="replace")
    except OSError:
        text = ""
    spec: Callable[[str], bool] = pathspec.GitIgnoreSpec.from_lines(text.splitlines()).match_file
    return spec


def _walk(root: Path, prefix: str) -> Iterator[Found]:
    ignored = _ignored(root)
    pending = [(str(root), "", prefix)]  # as the file system spells it, relative to the root, and as it is shown
    while pending:
        folder, relative, shown_folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield Found(shown_folder, folder, UNLISTABLE[0], failed=True)
            continue
        for entry in listed:
            name = relative + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if (not relative and entry.name == IGNORE_FILE) or ignored(name + "/" if is_folder else name):
                continue
            shown = shown_folder + shown_name(entry.name)
            if entry.is_symlink():
                yield Found(shown, entry.path, "link")
            elif is_folder:
                if entry.name.startswith("."):
                    yield Found(shown + "/", entry.path, "hidden-file")
                else:
                    pending.append((entry.path, name + "/", shown + "/"))
            elif entry.is_file(follow_symlinks=False):
                yield Found(shown, entry.path, skip_reason(entry.name))
            else:
                yield Found(shown, entry.path, "not-a-file")
