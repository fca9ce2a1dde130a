"""XLSX → sheets, in one pass over the XML of each part.

Own walk: values with their number formats, shared and rich strings (raised digits are footnote marks), merged
ranges, hidden rows, columns and sheets, formulas whose result was not saved. Sizes are checked before and
while inflating; a document type is refused; nothing is fetched.

Source: ECMA-376 part 1, 18.2 (workbook), 18.3 (sheets), 18.4 (strings), 18.8 (styles).
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import regex
from lxml import etree

from extract.legacy import Span
from extract.legacy_fonts import is_capital_font
from extract.model import Problem
from extract.problems import LimitExceeded, Unreadable
from extract.readers.sheet_format import date_text, from_serial, read_format, show, show_date
from extract.readers.sheet_model import MAX_CELLS, MAX_COLUMNS, Sheet, SheetCell, address, column_letters
from extract.readers.sheet_paint import prints_nothing, within
from extract.readers.sheet_xlsx_styles import Styles, font_name, is_struck, local, read_styles
from extract.struck import struck
from extract.text import SUPERSCRIPT

MAX_INFLATED = 500_000_000
MAX_STRINGS = 2_000_000
MAX_ROWS = 1_048_576
_SAVE_AGAIN = "open it in Excel, save it again and put that copy in the folder"
_REFERENCE = regex.compile(r"^\$?([A-Z]{1,3})\$?(\d{1,7})$")
_ESCAPED = regex.compile(r"_x([0-9A-Fa-f]{4})_")


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet in the order of the tabs. Raises Unreadable and LimitExceeded."""
    try:
        with zipfile.ZipFile(path) as archive:
            return list(_sheets(archive))
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:  # type: ignore[attr-defined]
        raise Unreadable(f"the XLSX container is damaged: {error}", _SAVE_AGAIN) from error
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"the XLSX is not well-formed XML: {error.msg}", _SAVE_AGAIN) from error


def _sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    left = [MAX_INFLATED]
    names = {name.lower(): name for name in archive.namelist()}

    def part(name: str) -> bytes | None:
        real = names.get(name.lower().lstrip("/"))
        return None if real is None else inflate(archive, real, left)

    book_name = _book_name(part("_rels/.rels")) or "xl/workbook.xml"
    book = part(book_name)
    if book is None:
        raise Unreadable("the XLSX holds no workbook", _SAVE_AGAIN)
    folder, _, base = book_name.rpartition("/")
    targets = _relations(part(f"{folder}/_rels/{base}.rels"), folder)
    strings_name = next(
        (t for t, kind in targets.values() if kind.endswith("/sharedStrings")), f"{folder}/sharedStrings.xml"
    )
    styles_name = next((t for t, kind in targets.values() if kind.endswith("/styles")), f"{folder}/styles.xml")
    strings = _strings(part(strings_name))
    root = _parse(book)
    is_1904 = any(local(e) == "workbookPr" and e.get("date1904") in ("1", "true") for e in root)
    declared = part(styles_name)
    styles = Styles((), is_1904=is_1904) if declared is None else read_styles(_parse(declared), is_1904)
    n_cells = 0
    for element in root.iter():
        if local(element) != "sheet":
            continue
        link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        target, kind = targets.get(link, ("", ""))
        if not target or "chartsheet" in kind or "dialogsheet" in kind:
            continue
        sheet = Sheet(element.get("name", ""), is_hidden=element.get("state", "visible") != "visible")
        data = part(target)
        if data is not None and n_cells < MAX_CELLS:
            _read_sheet(data, sheet, strings, styles, MAX_CELLS - n_cells)
        n_cells += len(sheet.cells)
        yield sheet


def inflate(archive: zipfile.ZipFile, name: str, left: list[int]) -> bytes:
    """One part; `left[0]` is what the archive may still inflate to. Raises LimitExceeded, Unreadable (DTD)."""
    info = archive.getinfo(name)
    if info.file_size > left[0]:
        raise LimitExceeded(f"{name} would inflate to {info.file_size} bytes, the limit is {MAX_INFLATED}",
                            "check where this file comes from")  # fmt: skip
    with archive.open(info) as file:
        data = file.read(left[0] + 1)
    left[0] -= len(data)
    if left[0] < 0:
        raise LimitExceeded(
            f"the archive inflates to more than {MAX_INFLATED} bytes", "check where this file comes from"
        )
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise Unreadable(f"{name} declares a document type, which OOXML forbids", "check where this file comes from")
    return data


