"""Text of PDF pages that is in an old encoding → Unicode, one character per glyph and the letters that were lost.

In: the texts of some pages as the PDF library gives them, and the names of the fonts of their glyphs, which may be
those of the time or others (the fonts were replaced when the PDF was printed). Out: the same texts decoded, still with
one character per glyph: the second byte of a pair (VNI) becomes U+200B, which `pdf_words.printed` leaves out. Fonts
with small letters drawn as capitals give capitals.

To a PDF the byte AD, the ư of TCVN3, is a hyphen (ISO 32000-1, annex D.2, note 5): it is the letter again where that
makes a syllable, in lines that are TCVN3, also over a line's end. Often it is not drawn at all, see
`extract.legacy_losses`: such letters stand where the glyph before them stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TypeAlias

import regex

from extract.legacy import FILLER, SUSPICIOUS, VIETNAMESE, Decoded, Decoder, Span, needs_decoding, sure_verdict
from extract.legacy_files import neighbours
from extract.legacy_findings import LOST, reading_of
from extract.legacy_fonts import is_capital_font
from extract.legacy_tables import decode_tcvn3
from extract.legacy_viqr import ViqrDecoder
from extract.model import Grid, Problem, Reading
from extract.page import PageContent
from extract.readers.pdf_page import Placed
from extract.readers.pdf_words import printed
from extract.syllables import is_syllable

_LINE = regex.compile(r"[^\r\n]+")
_WORD = regex.compile(r"\S+")
_HYPHENS = regex.compile(r"[-\x02\u00ad\u2010\ufffe]")
_HYPHENED = regex.compile(
    r"(?<![^\s\p{P}])([^\s\x00-\x40\x5b-\x60\x7b-\x7f\u00ad\u2010\ufffe]{0,5}[-\x02\u00ad\u2010\ufffe])"
    r"([\r\n]*)([^\s\x00-\x40\x5b-\x60\x7b-\x7f]{0,5})"
)
_JOINED = "\x02\ufffe"  # a hyphen at the end of a line, which PDFium joins with the next
# A word of VIQR that writers part behind a question mark
_CUT = regex.compile(r"(?<![^\s\p{P}])([A-Za-z^(+'`~]{1,8}\?)[\r\n]+([a-z]{1,4}[\^(+]?)(?![A-Za-z).])")

_PUNCTUATION = ".,;:()[]“”\"'"
MIN_CARETS = 3  # on a page, so that words of VIQR are looked for over the ends of lines
FontsAt: TypeAlias = Callable[[list[int]], list[str]]


@dataclass(frozen=True, slots=True)
class PageText:
    """A decoded page. `added`: places in the text of letters that were put back, or back in their line; each stands
    where the letter before it stands. `read`: decoded word → (word as read, encoding); `doubts`: words that may have
    lost a letter; `problems` name the page's encodings."""

    text: str
    added: Sequence[int] = ()
    read: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    doubts: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Passage:
    """A line, or several where a word is cut at their ends: `places` of its characters, and where among them lines
    begin."""

    places: list[int]
    spans: list[Span]
    begins: list[int]


def decode_pages(
    texts: Sequence[str], fonts_at: Sequence[FontsAt], first: int, before: list[Decoder]
) -> list[PageText]:
    """Pages that follow one another, the first of which has the number `first`. `fonts_at` names the fonts at some
    places of each page's text; `before` holds the decoder of the pages before: its evidence counts."""
    earlier = before[-1] if before else None
    goes_on = earlier is not None and earlier.goes_on
    pages = list(zip(texts, fonts_at, strict=True))
    passages = [_passages_of(*page) if goes_on or _is_asked(page[0]) else [] for page in pages]
    decoder = Decoder.of((passage.spans for own in passages for passage in own), earlier) if any(passages) else None
    if decoder is None:
        return [PageText(text) for text in texts]
    if decoder.goes_on:
        passages = [own or _passages_of(*page) for own, page in zip(passages, pages, strict=True)]
    before[:] = [decoder.afresh()]
    both = enumerate(zip(texts, passages, strict=True), first)
    return [_decoded(text, own, decoder.afresh(), number) for number, (text, own) in both]


def _is_asked(text: str) -> bool:
    return needs_decoding(text.replace("\x02", ""))


def _decoded(text: str, passages: Sequence[_Passage], decoder: Decoder, number: int) -> PageText:
    lines = ["".join(span.text for span in passage.spans) for passage in passages]
    sure = ["" if line.isascii() else sure_verdict(line)[0] for line in lines]
    out = list(text)
    read: dict[str, tuple[str, str]] = {}
    doubts: set[str] = set()
    for i, passage in enumerate(passages):
        decoded = decoder.decode(passage.spans, neighbours(sure, i), is_aligned=True)
        doubts |= decoded.doubts
        if decoded.encoding:
            _write(out, text, passage, decoded, read)
    problems = tuple(replace(problem, page=number) for problem in decoder.problems())
    if not (read or problems):
        return PageText(text)
    ends = list(accumulate(map(len, out)))
    added = [at for end, part in zip(ends, out, strict=True) for at in range(end - len(part) + 1, end)]
    return PageText("".join(out), added, read, frozenset(doubts), problems)


