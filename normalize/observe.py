"""Rows of one table → observations: code tree, units, figures, indicators.

In: a `Table` and the facts of its report. Out: observations in reading order and the doubts that reading
and matching raised. Two shapes of table: a row per indicator with one or several value columns, and the
cross-table, where the indicator stands in the columns and a category in the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from extract.model import Cell, Table
from extract.records import maker
from extract.text import clean, fold
from normalize.catalogue import Catalogue, TemplateAppendix
from normalize.checks import ExpectedRow
from normalize.checks.crosstab import check_crosstab
from normalize.crosstab import crosstab_layout, is_crosstab
from normalize.filed import Stretch, filed
from normalize.findings import Doubt
from normalize.mapping import UNMATCHED, Match, RowView, TableView, match_table
from normalize.measures import column_unit, header_text, measures_of, rivals
from normalize.model import Agency, Figure, Observation, Period, Province, Unit
from normalize.number_print import figure_facts
from normalize.numbers import ColumnStyle, Figures, column_style, combine, figures_of
from normalize.repair import certainty, reading_doubts
from normalize.rows import PrintedRow, figure_lines, printed_rows
from normalize.structure import UNRULED, cut_names, displaced_rows, figures_in_notes
from normalize.stt import SttNode, code_tree
from normalize.units import base_value, find_unit, parse_unit

_observation = maker(Observation)
_CUMULATIVE = regex.compile(r"\bluy ke\b|\bcong don\b|\btu dau (?:nam|nhiem ky)\b")
ENOUGH_ROWS = 3  # one row in so many must be there before the others of the template are missed


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
    column_units: dict[int, str]
    styles: dict[int, ColumnStyle]

    def unit_at(self, n: int, col: int) -> tuple[Unit, str]:
        """The unit of a figure, and as printed: the row's, but for columns of percentages, and for rows without one."""
        row, stated = self.units[n], self.column_units.get(col, "")
        if stated and ((stated == "%" and row.kind != "code") or not self.rows[n].unit_raw):
            return parse_unit(stated), stated
        return row, self.rows[n].unit_raw


@dataclass(frozen=True, slots=True)
class Observed:
    """What one table gave. `stretches`: under which appendix its rows were filed, and which form they are of."""

    observations: tuple[Observation, ...]
    doubts: tuple[Doubt, ...]
    stretches: Sequence[Stretch] = ()


def prepare(table: Table) -> TableWork:
    """Rows, code tree, units, and what each value column shows about marks."""
    work = looked_through(table)
    nodes = code_tree([(row.stt_raw, row.name) for row in work.rows])
    return replace(work, nodes=nodes)


def looked_through(table: Table) -> TableWork:
    """As `prepare`, without the code tree."""
    rows = printed_rows(table)
    units = tuple(parse_unit(row.unit_raw) for row in rows)
    values = [column for column in table.columns if column.role == "value"]
    stated = {column.index: unit for column in values if (unit := column_unit(column))}
    work = TableWork(table, rows, (), units, stated, {})
    marked: dict[int, list[tuple[str, Unit]]] = {column.index: [] for column in values}
    for n, row in enumerate(rows):
        for col, cell in row.values.items():
            text = clean(cell.text)
            if not text.isdecimal():  # digits alone show no mark
                marked[col].append((text, work.unit_at(n, col)[0]))
    return replace(work, styles={col: column_style(pairs) for col, pairs in marked.items()})


