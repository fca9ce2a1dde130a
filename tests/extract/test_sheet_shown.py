"""What a cell shows where that is another number than the one it holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from extract.readers.sheet_format import show
from extract.readers.sheet_ods import read_sheets


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (23000, "#,##0,", "23"),
        (23500, "#,##0,", "23,5"),  # digits that the format hides are kept
        (1405000000, "#,##0,,", "1405"),
        (7000, '_(* #,##0," nghìn"_)', "7 nghìn"),
        (1234567, "#,##0", "1234567"),
        (1234.5, "#,##0.00", "1234,5"),
        (5, '[>=1000000]#,##0,," triệu";#,##0', "5"),
        (5000000, '[>=1000000]#,##0,," triệu";#,##0', "5 triệu"),
        (-5, "[Red]#,##0", "-5"),
    ],
)
def test_a_format_that_leaves_out_thousands_says_so_many(number: float, code: str, text: str) -> None:
    assert show(number, code)[0] == text


_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in {"office": "office", "style": "style", "table": "table", "text": "text"}.items()
)


def ods(path: Path, cell: str) -> str:
    style = '<style:style style:name="T1"><style:text-properties style:text-position="33% 58%"/></style:style>'
    low = '<style:style style:name="T2"><style:text-properties style:text-position="sub 58%"/></style:style>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:automatic-styles>{style}{low}</office:automatic-styles>"
            '<office:body><office:spreadsheet><table:table table:name="a"><table:table-row>'
            f"{cell}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        )
    (sheet,) = read_sheets(path)
    return sheet.cells[0, 0].text


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [("42000", "42", "42"), ("1405000000", "1,405", "1405"), ("42000", "42,000", "42000"), ("42000", "4.2E4", "42000")],
)
def test_thousands_left_out_in_an_ods(tmp_path: Path, value: str, shown: str, text: str) -> None:
    cell = f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p>'
    assert ods(tmp_path / "a.ods", f"{cell}</table:table-cell>") == text


def test_raised_digits_of_an_ods_are_no_digits_of_the_figure(tmp_path: Path) -> None:
    spans = '859<text:span text:style-name="T1">2</text:span><text:span text:style-name="T2">3</text:span>'
    cell = f'<table:table-cell office:value-type="string"><text:p>{spans}</text:p></table:table-cell>'
    assert ods(tmp_path / "a.ods", cell) == "859²3"
