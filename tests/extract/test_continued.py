"""Grids of one table joined over pages: which row is the rest of the row before, and what narrow columns cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.model import Caption, Cell, Grid, Reading, Table
from extract.tables.continued import Part, build_table
from extract.tables.header import find_header, repeated_header
from extract.text import unwrap
from tests.linear import growth

HEAD = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú")


def grid(*rows: tuple[str, ...], page: int = 1, method: str = "pdf-lines") -> Grid:
    cells = tuple(Cell(r, c, text, page=page) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(cells, len(rows), len(rows[0]), method, page=page)


def joined(first: list[tuple[str, ...]], *others: list[tuple[str, ...]], method: str = "pdf-lines") -> list[list[str]]:
    one = grid(HEAD, *first, method=method)
    parts = [Part(grid(*other, page=n, method=method), None) for n, other in enumerate(others, 2)]
    return rows(build_table(1, Caption("2"), [Part(one, find_header(one)), *parts]))


def rows(table: Table) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, [""] * 5)[cell.col] = cell.text.replace("\n", " ")
    return list(found.values())


TAIL = ("3.1", "Tỷ lệ hồ sơ tiếp nhận được", "%", "88,7", "Theo Quyết định")
RESTS = [
    ("lower case goes on", TAIL, ("", "giải quyết đúng hạn", "", "", ""), True),
    ("only the note goes on", TAIL, ("", "", "", "", "số 12/QĐ-UBND"), True),
    ("an abbreviation goes on", ("1", "Số hành vi", "Vụ", "2", ""), ("", "TNLPTC", "", "", ""), True),
    ("an open bracket goes on", ("1", "Số hồ sơ (cả", "Hồ sơ", "2", ""), ("", "Trung ương)", "", "", ""), True),
    ("a bracket goes on", ("6.4", "Tỷ lệ hồ sơ", "%", "0", ""), ("", "(Chỉ thống kê)", "", "", ""), True),
    ("the figure goes on in brackets", ("1", "Đã chi", "đồng", "61.300.398", ""), ("", "", "", "(98,98%)", ""), True),
    ("the dot of a broken code", ("5.2.3", "Tỷ lệ sử dụng", "%", "5", ""), (".", "của UBND cấp xã", "", "", ""), True),
    ("a word that wants another", ("1", "Số văn bản của", "Văn bản", "2", ""), ("", "Chính phủ", "", "", ""), True),
    ("the whole name", ("3.1", "", "%", "88,7", ""), ("", "Tỷ lệ hồ sơ Đúng hạn", "", "", "Ghi chú"), True),
    ("code and figure of a name", ("", "Tỷ lệ hồ sơ", "", "", ""), ("3.1", "", "%", "88,7", ""), True),
    ("a row with its own code", TAIL, ("3.2", "Tỷ lệ hồ sơ", "%", "5", ""), False),
    ("a bullet", TAIL, ("", "- Cấp tỉnh", "", "", ""), False),
    ("a list that opens", TAIL, ("", "Trong đó:", "", "", ""), False),
    ("a figure of its own", TAIL, ("", "hồ sơ trực tuyến", "%", "5", ""), False),
    (
        "a heading in capitals",
        ("94", "Đất đai", "m2", "", ""),
        ("", "PHÁT HIỆN, XỬ LÝ (số liệu ngành)", "", "", ""),
        False,
    ),
    ("a heading in title case", ("9", "Số đơn vị", "Đơn vị", "1", ""), ("", "Kiến nghị xử lý", "", "", ""), False),
    ("behind a full stop", ("9", "Số đơn vị.", "Đơn vị", "", ""), ("", "UBND tỉnh", "", "", ""), False),
]


PLACES = ("STT", "Địa phương", "Hồ sơ tiếp nhận", "Đã giải quyết", "Ghi chú")
NUMBERED = [
    ("1", "Xã Phú An", "5", "4", ""),
    ("2", "Xã Vinh Thanh", "7", "6", ""),
    ("3", "Đặc khu Phú", "9", "8", ""),
]


@pytest.mark.parametrize(
    ("head", "second", "n_rows"),
    [(PLACES, "4", 4), (PLACES, "1", 5), (HEAD, "4", 5)],
    ids=["counted on", "anew", "units"],
)
def test_a_name_cut_by_the_page_is_whole_where_the_count_goes_on(
    head: tuple[str, ...], second: str, n_rows: int
) -> None:
    one, two = grid(head, *NUMBERED), grid(("", "Quý", "", "", ""), (second, "Xã Lộc Bổn", "1", "1", ""), page=2)
    found = rows(build_table(1, Caption("2"), [Part(one, find_header(one)), Part(two, None)]))
    assert len(found) == n_rows
    early = [Part(grid(head, NUMBERED[2]), find_header(one)), Part(two, None)]
    assert len(rows(build_table(1, Caption("2"), early))) == n_rows - 2
    assert found[2][1] == ("Đặc khu Phú Quý" if n_rows == 4 else "Đặc khu Phú")


@pytest.mark.parametrize(("tail", "head", "is_rest"), [case[1:] for case in RESTS], ids=[case[0] for case in RESTS])
def test_the_rest_of_a_row_is_told_from_a_row(tail: tuple[str, ...], head: tuple[str, ...], is_rest: bool) -> None:
    found = joined([tail], [head])
    assert len(found) == (1 if is_rest else 2)
    if is_rest:
        together = [" ".join(filter(None, pair)) for pair in zip(tail, head, strict=True)]
        assert [text.replace(" .", ".") for text in found[0]] == [text.replace(" .", ".") for text in together]


def test_a_header_and_column_numbers_on_every_page_are_no_rows() -> None:
    one = grid(HEAD, ("(1)", "(2)", "(3)", "(4)", "(5)"), ("1", "Số hồ sơ", "Hồ sơ", "2", ""))
    two = grid(HEAD, ("(1)", "(2)", "(3)", "(4)", "(5)"), ("2", "Số thủ tục", "Thủ tục", "3", ""), page=2)
    table = build_table(1, Caption("2"), [Part(one, find_header(one)), Part(two, find_header(two))])
    assert [row[0] for row in rows(table)] == ["1", "2"]
    assert table.pages == (1, 2)


def test_the_rest_of_a_row_under_a_repeated_header_is_no_header() -> None:
    one = grid(HEAD, ("1", "Số hồ sơ", "Hồ sơ", "5", "Số liệu"))
    two = grid(HEAD, ("", "", "", "", "lấy từ phần mềm"), ("2", "Tỷ lệ", "%", "88,7", ""), page=2)
    header = find_header(one)
    assert header is not None
    again = repeated_header(two, header)
    assert again is not None
    assert rows(build_table(1, Caption("2"), [Part(one, header), Part(two, again)])) == [
        ["1", "Số hồ sơ", "Hồ sơ", "5", "Số liệu lấy từ phần mềm"], ["2", "Tỷ lệ", "%", "88,7", ""],
    ]  # fmt: skip
    assert repeated_header(grid(("1", "Số hồ sơ", "Hồ sơ", "5", "")), header) is None


def test_codes_and_names_cut_by_narrow_columns_of_a_table_without_rules() -> None:
    cut = [
        ("2.2", "Tỷ lệ xử lý", "%", "", ""),
        ("2.2.", "Tổng số văn bản", "Văn bản", "4", ""),
        ("1", "cần xử lý", "", "", ""),
        ("2.3", "Số văn bản", "Văn bản", "5", ""),
        ("", "tỉnh giao", "", "", ""),
    ]
    assert [row[:4] for row in joined(cut, [("3", "Khác", "Vụ", "1", "")], method="pdf-text")] == [
        ["2.2", "Tỷ lệ xử lý", "%", ""],
        ["2.2.1", "Tổng số văn bản cần xử lý", "Văn bản", "4"],
        ["2.3", "Số văn bản tỉnh giao", "Văn bản", "5"],
        ["3", "Khác", "Vụ", "1"],
    ]


def test_a_page_break_within_a_cut_code_leaves_one_row() -> None:
    tail = [("6.5", "Tỷ lệ TTHC", "%", "9,5%", ""), ("6.5.", "Số TTHC đã", "Thủ tục", "83 thủ", "")]
    found = joined(tail, [("2", "tích hợp", "", "tục", "")])
    assert [row[:4] for row in found[1:]] == [["6.5.2", "Số TTHC đã tích hợp", "Thủ tục", "83 thủ tục"]]


@pytest.mark.parametrize("method", ["docx", "pdf-lines"])
def test_a_heading_is_not_the_rest_of_a_code_that_an_appendix_above_has(method: str) -> None:
    above = [("1.", "Số cuộc", "Cuộc", "1", ""), ("1.1.", "Số sở", "Sở", "1", ""), ("1.2.", "Số xã", "Xã", "1", "")]
    below = [("1.", "Số đơn vị", "Đơn vị", "4", ""), ("1.1.", "Số sở", "Sở", "2", ""), ("1.2.", "Số xã", "Xã", "2", "")]
    last = [("2.", "Tuyển dụng", "", "", ""), ("2.1.", "Số người", "Người", "3", "")]
    found = joined(above, [*below, *last], method=method)
    assert [row[0] for row in found] == ["1.", "1.1.", "1.2.", "1.", "1.1.", "1.2.", "2.", "2.1."]


def test_a_cut_code_is_told_by_the_code_after_it_where_its_parent_was_left_out() -> None:
    tail = [("3.1.", "Số văn bản đã rà soát", "Văn bản", "9", ""), ("3.2.", "Tổng số văn bản", "Văn bản", "755", "")]
    head = [("1.", "sau rà soát", "", "", ""), ("3.2.2.", "Số văn bản đã xử lý", "Văn bản", "77", "")]
    assert [row[0] for row in joined(tail, head)] == ["3.1.", "3.2.1.", "3.2.2."]


def test_a_section_row_merged_over_code_and_name_gets_its_code_back() -> None:
    cells = [Cell(0, c, text) for c, text in enumerate(HEAD)]
    cells += [
        Cell(1, 0, "II. Thủ tục hành chính", 1, 5),
        *(Cell(2, c, t) for c, t in enumerate(("1", "A b", "Vụ", "2", ""))),
    ]
    one = Grid(tuple(cells), 3, 5, "docx")
    assert rows(build_table(1, Caption("2"), [Part(one, find_header(one))]))[0][:2] == ["II.", "Thủ tục hành chính"]


def test_names_that_begin_with_codes_get_the_column_they_lack() -> None:
    head = ("Chỉ tiêu", "Đơn vị tính", "Số liệu")
    one = grid(head, ("1. Số hồ sơ", "Hồ sơ", "5"), ("1.1. Trực tuyến", "Hồ sơ", "3"), ("Khác", "Hồ sơ", "2"))
    table = build_table(1, Caption("2"), [Part(one, find_header(one))])
    stt = next(column.index for column in table.columns if column.role == "stt")
    assert [cell.text for cell in table.cells if cell.col == stt] == ["1.", "1.1."]


@pytest.mark.parametrize(
    ("printed", "value"),
    [("61.300.\n398", "61.300.398"), ("11.78\n4", "11.784"), ("100,0\n%", "100,0%"), ("12\n345", "12\n345"),
     ("19\n270,2", "19 270,2")],
)
def test_figures_cut_by_narrow_columns(printed: str, value: str) -> None:
    one = grid(HEAD, ("1", "Đã chi", "đồng", printed, ""))
    table = build_table(1, Caption("2"), [Part(one, find_header(one))])
    assert next(cell.text for cell in table.cells if cell.col == 3) == value


@pytest.mark.parametrize(
    ("beside", "method", "value"),
    [("97,51%", "pdf-text", "82,98 %"), ("7,51%", "pdf-lines", "82,98%"), ("97,51%", "docx", "82,98%")],
)
def test_a_share_that_had_room_on_a_line_was_broken_at_a_space(beside: str, method: str, value: str) -> None:
    one = grid(HEAD, ("1", "Tỷ lệ", "%", "82,98\n%", ""), ("2", "Tỷ lệ", "%", beside, ""), method=method)
    table = build_table(1, Caption("2"), [Part(one, find_header(one))])
    assert next(cell.text for cell in table.cells if cell.col == 3) == value


def test_a_year_that_a_narrow_column_cut_is_whole() -> None:
    assert unwrap("ngày\n03/02/202\n3; 5/2/2\n023\n4 phòng") == "ngày\n03/02/2023; 5/2/2023\n4 phòng"
    assert unwrap("đạt 12/20\n3 phòng, 3/4/20\n15 hồ sơ") == "đạt 12/20\n3 phòng, 3/4/20\n15 hồ sơ"


@pytest.mark.parametrize("is_alone", [False, True])  # on a page of its own
@pytest.mark.parametrize(
    ("above", "below", "rest", "names"),
    [
        ("6", "6.1", "Chính phủ giao", ["Nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao", "Tổng số"]),
        ("2.3", "2.4", "Chính phủ giao", ["Nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao", "Tổng số"]),
        ("6", "7", "Lĩnh vực đất đai", ["Nhiệm vụ Chính phủ, Thủ tướng", "Lĩnh vực đất đai", "Tổng số"]),
        ("6", "6.1", "- Cấp tỉnh", ["Nhiệm vụ Chính phủ, Thủ tướng", "- Cấp tỉnh", "Tổng số"]),
    ],
)
def test_a_name_alone_between_a_code_and_the_next_is_the_rest_of_a_name(
    above: str, below: str, rest: str, names: list[str], is_alone: bool
) -> None:
    first = [("1", "Số", "Hồ sơ", "3", ""), (above, "Nhiệm vụ Chính phủ, Thủ tướng", "", "", "")]
    middle, last = ("", rest, "", "", ""), (below, "Tổng số", "Nhiệm vụ", "12", "")
    rows = joined(first, [middle], [last]) if is_alone else joined(first, [middle, last])
    assert [row[1] for row in rows[1:]] == names


def test_a_table_of_broken_shares_is_read_in_proportion_to_its_rows() -> None:
    def build(n_rows: int) -> None:
        one = grid(HEAD, *[(str(n), "Tỷ lệ", "%", "100,00\n%", "") for n in range(1, n_rows)])
        build_table(1, Caption("2"), [Part(one, find_header(one))])

    assert growth(build, 100) < 2.5


@pytest.mark.parametrize(("sure", "kept"), [(0.0, True), (1.0, False)])
def test_ink_in_a_scanned_cell_that_nobody_could_read_is_no_blank(sure: float, kept: bool) -> None:
    one = grid(HEAD, TAIL, ("3.2", "Tỷ lệ hồ sơ quá hạn", "%", "", ""), method="ocr")
    ink = Reading("", sure, "ink")
    cells = [replace(cell, readings=(ink,)) if not cell.text else cell for cell in one.cells]
    table = build_table(1, Caption("2"), [Part(replace(one, cells=tuple(cells)), find_header(one))])
    assert [cell.col for cell in table.cells if cell.row == 2] == [0, 1, 2, *([3] if kept else [])]
