"""Is the first row of a page the rest of the last row of the page before?

In: the rows before and the rows of the page, by column. Out: yes or no. What tells it: a code on one page and the whole
name on the other, a name that goes on in small letters or behind a word that wants another, an open bracket, and codes
that go on over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extract.model import Cell
from extract.text import clean

_BULLET = regex.compile(r"^[-–—+•*▪]\s*\S")
OPENS_LIST = regex.compile(r"^(?:trong đó|gồm|bao gồm|chia ra|cụ thể)\b", regex.IGNORECASE)
LOWER = regex.compile(r"^[(\"“]?\p{Ll}")
# TNLPTC, UBND: capitals that end in consonants no syllable ends in; a heading in capitals is made of syllables
_ABBREVIATION = regex.compile(r"^[A-ZĐ&]*(?!(?:CH|NG|NH)$)[BCDĐGHKLMNPQRSTVX]{2}$")
_WANTS_MORE = regex.compile(
    r"(?:[,\-–/]|\b(?:và|của|do|tại|từ|theo|các|những|cho|với|về|được|bởi|trên|trong|đối với|hoặc|sở|tỉnh|huyện|"
    r"xã|thuộc|thành phố|chính phủ|bộ))$",
    regex.IGNORECASE,
)
ENDS_SENTENCE = regex.compile(r"[.;:!?…]$")
_LETTER_OR_DIGIT = regex.compile(r"[\p{L}\d]")
_FIGURE = regex.compile(r"^[(\-–+]?\s*\d")
_PERCENT_IN_BRACKETS = regex.compile(r"^\(\s*\d[\d.,]*\s*%\s*\)$")


@dataclass(slots=True)
class Row:
    """A data row under way: its cells by column."""

    cells: dict[int, Cell]

    def text(self, col: int | None) -> str:
        return clean(self.cells[col].text) if col is not None and col in self.cells else ""


def goes_on_over_break(
    rows: Sequence[Row], fresh: Sequence[Row], stt: int | None, name: int, values: Sequence[int], *, is_crosstab: bool
) -> bool:
    """Is the first of the `fresh` rows the rest of the last of the `rows`?"""
    if _is_rest(rows[-1], fresh[0], stt, name, values) or _stands_between(rows, fresh, stt, name):
        return True
    return is_crosstab and _is_counted_over(rows, fresh, stt, name)


def _is_rest(tail: Row, head: Row, stt: int | None, name: int, values: Sequence[int]) -> bool:
    if stt is not None and not any(tail.text(c) and head.text(c) for c in (stt, name, *values)):
        # cells set in the middle of a broken row: the code stands on one page, the whole name on the other
        coded, named = (tail, head) if tail.text(stt) else (head, tail)
        if coded.text(stt) and named.text(name) and not coded.text(name):
            return True
    if stt is not None and _LETTER_OR_DIGIT.search(head.text(stt)):
        return False  # a lone dot is the end of a code that a narrow column broke
    words = head.text(name)
    both = [c for c in values if tail.text(c) and head.text(c)]
    if any(not _PERCENT_IN_BRACKETS.match(head.text(c)) and _FIGURE.match(head.text(c)) for c in both):
        return False  # two figures are two rows
    if not words:
        return True
    if _BULLET.match(words) or OPENS_LIST.match(words):
        return False
    before = tail.text(name)
    if before.count("(") > before.count(")") or LOWER.match(words) or words.startswith("("):
        return True
    if any(head.text(c) for c in values) or stt is None or not before or ENDS_SENTENCE.search(before):
        return False
    # a name goes on in capitals only with an abbreviation, a number, or behind a word that wants another
    first = words.split()[0].strip(".,;()")
    in_capitals = len(first) > 1 and first.isupper()
    is_abbreviation = bool(_ABBREVIATION.match(first)) or in_capitals and not words.partition("(")[0].isupper()
    return is_abbreviation or words[0].isdigit() or bool(_WANTS_MORE.search(before))


def _is_counted_over(rows: Sequence[Row], fresh: Sequence[Row], stt: int | None, name: int) -> bool:
    """Are these words the rest of the last row's name, because the count goes on over them?

    `5 | Đặc khu Phú` at the foot of a page, `Quý` and `6 | Xã Lộc Bổn` on the next: a table of places or agencies whose
    rows are all numbered has no heading there. Tables with a unit for each row do number on over their headings.
    """
    head, tail = fresh[0], rows[-1]
    if stt is None or len(fresh) < 2 or {c for c in head.cells if head.text(c)} != {name}:
        return False
    before, after = tail.text(stt).strip(".) "), fresh[1].text(stt).strip(".) ")
    if not (before.isdigit() and after.isdigit() and int(after) == int(before) + 1):
        return False
    numbered = [*rows[1:], *fresh[1:-1]]  # a total may stand first or last
    return all(row.text(stt) for row in numbered) and len(head.text(name).split()) <= 4


def _stands_between(rows: Sequence[Row], fresh: Sequence[Row], stt: int | None, name: int) -> bool:
    """Does a name alone stand between a code and the next one below it (`6`, `6.1`) or beside it (`2.3`, `2.4`)?

    `6 | … Chính phủ, Thủ tướng` at the foot of a page, `Chính phủ giao` and `6.1` on the next: no heading stands there.
    """
    head, tail = fresh[0], rows[-1]
    if stt is None or len(fresh) < 2 or {c for c in head.cells if head.text(c)} != {name}:
        return False
    words, before = head.text(name), tail.text(name)
    if _BULLET.match(words) or OPENS_LIST.match(words) or not before or ENDS_SENTENCE.search(before):
        return False
    above, below = (row.text(stt).strip(".) ").split(".") for row in (tail, fresh[1]))
    if not all(step.isdigit() for step in (*above, *below)):
        return False
    if below == [*above, "1"]:
        return True
    return len(above) > 1 and below[:-1] == above[:-1] and int(below[-1]) == int(above[-1]) + 1
