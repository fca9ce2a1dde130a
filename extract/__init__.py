"""The reading stage: one file in, a `Document` out.

It knows pages, boxes, cells and fonts, and has never heard of an indicator.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from extract.model import Document, PageProgress, Problem, SourceFile
from extract.problems import ExtractError, NoReport, UnknownFormat, Unreadable

__all__ = ["read_file"]

_SMALL_BYTES = 1_000_000
# The names a format goes by; every other one is told.
_NAMED = {
    "text": ("txt", "text", "md"),
    "docx": ("docx", "docm", "dotx"),
    "doc": ("doc", "dot"),
    "html": ("html", "htm", "xhtml"),
    "mht": ("mht", "mhtml"),
    "xlsx": ("xlsx", "xlsm", "xltx"),
    "xls": ("xls", "xlt"),
    "word-xml": ("xml",),
    "sheet-xml": ("xml",),
    "tiff": ("tif", "tiff"),
    "jpeg": ("jpg", "jpeg", "jfif", "jpe"),
    "jp2": ("jp2", "j2k", "jpx"),
    "tsv": ("tsv", "tab"),
}


def read_file(
    path: Path,
    name: str | None = None,
    sha256: str | None = None,
    *,
    progress: PageProgress | None = None,
    attempt: int = 1,
    passwords: tuple[str, ...] = (),
) -> Document:
    """Read one report. `name` is the source name that is recorded (default: the file's name).

    `progress` is told (pages done, pages in all or None, seconds a page may take or None), `attempt` 2 asks for
    another library first, `passwords` are tried on an encrypted file: each by readers that have a parameter so named.

    Raises `ExtractError` (one of its kinds, each with a code and a next step) and nothing else of the file's making; a
    fault of a library is an `Unreadable` whose cause is kept.
    """
    from extract.document import build_document
    from extract.readers import reader_of
    from extract.sniff import sniff

    format = sniff(path)
    if format == "empty":
        raise NoReport("the file is empty")
    reader = reader_of(format)
    if reader is None:
        raise UnknownFormat(
            f"no reader for this kind of file ({format})",
            "save it as DOCX or PDF (a photo as JPEG, an archive as ZIP) and put that copy in the folder",
        )
    size = path.stat().st_size
    source = SourceFile(name or path.name, _digest(path, size) if sha256 is None else sha256, size, format)
    try:
        offered = {"progress": progress, "attempt": attempt, "passwords": passwords}
        takes = _options_of(reader)
        raw = reader(path, **{option: value for option, value in offered.items() if option in takes})
    except (ExtractError, MemoryError):
        raise
    except (
        Exception
    ) as error:  # the one boundary: a reader's fault becomes a typed failure, its traceback kept as the cause
        raise Unreadable(
            f"the {format} reader failed: {type(error).__name__}: {error}",
            "open the file in its program, save it again and put that copy in the folder",
        ) from error
    document = build_document(source, raw)
    if not document.tables and not document.headings and not document.letterhead.number:
        if any(problem.severity == "error" for problem in document.problems):
            return document
        raise NoReport("the file holds no appendix table, no numbered heading and no document number")
    suffix = path.suffix.lower().lstrip(".")
    if suffix and suffix not in _NAMED.get(format, (format,)):
        wrong = Problem("wrong-extension", "info", f"named .{suffix}, is {format}", detail=suffix)
        return _with_problem(document, wrong)
    return document


def _digest(path: Path, size: int) -> str:
    with path.open("rb") as file:
        if size <= _SMALL_BYTES:  # for a large one there is a buffer, which takes longer to make than this to read
            return hashlib.sha256(file.read()).hexdigest()
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=64)
def _options_of(reader: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(reader).parameters)


def _with_problem(document: Document, problem: Problem) -> Document:
    from dataclasses import replace

    return replace(document, problems=(*document.problems, problem))
