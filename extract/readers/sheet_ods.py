"""ODS and Excel 2003 XML → sheets, in one pass over the XML.

Both hold what a cell shows or the type of its value, so no number format has to be guessed: a percentage says
that it is one. Repeated rows and columns are unrolled only where they hold something.

Source: ODF 1.3 part 3, 9.1 (tables), 19.385 (values); XML Spreadsheet Reference (2003).
"""

from __future__ import annotations

import datetime
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import regex
from lxml import etree

from extract.legacy import Span
from extract.model import Problem
from extract.problems import Encrypted, LimitExceeded, Unreadable
from extract.readers.sheet_format import show
from extract.readers.sheet_model import MAX_CELLS, MAX_COLUMNS, Sheet, SheetCell, address
from extract.readers.sheet_xlsx import (
    MAX_INFLATED,
    date_cell,
    formula_without_value,
    inflate,
    number_cell,
    text_cell,
)
from extract.struck import struck
from extract.text import SUPERSCRIPT
from extract.unseen import PAPER, colour_of, is_unseen

_SAVE_AGAIN = "open it in LibreOffice, save it again and put that copy in the folder"
_RAISED = regex.compile(r"super|[1-9]\d*%")  # 19.888: how far from the line, the size behind it
_POINTS = regex.compile(r"\d{1,3}(?:\.\d+)?pt")
_DIGITS = regex.compile(r"\d")
_EXCEL_2003 = "{urn:schemas-microsoft-com:office:spreadsheet}"
_NAMED_FORMATS = {
    "percent": "0.00%",
    "short date": "dd/mm/yyyy",
    "general date": "dd/mm/yyyy",
    "medium date": "dd-mmm-yy",
    "long date": "dd/mm/yyyy",
    "fixed": "0.00",
    "standard": "#,##0.00",
    "general number": "General",
}


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of an ODS in the order of the tabs. Raises Encrypted, LimitExceeded, Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            left = [MAX_INFLATED]
            names = archive.namelist()
            if "META-INF/manifest.xml" in names and b"encryption-data" in inflate(
                archive, "META-INF/manifest.xml", left
            ):
                raise Encrypted(
                    "the workbook asks for a password", "save a copy without a password and put it in the folder"
                )
            if "content.xml" not in names:
                raise Unreadable("the ODS holds no content.xml", _SAVE_AGAIN)
            root = _parse(inflate(archive, "content.xml", left))
    except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:  # type: ignore[attr-defined]
        raise Unreadable(f"the ODS container is damaged: {error}", _SAVE_AGAIN) from error
    hidden = {
        style.get(_key(style, "name"))
        for style in root.iter("{*}style")
        for inner in style
        if _local(inner) == "table-properties" and inner.get(_key(inner, "display")) == "false"
    }
    looks = _looks(root)
    sheets = []
    room = MAX_CELLS
    for table in root.iter("{*}table"):
        if any(_local(a) == "table-cell" for a in table.iterancestors()):
            continue
        sheet = Sheet(_get(table, "name"), is_hidden=_get(table, "style-name") in hidden)
        _read_table(table, sheet, room, looks)
        room -= len(sheet.cells)
        sheets.append(sheet)
    return sheets


@dataclass(frozen=True, slots=True)
class _Looks:
    """Styles by name: the font they name, those that strike through, those that raise, those that nobody sees."""

    fonts: dict[str, str]
    strikes: frozenset[str]
    raised: frozenset[str]
    unseen: frozenset[str]


def _looks(root: Any) -> _Looks:
    fonts: dict[str, str] = {}
    strikes, raised, unseen = set[str](), set[str](), set[str]()
    for style in root.iter("{*}style"):
        name = _get(style, "name")
        if _is_unseen(style):
            unseen.add(name)
        for inner in style:
            if _local(inner) != "text-properties":
                continue
            fonts[name] = _get(inner, "font-name") or _get(inner, "font-family").strip("'")
            if {_get(inner, "text-line-through-style"), _get(inner, "text-line-through-type")} - {"", "none"}:
                strikes.add(name)
            if _RAISED.match(_get(inner, "text-position")):
                raised.add(name)
    return _Looks(fonts, frozenset(strikes), frozenset(raised), frozenset(unseen))


def _is_unseen(style: Any) -> bool:
    """Is the print of a cell style not seen? Not where its ground may come from another style or from a condition."""
    inner = {_local(e): e for e in style}
    if _get(style, "family") != "table-cell" or "text-properties" not in inner or "map" in inner:
        return False
    text, cell = inner["text-properties"], inner.get("table-cell-properties")
    size, ground = _get(text, "font-size"), "" if cell is None else _get(cell, "background-color")
    is_plain = _get(style, "parent-style-name") in ("", "Default")
    behind = colour_of(ground) if ground and ground != "transparent" else PAPER if is_plain else None
    points = float(size[:-2]) if _POINTS.fullmatch(size) else 0.0
    return is_unseen(colour_of(_get(text, "color")), behind, points)


