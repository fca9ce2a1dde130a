"""A DOCX body read by moulds says what the same body read as a tree says; what is no XML is refused by both."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model import RawDocument
from extract.readers.docx import read_as_tree, read_by_moulds
from extract.readers.docx_moulds import _KNOWN, MAX_KEPT, MAX_NEW, cut
from extract.readers.docx_parts import tree_of
from extract.readers.docx_pieces import NotUsual
from tests.extract.test_docx_reader import NS, NUMBERING, p, tbl, tc, tr
from tools.corpus.__main__ import write
from tools.corpus.practice import draw

CORPUS = Path(__file__).parents[2] / "corpus"
STYLES = f"""<w:styles {NS}><w:style w:type="paragraph" w:styleId="Dam"><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Muc"><w:basedOn w:val="Dam"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style></w:styles>"""


def document(body: str, root: str = NS) -> bytes:
    return f"<w:document {root}><w:body>{body}</w:body></w:document>".encode()


def by_moulds(data: bytes) -> RawDocument:
    return read_by_moulds(cut(data), NUMBERING.replace("{ns}", NS).encode(), STYLES.encode())


def as_tree(data: bytes) -> RawDocument:
    return read_as_tree(tree_of(data, "document"), NUMBERING.replace("{ns}", NS).encode(), STYLES.encode())


def parts(path: Path) -> tuple[bytes, bytes | None, bytes | None]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        numbering, styles = (
            archive.read(name) if name in names else None for name in ("word/numbering.xml", "word/styles.xml")
        )
        return archive.read("word/document.xml"), numbering, styles


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.docx")), ids=lambda path: path.stem)
def test_every_sample_says_the_same_both_ways(path: Path) -> None:
    body, numbering, styles = parts(path)
    assert read_by_moulds(cut(body), numbering, styles) == read_as_tree(tree_of(body, ""), numbering, styles)


def test_practice_reports_say_the_same_both_ways(tmp_path: Path) -> None:
    write(draw(74_205, 6, ("docx",)), tmp_path, frozenset(("docx",)))
    paths = sorted(tmp_path.rglob("*.docx"))
    assert len(paths) == 6
    for path in paths:
        body, numbering, styles = parts(path)
        assert read_by_moulds(cut(body), numbering, styles) == read_as_tree(tree_of(body, ""), numbering, styles)


