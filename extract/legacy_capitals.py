"""Capitals of TCVN3 that only its fonts draw.

In: TCVN3 as decoded, letter by letter, where the font it was set in is not known. Out: the same with capitals where the
letters around them tell that they were.
"""

from __future__ import annotations

import regex

from extract.legacy_tables import Units

_SMALL_HEADING = regex.compile(r"\s*(?:(?:i{1,3}|iv|vi{0,3}|ix|x)\. *\p{L}{2}|phụ lục [ivx]+\b)")


def with_capitals(units: Units) -> Units:
    """TCVN3 without its font has no capitals with tone: `CéNG HßA` is read as `CộNG HòA` and meant as `CỘNG HÒA`.

    Nor has what was set in `.VnTimeH` capitals at all: a heading is known by its number: `i. c«ng t¸c`, `phô lôc ii`.
    """
    said = "".join(unit or "\0" for unit in units)
    if _SMALL_HEADING.match(said) and said.islower():
        return [unit and unit.upper() for unit in units]
    words = [match.span() for match in regex.finditer(r"\p{L}[\p{L}\0]*", said)]
    mixed = [(a, b) for a, b in words if _is_half_capital(said[a:b])]
    if not mixed:
        return units
    is_all = not regex.search(r"[a-z]", said)
    spans = words if is_all else mixed
    out = list(units)
    for a, b in spans:
        for i in range(a, b):
            at = out[i]
            out[i] = at.upper() if at else at
    return out if len(units) == len(said) else units


def _is_half_capital(word: str) -> bool:
    """Two capitals of ASCII or more, none small, and small letters with marks: `TàI`, `CộNG`; not `Số`, `TTHC`."""
    plain = [c for c in word if c.isascii() and c != "\0"]
    marked = [c for c in word if not c.isascii()]
    return len(plain) >= 2 and all(c.isupper() for c in plain) and any(c.islower() for c in marked)
