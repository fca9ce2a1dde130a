"""The period a report covers: its label, its span, and where the span comes from.

In: the title, a stated span, the document's date, the report's family. Out: a `Period`
(`2024-H1`, 15/12/2023–14/6/2024, legal). The idea: scan the folded title for period words, join
those linked by `và`, `;`, `,` and take the widest (`quý IV và năm 2023` → the year), ignore what
stands behind `phương hướng, nhiệm vụ …` (that is the next period), then fill the span: stated
verbatim, else the cut-off of that year's rule (codelists/cutoffs.csv), else the calendar.
Nothing certain gives an empty label, never a guess. Source: Nghị định 09/2019/NĐ-CP Điều 12.
"""

from __future__ import annotations

import calendar
import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import regex

from extract.dates import MONTH_SPAN, find_dates, parse_date, parse_span, plain
from extract.text import clean
from normalize.model import Period

__all__ = ["CutOff", "cut_offs", "find_period", "flow_of", "named_periods", "parse_date", "parse_span", "period_doubts"]

_YEAR = r"(?:19|20)\d\d"
_NUMBER_WORDS = {
    "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4}
_YEAR_BEHIND = rf"(?:[\s,]{{0,2}}(?:cua\s)?(?:nam)?\s?[/\-]?\s?(?P<@>{_YEAR})(?!\d))?"


def _tail(name: str) -> str:
    return _YEAR_BEHIND.replace("@", name)


# Quarters named together: `quý I, II` is the first half. Sets that are no period are not read.
_QUARTERS: dict[frozenset[int | None], str] = {
    **{frozenset({n}): f"Q{n}" for n in (1, 2, 3, 4)},
    frozenset({1, 2}): "H1",
    frozenset({3, 4}): "H2",
    frozenset({1, 2, 3}): "9M",
}
# One alternation, scanned once from left to right; every repetition is bounded.
_TOKEN = regex.compile(
    rf"""
    \b(?:(?P<school>nam\ hoc)|nhiem\ ky|giai\ doan|thoi\ ky|khoa|ky)?\s?(?:tu\s)?(?:nam\s)?(?P<t1>{_YEAR})
      \s?(?:-|–|—|den\ nam|den|/)\s?(?P<t2>{_YEAR})(?!\d)
  | \b(?P<n>\d{{1,2}}|(?<!trong\ )(?:muoi\ mot|muoi\ hai|muoi|hai|ba|bon|nam|sau|bay|tam|chin)
      (?!\ thang\s?\d{{1,2}}(?!\d)))\s?(?:thang|t)\b
      (?:\s?(?P<part>dau|cuoi))?(?:\s?nam\b)?{_tail("ny")}
  | \b(?:nua\s(?P<half>dau|cuoi)\snam\b|ban\snien(?P<mid>))(?:\sdau\snam)?{_tail("hy")}
  | \b(?P<quarters>0?[23]|hai|ba)\squy\s(?:dau\s)?nam\b{_tail("sy")}
  | \bqu[yi]\s?(?:thu\s)?(?P<q>0?[1-4]|1v|lv|iv|[il1|]{{1,3}}|mot|nhat|hai|ba|bon|tu)(?![\w])
      (?:\s?(?:,|\+|-|va)\s?(?P<q2>iv|i{{1,3}}|[1-4](?!\s?thang))(?!\w|[./])(?:\s?(?:,|\+|-|va)\s?(?P<q3>iv|i{{1,3}}|[1-4](?!\s?thang))(?!\w|[./]))?)?{_tail("qy")}
  | \b(?P<until>(?:den|het)\s)?thang\s?(?P<m>0?[1-9]|1[0-2])(?!\d|\s?(?:/|-)\s?\d{{1,2}}(?!\d)){_tail("my")}
  | \b(?P<full>ca\ nam|tron\ nam|tong\ ket\ (?:cong\ tac\ )?nam|12\ thang)(?!\shoc){_tail("fy")}
  | \bnam\s(?P<y>{_YEAR})(?!\d)
    """,
    regex.VERBOSE,
)
_PLAN_START = regex.compile(
    r"(?:\bva|[,;:.\-–]|\bmot so)\s?(?:mot so\s)?(?:de xuat\s|trien khai\s|du kien\s|xay dung\s|de ra\s)?"
    r"(?:phuong huong|nhiem vu|ke hoach|giai phap|muc tieu|chuong trinh)\b"
)
_LINK = regex.compile(r"[\s,;+&(\-–]{0,4}(?:va|cung voi)?\s{0,2}(?:tong ket\s|bao cao\s|so ket\s|cong tac\s|ca\s){0,2}")
_AND = regex.compile(r"\bva\b|\bcung\b|[;+&]")
_REFERENCE = regex.compile(r"\d{1,5}\s?/\s?(?:\d{4}/)?[a-z][a-z0-9&\-]{1,30}")


LATE = 182  # days after its period's end by which any report is signed; later, the year or the period may be a copy's


@dataclass(frozen=True, slots=True)
class CutOff:
    """The span the rule of some years gives to a kind of period (`H1`), as months and days."""

    regime: str
    families: frozenset[str]
    kind: str
    start_year_offset: int
    start: tuple[int, int]
    end: tuple[int, int]
    basis: str
    valid_from: int
    valid_to: int


@lru_cache(maxsize=1)
def cut_offs() -> tuple[CutOff, ...]:
    path = Path(__file__).parent / "codelists" / "cutoffs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            CutOff(
                regime=row["regime"],
                families=frozenset(row["families"].split()),
                kind=row["kind"],
                start_year_offset=int(row["start_year_offset"]),
                start=(int(row["start_month"]), int(row["start_day"])),
                end=(int(row["end_month"]), int(row["end_day"])),
                basis=row["basis"],
                valid_from=int(row["valid_from"]),
                valid_to=int(row["valid_to"] or 9999),
            )
            for row in csv.DictReader(file)
        )


