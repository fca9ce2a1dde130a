"""Blocks → document: captions, tables, text after them, and what must not be lost in between."""

from __future__ import annotations

import pytest

from extract import document as module
from extract.document import build_document
from extract.lost import rows_in_headers
from extract.model import BBox, Cell, Document, Grid, Paragraph, RawDocument, SourceFile
from extract.readers.text import blocks_of
from extract.records import Packed, Room


def document(text: str) -> Document:
    return build_document(SourceFile("a.txt", "0" * 64, len(text), "text"), RawDocument(tuple(blocks_of(text)), "text"))


def rows(found: Document, table: int = 0) -> list[list[str]]:
    by_row: dict[int, list[str]] = {}
    for cell in found.tables[table].cells:
        by_row.setdefault(cell.row, []).append(cell.text)
    return list(by_row.values())


HEAD = "BÁO CÁO\nCông tác cải cách hành chính năm 2023\nI. KẾT QUẢ\nNội dung.\n"
FLAT = "STT\tChỉ tiêu\tĐVT\tSố liệu\tGhi chú\n"


def test_text_behind_a_table_is_kept_and_the_seal_is_not() -> None:
    found = document(
        HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tSố hội thảo\tCuộc\t2\t\n\n- Hội thảo A\n- Hội thảo B\nSỞ NỘI VỤ\n"
    )
    assert found.tables[0].text_after == "- Hội thảo A\n- Hội thảo B"
    assert rows(found) == [["1", "Số hội thảo", "Cuộc", "2"]]


def test_rows_without_a_header_go_on_with_the_table_before_them() -> None:
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\nTrang sau\n2\tB\tHồ sơ\t3\t\n")
    assert [row[0] for row in rows(found)] == ["1", "2"]


def test_a_repeated_header_and_column_numbers_are_no_rows() -> None:
    body = FLAT + "(1)\t(2)\t(3)\t(4)\t(5)\n1\tA\tHồ sơ\t2\t\n" + FLAT + "(1)\t(2)\t(3)\t(4)\t(5)\n2\tB\tHồ sơ\t3\t\n"
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + body)
    assert [row[0] for row in rows(found)] == ["1", "2"]
    assert [column.number for column in found.tables[0].columns] == ["(1)", "(2)", "(3)", "(4)", "(5)"]


@pytest.mark.parametrize("page", [None, 9])
def test_figures_alone_on_their_lines_are_no_page_numbers_where_a_page_has_many(page: int | None) -> None:
    lines = ["Phụ lục 10", "SỐ NGƯỜI LÀM VIỆC", "STT", "Tổng số", "Sở Tư pháp", "410", "17", "68", "308"]
    lines += ["Sở Y tế", "269", "26", "87", "145", "Sở Nội vụ", "9", "1", "3", "5"]
    blocks = tuple(Paragraph(text, page=page) for text in [*HEAD.splitlines(), *lines, "12"])
    found = build_document(SourceFile("a.txt", "0" * 64, 1, "text"), RawDocument(blocks, "text"))
    assert [problem.code for problem in found.problems] == ["table-not-read"]


def test_page_numbers_between_grids_and_lines_are_left_out() -> None:
    page = FLAT + "1\tA\tHồ sơ\t2\t\n\nTrang này nói thêm.\n"
    found = document(HEAD + "".join(f"Phụ lục {n}\nTHỐNG KÊ\n{page}{n}\n" for n in range(2, 9)))
    assert [table.text_after for table in found.tables] == ["Trang này nói thêm."] * 7


