"""DOCX → blocks: the grid, revisions, controls and automatic numbers, each from hand-written XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from extract.model import Grid, Paragraph, RawDocument
from extract.problems import LimitExceeded, Unreadable
from extract.readers.docx import read_docx

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
NUMBERING = """<w:numbering {ns}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2.%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl>
</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def read(tmp_path: Path, body: str, numbering: str = "") -> RawDocument:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        if numbering:
            archive.writestr("word/numbering.xml", numbering.replace("{ns}", NS))
    return read_docx(path)


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}<w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def only_grid(raw: RawDocument) -> Grid:
    (grid,) = [block for block in raw.blocks if isinstance(block, Grid)]
    return grid


def cells(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells]


def prose(raw: RawDocument) -> list[tuple[str, str]]:
    return [(block.label, block.text) for block in raw.blocks if isinstance(block, Paragraph)]


def test_runs_are_joined_with_nothing_between(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>N</w:t></w:r><w:r><w:t>ỘI</w:t></w:r><w:r><w:t xml:space='preserve'> DUNG</w:t></w:r></w:p>"
    assert prose(read(tmp_path, body)) == [("", "NỘI DUNG")]


def test_merged_cells_stand_once_with_their_spans(tmp_path: Path) -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    raw = read(
        tmp_path,
        tbl(
            tr(tc("STT", restart), tc("Kết quả", '<w:gridSpan w:val="2"/>')),
            tr(tc("", go_on), tc("ĐVT"), tc("Số liệu")),
        ),
    )
    assert cells(only_grid(raw)) == [
        (0, 0, 2, 1, "STT"),
        (0, 1, 1, 2, "Kết quả"),
        (1, 1, 1, 1, "ĐVT"),
        (1, 2, 1, 1, "Số liệu"),
    ]


def test_text_of_a_vertically_merged_cell_is_kept_whole(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        tbl(
            tr(tc("5"), tc("Số liệu lấy", '<w:vMerge w:val="restart"/>')),
            tr(tc("5.1"), tc("từ phần mềm", "<w:vMerge/>")),
        ),
    )
    assert cells(only_grid(raw))[1] == (0, 1, 2, 1, "Số liệu lấy\ntừ phần mềm")


def test_a_row_that_starts_late_keeps_its_columns(tmp_path: Path) -> None:
    raw = read(
        tmp_path, tbl(tr(tc("1"), tc("A"), tc("5")), tr(tc("B"), tc("6"), properties='<w:gridBefore w:val="1"/>'))
    )
    assert cells(only_grid(raw))[3:] == [(1, 1, 1, 1, "B"), (1, 2, 1, 1, "6")]


def test_insertions_are_kept_and_deletions_dropped(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    gone = "<w:del><w:r><w:delText>116</w:delText></w:r></w:del>"
    body = f"<w:p>{run.format('Có ')}{gone}<w:ins>{run.format('127')}</w:ins></w:p>"
    row = tr(tc("gone"), properties="<w:del/>")
    raw = read(tmp_path, body + tbl(row, tr(tc("kept"))))
    assert prose(raw) == [("", "Có 127")]
    assert [c.text for c in only_grid(raw).cells] == ["kept"]


def test_content_controls_and_fields_are_seen_through(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{tc('5')}</w:sdtContent></w:sdt>"
    simple = '<w:fldSimple w:instr="PAGE"><w:r><w:t>Trang</w:t></w:r></w:fldSimple>'
    field = f"<w:p>{simple}<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    raw = read(
        tmp_path, f"<w:sdt><w:sdtContent>{p('Trong khung')}</w:sdtContent></w:sdt>{field}{tbl(tr(tc('1'), control))}"
    )
    assert prose(raw) == [("", "Trong khung"), ("", "Trang")]
    assert [c.text for c in only_grid(raw).cells] == ["1", "5"]


def test_automatic_numbers_become_labels(tmp_path: Path) -> None:
    def listed(text: str, level: int) -> str:
        return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')

    body = "".join(
        listed(t, n) for t, n in [("A", 0), ("B", 1), ("C", 1), ("D", 2), ("E", 2), ("F", 0), ("G", 1), ("H", 3)]
    )
    assert [label for label, _ in prose(read(tmp_path, body, NUMBERING))] == [
        "I.",
        "1.",
        "2.",
        "2.1.",
        "2.2.",
        "II.",
        "1.",
        "",
    ]


def test_an_automatic_number_in_a_cell_is_its_text(tmp_path: Path) -> None:
    numbered = "<w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='7'/></w:numPr></w:pPr></w:p></w:tc>"
    raw = read(tmp_path, tbl(tr(numbered, tc("A")), tr(numbered, tc("B"))), NUMBERING)
    assert [c.text for c in only_grid(raw).cells] == ["1.", "A", "2.", "B"]


def test_a_raised_digit_is_no_part_of_the_number(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>2017</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r></w:p>"
    )
    assert prose(read(tmp_path, body)) == [("", "2017¹")]


def test_hidden_text_is_not_printed_and_caps_are(tmp_path: Path) -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>"
    body = f"<w:p>{hidden}<w:r><w:rPr><w:caps/></w:rPr><w:t>Sở Nội vụ</w:t></w:r></w:p>"
    assert prose(read(tmp_path, body)) == [("", "SỞ NỘI VỤ")]


def test_a_real_table_inside_a_layout_cell_is_a_grid_of_its_own(tmp_path: Path) -> None:
    inner = tbl(tr(tc("STT"), tc("Chỉ tiêu"), tc("Số liệu")), tr(tc("1"), tc("A"), tc("5")))
    raw = read(tmp_path, tbl(f"<w:tr><w:tc>{p('Khung')}{inner}{p('')}</w:tc></w:tr>"))
    assert [block.n_cols for block in raw.blocks if isinstance(block, Grid)] == [1, 3]


def test_a_page_break_cuts_the_paragraph(tmp_path: Path) -> None:
    raw = read(tmp_path, "<w:p><w:r><w:t>một</w:t><w:br w:type='page'/><w:t>hai</w:t></w:r></w:p>")
    assert [(b.text, b.opens_page) for b in raw.blocks if isinstance(b, Paragraph)] == [("một", False), ("hai", True)]


def test_millions_of_empty_cells_are_refused_before_parsing(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="400000"):
        read(tmp_path, "<w:tbl><w:tr>" + "<w:tc></w:tc><w:tc ></w:tc>" * 200_001 + "</w:tr></w:tbl>")


@pytest.mark.parametrize("content", ["<!DOCTYPE x [<!ENTITY a 'b'>]><w:document/>", "<w:document", ""])
def test_document_types_and_broken_xml_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", content)
    with pytest.raises(Unreadable):
        read_docx(path)


def test_the_grid_agrees_with_python_docx(tmp_path: Path) -> None:
    """A second reader of the same file: python-docx repeats merged cells, ours spans them."""
    path = tmp_path / "b.docx"
    document = docx.Document()
    table = document.add_table(rows=4, cols=5)
    for r, row in enumerate(table.rows):
        for c, cell in enumerate(row.cells):
            cell.text = f"{r}.{c}"
    table.cell(0, 2).merge(table.cell(0, 3))
    table.cell(1, 4).merge(table.cell(3, 4))
    document.save(str(path))
    grid = only_grid(read_docx(path))
    for cell in grid.cells:
        for r in range(cell.row, cell.row + cell.row_span):
            for c in range(cell.col, cell.col + cell.col_span):
                theirs = table.cell(r, c).text
                assert [t for t in theirs.split("\n") if t] == cell.text.split("\n")
    assert sum(c.row_span * c.col_span for c in grid.cells) == 20
