"""The matching of the rows of one table, or stretch of it, against one appendix of a template.

In: printed rows, the printed row each hangs under, and the appendix they were found to be of. Out: `found`, the
template row of each printed row that has one, with method, confidence and finding. The rules run from what cannot be
wrong to what needs a finding, and rows before the rows that hang under them: see `normalize.mapping`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.mapindex import AppendixIndex, CatalogueIndex, PrintedRow, known_words
from normalize.namekeys import ASIDE, OPPOSITES, SPARE, WordChange, changed_words

DOUBTFUL, REWORDED = "indicator-doubtful-match", "indicator-reworded"
CLOSE = 0.85  # a name so near is the same name misread; 10 % wrong letters leave about 0.9
FAR = 0.6  # below this, agreement of code and unit is chance
MARGIN = 0.03  # a name must be nearer to its row than to any sister by this much


@dataclass(frozen=True, slots=True)
class Found:
    """A row given to a template row, before it becomes a `Match`."""

    at: AppendixIndex
    row: int
    method: str
    confidence: float
    finding: str = ""
    others: tuple[str, ...] = ()


class Segment:
    """The matching of one stretch of rows against one appendix."""

    def __init__(
        self,
        rows: Sequence[PrintedRow],
        span: range,
        parents: Sequence[int | None],
        at: AppendixIndex,
        index: CatalogueIndex,
        found: dict[int, Found],
        taken: set[int],
    ) -> None:
        self.rows, self.span, self.parents = rows, span, parents
        self.at, self.index, self.found, self.taken = at, index, found, taken

    def run(self) -> None:
        """Exact and undisputed rows first, then level by level: a row is told by the row it hangs under."""
        for n in self.span:
            self._same_code_and_name(n)
        if len(self.found) >= self.span.stop:
            return
        depth: dict[int, int] = {}
        for n in self.span:
            up = self.parents[n]
            depth[n] = depth[up] + 1 if up is not None and up in depth else 0
        for level in range(max(depth.values(), default=0) + 1):
            open_rows = [n for n in self.span if depth[n] == level and n not in self.found]
            for rule in (self._same_name, self._same_code, self._nearest, self._by_place):
                for n in open_rows:
                    if n not in self.found:
                        rule(n)

    def _give(self, n: int, row: int, method: str, confidence: float, finding: str = "", *others: int) -> None:
        if not finding and self.at.is_qualified_otherwise(row, self.rows[n].name_raw, self.index):
            finding, confidence = DOUBTFUL, min(confidence, 0.7)
        ids = tuple(self.at.rows[o].indicator_id for o in dict.fromkeys((row, *others))) if finding else ()
        self.found[n] = Found(self.at, row, method, confidence, finding, ids)
        self.taken.add(row)

    def _parent_row(self, n: int) -> int | None:
        """The template row that the printed parent was given to."""
        up = self.parents[n]
        given = self.found.get(up) if up is not None else None
        return given.row if given is not None and given.at is self.at else None

    def _same_code_and_name(self, n: int) -> None:
        printed = self.rows[n]
        row = self.at.by_code.get(printed.stt)
        if row is None or row in self.taken:
            return
        same = self.at.find(printed.name_raw)
        if row not in same:
            return
        if len(same) > 1 and self.parents[n] is not None and self._parent_row(n) != self.at.parents[row]:
            return  # `Tổng số nhiệm vụ được giao` under another heading: its parent decides, later
        self._give(n, row, "code+name", 1.0)

    def _same_name(self, n: int) -> None:
        """The name stands in the appendix under another code: the rows were renumbered."""
        printed = self.rows[n]
        same = self.at.find(printed.name_raw)
        free = [row for row in same if row not in self.taken]
        if not free:
            return
        parent = self._parent_row(n)
        under = [row for row in free if parent is not None and self.at.parents[row] == parent]
        coded = [row for row in free if printed.stt and self.at.rows[row].code == printed.stt]
        choice = free
        if len(same) > 1:  # several rows of one name: parent, then code; else the rows around them, in `_by_place`
            choice = under if under or parent is not None else coded
            if len(choice) != 1:
                return
        row = choice[0]
        expected = self._expected(n)
        is_doubtful = not self.at.fits_unit(row, printed.unit_raw)
        # a heading without a code hangs under the row above it only for want of a better place
        says_parent = bool(printed.stt or self.at.rows[row].code)
        is_doubtful |= says_parent and parent is not None and not under and self.at.parents[row] != parent
        if expected is not None and expected != row and expected not in self.taken:
            # A digit misread turns `mức độ 3` into `mức độ 4`; a renumbered table does so too. Say so.
            is_doubtful |= self.at.nearness(expected, printed.name_raw) >= CLOSE
        if is_doubtful:
            others = [o for o in (*free, expected) if o is not None]
            self._give(n, row, "name", 0.7, DOUBTFUL, *others)
        else:
            is_same_code = self.at.rows[row].code == printed.stt
            self._give(n, row, "code+name" if is_same_code else "name", 1.0 if is_same_code else 0.95)

    def _by_place(self, n: int) -> None:
        """Rows of one name and no parent or code to tell them apart: the heading they stand under in the table does."""
        printed = self.rows[n]
        same = self.at.find(printed.name_raw)
        is_exact = bool(same)
        same = same or self._damaged_twins(printed.name_raw)
        free = [r for r in same if r not in self.taken and self.at.fits_unit(r, printed.unit_raw)]
        if not free:
            return
        above = next((self.found[m].row for m in range(n - 1, self.span.start - 1, -1) if self._is_here(m)), None)
        family = {above, *self.at.ancestors(above)} if above is not None else set()
        placed = [r for r in free if self.at.parents[r] in family]
        # a row between that was not recognised may be the heading that begins another block of the same names
        is_next = above is not None and self._is_here(n - 1)
        if is_exact and len(placed) == 1 and is_next:
            return self._give(n, placed[0], "name", 0.9)
        later = [r for r in placed or free if above is None or r > above]
        row = (later or placed or free)[0]
        self._give(n, row, "name" if is_exact else "near", 0.6, DOUBTFUL, *free)

    def _damaged_twins(self, name: str) -> tuple[int, ...]:
        """The free rows that share the one name the printed one is a misreading of."""
        free = [row for row in range(len(self.at.rows)) if row not in self.taken]
        best = max(free, key=lambda row: self.at.nearness(row, name), default=None)
        if best is None or self.at.nearness(best, name) < 0.7:
            return ()
        old, new = self.at.closest(best, name)
        if not all(change.is_damage for change in changed_words(old, new, known_words(self.index))):
            return ()
        return tuple(row for row in free if self.at.rows[row].names == self.at.rows[best].names)

    def _is_here(self, n: int) -> bool:
        given = self.found.get(n)
        return given is not None and given.at is self.at

    def _expected(self, n: int) -> int | None:
        """The template row that code and parent agree on."""
        printed = self.rows[n]
        parent = self._parent_row(n)
        if parent is None:
            up = self.parents[n]
            row = self.at.by_code.get(printed.stt)
            return row if up is None or row is None or self.at.parents[row] == -1 or up not in self.found else None
        step = printed.stt.rpartition(".")[2]
        code = self.at.rows[parent].code
        by_parent = self.at.by_code.get(f"{code}.{step}") if code and step else None
        if by_parent is not None:
            return by_parent
        by_code = self.at.by_code.get(printed.stt)
        return by_code if by_code is not None and self.at.parents[by_code] == parent else None

    def _same_code(self, n: int) -> None:
        """Code, parent and unit agree and the name is similar: misread or reworded."""
        printed = self.rows[n]
        row = self._expected(n)
        if row is None or row in self.taken or not printed.name_raw or not self.at.fits_unit(row, printed.unit_raw):
            return
        near = self.at.nearness(row, printed.name_raw)
        rival, rival_near = self._rival(row, printed)
        if rival is not None and rival_near >= 0.7 and rival_near > near + MARGIN:
            return self._give(n, rival, "near", 0.6, DOUBTFUL, row)
        old, new = self.at.closest(row, printed.name_raw)
        changes = changed_words(old, new, known_words(self.index))
        context = self.at.context_words(row)
        real = [c for c in changes if not c.is_damage]
        if any(change.is_opposite for change in real):
            return None
        overlap = _overlap(old, new)
        is_clear = rival is None or near - rival_near >= MARGIN
        if not real and near >= CLOSE and is_clear:
            return self._give(n, row, "code+near", 0.9)
        if near < FAR and overlap < 0.5:
            return None
        others = (rival,) if rival is not None and rival_near >= FAR else ()
        if is_clear and overlap >= 0.75 and all(_counts_the_same(change, context) for change in real):
            return self._give(n, row, "code+unit", 0.8, REWORDED, *others)
        return self._give(n, row, "code+near" if near >= CLOSE else "code+unit", 0.6, DOUBTFUL, *others)

    def _rival(self, row: int, printed: PrintedRow) -> tuple[int | None, float]:
        """The free row, other than `row`, whose name is nearest to the printed one."""
        best, best_near = None, 0.0
        for other in range(len(self.at.rows)):
            if other == row or other in self.taken or not self.at.fits_unit(other, printed.unit_raw):
                continue
            near = self.at.nearness(other, printed.name_raw)
            if near > best_near and self.at.rows[other].names != self.at.rows[row].names:
                best, best_near = other, near
        return best, best_near

    def _nearest(self, n: int) -> None:
        """No code to go by, or it points nowhere: the nearest name under the same parent, always with a finding.

        Silent only for a row that has no code on either side, a heading between numbered rows.
        """
        printed = self.rows[n]
        if not printed.name_raw:
            return
        parent = self._parent_row(n)
        scored: list[tuple[float, int]] = []
        for row in range(len(self.at.rows)):
            if row in self.taken or not self.at.fits_unit(row, printed.unit_raw):
                continue
            # a heading without a code hangs under the row above it only for want of a better place
            is_loose = not printed.stt and not self.at.rows[row].code
            if parent is not None and self.at.parents[row] != parent and not is_loose:
                continue
            scored.append((self.at.nearness(row, printed.name_raw), row))
        if not scored:
            return
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        near, row = scored[0]
        second = scored[1][0] if len(scored) > 1 else 0.0
        if near < 0.8 or near - second < MARGIN:
            return
        old, new = self.at.closest(row, printed.name_raw)
        changes = changed_words(old, new, known_words(self.index))
        if any(change.is_opposite for change in changes):
            return
        is_damage = all(change.is_damage for change in changes)
        if not printed.stt and not self.at.rows[row].code and near >= CLOSE and near - second >= 0.1 and is_damage:
            return self._give(n, row, "near", 0.85)
        if near >= CLOSE or is_damage:
            self._give(n, row, "near", 0.6, DOUBTFUL, *(r for s, r in scored[1:3] if s >= FAR))


def _counts_the_same(change: WordChange, context: frozenset[str]) -> bool:
    """The change leaves what is counted as it is: words dropped that decide nothing, words added that the headings
    above say as well or that say only `trong kỳ`.

    A word put in the place of another is never excused by the headings: `phát hiện` for `xử lý` counts other things,
    also under a heading that names both.
    """
    old, new = set(change.old), set(change.new)
    if old and new:
        return old <= SPARE and new <= SPARE | context
    said = context - OPPOSITES
    return new <= ASIDE | said if new else not change.is_decisive or old <= SPARE | said


def _overlap(old: str, new: str) -> float:
    """The share of the official name's words that the printed name has."""
    a, b = set(old.split()), set(new.split())
    return len(a & b) / len(a) if a else 0.0
