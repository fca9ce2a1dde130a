"""The same report as DOCX in fonts of the time, and pages of a PDF: read as the Unicode one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
import regex
from docx.oxml.ns import qn

from extract import read_file
from extract.model import Document, Paragraph
from extract.readers.pdf import read_pdf

FOLDER = Path(__file__).parent / "legacy"
_MARKUP = regex.compile(r"</?[ib]>|\*{2,3}")
LINES = (FOLDER / "source.txt").read_text(encoding="utf-8").split("\n")
VNI = (FOLDER / "vni.txt").read_bytes().decode("cp1252").split("\n")
VIQR = (FOLDER / "viqr.txt").read_text(encoding="utf-8").split("\n")
needs_iconv = pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is the encoder of this test")
Encoder = Callable[[str], Sequence[tuple[str, str]]]


def by_line(encoded: list[str]) -> dict[str, str]:
    """Every line and every cell of the source with its encoded twin."""
    pairs = dict(zip(LINES, encoded, strict=True))
    for line, twin in list(pairs.items()):
        pairs.update(zip(line.split("\t"), twin.split("\t"), strict=True))
    return {_MARKUP.sub("", line): _MARKUP.sub("", twin) for line, twin in pairs.items()}


def as_windows(data: bytes) -> str:
    """Bytes as a Word of the time kept them in Unicode files."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def iconv(charset: str, text: str) -> str:
    done = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", charset], input=text.encode(), capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip(f"this iconv does not write {charset}")
    return as_windows(done.stdout)


def tcvn3_runs() -> Encoder:
    """`.VnTime`, and `.VnTimeH` for runs of capitals: the byte of a capital with tone is that of the small letter."""
    letters = sorted({c for line in LINES for c in line.lower() if not c.isascii()})
    twins = dict(zip(letters, iconv("TCVN5712-1", "".join(letters)), strict=True))

    def encode(text: str) -> list[tuple[str, str]]:
        pieces = regex.findall(r"[^\p{Lu}]+|\p{Lu}+", text)
        return [
            ("".join(twins.get(c, c) for c in piece.lower()), ".VnTimeH")
            if piece.isupper() and not piece.isascii()
            else ("".join(twins.get(c, c) for c in piece), ".VnTime")
            for piece in pieces
        ]

    return encode


def constant(pairs: dict[str, str], font: str) -> Encoder:
    return lambda text: [(pairs[text], font)]


def unicode_under(font: str) -> Encoder:
    return lambda text: [(text, font)]


def write(path: Path, prose: Encoder, cells: Encoder) -> Path:
    """The source as a DOCX; lines with tabs become tables."""
    document = docx.Document()
    rows: list[list[str]] = []

    def fill(paragraph: object, text: str, encode: Encoder) -> None:
        for part, font in encode(text):
            run = paragraph.add_run(part)  # type: ignore[attr-defined]
            run.font.name = font
            run._element.rPr.rFonts.set(qn("w:hAnsi"), font)

    for line in [*(_MARKUP.sub("", line) for line in LINES), ""]:
        if "\t" in line:
            rows.append(line.split("\t"))
            continue
        if rows and line.strip():
            width = max(map(len, rows))
            table = document.add_table(len(rows), width)
            grid = table._cells
            for r, row in enumerate(rows):
                for c, text in enumerate(row):
                    fill(grid[r * width + c].paragraphs[0], text, cells)
            rows = []
        if line.strip():
            fill(document.add_paragraph(), line, prose)
    document.save(str(path))
    return path


def said(document: Document) -> object:
    """Everything the report says, without where and how it was read."""
    tables = [
        (t.caption, t.columns, [(c.row, c.col, c.text, c.row_span) for c in t.cells], t.text_after)
        for t in document.tables
    ]
    return document.letterhead, document.headings, document.preamble, tables


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Document:
    times = unicode_under("Times New Roman")
    return read_file(write(tmp_path_factory.mktemp("plain") / "a.docx", times, times))


def check(path: Path, encode: Encoder, plain: Document, code: str, cells: Encoder | None = None) -> Document:
    document = read_file(write(path, encode, cells or encode))
    assert said(document) == said(plain)
    assert {p.code for p in document.problems} - {p.code for p in plain.problems} == ({code} if code else set())
    return document


def test_the_sample_holds_tables_and_headings(plain: Document) -> None:
    assert len(plain.tables) >= 5 and len(plain.headings) >= 10


@needs_iconv
def test_tcvn3_with_its_fonts_is_the_unicode_report_capitals_included(tmp_path: Path, plain: Document) -> None:
    document = check(tmp_path / "a.docx", tcvn3_runs(), plain, "encoding-converted")
    rows = {(p.table, p.row) for p in document.problems if p.code == "encoding-converted" and p.row}
    assert len(rows) > 100
    assert all("TCVN3" in p.detail for p in document.problems if p.code == "encoding-converted")


