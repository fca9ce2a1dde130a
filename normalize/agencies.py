"""Issuing bodies: the official short form, a stable id, and what became of them.

In: the name as printed in a letterhead (often in capitals, often with the province behind it) and the
symbol of the document's number. Out: an `Agency` (`Sở Nội vụ`, `UBND huyện Phú Vang`). The idea: the
folded name, without `và`, marks and a province at its end, is looked up exactly in
codelists/agencies.csv; UBND and HĐND are built from kind and proper name; the symbol speaks only
where the name does not. A body nobody catalogued keeps its cleaned name and a provisional id.
Renames and mergers are rows (`valid_to`, `successor_id`). Source: Nghị định 13/2008/NĐ-CP,
45/2025/NĐ-CP; rows whose day of effect no source confirms say so.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import regex

from extract.dates import plain
from extract.text import clean, fold, strip_diacritics
from normalize.agency_names import council, local_unit, one_spelling, proper_name, readable, slug
from normalize.model import Agency, Province
from normalize.provinces import PROVINCES, find_province, full_name, province_by_id

_FILE = Path(__file__).parent / "codelists" / "agencies.csv"
DISTRICTS_END = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class CataloguedAgency:
    """A row of agencies.csv. `valid_to` is the last day; None on either side means open."""

    agency: Agency
    symbols: tuple[str, ...]
    aliases: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    is_confirmed: bool


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def catalogued() -> dict[str, CataloguedAgency]:
    """All bodies of the code list by id."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    out = {}
    for row in rows:
        symbols = tuple(filter(None, row["symbols"].split("|")))
        symbol = symbols[0] if symbols else ""
        agency = Agency(row["id"], row["name"], symbol, row["kind"], row["level"], row["successor_id"])
        out[row["id"]] = CataloguedAgency(
            agency=agency,
            symbols=symbols,
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            is_confirmed=row["is_confirmed"] == "yes",
        )
    return out


_UBND_WORDS = regex.compile(r"\b(?:uy|u|uỷ) ban nhan dan\b|\bu b n d\b")
_HDND_WORDS = regex.compile(r"\bhoi dong nhan dan\b|\bh d n d\b")
_AND = regex.compile(r"\b(?:va|v)\b ?")


def _key(name: str) -> str:
    """`SỞ GD&ĐT`, `Sở Giáo dục và Đào tạo` → keys without `và` and marks; UBND and HĐND kept short."""
    folded = fold(clean(name).replace("&", " ").replace("/", " "))
    folded = _HDND_WORDS.sub("hdnd", _UBND_WORDS.sub("ubnd", folded))
    return " ".join(_AND.sub("", folded).split())


@lru_cache(maxsize=1)
def _by_key() -> dict[str, str]:
    keys: dict[str, str] = {}
    for agency_id, row in catalogued().items():
        for name in (row.agency.name, *row.aliases):
            keys.setdefault(_key(name), agency_id)
    return keys


@lru_cache(maxsize=1)
def _by_squeezed() -> dict[str, str]:
    """Names without any space, for readers that lose or add them: `S Ở KẾHOẠCH VÀ ĐẦU TƯ`."""
    found: dict[str, str] = {}
    for agency_id, row in catalogued().items():
        for name in (row.agency.name, *row.aliases):
            found.setdefault(fold(name).replace(" ", ""), agency_id)
    return found


def _symbol_key(symbol: str) -> str:
    return "".join(c for c in strip_diacritics(symbol).upper() if c.isalnum())


@lru_cache(maxsize=1)
def _by_symbol() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for agency_id, row in catalogued().items():
        for symbol in row.symbols:
            ids = found.setdefault(_symbol_key(symbol), [])
            if agency_id not in ids:
                ids.append(agency_id)
    return {key: tuple(ids) for key, ids in found.items()}


_SYMBOL_PART = regex.compile(r"[^/]*$")


def agencies_of_symbol(symbol: str, on: date | None = None) -> tuple[Agency, ...]:
    """The bodies a number's symbol may stand for: `2147/BC-SKHĐT`, `BC-SKHĐT`, `188/SNV-CCHC`, `SNV`.

    The group behind the kind of document counts (`BC-SKHĐT`), in a letter the first (`SNV-CCHC`). With
    `on` only bodies that existed on that day are left, if any did.
    """
    match = _SYMBOL_PART.search(clean(symbol))
    groups = (match.group() if match else "").replace("–", "-").split("-")
    for group in groups:
        ids = _by_symbol().get(_symbol_key(group), ())
        if ids:
            rows = [catalogued()[i] for i in ids]
            alive = [r for r in rows if on is None or _exists(r, on)]
            return tuple(r.agency for r in (alive or rows))
    return ()


def _exists(row: CataloguedAgency, on: date) -> bool:
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


# ---- the lookup

