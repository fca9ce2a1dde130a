"""What a run can end with: the errors that stop it, the summary it returns, the progress it tells.

In: nothing. Out: one small tree of errors, each with a sentence, the next step and an exit code of
the contract, and plain frozen values for the command line to print. An error that concerns a single
file never stops a run: it becomes a row in `reports` and a `Failure` here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

EXIT_OK = 0
EXIT_USAGE = 2
EXIT_TOOL_MISSING = 3
EXIT_INCOMPLETE = 10
EXIT_STRICT = 11
EXIT_BUSY = 12
EXIT_NOT_WRITABLE = 13
EXIT_INTERRUPTED = 130


class BaocaoError(Exception):
    """Something that stops the whole run. `message` says what is wrong, `next_step` what to do."""

    code = "error"
    exit_code = EXIT_USAGE

    def __init__(self, message: str, next_step: str = "", exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        if exit_code is not None:
            self.exit_code = exit_code


class UsageError(BaocaoError):
    """Wrong usage: a missing or empty folder, an output inside the input, an output that is not ours."""

    code = "usage"


class NoFiles(UsageError):
    """The sources are there and hold no file yet."""


class OutputBusy(BaocaoError):
    """Another run holds the output folder."""

    code = "output-busy"
    exit_code = EXIT_BUSY


class OutputNotWritable(BaocaoError):
    """The output cannot be written: no permission, no space, a read-only disk."""

    code = "output-not-writable"
    exit_code = EXIT_NOT_WRITABLE


class ReaderUnavailable(BaocaoError):
    """The reading process cannot be started at all; no file is to blame."""

    code = "reader-unavailable"
    exit_code = EXIT_TOOL_MISSING


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that could not be read: `code` is stable, `next_step` tells what to do."""

    source: str
    code: str
    message: str
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a run. `stage` is discover, read or write; `total` is None while unknown.

    `source` is the file (or output file) the step is about, `status` what became of it: a status of
    the contract while reading, empty otherwise.
    """

    stage: str
    done: int
    total: int | None
    source: str = ""
    status: str = ""


ProgressCallback: TypeAlias = Callable[[Progress], None]


def _empty() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did; counts are files, except `n_observations` and `findings`.

    `n_files` is every file found. Each falls into exactly one of `read` (ok and doubtful, duplicates
    and superseded ones included), `partial`, `failed` (by code) and `skipped` (by reason).
    `doubtful`, `duplicates` and `superseded` count within `read` and `partial`. `findings` counts by
    severity. `failures` lists the failed files, `skips` the skipped ones, in path order. `reused`
    counts the files taken over from an earlier run without reading them again.
    """

    out: Path
    n_files: int = 0
    read: int = 0
    doubtful: int = 0
    partial: int = 0
    failed: Mapping[str, int] = field(default_factory=_empty)
    skipped: Mapping[str, int] = field(default_factory=_empty)
    duplicates: int = 0
    superseded: int = 0
    reused: int = 0
    n_observations: int = 0
    n_with_value: int = 0
    n_doubtful_values: int = 0
    n_indicators: int = 0
    findings: Mapping[str, int] = field(default_factory=_empty)
    failures: tuple[Failure, ...] = ()
    skips: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    strict: bool = False

    @property
    def n_failed(self) -> int:
        return sum(self.failed.values())

    @property
    def n_skipped(self) -> int:
        return sum(self.skipped.values())

    @property
    def exit_code(self) -> int:
        """The contract's exit code. `--strict` comes before 10: it is what the caller asked to know."""
        if self.failed and not self.read and not self.partial and set(self.failed) == {"tool-missing"}:
            return EXIT_TOOL_MISSING
        if self.strict and self.findings.get("error"):
            return EXIT_STRICT
        if self.failed or self.partial:
            return EXIT_INCOMPLETE
        return EXIT_OK

    def to_json(self) -> dict[str, Any]:
        """Plain values for `--json`, keys in the order of the fields."""
        return {
            "out": self.out.as_posix(),
            "exit_code": self.exit_code,
            "n_files": self.n_files,
            "read": self.read,
            "doubtful": self.doubtful,
            "partial": self.partial,
            "failed": dict(self.failed),
            "skipped": dict(self.skipped),
            "duplicates": self.duplicates,
            "superseded": self.superseded,
            "reused": self.reused,
            "n_observations": self.n_observations,
            "n_with_value": self.n_with_value,
            "n_doubtful_values": self.n_doubtful_values,
            "n_indicators": self.n_indicators,
            "findings": dict(self.findings),
            "failures": [_plain(f) for f in self.failures],
            "skips": [_plain(f) for f in self.skips],
            "warnings": list(self.warnings),
        }


def _plain(failure: Failure) -> dict[str, str]:
    return {"source": failure.source, "code": failure.code, "message": failure.message, "next_step": failure.next_step}
