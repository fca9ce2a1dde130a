"""XLS (Excel 95–2003) → sheets: values by calamine, formats and hidden parts by an own walk of the records.

calamine gives values and merged ranges and no number formats; without those 0.887 could not be told from
88,7 %. The walk reads nothing but: formats, cell styles, which style a cell has, hidden rows, columns and
sheets, the date system, the password mark. Where the walk fails the values stand and a problem says what is
missing. The walk also tells which cells hold an error, which the library leaves out, and strings of several fonts
(`extract.readers.sheet_xls_strings`). A panic of the library is an `Unreadable` like any other fault of a file.

Source: [MS-XLS] 2.4 (records).
"""

from __future__ import annotations

import datetime
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from extract.legacy import Span
from extract.model import Problem
from extract.ole import OleFile
from extract.problems import Encrypted, Unreadable
from extract.readers.sheet_format import BUILT_IN, read_format, show
from extract.readers.sheet_model import MAX_CELLS, MAX_COLUMNS, Sheet, SheetCell
from extract.readers.sheet_paint import colour_by_number, ground_of_xf, palette_of, prints_nothing, within
from extract.readers.sheet_xls_strings import CONTINUE, Font, RichString, font_of, rich_strings
from extract.readers.sheet_xlsx import date_cell, text_cell
from extract.unseen import Colour, is_unseen

_SAVE_AGAIN = "open it in Excel or LibreOffice, save it as .xlsx and put that copy in the folder"
_SINGLE = frozenset((0x0203, 0x027E, 0x0006, 0x0206, 0x0406, 0x00FD, 0x0204, 0x0205, 0x00D6))
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_RULES = frozenset((0x01B0, 0x0879))  # CondFmt, CondFmt12: both say their area behind four bytes
_FORMULAS = frozenset((0x0006, 0x0206, 0x0406))


@dataclass(slots=True)
class _SheetFacts:
    name: str
    is_hidden: bool
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    rich: dict[tuple[int, int], int] = field(default_factory=dict)  # numbers of strings of several fonts
    painted: list[tuple[int, int, int, int]] = field(default_factory=list)  # areas whose ground a rule may paint


