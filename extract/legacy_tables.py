"""Text as bytes of an old encoding → Unicode, letter by letter.

In: text whose characters stand for bytes (U+0000–U+00FF, or what Windows-1252 makes of 80–9F). Out: a list
as long as the text: for each character read, what it says in Unicode. The second byte of a pair says ""
(the pair stands at the first), a byte that the encoding does not know says None. That the list keeps the
places of the text is what lets several runs be decoded together and taken apart again.

Tables: `legacy_bytes.csv`, one row per letter. Sources: TCVN 5712:1993 (VN1, and VN3 = TCVN3), RFC 1456
(VISCII, VIQR), the VPS and VNI charts of the two makers, Microsoft code page 1258.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

Units: TypeAlias = list[str | None]

_FILE = Path(__file__).parent / "legacy_bytes.csv"
_ONE_BYTE = ("tcvn3", "tcvn5712", "viscii", "vps")
# What Windows-1252 shows for the bytes 80–9F; five of them have no character.
CP1252_HIGH: Mapping[str, int] = MappingProxyType(
    {char: 0x80 + i for i, char in enumerate("€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ")}
)
_COMBINING_1258 = {0xCC: "\u0300", 0xEC: "\u0301", 0xD2: "\u0309", 0xDE: "\u0303", 0xF2: "\u0323"}
_OTHER_1258 = {0xC3: "Ă", 0xE3: "ă", 0xD0: "Đ", 0xF0: "đ", 0xD5: "Ơ", 0xF5: "ơ", 0xDD: "Ư", 0xFD: "ư", 0xFE: "₫"}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_MARKS = _TONES | frozenset("\u0302\u0306\u031b")


def byte_of(char: str) -> int:
    """The byte a character stands for: itself, Windows-1252 punctuation, or a symbol font's F0xx; -1 for none."""
    code = ord(char)
    if code < 0x100:
        return code
    if 0xF000 <= code <= 0xF0FF:
        return code - 0xF000
    return CP1252_HIGH.get(char, -1)


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@lru_cache(maxsize=8)
def table_of(name: str) -> Mapping[int, str]:
    """Byte → letter of a one-byte encoding."""
    return MappingProxyType({int(row[name], 16): row["letter"] for row in _rows() if row[name]})


@lru_cache(maxsize=1)
def _vni() -> tuple[Mapping[tuple[str, int], str], Mapping[int, str]]:
    """(base letter, mark byte) → letter, and single byte → letter. ơ and ư are single bytes that take marks."""
    pairs: dict[tuple[str, int], str] = {}
    single: dict[int, str] = {}
    for row in _rows():
        codes = [int(code, 16) for code in row["vni"].split()]
        if len(codes) == 1:
            single[codes[0]] = row["letter"]
            continue
        base, mark = chr(codes[0]), codes[1]
        pairs[base, mark] = row["letter"]
        # the other case of the mark: typed so where only the letter was shifted
        pairs.setdefault((base, mark ^ 0x20), row["letter"])
    return MappingProxyType(pairs), MappingProxyType(single)


def _plain(char: str) -> str | None:
    """A character outside the table: ASCII and printed punctuation are themselves, other bytes say nothing."""
    code = ord(char)
    if code < 0x80:
        return char if code >= 0x20 or char in "\t\n\r\f\v" else None
    if code < 0x100:
        return "\u00a0" if code == 0xA0 else None
    return _plain(chr(code - 0xF000)) if 0xF000 <= code <= 0xF0FF else char


def decode_tcvn3(text: str) -> Units:
    """TCVN3 (ABC, VN3): small letters and the seven capitals without tone; 80–9F is Windows punctuation.

    Some converters write a capital with tone as two letters, the capital and the small toned one (`¤é` for Ộ):
    no word spells them side by side, so the pair is the capital.
    """
    table = table_of("tcvn3")
    units: Units = [
        (table.get(byte_of(c)) if c not in CP1252_HIGH else None) or _windows(c) if not c.isascii() else _plain(c)
        for c in text
    ]
    for i in range(1, len(units)):
        first, second = units[i - 1], units[i]
        if second and not second.isascii() and first and first.isupper():
            bare = _without_tone(second)
            if bare != second and bare.upper() == first:
                units[i - 1], units[i] = second.upper(), ""
    return units


