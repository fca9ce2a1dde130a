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
