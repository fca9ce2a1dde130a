"""`Document` → `NormalizedReport`: what one report says, given its meaning.

The order of things: whose report and for when; then table by table code tree, units, figures, indicator
(`normalize.observe`); then checks over the whole report; then findings, and from them the status of each
row and of the report. Pure: opens no file but the code lists, uses no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import fields, replace
from decimal import Decimal
from functools import partial
from operator import attrgetter

from extract.model import Document, Problem, Table
from extract.records import Packed, Room, maker
from extract.text import clean
from normalize.agencies import agency_conflict, find_agency
from normalize.catalogue import Catalogue, load_catalogue
from normalize.checks import checked, view_of
from normalize.citations import citations_of
from normalize.filed import Stretch, filing_doubts
from normalize.findings import Doubt, Doubts, kind_of
from normalize.measures import header_text
from normalize.model import ERROR, WARNING, Finding, NormalizedReport, Observation, ReportRow, Section, TableRow
from normalize.numbers import ColumnStyle, combine
from normalize.observe import Head, TableWork, expected_rows, looked_through, observe_table, prepare
from normalize.periods import find_period, period_doubts
from normalize.provinces import find_province, province_in_prose
from normalize.repair import Repair, repair_doubts, repaired_captions, repaired_codes
from normalize.repair_sums import other_readings, repaired_sums
from normalize.repair_units import repaired_units
from normalize.scanned import codes_of, repeated_numbers, scan_doubts, unknown_names
from normalize.structure import of_doubtful_table, structure_doubts


def normalize(
    document: Document, *, report_id: str, source: str, catalogue: Catalogue | None = None
) -> NormalizedReport:
    """The rows, findings, sections, tables and citations of one report. `report_id` and `source` go on every row."""
    catalogue = catalogue or load_catalogue()
    captioned, renumbered = repaired_captions(document.tables, catalogue)
    document = replace(document, tables=captioned)
    repaired = [_repaired(table, catalogue) for table in document.tables]
    is_scanned = any(table.method == "ocr" for table in document.tables)
    room = Room()  # a work that finds none is made anew when its turn comes
    works: list[TableWork | None] = []
    shown = ColumnStyle()
    codes: list[Set[str]] = []
    for table, _ in repaired:
        is_kept = room.take(table.n_rows)
        work = prepare(table) if is_kept else looked_through(table)
        for style in work.styles.values():
            shown = combine(shown, style)
        works.append(work if is_kept else None)
        if is_scanned:
            codes.append(codes_of(work.rows))
        del work
    report_style = ColumnStyle(shown.far)
    head = _head(document, report_id, source)
    rows: Packed[Observation] = Packed(room)
    doubts = Doubts(room)
    doubts.extend(_head_doubts(document, head))
    doubts.extend(renumbered)
    problems = _by_table(document)
    doubts.extend(_problem_doubts(problems.pop(None, ()), None, ()))
    others: dict[str, tuple[Decimal, ...]] = {}
    stretches: list[Stretch] = []
    for n, (table, repairs) in enumerate(repaired):
        work = works[n] or prepare(table)
        works[n] = None
        observed = observe_table(work, head, catalogue, report_style)
        rows.extend(observed.observations)
        doubts.extend(observed.doubts)
        stretches.extend(observed.stretches)
        printed = _problem_doubts(problems.pop(table.index, ()), document.tables[n], observed.observations)
        own = [*structure_doubts(table, work.rows), *scan_doubts(table, work.rows), *printed]
        if table.method == "ocr":
            own.extend(unknown_names(observed.stretches, observed.observations, catalogue))
        doubts.extend(own)
        doubts.extend(of_doubtful_table([*observed.doubts, *own], observed.observations))
        doubts.extend(repair_doubts(repairs, observed.observations))
        others |= other_readings(document.tables[n], observed.observations)
        del work, observed, printed, own  # a table may be the whole report
    doubts.extend(repeated_numbers(document.tables, codes) if is_scanned else ())
    exact = (r for r in catalogue.relations if r.kind == "sum" or (r.kind == "rate" and len(r.parts) == 2))
    observations, solved = repaired_sums(rows.done(), others, ((r.kind, r.whole, r.parts) for r in exact))
    doubts.extend(solved)
    doubts.extend(filing_doubts(stretches, observations))
    sections = tuple(
        Section(report_id, source, order, h.level, h.label, h.title, h.path, h.page, h.text)
        for order, h in enumerate(document.headings, 1)
    )
    tables = tuple(_table_row(table, report_id, source) for table in document.tables)
    view = view_of(
        observations,
        catalogue.relations,
        sections=sections,
        tables=tables,
        preamble=document.preamble,
        expected_rows=partial(expected_rows, catalogue=catalogue),
    )
    doubts.extend(checked(view))
    marked, findings = _concluded(observations, doubts, head, room)
    report = _report_row(document, head, marked, findings, len(sections), len(tables))
    return NormalizedReport(report, marked, findings, sections, tables, citations_of(document, report_id, source))


def _repaired(table: Table, catalogue: Catalogue) -> tuple[Table, tuple[Repair, ...]]:
    """A scanned table with its misread codes and units put right."""
    coded, codes = repaired_codes(table, catalogue)
    done, units = repaired_units(coded)
    return done, (*codes, *units)


def _head(document: Document, report_id: str, source: str) -> Head:
    letterhead = document.letterhead
    family = next((table.caption.appendix for table in document.tables if "/" in table.caption.appendix), "")
    family = "pctn" if family.upper().endswith("PCTN") else "cchc"
    period_text = clean(f"{letterhead.title} {letterhead.period_text}") or " ".join(
        t.caption.period_line for t in document.tables[:1]
    )
    period = find_period(period_text, letterhead.span_start, letterhead.span_end, letterhead.date, family)
    on = letterhead.date or period.end
    province = next(
        (
            p
            for text in (letterhead.parent, letterhead.agency, letterhead.place)
            if text and (p := find_province(text, on))
        ),
        None,
    ) or province_in_prose(_prose(document), on)
    symbol = letterhead.number.partition("/")[2].partition("-")[2]
    agency = find_agency(letterhead.agency, symbol, on, province, letterhead.parent)
    if agency is not None and agency.level == "trung-uong":
        province = None  # a ministry writes from Hà Nội and for the country
    return Head(report_id, source, period, agency, province, family)


def _prose(document: Document) -> str:
    parts = [document.preamble, *(h.text for h in document.headings), *(t.caption.reference for t in document.tables)]
    return "\n".join(parts)


def _head_doubts(document: Document, head: Head) -> Iterable[Doubt]:
    letterhead = document.letterhead
    for code, expected, actual in period_doubts(
        head.period, letterhead.span_start, letterhead.span_end, letterhead.date, head.family
    ):
        yield Doubt(code, facts=(("actual", actual), ("expected", expected)), expected=expected, actual=actual)
    if document.tables and head.agency is None:
        yield Doubt("agency-unknown")
    if letterhead.agency and agency_conflict(letterhead.agency, letterhead.number):
        symbol = letterhead.number.partition("/")[2]
        facts = (("actual", letterhead.agency), ("expected", symbol))
        yield Doubt("agency-conflict", facts=facts, expected=symbol, actual=letterhead.agency)


def _by_table(document: Document) -> dict[int | None, list[Problem]]:
    """Problems by the table they are about, None where there is none. One that spoils a page is named for each table
    that stands on it."""
    known = {table.index for table in document.tables}
    on_page: dict[int, list[int]] = {}
    for table in document.tables:
        for page in table.pages:
            on_page.setdefault(page, []).append(table.index)
    found: dict[int | None, list[Problem]] = {}
    for problem in document.problems:
        spoiled = on_page.get(problem.page, ()) if problem.page is not None and problem.severity == ERROR else ()
        if problem.table is None and spoiled:
            for index in spoiled:
                found.setdefault(index, []).append(replace(problem, table=index))
        else:
            found.setdefault(problem.table if problem.table in known else None, []).append(problem)
    return found


def _problem_doubts(
    problems: Iterable[Problem], table: Table | None, observations: Sequence[Observation]
) -> Iterable[Doubt]:
    """What the reading stage met, as findings at the place it names: on the figures of its row where it names one."""
    rows: dict[int, list[Observation]] = {}
    if any(problem.row is not None for problem in problems):
        for observation in observations:
            rows.setdefault(observation.row, []).append(observation)
    for problem in problems:
        facts = (("detail", problem.detail), ("message", problem.message), ("page", problem.page or 0))
        doubt = Doubt(
            problem.code,
            facts=facts,
            appendix=table.caption.appendix if table else problem.appendix,
            table=problem.table,
            row=problem.row,
            page=problem.page,
            actual=problem.detail[:500],
        )
        hit = _figures_of(problem, table, rows)
        yield from (_upon(doubt, observation) for observation in hit) if hit else (doubt,)


def _figures_of(
    problem: Problem, table: Table | None, rows: Mapping[int, list[Observation]]
) -> list[Observation]:
    """The figures a problem throws doubt on: its own where it names a column of figures, else those of its row;
    what is only worth knowing is said once."""
    if table is None or problem.row is None:
        return []
    hit = rows.get(problem.row, [])
    column = next((c for c in table.columns if c.index == problem.column and c.role == "value"), None)
    if column is not None:
        hit = [o for o in hit if o.measure_raw == header_text(column)] or hit
    return hit if kind_of(problem.code).severity != "info" else hit[:1]


def _upon(doubt: Doubt, observation: Observation) -> Doubt:
    return replace(
        doubt,
        observation_id=observation.observation_id,
        appendix=observation.appendix,
        stt=observation.stt,
        measure=observation.measure,
        breakdown=observation.breakdown,
        indicator_id=observation.indicator_id,
    )


_FIELDS = tuple(field.name for field in fields(Observation))
_STATUS = _FIELDS.index("status")
_MAKE: Callable[..., Observation] = maker(Observation)
_BEFORE, _BEHIND = attrgetter(*_FIELDS[:_STATUS]), attrgetter(*_FIELDS[_STATUS + 1 :])


def _with_status(observation: Observation, status: str) -> Observation:
    """A quarter of the time of `replace`, and one report may have thousands."""
    return _MAKE(*_BEFORE(observation), status, *_BEHIND(observation))


def _concluded(
    observations: Sequence[Observation], doubts: Doubts, head: Head, room: Room
) -> tuple[Sequence[Observation], Sequence[Finding]]:
    """The doubts as findings, and the rows with the status that follows from those on them, so that the two can never
    disagree: `doubtful` and `unparsed`."""
    findings: Packed[Finding] = Packed(room)
    doubted: set[str] = set()
    for number in doubts.piles():
        found = doubts.findings(number, head.report_id, head.source)
        findings.extend(found)
        doubted |= {f.observation_id for f in found if f.observation_id and f.severity in (ERROR, WARNING)}
    marked: Packed[Observation] = Packed(room)
    marked.extend(
        _with_status(o, "unparsed" if o.value is None and o.value_kind != "blank" else "doubtful")
        if o.observation_id in doubted
        else o
        for o in observations
    )
    return marked.done(), findings.done()


def _table_row(table: Table, report_id: str, source: str) -> TableRow:
    caption = table.caption
    return TableRow(
        report_id,
        source,
        table.index,
        caption.appendix,
        caption.appendix_raw,
        caption.title,
        caption.reference,
        min(table.pages, default=None),
        max(table.pages, default=None),
        table.n_rows,
        table.method,
        table.text_after,
    )


def _report_row(
    document: Document,
    head: Head,
    observations: Sequence[Observation],
    findings: Sequence[Finding],
    n_sections: int,
    n_tables: int,
) -> ReportRow:
    letterhead, period = document.letterhead, head.period
    unread = any(problem.severity == ERROR for problem in document.problems)
    error = next((problem.code for problem in document.problems if problem.severity == ERROR), "")
    doubtful = any(finding.severity == ERROR for finding in findings)
    return ReportRow(
        report_id=head.report_id,
        source=head.source,
        sha256=document.source.sha256,
        format=document.source.format,
        family=head.family,
        status="partial" if unread else "doubtful" if doubtful else "ok",
        error=error,
        error_message=next((problem.message for problem in document.problems if problem.severity == ERROR), ""),
        next_step=kind_of(error).action_vi if error else "",
        duplicate_of="",
        supersedes="",
        doc_number=letterhead.number,
        doc_date=letterhead.date,
        agency=head.agency.name if head.agency else "",
        agency_id=head.agency.id if head.agency else "",
        parent=letterhead.parent,
        place=letterhead.place,
        province=head.province.name if head.province else "",
        province_id=head.province.id if head.province else "",
        title=letterhead.title,
        period=period.label,
        period_start=period.start,
        period_end=period.end,
        period_basis=period.basis,
        year=period.year,
        signer=letterhead.signer,
        signer_role=letterhead.signer_role,
        pages=document.pages,
        n_sections=n_sections,
        n_tables=n_tables,
        n_observations=len(observations),
        n_findings=len(findings),
        method=document.method,
    )
