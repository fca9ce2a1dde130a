"""Bytes of a page → text, and a web archive → the pages inside it.

The order: byte order mark; what the page or its envelope declares, where the bytes fit it; UTF-8 where they
are UTF-8 whatever is declared (a page copied into another editor keeps its old `<meta>`); else the shared
guess of `extract.legacy_files`, with a problem that says so.
"""

from __future__ import annotations

import codecs
import email
import email.policy
from collections.abc import Iterator

import regex

from extract.legacy_files import decode_bytes
from extract.model import Problem
from extract.problems import LimitExceeded, Unreadable

MAX_PARTS = 2_000
_DECLARED = regex.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", regex.IGNORECASE
)
# What browsers read under these names (WHATWG Encoding): a page that says latin-1 was made on Windows.
_AS_WINDOWS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


def decode_html(data: bytes, declared: str) -> tuple[str, tuple[Problem, ...]]:
    """`declared` is the charset of the envelope, empty where there is none."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode_bytes(data)
    if data[:200].count(b"\x00") > 40:  # UTF-16 without a mark
        return data.decode("utf-16-be" if data[:1] == b"\x00" else "utf-16-le", "replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(data[:4096])
    for name in (declared, found[1].decode("ascii") if found else ""):
        name = _AS_WINDOWS.get(name.lower(), name.lower())
        if not name or name.startswith(("utf", "unicode", "x-user")):
            continue
        try:
            return data.decode(name), ()
        except (LookupError, UnicodeDecodeError):
            continue
    if found and found[1].lower().startswith(b"utf-8"):
        damaged = data.decode("utf-8", "replace")
        if damaged.count("\ufffd") * 200 < len(damaged):
            problem = Problem("encoding-guessed", "warning", "some bytes are not UTF-8", detail="utf-8")
            return damaged, (problem,)
    return decode_bytes(data)


def html_parts(data: bytes) -> Iterator[tuple[bytes, str]]:
    """(bytes, declared charset) of the pages of a web archive: the one it opens with first. Raises Unreadable."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = []
    for n, part in enumerate(message.walk()):
        if n > MAX_PARTS:
            raise LimitExceeded(f"more than {MAX_PARTS} parts", "check where this file comes from")
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            parts.append(part)
    if not parts:
        raise Unreadable("the web archive holds no page", "open it in a browser and save it again")
    for part in parts:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content, part.get_content_charset("") or ""
