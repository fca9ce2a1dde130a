"""Text of old encodings in the cells of workbooks → Unicode.

In: sheets whose cells carry their text with its fonts (`.VnTime`, `VNI-Times`). Out: the same sheets, converted
in place, and what was converted. The whole workbook votes, each cell is decided by itself
(`extract.legacy`); figures are ASCII and stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.legacy import Decoder, Span, may_be_legacy, reading_of
from extract.model import Problem
from extract.readers.sheet_model import Sheet, SheetCell


def decode_sheets(sheets: Sequence[Sheet]) -> tuple[Problem, ...]:
    """Convert the cells of all sheets; the problems say what was converted or left undecided."""
    texts = [cell for sheet in sheets for cell in sheet.cells.values() if cell.kind == "text"]
    if not any(may_be_legacy(cell.text) for cell in texts if not cell.text.isascii()) and not _is_viqr(texts):
        return ()
    decoder = Decoder.of(_spans(cell) for cell in texts)
    if decoder is None:
        return ()
    for sheet in sheets:
        for place, cell in sheet.cells.items():
            if cell.kind == "text":
                sheet.cells[place] = _decoded(cell, decoder)
        name = decoder.decode((Span(sheet.name),))
        sheet.name = name.text if name.encoding else sheet.name
    return decoder.problems()


def _is_viqr(texts: Sequence[SheetCell]) -> bool:
    return may_be_legacy("\n".join(cell.text for cell in texts[:5000] if cell.text.isascii()))


def _spans(cell: SheetCell) -> tuple[Span, ...]:
    return cell.spans or (Span(cell.text),)


def _decoded(cell: SheetCell, decoder: Decoder) -> SheetCell:
    decoded = decoder.decode(_spans(cell))
    if decoded.text == cell.text and not decoded.encoding:
        return cell
    return replace(cell, text=decoded.text, readings=reading_of(decoded.raw, decoded.encoding))
