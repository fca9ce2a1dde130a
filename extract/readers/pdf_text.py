"""The text of one open PDFium page as words.

In: PDFium's text page. Out: words (text of the whole page in one call, then three calls a word, all words together:
`pdf_calls`), glyphs and font styles on request while the page is open. Only words that look wrong (fused, doubled, with
a footnote mark) are taken apart glyph by glyph: that is what keeps a page near the cost of PDFium's bare text. Text
that is not drawn in the order of its lines is put in that order first (`pdf_order`).

Source for the calls: the header `fpdf_text.h`.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat
from math import cos, hypot, sin
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
import regex

from extract.legacy import Decoder
from extract.page import Glyph, Style, Word
from extract.readers import pdf_calls as calls
from extract.readers.pdf_legacy import PageText, decode_page
from extract.readers.pdf_order import BREAK, reading_order
from extract.readers.pdf_shapes import Affine
from extract.readers.pdf_words import is_unmapped, printed, words_of

_TOKEN = regex.compile(r"\S+")
_SPACE = re.compile(r"\s")  # what `str.isspace` says
# Vietnamese syllables have at most seven letters (nghiêng): a longer run may be words without spaces.
_LONG = regex.compile(r"\p{L}{8}|(\p{L})\1(\p{L})\2|[\x02\ufffe]")
_SLANTED = 9  # a direction that is neither upright nor a quarter turn


class TextOfPage:
    """The text of one open page. Buffers for the C calls are made once and used for every glyph."""

    def __init__(self, handle: Any, count: int, to_seen: Affine, width: float, height: float) -> None:
        self.handle, self.count, self.to_seen, self.width, self.height = handle, count, to_seen, width, height
        self.text, self.unmapped = _page_text(handle, count)
        self._printed: Callable[[str], str] = str if printed(self.text) == self.text else printed
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._is_scaled = False
        self._address_of_page = calls.address_of(handle)
        self._raw = self.text
        self._places: calls.Array = None  # of every glyph, where all were asked for
        self._glyph_sizes: calls.Array = None
        self._order: list[int] = []  # place in the text → glyph of PDFium, where the two differ
        self.goes_back = False

    def reorder(self) -> bool:
        """Put the text into the order in which its lines are read; False where it stands in that order."""
        raw = self._raw
        order = reading_order(self._all_glyphs())
        if order is None:
            return False
        self.text = "".join(" " if index == BREAK else raw[index] for index in order)
        self._order = order
        return True

    def _all_glyphs(self) -> list[Glyph | None]:
        """Every glyph of the page by PDFium's own number; None for white space that the file does not hold."""
        m, page, every = self.to_seen, self._address_of_page, range(len(self._raw))
        self._places = np.hstack([calls.origins(page, every), calls.loose_boxes(page, every)])
        x, y, left, top, right, bottom = self._places.T
        size = self._glyph_sizes = self._sizes(every)
        base = m.b * x + m.d * y + m.f
        ax, bx = m.a * left + m.c * bottom + m.e, m.a * right + m.c * top + m.e
        columns = (np.minimum(ax, bx), base - 0.9 * size, np.maximum(ax, bx), base + 0.22 * size, base, size)
        glyphs: list[Glyph | None] = list(map(_as_glyph, zip(self._raw, *(c.tolist() for c in columns), strict=True)))
        for found in _SPACE.finditer(self._raw):
            if pdfium.FPDFText_IsGenerated(self.handle, found.start()):
                glyphs[found.start()] = None
        return glyphs

    def _at(self, index: int) -> int:
        return self._order[index] if self._order else index

    def _all_at(self, indices: list[int]) -> list[int]:
        return [self._order[index] for index in indices] if self._order else indices

    def decode(self, number: int, evidence: list[Decoder]) -> PageText:
        """Turn text of an old encoding into Unicode, glyph by glyph."""
        decoded = decode_page(self.text, self._font, number, evidence)
        if decoded is None:
            return PageText(self.text)
        self.text = decoded.text
        self._printed = str if printed(self.text) == self.text else printed
        return decoded

    def _font(self, index: int) -> str:
        buffer = ctypes.create_string_buffer(256)
        pdfium.FPDFText_GetFontInfo(self.handle, self._at(index), buffer, 256, ctypes.c_int())
        return buffer.value.decode("utf-8", "replace")

    def words(self, hidden: frozenset[int]) -> list[Word]:
        """The words of the page, but for those of `hidden` text objects."""
        spans = [match.span() for match in _TOKEN.finditer(self.text)]
        if hidden:
            spans = [span for span in spans if self._address(span[0]) not in hidden]
        if not spans:
            return []
        out: list[Word] = []
        end_before, is_changed = -1, False
        for word, is_near, is_doubtful in zip(*self._placed(spans), strict=True):
            if word is None:
                continue
            start = word.start
            if (is_near or is_changed) and start <= end_before + 2 and self._is_false_space(out[-1], word, end_before):
                word = self._joined(out.pop(), word)
                is_doubtful, is_changed = self._is_doubtful(word), True
            else:
                is_changed = is_doubtful
            end_before = word.start + word.length
            if is_doubtful:
                out.extend(self.taken_apart(word))
            else:
                out.append(word)
        return [w for w in out if self._is_on_page(w)]

    def _placed(self, spans: list[tuple[int, int]]) -> tuple[list[Word | None], list[bool], list[bool]]:
        """Every token as a word (None: a watermark); may it belong to the word before it; is it doubtful."""
        text, m, page = self.text, self.to_seen, self._address_of_page
        starts, lasts = [s for s, _ in spans], [e - 1 for _, e in spans]
        firsts, ends = self._all_at(starts), self._all_at(lasts)
        tokens = [text[s:e] for s, e in spans]
        start = np.array(starts)
        length = np.array(lasts) - start + 1
        if self._places is None:
            x, y = calls.origins(page, firsts).T
            left, top, right, bottom = calls.loose_boxes(page, ends).T
        else:
            x, y = self._places[firsts, :2].T
            left, top, right, bottom = self._places[ends, 2:].T
        size = self._sizes(firsts)
        sx, sy = m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f
        ax, ay = m.a * left + m.c * bottom + m.e, m.b * left + m.d * bottom + m.f
        bx, by = m.a * right + m.c * top + m.e, m.b * right + m.d * top + m.f
        # Sideways text, or a word that PDFium put together over a line's end (`QĐ-` `UBND`).
        is_broken = (np.abs((ay + by) / 2 - sy) > 0.75 * size) & (length > 1)
        asks = is_broken | np.fromiter((len(t) == 1 and t.isalpha() for t in tokens), bool, len(tokens))
        turn = np.where((length > 1) & ~asks & ((ax + bx) / 2 < sx - 0.3 * size), 2, 0)
        for i in np.flatnonzero(asks).tolist():
            turn[i] = self._turn_of(pdfium.FPDFText_GetCharAngle(self.handle, firsts[i]))
        x1 = np.where(is_broken, sx, np.maximum(ax, bx))
        texts = tokens if self._printed is str else [self._printed(t) for t in tokens]
        upright = zip(
            texts, sx.tolist(), (sy - 0.9 * size).tolist(), x1.tolist(), (sy + 0.22 * size).tolist(), sy.tolist(),
            size.tolist(), starts, length.tolist(), repeat(0),
        )  # fmt: skip
        words: list[Word | None] = list(map(_as_word, upright))
        for i in np.flatnonzero(turn).tolist():
            high = float(min(ay[i], by[i])), float(max(ay[i], by[i]))
            words[i] = _turned(words[i], int(turn[i]), (float(min(ax[i], bx[i])), *high))
        is_upright = turn == 0
        gap = (sx[1:] - x1[:-1]) / np.maximum(size[1:], size[:-1])
        is_near = np.zeros(len(spans), bool)
        is_near[1:] = (np.abs(sy[1:] - sy[:-1]) <= 0.1 * size[:-1]) & (gap > -0.5) & (gap < 0.1)
        is_back = (np.abs(sy[1:] - sy[:-1]) < 0.1 * size[1:]) & (sx[1:] < sx[:-1])
        self.goes_back = bool(is_back.any() or (turn == 2).any())
        is_doubtful = is_upright & (length > 1) & ((x1 <= sx) | (x1 - sx > 0.95 * size * length))
        is_figure = np.fromiter((t[-1:].isdigit() for t in texts), bool, len(texts)) & is_upright & (length > 1)
        figures = np.flatnonzero(is_figure)
        # A footnote mark is a smaller digit: `2017` with note 1 must not read as 20171.
        sizes = self._sizes([ends[i] for i in figures.tolist()])
        is_doubtful[figures] |= np.abs(sizes - size[figures]) > 0.1 * size[figures]
        for found in _LONG.finditer(text):
            i = bisect_right(starts, found.start()) - 1
            if i >= 0 and found.start() <= lasts[i] and length[i] > 3 and is_upright[i] and not is_figure[i]:
                is_doubtful[i] = True
        return words, is_near.tolist(), is_doubtful.tolist()

    def _sizes(self, indices: Sequence[int]) -> calls.Array:
        """The font size of each glyph. A matrix is asked for only where the size alone is none of a text, until one
        scales: a page is written by one program."""
        if self._glyph_sizes is not None:
            return self._glyph_sizes[indices]
        sizes = calls.font_sizes(self._address_of_page, indices)
        asked = (np.array(indices) == 0) | (sizes < 5) | (sizes > 30) | self._is_scaled
        for _ in range(2):
            places = np.flatnonzero(asked).tolist()
            scale = calls.scales(self._address_of_page, [indices[i] for i in places])
            sizes[places] *= scale
            if self._is_scaled or not (np.abs(scale - 1) > 0.02).any():
                break
            self._is_scaled, asked = True, ~asked
        return np.maximum(sizes, 0.1)

    def _address(self, index: int) -> int:
        obj = pdfium.FPDFText_GetTextObject(self.handle, self._at(index))
        return ctypes.cast(obj, ctypes.c_void_p).value or 0

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

    def _size(self, index: int) -> float:
        return self._glyph_size(self._at(index))

    def _glyph_size(self, index: int) -> float:
        size = float(pdfium.FPDFText_GetFontSize(self.handle, index))
        if self._is_scaled or index == 0 or not 5 <= size <= 30:
            m = self._matrix
            if pdfium.FPDFText_GetMatrix(self.handle, index, m):
                scale = hypot(m.c, m.d)
                self._is_scaled = self._is_scaled or abs(scale - 1) > 0.02
                size *= scale
        return max(size, 0.1)

    def _is_false_space(self, left: Word, right: Word, index: int) -> bool:
        """A space that no reader of the page sees: PDFium put it in, or its gap is closed."""
        if left.turn or right.turn or abs(left.base - right.base) > 0.1 * left.size:
            return False
        gap = (right.x0 - left.x1) / max(left.size, right.size)
        if not -0.5 < gap < 0.1:
            return False
        glyph = self._at(index)
        if glyph == BREAK or pdfium.FPDFText_IsGenerated(self.handle, glyph):
            return glyph != BREAK
        # The box of a slanted glyph reaches over the space behind it: what counts is whether the space takes room.
        pdfium.FPDFText_GetCharOrigin(self.handle, glyph, self._x, self._y)
        return gap < 0.04 and right.x0 - self.to_seen.of(self._x.value, self._y.value)[0] < 0.1 * right.size

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
            # A footnote mark is a smaller digit: `2017` with note 1 must not read as 20171.
            return abs(self._size(word.start + word.length - 1) - word.size) > 0.1 * word.size
        return word.length > 3 and _LONG.search(self.text, word.start, word.start + word.length) is not None

    def taken_apart(self, word: Word) -> list[Word]:
        return words_of(self.glyphs(word.start, word.length), word.start) or [word]

    def glyphs(self, start: int, count: int) -> list[Glyph]:
        """The glyphs of a stretch of the text; white space that PDFium put in is none."""
        out = []
        for index in range(start, start + count):
            glyph = self._at(index)
            found = self._glyph(glyph, self.text[index]) if glyph != BREAK else None
            if found is not None:
                out.append(found)
        return out

    def _glyph(self, index: int, char: str) -> Glyph | None:
        """A glyph by PDFium's own number; None for white space that the file does not hold."""
        handle, box, m = self.handle, self._box, self.to_seen
        if char.isspace() and pdfium.FPDFText_IsGenerated(handle, index):
            return None
        pdfium.FPDFText_GetCharOrigin(handle, index, self._x, self._y)
        pdfium.FPDFText_GetLooseCharBox(handle, index, box)
        size = self._glyph_size(index)
        _, y = m.of(self._x.value, self._y.value)
        ax, _ = m.of(box.left, box.bottom)
        bx, _ = m.of(box.right, box.top)
        return Glyph(char, min(ax, bx), y - 0.9 * size, max(ax, bx), y + 0.22 * size, y, size)

    def style(self, index: int) -> Style:
        buffer = ctypes.create_string_buffer(256)
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self.handle, self._at(index), buffer, 256, flags)
        name = buffer.value.decode("utf-8", "replace").lower()
        is_bold = "bold" in name or "black" in name or "heavy" in name or bool(flags.value & (1 << 18))
        if not is_bold and pdfium.FPDFText_GetFontWeight(self.handle, self._at(index)) >= 600:
            is_bold = True
        return Style(is_bold, "italic" in name or "oblique" in name or bool(flags.value & (1 << 6)))

    def _is_on_page(self, w: Word) -> bool:
        # beside the page, not above or below it: a table that is too wide for its page has figures there
        return w.x1 > -self.width and w.x0 < 2 * self.width and w.bottom > 0 and w.top < self.height


