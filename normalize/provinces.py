"""Provinces as they stood on a date, and the unit in force since 1 July 2025.

In: a name as printed in a letterhead or in prose, or a GSO code, and a date. Out: a `Province`
whose id is code and start of validity (`46@2004-07-08`): seven codes changed their name in 2025, so
a code alone must never join. The idea: names are folded to one key (upper case, old and new tone
placement, lost spaces), the key leads to the units of that name, the date picks one. Nothing is
fuzzy. Source: codelists/provinces.csv (QĐ 124/2004/QĐ-TTg, NQ 202/2025/QH15, QĐ 19/2025/QĐ-TTg)
and codelists/province_changes.csv. `valid_to` is the last day in force.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import regex

from extract.dates import plain
from extract.text import clean, fold
from normalize.model import Province

_FILE = Path(__file__).parent / "codelists" / "provinces.csv"
FIRST_OF_34 = date(2025, 7, 1)
# Thừa Thiên Huế became thành phố Huế: two names, one line of units.
_SAME_LINE = {"hue": "thua thien hue"}


def _read() -> Iterator[tuple[Province, str, tuple[str, ...]]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code_2025 = row["code_2025"]
            province = Province(
                id=f"{row['code']}@{row['valid_from']}",
                code=row["code"],
                name=row["name"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                id_2025=f"{code_2025}@{FIRST_OF_34.isoformat()}" if code_2025 else "",
                name_2025=row["name_2025"],
            )
            yield province, row["kind"], tuple(filter(None, row["aliases"].split("|")))


_ROWS = tuple(_read())
PROVINCES: tuple[Province, ...] = tuple(province for province, _, _ in _ROWS)
_KIND = {province.id: kind for province, kind, _ in _ROWS}
_ID = {province.id: province for province in PROVINCES}


def _line(name_key: str) -> str:
    return _SAME_LINE.get(name_key, name_key)


def _lines() -> dict[str, tuple[Province, ...]]:
    lines: dict[str, list[Province]] = {}
    for province in PROVINCES:
        lines.setdefault(_line(fold(province.name)), []).append(province)
    return {key: tuple(sorted(units, key=lambda p: p.valid_from)) for key, units in lines.items()}


_LINES = _lines()
# Every key a name may fold to, spaces taken out (`kontum`, `thuathienhue`) → its line of units.
_KEYS = {
    key.replace(" ", ""): _line(fold(province.name))
    for province, _, aliases in _ROWS
    for key in (fold(province.name), *aliases)
}


def _pattern(keys: list[str]) -> str:
    """Longest first, so that no name is found inside a longer one; syllables may be run together."""
    longest_first = sorted(keys, key=lambda k: (-len(k), k))
    return "|".join(r"[\s\-–.]{0,3}".join(map(regex.escape, key.split())) for key in longest_first)


_NAMES = _pattern(sorted({k for p, _, aliases in _ROWS for k in (fold(p.name), *aliases)}))
_UPPER_LEVEL = r"(?:tinh|thanh\s{1,3}pho|t\s?\.?\s?p\b)"
_WITH_KIND = regex.compile(
    rf"(?<!\w){_UPPER_LEVEL}[\s.:]{{0,3}}(?P<name>{_NAMES})(?!\w)|(?<!\w)tp\.?\s?(?P<hcm>hcm)(?!\w)"
)
_LOWER_LEVEL = (
    r"(?:huyen|quan|thi\s{1,2}xa|thi\s{1,2}tran|xa|phuong|thon|ap|to|khu|duong|cang|song|cau|benh\s{1,2}vien|truong"
    r"|tx|tt|p|h|q)"
)
_BARE = regex.compile(rf"(?<![\w])(?P<name>{_NAMES})(?!\w)")
_BEHIND_LOWER = regex.compile(rf"(?:^|\W){_LOWER_LEVEL}[\s.]{{1,3}}$")
# Names that are also ordinary words or short forms of something else when they stand alone.
_NEEDS_KIND = frozenset({"tth", "hcm", "hue", "vungtau"})


def full_name(province: Province) -> str:
    """`tỉnh Quảng Nam`, `thành phố Huế`: with the kind of unit it was."""
    return f"{_KIND[province.id]} {province.name}"


def province_by_id(province_id: str) -> Province | None:
    return _ID.get(province_id)


def _on(units: tuple[Province, ...], on: date | None, kind: str = "") -> Province:
    """The unit in force on that day; before the first the first, after the last the last.

    Without a day the last of the printed kind (`tỉnh Thừa Thiên Huế` is not yet the city of 2025).
    """
    if on is None:
        return ([u for u in units if _KIND[u.id] == kind] or units)[-1]
    for unit in units:
        if unit.valid_to is None or on <= unit.valid_to:
            return unit
    return units[-1]


def province_by_code(code: str, on: date | None = None) -> Province | None:
    """The unit that carried a GSO code on a day; None where the code was closed or not yet given.

    Codes are two characters; `1`, as researchers' tables have it, is `01`.
    """
    units = tuple(p for p in PROVINCES if p.code == code.strip().zfill(2))
    if on is None:
        return units[-1] if units else None
    inside = [p for p in units if p.valid_from <= on and (p.valid_to is None or on <= p.valid_to)]
    return inside[0] if inside else None


def in_2025(province: Province) -> Province | None:
    """The unit in force since 1 July 2025 that a unit went into; None for one that was split."""
    return _ID.get(province.id_2025)


def is_in_force(province: Province, on: date) -> bool:
    return province.valid_from <= on and (province.valid_to is None or on <= province.valid_to)


def _squeeze(name: str) -> str:
    return fold(name).replace(" ", "")


def _mentions(folded: str) -> Iterator[tuple[str, str]]:
    """(line of units, printed kind) for each `tỉnh X` or `thành phố X`."""
    for match in _WITH_KIND.finditer(folded):
        kind = "tỉnh" if match.group().startswith("tinh") else "thành phố"
        yield _KEYS[_squeeze(match["name"] or match["hcm"])], kind


def find_province(text: str, on: date | None = None) -> Province | None:
    """The province a letterhead, a place line or a short phrase names, as it stood on that date.

    `TỈNH THỪA THIÊN HUẾ`, `tỉnh TT Huế`, `TP.HCM`, `Quảng Nam`. A name behind `huyện`, `xã`,
    `phường` is another place's. `UBND tỉnh` alone names none. Two provinces without a kind word in
    front: none. `on` None means the last unit of that name.
    """
    folded = plain(clean(text))
    with_kind = next(_mentions(folded), None)
    if with_kind is not None:
        return _on(_LINES[with_kind[0]], on, with_kind[1])
    squeezed = folded.strip(" .,:;-–")
    if _squeeze(squeezed) in _KEYS:
        return _on(_LINES[_KEYS[_squeeze(squeezed)]], on)
    bare = [
        _KEYS[_squeeze(m["name"])]
        for m in _BARE.finditer(folded)
        if _squeeze(m["name"]) not in _NEEDS_KIND
        and not _BEHIND_LOWER.search(folded[max(0, m.start() - 14) : m.start()])
    ]
    return _on(_LINES[bare[0]], on) if len(set(bare)) == 1 else None


def province_in_prose(text: str, on: date | None = None) -> Province | None:
    """The province most often named with its kind (`tỉnh X`, `thành phố X`); on a tie the first named."""
    counts = Counter(line for line, _ in _mentions(plain(text)))
    return _on(_LINES[counts.most_common(1)[0][0]], on) if counts else None


def province_name_end(folded: str, at: int) -> int:
    """Where a province's name that begins at `at` of a folded text (`extract.dates.plain`) ends, else `at`."""
    match = _BARE.match(folded, at)
    return match.end() if match else at
