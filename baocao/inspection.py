"""One report as it was read: a sheet for people, or every field as JSON.

In: a `Report` (Document + NormalizedReport). Out: text on a stream, in colour on a terminal, or plain
values for `json.dumps`. Doubts carry a sign as well as a colour, so that a log or a colour-blind
reader sees them too: `?` doubtful, `!` printed but not understood.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from baocao.messages import Messages
from extract.model import Document, Table
from normalize.model import Finding, NormalizedReport, Observation

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_WITHOUT_TERMINAL = 140
_SIGNS = {"doubtful": "? ", "unparsed": "! "}
_STYLES = {"doubtful": "bold yellow", "unparsed": "bold red", "corrected": "cyan"}
_SEVERITIES = {"error": "bold red", "warning": "yellow", "info": "dim"}


class ReadReport(Protocol):
    """What `baocao.read_report` returns."""

    @property
    def document(self) -> Document: ...
    @property
    def normalized(self) -> NormalizedReport: ...


def as_json(report: ReadReport) -> dict[str, Any]:
    """Everything that was read and understood, as plain values; fields that hold nothing are null or empty."""
    meaning: dict[str, Any] = plain(report.normalized)
    return {"document": plain(report.document), **meaning}


def plain(value: Any) -> Any:
    """Dataclasses as objects, dates as ISO text, decimals as JSON numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def show(report: ReadReport, say: Messages, stream: TextIO) -> None:
    """Print the sheet."""
    from rich.console import Console

    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    console = Console(file=stream, width=width, highlight=False, soft_wrap=False)
    _letterhead(report, say, console)
    _headings(report.document, say, console)
    rows = {
        table: list(found)
        for table, found in groupby(
            sorted(report.normalized.observations, key=lambda o: (o.table, o.row)), key=lambda o: o.table
        )
    }
    for table in report.document.tables:
        _table(table, rows.get(table.index, []), say, console)
    _findings(report.normalized.findings, say, console)
    _summary(report.normalized, say, console)


def _letterhead(report: ReadReport, say: Messages, console: Console) -> None:
    from rich.table import Table as Sheet

    row, head = report.normalized.report, report.document.letterhead
    span = " – ".join(say.day(day) for day in (row.period_start, row.period_end) if day)
    facts = {
        "agency": " · ".join(filter(None, (row.agency or head.agency, row.parent))),
        "number": row.doc_number,
        "date": say.day(row.doc_date) if row.doc_date else "",
        "place": " · ".join(dict.fromkeys(filter(None, (row.place, row.province)))),
        "title": row.title,
        "period": f"{row.period}  ({span}, {say.word(row.period_basis)})" if row.period and span else row.period,
        "signer": ", ".join(filter(None, (row.signer, row.signer_role))),
        "read": row.method if row.pages is None else say("inspect.pages", method=row.method, pages=row.pages),
        "status": say(f"status.{row.status}") if say.has(f"status.{row.status}") else row.status,
    }
    sheet = Sheet.grid(padding=(0, 2))
    for name, fact in facts.items():
        words = _text(" ".join(fact.split())) if fact else _text(say("inspect.none"), "red")
        sheet.add_row(_text(say(f"inspect.{name}"), "dim"), words)
    console.print(_text(report.document.source.path, "bold"))
    console.print(sheet)


def _headings(document: Document, say: Messages, console: Console) -> None:
    console.print(_text(f"\n{say('inspect.headings')} ({say.number(len(document.headings))})", "bold"))
    for heading in document.headings:
        title = " ".join(heading.title.split())
        page = f"  [{heading.page}]" if heading.page is not None else ""
        console.print(_text(f"{'  ' * heading.level}{heading.label}. {title}{page}"))


def _table(table: Table, rows: Sequence[Observation], say: Messages, console: Console) -> None:
    from rich import box
    from rich.table import Table as Sheet

    names = [say("inspect.table", index=table.index)]
    if table.caption.appendix:
        names.append(say("inspect.appendix", appendix=table.caption.appendix))
    names += [" ".join(table.caption.title.split()), say("inspect.rows", n=table.n_rows)]
    console.print(_text("\n" + " · ".join(filter(None, names)), "bold"))
    if not rows:
        return
    columns = list(dict.fromkeys((row.measure, row.measure_raw, row.breakdown) for row in rows))
    sheet = Sheet(box=box.SIMPLE, show_edge=False, pad_edge=False)
    sheet.add_column("STT", no_wrap=True)
    sheet.add_column(say("inspect.name"), ratio=5, min_width=20)
    sheet.add_column(say("inspect.unit"), ratio=1)
    for measure, printed, breakdown in columns:
        sheet.add_column(_text(" · ".join(filter(None, (printed or measure, breakdown)))), justify="right", ratio=1)
    sheet.add_column(say("inspect.note"), ratio=2)
    for _, group in groupby(rows, key=lambda row: row.row):
        cells = list(group)
        by_column = {(cell.measure, cell.measure_raw, cell.breakdown): cell for cell in cells}
        first = cells[0]
        sheet.add_row(
            _text(first.stt_raw),
            _text(first.indicator_raw),
            _text(first.unit_raw),
            *(_value(by_column.get(column)) for column in columns),
            _text(first.note),
        )
    console.print(sheet)
    if table.text_after:
        console.print(_text(f"{say('inspect.text-after')}: {' '.join(table.text_after.split())[:300]}", "dim"))


def _value(cell: Observation | None) -> Any:
    if cell is None:
        return _text("")
    printed = " ".join(cell.value_raw.split())
    label = f" {cell.value_label}" if cell.value_label else ""
    return _text(f"{_SIGNS.get(cell.status, '')}{printed}{label}", _STYLES.get(cell.status, ""))


def _findings(findings: Sequence[Finding], say: Messages, console: Console) -> None:
    console.print(_text(f"\n{say('inspect.findings')} ({say.number(len(findings))})", "bold"))
    if not findings:
        console.print(say("inspect.no-findings"))
    order = {name: place for place, name in enumerate(_SEVERITIES)}
    for finding in sorted(findings, key=lambda f: order.get(f.severity, len(order))):
        where = " ".join(
            filter(None, (say("inspect.appendix", appendix=finding.appendix) if finding.appendix else "", finding.stt))
        )
        message = finding.message if say.language == "vi" else finding.message_en or finding.message
        severity = say(f"severity.{finding.severity}") if say.has(f"severity.{finding.severity}") else finding.severity
        line = " · ".join(filter(None, (severity, where, finding.code, message)))
        console.print(_text(f"  {line}", _SEVERITIES.get(finding.severity, "")))


def _summary(report: NormalizedReport, say: Messages, console: Console) -> None:
    def count(statuses: Iterable[str]) -> int:
        return sum(row.status in statuses for row in report.observations)

    values = sum(row.value is not None for row in report.observations)
    doubtful = count(("doubtful", "unparsed"))
    console.print(_text("\n" + say("inspect.summary", values=values, doubtful=doubtful, blank=count(("blank",)))))
    if doubtful:
        console.print(_text(say("inspect.legend"), "dim"))


def _text(words: str, style: str = "") -> Any:
    """Printed words are never mark-up: `[bold]` in a report is text."""
    from rich.text import Text

    return Text(words, style=style)
