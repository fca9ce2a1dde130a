"""Pages that repeat only the first row of a header of two, and what is then printed over their first row."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.model import Block, Cell, Document, Grid, Paragraph, RawDocument, SourceFile

Spec = tuple[int, int, str, int, int]  # row, column, text, rows and columns it covers

HEADER: list[Spec] = [
    (0, 0, "STT", 2, 1), (0, 1, "Nội dung chỉ tiêu", 2, 1), (0, 2, "Kết quả thực hiện", 1, 2), (0, 4, "Ghi chú", 2, 1),
    (1, 2, "Cùng kỳ năm trước", 1, 1), (1, 3, "Kỳ báo cáo", 1, 1),
]  # fmt: skip
BEGUN: list[Spec] = [*((r, c, t, 1, span) for r, c, t, _, span in HEADER[:4])]


def row(number: int, *texts: str) -> list[Spec]:
    return [(number, col, text, 1, 1) for col, text in enumerate(texts)]


def grid(page: int, *cells: list[Spec], header_rows: int | None = None) -> Grid:
    made = tuple(Cell(r, c, t, rows, cols, page=page) for part in cells for r, c, t, rows, cols in part)
    n_rows = max(cell.row for cell in made) + 1
    return Grid(made, n_rows, 5, "pdf-lines", page=page, continues=page > 1, header_rows=header_rows)


def document(*grids: Grid) -> Document:
    blocks: tuple[Block, ...] = (Paragraph(text="Phụ lục 2", page=1), *grids)
    return build_document(SourceFile("a.pdf", "0" * 64, 1, "pdf"), RawDocument(blocks, "pdf"))


def rows_of(found: Document) -> list[list[str]]:
    (table,) = found.tables
    assert [column.header[-1] for column in table.columns[2:4]] == ["Cùng kỳ năm trước", "Kỳ báo cáo"]
    texts: dict[int, list[str]] = {}
    for cell in table.cells:
        texts.setdefault(cell.row, [""] * 5)[cell.col] = cell.text.replace("\n", " ")
    return list(texts.values())


FIRST = grid(1, HEADER, row(2, "1.", "Số hồ sơ", "5", "6", ""))


@pytest.mark.parametrize("header_rows", [None, 0], ids=["not told", "said to have no header"])
def test_a_page_that_repeats_the_upper_row_of_a_header_goes_on(header_rows: int | None) -> None:
    found = document(FIRST, grid(2, BEGUN, row(1, "2.", "Số văn bản", "7", "8", ""), header_rows=header_rows))
    assert rows_of(found)[1] == ["2.", "Số văn bản", "7", "8", ""]
    assert not found.problems


@pytest.mark.parametrize(
    "below",
    [
        [row(1, "STT\n2.", "Nội dung chỉ tiêu\nSố văn bản", "7", "8", "Ghi chú")],  # line between line
        [row(1, "STT", "Nội dung chỉ tiêu\nSố văn", "", "", "Ghi chú"), row(2, "2.", "bản", "7", "8", "")],
        [row(1, "STT", "Nội dung", "", "", "Ghi chú"), row(2, "2.", "chỉ tiêu\nSố văn bản", "7", "8", "")],
    ],
    ids=["between", "row cut in two", "header cut in two"],
)
def test_words_of_the_header_over_the_first_row_are_taken_out_and_said(below: list[list[Spec]]) -> None:
    group = [(0, 2, "Kết quả thực hiện", 1, 2)]
    last = len(below) + 1
    found = document(FIRST, grid(2, group, *below, row(last, "3.", "Số đơn vị", "1", "2", "")))
    assert rows_of(found)[1:] == [["2.", "Số văn bản", "7", "8", ""], ["3.", "Số đơn vị", "1", "2", ""]]
    assert [(p.code, p.severity, p.row) for p in found.problems] == [("header-over-row", "warning", 2)]


def test_a_header_that_is_another_is_not_taken_for_the_one_before() -> None:
    other = [(0, 0, "STT", 1, 1), (0, 1, "Nội dung chỉ tiêu", 1, 1), (0, 2, "Số huyện", 1, 1), (0, 3, "Số xã", 1, 1),
             (0, 4, "Ghi chú", 1, 1)]  # fmt: skip
    found = document(FIRST, grid(2, other, row(1, "1.", "Số văn bản", "7", "8", "")))
    assert len(found.tables) == 2


def test_a_whole_header_repeated_is_not_said_to_be_begun() -> None:
    found = document(FIRST, grid(2, HEADER, row(2, "2.", "Số văn bản", "7", "8", "")))
    assert rows_of(found)[1][0] == "2." and not found.problems
