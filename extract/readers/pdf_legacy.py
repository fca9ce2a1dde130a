"""Text of a PDF page that was set in fonts of an old encoding → Unicode, one character per glyph.

In: the text of a page as the PDF library gives it, and the names of the fonts of its glyphs. Out: the same text
decoded, still with one character per glyph: the second byte of a pair (VNI) becomes U+200B, which
`pdf_words.printed` leaves out. Fonts with small letters drawn as capitals give capitals.

To a PDF the byte AD, the ư of TCVN3, is a hyphen (ISO 32000-1, annex D.2, note 5): it is the letter again where
that makes a syllable, in lines that are TCVN3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import regex

from extract.legacy import FILLER, Decoder, Span, needs_decoding, reading_of
from extract.legacy_fonts import is_capital_font
from extract.legacy_tables import decode_tcvn3
from extract.model import Grid, Problem, Reading
from extract.readers.pdf_page import Placed
from extract.syllables import is_syllable

_LINE = regex.compile(r"[^\r\n]+")
_WORD = regex.compile(r"\S+")
_HYPHENED = regex.compile(
    r"(?<![^\s\p{P}])[^\s\x00-\x01\x03-\x40\x5b-\x60\x7b-\x7f]{0,5}[-\x02\ufffe][^\s\x00-\x40\x5b-\x60\x7b-\x7f]{0,5}"
)

FontsAt: TypeAlias = Callable[[list[int]], list[str]]


@dataclass(frozen=True, slots=True)
class PageText:
    """A decoded page. `read`: decoded word → (word as read, encoding); `problems` name the page's encodings."""

    text: str
    read: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def decode_page(text: str, fonts_at: FontsAt, page: int, before: list[Decoder]) -> PageText | None:
    """None where nothing is of an old encoding. `fonts_at` names the fonts at some places of the text; `before` holds
    the decoder of the page before: its evidence counts."""
    if not needs_decoding(text.replace("\x02", "")):
        return None
    horned = _with_horns(text)
    fonts = _fonts(text, fonts_at)
    lines = [(match.start(), _spans(match.group(), fonts, match.start())) for match in _LINE.finditer(horned)]
    decoder = Decoder.of((spans for _, spans in lines), before[-1] if before else None)
    if decoder is None:
        return None
    before[:] = [decoder]
    out = list(text)
    read: dict[str, tuple[str, str]] = {}
    for start, spans in lines:
        decoded = decoder.decode(spans, is_aligned=True)
        if not decoded.encoding:
            continue
        raw = text[start : start + sum(len(span.text) for span in spans)]
        line = "".join(r if d == "\u00ad" else d for d, r in zip(decoded.text, raw, strict=True))
        out[start : start + len(line)] = line
        for match in _WORD.finditer(line):
            own = raw[match.start() : match.end()]
            if match.group() != own:
                read.setdefault(match.group().replace(FILLER, ""), (own, decoded.encoding))
    problems = tuple(replace(problem, page=page) for problem in decoder.problems())
    return PageText("".join(out), read, problems) if read or problems else None


def _with_horns(text: str) -> str:
    """Hyphens as U+00AD wherever TCVN3 would make a syllable with ư of the letters around them: a guess that holds
    only for lines that turn out to be TCVN3. `l-u`, `®-îc`, `t-` (but not `BC-UBND`, `12-15`, `A-B`)."""

    def horned(match: regex.Match[str]) -> str:
        token = match.group()
        ends = regex.search(r"[\x02\ufffe]", token)  # a line's end, which PDFium joins with the next line
        for part in (token, token[: ends.end()] if ends is not None else ""):
            soft = regex.sub(r"[-\x02\ufffe]", "\u00ad", part)
            said = "".join("?" if unit is None else unit for unit in decode_tcvn3(soft))
            if len(part) > 1 and is_syllable(said):
                return soft + token[len(part) :]
        return token

    return _HYPHENED.sub(horned, text)


def _fonts(text: str, fonts_at: FontsAt) -> list[str]:
    """The font of every glyph: asked word by word, glyph by glyph only where capital fonts are about."""
    fonts = [""] * len(text)
    words = [match.span() for match in _WORD.finditer(text)]
    named = fonts_at([start for start, _ in words])
    for (start, end), font in zip(words, named, strict=True):
        fonts[start:end] = [font] * (end - start)
    if any(map(is_capital_font, set(named))):
        for start, end in words:
            fonts[start:end] = fonts_at(list(range(start, end)))
    return fonts


def _spans(line: str, fonts: list[str], start: int) -> list[Span]:
    """Runs of one font; a space goes with the word before it."""
    spans: list[Span] = []
    font, begun = "", 0
    for at, char in enumerate(line):
        own = font if char.isspace() else fonts[start + at]
        if own != font and at > begun:
            spans.append(Span(line[begun:at], font))
            begun = at
        font = own
    spans.append(Span(line[begun:], font))
    return spans


def with_readings(placed: list[Placed], read: Mapping[str, tuple[str, str]]) -> list[Placed]:
    """The blocks of a page with what the cells of their grids were converted from."""
    if not read:
        return placed
    return [replace(p, block=_with_readings(p.block, read)) if isinstance(p.block, Grid) else p for p in placed]


def _with_readings(grid: Grid, read: Mapping[str, tuple[str, str]]) -> Grid:
    cells = []
    for cell in grid.cells:
        words = cell.text.split()
        found = [read[word] for word in words if word in read]
        if found:
            raw = " ".join(read[word][0] if word in read else word for word in words)
            readings: tuple[Reading, ...] = reading_of(raw, found[0][1])
            cell = replace(cell, readings=(*cell.readings, *readings))
        cells.append(cell)
    return replace(grid, cells=tuple(cells))
