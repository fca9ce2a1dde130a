"""The history over all reports: which file is the primary one, which a copy, which was corrected later.

In: one `ReportKey` for each report that was read. Out: a `Verdict` for each that is not plainly primary,
the doubts that say so, and the pairs of twins whose rows have to be compared. Rules (the contract's):

- *Twins*: identical bytes; the same number and date; or the same agency, province, period, family and
  figures. A number alone is not enough where the agencies differ (every commune has a `12/BC-UBND`).
- *Correction*: the same agency, province, period and family, other figures, a later date or number.
- Bodies of one name under two others (`xã Tân Phú` of two districts, `Văn phòng Bộ`) are neither: `agency-name-shared`.
- *Primary*: the latest; then DOCX, spreadsheet, DOC/ODT/RTF, PDF, text, scan; then path.

Nothing is lost by it: a report whose appendices the primary does not have (the tables sent apart from the
narrative) stays primary beside it. Both figures stay in `observations`; only `is_primary` differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import regex

from baocao.parents import are_apart, are_other_places, parent_key
from normalize.findings import Doubt

_FORMAT_RANKS = (
    ("docx",),
    ("xlsx", "xls", "ods", "csv", "sheet"),
    ("doc", "odt", "rtf", "html"),
    ("pdf",),
    ("text", "txt"),
)
_RANK = {name: rank for rank, names in enumerate(_FORMAT_RANKS) for name in names}
_MOST_BODIES = 200  # of one name, compared one by one
_NUMBER = regex.compile(r"^\D{0,10}(\d{1,9})")
# Symbols many bodies of one province share: number and date do not tell them apart.
_SHARED_SYMBOL = regex.compile(r"UBND|HĐND|BCĐ|TTHC", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReportKey:
    """What the history needs to know of one report. `order` is its place among all files, `figures` the
    digest of its figures (empty: none), `appendices` those that hold figures, `parent` the body printed above its own,
    `place` where it was signed."""

    order: int
    report_id: str
    source: str
    sha256: str
    format: str
    method: str
    family: str
    agency_id: str
    province_id: str
    period: str
    doc_number: str
    doc_date: date | None
    figures: str
    appendices: frozenset[str]
    parent: str = ""
    place: str = ""

    @property
    def number(self) -> int:
        """The running number of `doc_number`, -1 where it has none."""
        found = _NUMBER.match(self.doc_number)
        return int(found[1]) if found else -1

    @property
    def issue(self) -> tuple[date, int]:
        """When it was issued: by date, then number."""
        return self.doc_date or date.min, self.number

    @property
    def rank(self) -> tuple[int, str]:
        """Which of two equally late reports is preferred: by format, then path. Scans come last."""
        is_scan = self.method.startswith("ocr") or self.format in ("png", "jpg", "jpeg", "tiff", "image", "scan")
        return (len(_FORMAT_RANKS) + 1 if is_scan else _RANK.get(self.format, len(_FORMAT_RANKS))), self.source


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the history says of a report; `status` is empty where the report keeps its own."""

    status: str = ""
    duplicate_of: str = ""
    supersedes: str = ""
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """Verdicts and doubts by the order of the report; `twins` are (primary, other) whose rows to compare."""

    verdicts: dict[int, Verdict]
    doubts: tuple[tuple[int, Doubt], ...]
    twins: tuple[tuple[int, int], ...]


def settle(reports: Sequence[ReportKey]) -> History:
    """Decide about all reports; the result does not depend on the order they come in."""
    reports = sorted(reports, key=lambda r: r.order)
    verdicts: dict[int, Verdict] = {}
    doubts: list[tuple[int, Doubt]] = []
    twins: list[tuple[int, int]] = []
    primaries: list[ReportKey] = []
    for group in _twin_groups(reports):
        kept = _settle_twins(group, verdicts, doubts, twins)
        primaries += kept
    for versions in _versions(primaries):
        bodies = _bodies(versions)
        for body in bodies:
            _settle_versions(body, verdicts, doubts)
            other = next((b[0] for b in bodies if b is not body), None)
            doubts += [(r.order, _doubt("agency-name-shared", r, other)) for r in body] if other else []
    return History(verdicts, tuple(sorted(doubts, key=lambda d: (d[0], d[1].code))), tuple(twins))