@needs_iconv
@pytest.mark.parametrize("charset, font", [("VISCII", "VI Times"), ("CP1258", "Times New Roman")])
def test_other_code_pages_are_the_unicode_report(charset: str, font: str, tmp_path: Path, plain: Document) -> None:
    text = iconv(charset, "\n".join(LINES))
    # XML holds no control characters: Word keeps such bytes of a symbol font in the private use area
    private = "".join(chr(0xF000 + ord(c)) if ord(c) < 32 and c not in "\t\n" else c for c in text)
    check(tmp_path / "a.docx", constant(by_line(private.split("\n")), font), plain, "encoding-converted")


@pytest.mark.parametrize("encoded, font", [(VNI, "VNI-Times"), (VNI, "Times New Roman"), (VIQR, "Times New Roman")])
def test_vni_and_viqr_are_the_unicode_report(encoded: list[str], font: str, tmp_path: Path, plain: Document) -> None:
    check(tmp_path / "a.docx", constant(by_line(encoded), font), plain, "encoding-converted")


@needs_iconv
def test_a_unicode_body_with_tables_in_tcvn3_is_the_unicode_report(tmp_path: Path, plain: Document) -> None:
    check(tmp_path / "a.docx", unicode_under("Times New Roman"), plain, "encoding-converted", tcvn3_runs())


def test_unicode_under_old_fonts_is_the_unicode_report(tmp_path: Path, plain: Document) -> None:
    check(tmp_path / "a.docx", unicode_under(".VnTimeH"), plain, "")


def test_a_font_may_come_from_a_style(tmp_path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.name = ".VnTimeH"
    document.styles["Normal"]._element.rPr.rFonts.set(qn("w:hAnsi"), ".VnTimeH")
    document.add_paragraph("b¸o c¸o c«ng t¸c c¶i c¸ch hµnh chÝnh")
    document.add_paragraph("I. C«ng t¸c chØ ®¹o, ®iÒu hµnh")
    document.add_paragraph("t\xad ph¸p")
    document.save(str(tmp_path / "a.docx"))
    found = read_file(tmp_path / "a.docx")
    assert [h.title for h in found.headings] == ["CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"]
    assert found.headings[0].text == "TƯ PHÁP"


def pdf(path: Path, lines: Sequence[Sequence[tuple[str, str]]]) -> Path:
    """One page, fonts named and not embedded, Windows encoding: how old reports were printed to PDF."""
    fonts: dict[str, str] = {}
    stream = b""
    for n, line in enumerate(lines):
        stream += b"BT 40 %d Td " % (800 - 16 * n)
        for text, font in line:
            key = fonts.setdefault(font, f"F{len(fonts)}")
            codes = b"".join(b"\\%03o" % b for c in text for b in (c.encode("cp1252", "ignore") or bytes([ord(c)])))
            stream += b"/%s 11 Tf (%s) Tj " % (key.encode(), codes)
        stream += b"ET\n"
    listed = b"".join(b"/%s %d 0 R" % (key.encode(), 5 + i) for i, key in enumerate(fonts.values()))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<<" + listed + b">>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
    ]
    widths = b" ".join([b"500"] * 224)
    for font in fonts:
        objects.append(
            b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255"
            b"/Widths[%s]/FontDescriptor %d 0 R>>" % (font.encode(), widths, 5 + len(fonts))
        )
    objects.append(
        b"<</Type/FontDescriptor/FontName/X/Flags 32/Ascent 800/Descent -200/CapHeight 700/ItalicAngle 0/StemV 80"
        b"/FontBBox[0 -200 1000 800]>>"
    )
    out, offsets = b"%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % n + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    path.write_bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end)
    return path


TYPED = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 12/BC-SKHĐT",
    "Ủy ban nhân dân tỉnh được lưu trữ, đầu tư",
    "Ứng dụng công nghệ đạt 88,70%",
]


def printed(path: Path) -> set[str]:
    blocks = read_pdf(path, reader="pdfium").blocks
    return {line for block in blocks if isinstance(block, Paragraph) for line in block.text.split("\n")}


@needs_iconv
def test_a_pdf_in_tcvn3_fonts_is_read_capitals_and_horns_included(tmp_path: Path) -> None:
    encode = tcvn3_runs()
    assert printed(pdf(tmp_path / "a.pdf", [encode(line) for line in TYPED])) == set(TYPED)


def test_a_pdf_in_vni_fonts_is_read(tmp_path: Path) -> None:
    lines = ["Ñoäc laäp - Töï do - Haïnh phuùc", "UÛy ban nhaân daân tænh ñöôïc löu tröõ", "88,70%"]
    text = " ".join(printed(pdf(tmp_path / "a.pdf", [[(line, "VNI-Times")] for line in lines])))
    assert "Độc lập - Tự do - Hạnh phúc" in text and "Ủy ban nhân dân tỉnh được lưu trữ" in text and "88,70%" in text
