"""Plain text → blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.legacy_files import decode_bytes
from extract.model import Grid, Paragraph
from extract.readers.text import blocks_of, read_text


def grids(text: str) -> list[Grid]:
    return [block for block in blocks_of(text) if isinstance(block, Grid)]


def prose(text: str) -> list[str]:
    return [block.text for block in blocks_of(text) if isinstance(block, Paragraph)]


def texts(grid: Grid) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(grid.n_rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.text)
    return rows


@pytest.mark.parametrize("gap", ["\n\n", "\n\f", "\n\f\n", "\n\n12\n\n", "\n- 12 -\n", "\r\n\r\n"])
def test_a_blank_line_page_break_or_page_number_does_not_end_a_table(gap: str) -> None:
    found = grids(f"1\tMột\tHồ sơ\t5{gap}2\tHai\tHồ sơ\t6\n")
    assert [texts(grid) for grid in found] == [[["1", "Một", "Hồ sơ", "5"], ["2", "Hai", "Hồ sơ", "6"]]]


def test_a_line_of_prose_ends_a_table() -> None:
    found = blocks_of("1\tMột\t5\nPhụ lục 3\n1\tHai\t6\n")
    assert [type(block).__name__ for block in found] == ["Grid", "Paragraph", "Grid"]


def test_one_tab_before_prose_is_an_indent() -> None:
    assert prose("\tTrong kỳ, Sở đã ban hành kế hoạch.\n") == ["Trong kỳ, Sở đã ban hành kế hoạch."]


def test_pipes_draw_a_table_too() -> None:
    found = grids("| STT | Chỉ tiêu | Số liệu |\n|---|---|---|\n| 1 | Hồ sơ | 5 |\n")
    assert texts(found[0]) == [["STT", "Chỉ tiêu", "Số liệu"], ["1", "Hồ sơ", "5"]]


def test_marks_are_removed_and_a_glued_caption_is_cut_where_they_stood() -> None:
    text = "Phụ lục 6**BIỂU MẪU THỐNG KÊ***(Ban hành kèm theo Báo cáo số 1/BC-SNV)*\n"
    assert prose(text) == ["Phụ lục 6", "BIỂU MẪU THỐNG KÊ", "(Ban hành kèm theo Báo cáo số 1/BC-SNV)"]
    assert texts(grids("1\t<i>Số hồ sơ</i>\t**5**\n")[0]) == [["1", "Số hồ sơ", "5"]]


def test_a_star_alone_is_a_footnote_mark_and_stays() -> None:
    assert texts(grids("1\tSố hồ sơ\t20*\n")[0])[0][2] == "20*"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_are_honoured(encoding: str) -> None:
    assert decode_bytes("Sở Nội vụ đã".encode(encoding)) == ("Sở Nội vụ đã", ())


def test_bytes_of_no_unicode_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("BÁO CÁO".encode("cp1258", errors="ignore") + b"\xe9\xf5\n1\tA\t5\n")
    assert [problem.severity for problem in read_text(path).problems] == ["warning"]