@dataclass(slots=True)
class Facts:
    """Formats and hidden parts of a workbook. `codes` and `fonts` are format code and font of each cell style,
    `struck` the styles that strike their text through, `unseen` those that nobody sees."""

    codes: list[str] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    struck: frozenset[int] = frozenset()
    unseen: frozenset[int] = frozenset()
    all_fonts: list[Font] = field(default_factory=list)
    strings: dict[int, RichString] = field(default_factory=dict)
    sheets: list[_SheetFacts] = field(default_factory=list)


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet in the order of the tabs. Raises Encrypted, Unreadable."""
    try:
        facts: Facts | None = read_facts(path)
    except (Unreadable, struct.error, IndexError, ValueError):
        facts = None
    return read_values(path, facts)


def read_values(path: Path, facts: Facts | None) -> list[Sheet]:
    """Values by calamine, printed under the formats of `facts`. Raises Encrypted, Unreadable."""
    import python_calamine as calamine

    sheets: list[Sheet] = []
    room = MAX_CELLS
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            for n, about in enumerate(book.sheets_metadata):
                if about.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = Sheet(about.name, is_hidden=about.visible is not calamine.SheetVisibleEnum.Visible)
                _fill(sheet, book.get_sheet_by_index(n), facts, room)
                room -= len(sheet.cells)
                sheets.append(sheet)
    except calamine.PasswordError as error:
        raise Encrypted(
            "the workbook asks for a password", "save a copy without a password and put it in the folder"
        ) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the library arrives as a bare BaseException
        raise Unreadable(f"the workbook cannot be read: {type(error).__name__}: {error}", _SAVE_AGAIN) from error
    return sheets


def _fill(sheet: Sheet, source: Any, facts: Facts | None, room: int) -> None:
    own = next((f for f in facts.sheets if f.name == sheet.name), None) if facts else None
    if facts is None or own is None:
        problem = Problem("sheet-formats-unknown", "warning", f"number formats of {sheet.name} were not read")
        sheet.problems.append(problem)
    else:
        sheet.hidden_rows, sheet.hidden_columns = own.hidden_rows, own.hidden_columns
        sheet.is_hidden = sheet.is_hidden or own.is_hidden
    sheet.merges = [(*first, *last) for first, last in source.merged_cell_ranges or ()]
    left = source.start[1] if source.start else 0  # rows come from the first one of the sheet, columns do not
    for r, row in enumerate(source.iter_rows()):
        for c, value in enumerate(row[: max(0, MAX_COLUMNS - left)], left):
            if value == "" or value is None:
                continue
            if len(sheet.cells) >= room:
                sheet.problems.append(
                    Problem(
                        "sheet-too-large",
                        "error",
                        f"sheet {sheet.name}: not read beyond row {r + 1}",
                        detail=f"{MAX_CELLS} cells",
                    )
                )
                return
            cell = _cell_at(r, c, value, facts, own)
            is_hidden = facts is not None and own is not None and _is_hidden(cell, (r, c), facts, own)
            sheet.cells[r, c] = replace(cell, is_unseen=True) if is_hidden else cell
    for place, error in (own.errors if own is not None else {}).items():
        if place not in sheet.cells and place[1] < MAX_COLUMNS:
            sheet.cells[place] = SheetCell(error, "error", stored=error)


def _cell_at(r: int, c: int, value: Any, facts: Facts | None, own: _SheetFacts | None) -> SheetCell:
    """A value under what is known of its place."""
    if facts is None or own is None or (style := own.styles.get((r, c), 0)) >= len(facts.codes):
        return cell_of(value, "General")
    font, is_struck = facts.fonts[style], style in facts.struck
    rich = facts.strings.get(own.rich.get((r, c), -1))
    if rich is not None and (cell := text_cell(rich.spans(facts.all_fonts), font, is_struck=is_struck)) is not None:
        return cell
    cell = cell_of(value, facts.codes[style], font)
    return replace(cell, is_struck=True) if is_struck else cell


def _is_hidden(cell: SheetCell, place: tuple[int, int], facts: Facts, own: _SheetFacts) -> bool:
    style = own.styles.get(place, 0)
    if cell.kind == "number" and style < len(facts.codes) and prints_nothing(facts.codes[style]):
        return True
    return style in facts.unseen and not within(place, own.painted)


def cell_of(value: Any, code: str, font: str = "") -> SheetCell:
    """A value as calamine gives it."""
    if isinstance(value, bool):
        return SheetCell("TRUE" if value else "FALSE", "bool")
    if isinstance(value, (int, float)):
        text, said = show(value, "General" if read_format(code).is_date else code)
        stored = repr(value)
        return SheetCell(text, "number", said, stored if stored != text else "")
    if isinstance(value, datetime.datetime):
        return date_cell(value, code)
    if isinstance(value, datetime.date):
        return date_cell(datetime.datetime(value.year, value.month, value.day), code)  # noqa: DTZ001
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return SheetCell(str(value))
    text = str(value)
    if text in _ERRORS.values():
        return SheetCell(text, "error", stored=text)
    return text_cell((Span(text),), font) or SheetCell(text)


def read_facts(path: Path) -> Facts:
    """Walk the records of the workbook stream. Raises Encrypted, Unreadable."""
    ole = OleFile.open(path)
    data = ole.stream("Workbook") or ole.stream("Book")
    if not data:
        raise Unreadable("no workbook stream", _SAVE_AGAIN)
    facts = Facts()
    formats: dict[int, str] = {}
    styles: list[tuple[int, int]] = []
    painted: list[bytes] = []  # the records of the cell styles
    palette: list[Colour] = []
    shared: list[bytes] = []  # the record of the shared strings and what continues it
    before = 0
    places: list[tuple[int, _SheetFacts]] = []
    is_old = False
    for kind, at, size in _records(data, 0):
        body = data[at : at + size]
        if kind == 0x0809:
            is_old = struct.unpack_from("<H", body)[0] < 0x0600
        elif kind == 0x002F:
            raise Encrypted(
                "the workbook asks for a password", "save a copy without a password and put it in the folder"
            )
        elif kind == 0x041E and len(body) > 3:
            formats[struct.unpack_from("<H", body)[0]] = _text(body[2:], 1 if is_old else 2, is_old)
        elif kind == 0x00E0 and len(body) >= 4:
            styles.append(struct.unpack_from("<HH", body))
            painted.append(b"" if is_old else body)
        elif kind == 0x0092:
            palette = palette_of(body)
        elif kind == 0x0031 and len(body) > 15:
            # [MS-XLS] 2.4.122: fStrikeOut, sss
            name, is_struck = _text(body[14:], 1, is_old), bool(body[2] & 8)
            is_raised, height, colour = (struct.unpack_from("<H", body, at)[0] for at in (8, 0, 4))
            facts.all_fonts.append(Font(name, is_struck, is_raised == 1, colour, height / 20))
        elif kind == 0x0085 and len(body) > 7:
            where, visible = struct.unpack_from("<IB", body)
            places.append((where, _SheetFacts(_text(body[6:], 1, is_old), visible & 3 != 0)))
        elif kind == 0x00FC or kind == CONTINUE and before == 0x00FC:
            shared.append(body)
            kind = 0x00FC
        elif kind == 0x000A:
            break
        before = kind
    facts.codes = [formats.get(n) or BUILT_IN.get(n, "General") for _, n in styles]
    used = [font_of(facts.all_fonts, n) for n, _ in styles]
    facts.fonts = [font.name for font in used]
    facts.struck = frozenset(at for at, font in enumerate(used) if font.is_struck)
    grounds = [ground_of_xf(record, palette) for record in painted]
    facts.unseen = frozenset(
        at
        for at, (font, ground) in enumerate(zip(used, grounds, strict=True))
        if is_unseen(colour_by_number(font.colour, palette), ground, font.points)
    )
    facts.strings = rich_strings(shared) if shared else {}
    for where, sheet in places:
        _read_sheet_facts(data, where, sheet, facts.strings)
        facts.sheets.append(sheet)
    return facts


def _records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start, size) of the records of one substream, its end record included."""
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, at + 4, size
        at += 4 + size
        if kind == 0x000A:
            return