@pytest.mark.parametrize(
    ("method", "name", "codes"),
    [("pdf-text", "đã ban hành", ["name-unfinished"]), ("pdf-text", "Khác", []), ("pdf-lines", "đã ban hành", [])],
)
def test_the_rest_of_a_name_that_opens_another_table_puts_the_last_row_in_doubt(
    method: str, name: str, codes: list[str]
) -> None:
    def grid(page: int, *rows: tuple[str, ...]) -> Grid:
        cells = tuple(Cell(r, c, text, page=page) for r, row in enumerate(rows) for c, text in enumerate(row))
        return Grid(cells, len(rows), len(rows[0]), method, page)

    first = grid(1, ("STT", "Chỉ tiêu", "ĐVT", "Số liệu"), ("1", "A", "Hồ sơ", "5"), ("2", "Số văn bản", "Cái", "7"))
    other = grid(2, ("STT", "Chỉ tiêu", "Số liệu"), ("", name, ""), ("3", "B", "Hồ sơ 2"))
    raw = RawDocument((Paragraph(text="Phụ lục 2", page=1), first, other), "pdf")
    found = build_document(SourceFile("a.pdf", "0" * 64, 1, "pdf"), raw)
    problems = [p for p in found.problems if p.code == "name-unfinished"]
    assert [p.code for p in problems] == codes and all((p.table, p.row) == (1, 2) for p in problems)


def test_a_table_inside_the_narrative_leaves_the_headings_alone() -> None:
    text = HEAD + "Kết quả cụ thể:\nSTT\tLĩnh vực\tTiếp nhận\n1\tĐất đai\t5\nII. NHIỆM VỤ\nNội dung khác.\n"
    found = document(text)
    assert [heading.label for heading in found.headings] == ["I", "II"]
    assert (found.tables[0].caption.appendix, found.tables[0].n_rows) == ("", 1)


def test_two_tables_under_one_caption_share_its_number() -> None:
    text = (
        HEAD
        + "Phụ lục 2\nTHỐNG KÊ\n"
        + FLAT
        + "1\tA\tHồ sơ\t2\t\nBảng hai về lĩnh vực\nTT\tLĩnh vực\tĐúng hạn\n1\tĐất đai\t5\n"
    )
    found = document(text)
    assert [(t.caption.appendix, t.caption.title) for t in found.tables] == [
        ("2", "THỐNG KÊ"),
        ("2", "Bảng hai về lĩnh vực"),
    ]


def test_a_unit_line_and_a_period_line_belong_to_the_caption() -> None:
    lines = "Đơn vị tính: Triệu đồng\nSố liệu tính từ ngày 15/12/2023 đến ngày 14/6/2024\n"
    caption = (
        document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + lines + "STT\tChỉ tiêu\tSố liệu\n1\tVốn giao\t5\n").tables[0].caption
    )
    assert (caption.title, caption.unit_line) == ("THỐNG KÊ", "Triệu đồng")
    assert caption.period_line.startswith("Số liệu tính từ ngày")


def test_rows_that_became_no_table_are_an_error() -> None:
    lost = "".join(f"3.{n} Số hồ sơ loại {n} Hồ sơ {n}2\n" for n in range(1, 5))
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\nPhụ lục 3\nTHỐNG KÊ\n" + lost)
    assert [(p.code, p.severity) for p in found.problems] == [("table-not-read", "error")]


def test_two_codes_alone_on_their_lines_under_a_caption_are_lost_rows() -> None:
    pieces = "2.4.3\nSố đơn vị tự bảo đảm\n2.5\nSố đơn vị do Nhà nước\nbảo đảm\nĐơn vị\n"
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\nPhụ lục 3\n" + pieces)
    assert [(p.code, p.severity) for p in found.problems] == [("table-not-read", "error")]


@pytest.mark.parametrize(
    ("pieces", "codes"),
    [
        ("2.1.\nSố nhiệm vụ\n1.219\n2.2.\nĐã xong\n12\n3.1\nSố sở\n7,5%\n", ["table-not-read"]),
        ("2.1. Tổ chức\nNội dung.\n2.2. Bộ máy\nNội dung.\n3.1. Số liệu\n2024\n", []),  # headings
        ("2.1.\nSố nhiệm vụ\n19\n2.2.\nĐã xong\n", []),
    ],
    ids=["a table in pieces", "headings", "two codes"],
)
def test_a_table_in_pieces_before_the_first_caption_is_an_error(pieces: str, codes: list[str]) -> None:
    found = document(HEAD + pieces + "Phụ lục 3\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\n")
    assert [problem.code for problem in found.problems] == codes


