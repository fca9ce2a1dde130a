"""Print that nobody sees (in the colour of its ground, of three points) and print set higher or lower: no part of a
figure, and said. Light print on dark cells is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.document import build_document
from extract.model import Document, Grid, Paragraph, RawDocument, SourceFile
from extract.readers.docx import read_as_tree, read_by_moulds
from extract.readers.docx_moulds import cut
from extract.readers.docx_parts import tree_of
from extract.readers.docx_pieces import NotUsual
from extract.readers.html import blocks_of
from extract.readers.pdf import read_pdf
from extract.struck import unstruck
from extract.text import clean
from tests.extract.test_docx_drawn import ROOT, r
from tests.extract.test_docx_reader import p, tbl, tc, tr
from tests.extract.test_pdf_reader import one_page, texts

WHITE, SIX = '<w:color w:val="FFFFFF"/>', '<w:position w:val="6"/>'
DARK = '<w:shd w:val="clear" w:color="auto" w:fill="1F497D"/>'
STYLES = f"""<w:styles {ROOT}>
<w:style w:type="character" w:styleId="Trang"><w:rPr>{WHITE}</w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Bang"><w:pPr>{DARK}</w:pPr><w:rPr>{WHITE}</w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Duoi"><w:rPr><w:vertAlign w:val="subscript"/></w:rPr></w:style>
<w:style w:type="table" w:styleId="Dam"><w:tblStylePr w:type="firstRow"><w:tcPr>{DARK}</w:tcPr></w:tblStylePr></w:style>
<w:style w:type="table" w:styleId="DamCon"><w:basedOn w:val="Dam"/></w:style></w:styles>"""


def read(body: str, styles: str | None = None) -> RawDocument:
    data = f"<w:document {ROOT}><w:body>{body}</w:body></w:document>".encode()
    sheet = None if styles is None else styles.encode()
    with pytest.raises(NotUsual):  # the moulds leave to the tree what is behind the print
        assert read_by_moulds(cut(data), None, sheet) is None
    return read_as_tree(tree_of(data, "document"), None, sheet)


def printed(raw: RawDocument) -> list[str]:
    return [cell.text for block in unstruck(raw.blocks) if isinstance(block, Grid) for cell in block.cells]


@pytest.mark.parametrize(
    ("behind", "properties", "expected"),
    [
        ("", WHITE, "15"),
        ("", '<w:color w:val="F2F2F2" w:themeColor="background1"/>', "15"),
        ("", '<w:sz w:val="2"/>', "15"),
        ("", '<w:color w:val="FFFF00"/><w:highlight w:val="yellow"/>', "15"),
        ("", WHITE + '<w:shd w:val="pct5" w:color="000000" w:fill="auto"/>', "15"),
        ('<w:shd w:val="clear" w:fill="000000"/>', '<w:color w:val="000000"/>', "15"),
        ("", SIX, "15⁹"),
        ("", '<w:position w:val="-6"/>', "15₉"),
        ("", WHITE + '<w:highlight w:val="black"/>', "159"),
        ("", WHITE + '<w:shd w:val="solid" w:color="000000" w:fill="auto"/>', "159"),
        (DARK, WHITE, "159"),
        (DARK, "", "159"),
        ("", '<w:color w:val="FFFF00"/>', "159"),
        ("", '<w:color w:val="BFBFBF"/>', "159"),
        ("", SIX.replace("6", "1"), "159"),
    ],
)
def test_print_of_a_docx_that_is_not_seen(behind: str, properties: str, expected: str) -> None:
    cell = f"<w:tc><w:tcPr>{behind}</w:tcPr><w:p>{r('15')}{r('9', properties)}</w:p></w:tc>"
    seen = printed(read_as_tree(tree_of(f"<w:document {ROOT}>{tbl(tr(cell))}</w:document>".encode(), ""), None, None))
    assert seen == [expected]


def test_the_moulds_refuse_what_they_cannot_weigh_and_lowered_digits_are_no_digits() -> None:
    assert printed(read(tbl(tr(f"<w:tc><w:p>{r('15')}{r('9', WHITE)}</w:p></w:tc>")))) == ["15"]
    data = f"<w:document {ROOT}><w:body>{p('15')}</w:body></w:document>".encode()
    data = data.replace(b"<w:t>", b'<w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>')
    (lowered,) = read_by_moulds(cut(data), None, None).blocks
    assert isinstance(lowered, Paragraph) and lowered.text == "₁₅"


def test_styles_paint_print_and_its_ground() -> None:
    def cell(paragraph: str) -> str:
        return f"<w:tc>{paragraph}</w:tc>"

    hidden = cell(f"<w:p>{r('15')}" + r("9", '<w:rStyle w:val="Trang"/>') + "</w:p>")
    white, banner = f"<w:tc><w:p>{r('7', WHITE)}</w:p></w:tc>", cell(p("Số liệu", '<w:pStyle w:val="Bang"/>'))
    style = '<w:tblPr><w:tblStyle w:val="DamCon"/></w:tblPr>'
    styled = tbl(tr(white, white), tr(white, hidden)).replace("<w:tbl>", f"<w:tbl>{style}")
    assert printed(read(styled + tbl(tr(banner)), STYLES)) == ["7", "7", "", "15", "Số liệu"]
    off = styled.replace("</w:tblPr>", '<w:tblLook w:val="0000"/></w:tblPr>')
    assert printed(read(off, STYLES)) == ["", "", "", "15"]


def test_print_set_higher_throughout_is_no_mark_and_a_shape_has_a_ground_of_its_own() -> None:
    box = f"<w:txbxContent><w:p>{r('Phụ lục 2', WHITE)}</w:p></w:txbxContent>"
    raw = read(tbl(tr(f"<w:tc><w:p>{r('15', SIX)}</w:p></w:tc>")) + f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>")
    assert printed(raw) == ["15"]
    assert [block.text for block in unstruck(raw.blocks) if isinstance(block, Paragraph)] == ["Phụ lục 2"]


def document(raw: RawDocument) -> Document:
    return build_document(SourceFile("a.docx", "0" * 64, "docx", 1), raw)


def test_a_row_or_a_paragraph_of_which_nothing_is_seen_is_said() -> None:
    def row(stt: str, name: str, figure: str, look: str = "") -> str:
        return tr(*(f"<w:tc><w:p>{r(text, look)}</w:p></w:tc>" for text in (stt, name, "Văn bản", figure)))

    header = tr(*map(tc, ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu")))
    rows = row("1.", "Số văn bản", "5") + row("2.", "Số kế hoạch", "7", WHITE) + row("3.", "Số báo cáo", "4")
    made = document(read(p("Phụ lục 2") + tbl(header, rows) + f"<w:p>{r('xin chữ ký', WHITE)}{r('.')}</w:p>"))
    assert [clean(cell.text) for cell in made.tables[0].cells if cell.col == 3] == ["5", "4"]
    said = [problem.detail for problem in made.problems if problem.code == "print-unseen"]
    assert said == ["2. Số kế hoạch Văn bản 7", "xin chữ ký"]


def page(css: str, inner: str, row: str = "", head: str = "") -> list[str]:
    table = f"<table><tr {row}><td>1</td><td>Số văn bản</td><td>{inner}</td></tr></table>"
    blocks, _ = blocks_of(f"<html><head>{head}<style>{css}</style></head><body>{table}</body></html>")
    return [cell.text for block in unstruck(blocks) if isinstance(block, Grid) for cell in block.cells]


@pytest.mark.parametrize(
    ("css", "inner", "expected"),
    [
        ("", "15<span style='color:#fff'>9</span>", "15"),
        ("", "15<font color=white>9</font>", "15"),
        ("", "15<span style='font:1pt Arial'>9</span>", "15"),
        ("", "15<span style='background-color:yellow;color:#FF0'>9</span>", "15"),
        ("td .w{color:rgb(255, 255, 255)}", "15<span class='v w'>9</span>", "15"),
        (".w{color:white}", "15<b class=w>9<i style='color:black'>8</i></b>", "158"),
        ("", "15<span style='position:relative;top:-3.0pt'>9</span>", "15⁹"),
        ("", "15<sub>9</sub>", "15₉"),
        (".m{vertical-align:-25%}", "15<span class=m>9</span>", "15₉"),
        ("td{background:#1F497D}", "15<span style='color:white'>9</span>", "159"),
        ("td{background:url(a.png) #fff}", "15<span style='color:white'>9</span>", "159"),
        ("", "15<span style='color:#c00;background-color:white'>9</span>", "159"),
        ("", "15<span style='vertical-align:0pt;font-size:8pt'>9</span>", "159"),
    ],
)
def test_print_of_a_page_that_is_not_seen(css: str, inner: str, expected: str) -> None:
    assert page(css, inner)[2] == expected


def test_a_dark_row_and_a_page_whose_sheets_lie_elsewhere_show_white_print() -> None:
    white = "<span style='color:white'>9</span>"
    assert page("", white, "bgcolor=navy")[2] == "9"
    assert page("", white, head="<link rel=stylesheet href=a.css>")[2] == "9"
    assert page("", white, "bgcolor=white", "<link rel=stylesheet href=a.css>")[2] == ""


def test_white_print_of_a_pdf_is_seen_on_something_dark_only(tmp_path: Path) -> None:
    line, white = b"BT /F1 12 Tf 72 %d Td (Tong so 12) Tj %s Tg (99) Tj 0 g ET ", b"1 1 1 rg"
    dark, pale = b"0.1 0.3 0.5 rg 60 590 200 30 re f 0 g ", b"0.97 g 60 490 200 30 re f 0 g "
    drawn = dark + pale + b"".join(line % (y, white) for y in (700, 600, 500)).replace(b" Tg", b"")
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(drawn))
    assert texts(read_pdf(path)) == ["Tong so 12", "Tong so 1299", "Tong so 12"]


def test_a_stroke_beside_an_underline_of_a_pdf_strikes(tmp_path: Path) -> None:
    text = b"BT /F1 12 Tf 72 700 Td (66 400) Tj ET 72 703 m 85.3 703 l S 72 701.5 m 85.3 701.5 l S "
    text += b"84 698.9 m 109 698.9 l S 84 700.2 m 109 700.2 l S "
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(text))
    assert texts(read_pdf(path)) == ["400"]
    run_by_run = b"BT /F1 12 Tf 72 700 Td (3409 ok) Tj ET 72 704 m 92 704 l S 92 704 m 98.7 704 l S "
    path.write_bytes(one_page(run_by_run))
    assert texts(read_pdf(path)) == ["ok"]


def test_white_figures_of_a_pdf_are_said_in_their_cell(tmp_path: Path) -> None:
    xs, ys = (60, 120, 300, 400, 500), (700, 660, 620, 580)
    drawn = b"".join(b"%d 580 m %d 700 l S " % (x, x) for x in xs) + b"".join(
        b"60 %d m 500 %d l S " % (y, y) for y in ys
    )
    for y, row in zip((670, 630, 590), (b"STT Noi DVT So", b"1 So Viec 12", b"2 Tep Viec 15"), strict=True):
        for x, word in zip(xs, row.split(), strict=False):
            drawn += b"BT /F1 12 Tf %d %d Td (%s) Tj 1 g (%s) Tj 0 g ET " % (
                x + 4,
                y,
                word,
                b"7" if word == b"15" else b"",
            )
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(drawn))
    (grid,) = (block for block in read_pdf(path).blocks if isinstance(block, Grid))
    assert [(c.text, [p.code for p in c.problems]) for c in grid.cells if c.col == 3][1:] == [
        ("12", []),
        ("15", ["print-unseen"]),
    ]


def test_marked_text_of_other_programs_keeps_lowered_digits_apart() -> None:
    assert clean("20<sub>1</sub> 20<SUP>2</SUP>") == "20₁ 20²"
