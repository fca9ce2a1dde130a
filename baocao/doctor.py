"""What this machine can read, and what to install for the rest.

In: the kinds of documents somebody wants to read. Out: a `Diagnosis`: one `Part` for each program and
package, there or missing, what can be read with them, and the lines to type. The parts are the table
`PARTS`; a kind of document is one line in `NEEDS`. Programs are asked for their version with a time
limit and never for anything else; package versions come from the installed metadata, nothing is
imported. Debian's package names: https://packages.debian.org/bookworm.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any

from baocao.messages import Messages
from baocao.version import __version__

SECONDS_FOR_A_PROBE = 20

# name → (kind, how it is asked or its import-free name, what to install)
PARTS: dict[str, tuple[str, str, str]] = {
    "lxml": ("package", "lxml", "lxml"),
    "numpy": ("package", "numpy", "numpy"),
    "pandas": ("package", "pandas", "pandas"),
    "regex": ("package", "regex", "regex"),
    "pathspec": ("package", "pathspec", "pathspec"),
    "rapidfuzz": ("package", "rapidfuzz", "rapidfuzz"),
    "pyarrow": ("package", "pyarrow", "pyarrow"),
    "duckdb": ("package", "duckdb", "duckdb"),
    "xlsxwriter": ("package", "xlsxwriter", "xlsxwriter"),
    "rich": ("package", "rich", "rich"),
    "python-docx": ("package", "python-docx", "python-docx"),
    "pdfplumber": ("package", "pdfplumber", "pdfplumber"),
    "pypdfium2": ("package", "pypdfium2", "pypdfium2"),
    "openpyxl": ("package", "openpyxl", "openpyxl"),
    "python-calamine": ("package", "python-calamine", "python-calamine"),
    "opencv-python-headless": ("package", "opencv-python-headless", "opencv-python-headless"),
    "soffice": ("program", "--version", "libreoffice-writer-nogui"),
    "tesseract": ("program", "--version", "tesseract-ocr"),
    "tesseract: vie": ("ocr-language", "vie", "tesseract-ocr-vie"),
}
_CORE = ("lxml", "numpy", "pandas", "regex", "pathspec", "rapidfuzz", "pyarrow", "duckdb", "xlsxwriter", "rich")
NEEDS: dict[str, tuple[str, ...]] = {
    "text": _CORE,
    "docx": (*_CORE, "python-docx"),
    "pdf": (*_CORE, "pdfplumber", "pypdfium2"),
    "sheet": (*_CORE, "openpyxl", "python-calamine"),
    "legacy": (*_CORE, "python-docx", "soffice"),
    "scan": (*_CORE, "pdfplumber", "pypdfium2", "opencv-python-headless", "tesseract", "tesseract: vie"),
}
# Kind → the formats (keys of `extract.readers.READERS`) of which this version must read one to read the kind.
FORMATS: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "docx": ("docx",),
    "pdf": ("pdf",),
    "sheet": ("xlsx", "xls", "ods"),
    "legacy": ("doc", "odt", "rtf"),
    "scan": ("scan", "png", "tiff", "jpeg"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One program, language or package. `version` is empty where it is missing or does not tell;
    `wanted` is the version that would be needed where an older one is there; `is_needed` is False where
    only kinds of documents use it that this version does not read."""

    name: str
    kind: str
    is_there: bool
    version: str = ""
    wanted: str = ""
    install: str = ""
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`facts` are name and value of the machine; `can_read`, `cannot_read` (for want of a part) and `not_yet`
    (this version has no reader) split what was asked for; `install` are the lines to type, one for each installer."""

    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    can_read: tuple[str, ...]
    cannot_read: tuple[str, ...]
    not_yet: tuple[str, ...]
    install: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """No part is missing that this version could use for what was asked."""
        return not self.cannot_read

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        parts = [
            {
                "name": part.name,
                "kind": part.kind,
                "is_there": part.is_there,
                "version": part.version,
                "wanted": part.wanted,
                "install": part.install,
                "is_needed": part.is_needed,
            }
            for part in self.parts
        ]
        return {
            "facts": dict(self.facts),
            "parts": parts,
            "can_read": list(self.can_read),
            "cannot_read": list(self.cannot_read),
            "not_yet": list(self.not_yet),
            "install": list(self.install),
        }


def examine(kinds: Sequence[str] = ()) -> Diagnosis:
    """Look for all that `kinds` (keys of `NEEDS`; all of them if none is named) need."""
    from extract.readers import READERS

    asked = tuple(kinds) or tuple(NEEDS)
    readable = [kind for kind in asked if not READERS.keys().isdisjoint(FORMATS[kind])]
    needed = {name for kind in readable for name in NEEDS[kind]}
    wanted = _wanted_versions()
    names = dict.fromkeys(name for kind in asked for name in NEEDS[kind])
    parts = {name: replace(_look_for(name, wanted), is_needed=name in needed) for name in names}
    can_read = tuple(kind for kind in readable if all(parts[name].is_there for name in NEEDS[kind]))
    return Diagnosis(
        facts=_facts(),
        parts=tuple(parts.values()),
        can_read=can_read,
        cannot_read=tuple(kind for kind in readable if kind not in can_read),
        not_yet=tuple(kind for kind in asked if kind not in readable),
        install=_install_lines(parts.values()),
    )


def report(diagnosis: Diagnosis, say: Messages) -> list[str]:
    """The lines of `baocao doctor`."""
    width = max(len(name) for name in (*(part.name for part in diagnosis.parts), *_labels(diagnosis, say)))
    lines = [f"  {say(f'doctor.{name}'):{width}}  {value}" for name, value in diagnosis.facts]
    for part in diagnosis.parts:
        state = part.version or say("doctor.there")
        if not part.is_there:
            older = say("doctor.too-old", wanted=part.wanted)
            state = f"{part.version} {older}" if part.wanted else say("doctor.missing")
        sign = "✓" if part.is_there else "✗" if part.is_needed else "·"
        lines.append(f"{sign} {part.name:{width}}  {state}")
    for key, kinds in (
        ("doctor.reads", diagnosis.can_read),
        ("doctor.reads-not", diagnosis.cannot_read),
        ("doctor.not-yet", diagnosis.not_yet),
    ):
        if kinds:
            lines.append(say(key, what=", ".join(say(f"doctor.what.{kind}") for kind in kinds)))
    if diagnosis.is_well:
        return [*lines, say("doctor.all-there")]
    return [*lines, say("doctor.install"), *(f"    {line}" for line in diagnosis.install)]


def _labels(diagnosis: Diagnosis, say: Messages) -> list[str]:
    return [say(f"doctor.{name}") for name, _ in diagnosis.facts]


def _facts() -> tuple[tuple[str, str], ...]:
    return (
        ("version", __version__),
        ("python", platform.python_version()),
        ("encoding", f"{sys.getfilesystemencoding()}, {os.environ.get('LC_ALL') or os.environ.get('LANG') or 'C'}"),
        ("processors", str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"),
    )


def _look_for(name: str, wanted: dict[str, str]) -> Part:
    kind, question, install = PARTS[name]
    if kind == "package":
        try:
            version = metadata.version(question)
        except metadata.PackageNotFoundError:
            return Part(name, kind, False, install=install)
        is_old = _numbers(version) < _numbers(wanted.get(name, ""))
        return Part(name, kind, not is_old, version, wanted[name] if is_old else "", install)
    if kind == "ocr-language":
        languages = _answer("tesseract", "--list-langs")
        return Part(name, kind, languages is not None and question in languages.split(), install=install)
    answer = _answer(name, question)
    version = next((word for word in (answer or "").split() if word[:1].isdigit()), "")
    return Part(name, kind, answer is not None, version, install=install)


def _answer(program: str, argument: str) -> str | None:
    """What a program prints when asked; None where it is not there or does not answer in time."""
    if not (path := shutil.which(program)):
        return None
    try:
        asked = subprocess.run(
            [path, argument], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS_FOR_A_PROBE
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (asked.stdout + asked.stderr).decode("utf-8", "replace") if asked.returncode == 0 else None


def _wanted_versions() -> dict[str, str]:
    """Lower bounds of our own requirements; nothing where only a checkout is there, not a package."""
    try:
        lines = metadata.requires("baocao") or []
    except metadata.PackageNotFoundError:
        return {}
    named = (line.split(";")[0].split(">=") for line in lines)
    return {parts[0].strip().lower(): parts[1].split(",")[0].strip() for parts in named if len(parts) == 2}


def _numbers(version: str) -> tuple[int, ...]:
    """Leading numbers of a version: `5.0.0.93` → (5, 0, 0, 93), `3.1rc1` → (3, 1)."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)


def _install_lines(parts: Collection[Part]) -> tuple[str, ...]:
    missing = [part for part in parts if not part.is_there and part.is_needed]
    system = [part.install for part in missing if part.kind != "package"]
    python = [
        f"'{part.install}>={part.wanted}'" if part.wanted else part.install
        for part in missing
        if part.kind == "package"
    ]
    lines = []
    if system:
        lines.append(f"sudo apt-get update && sudo apt-get install -y {' '.join(system)}")
    if python:
        lines.append(f"{sys.executable} -m pip install {' '.join(python)}")
    return tuple(lines)
