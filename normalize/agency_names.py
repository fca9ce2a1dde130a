"""Names of bodies that no code list holds: UBND and HĐND of any place, and capitals made readable.

In: a name as printed. Out: an `Agency` for a council (`UBND huyện Phú Vang`), or a readable name and a
slug for any other body. The idea: the kind of body and of place are words of a closed list; what
follows is a proper name, cut where the unit above it begins (`…, TỈNH THỪA THIÊN HUẾ`) and set in
title case syllable by syllable. Source: Luật Tổ chức chính quyền địa phương (kinds of units).
"""

from __future__ import annotations

import unicodedata
from datetime import date

import regex

from extract.dates import plain
from extract.text import fold, strip_diacritics
from normalize.model import Agency, Province
from normalize.provinces import PROVINCES, find_province, full_name

_LOWER_WORDS = frozenset({"và", "của", "các", "cho", "về", "trực", "thuộc", "tại", "theo", "trên", "trong", "với"})
_KIND_PHRASES = (
    "ban quản lý", "ban chỉ đạo", "trung tâm", "chi cục", "tổng cục", "văn phòng", "bệnh viện", "công ty",
    "trường đại học", "trường cao đẳng", "đại học", "bảo hiểm xã hội", "kho bạc nhà nước", "tòa án nhân dân",
    "viện kiểm sát nhân dân", "hội đồng nhân dân", "ủy ban nhân dân", "ủy ban mặt trận tổ quốc", "phòng",
    "thanh tra", "sở", "cục", "ban", "bộ", "viện", "quỹ", "trường", "đội", "hạt", "trạm", "hội", "tổ", "kiểm toán",
    "thông tấn xã", "liên minh", "liên đoàn", "liên hiệp", "đài",
)  # fmt: skip
_SHORT_FORMS = frozenset({"UBND", "HĐND", "KKT", "KCN", "CCHC", "BHXH", "TTHC"})
_NAMED_KINDS = frozenset({"bệnh viện", "công ty", "trường", "trường đại học", "trường cao đẳng", "đại học", "quỹ"})
LEVEL_WORDS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "huyện", "quận", "phường", "tỉnh", "xã")


def _capital(word: str) -> str:
    """One syllable of a proper name: `PHÚ` → `Phú`, `R'LẤP` → `R'Lấp`, `H’LEO` → `H’Leo`."""
    out, is_first = [], True
    for char in word.lower():
        out.append(char.upper() if is_first else char)
        is_first = not char.isalpha()
    return "".join(out)


_OPEN_SYLLABLE = regex.compile(r"(?<![qQ])(?P<on>[oOuU])(?P<end>[àáảãạèéẻẽẹỳýỷỹỵÀÁẢÃẠÈÉẺẼẸỲÝỶỸỴ])(?!\p{L})")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def one_spelling(text: str) -> str:
    """`Hương Thuỷ` → `Hương Thủy`, `Hoà` → `Hòa`: of the two places of a tone mark the one of the code lists."""

    def moved(match: regex.Match[str]) -> str:
        base, tone = unicodedata.normalize("NFD", match["end"])[0], unicodedata.normalize("NFD", match["end"])[1:]
        if match["on"] in "oO" and base in "yY" or match["on"] in "uU" and base in "aAeE" or not _TONES & set(tone):
            return match.group()
        return unicodedata.normalize("NFC", match["on"] + tone + base)

    return _OPEN_SYLLABLE.sub(moved, text)


def proper_name(text: str) -> str:
    """A proper name in title case where it is printed in capitals or in small letters; else as printed."""
    if text in (text.upper(), text.lower()):
        text = " ".join(_capital(word) for word in text.split())
    return one_spelling(text)


def readable(text: str) -> str:
    """A name nobody catalogued, printed in capitals: `CHI CỤC THỦY LỢI` → `Chi cục Thủy lợi`.

    The kind of body and the unit it belongs to are small words; what a body does has one capital, what it
    is called (behind a school, a hospital, a firm, a kind of unit) is a proper name.
    """
    if text != text.upper():
        return text[:1].upper() + text[1:]
    words = text.lower()
    head = next((p for p in _KIND_PHRASES if words == p or words.startswith(p + " ")), "")
    rest = words[len(head) :].split()
    out: list[str] = []
    is_name = not head or head in _NAMED_KINDS
    for i, word in enumerate(rest):
        if word.upper() in _SHORT_FORMS:
            out.append(word.upper())
            continue
        pair, before = " ".join(rest[i : i + 2]), " ".join(rest[max(0, i - 1) : i + 1])
        if {word, pair, before} & set(LEVEL_WORDS) and i and "xã hội" not in (pair, before):
            is_name = True
            out.append(word)
        else:
            out.append(_capital(word) if not i or (is_name and word not in _LOWER_WORDS) else word)
    name = " ".join(filter(None, [head, *out]))
    return name[:1].upper() + name[1:]


def slug(text: str) -> str:
    return "-".join(regex.findall(r"[a-z0-9]+", strip_diacritics(text).lower()))[:80]


# ---- councils