def test_a_header_repeated_behind_a_table_without_a_row_is_an_error() -> None:
    pieces = "Chỉ tiêu thống kê\nSTT\n(Sử dụng hàng quý)\nSố thủ tục đã được tích hợp\nKết quả thống kê\n"
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\n" + pieces)
    assert [(p.code, p.severity) for p in found.problems] == [("table-not-read", "error")]


def test_a_list_behind_a_table_is_no_lost_table() -> None:
    found = document(
        HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\n1. Hội thảo năm 2023\n2. Hội thảo 3\n3. Lớp 4\n"
    )
    assert found.problems == ()


def test_tables_of_a_second_report_in_the_file_are_an_error() -> None:
    table = "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + "1\tA\tHồ sơ\t2\t\n"
    second = "SỞ TƯ PHÁP\nSố: 5/BC-STP\nBÁO CÁO\nCông tác cải cách hành chính năm 2024\nI. KẾT QUẢ\nNội dung.\n"
    found = document(HEAD + table + second + table)
    assert [(p.code, p.severity, p.table) for p in found.problems] == [("several-reports", "error", 2)]
    assert document(HEAD + table + "Kèm theo báo cáo\nBÁO CÁO\n" + table).problems == ()
    narrative = document(HEAD + second + table)
    assert [(p.code, p.table) for p in narrative.problems] == [("several-reports", 1)]


def test_rows_that_a_header_took_in_are_an_error() -> None:
    cells = [Cell(0, 0, "STT\n1\n1.1\n2"), Cell(0, 1, "Chỉ tiêu"), Cell(0, 2, "ĐVT"), Cell(0, 3, "Số liệu\n3\n4\n5")]
    rest = [Cell(1, 0, "3"), Cell(1, 1, "Số văn bản"), Cell(1, 2, "Văn bản"), Cell(1, 3, "7")]
    found = rows_in_headers([Grid((*cells, *rest), 2, 4, "pdf-lines", 2)])
    assert [(p.code, p.severity, p.detail) for p in found] == [("table-not-read", "error", "3 × “1”")]
    plain = [Cell(0, 0, "STT\nA"), *cells[1:3], Cell(0, 3, "Số liệu")]
    assert not list(rows_in_headers([Grid((*plain, *rest), 2, 4, "pdf-lines", 2)]))


def test_a_report_whose_words_are_in_pieces_and_that_has_no_table_is_an_error() -> None:
    titles = ("V k ho ch c i cách hành chính", "V t ch c ch đ o, đi u hành", "Ki m soát th t c hành chính")
    found = document("BÁO CÁO\n" + "".join(f"{n}. {title}\nx\n" for n, title in enumerate(titles, 1)))
    assert [(p.code, p.severity) for p in found.problems] == [("text-doubtful", "error")]
    whole = ("Về kế hoạch cải cách hành chính", "Về tổ chức chỉ đạo, điều hành", "Kiểm soát thủ tục hành chính")
    found = document("BÁO CÁO\n" + "".join(f"{n}. {title}\nx\n" for n, title in enumerate(whole, 1)))
    assert found.problems == ()


NOTES = [
    ("5.\tNhiệm vụ\t\t\tSố liệu lấy\n5.1\tTổng\tNhiệm vụ\t3\t\n5.2\tXong\tNhiệm vụ\t2\ttừ phần mềm\n", [3, 1]),
    ("5.\tNhiệm vụ\t\t\tSố liệu lấy.\n6.\tTổng\tNhiệm vụ\t3\ttừ phần mềm\n", [1, 1]),
]