def box(held: str, beside: str = "", look: str = "") -> str:
    """A paragraph with a text box, drawn once for new and once for old programs."""
    drawn = f"<w:txbxContent>{held}</w:txbxContent>"
    return (
        f"<w:p><w:pPr>{look}</w:pPr><w:r>{beside}<mc:AlternateContent><mc:Choice><w:drawing>{drawn}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{drawn}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


MUC = '<w:pStyle w:val="Muc"/>'
LISTED = '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="7"/></w:numPr>'
ROW = tr(tc("1"), tc("A"), tc("5"))
USUAL = {
    "entities": p("a &amp; b &lt; c &#233; &#x1EBF; &quot;"),
    "a raw bracket in a text": p("3 > 2") + tbl(tr(tc("a > b"), tc("c"))),
    "line ends": "<w:p>\r\n<w:r>\r<w:t>a\r\nb\rc</w:t></w:r></w:p>",
    "white space between elements": f"\n  {tbl(ROW)}\n  {p('x')} <w:p />\n<w:sectPr/>\n",
    "paragraphs without text": f"<w:p/>{tbl(tr('<w:tc><w:p/></w:tc>', '<w:tc><w:p/><w:p></w:p></w:tc>'), ROW)}<w:p/>",
    "cells without paragraphs": tbl(tr("<w:tc/>", "<w:tc><w:tcPr/></w:tc>", tc("A")), ROW),
    "rows without cells": tbl(tr(), ROW, "<w:tr/>"),
    "several paragraphs in a cell": tbl(tr(f"<w:tc>{p('a')}{p('')}{p('b')}</w:tc>", tc("c"))),
    "bookmarks, spelling and identities": (
        '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00112233"><w:bookmarkStart w:id="0" w:name="_Hlk1"/><w:proofErr '
        'w:type="spellStart"/><w:r w:rsidRPr="00AB"><w:rPr><w:lang w:val="vi-VN"/></w:rPr><w:t>a</w:t></w:r>'
        '<w:bookmarkEnd w:id="0"/></w:p><w:bookmarkStart w:id="1" w:name="x"/>' + p("b") + '<w:bookmarkEnd w:id="1"/>'
    ),
    "tables in tables": tbl(
        tr(f"<w:tc>{p('khung')}{tbl(ROW, ROW)}{p('sau')}</w:tc>", f"<w:tc>{tbl(tr(tc('x')))}{p('')}</w:tc>")
    ),
    "controls round rows, cells and paragraphs": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('a')}</w:sdtContent></w:sdt>"
        f"<w:tbl><w:sdt><w:sdtContent>{ROW}</w:sdtContent></w:sdt></w:tbl>"
    ),
    "a raised mark of its own": "<w:p><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r></w:p>",
    "capitals and hidden text": (
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>a</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>b</w:t></w:r><w:r><w:t>c</w:t><w:tab/><w:t>d</w:t><w:br/><w:t>e</w:t></w:r></w:p>"
    ),
    "a picture described over two lines": (
        '<w:p><w:r><w:drawing><w:docPr w:descr="dòng một&#xA;dòng hai"/></w:drawing><w:t>a</w:t></w:r></w:p>'
    ),
    "page breaks": "<w:p><w:r><w:t>a</w:t><w:br w:type='page'/><w:t>b</w:t></w:r></w:p>",
    "text boxes": (
        box(p("khung") + p("", MUC) + "<w:p/>", "<w:t>ngoài</w:t>")
        + box(p("khung riêng"))
        + tbl(tr(f"<w:tc>{box(p('ô'))}</w:tc>"))
    ),
    "a text box on a deleted paragraph": box(p("khung"), look="<w:rPr><w:del/></w:rPr>"),
    "tracked changes": (
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t> </w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>1</w:delText></w:r></w:del><w:ins><w:r><w:t>2</w:t></w:r></w:ins></w:p>"
    ),
    "lists and styles": (
        p("a", MUC)
        + p("b", '<w:pStyle w:val="Dam"/>')
        + tbl(tr(f"<w:tc>{p('c', MUC)}</w:tc>", f"<w:tc>{p('', MUC)}</w:tc>"))
    ),
    "soft hyphens and an old encoding": (
        "<w:p><w:r><w:rPr><w:rFonts w:hAnsi='.VnTime'/></w:rPr><w:t>Céng hßa x· héi chñ nghÜa ViÖt Nam</w:t>"
        "<w:softHyphen/></w:r></w:p>" + p("Độc lập")
    ),
    "merged cells": tbl(
        tr(tc("a", '<w:vMerge w:val="restart"/>'), tc("b", '<w:gridSpan w:val="2"/>')),
        tr(tc("c", "<w:vMerge/>"), tc("d"), tc("e"), properties="<w:gridBefore w:val='1'/><w:tblHeader/>"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("body", USUAL.values(), ids=USUAL)
def test_what_word_writes_every_day_is_read_by_moulds(body: str) -> None:
    assert by_moulds(document(body)) == as_tree(document(body))


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n",
        '<?xml version="1.0" encoding="utf-8" ?>\r\n',
        "",
    ],
)
def test_what_programs_write_in_front_of_the_body_is_usual(before: str) -> None:
    data = (before + document(p("a")).decode()).replace("<w:body>", '<w:background w:color="FFFFFF"/><w:body>').encode()
    assert by_moulds(data) == as_tree(data)


