"""Lines that announce an appendix table: `Phụ lục 2`, `Phụ lục số 01/CKTC-NSNN`, `Biểu số: 01/TTr`.

In: one printed line (or a caption glued to its title). Out: a `CaptionLine`, or None for prose that only
mentions an appendix. Forms seen: docs/reference; Nghị định 30/2020 Annex I asks for Roman numbers, real
reports use Arabic ones and form symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import regex

from extract.syllables import is_common
from extract.text import clean, fold

_TITLES = ("BIỂU", "BẢNG", "THỐNG KÊ", "TỔNG", "DANH", "KẾT", "SỐ LIỆU", "BÁO CÁO", "TÌNH", "MẪU")  # begin so
_NUMBER = (
    r"(?P<symbol>[IVX]{0,5}\.?\d{1,3}[a-zđ]?\s?/\s?[\p{Lu}][\p{Lu}\d&]*(?:[-/.]?[\p{L}\d&]+)*)"
    r"|(?P<roman>(?-i:[IVX]{1,6}))"
    rf"(?:(?![\p{{L}}\d])|(?=(?:{'|'.join(_TITLES)})\b))"
    r"|(?P<arabic>\d{1,3}(?:\.\d{1,2})?(?:[a-zđ](?!\p{L}))?)(?![\d/])"
    r"|(?P<letter>(?-i:[A-HĐ]))(?![\p{L}\d])"
)
_CAPTION = regex.compile(
    rf"^(?P<word>phụ\s*lục|biểu\s*mẫu|mẫu\s*biểu|biểu|mẫu|bm)(?P<so>\s*số)?\s*[:.\-–]?\s*(?:{_NUMBER})\s*(?P<rest>.*)$",
    regex.IGNORECASE | regex.DOTALL,
)
# `Phụ lục 03B IỂU MẪU`: a title set in spaced letters, glued to the number, whose first letter stayed there.
_TORN = regex.compile(r"^((?:\p{L}+\s?){1,3}\s?(?:\d{1,3}|(?-i:[IVX]{1,6})))(\p{Lu}) (\p{Lu}+)(?!\p{L})")
_TITLE_WORDS = frozenset(title.split()[0] for title in _TITLES)
_BARE = regex.compile(r"^phụ\s*lục\s*[:.]?$", regex.IGNORECASE)
# `01/PCTN` is the symbol of a form, `12/QĐ-UBND` on a line of its own the number of a document, from a note.
_DOCUMENT = r"(?:BC|CT|CTr|CV|ĐA|GM|HD|KH|KL|L|NĐ|NQ|QĐ|TB|TT|TTLT|TTr)-"
_SYMBOL_ALONE = regex.compile(
    rf"^(?:ký hiệu|biểu)?\s*:?\s*(\d{{1,3}}[a-z]?/(?!{_DOCUMENT})[\p{{Lu}}Đ][\p{{L}}\d&-]*)$", regex.IGNORECASE
)
_FIRST_LETTERS = "PpBbMmKk:"  # of all these patterns: most lines need no closer look
REFERENCE = regex.compile(r"^\(?\s*(?:ban hành\s+)?kèm theo\b", regex.IGNORECASE)
_REFERENCE_INSIDE = regex.compile(r"\(\s*(?:ban hành\s+)?kèm theo\b", regex.IGNORECASE)
UNIT_LINE = regex.compile(r"^\(?\s*(?:đơn vị(?: tính)?|đvt)\s*:\s*(.+?)\)?$", regex.IGNORECASE)
PERIOD_LINE = regex.compile(
    r"^\(?\s*(?:số liệu\s+)?(?:tính\s+)?(?:từ ngày|từ tháng|kỳ báo cáo\s*:|thời điểm\s*:)", regex.IGNORECASE
)
# With one of these, no line begins that is a caption: none of them is taken away when the line is cleaned.
_NO_CAPTION = frozenset(
    char for code in range(0x20, 0x1F00) if (char := chr(code)).isalpha() and char not in _FIRST_LETTERS or char in "-+"
)
_NO_REMARK = _NO_CAPTION - frozenset("đĐbBkKsStTſ")
_SPACE = regex.compile(r"\s+")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


@dataclass(frozen=True, slots=True)
class CaptionLine:
    """`number` is canonical: Arabic digits, or a form symbol (`01/PCTN`); `rest` is what follows on the line."""

    number: str
    raw: str
    rest: str


def roman_to_int(text: str) -> int:
    """`IV` → 4. Raises ValueError for anything that is no Roman number."""
    total = 0
    values = [_ROMAN.get(c, 0) for c in text.upper()]
    if not values or 0 in values:
        raise ValueError(text)
    for a, b in zip(values, [*values[1:], 0], strict=True):
        total += -a if a < b else a
    return total


def caption_of(text: str) -> CaptionLine | None:
    """The caption that the first printed line of a paragraph is, or None; most are told by their first letter."""
    return None if text[:1] in _NO_CAPTION else read_caption(text.partition("\n")[0])


@lru_cache(maxsize=4096)
def read_caption(line: str) -> CaptionLine | None:
    """The caption a line is, or None. A mention inside prose is followed by lower case (`Phụ lục 2 kèm theo …`)."""
    line = clean(line).lstrip("[(").strip() if line.startswith("[") else clean(line)
    if not line or len(line) > 400 or not (line[0] in _FIRST_LETTERS or line[0].isdecimal()):
        return None
    if _BARE.match(line):
        return CaptionLine("", line, "")
    alone = _SYMBOL_ALONE.match(line)
    if alone:
        return CaptionLine(alone.group(1), line, "")
    found = _CAPTION.match(line if (torn := _TORN.match(line)) is None else (line := _mended(torn)))
    if not found:
        return None
    word = fold(found["word"])
    if word in ("mau", "bieu", "bm") and not (found["so"] or found["symbol"]) and found["rest"]:
        return None
    rest = found["rest"].strip()
    if rest and not _is_title_start(rest):
        return None
    raw = line[: len(line) - len(found["rest"])].strip(" :.-–") if rest else line
    return CaptionLine(canonical_number(found), raw, rest.lstrip(":.-–— ").strip())


def _mended(torn: regex.Match[str]) -> str:
    number, letter, rest = torn.groups()
    is_torn = (letter + rest in _TITLE_WORDS or is_common(letter + rest)) and not is_common(rest)
    return f"{number} {letter}{rest}{torn.string[torn.end():]}" if is_torn else torn.string


def _is_title_start(rest: str) -> bool:
    head = rest.lstrip(":.-–— ")
    if not head:
        return True
    if head[0] == "(":
        return bool(REFERENCE.match(head))
    if rest[0] in ":.-–—":
        return head[0].isupper() and len(head) < 250
    # glued or spaced title: capitals, or a short title in title case that is no sentence
    first = head.split()[0].strip(",.;:")
    return first.isupper() and len(first) > 1


def canonical_number(found: regex.Match[str]) -> str:
    if found["symbol"]:
        return _SPACE.sub("", found["symbol"])
    if found["roman"]:
        return str(roman_to_int(found["roman"]))
    if found["arabic"]:
        return found["arabic"].lstrip("0") or "0"
    return str(found["letter"])


def may_be_remark(line: str) -> bool:
    """Can a line say what `REFERENCE`, `UNIT_LINE` or `PERIOD_LINE` look for? False by its first letter."""
    return line.lstrip("( ")[:1] not in _NO_REMARK


def split_reference(line: str) -> tuple[str, str]:
    """A title glued to `(Ban hành kèm theo …)` → (title, reference)."""
    if "(" not in line:
        return line, ""
    found = _REFERENCE_INSIDE.search(line)
    return (line, "") if found is None else (line[: found.start()].strip(" *"), line[found.start() :].strip(" *"))