def _regime(family: str) -> str:
    """Families nobody listed follow the administrative regime, as Nghị định 09/2019 says they do."""
    return next((c.regime for c in cut_offs() if family in c.families), "administrative")


_RANGES = frozenset({"T", "school"})  # 2021-2026: a term, a programme, a school year


@dataclass(frozen=True, slots=True)
class _Token:
    """A period word of the title. `width` in months decides which of two linked ones is the report's."""

    kind: str
    year: int | None
    width: int
    start: int
    end: int
    last_year: int | None = None


_AS_I = str.maketrans("l1|", "iii")


def _quarter(word: str) -> int | None:
    """`2`, `ii`, `hai`; also capitals I read as `l`, `1` or `|`."""
    return int(word) if word in {"1", "2", "3", "4"} else _ROMAN.get(word.translate(_AS_I))


def _token(match: regex.Match[str]) -> _Token | None:
    g = match.groupdict()
    at = (match.start(), match.end())
    if g["t1"]:
        first, last = int(g["t1"]), int(g["t2"])
        kind = "school" if g["school"] else "T"
        return _Token(kind, first, 12 * (last - first + 1), *at, last) if last > first else None
    if g["n"]:
        number = int(g["n"]) if g["n"].isdigit() else _NUMBER_WORDS[g["n"]]
        year = int(g["ny"]) if g["ny"] else None
        if number == 6:
            return _Token("H2" if g["part"] == "cuoi" else "H1", year, 6, *at)
        if number == 12:
            return _Token("Y", year, 12, *at)
        if number == 3 and g["part"]:  # `3 tháng đầu năm` is the first quarter
            return _Token("Q4" if g["part"] == "cuoi" else "Q1", year, 3, *at)
        if g["part"] == "cuoi" or not 2 <= number <= 11:
            return None
        return _Token(f"{number}M", year, number, *at)
    if g["quarters"]:
        is_two = g["quarters"].lstrip("0") in ("2", "hai")
        return _Token("H1" if is_two else "9M", int(g["sy"]) if g["sy"] else None, 6 if is_two else 9, *at)
    if g["half"] or g["mid"] is not None:
        return _Token("H2" if g["half"] == "cuoi" else "H1", int(g["hy"]) if g["hy"] else None, 6, *at)
    if g["q"]:
        found = {_quarter(word.lstrip("0")) for word in (g["q"], g["q2"], g["q3"]) if word}
        quarters = _QUARTERS.get(frozenset(found))
        return _Token(quarters, int(g["qy"]) if g["qy"] else None, 3 * len(found), *at) if quarters else None
    if g["m"]:
        month, year = int(g["m"]), int(g["my"]) if g["my"] else None
        if g["until"] and month > 1:  # `đến hết tháng 10`: from January on
            return _Token({6: "H1", 12: "Y"}.get(month, f"{month}M"), year, month, *at)
        return _Token(f"M{month:02d}", year, 1, *at)
    if g["full"]:
        return _Token("Y", int(g["fy"]) if g["fy"] else None, 12, *at)
    return _Token("y", int(g["y"]), 12, *at) if g["y"] else None


