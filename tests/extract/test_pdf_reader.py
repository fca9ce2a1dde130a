"""The PDF reader on small files whose rows are typed here by hand."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extract.model import Grid, Paragraph, RawDocument
from extract.page import Edge, Word
from extract.page_words import PageWords
from extract.problems import LimitExceeded, ToolMissing, Unreadable
from extract.readers.pdf import read_pdf
from extract.readers.pdf_furniture import without_stamps
from extract.readers.pdf_pdfium import PdfiumDocument
from extract.readers.pdf_plumber import count_pages

DATA = Path(__file__).parent / "data" / "pdf"
ROWS = [
    ("1.", "Số buổi tập huấn nghiệp vụ đã tổ chức trong kỳ báo cáo (gồm cả trực tuyến)", "Buổi", "12", "Kế hoạch số 5"),
    ("1.1", "Số người dự tập huấn", "Người", "1.205", ""),
    (
        "2.", "Tỷ lệ cán bộ được khảo sát hài lòng với lớp tập huấn, tính trên tổng số phiếu thu về", "%", "88,70%",
        "Số liệu lấy từ phần mềm khảo sát của đơn vị",
    ),
    ("3", "Tài liệu đã biên soạn", "", "", ""),
    ("3.1", "Tài liệu in", "Quyển", "09", ""),
    ("3.2", "Tài liệu điện tử đăng trên trang thông tin", "Tệp", "", ""),
    ("4.", "Có sổ theo dõi", "Có = 1; Không = 0", "1", "Đang cập nhật"),
]  # fmt: skip
PROSE = (
    "Trong kỳ, Trung tâm đã mở các lớp tập huấn theo kế hoạch được giao và phối hợp với các phòng ban để mời "
    "giảng viên, chuẩn bị tài liệu, theo dõi việc học của từng lớp."
)
HEADER = ("TT", "Nội dung", "Đơn vị tính", "Kết quả", "Ghi chú")
TABLES = ["plain_top", "plain_middle", "plain_bottom", "rules_across", "rules_down"]


def read(name: str, reader: str = "auto") -> RawDocument:
    return read_pdf(DATA / f"{name}.pdf", reader=reader)


def grids(document: RawDocument) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(document: RawDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows_of(grid: Grid) -> list[tuple[str, ...]]:
    rows = [[""] * grid.n_cols for _ in range(grid.n_rows)]
    for cell in grid.cells:
        rows[cell.row][cell.col] = cell.text.replace("\n", " ")
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_whole_whatever_rules_it_has(name: str) -> None:
    (grid,) = grids(read(name))
    assert rows_of(grid) == [HEADER, *ROWS]


@pytest.mark.parametrize("name", ["plain_top", "plain_middle", "plain_bottom"])
def test_a_table_without_rules_ends_where_prose_begins(name: str) -> None:
    document = read(name)
    assert texts(document)[:2] == ["Phụ lục 3", "KẾT QUẢ TẬP HUẤN"]
    assert " ".join(texts(document)[2:]).startswith("Trên đây là kết quả tập huấn trong kỳ; các số liệu còn thiếu")


def test_header_cells_that_are_set_upwards_are_read_as_words() -> None:
    (grid,) = grids(read("sideways"))
    texts = [cell.text.replace("\n", " ") for cell in grid.cells if cell.row == 0]
    assert texts == ["STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số liệu", "Ghi chú"]


def test_merged_cells_keep_their_spans() -> None:
    (grid,) = grids(read("ruled"))
    spans = {c.text.replace("\n", " "): (c.row, c.col, c.row_span, c.col_span) for c in grid.cells if c.text}
    assert spans["TT"] == (0, 0, 2, 1)
    assert spans["Kết quả"] == (0, 2, 1, 2)
    assert spans["Ghi chú"] == (0, 4, 2, 1)
    assert spans["Số liệu lấy từ phần mềm khảo sát của đơn vị"] == (4, 4, 2, 1)
    assert [row[:4] for row in rows_of(grid)[2:]] == [row[:4] for row in ROWS]
    assert grid.method == "pdf-lines"


def test_the_halves_of_a_letterhead_are_never_one_line() -> None:
    lines = texts(read("ruled"))
    assert lines[:3] == ["ỦY BAN NHÂN DÂN HUYỆN AN HÒA", "TRUNG TÂM BỒI DƯỠNG", "Số: 45/BC-TTBD"]
    assert lines[3:7] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT", "NAM", "Độc lập - Tự do - Hạnh phúc", "An Hòa, ngày 05 tháng 7 năm 2023",
    ]  # fmt: skip


def test_lines_become_paragraphs() -> None:
    lines = texts(read("ruled"))
    assert lines[9:] == [
        "I. TÌNH HÌNH CHUNG",
        PROSE,
        "- Lớp thứ nhất học trong tháng 3;",
        "- Lớp thứ hai học trong tháng 5.",
        "II. SỐ LIỆU",
    ]


def test_weight_and_place_of_a_title_are_seen() -> None:
    title = next(b for b in read("ruled").blocks if isinstance(b, Paragraph) and b.text == "BÁO CÁO")
    assert (title.is_bold, title.is_centred) == (True, True)


def test_a_table_over_pages_keeps_its_columns_and_says_that_it_goes_on() -> None:
    found = grids(read("plain_pages"))
    assert [g.page for g in found] == [1, 2, 3, 4]
    assert [g.continues for g in found] == [False, True, True, True]
    assert {g.n_cols for g in found} == {5}
    rows = [list(row) for g in found for row in rows_of(g)][1:]
    joined: list[list[str]] = []
    for row in rows:
        if row[0]:
            joined.append(row)
        else:
            joined[-1] = [f"{a} {b}".strip() for a, b in zip(joined[-1], row, strict=True)]
    assert [tuple(row) for row in joined] == ROWS * 3


def test_a_grid_that_goes_on_without_a_header_says_so() -> None:
    assert [g.header_rows for g in grids(read("plain_pages"))][1:] == [0, 0, 0]


def test_boxes_lie_on_the_page_and_hold_their_row() -> None:
    for name in (*TABLES, "ruled"):
        for cell in (c for g in grids(read(name)) for c in g.cells):
            assert cell.bbox is not None
            assert 0 <= cell.bbox.x0 < cell.bbox.x1 <= 596
            assert 0 <= cell.bbox.top < cell.bbox.bottom <= 842


@pytest.mark.parametrize("name", [*TABLES, "ruled", "plain_pages"])
def test_both_readers_read_the_same_cells(name: str) -> None:
    by_pdfium, by_pdfplumber = grids(read(name, "pdfium")), grids(read(name, "pdfplumber"))
    cells = [[(c.row, c.col, c.row_span, c.col_span, c.text) for c in g.cells] for g in by_pdfium]
    assert cells == [[(c.row, c.col, c.row_span, c.col_span, c.text) for c in g.cells] for g in by_pdfplumber]


def test_the_page_limit_is_kept() -> None:
    with pytest.raises(LimitExceeded):
        read_pdf(DATA / "plain_pages.pdf", max_pages=3)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF", b"no pdf at all"])
def test_damage_is_an_error_of_ours(content: bytes, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(content)
    with pytest.raises(Unreadable):
        read_pdf(broken)


def test_a_file_without_any_text_needs_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.languages", frozenset)
    path = tmp_path / "blank.pdf"
    path.write_bytes(one_page(b"10 10 m 100 10 l S 10 10 m 10 80 l S 0.9 g 50 50 300 300 re f"))
    with pytest.raises(ToolMissing) as missing:
        read_pdf(path)
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in missing.value.next_step


def test_a_picture_among_pages_of_text_is_a_problem_of_its_page_without_ocr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.readers.scan_tesseract.languages", frozenset)
    path = tmp_path / "mixed.pdf"
    both = pdfium.PdfDocument.new()
    for content in (b"BT /F1 12 Tf 72 700 Td (seen) Tj ET", b"10 10 m 100 10 l S 0.9 g 50 50 300 300 re f"):
        both.import_pages(pdfium.PdfDocument(one_page(content)))
    both.save(str(path))
    document = read_pdf(path)
    assert texts(document) == ["seen"]
    assert [(p.code, p.severity, p.page) for p in document.problems] == [("page-without-text", "error", 2)]


def test_invisible_text_is_not_read_beside_visible_text(tmp_path: Path) -> None:
    path = tmp_path / "hidden.pdf"
    path.write_bytes(one_page(b"BT /F1 12 Tf 72 700 Td (seen) Tj ET BT 3 Tr /F1 12 Tf 72 600 Td (unseen) Tj ET"))
    assert texts(read_pdf(path)) == ["seen"]


def one_page(content: bytes) -> bytes:
    """A PDF of one page with the given content stream and Helvetica as F1."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n%strailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        start,
    )


