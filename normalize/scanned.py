"""Does a scanned table look like one that was read whole? Guards that do not ask how it was read.

In: one table that was read by OCR, its printed rows, all tables of the report. Out: doubts. A figure is filed in the
row its code names and under the appendix its caption names: where one of these may be misread, the figure may be right
and in the wrong place, and nothing about the figure itself shows it. (Headers: `extract.tables.odd_header`.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import regex

from extract.model import Table
from normalize.findings import Doubt
from normalize.rows import PrintedRow

ENOUGH_SAME_CODES = 2
_CODE = regex.compile(r"^\d{1,3}(?:\.\d{1,3}){0,5}\.?$")


def scan_doubts(table: Table, rows: Sequence[PrintedRow]) -> Iterator[Doubt]:
    """Doubts about the rows of one scanned table; none for a table of another format."""
    if table.method != "ocr":
        return
    for before, row in zip([None, *rows], rows, strict=False):
        reason = _broken(row)
        for one in (before, row) if reason else ():
            if one is not None and (one.stt_raw or one is row):
                yield Doubt(
                    "ocr-row-broken", (("reason", reason), ("name", one.name[:80])), appendix=table.caption.appendix,
                    stt=one.stt_raw.rstrip("."), table=table.index, row=one.number, page=one.page, actual=reason,
                )  # fmt: skip


def _broken(row: PrintedRow) -> str:
    """What shows that a row is a part of one, or two of them; '' where nothing does."""
    if len([part for part in row.stt_raw.split() if _CODE.match(part)]) > 1:
        return row.stt_raw[:60]
    if not row.stt_raw and row.name[:1].islower():
        return row.name[:60]
    return ""


def codes_of(rows: Sequence[PrintedRow]) -> Set[str]:
    """The codes of a table."""
    return {row.stt_raw.rstrip(".") for row in rows if row.stt_raw}


def repeated_numbers(tables: Sequence[Table], codes: Sequence[Set[str]]) -> Iterator[Doubt]:
    """Two scanned tables of one appendix number with the same codes: the number of one of them was misread."""
    for i, table in enumerate(tables):
        if table.method != "ocr":
            continue
        same = [
            k
            for k, other in enumerate(tables)
            if k != i
            and other.caption.appendix == table.caption.appendix
            and len(codes[i] & codes[k]) >= ENOUGH_SAME_CODES
        ]
        if same:
            yield Doubt(
                "ocr-caption-doubtful", (("raw", table.caption.appendix_raw), ("title", table.caption.title[:80])),
                appendix=table.caption.appendix, table=table.index, page=table.caption.page,
                actual=table.caption.appendix,
            )  # fmt: skip


__all__ = ["codes_of", "repeated_numbers", "scan_doubts"]
