"""What one page of a table without rules tells the next: lines of the last row, and how far its gutters hold."""

from __future__ import annotations

import pytest

from extract.page import pieces
from extract.tables.aligned import find_aligned
from tests.extract.test_aligned_header import Text, plain, words

HEADER: list[Text] = [("STT", 50, 100), ("Chỉ tiêu", 110, 100), ("Đơn vị", 250, 100), ("Số liệu", 330, 100)]


def row(code: str, first: str, second: str, top: float, step: float) -> list[Text]:
    lines = [(code, 55.0, top), (first, 100.0, top), ("Văn bản", 245.0, top), ("12", 345.0, top)]
    return [*lines, (second, 100.0, top + step)]


def names(texts: list[Text]) -> tuple[list[list[str]], list[str]]:
    tables, rest = find_aligned(pieces(words(texts)), (), plain, None)
    return [[line.text for line in cells[1]] for cells in tables[0].rows], [line.text for line in rest]


@pytest.mark.parametrize("step", [14.0, 18.8, 21.0])
def test_the_last_name_of_a_page_has_its_second_line(step: float) -> None:
    texts = list(HEADER)
    for n in range(4):
        texts += row(f"{n + 1}.", "Số văn bản", "đã ban hành", 125 + n * 2.5 * step, step)
    assert names(texts) == ([["Số văn bản", "đã ban hành"]] * 4, [])


def test_prose_farther_below_is_no_part_of_the_table() -> None:
    texts = list(HEADER)
    for n in range(4):
        texts += row(f"{n + 1}.", "Số văn bản", "đã ban hành", 125 + n * 40, 14)
    below: Text = ("nêu trên", 100, 125 + 3 * 40 + 14 + 20)
    assert names([*texts, below]) == ([["Số văn bản", "đã ban hành"]] * 4, ["nêu trên"])


def test_another_table_under_the_same_header_has_gutters_of_its_own() -> None:
    """Answers that reach farther right than the units of the page before (`Đang làm = 1`, line by line)."""
    header: list[Text] = [*HEADER[:3], ("Số liệu", 340, 100)]
    texts: list[Text] = list(header)
    for n in range(4):
        top = 125.0 + 20 * n
        texts += [(f"{n + 1}.", 55, top), ("Số văn bản", 100, top), ("Triệu đồng", 267, top), ("1.234.567", 331, top)]
    first, _ = find_aligned(pieces(words(texts)), (), plain, None)
    texts = [("PHỤ LỤC VIII", 200, 60), *header]
    for n in range(4):
        top = 125.0 + 80 * n
        texts += [(f"{n + 1}.", 55, top), ("Số văn bản", 100, top), ("Chưa = 0", 267, top), ("1", 350, top)]
        texts += [("Đang làm = 1", 273.6, top + 14 * k) for k in range(1, 4)]
    tables, rest = find_aligned(pieces(words(texts)), (), plain, first[0].columns)
    assert [[line.text for line in cells[3]] for cells in tables[0].rows] == [["1"]] * 4
    assert [line.text for line in rest] == ["PHỤ LỤC VIII"]


def test_the_rest_of_a_row_above_the_only_row_of_a_page_is_none_of_it() -> None:
    """Codes and figures stood in the middle of their rows on the page before; one row alone does not show it."""
    texts: list[Text] = [*HEADER, ("Ghi chú", 400, 100)]
    for n in range(3):
        top = 125.0 + 32 * n
        texts += [("Số văn bản", 100, top), ("đã ban hành", 100, top + 14), ("01 phòng", 400, top + 7)]
        texts += [(f"{n + 1}.", 55, top + 7), ("Văn bản", 245, top + 7), ("12", 345, top + 7)]
    first, _ = find_aligned(pieces(words(texts)), (), plain, None)
    under: list[Text] = [("12", 400, 70), ("(Kể cả hồ sơ", 100, 77), ("- Xã: 8", 400, 84)]
    under += [("của xã và huyện)", 100, 91), ("4.", 55, 106), ("Số việc xong", 100, 106), ("Việc", 245, 106)]
    under += [("7", 345, 106)]
    tables, rest = find_aligned(pieces(words(under)), (), plain, first[0].columns)
    assert [[" ".join(line.text for line in cells) for cells in row] for row in tables[0].rows] == [
        ["", "(Kể cả hồ sơ của xã và huyện)", "", "", "12 - Xã: 8"], ["4.", "Số việc xong", "Việc", "7", ""],
    ]  # fmt: skip
    assert rest == []


def test_the_dot_of_a_code_alone_under_a_repeated_header_is_of_the_row_before() -> None:
    texts = list(HEADER)
    for n in range(4):
        texts += row(f"3.{n + 1}", "Số văn bản", "đã ban hành", 125 + n * 40, 14)
    first, _ = find_aligned(pieces(words(texts)), (), plain, None)
    list_in_words: Text = ("Danh sách hội nghị", 40, 160)
    tables, rest = find_aligned(pieces(words([*HEADER, (".", 62, 120), list_in_words])), (), plain, first[0].columns)
    assert [[[line.text for line in cells] for cells in row] for row in tables[0].rows] == [[["."], [], [], []]]
    assert [line.text for line in rest] == ["Danh sách hội nghị"]


def test_names_too_far_apart_for_one_cell_are_two_rows() -> None:
    """A row without a code above one whose unit has four lines, all set close."""
    texts: list[Text] = [*HEADER]
    texts += [("7.", 55, 130), ("Khảo sát", 100, 130), ("Có = 1;", 245, 123), ("Không = 0", 245, 137)]
    texts += [("7.1.", 55, 158), ("Số phiếu", 100, 158), ("Số lượng", 245, 158), ("Chưa có", 345, 151)]
    texts += [("số liệu", 345, 164.8), ("Trong đó: qua bưu chính", 100, 179), ("Số lượng", 245, 179), ("259", 345, 179)]
    texts += [("7.2.", 55, 214), ("Hình thức khảo sát", 100, 214), ("+ Cấp xã", 100, 269.4), ("340", 345, 269.4)]
    units = ("Trực tuyến =", "0 Phát phiếu", "= 1 Kết hợp", "= 2")
    texts += [(text, 245, top + 13.8 * n) for top in (193.3, 248.7) for n, text in enumerate(units)]
    first = ["Khảo sát", "Số phiếu", "Trong đó: qua bưu chính"]
    assert names(texts) == ([*([name] for name in first), ["Hình thức khảo sát"], ["+ Cấp xã"]], [])