def _parse(data: bytes) -> Any:
    try:
        return etree.fromstring(
            data,
            etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) > 8_000_000),
        )
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"not well-formed XML: {error.msg}", _SAVE_AGAIN) from error


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _key(element: Any, name: str) -> str:
    return next((key for key in element.attrib if key.rpartition("}")[2] == name), name)


def _get(element: Any, name: str, default: str = "") -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), default)


def _count(element: Any, name: str) -> int:
    digits = _get(element, name, "1")[:8]
    return max(1, int(digits)) if digits.isdigit() else 1


def _read_table(table: Any, sheet: Sheet, room: int, looks: _Looks) -> None:
    at = column = 0
    for element in table.iter("{*}table-column", "{*}table-row"):
        if _local(element) == "table-column":
            times = _count(element, "number-columns-repeated")
            if _get(element, "visibility") in ("collapse", "filter"):
                sheet.hidden_columns.update(range(column, min(column + times, MAX_COLUMNS)))
            column += times
            continue
        times = _count(element, "number-rows-repeated")
        cells = _row_cells(element, sheet.name, at, looks)
        filled = any(cell is not None for _, cell, _, _ in cells)
        for n in range(at, at + times if filled else at):
            if len(sheet.cells) + len(cells) > room:
                sheet.problems.append(
                    Problem(
                        "sheet-too-large",
                        "error",
                        f"sheet {sheet.name}: not read beyond row {n + 1}",
                        detail=f"{MAX_CELLS} cells",
                    )
                )
                return
            for c, cell, columns, rows in cells:
                if cell is not None:
                    sheet.cells[n, c] = cell
                if columns > 1 or rows > 1:
                    sheet.merges.append((n, c, n + rows - 1, c + columns - 1))
        if _get(element, "visibility") in ("collapse", "filter") and times < 100_000:
            sheet.hidden_rows.update(range(at, at + times))
        at += times


def _row_cells(row: Any, name: str, at: int, looks: _Looks) -> list[tuple[int, SheetCell | None, int, int]]:
    """(column, cell, columns and rows it covers) of the filled and merged cells of one row."""
    out: list[tuple[int, SheetCell | None, int, int]] = []
    column = 0
    for element in row:
        if _local(element) not in ("table-cell", "covered-table-cell"):
            continue
        times = _count(element, "number-columns-repeated")
        if column < MAX_COLUMNS and _local(element) == "table-cell":
            cell = _ods_cell(element, address(name, at, column), looks)
            font = looks.fonts.get(_get(element, "style-name"), "")
            if font and cell is not None and cell.kind == "text":
                cell = text_cell((Span(cell.text),), font)
            if cell is not None and _get(element, "style-name") in looks.strikes:
                cell = replace(cell, is_struck=True)
            if cell is not None and _get(element, "style-name") in looks.unseen:
                cell = replace(cell, is_unseen=True)
            columns, rows = _count(element, "number-columns-spanned"), _count(element, "number-rows-spanned")
            if cell is not None or columns > 1 or rows > 1:
                out += [(c, cell, columns, rows) for c in range(column, min(column + times, MAX_COLUMNS))]
        column += times
    return out


def _ods_cell(element: Any, where: str, looks: _Looks) -> SheetCell | None:
    shown = "\n".join(filter(str.strip, (_paragraph_text(p, looks) for p in element if _local(p) == "p")))
    kind, value = _get(element, "value-type"), _get(element, "value")
    if kind in ("float", "percentage", "currency") and value:
        cell = shown_number(value, shown, is_percent=kind == "percentage")
        shows_nothing = not shown.strip() and cell.number and any(_local(p) == "p" for p in element)
        return replace(cell, is_unseen=True) if shows_nothing else cell
    if kind == "date":
        try:
            moment = datetime.datetime.fromisoformat(_get(element, "date-value").rstrip("Z"))
        except ValueError:
            return SheetCell(shown) if shown.strip() else None
        date = date_cell(moment, "dd/mm/yyyy")
        return SheetCell(date.text, "date", None, date.stored, date.date, shown)
    if not shown.strip():
        formula = _get(element, "formula").partition(":=")[2]
        return formula_without_value(formula, where) if formula and kind not in ("string", "boolean") else None
    if shown.startswith(("#", "Err:")) and _get(element, "formula"):
        return SheetCell(shown, "error", stored=shown)
    return SheetCell(shown, "bool" if kind == "boolean" else "text")


def shown_number(value: str, shown: str, *, is_percent: bool) -> SheetCell:
    """A stored number; how many decimals it shows is read off the text it shows."""
    try:
        number = float(value)
    except ValueError:
        return SheetCell(shown or value)
    said = number * 100 if is_percent else number
    digits = "".join(_DIGITS.findall(shown))
    scale, places = next(
        ((n, k) for n in range(4) for k in range(11) if digits and _same_digits(abs(said) / 1000**n, k, digits)),
        (0, None),
    )
    code = "General" if places is None else "0" * max(1, _padding(shown)) + ("." + "0" * places if places else "")
    code += "," * scale  # thousands or millions are left out
    if is_percent:
        code = (code if code != "General" else "0.##########") + "%"
    text, result = show(number, code)
    return SheetCell(text, "number", result, value if value != text else "")


