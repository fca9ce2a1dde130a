"""Pages that Excel and LibreOffice Calc saved: a whole sheet is one table, the numbers stand in the tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import read_file
from extract.model import Document, Table

CALC = '<meta name="generator" content="LibreOffice 7.4 (Linux)"/>'
EXCEL = "<meta name=ProgId content=Excel.Sheet><!--[if gte mso 9]><xml><x:Name>PL 2</x:Name></xml><![endif]-->"
HEAD = "<tr><td>STT</td><td>Chỉ tiêu</td><td>Đơn vị tính</td><td>Số liệu</td></tr>"


def read(tmp_path: Path, body: str, head: str = CALC) -> Document:
    path = tmp_path / "a.html"
    path.write_text(f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>', encoding="utf-8")
    return read_file(path)


def calc(name: str, *rows: str) -> str:
    return f'<A NAME="table0"><h1>Sheet 1: <em>{name}</em></h1></A><table border="0">{"".join(rows)}</table>'


def row(code: str, figure: str) -> str:
    return f"<tr>{code}<td>Số hồ sơ</td><td>Hồ sơ</td>{figure}</tr>"


def grid(table: Table) -> list[list[str]]:
    out = [[""] * len(table.columns) for _ in range(table.n_rows)]
    for cell in table.cells:
        out[cell.row - 1][cell.col] = cell.text
    return out


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ('<td sdval="1025" sdnum="1033;0;#,##0">1,025</td>', "1025"),
        ('<td sdval="0.887048192771084" sdnum="1033;0;0.00%">88.70%</td>', "88,7%"),
        ('<td sdval="100" sdnum="1033;0;0.0\\%">100.0%</td>', "100"),
        ('<td sdval="42000" sdnum="1033;0;#,##0,">42</td>', "42"),
        ('<td sdval="0" sdnum="1033;0;#,##0;-#,##0;&quot;-&quot;">-</td>', "0"),
        ('<td sdval="0" sdnum="1033;">#REF!</td>', "#REF!"),
        ('<td sdval="5"><a class="comment-indicator"></a><comment>trước là 9</comment>5</td>', "5"),
        ("<td>1.025</td>", "1.025"),
    ],
)
def test_figures_of_a_page_that_calc_saved(tmp_path: Path, figure: str, text: str) -> None:
    document = read(tmp_path, calc("PL 2", HEAD, row("<td>1</td>", figure)))
    assert grid(document.tables[0])[0][3] == text
    assert document.tables[0].caption.appendix == "2" and document.method == "sheet"


def test_captions_and_letterhead_are_rows_of_the_table(tmp_path: Path) -> None:
    above = "<tr><td colspan=4>Phụ lục 3</td></tr><tr><td colspan=4>THỂ CHẾ</td></tr><tr><td><br></td></tr>"
    rows = [row(f"<td>{n}</td>", f"<td>{n + 4}</td>") for n in (1, 2, 3)]
    (table,) = read(tmp_path, calc("Sheet1", above, HEAD, *rows)).tables
    assert (table.caption.appendix, table.caption.title, table.n_rows) == ("3", "THỂ CHẾ", 3)


def test_codes_that_became_dates_are_repaired(tmp_path: Path) -> None:
    rows = [row("<td>1</td>", "<td>1</td>"), row("<td>1.1</td>", "<td>2</td>")]
    lost = '<td sdval="45323" sdnum="1033;0;DD-MMM">01-Feb</td>'
    (table,) = read(tmp_path, calc("PL 2", HEAD, *rows, row(lost, "<td>3</td>"))).tables
    assert [line[0] for line in grid(table)] == ["1", "1.1", "1.2"]


def test_a_page_that_excel_saved(tmp_path: Path) -> None:
    number = '<td align=right x:num="1061">1,061</td>'
    share = '<td align=right x:num="0.953">95.3%</td>'
    hidden = f"<tr style='display:none'>{row('<td>3</td>', '<td x:num>7</td>')[4:]}"
    body = f"<table>{HEAD}{row('<td>1</td>', number)}{row('<td>2</td>', share)}{hidden}</table>"
    document = read(tmp_path, body, EXCEL)
    assert [line[3] for line in grid(document.tables[0])] == ["1061", "95,3%", "7"]
    assert document.tables[0].caption.appendix == "2"
    assert [problem.code for problem in document.problems] == ["sheet-hidden"]


def test_a_page_with_prose_is_read_as_a_page(tmp_path: Path) -> None:
    body = f"<p>Phụ lục 2</p><table>{HEAD}{row('<td>1</td>', '<td>5</td>')}</table>"
    assert read(tmp_path, body, EXCEL).method == "html"
