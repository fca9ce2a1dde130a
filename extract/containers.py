"""Archives and mails → the files inside them.

In: a ZIP of reports, a mail with attachments. Out: `Member`s, each unpacked into a folder of the caller under
a name made of its content, so that no name inside an archive ever reaches the file system; what the member
is called (`2023/bao-cao.docx`, of a container inside `inner.zip!/bao-cao.docx`) is only shown.

Limits, shared by all that is nested in one file: bytes inflated (counted while inflating, whatever the sizes
in the directory say), number of entries, depth. A member that cannot be unpacked is a `Member` with a
failure; the others go on. What goes beyond a limit ends the container, and is said.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO

import regex

from extract.problems import ExtractError, LimitExceeded, Unreadable
from extract.sniff import sniff, text_format
from extract.text import nfc

MAX_INFLATED = 500_000_000
MAX_ENTRIES = 10_000
MAX_DEPTH = 2
MAX_DIRECTORY = 16_000_000  # bytes of a ZIP's directory: some 100,000 entries
CONTAINERS = frozenset({"zip", "eml"})
_CHUNK = 1 << 20
# What the library raises for a damaged member.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    LookupError,
)
_SUFFIX = regex.compile(r"\.[A-Za-z0-9]{1,8}$")
_CONTROLS = regex.compile(r"[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]+")
_CHECK = "check where this file comes from"
_UNPACK = "unpack it and put what is inside into the folder"


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a container. `path` is where it was unpacked; None where it was not: then `code`, `message`
    and `next_step` say why. `is_inline` marks a picture that a mail shows in its text."""

    name: str
    path: Path | None
    sha256: str = ""
    size: int = 0
    code: str = ""
    message: str = ""
    next_step: str = ""
    is_inline: bool = False


@dataclass(slots=True)
class _Budget:
    """What may still be inflated and listed."""

    bytes_left: int
    entries_left: int

    def take_entry(self) -> None:
        self.entries_left -= 1
        if self.entries_left < 0:
            raise LimitExceeded(f"the archive holds more than {MAX_ENTRIES} entries", _CHECK)


def may_be_container(path: Path) -> bool:
    """Could this be an archive or a mail? Decided by its first bytes alone: nothing is parsed that could do harm."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    return head.startswith(b"PK") or text_format(head, path.suffix.lower()) in CONTAINERS


def is_container(path: Path) -> bool:
    """Is this file, by its content, an archive or a mail? False where it cannot be opened."""
    try:
        return sniff(path) in CONTAINERS
    except ExtractError:
        return False


def unpack(
    path: Path, folder: Path, *, most_bytes: int = MAX_INFLATED, most_entries: int = MAX_ENTRIES
) -> Iterator[Member]:
    """Every file inside a container, in its order, unpacked into `folder`; containers inside it are opened too.

    Raises LimitExceeded (what was given out before stands) and Unreadable (it cannot be opened at all).
    """
    try:
        yield from _unpack(path, folder, "", 1, _Budget(most_bytes, most_entries))
    except (ExtractError, MemoryError, OSError):
        raise
    except Exception as error:  # the boundary, as in `extract.read_file`: the library of mails raises nearly anything
        raise Unreadable(f"the container is damaged: {type(error).__name__}: {error}", _UNPACK) from error


def _unpack(path: Path, folder: Path, prefix: str, depth: int, budget: _Budget) -> Iterator[Member]:
    inside = _zip_members if sniff(path) == "zip" else _mail_members
    for member in inside(path, folder, budget):
        name = prefix + member.name
        if member.path is None or not is_container(member.path):
            yield _named(member, name)
        elif depth >= MAX_DEPTH:
            code, message = LimitExceeded.code, f"containers are opened to a depth of {MAX_DEPTH}"
            yield Member(name, None, member.sha256, member.size, code, message, _UNPACK)
        else:
            try:
                yield from _unpack(member.path, folder, f"{name}!/", depth + 1, budget)
            except Unreadable as error:
                yield Member(name, None, member.sha256, member.size, error.code, error.message, error.next_step)


def _named(member: Member, name: str) -> Member:
    return Member(
        name, member.path, member.sha256, member.size, member.code, member.message, member.next_step, member.is_inline
    )


def _zip_members(path: Path, folder: Path, budget: _Budget) -> Iterator[Member]:
    _check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_FAULTS as error:
        raise Unreadable(f"the archive is damaged: {error}", _UNPACK) from error
    with archive:
        for info in archive.infolist():
            budget.take_entry()
            if info.filename.endswith("/"):  # `is_dir` of the library fails for an entry without a name
                continue
            name = member_name(_zip_name(info))
            if info.flag_bits & 1:
                yield Member(name, None, "", info.file_size, "encrypted", "the archive asks for a password", _UNPACK)
                continue
            try:
                with archive.open(info) as file:
                    yield _store(file, name, folder, budget)
            except _ZIP_FAULTS as error:
                yield Member(name, None, "", info.file_size, "unreadable", f"cannot be unpacked: {error}", _UNPACK)


def _check_directory(path: Path) -> None:
    """The directory is read whole by the library: a huge one is refused first."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 20:
        listed = int.from_bytes(tail[at + 12 : at + 16], "little")
        wide = tail.rfind(b"PK\x06\x06", 0, at)
        if listed == 0xFFFFFFFF and wide >= 0:
            listed = int.from_bytes(tail[wide + 40 : wide + 48], "little")
        if listed > MAX_DIRECTORY:
            raise LimitExceeded(f"the archive's directory has {listed} bytes, the limit is {MAX_DIRECTORY}", _CHECK)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are in the code page of the machine that packed them."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp1258"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def member_name(name: str) -> str:
    """A name as it is shown: `/` between folders, no way out (`../x`, `C:\\x`), NFC, one line."""
    parts = [_CONTROLS.sub(" ", nfc(part)) for part in name.replace("\\", "/").split("/")]
    kept = [part for part in parts if part.strip(". ") and not regex.fullmatch(r"[A-Za-z]:", part)]
    return "/".join(part[:200] for part in kept) or "unnamed"