def observe_table(work: TableWork, head: Head, catalogue: Catalogue, report_style: ColumnStyle) -> Observed:
    """All observations of one table. `report_style` is how the whole report prints numbers."""
    table = work.table
    if is_crosstab(table.columns, [row.name for row in work.rows], table.caption.title, catalogue):
        return observe_crosstab(work, head, catalogue, report_style)
    view = TableView(table.caption.appendix, table.caption.title, _views(work))
    matches = match_table(view, catalogue)
    rates = _rates(work)
    measures = measures_of(table.columns, head.period, rates)
    headers = {column.index: header_text(column) for column in table.columns}
    styles = {col: combine(work.styles[col], report_style) for col in measures}
    observations: list[Observation] = []
    doubts: list[Doubt] = []
    doubts.extend(_column_doubts(table, measures, head.period, rates))
    cut, beside, displaced = cut_names(table, work.rows), figures_in_notes(table), displaced_rows(table, work.rows)
    is_told = table.method in UNRULED  # its columns are told by places, not drawn
    may_lend = is_told and table.method != "ocr" and any(column.role == "note" for column in table.columns)
    observing = Observing(head, catalogue, table)
    figures: dict[tuple[int, int], Figures] = {}  # by column and unit: the units live as long as `work`
    fused: set[tuple[int, int]] = set()  # above and below figures that ran together: a blank there may be one of them
    unnamed: set[tuple[int, int]] = set()  # above and below figures without a name: a blank there may be its figure
    for n, (printed, node, match) in enumerate(zip(work.rows, work.nodes, matches, strict=True)):
        first: Observation | None = None
        row_starts, is_fused = len(observations), False
        for col, measure in measures.items():
            cell = printed.values.get(col)
            unit, unit_raw = work.unit_at(n, col)
            read = figures.get((col, id(unit)))
            if read is None:
                read = figures[col, id(unit)] = figures_of(unit, styles[col])
            figure = read_figure(cell, read)
            observation = observing.made(printed, node, unit, unit_raw, match, measure, headers[col], cell, figure)
            observations.append(observation)
            if figure.notes:
                facts = figure_facts(figure)
                doubts.extend(Doubt.at(observation, code, reason=words, **facts) for code, words in figure.notes)
                if is_told and any(code == "number-several" for code, _ in figure.notes):
                    is_fused = True
                    fused.update(((n - 1, col), (n + 1, col)))
            if may_lend and figure.unit_word and find_unit(figure.unit_word) != unit:
                doubts.append(Doubt.at(observation, "cells-overlap"))  # `01 phòng` may be the note of a blank cell
            if cell is not None and cell.readings:
                doubts.extend(reading_doubts(observation, cell))
            if not printed.name and figure.value is not None:  # whose figure it is cannot be told from the code alone
                doubts.append(Doubt.at(observation, "name-missing"))
                if is_told:
                    unnamed.update(((n - 1, col), (n + 1, col)))
            if figure.kind == "blank" and printed.number in beside:
                doubts.append(Doubt.at(observation, "figure-in-note", note=printed.note[:80]))
            if n in cut:
                doubts.append(Doubt.at(observation, "name-cut"))
            first = first or observation
        if n in displaced:
            doubts.extend(Doubt.at(o, "cells-overlap") for o in observations[row_starts:])
        elif is_fused:  # of the figures in one cell one may be that of the blank column beside it
            doubts.extend(Doubt.at(o, "cells-overlap") for o in observations[row_starts:] if o.value_kind == "blank")
        if first is not None and (node.notes or match.notes):  # what is said of code and name is said once a row
            doubts.extend(Doubt.at(first, code, reason=words, stt=node.canonical) for code, words in node.notes)
            doubts.extend(Doubt.at(first, note.code, **dict(note.facts)) for note in match.notes)
    for code, places in (("cells-overlap", fused), ("blank-beside-unnamed", unnamed)):
        if places:
            doubts.extend(_blanks_at(places, code, work, measures, observations))
    stretches = filed(table.index, table.caption.appendix, work.rows, work.nodes, matches)
    return Observed(tuple(observations), tuple(doubts), stretches)


def _blanks_at(
    places: Set[tuple[int, int]],
    code: str,
    work: TableWork,
    measures: Mapping[int, str],
    observations: Sequence[Observation],
) -> Iterator[Doubt]:
    """A doubt on each blank at one of some places (row by place, column): there is an observation for each row and
    column, row by row."""
    columns = list(measures)
    for n, col in sorted(places):
        if 0 <= n < len(work.rows):
            observation = observations[n * len(columns) + columns.index(col)]
            if observation.value_kind == "blank":
                yield Doubt.at(observation, code)


def _rates(work: TableWork) -> frozenset[int]:
    """Columns of percentages beside columns of figures, in a table whose rows are mostly counted."""
    values = {column.index for column in work.table.columns if column.role == "value"}
    rates = frozenset(col for col in values if work.column_units.get(col) == "%")
    n_percent = sum(unit.kind == "percent" for unit in work.units)
    return rates if rates != values and 2 * n_percent < len(work.units) else frozenset()