def table_content(turn: bytes = b"") -> bytes:
    """A ruled table of two columns and two rows, `turn` a matrix before it."""
    rules = b"".join(b"100 %d m 300 %d l S " % (y, y) for y in (700, 650, 600))
    rules += b"".join(b"%d 600 m %d 700 l S " % (x, x) for x in (100, 200, 300))
    words = b"".join(
        b"BT /F1 12 Tf %d %d Td (%s) Tj ET " % (x, y, t)
        for x, y, t in [(110, 670, b"alpha"), (210, 670, b"beta"), (110, 620, b"gamma"), (210, 620, b"delta")]
    )
    return b"q %s %s%s Q" % (turn, rules, words)


@pytest.mark.parametrize(
    "turn, seen",
    [
        pytest.param(b"", (100, 142, 200, 192), id="upright"),
        pytest.param(b"0 1 -1 0 842 0 cm", (142, 642, 192, 742), id="read upwards"),
        pytest.param(b"0 -1 1 0 0 595 cm", (650, 347, 700, 447), id="read downwards"),
        pytest.param(b"-1 0 0 -1 595 842 cm", (395, 650, 495, 700), id="upside down"),
    ],
)
def test_a_table_printed_sideways_is_read_upright_and_boxed_as_seen(
    turn: bytes, seen: tuple[int, int, int, int], tmp_path: Path
) -> None:
    path = tmp_path / "turned.pdf"
    path.write_bytes(one_page(table_content(turn)).replace(b"[0 0 595 842]", b"[0 0 842 842]"))
    (grid,) = grids(read_pdf(path))
    assert rows_of(grid) == [("alpha", "beta"), ("gamma", "delta")]
    box = grid.cells[0].bbox
    assert box is not None
    assert (round(box.x0), round(box.top), round(box.x1), round(box.bottom)) == seen


