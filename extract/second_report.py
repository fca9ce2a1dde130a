"""A file that holds more than one report, put together for an archive or a summary.

In: the tables of a file in order, and the lines of its narrative. Out: an error for each table that stands behind the
beginning of another report: agency and period of the first are not its own. A report begins with `BÁO CÁO` alone on its
line, its subject below, and its first part (`I.`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex

from extract.model import Problem, Table
from extract.text import begins_with, clean, fold

_FIRST_PART = regex.compile(r"^(?:I|A|PHẦN (?:I|THỨ NHẤT|MỘT))\s*[.:)\-–]?\s*\p{L}", regex.IGNORECASE)
# With one of these, no line begins that says `BÁO CÁO`.
_NO_TITLE = frozenset(
    char
    for code in (*range(0x41, 0x250), *range(0x1EA0, 0x1F00))
    if (char := chr(code)).isalpha() and fold(char)[:1] not in ("b", "")
)
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
