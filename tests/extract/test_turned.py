"""Tables turned by a quarter or set in two halves stand upright; others stay as they are."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.model import Cell, Grid, Paragraph, RawDocument, SourceFile
from extract.tables.turned import upright
from extract.text import unwrap
from normalize.rows import printed_rows

HEADER = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu")
ROWS = [HEADER, ("1", "Số văn bản", "Văn bản", "5"), ("1.1", "Số kế hoạch", "Kế hoạch", "7"), ("2", "Tỷ lệ", "%", "9")]


def grid(*rows: tuple[str, ...]) -> Grid:
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(cells, len(rows), len(rows[0]), "docx")


def texts(found: Grid) -> list[tuple[str, ...]]:
    at = {(cell.row, cell.col): cell.text for cell in found.cells}
    return [tuple(at.get((r, c), "") for c in range(found.n_cols)) for r in range(found.n_rows)]


def test_a_turned_table_stands_upright() -> None:
    (found,) = upright(grid(*zip(*ROWS, strict=True)))
    assert texts(found) == ROWS


def test_halves_beside_each_other_are_one_after_the_other() -> None:
    halves = list(upright(grid(HEADER * 2, ROWS[1] + ROWS[2], ROWS[3] + ("",) * 4)))
    assert [texts(half) for half in halves] == [[HEADER, ROWS[1], ROWS[3]], [HEADER, ROWS[2]]]


def test_halves_are_one_table_of_their_appendix() -> None:
    raw = RawDocument((Paragraph(text="Phụ lục 2"), grid(HEADER * 2, ROWS[1] + ROWS[2])), "docx")
    (table,) = build_document(SourceFile("a.docx", "0" * 64, 1, "docx"), raw).tables
    assert [(row.stt_raw, row.name) for row in printed_rows(table)] == [("1", "Số văn bản"), ("1.1", "Số kế hoạch")]


@pytest.mark.parametrize(
    "given",
    [
        ROWS,
        [("STT", "Lĩnh vực", "Tổng số", "Trong kỳ", "Tổng số", "Trong kỳ"), ("1", "Đất đai", "5", "4", "3", "2")],
        [("Chỉ tiêu", "Số liệu"), ("Số văn bản", "5"), ("Kết quả", "7"), ("Đơn vị", "8")],
    ],
)
def test_other_tables_stay_as_they_are(given: list[tuple[str, ...]]) -> None:
    whole = grid(*given)
    assert list(upright(whole)) == [whole]


def test_a_cell_over_both_halves_keeps_them_together() -> None:
    halves = grid(HEADER * 2, ROWS[1] + ROWS[2])
    across = Cell(2, 3, "cả hai", 1, 2)
    whole = Grid((*halves.cells, across), 3, 8, "docx")
    assert list(upright(whole)) == [whole]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("19\n87,50\n8\n07", "19\n87,50\n8\n07"),
        ("5\n12,5", "5\n12,5"),
        ("61.300.\n398", "61.300.398"),
        ("11.78\n4", "11.784"),
        ("100\n%", "100%"),
    ],
)
def test_figures_on_lines_of_their_own_are_not_one(cell: str, read: str) -> None:
    assert unwrap(cell, is_figure=True) == read


def test_a_unit_merged_over_rows_is_that_of_each() -> None:
    cells = [cell for cell in grid(*ROWS[:3]).cells if (cell.row, cell.col) != (2, 2)]
    cells = [cell if (cell.row, cell.col) != (1, 2) else Cell(1, 2, "Văn bản", 2, 1) for cell in cells]
    raw = RawDocument((Paragraph(text="Phụ lục 2"), Grid(tuple(cells), 3, 4, "docx")), "docx")
    (table,) = build_document(SourceFile("a.docx", "0" * 64, 1, "docx"), raw).tables
    assert [row.unit_raw for row in printed_rows(table)] == ["Văn bản", "Văn bản"]


def test_columns_that_no_cell_begins_are_left_out() -> None:
    cells = [Cell(cell.row, 2 * cell.col, cell.text, 1, 2) for cell in grid(*ROWS).cells]
    (found,) = upright(Grid(tuple(cells), 4, 8, "html"))
    assert texts(found) == ROWS and found.n_cols == 4
