"""What the history says of every report, on disk (`baocao.scratch`), by the order of its file.

In: the `ReportKey`s of a run, one after the other, and doubts that come up later. Out: verdicts, doubts and twins. The
rules are those of `baocao.history`; they only ever look at reports that share their bytes, their number and date, or
agency and period. Reports are joined by the hashes of these (24 bytes of memory a report; hashes that are equal by
chance join two that have nothing to say to each other) and each set is settled by itself.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np

from baocao.entries import Entries
from baocao.history import ReportKey, Verdict, settle
from normalize.findings import Doubt

_Array: TypeAlias = "np.ndarray[Any, Any]"
_FACTS = (
    "format",
    "method",
    "family",
    "agency_id",
    "province_id",
    "period",
    "doc_number",
    "figures",
    "parent",
    "place",
)
_facts_of = attrgetter(*_FACTS)
_MARK = "\x1f"
_PLAIN = tuple(field.name for field in fields(Doubt) if field.name not in ("facts", "observation_id"))
_plain_of = attrgetter(*_PLAIN)


class Judged:
    """Verdicts and doubts about the reports of these entries."""

    def __init__(self, database: sqlite3.Connection, entries: Entries) -> None:
        self._database, self._entries = database, entries
        self._n_doubts = 0
        for table in (
            f'keys ("order" INTEGER PRIMARY KEY, {", ".join(_FACTS)}, doc_date, appendices)',
            'verdicts ("order" INTEGER PRIMARY KEY, status, duplicate_of, supersedes, is_primary)',
            'doubts ("order" INTEGER, number INTEGER PRIMARY KEY, observation_id, content)',
            "twins (one INTEGER, other INTEGER)",
        ):
            database.execute(f"CREATE TABLE {table}")
        database.execute('CREATE INDEX doubts_by_order ON doubts ("order")')

    def settle(self, reports: Iterable[ReportKey]) -> None:
        """Decide about all reports; call it once."""
        orders, shared = array("q"), tuple(array("q") for _ in range(3))
        self._database.executemany(
            f"INSERT INTO keys VALUES ({', '.join('?' * (len(_FACTS) + 3))})",  # noqa: S608
            self._noted(reports, orders, shared),
        )
        for members in _sets([np.array(hashes, np.int64) for hashes in shared]):
            self._settle([self._key(orders[at]) for at in members])
        self._database.execute("DROP TABLE keys")

    @staticmethod
    def _noted(
        reports: Iterable[ReportKey], orders: array[int], shared: tuple[array[int], ...]
    ) -> Iterator[tuple[Any, ...]]:
        for report in reports:
            orders.append(report.order)
            for hashes, key in zip(shared, _shared(report), strict=True):
                hashes.append(0 if key is None else hash(key) or 1)
            day = report.doc_date and report.doc_date.isoformat()
            held = _MARK.join(sorted(report.appendices)) if report.appendices else None
            yield report.order, *_facts_of(report), day, held

    def _key(self, order: int) -> ReportKey:
        entry = self._entries[order]
        query = f'SELECT {", ".join(_FACTS)}, doc_date, appendices FROM keys WHERE "order" = ?'  # noqa: S608
        *facts, day, appendices = self._database.execute(query, (order,)).fetchone()
        return ReportKey(
            order=order,
            report_id=entry.report_id,
            source=entry.source,
            sha256=entry.sha256,
            doc_date=day and date.fromisoformat(day),
            appendices=frozenset() if appendices is None else frozenset(appendices.split(_MARK)),
            **dict(zip(_FACTS, facts, strict=True)),
        )

    def _settle(self, reports: list[ReportKey]) -> None:
        history = settle(reports)
        self._database.executemany(
            "INSERT INTO verdicts VALUES (?, ?, ?, ?, ?)",
            ((order, v.status, v.duplicate_of, v.supersedes, v.is_primary) for order, v in history.verdicts.items()),
        )
        self.add_doubts(history.doubts)
        self._database.executemany("INSERT INTO twins VALUES (?, ?)", history.twins)

    def twins(self) -> Iterator[tuple[int, int]]:
        """(primary, other) whose rows have to be compared."""
        yield from self._database.execute("SELECT one, other FROM twins ORDER BY one, other")

    def add_doubts(self, doubts: Iterable[tuple[int, Doubt]]) -> None:
        """(order of the report, doubt)"""
        for order, doubt in doubts:
            self._n_doubts += 1
            row = order, self._n_doubts, doubt.observation_id, _written(doubt)
            self._database.execute("INSERT INTO doubts VALUES (?, ?, ?, ?)", row)

    def verdicts(self, first: int, last: int) -> dict[int, Verdict]:
        """Those of the reports from one order to another; of one that is plainly primary there is none."""
        query = 'SELECT * FROM verdicts WHERE "order" BETWEEN ? AND ?'
        return {
            order: Verdict(status, duplicate_of, supersedes, bool(is_primary))
            for order, status, duplicate_of, supersedes, is_primary in self._database.execute(query, (first, last))
        }

    def doubts(self, first: int, last: int) -> dict[int, list[Doubt]]:
        """Likewise, in the order in which they were raised."""
        query = 'SELECT "order", observation_id, content FROM doubts WHERE "order" BETWEEN ? AND ? ORDER BY 1, number'
        found: dict[int, list[Doubt]] = {}
        for order, observation_id, content in self._database.execute(query, (first, last)):
            found.setdefault(order, []).append(_read(observation_id, content))
        return found

    def doubted(self, first: int, last: int) -> list[str]:
        """The observations that doubts are about."""
        query = "SELECT observation_id FROM doubts WHERE \"order\" BETWEEN ? AND ? AND observation_id != ''"
        return [one for (one,) in self._database.execute(query, (first, last))]


def _shared(report: ReportKey) -> tuple[Hashable, Hashable, Hashable]:
    """What makes the history look at two reports together, None where it is not known: see `baocao.history`."""
    number = (report.doc_number.casefold().replace(" ", ""), report.doc_date)
    body = (report.agency_id, report.province_id, report.period, report.family)
    is_settled = report.figures and report.agency_id and report.period
    return report.sha256, number if all(number) else None, body if is_settled else None


def _sets(shared: list[_Array]) -> Iterator[list[int]]:
    """The places that are joined by equal numbers other than 0 in any of the columns, where there are several."""
    n = len(shared[0])
    pairs = [_neighbours(hashes) for hashes in shared]
    one, other = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    label: _Array = np.arange(n)
    while True:  # each takes over the smallest label around it
        least = np.minimum(label[one], label[other])
        now = label.copy()
        for side in (one, other):
            np.minimum.at(now, label[side], least)
            np.minimum.at(now, side, least)
        now = now[now]
        if np.array_equal(now, label):
            break
        label = now
    members = np.union1d(one, other)
    members = members[np.argsort(label[members], kind="stable")]
    for group in np.split(members, np.flatnonzero(np.diff(label[members])) + 1):
        if len(group):
            yield group.tolist()


def _neighbours(hashes: _Array) -> tuple[_Array, _Array]:
    """Pairs of places with the same number: each with the first of them."""
    known = np.flatnonzero(hashes)
    order = known[np.argsort(hashes[known], kind="stable")]
    starts = np.flatnonzero(np.diff(hashes[order], prepend=0))
    first = order[np.repeat(starts, np.diff(starts, append=len(order)))]
    is_pair = first != order
    return first[is_pair], order[is_pair]


def _written(doubt: Doubt) -> str:
    facts = [[name, [str(value)] if isinstance(value, Decimal) else value] for name, value in doubt.facts]
    return json.dumps([facts, *_plain_of(doubt)], ensure_ascii=False)


def _read(observation_id: str, content: str) -> Doubt:
    facts, *plain = json.loads(content)
    known = ((name, Decimal(value[0]) if isinstance(value, list) else value) for name, value in facts)
    return Doubt(facts=tuple(known), observation_id=observation_id, **dict(zip(_PLAIN, plain, strict=True)))
