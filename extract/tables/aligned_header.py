"""The header of a table without rules: header words side by side → header cells and columns.

In: a page's lines as runs. Out: the cells of a header (of one or two rows) and the free strips between
its columns. What belongs to the header is told from the first row by look (weight, brackets), place
(under or beside a header word) and content (no code, no figure).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import regex

from extract.page import Line, Style, Word, line_text
from extract.tables.header import word_role
from extract.tables.rows import is_code_text, is_number_text

Interval = tuple[float, float]
Gutters = tuple[tuple[Interval, ...], ...]  # between each two columns, the strips that no line covers
RUN_GAP = 0.36  # of the font size: wider than the space between words, narrower than a gutter
MIN_GUTTER = 1.5
_ANCHORS = frozenset(("STT", "TT", "TIÊU", "DUNG", "ĐVT", "SỐ", "MỤC", "MS", "MÃ", "LIỆU", "VỰC"))
STOP = regex.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU MẪU|Biểu mẫu|BIỂU SỐ|Biểu số|Mẫu số|MẪU SỐ)\b")
KEYED = ("stt", "name")


class Run(NamedTuple):
    """Words set with usual spaces: a part of a cell's line, or a line of prose."""

    x0: float
    x1: float
    base: float
    size: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return line_text(self.words)


@dataclass(frozen=True, slots=True)
class Columns:
    """Free strips between neighbouring columns, and the header's role of each column.

    For the next page also: where the lines of each column begin, and how much room the last line of the
    last name left.
    """

    gutters: Gutters
    roles: tuple[str, ...]
    lefts: tuple[float, ...] = ()
    room: float = 0.0

    @property
    def bounds(self) -> tuple[float, ...]:
        """The place of each division: the middle of its widest free strip."""
        widest = (max(strips, key=lambda s: s[1] - s[0]) for strips in self.gutters)
        return tuple((low + high) / 2 for low, high in widest)


@dataclass(frozen=True, slots=True)
class HeaderCell:
    row: int
    col: int
    row_span: int
    col_span: int
    words: tuple[Word, ...]


def runs_of(words: Sequence[Word], gap: float = RUN_GAP) -> list[Run]:
    out: list[list[Word]] = []
    for word in words:
        if out and word.x0 - out[-1][-1].x1 <= gap * word.size:
            out[-1].append(word)
        else:
            out.append([word])
    return [Run(r[0].x0, r[-1].x1, r[0].base, max(w.size for w in r), tuple(r)) for r in out]


def strips_of(items: Sequence[Line]) -> list[list[Run]]:
    """Pieces as whole printed lines again, each as its runs, top to bottom."""
    lines: list[list[Word]] = []
    for item in sorted(items, key=lambda p: (p.base, p.x0)):
        if lines and item.base - lines[-1][0].base < 0.4 * min(item.size, lines[-1][0].size):
            lines[-1].extend(item.words)
        else:
            lines.append(list(item.words))
    return [runs_of(sorted(line, key=lambda w: w.x0)) for line in lines]


def may_be_header(strip: Sequence[Run]) -> bool:
    return len(strip) >= 2 and any(w.text.upper().strip("()") in _ANCHORS for run in strip for w in run.words)


def find_header_cells(
    strips: Sequence[Sequence[Run]], index: int, style: Callable[[int], Style]
) -> tuple[tuple[HeaderCell, ...], int, Columns, int, int] | None:
    """The header round the line `index`: cells, rows, columns, its first line, the line below it."""
    anchor = strips[index]
    roles = [word_role(run.text) for run in anchor]
    if not any(role in KEYED for role in roles) or any(len(run.text) > 80 for run in anchor):
        return None
    if sum(1 for role in roles if role) < 2:
        return None
    size = anchor[0].size
    is_bold = style(anchor[0].words[0].start).is_bold
    header = list(anchor)
    first, last = index, index
    for step in (-1, 1):
        at = index + step
        while 0 <= at < len(strips) and abs(strips[at][0].base - anchor[0].base) < 4.5 * size:
            if step < 0 and _is_title(strips[at], header):
                break
            is_wide = is_bold or _is_header_line(strips[at]) or strips[at][0].text.startswith("(")
            grown = [run for run in strips[at] if _belongs(run, header, is_bold, is_wide, style, upwards=step < 0)]
            if len(grown) < len(strips[at]):
                break
            header.extend(grown)
            first, last = min(first, at), max(last, at)
            at += step
    groups = [run for run in header if _is_group(run, header)]
    leaves = _clusters([run for run in header if run not in groups])
    if len(leaves) < 3:
        return None
    leaf_roles = [word_role(" ".join(run.text for run in sorted(leaf, key=lambda r: r.base))) for leaf in leaves]
    if len({role for role in leaf_roles if role}) < 3 or not any(role in KEYED for role in leaf_roles):
        return None
    spans = [(min(r.x0 for r in leaf), max(r.x1 for r in leaf)) for leaf in leaves]
    if any(b[0] - a[1] < MIN_GUTTER for a, b in pairwise(spans)):
        return None
    columns = Columns(tuple(((a[1], b[0]),) for a, b in pairwise(spans)), tuple(leaf_roles))
    return _header_cells(leaves, groups, spans), 2 if groups else 1, columns, first, last + 1


