"""Tables without rules as spreadsheets print them: figures against the right edge, words against the left one."""

from __future__ import annotations

import pytest

from extract.page import pieces
from extract.tables.aligned import AlignedTable, find_aligned
from extract.tables.aligned_edges import with_cut_headers
from extract.tables.aligned_lines import strips_of
from tests.extract.test_aligned_header import Text, plain, words

NOTE = 300.0  # where notes begin; figures end two points left of it
LEFT: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("Số liệu", 200, 100), ("Ghi chú", NOTE, 100)]
MIDDLE: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Số liệu", 230, 100), ("Ghi chú", 330, 100)]


def right(text: str, y: float) -> Text:
    return (text, NOTE - 2 - 6.0 * len(text), y)


def sheet(header: list[Text], figures: list[str], notes: list[str]) -> list[Text]:
    out = list(header)
    for i, (figure, note) in enumerate(zip(figures, notes, strict=True)):
        y = 130.0 + 22 * i
        out += [(str(i + 1), 50, y), ("Số văn bản" if i % 2 else "Số hồ sơ", 90, y)]
        out += [right(figure, y)] if figure.isdigit() else [(figure, 200, y)]
        out += [(note, NOTE, y)] if note else []
    return out


def found(table: AlignedTable, column: int) -> list[str]:
    return [" ".join(line.text for line in row[column]) for row in table.rows]


FIGURES = ["25", "Chưa có", "1250", "7", "31"]
NOTES = ["mềm", "Có 11 thủ tục", "01 phòng", "", "cơ quan"]


@pytest.mark.parametrize("header", [LEFT, MIDDLE])
def test_a_figure_that_touches_its_note_is_a_figure(header: list[Text]) -> None:
    tables, rest = find_aligned(pieces(words(sheet(header, FIGURES, NOTES))), (), plain, None)
    assert not rest
    assert found(tables[0], 2) == FIGURES
    assert found(tables[0], 3) == NOTES


def test_a_page_without_notes_knows_where_they_began_on_the_page_before() -> None:
    first, _ = find_aligned(pieces(words(sheet(MIDDLE, FIGURES, NOTES))), (), plain, None)
    on_next = sheet(MIDDLE, ["Chưa có", "93"], ["", "mềm"])
    tables, _ = find_aligned(pieces(words(on_next)), (), plain, first[0].columns)
    assert (found(tables[0], 2), found(tables[0], 3)) == (["Chưa có", "93"], ["", "mềm"])


def test_a_name_that_fills_its_column_ends_where_the_next_begins() -> None:
    rows = sheet(LEFT, ["Cuộc", "Văn bản", "Cuộc"], ["", "", ""])
    long = "Số cuộc đã họp xa"  # as wide as its column: the unit stands a usual space behind it
    y = 130 + 22 * 3
    rows += [("4", 50, y), (long, 197 - words([(long, 0, y)])[-1].x1, y), ("Cuộc", 200, y)]
    tables, _ = find_aligned(pieces(words(rows)), (), plain, None)
    assert found(tables[0], 2) == ["Cuộc", "Văn bản", "Cuộc", "Cuộc"]


def test_header_cells_that_touch_are_parted_where_the_lines_below_begin() -> None:
    header: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("Kỳ trước Kỳ này", 200, 100)]
    second = words(header)[-2].x0
    body: list[Text] = [(text, second, 130.0 + 20 * i) for i, text in enumerate(["5", "Chưa có", "731"])]
    cut = with_cut_headers(strips_of(pieces(words([*header, *body]))))
    assert [run.text for run in cut[0]] == ["STT", "Chỉ tiêu", "Kỳ trước", "Kỳ này"]
    same: list[Text] = [("Thủ tục", second, 130.0 + 20 * i) for i in range(3)]
    assert with_cut_headers(strips_of(pieces(words([*header, *same]))))[0] == cut[0]
    figures: list[Text] = [("25", second, 130.0 + 20 * i) for i in range(3)]  # may be set against a right edge
    assert len(with_cut_headers(strips_of(pieces(words([*header, *figures]))))[0]) == 3
    uncut = with_cut_headers(strips_of(pieces(words([*header, *body[:2]]))))
    assert [run.text for run in uncut[0]] == ["STT", "Chỉ tiêu", "Kỳ trước Kỳ này"]


def test_a_line_of_cells_that_reaches_over_a_gutter_is_a_row_and_doubtful() -> None:
    texts: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Đơn vị", 220, 100), ("Số liệu", 280, 100)]
    texts += [("Ghi chú", 360, 100)]
    for i in range(4):
        y = 130.0 + 20 * i
        texts += [(str(i + 1), 50, y), ("Số văn bản", 90, y), ("Cuộc", 225, y), (str(i + 5), 300, y)]
        texts += [("cơ quan", 360, y)]
    texts += [("5", 50, 210), ("Số văn bản", 90, 210), ("Cuộc", 225, 210), ("80", 297, 210)]
    texts += [("ngày-15/12/2023", 316, 210)]
    tables, rest = find_aligned(pieces(words(texts)), (), plain, None)
    assert not rest
    assert found(tables[0], 3)[-1] == "80"
    assert tables[0].squeezed == frozenset({4})
    assert tables[0].spanning == frozenset()


