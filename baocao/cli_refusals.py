"""What the command line refuses before anything is read: slips of the hand, said in the user's language.

In: paths as they were typed. Out: nothing, or `UsageError` with the sentence and the next step. Like `baocao.cli`, of
which this is a part, it imports nothing heavy.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from baocao.errors import UsageError
from baocao.messages import Messages

_SIGNS_OF_A_RUN = frozenset({"datapackage.json", ".work"})
_HARMLESS_IN_OUT = frozenset({"README.md", "corrections.csv", "lost+found"})


def passwords_in(path: Path | None, say: Messages) -> tuple[str, ...]:
    """The lines of a password file, in order; an empty line is none."""
    if path is None:
        return ()
    refuse_file(path, say)
    lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    return tuple(dict.fromkeys(line for line in lines if line))


def refuse_sources(
    sources: Sequence[Path], out: Path, say: Messages, *, is_default: bool, may_be_empty: bool = False
) -> None:
    """What can be seen at once and is nearly always a slip of the hand, said in the user's language.
    The batch checks again for those who call it from Python."""
    target = _resolved(out)
    if target.exists() and not target.is_dir():
        raise UsageError(say("error.out-is-file", out=out), say("error.out-is-file.next", example=f"{out}-out"))
    for source in sources:
        path = _resolved(source)
        if not path.exists():
            step = "error.no-corpus.next" if is_default else "error.no-source.next"
            raise UsageError(say("error.no-source", path=source), say(step))
        if not path.is_dir():
            continue
        if path == target or path in target.parents:
            example = path.parent / f"{path.name}-out"
            raise UsageError(
                say("error.out-in-source", out=out, path=source), say("error.out-in-source.next", example=example)
            )
        if target in path.parents:
            raise UsageError(
                say("error.source-in-out", out=out, path=source),
                say("error.out-in-source.next", example=target.parent / f"{target.name}-out"),
            )
        if not may_be_empty and not any(files for _, _, files in os.walk(path)):
            raise UsageError(say("error.empty-source", path=source), say("error.empty-source.next"))
    if _is_someone_elses(target):
        raise UsageError(say("error.out-not-ours", out=out), say("error.out-not-ours.next", example=f"{out}/baocao"))


def _is_someone_elses(out: Path) -> bool:
    """A folder with visible files in it and no sign of an earlier run."""
    try:
        names = {entry.name for entry in os.scandir(out)}
    except OSError:  # not there yet, or not to be listed: the batch says so
        return False
    has_signs = not names.isdisjoint(_SIGNS_OF_A_RUN)
    return not has_signs and any(name[0] != "." for name in names - _HARMLESS_IN_OUT)


def _resolved(path: Path) -> Path:
    """Absolute and without links; links that lead in a circle stay as they are written."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def refuse_file(path: Path, say: Messages) -> None:
    if path.is_dir():
        raise UsageError(say("error.is-folder", path=path), say("error.is-folder.next", path=path))
    if not path.exists():
        raise UsageError(say("error.no-file", path=path), say("error.no-file.next", folder=path.resolve().parent))
    try:
        path.open("rb").close()
    except OSError as error:
        raise UsageError(
            say("error.not-readable", path=path, reason=error.strerror or error), say("error.not-readable.next")
        ) from error
