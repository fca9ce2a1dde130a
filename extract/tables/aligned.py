"""Tables without rules: columns from alignment, rows from codes and spacing.

In: the pieces of printed lines outside ruled tables. Out: tables with their columns and rows, and the
pieces that belong to none. The idea:

1. header words (STT, Chỉ tiêu, Đơn vị tính, Số liệu …) that stand side by side make a header;
2. between two header cells runs a gutter; going down line by line, each line takes away what it covers,
   and a line that would close a gutter is not part of the columns: prose, or a heading over the columns;
3. the table ends where prose begins; `rows.split_rows` then finds the rows.

A table that goes on over the page without a header starts at step 2 with the gutters of the page before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import regex

from extract.page import Line, Style, Word, line_text
from extract.tables.header import word_role
from extract.tables.rows import ColumnLine, column_lines, is_code_text, is_number_text, split_rows

Interval = tuple[float, float]
Gutters = tuple[tuple[Interval, ...], ...]  # between each two columns, the strips that no line covers
RUN_GAP = 0.36  # of the font size: wider than the space between words, narrower than a gutter
MIN_GUTTER = 1.5
_ANCHORS = frozenset(("STT", "TT", "TIÊU", "DUNG", "ĐVT", "SỐ", "MỤC", "MS", "MÃ", "LIỆU", "VỰC"))
_STOP = regex.compile(r"^(?:PHỤ LỤC|Phụ lục|BIỂU MẪU|Biểu mẫu|BIỂU SỐ|Biểu số|Mẫu số|MẪU SỐ)\b")
_KEYED = ("stt", "name")


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


@dataclass(frozen=True, slots=True)
class AlignedTable:
    """`rows` hold the lines of each column; `spanning` are the rows whose name runs over the columns."""

    columns: Columns
    header: tuple[HeaderCell, ...]
    n_header: int
    rows: tuple[tuple[tuple[ColumnLine, ...], ...], ...]
    spanning: frozenset[int]
    x0: float
    top: float
    x1: float
    bottom: float


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


def find_aligned(
    items: Sequence[Line], rules: Sequence[float], style: Callable[[int], Style], carried: Columns | None
) -> tuple[list[AlignedTable], list[Line]]:
    """Tables of one page region, top to bottom, and the pieces outside them.

    `rules` are the y of horizontal rules; `carried` the columns of a table that may go on from the page
    before.
    """
    strips = strips_of(items)
    tables: list[AlignedTable] = []
    taken: set[int] = set()
    index = 0
    if carried is not None and not any(
        _may_be_header(strips[i]) and _header(strips, i, style) for i in range(min(6, len(strips)))
    ):
        table, end = body_table(strips, 0, carried, rules, (), 0, opens_row=False)
        if table is not None:
            tables.append(table)
            taken |= {w.start for strip in strips[:end] for run in strip for w in run.words}
            index = end
    while index < len(strips):
        found = _header(strips, index, style) if _may_be_header(strips[index]) else None
        if found is None:
            index += 1
            continue
        cells, n_header, columns, first, below = found
        if carried is not None and not tables and len(carried.roles) == len(columns.roles):
            gutters = _both(columns.gutters, carried.gutters)
            columns = replace(columns, gutters=gutters, lefts=carried.lefts, room=carried.room)
        table, end = body_table(
            strips, below, columns, rules, cells, n_header, opens_row=not tables and carried is None
        )
        if table is None:
            index += 1
            continue
        tables.append(table)
        taken |= {w.start for strip in strips[first:end] for run in strip for w in run.words}
        index = max(end, index + 1)
    if not tables:
        return [], list(items)
    return tables, [p for p in items if p.words[0].start not in taken]


def _both(own: Gutters, carried: Gutters) -> Gutters:
    """The gutters of a header as far as those of the page before agree: few lines show too little."""
    out = []
    for mine, theirs in zip(own, carried, strict=True):
        shared = tuple(
            (max(a, c), min(b, d)) for a, b in mine for c, d in theirs if min(b, d) - max(a, c) >= MIN_GUTTER
        )
        out.append(shared or mine)
    return tuple(out)


def _may_be_header(strip: Sequence[Run]) -> bool:
    return len(strip) >= 2 and any(w.text.upper().strip("()") in _ANCHORS for run in strip for w in run.words)


def _header(
    strips: Sequence[Sequence[Run]], index: int, style: Callable[[int], Style]
) -> tuple[tuple[HeaderCell, ...], int, Columns, int, int] | None:
    """The header round the line `index`: cells, rows, columns, its first line, the line below it."""
    anchor = strips[index]
    roles = [word_role(run.text) for run in anchor]
    if not any(role in _KEYED for role in roles) or any(len(run.text) > 80 for run in anchor):
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
    if len({role for role in leaf_roles if role}) < 3 or not any(role in _KEYED for role in leaf_roles):
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
    if len(run.text) > 60 or run.text.endswith((":", ".")) or _STOP.match(run.text):
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


def body_table(
    strips: Sequence[Sequence[Run]], start: int, columns: Columns, rules: Sequence[float],
    header: tuple[HeaderCell, ...], n_header: int, *, opens_row: bool,
) -> tuple[AlignedTable | None, int]:  # fmt: skip
    """The table whose body begins at line `start`, and the line after it; None where there is no body."""
    gutters = columns.gutters
    members: list[tuple[int, bool]] = []  # (line, does it run over the columns)
    last_strong, kept = -1, gutters
    pending: list[int] = []
    at = start
    while at < len(strips):
        strip = strips[at]
        if members and strip[0].base - strips[members[-1][0]][0].base > 6 * strip[0].size:
            break
        if _STOP.match(line_text([w for run in strip for w in run.words])) or _repeats(strip):
            break
        left = _without(gutters, strip)
        if left is None:
            pending.append(at)
            if len(pending) > 2 or (len(pending) > 1 and not _has_code(strips[pending[0]], columns)):
                break
            if last_strong < 0 and not _has_code(strip, columns):
                break
        else:
            members += [(k, True) for k in pending]
            pending = []
            gutters = left
            members.append((at, False))
            if _is_strong(strip, columns, gutters):
                last_strong, kept = len(members), gutters
        at += 1
    if last_strong < 0 and not opens_row:
        last_strong = _rest_of_row(strips, members, columns)
    if last_strong < 0:
        return None, start
    members, gutters = _with_rest(strips, members, last_strong, Columns(kept, columns.roles))
    found = Columns(gutters, columns.roles)
    return _table(strips, members, found, rules, header, n_header, opens_row=opens_row), members[-1][0] + 1


def _rest_of_row(strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], columns: Columns) -> int:
    """How many lines at the head of a page are the rest of the row that the page before began; -1 for none.

    They begin where the lines of their columns began, and the first word would not have fitted before.
    """
    count = 0
    for k, is_over in members:
        strip = strips[k]
        step = strip[0].base - strips[members[count - 1][0]][0].base if count else 0.0
        at = [_column(columns.bounds, (run.x0 + run.x1) / 2) for run in strip]
        begins = bool(columns.lefts) and all(
            abs(columns.lefts[c] - run.x0) < 2 for c, run in zip(at, strip, strict=True)
        )
        if is_over or not begins or step > 1.45 * strip[0].size:
            break
        count += 1
    if not count:
        return -1
    first = strips[members[0][0]][0]
    goes_on = first.text[:1].islower() or first.words[0].x1 - first.x0 > columns.room - 0.3 * first.size
    return count if goes_on else -1


def _repeats(strip: Sequence[Run]) -> bool:
    """Another header: a new table begins here."""
    if len(strip) < 3 or not _may_be_header(strip):
        return False
    roles = [word_role(run.text) for run in strip]
    return "stt" in roles and len(set(roles) - {""}) >= 3


def _without(gutters: Gutters, strip: Sequence[Run]) -> Gutters | None:
    """The gutters less what this line covers; None where it closes one."""
    out = []
    for strips in gutters:
        for run in strip:
            if run.x0 > strips[-1][1] or run.x1 < strips[0][0]:
                continue
            cut: list[Interval] = []
            for low, high in strips:
                if run.x0 >= high or run.x1 <= low:
                    cut.append((low, high))
                    continue
                cut += [(a, b) for a, b in ((low, run.x0), (run.x1, high)) if b - a >= MIN_GUTTER]
            if not cut:
                return None
            strips = tuple(cut)
        out.append(strips)
    return tuple(out)


def _has_code(strip: Sequence[Run], columns: Columns) -> bool:
    """Does the line begin with a code where the codes stand?"""
    first = strip[0].words[0]
    if not is_code_text(first.text):
        return False
    if "stt" not in columns.roles:
        return True
    code = columns.roles.index("stt")
    low = columns.gutters[code - 1][0][0] if code else -1e9
    high = columns.gutters[code][-1][1] if code < len(columns.gutters) else 1e9
    return low <= (first.x0 + first.x1) / 2 <= high


def _is_strong(strip: Sequence[Run], columns: Columns, gutters: Gutters) -> bool:
    """A line that only a table has: a code in the code column, or something in a unit or value column."""
    bounds = Columns(gutters, columns.roles).bounds
    for run in strip:
        role = columns.roles[_column(bounds, (run.x0 + run.x1) / 2)]
        if role == "stt" and is_code_text(run.text):
            return True
        if role in ("unit", "unit?", "value", "") and len(strip) > 1:
            return True
    return False


def _column(bounds: Sequence[float], x: float) -> int:
    return sum(1 for b in bounds if b < x)


def _with_rest(
    strips: Sequence[Sequence[Run]], members: list[tuple[int, bool]], last_strong: int, columns: Columns,
) -> tuple[list[tuple[int, bool]], Gutters]:  # fmt: skip
    """The table's lines: up to the last strong one, and the lines that go on with its row."""
    out, kept = members[:last_strong], columns.gutters
    for k, is_over in members[last_strong:]:
        step = strips[k][0].base - strips[out[-1][0]][0].base
        left = None if is_over else _without(kept, strips[k])
        if left is None or step > 1.45 * strips[k][0].size or _has_code(strips[k], columns):
            break
        kept = left
        out.append((k, False))
    return out, kept


