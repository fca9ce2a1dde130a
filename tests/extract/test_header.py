"""Header rows and the roles of columns, by the words of the header."""

from __future__ import annotations

import pytest

from extract.model import Cell, Grid
from extract.tables.header import find_header, is_number_row, split_prefix_code


def grid(*rows: str, spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Grid:
    """Rows as `a | b | c`; `spans` maps (row, col) to (row span, column span); covered places are `^`, `<`."""
    cells, width = [], 0
    for r, row in enumerate(rows):
        texts = [text.strip() for text in row.split("|")]
        width = max(width, len(texts))
        for c, text in enumerate(texts):
            if text in ("^", "<"):
                continue
            row_span, col_span = (spans or {}).get((r, c), (1, 1))
            cells.append(Cell(r, c, text, row_span, col_span))
    return Grid(tuple(cells), len(rows), width, "text")


HEADERS = [
    (
        "flat",
        ["STT | Chỉ tiêu | Đơn vị tính | Số liệu | Ghi chú", "1 | Số hồ sơ | Hồ sơ | 5 |"],
        {},
        1,
        "stt name unit value note",
    ),
    (
        "short words",
        ["TT | Nội dung | ĐVT | Kết quả | Ghi chú", "1 | Số hồ sơ | Hồ sơ | 5 |"],
        {},
        1,
        "stt name unit value note",
    ),
    (
        "other order",
        ["MS | Tên chỉ tiêu | Thực hiện | Đơn vị | Ghi chú", "1 | Số hồ sơ | 5 | Hồ sơ |"],
        {},
        1,
        "stt name value unit note",
    ),
    ("no note", ["Số TT | Chỉ tiêu | ĐVT | Kỳ báo cáo", "1 | Số hồ sơ | Hồ sơ | 5"], {}, 1, "stt name unit value"),
    (
        "compared",
        ["STT | Chỉ tiêu | Đơn vị tính | Cùng kỳ năm trước | Kỳ báo cáo | Ghi chú", "1 | A b | Hồ sơ | 5 | 6 |"],
        {},
        1,
        "stt name unit value value note",
    ),
    (
        "two rows, spans",
        [
            "STT | Chỉ tiêu thống kê | Kết quả thống kê | < | Ghi chú",
            "^ | (Sử dụng trong kỳ) | Đơn vị tính | Số liệu | ^",
            "1. | Số hồ sơ | Hồ sơ | 5 |",
        ],
        {(0, 0): (2, 1), (0, 2): (1, 2), (0, 4): (2, 1)},
        2,
        "stt name unit value note",
    ),
    (
        "two rows, text",
        [
            "STT | Chỉ tiêu thống kê | Kết quả thống kê | | Ghi chú",
            " | (Sử dụng trong kỳ) | Đơn vị tính | Số liệu | ",
            "1. | Số hồ sơ | Hồ sơ | 5 |",
        ],
        {},
        2,
        "stt name unit value note",
    ),
    (
        "third row holds the note in brackets",
        [
            "STT | Chỉ tiêu thống kê | Kết quả thống kê | | Ghi chú",
            " | | Đơn vị tính | Số liệu | ",
            " | (Sử dụng trong kỳ) | | | ",
            "1. | Tỷ lệ | % | 0 |",
        ],
        {},
        3,
        "stt name unit value note",
    ),
    (
        "column numbers",
        ["STT | Chỉ tiêu | ĐVT | Số liệu | Ghi chú", "(1) | (2) | (3) | (4) | (5)", "1 | A b | Hồ sơ | 5 |"],
        {},
        2,
        "stt name unit value note",
    ),
    (
        "letters and formula",
        [
            "TT | Nội dung | ĐVT | Kế hoạch | Thực hiện | So sánh",
            "A | B | C | 1 | 2 | 3=2/1",
            "1 | A b | Hồ sơ | 5 | 6 | 120",
        ],
        {},
        2,
        "stt name unit value value value",
    ),
    (
        "codes under a line of the caption",
        [
            "(Kèm theo Báo cáo) STT | Chỉ tiêu | ĐVT | Số liệu",
            "1 | A b | Hồ sơ | 5",
            "1.1 | C | Hồ sơ | 6",
            "1.2 | D | Hồ sơ | 7",
            "2 | E | Hồ sơ | 8",
        ],
        {},
        1,
        "stt name unit value",
    ),
    (
        "figures in front of the name",
        [
            "Kỳ trước | Chỉ tiêu | ĐVT | Số liệu",
            "1 | A b | Hồ sơ | 5",
            "1.1 | C | Hồ sơ | 6",
            "2 | D | Hồ sơ | 7",
            "1 | E | Hồ sơ | 8",
        ],
        {},
        1,
        "value name unit value",
    ),
    ("no code column", ["Chỉ tiêu | Đơn vị tính | Số liệu", "1. Số hồ sơ | Hồ sơ | 5"], {}, 1, "name unit value"),
]


@pytest.mark.parametrize(
    ("rows", "spans", "n_rows", "roles"), [case[1:] for case in HEADERS], ids=[case[0] for case in HEADERS]
)
def test_header_rows_and_roles(
    rows: list[str], spans: dict[tuple[int, int], tuple[int, int]], n_rows: int, roles: str
) -> None:
    header = find_header(grid(*rows, spans=spans))
    assert header is not None
    assert (header.n_rows, " ".join(header.roles)) == (n_rows, roles)


def test_a_plain_text_group_word_covers_the_columns_named_under_it() -> None:
    header = find_header(
        grid(
            "STT | Lĩnh vực | Đã giải quyết | | Đang giải quyết",
            " | | Đúng hạn | Quá hạn | ",
            "1 | Đất đai | 5 | 1 | 2",
        )
    )
    assert header is not None
    assert [column.header for column in header.columns][2:] == [
        ("Đã giải quyết", "Đúng hạn"),
        ("Đã giải quyết", "Quá hạn"),
        ("Đang giải quyết",),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ["UBND TỈNH | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ NỘI VỤ | Độc lập - Tự do - Hạnh phúc"],
        ["Nơi nhận: | GIÁM ĐỐC", "- Lưu: VT. | Nguyễn Văn A"],
        ["1 | Số hồ sơ | Hồ sơ | 5 |", "2 | Số thủ tục | Thủ tục | 6 |"],
    ],
)
def test_letterheads_signatures_and_continued_tables_have_no_header(rows: list[str]) -> None:
    assert find_header(grid(*rows)) is None