def test_a_word_that_lies_across_a_rule_is_cut_there(tmp_path: Path) -> None:
    content = b"".join(b"100 %d m 300 %d l S " % (y, y) for y in (700, 650))
    content += b"".join(b"%d 650 m %d 700 l S " % (x, x) for x in (100, 200, 300))
    content += b"BT /F1 12 Tf 173 670 Td (1234567) Tj ET"
    path = tmp_path / "across.pdf"
    path.write_bytes(one_page(content))
    (grid,) = grids(read_pdf(path))
    assert rows_of(grid) == [("1234", "567")]


def test_stamps_and_watermarks_are_kept_out_of_cells(tmp_path: Path) -> None:
    content = table_content() + (
        b"BT /F1 60 Tf 110 605 Td (DRAFT) Tj ET "
        b"BT /F1 20 Tf 0.7 0.7 -0.7 0.7 120 610 Tm (slanted) Tj ET "
        b"BT /F1 6 Tf 210 640 Td (Signature Not Verified) Tj ET BT /F1 6 Tf 210 633 Td (Signed by: A) Tj ET"
        b" BT /F1 6 Tf 210 612 Td (Email: a) Tj ET"
    )
    path = tmp_path / "stamped.pdf"
    # A stamp at the top of page 1 stays: the table stands lower.
    path.write_bytes(one_page(b"q 1 0 0 1 0 -400 cm " + content + b" Q"))
    (grid,) = grids(read_pdf(path))
    assert rows_of(grid) == [("alpha", "beta"), ("gamma", "delta")]


@pytest.mark.parametrize("name", ["Ngày ký hợp đồng", "Cơ quan, đơn vị", "Người ký văn bản"])
def test_words_of_a_stamp_in_a_name_are_no_stamp(name: str) -> None:
    words = [Word(w, 50.0 * i, 389.0, 50.0 * i + 40, 403.0, 400.0, 12.0, 10 * i, 4) for i, w in enumerate(name.split())]
    assert [w.text for w in without_stamps(PageWords.of(words), 2, 842.0)] == name.split()


@pytest.mark.parametrize("reader", ["pdfium", "pdfplumber"])
def test_letters_drawn_after_their_line_from_another_font_are_put_back(reader: str) -> None:
    file = pdfium.PdfDocument(DATA / "two_fonts.pdf")
    assert "TẬP HUẤN" not in file[0].get_textpage().get_text_range()  # the file draws `T P HU N` and then `Ậ Ấ`
    file.close()
    document = read("two_fonts", reader)
    assert texts(document)[:2] == ["Phụ lục 3", "KẾT QUẢ TẬP HUẤN"]
    assert " ".join(texts(document)[2:]).replace("\n", " ") == PROSE
    (grid,) = grids(document)
    assert rows_of(grid) == [HEADER, *ROWS]


