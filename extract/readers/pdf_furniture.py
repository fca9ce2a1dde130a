"""What a page repeats for its own sake: page numbers, running heads, watermarks, signing stamps.

In: the pieces of lines outside ruled tables. Out: the body's pieces, and the lines in the top and
bottom margins that may be running heads: whether they are is known only when all pages were read
(`repeated`). The number stands centred in the top margin by decree [NĐ 30/2020, Annex I]; real files
have it at the bottom too. Appendices are numbered anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

import numpy as np
import regex

from extract.page import Line
from extract.page_words import PageWords, pieces_of
from extract.tables.header import names_columns
from extract.text import fold

MARGIN_PT = 62.0  # 20 mm and a line; never more than a tenth of the page
WATERMARK_SIZE, WATERMARK_RATIO = 26.0, 2.0
_NUMBER = regex.compile(
    r"^[-–—\s]*(?:(?:trang|page)\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|trên)\s*\d{1,4})?[-–—\s.]*$", regex.IGNORECASE
)
_CAPTION = regex.compile(r"^(?:phụ lục|phu luc|biểu|mẫu|báo cáo\b.{0,20}$)", regex.IGNORECASE)
_DIGITS = regex.compile(r"\d+")
_STAMP = regex.compile(
    r"^(?:(?:Ký bởi|Người ký|Ký số bởi|Được ký bởi|Thời gian ký|Ngày ký|Ký ngày|Signed by|Signer)\s*:"
    r"|Digitally signed by\b|Signature (?:Not Verified|valid)\b)"
)
_STAMP_MORE = regex.compile(r"^(?:Cơ quan|Email|Date|Reason|Location|Thời gian|Ngày)\s*:")
# A stamp has a word that begins so; what those words have in common is looked for first.
_STAMP_PARTS = ("ý:", "i:", "y:", " :", "ign")
_STAMP_HINTS = (" ký:", " bởi:", " ngày:", " :", " signed", " Signed", " Signature", " Signer")


def without_watermark(words: PageWords) -> PageWords:
    """Words without those far larger than the page's text."""
    if not len(words) or words.size.max() < WATERMARK_SIZE:
        return words
    return words.where(words.size < max(WATERMARK_SIZE, WATERMARK_RATIO * median(words.size.tolist())))


def margin_lines(
    items: Sequence[Line], boxes: Sequence[tuple[float, float]], height: float
) -> tuple[list[Line], list[Line]]:
    """Body pieces, and pieces alone in the top or bottom margin. `boxes` are (top, bottom) of tables.

    Alone means: set off from what follows by more than a line's usual distance.
    """
    zone = min(MARGIN_PT, 0.1 * height)
    head = [p for p in items if p.bottom <= zone]
    foot = [p for p in items if p.top >= height - zone]
    table = min((p.base for p in head if _names_columns(p, head)), default=None)
    if table is not None:  # the header of a table that runs on from the page before: repeated, but no running head
        head = [p for p in head if p.base < table - 0.4 * p.size]
    if not head and not foot:
        return list(items), []
    outer = {id(p) for p in (*head, *foot)}
    rest = [p for p in items if id(p) not in outer]
    body_top = min([p.top for p in rest] + [b[0] for b in boxes], default=height)
    body_bottom = max([p.bottom for p in rest] + [b[1] for b in boxes], default=0.0)
    if head and body_top - max(p.bottom for p in head) < 0.3 * head[-1].size and not all(map(is_page_number, head)):
        head = head[:1] if is_page_number(head[0]) else []
    if foot and min(p.top for p in foot) - body_bottom < 0.3 * foot[0].size and not all(map(is_page_number, foot)):
        foot = foot[-1:] if is_page_number(foot[-1]) else []
    outer = {id(p) for p in (*head, *foot)}
    return [p for p in items if id(p) not in outer], [*head, *foot]


def _names_columns(piece: Line, head: Sequence[Line]) -> bool:
    return names_columns([p.text for p in head if abs(p.base - piece.base) < 0.4 * piece.size])


def is_page_number(line: Line) -> bool:
    return bool(_NUMBER.match(line.text))


def key(line: Line) -> str:
    """What makes two running heads the same: their words but for figures, and their place."""
    text = line.text
    if not _CAPTION.match(text):
        text = _DIGITS.sub("0", text)
    return f"{fold(text)}@{round(line.base / 6)}"


def repeated(keys: Iterable[str], pages: int) -> set[str]:
    """The keys that stand on so many pages that they are running heads."""
    needed = max(2, round(0.3 * pages)) if pages < 10 else 3
    return {k for k, n in Counter(k for k in keys if k).items() if n >= needed}


def without_stamps(words: PageWords, number: int, height: float) -> PageWords:
    """Words without what a signing program wrote over the page, in cells and beside them.

    The stamp at the top of the first page stays: a report published without number and date has them
    only there [NĐ 30/2020, separate-file appendices].
    """
    text = " ".join(["", *words.texts])
    if not any(part in text for part in _STAMP_PARTS) or not any(hint in text for hint in _STAMP_HINTS):
        return words
    items = pieces_of(words)
    sure = [p for p in items if _STAMP.match(p.text) and not (number == 1 and p.top < 0.25 * height)]
    drop: set[int] = set()
    for item in items:
        near = any(abs(item.x0 - p.x0) < 4 and abs(item.base - p.base) < 4 * p.size for p in sure)
        if item in sure or (near and _STAMP_MORE.match(item.text)):
            drop |= {w.start for w in item.words}
    return words.where(np.array([start not in drop for start in words.start.tolist()]))
