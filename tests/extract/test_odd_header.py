"""Headers that cannot be right are an error of their table."""

from __future__ import annotations

import pytest

from extract.model import Caption, Cell, Column, Table
from extract.tables.odd_header import odd_headers


def table(method: str, *headers: tuple[str, ...]) -> Table:
    columns = [Column(0, "stt", ("STT",)), Column(1, "name", ("Lĩnh vực",))]
    columns += [Column(2 + i, "value", header) for i, header in enumerate(headers)]
    return Table(1, Caption(), tuple(columns), (), 0, (3,), method)


@pytest.mark.parametrize(
    ("method", "headers", "codes"),
    [
        ("pdf-text", [("Công chức", "Lãnh đạo"), ("Viên chức", "Lãnh đạo")], []),
        ("pdf-text", [("Lãnh đạo",), ("Lãnh đạo",)], ["header-doubtful"]),
        ("pdf-text", [("Đang quyết", "Quá hạn"), ("giải", "Trong hạn")], ["header-doubtful"]),
        ("pdf-text", [("kê",), ("chú",)], ["header-doubtful"]),  # lower lines of cells, though most are so
        ("pdf-text", [("đúng hạn",), ("trước hạn",), ("quá hạn",)], []),  # a writer's habit, not a cut
        ("pdf-text", [("Đã xong", "Tổng số"), ("Đã xong", "quá hạn"), ("Đang làm",)], []),  # what headers say
        ("pdf-text", [("Cùng kỳ năm trước Kỳ báo cáo",)], ["header-doubtful"]),
        ("pdf-text", [("Công chức", "Lãnh đạo"), ("Viên chức Lãnh đạo",)], ["header-doubtful"]),
        ("pdf-text", [("Quá hạn",), ("Hồ sơ quá hạn",)], []),
        ("pdf-text", [("Kết quả thống kê", "Số liệu Quý I")], []),
        ("pdf-lines", [("Lãnh đạo",), ("Lãnh đạo",)], []),  # rules say where the cells are
        ("pdf-lines", [("Đ ã g i ả i", "Q u á h ạ n")], ["header-doubtful"]),  # spaced out, or set letter by letter
        ("pdf-lines", [("A", "B"), ("Nhóm A, B, C",)], []),
        ("ocr", [("Lãnh đạo",), ("Lãnh đạo",)], ["ocr-header-doubtful"]),
    ],
)
def test_a_header_that_was_cut_wrongly_is_said(method: str, headers: list[tuple[str, ...]], codes: list[str]) -> None:
    assert [problem.code for problem in odd_headers([table(method, *headers)])] == codes


@pytest.mark.parametrize(("figure", "codes"), [("5", ["header-doubtful"]), ("", [])])
def test_figures_under_no_header_are_said(figure: str, codes: list[str]) -> None:
    columns = (Column(0, "stt", ("STT",)), Column(1, "name", ("Chỉ tiêu",)), Column(2, "value", ()))
    cells = (Cell(1, 0, "1"), Cell(1, 1, "Số văn bản"), Cell(1, 2, figure))
    found = odd_headers([Table(1, Caption(), columns, cells, 1, (), "text")])
    assert [problem.code for problem in found] == codes


def test_a_group_over_names_and_figures_is_said() -> None:
    columns = (
        Column(0, "stt", ("STT",)),
        Column(1, "name", ("Cùng kỳ", "Nội dung")),
        Column(2, "value", ("Cùng kỳ", "Số")),
    )
    found = odd_headers([Table(1, Caption(), columns, (), 0, (3,), "pdf-text")])
    assert [problem.detail for problem in found] == ["Cùng kỳ"]
