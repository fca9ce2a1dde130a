"""A file that holds more than one report, put together for an archive or a summary.

In: the tables of a file in order, and the lines of its narrative. Out: an error for each table that stands behind the
beginning of another report: agency and period of the first are not its own. A report begins with `BÁO CÁO` alone on its
line, its subject below, and its first part (`I.`). A workbook gathers the forms of several bodies, one a sheet: told by
letterheads that name another agency, or by one form that was filled in twice with other figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import regex

from extract.letterhead import ORGANISATION
from extract.model import Letterhead, Problem, Table
from extract.text import begins_with, clean, fold

_FIRST_PART = regex.compile(r"^(?:I|A|PHẦN (?:I|THỨ NHẤT|MỘT))\s*[.:)\-–]?\s*\p{L}", regex.IGNORECASE)
# With one of these, no line begins that says `BÁO CÁO`.
_NO_TITLE = frozenset(
    char
    for code in (*range(0x41, 0x250), *range(0x1EA0, 0x1F00))
    if (char := chr(code)).isalpha() and fold(char)[:1] not in ("b", "")
)
LETTERHEAD_LINES = 5
ENOUGH_ROWS = 3  # that two forms share
TITLE_LINES = 25  # between `BÁO CÁO` and the first part


def second_reports(tables: Sequence[Table], narrative: Iterable[str]) -> Iterator[Problem]:
    """`narrative` are the lines of the body, behind the letterhead and title of the first report."""
    begins = 1 if _begins_in(narrative) else None
    for table in tables:
        if begins is not None and table.index >= begins:
            message = "a table stands behind the beginning of another report"
            yield Problem("several-reports", "error", message, min(table.pages, default=None), table.index)
        elif _begins_in(table.text_after.split("\n")):
            begins = table.index + 1
    if begins is not None and begins > len(tables):
        yield Problem("several-reports", "error", "another report begins behind the last table")


def other_bodies(tables: Sequence[Table], letterhead: Letterhead) -> Iterator[Problem]:
    """Tables behind the letterhead of another agency, and forms that stand on a sheet before with other figures."""
    is_other = False
    forms: dict[str, list[dict[tuple[str, str], tuple[str, ...]]]] = {}
    appendices = [table.caption.appendix for table in tables if table.method == "sheet"]
    for table in tables:
        message = "a table stands behind the letterhead of another agency" if is_other else ""
        if table.method == "sheet" and appendices.count(table.caption.appendix) > 1:
            rows = _rows(table)
            before = forms.setdefault(table.caption.appendix, [])
            if not message and any(_is_filled_again(rows, other) for other in before):
                message = "the form stands on a sheet before, with other figures"
            before.append(rows)
        if message:
            yield Problem("several-reports", "error", message, min(table.pages, default=None), table.index)
        if (other := _names_other(table.text_after, letterhead)) is not None:
            is_other = other


def _names_other(text: str, letterhead: Letterhead) -> bool | None:
    """Does a letterhead stand here that names another agency? None where none does."""
    lines = text.split("\n")
    at = next((n for n, line in enumerate(lines) if "cong hoa xa hoi" in fold(line)), None)
    if at is None or not letterhead.agency:
        return None
    own = [_key(line) for line in lines[max(0, at - LETTERHEAD_LINES) : at + LETTERHEAD_LINES]]
    named = [key for line, key in zip(lines[max(0, at - LETTERHEAD_LINES) :], own, strict=False)
             if ORGANISATION.match(line) and key not in _key(letterhead.parent)]  # fmt: skip
    return None if not named else _key(letterhead.agency) not in " ".join(own)


def _key(text: str) -> str:
    return fold(text).replace("uy ban nhan dan", "ubnd")


def _rows(table: Table) -> dict[tuple[str, str], tuple[str, ...]]:
    """(code, name) → figures of each row."""
    role = {column.index: column.role for column in table.columns}
    rows: dict[int, dict[str, list[str]]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {}).setdefault(role[cell.col], []).append(clean(cell.text))
    return {
        ("".join(row.get("stt", ())).rstrip("."), fold(" ".join(row["name"]))): tuple(row.get("value", ()))
        for row in rows.values()
        if "name" in row
    }


def _is_filled_again(
    rows: Mapping[tuple[str, str], tuple[str, ...]], other: Mapping[tuple[str, str], tuple[str, ...]]
) -> bool:
    shared = rows.keys() & other.keys()
    is_same = len(shared) >= ENOUGH_ROWS and len(shared) * 5 >= 4 * min(len(rows), len(other))
    return is_same and any(rows[key] != other[key] for key in shared)


def _begins_in(lines: Iterable[str]) -> bool:
    since: int | None = None
    for raw in lines:
        if since is None and raw[:1] in _NO_TITLE:
            continue
        line = clean(raw)
        if begins_with(line, "bao cao") and fold(line) == "bao cao":
            since = 0
        elif since is not None:
            since += bool(line)
            if since > TITLE_LINES:
                since = None
            elif _FIRST_PART.match(line):
                return True
    return False
