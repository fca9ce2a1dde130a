"""Tables whose columns are given by a line of dashes, as converters and databases print them → tables drawn in full.

In: a text. Out: the same text, such tables drawn with `+---+` and bars, which `text_drawn` reads. The line under the
header, `----- ---------- ----`, says where each column begins and ends, to the character. Rows are parted by blank
lines where the table ends with a rule and has any (pandoc's multi-line tables); else each line is a row, but for lines
under `=====` whose first cell is blank: they go on with the row above (reStructuredText).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

_RULER = regex.compile(r"^ *(?:-{2,}|={2,})(?:[ +]+(?:-{2,}|={2,})){2,} *$")
_LONG = regex.compile(r"^ *-{8,} *$|^ *={8,} *$")
_GROUP = regex.compile(r"-{2,}|={2,}")
_SEEN = ("-- ", "== ", "--+")
MOST_LINES = 5_000  # of a table
MOST_HEADER = 12


@dataclass(frozen=True, slots=True)
class _Table:
    """Lines `first` to `end` (not included); `ruler` is the line that says where the columns are."""

    first: int
    ruler: int
    end: int
    bars: tuple[int, ...]
    is_spaced: bool


def has_dashed_table(text: str) -> bool:
    """Is there a line that is nothing but three runs of dashes or more?"""
    if not ("--" in text or "==" in text) or not any(seen in text for seen in _SEEN):
        return False
    return any(_RULER.match(line) for line in text.splitlines() if any(seen in line for seen in _SEEN))


def with_drawn_tables(text: str) -> str:
    """The text with its dashed tables drawn; other lines as they are. A table that a word runs out of is left alone."""
    lines = [f" {line}" for line in text.splitlines()]  # room for the bar in front of a first column at the margin
    out: list[str] = []
    at = 0
    for i, line in enumerate(lines):
        if i < at or not _RULER.match(line):
            continue
        table = _table_at(lines, i, at)
        if table is not None:
            out += lines[at : table.first] + _drawn(lines, table)
            at = table.end
    return "\n".join([*out, *lines[at:]])


def _table_at(lines: Sequence[str], ruler: int, floor: int) -> _Table | None:
    starts = [match.start() for match in _GROUP.finditer(lines[ruler])]
    bars = tuple(start - 1 for start in starts)
    first = ruler
    while first > max(floor, ruler - MOST_HEADER) and lines[first - 1].strip() and not _is_rule(lines[first - 1]):
        first -= 1
    if first == ruler:
        return None  # a rule without a header: the end of a table, or a table of no names
    closing = _closing(lines, ruler)
    end = closing if closing is not None else _first_blank(lines, ruler + 1)
    body = lines[ruler + 1 : end]
    if not body or any(not _fits(line, bars) for line in (*lines[first:ruler], *body)):
        return None
    if first > floor and _is_rule(lines[first - 1]):
        first -= 1
    is_spaced = closing is not None and any(not line.strip() for line in body)
    return _Table(first, ruler, end + (closing is not None), bars, is_spaced)


def _is_rule(line: str) -> bool:
    return _LONG.match(line) is not None or _RULER.match(line) is not None


def _closing(lines: Sequence[str], ruler: int) -> int | None:
    """The rule that ends the table: as wide as its ruler."""
    wide = len(lines[ruler].rstrip())
    for at in range(ruler + 1, min(len(lines), ruler + MOST_LINES)):
        if _is_rule(lines[at]):
            return at if abs(len(lines[at].rstrip()) - wide) <= 2 else None
    return None


def _first_blank(lines: Sequence[str], start: int) -> int:
    return next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))


def _fits(line: str, bars: Sequence[int]) -> bool:
    """Is there a blank in front of each column?"""
    return "\t" not in line and all(line[bar : bar + 1] in ("", " ", "|", "+") for bar in bars)


def _drawn(lines: Sequence[str], table: _Table) -> list[str]:
    header = [line for line in lines[table.first : table.ruler] if not _is_rule(line)]
    body = [line for line in lines[table.ruler + 1 : table.end] if not _is_rule(line)]
    right = max(len(line.rstrip()) for line in (*header, *body, lines[table.ruler]))
    bars = (*table.bars, right)
    rule = " " * bars[0] + "+" + "+".join("-" * (b - a - 1) for a, b in pairwise(bars)) + "+"
    goes_on = "=" in lines[table.ruler]
    out = [rule, *(_barred(line, bars) for line in header), rule]
    is_open = False
    for line in body:
        if not line.strip():
            if is_open:
                out.append(rule)
            is_open = False
            continue
        is_rest = goes_on and not line[: bars[1]].strip()
        if is_open and not table.is_spaced and not is_rest:
            out.append(rule)
        out.append(_barred(line, bars))
        is_open = True
    return [*out, rule] if is_open else out


def _barred(line: str, bars: Sequence[int]) -> str:
    padded = list(line.ljust(bars[-1] + 1))
    for bar in bars:
        padded[bar] = "|"
    return "".join(padded)
