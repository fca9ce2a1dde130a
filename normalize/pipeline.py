"""`Document` → `NormalizedReport`: what one report says, given its meaning.

The order of things: whose report and for when; then table by table code tree, units, figures, indicator
(`normalize.observe`); then checks over the whole report; then findings, and from them the status of each
row and of the report. Pure: opens no file but the code lists, uses no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extract.model import Document, Problem, Table
from extract.text import clean
from normalize.agencies import agency_conflict, find_agency
from normalize.catalogue import Catalogue, load_catalogue
from normalize.checks import run_checks, view_of
from normalize.citations import citations_of
from normalize.findings import Doubt, in_order, kind_of, to_findings
from normalize.measures import header_text
from normalize.model import ERROR, WARNING, Finding, NormalizedReport, Observation, ReportRow, Section, TableRow
from normalize.numbers import column_style
from normalize.observe import Head, expected_rows, observe_table, prepare, printed_pairs
from normalize.periods import find_period, period_doubts
from normalize.provinces import find_province, province_in_prose
from normalize.repair import Repair, other_readings, repair_doubts, repaired_captions, repaired_codes, repaired_sums
from normalize.repair_units import repaired_units
from normalize.scanned import repeated_numbers, scan_doubts
from normalize.structure import structure_doubts


def normalize(
    document: Document, *, report_id: str, source: str, catalogue: Catalogue | None = None
) -> NormalizedReport:
    """The rows, findings, sections, tables and citations of one report. `report_id` and `source` go on every row."""
    catalogue = catalogue or load_catalogue()
    captioned, renumbered = repaired_captions(document.tables, catalogue)
    document = replace(document, tables=captioned)
    repaired = [_repaired(table, catalogue) for table in document.tables]
    works = [prepare(table) for table, _ in repaired]
    report_style = column_style([pair for work in works for pair in printed_pairs(work)])
    head = _head(document, report_id, source)
    observations: list[Observation] = []
    doubts = [*_head_doubts(document, head), *renumbered]
    for work in works:
        observed = observe_table(work, head, catalogue, report_style)
        observations.extend(observed.observations)
        doubts.extend(observed.doubts)
        doubts.extend(structure_doubts(work.table, work.rows))
        doubts.extend(scan_doubts(work.table, work.rows))
    doubts.extend(repeated_numbers([work.table for work in works], [work.rows for work in works]))
    doubts.extend(_problem_doubts(document, observations))
    for table, repairs in repaired:
        if repairs:
            doubts.extend(repair_doubts(repairs, [o for o in observations if o.table == table.index]))
    others = other_readings(document.tables, observations)
    exact = (r for r in catalogue.relations if r.kind == "sum" or (r.kind == "rate" and len(r.parts) == 2))
    summed, solved = repaired_sums(observations, others, ((r.kind, r.whole, r.parts) for r in exact))
    observations = list(summed)
    doubts.extend(solved)
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
        expected_rows=expected_rows(observations, catalogue),
    )
    doubts.extend(run_checks(view))
    findings = in_order(to_findings(_once(doubts), report_id, source))
    marked = _with_status(observations, findings)
    report = _report_row(document, head, marked, findings, len(sections), len(tables))
    return NormalizedReport(report, marked, findings, sections, tables, citations_of(document, report_id, source))


def _repaired(table: Table, catalogue: Catalogue) -> tuple[Table, tuple[Repair, ...]]:
    """A scanned table with its misread codes and units put right."""
    coded, codes = repaired_codes(table, catalogue)
    done, units = repaired_units(coded)
    return done, (*codes, *units)


def _once(doubts: Iterable[Doubt]) -> list[Doubt]:
    """A doubt about one figure is said once, whoever raised it."""
    return list({(d.code, d.observation_id or (d.table, d.row, d.facts)): d for d in doubts}.values())


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


def _problem_doubts(document: Document, observations: Sequence[Observation]) -> Iterable[Doubt]:
    """What the reading stage met, as findings at the place it names: on the figures of its row where it names one."""
    rows: dict[tuple[int, int], list[Observation]] = {}
    if any(problem.row is not None for problem in document.problems):
        for observation in observations:
            rows.setdefault((observation.table, observation.row), []).append(observation)
    tables = {table.index: table for table in document.tables}
    for problem in _with_tables(document):
        table = tables.get(problem.table) if problem.table is not None else None
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


def _with_tables(document: Document) -> Iterable[Problem]:
    """Problems, one that spoils a page named for each table that stands on it."""
    for problem in document.problems:
        spoiled = [t.index for t in document.tables if problem.page in t.pages]
        if problem.table is None and problem.severity == ERROR and problem.page is not None and spoiled:
            yield from (replace(problem, table=index) for index in spoiled)
        else:
            yield problem


def _figures_of(
    problem: Problem, table: Table | None, rows: dict[tuple[int, int], list[Observation]]
) -> list[Observation]:
    """The figures a problem throws doubt on: its own where it names a column of figures, else those of its row;
    what is only worth knowing is said once."""
    if table is None or problem.row is None:
        return []
    hit = rows.get((table.index, problem.row), [])
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


def _with_status(observations: Sequence[Observation], findings: Sequence[Finding]) -> tuple[Observation, ...]:
    """`doubtful` and `unparsed` follow from the findings on the row, so the two can never disagree."""
    doubted = {
        finding.observation_id
        for finding in findings
        if finding.observation_id and finding.severity in (ERROR, WARNING)
    }
    return tuple(
        replace(o, status="unparsed" if o.value is None and o.value_kind != "blank" else "doubtful")
        if o.observation_id in doubted
        else o
        for o in observations
    )


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