def _table(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], columns: Columns, rules: Sequence[float],
    header: tuple[HeaderCell, ...], n_header: int, *, opens_row: bool,
) -> AlignedTable:  # fmt: skip
    bounds, roles = columns.bounds, columns.roles
    code = roles.index("stt") if "stt" in roles else None
    name = roles.index("name") if "name" in roles else _widest(strips, members, bounds, code)
    words: list[list[Word]] = [[] for _ in roles]
    over: list[float] = []
    separators = list(rules)
    for k, is_over in members:
        for i, word in enumerate(w for run in strips[k] for w in run.words):
            if is_over:
                words[code if code is not None and not i and is_code_text(word.text) else name].append(word)
            else:
                words[_column(bounds, (word.x0 + word.x1) / 2)].append(word)
        if is_over:
            base, size = strips[k][0].base, strips[k][0].size
            if not over or not _goes_on(strips[k], base - over[-1], columns):
                separators.append(base - 0.5 * size)
            over.append(base)
            separators.append(base + 0.4 * size)
    lines = [column_lines(w) for w in words]
    values = [c for c, role in enumerate(roles) if role in ("value", "") and c not in (code, name)]
    rows = split_rows(lines, code, name, values, separators, opens_row=opens_row)
    spanning = {r for r, row in enumerate(rows) if any(line.base in over for line in row[name])}
    every = [w for column in words for w in column] + [w for cell in header for w in cell.words]
    lefts = tuple(min((line.x0 for line in column), default=-1.0) for column in lines)
    tail = [line for row in rows for line in row[name]]
    room = max((line.x1 for line in tail), default=0.0) - tail[-1].x1 if tail else 0.0
    body = tuple(tuple(tuple(column) for column in row) for row in rows)
    return AlignedTable(
        Columns(columns.gutters, roles, lefts, room), header, n_header, body, frozenset(spanning),
        min(w.x0 for w in every), min(w.top for w in every), max(w.x1 for w in every), max(w.bottom for w in every),
    )  # fmt: skip


def _goes_on(strip: Sequence[Run], step: float, columns: Columns) -> bool:
    return step < 1.4 * strip[0].size and not _has_code(strip, columns)


def _widest(
    strips: Sequence[Sequence[Run]], members: Sequence[tuple[int, bool]], bounds: Sequence[float], code: int | None
) -> int:
    width = [0.0] * (len(bounds) + 1)
    for k, _ in members:
        for run in strips[k]:
            width[_column(bounds, (run.x0 + run.x1) / 2)] += run.x1 - run.x0
    if code is not None:
        width[code] = -1.0
    return width.index(max(width))
