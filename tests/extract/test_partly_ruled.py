"""Tables of which rules draw only the head: the header, or the header and its first rows."""

from __future__ import annotations

import pytest

from extract.model import Grid
from extract.page import Edge, Glyph, PageContent, Style, Word
from extract.readers.pdf_page import Carried, read_page
from tests.extract.test_aligned_header import Text, words

XS = (48.0, 88.0, 230.0, 300.0, 360.0)
HEADER: list[Text] = [("STT", 52, 100), ("Chỉ tiêu", 92, 100), ("Đơn vị tính", 234, 100), ("Số liệu", 304, 100)]


def body(first: int, last: int) -> list[Text]:
    out: list[Text] = []
    for n in range(first, last + 1):
        y = 100.0 + 20 * n
        out += [(str(n), 52, y), (f"Số hồ sơ {n}", 92, y), ("Hồ sơ", 234, y), (f"{n}5", 304, y)]
    return out


def ruled(n_rows: int) -> list[Edge]:
    """Rules round the header and so many rows."""
    bottom = 106.0 + 20 * n_rows
    across = [Edge(True, 86.0 if not n else 86.0 + 20 * n, XS[0], XS[-1]) for n in range(n_rows + 2)]
    return across + [Edge(False, x, 86.0, bottom) for x in XS]


def grids(texts: list[Text], edges: list[Edge]) -> list[Grid]:
    def glyphs(start: int, count: int) -> list[Glyph]:
        return []

    found: list[Word] = words(texts)
    page = PageContent(1, 595, 842, found, edges, glyphs, lambda _: Style(is_bold=False, is_italic=False))
    placed, _ = read_page(page, Carried())
    return [item.block for item in placed if isinstance(item.block, Grid)]


def rows(grid: Grid) -> list[list[str]]:
    out: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda cell: (cell.row, cell.col)):
        out.setdefault(cell.row, []).append(cell.text)
    return list(out.values())


@pytest.mark.parametrize("n_rows", [0, 1, 2])
def test_rows_below_the_last_rule_are_rows_of_the_same_table(n_rows: int) -> None:
    found = grids([*HEADER, *body(1, 6)], ruled(n_rows))
    assert [rows(grid)[1:] for grid in found] == [[[f"{n}", f"Số hồ sơ {n}", "Hồ sơ", f"{n}5"] for n in range(1, 7)]]


def test_a_list_below_a_ruled_table_is_none_of_its_rows() -> None:
    listed: list[Text] = [("1", 52, 150), ("Sở Nội vụ", 92, 150), ("2", 52, 170), ("Sở Tài chính", 92, 170)]
    found = grids([*HEADER, *body(1, 1), *listed], ruled(1))
    assert [rows(grid)[1:] for grid in found] == [[["1", "Số hồ sơ 1", "Hồ sơ", "15"]]]


# As spreadsheets print it: what is lower than its row stands in the middle of its height.
TALL: list[Text] = [
    ("Cùng kỳ", 290, 144), ("STT", 55, 151.5), ("Chỉ tiêu", 87, 151.5), ("Đơn vị tính", 210, 151.5),
    ("Ghi chú", 360, 151.5), ("năm trước", 290, 159), ("Theo", 360, 176), ("định số", 360, 191),
    ("Tổng số văn bản", 87, 198.5), ("1", 55, 206), ("Văn bản", 210, 206), ("520", 290, 206), ("12", 360, 206),
    ("ban hành", 87, 213.5), ("ngày", 360, 221), ("03/02/2023", 360, 236),
    *[(text, x, 240.0 + 20 * n) for n in (1, 2, 3)
      for text, x in ((f"1.{n}", 55), ("Số văn bản", 87), ("Văn bản", 210), (f"{n}", 290))],
]  # fmt: skip


@pytest.mark.parametrize("edges", [[], [Edge(True, 165.0, 48.0, 420.0)]])
def test_lines_round_the_first_code_are_not_of_the_header(edges: list[Edge]) -> None:
    (grid,) = grids(TALL, edges)
    assert rows(grid)[0] == ["STT", "Chỉ tiêu", "Đơn vị tính", "Cùng kỳ\nnăm trước", "Ghi chú"]
    note = "Theo\nđịnh số\n12\nngày\n03/02/2023"
    assert rows(grid)[1] == ["1", "Tổng số văn bản\nban hành", "Văn bản", "520", note]


def test_a_rule_below_the_header_ends_it_whatever_stands_below() -> None:
    texts = [text for text in TALL if text[0] not in ("ban hành", "ngày", "03/02/2023")]
    (grid,) = grids(texts, [Edge(True, 165.0, 48.0, 420.0)])
    assert rows(grid)[0] == ["STT", "Chỉ tiêu", "Đơn vị tính", "Cùng kỳ\nnăm trước", "Ghi chú"]
    assert rows(grid)[1] == ["1", "Tổng số văn bản", "Văn bản", "520", "Theo\nđịnh số\n12"]


def test_a_rule_below_the_upper_row_of_a_header_does_not_end_it() -> None:
    header: list[Text] = [("STT", 55, 100), ("Chỉ tiêu", 87, 100), ("Kết quả thống kê", 250, 100)]
    header += [("Ghi chú", 400, 100)]
    header += [("(Sử dụng trong kỳ", 87, 114), ("Đơn vị tính", 250, 114), ("Số liệu", 330, 114), ("báo cáo)", 87, 128)]
    lines = [(text, x, 130.0 + 20 * n) for n in (1, 2, 3)
             for text, x in ((f"1.{n}", 55), ("Số văn bản", 87), ("Văn bản", 250), (f"{n}", 330))]  # fmt: skip
    (grid,) = grids([*header, *lines], [Edge(True, 104.0, 48.0, 460.0)])
    assert [row[:4] for row in rows(grid)[-3:]] == [[f"1.{n}", "Số văn bản", "Văn bản", f"{n}"] for n in (1, 2, 3)]
    assert grid.n_rows == 5
