"""The last row of a page goes on with the lines below it, as far apart as the table sets the lines of a cell."""

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
