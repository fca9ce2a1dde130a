"""The bytes of a text file → Unicode, line by line.

In: bytes. Out: the text, the text as read of each line that was converted, and problems. A byte order mark
decides; then UTF-16 without one (every second byte is zero); then UTF-8. A line that is no UTF-8 is taken as
bytes and given to `extract.legacy`, so a file glued together from several encodings comes out whole.
Pure ASCII and sound UTF-8 cost one look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from extract.legacy import SUSPICIOUS, VIETNAMESE, Decoder, Span, composed, sure_verdict
from extract.legacy_fonts import BYTES
from extract.model import Problem

_AFTER_TAB = regex.compile(r"(?<=\t)")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What sound UTF-8 of a report may hold besides Vietnamese letters.
_ODD = regex.compile(
    r"[^\x00-\u024f\u0300-\u036f\u1ea0-\u1eff\u2000-\u2bff\u3000\ufeff\ue000-\uf8ff\U0001f000-\U0001faff]"
)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """`text` in Unicode; `origin`: a converted line → (the line as read, its encoding)."""

    text: str
    problems: tuple[Problem, ...] = ()
    origin: Mapping[str, tuple[str, str]] | None = None


def decode_bytes(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file, and what was converted or could not be decided."""
    decoded = decode_text(data)
    return decoded.text, decoded.problems


def decode_text(data: bytes) -> DecodedText:
    """As `decode_bytes`, with the text as read of every line that was converted."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, errors="replace"))
    if data.isascii() and b"\x00" not in data:
        return _checked(data.decode("ascii"))
    wide = _wide(data)
    if wide is not None:
        problem = Problem("encoding-converted", "info", "file", detail=f"UTF-16: [{data[:16].hex(' ')}]")
        checked = _checked(wide)
        return DecodedText(checked.text, (problem, *checked.problems), checked.origin)
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        lines = [_line(line) for line in data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")]
        return _decoded(lines)


def is_wide(head: bytes) -> bool:
    """UTF-16 without a byte order mark: of the pairs of bytes many have a zero on one side, hardly any on the other,
    and what is not zero is text."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 10 or min(even, odd) > max(even, odd) // 50:
        return False
    ascii_side = head[0::2] if odd > even else head[1::2]
    controls = sum(1 for byte in ascii_side if byte < 9 or 13 < byte < 27)
    return controls <= len(ascii_side) // 8  # the low byte of a Vietnamese letter (U+0111) may be a control


def _wide(data: bytes) -> str | None:
    head = data[:4000]
    if b"\x00" not in head or not is_wide(head):
        return None
    little = head[1::2].count(0) > head[0::2].count(0)
    return data[: len(data) // 2 * 2].decode("utf-16-le" if little else "utf-16-be", errors="replace")


def _line(line: bytes) -> Span:
    """UTF-8 where the line is that and says something sensible; else one character per byte, marked as `BYTES`."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return Span(line.decode("latin-1"), BYTES)
    return Span(line.decode("latin-1"), BYTES) if _ODD.search(text) else Span(text)


def _checked(text: str) -> DecodedText:
    """Sound Unicode may still hold old text letter by letter (`Céng hßa`), mojibake (`Cá»™ng`), or VIQR."""
    if (whole := composed(text)) is not None:
        return DecodedText(whole)
    return _decoded([Span(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")])


def _decoded(lines: Sequence[Span]) -> DecodedText:
    passages = [_passages(line) for line in lines]
    decoder = Decoder.of(passage for line in passages for passage in line)
    if decoder is None:
        return DecodedText("\n".join(line.text for line in lines))
    sure = ["" if line.text.isascii() else sure_verdict(line.text, line.font)[0] for line in lines]
    out: list[str] = []
    origin: dict[str, tuple[str, str]] = {}
    for i, line in enumerate(passages):
        near = neighbours(sure, i)
        parts = [decoder.decode(passage, near) for passage in line]
        text = "".join(part.text for part in parts)
        out.append(text)
        found = next((part.encoding for part in parts if part.encoding), "")
        if found:
            origin[text.strip("\f")] = (lines[i].text.strip("\f"), found)
    return DecodedText("\n".join(out), decoder.problems(), origin)


def _passages(line: Span) -> list[list[Span]]:
    """A line is one passage; its cells are several where some are Unicode and others not."""
    text = line.text
    if "\t" in text and not text.isascii() and VIETNAMESE.search(text) and SUSPICIOUS.search(text):
        return [[Span(part, line.font)] for part in _AFTER_TAB.split(text) if part]
    return [[line]]


def neighbours(sure: Sequence[str], at: int) -> list[str]:
    """The encodings of the lines before and after that leave no doubt; `sure`: that of each line, or empty."""
    return [name for name in (_nearest(sure, at, -1), _nearest(sure, at, 1)) if name]


def _nearest(sure: Sequence[str], at: int, step: int) -> str:
    """The encoding of the next line on this side that leaves no doubt, within eight lines."""
    for k in range(1, 9):
        i = at + k * step
        if 0 <= i < len(sure) and sure[i]:
            return sure[i]
    return ""