def test_a_note_that_goes_on_in_a_later_row_is_one_note_over_them_all() -> None:
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + NOTES[0][0])
    notes = [(cell.row, cell.row_span, cell.text) for cell in found.tables[0].cells if cell.col == 4]
    assert notes == [(1, 3, "Số liệu lấy\ntừ phần mềm")]


def test_notes_of_two_codes_stay_two() -> None:
    found = document(HEAD + "Phụ lục 2\nTHỐNG KÊ\n" + FLAT + NOTES[1][0])
    assert [cell.row_span for cell in found.tables[0].cells if cell.col == 4] == NOTES[1][1]


def test_a_table_whose_words_are_in_pieces_is_an_error() -> None:
    names = ("T ổ ng s ố văn b ả n đã ban hành", "S ố h ồ s ơ gi ả i quy ế t đúng h ạ n", "T ỷ l ệ h ồ s ơ quá h ạ n")
    whole = ("Tổng số văn bản đã ban hành", "Số hồ sơ giải quyết đúng hạn", "Tỷ lệ hồ sơ quá hạn")
    for printed, expected in ((names, ["table-text-doubtful"]), (whole, [])):
        lines = [f"{i}\t{name}\tHồ sơ\t{i}\t" for i, name in enumerate(printed, 1)]
        found = document("\n".join(["Phụ lục 2", "STT\tChỉ tiêu\tĐơn vị\tSố liệu\tGhi chú", *lines]))
        assert [p.code for p in found.problems] == expected


def test_a_caption_repeated_on_top_of_the_next_page_is_no_row_and_no_header() -> None:
    def grid(page: int, lines: list[list[str]], *, continues: bool) -> Grid:
        cells = [
            Cell(r, c, text, col_span=5 if len(line) == 1 else 1, page=page, bbox=BBox(c, r, c + 1, r + 1))
            for r, line in enumerate(lines)
            for c, text in enumerate(line)
        ]
        return Grid(tuple(cells), len(lines), 5, "pdf-lines", page, None, 0 if continues else None, continues)

    caption, head = ["Phụ lục 3"], FLAT.strip("\n").split("\t")
    for first in ([caption, head, ["1", "A", "Hồ sơ", "2", ""]], [caption, head]):
        blocks = (grid(1, first, continues=False), grid(2, [caption, ["2", "B", "Hồ sơ", "3", ""]], continues=True))
        found = build_document(SourceFile("a.pdf", "0" * 64, 1, "pdf"), RawDocument(blocks, "pdf"))
        (table,) = found.tables
        assert [c.role for c in table.columns] == ["stt", "name", "unit", "value", "note"]
        assert rows(found)[-1] == ["2", "B", "Hồ sơ", "3"]
        assert table.n_rows == len(first) - 1


def test_a_document_whose_records_are_packed_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    table = FLAT + "".join(f"{n}\tSố hồ sơ {n}\tHồ sơ\t{n}\tghi chú {n}\n" for n in range(1, 60))
    loose = "1.1 Số hồ sơ\n1.2 Số hồ sơ\n1.3 Số hồ sơ\n"  # rows that became no table
    text = HEAD + table + "II. NHIỆM VỤ\n" + "".join(
        f"Phụ lục {n}\nTHỐNG KÊ {n}\n{table}\n- Việc sau bảng {n}\n{loose if n == 2 else ''}" for n in (1, 2, 3)
    )  # fmt: skip
    plain = document(text)
    monkeypatch.setattr(module, "Room", lambda: Room(0))
    held = document(text)
    assert isinstance(held.tables[0].cells, Packed) and isinstance(plain.tables[0].cells, tuple)
    assert held == plain and repr(held) == repr(plain)
    assert len(plain.tables) == 4 and "table-not-read" in {problem.code for problem in plain.problems}


