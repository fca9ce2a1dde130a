"""Headers without rules that a page break cut: their last lines stand on top of the next page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extract.model import BBox, Cell, Grid, Paragraph
from extract.page import Style, cell_text, pieces
from extract.tables.aligned import AlignedTable, find_aligned
from extract.tables.whole_header import Laid, with_whole_headers
from tests.extract.test_aligned_header import Text, words

ROWS: list[Text] = [("Số hồ sơ đã giải", 100, 125), ("1.1", 50, 132), ("Hồ sơ", 230, 132), ("12", 310, 132)]
ROWS += [("15", 370, 132), ("quyết xong", 100, 139), ("2", 55, 160), ("Số văn bản", 100, 160), ("Văn bản", 230, 160)]
ROWS += [("7", 313, 160), ("9", 373, 160)]


def over_break(foot: list[Text], top: list[Text], bold: str = "") -> tuple[list[AlignedTable], list[str]]:
    """The tables of the second page, and its other lines. `bold` are words."""
    before, _ = find_aligned(pieces(words(foot)), (), in_bold(foot, bold), None)
    tables, rest = find_aligned(pieces(words(top)), (), in_bold(top, bold), before[-1].columns)
    return tables, [line.text for line in rest]


def in_bold(texts: list[Text], bold: str) -> Callable[[int], Style]:
    starts = {word.start for word in words(texts) if word.text in bold.split()}
    return lambda start: Style(is_bold=start in starts, is_italic=False)


def rows(table: AlignedTable) -> list[list[str]]:
    return [[" ".join(line.text for line in column) for column in row] for row in table.rows]


READ = [["1.1", "Số hồ sơ đã giải quyết xong", "Hồ sơ", "12", "15"], ["2", "Số văn bản", "Văn bản", "7", "9"]]
FLAT: list[Text] = [("STT", 50, 700), ("Nội dung", 120, 700), ("ĐVT", 240, 700), ("Kết", 307, 700), ("Cùng", 364, 700)]
GROUP: list[Text] = [("STT", 50, 700), ("Chỉ tiêu", 120, 700), ("Kết quả thống kê", 250, 700), ("Kỳ trước", 352, 700)]


@pytest.mark.parametrize(
    ("foot", "top", "header"),
    [
        (FLAT, [("quả", 307, 100), ("kỳ năm", 358, 100)], ["STT", "Nội dung", "ĐVT", "Kết quả", "Cùng kỳ năm"]),
        (
            GROUP,
            [("(quý, năm)", 114, 100), ("Đơn vị tính", 220, 100), ("Số liệu", 295, 100)],
            ["STT", "Chỉ tiêu (quý, năm)", "Kết quả thống kê", "Kỳ trước", "Đơn vị tính", "Số liệu"],
        ),
    ],
)
def test_a_header_that_the_page_break_cut_is_whole(foot: list[Text], top: list[Text], header: list[str]) -> None:
    tables, rest = over_break(foot, [*top, *ROWS])
    assert [cell_text(cell.words).replace("\n", " ") for cell in tables[0].header] == header
    assert (rows(tables[0]), rest) == (READ, [])


def test_a_header_in_bold_whose_rest_begins_in_plain_brackets_is_whole() -> None:
    bold = "STT Chỉ tiêu Kết quả thống kê Kỳ trước Đơn vị tính Số liệu"
    top: list[Text] = [("(báo cáo 6", 114, 100), ("Đơn vị tính", 220, 107), ("Số liệu", 295, 107), ("tháng)", 126, 114)]
    tables, rest = over_break(GROUP, [*top, *ROWS], bold)
    assert [cell_text(cell.words).replace("\n", " ") for cell in tables[0].header][1] == "Chỉ tiêu (báo cáo 6 tháng)"
    assert (rows(tables[0]), rest) == (READ, [])
    half = [*top[:1], ("Đơn vị tính", 220, 100), *ROWS]  # no figure column is named, and a bracket is open
    assert over_break(GROUP, half, bold)[0] == []


def test_lines_in_bold_go_on_with_a_header_in_bold() -> None:
    """Three columns under a group, each with lines of its own height."""
    foot: list[Text] = [("STT", 50, 100), ("Nội dung", 120, 100), ("ĐVT", 235, 100), ("Kết quả", 327, 100)]
    bold = "STT Nội dung ĐVT Kết quả Thực hiện trong kỳ Cùng trước"
    top: list[Text] = [("Thực", 303, 93), ("Cùng", 363, 100), ("hiện", 303, 107), ("kỳ", 369, 114), ("trong", 300, 121)]
    tables, rest = over_break(foot, [*top, ("trước", 360, 128), ("kỳ", 309, 135)], bold)
    assert (tables, len(rest)) == ([], 7)  # no rows: it may be anything
    below: list[Text] = [(text, x0, y + 30) for text, x0, y in ROWS]
    tables, rest = over_break(foot, [*top, ("trước", 360, 128), ("kỳ", 309, 135), *below], bold)
    assert [cell_text(cell.words).replace("\n", " ") for cell in tables[0].header][4:] == [
        "Thực hiện trong kỳ", "Cùng kỳ trước",
    ]  # fmt: skip
    assert (rows(tables[0]), rest) == (READ, [])
    name: list[Text] = [("Thực hiện", 100, 93), ("Cùng kỳ", 100, 107), *ROWS]  # in the column of names: of a row
    assert over_break(FLAT, name, bold)[0][0].header == ()


def test_the_rest_of_a_row_above_a_header_in_bold_is_none_of_it() -> None:
    texts: list[Text] = [("STT", 50, 80), ("Nội dung", 120, 80), ("Đơn vị", 225, 80), ("Số liệu", 302, 80)]
    texts += [("Số hồ sơ của", 100, 100), ("Cơ quan", 225, 100), ("1.3", 50, 107), ("4", 310, 107)]
    texts += [("huyện", 100, 114), ("đơn vị", 228, 114), ("Số", 54, 142), ("thứ", 52, 156), ("tự", 54, 170)]
    texts += [("Nội dung", 120, 156), ("Đơn vị", 225, 156), ("Số liệu", 302, 156)]
    texts += [("(1)", 52, 184), ("(2)", 135, 184), ("(3)", 235, 184), ("(4)", 315, 184)]
    texts += [("1.4", 50, 200), ("Số văn bản", 100, 200), ("Văn bản", 225, 200), ("7", 310, 200)]
    look = in_bold(texts, "STT Nội dung Đơn vị Số liệu thứ tự")
    tables, _ = find_aligned(pieces(words(texts)), (), look, None)
    assert [rows(table) for table in tables] == [
        [["1.3", "Số hồ sơ của huyện", "Cơ quan đơn vị", "4"]],
        [["(1)", "(2)", "(3)", "(4)"], ["1.4", "Số văn bản", "Văn bản", "7"]],
    ]


@pytest.mark.parametrize("name", ["Số hồ sơ đã giải", "và hồ sơ đã giải"])
def test_the_first_row_below_a_whole_header_is_none_of_it(name: str) -> None:
    whole: list[Text] = [(text if text != "Kết" else "Số liệu", x0, y) for text, x0, y in FLAT]
    tables, rest = over_break(whole, [(name, 100, 100), *((text, x0, y - 25) for text, x0, y in ROWS[1:])])
    assert (rows(tables[0]), rest) == ([["1.1", f"{name} quyết xong", *READ[0][2:]], READ[1]], [])


def test_the_part_at_the_foot_of_the_page_is_left_out() -> None:
    def grid(texts: list[list[str]], page: int) -> Grid:
        box = BBox(0, 0, 9, 9)
        cells = (Cell(r, c, text, page=page, bbox=box) for r, row in enumerate(texts) for c, text in enumerate(row))
        return Grid(tuple(cells), len(texts), len(texts[0]), "pdf-text", page)

    begun = grid([["STT", "Nội dung", "ĐVT", "Kết"]], 4)
    whole = grid([["STT", "Nội dung", "ĐVT", "Kết\nquả"], ["1", "Số văn bản", "Văn bản", "12"]], 5)
    number = Paragraph("5", page=5)
    assert list(with_whole_headers([begun, number, whole])) == [number, Laid.of(whole)]
    caption = Paragraph("Phụ lục 5", page=5)
    assert list(with_whole_headers([begun, caption, whole])) == [Laid.of(begun), caption, Laid.of(whole)]
    again = grid([["STT", "Nội dung", "ĐVT", "Kết"], ["1", "Số văn bản", "Văn bản", "12"]], 5)
    assert len(list(with_whole_headers([begun, again]))) == 2  # printed again, as it was


def test_a_bracket_that_ends_with_a_figure_on_the_next_page_is_header() -> None:
    def grid(texts: list[list[str]], xs: list[float], page: int) -> Grid:
        cells = [
            Cell(r, c, text, page=page, bbox=BBox(xs[c], 0, xs[c + 1], 9))
            for r, row in enumerate(texts)
            for c, text in enumerate(row)
        ]
        return Grid(tuple(cells), len(texts), len(texts[0]), "pdf-lines", page)

    begun = grid([["STT", "Chỉ tiêu (kỳ hàng quý,", "Kết quả thống kê", "Ghi"]], [0, 40, 200, 300, 350], 3)
    below = [["", "6 tháng, năm)", "Đơn vị tính", "Số liệu", "chú"], ["1", "Số văn bản", "Văn bản", "12", ""]]
    (whole,) = with_whole_headers([begun, grid(below, [0, 40, 200, 250, 300, 350], 4)])
    assert isinstance(whole, Laid) and whole.header is not None
    assert [column.header[-1] for column in whole.header.columns] == [
        "STT", "Chỉ tiêu (kỳ hàng quý, 6 tháng, năm)", "Đơn vị tính", "Số liệu", "Ghi chú",
    ]  # fmt: skip
    row = grid([["1) Số", "a) Số văn bản", "Văn bản", "12", ""]], [0, 40, 200, 250, 300, 350], 4)
    closed = grid([["STT", "Chỉ tiêu", "Kết quả", "Ghi chú"]], [0, 40, 200, 300, 350], 3)
    assert list(with_whole_headers([closed, row])) == [Laid.of(closed), Laid.of(row)]


def test_a_repeated_header_begins_with_its_first_line() -> None:
    """The middle of its height is another where its last line is cut off."""
    first: list[Text] = [("STT", 50, 114), ("Chỉ tiêu", 120, 100), ("thống kê", 120, 114), ("năm", 120, 128)]
    first += [("ĐVT", 240, 114), ("Số liệu", 300, 114), *((text, x0, y + 40) for text, x0, y in ROWS if x0 < 350)]
    before, _ = find_aligned(pieces(words(first)), (), in_bold(first, ""), None)
    again: list[Text] = [("của Sở Y tế)", 200, 88), ("STT", 50, 107), ("Chỉ tiêu", 120, 107), ("thống kê", 120, 121)]
    again += [("ĐVT", 240, 107), ("Số liệu", 300, 107), *((text, x0, y + 40) for text, x0, y in ROWS if x0 < 350)]
    tables, rest = find_aligned(pieces(words(again)), (), in_bold(again, ""), before[0].columns)
    assert (rest[0].text, tables[0].top) == ("của Sở Y tế)", 97)
