"""The review in Excel: `baocao export review.xlsx` and back with `baocao import-review review.xlsx`.

In: a dataset. Out: one sheet with a row for each open doubt, worst first: a picture of the cell, what is
printed, what was read, why it is doubtful, and four cells to fill in (decision from a drop-down list, right
value, reason, name). Back: the filled rows become corrections. A hidden first row names the columns for the
import, so they may be moved, sorted and filtered; hidden columns say which cell of which content is meant.

A decision whose guard no longer fits is taken over as it is: the next run does not apply it and says so in a
finding. What is not certain (a number in two readings, no reason) is not taken over, and listed.
"""

from __future__ import annotations

import getpass
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from baocao import decisions
from baocao.corrections import FINDING, Correction, read_rows
from baocao.errors import OutputNotWritable, UsageError
from baocao.messages import Messages, table
from baocao.review.doubts import Desk, Wanted
from baocao.review.pictures import PAGED_FORMATS, NoPicture, Picture, draw
from baocao.review.sources import SourceFiles
from baocao.review.typed import typed_number
from baocao.rows import plain_decimal

MOST_ROWS = 5000
SHEET = "review"
_MOST_BYTES = 200_000_000
_VERDICTS = ("accept", "correct", "reject")
_PLACE = ("appendix", "stt", "table", "row")
_KEYS = (
    "sha256",
    "table",
    "row",
    "measure",
    "breakdown",
    "column",
    "expect",
    "appendix",
    "stt",
    "indicator_id",
    "indicator_raw",
)
# name → width; `key.` columns are hidden, those in _FILLED are for people to fill in
_COLUMNS: tuple[tuple[str, int], ...] = (
    ("severity", 9),
    ("agency", 22),
    ("period", 9),
    ("place", 22),
    ("indicator", 38),
    ("unit", 12),
    ("picture", 42),
    ("raw", 14),
    ("read", 14),
    ("expected", 14),
    ("message", 52),
    ("decision", 16),
    ("value", 14),
    ("reason", 30),
    ("who", 16),
    ("finding_id", 20),
    *((f"key.{name}", 10) for name in _KEYS),
)
_FILLED = frozenset({"decision", "value", "reason", "who"})
_PICTURE_PX = (290, 96)
_MARGIN_LEFT, _MARGIN = 170.0, 8.0


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, how many with a picture, and how many open doubts found no room."""

    path: Path
    rows: int
    pictures: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One row of the workbook (as Excel counts) that was not taken over; `key` names the sentence."""

    row: int
    key: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows by what became of them. `stale` were taken over, but what they replace is not there any more."""

    accepted: int
    corrected: int
    rejected: int
    undecided: int
    already: int
    stale: tuple[int, ...]
    problems: tuple[Problem, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.stale or self.problems)


# ---------------------------------------------------------------- export


def export(
    desk: Desk,
    sources: SourceFiles,
    path: Path,
    say: Messages,
    *,
    severities: Sequence[str] = ("error", "warning"),
    most_rows: int = MOST_ROWS,
) -> Exported:
    """Write the workbook. Raises `OutputNotWritable` where that cannot be done."""
    import xlsxwriter
    import xlsxwriter.exceptions

    numbers = desk.select(Wanted(frozenset(severities)))
    shown = numbers[:most_rows]
    pictures = _pictures(desk, sources, shown)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    fresh = path.with_name(f".{path.name}.new")
    book = xlsxwriter.Workbook(str(fresh), options)
    try:
        _write_sheet(book, desk, shown, pictures, say)
        book.close()
        fresh.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise OutputNotWritable(
            f"{path} cannot be written: {error}.", "Close it in Excel, or choose another name."
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return Exported(path, len(shown), len(pictures), len(numbers) - len(shown))


def _write_sheet(book: Any, desk: Desk, shown: Sequence[int], pictures: dict[int, Picture], say: Messages) -> None:
    sheet = book.add_worksheet(SHEET)
    base = {"font_name": "Arial", "font_size": 10, "valign": "top", "text_wrap": True, "num_format": "@"}
    text, fill = book.add_format(base), book.add_format({**base, "bg_color": "#FFF8DC", "border": 1})
    number = book.add_format({**base, "num_format": "#,##0.##########"})
    given = book.add_format({**base, "bg_color": "#FFF8DC", "border": 1, "num_format": "General"})
    head = book.add_format({**base, "bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    for at, (name, width) in enumerate(_COLUMNS):
        is_hidden = name.startswith("key.") or name == "finding_id"
        sheet.set_column(at, at, width, text, {"hidden": is_hidden})
        sheet.write_string(0, at, name)
        sheet.write_string(1, at, name if is_hidden else say(f"xlsx.{name}"), head)
    sheet.set_row(0, None, None, {"hidden": True})
    at_of = {name: at for at, (name, _) in enumerate(_COLUMNS)}
    for line, at in enumerate(shown, 2):
        cells = _cells(desk, at, say)
        for name, value in cells.items():
            column = at_of[name]
            if isinstance(value, float):
                sheet.write_number(line, column, value, number)
            else:
                sheet.write_string(line, column, value[:32_000], text)
        for name in _FILLED:
            sheet.write_blank(line, at_of[name], None, given if name == "value" else fill)
        sheet.set_row(line, 75 if at in pictures else 45)
        if at in pictures:
            _insert(sheet, line, at_of["picture"], pictures[at])
    last = max(2, len(shown) + 1)
    words = [say(f"xlsx.{verdict}") for verdict in _VERDICTS]
    sheet.data_validation(
        2,
        at_of["decision"],
        last,
        at_of["decision"],
        {"validate": "list", "source": words, "error_title": say("xlsx.decision"), "error_message": ", ".join(words)},
    )
    sheet.autofilter(1, 0, last, len(_COLUMNS) - 1)
    sheet.freeze_panes(2, 5)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _cells(desk: Desk, at: int, say: Messages) -> dict[str, Any]:
    detail = desk.detail(at)
    row = detail["observation"] or {}
    verdict = desk.proposed(at)
    message = detail["message"] if say.language == "vi" else detail["message_en"] or detail["message"]
    numbers = {"page": row.get("page") or detail["page"], **{name: detail[name] for name in _PLACE}}
    place = ", ".join(say(f"xlsx.{name}", n=str(number)) for name, number in numbers.items() if number)
    value = row.get("value")
    return {
        "severity": say(f"severity.{detail['severity']}"),
        "agency": detail["agency"],
        "period": detail["period"],
        "place": place,
        "indicator": row.get("indicator_raw") or "",
        "unit": row.get("unit") or "",
        "raw": row.get("value_raw") or "",
        "read": float(value) if value is not None and abs(value) < 1e15 else "" if value is None else str(value),
        "expected": detail["expected"] or "",
        "message": message,
        "finding_id": detail["finding_id"],
        **{f"key.{name}": getattr(verdict, name) for name in _KEYS},
    }


def _insert(sheet: Any, line: int, column: int, picture: Picture) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(picture.png)) as image:
        scale = min(_PICTURE_PX[0] / image.width, _PICTURE_PX[1] / image.height, 1.0)
    options = {"image_data": io.BytesIO(picture.png), "x_scale": scale, "y_scale": scale, "x_offset": 3, "y_offset": 2}
    sheet.insert_image(line, column, f"{line}.png", {**options, "object_position": 1, "decorative": True})


def _pictures(desk: Desk, sources: SourceFiles, shown: Sequence[int]) -> dict[int, Picture]:
    """A crop of the page for each finding about a cell that can be seen; a file that cannot be drawn has none."""
    wanted: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    details = {}
    for at in shown:
        detail = desk.detail(at)
        row, report = detail["observation"], detail["report"]
        if row and row["x0"] is not None and row["page"] is not None and report.get("format") in PAGED_FORMATS:
            wanted.setdefault(report["sha256"], []).append((at, row))
            details[report["sha256"]] = report
    pictures: dict[int, Picture] = {}
    for sha256, cells in wanted.items():
        path = sources.find(sha256, details[sha256]["source"])
        if path is None:
            continue
        cells.sort(key=lambda cell: (cell[1]["page"], cell[0]))
        jobs = []
        for _, row in cells:
            x0, top, x1, bottom = (float(row[side]) for side in ("x0", "top", "x1", "bottom"))
            part = (x0 - _MARGIN_LEFT, top - _MARGIN, x1 + _MARGIN, bottom + _MARGIN)
            jobs.append((int(row["page"]), part, (x0, top, x1, bottom)))
        try:
            drawn = draw(path, sha256, details[sha256]["format"], jobs)
        except NoPicture:
            continue
        pictures |= {at: picture for (at, _), picture in zip(cells, drawn, strict=True) if picture is not None}
    return pictures


# ---------------------------------------------------------------- import


def import_review(desk: Desk, path: Path, say: Messages) -> Imported:
    """Take the decisions of a workbook over. Raises `UsageError` for a file that is no such workbook."""
    known = {_same_as(row) for row in (read_rows(desk.path) if desk.path.exists() else [])}
    counts = dict.fromkeys((*_VERDICTS, "undecided", "already"), 0)
    stale, problems, batch = [], [], []
    when, user = decisions.now(), _user()
    for line, cells in _lines(path, say):
        verdict = _verdict(cells.get("decision"))
        if verdict is None:
            counts["undecided"] += 1
            continue
        made = _correction(cells, verdict, user)
        if isinstance(made, str):
            problems.append(Problem(line, made))
            continue
        if _same_as(made) in known:
            counts["already"] += 1
            continue
        known.add(_same_as(made))
        if not desk.fits(made):
            stale.append(line)
        counts[verdict] += 1
        batch.append(replace(made, when=when))
    if batch:
        desk.record(batch)
    return Imported(
        accepted=counts["accept"],
        corrected=counts["correct"],
        rejected=counts["reject"],
        undecided=counts["undecided"],
        already=counts["already"],
        stale=tuple(stale),
        problems=tuple(problems),
    )


def _lines(path: Path, say: Messages) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of the sheet by the hidden names, with their number as Excel counts."""
    import zipfile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    not_ours = UsageError(say("xlsx.not-ours", path=path), say("xlsx.not-ours.next"))
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise not_ours
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise not_ours from error
    try:
        sheet = book[SHEET] if SHEET in book.sheetnames else book[book.sheetnames[0]]
        rows = sheet.iter_rows(values_only=True)
        names = [str(cell or "") for cell in next(rows, ())]
        if not {"decision", "key.sha256", "key.expect", "key.column"} <= set(names):
            raise not_ours
        next(rows, None)  # the header for people
        for line, cells in enumerate(rows, 3):
            found = dict(zip(names, cells, strict=False))
            if found.get("key.sha256"):
                yield line, found
    finally:
        book.close()