def _windows(char: str) -> str | None:
    """80–9F as Windows-1252 shows them, where the text holds the bytes themselves."""
    code = ord(char)
    if 0x80 <= code <= 0x9F:
        shown = bytes([code]).decode("cp1252", "ignore")
        return shown or None
    return _plain(char)


@lru_cache(maxsize=512)
def _without_tone(letter: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in _TONES))


def _decode_bytes_of(name: str) -> Callable[[str], Units]:
    def decode(text: str) -> Units:
        table = table_of(name)
        return [table.get(byte_of(c)) or _plain(c) for c in text]

    return decode


def decode_vni(text: str) -> Units:
    """VNI-Windows: the longest match first, because a mark byte alone may be another letter.

    One converter writes ỷ as the single byte EB, which alone is nothing else: see `decode_vni_variant`.
    """
    pairs, single = _vni()
    units: Units = []
    for i, char in enumerate(text):
        code = byte_of(char)
        before = text[i - 1] if i else ""
        if i and code >= 0x80 and units[-1] is not None and units[-1] != "" and (before, code) in pairs:
            units[-1] = pairs[before, code]
            units.append("")
        elif code in (0xEB, 0xCB):
            units.append("ỷ" if code == 0xEB else "Ỷ")
        elif char in CP1252_HIGH:
            units.append(_windows(char))
        else:
            units.append(single.get(code) or _windows(char))
    return units


def decode_vni_variant(text: str) -> Units:
    """VNI of the converter that writes ỷ as EB and ỹ as EC, the byte of ì: after k and qu it is ỹ (`kỹ`, `quỹ`)."""
    units = decode_vni(text)
    for i, unit in enumerate(units):
        if unit in ("ì", "Ì") and i and (units[i - 1] or "").lower() in ("k", "u"):
            units[i] = "ỹ" if unit == "ì" else "Ỹ"
    return units


def decode_cp1258(text: str) -> Units:
    """Windows-1258: the tone is a byte of its own behind the vowel. Composed where Unicode has the letter."""
    units: Units = []
    for char in text:
        code = byte_of(char)
        mark = _COMBINING_1258.get(code)
        if mark is None:
            shown = _OTHER_1258.get(code) or (chr(code) if 0xA0 <= code < 0x100 else _windows(char))
            units.append(shown)
            continue
        at = len(units) - 1
        whole = unicodedata.normalize("NFC", (units[at] or "") + mark) if units and units[at] else ""
        if len(whole) == 1:
            units[at] = whole
            units.append("")
        else:
            units.append(None)
    return units


def decode_utf8(text: str) -> Units:
    """UTF-8 that was read as Windows-1252 or Latin-1; a stray byte that Windows-1252 prints is that sign."""
    units: Units = []
    codes = [byte_of(char) for char in text]
    i = 0
    while i < len(codes):
        code = codes[i]
        size = 2 if 0xC2 <= code <= 0xDF else 3 if 0xE0 <= code <= 0xEF else 4 if 0xF0 <= code <= 0xF4 else 1
        tail = codes[i + 1 : i + size]
        if size > 1 and len(tail) == size - 1 and all(0x80 <= c <= 0xBF for c in tail):
            char = bytes([code, *tail]).decode("utf-8", "ignore")
            units.extend([char or None, *([""] * (size - 1))])
            i += size
            continue
        stray = _windows(text[i]) if code < 0xA0 else text[i]
        units.append(None if code >= 0x80 and stray is not None and stray.isalpha() else stray)
        i += 1
    return units


def decode_unicode(text: str) -> Units:
    """Text that is Unicode already: composed, and the Icelandic Ð of old converters made the Vietnamese Đ."""
    units: Units = []
    for char in text:
        if char in _MARKS and units:
            at = next((k for k in range(len(units) - 1, -1, -1) if units[k]), 0)
            units[at] = unicodedata.normalize("NFC", (units[at] or "") + char)
            units.append("")
        else:
            units.append({"Ð": "Đ", "ð": "đ"}.get(char, char))
    return units


DECODERS: Mapping[str, Callable[[str], Units]] = MappingProxyType(
    {
        "tcvn3": decode_tcvn3,
        "vni": decode_vni,
        "tcvn5712": _decode_bytes_of("tcvn5712"),
        "viscii": _decode_bytes_of("viscii"),
        "vps": _decode_bytes_of("vps"),
        "cp1258": decode_cp1258,
        "utf-8": decode_utf8,
    }
)