def _parse(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def events(data: bytes, *wanted: str) -> Iterator[Any]:
    """Elements of these names as they end; what is done is dropped, so memory stays flat."""
    tags = [f"{{*}}{name}" for name in wanted]
    for _, element in etree.iterparse(
        io.BytesIO(data), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    ):
        yield element
        if local(element) not in ("c", "r", "t", "rPr"):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _book_name(data: bytes | None) -> str:
    for target, kind in _relations(data, "").values():
        if kind.endswith("/officeDocument"):
            return target
    return ""


def _relations(data: bytes | None, folder: str) -> dict[str, tuple[str, str]]:
    """Relation id → (part name, type); links that leave the file are left out."""
    if data is None:
        return {}
    found = {}
    for element in _parse(data):
        if element.get("TargetMode") != "External":
            target = element.get("Target", "")
            name = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[element.get("Id", "")] = name, element.get("Type", "")
    return found


def _strings(data: bytes | None) -> list[tuple[Span, ...]]:
    out: list[tuple[Span, ...]] = []
    if data is None:
        return out
    for item in events(data, "si"):
        out.append(rich_text(item))
        if len(out) > MAX_STRINGS:
            raise LimitExceeded(f"more than {MAX_STRINGS} strings", "check where this file comes from")
    return out


def rich_text(item: Any) -> tuple[Span, ...]:
    """A string item as runs with their fonts (empty: the cell's); phonetic hints are not printed."""
    spans = []
    for child in item:
        name = local(child)
        if name == "t":
            spans.append(Span(_unescaped(child.text or "")))
        elif name == "r":
            text = _unescaped("".join(t.text or "" for t in child if local(t) == "t"))
            properties = next((e for e in child if local(e) == "rPr"), None)
            if properties is None:
                spans.append(Span(text))
                continue
            raised = any(local(e) == "vertAlign" and e.get("val") == "superscript" for e in properties)
            text = struck(text) if is_struck(properties) else text
            spans.append(Span(text.translate(SUPERSCRIPT) if raised else text, font_name(properties)))
    return tuple(spans)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def text_cell(runs: Sequence[Span], font: str, *, is_struck: bool = False) -> SheetCell | None:
    """A cell of text; runs without a font of their own are in the cell's, and struck through with it."""
    if is_struck and any(run.font for run in runs):
        runs, is_struck = [run if run.font else Span(struck(run.text)) for run in runs], False
    text = "".join(run.text for run in runs)
    if not text.strip():
        return None
    if text.isascii() and not is_capital_font(font) and len(runs) == 1:
        return SheetCell(text, is_struck=is_struck)
    spans = tuple(run if run.font else Span(run.text, font) for run in runs)
    return SheetCell(text, spans=spans, is_struck=is_struck)


def _read_sheet(data: bytes, sheet: Sheet, strings: list[tuple[Span, ...]], styles: Styles, room: int) -> None:
    row_at = 0
    painted: list[tuple[int, int, int, int]] = []  # areas whose ground a rule or a table style may paint
    for element in events(data, "row", "col", "mergeCell", "conditionalFormatting", "tablePart"):
        name = local(element)
        if name == "row":
            given = element.get("r", "")
            row_at = int(given) if given.isdigit() else row_at + 1
            if element.get("hidden") in ("1", "true"):
                sheet.hidden_rows.add(row_at - 1)
            if not _read_row(element, row_at - 1, sheet, strings, styles, room):
                return
        elif name == "col":
            if element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                sheet.hidden_columns.update(range(first - 1, min(last, MAX_COLUMNS)))
        elif name == "mergeCell":
            sheet.merges += _areas(element.get("ref", ""))
        else:
            painted += _areas(element.get("sqref", f"A1:{column_letters(MAX_COLUMNS)}{MAX_ROWS}"))
    for place, cell in sheet.cells.items() if painted else ():
        if cell.is_unseen and within(place, painted):
            sheet.cells[place] = replace(cell, is_unseen=False)


def _areas(references: str) -> list[tuple[int, int, int, int]]:
    """`A1:B5 C3:C4` → (top, left, bottom, right) each; what is no reference is left out."""
    areas = []
    for reference in references.split():
        first, _, last = reference.partition(":")
        corners = cell_at(first), cell_at(last or first)
        if corners[0] and corners[1]:
            areas.append((*corners[0], *corners[1]))
    return areas


def cell_at(reference: str) -> tuple[int, int] | None:
    """`C7` → (6, 2)."""
    found = _REFERENCE.match(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _read_row(row: Any, at: int, sheet: Sheet, strings: list[tuple[Span, ...]], styles: Styles, room: int) -> bool:
    column = -1
    for element in row:
        if local(element) != "c":
            continue
        where = cell_at(element.get("r", ""))
        column = where[1] if where else column + 1
        if column >= MAX_COLUMNS or at >= MAX_ROWS:
            continue
        cell = _cell(element, strings, styles, address(sheet.name, at, column))
        if cell is not None:
            style = element.get("s")
            if cell.kind != "text" and styles.strikes(style):
                cell = replace(cell, is_struck=True)
            if styles.hides(style) or cell.kind == "number" and prints_nothing(styles.code(style)):
                cell = replace(cell, is_unseen=True)
            if len(sheet.cells) >= room:
                sheet.problems.append(
                    Problem(
                        "sheet-too-large",
                        "error",
                        f"sheet {sheet.name}: not read beyond row {at + 1}",
                        detail=f"{MAX_CELLS} cells",
                    )
                )
                return False
            sheet.cells[at, column] = cell
    return True


def _cell(element: Any, strings: list[tuple[Span, ...]], styles: Styles, where: str) -> SheetCell | None:
    value = formula = None
    inline: tuple[Span, ...] = ()
    for child in element:
        name = local(child)
        if name == "v":
            value = child.text
        elif name == "f":
            formula = child.text or ""
        elif name == "is":
            inline = rich_text(child)
    kind, font, is_struck = element.get("t", "n"), styles.font(element.get("s")), styles.strikes(element.get("s"))
    if kind == "inlineStr":
        return text_cell(inline, font, is_struck=is_struck)
    if value is None or not value.strip():
        return formula_without_value(formula, where) if formula is not None and kind != "str" else None
    if kind == "s":
        index = int(value) if value.strip().isdigit() else -1
        return text_cell(strings[index] if 0 <= index < len(strings) else (), font, is_struck=is_struck)
    if kind == "str":
        return text_cell((Span(_unescaped(value)),), font, is_struck=is_struck)
    if kind == "b":
        return SheetCell("TRUE" if value.strip() == "1" else "FALSE", "bool")
    if kind == "e":
        return SheetCell(value, "error", stored=value)
    code = styles.code(element.get("s"))
    if kind == "d":
        return iso_cell(value, code)
    return number_cell(value, code, styles.is_1904)


def formula_without_value(formula: str, where: str) -> SheetCell:
    """A formula that no program has computed yet: its text stands for the figure that is not there."""
    problem = Problem(
        "sheet-formula-without-value", "warning", f"{where}: the formula was saved without its result",
        detail=f"={formula}"[:200],
    )  # fmt: skip
    return SheetCell(f"={formula}" if formula else "=", "formula", stored=f"={formula}", problems=(problem,))


def iso_cell(value: str, code: str) -> SheetCell:
    try:
        moment = datetime.datetime.fromisoformat(value.strip().rstrip("Z"))
    except ValueError:
        return SheetCell(value)
    return date_cell(moment, code)


def date_cell(moment: datetime.datetime, code: str) -> SheetCell:
    shown = show_date(moment, code) if code else ""
    return SheetCell(date_text(moment, code), "date", None, moment.date().isoformat(), moment.date(), shown)


def number_cell(value: str, code: str, is_1904: bool = False) -> SheetCell:
    """A stored number under its format. Text that is no number stays text."""
    try:
        number = float(value)
    except ValueError:
        return SheetCell(value)
    if number != number or number in (float("inf"), float("-inf")):
        return SheetCell(value)
    if read_format(code).is_date:
        moment = from_serial(number, is_1904)
        if moment is not None:
            return date_cell(moment, code)
    text, said = show(number, code)
    return SheetCell(text, "number", said, value if value != text else "")
