"""Words that Tesseract ran together or misspelled, where the spelling itself shows it.

In: words of a page, grids. Out: the same with `Kiểmtra` as two words, `kêTTHC` too, and the words of a header in their
spelling (`Đơnvj tính`, `Ghỉ chú`). Nothing is guessed: two words are made of one only where the one is no Vietnamese
syllable and exactly one cut gives two; a header word is put right only where it is one of the words that headers have,
but for a letter. Names of indicators and prose are never respelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import regex
from rapidfuzz.distance import Levenshtein

from extract.model import Cell, Grid, Problem
from extract.page import Word
from extract.syllables import is_common, is_syllable
from extract.tables.header import MAX_HEADER_ROWS, is_code
from extract.text import clean, fold

if TYPE_CHECKING:  # its pictures need OpenCV, which is not there where no scans are read
    from extract.readers.scan_image import Image
    from extract.readers.scan_words import ReadWords

_CASES = regex.compile(r"\p{Lu}{2,}|\p{Lu}?\p{Ll}+")
_VOWELS = frozenset("aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ")
_LETTERS = regex.compile(r"^(\P{L}*)(\p{L}{4,30})(\P{L}*)$")
HEADERS = (
    "STT", "TT", "Số TT", "Số thứ tự", "Mã số", "Chỉ tiêu", "Chỉ tiêu thống kê", "Tên chỉ tiêu", "Nội dung",
    "Nội dung chỉ tiêu", "Nội dung báo cáo", "Lĩnh vực", "Tiêu chí", "Đơn vị tính", "Đơn vị", "ĐVT", "Số liệu",
    "Kết quả", "Kết quả thống kê", "Kết quả thực hiện", "Thực hiện", "Thực hiện trong kỳ", "Kế hoạch", "Kế hoạch năm",
    "Chỉ tiêu kế hoạch", "Kỳ báo cáo", "Kỳ này", "Kỳ trước", "Kỳ trước liền kề", "Cùng kỳ", "Cùng kỳ năm trước",
    "Thực hiện cùng kỳ năm trước", "Năm trước", "Lũy kế", "Luỹ kế", "Lũy kế từ đầu năm", "Trong kỳ", "So sánh",
    "Tổng số", "Tổng cộng", "Tỷ lệ", "Số lượng", "Giá trị", "Ghi chú", "Giải trình", "Cơ quan, đơn vị", "Trong đó",
    "Đúng hạn", "Quá hạn", "Trước hạn", "Trong hạn", "Đã giải quyết", "Đang giải quyết", "Số hồ sơ tiếp nhận",
    "Từ kỳ trước chuyển qua", "Trực tuyến", "Trực tiếp",
)  # fmt: skip
_KNOWN = {fold(word).replace(" ", ""): word for word in HEADERS}
MAX_PARTS = 4
INK = 150
_SHORTEST = 5  # letters of a header word in which one may be wrong


def parted(read: ReadWords, page: Image | None = None, scale: float = 1.0) -> ReadWords:
    """Words with those that were run together parted: at the widest gap in the ink of `page` near the place that the
    letters tell, else at that place."""
    out: list[Word] = []
    confidence = dict(read.confidence)
    bold = set(read.bold)
    for word in read.words:
        ends = [*_cuts_of(word.text), len(word.text)]
        step, begin, x0 = (word.x1 - word.x0) / max(1, len(word.text)), 0, word.x0
        for end in ends if len(ends) > 1 else ():
            # `start` tells words apart: those of the parts lie within the place of the whole
            start = word.start + begin
            x1, behind = (
                _gap(word, word.x0 + end * step, step, page, scale) if end < len(word.text) else (word.x1, word.x1)
            )
            out.append(word._replace(text=word.text[begin:end], x0=x0, x1=x1, start=start, length=end - begin))
            confidence[start] = read.confidence[word.start]
            bold |= {start} if word.start in read.bold else set()
            begin, x0 = end, behind
        if len(ends) == 1:
            out.append(word)
    return replace(read, words=tuple(out), confidence=confidence, bold=frozenset(bold))


def _gap(word: Word, x: float, step: float, page: Image | None, scale: float) -> tuple[float, float]:
    """Left and right side of the gap at which two words part near `x`."""
    usual = (x - 0.1 * word.size, x + 0.1 * word.size)
    if page is None:
        return usual
    left, right = round((x - 1.5 * step) * scale), round((x + 1.5 * step) * scale)
    rows = slice(round(word.top * scale), round(word.bottom * scale))
    filled = np.flatnonzero((page[rows, max(0, left) : right] < INK).any(axis=0))
    if filled.size < 2 or int(np.diff(filled).max()) < 2:
        return usual
    at = int(np.argmax(np.diff(filled)))
    return (max(0, left) + int(filled[at]) + 1) / scale, (max(0, left) + int(filled[at + 1])) / scale


@lru_cache(maxsize=4096)
def _cuts_of(text: str) -> tuple[int, ...]:
    """Where words were run together; nothing where that is not sure."""
    plain = _LETTERS.match(text)
    if plain is None or is_syllable(plain[2]) or plain[2].isupper():
        return ()
    pieces: list[str] = []
    for piece in _CASES.findall(plain[2]):
        parts = [piece] if piece.isupper() or is_syllable(piece) else _way(piece)
        if not parts:
            return ()
        pieces += parts
    if len(pieces) < 2 or sum(map(len, pieces)) != len(plain[2]):
        return ()
    return tuple(accumulate(map(len, pieces[:-1]), initial=len(plain[1])))[1:]


def _way(body: str) -> list[str]:
    """The one way to make syllables of a string: of common ones, else of as few as can be, with a common one among
    them; nothing where two ways are as good."""
    ways = _ways(body)
    common = [way for way in ways if all(map(is_common, way))]
    if not common and len(ways) != 1:
        firm = [way for way in ways if not any(part[0].lower() in _VOWELS for part in way[1:])]
        marks = [(sum(map(is_common, way)), -len(way)) for way in firm]
        common = [way for way, mark in zip(firm, marks, strict=True) if mark == max(marks) and mark[0]]
    best = common or ways
    return list(best[0]) if len(best) == 1 else []


def _ways(body: str, parts: int = MAX_PARTS) -> list[tuple[str, ...]]:
    """The ways to make syllables of a string, of two letters at least."""
    if len(body) < 2 or parts == 0:
        return []
    whole = [(body,)] if is_syllable(body) else []
    return whole + [
        (body[:i], *rest)
        for i in range(2, len(body) - 1)
        if is_syllable(body[:i])
        for rest in _ways(body[i:], parts - 1)
    ]


def spelled_headers(grid: Grid) -> tuple[Grid, tuple[Problem, ...]]:
    """The grid with misread header words put right, and a problem for each that was changed."""
    end = min((c.row for c in grid.cells if c.col < 2 and is_code(clean(c.text))), default=MAX_HEADER_ROWS)
    counted = _code_columns(grid, end)
    parted = _parted_groups([cell for cell in grid.cells if cell.row < min(end, MAX_HEADER_ROWS)])
    cells: list[Cell] = []
    problems: list[Problem] = []
    for cell in grid.cells:
        right = header_word(cell.text) if cell.row < min(end, MAX_HEADER_ROWS) else ""
        right = parted.get((cell.row, cell.col), right)
        if (
            not right
            and cell.row == 0
            and cell.col in counted
            and 2 <= len(clean(cell.text)) <= 4
            and clean(cell.text).isalnum()
        ):
            right = "STT" if len(clean(cell.text)) > 2 else "TT"  # what else stands over a column of codes?
        if right and right != clean(cell.text.replace("\n", " ")):
            detail = f"{clean(cell.text)} → {right}"
            message = f"A header was read as {right}."
            problems.append(Problem("ocr-label-repaired", "info", message, cell.page, detail=detail))
            cell = replace(cell, text=right)
        cells.append(cell)
    return (replace(grid, cells=tuple(cells)), tuple(problems)) if problems else (grid, ())


def _parted_groups(cells: Sequence[Cell]) -> dict[tuple[int, int], str]:
    """The headers of two columns under a common one that no rule holds together and the gutter cut in two: `Kết quả`,
    `Đơn vị tính` beside `thống kê`, `Số liệu`. By row and column of the cell."""
    lines = {(cell.row, cell.col): [clean(line) for line in cell.text.split("\n")] for cell in cells}
    out: dict[tuple[int, int], str] = {}
    for (row, col), first in lines.items():
        second = lines.get((row, col + 1), [])
        if len(first) < 2 or len(second) < 2 or header_word(" ".join(first)) or header_word(" ".join(second)):
            continue
        own, other = header_word(" ".join(first[1:])), header_word(" ".join(second[1:]))
        if own and other and header_word(f"{first[0]} {second[0]}"):
            out |= {(row, col): own, (row, col + 1): other}
    return out


def _code_columns(grid: Grid, end: int) -> set[int]:
    """The first column, where it holds codes and names stand beside it."""
    below = [clean(c.text) for c in grid.cells if c.col == 0 and c.row >= end and clean(c.text)]
    return {0} if len(below) >= 3 and sum(map(is_code, below)) > 0.6 * len(below) else set()


def header_word(text: str) -> str:
    """The word of a header that was meant, in its spelling; '' where none is near or two are."""
    key = fold(text).replace(" ", "")
    if key in _KNOWN:
        return _KNOWN[key]
    if len(key) < _SHORTEST:
        return ""
    near = [word for known, word in _KNOWN.items() if Levenshtein.distance(key, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 and len(fold(near[0]).replace(" ", "")) >= _SHORTEST else ""


_CONFUSED = {"I": ("", "L", "T"), "l": ("i", "t", ""), "i": ("l", ""), "1": ("l", "i"), "€": ("ế",), "J": ("ị",)}


def respelled(word: str) -> str:
    """A word that is no syllable, as the one common syllable it is by one confused stroke; else as it is."""
    if len(word) < 3 or not word.isalpha() or is_syllable(word):
        return word
    options = {word[:i] + other + word[i + 1 :] for i, letter in enumerate(word) for other in _CONFUSED.get(letter, ())}
    good = {option for option in options if is_common(option)}
    return good.pop() if len(good) == 1 else word
