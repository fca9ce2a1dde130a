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
from functools import lru_cache
from typing import NamedTuple

from extract.records import quick
from normalize.catalogue import Catalogue
from normalize.mapindex import AppendixIndex, CatalogueIndex, index_of
from normalize.namekeys import plain_name, similarity
from normalize.provisional import provisional_id
from normalize.rowmatch import CLOSE, DOUBTFUL, Found, Segment
from normalize.text import clean, fold

UNMATCHED = "indicator-unmatched"
TOP_CODES = ("1", "I", "A")
SAMPLE = 40  # rows that are compared by similarity to find the appendix


class RowView(NamedTuple):
    """A printed row: canonical code, canonical code of the row it hangs under, name and unit as printed."""

    stt: str
    parent_stt: str
    name_raw: str
    unit_raw: str = ""


class TableView(NamedTuple):
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


@quick
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


@lru_cache(maxsize=256)  # a form comes again and again with the same codes and names
def match_table(table: TableView, catalogue: Catalogue) -> tuple[Match, ...]:
    """One match per row of the table, in its order. Never raises on what is printed."""
    index = index_of(catalogue)
    found: dict[int, Found] = {}
    taken: dict[int, set[int]] = {}
    parents = printed_parents(table.rows)
    for first, last in stretches([row.stt for row in table.rows]):
        rows = table.rows[first:last]
        at = _choose(table, rows, index, is_first=first == 0)
        if at is not None:
            used_rows = taken.setdefault(at.order, set())
            Segment(table.rows, range(first, last), parents, at, index, found, used_rows).run()
    _adopt_strays(table, index, found, taken)
    used: dict[str, int] = {}
    return tuple(_match(table, n, parents, found, used) for n in range(len(table.rows)))


def printed_parents(rows: Sequence[RowView]) -> list[int | None]:
    """The printed row each row hangs under: the nearest row above that carries the parent's code."""
    last: dict[str, int] = {}
    out: list[int | None] = []
    for n, row in enumerate(rows):
        out.append(last.get(row.parent_stt) if row.parent_stt else None)
        if row.stt:
            last[row.stt] = n
    return out


def stretches(codes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches of rows (first, behind the last) in which no top code stands twice: a table that starts again at 1 is
    two tables."""
    first, seen = 0, set[str]()
    for n, code in enumerate(codes):
        if code in TOP_CODES:
            if code in seen:
                yield first, n
                first, seen = n, set()
            seen.add(code)
    yield first, len(codes)


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


def _adopt_strays(table: TableView, index: CatalogueIndex, found: dict[int, Found], taken: dict[int, set[int]]) -> None:
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
        found[n] = Found(at, at_row, "name", 0.6, DOUBTFUL, (ident,))
        taken.setdefault(order, set()).add(at_row)


def _match(
    table: TableView, n: int, parents: Sequence[int | None], found: dict[int, Found], used: dict[str, int]
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
    table: TableView, n: int, parents: Sequence[int | None], found: dict[int, Found], used: dict[str, int]
) -> Match:
    printed = table.rows[n]
    name = clean(printed.name_raw).strip("-+• ") or printed.stt or "?"
    above: list[str] = []
    up = parents[n]
    while up is not None and len(above) < 8:
        given = found.get(up)
        above.append(given.at.rows[given.row].indicator_id if given else plain_name(table.rows[up].name_raw))
        up = parents[up]
    about = table.title or table.appendix
    ident = provisional_id(about, name, tuple(above))
    used[ident] = used.get(ident, 0) + 1
    if used[ident] > 1:  # the same words twice under one heading: only their order tells them apart
        ident = provisional_id(about, name, (*above, f"#{used[ident]}"))
    return Match(ident, name, "provisional", 0.5, notes=(Note(UNMATCHED, (("indicator_id", ident), ("name", name))),))