def test_the_first_data_row_is_never_eaten() -> None:
    header = find_header(
        grid("STT | Chỉ tiêu | ĐVT | Số liệu | Ghi chú", " | Trong đó: | | | ", "1 | A b | Hồ sơ | 5 | ")
    )
    assert header is not None and header.n_rows == 1


@pytest.mark.parametrize(
    ("texts", "is_numbers"),
    [
        (["(1)", "(2)", "(3)", "(4)"], True),
        (["A", "B", "1", "2", "3=1+2"], True),
        (["1", "2", "3", "4", ""], True),
        (["1", "2", "3", "4=5+6", "5", "6"], True),
        (["1", "Số hồ sơ", "Hồ sơ", "5"], False),
        (["1", "5", "5", "5"], False),
        (["", "", "3", "4"], False),
        (["(1)", "(2)", "", "", "(3)", "(4)", "(5)"], True),
        (["(1)", "(3)", "", "", "(4)"], False),
    ],
)
def test_rows_of_column_numbers(texts: list[str], is_numbers: bool) -> None:
    assert is_number_row(texts) is is_numbers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2.1. Số hồ sơ", ("2.1.", "Số hồ sơ")),
        ("II. Thủ tục", ("II.", "Thủ tục")),
        ("1) Số hồ sơ", ("1)", "Số hồ sơ")),
        ("100% hồ sơ", ("", "100% hồ sơ")),
        ("Số hồ sơ", ("", "Số hồ sơ")),
    ],
)
def test_codes_written_before_the_name(name: str, expected: tuple[str, str]) -> None:
    assert split_prefix_code(name) == expected


def test_a_trailing_group_whose_empty_place_was_cut_off_still_covers_its_columns() -> None:
    rows = ["STT | Lĩnh vực | Đã giải quyết | | Đang giải quyết", " | | Đúng hạn | Quá hạn | Trong hạn | Quá hạn"]
    header = find_header(grid(*rows, "1 | Đất đai | 5 | 1 | 2 | 3"))
    assert header is not None
    assert header.columns[5].header == ("Đang giải quyết", "Quá hạn")
