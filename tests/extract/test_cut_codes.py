"""A code that a narrow ruled column cut is one code; the codes of two rows are two."""

from __future__ import annotations

import pytest

from extract.readers.pdf_grids import _is_cut
from extract.tables.column_lines import ColumnLine

PITCH = 16.4  # of a font with tall lines, 12 points


def lines(*texts: str, pitch: float = PITCH) -> list[ColumnLine]:
    return [ColumnLine(100 + n * pitch, 0, 10, 12, (), text) for n, text in enumerate(texts)]


NAME = lines("Số TTHC cấp huyện (Bao", "gồm cả TTHC của cơ quan", "ngành dọc)")
UNIT, ONE, TWO = lines("Thủ tục"), lines("07"), lines("07", "12")


@pytest.mark.parametrize(
    ("codes", "beside", "is_ruled", "expected"),
    [
        (lines("1.4.", "1"), [NAME, UNIT, ONE], True, True),
        (lines("1.4.", "1"), [NAME, UNIT, ONE], False, True),  # 1 cannot come after 1.4
        (lines("1.4.", "2."), [NAME, UNIT, ONE], True, True),  # 2 could, but for the rules and one figure
        (lines("1.4.", "2."), [NAME, UNIT, ONE], False, False),
        (lines("1.4.", "2."), [NAME, UNIT, TWO], True, False),  # a figure on each line
        (lines("1.4.", "2.", pitch=2 * PITCH), [NAME, UNIT, ONE], True, False),  # set wider than the name's lines
        (lines("1.", "2."), [lines("Số hồ sơ", "Số thủ tục"), UNIT, TWO], True, False),
        (lines("1", "2"), [NAME, UNIT, ONE], True, False),
        (lines("II.", "1"), [NAME, UNIT, TWO], True, False),
    ],
)
def test_two_lines_of_a_code_cell(
    codes: list[ColumnLine], beside: list[list[ColumnLine]], is_ruled: bool, expected: bool
) -> None:
    assert _is_cut(codes, beside, is_ruled=is_ruled) is expected
