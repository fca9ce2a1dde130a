"""From what was read of a report to what the checks look at.

In: `Document`, its observations, the catalogue. Out: `ReportView`. Here is decided which appendix of which
template a table is, so that the rows it leaves out can be named: the one whose indicators most of its rows are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extract.model import Document
from normalize.catalogue import Catalogue, TemplateAppendix
from normalize.checks.view import ExpectedRow, ReportView, view_of
from normalize.model import Observation, Section, TableRow

ONE_IN = 3  # so much of a template's rows must be there before the others are missed


def view_of_document(document: Document, observations: Iterable[Observation], catalogue: Catalogue) -> ReportView:
    rows = tuple(observations)
    report_id, source = (rows[0].report_id, rows[0].source) if rows else ("", "")
    sections = (
        Section(report_id, source, order, h.level, h.label, h.title, h.path, h.page, h.text)
        for order, h in enumerate(document.headings, 1)
    )
    tables = (
        TableRow(report_id, source, t.index, t.caption.appendix, "", "", "", None, None, t.n_rows, "", t.text_after)
        for t in document.tables
    )
    return view_of(
        rows,
        catalogue.relations,
        sections=sections,
        tables=tables,
        preamble=document.preamble,
        expected_rows=expected_rows(rows, catalogue),
    )


def expected_rows(observations: Iterable[Observation], catalogue: Catalogue) -> Iterator[ExpectedRow]:
    """The rows of the template appendix each table is, for tables of which enough rows were recognised."""
    found: dict[int, set[str]] = {}
    appendix_of: dict[int, str] = {}
    for o in observations:
        if not o.breakdown_kind:
            found.setdefault(o.table, set()).add(o.indicator_id)
            appendix_of[o.table] = o.appendix
    for table, present in found.items():
        best = max(catalogue.appendices, key=lambda a: _common(a, present), default=None)
        if best is not None and _common(best, present) >= max(2, len(best.rows) / ONE_IN):
            for row in best.rows:
                yield ExpectedRow(table, appendix_of[table], row.code, row.indicator_id, row.names[0])


def _common(appendix: TemplateAppendix, present: set[str]) -> int:
    return sum(row.indicator_id in present for row in appendix.rows)
