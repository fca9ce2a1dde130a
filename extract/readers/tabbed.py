"""Tables and letterheads set with tabs in the paragraphs of a word processor, as typists made them.

In: blocks in reading order, the paragraphs with the tabs of their text. Out: the same blocks. Paragraphs that name
columns between tabs, with those that go on with tabs, are one grid, a row for each, as a text of tab lines is read; the
two halves of a letterhead's line are two paragraphs; in all others a tab is a space: it is an indent, or stands behind
the number of a heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import regex

from extract.model import Block, Cell, Grid, Paragraph, Reading
from extract.tables.header import names_columns
from extract.text import clean, fold

Readings: TypeAlias = Mapping[str, tuple[Reading, ...]]

MIN_COLUMNS, MIN_ROWS = 3, 2
_RIGHT_HALF = regex.compile(r"^(?:cong hoa xa hoi|doc lap|.{2,40}\bngay\b.{1,12}\bthang\b)")


def keep_tabs(text: str) -> str:
    """A printed line with the tabs between its words; without one where only its indent was a tab."""
    if "\t" not in text.strip():
        return clean(text)
    return "\t".join(map(clean, text.rstrip().split("\t")))


def without_tabs(text: str) -> str:
    return "\n".join(map(clean, text.split("\n"))) if "\t" in text else text


def with_tabbed_tables(blocks: Iterable[Block], method: str, readings: Readings) -> Iterator[Block]:
    """The blocks, paragraphs with tabs as grids or without their tabs. `readings`: what paragraphs were converted
    from, by their text."""
    run: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            if "\t" in block.text and "\n" not in block.text or run and block.label:
                run.append(block)
                continue
            if "\t" in block.text:
                block = replace(block, text=without_tabs(block.text))
        if run:
            yield from _settled(run, method, readings)
            run = []
        yield block
    yield from _settled(run, method, readings)


def _settled(run: Sequence[Paragraph], method: str, readings: Readings) -> Iterator[Block]:
    """Paragraphs with tabs, and numbered ones among them. What stands above the first that names columns is prose."""
    rows = [_cells(paragraph) for paragraph in run]
    start = next((i for i, row in enumerate(rows) if len(row) >= MIN_COLUMNS and names_columns(row)), len(run))
    end = max((i + 1 for i, paragraph in enumerate(run) if "\t" in paragraph.text), default=0)
    if end - start < 1 + MIN_ROWS:
        start = end = len(run)
    for paragraph in run[:start]:
        yield from _prose(paragraph)
    if start < end:
        cells: list[Cell] = []
        for r, (paragraph, row) in enumerate(zip(run[start:end], rows[start:end], strict=True)):
            named = next((c for c, text in enumerate(row) if text), 0)  # the row's readings stand on its first cell
            read = readings.get(paragraph.text, ())
            cells += [Cell(r, c, text, readings=read if c == named else ()) for c, text in enumerate(row)]
        yield Grid(tuple(cells), end - start, max(map(len, rows[start:end])), method)
    for paragraph in run[end:]:
        yield from _prose(paragraph)


def _prose(paragraph: Paragraph) -> Iterator[Paragraph]:
    left, _, right = (clean(half) for half in paragraph.text.rpartition("\t"))
    if left and _RIGHT_HALF.match(fold(right)):
        yield replace(paragraph, text=left)
        yield replace(paragraph, text=right, label="", opens_page=False)
    else:
        yield replace(paragraph, text=clean(paragraph.text))


def _cells(paragraph: Paragraph) -> list[str]:
    """The cells of a row; a number that Word counts is the first, with or without a tab of its own behind it."""
    texts = paragraph.text.split("\t")
    if paragraph.label:
        texts = [paragraph.label, *texts] if texts[0] else [paragraph.label, *texts[1:]]
    return texts
