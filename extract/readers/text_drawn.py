"""Tables drawn with characters, as old programs and converters print them → the rules of a page.

In: the lines of a text. Out: the lines without what is drawn, and the rules, in characters and lines. Drawn are `+---+`
and `|`, and the line characters of DOS (`┌─┬─┐ ╔═╦═╗`). A horizontal rule is a run of strokes between two corners or
uprights; an upright is a column of bars that a corner begins, ends or crosses. What else holds a bar is text. Where
bars alone part the columns and cells go on in the next line, as programs print that read old Word files, the bars
become wide blanks: then alignment tells the columns and codes tell the rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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


_BARRED = regex.compile(r"^\s*\|.*\|\s*$")
_RULE_OF_PIPES = regex.compile(r"^\s*\|[\s:|-]*-[\s:|-]*$")
WIDE = "   "  # a gap between columns, also where words stand close to the bars


def has_wrapped_cells(text: str) -> bool:
    """Do lines between bars, at the same places in each, hold the rest of the cell above: no code, a small letter?"""
    if "|" not in text:
        return False
    lines = [line.rstrip() for line in text.splitlines()]
    if any(map(_RULE_OF_PIPES.match, lines)):
        return False  # Markdown: there each line is a row
    return any(_goes_on(above, line) for above, line in pairwise(lines))


def _goes_on(above: str, line: str) -> bool:
    if not (_BARRED.match(line) and _BARRED.match(above)) or len(line) != len(above):
        return False
    first, *rest = line.strip()[1:-1].split("|")
    words = [cell.strip() for cell in rest if cell.strip()]
    goes_on = not first.strip() and bool(words) and all(word[0].islower() for word in words)
    return goes_on and len(_bars(line) & _bars(above)) >= 3


def _bars(line: str) -> set[int]:
    return {at for at, char in enumerate(line) if char == "|"}


def without_bars(text: str) -> str:
    """The lines between bars with wide blanks instead."""
    return "\n".join(line.replace("|", WIDE) if _BARRED.match(line) else line for line in text.splitlines())
