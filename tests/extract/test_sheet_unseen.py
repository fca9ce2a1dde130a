"""Print of workbooks that nobody sees is taken as absent and said; what may be seen is read without a word."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from extract import read_file
from extract.readers import sheet_ods
from extract.readers.sheet_paint import colour_by_number, ground_of_xf, palette_of, prints_nothing
from extract.readers.sheet_xlsx import read_sheets
from tests.extract.test_sheet_shown import _NAMES
from tests.extract.test_sheet_xls import cells_of, number, record, workbook

WHITE, GREEN, RED = "FFFFFFFF", "FF00B050", "FFFF0000"
PAPER = (255, 255, 255)


def solid(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


def ruled(sheet: Worksheet) -> None:
    sheet.conditional_formatting.add("A1:A9", CellIsRule(operator="greaterThan", formula=["1"], fill=solid(RED)))


@pytest.mark.parametrize(
    ("font", "fill", "code", "is_ruled", "is_unseen"),
    [
        (Font(color=WHITE), None, "0", False, True),
        (Font(color="FFF8F8F8"), None, "0", False, True),
        (Font(color=Color(theme=0)), None, "0", False, True),
        (Font(color=Color(indexed=9)), None, "0", False, True),
        (Font(color=GREEN), solid(GREEN), "0", False, True),
        (Font(size=2), None, "0", False, True),
        (Font(), None, ";;;", False, True),
        (Font(), None, "0", False, False),
        (Font(), None, "0;-0;;@", False, False),
        (Font(color=WHITE), solid(GREEN), "0", False, False),
        (Font(color=WHITE), PatternFill("lightGray"), "0", False, False),
        (Font(color=Color(theme=0, tint=-0.5)), None, "0", False, False),
        (Font(color=Color(theme=4)), None, "0", False, False),
        (Font(color=WHITE), None, "0", True, False),
    ],
)
def test_print_in_the_colour_of_its_ground(
    tmp_path: Path, font: Font, fill: PatternFill | None, code: str, is_ruled: bool, is_unseen: bool
) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet["A1"] = 12
    sheet["A1"].font, sheet["A1"].number_format = font, code
    if fill is not None:
        sheet["A1"].fill = fill
    if is_ruled:
        ruled(sheet)
    book.save(tmp_path / "a.xlsx")
    (read,) = read_sheets(tmp_path / "a.xlsx")
    assert read.cells[0, 0].is_unseen is is_unseen


def test_a_format_that_prints_nothing_in_an_xls(tmp_path: Path) -> None:
    cells = cells_of(workbook(tmp_path / "a.xls", [number(0, 0, 12, 1), number(1, 0, 12)], [], [";;;"]))
    assert [cell.is_unseen for cell in cells.values()] == [True, False]
    assert not prints_nothing("General") and not prints_nothing("0;-0")


def test_colours_and_grounds_of_an_xls() -> None:
    palette = palette_of(struct.pack("<H", 2) + bytes((255, 255, 255, 0, 1, 2, 3, 0)))
    assert [colour_by_number(n, palette) for n in (8, 9, 1, 65, 64, 0x7FFF)] == [
        PAPER,
        (1, 2, 3),
        PAPER,
        PAPER,
        None,
        None,
    ]

    def xf(pattern: int, colour: int) -> bytes:
        return bytes(14) + struct.pack("<IH", pattern << 26, colour)

    assert [ground_of_xf(xf(*one), palette) for one in ((0, 64), (1, 9), (1, 64), (2, 9))] == [
        PAPER,
        (1, 2, 3),
        None,
        None,
    ]
    assert ground_of_xf(b"", palette) is None  # Excel 95


def test_an_area_with_a_rule_in_an_xls_may_be_painted(tmp_path: Path) -> None:
    rule = record(0x01B0, struct.pack("<HHHHHH", 1, 0, 3, 4, 0, 1))
    (sheet,) = sheet_facts(workbook(tmp_path / "a.xls", [number(0, 0, 12), rule], []))
    assert sheet == [(3, 0, 4, 1)]


def sheet_facts(path: Path) -> list[list[tuple[int, int, int, int]]]:
    from extract.readers.sheet_xls import read_facts

    return [sheet.painted for sheet in read_facts(path).sheets]


@pytest.mark.parametrize(
    ("colour", "ground", "more", "shown", "is_unseen"),
    [
        ("#ffffff", "", "", "12", True),
        ("#ffffff", "#00b050", "", "12", False),
        ("#00b050", "#00b050", "", "12", True),
        ("#ffffff", "", '<style:map style:condition="cell-content()&gt;1"/>', "12", False),
        ("#000000", "", "", "", True),
    ],
)
def test_print_in_the_colour_of_its_ground_in_an_ods(
    tmp_path: Path, colour: str, ground: str, more: str, shown: str, is_unseen: bool
) -> None:
    names = f'{_NAMES} xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    painted = f'<style:table-cell-properties fo:background-color="{ground}"/>' if ground else ""
    style = f'<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="Default">{painted}'
    style += f'<style:text-properties fo:color="{colour}"/>{more}</style:style>'
    cell = '<table:table-cell table:style-name="ce1" office:value-type="float" office:value="12">'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{style}</office:automatic-styles>"
            '<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>'
            f"{cell}<text:p>{shown}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    (sheet,) = sheet_ods.read_sheets(tmp_path / "a.ods")
    assert sheet.cells[0, 0].is_unseen is is_unseen


def test_a_figure_that_nobody_sees_is_absent_and_said(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"],
        ["1", "Số văn bản", "Văn bản", 5],
        ["2", "Số cuộc", "Cuộc", 7],
    ):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(color=WHITE), solid(GREEN)
    sheet["D2"].font = Font(color=WHITE)
    book.save(tmp_path / "a.xlsx")
    document = read_file(tmp_path / "a.xlsx")
    (table,) = document.tables
    assert [cell.text for cell in table.cells if cell.col == 3] == ["", "7"]
    assert [(problem.code, problem.row, problem.detail) for problem in document.problems] == [("print-unseen", 1, "5")]
