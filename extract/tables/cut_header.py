"""A header at the foot of a page whose last lines stand on the next page, in tables without rules → the whole header.

In: the lines on top of a page, as runs, and the header that ended the page before. Out: the header with its words of
both pages, and the line here at which the rows begin.

The lines of the page before are set above those of this page as if no page had ended between them, and the header is
looked for in both together. What stands here is the rest of it only where it reads so (it goes on in small letters or
in brackets, or a line of it names columns), or is set in bold as the header was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extract.page import LEFT, Style, text_lines
from extract.tables.aligned_gutters import column_at
from extract.tables.aligned_header import FoundHeader, find_header_cells
from extract.tables.aligned_lines import Columns, Run, runs_of
from extract.tables.header import is_number_row
from extract.tables.header_nodes import lines_of
from extract.tables.header_words import word_role
from extract.tables.header_zone import LEADING, holds_row, may_be_header, names_columns


def header_over_break(
    strips: Sequence[Sequence[Run]],
    carried: Columns,
    style: Callable[[int], Style],
    above_row: Callable[[Sequence[Sequence[Run]], int], Sequence[Sequence[Run]]],
) -> FoundHeader | None:
    """The header that these lines complete; None where they do not. `below` counts the lines of this page.

    `above_row` gives the lines above the first row behind a line.
    """
    if not strips:
        return None
    above = _lines_before(carried, strips[0][0])
    both = [*above, *strips]

    def look(start: int) -> Style:
        return Style(carried.is_bold, is_italic=False) if start < 0 else style(start)

    for index in range(len(above)):
        if not may_be_header(above[index]) or holds_row(above[index]):
            continue
        found = find_header_cells(above_row(both, index), index, look)
        if found is None or found.first or found.below <= len(above):
            continue
        rest = both[len(above) : found.below]
        if (
            {"stt", "name", "value"} <= set(found.columns.roles)
            and (all(map(_reads_on, rest)) or (carried.is_bold and _is_in_bold(rest, found.columns, style)))
            and _is_whole(found, both[found.below : found.below + 1])
        ):
            return found._replace(below=len(rest))
    return None


def _lines_before(carried: Columns, first: Run) -> list[list[Run]]:
    """The lines of the header of the page before, the last of them one line above the first one here. Their words have
    numbers below 0: they are no words of this page."""
    shift = first.base - LEADING * first.size - max(w.base for cell in carried.header for w in cell.words)
    runs: list[Run] = []
    for n, cell in enumerate(carried.header, 1):
        moved = [
            w._replace(top=w.top + shift, bottom=w.bottom + shift, base=w.base + shift, start=-n) for w in cell.words
        ]
        runs += [run for line in text_lines(moved) for run in runs_of(line)]
    return [sorted(line, key=LEFT) for line in lines_of(runs)]


def _is_whole(found: FoundHeader, below: Sequence[Sequence[Run]]) -> bool:
    """Does the header end here? No bracket is open, and what stands below neither names columns nor numbers others."""
    texts = ["".join(word.text for word in cell.words) for cell in found.cells]
    if any(text.count("(") > text.count(")") for text in texts):
        return False
    return not any(
        names_columns(strip) or (len(strip) != len(found.columns.roles) and is_number_row([run.text for run in strip]))
        for strip in below
    )


def _reads_on(strip: Sequence[Run]) -> bool:
    """`quả`, `(hàng quý)`; or `Đơn vị tính` and `Số liệu` side by side."""
    return all(not run.text[0].isupper() or (len(strip) > 1 and word_role(run.text)) for run in strip)


def _is_in_bold(rest: Sequence[Sequence[Run]], columns: Columns, style: Callable[[int], Style]) -> bool:
    """Are the lines in bold like the header before, or plain where they go on, and one of them no name? That of a row
    may be in bold too."""
    runs = [run for strip in rest for run in strip]
    if not all(style(run.words[0].start).is_bold or not run.text[0].isupper() for run in runs):
        return False
    at = {columns.roles[column_at(columns.bounds, (run.x0 + run.x1) / 2)] for run in runs}
    return bool(at - {"stt", "name"})