UNUSUAL = {
    "comments": f"<!-- {p('gone')} -->{p('a')}",
    "raw sections": "<w:p><w:r><w:t><![CDATA[a < b]]></w:t></w:r></w:p>",
    "instructions": f"<?x y?>{p('a')}",
    "a table in a text box": box(tbl(ROW)),
    "a text box in a text box": box(box(p("x"))),
    "a text box in an old encoding": box("<w:p><w:r><w:t>Céng hßa x· héi chñ nghÜa</w:t></w:r></w:p>"),
    "deleted rows": tbl(tr(tc("x"), properties="<w:del/>"), ROW),
    "deleted blocks": f"<w:moveFrom>{p('gone')}</w:moveFrom>{p('here')}",
    "a row in no table": ROW,
    "a paragraph in a row": f"<w:tbl><w:tr>{p('x')}{tc('y')}</w:tr></w:tbl>",
    "properties behind the text": tbl(tr(f"<w:tc>{p('x')}<w:tcPr><w:gridSpan w:val='2'/></w:tcPr></w:tc>")),
    "a mark that is one of our stand-ins": '<w:p><w:r><w:footnoteReference w:id="&#xE000;"/><w:t>a</w:t></w:r></w:p>',
    "a paragraph in a paragraph": f"<w:p>{p('x')}</w:p>",
    "a prefix declared inside": '<w:p xmlns:w="urn:other"><w:r><w:t>a</w:t></w:r></w:p>',
}  # fmt: skip


