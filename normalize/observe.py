"""Rows of one table → observations: code tree, units, figures, indicators.

In: a `Table` and the facts of its report. Out: observations in reading order and the doubts that reading
and matching raised. Two shapes of table: a row per indicator with one or several value columns, and the
cross-table, where the indicator stands in the columns and a category in the rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.model import Cell, Table
from extract.text import clean
from normalize.catalogue import Catalogue
from normalize.checks import ExpectedRow
from normalize.checks.table import check_crosstab_sums, rounding_slack
from normalize.crosstab import CrossRelation, CrosstabLayout, crosstab_layout, is_crosstab
from normalize.findings import Doubt
from normalize.mapping import Match, RowView, TableView, match_table
from normalize.measures import header_text, measures_of
from normalize.model import Agency, Figure, Observation, Period, Province, Unit
from normalize.numbers import ColumnStyle, column_style, combine, parse_figure
from normalize.rows import PrintedRow, printed_rows
from normalize.stt import SttNode, code_tree
from normalize.units import base_value, parse_unit


@dataclass(frozen=True, slots=True)
class Head:
    """Whose report it is and for when; the same for every row."""

    report_id: str
    source: str
    period: Period
    agency: Agency | None
    province: Province | None
    family: str


@dataclass(frozen=True, slots=True)
class TableWork:
    """A table with everything about its rows that does not depend on other tables."""

    table: Table
    rows: tuple[PrintedRow, ...]
    nodes: tuple[SttNode, ...]
    units: tuple[Unit, ...]
    styles: dict[int, ColumnStyle]


@dataclass(frozen=True, slots=True)
class Observed:
    """What one table gave. `expected` are the rows its template has."""

    observations: tuple[Observation, ...]
    doubts: tuple[Doubt, ...]
    expected: tuple[ExpectedRow, ...] = ()


def prepare(table: Table) -> TableWork:
    rows = printed_rows(table)
    nodes = tuple(code_tree([(row.stt_raw, row.name) for row in rows]))
    whole = table.caption.unit_line
    units = tuple(parse_unit(row.unit_raw or (whole if row.values else "")) for row in rows)
    styles = {
        column.index: column_style([(clean(row.values[column.index].text), unit) for row, unit in zip(rows, units, strict=True) if column.index in row.values])
        for column in table.columns
        if column.role == "value"
    }
    return TableWork(table, rows, nodes, units, styles)


def printed_pairs(work: TableWork) -> Iterable[tuple[str, Unit]]:
    for row, unit in zip(work.rows, work.units, strict=True):
        for cell in row.values.values():
            yield clean(cell.text), unit


def observe_table(work: TableWork, head: Head, catalogue: Catalogue, report_style: ColumnStyle) -> Observed:
    """All observations of one table. `report_style` is how the whole report prints numbers."""
    table = work.table
    if is_crosstab(table.columns, [row.name for row in work.rows], table.caption.title, catalogue):
        return observe_crosstab(work, head, catalogue, report_style)
    view = TableView(table.caption.appendix, table.caption.title, _views(work))
    matches = match_table(view, catalogue)
    measures = measures_of(table.columns, head.period.year)
    headers = {column.index: header_text(column) for column in table.columns}
    observations: list[Observation] = []
    doubts: list[Doubt] = []
    for row, node, unit, match in zip(work.rows, work.nodes, work.units, matches, strict=True):
        first: Observation | None = None
        for col, measure in measures.items():
            cell = row.values.get(col)
            figure = parse_figure(clean(cell.text) if cell else "", unit, combine(work.styles[col], report_style))
            observation = observation_of(head, catalogue, table, row, node, unit, match, measure, headers[col], cell, figure)
            observations.append(observation)
            doubts.extend(Doubt.at(observation, code, reason=words) for code, words in figure.notes)
            first = first or observation
        if first is not None:  # what is said of code and name is said once a row
            doubts.extend(Doubt.at(first, code, reason=words) for code, words in node.notes)
            doubts.extend(Doubt.at(first, note.code, **dict(note.facts)) for note in match.notes)
    return Observed(tuple(observations), tuple(doubts), _expected(table, matches, catalogue))


def _views(work: TableWork) -> tuple[RowView, ...]:
    return tuple(
        RowView(node.canonical, node.parent_stt, row.name, row.unit_raw) for row, node in zip(work.rows, work.nodes, strict=True)
    )


def _expected(table: Table, matches: Sequence[Match], catalogue: Catalogue) -> tuple[ExpectedRow, ...]:
    """Every row of the template's appendices that this table was matched to."""
    places = {(match.template, match.appendix) for match in matches if match.template}
    return tuple(
        ExpectedRow(table.index, table.caption.appendix, row.code, row.indicator_id, row.names[0])
        for appendix in catalogue.appendices
        if (appendix.template, appendix.number) in places
        for row in appendix.rows
    )