def _column_doubts(
    table: Table, measures: Mapping[int, str], period: Period, rates: Set[int] = frozenset()
) -> Iterator[Doubt]:
    """What is not certain about which column holds the figures of the period; said once for the table."""
    headers = rivals(table.columns, period, rates)
    code = "columns-alike" if headers else "column-of-period-missing"
    if not headers and measures and "actual" not in measures.values():
        headers = [header_text(column) for column in table.columns if column.index in measures]
    if headers:
        said = (("columns", "; ".join(headers)), ("count", len(headers)), ("period", period.label))
        yield Doubt(code, said, appendix=table.caption.appendix, table=table.index)


def read_figure(cell: Cell | None, figures: Figures) -> Figure:
    """The figure of a cell. Figures on several printed lines of one cell are several figures, never one with groups."""
    if cell is None:
        return figures[""]
    lines = figure_lines(cell)
    if len(lines) > 1:
        return Figure(clean(cell.text), None, "text", notes=(("number-several", " | ".join(lines)[:80]),))
    return figures[clean(cell.text)]


def _views(work: TableWork) -> tuple[RowView, ...]:
    return tuple(
        RowView(node.canonical, node.parent_stt, row.name, row.unit_raw)
        for row, node in zip(work.rows, work.nodes, strict=True)
    )


def expected_rows(observations: Iterable[Observation], catalogue: Catalogue) -> Iterator[ExpectedRow]:
    """The rows of the template appendix that each table is, for tables of which enough rows were recognised."""
    present: dict[tuple[int, str], set[str]] = {}
    for o in observations:
        if not o.breakdown_kind:
            table = (o.table, o.appendix)
            ids = present.get(table)
            if ids is None:
                ids = present[table] = set()
            ids.add(o.indicator_id)
    for (number, appendix), ids in present.items():
        template = _template_of(frozenset(ids), catalogue)
        for row in template.rows if template is not None else ():
            yield ExpectedRow(number, appendix, row.code, row.indicator_id, row.names[0])


@lru_cache(maxsize=512)  # a form comes again and again with the same rows
def _template_of(ids: frozenset[str], catalogue: Catalogue) -> TemplateAppendix | None:
    """The template appendix that has most of these indicators, where these are enough of its rows."""
    common = [(len(ids & own), appendix) for appendix, own in _ids_of(catalogue)]
    count, best = max(common, key=lambda pair: pair[0])
    return best if count >= max(2, len(best.rows) / ENOUGH_ROWS) else None


@lru_cache(maxsize=8)
def _ids_of(catalogue: Catalogue) -> tuple[tuple[TemplateAppendix, frozenset[str]], ...]:
    return tuple((appendix, frozenset(row.indicator_id for row in appendix.rows)) for appendix in catalogue.appendices)


