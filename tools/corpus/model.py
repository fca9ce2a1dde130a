"""What a sample report says and how it is laid out, without any idea of a file format.

A `Report` holds letterhead facts, sections of prose and appendices; an `Appendix` holds one table:
header cells, columns with roles, rows of printed figures. Texts may carry inline marks, which the
writers turn into the format's own means and `plain` takes away:

`<i>…</i>` italic · `<del>…</del>` a tracked deletion (no text of the report) · `<ins>…</ins>` a tracked
insertion · `<sdt>…</sdt>` a content control · `<tag>…</tag>` a smart tag · `<link>…</link>` a hyperlink.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

_DELETED = re.compile(r"<del>.*?</del>")
_MARK = re.compile(r"</?(?:i|b|ins|sdt|tag|link)>")


def plain(text: str) -> str:
    """The text as a reader of the page sees it: deletions gone, marks gone."""
    return _MARK.sub("", _DELETED.sub("", text)).strip()


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: the cell's text, the number it states (None where none is printed) and the
    kind (number, blank, text)."""

    raw: str
    value: Decimal | None
    kind: str = "number"


BLANK = Figure("", None, "blank")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an appendix table; `figures` maps a measure (or a cross-table's column key) to its figure.

    `note_rows` > 1 merges the note over so many rows. `note_cut` breaks the note in text files: that many
    of its words stand in this row, the rest in the next row that has a `gap_before` (the page break).
    """

    stt: str
    name: str
    unit: str
    figures: dict[str, Figure]
    note: str = ""
    note_rows: int = 1
    note_cut: int = 0
    is_italic: bool = False
    is_bold: bool = False
    starts_late: bool = False
    gap_before: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: role (stt, name, unit, note or value), the measure it holds where the role is value, the
    header words from the top level down, width in centimetres, and the cell of a column-number row."""

    role: str
    header: tuple[str, ...]
    width: float
    measure: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    row: int
    col: int
    text: str
    rows: int = 1
    cols: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is drawn. `rules`: grid, none, horizontal. `stt_style`: mixed, dot, nodot.
    `split_at`: the table is drawn as two, the second one from that row on, header repeated.
    `has_title_inside`: number and title stand in merged rows of the table itself (DOCX and PDF)."""

    columns: tuple[Column, ...]
    header: tuple[HeaderCell, ...]
    header_rows: int
    rules: str = "grid"
    is_landscape: bool = False
    has_number_row: bool = False
    repeats_header: bool = True
    stt_style: str = "mixed"
    font_size: float = 12
    is_nested: bool = False
    split_at: int = 0
    has_title_inside: bool = False


@dataclass(frozen=True, slots=True)
class Appendix:
    """`printed` is the caption's number as printed (`Phụ lục 4`, `PHỤ LỤC số 02`), `number` what it means.

    `caption`: lines (number, title, reference), glued (number+title+reference on one line),
    glued-title (title+reference on one line). `is_cross` tables have categories in their rows.
    """

    printed: str
    number: str
    title: str
    layout: Layout
    rows: tuple[Row, ...]
    caption: str = "lines"
    reference: str = ""
    unit_line: str = ""
    period_line: str = ""
    text_after: tuple[str, ...] = ()
    is_cross: bool = False
    breakdown_kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading and the paragraphs under it. `label` as printed (`II.`, `2.1.`)."""

    level: int
    label: str
    title: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `styles` are the oddities of its rendering (see the writers): letterhead-none,
    letterhead-stacked, number-spaced, date-plain, signed-mark, auto-numbers, split-runs, row-controls,
    watermark, page-numbers, stamp-top, stamp-debris, nfd, crlf, bom, and what a text file has at a page
    break: cut-paragraphs, page-feeds, page-lines. `left_lines` replaces parent and agency in the letterhead
    (a body without a parent line, its name over two lines)."""

    stem: str
    formats: tuple[str, ...]
    purpose: str
    agency: str
    symbol: str
    number: str
    date: dt.date
    parent: str
    place: str
    province: str
    subject: str
    period: str
    span: tuple[dt.date, dt.date] | None
    span_line: str
    recipients: tuple[str, ...]
    role: str
    signer: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    appendices: tuple[Appendix, ...]
    closing: tuple[str, ...] = ()
    styles: frozenset[str] = field(default_factory=frozenset)
    family: str = "cchc-hue-2022"
    origin: str = "sinh bởi tools.corpus; văn tự soạn, số liệu giả định theo một mạch lịch sử"
    supersedes: str = ""
    left_lines: tuple[str, ...] = ()
    contradictions: tuple[tuple[str, str, str], ...] = ()

    @property
    def doc_number(self) -> str:
        return f"{self.number}/BC-{self.symbol}"

    @property
    def title(self) -> str:
        return self.subject