def observation_of(
    head: Head,
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


def observe_crosstab(work: TableWork, head: Head, catalogue: Catalogue, report_style: ColumnStyle) -> Observed:
    """The indicator stands in the columns, a category in the rows: one observation per cell."""
    table = work.table
    layout = crosstab_layout(table.columns, _views(work), table.caption.title, catalogue, table.caption.unit_line)
    headers = {column.index: header_text(column) for column in table.columns}
    cells: dict[Hashable, Observation] = {}
    doubts: list[Doubt] = []
    for row, node, cross_row in zip(work.rows, work.nodes, layout.rows, strict=True):
        for column in layout.columns:
            cell = row.values.get(column.index)
            unit = parse_unit(column.unit_raw)
            figure = parse_figure(clean(cell.text) if cell else "", unit, combine(work.styles[column.index], report_style))
            match = Match(column.indicator_id, column.indicator, "crosstab", 1.0)
            observation = observation_of(
                head, catalogue, table, row, node, unit, match, column.measure, headers[column.index], cell, figure,
                (cross_row.breakdown, cross_row.breakdown_kind),
            )
            cells[cross_row.row, column.index] = observation
            doubts.extend(Doubt.at(observation, code, reason=words) for code, words in figure.notes)
        first = cells.get((cross_row.row, layout.columns[0].index)) if layout.columns else None
        if first is not None:
            doubts.extend(Doubt.at(first, code, reason=words) for code, words in node.notes)
    doubts.extend(_crosstab_sums(layout, cells))
    return Observed(tuple(cells.values()), tuple(doubts))


def _crosstab_sums(layout: CrosstabLayout, cells: dict[Hashable, Observation]) -> Iterable[Doubt]:
    """Totals against their parts, over columns and over rows.

    A sum that column numbers state always counts. One that only the words suggest (`Tổng số` beside other columns) counts
    when most rows keep it. A total row may be the sum of its headings or of its lowest rows: one that fits is enough.
    """
    rows = [row.row for row in layout.rows]
    columns = [column.index for column in layout.columns if column.unit_raw != "%"]
    chosen: list[tuple[Hashable, Sequence[Hashable]]] = []
    for relation in layout.relations:
        if relation.kind != "sum" or relation.axis != "columns":
            continue
        lines: list[tuple[Hashable, Sequence[Hashable]]] = [((row, relation.whole), [(row, part) for part in relation.parts]) for row in rows]
        if relation.basis == "stated" or _share_kept(lines, cells) >= 0.6:
            chosen.extend(lines)
    by_total: dict[int, list[CrossRelation]] = {}
    for relation in layout.relations:
        if relation.kind == "sum" and relation.axis == "rows":
            by_total.setdefault(relation.whole, []).append(relation)
    for whole, relations in by_total.items():
        for column in columns:
            options: list[tuple[Hashable, Sequence[Hashable]]] = [((whole, column), [(part, column) for part in relation.parts]) for relation in relations]
            if not any(_share_kept([option], cells) == 1.0 for option in options):
                chosen.append(options[0])
    yield from check_crosstab_sums(cells, chosen)


def _share_kept(lines: Sequence[tuple[Hashable, Sequence[Hashable]]], cells: dict[Hashable, Observation]) -> float:
    """The share of the lines with all their figures whose parts add up; 0 where no line has them all."""
    known = kept = 0
    for whole, parts in lines:
        used = [cells[key] for key in (whole, *parts) if key in cells and cells[key].value is not None]
        if len(used) != len(parts) + 1:
            continue
        known += 1
        numbers = [observation.value or Decimal(0) for observation in used]
        kept += abs(numbers[0] - sum(numbers[1:], Decimal(0))) <= rounding_slack(used)
    return kept / known if known else 0.0