class Observing:
    """Makes the observations of one table: what all of them share is worked out once. Fields are given by place, in the
    order of `Observation`: a record of so many is made in half the time."""

    def __init__(self, head: Head, catalogue: Catalogue, table: Table) -> None:
        period, agency, province = head.period, head.agency, head.province
        self._indicators = catalogue.by_id
        self._table = table
        self._start = f"{_part(head.report_id)}/{_part(table.caption.appendix)}/{table.index}/"
        self._period_flow = period.flow
        self._of_report = (
            head.report_id,
            head.source,
            agency.name if agency else "",
            agency.id if agency else "",
            province.name if province else "",
            province.id if province else "",
            province.id_2025 if province else "",
            period.label,
            period.start,
            period.end,
            period.basis,
            table.caption.appendix,
        )

    def made(
        self,
        row: PrintedRow,
        node: SttNode,
        unit: Unit,
        unit_raw: str,
        match: Match,
        measure: str,
        header: str,
        cell: Cell | None,
        figure: Figure,
        breakdown: tuple[str, str] = ("", ""),
        column: str = "",
    ) -> Observation:
        """One figure. `column` tells figures apart that share row and measure. The id is `report/appendix/table/row/
        measure/breakdown`; a slash inside a part would break it."""
        table = self._table
        value, box = figure.value, cell.bbox if cell is not None else None
        return _observation(
            f"{self._start}{row.number}/{_part(measure)}{column}/{_part(breakdown[0])}",
            *self._of_report,
            node.canonical,
            row.stt_raw,
            node.parent_stt,
            node.depth,
            match.indicator_id,
            match.name or row.name,
            row.name,
            unit.name,
            unit_raw,
            measure,
            header,
            breakdown[0],
            breakdown[1],
            value,
            clean(cell.text) if cell is not None else "",
            figure.kind,
            base_value(figure, unit) if unit.base or figure.scale is not None else None,
            figure.label,
            self._flow(match.indicator_id, measure, row.name, header),
            "blank" if value is None else "ok",  # `Không có` reports no number either
            row.note,
            cell.page if cell is not None and cell.page is not None else row.page,
            table.index,
            row.number,
            box.x0 if box else None,
            box.top if box else None,
            box.x1 if box else None,
            box.bottom if box else None,
            True,
            table.method,
            min(table.confidence, certainty(cell)) if cell is not None and cell.readings else table.confidence,
        )

    def _flow(self, indicator_id: str, measure: str, name: str, header: str) -> str:
        """`stock` as the catalogue says; `cumulative` where catalogue, column or printed words (`lũy kế`) say so; else
        as the period runs."""
        indicator = self._indicators.get(indicator_id)
        if indicator is not None and indicator.flow in ("stock", "cumulative"):
            return indicator.flow
        if measure == "cumulative" or _says_cumulative(name) or _says_cumulative(header):
            return "cumulative"
        return self._period_flow


@lru_cache(maxsize=8192)
def _says_cumulative(words: str) -> bool:
    return _CUMULATIVE.search(fold(words)) is not None


def _part(text: str) -> str:
    return text.replace("/", "-") if "/" in text else text


def observe_crosstab(work: TableWork, head: Head, catalogue: Catalogue, report_style: ColumnStyle) -> Observed:
    """The indicator stands in the columns, a category in the rows: one observation per cell."""
    table = work.table
    caption = table.caption
    layout = crosstab_layout(
        table.columns, _views(work), caption.title, catalogue, caption.unit_line, period=head.period
    )
    headers = {column.index: header_text(column) for column in table.columns}
    unknown = {column.index for column in layout.columns if column.is_provisional}
    cells: dict[tuple[int, int], Observation] = {}
    doubts: list[Doubt] = []
    observing = Observing(head, catalogue, table)
    columns = []
    for column in layout.columns:
        unit = parse_unit(column.unit_raw)
        read = figures_of(unit, combine(work.styles[column.index], report_style))
        match = Match(column.indicator_id, column.indicator, "crosstab", 1.0)
        columns.append((column, unit, read, match, headers[column.index], f"@{column.index + 1}"))
    for printed, node, cross_row in zip(work.rows, work.nodes, layout.rows, strict=True):
        first: Observation | None = None
        place = (cross_row.breakdown, cross_row.breakdown_kind)
        for column, unit, read, match, header, apart in columns:
            index = column.index
            cell = printed.values.get(index)
            figure = read_figure(cell, read)
            # several indicators share row and measure here: the column tells their ids apart
            observation = observing.made(
                printed, node, unit, column.unit_raw, match, column.measure, header, cell, figure, place, apart
            )
            cells[cross_row.row, index] = observation
            if index in unknown:  # said once a column
                unknown.remove(index)
                facts_of = {"indicator_id": column.indicator_id, "name": column.indicator}
                doubts.append(Doubt.at(observation, UNMATCHED, **facts_of))
            if figure.notes:
                facts = figure_facts(figure)
                doubts.extend(Doubt.at(observation, code, reason=words, **facts) for code, words in figure.notes)
            if cell is not None and cell.readings:
                doubts.extend(reading_doubts(observation, cell))
            first = first or observation
        if first is not None:
            doubts.extend(Doubt.at(first, code, reason=words, stt=node.canonical) for code, words in node.notes)
    doubts.extend(check_crosstab(cells, layout.relations))
    stretches = filed(table.index, caption.appendix, work.rows, work.nodes, ())
    return Observed(tuple(cells.values()), tuple(doubts), stretches)
