"""Tables drawn with characters, as old programs and converters print them → the rules of a page.

In: the lines of a text. Out: the lines without what is drawn, and the rules, in characters and lines. Drawn are `+---+`
and `|`, and the line characters of DOS (`┌─┬─┐ ╔═╦═╗`). A horizontal rule is a run of strokes between two corners or
uprights; an upright is a column of bars that a corner begins, ends or crosses. What else holds a bar is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import regex

_STROKES = "-=_─━═"
_BARS = "|│┃║¦"
_CORNERS = "+┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡╤╧╪╓╖╙╜╟╢╥╨╫┏┓┗┛┣┫┳┻╋"
_RULE = regex.compile(rf"(?=[{_CORNERS}{_BARS}])[{_CORNERS}{_BARS}](?:[{_STROKES}]{{2,}}[{_CORNERS}{_BARS}])+")
_STROKE = re.compile(rf"[{_CORNERS}{_BARS}][{_STROKES}]{{2}}")  # the standard library: whole texts pass here
ENOUGH_RULES = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """`text`: the lines with blanks for what is drawn. `across`: (line, first, last character) of each rule, `upright`:
    (character, first, last line)."""

    text: list[str]
    across: tuple[tuple[int, int, int], ...]
    upright: tuple[tuple[int, int, int], ...]


def has_drawn_table(text: str) -> bool:
    """Are there rules of at least two cells, as many as the smallest table has?"""
    if not _STROKE.search(text):
        return False
    found = 0
    for line in text.splitlines():
        match = _RULE.search(line)
        found += match is not None and sum(c in _CORNERS for c in match.group()) > 1
        if found >= ENOUGH_RULES:
            return True
    return False


def drawn(lines: Sequence[str]) -> Drawn:
    """Take the drawing out of some lines of text."""
    across = [(at, m.start(), m.end() - 1) for at, line in enumerate(lines) for m in _RULE.finditer(line)]
    on_rule = {(at, x) for at, first, last in across for x in range(first, last + 1)}
    upright = _uprights(lines, on_rule)
    blank: dict[int, set[int]] = {}
    for at, first, last in across:
        blank.setdefault(at, set()).update(range(first, last + 1))
    for x, first, last in upright:
        for at in range(first, last + 1):
            blank.setdefault(at, set()).add(x)
    text = [
        "".join(" " if x in blank[at] else char for x, char in enumerate(line)) if at in blank else line
        for at, line in enumerate(lines)
    ]
    return Drawn(text, tuple(across), tuple(upright))


def _uprights(lines: Sequence[str], on_rule: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    out: list[tuple[int, int, int]] = []
    open_at: dict[int, tuple[int, bool]] = {}  # character → first line, has a corner
    for at, line in enumerate([*lines, ""]):
        here = {x for x, char in enumerate(line) if char in _BARS or (char in _CORNERS and (at, x) in on_rule)}
        for x in [x for x in open_at if x not in here]:
            first, has_corner = open_at.pop(x)
            if has_corner and at - 1 > first:
                out.append((x, first, at - 1))
        for x in here:
            first, has_corner = open_at.get(x, (at, False))
            open_at[x] = (first, has_corner or (at, x) in on_rule)
    return sorted(out)
