"""`Document` → `NormalizedReport`: what one report says, given its meaning.

The order of things: whose report and for when; then table by table code tree, units, figures, indicator;
then checks over the whole report; then findings, and from them the status of each row and of the report.
Pure: opens no file but the code lists, uses no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.model import Cell, Document, Problem, Table
from extract.text import clean
from normalize.agencies import find_agency
from normalize.catalogue import Catalogue, load_catalogue
from normalize.checks import run_checks
from normalize.citations import citations_of
from normalize.crosstab import crosstab_layout, is_crosstab
from normalize.findings import Doubt, in_order, kind_of, to_findings
from normalize.mapping import Match, RowView, TableView, match_table
from normalize.measures import header_text, measures_of
from normalize.model import (
    ERROR,
    WARNING,
    Agency,
    Figure,
    Finding,
    NormalizedReport,
    Observation,
    Period,
    Province,
    ReportRow,
    Section,
    TableRow,
    Unit,
)
from normalize.numbers import ColumnStyle, column_style, combine, parse_figure
from normalize.periods import find_period, period_doubts
from normalize.provinces import find_province, province_in_prose
from normalize.rows import PrintedRow, printed_rows
from normalize.stt import SttNode, code_tree
from normalize.units import base_value, parse_unit



@dataclass(frozen=True, slots=True)
class _Head:
    """Whose report it is and for when; the same for every row."""

    report_id: str
    source: str
    period: Period
    agency: Agency | None
    province: Province | None
    family: str


@dataclass(frozen=True, slots=True)
class _TableWork:
    """A table with everything about its rows that does not depend on other tables."""

    table: Table
    rows: tuple[PrintedRow, ...]
    nodes: tuple[SttNode, ...]
    units: tuple[Unit, ...]
    styles: dict[int, ColumnStyle]


def normalize(document: Document, *, report_id: str, source: str, catalogue: Catalogue | None = None) -> NormalizedReport:
    """The rows, findings, sections, tables and citations of one report. `report_id` and `source` go on every row."""
    catalogue = catalogue or load_catalogue()
    works = [_prepare(table) for table in document.tables]
    report_style = column_style([pair for work in works for pair in _pairs(work)])
    head = _head(document, report_id, source)
    observations: list[Observation] = []
    doubts: list[Doubt] = list(_head_doubts(document, head))
    doubts.extend(_problem_doubts(document))
    for work in works:
        rows, found = _observe(work, head, catalogue, report_style)
        observations.extend(rows)
        doubts.extend(found)
    doubts.extend(run_checks(document, tuple(observations), catalogue))
    findings = in_order(to_findings(doubts, report_id, source))
    marked = _with_status(observations, findings)
    sections = tuple(
        Section(report_id, source, order, h.level, h.label, h.title, h.path, h.page, h.text)
        for order, h in enumerate(document.headings, 1)
    )
    tables = tuple(_table_row(table, report_id, source) for table in document.tables)
    report = _report_row(document, head, marked, findings, len(sections), len(tables))
    return NormalizedReport(report, marked, findings, sections, tables, citations_of(document, report_id, source))


def _prepare(table: Table) -> _TableWork:
    rows = printed_rows(table)
    nodes = tuple(code_tree([(row.stt_raw, row.name) for row in rows]))
    whole = table.caption.unit_line
    units = tuple(parse_unit(row.unit_raw or (whole if row.values else "")) for row in rows)
    styles = {
        column.index: column_style([(clean(row.values[column.index].text), unit) for row, unit in zip(rows, units, strict=True) if column.index in row.values])
        for column in table.columns
        if column.role == "value"
    }
    return _TableWork(table, rows, nodes, units, styles)


def _pairs(work: _TableWork) -> Iterable[tuple[str, Unit]]:
    for row, unit in zip(work.rows, work.units, strict=True):
        for cell in row.values.values():
            yield clean(cell.text), unit


def _head(document: Document, report_id: str, source: str) -> _Head:
    letterhead = document.letterhead
    family = next((table.caption.appendix for table in document.tables if "/" in table.caption.appendix), "")
    family = "pctn" if family.upper().endswith("PCTN") else "cchc"
    period_text = clean(f"{letterhead.title} {letterhead.period_text}") or " ".join(t.caption.period_line for t in document.tables[:1])
    period = find_period(period_text, letterhead.span_start, letterhead.span_end, letterhead.date, family)
    on = letterhead.date or period.end
    province = next(
        (p for text in (letterhead.parent, letterhead.agency, letterhead.place) if text and (p := find_province(text, on))),
        None,
    ) or province_in_prose(_prose(document), on)
    symbol = letterhead.number.partition("/")[2].partition("-")[2]
    agency = find_agency(letterhead.agency, symbol, on, province)
    return _Head(report_id, source, period, agency, province, family)


def _prose(document: Document) -> str:
    parts = [document.preamble, *(h.text for h in document.headings), *(t.caption.reference for t in document.tables)]
    return "\n".join(parts)


def _head_doubts(document: Document, head: _Head) -> Iterable[Doubt]:
    letterhead = document.letterhead
    for code, expected, actual in period_doubts(head.period, letterhead.span_start, letterhead.span_end, letterhead.date, head.family):
        yield Doubt(code, facts=(("actual", actual), ("expected", expected)), expected=expected, actual=actual)
    if document.tables and head.agency is None:
        yield Doubt("agency-unknown")


def _problem_doubts(document: Document) -> Iterable[Doubt]:
    """What the reading stage met, as findings at the place it names."""
    for problem in document.problems:
        table = next((t for t in document.tables if t.index == problem.table), None)
        facts = (("detail", problem.detail), ("message", problem.message), ("page", problem.page or 0))
        yield Doubt(
            problem.code,
            facts=facts,
            appendix=table.caption.appendix if table else "",
            table=problem.table,
            row=problem.row,
            page=problem.page,
            actual=problem.detail[:500],
        )


def _observe(work: _TableWork, head: _Head, catalogue: Catalogue, report_style: ColumnStyle) -> tuple[list[Observation], list[Doubt]]:
    table = work.table
    first_names = [row.name for row in work.rows]
    if is_crosstab(table.columns, first_names, table.caption.title):
        return _observe_crosstab(work, head, catalogue, report_style)
    view = TableView(
        appendix=table.caption.appendix,
        title=table.caption.title,
        rows=tuple(RowView(node.canonical, node.parent_stt, row.name, row.unit_raw) for row, node in zip(work.rows, work.nodes, strict=True)),
    )
    matches = match_table(view, catalogue)
    measures = measures_of(table.columns, head.period.year)
    headers = {column.index: header_text(column) for column in table.columns}
    observations: list[Observation] = []
    doubts: list[Doubt] = []
    for row, node, unit, match in zip(work.rows, work.nodes, work.units, matches, strict=True):
        row_noted = False
        for col, measure in measures.items():
            cell = row.values.get(col)
            figure = parse_figure(clean(cell.text) if cell else "", unit, combine(work.styles[col], report_style))
            observation = _observation(head, catalogue, table, row, node, unit, match, measure, headers[col], cell, figure)
            observations.append(observation)
            doubts.extend(Doubt.at(observation, code, reason=words) for code, words in figure.notes)
            if not row_noted:  # what is said of code and name is said once a row
                row_noted = True
                doubts.extend(Doubt.at(observation, code, reason=words) for code, words in node.notes)
                doubts.extend(Doubt.at(observation, note.code, **dict(note.facts)) for note in match.notes)
    return observations, doubts


def _observation(
    head: _Head,
    catalogue: Catalogue,
    table: Table,
    row: PrintedRow,
    node: SttNode,
    unit: Unit,
    match: Match,
    measure: str,
    header: str,
    cell: Cell | None,
    figure: Figure,
    breakdown: tuple[str, str] = ("", ""),
) -> Observation:
    indicator = catalogue.by_id.get(match.indicator_id)
    period, agency, province = head.period, head.agency, head.province
    box = cell.bbox if cell is not None else None
    appendix = table.caption.appendix
    return Observation(
        observation_id="/".join((head.report_id, appendix.replace("/", "-"), str(table.index), str(row.number), measure, breakdown[0].replace("/", "-"))),
        report_id=head.report_id,
        source=head.source,
        agency=agency.name if agency else "",
        agency_id=agency.id if agency else "",
        province=province.name if province else "",
        province_id=province.id if province else "",
        province_id_2025=province.id_2025 if province else "",
        period=period.label,
        period_start=period.start,
        period_end=period.end,
        period_basis=period.basis,
        appendix=appendix,
        stt=node.canonical,
        stt_raw=row.stt_raw,
        parent_stt=node.parent_stt,
        depth=node.depth,
        indicator_id=match.indicator_id,
        indicator=match.name or row.name,
        indicator_raw=row.name,
        unit=unit.name,
        unit_raw=row.unit_raw,
        measure=measure,
        measure_raw=header,
        breakdown=breakdown[0],
        breakdown_kind=breakdown[1],
        value=figure.value,
        value_raw=clean(cell.text) if cell is not None else "",
        value_kind=figure.kind,
        value_base=base_value(figure, unit),
        value_label=figure.label,
        flow=indicator.flow if indicator is not None and indicator.flow else period.flow,
        status="blank" if figure.kind == "blank" else "ok",
        note=row.note,
        page=cell.page if cell is not None and cell.page is not None else row.page,
        table=table.index,
        row=row.number,
        x0=box.x0 if box else None,
        top=box.top if box else None,
        x1=box.x1 if box else None,
        bottom=box.bottom if box else None,
        is_primary=True,
        method=table.method,
        confidence=min([table.confidence, *(r.confidence for r in cell.readings)]) if cell is not None else table.confidence,
    )


def _observe_crosstab(work: _TableWork, head: _Head, catalogue: Catalogue, report_style: ColumnStyle) -> tuple[list[Observation], list[Doubt]]:
    """The indicator stands in the columns, a category in the rows: one observation per cell."""
    raise NotImplementedError


def _with_status(observations: Sequence[Observation], findings: Sequence[Finding]) -> tuple[Observation, ...]:
    """`doubtful` and `unparsed` follow from the findings on the row, so the two can never disagree."""
    doubted = {finding.observation_id for finding in findings if finding.observation_id and finding.severity in (ERROR, WARNING)}
    return tuple(
        replace(o, status="unparsed" if o.value is None and o.value_kind != "blank" else "doubtful") if o.observation_id in doubted else o
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


def _report_row(document: Document, head: _Head, observations: Sequence[Observation], findings: Sequence[Finding], n_sections: int, n_tables: int) -> ReportRow:
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


