"""Row codes that a spreadsheet turned into something else, and what they were.

Typing `1.2` makes a date of 1 February, `2.13` February 2013, `1.2.3` a date of 2003; typing `2.10` makes the
number 2.1; `1.10` under a comma locale the number 1,1. In: the cells of the column of codes, in order. Out:
for each the code as it was typed, and whether its neighbours leave no doubt.

The way: each cell gives the codes it can have been; the chain of codes that fits best from top to bottom is
taken (a code is followed by its first child, its next sibling, or the next one of an ancestor). Viterbi over
the column: linear in rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extract.readers.sheet_model import SheetCell

_PLAIN_CODE = regex.compile(r"^\d{1,3}(?:\.\d{1,3}){0,5}\.?$")
_ROMAN = regex.compile(r"^(?=[IVX])(X{0,3})(IX|IV|V?I{0,3})$")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_TEXT_DATES = (
    regex.compile(r"^(?P<d>\d{1,2})[-/ ](?P<mon>[A-Za-z]{3})(?:[-/ ](?P<y>\d{2,4}))?$"),
    regex.compile(r"^(?P<mon>[A-Za-z]{3})[-/ ](?P<y>\d{2,4})$"),
    regex.compile(r"^(?P<d>\d{1,2})[-/](?P<m>\d{1,2})[-/](?P<y>\d{4})(?:\s+0{1,2}:00(?::00)?)?$"),
    regex.compile(r"^(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?$"),
)
_NEXT, _ROOT = 0.0, 0.2
_BROKEN = 6.0


@dataclass(frozen=True, slots=True)
class Repaired:
    """`code` as it was typed; `is_sure` where the codes around it fit it exactly."""

    code: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    text: str
    parts: tuple[int, ...]
    cost: float


def repair_codes(cells: Sequence[SheetCell | None]) -> list[Repaired | None]:
    """What to put in place of each cell; None where the cell stands as it is."""
    choices = [_choices(cell) for cell in cells]
    if all(len(ways) <= 1 for ways in choices) and not any(_is_lost(cell) for cell in cells):
        return [None] * len(cells)
    chain = [(n, ways) for n, ways in enumerate(choices) if ways]
    out: list[Repaired | None] = [None] * len(cells)
    best: list[list[tuple[float, int]]] = []
    for at, (_, ways) in enumerate(chain):
        column = []
        for way in ways:
            before = [
                (best[at - 1][k][0] + _step(old.parts, way.parts), k) for k, old in enumerate(chain[at - 1][1])
            ] if at else [(_step((), way.parts), 0)]  # fmt: skip
            total, k = min(before)
            column.append((total + way.cost, k))
        best.append(column)
    if not chain:
        return out
    taken = [0] * len(chain)
    taken[-1] = min(range(len(best[-1])), key=lambda k: best[-1][k][0])
    for at in range(len(chain) - 1, 0, -1):
        taken[at - 1] = best[at][taken[at]][1]
    picked = [ways[taken[at]] for at, (_, ways) in enumerate(chain)]
    for at, (n, ways) in enumerate(chain):
        cell = cells[n]
        if cell is None or (not _is_lost(cell) and picked[at].text == cell.text.strip()):
            continue
        previous = picked[at - 1].parts if at else ()
        following = picked[at + 1].parts if at + 1 < len(picked) else None
        fits = _step(previous, picked[at].parts) <= _ROOT
        goes_on = following is None or _step(picked[at].parts, following) <= 1.5
        rivals = [
            w for w in ways if w is not picked[at] and _step(previous, w.parts) <= _step(previous, picked[at].parts)
        ]
        out[n] = Repaired(picked[at].text, fits and goes_on and not rivals)
    return out


def code_of(cell: SheetCell | None) -> str:
    """The likeliest code that a cell was typed as, empty where it holds none."""
    return min(_choices(cell), key=lambda way: way.cost).text if cell is not None and _choices(cell) else ""


def goes_on(before: str, code: str) -> bool:
    """May a row with this code follow one with that?"""
    pair = [
        tuple(int(part) for part in text.rstrip(".").split(".")) for text in (before, code) if _PLAIN_CODE.match(text)
    ]
    return len(pair) == 2 and pair[1] != (1,) and _step(*pair) < _BROKEN


def _is_lost(cell: SheetCell | None) -> bool:
    """Does the cell hold something that cannot be a code, a date?"""
    return cell is not None and (cell.date is not None or _date_in(cell.text) is not None)


def _choices(cell: SheetCell | None) -> list[_Choice]:
    if cell is None or not cell.text.strip():
        return []
    text = cell.text.strip()
    date = cell.date or (_date_in(text) if cell.kind == "text" else None)
    if date is not None:
        return _from_date(date, cell)
    if cell.kind == "number":
        return _from_number(text, cell.number or 0.0)
    found = _ROMAN.match(text.rstrip(".").upper()) if text[:1].isalpha() else None
    if found:
        return [_Choice(text, (), 0.0)]
    if _PLAIN_CODE.match(text):
        return [_Choice(text, tuple(int(p) for p in text.rstrip(".").split(".")), 0.0)]
    return []


def _from_number(text: str, number: float) -> list[_Choice]:
    """2.1 was typed as `2.1` or as `2.10`; a whole number is itself."""
    code = text.replace(",", ".")
    if not _PLAIN_CODE.match(code) or number < 0:
        return []
    parts = tuple(int(p) for p in code.split("."))
    ways = [_Choice(code, parts, 0.0)]
    if len(parts) == 2 and len(code.partition(".")[2]) <= 2:
        ways.append(_Choice(code + "0", (parts[0], parts[1] * 10), 0.3))
    if len(parts) == 1 and number < 100:
        ways.append(_Choice(f"{code}.0", (*parts, 0), 4.0)) if text.endswith(".0") else None
    return ways


def _from_date(date: datetime.date, cell: SheetCell) -> list[_Choice]:
    """The codes that become this date: day.month, month.day, month.year, day.month.year, month.day.year."""
    d, m, y = date.day, date.month, date.year
    short = y % 100
    shown = cell.shown_date.replace("/", ".").replace("-", ".")
    made = [((d, m), 0.1), ((m, d), 0.3), ((d, m, short), 0.4), ((m, d, short), 0.6)]
    if d == 1:
        made.append(((m, short), 0.4))
        made.append(((m, y), 3.0))
    ways: dict[tuple[int, ...], _Choice] = {}
    for parts, cost in made:
        code = ".".join(map(str, parts))
        bonus = -0.25 if code == shown else 0.0
        ways.setdefault(parts, _Choice(code, parts, cost + bonus))
    return list(ways.values())


def _date_in(text: str) -> datetime.date | None:
    """A date as programs print it into a CSV: `1-Feb`, `Feb-13`, `01/02/2024`."""
    text = text.strip()
    for pattern in _TEXT_DATES:
        found = pattern.match(text)
        if not found:
            continue
        given = found.groupdict()
        month = _MONTHS.get((given.get("mon") or "").lower()) if given.get("mon") else int(given.get("m") or 0)
        year = int(given.get("y") or 2000)
        year = year + 2000 if year < 100 else year
        try:
            return datetime.date(year, month or 0, int(given.get("d") or 1))
        except ValueError:
            return None
    return None


def _step(before: tuple[int, ...], code: tuple[int, ...]) -> float:
    """How well `code` follows `before`: 0 for the next code, little for a gap, much for going back."""
    if not code:
        return 0.0
    if not before:
        return _ROOT if code[-1] == 1 or len(code) == 1 else 1.0 + 0.2 * len(code)
    if code == before:
        return _BROKEN
    if code[: len(before)] == before:  # a child
        rest = code[len(before) :]
        return (_NEXT if rest[0] == 1 else 1.0 + min(rest[0], 30) * 0.1) + 2.0 * (len(rest) - 1)
    shared = 0
    while shared < min(len(before), len(code)) and before[shared] == code[shared]:
        shared += 1
    if shared == len(code) or code[shared] < before[shared]:
        # a new section begins its counting anew
        return _ROOT + 1.5 if code == (1,) else _BROKEN
    gap = code[shared] - before[shared] - 1
    deeper = len(code) - shared - 1
    return min(gap, 40) * 0.15 + (0.8 if gap else 0.0) + deeper * 1.5
