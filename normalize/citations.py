"""The documents a report cites: kind, number, symbol, agency and date of each.

In: prose. Out: `CitationHit`s in reading order, every occurrence; `citations_of` walks a whole
document. The idea: number/symbol is the anchor (`44/KH-SKHĐT`, `107/2020/NĐ-CP`, `18-NQ/TW`); kind
is read in front of it or from the symbol, date and issuer behind it, always within a bounded window,
so that a line break or a page break inside changes nothing and time stays linear. In a list
(`số 107/2020/NĐ-CP, 108/2020/NĐ-CP ngày 14/9/2020`) kind and date are shared. Source: Nghị định
30/2020/NĐ-CP, Annexes I and III; codelists/document_kinds.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import regex

from extract.dates import dates_in, plain
from extract.model import Document
from extract.text import clean, fold, nfc, strip_diacritics
from normalize.agencies import agencies_of_symbol, catalogued, find_agency
from normalize.model import Citation
from normalize.provinces import province_name_end

_FILE = Path(__file__).parent / "codelists" / "document_kinds.csv"
_BEHIND, _BEFORE = 120, 140  # characters looked at behind and in front of a number


@dataclass(frozen=True, slots=True)
class CitationHit:
    """A cited document. `text` is the citation on one line; `start`, `end` its place in the NFC text."""

    kind: str
    number: str
    symbol: str
    agency: str
    date: date | None
    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _kind_rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["symbol"], row["kind"], tuple(filter(None, row["words"].split("|")))) for row in csv.DictReader(file)
        )


def _bare(symbol: str) -> str:
    return "".join(c for c in strip_diacritics(symbol).upper() if c.isalnum())


@lru_cache(maxsize=1)
def _kind_by_symbol() -> dict[str, str]:
    return {_bare(symbol): kind for symbol, kind, _ in _kind_rows() if symbol}


@lru_cache(maxsize=1)
def _kind_by_word() -> dict[str, str]:
    return {fold(word): kind for _, kind, words in _kind_rows() for word in (kind, *words)}


_GROUP = r"\p{Lu}[\p{Lu}\d]{0,13}[a-z]{0,2}(?![\p{L}\d])"
_JOIN = r"(?:\s?[&.]\s?|[-–]\s{0,2}|\s{1,2}[-–](?!\s))"
_NUMBER = regex.compile(
    rf"""
    (?<![\d/.,\-–])(?P<number>\d{{1,5}}[a-zđ]?)\s{{0,2}}/\s{{0,2}}(?:(?P<year>(?:19|20)\d\d)\s{{0,2}}/\s{{0,2}})?
        (?P<symbol>{_GROUP}(?:{_JOIN}{_GROUP}){{0,4}})
  | (?<![\d/.,\-–])(?P<party_number>\d{{1,4}})\s?[-–]\s?
        (?P<party>(?:NQ|CT|KL|QĐ|QÐ|KH|CTr|CTR|TB|HD|QC|BC|CV|ĐA)\s?/\s?\p{{Lu}}[\p{{Lu}}\d]{{1,8}}(?:[-–]\p{{Lu}}{{1,8}})?)(?!\p{{L}})
  | (?<![\d/.,\-–])(?P<lone>\d{{1,5}})(?=\s{{1,3}}(?:ngày|Ngày|NGÀY)\s{{0,3}}\d)
    """,
    regex.VERBOSE,
)
_FORM = regex.compile(
    r"(?:mau|bieu|phu\s{1,2}luc|bang|muc|dong|chi\s{1,2}tieu)(?:\s{1,2}bieu)?\s{0,2}(?:so)?\s{0,2}:?\s{0,2}$"
)
_BROKEN_SYMBOL = regex.compile(r"(?<=\p{Lu}[-–&])\s{0,3}\n\s{0,3}(?=\p{Lu})")
_SO = regex.compile(r"(?<!\w)so\s{0,2}:?\s{0,3}$")
_SHARED_NUMBERS = regex.compile(
    r"(?<!\w)so\s{0,2}:?\s{0,3}(?P<list>(?:\d{1,5}[a-z]?\s{0,2}(?:,|;|&|va)\s{0,2}){1,8})(?:so\s{0,2}:?\s{0,3})?$"
)
_PLAIN_NUMBER = regex.compile(r"\d{1,5}[a-z]?(?!\w)")
_DATE_GAP = regex.compile(
    r"[\s,(]{0,5}(?:(?:ban\s{1,2}hanh|ky|de|vao|do|cung)\s{1,2}){0,2}(?:ngay\s{0,3}:?\s{0,3})?"
    r"|[\s,]{1,3}cua\s{1,3}[^.;:()\d]{2,70}?[\s,]{1,3}(?:ngay|ky\s{1,2}ngay)\s{1,3}"
)
_SAME_DAY = regex.compile(r"[\s,]{0,3}(?:ban\s{1,2}hanh\s{1,2})?cung\s{1,2}ngay\b")
_LINK = regex.compile(r"[\s,;]{0,4}(?:(?:va|cung|&)\s{0,3})?(?:(?:cac\s{1,2})?so\s{0,2}:?\s{0,3})?")
_OF = regex.compile(
    r"[\s,)]{1,4}(?:cua|do)\s{1,3}(?:(?:bo\s{1,2}truong|chu\s{1,2}tich|giam\s{1,2}doc|chanh\s{1,2}van\s{1,2}phong|tong\s{1,2}thanh\s{1,2}tra"
    r"|thong\s{1,2}doc)\s{1,3}(?=\w))?"
)
_COUNCIL = regex.compile(
    r"(?:(?:ubnd|uy\s{1,2}ban\s{1,2}nhan\s{1,2}dan|hdnd|hoi\s{1,2}dong\s{1,2}nhan\s{1,2}dan))"
    r"(?:\s{1,2}(?:tinh|thanh\s{1,2}pho|tp\.?|huyen|thi\s{1,2}xa|thi\s{1,2}tran|quan|xa|phuong)(?!\w))?"
)
# A proper name ends with its line: the next line may be another paragraph.
_PROPER = regex.compile(r"(?:[ \xa0]{1,2}(?:\p{Lu}[\p{L}'’]{0,12}|\d{1,2}(?!\d)|[-–](?= \p{Lu}))){1,5}")
_ISSUED = regex.compile(
    r"[\s,]{1,3}(?:(?:da|vua|cung)\s{1,2})?(?:ban\s{1,2}hanh|co|trinh|thong\s{1,2}qua)\s{1,2}(?:cac\s{1,2})?"
)
_PARTY = regex.compile(
    r"ban\s{1,2}thuong\s{1,2}vu\s{1,2}(?:tinh|thanh|huyen)\s{1,2}uy|(?:tinh|thanh|huyen|thi|quan)\s{1,2}uy"
    r"|bo\s{1,2}chinh\s{1,2}tri|ban\s{1,2}bi\s{1,2}thu|ban\s{1,2}chap\s{1,2}hanh\s{1,2}trung\s{1,2}uong(?:\s{1,2}dang)?"
)


_SPACE = regex.compile(r"\s{1,3}")
_SYMBOL_PARTS, _SYMBOL_GROUPS = regex.compile(r"[-–&./]"), regex.compile(r"[-–&.]")
_BREAK = regex.compile(r"[.;:(){}\d]")


@lru_cache(maxsize=1)
def _known_bodies() -> regex.Pattern[str]:
    names = {plain(name) for row in catalogued().values() for name in (row.agency.name, *row.aliases)}
    alternatives = sorted(names, key=lambda n: (-len(n), n))
    spaced = (r"[\s,]{1,3}".join(map(regex.escape, n.replace(",", " ").split())) for n in alternatives)
    return regex.compile("(?:" + "|".join(spaced) + r")(?!\w)")


@lru_cache(maxsize=1)
def _kind_words() -> regex.Pattern[str]:
    words = sorted(_kind_by_word(), key=lambda w: (-len(w), w))
    return regex.compile(r"(?<!\w)(?:" + "|".join(r"\s{1,3}".join(w.split()) for w in words) + r")(?!\w)")


def _symbol_kind(symbol: str, is_party: bool) -> str:
    """The kind a symbol tells: `QĐ-UBND` a decision, `SNV-CCHC` a letter, `QH15` nothing certain."""
    groups = _SYMBOL_PARTS.split(symbol)
    kind = _kind_by_symbol().get(_bare(groups[0]), "")
    if kind or is_party or groups[0][-1:].isdigit():
        return kind
    return "Công văn" if len(groups) > 1 else ""


@dataclass(frozen=True, slots=True)
class _Anchor:
    number: str
    symbol: str
    start: int
    end: int
    is_party: bool
    kind: str  # printed, empty where none is
    kind_start: int
    has_so: bool


def _tidy_symbol(symbol: str) -> str:
    return "".join(symbol.split()).replace("–", "-").replace("Ð", "Đ").rstrip(".")


def _printed_kind(folded: str, floor: int, at: int, symbol_kind: str) -> tuple[str, int, bool]:
    """(kind, where it begins, whether `số` is printed) in front of a number, not before `floor`."""
    low = max(floor, at - _BEFORE)
    head = folded[low:at]
    so = _SO.search(head)
    words = head[: so.start()] if so else head
    found = list(_kind_words().finditer(words))
    last = found[-1] if found else None
    if last is None:
        return "", at if so is None else low + so.start(), so is not None
    between = words[last.end() :]
    kind = _kind_by_word()[fold(last.group())]
    is_near = not between.strip(" \n\t:")
    is_name = so is not None and not _BREAK.search(between) and (not symbol_kind or symbol_kind == kind)
    if is_near or is_name:
        return kind, low + last.start(), so is not None
    return "", at if so is None else low + so.start(), so is not None


def _is_reference(anchor: _Anchor, symbol_kind: str) -> bool:
    """A slash alone makes no citation: it needs `số`, a kind, or a symbol built like one."""
    if not anchor.symbol:  # `Công văn số 1061 ngày 3/4/2024`: all three must be printed
        return anchor.has_so and bool(anchor.kind)
    if anchor.is_party or anchor.has_so or anchor.kind:
        return True
    groups = _SYMBOL_GROUPS.split(anchor.symbol)
    return len(groups) > 1 and sum(len(g) for g in groups) >= 4 and bool(symbol_kind)


def _anchors(text: str, folded: str) -> Iterator[_Anchor]:
    floor = 0
    for match in _NUMBER.finditer(text):
        is_party = match["party"] is not None
        symbol = _tidy_symbol(match["party"] or match["symbol"] or "")
        number = match["party_number"] or match["lone"] or "/".join(filter(None, (match["number"], match["year"])))
        at = match.start()
        head = folded[max(floor, at - _BEFORE) : at]
        if _FORM.search(head):
            continue
        symbol_kind = _symbol_kind(symbol, is_party)
        shared = _SHARED_NUMBERS.search(head)
        begin = at - len(head) + shared.start("list") if shared else at
        kind, kind_start, has_so = _printed_kind(folded, floor, begin, symbol_kind)
        anchor = _Anchor(number, symbol, at, match.end(), is_party, kind, kind_start, has_so)
        if not _is_reference(anchor, symbol_kind):
            continue
        if shared:
            for n, other in enumerate(_PLAIN_NUMBER.finditer(shared["list"])):
                place = begin + other.start()
                first = anchor.kind_start if n == 0 else place
                yield replace(
                    anchor, number=other.group(), start=place, end=place + len(other.group()), kind_start=first
                )
            anchor = replace(anchor, kind_start=at)
        yield anchor
        floor = match.end()


def _date_behind(folded: str, end: int, limit: int) -> tuple[date, int, int] | None:
    """(date, where it begins, where it ends) of a date that belongs to the number before it."""
    window = folded[end : min(limit, end + _BEHIND)]
    for hit in dates_in(window)[:1]:
        if _DATE_GAP.fullmatch(folded, end, end + hit.start):
            return hit.date, end + hit.start, end + hit.end
    return None


def _body_at(text: str, folded: str, at: int) -> int:
    """Where the name of a body that begins at `at` ends; `at` itself where none does."""
    council = _COUNCIL.match(folded, at)
    if council is not None:
        space = _SPACE.match(folded, council.end())
        province_end = province_name_end(folded, space.end()) if space else council.end()
        if space and province_end > space.end():
            return province_end
        proper = _PROPER.match(text, council.end())
        return proper.end() if proper else council.end()
    found = _known_bodies().match(folded, at) or _PARTY.match(folded, at)
    return found.end() if found else at


def _issuer_before(text: str, folded: str, at: int, on: date | None) -> str:
    """`UBND tỉnh ban hành Quyết định số …`: the council named just in front."""
    for council in reversed(list(_COUNCIL.finditer(folded, max(0, at - _BEHIND), at))):
        stop = _body_at(text, folded, council.start())
        if _ISSUED.fullmatch(folded, stop, at):
            agency = find_agency(clean(text[council.start() : stop]), on=on)
            return agency.name if agency else ""
    return ""


def _issuer_behind(text: str, folded: str, end: int, limit: int, on: date | None) -> tuple[str, int]:
    """(issuer, where its name ends) of `của …` behind a number or its date."""
    of = _OF.match(folded, end, min(limit, end + _BEHIND))
    if of is None:
        return "", end
    for start in (of.end(), of.start() + folded[of.start() : of.end()].find("cua") + 4):
        stop = _body_at(text, folded, start)
        if stop > start:
            printed = clean(text[start:stop]).rstrip(" .,")
            if _PARTY.fullmatch(folded[start:stop]):
                return printed, stop
            agency = find_agency(printed, on=on)
            return (agency.name if agency else printed), stop
    return "", end


@lru_cache(maxsize=4096)
def _issuer_of_symbol(symbol: str, is_party: bool, on: date | None) -> str:
    if is_party:
        return ""
    groups = regex.split(r"[-–]", symbol)
    issuer = groups[1:] if _bare(groups[0]) in _kind_by_symbol() and len(groups) > 1 else groups[:1]
    for group in issuer[:1]:
        name = group.rstrip("0123456789") if regex.fullmatch(r"(?:UBTV)?QH[IVX\d]+", group) else group
        found = agencies_of_symbol("X/" + name, on)
        if len(found) == 1:
            return found[0].name
        if _bare(group) in {"UBND", "HDND"}:
            return "UBND" if _bare(group) == "UBND" else "HĐND"
    return ""


def find_citations(text: str) -> list[CitationHit]:
    """Every numbered document the text cites, in order, repeats included.

    Positions count in the NFC form of the text. A form's own number (`Mẫu số 06/CKTC-NSNN`) is none.
    """
    text = nfc(text)
    if not _NUMBER.search(text):
        return []
    folded = plain(text)
    anchors = list(_anchors(text, folded))
    hits: list[CitationHit] = []
    for i, anchor in enumerate(anchors):
        limit = anchors[i + 1].kind_start if i + 1 < len(anchors) else len(text)
        limit = limit if limit > anchor.end else (anchors[i + 1].start if i + 1 < len(anchors) else len(text))
        stop = anchor.end
        dated = _date_behind(folded, anchor.end, limit)
        when = dated[0] if dated else None
        agency, behind = _issuer_behind(text, folded, anchor.end, limit, when)
        if dated is not None:
            stop = dated[2]
            if not agency:
                agency, stop = _issuer_behind(text, folded, stop, limit, when)
        elif agency:
            stop = behind
        kind = anchor.kind or _symbol_kind(anchor.symbol, anchor.is_party)
        if not anchor.kind and hits and _is_linked(folded, anchors[i - 1], anchor) and _takes_kind(kind, anchor.symbol):
            kind = hits[-1].kind
        start = min(anchor.kind_start, anchor.start)
        agency = agency or _issuer_of_symbol(anchor.symbol, anchor.is_party, when)
        if agency in {"UBND", "HĐND"}:
            agency = _issuer_before(text, folded, start, when) or agency
        if text[stop : stop + 1] == ")" and "(" in text[anchor.end : stop]:
            stop += 1
        printed = clean(_BROKEN_SYMBOL.sub("", text[start:stop]))
        hits.append(CitationHit(kind, anchor.number, anchor.symbol, agency, when, printed, start, stop))
    return _with_shared_dates(hits, anchors, folded)


def _takes_kind(own: str, symbol: str) -> bool:
    """A letter's or a law's symbol names no kind, so a list hands its own on."""
    return not own or _bare(_SYMBOL_GROUPS.split(symbol)[0]) not in _kind_by_symbol()


def _is_linked(folded: str, left: _Anchor, right: _Anchor) -> bool:
    return left.end <= right.start and _LINK.fullmatch(folded, left.end, right.start) is not None


def _with_shared_dates(hits: list[CitationHit], anchors: list[_Anchor], folded: str) -> list[CitationHit]:
    """The date behind the last of a list holds for those before it that have none and share its kind."""
    out = list(hits)
    for i in range(len(out) - 2, -1, -1):
        later = out[i + 1]
        is_list = anchors[i + 1].symbol == anchors[i].symbol or not anchors[i + 1].kind
        right = anchors[i + 1]
        is_open = out[i].date is None and later.date is not None and is_list
        is_linked = _is_linked(folded, anchors[i], right)
        if _SAME_DAY.match(folded, right.end) and out[i].date is None:  # `Thông báo số … và Kế hoạch số … cùng ngày …`
            is_open = later.date is not None
            is_linked = _LINK.fullmatch(folded, anchors[i].end, max(anchors[i].end, right.kind_start)) is not None
        if is_open and is_linked:
            agency = out[i].agency if out[i].agency not in {"", "UBND", "HĐND"} else later.agency
            out[i] = replace(out[i], date=later.date, agency=agency)
    return out


def citations_of(document: Document, report_id: str, source: str) -> tuple[Citation, ...]:
    """The citations of a document: preamble, sections in order, then the text behind each table.

    A report's own number is no citation; captions of appendices are not read.
    """
    own = clean(document.letterhead.number).replace(" ", "")
    places: list[tuple[str, int | None, str]] = [("", 1 if document.pages else None, document.preamble)]
    places += [(h.path, h.page, f"{h.title}\n{h.text}") for h in document.headings]
    places += [("", t.pages[-1] if t.pages else None, t.text_after) for t in document.tables]
    found = [
        (path, page, hit)
        for path, page, text in places
        for hit in find_citations(text)
        if f"{hit.number}/{hit.symbol}" != own or not own
    ]
    return tuple(
        Citation(
            report_id=report_id,
            source=source,
            order=order,
            kind=hit.kind,
            number=hit.number,
            symbol=hit.symbol,
            agency=hit.agency,
            date=hit.date,
            section_path=path,
            page=page,
            text=hit.text,
        )
        for order, (path, page, hit) in enumerate(found, start=1)
    )
