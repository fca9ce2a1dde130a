"""Automatic list and outline numbers of WordprocessingML, turned into the labels Word prints.

In: the bytes of `numbering.xml`. Out: for each paragraph, in document order, the
label that stands before its text (`II.`, `2.1.`), or the empty string. Rules: ECMA-376 part 1, 17.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extract.readers.docx_parts import tree_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL, _ILVL, _NUM_ID, _ABSTRACT_ID = W + "val", W + "ilvl", W + "numId", W + "abstractNumId"
KEPT_SHEETS, MAX_KEPT_BYTES = 8, 1_000_000  # files of one office share their lists and styles: the last few are kept
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: number format, text pattern (`%1.%2.`), first number, restart and legal style."""

    number_format: str
    pattern: str
    start: int
    is_legal: bool


def roman(number: int) -> str:
    out = []
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        out.append(letters * count)
    return "".join(out)


def letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def format_number(number: int, number_format: str) -> str:
    if number_format in ("bullet", "none"):
        return ""
    if number_format == "upperRoman":
        return roman(number).upper()
    if number_format == "lowerRoman":
        return roman(number)
    if number_format == "upperLetter":
        return letters(number).upper()
    if number_format == "lowerLetter":
        return letters(number)
    if number_format == "decimalZero":
        return f"{number:02d}"
    return str(number)


@dataclass(frozen=True, slots=True)
class Lists:
    """What `numbering.xml` says: levels of each abstract list, the abstract list of each list, starts of their own."""

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    abstract_of: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[tuple[str, int], int] = field(default_factory=dict)


def lists_of(data: bytes | None) -> Lists:
    """Raises Unreadable."""
    if data is None:
        return Lists()
    return _kept_lists(data) if len(data) <= MAX_KEPT_BYTES else _lists(data)


def _lists(data: bytes) -> Lists:
    tree = tree_of(data, "word/numbering.xml")
    levels = {
        abstract.get(_ABSTRACT_ID, ""): {
            _int(level.get(_ILVL), 0): _level(level) for level in abstract.iterfind(W + "lvl")
        }
        for abstract in tree.iterfind(W + "abstractNum")
    }
    abstract_of: dict[str, str] = {}
    overrides: dict[tuple[str, int], int] = {}
    for num in tree.iterfind(W + "num"):
        num_id = num.get(_NUM_ID, "")
        link = num.find(W + "abstractNumId")
        abstract_of[num_id] = link.get(_VAL, "") if link is not None else ""
        for override in num.iterfind(W + "lvlOverride"):
            start = override.find(W + "startOverride")
            if start is not None:
                overrides[num_id, _int(override.get(_ILVL), 0)] = _int(start.get(_VAL), 1)
    return Lists(levels, abstract_of, overrides)


_kept_lists = lru_cache(maxsize=KEPT_SHEETS)(_lists)


class Numbering:
    """Counters of one document. `label(num_id, level)` counts on and gives the printed label."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[str] = set()

    def label(self, num_id: str, level: int) -> str:
        """The label of the next paragraph of this list at this level (from 0); '' for bullets and unknown lists."""
        abstract = self._lists.abstract_of.get(num_id, "")
        levels = self._lists.levels.get(abstract)
        if not levels or level not in levels:
            return ""
        counters = self._counters.setdefault(abstract, {})
        if num_id not in self._started:  # a list with its own start begins anew, else it goes on
            self._started.add(num_id)
            for (owner, at), start in self._lists.overrides.items():
                if owner == num_id:
                    counters[at] = start - 1
        counters[level] = counters.get(level, levels[level].start - 1) + 1
        for deeper in [at for at in counters if at > level]:
            del counters[deeper]
        own = levels[level]
        if own.number_format in ("bullet", "none"):
            return ""
        text = own.pattern
        for at in range(level + 1):
            if f"%{at + 1}" in text:
                style = levels.get(at, own)
                number = counters.get(at, style.start)
                text = text.replace(
                    f"%{at + 1}", format_number(number, "decimal" if own.is_legal else style.number_format)
                )
        return text.strip()


def _int(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default


def _level(element: Any) -> Level:
    def value(tag: str, default: str) -> str:
        child = element.find(W + tag)
        return default if child is None else child.get(_VAL, default)

    legal = element.find(W + "isLgl")
    return Level(
        value("numFmt", "decimal"),
        value("lvlText", ""),
        _int(value("start", "1"), 1),
        legal is not None and legal.get(_VAL, "1") not in ("0", "false"),
    )
