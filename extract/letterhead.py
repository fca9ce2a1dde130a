"""The first page's facts and the signature, as printed.

In: the lines of the narrative in reading order, and the captions of the appendices. Out: a `Letterhead`.
Rules of place: Nghị định 30/2020/NĐ-CP Annex I (issuing body top left, `Số:` under it, place and date to
the right, type of document in capitals, summary under it; signature with TM., KT., TL., TUQ.). Where the
letterhead is lost, number and date come from `(Ban hành kèm theo Báo cáo số … ngày … của …)` under the
appendix captions, or from a signature stamp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import regex

from extract.dates import parse_date, parse_span
from extract.model import Letterhead
from extract.text import begins_with, clean, fold

_SYMBOL = r"[\p{Lu}][\p{Lu}\d&.]*(?:\s?-\s?[\p{Lu}][\p{L}\d&.,]*)*"
_NUMBER_LINE = regex.compile(rf"\bsố\s*:?\s*(\d{{1,6}}[a-z]?)\s*/\s*((?:\d{{4}}\s?/\s?)?{_SYMBOL})", regex.IGNORECASE)
_NUMBER_BLANK = regex.compile(rf"\bsố\s*:?\s*[….\s]*/\s*({_SYMBOL})", regex.IGNORECASE)
_PLACE_DATE = regex.compile(
    r"(?P<place>[\p{Lu}][\p{L}\s.\-]{1,40}?)\s*,\s*(?=ngày\b)(?P<date>ngày.{4,40}?\d{4})", regex.IGNORECASE
)
_DATE_OPEN = regex.compile(r",\s*ngày(?!.*\d{4}).{0,30}$", regex.IGNORECASE)
_DATE_REST = regex.compile(r"^(?:\d{1,2}\s*)?(?:tháng\b.{0,14}|năm\s*)?\d{4}\s*\.?$", regex.IGNORECASE)
_NATION = regex.compile(r"cộng\s*hò?òa\s*xã\s*hội|cộng\s*hoà\s*xã\s*hội", regex.IGNORECASE)
_MOTTO = regex.compile(r"độc\s*lập\s*[-–—]?\s*tự\s*do", regex.IGNORECASE)
ORGANISATION = regex.compile(
    r"^(?:sở|ban|ubnd|u[ỷy] ban|ủy ban|bộ|văn phòng|thanh tra|chi cục|cục|tổng cục|trung tâm|hđnd|hội đồng|công an"
    r"|kho bạc|bảo hiểm|phòng|trường|viện|bệnh viện|đảng ủy|tỉnh ủy|huyện ủy|quỹ|chính phủ)\b",
    regex.IGNORECASE,
)
_TITLE_OF_FORM = regex.compile(
    r"^(?:thống kê|biểu|bảng|tổng hợp|phụ lục|số liệu|kết quả|tình hình|danh (?:sách|mục))\b", regex.IGNORECASE
)
_TITLE_WORD = regex.compile(r"^báo\s*cáo\b[:.]?\s*", regex.IGNORECASE)
_TITLE_ALONE = regex.compile(r"^\s*B\s?Á\s?O\s+C\s?Á\s?O\s*[:.]?$")
_BODY_START = regex.compile(
    r"^(?:kính gửi|thực hiện|căn cứ|thi hành|theo|để|nhằm|tiếp tục|trong|ngay từ|-|\+"
    r"|[IVX]+\s*[.\-)]|\d+\s*[.)]|phần\s|a\))",
    regex.IGNORECASE,
)
_REFERENCE = regex.compile(
    rf"số\s*:?\s*(\d{{1,6}}[a-z]?)\s*/\s*({_SYMBOL})\s*,?\s*(?:ngày)?\s*(.{{0,40}}?\d{{4}})?", regex.IGNORECASE
)
_REFERENCE_AGENCY = regex.compile(r"\d{4}\s*của\s+(?:giám đốc\s+|chủ tịch\s+)?(.+?)\s*\)?\s*\.?$", regex.IGNORECASE)
_STAMP_TIME = regex.compile(r"thời gian ký\s*:?\s*(\d{4}-\d\d-\d\d)", regex.IGNORECASE)
_PREFIX = r"(?:TM|Q|KT|TL|TUQ|T/M|K/T|T/L)\s?\.\s?"
_DEPUTY = regex.compile(_PREFIX)
_SPACE = regex.compile(r"\s+")
_OPENS_SPAN = regex.compile(r"^\W*(?:số liệu|từ|kỳ|tính|thời)", regex.IGNORECASE)
_ROLES = (
    "giám đốc|phó giám đốc|quyền giám đốc|tổng giám đốc|chủ tịch|phó chủ tịch|chánh văn phòng|phó chánh văn phòng"
    "|trưởng ban|phó trưởng ban|chánh thanh tra|phó chánh thanh tra|bộ trưởng|thứ trưởng|cục trưởng|phó cục trưởng"
    "|chi cục trưởng|phó chi cục trưởng|trưởng phòng|phó trưởng phòng|tổng cục trưởng|viện trưởng|hiệu trưởng"
    "|thủ trưởng|phó thủ trưởng|tổng thanh tra|ủy ban nhân dân|uỷ ban nhân dân|ubnd"
)
_DEPUTISING = regex.compile(r"^(?:KT|TL|TUQ|TM)\s?\.", regex.IGNORECASE)
_ROLE = regex.compile(rf"^(?:{_PREFIX}){{0,2}}(?:{_ROLES})(?:\s+[\p{{L}}\s]{{0,60}})?$", regex.IGNORECASE)
_PERSON = regex.compile(r"^(?:(?:TS|ThS|PGS|GS|BS|KS|CN|Ths|Bs)\.?\s*)*(?P<name>\p{Lu}\p{L}*(?:\s+\p{Lu}\p{L}*){1,5})$")


@dataclass(slots=True)
class _Found:
    number: str = ""
    when: date | None = None
    agency: str = ""
    parent: str = ""
    place: str = ""
    title: list[str] = field(default_factory=list)
    period_text: list[str] = field(default_factory=list)
    body_from: int = 0


def read_letterhead(lines: Sequence[str], captions: Sequence[str]) -> tuple[Letterhead, int]:
    """The facts, and the index of the first line of the body (behind title and span).

    `lines` are the narrative's printed lines, `captions` the reference lines under the appendix captions.
    """
    found = _Found()
    title_at = _title_index(lines)
    head = lines[:title_at] if title_at is not None else lines[:12]
    _read_head(head, found)
    if title_at is not None:
        _read_title(lines, title_at, found)
    _fill_from_references(captions, lines, found)
    span = next((s for text in found.period_text if (s := parse_span(text))), None)
    if span is None:
        span = next(
            (
                s
                for text in lines[found.body_from : found.body_from + 4]
                if (s := parse_span(text)) and _is_period_sentence(text)
            ),
            None,
        )
    signer, role = read_signature(lines[found.body_from :])  # the bodies named in the letterhead sign nothing
    letterhead = Letterhead(
        number=found.number,
        date=found.when,
        agency=found.agency,
        parent=found.parent,
        place=found.place,
        title=" ".join(found.title),
        period_text=" ".join(found.period_text),
        span_start=span[0] if span else None,
        span_end=span[1] if span else None,
        signer=signer,
        signer_role=role,
    )
    return letterhead, found.body_from


def _is_period_sentence(text: str) -> bool:
    return len(text) < 160 and ("so lieu" in fold(text) or "ky bao cao" in fold(text) or text.startswith("("))


def _title_index(lines: Sequence[str]) -> int | None:
    """The line `BÁO CÁO`: alone, or with the summary behind it."""
    for i, line in enumerate(lines[:60]):
        if _TITLE_ALONE.match(line):
            return i
    for i, line in enumerate(lines[:40]):
        if line.startswith("BÁO CÁO") or (
            _TITLE_WORD.match(line) and len(line) < 200 and not line.endswith((";", ".")) and i < 15
        ):
            return i
    return None


def _read_head(head: Sequence[str], found: _Found) -> None:
    left: list[str] = []
    head = _with_whole_dates(head)
    for line in head:
        if _names_nation(line):
            continue
        placed = _PLACE_DATE.search(line) if "," in line else None
        if placed and found.when is None:
            found.place, found.when = clean(placed["place"]), parse_date(placed["date"])
            line = line[: placed.start()].strip()
        number = _NUMBER_LINE.search(line) if "/" in line else None
        if number and not found.number:
            found.number = f"{number[1]}/{_symbol(number[2])}"
            line = line[: number.start()].strip()
            if line:
                left.append(line)
            _agency_from(left, found)
            left = []
            continue
        if line and not found.number and not ("/" in line and _NUMBER_BLANK.search(line)):
            left.append(line)
    if not found.agency:
        _agency_from([line for line in left if line.isupper() or ORGANISATION.match(line)], found)


@lru_cache(maxsize=4096)
def _names_nation(line: str) -> bool:
    """Is this the name of the state, or its motto? The lines of letterheads are the same in many files."""
    return _NATION.search(line) is not None or _MOTTO.search(line) is not None


def is_open_date(line: str) -> bool:
    """`Thừa Thiên Huế, ngày 18 tháng 6 năm`: the year stands on the next line, where it is no page number."""
    return "," in line and _DATE_OPEN.search(line) is not None


def _with_whole_dates(head: Sequence[str]) -> list[str]:
    """`Thừa Thiên Huế, ngày 18 tháng 6 năm⏎2019` on one line: in a narrow column the date runs over the line."""
    out: list[str] = []
    for line in head:
        if out and is_open_date(out[-1]) and _DATE_REST.match(line):
            out[-1] = f"{out[-1]} {line}"
        else:
            out.append(line)
    return out


def _symbol(text: str) -> str:
    return _SPACE.sub("", text).rstrip(".,")


def _agency_from(left: list[str], found: _Found) -> None:
    """The issuing body is the last body named above the number; its superior stands before it. Names run over lines."""
    left = [line for line in left if len(line) < 120 and not line.endswith((".", ";")) or ORGANISATION.match(line)]
    starts = [i for i, line in enumerate(left) if ORGANISATION.match(line) and (" " in line.strip() or i == 0)]
    if not starts:
        found.agency = found.agency or (
            left[-1] if left and left[-1].isupper() and not _TITLE_OF_FORM.match(left[-1]) else ""
        )
        return
    at = starts[-1]
    while at > 0 and at - 1 in starts and (fold(left[at - 1]) == "van phong" or fold(left[at - 1]).endswith(" va")):
        at -= 1  # `VĂN PHÒNG⏎UBND TỈNH`, `VĂN PHÒNG HĐND VÀ⏎UBND TỈNH` are one name
    found.agency = clean(" ".join(left[at:]))
    found.parent = clean(" ".join(left[:at]))


def _read_title(lines: Sequence[str], at: int, found: _Found) -> None:
    rest = "" if _TITLE_ALONE.match(lines[at]) else _TITLE_WORD.sub("", lines[at]).strip()
    queue = ([rest] if rest else []) + list(lines[at + 1 : at + 9])
    used = at + 1 - (1 if rest else 0)
    for line in queue:
        if not line:
            used += 1
            continue
        opening = line.startswith("(") or (parse_span(line) is not None and len(line) < 120)
        if not opening and (
            len(line) > 260 or (found.title and (_BODY_START.match(line) or len(" ".join(found.title)) > 300))
        ):
            break
        if found.title and not opening and (line.endswith((":", ";")) or line.endswith(".") and len(line) > 100):
            break  # the sentence that opens the body
        title, span = _split_span(line)
        if title:
            found.title.append(title.rstrip(" ."))
        if span:
            found.period_text.append(span)
        used += 1
        if span:
            break
    if found.title and not found.period_text:
        found.period_text.append(found.title[-1])
    elif found.title:
        found.period_text.insert(0, found.title[-1])
    found.body_from = min(used, len(lines))


def _split_span(line: str) -> tuple[str, str]:
    """`Công tác … 2024. (Từ ngày … đến …)` → (title, span in brackets)."""
    cut = line.find("(")
    if cut >= 0 and parse_span(line[cut:]) is not None:
        return line[:cut].strip(), line[cut:].strip()
    if parse_span(line) is not None and _OPENS_SPAN.match(line):
        return "", line
    return line, ""


def _fill_from_references(captions: Sequence[str], lines: Sequence[str], found: _Found) -> None:
    for caption in captions:
        match = _REFERENCE.search(caption)
        if not match or (found.number and found.when and found.agency):
            continue
        if not found.number:
            found.number = f"{match[1]}/{_symbol(match[2])}"
        if found.when is None and match[3]:
            found.when = parse_date(match[3])
        agency = _REFERENCE_AGENCY.search(caption)
        if agency and not found.agency:
            found.agency = clean(agency[1])
    if found.when is None:
        found.when = next((parse_date(m[1]) for line in lines if (m := _STAMP_TIME.search(line))), None)


def read_signature(lines: Sequence[str]) -> tuple[str, str]:
    """(name, role): the last role line with a person's name under it. Academic titles do not belong to the name."""
    start = max((i for i, line in enumerate(lines) if begins_with(line, "noi nhan")), default=max(0, len(lines) - 40))
    for first in sorted({max(0, start - 12), max(0, len(lines) - 40)}, reverse=True):
        tail = [part.strip() for line in lines[first:] for part in line.split("\n")]
        roles = [
            i
            for i, line in enumerate(tail)
            if len(line) < 90 and (line.isupper() or line[:1] in "TQK" and _DEPUTY.match(line)) and _ROLE.match(line)
        ]
        if not roles:
            continue
        at = roles[-1]
        name = next(
            (clean(m["name"]) for line in tail[at + 1 : at + 8] if (m := _PERSON.match(line)) and not line.isupper()),
            "",
        )
        if not name:  # the two columns of the signature may be read name first
            name = next(
                (
                    clean(m["name"])
                    for line in reversed(tail[max(0, roles[0] - 6) : roles[0]])
                    if (m := _PERSON.match(line)) and not line.isupper()
                ),
                "",
            )
        first_role = at
        while first_role - 1 in roles:
            first_role -= 1
        role = " ".join(tail[first_role : at + 1])
        # A page that ends between `KT. GIÁM ĐỐC` and `PHÓ GIÁM ĐỐC` puts the recipients between them.
        above = [i for i in roles if i < first_role]
        if above and _DEPUTISING.match(tail[above[-1]]) and not _DEPUTISING.match(role):
            between = [line for line in tail[above[-1] + 1 : first_role] if line]
            if len(between) <= 8 and all(line[0] in "-–+•" or begins_with(line, "noi nhan") for line in between):
                role = f"{tail[above[-1]]} {role}"
        return name, clean(role)
    return "", ""
