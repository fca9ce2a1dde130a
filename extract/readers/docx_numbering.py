"""Automatic list and outline numbers of WordprocessingML, turned into the labels Word prints.

In: `numbering.xml` and `styles.xml` as parsed trees. Out: for each paragraph, in document order, the
label that stands before its text (`II.`, `2.1.`), or the empty string. Rules: ECMA-376 part 1, 17.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL, _ILVL, _NUM_ID, _ABSTRACT_ID = W + "val", W + "ilvl", W + "numId", W + "abstractNumId"
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


class Numbering:
    """Counters of one document. `label(num_id, level)` counts on and gives the printed label."""

    def __init__(self, tree: Any | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._overrides: dict[tuple[str, int], int] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[str] = set()
        if tree is not None:
            self._read(tree)

    def _read(self, tree: Any) -> None:
        for abstract in tree.iterfind(W + "abstractNum"):
            self._levels[abstract.get(_ABSTRACT_ID, "")] = {
                int(level.get(_ILVL, "0")): _level(level) for level in abstract.iterfind(W + "lvl")
            }
        for num in tree.iterfind(W + "num"):
            num_id = num.get(_NUM_ID, "")
            link = num.find(W + "abstractNumId")
            self._abstract_of[num_id] = link.get(_VAL, "") if link is not None else ""
            for override in num.iterfind(W + "lvlOverride"):
                start = override.find(W + "startOverride")
                if start is not None:
                    self._overrides[num_id, int(override.get(_ILVL, "0"))] = _int(start.get(_VAL), 1)

    def label(self, num_id: str, level: int) -> str:
        """The label of the next paragraph of this list at this level (from 0); '' for bullets and unknown lists."""
        abstract = self._abstract_of.get(num_id, "")
        levels = self._levels.get(abstract)
        if not levels or level not in levels:
            return ""
        counters = self._counters.setdefault(abstract, {})
        if num_id not in self._started:  # a list with its own start begins anew, else it goes on
            self._started.add(num_id)
            for (owner, at), start in self._overrides.items():
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
