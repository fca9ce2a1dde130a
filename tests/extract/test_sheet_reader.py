"""Workbooks as people fill them in: each case is a small file made here, read to the document's end."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from extract import read_file
from extract.model import Document, Table
from extract.problems import LimitExceeded, NoReport, Unreadable
from extract.readers import sheet_xlsx
from extract.readers.sheet_csv import find_delimiter

HEAD = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"]
ROWS: list[list[Any]] = [["1", "Số văn bản", "Văn bản", 5, None], ["1.1", "Tỷ lệ", "%", "88,7", "lũy kế"]]


def read(tmp_path: Path, fill: Callable[[Worksheet], None], name: str = "a.xlsx", title: str = "Sheet1") -> Document:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    book.save(tmp_path / name)
    return read_file(tmp_path / name)


def append(*rows: Sequence[Any]) -> Callable[[Worksheet], None]:
    return lambda sheet: [sheet.append(list(row)) for row in rows] and None


def grid(table: Table) -> list[list[str]]:
    out = [[""] * len(table.columns) for _ in range(table.n_rows)]
    for cell in table.cells:
        out[cell.row - 1][cell.col] = cell.text
    return out


def codes(document: Document) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in document.problems]


def test_a_sheet_is_caption_lines_and_a_table(tmp_path: Path) -> None:
    document = read(tmp_path, append(["Phụ lục II"], ["THỐNG KÊ"], ["(Kèm theo Báo cáo số 1/BC-SNV)"], [], HEAD, *ROWS))
    (table,) = document.tables
    assert (table.caption.appendix, table.caption.title, table.method) == ("2", "THỐNG KÊ", "sheet")
    assert grid(table) == [["1", "Số văn bản", "Văn bản", "5", ""], ["1.1", "Tỷ lệ", "%", "88,7", "lũy kế"]]
    assert document.method == "sheet" and document.problems == ()


def test_merged_headers_and_notes_keep_their_spans(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        append(["STT", "Chỉ tiêu", "Kết quả", None, "Ghi chú"], [None, None, "ĐVT", "Số liệu"], *ROWS)(sheet)
        for cells in ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "E3:E4"):
            sheet.merge_cells(cells)

    (table,) = read(tmp_path, fill).tables
    assert [column.header for column in table.columns] == [
        ("STT",), ("Chỉ tiêu",), ("Kết quả", "ĐVT"), ("Kết quả", "Số liệu"), ("Ghi chú",),
    ]  # fmt: skip
    assert [column.role for column in table.columns] == ["stt", "name", "unit", "value", "note"]


@pytest.mark.parametrize(
    "head",
    [
        ["STT/No.", "Chỉ tiêu/Indicator", "Đơn vị tính/Unit", "Số liệu/Value", "Ghi chú/Note"],
        ["STT\nNo.", "Chỉ tiêu\nIndicator", "Đơn vị tính\nUnit", "Số liệu\nValue", "Ghi chú\nNote"],
        ["No.", "Indicator", "Unit", "Value", "Note"],
    ],
)
def test_bilingual_headers_are_understood(tmp_path: Path, head: list[str]) -> None:
    (table,) = read(tmp_path, append(["Phụ lục 2"], head, *ROWS)).tables
    assert [column.role for column in table.columns] == ["stt", "name", "unit", "value", "note"]


def test_dates_made_of_codes_are_repaired_and_said_on_their_row(tmp_path: Path) -> None:
    day = datetime.date(2024, 2, 1)
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, [day, "Tỷ lệ hai", "%", 7], ["1.3", "Ba", "%", 8]))
    assert [row[0] for row in grid(document.tables[0])] == ["1", "1.1", "1.2", "1.3"]
    assert codes(document) == [("sheet-code-was-date", 3)]
    assert document.problems[0].detail == "2024-02-01"


def test_a_date_among_figures_is_kept_and_doubted(tmp_path: Path) -> None:
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, ["1.2", "Hai", "%", datetime.date(2024, 2, 1)]))
    assert grid(document.tables[0])[2][3] == "01/02/2024"
    assert codes(document) == [("sheet-date-in-figures", 3)]


def test_a_formula_saved_without_its_result_is_no_blank(tmp_path: Path) -> None:
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, ["1.2", "Hai", "%", "=D3+D4"]))
    assert grid(document.tables[0])[2][3] == "=D3+D4"
    assert codes(document) == [("sheet-formula-without-value", 3)]


def test_a_formula_gives_the_result_that_was_saved(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("PL 2")
        percent = book.add_format({"num_format": "0.0%"})
        for r, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(r, 0, ["" if v is None else v for v in row])
        sheet.write_row(3, 0, ["1.2", "Hai", "%"])
        sheet.write_formula(3, 3, "=589/664", percent, 589 / 664)
        sheet.write_row(4, 0, ["1.3", "Ba", "%"])
        sheet.write_formula(4, 3, "=1/0", None, "#DIV/0!")
    document = read_file(tmp_path / "a.xlsx")
    assert [row[3] for row in grid(document.tables[0])] == ["5", "88,7", "88,7%", "#DIV/0!"]
    assert document.tables[0].caption.appendix == "2"  # from the tab


def test_hidden_rows_columns_and_sheets_are_read_and_said(tmp_path: Path) -> None:
    book = Workbook()
    shown = book.active
    assert isinstance(shown, Worksheet)
    append(["Phụ lục 2"], HEAD, *ROWS)(shown)
    shown.row_dimensions[4].hidden = True
    shown.column_dimensions["E"].hidden = True
    hidden = book.create_sheet("Phụ lục 1", 0)
    append(["Phụ lục 1"], HEAD, *ROWS)(hidden)
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    document = read_file(tmp_path / "a.xlsx")
    assert [(t.caption.appendix, t.n_rows) for t in document.tables] == [("2", 2), ("1", 2)]  # what is seen comes first
    details = [problem.detail for problem in document.problems if problem.code == "sheet-hidden"]
    assert details == ["Sheet: rows 4; columns E", "Phụ lục 1"]


def test_several_tables_of_one_sheet_are_told_apart(tmp_path: Path) -> None:
    rows = [["Phụ lục 2"], HEAD, *ROWS, [], ["Phụ lục 3"], ["THỂ CHẾ"], HEAD, *ROWS, [], ["Biểu khác"], HEAD[:4], *ROWS]
    document = read(tmp_path, append(*rows))
    assert [(t.caption.appendix, t.caption.title, t.n_rows) for t in document.tables] == [
        ("2", "", 2), ("3", "THỂ CHẾ", 2), ("3", "Biểu khác", 2),
    ]  # fmt: skip


def test_names_that_begin_like_headers_open_no_table(tmp_path: Path) -> None:
    rows = [["1", "Số nhiệm vụ được giao", "Nhiệm vụ", 5], ["2", "Kết quả thực hiện", "Số lượng", None],
            ["3", "Nội dung", "Đơn vị", None], ["4", "Tỷ lệ", "%", 5]]  # fmt: skip
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *rows))
    assert [t.n_rows for t in document.tables] == [4]


def test_blank_rows_and_a_repeated_header_do_not_end_a_table(tmp_path: Path) -> None:
    rows = [["2", "Hai", "%", 5], [], HEAD, ["3", "Ba", "%", 6], ["II. Thể chế"], ["1", "Một", "%", 7]]
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, *rows))
    (table,) = document.tables
    assert [row[0] for row in grid(table)] == ["1", "1.1", "2", "3", "II. Thể chế", "1"]


def test_the_signature_below_is_no_row(tmp_path: Path) -> None:
    rows = [[], [None, None, None, "Huế, ngày 10 tháng 6 năm 2024"], [None, "Người lập biểu", None, "GIÁM ĐỐC"]]
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, *rows))
    assert document.tables[0].n_rows == 2
    assert "Người lập biểu" in document.tables[0].text_after


def test_rows_without_a_code_belong_to_the_table(tmp_path: Path) -> None:
    rows = [[None, "Trong đó: qua mạng", "Hồ sơ", 3], [None, "(số liệu ước)"], [None, "Tổng cộng", None, 9]]
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, *rows))
    assert [row[1] for row in grid(document.tables[0])][2:] == ["Trong đó: qua mạng", "(số liệu ước)", "Tổng cộng"]


def test_a_letterhead_of_two_halves_is_read_half_by_half(tmp_path: Path) -> None:
    rows = [
        ["UBND TỈNH X", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["SỞ NỘI VỤ", None, None, "Độc lập - Tự do - Hạnh phúc"],
        ["Số: 12/BC-SNV", None, None, "Huế, ngày 10 tháng 6 năm 2024"],
    ]
    letterhead = read(tmp_path, append(*rows, [], ["Phụ lục 2"], HEAD, *ROWS)).letterhead
    assert (letterhead.number, letterhead.agency, str(letterhead.date)) == ("12/BC-SNV", "SỞ NỘI VỤ", "2024-06-10")


def test_figures_beside_the_table_are_said(tmp_path: Path) -> None:
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, [*ROWS[0], None, None, 77], ROWS[1]))
    assert [(p.code, p.detail) for p in document.problems] == [("sheet-outside-table", "Sheet1!H3")]
    assert len(document.tables[0].columns) == 5


def test_a_table_away_from_the_corner_is_found(tmp_path: Path) -> None:
    shifted = [[None, None, *row] for row in [HEAD, *ROWS]]
    document = read(tmp_path, append([], [None, None, "Phụ lục 4"], *shifted))
    assert grid(document.tables[0])[0] == ["1", "Số văn bản", "Văn bản", "5", ""]


@pytest.mark.parametrize(
    ("tab", "appendix", "title"),
    [("PL 2", "2", ""), ("PL04", "4", ""), ("Phụ lục III", "3", ""), ("Biểu 5", "5", ""), ("Bieu_so_06", "6", ""),
     ("Tổng hợp", "", "Tổng hợp"), ("Sheet2", "", "")],
)  # fmt: skip
def test_a_sheet_without_a_caption_is_captioned_by_its_tab(tmp_path: Path, tab: str, appendix: str, title: str) -> None:
    caption = read(tmp_path, append(HEAD, *ROWS), title=tab).tables[0].caption
    assert (caption.appendix, caption.title) == (appendix, title)


def test_raised_digits_of_a_rich_string_are_footnote_marks(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("PL 2")
        raised = book.add_format({"font_script": 1})
        for r, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(r, 0, ["" if v is None else v for v in row])
        sheet.write_rich_string(1, 3, "20", raised, "1")
    assert grid(read_file(tmp_path / "a.xlsx").tables[0])[0][3] == "20¹"


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet("PL 2")
        day = book.add_format({"num_format": "d.m"})
        for r, row in enumerate([HEAD, *ROWS]):
            sheet.write_row(r, 0, ["" if v is None else v for v in row])
        sheet.write_datetime(3, 0, datetime.date(2024, 2, 1), day)
        sheet.write_row(3, 1, ["Hai", "%", 3])
    assert [row[0] for row in grid(read_file(tmp_path / "a.xlsx").tables[0])] == ["1", "1.1", "1.2"]


def rezip(path: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    read(tmp_path, append(HEAD, *ROWS))
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData/></worksheet>'
    rezip(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": evil})
    with pytest.raises(Unreadable, match="document type"):
        read_file(tmp_path / "a.xlsx")


def test_a_bomb_is_stopped_before_it_fills_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(tmp_path, append(HEAD, *ROWS))
    rezip(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 3_000_000})
    monkeypatch.setattr(sheet_xlsx, "MAX_INFLATED", 1_000_000)
    with pytest.raises(LimitExceeded, match="1000000"):
        read_file(tmp_path / "a.xlsx")


def test_a_huge_sheet_is_cut_and_that_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xlsx, "MAX_CELLS", 14)
    document = read(tmp_path, append(["Phụ lục 2"], HEAD, *ROWS, ["2", "Hai", "%", 1], ["3", "Ba", "%", 2]))
    assert [(p.code, p.severity) for p in document.problems] == [("sheet-too-large", "error")]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[: len(data) // 4] + bytes(len(data) // 2) + data[-(len(data) // 4) :],
    ],
    ids=["truncated", "zeroed"],
)
def test_a_damaged_workbook_is_unreadable(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    read(tmp_path, append(HEAD, *ROWS))
    path = tmp_path / "a.xlsx"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Unreadable):
        read_file(path)


def test_a_workbook_without_a_table_holds_no_report(tmp_path: Path) -> None:
    with pytest.raises(NoReport):
        read(tmp_path, append(["danh bạ"], ["a", 1]))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_delimited_text_in_any_dress(tmp_path: Path, mark: str, encoding: str) -> None:
    rows = [
        ["Phụ lục 2"],
        HEAD,
        ["1", '"Số ""văn bản""\nđã ban hành"', "Văn bản", "1.061"],
        ["1.1", "Tỷ lệ", "%", '"88,7"'],
    ]
    path = tmp_path / ("a.tsv" if mark == "\t" else "a.csv")
    path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(encoding))
    (table,) = read_file(path).tables
    assert grid(table) == [
        ["1", 'Số "văn bản"\nđã ban hành', "Văn bản", "1.061", ""],
        ["1.1", "Tỷ lệ", "%", "88,7", ""],
    ]


def test_the_line_that_names_the_delimiter_is_believed() -> None:
    assert find_delimiter("sep=|\nSTT|Chỉ tiêu, số liệu|a\n") == ("|", "STT|Chỉ tiêu, số liệu|a\n")


def test_text_in_an_old_font_becomes_unicode_and_says_so(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("PL 2")
        old, capitals = (book.add_format({"font_name": name}) for name in (".VnTime", ".VnTimeH"))
        sheet.write(0, 0, "c«ng t¸c chØ ®¹o", capitals)
        sheet.write_row(1, 0, ["STT", "ChØ tiªu", "§¬n vÞ tÝnh", "Sè liÖu"], old)
        sheet.write_row(2, 0, ["1", "Sè v¨n b¶n ®· ban hµnh", "V¨n b¶n", 5], old)
        sheet.write_row(3, 0, ["2", "Số hồ sơ đã giải quyết", "Hồ sơ", "88,7"], old)  # Unicode under the old font
    document = read_file(tmp_path / "a.xlsx")
    assert grid(document.tables[0]) == [
        ["1", "Số văn bản đã ban hành", "Văn bản", "5"],
        ["2", "Số hồ sơ đã giải quyết", "Hồ sơ", "88,7"],
    ]
    assert document.tables[0].caption.title == "CÔNG TÁC CHỈ ĐẠO"
    assert [p.row for p in document.problems if p.code == "encoding-converted" and p.row] == [1]
