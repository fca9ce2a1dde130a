"""The text of some open PDFium pages as words.

In: PDFium's text pages. Out: words (text of a whole page in one call, then three calls a word, all words together:
`pdf_glyphs`), glyphs and font styles on request while the page is open. Text that is not drawn in the order of its
lines is put in that order first (`pdf_order`). Only words that look wrong (fused, doubled, with a footnote mark) are
taken apart glyph by glyph: that is what keeps a page near the cost of PDFium's bare text.

Source for the calls: the header `fpdf_text.h`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate
from math import cos, sin
from typing import Any, NamedTuple, cast
from unicodedata import is_normalized

import numpy as np
import pypdfium2.raw as pdfium
import regex

from extract.legacy import Decoder
from extract.page import Glyph, Style, Word
from extract.page_words import PageWords
from extract.readers import pdf_calls as calls
from extract.readers.pdf_glyphs import PageGlyphs
from extract.readers.pdf_legacy import PageText, decode_pages
from extract.readers.pdf_order import BREAK, codes_of, is_blank, is_digit, is_mark, is_separator, reading_order
from extract.readers.pdf_shapes import Affine
from extract.readers.pdf_words import are_two_words, is_unmapped, odd_places, printed, printed_word, words_of

Array = calls.Array

# Vietnamese syllables have at most seven letters (nghiêng): a longer run may be words without spaces.
_LONG = regex.compile(r"\p{L}{8}|(\p{L})\1(\p{L})\2|[\x02\ufffe]")
_LONGEST = 7
_SLANTED = 9  # a direction that is neither upright nor a quarter turn
_ITALIC, _FORCED_BOLD = 1 << 6, 1 << 18  # flags of a font
_QUARTERS = {0: 0, 1: 1, -1: 3, 2: 2}  # a word's turn → quarter turns clockwise that make it upright


class _Tokens(NamedTuple):
    """Runs of characters without white space: where they start and end in the text, their first and last glyph, and
    where these stand: origin and size of the first, corners of the box of the last."""

    start: Array
    end: Array
    first: Array
    last: Array
    x: Array
    y: Array
    size: Array
    corners: tuple[Array, Array, Array, Array]

    @property
    def length(self) -> Array:
        return self.end - self.start

    @property
    def is_broken(self) -> Array:
        """Sideways text, or a word that PDFium put together over a line's end (`QĐ-` `UBND`)."""
        _, ay, _, by = self.corners
        return (np.abs((ay + by) / 2 - self.y) > 0.75 * self.size) & (self.length > 1)

    @property
    def goes_back(self) -> Array:
        """Which tokens but the first stand left of the one before, on the same base line."""
        return (np.abs(self.y[1:] - self.y[:-1]) < 0.1 * self.size[1:]) & (self.x[1:] < self.x[:-1])

    @property
    def is_backward(self) -> Array:
        ax, _, bx, _ = self.corners
        return (ax + bx) / 2 < self.x - 0.3 * self.size