def _tokens(text: str) -> list[_Token]:
    return [t for t in map(_token, _TOKEN.finditer(text)) if t is not None]


def _title_key(title: str) -> str:
    """The folded title without its full dates and document numbers: they hold years that mean nothing."""
    cleaned = clean(title)
    folded = plain(cleaned)
    pieces, at = [], 0
    for hit in find_dates(cleaned):
        pieces += [folded[at : hit.start], " | "]
        at = hit.end
    without_dates = MONTH_SPAN.sub(" | ", "".join([*pieces, folded[at:]]))
    return _REFERENCE.sub(" | ", " ".join(without_dates.split()))


def _split_plan(text: str) -> tuple[str, str]:
    """What was done, and what is planned: `6 tháng đầu năm; nhiệm vụ 6 tháng cuối năm 2024`."""
    for match in _PLAN_START.finditer(text):
        if _TOKEN.search(text, 0, match.start()):
            return text[: match.start()], text[match.start() :]
    return text, ""


def _chosen(tokens: list[_Token], text: str) -> _Token | None:
    """The widest of the first group of linked period words; a lone `năm 2024` is no period beside one."""
    groups: list[list[_Token]] = []
    for token in tokens:
        linked = bool(groups) and _LINK.fullmatch(text, groups[-1][-1].end, token.start) is not None
        if linked:
            groups[-1].append(token)
        else:
            groups.append([token])
    groups = [_of_its_year(group, text) for group in groups]
    parts = [g for g in groups if any(t.kind not in {"y", *_RANGES} for t in g)]
    years = [g for g in groups if any(t.kind == "y" for t in g)]
    chosen = (parts or years or groups)[:1]
    if not chosen:
        return None
    inside = [t for t in chosen[0] if t.kind not in _RANGES] or chosen[0]
    together = _QUARTERS.get(frozenset(int(t.kind[1]) if t.kind[0] == "Q" else None for t in inside))
    if together and len(inside) > 1 and together[0] != "Q":
        year = next((t.year for t in reversed(inside) if t.year), None)
        return replace(inside[0], kind=together, year=year, width=3 * len(inside), end=inside[-1].end)
    # `năm 2023 và 6 tháng đầu năm 2024`: of two years the later one.
    latest = max((t.year for t in inside if t.year), default=None)
    return max(inside, key=lambda t: (t.year in (latest, None), t.width, -t.start))


def _of_its_year(group: list[_Token], text: str) -> list[_Token]:
    """`năm 2024 (quý I)`, `năm 2024 - 6 tháng đầu năm`: the year is that of the part, not a period beside it."""
    if len(group) == 2 and group[0].kind == "y" and group[1].kind not in {"y", "Y", *_RANGES}:
        year, part = group
        if part.year in (None, year.year) and not _AND.search(text, year.end, part.start):
            return [replace(part, year=year.year)]
    return group


