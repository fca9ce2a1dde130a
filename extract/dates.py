"""Dates and spans as Vietnamese documents print them.

In: any text. Out: `date`s, and `(start, end)` pairs exactly as stated. The idea: fold the text
character by character (so that positions stay), find dates by one linear pattern, then join two
dates that are linked by `đến`, `tới` or a dash. A date the calendar does not know is not a date.
Forms: Nghị định 30/2020/NĐ-CP, Annex I (`ngày 05 tháng 01 năm 2020`, leading 0 only for days below
10 and months 1 and 2), practice (`11/6/2024`, `22-5-2011`, `01.7.2025`), signature stamps (ISO).
"""

from __future__ import annotations

import calendar
import itertools
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import regex

from extract.text import CharTable, nfc

_YEAR = r"(?:19|20)\d\d"
_DATE = regex.compile(
    rf"""
    (?<![\d/])(?P<iso_y>{_YEAR})-(?P<iso_m>\d\d)-(?P<iso_d>\d\d)(?!\d)
  | (?<![\d/.\-])(?P<w_d>\d{{1,2}})\s{{0,3}}thang\s{{0,3}}(?P<w_m>\d{{1,2}})
        (?:\s{{0,3}},?\s{{0,3}}nam\s{{0,3}}|\s{{0,3}}[/.\-]\s{{0,3}}|,\s{{0,3}})(?P<w_y>{_YEAR})(?!\d)
  | (?<![\d/.,\-])(?P<d>\d{{1,2}})\s{{0,2}}[/.\-]\s{{0,2}}(?P<m>\d{{1,2}})\s{{0,2}}[/.\-]\s{{0,2}}(?P<y>{_YEAR})(?!\d)
  | (?<![\d/.,\-])(?P<s_d>\d{{1,2}})/(?P<s_m>\d{{1,2}})/(?P<s_y>\d\d)(?![\d/])
    """,
    regex.VERBOSE,
)
_BOTH = regex.compile(r"[\s,;]{0,4}(?:cho\s{1,2})?(?:den|toi|-|–|—)\s{0,3}(?:het\s{1,3})?(?:ngay\s{0,3})?")
# `từ 15/12 đến 14/6/2024`: the first date borrows the year of the second, or the other way round.
_FIRST_SHORT = regex.compile(
    r"(?<![\d/.])(?P<d>\d{1,2})\s{0,2}(?:[/.\-]|thang)\s{0,2}(?P<m>\d{1,2})"
    r"[\s,;]{0,3}(?:den|toi|-|–|—)\s{0,3}(?:het\s{1,3})?(?:ngay\s{0,3})?$"
)
_SECOND_SHORT = regex.compile(
    r"[\s,;]{0,4}(?:den|toi|-|–|—)\s{0,3}(?:het\s{1,3})?(?:ngay\s{0,3})?"
    r"(?P<d>\d{1,2})\s{0,2}(?:[/.\-]|thang)\s{0,2}(?P<m>\d{1,2})(?![\d/.\-]*\d)"
)
_NO_YEARS = regex.compile(
    r"tu\s{0,3}(?:ngay\s{0,3})?(?P<d1>\d{1,2})\s{0,2}(?:[/.]|thang)\s{0,2}(?P<m1>\d{1,2})"
    r"[\s,;]{0,3}(?:den|toi|-|–)\s{0,3}(?:het\s{1,3})?(?:ngay\s{0,3})?"
    r"(?P<d2>\d{1,2})\s{0,2}(?:[/.]|thang)\s{0,2}(?P<m2>\d{1,2})(?![\d/])"
)
_ONLY_DAY = regex.compile(
    r"tu\s{0,3}ngay\s{0,3}(?P<d>\d{1,2})[\s,]{0,3}(?:den|toi|-|–)\s{0,3}(?:het\s{1,3})?(?:ngay\s{0,3})?$"
)
MONTH_SPAN = regex.compile(
    rf"tu\s{{0,3}}(?:dau\s{{1,3}})?thang\s{{0,3}}(?P<m1>\d{{1,2}})(?:\s{{0,3}}(?:/|-|nam)\s{{0,3}}(?P<y1>{_YEAR}))?"
    r"[\s,]{0,3}(?:den|toi|-|–)\s{0,3}(?:het\s{1,3})?(?:cuoi\s{1,3})?"
    rf"thang\s{{0,3}}(?P<m2>\d{{1,2}})\s{{0,3}}(?:/|-|nam)\s{{0,3}}(?P<y2>{_YEAR})(?!\d)"
)
# The last group that a form of `_DATE` fills → those of its year, month and day.
_FORMS = {
    last: (f"{form}y", f"{form}m", f"{form}d")
    for form, last in (("iso_", "iso_d"), ("w_", "w_y"), ("", "y"), ("s_", "s_y"))
}
_IN_DATES = ("/", "thang", "-", ".")  # one of them stands between day and month, whatever the form
_WINDOW = 60  # a date that borrows its year stands directly before or behind the other one


