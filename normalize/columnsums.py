"""Arithmetic between the columns of a cross-table.

In: header labels, column numbers. Out: `CrossRelation`s. What the column numbers state (`8=10+16`, `5=3-4`,
`(7)=(6)/(3)*100`) comes first; for a total column without such a statement the header decides: `Tổng số` is
the sum of the columns beside it on its level, a level with its own total counting once. `Trong đó` announces
parts that need not make the whole, and so do women beside party members: parts, not sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from normalize.categories import is_total_label
from normalize.text import clean, fold

_OWN = regex.compile(r"^[(\[]?\s*(\d{1,2})\s*[)\]]?\s*=")
_TERM = regex.compile(r"([+\-–])?\s*(\d{1,2})")
_RATE = regex.compile(r"^(\d{1,2})\s*[/:]\s*(\d{1,2})\s*(?:[x×*]?\s*100\s*%?|%)?$")
_OWN_ONLY = regex.compile(r"^[(\[]?\s*(\d{1,2})\s*[)\]]?(?:\s*=.*)?$")
_LINEAR = regex.compile(r"^\d{1,2}(?:\s*[+\-–]\s*\d{1,2})+$")
_RANGE = regex.compile(r"(\d{1,2})\s*\+\s*(?:\.{2,}|…)\s*\+\s*(\d{1,2})")
_OVERLAPPING = frozenset(("nu", "dang vien", "dan toc", "dan toc thieu so", "ton giao", "nguoi dan toc thieu so"))
_SHARES = ("ty le", "ti le", "ty trong", "%", "phan tram")


@dataclass(frozen=True, slots=True)
class CrossRelation:
    """What must hold between columns or rows (`axis`).

    `sum`: whole = parts added; `rate`: whole = 100 × parts[0] / parts[1]; `part`: parts[0] ≤ whole. `basis` is
    `stated` (printed in the column numbers) or `header` (understood from the words).
    """

    axis: str
    kind: str
    whole: int
    parts: tuple[int, ...]
    basis: str


def column_relations(
    labels: Mapping[int, tuple[str, ...]],
    numbers: Mapping[int, str],
    percent: set[int],
    measures: Mapping[int, str],
) -> tuple[CrossRelation, ...]:
    """All relations between value columns, stated ones first. Keys are column indices."""
    stated = _stated(labels, numbers)
    wholes = {relation.whole for relation in stated if relation.kind == "sum"}
    shares = percent | {c for c, path in labels.items() if any(fold(text).startswith(_SHARES) for text in path)}
    deduced = _deduced({c: path for c, path in labels.items() if c not in shares}, measures, wholes)
    return tuple(dict.fromkeys((*stated, *deduced)))


def _stated(labels: Mapping[int, tuple[str, ...]], numbers: Mapping[int, str]) -> list[CrossRelation]:
    """Relations printed in the column numbers; one that names a column which is not there is left out."""
    at = {int(found[1]): c for c, text in numbers.items() if (found := _OWN_ONLY.match(clean(text)))}
    out: list[CrossRelation] = []
    for c, text in numbers.items():
        printed = clean(text)
        if c not in labels or not _OWN.match(printed):
            continue
        for side in printed.split("=")[1:]:
            relation = _parsed(c, side, at)
            if relation is not None and {relation.whole, *relation.parts} <= set(labels):
                out.append(relation)
    return out


def _parsed(column: int, side: str, at: Mapping[int, int]) -> CrossRelation | None:
    text = regex.sub(r"[()\[\]]", " ", side)
    text = regex.sub(r"\s+", " ", text).strip(" .;")
    rate = _RATE.match(text)
    if rate:
        found = [at.get(int(rate[1])), at.get(int(rate[2]))]
        return (
            None
            if None in found
            else CrossRelation("columns", "rate", column, tuple(c for c in found if c is not None), "stated")
        )
    text = _RANGE.sub(lambda m: "+".join(map(str, range(int(m[1]), int(m[2]) + 1))), text)
    if not _LINEAR.match(text):
        return None
    plus: list[int] = []
    minus: list[int] = []
    for sign, number in _TERM.findall(text):
        place = at.get(int(number))
        if place is None:
            return None
        (minus if sign in ("-", "–") else plus).append(place)
    if not minus:
        return CrossRelation("columns", "sum", column, tuple(plus), "stated")
    if len(plus) == 1:  # 5 = 3 − 4 is 3 = 5 + 4
        return CrossRelation("columns", "sum", plus[0], (column, *minus), "stated")
    return None


def _deduced(
    labels: Mapping[int, tuple[str, ...]], measures: Mapping[int, str], wholes: set[int]
) -> list[CrossRelation]:
    out: list[CrossRelation] = []
    for c, path in labels.items():
        if c in wholes or not path or not is_total_label(path[-1]):
            continue
        prefix = path[:-1]
        beside = [
            (other, words[len(prefix) :])
            for other, words in labels.items()
            if other != c
            and words[: len(prefix)] == prefix
            and len(words) > len(prefix)
            and measures[other] == measures[c]
        ]
        if not prefix and any(len(rest) > 1 for _, rest in beside):
            continue  # a bare `Tổng số` beside whole groups of columns: of which one is not said
        parts, shares = _split(beside)
        if len(parts) > 1:
            out.append(CrossRelation("columns", "sum", c, tuple(parts), "header"))
        else:
            shares = [*parts, *shares]
        out += [CrossRelation("columns", "part", c, (part,), "header") for part in shares]
    return out


def _split(beside: list[tuple[int, tuple[str, ...]]]) -> tuple[list[int], list[int]]:
    """The columns that make up the total, and those that are only part of it (`Trong đó`)."""
    groups: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for column, rest in beside:
        groups.setdefault(rest[0], []).append((column, rest))
    parts: list[int] = []
    shares: list[int] = []
    for label, members in groups.items():
        total = [column for column, rest in members if len(rest) == 2 and is_total_label(rest[1])]
        plain = [column for column, rest in members if not any(fold(text).startswith("trong do") for text in rest)]
        if fold(label).startswith("trong do"):
            shares += [column for column, _ in members]
        else:
            parts += total or plain
    if any(fold(label) in _OVERLAPPING for label in groups):
        return [], [*parts, *shares]
    return parts, shares