def _year_for(kind: str, tokens: list[_Token], chosen: _Token, planned: list[_Token]) -> int | None:
    if chosen.year is not None:
        return chosen.year
    behind = [t.year for t in tokens if t.year is not None and t.kind not in _RANGES and t.start > chosen.start]
    before = [t.year for t in tokens if t.year is not None and t.kind not in _RANGES and t.start < chosen.start]
    if behind or before:
        return behind[0] if behind else before[-1]
    for token in planned:
        if token.year is not None and token.kind not in _RANGES:
            next_year = _last_month(kind) == 12 or token.kind in {"y", "Y", "Q1"} and _last_month(kind) > 3
            return token.year - 1 if next_year else token.year
    return None


def _first_month(kind: str) -> int:
    if kind[0] == "Q":
        return 3 * int(kind[1:]) - 2
    return 7 if kind == "H2" else int(kind[1:]) if kind[0] == "M" else 1


def _last_month(kind: str) -> int:
    if kind[0] in "Qq":
        return 3 * int(kind[1:])
    if kind[0] == "M":
        return int(kind[1:])
    return {"H1": 6, "H2": 12, "Y": 12, "y": 12}.get(kind) or int(kind[:-1])


def _rule_span(kind: str, year: int, family: str) -> tuple[date, date, str]:
    regime = _regime(family)
    for cut in cut_offs():
        if cut.regime == regime and cut.kind == kind and cut.valid_from <= year <= cut.valid_to:
            return date(year + cut.start_year_offset, *cut.start), date(year, *cut.end), cut.basis
    last = _last_month(kind)
    return date(year, _first_month(kind), 1), date(year, last, calendar.monthrange(year, last)[1]), "calendar"


def _label(kind: str, year: int) -> str:
    return str(year) if kind == "Y" else f"{year}-{kind}"


_ALL_KINDS = (
    *("Q1", "Q2", "Q3", "Q4", "H1", "H2", "9M", "Y"),
    *(f"{n}M" for n in (2, 4, 5, 7, 8, 10, 11)),
    *(f"M{n:02d}" for n in range(1, 13)),
)


def _kind_of_span(start: date, end: date, family: str) -> tuple[str, int] | None:
    """The kind whose span, by rule or calendar, begins and ends nearest; None when none is near."""
    best: tuple[int, int, str, int] | None = None
    for order, kind in enumerate(_ALL_KINDS):
        year = end.year
        month = _last_month(kind)
        spans = [
            _rule_span(kind, year, family)[:2],
            (date(year, _first_month(kind), 1), date(year, month, calendar.monthrange(year, month)[1])),
        ]
        for a, b in spans:
            off = max(abs((start - a).days), abs((end - b).days))
            if off <= (3 if kind[0] == "M" else 12) and (best is None or (off, order) < best[:2]):
                best = (off, order, kind, year)
    return None if best is None else (best[2], best[3])


def _year_by_date(kind: str, written: date, family: str) -> int:
    """The latest year whose period was over, or nearly, when the report was dated."""
    for year in (written.year, written.year - 1):
        if _rule_span(kind, year, family)[1] - timedelta(days=45) <= written:
            return year
    return written.year - 1


def flow_of(period: Period) -> str:
    """`flow` for a month, a quarter or the second half; `cumulative` for all that runs from January."""
    kind = period.label[5:]
    return "flow" if kind[:1] in {"Q", "M"} or kind == "H2" else "cumulative"


def _with_flow(label: str, start: date | None, end: date | None, basis: str, year: int | None) -> Period:
    period = Period(label, start, end, basis, year)
    return Period(label, start, end, basis, year, flow_of(period))


