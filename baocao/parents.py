"""Which body stands above the one that issued a report: what tells two bodies of one name apart.

In: the line above the agency in a letterhead (`UBND HUYỆN CHÂU THÀNH`, `SỞ Y TẾ`). Out: a key, empty where it tells
nothing: two provinces are told apart by their id, and a line that is no body may be anything. Every district has a
`xã Tân Phú`, every ministry a `Văn phòng Bộ`: the report of one would be taken for a correction of the other's.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache

import regex

from extract.text import fold

_ABOVE = regex.compile(
    r"^(?:(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan)\s)?"
    r"(?P<kind>huyen|quan|thi xa|tx|thanh pho|tp|xa|phuong|thi tran|so|bo|tong cuc|cuc|dai hoc|phong)\s(?P<name>.+)$"
)
_SHORT = {"tx": "thi xa", "tp": "thanh pho"}
_CITIES = frozenset(("ha noi", "ho chi minh", "hai phong", "da nang", "can tho", "hue", "dong nai"))  # of the centre
_PLACE_BEHIND = regex.compile(r",? (?:tinh|thanh pho|tp) .+$")
_ALIKE = 0.8  # so much of two names agrees where one is a misreading of the other


@lru_cache(maxsize=4096)
def parent_key(printed: str) -> tuple[str, str]:
    """(kind, name) of the body above, folded; both empty where the line tells nothing."""
    found = _ABOVE.match(" ".join(fold(printed).replace(".", " ").split()))
    if found is None:
        return "", ""
    kind = _SHORT.get(found["kind"], found["kind"])
    name = _PLACE_BEHIND.sub("", found["name"])
    return ("", "") if kind == "thanh pho" and name in _CITIES else (kind, name)


def are_apart(one: str, other: str) -> bool:
    """The two lines name two bodies; a misread letter makes no other body."""
    a, b = parent_key(one), parent_key(other)
    if not a[0] or not b[0] or a == b:
        return False
    return a[0] != b[0] or SequenceMatcher(None, a[1], b[1]).ratio() < _ALIKE


def are_other_places(one: str, other: str) -> bool:
    """The two places of signature are not one, misread."""
    a, b = fold(one), fold(other)
    return bool(a and b) and SequenceMatcher(None, a, b).ratio() < _ALIKE
