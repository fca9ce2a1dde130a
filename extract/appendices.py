"""Paragraphs and grids of a report in reading order → its tables, each with its caption and the text behind it.

In: the items of the narrative or of the appendices (`extract.document`). Out: one table after the other, as soon as the
next one begins: what a table was made of is not needed any more when it is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import regex

from extract.captions import (
    PERIOD_LINE,
    REFERENCE,
    UNIT_LINE,
    CaptionLine,
    caption_of,
    may_be_remark,
    read_caption,
    split_reference,
)
from extract.headings import join_paragraphs
from extract.model import Caption, Grid, Paragraph
from extract.tables.continued import Part, continues
from extract.text import UNREAD, clean, fold, unwrap

RULE = regex.compile(r"^[\W_]+$")  # a drawn line under a letterhead, stars between parts: no words
MAX_BRACKET_LINES = 4


@dataclass(slots=True)
class Open:
    """A table under way: its caption, its parts, and the lines seen since its last grid."""

    caption: Caption
    parts: list[Part] = field(default_factory=list)
    after: list[Paragraph] = field(default_factory=list)


def tables_of(
    items: Iterable[Paragraph | Part], loose: list[Paragraph] | None = None, *, in_body: bool = False
) -> Iterator[Open]:
    """Tables with their captions and the text behind them. Lines that belong to no table go to `loose`."""
    current: Open | None = None
    pending: list[Paragraph] = []
    loose = [] if loose is None else loose
    for item in items:
        if isinstance(item, Paragraph):
            pending.append(item)
            continue
        if item.header is None and current is None:
            pending.extend(as_paragraphs(item.grid))
            continue
        start = _caption_start(pending)
        governing = (
            next((part.header for part in reversed(current.parts) if part.header is not None), None)
            if current
            else None
        )
        if current is not None and item.header is None:
            current.after.extend(pending)  # rows without a header are the table's, whatever stands between
            current.parts.append(item)
        elif (
            current is not None
            and governing is not None
            and start is None
            and continues(governing, item)
            and not _has_prose(pending)
        ):
            current.parts.append(item)
        else:
            before, caption_lines = _split_pending(pending, start, in_body=in_body)
            (loose if current is None else current.after).extend(before)
            inherited = current.caption if current is not None and start is None and not in_body else None
            if current is not None:
                yield current
            current = Open(_caption(caption_lines, inherited), [item])
        pending = []
    if not in_body:
        (loose if current is None else current.after).extend(pending)
    if current is not None:
        yield current


def _has_prose(pending: Sequence[Paragraph]) -> bool:
    return any(len(clean(paragraph.text)) > 3 for paragraph in pending)


def _caption_start(pending: Sequence[Paragraph]) -> int | None:
    """The last caption line among the paragraphs since the last table."""
    found = [(i, caption) for i, paragraph in enumerate(pending) if (caption := caption_of(paragraph.text)) is not None]
    # `Phụ lục I` over `Biểu số 01/PCTN`: both belong to one caption when nothing but short lines stands between
    while len(found) > 1 and found[-1][0] - found[-2][0] <= 2 and not _is_next(found[-2][1], found[-1][1]):
        found.pop()
    return found[-1][0] if found else None


def _is_next(before: CaptionLine, caption: CaptionLine) -> bool:
    """Is this the next appendix, and nothing was read of the one before? `Phụ lục 4` over `Phụ lục 5`."""
    same_word = fold(before.raw).partition(" ")[0] == fold(caption.raw).partition(" ")[0]
    return same_word and bool(before.number) and before.number != caption.number


def _split_pending(
    pending: list[Paragraph], start: int | None, *, in_body: bool
) -> tuple[list[Paragraph], list[Paragraph]]:
    if start is not None:
        return pending[:start], pending[start:]
    if in_body:
        return pending[:-1], pending[-1:]
    # a second table under the same caption: short lines directly above it are its title
    cut = len(pending)
    while cut > 0 and len(pending) - cut < 4 and _is_title_line(pending[cut - 1].text):
        cut -= 1
    return pending[:cut], pending[cut:]


def _is_title_line(text: str) -> bool:
    text = clean(text)
    return bool(UNIT_LINE.match(text) or REFERENCE.match(text) or PERIOD_LINE.match(text)) or (
        len(text) < 200
        and text[:1] not in ("-", "–", "+", "•", "*")
        and not text.endswith((".", ";"))
        and text[:1].isupper()
    )


def _caption(paragraphs: Sequence[Paragraph], inherited: Caption | None) -> Caption:
    """Caption, title, reference, unit and period lines. A table without a caption inherits the number."""
    number = raw = reference = unit = period = ""
    titles: list[str] = []
    for line in _caption_lines(paragraphs):
        found = read_caption(line)
        if found is not None:
            if not raw or ("/" in found.number and "/" not in number):
                number, raw = found.number, found.raw
            line = found.rest
        line, glued = split_reference(line)
        reference = reference or glued
        if not may_be_remark(line):
            titles.append(line)
            continue
        unit_line = UNIT_LINE.match(line)
        if REFERENCE.match(line):
            reference = reference or line
        elif unit_line and len(line) < 120:
            unit = unit or clean(unit_line[1])
        elif PERIOD_LINE.match(line):
            period = period or line
        elif line:
            titles.append(line)
    if inherited is not None and not raw:
        number, raw, reference = inherited.appendix, inherited.appendix_raw, reference or inherited.reference
        titles = titles or [inherited.title]
    page = paragraphs[0].page if paragraphs else None
    return Caption(number, raw, " ".join(titles), reference, unit, period, page)


def _caption_lines(paragraphs: Sequence[Paragraph]) -> list[str]:
    """The printed lines above a table; one whose bracket is still open goes on with the lines that close it."""
    lines: list[str] = []
    still_open = 0
    for line in (clean(line) for paragraph in paragraphs for line in paragraph.text.split("\n")):
        if not line:
            continue
        if lines and 0 < still_open < MAX_BRACKET_LINES and lines[-1].count("(") > lines[-1].count(")"):
            lines[-1] = clean(unwrap(f"{lines[-1]}\n{line}"))
            still_open += 1
        else:
            lines.append(line)
            still_open = 1
    return lines


def text_after(paragraphs: Sequence[Paragraph]) -> str:
    """Free text behind a table, without the debris of stamps: a lone line in capitals at the end is the seal's."""
    kept = list(paragraphs)
    while kept and (text := clean(kept[-1].text)) and text.isupper() and len(text) < 80:
        kept.pop()
    return join_paragraphs(kept)


def as_paragraphs(grid: Grid) -> Iterable[Paragraph]:
    """The text of a layout table: column by column, as the halves of a letterhead are read."""
    for cell in sorted(grid.cells, key=lambda c: (c.col, c.row)) if grid.n_cols == 2 else grid.cells:
        for line in map(clean, cell.text.replace(UNREAD, "").split("\n")):
            if line and not RULE.match(line):
                yield Paragraph(text=line, page=cell.page, bbox=cell.bbox)
