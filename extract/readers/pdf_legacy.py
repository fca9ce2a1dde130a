"""Text of a PDF page that was set in fonts of an old encoding → Unicode, one character per glyph.

In: the text of a page as the PDF library gives it, and the name of the font of each glyph. Out: the same text
decoded, still with one character per glyph: the second byte of a pair (VNI) becomes U+200B, which
`pdf_words.printed` leaves out. Fonts with small letters drawn as capitals give capitals.

PDFium takes U+00AD, the ư of TCVN3, for a hyphen at a line's end (U+0002); it is the letter again where that
makes a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import regex

from extract.legacy import FILLER, Decoder, Span, encoding_of_font, is_capital_font, may_be_legacy, reading_of
from extract.model import Grid, Problem, Reading
from extract.readers.pdf_page import Placed
from extract.syllables import is_syllable

_LINE = regex.compile(r"[^\r\n]+")
_TOKEN = regex.compile(r"\S+|\s+")
_HYPHEN = regex.compile(r"(?<=[^\s\x02\ufffe])[\x02\ufffe]")


@dataclass(frozen=True, slots=True)
class PageText:
    """A decoded page. `read`: decoded word → (word as read, encoding); `problems` name the page's encodings."""

    text: str
    read: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def decode_page(text: str, font_at: Callable[[int], str], page: int, before: list[Decoder]) -> PageText | None:
    """None where nothing is of an old encoding. `before` holds the decoder of the page before: its evidence counts."""
    if not may_be_legacy(text.replace("\x02", "")):
        return None
    lines = [(match.start(), _spans(match.group(), match.start(), font_at)) for match in _LINE.finditer(text)]
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
        line = _with_horns(decoded.text, spans) if decoded.encoding == "tcvn3" else decoded.text
        out[start : start + len(line)] = line
        raw = "".join(span.text for span in spans)
        for match in regex.finditer(r"\S+", line):
            if match.group() != raw[match.start() : match.end()]:
                read.setdefault(match.group().replace(FILLER, ""), (raw[match.start() : match.end()], decoded.encoding))
    problems = tuple(replace(problem, page=page) for problem in decoder.problems())
    return PageText("".join(out), read, problems) if read or problems else None


def _spans(line: str, start: int, font_at: Callable[[int], str]) -> list[Span]:
    """The words of a line with their fonts; glyph by glyph only where a capital font is about."""
    spans: list[Span] = []
    font = ""
    for match in _TOKEN.finditer(line):
        token, at = match.group(), start + match.start()
        if token.isspace():
            spans.append(Span(token, font))
            continue
        font = font_at(at)
        if is_capital_font(font):
            spans.extend(Span(char, font_at(at + i)) for i, char in enumerate(token))
        else:
            spans.append(Span(token, font))
    return spans


def _with_horns(line: str, spans: list[Span]) -> str:
    """Line-end hyphens that are the letter ư: under a TCVN3 font, where the word is one only with it."""
    if not any(encoding_of_font(span.font) == "tcvn3" for span in spans):
        return line
    chars = list(line)
    for match in _HYPHEN.finditer(line):
        word = regex.search(r"\p{L}+$", line[: match.start()])
        if word is not None and is_syllable(word.group() + "ư") and not is_syllable(word.group()):
            chars[match.start()] = "ư"
    return "".join(chars)


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