def _store(file: IO[bytes], name: str, folder: Path, budget: _Budget) -> Member:
    """Copy a member out, counting; its name on disk is its hash with the ending it had."""
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as out:
        temporary = Path(out.name)
        try:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                budget.bytes_left -= len(chunk)
                if budget.bytes_left < 0:
                    raise LimitExceeded(f"the archive inflates to more than {MAX_INFLATED} bytes", _CHECK)
                digest.update(chunk)
                out.write(chunk)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    found = _SUFFIX.search(name)
    path = folder / f"{digest.hexdigest()}{found[0].lower() if found else ''}"
    temporary.replace(path)
    return Member(name, path, digest.hexdigest(), size)


def _mail_members(path: Path, folder: Path, budget: _Budget) -> Iterator[Member]:
    """The text of a mail (`message.html` or `message.txt`) and its attachments."""
    size = path.stat().st_size
    if size > budget.bytes_left:
        raise LimitExceeded(f"{size} bytes of mail, the limit is {MAX_INFLATED}", _CHECK)
    try:
        message: Message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        yield from _mail_parts(message, folder, budget)
    except RecursionError:  # the library calls itself for each mail in a mail
        raise LimitExceeded("mails lie in mails too deep", _CHECK) from None


def _mail_parts(message: Message, folder: Path, budget: _Budget) -> Iterator[Member]:
    import io

    body = _body(message)
    if body is not None:
        budget.take_entry()
        yield _store(io.BytesIO(body[1]), body[0], folder, budget)
    for number, part in enumerate(_attachments(message), 1):
        budget.take_entry()
        content = part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822":
            held = _parts(part)
            content = held[0].as_bytes() if held else b""
        if not isinstance(content, bytes) or not content:
            continue
        name = member_name(_attachment_name(part, number))
        stored = _store(io.BytesIO(content), name, folder, budget)
        is_inline = part.get_content_maintype() == "image" and "content-id" in part
        yield Member(stored.name, stored.path, stored.sha256, stored.size, is_inline=is_inline)


def _file_name(part: Message) -> str:
    """The name of an attachment; empty where it has none, or none that the library can read."""
    try:
        return part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""


def _attachment_name(part: Message, number: int) -> str:
    given = _file_name(part)
    ending = ".eml" if part.get_content_type() == "message/rfc822" else ""
    return given or f"attachment-{number}{ending}"


def _attachments(message: Message) -> Iterator[Message]:
    """Leaf parts that are files; an attached mail is one file."""
    pending = [message]
    while pending:
        part = pending.pop()
        if part.get_content_type() == "message/rfc822" and part is not message:
            yield part
        elif part.is_multipart():
            pending.extend(reversed(_parts(part)))
        elif part is not message and (_file_name(part) or part.get_content_maintype() != "text"):
            yield part


def _parts(message: Message) -> list[Message]:
    held = message.get_payload()
    return [part for part in held if isinstance(part, Message)] if isinstance(held, list) else []


def _body(message: Message) -> tuple[str, bytes] | None:
    """The text of a mail: as a page where it has one, else as text, in UTF-8."""
    found: dict[str, str] = {}
    pending = [message]
    while pending:
        part = pending.pop()
        kind = part.get_content_type()
        if kind == "message/rfc822":
            continue
        if part.is_multipart():
            pending.extend(reversed(_parts(part)))
        elif kind in ("text/html", "text/plain") and not _file_name(part):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                found.setdefault(kind, _decoded(content, part.get_content_charset("") or ""))
    if "text/html" in found:
        return "message.html", found["text/html"].encode("utf-8", "replace")
    return ("message.txt", found["text/plain"].encode("utf-8", "replace")) if "text/plain" in found else None


def _decoded(content: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        try:
            return content.decode(name or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1258", "replace")