_UNIT_TAIL = regex.compile(
    r" (?P<kind>tinh|thanh pho|tp|huyen|quan|thi xa|thi tran|xa(?! hoi\b)|phuong|dac khu)(?: [a-z0-9 ]{1,30})?$"
)
_STARTS_BODY = regex.compile(r"\b(?:so|ban|thanh tra|van phong|trung tam|phong) ")


@lru_cache(maxsize=1)
def _province_keys() -> tuple[str, ...]:
    return tuple(sorted({fold(p.name) for p in PROVINCES}, key=lambda k: (-len(k), k)))


def _candidates(key: str) -> tuple[str, ...]:
    """`thanh tra tinh quang nam` → itself, `thanh tra tinh`, `thanh tra`; `so noi vu hue` → `so noi vu`."""
    match = _UNIT_TAIL.search(key)
    if match is not None:
        return key, key[: match.end("kind")], key[: match.start()]
    for name in _province_keys():
        if key.endswith(" " + name):
            return key, key[: -len(name)].strip()
    return (key,)


@lru_cache(maxsize=4096)  # a province writes of some hundred bodies, again and again
def _catalogue_id(printed: str) -> str:
    """The id of an exactly known name, also behind a glued parent line (`UBND TỈNH … SỞ NỘI VỤ`)."""
    keys, key = _by_key(), _key(printed)
    for candidate in _candidates(key):
        if candidate in keys:
            return keys[candidate]
    squeezed = fold(printed).replace(" ", "")
    if squeezed in _by_squeezed():
        return _by_squeezed()[squeezed]
    for match in list(_STARTS_BODY.finditer(key))[:8]:
        if match.start() and _is_parent(key[: match.start()].strip()):
            found = next((keys[c] for c in _candidates(key[match.start() :]) if c in keys), "")
            if found:
                return found
    return ""


_PARENT = regex.compile(r"(?:hdnd |ubnd )?(?:ubnd|hdnd|tinh|thanh pho|tp|huyen|quan|thi xa|bo)\b.{0,60}")


def _is_parent(key: str) -> bool:
    return _PARENT.fullmatch(key) is not None


def _initials(printed: str) -> str:
    return "".join(word[0] for word in _key(printed).split()).upper()


def _by_letters(printed: str, symbol: str, on: date | None) -> Agency | None:
    """A damaged name whose first letters are still those of its symbol: `SỞ KẾ HQẠCH VÀ ĐẦU TƯ`, SKHĐT."""
    for agency in agencies_of_symbol(symbol, on):
        if _initials(printed) == _symbol_key(agency.symbol) or _initials(printed) == _initials(agency.name):
            return agency
    return None


_FOOTNOTE = regex.compile(r"\s?(?:\(\d{1,2}\)|[¹²³⁴]|\[\d{1,2}\])$")
_SPACED_SHORT = regex.compile(r"\b(U)\s?B\s?N\s?D\b")
_EDGE = " .,:;*_-–—|\n\t"


def find_agency(
    printed: str,
    symbol: str = "",
    on: date | None = None,
    province: Province | None = None,
    parent: str = "",
) -> Agency | None:
    """The issuing body of a report; None only where neither name nor symbol says anything.

    `on` (the report's date) decides between bodies of one symbol and between a city run by the centre
    and one of a province. `province` completes a bare `UBND tỉnh`; `parent`, the line above, says whose a
    district's office is (`Phòng Nội vụ huyện Phú Vang`). An uncatalogued body has kind `other` and a
    provisional id made from its name.
    """
    name = _SPACED_SHORT.sub(r"\g<1>BND", _FOOTNOTE.sub("", clean(printed))).strip(_EDGE)
    if not any(c.isalnum() for c in name):
        return _from_symbol(symbol, on, province)
    catalogue_id = _catalogue_id(name)
    if catalogue_id:
        found = catalogued()[catalogue_id].agency
        if found.level in ("huyen", "xa") or found.id in _AT_EVERY_LEVEL:
            unit = local_unit(name, on) if local_unit(name, on)[0] else local_unit(clean(parent), on)
            return _local_office(found, *unit)
        return found if found.id != "thanh-tra-tinh" else _inspectorate(found, name, province)
    body = council(name, on, province)
    if body is not None:
        return body
    damaged = _by_letters(name, symbol, on)
    if damaged is not None:
        return damaged
    named = _named_board(name)
    if named is not None:
        return named
    short = one_spelling(readable(_cut_province(name)))
    return Agency(slug(short) or "khong-ten", short, "", "other", "")


def _named_board(name: str) -> Agency | None:
    """A board of the code list with a name of its own: `BAN QUẢN LÝ KHU KINH TẾ DUNG QUẤT`."""
    words = name.split()
    for cut in range(len(words) - 1, 3, -1):
        agency_id = _by_key().get(_key(" ".join(words[:cut])), "")
        if agency_id and catalogued()[agency_id].agency.kind == "ban":
            board = catalogued()[agency_id].agency
            full = f"{board.name} {proper_name(' '.join(words[cut:]))}"
            return Agency(slug(full), full, *_rest(board))
    return None


