"""Pages that a spreadsheet program saved → sheets, one a table.

Excel and LibreOffice Calc write a whole sheet as one table: letterhead, captions and tables are rows of it. Where the
page says that it was a workbook and nothing but tables is on it, its tables are read as sheets, with what the program
left in the tags: the number behind the text (`sdval`, `x:num`), the name of the tab, hidden columns.
"""

from __future__ import annotations

from typing import Any

import regex

from extract.legacy import Decoder, may_be_legacy
from extract.model import Paragraph, Problem
from extract.readers.html import Old, blocks_in, cell_text, parse
from extract.readers.html_css import Css, css_of
from extract.readers.html_look import Look, is_hidden, look_of, painted
from extract.readers.sheet_format import from_serial, read_format
from extract.readers.sheet_model import MAX_CELLS, MAX_COLUMNS, Sheet, SheetCell
from extract.readers.sheet_ods import has_digits_of, shown_number
from extract.readers.sheet_xlsx import date_cell
from extract.struck import STROKE
from extract.text import clean
from extract.unseen import UNSEEN

_EXCEL = regex.compile(
    r"urn:schemas-microsoft-com:office:excel|content\s*=\s*[\"']?(?:Excel\.Sheet|Microsoft Excel)", regex.IGNORECASE
)
_CALC = regex.compile(r"content\s*=\s*[\"'](?:LibreOffice|OpenOffice)", regex.IGNORECASE)
_CALC_MARK = regex.compile(r"\bsdnum\s*=|<a name=\"table0\"", regex.IGNORECASE)
_TAB = regex.compile(r"<x:Name>([^<]{1,60})</x:Name>")
_ERROR = regex.compile(r"^(?:#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:\d+)$")
_NUMBER = regex.compile(r"\d|^[-–—]$")  # a format may draw a zero as a dash
_SAID = frozenset({"h1", "title", "style", "script", "head"})


def is_workbook(text: str) -> bool:
    """Does the page say that a spreadsheet program wrote it?"""
    head = text[:20_000]
    return bool(_EXCEL.search(head) or _CALC.search(head) and _CALC_MARK.search(text))


def sheets_of(text: str) -> tuple[list[Sheet], tuple[Problem, ...]] | None:
    """The tables of a page as sheets, and what was converted; None where more than tables is on it."""
    root = parse(text)
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    if not tables or _has_prose(root) or any(len(list(table.iter("table"))) > 1 for table in tables):
        return None
    names = _TAB.findall(text) if len(tables) == 1 else []
    css, old = css_of(root), Old()
    sheets = [_sheet(table, names, css, old) for table in tables]
    if may_be_legacy(text) and (decoder := Decoder.of(old.passages)) is not None:
        old.decoder = decoder
        sheets = [_sheet(table, names, css, old) for table in tables]
        return sheets, decoder.problems()
    return sheets, ()


def _has_prose(root: Any) -> bool:
    """Text outside the tables, but for the names of the tabs and the links to them."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        inside = element.tag in _SAID or element.tag == "a" and (element.get("href") or "").startswith("#table")
        if not inside and (element.text or "").strip() and not _is_in(element):
            return True
        if (element.tail or "").strip() and (above := element.getparent()) is not None and not _is_in(above):
            return True
    return False


def _is_in(element: Any) -> bool:
    return element.tag in ("table", *_SAID) or next(element.iterancestors("table", *_SAID), None) is not None


def _sheet(table: Any, names: list[str], css: Css, old: Old) -> Sheet:
    sheet = Sheet(_tab(table) or (names[0] if names else ""))
    _hide_columns(table, sheet, css)
    look = look_of(table, "table", Look(), css)
    taken: dict[int, int] = {}  # column → the row up to which a cell above reaches
    for at, row in enumerate(table.iter("tr")):
        if is_hidden(row, css):
            sheet.hidden_rows.add(at)
        column = 0
        own = painted(look, (row,), css)
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while taken.get(column, -1) >= at:
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if column >= MAX_COLUMNS or len(sheet.cells) >= MAX_CELLS:
                break
            if (made := _cell(cell, css, old, own)) is not None:
                sheet.cells[at, column] = made
            is_overflow = "mso-ignore:colspan" in (cell.get("style") or "").replace(" ", "")
            if (across > 1 or down > 1) and not is_overflow:
                sheet.merges.append((at, column, at + down - 1, column + across - 1))
            for c in range(column, min(column + across, MAX_COLUMNS)):
                taken[c] = at + down - 1
            column += across
    return sheet


def _tab(table: Any) -> str:
    """The name in the heading that LibreOffice puts before each sheet."""
    for element in table.itersiblings(preceding=True):
        if element.tag == "table":
            break
        if element.tag == "a" and (element.get("name") or "").startswith("table"):
            name = next(element.iter("em"), None)
            return clean(name.text_content()) if name is not None else ""
    return ""


def _hide_columns(table: Any, sheet: Sheet, css: Css) -> None:
    at = 0
    for column in table.iter("col", "colgroup"):
        if column.tag == "colgroup" and next(column.iter("col"), None) is not None:
            continue
        size = _span(column, "span")
        if is_hidden(column, css):
            sheet.hidden_columns.update(range(at, min(at + size, MAX_COLUMNS)))
        at += size


def _span(element: Any, name: str) -> int:
    digits = (element.get(name) or "1").strip()[:5]
    return max(1, int(digits)) if digits.isdigit() else 1


def _cell(element: Any, css: Css, old: Old, look: Look) -> SheetCell | None:
    blocks = blocks_in(element, css, old, 1, look)
    text = cell_text(blocks)
    if not text.strip():
        return None
    shown = clean(text)
    if _ERROR.match(shown):
        return SheetCell(shown, "error", stored=shown)
    value = element.get("sdval") or element.get("x:num") or ""
    if STROKE in text or UNSEEN in text:
        value = ""  # what is struck or not seen is weighed as text
    if value and _NUMBER.search(shown) and (made := _number(value, shown, element.get("sdnum") or "")):
        return made
    readings = (old.read.get(block.text, ()) for block in blocks if isinstance(block, Paragraph))
    return SheetCell(text, readings=tuple(reading for found in readings for reading in found))


def _number(value: str, shown: str, said: str) -> SheetCell | None:
    """The stored number as it is shown; `said` ends in the format of the cell (`1033;0;DD/MM/YYYY`)."""
    try:
        number = float(value)
    except ValueError:
        return None
    code = ";".join(said.split(";")[2:])
    if read_format(code).is_date and (moment := from_serial(number, is_1904=False)) is not None:
        cell = date_cell(moment, code)
        return SheetCell(cell.text, "date", None, cell.stored, cell.date, shown)
    is_percent = shown.endswith("%") and (read_format(code).is_percent if code else has_digits_of(number * 100, shown))
    return shown_number(value, shown, is_percent=is_percent)
