"""A unit misread by a letter is the list's, with what was read in a repair."""

from __future__ import annotations

import pytest

from extract.model import Caption, Cell, Column, Table
from normalize.repair_units import repaired_units


def table(*units: str, method: str = "ocr") -> Table:
    columns = (Column(0, "stt", ("STT",)), Column(1, "unit", ("Đơn vị tính",)), Column(2, "value", ("Số liệu",)))
    cells = tuple(Cell(r, 1, unit) for r, unit in enumerate(units, 1))
    return Table(1, Caption("2"), columns, cells, len(units), (1,), method)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Cơ quan,\nđơn v]", "Cơ quan, đơn vị"),
        ("Nhiệmm vụ", "Nhiệm vụ"),
        ("Có = 1; Không = 0", "Có = 1; Không = 0"),
        ("Thủ tục", "Thủ tục"),
        ("Lượt xe", "Lượt xe"),
        ("%", "%"),
        ("Bàn", "Bàn"),
    ],
)
def test_a_unit_of_the_list_but_for_a_letter(read: str, meant: str) -> None:
    done, repairs = repaired_units(table("Văn bản", read))
    assert done.cells[1].text == meant
    assert [(r.row, r.repaired, r.is_certain) for r in repairs] == ([(2, meant, True)] if meant != read else [])


def test_units_of_exact_formats_are_not_touched() -> None:
    exact = table("Cơ quan, đơn v]", method="docx")
    assert repaired_units(exact) == (exact, ())