# Bodies that a province, a district and, since July 2025, a commune may each have.
_AT_EVERY_LEVEL = frozenset({"trung-tam-phuc-vu-hanh-chinh-cong", "van-phong-hdnd-va-ubnd"})


def _local_office(found: Agency, unit: str, level: str) -> Agency:
    """Offices of one name in many districts or communes must not become one series."""
    if not unit:
        return found
    return Agency(f"{found.id}-{slug(unit)}", f"{found.name} {unit}", found.symbol, found.kind, level, "")


def _inspectorate(found: Agency, printed: str, province: Province | None) -> Agency:
    """One body whatever the province is called: `Thanh tra thành phố` keeps the id of `Thanh tra tỉnh`."""
    is_city = " thanh pho" in _key(printed) or (province is not None and full_name(province).startswith("thành phố"))
    return Agency(found.id, "Thanh tra thành phố", *_rest(found)) if is_city else found


def _rest(agency: Agency) -> tuple[str, str, str, str]:
    return agency.symbol, agency.kind, agency.level, agency.successor_id


_TAIL_PRINTED = regex.compile(r"\s(?:tinh|thanh pho|tp\.?)\s.{1,30}$")


def _cut_province(name: str) -> str:
    match = _TAIL_PRINTED.search(plain(name))
    if match is None or find_province(match.group()) is None:
        return name
    return name[: match.start()].rstrip(_EDGE) or name


def _from_symbol(symbol: str, on: date | None, province: Province | None) -> Agency | None:
    found = agencies_of_symbol(symbol, on)
    if len(found) == 1:
        return found[0]
    if not found and "UBND" in _symbol_key(symbol):
        return council("UBND tỉnh", on, province) if province else Agency("ubnd", "UBND", "UBND", "ubnd", "")
    return None


def agency_conflict(printed: str, symbol: str) -> bool:
    """True where a known name and a known symbol belong to different bodies."""
    catalogue_id = _catalogue_id(clean(printed).strip(_EDGE))
    by_symbol = agencies_of_symbol(symbol)
    if catalogue_id and by_symbol:
        return catalogue_id not in {a.id for a in by_symbol}
    if catalogue_id:
        last = _symbol_key(clean(symbol).rpartition("/")[2].partition("-")[2])
        return last == "UBND"
    return bool(by_symbol) and council(clean(printed).strip(_EDGE), None, None) is not None


_DISTRICT_OFFICE = regex.compile(r"(?:phong|van-phong|trung-tam)-.{1,60}-(?:huyen|quan|thi-xa|thanh-pho)-.{1,60}")
_ENDED_WITH_DISTRICTS = ("ubnd-huyen-", "ubnd-quan-", "ubnd-thi-xa-", "ubnd-thanh-pho-thuoc-tinh-", "ubnd-thi-tran-")


def successor_chain(agency_id: str, on: date) -> str:
    """The id under which a body's work stands on a day: follows mergers and renames.

    The empty string for a body that ended without one successor (UBND cấp huyện, 1 July 2025). An id
    that is in no code list stays itself.
    """
    seen: set[str] = set()
    while agency_id in catalogued() and agency_id not in seen:
        seen.add(agency_id)
        row = catalogued()[agency_id]
        if row.valid_to is None or on <= row.valid_to:
            return agency_id
        agency_id = row.agency.successor_id
    if agency_id.startswith(_ENDED_WITH_DISTRICTS) or _DISTRICT_OFFICE.fullmatch(agency_id):
        return "" if on >= DISTRICTS_END else agency_id
    return _province_council(agency_id, on)


@lru_cache(maxsize=1)
def _councils() -> dict[str, Province]:
    return {slug(f"UBND {full_name(p)}"): p for p in reversed(PROVINCES)}


def body_name(agency_id: str) -> str:
    """The name of a catalogued body or of a province's council; empty for any other id."""
    if agency_id in catalogued():
        return catalogued()[agency_id].agency.name
    province = _councils().get(agency_id)
    return f"UBND {full_name(province)}" if province else ""


def _province_council(agency_id: str, on: date) -> str:
    """`ubnd-tinh-quang-nam` → `ubnd-thanh-pho-da-nang` from 1 July 2025."""
    province = _councils().get(agency_id)
    if province is None:
        return agency_id
    now = find_province(full_name(province), on)
    if now is not None and on >= DISTRICTS_END:
        merged = province_by_id(now.id_2025)
        now = find_province(full_name(merged), on) if merged else now
    return slug(f"UBND {full_name(now)}") if now else agency_id
