"""Words of a header that justifying drew apart.

In: the runs of a header's lines. Out: the same runs, such words in one again: `Cùng  kỳ  năm` over `trước` is one cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.page import Word, line_text
from extract.tables.header_nodes import Run, lines_of

SPACE = 0.25  # of the font size: between words


class _Joined(NamedTuple):
    """The words of a justified line as one run."""

    x0: float
    x1: float
    base: float
    size: float
    words: tuple[Word, ...]


def unjustified(runs: Sequence[Run], leading: float) -> list[Run]:
    """Runs, the words that justifying drew apart in one again: `Cùng  kỳ  năm` over `trước`.

    Such words stand alone, as far apart as those beside them, over another line of their cell, and only the first may
    begin with a capital, as a cell does.
    """
    out: list[Run] = []
    for line in lines_of(runs):
        chain: list[Run] = []
        for run in line:
            if chain and not _goes_on(chain, run):
                out += _closed(chain, runs, leading)
                chain = []
            chain.append(run)
        out += _closed(chain, runs, leading)
    return out


def _goes_on(chain: Sequence[Run], run: Run) -> bool:
    gap = run.x0 - chain[-1].x1
    is_even = len(chain) < 2 or abs(gap - (chain[-1].x0 - chain[-2].x1)) < 0.1 * run.size
    are_single = all(len(r.words) == 1 for r in (*chain, run))
    return are_single and is_even and gap < 3 * run.size and not line_text(run.words)[:1].isupper()


def _closed(chain: Sequence[Run], runs: Sequence[Run], leading: float) -> list[Run]:
    if len(chain) < 2 or not _is_justified(chain, runs, leading):
        return list(chain)
    words = tuple(word for run in chain for word in run.words)
    return [_Joined(chain[0].x0, chain[-1].x1, chain[0].base, max(r.size for r in chain), words)]


def _is_justified(chain: Sequence[Run], runs: Sequence[Run], leading: float) -> bool:
    """Does another line of the cell stand below, whose first word had no room here? Cells beside each other whose lines
    stand as high (`thực` of `Kết quả thực hiện`, `tính` of `Đơn vị tính`) have lines of their own above or below."""
    first, last, size = chain[0], chain[-1], chain[0].size
    near = [r for r in runs if 0 < abs(r.base - first.base) < 1.6 * leading]
    own = [r for r in near if abs(r.x0 - first.x0) < 0.1 * size]
    below = [r for r in own if r.base > first.base]
    if not below or (not _begins_cell(chain) and len(below) == len(own)):
        return False
    width = last.x1 - first.x0
    natural = sum(r.x1 - r.x0 for r in chain) + SPACE * size * (len(chain) - 1)
    follows = min(below, key=lambda r: r.base).words[0]
    has_room = natural + SPACE * size + follows.x1 - follows.x0 < width
    return not has_room and not any(_is_set_with(r, other) for r in chain[1:] for other in near if other not in own)


def _begins_cell(chain: Sequence[Run]) -> bool:
    return line_text(chain[0].words)[:1].isupper()


def _is_set_with(run: Run, other: Run) -> bool:
    """Are these lines of one cell, centred, or set flush on either side?"""
    places = (run.x0 - other.x0, run.x1 - other.x1, (run.x0 + run.x1 - other.x0 - other.x1) / 2)
    return min(map(abs, places)) < 0.1 * run.size