class TextOfPages:
    """The text of some open pages of one size. `arrange` comes first, then `decode`, then `words`. Places in the text
    are counted through."""

    def __init__(
        self, handles: Sequence[Any], counts: Sequence[int], to_seen: Affine, width: float, height: float
    ) -> None:
        self.to_seen, self.width, self.height = to_seen, width, height
        texts = list(map(_page_text, handles, counts))
        pages = [calls.argument(calls.address_of(handle)) for handle in handles]
        self._glyphs = PageGlyphs(pages, texts, to_seen)
        self.text, self._codes = self._glyphs.text, self._glyphs.codes
        self.unmapped = list(map(is_unmapped, texts)) if len(odd_places(self._codes)) else [0 for _ in texts]
        self.turns = [0 for _ in handles]  # quarter turns clockwise that make most of a page's text upright, or 0
        self._unprinted: Array = np.zeros(0, np.int64)  # characters whose words are not as they are printed
        self._styles: dict[int, Style] = {}  # of fonts; those of pages that are open have addresses of their own
        self._order: Array = None  # place in the text → glyph, where the two differ

    def arrange(self, hidden: frozenset[int], *, is_likely: bool | None) -> bool:
        """Put the text into the order in which its lines are read; the text of `hidden` objects says nothing. True
        where it was drawn in another one; `is_likely` saves calls where it is, and costs some where it is not. Where it
        is None, the first of several pages tells."""
        if is_likely is None and len(self.turns) > 1:
            first = self._tokens(hidden, count=int(np.searchsorted(self._glyphs.page, 1)))
            is_likely = bool(first.goes_back.any())
        if is_likely:
            self._glyphs.ask_all()
        tokens = self._tokens(hidden)
        if not len(tokens.start) and hidden:
            tokens = self._tokens(frozenset())
        turn, page = self._turn(tokens, tokens.is_broken), self._glyphs.page[tokens.first]
        if turn.any():
            self.turns = [_upright_turns(turn[page == i], tokens.length[page == i]) for i in range(len(self.turns))]
        is_mixed = np.zeros(len(self.turns), bool)
        is_mixed[page[1:][tokens.goes_back & (page[1:] == page[:-1])]] = True
        is_mixed[page[turn == 2]] = True
        is_mixed &= np.array(self.turns) == 0
        order = reading_order(self._glyphs.drawn(is_mixed)) if is_mixed.any() else None
        if order is not None:
            self._order = order
            self._codes = np.where(order == BREAK, ord(" "), self._codes[order])
            self.text = self._codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        return order is not None

    def decode(self, first: int, evidence: list[Decoder]) -> list[PageText]:
        """Turn text of an old encoding into Unicode, glyph by glyph; what was read so on each page, the first of which
        has the number `first`."""
        texts = self._page_texts()
        fonts_at = [partial(self._fonts, start) for start in accumulate(map(len, texts[:-1]), initial=0)]
        found = decode_pages(texts, fonts_at, first, evidence)
        text = "".join(page.text for page in found)
        if text != self.text:
            self.text, self._codes = text, codes_of(text)
            self._share_glyphs(np.concatenate([np.isin(np.arange(len(page.text)), page.added) for page in found]))
        # text with marks is hardly ever in NFC, and to ask takes as long as to compose it
        is_composed = not is_mark(self._codes).any() and is_normalized("NFC", self.text)
        self._unprinted = odd_places(self._codes) if is_composed else np.arange(len(self.text))
        return found

    def _share_glyphs(self, is_added: Array) -> None:
        """Letters of the text that no glyph was drawn for stand where the one before them stands."""
        if is_added.any():
            place = np.cumsum(~is_added) - 1
            self._order = place if self._order is None else self._order[place]

    def _page_texts(self) -> list[str]:
        """The text of each page, with what stands between it and the next."""
        page = self._glyphs.page
        if self._order is not None:
            page = np.maximum.accumulate(np.where(self._order == BREAK, 0, page[self._order]))
        ends = np.searchsorted(page, np.arange(len(self.turns)), "right").tolist()
        return [self.text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]

    def _fonts(self, first: int, places: list[int]) -> list[str]:
        return self._glyphs.fonts([self._at(first + place) for place in places])

    def _at(self, index: int) -> int:
        return index if self._order is None else int(self._order[index])

    def _tokens(self, hidden: frozenset[int], *, is_exact: bool = False, count: int | None = None) -> _Tokens:
        """The tokens of the text or of its first `count` characters, but for those of `hidden` text objects; where
        `is_exact` none of their origins is told from another glyph's."""
        codes = self._codes[:count]
        is_ink = np.zeros(len(codes) + 2, bool)
        is_ink[1:-1] = ~is_blank(codes)
        edges = np.flatnonzero(is_ink[1:] != is_ink[:-1])
        start, end = edges[::2], edges[1::2]
        first, last = (start, end - 1) if self._order is None else (self._order[start], self._order[end - 1])
        glyphs = self._glyphs
        if hidden:
            is_seen = np.array([obj not in hidden for obj in glyphs.objects(first)], bool)
            start, end, first, last = start[is_seen], end[is_seen], first[is_seen], last[is_seen]
        if is_exact:
            glyphs.ask_origins(first)
        x, y = glyphs.places(first)
        glyphs.ask_boxes(last)
        return _Tokens(start, end, first, last, x, y, glyphs.size[first], glyphs.corners(last))

    def _turn(self, tokens: _Tokens, asked: Array) -> Array:
        """Which way each token runs: upright, but for the `asked` ones and those that end before they begin; an angle
        tells of these."""
        asked = asked | ((tokens.length > 1) & tokens.is_backward)  # upside down, or two letters of sideways text
        turn = np.zeros(len(asked), np.int64)
        known = np.zeros(len(asked), bool)
        while asked.any():
            turn[asked] = list(map(self._turn_of, self._glyphs.turns(tokens.first[asked])))
            known |= asked
            beside = np.zeros(len(asked), bool)  # what stands next to sideways text is asked too
            beside[1:] |= turn[:-1] != 0
            beside[:-1] |= turn[1:] != 0
            asked = beside & ~known
        return turn

    def _turn_of(self, angle: float) -> int:
        """0 upright, 1 upwards, -1 downwards, 2 upside down, or slanted: a glyph's angle as the page is seen."""
        if angle < 0:
            return 0
        m = self.to_seen
        # The angle is clockwise from the x axis of user space.
        ux, uy = cos(angle), -sin(angle)
        dx, dy = m.a * ux + m.c * uy, m.b * ux + m.d * uy
        if abs(dy) < 0.2:
            return 0 if dx > 0 else 2
        if abs(dx) < 0.2:
            return -1 if dy > 0 else 1
        return _SLANTED

    def words(self, hidden: frozenset[int]) -> list[PageWords]:
        """The words of each page, but for those of `hidden` text objects."""
        tokens = self._tokens(hidden, is_exact=True)
        if not len(tokens.start):
            return [PageWords.of([]) for _ in self.turns]
        text, length, is_broken = self.text, tokens.length, tokens.is_broken
        if hidden or is_separator(self._codes).any():
            texts = [text[start:end] for start, end in zip(tokens.start.tolist(), tokens.end.tolist(), strict=True)]
        else:
            texts = text.split()
        is_letter = np.zeros(len(texts), bool)
        for i in np.flatnonzero(length == 1).tolist():
            is_letter[i] = texts[i].isalpha()
        turn = self._turn(tokens, is_broken | is_letter)
        odd = set(tokens.end.searchsorted(self._unprinted, "right").tolist())
        changed = {i: printed_word(texts[i]) for i in odd if i < len(texts)}
        for i, word in changed.items():
            texts[i] = word
        x, y, size, (ax, _, bx, _) = tokens.x, tokens.y, tokens.size, tokens.corners
        top, bottom = y - 0.9 * size, y + 0.22 * size
        x1: Array = np.where(is_broken, x, np.maximum(ax, bx))
        is_doubtful = self._doubtful(tokens, changed, x1, turn == 0)
        gap = (x[1:] - x1[:-1]) / np.maximum(size[1:], size[:-1])
        is_near = np.zeros(len(texts), bool)
        is_near[1:] = (np.abs(y[1:] - y[:-1]) <= 0.1 * size[:-1]) & (gap > -0.5) & (gap < 0.1)
        is_beside = (x1 <= -self.width) | (x >= 2 * self.width) | (bottom <= 0) | (top >= self.height)
        page = self._glyphs.page[tokens.first]
        is_near[1:] &= page[1:] == page[:-1]
        is_odd = np.zeros(len(self.turns), bool)
        is_odd[page[is_near | is_doubtful | is_beside | (turn != 0)]] = True
        ends = np.searchsorted(page, np.arange(len(self.turns)), "right").tolist()
        out: list[PageWords] = []
        for number, own in enumerate(map(slice, [0, *ends[:-1]], ends)):
            found = PageWords(
                texts[own], x[own], top[own], x1[own], bottom[own], y[own], size[own], tokens.start[own], length[own]
            )
            out.append(found)
            if is_odd[number]:
                plain = found.made()
                ends_of = zip(*(corner[own].tolist() for corner in tokens.corners), strict=True)
                words = [
                    _turned(word, way, corners) if way else word
                    for word, way, corners in zip(plain, turn[own].tolist(), ends_of, strict=True)
                ]
                put_right = self._put_right(words, is_near[own], is_doubtful[own], turn[own] == _SLANTED)
                if is_beside[own].any():
                    put_right = list(filter(self._is_on_page, put_right))
                if put_right != plain:
                    out[-1] = PageWords.of(put_right)
        return out

    def _doubtful(self, tokens: _Tokens, changed: dict[int, str], x1: Array, is_upright: Array) -> Array:
        """Which tokens may be several words, or a figure with a footnote mark. `changed` are printed otherwise."""
        length, size, width = tokens.length, tokens.size, x1 - tokens.x
        is_upright = is_upright & (length > 1)
        is_doubtful = is_upright & ((width <= 0) | (width > 0.95 * size * length))
        is_figure = is_digit(self._codes[tokens.end - 1])
        for i, text in changed.items():
            is_figure[i] = text[-1:].isdigit()
        # A footnote mark is a smaller digit: `2017` with note 1 must not read as 20171.
        glyphs, figures = self._glyphs, np.flatnonzero(is_figure & is_upright)
        glyphs.ask_sizes(tokens.last[figures])
        is_doubtful[figures] |= np.abs(glyphs.size[tokens.last[figures]] - size[figures]) > 0.1 * size[figures]
        codes = self._codes
        is_twin = np.zeros(len(codes) + 1, bool)
        is_twin[: max(0, len(codes) - 3)] = (codes[:-3] == codes[1:-2]) & (codes[2:-1] == codes[3:])
        is_odd = is_twin[:-1] | (codes == 0x02) | (codes == 0xFFFE)
        may_be_long = (np.add.reduceat(is_odd, tokens.start) > 0) if len(codes) else is_figure
        may_be_long = (may_be_long | (length > _LONGEST)) & (length > 3) & is_upright & ~is_figure
        for i in np.flatnonzero(may_be_long & ~is_doubtful).tolist():
            is_doubtful[i] = _LONG.search(self.text, int(tokens.start[i]), int(tokens.end[i])) is not None
        return is_doubtful

    def _put_right(self, words: list[Word | None], is_near: Array, is_doubtful: Array, is_slanted: Array) -> list[Word]:
        """The words with those joined between which there is no space, and the doubtful ones taken apart."""
        flagged = (is_near | is_doubtful | is_slanted).tolist()
        near, doubtful = is_near.tolist(), is_doubtful.tolist()
        out: list[Word] = []
        at, end_before = 0, -1
        for begin in (i for i, is_flagged in enumerate(flagged) if is_flagged):
            if begin < at:
                continue
            if begin > at:
                out += cast(list[Word], words[at:begin])
                end_before = out[-1].start + out[-1].length
            at, is_changed = begin, False
            while at < len(words) and (is_changed or flagged[at]):
                word, may_be_rest, is_odd = words[at], is_changed or near[at], doubtful[at]
                at += 1
                if word is None:
                    continue
                is_changed = is_odd
                if may_be_rest and word.start <= end_before + 2 and self._is_false_space(out[-1], word, end_before):
                    word = self._joined(out.pop(), word)
                    is_odd, is_changed = self._is_doubtful(word), True
                end_before = word.start + word.length
                out += self.taken_apart(word) if is_odd else [word]
        return out + cast(list[Word], words[at:])

    def _is_false_space(self, left: Word, right: Word, index: int) -> bool:
        """A space that no reader of the page sees: PDFium put it in, or its gap is closed."""
        if left.turn or right.turn or abs(left.base - right.base) > 0.1 * left.size:
            return False
        gap = (right.x0 - left.x1) / max(left.size, right.size)
        if not -0.5 < gap < 0.1:
            return False
        glyph = self._at(index)
        if glyph == BREAK or self._glyphs.is_generated(glyph):
            return glyph != BREAK and not are_two_words(left.text, right.text)
        # The box of a slanted glyph reaches over the space behind it: what counts is whether the space takes room.
        space = np.array([glyph])
        self._glyphs.ask_origins(space)
        has_room = gap >= 0.04 or right.x0 - float(self._glyphs.places(space)[0][0]) >= 0.1 * right.size
        return not has_room and not are_two_words(left.text, right.text)

    def _joined(self, left: Word, right: Word) -> Word:
        return Word(
            printed(left.text + right.text), left.x0, left.top, right.x1, left.bottom, left.base, left.size,
            left.start, right.start + right.length - left.start, 0,
        )  # fmt: skip

    def _is_doubtful(self, word: Word) -> bool:
        if word.turn or word.length < 2:
            return False
        if word.x1 <= word.x0 or word.x1 - word.x0 > 0.95 * word.size * word.length:
            return True
        if word.text[-1].isdigit():
            last = np.array([self._at(word.start + word.length - 1)])
            self._glyphs.ask_sizes(last)
            return abs(float(self._glyphs.size[last[0]]) - word.size) > 0.1 * word.size
        return word.length > 3 and _LONG.search(self.text, word.start, word.start + word.length) is not None

    def taken_apart(self, word: Word) -> list[Word]:
        return words_of(self.glyphs(word.start, word.length), word.start) or [word]

    def glyphs(self, start: int, count: int) -> list[Glyph]:
        """The glyphs of a stretch of the text; white space that PDFium put in is none."""
        places = [at for at in range(start, start + count) if self._at(at) != BREAK]
        return self._glyphs.some([self._at(at) for at in places], "".join(self.text[at] for at in places))

    def style(self, index: int) -> Style:
        glyph = self._at(index)
        font = self._glyphs.font(glyph)
        style = self._styles.get(font) if font else None
        if style is None:
            style = self._styles[font] = _style_of(*self._glyphs.look(glyph))
        return style

    def _is_on_page(self, w: Word) -> bool:
        # beside the page, not above or below it: a table that is too wide for its page has figures there
        return w.x1 > -self.width and w.x0 < 2 * self.width and w.bottom > 0 and w.top < self.height


