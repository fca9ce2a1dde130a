"""Find the files of a run.

In: the SOURCEs of the command line, folders and files. Out: `Found` values in the order of their
shown names, each either to be read or skipped with a reason; nothing found is dropped in silence,
except what the user's own `.baocaoignore` (gitignore syntax, at a source's root) leaves out.

The shown name is relative to its SOURCE, `/`-separated and NFC; with several source folders it is
prefixed by the folder's last name, made unique. Links are not followed, fifos and devices never
opened. Order is the code-point order of the shown names, so it does not depend on the file system.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pathspec
import regex

from baocao.errors import NoFiles, UsageError
from extract.containers import Member, may_be_container

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
UNLISTABLE = ("not-readable", "The folder cannot be listed.", "Check who may read it.")

_LOCK = regex.compile(r"^(?:~\$.*|\.~lock\..*#?|~WR[A-Z]\d+\.tmp)$", regex.IGNORECASE)
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", "icon\r"})


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


def discover(sources: Sequence[str | Path], out: Path) -> tuple[Found, ...]:
    """Everything under `sources`, in order. Raises `UsageError` for what cannot be a run: no source, a
    missing one, an empty folder, an output folder that lies inside a source or holds one."""
    if not sources:
        raise UsageError("No source was given.", "Name a folder of reports: baocao ingest FOLDER --out OUT")
    given = [_existing(Path(source)) for source in sources]
    _refuse_overlap(given, out)
    roots: dict[Path, str] = {}
    for path in given:
        roots.setdefault(path if path.is_dir() else path.parent, "")
    prefixes = _prefixes(list(roots)) if len(roots) > 1 else dict.fromkeys(roots, "")
    found: dict[str, Found] = {}  # by path: nested sources find a file twice, the first source names it
    for path in given:
        if path.is_dir():
            for item in _walk(path, prefixes[path]):
                found.setdefault(item.path, item)
        else:
            shown = prefixes[path.parent] + shown_name(path.name)
            found.setdefault(str(path), Found(shown, str(path), skip_reason(path.name)))
    if not found:
        names = ", ".join(str(source) for source in sources)
        raise NoFiles(f"No file was found under {names}.", "Check the folder, and its .baocaoignore if it has one.")
    return tuple(sorted(_unique(found.values()), key=lambda item: item.source))


# Endings of files that hold one report: these are never opened to look for files inside.
_SINGLE = frozenset(
    {".docx", ".doc", ".pdf", ".txt", ".xlsx", ".xls", ".csv", ".tsv", ".odt", ".ods", ".rtf", ".html", ".htm", ".png",
     ".jpg", ".jpeg", ".tif", ".tiff", ".mht", ".mhtml", ".md"}
)  # fmt: skip


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


def may_hold_files(item: Found) -> bool:
    """Is it worth a closer look, by its name and first bytes? That look is taken in a child (`baocao.unpacked`)."""
    suffix = os.path.splitext(item.path)[1].lower()  # noqa: PTH122 - a hundred thousand of them
    return not (item.skip or item.failed or suffix in _SINGLE) and may_be_container(Path(item.path))


def with_members(found: Iterable[Found], listings: Listings, path_of: Callable[[str], str]) -> tuple[Found, ...]:
    """The same files, archives and mails replaced by what is inside them (`archive.zip!/member`). A container that
    cannot be opened, or not to its end, keeps its own place, `failed`. `path_of` a member's name says where it lies."""
    if not listings:
        return tuple(found)
    out: list[Found] = []
    for item in found:
        listing = listings.get(item.path)
        if listing is None:
            out.append(item)
            continue
        out += [_member(item, member, path_of) for member in listing.members]
        if listing.trouble is not None:
            out.append(Found(item.source, item.path, failed=True, trouble=listing.trouble))
        elif not listing.members:
            out.append(Found(item.source, item.path, "empty-archive"))
    return tuple(sorted(_unique(out), key=lambda item: item.source))


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
    pending = [(str(root), "")]
    while pending:
        folder, relative = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield Found(prefix + shown_name_of(relative), folder, UNLISTABLE[0], failed=True)
            continue
        for entry in listed:
            name = relative + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if (not relative and entry.name == IGNORE_FILE) or ignored(name + "/" if is_folder else name):
                continue
            shown = prefix + shown_name_of(name)
            if entry.is_symlink():
                yield Found(shown, entry.path, "link")
            elif is_folder:
                if entry.name.startswith("."):
                    yield Found(shown + "/", entry.path, "hidden-file")
                else:
                    pending.append((entry.path, name + "/"))
            elif entry.is_file(follow_symlinks=False):
                yield Found(shown, entry.path, skip_reason(entry.name))
            else:
                yield Found(shown, entry.path, "not-a-file")


def shown_name_of(relative: str) -> str:
    return "/".join(shown_name(part) for part in relative.split("/"))


def _unique(found: Iterable[Found]) -> Iterator[Found]:
    """Two files may be shown alike (an NFC and an NFD spelling): the later spelling gets `~2`."""
    seen: dict[str, int] = {}
    for item in sorted(found, key=lambda item: (item.source, os.fsencode(item.path))):
        count = seen[item.source] = seen.get(item.source, 0) + 1
        shown = item.source if count == 1 else f"{item.source}~{count}"
        yield item if count == 1 else replace(item, source=shown)
