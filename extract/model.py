"""The seam of the reading stage: what one file says, without any idea of what it means.

A reader turns bytes into *blocks* in reading order: `Paragraph`s and `Grid`s, one page after
another. `extract.document` turns blocks into a `Document`: letterhead, sections, and one `Table`
per appendix table, its header split off and its columns given roles by the words of the header.

Every reader produces the same blocks, so letterhead, headings, captions, continuation over pages
and header words are solved once for all formats.

All values are frozen, pickle and go to JSON (`to_json`). Coordinates are PDF points with the
origin at the top left of the page as it is seen (rotation applied): the only convention.
Pages, rows and tables count from 1; columns count from 0.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from extract.records import Packed, quick

# What a reader tells while it works: pages done, pages in all or None, seconds a page may take or None.
PageProgress: TypeAlias = Callable[[int, int | None, float | None], None]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as found: `path` relative to its source folder with `/`, `format` decided by content."""

    path: str
    sha256: str
    size: int
    format: str


@quick
@dataclass(frozen=True, slots=True)
class BBox:
    """Points, origin top left, x to the right, y down."""

    x0: float
    top: float
    x1: float
    bottom: float


# Who reads pictures of cells. Other readings keep what a cell was converted from (`extract.legacy.reading_of`).
COVER = "cover"  # says of a cell that something lies over it that is no print
OCR_READERS = frozenset({"tesseract", "tesseract-digits", "shapes", "ink", COVER})


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's opinion of a cell; `confidence` 0–1. Cells of exact formats have none, but for text as it stood in
    an old encoding, whose `reader` is the encoding."""

    text: str
    confidence: float
    reader: str


@quick
@dataclass(frozen=True, slots=True)
class Cell:
    """A grid cell. `row` and `col` count from 0 within a `Grid`; in a `Table` rows count from 1.

    `text` is the cell as printed: NFC, runs joined with the empty string, printed lines separated
    by a newline, no mark-up. A cell that spans rows or columns stands once, at its top left place.
    """

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1
    page: int | None = None
    bbox: BBox | None = None
    readings: tuple[Reading, ...] = ()
    problems: tuple[Problem, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph (or one printed line where the format knows no paragraphs).

    `label` is an automatic list number that is not part of `text` (`2.1.`). `is_centred` and
    `is_bold` are None where the format cannot tell. `opens_page` is True for the first body line of
    a page: it may go on with the paragraph before.
    """

    text: str
    page: int | None = None
    bbox: BBox | None = None
    label: str = ""
    is_bold: bool | None = None
    is_italic: bool | None = None
    is_centred: bool | None = None
    opens_page: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Grid:
    """A table as drawn, header included: `cells` in row-major order, spans not repeated.

    `header_rows` is the number of rows the format itself declares as a repeating header, None where
    it cannot tell. `continues` is True where the reader saw that the grid goes on from the one before.
    """

    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    method: str
    page: int | None = None
    bbox: BBox | None = None
    header_rows: int | None = None
    continues: bool = False
    confidence: float = 1.0


Block: TypeAlias = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or was decided between two readings.

    `code` has a row in the findings catalogue; `severity` is error, warning or info. `table` and `row` say where,
    counted as in `Table`, `appendix` where there is no table to name; `detail` holds what was seen (bytes, limit and
    actual).
    """

    code: str
    severity: str
    message: str
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    detail: str = ""
    appendix: str = ""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """What a reader hands to `extract.document`: the blocks of one file and how they were read. The blocks of a long
    file are packed: each walk makes them anew."""

    blocks: Sequence[Block]
    method: str
    pages: int | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above an appendix table. `appendix` is the printed number (`IV`, `4`, `01/PCTN`).

    `unit_line` is a unit that holds for the whole table (`Đơn vị tính: Triệu đồng`), `reference` the
    line `(Ban hành kèm theo …)`, `period_line` a line that states the span.
    """

    appendix: str = ""
    appendix_raw: str = ""
    title: str = ""
    reference: str = ""
    unit_line: str = ""
    period_line: str = ""
    page: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `role` is one of stt, name, unit, value, note, other.

    `header` is the path of header words from the top level down (`("Đã giải quyết", "Đúng hạn")`);
    `number` the cell of a column-number row (`3`, `8=10+16`), which states the arithmetic.
    """

    index: int
    role: str
    header: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One appendix table, joined over its pages, header split off.

    `cells` are the data cells: `row` from 1, `col` = `Column.index`. Spans are kept: a note merged
    over several rows is one cell with a `row_span`. Those of a long file are packed (`extract.records`).
    """

    index: int
    caption: Caption
    columns: tuple[Column, ...]
    cells: Sequence[Cell]
    n_rows: int
    pages: tuple[int, ...] = ()
    method: str = ""
    text_after: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading of the narrative with the text under it (paragraphs separated by newlines).

    `label` as printed without its last dot (`II`, `2.1`); `level` from 1; `path` joins the labels
    from the root (`II.2.2.1`).
    """

    level: int
    label: str
    title: str
    path: str
    page: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The first page's facts as printed; empty where the report does not say.

    `number` is number and symbol (`2147/BC-SKHĐT`); `period_text` the title's and the span line's
    words about the time covered; `span_start`, `span_end` the dates of a stated span.
    """

    number: str = ""
    date: datetime.date | None = None
    agency: str = ""
    parent: str = ""
    place: str = ""
    title: str = ""
    period_text: str = ""
    span_start: datetime.date | None = None
    span_end: datetime.date | None = None
    signer: str = ""
    signer_role: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that one file says. `preamble` is the text before the first heading, after the title."""

    source: SourceFile
    letterhead: Letterhead
    headings: tuple[Heading, ...]
    tables: tuple[Table, ...]
    method: str
    pages: int | None = None
    preamble: str = ""
    problems: tuple[Problem, ...] = ()


def to_json(value: Any) -> Any:
    """Dataclasses, dates and tuples as plain JSON values; fields that hold nothing are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: to_json(v) for name, v in pairs if v not in (None, "", ())}
    if isinstance(value, (tuple, list, Packed)):
        return [to_json(v) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)
