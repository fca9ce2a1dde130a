"""Lines of a table without rules → rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.page import Word
from extract.tables.rows import ColumnLine, is_code_text, split_rows

SIZE, STEP = 12.0, 14.0


def line(text: str, base: float, x0: float) -> ColumnLine:
    x1 = x0 + 6 * len(text)
    word = Word(text.split()[0], x0, base - 11, x0 + 6 * len(text.split()[0]), base + 3, base, SIZE)
    return ColumnLine(base, x0, x1, SIZE, (word,), text)


def block(texts: list[str], x0: float, top: float, room: int, place: str) -> list[ColumnLine]:
    """Lines of a cell in a row of `room` lines that begins at `top`."""
    free = (room - len(texts)) * STEP
    shift = {"top": 0.0, "middle": free / 2, "bottom": free}[place]
    return [line(t, top + shift + i * STEP, x0) for i, t in enumerate(texts)]


def laid_out(rows: list[list[list[str]]], places: list[str], pad: float) -> list[list[ColumnLine]]:
    columns: list[list[ColumnLine]] = [[] for _ in places]
    top = 100.0
    for row in rows:
        room = max(len(cell) for cell in row)
        for c, cell in enumerate(row):
            columns[c] += block(cell, 50.0 + 150 * c, top, room, places[c])
        top += room * STEP + pad
    return columns


def read(rows: list[list[list[str]]], places: list[str], pad: float) -> list[list[list[str]]]:
    found = split_rows(laid_out(rows, places, pad), 0, 1, [2])
    return [[[p.text for p in cell] for cell in row] for row in found]


TABLE = [
    [["1"], ["Số văn bản đã ban", "hành trong kỳ này"], ["12"], ["Kế hoạch"]],
    [["1.1"], ["Số hồ sơ"], ["3"], ["Số liệu lấy", "từ phần mềm", "của tỉnh"]],
    [["1.2"], ["Tỷ lệ hồ sơ đã giải", "quyết đúng hạn trên", "tổng số hồ sơ"], [""], []],
    [["2"], ["Số buổi họp"], ["0"], []],
]
TABLE = [[[t for t in cell if t] for cell in row] for row in TABLE]


@pytest.mark.parametrize("pad", [0.0, 3.0, 12.0])
@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
def test_rows_are_found_wherever_cells_stand_in_them(place: str, pad: float) -> None:
    assert read(TABLE, [place] * 4, pad) == TABLE


@pytest.mark.parametrize("pad", [3.0, 12.0])
def test_columns_may_stand_differently(pad: float) -> None:
    assert read(TABLE, ["middle", "top", "middle", "top"], pad) == TABLE


def test_a_rule_ends_a_row_whatever_the_text_says() -> None:
    columns = laid_out(TABLE, ["top"] * 4, 0.0)
    bases = sorted({p.base for column in columns for p in column})
    found = split_rows(columns, 0, 1, [2], [bases[0] + 5])
    assert [p.text for p in found[0][1]] == ["Số văn bản đã ban"]


def test_where_rules_part_the_rows_one_row_may_be_set_unlike_the_others() -> None:
    long = [f"dòng {n} của ghi chú" for n in range(10)]
    rows = [
        [[], ["có phát sinh hồ sơ)"], [], [], [], [], []],  # the rest of a row of the page before
        [["2"], ["Tổng số hồ sơ", "đã tiếp nhận", "trong kỳ"], ["Hồ sơ"], ["883"], ["1029"], ["883"], long],
        *(
            [[str(n)], ["Số buổi họp", "trong kỳ và", "của kỳ trước"], ["Cuộc"], ["5"], ["6"], ["7"], []]
            for n in range(3, 9)
        ),
    ]
    columns: list[list[ColumnLine]] = [[] for _ in rows[0]]
    top, rules = 100.0, []
    for row in rows:
        room = max(map(len, row))
        for c, cell in enumerate(row):
            is_high = row[0] == ["2"] and 2 <= c <= 5  # unit and figures stand at the top of this row alone
            columns[c] += block(cell, 50.0 + 150 * c, top, room, "top" if is_high else "middle")
        top += room * STEP + 1
        rules.append(top - SIZE)
    found = split_rows(columns, 0, 1, [3, 4, 5], rules, opens_row=False)
    assert [[[p.text for p in cell] for cell in row] for row in found] == rows


names = st.lists(st.sampled_from(["Số", "Tỷ lệ", "Tổng số"]), min_size=2, max_size=8)
heights = st.lists(st.integers(1, 4), min_size=8, max_size=8)


@given(names, heights, st.sampled_from(["top", "middle", "bottom"]), st.sampled_from([4.0, 9.0]))
def test_no_line_is_lost_and_every_code_opens_one_row(
    starts: list[str], lengths: list[int], place: str, pad: float
) -> None:
    rows = [
        [[str(i + 1)], [f"{name} hồ sơ của kỳ này", *["và các phần khác của"] * (lengths[i] - 1)], [str(i)]]
        for i, name in enumerate(starts)
    ]
    assert read(rows, [place] * 3, pad) == rows


def test_column_numbers_over_the_rest_of_a_broken_row_are_a_row_of_their_own() -> None:
    columns = [
        [line("1", 100, 50), line("3.4.1", 166, 50)],
        [line("2", 100, 200), line("Tổng số phản ánh (trực", 152, 200), line("tiếp hoặc qua mạng)", 180, 200)],
        [line("3", 100, 350), line("03", 166, 350)],
        [line("4", 100, 500), line("dịch vụ bưu", 113, 500), line("chính công", 127, 500), line("ích", 140, 500)],
    ]
    rows = split_rows(columns, 0, 1, [2], opens_row=False)
    assert [[[p.text for p in cell] for cell in row] for row in rows] == [
        [["1"], ["2"], ["3"], ["4"]],
        [[], [], [], ["dịch vụ bưu", "chính công", "ích"]],
        [["3.4.1"], ["Tổng số phản ánh (trực", "tiếp hoặc qua mạng)"], ["03"], []],
    ]


def test_two_lines_of_a_column_are_two_however_near() -> None:
    """With one and a half lines of space the first line of a cell stands nearer to the row above than to its second."""
    codes = [line("11", 471.2, 50), line("12", 495.3, 50), line("13", 526.9, 50)]
    texts = [("Văn hóa, thể thao", 471.2), ("Tài nguyên nước,", 485.0), ("khoáng sản", 505.7), ("Nông nghiệp", 526.9)]
    figures = [line("1.591", 471.2, 300), line("2.478", 495.3, 300), line("345", 526.9, 300)]
    found = split_rows([codes, [line(text, base, 100) for text, base in texts], figures], 0, 1, [2])
    assert [[p.text for p in row[1]] for row in found] == [
        ["Văn hóa, thể thao"], ["Tài nguyên nước,", "khoáng sản"], ["Nông nghiệp"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["4", "4.", "4.1)", "IV.", "a)", "-", "4..", "4..."])
def test_specks_behind_a_code_are_dots_of_it(text: str) -> None:
    assert is_code_text(text)
    assert not is_code_text(f"{text} hồ sơ") and not is_code_text("....")
