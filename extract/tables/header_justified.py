"""Words of a header that justifying drew apart.

In: the runs of a header's lines. Out: the same runs, such words in one again: `Cùng  kỳ  năm` over `trước` is one cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extract.page import Word, line_text
from extract.tables.header_nodes import Run, lines_of


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
    first, last = chain[0], chain[-1]
    is_over = any(
        abs(r.x0 - first.x0) < 0.1 * first.size and 0 < r.base - first.base < 1.6 * leading for r in runs
    )
    if len(chain) < 2 or not is_over:
        return list(chain)
    words = tuple(word for run in chain for word in run.words)
    return [_Joined(first.x0, last.x1, first.base, max(r.size for r in chain), words)]
