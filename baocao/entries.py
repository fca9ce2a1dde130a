"""The entries of a run on disk (`baocao.scratch`), in the order of the sources.

In: entries as they are decided, in any order. Out: the same, one after the other or by their order, as often as one
likes; memory holds a few hundred. `Copies` counts how often a content came, also on disk.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter

from baocao.ledger import Place, Reading, ReadKey

_PACKET = 256


@dataclass(slots=True)
class Entry:
    """A file's place in the dataset. `part` and `place` say where its rows lie once it is read; `status`
    is failed or skipped with `code`, `message` and `next_step` where it has none, empty otherwise."""

    order: int
    source: str
    sha256: str
    report_id: str
    status: str = ""
    code: str = ""
    message: str = ""
    next_step: str = ""
    part: str = ""
    place: int = 0

    def settle(self, reading: Reading) -> None:
        """Take over what was read, or what it failed with. A file that holds no report is skipped."""
        self.part, self.place = reading.part, reading.place
        if reading.code:
            self.status = "skipped" if reading.code == "no-report" else "failed"
            self.code, self.message, self.next_step = reading.code, reading.message, reading.next_step


_FIELDS = tuple(field.name for field in fields(Entry))
_PART = _FIELDS.index("part")
_cells_of = attrgetter(*_FIELDS)
_COLUMNS = ", ".join(f'"{name}"' for name in _FIELDS)


class Entries:
    """All entries of a run. They come as rows, in any order, and are read as packets of neighbours: a dataset is
    written in ten passes, and rows of SQLite take five times as long to read."""

    def __init__(self, database: sqlite3.Connection, entries: Iterable[Entry] = ()) -> None:
        self._database = database
        self._waiting: list[Entry] = []
        self._is_packed = self._has_ids = False
        database.execute(
            'CREATE TABLE entries ("order" INTEGER PRIMARY KEY, source TEXT, sha256 TEXT, report_id TEXT, status TEXT,'
            " code TEXT, message TEXT, next_step TEXT, part TEXT, place INTEGER)"
        )
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Add an entry that is decided. It is not looked at again when it changes later."""
        self._waiting.append(entry)
        if len(self._waiting) >= _PACKET:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            rows, self._waiting = list(map(_cells_of, self._waiting)), []
            marks = ", ".join("?" * len(_FIELDS))
            self._database.executemany(f"INSERT INTO entries VALUES ({marks})", rows)  # noqa: S608
            self._is_packed = False

    def __iter__(self) -> Iterator[Entry]:
        return self._packed("")

    def read(self) -> Iterator[Entry]:
        """Those that have rows."""
        return (entry for entry in self._packed("WHERE has_rows") if entry.part)

    def _packed(self, where: str) -> Iterator[Entry]:
        self._pack()
        for (content,) in self._database.execute(f"SELECT content FROM packets {where} ORDER BY first"):  # noqa: S608
            yield from map(Entry, *json.loads(content))

    def _pack(self) -> None:
        self._write()
        if self._is_packed:
            return
        self._database.execute("CREATE TABLE IF NOT EXISTS packets (first INTEGER PRIMARY KEY, has_rows, content)")
        self._database.execute("DELETE FROM packets")
        rows = self._database.execute(f'SELECT {_COLUMNS} FROM entries ORDER BY "order"')  # noqa: S608
        while some := rows.fetchmany(_PACKET):
            columns = list(zip(*some, strict=True))
            packet = some[0][0], any(columns[_PART]), json.dumps(columns)
            self._database.execute("INSERT INTO packets VALUES (?, ?, ?)", packet)
        self._is_packed = True

    def __len__(self) -> int:
        self._write()
        (n,) = self._database.execute("SELECT count(*) FROM entries").fetchone()
        return int(n)

    def __getitem__(self, order: int) -> Entry:
        self._write()
        query = f'SELECT {_COLUMNS} FROM entries WHERE "order" = ?'  # noqa: S608
        return Entry(*self._database.execute(query, (order,)).fetchone())

    def parts(self) -> list[str]:
        """The parts that hold rows of any of them."""
        self._write()
        return [part for (part,) in self._database.execute("SELECT DISTINCT part FROM entries WHERE part != ''")]

    def order_of(self, report_id: str) -> int:
        """The order of a report, by its id."""
        if not self._has_ids:
            self._write()
            self._database.execute("CREATE INDEX entries_by_id ON entries (report_id)")
            self._has_ids = True
        query = 'SELECT "order" FROM entries WHERE report_id = ?'
        (order,) = self._database.execute(query, (report_id,)).fetchone()
        return int(order)

    def sort(self) -> None:
        """Number all of them anew, in the order of the sources."""
        self._write()
        places = self._database.execute('SELECT "order" FROM entries ORDER BY source').fetchall()
        # By way of negative numbers: an order that is taken can be given to no other.
        now = ((-1 - new, old) for new, (old,) in enumerate(places))
        self._database.executemany('UPDATE entries SET "order" = ? WHERE "order" = ?', now)
        self._database.execute('UPDATE entries SET "order" = -1 - "order"')
        self._is_packed = False

    def move(self, moved: Iterable[tuple[Place, Place]]) -> None:
        """Rows lie elsewhere now, all at once: (from, to)."""
        self._write()
        self._database.execute("CREATE TEMP TABLE moved (part, place, to_part, to_place, PRIMARY KEY (part, place))")
        self._database.executemany("INSERT INTO moved VALUES (?, ?, ?, ?)", ((*was, *now) for was, now in moved))
        self._database.execute(
            "UPDATE entries SET (part, place) = (SELECT to_part, to_place FROM moved m"
            " WHERE m.part = entries.part AND m.place = entries.place) WHERE part != ''"
        )
        self._database.execute("DROP TABLE moved")
        self._is_packed = False


class Copies:
    """How often a content came in this run: by the start of its hash, which is a report's id, and as it is read."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.execute("CREATE TABLE contents (short INTEGER PRIMARY KEY, rest TEXT)")
        database.execute("CREATE TABLE copies (short INTEGER, rest TEXT)")
        database.execute("CREATE INDEX copies_of ON copies (short, rest)")

    def count(self, key: ReadKey) -> int:
        """Count one more; how many came whose hash starts like this one."""
        short, rest = _cut(key)
        if self._database.execute("INSERT OR IGNORE INTO contents VALUES (?, ?)", (short, rest)).rowcount:
            return 1
        self._database.execute("INSERT INTO copies VALUES (?, ?)", (short, rest))
        (n,) = self._database.execute("SELECT count(*) FROM copies WHERE short = ?", (short,)).fetchone()
        return 1 + int(n)

    def times(self, key: ReadKey) -> int:
        """How many came that are read as one."""
        query = (
            "SELECT (SELECT count(*) FROM contents WHERE short = ?1 AND rest = ?2)"
            " + (SELECT count(*) FROM copies WHERE short = ?1 AND rest = ?2)"
        )
        return int(self._database.execute(query, _cut(key)).fetchone()[0])


def _cut(key: ReadKey) -> tuple[int, str]:
    sha256, extension = key
    return int(sha256[:12], 16), sha256[12:] + extension
