"""Texts poured back into their moulds → blocks.

In: a body cut up by `docx_moulds`. Out: the blocks that `docx_tree` makes of it. Elements must close as they opened and
stand where they belong (rows in tables, cells in rows), else `NotUsual`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.legacy import Span
from extract.model import Block, Grid, Paragraph, Reading
from extract.readers.docx_fonts import Run, spans_of
from extract.readers.docx_grid import CellLook, GridBuilder, RowLook, is_real_table
from extract.readers.docx_moulds import Cut
from extract.readers.docx_paragraph import (
    Setting,
    cell_lines,
    is_gone,
    paragraph_of,
    paragraphs_of,
    printed_lines,
)
from extract.readers.docx_pieces import Closes, NotUsual, Opens, Shape

_BODY, _TBL, _TR, _TC = "", "w:tbl", "w:tr", "w:tc"
_HOLDER = {_TBL: (_BODY, _TC), _TR: (_TBL,), _TC: (_TR,)}


def passages_of_cut(cut: Cut, setting: Setting) -> Iterator[list[Span]]:
    """Every paragraph of the body with the fonts of its runs."""
    at = 0
    for mould in cut.moulds:
        at += mould.n_blank
        for step in mould.steps:
            if isinstance(step, Shape):
                if step.boxes:
                    raise NotUsual  # what hangs in boxes, drawn twice for old programs, is weighed by the tree
                spans = spans_of(poured(step, cut.texts, at), setting.fonts, step.look.style)
                if spans:
                    yield spans
        at += mould.n_texts


def poured(shape: Shape, texts: Sequence[str], at: int) -> list[Run]:
    """The runs of a paragraph with their texts, which begin at `at`."""
    return [Run(texts[at + n], *run[1:]) if n >= 0 else run for n, run in shape.runs]


class _Table:
    """A table under way, and the cell that is filled: its look, its text, what that was converted from."""

    __slots__ = ("grid", "look", "readings", "text")

    def __init__(self) -> None:
        self.grid = GridBuilder()
        self.open_cell(CellLook())

    def open_cell(self, look: CellLook) -> None:
        self.look = look
        self.text = ""
        self.readings: tuple[Reading, ...] = ()

    def close_cell(self) -> None:
        self.grid.cell(self.look, self.text, self.readings)

    def add(self, line: str) -> None:
        if line:
            self.text = f"{self.text}\n{line}" if self.text else line

    def add_nested(self, blocks: list[Block]) -> None:
        for block in blocks:
            if not isinstance(block, Grid):
                raise TypeError(block)
            if is_real_table(block):
                self.grid.nested.append(block)
            else:
                for cell in block.cells:
                    self.add(cell.text)


class Caster:
    """Blocks of one body. `held` are the open elements with what was the innermost holder of blocks before each."""

    def __init__(self, cut: Cut, setting: Setting) -> None:
        self._cut, self._setting = cut, setting
        self._texts = cut.texts
        self._blocks: list[Block] = []
        self._tables: list[_Table] = []
        self._held: list[tuple[str, str]] = []
        self._inside = _BODY
        self._unusual, self._decoder = setting.styles.unusual, setting.decoder

    def blocks(self) -> list[Block]:
        at = 0
        table: _Table | None = None  # the one in whose cell we are, where that cell may be followed by the next
        texts, unusual, is_unicode = self._texts, self._unusual, self._decoder is None
        for n_blank, n_texts, steps, _, next_cell in self._cut.moulds:
            at += n_blank
            if table is not None and next_cell is not None:
                row, cell, shape, style, first, n_said = next_cell
                table.close_cell()
                if row is not None:
                    table.grid.row(row)
                table.open_cell(cell)
                if n_said == 1 and is_unicode and style not in unusual:  # what `_in_cell` does, at half the price
                    table.text = printed_lines(texts[at + first])
                elif n_said or not is_unicode or style in unusual:
                    self._in_cell(table, shape, at)
            else:
                for step in steps:
                    if isinstance(step, Shape):
                        self._paragraph(step, at)
                    elif isinstance(step, Opens):
                        self._open(step)
                    else:
                        self._close(step)
                table = self._tables[-1] if self._is_in_cell() else None
            at += n_texts
        if self._held:
            raise NotUsual
        return self._blocks

    def _is_in_cell(self) -> bool:
        """Are a row and its cell the innermost open elements?"""
        held = self._held
        return len(held) > 1 and held[-1][0] == _TC and held[-2][0] == _TR

    def _is_plain(self, shape: Shape) -> bool:
        """Does this paragraph say its texts and nothing else, in no list and in no old encoding?"""
        return shape.is_plain and self._decoder is None and shape.look.style not in self._unusual

    def _text(self, shape: Shape, at: int) -> str:
        """What a plain paragraph says, as printed."""
        first, end = at + shape.first, at + shape.end
        return printed_lines(self._texts[first] if end - first == 1 else "".join(self._texts[first:end]))

    def _paragraph(self, shape: Shape, at: int) -> None:
        if self._inside == _TC:
            self._in_cell(self._tables[-1], shape, at)
        elif self._inside != _BODY:
            raise NotUsual
        elif not shape.is_even or not self._is_plain(shape):
            self._blocks += self._said(shape, at)
        elif text := self._text(shape, at):
            self._blocks.append(paragraph_of(shape.look, shape.runs[0][1], text, self._setting))

    def _in_cell(self, table: _Table, shape: Shape, at: int) -> None:
        if self._is_plain(shape):
            table.add(self._text(shape, at))
            return
        lines, readings = cell_lines(self._said(shape, at), self._setting)
        for line in lines:
            table.add(line)
        table.readings += tuple(readings)

    def _said(self, shape: Shape, at: int) -> list[Paragraph]:
        """The paragraph and, behind it, those of its text boxes."""
        runs = poured(shape, self._texts, at)
        out = paragraphs_of(shape.look, runs, self._setting)
        if shape.boxes and not is_gone(shape.look, runs):
            for box in shape.boxes:
                out += paragraphs_of(box.look, poured(box, self._texts, at), self._setting)
        return out

    def _open(self, step: Opens) -> None:
        name, look = step
        self._held.append((name, self._inside))
        holders = _HOLDER.get(name)
        if holders is None:
            return
        if self._inside not in holders:
            raise NotUsual
        self._inside = name
        if name == _TBL:
            self._tables.append(_Table())
        elif isinstance(look, RowLook):
            self._tables[-1].grid.row(look)
        elif isinstance(look, CellLook):
            self._tables[-1].open_cell(look)

    def _close(self, step: Closes) -> None:
        name, before = self._held.pop() if self._held else ("", "")
        if name != step.name:
            raise NotUsual
        self._inside = before
        if name == _TC:
            self._tables[-1].close_cell()
        elif name == _TBL:
            blocks = self._tables.pop().grid.blocks()
            if self._tables:
                self._tables[-1].add_nested(blocks)
            else:
                self._blocks += blocks
