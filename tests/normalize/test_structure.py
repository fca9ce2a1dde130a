"""A grid cut into the wrong columns is said, a good one is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extract import read_file
from extract.model import Caption, Cell, Column, Document, Letterhead, SourceFile, Table
from normalize import normalize
from normalize.rows import PrintedRow, printed_rows
from normalize.structure import cut_names, displaced_rows, figures_in_notes, structure_doubts


def table(*rows: tuple[str, str, str]) -> Table:
    roles = ("stt", "name", "value")
    columns = tuple(Column(c, role, (role,)) for c, role in enumerate(roles))
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row) if text)
    return Table(1, Caption("2", "Phụ lục 2"), columns, cells, len(rows))


def codes(*rows: tuple[str, str, str]) -> list[str]:
    grid = table(*rows)
    return [doubt.code for doubt in structure_doubts(grid, printed_rows(grid))]


GOOD = [("1.", "Số hồ sơ", "5"), ("1.1", "Hồ sơ trực tuyến", "3"), ("", "Trong đó:", ""), ("2", "Tỷ lệ", "60%")]


def test_a_good_table_raises_nothing() -> None:
    assert codes(*GOOD * 5) == []


def test_names_in_the_code_column_put_the_whole_table_in_doubt() -> None:
    assert codes(*[("1.1 Số hồ sơ đã tiếp nhận trong kỳ", "Hồ sơ", "5")] * 3) == ["table-structure-doubtful"]


def test_figures_in_the_name_column_put_the_whole_table_in_doubt() -> None:
    assert codes(*[("1.1", "12 13", "5")] * 3) == ["table-structure-doubtful"]


def test_one_odd_row_among_many_does_not() -> None:
    assert codes(("9", "12", "3"), *GOOD * 5) == []


def test_figures_on_several_lines_of_a_cell_say_that_rows_ran_together() -> None:
    assert codes(*GOOD * 5, ("2.4", "Số viên chức", "315\n233")) == ["rows-run-together"]


def test_the_rest_of_a_header_among_the_rows_puts_the_whole_table_in_doubt() -> None:
    roles = ("stt", "name", "value", "value")
    columns = tuple(Column(c, role, (role,)) for c, role in enumerate(roles))
    rows = [("", "", "g kỳ", "c hạn"), *[(str(i), "Đất đai", "5", "3") for i in range(1, 30)]]
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row) if text)
    grid = Table(1, Caption("9", "Phụ lục 9"), columns, cells, len(rows))
    assert [doubt.code for doubt in structure_doubts(grid, printed_rows(grid))] == ["table-structure-doubtful"]


def test_a_figure_whose_row_has_no_name_is_doubtful(tmp_path: Path) -> None:
    lines = ["BÁO CÁO", "Công tác cải cách hành chính 6 tháng đầu năm 2024", "Phụ lục 9", "KẾT QUẢ KHÁC"]
    rows = ["STT\tChỉ tiêu\tĐơn vị tính\tSố liệu", "1\tSố lớp\tLớp\t3", "2\t\tLớp\t4", "3\tSố hội thảo\tCuộc\t5"]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*lines, *rows]), encoding="utf-8")
    report = normalize(read_file(path), report_id="r", source="s")
    assert [(o.stt, o.status) for o in report.observations] == [("1", "ok"), ("2", "doubtful"), ("3", "ok")]
    assert [f.stt for f in report.findings if f.code == "name-missing"] == ["2"]


def test_a_blank_beside_a_figure_without_a_name_is_doubtful_where_no_rule_parts_the_rows() -> None:
    rows = [("1", "Số lớp", "3"), ("", "", "883"), ("2", "Số hồ sơ", ""), ("3", "Số cuộc họp", ""), ("4", "Đơn", "5")]
    grid = table(*rows)

    def doubted(method: str) -> list[str]:
        source, tables = SourceFile("a", "0" * 64, 1, "pdf"), (replace(grid, method=method),)
        report = normalize(Document(source, Letterhead(), (), tables, method), report_id="r", source="s")
        return [f.stt for f in report.findings if f.code == "blank-beside-unnamed"]

    assert doubted("pdf-text") == ["2"]
    assert doubted("docx") == []  # the file says where its cells are


def test_a_name_that_begins_in_the_middle_of_a_sentence_is_said_where_no_rule_parts_the_rows() -> None:
    grid = table(*GOOD * 3, ("7.", "thời điểm báo cáo)", "5"))
    rows = printed_rows(grid)
    assert cut_names(grid, rows) == frozenset()
    assert cut_names(replace(grid, method="pdf-text"), rows) == frozenset({12})
    habit = table(*[(str(n), "số hồ sơ", "5") for n in range(1, 9)])
    assert cut_names(replace(habit, method="pdf-text"), printed_rows(habit)) == frozenset()
    alone = table(("4.4", "sở, ngành bị kỷ luật Số người", "5"))  # one row shows no habit
    assert cut_names(replace(alone, method="pdf-text"), printed_rows(alone)) == frozenset({0})


def test_a_blank_figure_beside_a_note_that_begins_with_a_number_is_doubtful_in_a_text_set_with_blanks() -> None:
    columns = tuple(Column(c, role, (role,)) for c, role in enumerate(("stt", "name", "value", "note")))
    notes = ["Đang lấy ý kiến các\n27 cơ quan", "Theo Quyết định số 12", "80"]
    cells = [Cell(r, 3, note) for r, note in enumerate(notes, 1)]
    cells += [Cell(r, 1, "Số hồ sơ") for r in range(1, 4)]
    grid = Table(1, Caption("9", "Phụ lục 9"), columns, tuple(cells), 3)
    assert figures_in_notes(grid) == frozenset()  # the file says where its cells are
    assert figures_in_notes(replace(grid, method="text-aligned")) == frozenset({1, 3})


def test_each_figure_of_a_doubtful_table_is_doubtful(tmp_path: Path) -> None:
    lines = ["BÁO CÁO", "Công tác cải cách hành chính 6 tháng đầu năm 2024", "Phụ lục 9", "KẾT QUẢ KHÁC"]
    rows = ["STT\tChỉ tiêu\tĐơn vị tính\tSố liệu", *[f"{n}\t12 13\tHồ sơ\t{n}" for n in range(1, 4)]]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*lines, *rows, "4\tSố khác\tHồ sơ\t"]), encoding="utf-8")
    report = normalize(read_file(path), report_id="r", source="s")
    assert "table-structure-doubtful" in {f.code for f in report.findings}
    assert [o.status for o in report.observations] == ["doubtful"] * 4  # the blank too: its figure may stand elsewhere
    assert sum(f.code == "table-doubtful" and bool(f.observation_id) for f in report.findings) == 4


def test_a_blank_beside_a_cell_of_several_figures_is_doubtful_where_columns_are_told_by_places(tmp_path: Path) -> None:
    lines = ["BÁO CÁO", "Công tác cải cách hành chính 6 tháng đầu năm 2024", "Phụ lục 9", "KẾT QUẢ KHÁC"]
    header = "STT   Chỉ tiêu            Đơn vị tính   Kỳ trước      Kỳ này      Ghi chú"
    rows = [f"{n}     Số hồ sơ số {n}       Hồ sơ         {n}             {n}2" for n in range(1, 4)]
    rows.append("4     Số hồ sơ số 4       Hồ sơ         17 | 9")
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*lines, header, *rows]), encoding="utf-8")
    report = normalize(read_file(path), report_id="r", source="s")
    assert [(o.stt, o.status) for o in report.observations][-2:] == [("4", "unparsed"), ("4", "doubtful")]
    assert {o.status for o in report.observations[:-2]} == {"ok"}


def aligned_statuses(tmp_path: Path, last: str) -> list[tuple[str, str]]:
    """Statuses of the figures of a last row, below five that are as they should be."""
    lines = ["BÁO CÁO", "Công tác cải cách hành chính 6 tháng đầu năm 2024", "Phụ lục 9", "KẾT QUẢ KHÁC"]
    header = "STT   Chỉ tiêu              Đơn vị tính   Kỳ trước      Kỳ này      Ghi chú"
    rows = [f"{n}     Số hồ sơ số {n}         Hồ sơ         1{n}            {n}2" for n in range(1, 6)]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*lines, header, *rows, last]), encoding="utf-8")
    report = normalize(read_file(path), report_id="r", source="s")
    assert {o.status for o in report.observations[:10]} == {"ok"}
    return [(o.value_raw, o.status) for o in report.observations[10:]]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("6     Số văn bản            Văn bản 69                  7", [("", "doubtful"), ("7", "doubtful")]),
        ("6     Số người đã họp Người 69                          7", [("", "doubtful"), ("7", "doubtful")]),
        ("6     Số văn bản            Văn bản                     38 881", [("", "doubtful"), ("38 881", "doubtful")]),
        ("6     Số văn bản            Văn bản                     01 phòng", [("", "blank"), ("01 phòng", "doubtful")]),
        ("6     Số văn bản            Văn bản –     7             8", [("7", "doubtful"), ("8", "doubtful")]),
        ("6     Số văn bản            Văn bản       284 22        7", [("284 22", "unparsed"), ("7", "doubtful")]),
        ("6     Số văn bản            Văn bản       7             8         01 phòng", [("7", "ok"), ("8", "ok")]),
        ("6     Số người đã họp       Người         17            5 người", [("17", "ok"), ("5 người", "ok")]),
        ("6     Số văn bản            Văn bản                     7", [("", "blank"), ("7", "ok")]),
    ],
)
def test_what_stands_in_a_column_of_another_makes_a_row_doubtful(
    tmp_path: Path, last: str, expected: list[tuple[str, str]]
) -> None:
    assert aligned_statuses(tmp_path, last) == expected


def test_a_unit_at_the_end_of_a_line_of_a_name_makes_its_row_doubtful() -> None:
    def row(number: int, name: str, unit: str) -> PrintedRow:
        return PrintedRow(number, f"{number}", name, unit, "", None, {})

    columns = (Column(0, "name", ("Chỉ tiêu",)), Column(1, "unit", ("Đơn vị",)))
    names = ["Số người được tuyển Người\ntheo diện khác", "Số người", "Kết nối các Hệ thống", "Tỷ lệ % hồ sơ"]
    cells = tuple(Cell(n, 0, name) for n, name in enumerate(names, 1))
    grid = replace(table("x"), columns=columns, cells=cells, method="pdf-text")
    rows = [row(n, name.replace("\n", " "), "Người" if n == 2 else "") for n, name in enumerate(names, 1)]
    assert displaced_rows(grid, rows) == frozenset({0})
    assert displaced_rows(replace(grid, method="pdf"), rows) == frozenset()
    notes = ["9 Đang chờ", "64 01 phòng", "27 cơ quan"]
    noted = [replace(one, note=note) for one, note in zip(rows[1:], notes, strict=True)]
    assert displaced_rows(replace(grid, method="text-aligned"), noted) == frozenset({0, 1})


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("Người 69", True), ("Người –", True), ("Người", False), ("m2", False), ("Có = 1; Không = 0", False),
        ("Chưa có = 0 2 cấp = 1 3 cấp = 2", False), ("Chưa = 0 Hoàn 0 thành = 1", True),
    ],
)  # fmt: skip
def test_a_unit_that_holds_a_figure_of_another_column_is_told(unit: str, expected: bool) -> None:
    rows = [PrintedRow(1, "1", "Số người", unit, "", None, {})]
    assert displaced_rows(replace(table("x"), method="pdf-text"), rows) == frozenset({0} if expected else ())


@pytest.mark.parametrize(("method", "doubtful"), [("pdf-text", ["1", "2"]), ("pdf-lines", [])])
def test_a_blank_beside_figures_that_ran_together_may_be_one_of_them(method: str, doubtful: list[str]) -> None:
    grid = table(("1", "Đã giao", ""), ("1.1", "Vốn", "13.184\n12.855"), ("2", "Đã thực hiện", ""), ("3", "A", ""))
    document = Document(SourceFile("a", "0" * 64, 1, "pdf"), Letterhead(), (), (replace(grid, method=method),), "pdf")
    made = normalize(document, report_id="r", source="a")
    assert [o.stt for o in made.observations if o.value_kind == "blank" and o.status == "doubtful"] == doubtful
