"""Where tables stand in a workbook: side by side, over several sheets, with names over several columns and rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extract import read_file
from extract.model import Document
from tests.extract.test_sheet_reader import HEAD, append, grid

Fill = Callable[[Worksheet], None]


def read(tmp_path: Path, **sheets: Fill) -> Document:
    book = Workbook()
    for n, (title, fill) in enumerate(sheets.items()):
        sheet = book.active if not n else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = title
        fill(sheet)
    book.save(tmp_path / "a.xlsx")
    return read_file(tmp_path / "a.xlsx")


def beside(*tables: tuple[int, int, Sequence[Sequence[Any]]]) -> Fill:
    """Tables from a row and a column of the sheet on."""

    def fill(sheet: Worksheet) -> None:
        for top, left, rows in tables:
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if value is not None:
                        sheet.cell(top + r, left + c, value)

    return fill


def rows(*codes: str, first: int = 1) -> list[list[Any]]:
    return [[code, f"Số văn bản loại {code}", "Văn bản", first + n] for n, code in enumerate(codes)]


def seen(document: Document) -> list[tuple[str, list[list[str]]]]:
    return [(table.caption.appendix, [[row[0], row[3]] for row in grid(table)]) for table in document.tables]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems if problem.severity != "info"]


def test_tables_beside_each_other_are_two(tmp_path: Path) -> None:
    left = [["Phụ lục 2"], ["CHỈ ĐẠO"], [], HEAD[:4], *rows("1", "2", "3")]
    right = [["Phụ lục 3"], HEAD[:4], *rows("1", "1.1", first=7)]
    document = read(tmp_path, A=beside((1, 1, left), (1, 6, right)))
    assert seen(document) == [("2", [["1", "1"], ["2", "2"], ["3", "3"]]), ("3", [["1", "7"], ["1.1", "8"]])]
    assert document.tables[0].caption.title == "CHỈ ĐẠO" and codes(document) == []


def test_a_table_beside_another_may_begin_lower_and_the_letterhead_stays_whole(tmp_path: Path) -> None:
    above = [["UBND TỈNH X", None, None, None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
             ["SỞ NỘI VỤ", None, None, None, None, None, "Độc lập - Tự do - Hạnh phúc"],
             ["Số: 12/BC-SNV", None, None, None, None, None, "Huế, ngày 10 tháng 6 năm 2024"]]  # fmt: skip
    left = [["Phụ lục 2"], HEAD[:4], *rows("1", "2", "3")]
    right = [["Phụ lục 3"], HEAD[:4], *rows("1", "2", first=7)]
    document = read(tmp_path, A=beside((1, 1, above), (5, 1, left), (7, 6, right)))
    assert seen(document) == [("2", [["1", "1"], ["2", "2"], ["3", "3"]]), ("3", [["1", "7"], ["2", "8"]])]
    assert document.letterhead.number == "12/BC-SNV" and str(document.letterhead.date) == "2024-06-10"


def test_a_narrow_column_between_two_others_parts_no_table(tmp_path: Path) -> None:
    numbers = ["(1)", None, "(2)", None, "(3)", "(4)"]
    body: list[list[Any]] = [["1", None, "Số văn bản", None, "Văn bản", 5], ["2", None, "Số hồ sơ", None, "Hồ sơ", 6]]
    head = ["STT", None, "Chỉ tiêu", None, "Đơn vị tính", "Số liệu"]
    document = read(tmp_path, A=append(["Phụ lục 2"], head, numbers, *body))
    assert seen(document) == [("2", [["1", "5"], ["2", "6"]])]


def test_names_set_in_by_columns_are_names(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        head: list[Any] = ["STT", "Chỉ tiêu", None, None, "Đơn vị tính", "Số liệu"]
        numbers: list[Any] = ["A", "B", None, None, "1", "2"]
        body: list[list[Any]] = [
            ["1", "Số văn bản", None, None, "Văn bản", 5],
            ["1.1", None, "của tỉnh", None, "Văn bản", 3],
            [None, None, "-", "của sở", "Văn bản", 2],
        ]
        append(["Phụ lục 2"], head, numbers, *body)(sheet)
        sheet.merge_cells("B2:D2")

    (table,) = read(tmp_path, A=fill).tables
    assert [row[1:] for row in grid(table)] == [
        ["Số văn bản", "Văn bản", "5"], ["của tỉnh", "Văn bản", "3"], ["- của sở", "Văn bản", "2"],
    ]  # fmt: skip


def test_a_name_over_two_cells_is_one_name(tmp_path: Path) -> None:
    body: list[list[Any]] = [["1", "Số văn bản quy phạm", "Văn bản", 5, "đủ"], [None, "pháp luật đã ban hành"],
            ["2", "Số hồ sơ", "Hồ sơ", 6], [None, "trong đó:"], [None, "Qua mạng", "Hồ sơ", 3]]  # fmt: skip
    (table,) = read(tmp_path, A=append(["Phụ lục 2"], HEAD, *body)).tables
    assert [row[1] for row in grid(table)] == [
        "Số văn bản quy phạm pháp luật đã ban hành", "Số hồ sơ", "trong đó:", "Qua mạng",
    ]  # fmt: skip


def test_an_appendix_goes_on_with_the_next_sheet(tmp_path: Path) -> None:
    first = [["Phụ lục 2"], HEAD, *rows("1", "1.1", "1.2")]
    document = read(tmp_path, A=append(*first), B=append(["Phụ lục 2 (tiếp theo)"], *rows("1.3", "2", first=4)))
    assert seen(document) == [("2", [["1", "1"], ["1.1", "2"], ["1.2", "3"], ["1.3", "4"], ["2", "5"]])]
    assert codes(document) == []


def test_rows_without_a_header_that_go_on_with_nothing_are_an_error(tmp_path: Path) -> None:
    first = [["Phụ lục 2"], HEAD, *rows("1", "1.1", "1.2")]
    document = read(tmp_path, A=append(*first), B=append(["Phụ lục 3"], *rows("1", "2", "3")))
    assert [len(table) for _, table in seen(document)] == [3] and codes(document) == ["sheet-without-header"]


def test_the_page_with_the_letterhead_is_read_though_it_has_no_table(tmp_path: Path) -> None:
    cover: list[list[Any]] = [["UBND TỈNH X", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
             ["SỞ NỘI VỤ", None, None, "Độc lập - Tự do - Hạnh phúc"],
             ["Số: 12/BC-SNV", None, None, "Huế, ngày 10 tháng 6 năm 2024"]]  # fmt: skip
    document = read(
        tmp_path, A=append(["danh bạ"], ["a", 1]), B=append(*cover), C=append(["Phụ lục 2"], HEAD, *rows("1"))
    )
    assert document.letterhead.number == "12/BC-SNV" and len(document.tables) == 1


def test_a_last_row_whose_code_became_a_date_is_a_row(tmp_path: Path) -> None:
    lost = [datetime.date(2024, 2, 1), "Số việc", "Việc"]
    document = read(tmp_path, A=append(["Phụ lục 2"], HEAD, *rows("1", "1.1"), lost, ["Nguồn: Phòng Nội vụ"]))
    assert [row[0] for row in grid(document.tables[0])] == ["1", "1.1", "1.2"]
