"""Headers of tables without rules, built as words on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model import BBox, Cell, Grid, Paragraph
from extract.page import Edge, Style, Word, cell_text, pieces
from extract.page_words import PageWords, pieces_of
from extract.tables.aligned import find_aligned
from extract.tables.aligned_edges import with_cut_headers
from extract.tables.aligned_header import find_header_cells, repeated_header
from extract.tables.aligned_lines import Columns, Run, strips_of
from extract.tables.column_lines import column_lines, whole_codes
from extract.tables.header import find_header
from extract.tables.header_tree import tree_of
from extract.tables.header_zone import may_be_headed, may_be_header
from extract.tables.whole_header import Laid, with_whole_headers

SIZE, WIDTH = 12.0, 6.0
Text = tuple[str, float, float]  # text, left edge, base line


def words(texts: Sequence[Text]) -> list[Word]:
    out: list[Word] = []
    for text, x0, base in texts:
        for part in text.split():
            x1 = x0 + WIDTH * len(part)
            out.append(Word(part, x0, base - 10, x1, base + 3, base, SIZE, len(out) * 20, len(part)))
            x0 = x1 + 3
    return out


def plain(_: int) -> Style:
    return Style(is_bold=False, is_italic=False)


def header_of(texts: Sequence[Text]) -> list[tuple[int, int, int, int, str]]:
    strips = strips_of(pieces(words(texts)))
    found = next(f for i, s in enumerate(strips) if may_be_header(s) and (f := find_header_cells(strips, i, plain)))
    return [(c.row, c.col, c.row_span, c.col_span, cell_text(c.words).replace("\n", " ")) for c in found.cells]


def test_a_header_is_known_again_on_the_next_page_without_its_last_line() -> None:
    texts = [
        ("STT", 50, 107),
        ("Chỉ tiêu (trong", 100, 100),
        ("kỳ này)", 110, 114),
        ("ĐVT", 250, 107),
        ("Số liệu", 300, 107),
    ]
    strips = strips_of(pieces(words(texts)))
    found = next(f for i, s in enumerate(strips) if may_be_header(s) and (f := find_header_cells(strips, i, plain)))
    clipped = [(t, x, y - 40) for t, x, y in texts if t != "kỳ này)"]
    again = repeated_header(
        strips_of(pieces(words([*clipped, ("1", 55, 100), ("Số văn bản", 100, 100)]))), found.columns
    )
    assert again is not None and (again.first, again.below) == (0, 2)
    assert [[w.text for w in c.words] for c in again.cells] == [[w.text for w in c.words] for c in found.cells]


def test_another_header_is_not_taken_for_the_one_of_the_page_before() -> None:
    texts = [("STT", 50, 107), ("Chỉ tiêu", 100, 107), ("ĐVT", 250, 107), ("Số liệu", 300, 107)]
    strips = strips_of(pieces(words(texts)))
    found = next(f for i, s in enumerate(strips) if may_be_header(s) and (f := find_header_cells(strips, i, plain)))
    moved = [(t, x + 20, y) for t, x, y in texts]
    assert repeated_header(strips_of(pieces(words(moved))), found.columns) is None
    assert repeated_header([], Columns((), ())) is None


def test_a_note_beside_which_the_rules_stop_is_one_cell_over_its_rows() -> None:
    texts: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Số liệu", 250, 100), ("Ghi chú", 340, 100)]
    rules = [Edge(True, 105, 40, 420)]
    for i in range(4):
        texts += [(str(i + 1), 55, 120 + 20 * i), ("Số văn bản", 100, 120 + 20 * i), (str(i + 5), 265, 120 + 20 * i)]
        rules.append(Edge(True, 126 + 20 * i, 40, 330 if i in (0, 1) else 420))
    texts += [("Lấy từ", 340, 132), ("phần mềm", 340, 147)]
    tables, _ = find_aligned(pieces(words(texts)), rules, plain, None)
    assert [(m.row, m.col, m.row_span, m.text) for m in tables[0].merged] == [(0, 3, 3, "Lấy từ\nphần mềm")]


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        (["3.", "3.4.", "3.4.", "1", "3.4."], ["3.", "3.4.", "3.4.1", "3.4."]),
        (["1.4.1.", "1.4.", "2."], ["1.4.1.", "1.4.2."]),
        (["2.2.", "3.", "4."], ["2.2.", "3.", "4."]),
        (["2.2.2", ".", "3."], ["2.2.2.", "3."]),
    ],
)
def test_codes_cut_by_a_narrow_column_are_whole(printed: list[str], codes: list[str]) -> None:
    lines = column_lines(words([(text, 50, 100 + 13 * i) for i, text in enumerate(printed)]))
    assert [line.text for line in whole_codes(lines)] == codes


def test_a_header_that_the_page_break_cut_is_whole() -> None:
    def grid(rows: list[list[str]], *, goes_on: bool) -> Grid:
        cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
        return Grid(cells, len(rows), 3, "pdf-lines", 1, None, 0 if goes_on else None, continues=goes_on)

    header = grid([["STT", "Chỉ tiêu", "Thực"]], goes_on=False)
    rest = grid([["", "", "hiện"], ["1", "Số văn bản", "12"]], goes_on=True)
    first, second = with_whole_headers([header, rest])
    assert isinstance(first, Laid) and isinstance(second, Laid)
    assert first.grid.cells[2].text == "Thực\nhiện"
    assert [cell.text for cell in second.grid.cells] == ["1", "Số văn bản", "12"]


def test_a_header_whose_columns_part_below_the_page_break_is_one_grid() -> None:
    def cell(row: int, col: int, text: str, x0: float, x1: float, page: int) -> Cell:
        return Cell(row, col, text, page=page, bbox=BBox(x0, 0, x1, 10))

    wide = [("STT", 0, 40), ("Chỉ tiêu thống kê", 40, 200), ("Kết quả thống kê", 200, 300)]
    narrow = [(0, 40), (40, 200), (200, 250), (250, 300)]
    below = [["", "(quý, năm)", "Đơn vị tính", "Số liệu"], ["1", "Số văn bản", "Văn bản", "12"]]
    header = Grid(tuple(cell(0, c, t, a, b, 1) for c, (t, a, b) in enumerate(wide)), 1, 3, "pdf-lines", 1)
    cells = tuple(
        cell(r, c, text, *narrow[c], 2) for r, row in enumerate(below) for c, text in enumerate(row)
    )
    number = Paragraph("12", page=2)
    rest = Grid(cells, 2, 4, "pdf-lines", 2)
    assert [type(block) for block in with_whole_headers([header, number, rest])] == [Paragraph, Laid]
    *_, whole = with_whole_headers([header, number, rest])
    assert isinstance(whole, Laid)
    found = find_header(whole.grid)
    assert found is not None and found == whole.header
    assert [" › ".join(column.header) for column in found.columns][2:] == [
        "Kết quả thống kê › Đơn vị tính", "Kết quả thống kê › Số liệu",
    ]  # fmt: skip
    data = Grid(tuple(replace(c, text=c.text or "2") for c in cells), 2, 4, "pdf-lines", 2)
    # a row of data is no rest of a header
    assert list(with_whole_headers([header, data])) == [Laid.of(header), Laid.of(data)]


def test_header_cells_that_touch_are_parted_by_their_words() -> None:
    def read(*header: str) -> list[str]:
        texts: list[Text] = [("Số TT", 50, 100), ("Chỉ tiêu", 120, 100)]
        x = 240.0
        for text in header:
            texts.append((text, x, 100))
            x += 150
        lines = with_cut_headers(strips_of(pieces(words(texts))))
        return [run.text for run in lines[0]]

    assert read("Đơn vị tính Kế hoạch", "Ghi chú") == ["Số TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Ghi chú"]
    assert read("Kết quả Thực hiện", "Số Hiệu") == ["Số TT", "Chỉ tiêu", "Kết quả Thực hiện", "Số Hiệu"]


def test_lines_of_cells_set_flush_left_that_touch_are_parted_as_the_lines_above_are() -> None:
    texts = [
        ("STT", 50, 100), ("Chỉ tiêu", 120, 100), ("Từ kỳ", 240, 100), ("Trước", 285, 100),
        ("nghiêng", 240, 114), ("hạn", 285, 114),
    ]  # fmt: skip
    lines = with_cut_headers(strips_of(pieces(words(texts))))
    assert [run.text for run in lines[1]] == ["nghiêng", "hạn"]


def test_the_last_letter_of_a_header_word_is_no_code() -> None:
    texts = [
        ("Kế", 250, 86), ("STT", 50, 100), ("Chỉ tiêu", 120, 100), ("hoạc", 250, 100), ("Số liệu", 310, 100),
        ("h", 250, 114),
        ("Số văn bản", 120, 136), ("1", 55, 150), ("ban hành", 120, 150), ("12", 255, 150), ("15", 320, 150),
    ]  # fmt: skip
    tables, _ = find_aligned(pieces(words(texts)), (), plain, None)
    assert [cell_text(c.words).replace("\n", " ") for c in tables[0].header][2] == "Kế hoạch"
    assert [line.text for line in tables[0].rows[0][0]] == ["1"]


def test_a_cell_at_the_foot_is_under_the_group_that_is_in_the_middle_with_it() -> None:
    low = [("Lãnh đạo", 307, 353, 219), ("Không", 364, 396, 181), ("giữ chức", 357, 402, 200), ("vụ", 373, 386, 219)]
    lines = [
        ("STT", 95, 115, 219), ("Cơ quan, đơn vị", 151, 230, 219), ("Tổng số", 260, 300, 219),
        ("Số người có mặt", 339, 420, 141), ("Công chức", 329, 381, 161), ("Viên chức", 430, 479, 161), *low,
        *[(text, x0 + 100, x1 + 100, base) for text, x0, x1, base in low],
        ("Hợp", 518, 540, 181), ("đồng lao", 509, 550, 200), ("động", 517, 542, 219),
    ]  # fmt: skip
    runs = [
        Run(x0, x1, base, 11, (Word(text, x0, base - 9, x1, base + 2, base, 11),), text)
        for text, x0, x1, base in lines
    ]  # fmt: skip
    group = next(node for node in tree_of(runs, 12.65) if node.text == "Số người có mặt")
    assert [child.text for child in group.children] == ["Tổng số", "Công chức", "Viên chức"]


def test_a_wide_column_beside_a_group_does_not_move_its_middle() -> None:
    lines = [
        ("Số hồ sơ tiếp nhận", 381.8, 457.4, 138.6), ("Đã giải quyết", 524.1, 577.1, 138.6),
        ("Đang giải quyết", 628.5, 691.0, 138.6), ("STT", 194.0, 211.0, 159.3), ("Lĩnh vực", 270.8, 307.0, 159.3),
        ("Từ kỳ", 450.9, 475.6, 149.0), ("trước", 451.3, 475.3, 159.3), ("chuyển", 449.0, 477.6, 169.7),
        ("qua", 456.1, 470.6, 180.0), ("Trước", 493.5, 520.5, 159.3), ("hạn", 499.3, 514.7, 169.7),
        ("Đúng", 540.1, 561.1, 159.3), ("hạn", 542.9, 558.3, 169.7), ("Trong", 625.9, 649.9, 159.3),
        ("hạn", 630.2, 645.6, 169.7), ("Tổng số", 359.9, 392.2, 164.5), ("Trong kỳ", 401.8, 437.5, 164.5),
        ("Quá hạn", 577.2, 611.3, 164.5), ("Quá hạn", 664.5, 698.6, 164.5),
    ]  # fmt: skip
    runs = [
        Run(x0, x1, base, 9, (Word(text, x0, base - 7, x1, base + 2, base, 9),), text) for text, x0, x1, base in lines
    ]
    groups = {node.text: len(node.children) for node in tree_of(runs, 10.35) if node.children}
    assert groups == {"Số hồ sơ tiếp nhận": 3, "Đã giải quyết": 3, "Đang giải quyết": 2}


def body(first: int, last: int, top: float) -> list[Text]:
    out: list[Text] = []
    for i in range(first, last + 1):
        y = top + 20 * (i - first)
        out += [(f"{i}", 55, y), ("Số văn bản", 100, y), ("Văn bản", 250, y), (str(i + 5), 345, y)]
    return out


TWO_ROWS: list[Text] = [
    ("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Kết quả thống kê", 260, 100), ("Ghi chú", 420, 100),
    ("Đơn vị tính", 240, 118), ("Số liệu", 330, 118),
]  # fmt: skip


def test_the_first_row_of_a_header_may_be_repeated_alone() -> None:
    tables, _ = find_aligned(pieces(words([*TWO_ROWS, *body(1, 3, 138)])), (), plain, None)
    again = [*TWO_ROWS[:4], *body(4, 6, 120)]
    on_next, rest = find_aligned(pieces(words(again)), (), plain, tables[0].columns)
    assert not rest
    assert on_next[0].columns.roles == tables[0].columns.roles
    assert [[line.text for line in row[3]] for row in on_next[0].rows] == [["9"], ["10"], ["11"]]


def test_the_first_row_of_a_header_under_another_caption_may_be_all_that_the_page_has_room_for() -> None:
    tables, _ = find_aligned(pieces(words([*TWO_ROWS, *body(1, 3, 138)])), (), plain, None)
    foot: list[Text] = [("PHỤ LỤC VIII", 200, 60), *[text for text in TWO_ROWS if text[2] == TWO_ROWS[0][2]]]
    (alone,), _ = find_aligned(pieces(words(foot)), (), plain, tables[0].columns)
    assert alone.columns.roles == tables[0].columns.roles and not alone.rows


@pytest.mark.parametrize("is_headed", [True, False])
def test_a_name_alone_under_a_repeated_header_is_the_rest_of_the_last_row(is_headed: bool) -> None:
    texts = [*TWO_ROWS, *body(1, 3, 138), ("4", 55, 198), ("Văn bản", 250, 198), ("9", 345, 198)]
    tables, _ = find_aligned(pieces(words(texts)), (), plain, None)
    again: list[Text] = [*(TWO_ROWS if is_headed else []), ("Số văn bản", 100, 138), ("cần xử lý", 100, 152)]
    on_next, rest = find_aligned(pieces(words(again)), (), plain, tables[0].columns)
    assert not rest
    assert [[line.text for line in row[1]] for row in on_next[0].rows] == [["Số văn bản", "cần xử lý"]]


def test_a_caption_that_a_page_repeats_belongs_to_the_table_that_goes_on() -> None:
    caption: Text = ("PHỤ LỤC VII", 200, 60)
    tables, _ = find_aligned(pieces(words([caption, *TWO_ROWS, *body(1, 3, 138)])), (), plain, None)
    again = [caption, *body(4, 6, 90)]
    on_next, rest = find_aligned(pieces(words(again)), (), plain, tables[0].columns)
    assert not rest
    assert [len(row) for row in on_next[0].rows] == [5, 5, 5]
    another = [("PHỤ LỤC VIII", 200, 60), *body(4, 6, 90)]
    assert find_aligned(pieces(words(another)), (), plain, tables[0].columns)[0] == []


def test_a_column_number_stands_in_the_column_it_counts() -> None:
    texts: list[Text] = [
        ("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Số liệu", 240, 100), ("Ghi chú", 400, 100),
        ("A", 50, 118), ("B", 110, 118), ("1", 240, 118), ("2", 330, 118),
    ]  # fmt: skip
    for i in range(3):
        texts += [(str(i + 1), 50, 140 + 20 * i), ("Số văn bản", 110, 140 + 20 * i), (str(i + 5), 240, 140 + 20 * i)]
    tables, _ = find_aligned(pieces(words(texts)), (), plain, None)
    assert [[line.text for line in cell] for cell in tables[0].rows[0]] == [["A"], ["B"], ["1"], ["2"]]


THREE_LEVELS: list[Text] = [
    ("STT", 50, 100), ("Cơ quan", 80, 100), ("Số người có mặt", 140, 100), ("Hợp đồng", 440, 100),
    ("Tổng số", 140, 120), ("Công chức", 200, 120), ("Viên chức", 315, 120),
    ("Lãnh đạo", 200, 140), ("Nhân viên", 255, 140), ("Lãnh đạo", 315, 140), ("Nhân viên", 370, 140),
]  # fmt: skip
CENTRED: list[Text] = [
    ("STT", 50, 100), ("Cơ quan", 80, 100), ("Số người có mặt", 240, 100), ("Hợp đồng", 460, 100),
    ("Tổng số", 140, 120), ("Công chức", 235, 120), ("Viên chức", 360, 120),
    ("Lãnh đạo", 205, 140), ("Nhân viên", 267, 140), ("Lãnh đạo", 330, 140), ("Nhân viên", 392, 140),
]  # fmt: skip


@pytest.mark.parametrize("texts", [THREE_LEVELS, CENTRED])
def test_groups_over_groups_reach_over_all_their_columns(texts: list[Text]) -> None:
    strips = strips_of(pieces(words(texts)))
    bold = Style(is_bold=True, is_italic=False)
    found = find_header_cells(strips, 0, lambda _: bold)
    assert found is not None
    cells = {(c.row, c.col, c.col_span): cell_text(c.words) for c in found.cells}
    assert {place: text for place, text in cells.items() if place[2] > 1} == {
        (0, 2, 5): "Số người có mặt", (1, 3, 2): "Công chức", (1, 5, 2): "Viên chức",
    }  # fmt: skip
    assert [text for (row, *_), text in sorted(cells.items()) if row == 2] == ["Lãnh đạo", "Nhân viên"] * 2


@pytest.mark.parametrize("code", ["II.", "3.1.", "12"])
def test_a_heading_behind_its_code_is_no_header(code: str) -> None:
    items = pieces(words([(code, 60, 100), ("SỐ LIỆU CHUNG", 100, 100), ("Trong năm có 12 văn bản", 60, 114)]))
    assert not may_be_headed(items)
    assert may_be_headed(pieces(words([("STT", 60, 100), ("Số liệu", 100, 100)])))


@given(st.lists(st.tuples(st.sampled_from(["Số", "Chỉ", "tiêu", "việc"]), st.integers(0, 60), st.integers(0, 3))))
def test_lines_that_are_passed_over_hold_no_header(drawn: list[tuple[str, int, int]]) -> None:
    words = [Word(text, 8.0 * x, 14 * y, 8.0 * x + 6, 14 * y + 11, 14 * y + 9, 10) for text, x, y in drawn]
    items = pieces_of(PageWords.of(words))
    assert may_be_headed(items) == any(map(may_be_header, strips_of(items)))