def _twin_groups(reports: Sequence[ReportKey]) -> Iterable[list[ReportKey]]:
    """Groups of twins, as sets joined by any of the three rules; in path order."""
    parent = list(range(len(reports)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i: int, j: int) -> None:
        a, b = find(i), find(j)
        parent[max(a, b)] = min(a, b)

    first: dict[Hashable, int] = {}
    alike: dict[Hashable, list[int]] = defaultdict(list)
    numbered: dict[Hashable, list[int]] = defaultdict(list)
    for i, report in enumerate(reports):
        join(i, first.setdefault(("bytes", report.sha256), i))
        if report.figures and report.agency_id and report.period:
            key = (report.agency_id, report.province_id, report.period, report.family, report.figures)
            alike[key].append(i)
        if report.doc_number and report.doc_date:
            numbered[report.doc_number.casefold().replace(" ", ""), report.doc_date].append(i)
    at_place = {id(report): i for i, report in enumerate(reports)}

    def join_bodies(same: list[int]) -> list[int]:
        bodies = [[at_place[id(r)] for r in body] for body in _bodies([reports[i] for i in same])]
        for body in bodies:
            for i in body:
                join(i, body[0])
        return [body[0] for body in bodies]

    for same in alike.values():
        join_bodies(same)
    for same in numbered.values():
        by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in same:
            by_name[reports[i].agency_id, reports[i].province_id].append(i)
        # Bodies are few; files of one body are joined already, so this stays far from quadratic in files.
        bodies = [first for named in by_name.values() for first in join_bodies(named)][:_MOST_BODIES]
        for at, i in enumerate(bodies):
            for j in bodies[:at]:
                if _same_body(reports[i], reports[j]):
                    join(i, j)
    groups: dict[int, list[ReportKey]] = defaultdict(list)
    for i, report in enumerate(reports):
        groups[find(i)].append(report)
    return groups.values()


def _bodies(reports: Sequence[ReportKey]) -> list[list[ReportKey]]:
    """Reports of one agency id by the body above it and, in no known province, by the place, where there are several;
    those that name neither are then by themselves."""
    bodies: list[list[ReportKey]] = []
    unknown: list[ReportKey] = []
    for report in reports:
        if not parent_key(report.parent)[0] and (report.province_id or not report.place):
            unknown.append(report)
            continue
        own = next((b for b in bodies[:_MOST_BODIES] if not _are_apart(b[0], report)), None)
        if own is None:
            bodies.append([report])
        else:
            own.append(report)
    if len(bodies) < 2:
        return [list(reports)]
    return [*bodies, unknown] if unknown else bodies


def _are_apart(a: ReportKey, b: ReportKey) -> bool:
    in_no_province = not (a.province_id or b.province_id)
    return are_apart(a.parent, b.parent) or (in_no_province and are_other_places(a.place, b.place))


def _same_body(a: ReportKey, b: ReportKey) -> bool:
    """May two reports of one number and date come from one body? An unknown agency may be any; two known
    ones may be a misreading of one where the symbol names the body by itself."""
    if (a.province_id and b.province_id and a.province_id != b.province_id) or _are_apart(a, b):
        return False
    if not a.agency_id or not b.agency_id or a.agency_id == b.agency_id:
        return True
    return not _SHARED_SYMBOL.search(a.doc_number.partition("/")[2]) and a.period == b.period


def _settle_twins(
    group: list[ReportKey], verdicts: dict[int, Verdict], doubts: list[tuple[int, Doubt]], twins: list[tuple[int, int]]
) -> list[ReportKey]:
    """The primary reports of a group of twins: the preferred one, and those with appendices it has not."""
    ordered = sorted(group, key=lambda r: (_later_first(r), r.rank))
    # A twin that holds no figure must not push aside one that does.
    ordered.sort(key=lambda r: not r.figures)
    kept = [ordered[0]]
    for other in ordered[1:]:
        covering = next((k for k in kept if other.appendices <= k.appendices), None)
        if covering is None:
            kept.append(other)
            continue
        verdicts[other.order] = Verdict("duplicate", duplicate_of=covering.report_id, is_primary=False)
        doubts.append(
            (
                other.order,
                Doubt(
                    "report-duplicate",
                    facts=(("other_source", covering.source),),
                    expected=covering.report_id,
                    actual=other.report_id,
                ),
            )
        )
        if other.figures and other.figures != covering.figures:
            twins.append((covering.order, other.order))
    return kept


def _later_first(report: ReportKey) -> tuple[int, int]:
    issued, number = report.issue
    return -issued.toordinal(), -number


def _versions(primaries: Iterable[ReportKey]) -> Iterable[list[ReportKey]]:
    """Reports with figures by agency, province, period and family, where there are several."""
    groups: dict[tuple[str, ...], list[ReportKey]] = defaultdict(list)
    for report in sorted(primaries, key=lambda r: r.order):
        if report.agency_id and report.period and report.family and report.figures:
            groups[report.agency_id, report.province_id, report.period, report.family].append(report)
    return [group for group in groups.values() if len(group) > 1]


def _settle_versions(versions: list[ReportKey], verdicts: dict[int, Verdict], doubts: list[tuple[int, Doubt]]) -> None:
    """The latest version stays primary and supersedes those whose appendices it covers. Two versions of one
    date and number cannot be told apart by rule: the preferred format stands, and a warning says so."""
    ordered = sorted(versions, key=lambda r: (_later_first(r), r.rank))
    newest_of: dict[int, ReportKey] = {}
    for at, older in enumerate(ordered[1:], 1):
        newer = next((k for k in reversed(ordered[:at]) if older.appendices <= k.appendices), None)
        if newer is None:
            for other in ordered[:at]:
                if older.appendices & other.appendices and other.order not in newest_of:
                    doubts.append((older.order, _doubt("report-overlaps", older, other)))
            continue
        newest_of[older.order] = newer
        verdicts[older.order] = Verdict(
            "superseded", supersedes=verdicts.get(older.order, Verdict()).supersedes, is_primary=False
        )
        before = verdicts.get(newer.order, Verdict())
        if not before.supersedes:
            verdicts[newer.order] = Verdict(before.status, before.duplicate_of, older.report_id, before.is_primary)
        code = "report-superseded" if older.issue < newer.issue else "report-conflict"
        doubts.append((older.order, _doubt(code, older, newer)))


def _doubt(code: str, report: ReportKey, other: ReportKey) -> Doubt:
    return Doubt(code, facts=(("other_source", other.source),), expected=other.report_id, actual=report.report_id)
