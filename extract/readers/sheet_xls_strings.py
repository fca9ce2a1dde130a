"""The shared strings of an XLS that change their font on the way: footnote marks raised, words struck through.

In: the workbook stream. Out: for each string that has runs its text, and where which font begins. All other strings
are left to the library that reads the values.

Source: [MS-XLS] 2.4.265 (SST), 2.4.58 (Continue), 2.5.293 (XLUnicodeRichExtendedString).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from extract.legacy import Span
from extract.struck import struck
from extract.text import SUPERSCRIPT

CONTINUE = 0x003C


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the workbook; its colour by number, its size in points (0: not known)."""

    name: str = ""
    is_struck: bool = False
    is_raised: bool = False
    colour: int = -1
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class RichString:
    """`runs`: (first letter, number of the font) from left to right; what stands before the first is in the cell's."""

    text: str
    runs: tuple[tuple[int, int], ...]

    def spans(self, fonts: Sequence[Font]) -> list[Span]:
        """The text as runs, raised digits and struck words as they print; an empty font is the cell's."""
        starts = [(0, -1), *self.runs]
        spans = []
        for n, (start, number) in enumerate(starts):
            end = starts[n + 1][0] if n + 1 < len(starts) else len(self.text)
            font = font_of(fonts, number)
            if text := self.text[start:end]:
                text = struck(text) if font.is_struck else text
                spans.append(Span(text.translate(SUPERSCRIPT) if font.is_raised else text, font.name))
        return spans


def font_of(fonts: Sequence[Font], number: int) -> Font:
    """Fonts are counted from 0, and there is none of number 4 ([MS-XLS] 2.5.129)."""
    at = number - 1 if number > 4 else number
    return fonts[at] if 0 <= at < len(fonts) else Font()


@dataclass(slots=True)
class _Parts:
    """The bodies of a record and its continuations, read as one; text over a border says its width anew."""

    parts: list[bytes]
    at: int = 0
    part: int = 0

    def take(self, size: int) -> bytes:
        out = b""
        while size:
            self._turn()
            piece = self.parts[self.part][self.at : self.at + size]
            self.at += len(piece)
            size -= len(piece)
            out += piece
        return out

    def text(self, length: int, is_wide: bool) -> str:
        out = ""
        while length:
            if self._turn():
                is_wide = bool(self.take(1)[0] & 1)
            width = 2 if is_wide else 1
            n = min(length, (len(self.parts[self.part]) - self.at) // width)
            if not n:
                raise IndexError("a letter is cut in two")
            out += self.take(n * width).decode("utf-16-le" if is_wide else "latin-1", "replace")
            length -= n
        return out

    def _turn(self) -> bool:
        turned = False
        while self.at >= len(self.parts[self.part]):
            self.part, self.at, turned = self.part + 1, 0, True  # an IndexError behind the last one
        return turned


def rich_strings(bodies: list[bytes]) -> dict[int, RichString]:
    """The strings with runs, by their number. `bodies`: the SST record and those that continue it."""
    found: dict[int, RichString] = {}
    parts = _Parts(bodies)
    _, unique = struct.unpack("<II", parts.take(8))
    for number in range(unique):
        length, flags = struct.unpack("<HB", parts.take(3))
        n_runs = struct.unpack("<H", parts.take(2))[0] if flags & 8 else 0
        size = struct.unpack("<I", parts.take(4))[0] if flags & 4 else 0
        text = parts.text(length, bool(flags & 1))
        runs = [struct.unpack("<HH", parts.take(4)) for _ in range(n_runs)]
        parts.take(size)
        if runs:
            found[number] = RichString(text, tuple((start, font) for start, font in runs))
    return found