_UBND = r"(?:(?:uy|u)\s?ban\s{1,2}nhan\s{1,2}dan|ubnd)"
_HDND = r"(?:hoi\s{1,2}dong\s{1,2}nhan\s{1,2}dan|hdnd)"
_COUNCIL = regex.compile(
    rf"(?P<office>van\s{{1,2}}phong\s{{1,2}}|vp[.\s]{{1,2}})?(?P<hdnd>{_HDND}\s?(?:va|-|–|,|&)?\s?)?"
    rf"(?P<ubnd>{_UBND})?[\s:\-–]{{0,4}}(?P<rest>.*)"
)
_LEVEL = regex.compile(
    r"(?P<level>thi\s{1,2}tran|thi\s{1,2}xa|thanh\s{1,2}pho|dac\s{1,2}khu|huyen|quan|phuong|tinh|xa"
    r"|tp|tx|tt|[hqp](?=\.))(?:\.\s{0,2}|\s{1,2}|$)(?P<name>.*)"
)
# Where the name of the unit ends and the one above it begins.
_OUTER = regex.compile(r"[,;(]|\s[-–]\s?(?=tinh\b)|\s(?=(?:tinh|huyen|quan|thi\sxa|thanh\spho|tp\.?)\s)")
_LOCAL = regex.compile(
    r"(?<!\w)(?:huyen|quan|thi\sxa|thi\stran|thanh\spho|dac\skhu|xa(?!\shoi\b)|phuong|tp\.?|tx\.?)\s+\w"
)
_SHORT_LEVELS = {"tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "h": "huyện", "q": "quận", "p": "phường"}
_LEVEL_NAMES = {fold(level): level for level in LEVEL_WORDS}
_LEVEL_OF = {
    "tỉnh": "tinh", "huyện": "huyen", "quận": "huyen", "thị xã": "huyen", "thành phố": "huyen",
    "xã": "xa", "phường": "xa", "thị trấn": "xa", "đặc khu": "xa",
}  # fmt: skip


def _is_central_city(name: str, on: date | None) -> bool:
    """Whether a city was run by the centre on that day; thành phố Huế was a district's equal before 2025."""
    key = fold(name)
    rows = [p for p in PROVINCES if fold(p.name) == key and full_name(p).startswith("thành phố")]
    return any(on is None or p.valid_from <= on <= (p.valid_to or date.max) for p in rows)


def _unit(printed: str) -> tuple[str, str] | None:
    """(`huyện`, `PHÚ VANG`) of what stands behind UBND; two empty strings where nothing does."""
    text = printed.strip(" .-–:")
    if not text:
        return "", ""
    match = _LEVEL.fullmatch(plain(text))
    if match is None:
        return None
    word = fold(match["level"])
    name = text[match.start("name") :]
    outer = _OUTER.search(plain(name) + " ")
    return _SHORT_LEVELS.get(word) or _LEVEL_NAMES[word], name[: outer.start() if outer else None].strip(" .-–:")


def local_unit(printed: str, on: date | None = None) -> tuple[str, str]:
    """(`huyện Phú Vang`, `huyen`) where the text names a unit below a province; else two empty strings."""
    for match in _LOCAL.finditer(plain(printed)):
        unit = _unit(printed[match.start() :])
        if unit and unit[1] and not (unit[0] == "thành phố" and _is_central_city(unit[1], on)):
            return f"{unit[0]} {proper_name(unit[1])}", _LEVEL_OF.get(unit[0], "")
    return "", ""


def council(printed: str, on: date | None, province: Province | None) -> Agency | None:
    """UBND and HĐND of any level, and their offices below the province; None for any other body.

    A bare `UBND tỉnh` is completed from `province`. A city run by the centre has the level `tinh`; the
    id of a city within a province says so (`ubnd-thanh-pho-thuoc-tinh-hue`).
    """
    match = _COUNCIL.fullmatch(plain(printed))
    if match is None or not (match["hdnd"] or match["ubnd"]):
        return None
    body = "HĐND và UBND" if match["hdnd"] and match["ubnd"] else "HĐND" if match["hdnd"] else "UBND"
    unit = _unit(printed[match.start("rest") :])
    if unit is None:
        return None
    word, name = unit
    if word == "tỉnh" and not name and province is not None:
        word, name = full_name(province).removesuffix(province.name).strip(), province.name
    known = find_province(f"{word} {name}", on) if word in {"tỉnh", "thành phố"} and name else None
    is_central = known is not None and (word == "tỉnh" or _is_central_city(known.name, on))
    if known is not None and is_central:
        word, name = full_name(known).removesuffix(known.name).strip(), known.name
    else:
        name = proper_name(name)
    level = "tinh" if is_central else _LEVEL_OF.get(word, "")
    if match["office"] and level in {"tinh", ""}:
        return None  # the offices of a province are in the code list
    within = " thuoc tinh" if word == "thành phố" and name and not is_central else ""
    office = "Văn phòng " if match["office"] else ""
    kind = "van-phong" if office else "hdnd" if body == "HĐND" else "ubnd"
    full = " ".join(filter(None, [office + body, word, name]))
    symbol = "UBND" if "UBND" in body else "HĐND"
    return Agency(slug(f"{office}{body} {word}{within} {name}"), full, symbol, kind, level)