def test_borders_drawn_as_boxes_with_holes_are_rules(tmp_path: Path) -> None:
    words = [(110, 670, b"alpha"), (210, 670, b"beta"), (110, 620, b"gamma"), (210, 620, b"delta")]
    content = b"".join(
        b"%d %d 99 49 re %d %d 97 47 re f* BT /F1 12 Tf %d %d Td (%s) Tj ET "
        % (x - 10, y - 20, x - 9, y - 19, x, y, text)
        for x, y, text in words
    )
    path = tmp_path / "frames.pdf"
    path.write_bytes(one_page(content))
    (grid,) = grids(read_pdf(path))
    assert grid.method == "pdf-lines"
    assert rows_of(grid) == [("alpha", "beta"), ("gamma", "delta")]


def test_a_drawing_that_is_known_from_the_page_before_hides_no_rule(tmp_path: Path) -> None:
    seal = b"".join(b"%d %d l " % (150 + i % 7 * 9, 300 + i * 3 % 50) for i in range(300))
    grid = b"".join(b"%d %d 100 50 re " % (x, y) for x in (100, 200) for y in (600, 650)) * 15
    pages = [b"%s f " % content for content in (b"150 300 m %s" % seal, grid, b"150 300 m %s" % seal)]
    path = tmp_path / "seal.pdf"
    document = pdfium.PdfDocument.new()
    for content in [*pages, b"150 300 m %s f %s S " % (seal, grid)]:
        one = pdfium.PdfDocument(one_page(content))
        document.import_pages(one)
    document.save(path)
    source = PdfiumDocument(path)
    found = []
    for index in range(4):
        with source.page(index) as page:
            found.append(len(page.edges))
    source.close()
    alone = [len(edges_alone(path, index)) for index in range(4)]
    assert found == alone
    assert found[0] == found[2] == 0 and found[3] > 0


def edges_alone(path: Path, index: int) -> Sequence[Edge]:
    source = PdfiumDocument(path)
    with source.page(index) as page:
        return page.edges


@pytest.mark.parametrize("reader", ["pdfium", "pdfplumber"])
def test_a_slanted_letter_that_reaches_over_the_space_behind_it_does_not_close_it(reader: str, tmp_path: Path) -> None:
    def shown(text: bytes, x: float, slant: float = 0.0) -> bytes:
        return b"BT /F1 12 Tf 1 0 %.2f 1 %.2f 700 Tm (%s) Tj ET " % (slant, x, text)

    path = tmp_path / "slanted.pdf"
    path.write_bytes(one_page(shown(b"x", 100) + shown(b"u", 106, 0.45) + shown(b" ly", 112.67)))
    assert texts(read_pdf(path, reader=reader)) == ["xu ly"]


def test_a_letter_alone_that_leans_over_is_not_printed_askew(tmp_path: Path) -> None:
    path = tmp_path / "leans.pdf"
    path.write_bytes(one_page(b"BT /F1 12 Tf 1 0 0.25 1 100 700 Tm (a) Tj 1 0 0.25 1 112 700 Tm (list) Tj ET"))
    assert texts(read_pdf(path)) == ["a list"]


def pages_of(tmp_path: Path, *changes: tuple[bytes, bytes]) -> int | None:
    data = (DATA / "plain_pages.pdf").read_bytes()
    for old, new in changes:
        assert old in data
        data = data.replace(old, new)
    path = tmp_path / "counted.pdf"
    path.write_bytes(data)
    return count_pages(path)


def test_the_pages_that_a_file_states_are_counted_without_pdfium(tmp_path: Path) -> None:
    data = (DATA / "plain_pages.pdf").read_bytes()
    stated = re.search(rb"/Count (\d+)", data)
    assert stated is not None and pages_of(tmp_path) == int(stated[1])
    fewer = stated[0].replace(stated[1], b"7")
    assert pages_of(tmp_path, (stated[0], fewer)) == 7
    other = pages_of(tmp_path, (b"trailer", b"trailer % /Prev 9"))
    assert other == int(stated[1])  # a file in several parts, as far as can be seen: pdfminer reads it


def test_a_pdf_with_text_is_read_where_opencv_is_not_installed() -> None:
    code = """
import sys
sys.modules["cv2"] = None
from pathlib import Path
from extract.readers.pdf import read_pdf
assert read_pdf(Path(sys.argv[1])).method == "pdf"
"""
    subprocess.run([sys.executable, "-c", code, str(DATA / "ruled.pdf")], check=True, cwd=Path(__file__).parents[2])
