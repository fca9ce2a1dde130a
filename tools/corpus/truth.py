"""Truth out of the specs: what a perfect reader would find, as CSV. See `corpus/truth/README.md`.

`stt` has no last dot; `name` and `unit` are as printed, marks taken away; `measure` is the contract's
measure, or a cross-table's header path; `breakdown` its category. `note_role` is `head` on the row a
merged or broken note starts in, `covered` on the rows it covers (where it may be repeated or empty).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from tools.corpus.model import Report, plain
from tools.corpus.wording import cut_end

ROWS = (
    "path",
    "table",
    "row",
    "appendix",
    "stt",
    "name",
    "unit",
    "measure",
    "breakdown",
    "raw",
    "value",
    "kind",
    "note",
    "note_role",
)
HEADINGS = ("path", "order", "level", "label", "title")
REPORTS = (
    "path",
    "format",
    "number",
    "date",
    "agency",
    "parent",
    "place",
    "province",
    "title",
    "period",
    "period_start",
    "period_end",
    "signer",
    "signer_role",
    "letterhead",
    "n_tables",
    "twin_of",
    "supersedes",
)
TABLES = ("path", "table", "appendix", "title", "n_rows", "text_after")
CONTRADICTIONS = ("path", "appendix", "stts", "what")


def paths(report: Report) -> list[str]:
    return [f"{report.stem}.{f}" for f in report.formats]


def row_truth(report: Report, path: str) -> Iterable[tuple[object, ...]]:
    for number, appendix in enumerate(report.appendices, start=1):
        unit_line = appendix.unit_line.partition(":")[2].strip()
        has_unit = any(c.role == "unit" for c in appendix.layout.columns)
        covered, covering = 0, ""
        has_note = any(c.role == "note" for c in appendix.layout.columns)
        for i, row in enumerate(appendix.rows, start=1):
            note, role = plain(row.note) if has_note else "", ""
            if row.note_rows > 1:
                role, covered, covering = "head", row.note_rows - 1, note
            elif covered:
                role, covered, note = "covered", covered - 1, covering
            if row.note_cut and path.endswith(".txt"):
                role, covered, covering = "head", cut_end(appendix, i - 1) - i + 1, note
            for column in appendix.layout.columns:
                if column.role != "value":
                    continue
                figure = row.figures[column.measure]
                name = column.measure if appendix.is_cross else plain(row.name)
                breakdown = plain(row.name) if appendix.is_cross else ""
                unit = plain(row.unit) if has_unit else unit_line
                yield (
                    path,
                    number,
                    i,
                    appendix.number,
                    row.stt.rstrip("."),
                    name,
                    unit,
                    column.measure,
                    breakdown,
                    plain(figure.raw),
                    "" if figure.value is None else format(figure.value.normalize(), "f"),
                    figure.kind,
                    note,
                    role,
                )


def heading_truth(report: Report, path: str) -> Iterable[tuple[object, ...]]:
    for i, section in enumerate(report.sections, start=1):
        yield path, i, section.level, section.label.rstrip("."), plain(section.title)


def report_truth(report: Report, path: str) -> tuple[object, ...]:
    start, end = report.span or ("", "")
    bare = "letterhead-none" in report.styles
    twin = paths(report)[0] if path != paths(report)[0] else ""
    return (
        path,
        path.rpartition(".")[2],
        report.doc_number,
        report.date,
        report.agency,
        report.parent,
        report.place,
        report.province,
        report.title,
        report.period,
        start,
        end,
        report.signer,
        report.role.replace("\n", " "),
        "no" if bare else "yes",
        len(report.appendices),
        twin,
        report.supersedes,
    )


def table_truth(report: Report, path: str) -> Iterable[tuple[object, ...]]:
    for i, appendix in enumerate(report.appendices, start=1):
        yield (
            path,
            i,
            appendix.number,
            plain(appendix.title),
            len(appendix.rows),
            "\n".join(map(plain, appendix.text_after)),
        )


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def tables(reports: Iterable[Report]) -> dict[str, str]:
    """File name → CSV text of the truth of these reports."""
    all_reports = list(reports)
    each = [(r, p) for r in all_reports for p in paths(r)]
    return {
        "rows.csv": _csv(ROWS, (t for r, p in each for t in row_truth(r, p))),
        "headings.csv": _csv(HEADINGS, (t for r, p in each for t in heading_truth(r, p))),
        "reports.csv": _csv(REPORTS, (report_truth(r, p) for r, p in each)),
        "tables.csv": _csv(TABLES, (t for r, p in each for t in table_truth(r, p))),
        "contradictions.csv": _csv(CONTRADICTIONS, ((p, *c) for r, p in each for c in r.contradictions)),
    }