@pytest.mark.parametrize("body", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_the_tree(body: str) -> None:
    as_tree(document(body))
    with pytest.raises(NotUsual):
        by_moulds(document(body))


@pytest.mark.parametrize(
    "data",
    [
        document(p("a")).replace(b"<w:", b"<x:").replace(b"</w:", b"</x:").replace(b"xmlns:w", b"xmlns:x"),
        document(p("Số")).decode().encode("utf-16"),
        document(p("a"), 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'),
    ],
    ids=["another prefix", "another encoding", "another name space"],
)
def test_bodies_of_another_kind_are_left_to_the_tree(data: bytes) -> None:
    as_tree(data)
    with pytest.raises(NotUsual):
        cut(data)


def test_a_prefix_means_what_the_root_of_its_own_file_says() -> None:
    old = document(p("a"), NS.replace("wordprocessingml/2006/main", "other"))
    by_moulds(document(p("a")))
    with pytest.raises(NotUsual):
        by_moulds(old)


def test_what_differs_from_paragraph_to_paragraph_and_says_nothing_makes_no_mould_of_its_own() -> None:
    def marked(text: str, n: int) -> str:
        return (
            f'<w:p w:rsidR="{n:08X}" w14:paraId="{n:08X}"><w:bookmarkStart w:id="{n}" w:name="_Toc{n}"/><w:r '
            f'w:rsidRPr="{n:08X}"><w:rPr><w:lang w:val="vi-VN"/></w:rPr><w:t>{text}</w:t></w:r></w:p>'
        )

    root = f'{NS} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    data = document("".join(marked(f"dòng {n}", n) for n in range(50)), root)
    assert by_moulds(data) == as_tree(data)
    assert len({id(mould) for mould in cut(data).moulds}) == 2  # one kind of paragraph, and the end


def test_a_body_that_draws_nothing_twice_is_left_to_the_tree() -> None:
    body = "".join(p(str(n), f'<w:ind w:left="{n}"/>') for n in range(MAX_NEW + 1))
    as_tree(document(body))
    with pytest.raises(NotUsual):
        cut(document(body))


def test_moulds_of_very_many_files_are_not_all_kept() -> None:
    for file in range(4):
        body = "".join(p(str(n), f'<w:ind w:left="{file}{n:04}"/>') for n in range(MAX_KEPT // 3))
        assert by_moulds(document(body * 3)) == as_tree(document(body * 3))
    kept = _KNOWN[f"<w:document {NS}>".encode()]
    assert max(map(len, (kept.moulds, kept.openings, kept.shapes))) <= MAX_KEPT


_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f", exclude_categories=("Cc", "Cs")), max_size=6)
_ESCAPED = _TEXTS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;"))
_RUN_LOOKS = st.sampled_from(
    ["", "<w:b/>", "<w:caps/>", "<w:vanish/>", '<w:vertAlign w:val="superscript"/>', '<w:rFonts w:ascii=".VnTime"/>']
)
_PARAGRAPH_LOOKS = st.sampled_from(
    ["", "<w:pageBreakBefore/>", '<w:jc w:val="center"/>', MUC, LISTED, "<w:rPr><w:del/></w:rPr>"]
)
_IN_RUN = st.one_of(
    _ESCAPED.map("<w:t>{}</w:t>".format),
    st.sampled_from(["<w:tab/>", "<w:br/>", '<w:br w:type="page"/>', "<w:softHyphen/>", "<w:instrText>P</w:instrText>"])
)  # fmt: skip
_RUNS = st.builds(
    lambda look, held: f"<w:r><w:rPr>{look}</w:rPr>{''.join(held)}</w:r>", _RUN_LOOKS, st.lists(_IN_RUN, max_size=3)
)
_WRAPPED = st.one_of(_RUNS, st.sampled_from(["w:ins", "w:del", "w:hyperlink"]).flatmap(
    lambda tag: _RUNS.map(lambda run: f"<{tag}>{run}</{tag}>")
))  # fmt: skip
_PARAGRAPHS = st.builds(
    lambda look, runs: f"<w:p><w:pPr>{look}</w:pPr>{''.join(runs)}</w:p>",
    _PARAGRAPH_LOOKS,
    st.lists(_WRAPPED, max_size=3),
)  # fmt: skip


def _tables(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    cell_looks = st.sampled_from(["", "<w:vMerge/>", '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'])
    held = st.lists(blocks, max_size=2).map("".join)
    cells = st.builds("<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>".format, cell_looks, held)
    row_looks = st.sampled_from(["", "<w:tblHeader/>", '<w:gridBefore w:val="1"/>', "<w:del/>"])
    rows = st.builds("<w:tr><w:trPr>{}</w:trPr>{}</w:tr>".format, row_looks, st.lists(cells, max_size=3).map("".join))
    tables = st.lists(rows, max_size=3).map(lambda drawn: tbl(*drawn))
    controls = blocks.map("<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>".format)
    return st.one_of(tables, controls)


_BOXES = st.builds(box, st.lists(_PARAGRAPHS, max_size=2).map("".join), _ESCAPED.map("<w:t>{}</w:t>".format))
_BLOCKS = st.recursive(st.one_of(_PARAGRAPHS, _BOXES), _tables, max_leaves=12)
_BODIES = st.lists(_BLOCKS, max_size=4).map("".join)


@pytest.mark.parametrize("tag", ["<w:p>", "<w:tbl>", "</w:p>", "</w:tbl>", "<w:tbl></w:p>", "&", "]]>", "\x01", "&#1;"])
def test_a_stray_tag_or_character_is_no_xml(tag: str) -> None:
    for body in (f"{tag}{p('a')}{tbl(ROW)}", f"{p('a')}{tag}{tbl(ROW)}", f"{p('a')}{tbl(ROW)}{tag}", p(f"a{tag}")):
        with pytest.raises(NotUsual):
            by_moulds(document(body))


@given(_BODIES)
def test_any_body_says_the_same_both_ways(body: str) -> None:
    try:
        read = by_moulds(document(body))
    except NotUsual:
        return
    assert read == as_tree(document(body))


@given(_BODIES, st.data())
def test_a_body_that_is_no_xml_is_never_read_by_moulds(body: str, data: st.DataObject) -> None:
    """Tags lost, doubled and swapped: what moulds read is well-formed, and says what the tree says."""
    damaged = document(body).decode()
    marks = [at for at, char in enumerate(damaged) if char in "<>/"]
    at = data.draw(st.sampled_from(marks))
    end = data.draw(st.sampled_from([end for end in marks if end >= at][:6]))
    other = data.draw(
        st.sampled_from(["", "</w:p>", "</w:tc>", "<w:p>", "<w:tc>", "\x01", "&", "]]>", "</w:tbl><w:tbl>"])
    )
    damaged = damaged[:at] + other + damaged[end:]
    try:
        read = by_moulds(damaged.encode())
    except NotUsual:
        return
    assert read == as_tree(damaged.encode())
