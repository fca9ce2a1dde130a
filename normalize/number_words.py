"""The words that stand in value cells beside or instead of a number, by role.

Roles: `nothing` (không có), `ditto` (như trên), `approximate` (khoảng), `approximate_behind` (trở lên),
`before` (đạt), `direction` (giảm), `scale` (triệu), `money` (trđ). Source: codelists/number_words.csv.
Words are matched with their tone marks first and, from three letters on, without them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from normalize.text import fold, tone_key

# Numbers spelled out; `không` is left out because alone it says that there is nothing.
SPELLED: frozenset[str] = frozenset(
    (
        "một",
        "hai",
        "ba",
        "bốn",
        "tư",
        "năm",
        "sáu",
        "bảy",
        "bẩy",
        "tám",
        "chín",
        "mười",
        "mươi",
        "trăm",
        "nghìn",
        "ngàn",
        "triệu",
        "tỷ",
        "tỉ",
        "lăm",
        "nhăm",
        "linh",
        "lẻ",
        "mốt",
        "rưỡi",
    )
)


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, Mapping[str, str]]:
    text = files("normalize").joinpath("codelists/number_words.csv").read_text(encoding="utf-8")
    out: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        words = out.setdefault(row["role"], {})
        words.setdefault(tone_key(row["word"]), row["value"])
    for role in list(out):
        bare: dict[str, str] = {}
        for word, value in out[role].items():
            key = fold(word)
            if len(key) > 2:
                bare.setdefault(key, value)
        out[role + " bare"] = bare
    return MappingProxyType(out)


def has_role(role: str, text: str) -> bool:
    """Whether the whole text is a word of this role."""
    lists = _lists()
    return tone_key(text) in lists[role] or (len(text) > 2 and fold(text) in lists[role + " bare"])


def says_nothing(text: str) -> bool:
    """`Không có`, `Chưa thống kê` — and any other text that begins with không, chưa and holds no digit."""
    if has_role("nothing", text):
        return True
    first = fold(text).split(" ", 1)[0]
    return first in ("khong", "chua") and not any(c.isdigit() for c in text)


def is_spelled_number(text: str) -> bool:
    """`Ba mươi hai`: every word is a number word."""
    words = tone_key(text).split(" ")
    return bool(words[0]) and all(word in _spelled_keys() for word in words)


@lru_cache(maxsize=1)
def _spelled_keys() -> frozenset[str]:
    return frozenset(tone_key(word) for word in SPELLED)


def leading_scale(words: list[str]) -> tuple[Decimal | None, int, bool]:
    """Scale words at the start of the words behind a number: factor, how many words, whether it is money.

    `nghìn tỷ đồng` → (10^12, 3, True); `người` → (None, 0, False).
    """
    lists = _lists()
    factor = Decimal(1)
    count = 0
    for word in words:
        value = lists["scale"].get(tone_key(word))
        if value is None:
            break
        factor *= Decimal(value)
        count += 1
    if count < len(words):
        value = lists["money"].get(tone_key(words[count]))
        if value is not None:
            return factor * Decimal(value), count + 1, True
    return (factor if count else None), count, False
