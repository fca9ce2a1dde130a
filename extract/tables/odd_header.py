"""Headers of scanned tables that cannot be what is printed.

In: tables. Out: an error for each scanned one with a figure column whose header holds what is no Vietnamese word, or
with two figure columns of one name. A header names what its figures measure: misread, it files right figures wrongly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import regex

from extract.model import Problem, Table
from extract.syllables import is_syllable
from extract.text import clean

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*")
_ODD = regex.compile(r"[¬~€®©@|¢§\\{}<>^`]|\p{L}\d|\d\p{L}")
_ABBREVIATION = regex.compile(r"^(?:\p{Lu}{2,8}|[IVX]+|[A-ZĐ])$")


def odd_headers(tables: Iterable[Table]) -> Iterator[Problem]:
    for table in tables:
        headers = [" › ".join(map(clean, c.header)) for c in table.columns if c.role == "value"]
        found = _first(headers) if table.method == "ocr" else None
        if found is not None:
            page = min(table.pages, default=None)
            message = "the header of a figure column is doubtful"
            yield Problem("ocr-header-doubtful", "error", message, page, table.index, detail=found or "?")


def _first(headers: Sequence[str]) -> str | None:
    twice = [header for header, n in Counter(headers).items() if n > 1]
    return next(iter([*twice, *(header for header in headers if not header or is_odd(header))]), None)


def is_odd(text: str) -> bool:
    """Does the text hold words that are none? Abbreviations in capitals are words."""
    words = _WORD.findall(text)
    return bool(_ODD.search(text)) or any(not (_ABBREVIATION.match(w) or is_syllable(w)) for w in words)