def _plain_char(char: str) -> str:
    if char in "đĐÐð":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


_PLAIN = CharTable(_plain_char)


def plain(text: str) -> str:
    """Lower case without diacritics, one character for each character of the NFC text."""
    return nfc(text).translate(_PLAIN)


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date and where it stands in the NFC text."""

    date: date
    start: int
    end: int


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not (1 <= month <= 12 and 1900 <= year <= 2099):
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _hit_date(match: regex.Match[str]) -> date | None:
    year, month, day = map(int, match.group(*_FORMS[match.lastgroup or ""]))
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    return make_date(year, month, day)


def find_dates(text: str) -> list[DateHit]:
    """Every whole date of the text, in order."""
    return dates_in(plain(text))


def dates_in(folded: str) -> list[DateHit]:
    """`find_dates` of a text that is `plain` already."""
    hits = []
    for match in _DATE.finditer(folded):
        found = _hit_date(match)
        if found is not None:
            hits.append(DateHit(found, match.start(), match.end()))
    return hits


def parse_date(text: str) -> date | None:
    """The first whole date printed, None where there is none (`ngày … tháng 6 năm 2026` is none)."""
    hits = find_dates(text)
    return hits[0].date if hits else None


def _before(end: date, month: int, day: int) -> date | None:
    """The last day `day/month` that is not after `end`."""
    same = make_date(end.year, month, day)
    return same if same is not None and same <= end else make_date(end.year - 1, month, day)


def _after(start: date, month: int, day: int) -> date | None:
    same = make_date(start.year, month, day)
    return same if same is not None and same >= start else make_date(start.year + 1, month, day)


def _linked_pair(folded: str, hits: list[DateHit]) -> tuple[int, date, date] | None:
    for first, second in itertools.pairwise(hits):
        if _BOTH.fullmatch(folded, first.end, second.start):
            return first.start, first.date, second.date
    return None


def _borrowed_pair(folded: str, hits: list[DateHit]) -> tuple[int, date, date] | None:
    for hit in hits:
        head = folded[max(0, hit.start - _WINDOW) : hit.start]
        short = _FIRST_SHORT.search(head)
        if short is not None:
            start = _before(hit.date, int(short["m"]), int(short["d"]))
            if start is not None:
                return hit.start, start, hit.date
        only = _ONLY_DAY.search(head)
        if only is not None:
            start = make_date(hit.date.year, hit.date.month, int(only["d"]))
            if start is not None:
                return hit.start, start, hit.date
        short = _SECOND_SHORT.match(folded, hit.end, min(len(folded), hit.end + _WINDOW))
        if short is not None:
            end = _after(hit.date, int(short["m"]), int(short["d"]))
            if end is not None:
                return hit.start, hit.date, end
    return None


def _month_pair(folded: str) -> tuple[int, date, date] | None:
    match = MONTH_SPAN.search(folded)
    if match is None:
        return None
    year, first, last = int(match["y2"]), int(match["m1"]), int(match["m2"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    start_year = int(match["y1"]) if match["y1"] else year if first <= last else year - 1
    return match.start(), date(start_year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _yearless_pair(folded: str, year: int) -> tuple[int, date, date] | None:
    match = _NO_YEARS.search(folded)
    if match is None:
        return None
    end = make_date(year, int(match["m2"]), int(match["d2"]))
    start = None if end is None else _before(end, int(match["m1"]), int(match["d1"]))
    return None if start is None or end is None else (match.start(), start, end)


@lru_cache(maxsize=1024)
def parse_span(text: str, year: int | None = None) -> tuple[date, date] | None:
    """The first stated span, both days included, exactly as printed (also where it runs backwards).

    `(Từ ngày 15/12/2023 đến 10/6/2024)`, `từ 15/12 đến ngày 14/6/2024`, `15/12/2023 – 14/6/2024`,
    `từ tháng 01 đến tháng 6 năm 2024`. `year` serves a span that prints no year at all.
    """
    folded = plain(text)
    if not any(sign in folded for sign in _IN_DATES):
        return None
    hits = dates_in(folded)
    found = [pair for pair in (_linked_pair(folded, hits), _borrowed_pair(folded, hits), _month_pair(folded)) if pair]
    if not found and year is not None:
        yearless = _yearless_pair(folded, year)
        found = [yearless] if yearless else []
    if not found:
        return None
    _, start, end = min(found)
    return start, end
