"""A scanned table whose rows or number may be misread is said to be doubtful."""

from __future__ import annotations

from dataclasses import replace

from extract.model import Caption, Cell, Column, Table
from normalize.rows import printed_rows
from normalize.scanned import codes_of, repeated_numbers, scan_doubts

ROWS = [("1.", "Số hồ sơ", "5", "4"), ("1.1", "Hồ sơ trực tuyến", "3", "2"), ("2", "Tỷ lệ", "60%", "50%")]


def table(rows: list[tuple[str, ...]]) -> Table:
    roles = ("stt", "name", "value", "value")
    names = ("STT", "Chỉ tiêu", "Kế hoạch", "Thực hiện")
    columns = tuple(Column(c, role, (names[c],)) for c, role in enumerate(roles))
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows, 1) for c, text in enumerate(row) if text)
    return Table(1, Caption("2", "Phụ lục 2"), columns, cells, len(rows), (3,), "ocr")


def codes(one: Table) -> list[tuple[str, str]]:
    return [(doubt.code, doubt.stt) for doubt in scan_doubts(one, printed_rows(one))]


def test_a_table_that_was_read_whole_raises_nothing() -> None:
    assert codes(table(ROWS)) == []


def test_the_tail_of_a_row_puts_it_and_the_row_above_in_doubt() -> None:
    broken = [*ROWS[:2], ("", "thường xuyên", "", ""), ROWS[2]]
    assert codes(table(broken)) == [("ocr-row-broken", "1.1"), ("ocr-row-broken", "")]


def test_two_codes_in_one_cell_are_two_rows() -> None:
    fused = [*ROWS, ("2.4. 2.5.", "Số viên chức", "2 0", "1")]
    assert [code for code, _ in codes(table(fused))] == ["ocr-row-broken"] * 2


def test_two_codes_closed_up_over_a_row_without_one_are_those_of_both() -> None:
    fused = [*ROWS, ("2.1.2.2", "Số viên chức", "2", "1"), ("", "Số công chức", "2", "1"), ("3", "Số người", "1", "1")]
    assert codes(table(fused)) == [("ocr-row-broken", "2.1"), ("ocr-row-broken", "2.2")]
    head = [*ROWS, ("4.4.1.", "Thanh tra", "", ""), ("", "Số cơ quan", "", ""), ("5", "Số người", "1", "1")]
    assert codes(table(head)) == [("ocr-row-broken", "4"), ("ocr-row-broken", "4.1")]
    deep = [*ROWS, ("2.1.2", "Cán bộ", "2", "1"), ("2.1.2.2", "Cấp xã", "2", "1"), ("", "Số người", "1", "1")]
    assert codes(table(deep)) == []
    assert codes(table([*fused[:4], ("2.3", "Số công chức", "2", "1")])) == []


def test_a_figure_behind_its_unit_with_no_figure_beside_it_is_a_lost_column() -> None:
    columns = tuple(Column(c, role, (role,)) for c, role in enumerate(("stt", "name", "unit", "value")))
    cells = [Cell(1, 0, "1"), Cell(1, 1, "Số nhiệm vụ"), Cell(1, 2, "Nhiệm vụ 669")]
    lost = Table(1, Caption("2", "Phụ lục 2"), columns, tuple(cells), 1, (3,), "ocr")
    assert codes(lost) == [("ocr-row-broken", "1")]
    assert codes(replace(lost, cells=(*cells, Cell(1, 3, "669")))) == []
    answers = Cell(1, 2, "Chưa = 0 Hoàn thành = 1")
    assert codes(replace(lost, cells=(*cells[:2], answers))) == []


def test_a_row_without_a_code_in_a_table_of_codes_lost_it() -> None:
    coded = [(f"{n}.", "Số hồ sơ", "5", "4") for n in range(1, 8)]
    assert codes(table([*coded[:3], ("", "Số cơ quan", "2", "1"), *coded[4:]])) == [("ocr-row-broken", "")]
    for name, figure in (("Tổng số", "9"), ("- Cấp tỉnh", "9"), ("Lĩnh vực", "")):
        assert codes(table([*coded, ("", name, figure, figure)])) == []
    assert codes(table([*coded, *[("", "Số cơ quan", "2", "1")] * 3])) == []  # rows without codes are usual here


def test_two_tables_of_one_number_with_the_same_codes_are_doubtful() -> None:
    one, other = table(ROWS), replace(table(ROWS), index=2)
    rows = [codes_of(printed_rows(one)), codes_of(printed_rows(other))]
    assert [d.code for d in repeated_numbers([one, other], rows)] == ["ocr-caption-doubtful"] * 2
    named = replace(other, caption=Caption("3", "Phụ lục 3"))
    assert list(repeated_numbers([one, named], rows)) == []


def missing(rows: list[str]) -> list[tuple[str, str]]:
    one = table([(code, "Số văn bản", "Văn bản", "3") for code in rows])
    return [(d.stt, d.code) for d in scan_doubts(one, printed_rows(one))]


def test_a_row_that_has_rows_under_it_and_was_not_read_is_said() -> None:
    whole = ["1", "1.1", "1.2", "2", "2.1", "2.2", "3", "3.1", "3.2"]
    assert missing(whole) == []
    assert missing([code for code in whole if code != "3"]) == [("3", "ocr-row-missing")]
    assert missing(["1.1", "1.2", "2.1", "2.2", "3", "3.1"]) == []  # a table that prints no heads of groups
    assert missing([code for code in whole if code != "3.2"]) == []