def _correction(cells: dict[str, Any], verdict: str, user: str) -> Correction | str:
    """The row as a correction, or the key of the sentence that says why not."""
    keys = {name: _text(cells.get(f"key.{name}")) for name in _KEYS}
    reason = " ".join(_text(cells.get("reason")).split())
    if verdict != "accept" and not reason:
        return "xlsx.reason-needed"
    if keys["column"].startswith(FINDING) and verdict != "accept":
        # the doubt is about no figure that was taken: a figure may be put in its place where there is a cell
        if not keys["indicator_raw"] or verdict == "reject":
            return "xlsx.no-figure"
        keys |= {"column": "value", "expect": ""}
    value = keys["expect"]
    if verdict == "correct":
        given = cells.get("value")
        number = _number(given)
        if number is None:
            return "xlsx.no-number"
        value = number
    elif verdict == "reject":
        value = ""
    who = " ".join(_text(cells.get("who")).split()) or user
    default = "" if verdict != "accept" else table()["xlsx.accept"]["vi"]
    return Correction(**keys, value=value, reason=reason or default, who=who)


def _number(given: Any) -> str | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, (int, float)):
        return plain_decimal(Decimal(repr(given)))
    return typed_number(_text(given))


def _verdict(cell: Any) -> str | None:
    said = " ".join(_text(cell).split()).casefold()
    words = {table()[f"xlsx.{v}"][language].casefold(): v for v in _VERDICTS for language in ("vi", "en")}
    return words.get(said)


def _same_as(row: Correction) -> tuple[str, ...]:
    names = ("sha256", "table", "row", "measure", "breakdown", "column", "expect", "value", "stt", "indicator_id")
    return tuple(getattr(row, name) for name in names)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def lines_of(found: Imported, say: Messages) -> list[str]:
    """The recap of an import."""
    names: tuple[tuple[str, Callable[[Imported], int]], ...] = (
        ("accepted", lambda f: f.accepted),
        ("corrected", lambda f: f.corrected),
        ("rejected", lambda f: f.rejected),
        ("undecided", lambda f: f.undecided),
        ("already", lambda f: f.already),
    )
    lines = [say(f"import.{name}", n=count(found)) for name, count in names if count(found)]
    lines += [say("import.stale", row=str(row)) for row in found.stale]
    lines += [say("import.problem", row=str(one.row), why=say(one.key)) for one in found.problems]
    return [*lines, say("import.next")] if found.accepted + found.corrected + found.rejected else lines
