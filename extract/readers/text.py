"""Plain text → blocks: prose lines, and appendix tables whose cells are separated by tabs or pipes.

A run of tab lines is one grid. A blank line, a page break (form feed) or a lone page number inside
such a run does not end it, because text copies of reports carry the page breaks of the original.
Tables in HTML, drawn with characters or set with spaces have readers of their own (`html`, `text_drawn`,
`text_aligned`).
Lines of prose are paragraphs; marks such as `**` are removed, except that a mark glued between an
appendix number and its title (`Phụ lục 6**BIỂU MẪU…`) is where the printed line broke.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import regex

from extract.legacy import reading_of
from extract.legacy_files import decode_bytes, decode_text
from extract.model import Block, Cell, Grid, Paragraph, RawDocument, Reading
from extract.problems import LimitExceeded
from extract.readers.html import blocks_of as html_blocks
from extract.readers.markdown import has_html_table, without_marks
from extract.readers.text_aligned import aligned_blocks, has_aligned_table
from extract.readers.text_dashes import has_dashed_table, with_drawn_tables
from extract.readers.text_drawn import has_drawn_table, has_wrapped_cells, without_bars
from extract.records import maker
from extract.text import clean

_cell, _paragraph = maker(Cell), maker(Paragraph)
MAX_BYTES = 300_000_000
decode = decode_bytes  # the name under which other readers of text know it
_NOTHING: Mapping[str, tuple[str, str]] = MappingProxyType({})
_GLUED = regex.compile(r"^\W{0,6}(?:phụ\s*lục|biểu|mẫu)\b", regex.IGNORECASE)
_MARKS = regex.compile(r"\*{1,3}|</?[ib]>", regex.IGNORECASE)
_PIPE_ROW = regex.compile(r"^\s*\|.*\|\s*$|^\s*\|[^|]*\|[^|]*\|")  # closed, or of three cells at least
_OPEN_PIPES = regex.compile(r"^[^|]*[^|\s] \| [^|]*(?: \|[^|]*)+$")  # `1 | Số văn bản | Văn bản | 15`
_PIPE_RULE = regex.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?)?\s*$")
_PAGE_NUMBER = regex.compile(r"^\s*(?:-\s*)?\d{1,4}(?:\s*-)?\s*$")


def read_text(path: Path) -> RawDocument:
    """Read a text file. Raises LimitExceeded when it is larger than 300 MB."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes of text, the limit is {MAX_BYTES}", "split the file")
    decoded = decode_text(path.read_bytes())
    if has_html_table(decoded.text):
        page, converted = html_blocks(decoded.text)
        return RawDocument(tuple(page), "html", problems=(*decoded.problems, *converted))
    text = with_drawn_tables(decoded.text) if has_dashed_table(decoded.text) else decoded.text
    if has_drawn_table(text):
        blocks = aligned_blocks(text)
    elif has_wrapped_cells(decoded.text):
        blocks = aligned_blocks(without_bars(decoded.text))
    else:
        blocks = blocks_of(decoded.text, decoded.origin or {})
        if not any(isinstance(block, Grid) for block in blocks) and has_aligned_table(decoded.text):
            blocks = aligned_blocks(decoded.text)
    return RawDocument(blocks=tuple(blocks), method="text", problems=decoded.problems)


def blocks_of(text: str, origin: Mapping[str, tuple[str, str]] = _NOTHING) -> list[Block]:
    """Prose and tab tables of a text, in order. `page` stays None: text has lost its pages.

    `origin`: a line → (the line as read, the encoding it was in); its cells keep it as a reading.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f").replace("\x85", "\n").split("\n")
    blocks: list[Block] = []
    rows: list[list[str]] = []
    read: dict[int, tuple[str, str]] = {}  # row → the line as read
    gap: list[str] = []  # blank lines and page numbers seen since the last row: inside a table they say nothing
    opens_page = has_marks = False
    for line in lines:
        if not line:
            opens_page = opens_page or not rows
            continue
        if line[0] == "\f":
            line, opens_page = line[1:], True
        row = _row(line, in_table=bool(rows)) if "\t" in line or "|" in line else None
        if row is not None:
            if row:
                if origin and line in origin:
                    read[len(rows)] = origin[line]
                has_marks = has_marks or "*" in line or "#" in line or "\\" in line
                rows.append(row)
            gap = []
            continue
        if not line or line.isspace():
            opens_page = opens_page or not rows
            continue
        if rows and _PAGE_NUMBER.match(line):
            gap.append(line)
            continue
        if rows:
            blocks.append(_grid(rows, read, has_marks=has_marks))
            rows, read, has_marks = [], {}, False
        for number in gap:
            blocks.append(Paragraph(text=clean(number)))
        gap = []
        if "*" in line or "<" in line or "#" in line or "\\" in line:
            blocks += _paragraphs(line, opens_page)
        elif printed := clean(line):
            blocks.append(_paragraph(printed, None, None, "", None, None, None, opens_page))
        opens_page = False
    if rows:
        blocks.append(_grid(rows, read, has_marks=has_marks))
    return blocks


def _row(line: str, *, in_table: bool) -> list[str] | None:
    """The cells of a table line, [] for a rule between pipes, None for prose."""
    if "\t" in line:
        if not line.strip():
            return None
        # outside a table, one tab in front of a line of prose is an indent, not a cell
        return None if not in_table and line.count("\t") == 1 and line[0] == "\t" else line.split("\t")
    if "|" not in line:
        return None
    if _PIPE_RULE.match(line):
        return []
    if _PIPE_ROW.match(line):
        return _between(line.strip()).split("|")
    return line.split("|") if _OPEN_PIPES.match(line) else None


def _between(line: str) -> str:
    """What stands between the outer pipes; the last may be left out, and its cell empty."""
    return line.removeprefix("|").removesuffix("|")


def _grid(rows: list[list[str]], read: Mapping[int, tuple[str, str]], *, has_marks: bool) -> Grid:
    printed = [map(without_marks, row) for row in rows] if has_marks else rows
    cells = [_cell(r, c, text) for r, row in enumerate(printed) for c, text in enumerate(map(clean, row))]
    if read:
        cells = [
            replace(cell, readings=_readings(read.get(cell.row), cell.col, rows[cell.row][cell.col])) for cell in cells
        ]
    return Grid(cells=tuple(cells), n_rows=len(rows), n_cols=max(map(len, rows)), method="text")


def _readings(line: tuple[str, str] | None, col: int, text: str) -> tuple[Reading, ...]:
    """The cell as read, where it was converted: encodings never touch the tabs and pipes between cells."""
    if line is None:
        return ()
    raw, encoding = line
    cells = _row(raw, in_table=True) or [raw]
    before = cells[col] if col < len(cells) else raw
    return () if before == text else reading_of(before.strip(), encoding)


def _paragraphs(line: str, opens_page: bool) -> list[Paragraph]:
    if ("*" in line or "<" in line) and _GLUED.match(line):  # a caption with marks may be glued to its title
        texts = [text for text in map(clean, _MARKS.split(line)) if text]
        return [Paragraph(text=text, opens_page=opens_page and i == 0) for i, text in enumerate(texts)]
    text = clean(without_marks(line))
    return [Paragraph(text, None, None, "", None, None, None, opens_page)] if text else []
