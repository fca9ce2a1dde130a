"""Print that is struck through, in every format that can say so."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from extract import read_file
from extract.model import BBox, Cell, Document, Grid
from extract.page import Edge, Glyph, PageContent, Style, Word
from extract.page_words import PageWords
from extract.readers.docx_moulds import cut
from extract.readers.pdf_struck import Strike, with_strikes, without_strikes
from extract.struck import STROKE, struck
from normalize import normalize
from normalize.model import NormalizedReport

HEAD = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú")
#: Each cell as (struck, not struck); the figures count for 7, nothing, 12.
ROWS = (
    (("", "1."), ("", "Số văn bản"), ("", "Văn bản"), ("3120", "7"), ("", "")),
    (("", "2."), ("", "Số hồ sơ"), ("", "Hồ sơ"), ("45", ""), ("", "")),
    (("", "3."), ("vụ", "Số việc"), ("", "Việc"), ("", "12"), ("", "")),
    (("", "4."), ("", "Số cuộc"), ("", "Cuộc"), ("", "8"), ("", "")),
)  # fmt: skip


def as_docx(path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph("Phụ lục 2")
    table = made.add_table(1 + len(ROWS), len(HEAD))
    for cell, text in zip(table.rows[0].cells, HEAD, strict=True):
        cell.text = text
    for line, row in zip(table.rows[1:], ROWS, strict=True):
        for cell, (gone, kept) in zip(line.cells, row, strict=True):
            if gone:
                cell.paragraphs[0].add_run(gone).font.strike = True
            cell.paragraphs[0].add_run(kept)
    made.save(str(path.with_suffix(".docx")))
    return path.with_suffix(".docx")


def as_html(path: Path) -> Path:
    marks = ("<s>{}</s>", "<strike>{}</strike>", '<span style="text-decoration: line-through">{}</span>')
    lines = [
        "".join(f"<td>{marks[n % 3].format(gone) if gone else ''}{kept}</td>" for gone, kept in row)
        for n, row in enumerate(ROWS)
    ]
    header = "".join(f"<td>{text}</td>" for text in HEAD)
    body = f"<p>Phụ lục 2</p><table><tr>{header}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    path = path.with_suffix(".html")
    path.write_text(f'<html><meta charset="utf-8"><body>{body}</body></html>', encoding="utf-8")
    return path


def as_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Phụ lục 2"])
    sheet.append(list(HEAD))
    for r, row in enumerate(ROWS, 3):
        for c, (gone, kept) in enumerate(row, 1):
            cell = sheet.cell(r, c)
            if gone and kept:
                cell.value = CellRichText(TextBlock(InlineFont(strike=True), gone), kept)
            elif gone:
                cell.value, cell.font = int(gone), Font(strike=True)
            else:
                cell.value = int(kept) if kept.isdigit() else kept
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def as_ods(path: Path) -> Path:
    """As LibreOffice writes it: a style for the cell that is struck, another for a piece of text."""
    parts = [
        '<?xml version="1.0"?><office:document-content '
        + " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                   for name in ("office", "style", "table", "text"))
        + "><office:automatic-styles>"
        '<style:style style:name="c"><style:text-properties style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="t"><style:text-properties style:text-line-through-type="single"/></style:style>'
        '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="A">'
    ]  # fmt: skip
    for row in [[("", "Phụ lục 2")], [("", text) for text in HEAD], *ROWS]:
        parts.append("<table:table-row>")
        for gone, kept in row:
            style = ' table:style-name="c"' if gone and not kept else ""
            text = f'<text:span text:style-name="t">{gone}</text:span>{kept}' if gone and kept else gone + kept
            parts.append(f'<table:table-cell office:value-type="string"{style}>')
            parts.append(f"<text:p>{text}</text:p></table:table-cell>")
        parts.append("</table:table-row>")
    parts.append("</table:table></office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(path.with_suffix(".ods"), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "".join(parts))
    return path.with_suffix(".ods")


def read(path: Path) -> tuple[Document, NormalizedReport]:
    document = read_file(path, path.name)
    return document, normalize(document, report_id="r", source=path.name)


@pytest.mark.parametrize("make", [as_docx, as_html, as_xlsx, as_ods])
def test_what_is_struck_through_is_left_out_and_said(make: Callable[[Path], Path], tmp_path: Path) -> None:
    document, report = read(make(tmp_path / "a"))
    figures = [(o.indicator_raw, o.value_raw, o.value, o.status) for o in report.observations]
    assert figures == [
        ("Số văn bản", "7", 7, "doubtful"),
        ("Số hồ sơ", "", None, "doubtful"),
        ("Số việc", "12", 12, "doubtful"),
        ("Số cuộc", "8", 8, "ok"),
    ]
    said = {p.row: p.detail for p in document.problems if p.code == "struck-through"}
    assert said == {1: struck("3120") + "7", 2: struck("45"), 3: struck("vụ") + "Số việc"}


def test_the_tree_and_the_moulds_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = as_docx(tmp_path / "a")
    by_moulds = read_file(path, "a.docx")
    monkeypatch.setattr("extract.readers.docx.cut", _refused)
    assert read_file(path, "a.docx") == by_moulds


def _refused(data: bytes) -> object:
    from extract.readers.docx_pieces import NotUsual

    assert cut(data)  # it could have been read by moulds
    raise NotUsual


def page_of(*texts: str) -> tuple[PageWords, PageContent]:
    """Words one behind the other on a base line at 100, letters 5 wide in 10 points, a blank between words."""
    words: list[Word] = []
    glyphs: list[Glyph] = []
    for text in texts:
        start, x0 = len(glyphs), 50.0 + 5 * (len(glyphs) + len(words))
        glyphs += [Glyph(letter, x0 + 5 * n, 92, x0 + 5 * n + 5, 103, 100, 10) for n, letter in enumerate(text)]
        words.append(Word(text, x0, 92, x0 + 5 * len(text), 103, 100, 10, start, len(text)))
    page = PageContent(
        1, 600, 800, words, (), lambda start, count: glyphs[start : start + count], lambda n: Style(False, False)
    )
    return PageWords.of(words), page


@pytest.mark.parametrize(
    ("edge", "expected", "printed"),
    [
        (Edge(True, 97, 50, 65), ["07", "ok"], [struck("312") + "07"]),
        (Edge(True, 97, 50, 75), ["ok"], [struck("31207")]),
        (Edge(True, 96.5, 50, 90.5), [], [struck("31207"), struck("ok")]),
        (Edge(True, 101, 50, 75), ["31207", "ok"], []),  # an underline
        (Edge(True, 97, 20, 200), ["31207", "ok"], []),  # a rule of a table that cuts its text
        (Edge(True, 89, 50, 75), ["31207", "ok"], []),  # above
    ],
)
def test_a_line_through_letters_of_a_pdf_strikes_them(edge: Edge, expected: list[str], printed: list[str]) -> None:
    words, page = page_of("31207", "ok")
    rules = [Edge(True, 20, 0, 500), edge, Edge(True, 300, 0, 500)]
    left, strikes = without_strikes(words, rules, page)
    assert (left.texts, [strike.text for strike in strikes]) == (expected, printed)


@pytest.mark.parametrize(("x", "marked"), [(60, 1), (170, 2), (110, 0)])
def test_a_strike_marks_its_cell_or_the_row(x: float, marked: int) -> None:
    cells = tuple(
        Cell(r, c, "a", bbox=BBox(left, 90 + 20 * r, left + 45, 105 + 20 * r))
        for r in range(2) for c, left in enumerate((0, 50, 150))
    )  # fmt: skip
    grid = with_strikes(Grid(cells, 2, 3, "pdf-lines"), [Strike(struck("7"), BBox(x, 92, x + 5, 104))])
    assert [n for n, cell in enumerate(grid.cells) if cell.problems] == [marked]


def test_struck_paragraphs_go_and_signs_stay_whole() -> None:
    from extract.model import Paragraph
    from extract.struck import unstruck

    blocks = [Paragraph(struck("bỏ hết")), Paragraph(f"giữ {struck('bỏ tiếng')} lại"), Paragraph("nguyên")]
    assert [block.text for block in unstruck(blocks) if isinstance(block, Paragraph)] == ["giữ lại", "nguyên"]
    assert struck("ế 1") == f"ế{STROKE} 1{STROKE}"
