"""ODS and Excel 2003 XML as people fill them in: their mark-up is written here, read to the document's end."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from extract import read_file
from extract.model import Document
from tests.extract.test_sheet_reader import HEAD, codes, grid

ODS = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:automatic-styles>
<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="PL 2" table:style-name="{style}">
<table:table-column table:number-columns-repeated="16384"/>
<table:table-row>{head}</table:table-row>{rows}
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def ods_cell(shown: str, kind: str = "string", value: str = "") -> str:
    held = {"string": "", "date": f'office:date-value="{value}"'}.get(kind, f'office:value="{value}"')
    return f'<table:table-cell office:value-type="{kind}" {held}><text:p>{shown}</text:p></table:table-cell>'


def read_ods(tmp_path: Path, *rows: str, style: str = "ta1") -> Document:
    path = tmp_path / "a.ods"
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(style=style, head="".join(map(ods_cell, HEAD)), rows=body))
    return read_file(path)


@pytest.mark.parametrize(
    ("shown", "kind", "value", "text"),
    [
        ("5", "float", "5", "5"),
        ("88,7", "float", "88.7", "88,7"),
        ("89%", "percentage", "0.887", "88,7%"),
        ("88.7%", "percentage", "0.887048192771084", "88,7%"),
        ("0,89", "float", "0.887048192771084", "0,89"),
        ("1.061", "float", "1061", "1061"),
        ("09", "float", "9", "09"),
        ("#DIV/0!", "string", "", "#DIV/0!"),
        ("a<text:s text:c='2'/>b<text:line-break/>c", "string", "", "a b\nc"),
    ],
)
def test_cells_of_an_ods(tmp_path: Path, shown: str, kind: str, value: str, text: str) -> None:
    row = ods_cell("1") + ods_cell("Một") + ods_cell("%") + ods_cell(shown, kind, value)
    assert grid(read_ods(tmp_path, row).tables[0])[0][3] == text


def test_a_hidden_sheet_of_an_ods_is_said(tmp_path: Path) -> None:
    row = ods_cell("1") + ods_cell("Một") + ods_cell("%") + ods_cell("5", "float", "5")
    assert codes(read_ods(tmp_path, row, style="ta2")) == [("sheet-hidden", None)]


def test_a_date_made_of_a_code_in_an_ods(tmp_path: Path) -> None:
    rows = [ods_cell(code) + ods_cell("Một") + ods_cell("%") + ods_cell("5", "float", "5") for code in ("1", "1.1")]
    lost = ods_cell("01/02/24", "date", "2024-02-01") + ods_cell("Hai") + ods_cell("%") + ods_cell("5", "float", "5")
    assert [row[0] for row in grid(read_ods(tmp_path, *rows, lost).tables[0])] == ["1", "1.1", "1.2"]


EXCEL_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles><Worksheet ss:Name="PL 7"><Table>
<Row>{head}</Row><Row ss:Index="3"><Cell><Data ss:Type="String">1</Data></Cell><Cell><Data
 ss:Type="String">Một</Data></Cell>
<Cell ss:Index="4" ss:StyleID="p"><Data ss:Type="Number">0.887</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_an_excel_2003_xml_workbook_named_xls(tmp_path: Path) -> None:
    head = "".join(f'<Cell><Data ss:Type="String">{word}</Data></Cell>' for word in HEAD)
    path = tmp_path / "a.xls"
    path.write_text(EXCEL_2003.format(head=head), encoding="utf-8")
    document = read_file(path)
    assert document.source.format == "sheet-xml" and document.tables[0].caption.appendix == "7"
    assert grid(document.tables[0]) == [["1", "Một", "", "88,7%", ""]]