def test_lines_with_two_figures_in_one_column_put_every_row_in_doubt() -> None:
    texts: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("Kỳ trước", 220, 100), ("Kỳ này", 330, 100)]
    for i in range(4):
        y = 130.0 + 20 * i
        texts += [(str(i + 1), 50, y), ("Số văn bản", 90, y), (str(i + 5), 220, y), ("17" if i % 2 else "", 262, y)]
    tables, _ = find_aligned(pieces(words(texts)), (), plain, None)
    assert tables[0].squeezed == frozenset(range(4))


def test_words_of_a_row_below_a_code_are_no_header() -> None:
    header: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 90, 100), ("Đơn vị tính", 200, 100), ("Số liệu", 290, 100)]
    header += [("Ghi chú", 350, 100)]
    for n in range(1, 6):
        y = 110.0 + 20 * n
        header += [(f"{n}", 50, y), (f"Số hồ sơ {n}", 90, y), ("Hồ sơ", 200, y), (f"{n}3", 290, y), ("mềm", 350, y)]
    first, _ = find_aligned(pieces(words(header)), (), plain, None)
    page: list[Text] = [("6", 50, 130), ("Số thủ tục của", 90, 130), ("Cơ quan,", 200, 130), ("12", 290, 130)]
    page += [("Quyết định", 350, 130), ("huyện", 90, 142), ("đơn vị", 200, 142), ("số 12/QĐ-UBND", 350, 142)]
    page += [("7", 50, 170), ("Số hồ sơ", 90, 170), ("Hồ sơ", 200, 170), ("9", 290, 170)]
    page += [("8", 50, 190), ("Số văn bản", 90, 190), ("Văn bản", 200, 190), ("3", 290, 190)]
    tables, rest = find_aligned(pieces(words(page)), (), plain, first[0].columns)
    assert not rest
    assert (found(tables[0], 0), found(tables[0], 3)) == (["6", "7", "8"], ["12", "9", "3"])
    assert found(tables[0], 2) == ["Cơ quan, đơn vị", "Hồ sơ", "Văn bản"]


def test_cells_that_touch_in_one_line_are_cut_as_they_stand_apart_in_the_next() -> None:
    texts = [
        ("STT", 50, 107), ("Chỉ tiêu", 90, 107), ("Cùng kỳ Kết quả", 200, 100), ("năm qua", 200, 114),
        ("nay", 252.5, 114),
    ]  # fmt: skip
    cut = with_cut_headers(strips_of(pieces(words(texts))))
    assert [run.text for run in cut[0]] == ["Cùng kỳ", "Kết quả"]
    alone = with_cut_headers(strips_of(pieces(words([*texts[:3], ("của năm qua", 210, 114)]))))
    assert [run.text for run in alone[0]] == ["Cùng kỳ Kết quả"]


def test_words_of_names_that_stand_one_below_the_other_are_no_column() -> None:
    texts: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 160, 100), ("Kỳ này", 330, 100), ("Ghi chú", 400, 100)]
    for i, name in enumerate(("Số cấp tự lo từ 70% phí", "Số cấp tự lo từ 30% quỹ", "Số nhỏ tự lo từ 10% nguồn chi")):
        texts += [(f"{i + 1}", 55, 130.0 + 20 * i), (name, 130, 130.0 + 20 * i), (f"{i}5", 340, 130.0 + 20 * i)]
    texts += [("4", 55, 190), ("Số còn lại", 130, 190), ("9", 340, 190)]
    tables, rest = find_aligned(pieces(words(texts)), (), plain, None)
    assert (found(tables[0], 2), rest) == (["05", "15", "25", "9"], [])


def test_the_rest_of_a_name_alone_under_a_repeated_header_is_whole() -> None:
    header: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 160, 100), ("Đơn vị", 250, 100), ("Số liệu", 330, 100)]
    texts = list(header)
    for n in range(1, 5):
        texts += [(f"{n}", 55, 100.0 + 40 * n), ("Số văn bản đã", 100, 100.0 + 40 * n), ("Cuộc", 255, 100.0 + 40 * n)]
        texts += [(f"{n}3", 340, 100.0 + 40 * n), ("ban hành", 100, 114.0 + 40 * n)]
    first, _ = find_aligned(pieces(words(texts)), (), plain, None)
    under: list[Text] = [("Cổng DVCQG chính", 100, 120), ("Trang DVCQ thứ hai", 100, 134)]
    tables, rest = find_aligned(pieces(words([*header, *under])), (), plain, first[0].columns)
    assert (found(tables[0], 1), rest) == (["Cổng DVCQG chính Trang DVCQ thứ hai"], [])


def test_the_rest_of_a_name_may_begin_a_little_left_of_the_edge() -> None:
    header: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 100.4, 100), ("Đơn vị", 250, 100), ("Số liệu", 330, 100)]
    texts = list(header)
    for n in range(1, 5):
        y = 100.0 + 20 * n
        texts += [(f"{n}", 55, y), ("Tỷ lệ % so với năm", 100, y), (f"{n}3", 340, y)]
    first, _ = find_aligned(pieces(words(texts)), (), plain, None)
    tables, rest = find_aligned(pieces(words([("2015", 100, 70)])), (), plain, first[0].columns)
    assert (found(tables[0], 1), rest) == (["2015"], [])