@lru_cache(maxsize=256)
def _style_of(font: bytes, flags: int, weight: int) -> Style:
    name = font.decode("utf-8", "replace").lower()
    is_bold = "bold" in name or "black" in name or "heavy" in name or bool(flags & _FORCED_BOLD) or weight >= 600
    return Style(is_bold, "italic" in name or "oblique" in name or bool(flags & _ITALIC))


def _upright_turns(turn: Array, length: Array) -> int:
    """Quarter turns clockwise that make most of the text upright; 0 where most of it is."""
    if not turn.any():
        return 0
    weight = {way: int(length[(turn == way) & (length > 1)].sum()) for way in _QUARTERS}
    most = max(weight, key=lambda way: weight[way])
    return 0 if weight[most] <= 2 * (sum(weight.values()) - weight[most]) else _QUARTERS[most]


def _turned(word: Word, turn: int, corners: Sequence[float]) -> Word | None:
    """A word placed as if it were upright, as it runs; None where it is slanted. `corners` are those of its last
    glyph."""
    if turn == _SLANTED:
        return None  # a watermark
    ax, ay, bx, by = corners
    left, top, bottom = min(ax, bx), min(ay, by), max(ay, by)
    x, y, size = word.x0, word.base, word.size
    if turn == 2:
        return word._replace(x0=left, top=y - 0.22 * size, x1=x, bottom=y + 0.9 * size, turn=turn)
    x0, x1 = (x - 0.9 * size, x + 0.22 * size) if turn == 1 else (x - 0.22 * size, x + 0.9 * size)
    return word._replace(x0=x0, top=min(y, top), x1=x1, bottom=max(y, bottom), base=x, turn=turn)


def _page_text(handle: Any, count: int) -> str:
    """The text of the page with one character per glyph."""
    if not count:
        return ""
    text = calls.page_text(calls.argument(calls.address_of(handle)), count)
    if len(text) != count:
        codes = [pdfium.FPDFText_GetUnicode(handle, index) for index in range(count)]
        text = "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else "\ufffd" for c in codes)
    return text