# `_make` without its check of the length
_as_word: Callable[[Iterable[Any]], Word] = partial(tuple.__new__, Word)
_as_glyph: Callable[[Iterable[Any]], Glyph] = partial(tuple.__new__, Glyph)


def _turned(word: Word | None, turn: int, box: tuple[float, float, float]) -> Word | None:
    """A word placed as if it were upright, as it runs; None where it is slanted. `box`: left, top, bottom of its last
    glyph."""
    if word is None or turn == _SLANTED:
        return None  # a watermark
    left, top, bottom = box
    x, y, size = word.x0, word.base, word.size
    if turn == 2:
        return word._replace(x0=left, top=y - 0.22 * size, x1=x, bottom=y + 0.9 * size, turn=turn)
    x0, x1 = (x - 0.9 * size, x + 0.22 * size) if turn == 1 else (x - 0.22 * size, x + 0.9 * size)
    return word._replace(x0=x0, top=min(y, top), x1=x1, bottom=max(y, bottom), base=x, turn=turn)


def _page_text(handle: Any, count: int) -> tuple[str, int]:
    """The text of the page with one character per glyph, and how many glyphs have no character."""
    if not count:
        return "", 0
    buffer = (ctypes.c_ushort * (count + 1))()
    length = pdfium.FPDFText_GetText(handle, 0, count, buffer)
    text = bytes(buffer)[: 2 * max(0, length - 1)].decode("utf-16-le", "replace")
    lost = 0
    if len(text) != count:
        codes = [pdfium.FPDFText_GetUnicode(handle, index) for index in range(count)]
        text = "".join(chr(c) if 0 < c < 0x110000 and not 0xD800 <= c < 0xE000 else "\ufffd" for c in codes)
    return text, lost + is_unmapped(text)
