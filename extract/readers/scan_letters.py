"""Letters that Tesseract confuses within a word, told by what Vietnamese writes: `TỶ lệ` → `Tỷ lệ`, `ÐĐVSN` → `ĐVSN`.

In: the words of a page and its picture. Out: the same words, some respelt. Two classes, both of shape and none of
meaning: capitals that differ from their small letter by size alone (`SỐ`, `VỚi`, `nỘp`: the ink shows the size), and
letters that no Vietnamese word has (`Ð` beside `Đ`, `ñ` for `ũ`, `q` without its `u` for `g`). A word in capitals
among words in capitals stays, and so does whatever would be no syllable.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import regex

from extract.page import Word, text_lines
from extract.readers.scan_image import Image
from extract.readers.scan_words import CAPITAL, INK
from extract.syllables import is_syllable

_PARTS = regex.compile(r"^(\P{L}*)(.*?)(\P{L}*)$", regex.DOTALL)
_LATE_CAPITAL = regex.compile(r"\p{Ll}\p{Lu}|^\p{Lu}{2,}\p{Ll}")
_DOUBLED = regex.compile(r"(\p{Ll})(\p{Lu})")
_MARKED = regex.compile(r"[^\x00-\x7fĐđ]")
_UPRIGHT = regex.compile(
    r"^(?=.*[A-ZĐbdđhkl\d])[A-ZĐa-hđk-oru-xz\d]{2,}$"
)  # as high as a capital, nothing above or below
_TWINS = "CSVXOUcsvxou"  # differ by size alone
_ETH = (("ÐĐ", "Đ"), ("ĐÐ", "Đ"), ("Ð", "Đ"), ("ð", "đ"), ("NÑ", "N"), ("ÑN", "N"))
_FOREIGN = (("ñ", "ũ"), ("q", "g"), ("Ỷ", "ỉ"), ("ỷ", "ỉ"), ("¡", "i"))
_NEAR = 1.0  # of the font size: words of one cell stand closer
_SHORT = 3  # letters of a syllable that is read as capitals among small words
_SMALL = 0.84  # of a capital's height: between the two sizes of a letter


def lettered(words: Sequence[Word], page: Image, scale: float) -> tuple[Word, ...]:
    """The words with their confused letters put right. `page` is the picture they were read from."""
    out = {word.start: word for word in words}
    for line in text_lines(words):
        capital = _capital_height(line)
        texts = [spelt(word.text) for word in line]
        for i, word in enumerate(line):
            beside = [texts[k] for k in (i - 1, i + 1) if 0 <= k < len(line) and _is_near(line, min(i, k))]
            text = _cased(texts[i], beside)
            if text != texts[i] or (i and beside and _is_near(line, i - 1)):
                text = _first_by_size(text, word, page, scale, capital)
            if text != word.text:
                out[word.start] = word._replace(text=text, length=len(text))
    return tuple(out[word.start] for word in words)


def _is_near(line: Sequence[Word], i: int) -> bool:
    return line[i + 1].x0 - line[i].x1 < _NEAR * line[i].size


def spelt(text: str) -> str:
    """A word without letters that Vietnamese has not, its late capitals small."""
    before, core, behind = _parts(text)
    for wrong, right in _ETH:
        core = core.replace(wrong, right)
    core = _DOUBLED.sub(lambda m: m[1] if m[2].lower() == m[1] else m[0], core)
    if _LATE_CAPITAL.search(core) and is_syllable(core):
        core = core[0] + core[1:].lower()
    if not is_syllable(core):
        for wrong, right in _FOREIGN:
            if wrong in core and is_syllable(core.replace(wrong, right)):
                core = core.replace(wrong, right)
                core = core[0] + core[1:].lower()
                break
    return before + core + behind


def _parts(text: str) -> tuple[str, str, str]:
    found = _PARTS.match(text)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def _cased(text: str, beside: Sequence[str]) -> str:
    """A short syllable in capitals with a mark, among small words: its first letter alone is a capital."""
    before, core, behind = _parts(text)
    if not (2 <= len(core) <= _SHORT and core.isupper() and _MARKED.search(core) and is_syllable(core)):
        return text
    if not any(c.islower() for word in beside for c in word) or any(_is_shouted(word) for word in beside):
        return text
    return before + core[0] + core[1:].lower() + behind


def _is_shouted(text: str) -> bool:
    core = _parts(text)[1]
    return len(core) > 1 and core.isupper() and _MARKED.search(core) is not None and is_syllable(core)


def _first_by_size(text: str, word: Word, page: Image, scale: float, capital: float) -> str:
    """The word with a small first letter where its ink is no higher than that: `SƠ` → `sơ` behind `hồ`."""
    before, core, behind = _parts(text)
    if not core or before or core[0] not in _TWINS or not core[0].isupper() or not core[1:].islower():
        return text
    if not is_syllable(core):
        return text
    x0, x1 = round(word.x0 * scale), round((word.x0 + 0.8 * (word.x1 - word.x0) / len(word.text)) * scale)
    letter = page[round(word.top * scale) : round(word.bottom * scale), x0 : max(x1, x0 + 2)] < INK
    rows = letter.any(axis=1).nonzero()[0]
    if not rows.size:
        return text
    height = word.base - (word.top + int(rows[0]) / scale)
    return before + core[0].lower() + core[1:] + behind if height < _SMALL * capital else text


def _capital_height(line: Sequence[Word]) -> float:
    """The height of capitals on a line, in points."""
    heights = [w.base - w.top for w in line if _UPRIGHT.match(w.text)]
    return median(heights) if len(heights) > 1 else CAPITAL * line[0].size
