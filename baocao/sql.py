"""Questions in SQL: `baocao sql OUT "SELECT …"`.

In: a dataset and one statement that reads. Out: an `Answer`, whose rows come in pieces, and its three printed
forms: a table for people, CSV and JSON for programs. Every table of the dataset is a view, `figures` among them:
the rows that may be counted on without a second look.

The statement can do nothing but read these files: other statements are refused by their kind, and DuckDB is
locked before it sees the text (no other file, no network, no extension, no setting).
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import wrap
from typing import IO, Any

from baocao.dataset import Dataset
from baocao.decisions import guarded
from baocao.errors import UsageError
from baocao.messages import Messages
from baocao.output import manifest_of
from baocao.rows import plain_decimal
from baocao.schema import TITLES
from baocao.views import files, quoted

ROWS_AT_A_TIME = 5_000
_READS = frozenset({"SELECT", "EXPLAIN", "MULTI"})  # MULTI: what PIVOT becomes
_LONGEST_CELL = 60  # letters of a cell on a terminal; CSV and JSON have it whole


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns (made unique) and the rows, which are fetched as they are asked for."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def asked(out: Path, statement: str, say: Messages) -> Iterator[Answer]:
    """Run one statement on a dataset. Raises `UsageError`: no dataset, not one reading statement, or what DuckDB
    has against it, with the tables there are."""
    if manifest_of(out) is None:
        raise UsageError(
            say("error.no-dataset", path=out, name="datapackage.json"), say("error.no-dataset.next", path=out)
        )
    import duckdb

    out = out.resolve()
    with tempfile.TemporaryDirectory(prefix="baocao-sql-") as spill, Dataset(out).duckdb() as database:
        _lock(database, out, spill)
        try:
            result = database.execute(_one_reading(database, statement, say))
            described = result.description or []
            numeric = tuple(_is_number(str(kind)) for _, kind, *_ in described)
            yield Answer(_unique([str(name) for name, *_ in described]), numeric, _rows(result))
        except duckdb.Error as error:
            tables = ", ".join(name for (name,) in database.execute("SHOW TABLES").fetchall())
            raise UsageError(
                say("sql.refused", why=_first_lines(error)), say("sql.refused.next", tables=tables)
            ) from error


def tables(out: Path, say: Messages) -> list[str]:
    """What can be asked: every view with its meaning, its number of rows, its columns, and what is no text."""
    own = 0 if say.language == "vi" else 1
    with Dataset(out).duckdb() as database:
        lines = []
        for (name,) in database.execute("SHOW TABLES").fetchall():
            about = TITLES[name][own] if name in TITLES else say("sql.figures")
            n = database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]  # noqa: S608 - our own names
            columns = database.execute(f"SELECT * FROM {name} LIMIT 0").description  # noqa: S608
            named = ", ".join(column + _told(str(kind)) for column, kind, *_ in columns)
            lines += [
                f"{name} ({say('inspect.rows', n=n)}): {about}",
                *wrap(named, 110, initial_indent="  ", subsequent_indent="  "),
                "",
            ]
    return [*lines, say("sql.one.next")]


def _told(kind: str) -> str:
    return "" if kind == "VARCHAR" else f"\xa0({kind.lower()})"


def _lock(database: Any, out: Path, spill: str) -> None:
    """From here on only the dataset's own files can be read, and nothing written but what does not fit in memory."""
    database.execute(f"SET temp_directory={quoted(Path(spill))}")
    database.execute(f"SET allowed_paths=[{', '.join(quoted(path) for path in files(out))}]")
    database.execute("SET enable_external_access=false")
    database.execute("SET lock_configuration=true")


def _one_reading(database: Any, statement: str, say: Messages) -> Any:
    """The statement, parsed; refused unless it is exactly one and reads."""
    found = database.extract_statements(statement)
    if len(found) != 1:
        raise UsageError(say("sql.one", n=len(found)), say("sql.one.next"))
    kind = str(found[0].type).rpartition(".")[2]
    if kind not in _READS:
        raise UsageError(say("sql.reads-only", kind=kind), say("sql.one.next"))
    return found[0]


def _rows(result: Any) -> Iterator[tuple[Any, ...]]:
    while piece := result.fetchmany(ROWS_AT_A_TIME):
        yield from piece


def _is_number(kind: str) -> bool:
    return kind.partition("(")[0] in ("NUMBER", "DOUBLE", "FLOAT", "DECIMAL") or kind.endswith(("INT", "INTEGER"))


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """`a, a` → `a, a_2`: an object of JSON holds a name once."""
    made: list[str] = []
    for name in names:
        n, unique = 1, name
        while unique in made:
            n += 1
            unique = f"{name}_{n}"
        made.append(unique)
    return tuple(made)


def _first_lines(error: Exception) -> str:
    """What DuckDB says, with the place in the statement, in one paragraph less its own advertisement of kinds."""
    text = str(error).strip()
    return text.partition("Error: ")[2] or text


# ---------------------------------------------------------------- printed forms


def text_of(cell: Any) -> str:
    """A cell as plain text: dates ISO, numbers with a point and no more digits than they have, null empty."""
    if cell is None or cell != cell:  # the latter: not a number
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return plain_decimal(Decimal(repr(cell))) if abs(cell) != float("inf") else str(cell)
    if isinstance(cell, Decimal):
        return plain_decimal(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False, default=text_of)
    return str(cell)


def write_csv(answer: Answer, stream: IO[str]) -> int:
    """Comma, LF, quotes where needed; text a spreadsheet would take for a formula gets a `'`, as in the dataset."""
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(answer.columns)
    n = 0
    for n, row in enumerate(answer.rows, 1):  # noqa: B007 - the count is the result
        lines.writerow([guarded(cell) if isinstance(cell, str) else text_of(cell) for cell in row])
    return n


def write_json(answer: Answer, stream: IO[str]) -> int:
    """A list of objects, one a line."""
    n = 0
    for n, row in enumerate(answer.rows, 1):
        stream.write("[\n" if n == 1 else ",\n")
        cells = dict(zip(answer.columns, map(_json_cell, row), strict=True))
        stream.write(json.dumps(cells, ensure_ascii=False, default=text_of))
    stream.write("\n]\n" if n else "[]\n")
    return n


def _json_cell(cell: Any) -> Any:
    is_odd = isinstance(cell, float) and (cell != cell or abs(cell) == float("inf"))
    return None if is_odd else cell


def show(answer: Answer, stream: IO[str], most: int, say: Messages) -> int:
    """A table for people with at most `most` rows; says when there are more, and when there is none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = [row for row, _ in zip(answer.rows, range(most + 1), strict=False)]
    on_terminal = stream.isatty()
    sheet = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for name, is_number in zip(answer.columns, answer.numeric, strict=True):
        sheet.add_column(Text(name), justify="right" if is_number else "left", overflow="fold")
    for row in rows[:most]:
        cells = [" ".join(text_of(cell).split()) for cell in row]
        if on_terminal:
            cells = [cell if len(cell) <= _LONGEST_CELL else f"{cell[: _LONGEST_CELL - 1]}…" for cell in cells]
        sheet.add_row(*map(Text, cells))
    Console(file=stream, width=None if on_terminal else 10_000, highlight=False).print(sheet)
    if not rows:
        stream.write(say("sql.no-rows") + "\n")
    if len(rows) > most:
        stream.write(say("sql.more", n=most) + "\n")
    return min(len(rows), most)
