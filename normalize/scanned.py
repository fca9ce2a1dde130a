"""Does a scanned table look like one that was read whole? Guards that do not ask how it was read.

In: one table that was read by OCR, its printed rows, all tables of the report. Out: doubts. A figure is filed in the
row its code names and under the appendix its caption names: where one of these may be misread, the figure may be right
and in the wrong place, and nothing about the figure itself shows it. (Headers: `extract.tables.odd_header`.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set

import regex

from extract.model import Table
from extract.text import fold
from normalize.catalogue import Catalogue
from normalize.filed import Stretch
from normalize.findings import Doubt
from normalize.model import Observation
from normalize.repair import is_covered
from normalize.rows import PrintedRow

ENOUGH_SAME_CODES = 2
ENOUGH_CODES, FEW = 6, 0.1  # rows with codes, and of all rows those without
_TOTALS = ("tong", "cong")
ENOUGH_GROUPS = 2  # whole groups for each one without its head
_UNIT_AND_FIGURE = regex.compile(r"\p{L}[\p{L} ,]*\s\d[\d.,]*")  # a rule between two columns was not seen
_CODE = regex.compile(r"^\d{1,3}(?:\.\d{1,3}){0,5}\.?$")


def scan_doubts(table: Table, rows: Sequence[PrintedRow]) -> Iterator[Doubt]:
    """Doubts about the rows of one scanned table; none for a table of another format."""
    if table.method != "ocr":
        return
    codes = codes_of(rows)
    column = next((column.index for column in table.columns if column.role == "stt"), None)
    covered = {cell.row for cell in table.cells if cell.col == column and is_covered(cell)}
    for stt in missing_parents(codes):
        row = next(row for row in rows if row.stt_raw.startswith(f"{stt}."))
        yield Doubt(
            "ocr-row-missing", (("parent", stt), ("name", row.name[:80])), appendix=table.caption.appendix,
            stt=stt, table=table.index, row=row.number, page=row.page, actual=row.stt_raw,
        )  # fmt: skip
    bare = _without_code(rows)
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        reason = _broken(row)
        if row.number in bare and not reason:
            yield _row_doubt(table, row, "", row.name[:60])
        for one in (before, row) if reason else ():
            if one is not None and (one.stt_raw or one is row):
                yield _row_doubt(table, one, one.stt_raw.rstrip("."), reason)
        if row.number in covered and row.stt_raw:
            yield Doubt(
                "ocr-cell-covered", (("name", row.name[:80]), ("value_raw", row.stt_raw)),
                appendix=table.caption.appendix, stt=row.stt_raw.rstrip("."), table=table.index, row=row.number,
                page=row.page, actual=row.stt_raw,
            )  # fmt: skip
        fused = _fused(row, after, codes)
        for one, stt in zip((row, after), fused, strict=False):
            if one is not None:
                yield _row_doubt(table, one, stt, row.stt_raw)


def _row_doubt(table: Table, row: PrintedRow, stt: str, reason: str) -> Doubt:
    return Doubt(
        "ocr-row-broken", (("reason", reason), ("name", row.name[:80])), appendix=table.caption.appendix,
        stt=stt, table=table.index, row=row.number, page=row.page, actual=reason,
    )  # fmt: skip


def _broken(row: PrintedRow) -> str:
    """What shows that a row is a part of one, or two of them; '' where nothing does."""
    if len([part for part in row.stt_raw.split() if _CODE.match(part)]) > 1:
        return row.stt_raw[:60]
    if not row.stt_raw and row.name[:1].islower():
        return row.name[:60]
    if _UNIT_AND_FIGURE.fullmatch(row.unit_raw) and not any(cell.text for cell in row.values.values()):
        return row.unit_raw[:60]
    return ""


def _without_code(rows: Sequence[PrintedRow]) -> Set[int]:
    """The few rows with a figure and without a code in a table of codes: a hole, a stamp or a streak took it. Items of
    a list and totals have none."""
    found = {row.number for row in rows if not row.stt_raw and any(cell.text for cell in row.values.values())}
    if len(rows) - len(found) < ENOUGH_CODES or len(found) > max(1, FEW * len(rows)):
        return frozenset()
    return {
        row.number
        for row in rows
        if row.number in found and row.name[:1].isupper() and not fold(row.name).startswith(_TOTALS)
    }


def missing_parents(codes: Set[str]) -> list[str]:
    """Codes with rows under them that have none of their own, in a table whose other groups of that depth begin with
    theirs: such a row was lost, as the last one of a page."""
    parents = {code.rpartition(".")[0] for code in codes if all(part.isdigit() for part in code.split("."))} - {""}
    missing = parents - codes
    whole = Counter(code.count(".") for code in parents & codes)
    lost = Counter(code.count(".") for code in missing)
    return sorted(code for code in missing if whole[code.count(".")] >= ENOUGH_GROUPS * lost[code.count(".")])


def codes_of(rows: Sequence[PrintedRow]) -> Set[str]:
    """The codes of a table."""
    return {row.stt_raw.rstrip(".") for row in rows if row.stt_raw}


def _fused(row: PrintedRow, after: PrintedRow | None, codes: Set[str]) -> tuple[str, ...]:
    """The two codes that stand in the code cell of a row, the rule below it unread: `1.2.1.3` or `4.4.1` over a row
    without one, in a table without `1.2.1` or `4.4`."""
    parts = row.stt_raw.rstrip(".").split(".")
    if after is None or after.stt_raw or not all(part.isdigit() for part in parts):
        return ()
    if ".".join(parts[:-1]) in codes:
        return ()
    both = next(((parts[:k], parts[k:]) for k in range(1, len(parts)) if _follows(parts[:k], parts[k:])), ())
    return tuple(".".join(code) for code in both)


def _follows(first: list[str], second: list[str]) -> bool:
    """Is the second code the first one's first part, or the next of its level or of one above?"""
    last = len(second) - 1
    if second == [*first, "1"]:
        return True
    return last < len(first) and second[:-1] == first[:last] and int(second[-1]) == int(first[last]) + 1


def unknown_names(
    stretches: Sequence[Stretch], observations: Sequence[Observation], catalogue: Catalogue
) -> Iterator[Doubt]:
    """A doubt on each figure of a coded row of no known name, among rows of a form that is known: a name read so badly
    files its figure under an indicator of its own."""
    spans = [(stretch.first, stretch.last) for stretch in stretches if stretch.form is not None]
    for observation in observations if spans else ():
        is_known = not observation.stt or observation.indicator_id in catalogue.by_id
        if not is_known and any(first <= observation.row <= last for first, last in spans):
            yield Doubt.at(observation, "ocr-name-unknown")


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


__all__ = ["codes_of", "missing_parents", "repeated_numbers", "scan_doubts", "unknown_names"]