def has_digits_of(number: float, shown: str) -> bool:
    """Does a text show this number, with as many decimals as it likes?"""
    digits = "".join(_DIGITS.findall(shown))
    return bool(digits) and any(_same_digits(abs(number), places, digits) for places in range(11))


def _same_digits(number: float, places: int, digits: str) -> bool:
    return "".join(_DIGITS.findall(f"{number:.{places}f}")).lstrip("0") == digits.lstrip("0")


def _padding(shown: str) -> int:
    """Digits before the mark when the first of them is a zero that somebody asked for (`09`)."""
    found = regex.match(r"^0\d+", shown)
    return len(found[0]) if found else 1


def _paragraph_text(paragraph: Any, looks: _Looks) -> str:
    """The text of a paragraph, `text:s` as spaces, without notes to the cell; struck and raised as its spans are."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        name = _local(child)
        if name == "s":
            parts.append(" " * min(_count(child, "c"), 1000))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("annotation", "note", ""):
            text, style = _paragraph_text(child, looks), _get(child, "style-name")
            text = text.translate(SUPERSCRIPT) if style in looks.raised else text
            parts.append(struck(text) if style in looks.strikes else text)
        parts.append(child.tail or "")
    return "".join(parts)


def read_sheet_xml(path: Path) -> list[Sheet]:
    """Every sheet of an Excel 2003 XML workbook. Raises LimitExceeded, Unreadable."""
    data = path.read_bytes()
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise Unreadable("the workbook declares a document type", "check where this file comes from")
    root = _parse(data)
    codes: dict[str, str] = {}
    strikes: set[str] = set()
    for style in root.iter(_EXCEL_2003 + "Style"):
        format_ = style.find(_EXCEL_2003 + "NumberFormat")
        code = format_.get(_EXCEL_2003 + "Format", "General") if format_ is not None else "General"
        codes[style.get(_EXCEL_2003 + "ID", "")] = _NAMED_FORMATS.get(code.lower(), code)
        if any(font.get(_EXCEL_2003 + "StrikeThrough") == "1" for font in style.iterfind(_EXCEL_2003 + "Font")):
            strikes.add(style.get(_EXCEL_2003 + "ID", ""))
    sheets = []
    for worksheet in root.iter(_EXCEL_2003 + "Worksheet"):
        sheet = Sheet(worksheet.get(_EXCEL_2003 + "Name", ""))
        sheet.is_hidden = any("Hidden" in (e.text or "") for e in worksheet.iter("{*}Visible"))
        _read_rows_2003(worksheet, sheet, codes, strikes)
        sheets.append(sheet)
    return sheets


def _read_rows_2003(worksheet: Any, sheet: Sheet, codes: dict[str, str], strikes: set[str]) -> None:
    at = -1
    for row in worksheet.iter(_EXCEL_2003 + "Row"):
        at = _index(row, at)
        if row.get(_EXCEL_2003 + "Hidden") == "1":
            sheet.hidden_rows.add(at)
        column = -1
        for cell in row.iterfind(_EXCEL_2003 + "Cell"):
            column = _index(cell, column)
            across, down = (_small(cell.get(_EXCEL_2003 + name)) for name in ("MergeAcross", "MergeDown"))
            data = cell.find(_EXCEL_2003 + "Data")
            if data is not None and column < MAX_COLUMNS:
                style = cell.get(_EXCEL_2003 + "StyleID", "")
                made = _cell_2003(data, codes.get(style, "General"))
                if made is not None:
                    sheet.cells[at, column] = replace(made, is_struck=True) if style in strikes else made
            if across or down:
                sheet.merges.append((at, column, at + down, column + across))
            column += across
        if len(sheet.cells) > MAX_CELLS:
            raise LimitExceeded(
                f"more than {MAX_CELLS} filled cells", "put the report's tables into a file of their own"
            )


def _cell_2003(data: Any, code: str) -> SheetCell | None:
    text = "".join(data.itertext())
    kind = data.get(_EXCEL_2003 + "Type", "String")
    if not text.strip():
        return None
    if kind == "Number":
        return number_cell(text, code)
    if kind == "DateTime":
        try:
            return date_cell(datetime.datetime.fromisoformat(text.strip()), code if code != "General" else "dd/mm/yyyy")
        except ValueError:
            return SheetCell(text)
    if kind == "Boolean":
        return SheetCell("TRUE" if text.strip() == "1" else "FALSE", "bool")
    return SheetCell(text, "error" if kind == "Error" else "text")


def _index(element: Any, before: int) -> int:
    given = _small(element.get(_EXCEL_2003 + "Index"))
    return given - 1 if given else before + 1


def _small(text: str | None) -> int:
    digits = (text or "")[:7]
    return int(digits) if digits.isdigit() else 0