def _read_sheet_facts(data: bytes, where: int, sheet: _SheetFacts, rich: dict[int, RichString]) -> None:
    for kind, at, size in _records(data, where):
        if kind in _SINGLE and size >= 6:
            row, column, style = struct.unpack_from("<HHH", data, at)
            sheet.styles[row, column] = style
            if kind == 0x00FD and rich and size >= 10 and (n := struct.unpack_from("<I", data, at + 6)[0]) in rich:
                sheet.rich[row, column] = n
            elif kind == 0x0205 and size >= 8 and data[at + 7]:
                sheet.errors[row, column] = _ERRORS.get(data[at + 6], "#N/A")
            elif kind in _FORMULAS and size >= 14 and data[at + 12 : at + 14] == b"\xff\xff" and data[at + 6] == 2:
                sheet.errors[row, column] = _ERRORS.get(data[at + 8], "#N/A")
        elif kind == 0x00BD and size >= 6:  # several numbers in one row
            row, column = struct.unpack_from("<HH", data, at)
            for n in range((size - 6) // 6):
                sheet.styles[row, column + n] = struct.unpack_from("<H", data, at + 4 + 6 * n)[0]
        elif kind == 0x0208 and size >= 16:
            if data[at + 12] & 0x20:
                sheet.hidden_rows.add(struct.unpack_from("<H", data, at)[0])
        elif kind in _RULES and size >= 12:
            top, bottom, left, right = struct.unpack_from("<4H", data, at + 4)
            sheet.painted.append((top, left, bottom, right))
        elif kind == 0x007D and size >= 10:
            first, last, _, _, flags = struct.unpack_from("<5H", data, at)
            if flags & 1:
                sheet.hidden_columns.update(range(first, min(last + 1, MAX_COLUMNS)))


def _text(body: bytes, width: int, is_old: bool) -> str:
    """A string with its length in front; in Excel 97 and later a flag byte tells one or two bytes a letter."""
    length = int.from_bytes(body[:width], "little")
    if is_old:
        return body[width : width + length].decode("cp1252", "replace")
    if body[width] & 1:
        return body[width + 1 : width + 1 + 2 * length].decode("utf-16-le", "replace")
    return body[width + 1 : width + 1 + length].decode("latin-1")