def _is_header_line(strip: Sequence[Run]) -> bool:
    """A line with a word that only headers have, and no figure or code."""
    roles = {word_role(run.text) for run in strip}
    return bool(roles & {"unit", "note", "stt"}) and not any(
        is_code_text(run.text) or is_number_text(run.text) for run in strip
    )


def _is_in_brackets(run: Run, header: Sequence[Run]) -> bool:
    """A remark under a header word, and its next lines: `(Sử dụng trong kỳ báo cáo … năm)`."""
    above = "".join(h.text for h in header if run.x0 < h.x1 and h.x0 < run.x1)
    return run.text.startswith("(") or above.count("(") > above.count(")")


def _is_title(strip: Sequence[Run], header: Sequence[Run]) -> bool:
    """A line alone in the middle of the table's width is a caption over it, not a cell of its header."""
    middle = (min(h.x0 for h in header) + max(h.x1 for h in header)) / 2
    return len(strip) == 1 and abs((strip[0].x0 + strip[0].x1) / 2 - middle) < 1.5 * strip[0].size


def _belongs(
    run: Run, header: Sequence[Run], is_bold: bool, is_wide: bool, style: Callable[[int], Style], *, upwards: bool
) -> bool:
    """Is this run part of the header: beside one of its cells, or the next line of one?"""
    if len(run.text) > 60 or run.text.endswith((":", ".")) or STOP.match(run.text):
        return False
    if is_code_text(run.text) or is_number_text(run.text) or (upwards and ":" in run.text):
        return False
    look = style(run.words[0].start)
    if is_bold and not (look.is_bold or (not upwards and _is_in_brackets(run, header))):
        return False
    if abs(run.size - header[0].size) > 0.12 * run.size or (upwards and not is_bold and not run.text[:1].isupper()):
        return False
    # Header rows may be set wide apart; without a look of its own only the next line of a cell counts.
    has_look = is_bold and look.is_bold
    over = [h for h in header if run.x0 < h.x1 and h.x0 < run.x1]
    low, high = min(h.x0 for h in header), max(h.x1 for h in header)
    if len(over) != 1 and run.x1 - run.x0 > 0.62 * (high - low):
        return False
    if not over and not is_wide:
        return any(abs(run.base - h.base) < 0.9 * h.size for h in header)
    step = min(abs(run.base - h.base) for h in (header if has_look or not over else over))
    if step > (3.2 if is_wide else 1.5) * run.size:
        return False
    if not over:
        return True
    middle = (run.x0 + run.x1) / 2
    near = min(over, key=lambda h: abs(run.base - h.base))
    is_stacked = abs(middle - (near.x0 + near.x1) / 2) < 0.8 * run.size or abs(run.x0 - near.x0) < 2
    return is_stacked or is_wide or len(over) > 1 or upwards or run.text.startswith("(")


def _is_group(run: Run, header: Sequence[Run]) -> bool:
    """A header cell over several columns: two runs below it stand side by side under it, or round it."""
    below = [h for h in header if h.base > run.base + 0.5 * run.size]
    under = sorted((h for h in below if run.x0 < h.x1 and h.x0 < run.x1), key=lambda h: h.x0)
    if any(b.x0 - a.x1 > 0.3 * run.size for a, b in pairwise(under)):
        return True
    if under or word_role(run.text) in ("stt", "name", "unit", "note"):
        return False
    if any(h is not run and h.base <= run.base + 0.5 * run.size and _near(run, h) for h in header):
        return False
    left = [h for h in below if 0 <= run.x0 - h.x1 < 4 * run.size]
    right = [h for h in below if 0 <= h.x0 - run.x1 < 4 * run.size]
    return bool(left and right) and min(h.base for h in below) - run.base < 2 * run.size and len(below) >= 2


def _near(run: Run, other: Run) -> bool:
    return run.x0 < other.x1 and other.x0 < run.x1


def _clusters(runs: Sequence[Run]) -> list[list[Run]]:
    out: list[list[Run]] = []
    right = -1.0
    for run in sorted(runs, key=lambda r: r.x0):
        if out and run.x0 < right:
            out[-1].append(run)
        else:
            out.append([run])
        right = max(right, run.x1) if len(out[-1]) > 1 else run.x1
    return out


def _header_cells(
    leaves: Sequence[Sequence[Run]], groups: Sequence[Run], spans: Sequence[Interval]
) -> tuple[HeaderCell, ...]:
    def words(runs: Sequence[Run]) -> tuple[Word, ...]:
        return tuple(w for run in runs for w in run.words)

    under: dict[int, int] = {}
    cells = []
    for g, group in enumerate(sorted(groups, key=lambda r: r.x0)):
        middle = (group.x0 + group.x1) / 2
        cols = [c for c, (x0, x1) in enumerate(spans) if group.x0 < x1 and x0 < group.x1 and c not in under]
        if len(cols) < 2:
            after = next((c for c, (x0, _) in enumerate(spans) if x0 > middle), len(spans) - 1)
            cols = [c for c in (after - 1, after) if c >= 0 and c not in under]
        for c in range(min(cols, default=0), max(cols, default=-1) + 1):
            under[c] = g
        if cols:
            cells.append(HeaderCell(0, min(cols), 1, max(cols) - min(cols) + 1, group.words))
    for c, leaf in enumerate(leaves):
        is_under = c in under
        cells.append(HeaderCell(int(is_under), c, 1 if is_under or not groups else 2, 1, words(leaf)))
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.col)))
