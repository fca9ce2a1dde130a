"""What a DOCX prints and holds in no `w:t`: fields without a result, forms, equations, symbols, pictures; and what
styles hide, raise or strike. Each read by moulds (or refused) and as a tree."""

from __future__ import annotations

from contextlib import suppress

import pytest

from extract.document import build_document
from extract.model import Document, Grid, Paragraph, RawDocument, SourceFile
from extract.readers.docx import read_as_tree, read_by_moulds
from extract.readers.docx_moulds import cut
from extract.readers.docx_parts import tree_of
from extract.readers.docx_pieces import NotUsual
from extract.text import UNREAD
from tests.extract.test_docx_reader import NS, p, tbl, tc, tr

ROOT = (
    f'{NS} xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wp="urn:drawing" '
    'xmlns:o="urn:schemas-microsoft-com:office:office"'
)
STYLES = f"""<w:styles {NS}><w:style w:type="character" w:styleId="An"><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="AnCon"><w:basedOn w:val="An"/></w:style>
<w:style w:type="character" w:styleId="Mu"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Bo"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="AnDoan"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"""


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def styled(text: str, style: str) -> str:
    return r(text, f'<w:rStyle w:val="{style}"/>')


def mark(kind: str, form: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{form}</w:fldChar></w:r>'


def field(instruction: str, result: str | None = None, form: str = "") -> str:
    said = "" if result is None else mark("separate") + result
    return f"{mark('begin', form)}<w:r><w:instrText>{instruction}</w:instrText></w:r>{said}{mark('end')}"


def form(inner: str) -> str:
    return f"<w:ffData>{inner}</w:ffData>"


PICTURE = (
    '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas/picture"/></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)
LIST = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="3"/><w:listEntry w:val="15"/></w:ddList>'
FRACTION = "<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>"
EITHER = (
    "<w:r><mc:AlternateContent><mc:Choice><w:t>15</w:t></mc:Choice><mc:Fallback><w:t>15</w:t></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
RUBY = (
    "<w:r><w:ruby><w:rt><w:r><w:t>9</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>15</w:t></w:r></w:rubyBase></w:ruby></w:r>"
)
LINE = (
    '<w:r><w:drawing><a:graphic><a:graphicData uri="http://schemas/wordprocessingShape"/></a:graphic></w:drawing></w:r>'
)


def read(body: str) -> RawDocument:
    data = f"<w:document {ROOT}><w:body>{body}</w:body></w:document>".encode()
    raw = read_as_tree(tree_of(data, "document"), None, STYLES.encode())
    with suppress(NotUsual):
        assert read_by_moulds(cut(data), None, STYLES.encode()) == raw
    return raw


def cell_of(inner: str) -> str:
    (grid,) = read(tbl(tr(f"<w:tc>{inner}</w:tc>"))).blocks
    assert isinstance(grid, Grid)
    return grid.cells[0].text


@pytest.mark.parametrize(
    ("inner", "printed"),
    [
        (field("MERGEFIELD So"), UNREAD),
        (field(r"EQ \f(3;4)"), UNREAD),
        (field("AUTONUMLGL"), UNREAD),
        ('<w:fldSimple w:instr="AUTONUM"/>', UNREAD),
        (field("XE muc"), ""),
        (field("PAGE"), ""),
        (field("FORMTEXT"), ""),
        (field("=SUM(ABOVE)", r("15")), "15"),
        (field("IF </w:instrText></w:r>" + field("MERGEFIELD a", r("99")) + "<w:r><w:instrText>", r("15")), "15"),
        (field("IF </w:instrText></w:r>" + r("77") + "<w:r><w:instrText>", r("15")), "15"),
        (field("FORMDROPDOWN", None, form(LIST)), "15"),
        (field("FORMDROPDOWN", None, form('<w:ddList><w:listEntry w:val="3"/></w:ddList>')), "3"),
        (field("FORMCHECKBOX", None, form("<w:checkBox><w:checked/></w:checkBox>")), "☒"),
        (field("FORMCHECKBOX", None, form('<w:checkBox><w:default w:val="0"/></w:checkBox>')), "☐"),
        ("<m:oMath><m:r><m:t>88,7</m:t></m:r><m:r><m:t>%</m:t></m:r></m:oMath>", "88,7%"),
        (FRACTION, UNREAD),
        ('<w:r><w:sym w:font="Symbol" w:char="F031"/><w:sym w:font="Symbol" w:char="F035"/></w:r>', "15"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F050"/></w:r>', "✓"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Webdings" w:char="F061"/></w:r>', UNREAD),
        (PICTURE, UNREAD),
        (LINE, ""),
        ('<w:r><w:object><v:shape><v:imagedata/></v:shape><o:OLEObject ProgID="Equation.3"/></w:object></w:r>', UNREAD),
        ('<w:r><w:pict><v:shape><v:textpath string="15"/></v:shape></w:pict></w:r>', "15"),
        (EITHER, "15"),
        (RUBY, "15"),
        (r("15") + styled("88", "An"), "15"),
        (r("15") + styled("88", "AnCon"), "15"),
        (r("15") + styled("2", "Mu"), "15²"),
        (r("15") + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>(*)</w:t></w:r>', "15(*)"),
    ],
)  # fmt: skip
def test_what_is_printed_is_read_or_marked(inner: str, printed: str) -> None:
    assert cell_of(f"<w:p>{inner}</w:p>") == printed


def test_a_hidden_paragraph_says_nothing() -> None:
    assert cell_of(p("15") + p("88", '<w:pStyle w:val="AnDoan"/>')) == "15"


def test_a_hidden_row_says_nothing() -> None:
    hidden = tr(tc("88")).replace("<w:tr>", "<w:tr><w:trPr><w:hidden/></w:trPr>")
    (grid,) = read(tbl(tr(tc("15")), hidden)).blocks
    assert isinstance(grid, Grid) and [cell.text for cell in grid.cells] == ["15"]


def test_print_that_a_style_strikes_is_struck() -> None:
    assert cell_of(f"<w:p>{styled('3', 'Bo')}{r('5')}</w:p>") == "3\u03365"


def test_a_table_in_a_text_box_is_a_table() -> None:
    table = tbl(*[tr(tc("1"), tc("Số văn bản"), tc("5")) for _ in range(3)])
    box = f"<v:shape><v:textbox><w:txbxContent>{table}<w:p/></w:txbxContent></v:textbox></v:shape>"
    assert [type(block) for block in read(f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>").blocks] == [Grid]


def document(body: str) -> Document:
    return build_document(SourceFile("a.docx", "0" * 64, "docx", 1), read(body))


HEADER = tr(tc("STT"), tc("Chỉ tiêu"), tc("Đơn vị tính"), tc("Số liệu"))
TABLE = tbl(HEADER, *[tr(tc(str(n)), tc("Số văn bản"), tc("Văn bản"), tc("5")) for n in (1, 2, 3)])


@pytest.mark.parametrize("shown", [PICTURE, "<w:r><w:object><o:OLEObject/></w:object></w:r>"])
def test_a_picture_in_place_of_a_table_is_an_error(shown: str) -> None:
    read_as = document(f"{p('Phụ lục 1')}<w:p>{shown}</w:p>{p('Phụ lục 2')}{TABLE}")
    errors = [(one.code, one.appendix) for one in read_as.problems if one.severity == "error"]
    assert errors == [("picture-not-read", "1")]
    assert [table.caption.appendix for table in read_as.tables] == ["2"]


def test_a_part_in_another_format_in_place_of_a_table_is_an_error() -> None:
    said = document(f"{p('Phụ lục 1')}{TABLE}{p('Phụ lục 2')}<w:altChunk/>").problems
    assert [problem.code for problem in said] == ["picture-not-read"]


def test_pictures_elsewhere_say_nothing() -> None:
    letterhead = tbl(tr(f"<w:tc><w:p>{PICTURE}</w:p>{p('SỞ NỘI VỤ')}</w:tc>", tc("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")))
    read_as = document(f"{letterhead}<w:p>{PICTURE}</w:p>{p('Phụ lục 1')}{TABLE}<w:p>{PICTURE}</w:p>")
    assert not read_as.problems and len(read_as.tables) == 1
    assert UNREAD not in repr(read_as.letterhead) + read_as.preamble


def test_a_picture_alone_is_no_paragraph_of_the_prose() -> None:
    assert [block for block in read(f"<w:p>{LINE}</w:p>").blocks if isinstance(block, Paragraph)] == []
