"""Glyphs → words: where a run of glyphs that a PDF library calls one word is really several.

In: the glyphs of one run, with advance boxes. Out: words. A new word starts where the gap is wider
than 0.15 of the font size (a space of the usual fonts is 0.25), where the base line changes, or at
white space. A raised small digit behind a figure is a footnote mark: it becomes a superscript digit,
so that `2017` with note 1 never reads as 20171; a lowered one a subscript, and what is too small to be
read is marked as not seen. Glyphs drawn twice (fake bold) count once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from extract.page import Glyph, Word
from extract.syllables import is_syllable
from extract.text import SUBSCRIPT, SUPERSCRIPT, fold
from extract.unseen import LEAST_POINTS, unseen

GAP = 0.15
# U+0002 and U+FFFE stand for a hyphen at a line's end in PDFium; U+00AD likewise in other readers.
_REPLACE = {
    "\x02": "-", "\ufffe": "-", "\u00ad": "-", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl",
    "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st", "\uf0b7": "•", "\uf0a7": "▪",
    "\u200b": "", "\uf0d8": "➢", "\uf0fc": "✓", "\uf02d": "-", "\uf02b": "+", "\uf06f": "o", "\uf0a8": "□",
}  # fmt: skip
_TABLE = str.maketrans(_REPLACE)
# The standard library: a page is looked over in a few microseconds.
_REPLACED = re.compile(f"[{''.join(map(re.escape, _REPLACE))}]")
_LAST_LETTERS, _FIRST_LETTERS = re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+")
UNMAPPED = re.compile(r"[\x00-\x01\x03-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
# By the number of a character; the last one stands for all behind it.
_MAY_BE_ODD = np.array([char in _REPLACE or bool(UNMAPPED.match(char)) for char in map(chr, range(0x3002))])
_MAY_BE_ODD[-1] = True


def printed(text: str) -> str:
    """NFC, ligatures as letters, bullets of symbol fonts as bullets, line-end hyphens as hyphens."""
    if text.isascii() and "\x02" not in text:
        return text
    return unicodedata.normalize("NFC", text.translate(_TABLE) if _REPLACED.search(text) else text)


def odd_places(codes: Any) -> Any:
    """Where among characters, given as numbers, those stand that `printed` may replace or `is_unmapped` may count."""
    return np.flatnonzero(np.take(_MAY_BE_ODD, codes, mode="clip"))


printed_word = lru_cache(maxsize=8192)(printed)  # the same words come again and again


def is_unmapped(text: str) -> int:
    """How many characters of a text say nothing: no Unicode value, private use, replacement."""
    return len(UNMAPPED.findall(text.translate(_TABLE))) if UNMAPPED.search(text) else 0


def words_of(glyphs: Sequence[Glyph], start: int) -> list[Word]:
    """The words of one run of glyphs; `start` is the index of the first glyph on its page."""
    out: list[Word] = []
    run: list[Glyph] = []
    first = start
    for index, glyph in enumerate(glyphs):
        if glyph.char.isspace():
            _flush(out, run, first)
            run = []
            continue
        if run:
            last = run[-1]
            if glyph.char == last.char and abs(glyph.x0 - last.x0) + abs(glyph.base - last.base) < 0.2 * glyph.size:
                continue
            if _is_break(run[0], last, glyph):
                _flush(out, run, first)
                run = []
        if not run:
            first = start + index
        run.append(glyph)
    _flush(out, run, first)
    return out


def _is_break(first: Glyph, last: Glyph, glyph: Glyph) -> bool:
    if unicodedata.combining(glyph.char):
        return False
    if glyph.x0 - last.x1 > GAP * max(glyph.size, last.size):
        return True
    shift = first.base - glyph.base
    if abs(shift) < 0.15 * first.size:
        return glyph.x1 < last.x0 - glyph.size
    return not (glyph.size < 0.85 * first.size and -0.5 * first.size < shift < 0.7 * first.size)


def _flush(out: list[Word], run: Sequence[Glyph], first: int) -> None:
    if not run:
        return
    base, size = run[0].base, run[0].size
    text = "".join(_sign(glyph, base, size) for glyph in run)
    out.append(
        Word(
            printed(text),
            min(g.x0 for g in run),
            min(g.top for g in run),
            max(g.x1 for g in run),
            max(g.bottom for g in run),
            base,
            size,
            first,
            len(run),
        )
    )


def _sign(glyph: Glyph, base: float, size: float) -> str:
    """What a glyph says behind one of this size on this line."""
    if glyph.size >= 0.85 * size:
        return glyph.char
    if glyph.size <= LEAST_POINTS and glyph.size < 0.5 * size:
        return unseen(glyph.char)
    raised = base - glyph.base
    return glyph.char.translate(SUPERSCRIPT if raised > 0.15 * size else SUBSCRIPT if raised < -0.05 * size else {})


def without_false_spaces(words: Sequence[Word], glyphs: Sequence[Glyph]) -> list[Word]:
    """Words whose space was closed by the setting, joined again (`ĐIỀ` `U` → `ĐIỀU`).

    `glyphs` are those of the page: a space between two words that takes room is one, though a slanted glyph before it
    reaches over it.
    """
    out: list[Word] = []
    for word in words:
        last = out[-1] if out else None
        if (
            last is not None
            and abs(last.base - word.base) < 0.1 * word.size
            and -0.5 * word.size < word.x0 - last.x1 < 0.04 * word.size
            and word.start > last.start
            and word.x0 - glyphs[min(last.start + last.length, word.start)].x0 < 0.1 * word.size
            and not are_two_words(last.text, word.text)
        ):
            text = unicodedata.normalize("NFC", last.text + word.text)
            count = word.start + word.length - last.start
            out[-1] = last._replace(text=text, x1=word.x1, length=count)
        else:
            out.append(word)
    return out


def are_two_words(left: str, right: str) -> bool:
    """Does a space without room part two words all the same? A letter of another font may be wider than its place and
    reach over it (`từ 70%`, `kế từ`). The first letters of a word are none (`ĐIỀ` of `ĐIỀU`)."""
    end, begin = _LAST_LETTERS.search(left), _FIRST_LETTERS.match(right)
    if end is None or not is_syllable(end[0]):
        return False
    if begin is None:
        return right[:1].isdigit()
    if len(begin[0]) == 1 and fold(end[0])[-1:] in "aeiouy":  # `đi` `ề` of `điều`
        return False
    return is_syllable(begin[0]) and not is_syllable(end[0] + begin[0])
