"""Which indicator a printed row is: code, parent, name and unit together.

In: a `TableView` (rows of one table with canonical codes) and the catalogue. Out: one `Match` per row.
First the appendix is chosen (number, title, share of rows that match); a table that restarts its codes
is cut there, so two appendices printed as one table both find their own. Then exact rules conclude,
top rows before the rows under them: code and name; name alone when rows were renumbered (parents tell
equal names apart); then similar names, accepted only where code, parent and unit agree, and silently
only where nothing but misread letters differs. Everything less is a match with a finding, or none.
One template row goes to one printed row at most. A row that fits nothing keeps a provisional id made
from the appendix title, its parent and its name, the same in every run and every report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from normalize.catalogue import Catalogue
from normalize.mapindex import AppendixIndex, CatalogueIndex, index_of, known_words
from normalize.namekeys import WordChange, changed_words, plain_name, similarity
from normalize.provisional import MAX_PROVISIONAL, provisional_id
from normalize.text import clean, fold

DOUBTFUL, REWORDED, UNMATCHED = "indicator-doubtful-match", "indicator-reworded", "indicator-unmatched"
CLOSE = 0.85  # a name so near is the same name misread; 10 % wrong letters leave about 0.9
FAR = 0.6  # below this, agreement of code and unit is chance
MARGIN = 0.03  # a name must be nearer to its row than to any sister by this much
SAMPLE = 40  # rows that are compared by similarity to find the appendix
_SPARE = frozenset(("duoc", "trong", "ky", "bao", "cao", "cua", "cac", "tai", "theo"))  # words that count nothing else


@dataclass(frozen=True, slots=True)
class RowView:
    """A printed row: canonical code, canonical code of the row it hangs under, name and unit as printed."""

    stt: str
    parent_stt: str
    name_raw: str
    unit_raw: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """A printed table. `appendix` in Arabic digits or a symbol, `family` a template's; both may be empty."""

    appendix: str
    title: str
    rows: tuple[RowView, ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A finding a match raises: its code and the facts of its sentence, ready for `findings.Doubt`."""

    code: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The indicator of one printed row.

    `method`: code+name, name, code+near (letters misread), code+unit (reworded), near, provisional.
    `template`, `appendix`, `code` name the official row, empty for a provisional id. `candidates` are ids.
    """

    indicator_id: str
    name: str
    method: str
    confidence: float
    template: str = ""
    appendix: str = ""
    code: str = ""
    candidates: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return self.method == "provisional"


@dataclass(frozen=True, slots=True)
class _Found:
    """A row given to a template row, before it becomes a `Match`."""

    at: AppendixIndex
    row: int
    method: str
    confidence: float
    finding: str = ""
    others: tuple[str, ...] = ()


def match_table(table: TableView, catalogue: Catalogue) -> list[Match]:
    """One match per row of the table, in its order. Never raises on what is printed."""
    index = index_of(catalogue)
    found: dict[int, _Found] = {}
    taken: dict[int, set[int]] = {}
    parents = printed_parents(table.rows)
    for first, last in _segments(table.rows):
        rows = table.rows[first:last]
        at = _choose(table, rows, index, is_first=first == 0)
        if at is not None:
            used_rows = taken.setdefault(at.order, set())
            _Segment(table, range(first, last), parents, at, index, found, used_rows).run()
    _adopt_strays(table, index, found, taken)
    used: dict[str, int] = {}
    return [_match(table, n, parents, found, used) for n in range(len(table.rows))]


def printed_parents(rows: Sequence[RowView]) -> list[int | None]:
    """The printed row each row hangs under: the nearest row above that carries the parent's code."""
    last: dict[str, int] = {}
    out: list[int | None] = []
    for n, row in enumerate(rows):
        out.append(last.get(row.parent_stt) if row.parent_stt else None)
        if row.stt:
            last[row.stt] = n
    return out


def _segments(rows: Sequence[RowView]) -> Iterator[tuple[int, int]]:
    """Stretches of rows in which no top code stands twice: a table that starts again at 1 is two tables."""
    first, seen = 0, set[str]()
    for n, row in enumerate(rows):
        if row.stt in ("1", "I", "A") and row.stt in seen:
            yield first, n
            first, seen = n, set()
        seen.add(row.stt)
    yield first, len(rows)


def _choose(table: TableView, rows: Sequence[RowView], index: CatalogueIndex, is_first: bool) -> AppendixIndex | None:
    """The appendix these rows are of, None where no template fits.

    A number alone proves nothing (every report has a `Phụ lục 2`): names must match, or codes and units
    together with the title.
    """
    named = [row for row in rows if row.name_raw]
    if not named:
        return None
    hits: dict[int, int] = {}
    for row in named:
        for order in {at for at, _ in index.find(row.name_raw)}:
            hits[order] = hits.get(order, 0) + 1
    title = plain_name(table.title)
    is_plain = max(hits.values(), default=0) >= 0.6 * len(named)  # then only names that are equal count
    best: tuple[float, int] | None = None
    for at in index.appendices:
        share = hits.get(at.order, 0) / len(named)
        if is_plain and share < 0.3:
            continue
        same_number = is_first and table.appendix == at.appendix.number
        same_title = max((similarity(title, other) for other in at.titles), default=0.0) if title else 0.0
        codes = at.code_share(rows)
        if not is_plain:
            if not (share or same_number or same_title >= 0.7 or codes >= 0.5):
                continue
            near = at.near_share(named[:SAMPLE])
            if not (near >= 0.5 or share >= 0.3 or (near >= 0.3 and (same_number or same_title >= CLOSE))):
                continue
            share = max(share, near)
        family = 0.3 if table.family and table.family == at.family else 0.0
        score = 2 * share + 0.6 * same_title + 0.4 * same_number + family + 0.3 * codes
        if best is None or score > best[0]:
            best = (score, at.order)
    return index.appendices[best[1]] if best else None


class _Segment:
    """The matching of one stretch of rows against one appendix."""

    def __init__(
        self,
        table: TableView,
        span: range,
        parents: Sequence[int | None],
        at: AppendixIndex,
        index: CatalogueIndex,
        found: dict[int, _Found],
        taken: set[int],
    ) -> None:
        self.rows, self.span, self.parents = table.rows, span, parents
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
        ids = tuple(self.at.rows[o].indicator_id for o in dict.fromkeys((row, *others))) if finding else ()
        self.found[n] = _Found(self.at, row, method, confidence, finding, ids)
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
        is_doubtful |= parent is not None and not under and self.at.parents[row] != parent
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
        if is_exact and len(placed) == 1:
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
        is_decisive = any(change.is_decisive for change in real)
        overlap = _overlap(old, new)
        is_clear = rival is None or near - rival_near >= MARGIN
        if not real and near >= CLOSE and is_clear:
            return self._give(n, row, "code+near", 0.9)
        if near < FAR and overlap < 0.5:
            return None
        others = (rival,) if rival is not None and rival_near >= FAR else ()
        if is_clear and overlap >= 0.75 and (not is_decisive or _only_adds_context(real, context)):
            return self._give(n, row, "code+unit", 0.8, REWORDED, *others)
        return self._give(n, row, "code+near" if near >= CLOSE else "code+unit", 0.6, DOUBTFUL, *others)

    def _rival(self, row: int, printed: RowView) -> tuple[int | None, float]:
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
            if parent is not None and self.at.parents[row] != parent:
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


def _only_adds_context(changes: Sequence[WordChange], context: frozenset[str]) -> bool:
    """True where every other word comes from the headings above the row or says only `trong kỳ`."""
    spare = context | _SPARE
    return all({*change.old, *change.new} <= spare for change in changes)


def _overlap(old: str, new: str) -> float:
    """The share of the official name's words that the printed name has."""
    a, b = set(old.split()), set(new.split())
    return len(a & b) / len(a) if a else 0.0


def _adopt_strays(
    table: TableView, index: CatalogueIndex, found: dict[int, _Found], taken: dict[int, set[int]]
) -> None:
    """A row outside its table whose whole name and unit stand once in the catalogue: matched, and said so."""
    for n, row in enumerate(table.rows):
        if n in found or not row.unit_raw or fold(row.name_raw).count(" ") < 3:
            continue
        places = index.find(row.name_raw, 2)
        if len(places) != 1:
            continue
        order, at_row = places[0]
        at = index.appendices[order]
        if at_row in taken.get(order, ()) or not at.has_unit(at_row, row.unit_raw):
            continue
        ident = at.rows[at_row].indicator_id
        found[n] = _Found(at, at_row, "name", 0.6, DOUBTFUL, (ident,))
        taken.setdefault(order, set()).add(at_row)


def _match(
    table: TableView, n: int, parents: Sequence[int | None], found: dict[int, _Found], used: dict[str, int]
) -> Match:
    given = found.get(n)
    if given is None:
        return _provisional(table, n, parents, found, used)
    row = given.at.rows[given.row]
    notes: tuple[Note, ...] = ()
    if given.finding:
        facts = (
            ("name", clean(table.rows[n].name_raw)),
            ("indicator", row.names[0]),
            ("candidates", ", ".join(given.others)),
        )
        notes = (Note(given.finding, facts),)
    return Match(
        indicator_id=row.indicator_id,
        name=row.names[0],
        method=given.method,
        confidence=given.confidence,
        template=given.at.appendix.template,
        appendix=given.at.appendix.number,
        code=row.code,
        candidates=given.others,
        notes=notes,
    )


def _provisional(
    table: TableView, n: int, parents: Sequence[int | None], found: dict[int, _Found], used: dict[str, int]
) -> Match:
    printed = table.rows[n]
    name = clean(printed.name_raw).strip("-+• ") or printed.stt or "?"
    above: list[str] = []
    up = parents[n]
    while up is not None and len(above) < 8:
        given = found.get(up)
        above.append(given.at.rows[given.row].indicator_id if given else plain_name(table.rows[up].name_raw))
        up = parents[up]
    ident = provisional_id(table.title or table.appendix, name, tuple(above))
    used[ident] = used.get(ident, 0) + 1
    if used[ident] > 1:  # the same words twice under one heading: only their order tells them apart
        suffix = f"_{used[ident]}"
        ident = ident[: MAX_PROVISIONAL - len(suffix)] + suffix
    return Match(ident, name, "provisional", 0.5, notes=(Note(UNMATCHED, (("indicator_id", ident), ("name", name))),))