@lru_cache(maxsize=4096)
def named_periods(text: str) -> tuple[tuple[str, int | None], ...]:
    """(kind, year) of every period a short text names: `Quý I` → Q1, `Năm 2023` → y 2023; a day is none."""
    return tuple((token.kind, token.year) for token in _tokens(_title_key(text)) if token.kind not in _RANGES)


@lru_cache(maxsize=1024)  # the reports of one period have one title
def _title_tokens(title: str) -> tuple[list[_Token], _Token | None, list[_Token]]:
    """The period words of a title, the one that names its period, and those of what is planned."""
    done, planned = _split_plan(_title_key(title))
    tokens = _tokens(done)
    return tokens, _chosen(tokens, done), _tokens(planned)


def find_period(
    title: str, span_start: date | None, span_end: date | None, doc_date: date | None, family: str = "cchc"
) -> Period:
    """The period of a report.

    The label is the title's; a title without a period word takes it from the stated span; without a
    year from the span's end, then from the document's date. A span that runs backwards is not used
    (`period_doubts` names it). With neither the label is empty.
    """
    if span_start is None and span_end is None:
        span_start, span_end = parse_span(title) or (None, None)
    span = (span_start, span_end) if span_start and span_end and span_start <= span_end else None
    tokens, chosen, planned = _title_tokens(title)
    if chosen is not None and chosen.kind in _RANGES and chosen.year and chosen.last_year:
        label = f"{chosen.year}-{chosen.last_year}"
        if span:
            return _with_flow(label, *span, "stated", chosen.last_year)
        if chosen.kind == "school":
            return _with_flow(label, None, None, "", chosen.last_year)
        return _with_flow(label, date(chosen.year, 1, 1), date(chosen.last_year, 12, 31), "calendar", chosen.last_year)
    if chosen is None:
        near = _kind_of_span(*span, family) if span else None
        if span is None or near is None:
            year = span[1].year if span else None
            return _with_flow("", span[0] if span else None, span[1] if span else None, "stated" if span else "", year)
        return _with_flow(_label(*near), *span, "stated", near[1])
    kind = "Y" if chosen.kind == "y" else chosen.kind
    year = _year_for(kind, tokens, chosen, planned)
    if year is None and span:
        year = span[1].year
    if year is None and doc_date:
        year = _year_by_date(kind, doc_date, family)
    if year is None:
        return _with_flow("", span[0] if span else None, span[1] if span else None, "stated" if span else "", None)
    start, end, basis = (*span, "stated") if span else _rule_span(kind, year, family)
    return _with_flow(_label(kind, year), start, end, basis, year)


def period_doubts(
    period: Period, span_start: date | None, span_end: date | None, doc_date: date | None, family: str = "cchc"
) -> tuple[tuple[str, str, str], ...]:
    """(finding code, expected, actual) for each thing about the period that does not fit together."""
    doubts: list[tuple[str, str, str]] = []
    if not period.label:
        doubts.append(("period-unknown", "", ""))
    if span_start and span_end:
        actual = f"{span_start.isoformat()}/{span_end.isoformat()}"
        kind = "Y" if len(period.label) == 4 else period.label[5:]
        if span_start > span_end:
            doubts.append(("period-span-backwards", "", actual))
        elif period.label and period.year and not kind.isdigit():
            start, end, _ = _rule_span(kind, period.year, family)
            if max(abs((span_start - start).days), abs((span_end - end).days)) > 35:
                doubts.append(("period-span-mismatch", f"{start.isoformat()}/{end.isoformat()}", actual))
    is_range = len(period.label) == 9 and period.label[5:].isdigit()
    if doc_date and period.end and not is_range and period.end > doc_date + timedelta(days=62):
        doubts.append(("period-after-date", doc_date.isoformat(), period.end.isoformat()))
    if doc_date and period.end and not is_range and not doubts and period.end < doc_date - timedelta(days=LATE):
        doubts.append(("period-long-over", doc_date.isoformat(), period.end.isoformat()))
    return tuple(doubts)