MARKED_UP = [
    (
        "{| class=\"wikitable\"\n! '''STT'''\n! '''Chỉ tiêu'''\n! '''Đơn vị tính'''\n|-\n"
        "| 1.1.\n| Số hồ sơ\n| Hồ sơ\n|-\n| 1.2.\n| Số văn bản\n| Văn bản\n|-\n| 2.1.\n|}"
    ),
    "STT & Chỉ tiêu & Đơn vị tính \\\\\n1.1. & Số hồ sơ & 5 \\\\\n1.2. & Số văn bản & 6 \\\\\n2.1. & Số cuộc & 7 \\\\",
    "@item STT\n @tab Tiêu chí\n @tab Số liệu\n@item 1.1.\n @tab Số hồ sơ\n@item 1.2\n@item 1.3.1\n",
]


@pytest.mark.parametrize("body", MARKED_UP)
def test_a_table_in_a_mark_up_that_nobody_knows_is_an_error(body: str) -> None:
    found = document(f"{HEAD}'''PHỤ LỤC 2'''\n{body}\n")
    assert not found.tables
    assert [(p.code, p.severity) for p in found.problems] == [("table-not-read", "error")]


def test_prose_that_speaks_of_columns_is_no_lost_table() -> None:
    prose = "Cột STT, chỉ tiêu và đơn vị tính ghi theo mẫu.\n1.1. Kết quả\nTheo Kế hoạch 12/KH-UBND ngày 05.01.2023.\n"
    assert document(HEAD + prose).problems == ()


LINES = [
    ("1", "Số văn bản", "14"),
    ("1.1", "Số hội thảo", "2"),
    ("2", "Tỷ lệ", "75,5%"),
    ("3", "Hồ sơ", "1.205"),
    ("4", "Đơn vị", "7"),
]


@pytest.mark.parametrize("drawn", ["{0};{1};{2}", "{0} & {1} & {2} \\\\", "- {1}: {2}", "{1}{2}"])
@pytest.mark.parametrize("other", ["", f"Phụ lục 3\nTHỐNG KÊ\n{FLAT}1\tA\tHồ sơ\t2\t\n"])
def test_lines_of_figures_in_an_appendix_without_a_table_are_an_error(drawn: str, other: str) -> None:
    body = "\n\n".join(drawn.format(*line) for line in LINES)
    found = document(f"{HEAD}Phụ lục 2\n\nTHỐNG KÊ\n\n{body}\n\n{other}")
    assert [p.appendix for p in found.problems if p.code == "table-not-read"] == ["2"]


@pytest.mark.parametrize(
    "lines",
    [
        ["- Hội thảo ngày 12/3/2024", "- Quyết định số 12/QĐ-UBND", "- Năm 2023 và quý 2", "- Điều 5", "- Khoản 3"],
        ["- Hồ sơ: 5", "- Văn bản: 6", "- Đơn vị: 7", "- Người: 8", "- Cuộc: 9", "Lời văn dài của phụ lục. " * 15],
    ],
)
def test_prose_of_an_appendix_is_no_lost_table(lines: list[str]) -> None:
    found = document(f"{HEAD}Phụ lục 2\n\nDANH SÁCH\n\n" + "\n\n".join(lines))
    assert not [p for p in found.problems if p.code == "table-not-read"]


def test_each_appendix_of_figures_without_a_table_is_said() -> None:
    lines = "\n\n".join(";".join(line) for line in LINES * 3)
    read = f"Phụ lục 3\nTHỐNG KÊ\n{FLAT}1\tA\tHồ sơ\t2\t\n"
    found = document(f"{HEAD}Phụ lục 2\n\nTHỐNG KÊ\n\n{lines}\n\n{read}\nPhụ lục 4\n\nTHỐNG KÊ\n\n{lines}\n")
    assert sorted(p.appendix for p in found.problems if p.code == "table-not-read") == ["2", "4"]