def _write(out: list[str], text: str, passage: _Passage, decoded: Decoded, read: dict[str, tuple[str, str]]) -> None:
    """Write a decoded passage to its places in `out`; a word cut at a line's end stands whole where it begins."""
    places, added = passage.places, frozenset(decoded.added)
    letters: list[str] = []
    for at, char in enumerate(decoded.text):
        if at in added:
            letters[-1] += char
        else:
            letters.append(text[places[len(letters)]] if char in "\u00ad-" else char)
    raw = "".join(text[place] for place in places)
    for match in _WORD.finditer(raw):
        start, end = match.span()
        word = "".join(letters[start:end])
        if word != match.group():
            read.setdefault(printed(word), (match.group(), decoded.encoding))
        cut = next((at for at in passage.begins if start < at < end), end)
        if cut < end:
            letters[cut - 1] += "".join(letters[cut:end]).replace(FILLER, "")
            letters[cut:end] = " " * (end - cut)
    for place, letter in zip(places, letters, strict=True):
        out[place] = letter


def _with_horns(text: str) -> tuple[str, set[int]]:
    """Hyphens as U+00AD wherever TCVN3 would make a syllable with ư of the letters around them: a guess that holds
    only for lines that turn out to be TCVN3. `l-u`, `®-îc`, `t-` (but not `BC-UBND`, `12-15`, `A-B`). And the ends of
    lines that such a syllable goes over."""
    cuts: set[int] = set()

    def horned(match: regex.Match[str]) -> str:
        head, gap, tail = match.groups()
        if len(head) + len(tail) > 1 and _spells(head + tail):
            if gap or head[-1] in _JOINED:
                cuts.add(match.end(1))
            return f"{_soft(head)}{gap}{_soft(tail)}"
        is_line_end = bool(gap) or head[-1] in _JOINED
        return f"{_soft(head)}{gap}{tail}" if is_line_end and len(head) > 1 and _spells(head) else match.group()

    return _HYPHENED.sub(horned, text), cuts


def _soft(text: str) -> str:
    return _HYPHENS.sub("\u00ad", text)


def _spells(text: str) -> bool:
    return is_syllable("".join("?" if unit is None else unit for unit in decode_tcvn3(_soft(text))))


def _cuts_of_viqr(text: str) -> set[int]:
    """The ends of lines that a word of VIQR goes over: it is one, and not two."""
    if text.count("^") < MIN_CARETS:
        return set()
    cuts: set[int] = set()
    for match in _CUT.finditer(text):
        first, rest = match.groups()
        head, tail, whole = (_read(part) for part in (first, rest, first + rest))
        if is_syllable(whole) and not (is_syllable(head) and is_syllable(tail) and len(tail) > 1):
            cuts.add(match.end(1))
    return cuts


def _read(word: str) -> str:
    return "".join(unit or "" for unit in ViqrDecoder().decode(word))


def _passages_of(text: str, fonts_at: FontsAt) -> list[_Passage]:
    """The lines of a page; those that a word goes over as one."""
    horned, cuts = _with_horns(text)
    cuts |= _cuts_of_viqr(text)
    joined = sorted(at for at in cuts if text[at - 1] in _JOINED)
    fonts = _fonts(text, fonts_at)
    out: list[_Passage] = []
    is_cut = False
    for match in _LINE.finditer(regex.sub(f"[{_JOINED}]", "-", horned)):
        start, end = match.span()
        if not is_cut:
            out.append(_Passage([], [], []))
        passage = out[-1]
        passage.begins.extend(len(passage.places) + at - start for at in (start, *joined) if start <= at < end)
        passage.places.extend(range(start, end))
        passage.spans.extend(_spans(match.group(), fonts, start))
        is_cut = end in cuts
    return [part for passage in out for part in _parts(passage)]


@lru_cache(maxsize=8192)
def _kind_of(word: str) -> str:
    """Does a word speak for Unicode or for an old encoding? Empty where it may be of both."""
    if VIETNAMESE.search(word):
        return "unicode"
    bare = word.strip(_PUNCTUATION)
    return "old" if SUSPICIOUS.search(word) or bare.isalpha() and not bare.isascii() and not is_syllable(bare) else ""


def _parts(passage: _Passage) -> list[_Passage]:
    """A line with cells in Unicode and others in an old encoding is several passages."""
    text = "".join(span.text for span in passage.spans)
    if text.isascii() or not VIETNAMESE.search(text) or len(passage.begins) > 1:
        return [passage]
    begins, kind = [0], ""
    for match in _WORD.finditer(text):
        own = _kind_of(match.group())
        if own and kind and own != kind:
            begins.append(match.start())
        kind = own or kind
    out = []
    for start, end in pairwise((*begins, len(text))):
        spans, at = [], 0
        for span in passage.spans:
            if own_text := span.text[max(0, start - at) : max(0, end - at)]:
                spans.append(Span(own_text, span.font))
            at += len(span.text)
        out.append(_Passage(passage.places[start:end], spans, [0]))
    return out


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


def with_readings(placed: list[Placed], page: PageContent) -> list[Placed]:
    """The blocks of a page with what the cells of their grids were converted from."""
    if not (page.read or page.doubts):
        return placed
    return [replace(p, block=_with_readings(p.block, page)) if isinstance(p.block, Grid) else p for p in placed]


def _with_readings(grid: Grid, page: PageContent) -> Grid:
    cells = []
    for cell in grid.cells:
        words = cell.text.split()
        found = [page.read[word] for word in words if word in page.read]
        raw = " ".join(page.read[word][0] if word in page.read else word for word in words)
        readings: tuple[Reading, ...] = reading_of(raw, found[0][1]) if found else ()
        if not page.doubts.isdisjoint(words):
            readings = (*readings, *reading_of(raw, LOST))
        cells.append(replace(cell, readings=(*cell.readings, *readings)) if readings else cell)
    return replace(grid, cells=tuple(cells))
