"""Cross-tables with two and three header levels come out of text, DOCX and PDF with path, breakdown and totals right.

`data/crosstabs.pdf` is the DOCX that `write_docx` makes, printed by LibreOffice. To make it anew, run this file with
a folder and print the `crosstabs.docx` it writes there to PDF, with a font that has the Vietnamese letters.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT

from extract import read_file
from extract.model import Document
from normalize import normalize
from normalize.model import NormalizedReport, Observation

HEAD = ["BÁO CÁO", "Công tác cải cách hành chính năm 2024", "I. KẾT QUẢ", "Số liệu kèm theo."]
JOIN = " › "


@dataclass(frozen=True)
class Cross:
    """A cross-table: header paths, and rows of (code, name, figures); `kinds` of the rows, '' for totals."""

    number: str
    title: str
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, str, tuple[int, ...]], ...]
    kinds: tuple[str, ...]
    has_numbers: bool = False


HANDLED = (
    ("Hồ sơ tiếp nhận", "Tổng số"),
    ("Hồ sơ tiếp nhận", "Trong kỳ", "Trực tuyến"),
    ("Hồ sơ tiếp nhận", "Trong kỳ", "Trực tiếp, bưu chính"),
    ("Hồ sơ tiếp nhận", "Kỳ trước chuyển qua"),
    ("Hồ sơ đã giải quyết", "Tổng số"),
    ("Hồ sơ đã giải quyết", "Trước hạn"),
    ("Hồ sơ đã giải quyết", "Đúng hạn"),
    ("Hồ sơ đã giải quyết", "Quá hạn"),
)
SETTLED = (
    ("Số hồ sơ đã giải quyết", "Tổng số"),
    ("Số hồ sơ đã giải quyết", "Đúng hạn"),
    ("Số hồ sơ đã giải quyết", "Quá hạn"),
)
LETTERS = (
    ("Văn bản đến", "Điện tử"),
    ("Văn bản đến", "Giấy"),
    ("Văn bản đi", "Điện tử"),
    ("Văn bản đi", "Giấy"),
)
TABLES = (
    Cross("9", "Tình hình giải quyết hồ sơ theo lĩnh vực", (("STT",), ("Lĩnh vực",), *HANDLED),
          (("", "Tổng số", (1311, 1050, 217, 44, 1284, 1101, 176, 7)),
           ("1", "Đất đai", (1061, 900, 150, 11, 1040, 900, 135, 5)),
           ("2", "Tư pháp - Hộ tịch", (150, 100, 20, 30, 148, 120, 28, 0)),
           ("3", "Hội", (100, 50, 47, 3, 96, 81, 13, 2))),
          ("", "field", "field", "field"), has_numbers=True),
    Cross("10", "Tình hình giải quyết hồ sơ của các cơ quan", (("TT",), ("Cơ quan, đơn vị",), *HANDLED),
          (("I", "Cấp tỉnh", (1211, 1000, 170, 41, 1188, 1020, 163, 5)),
           ("1", "Sở Nội vụ", (1061, 900, 150, 11, 1040, 900, 135, 5)),
           ("2", "Thanh tra tỉnh", (150, 100, 20, 30, 148, 120, 28, 0)),
           ("II", "Cấp huyện", (200, 100, 94, 6, 192, 162, 26, 4)),
           ("1", "Huyện Phú Vang", (100, 50, 47, 3, 96, 81, 13, 2)),
           ("2", "Thị xã Hương Thủy", (100, 50, 47, 3, 96, 81, 13, 2)),
           ("", "Tổng cộng", (1411, 1100, 264, 47, 1380, 1182, 189, 9))),
          ("other", "agency", "agency", "other", "agency", "agency", "")),
    Cross("11", "Kết quả giải quyết theo huyện", (("STT",), ("Địa phương",), *SETTLED),
          (("1", "Huyện Phú Vang", (96, 94, 2)),
           ("2", "Thành phố Huế", (1040, 1035, 5)),
           ("", "Cộng", (1136, 1129, 7))),
          ("district", "district", "")),
    Cross("12", "Kết quả giải quyết theo xã", (("STT",), ("Tên xã, phường",), *SETTLED),
          (("1", "Xã Phú An", (96, 94, 2)),
           ("2", "Phường Phú Thượng", (40, 35, 5)),
           ("3", "Đặc khu Phú Quý", (7, 7, 0)),
           ("", "Tổng số", (143, 136, 7))),
          ("commune", "commune", "commune", "")),
    Cross("13", "Gửi nhận văn bản qua các năm", (("TT",), ("Năm",), *LETTERS),
          (("1", "2021", (1200, 800, 900, 700)),
           ("2", "2022", (1500, 500, 1100, 400)),
           ("3", "2023", (1900, 90, 1400, 35))),
          ("year", "year", "year")),
)  # fmt: skip


def figure(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def lines(table: Cross) -> list[list[str]]:
    rows = [[code, name, *map(figure, figures)] for code, name, figures in table.rows]
    numbers = [[f"({n})" for n in range(1, len(table.header) + 1)]] if table.has_numbers else []
    return numbers + rows


def header_cells(table: Cross) -> Iterator[tuple[int, int, int, int, str]]:
    """(row, column, last row, last column, words) of each header cell."""
    depth = max(map(len, table.header))
    for level in range(depth):
        c = 0
        while c < len(table.header):
            path = table.header[c]
            last = c
            while (
                len(path) > level + 1
                and last + 1 < len(table.header)
                and table.header[last + 1][: level + 1] == path[: level + 1]
            ):
                last += 1
            if len(path) == level + 1:
                yield level, c, depth - 1, c, path[level]
            elif len(path) > level:
                yield level, c, level, last, path[level]
            c = last + 1


def write_text(tables: tuple[Cross, ...], directory: Path) -> Path:
    out = [*HEAD]
    for table in tables:
        grid = [[""] * len(table.header) for _ in range(max(map(len, table.header)))]
        for row, column, _, _, words in header_cells(table):
            grid[row][column] = words
        out += ["", f"Phụ lục {table.number}", "", table.title, ""]
        out += ["\t".join(row) for row in (*grid, *lines(table))]
    path = directory / "crosstabs.txt"
    path.write_text("\n".join(out), encoding="utf-8")
    return path


def write_docx(tables: tuple[Cross, ...], directory: Path) -> Path:
    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    for line in HEAD:
        document.add_paragraph(line)
    for table in tables:
        document.add_page_break()
        for line in (f"Phụ lục {table.number}", table.title):
            document.add_paragraph(line)
        depth, body = max(map(len, table.header)), lines(table)
        grid = document.add_table(rows=depth + len(body), cols=len(table.header))
        grid.style = "Table Grid"
        for row, column, last_row, last_column, words in header_cells(table):
            grid.cell(row, column).merge(grid.cell(last_row, last_column)).text = words
        for r, texts in enumerate(body):
            for c, text in enumerate(texts):
                grid.cell(depth + r, c).text = text
    path = directory / "crosstabs.docx"
    document.save(str(path))
    return path


def stored_pdf(tables: tuple[Cross, ...], directory: Path) -> Path:
    return Path(__file__).parent / "data" / "crosstabs.pdf"


def read(path: Path) -> NormalizedReport:
    document = read_file(path, path.name)
    assert isinstance(document, Document)
    return normalize(document, report_id="r", source=path.name)


def by_row(report: NormalizedReport, table: Cross) -> list[list[Observation]]:
    rows: dict[int, list[Observation]] = {}
    for o in report.observations:
        if o.appendix == table.number:
            rows.setdefault(o.row, []).append(o)
    return list(rows.values())


@pytest.mark.parametrize("write", [write_text, write_docx, stored_pdf], ids=["text", "docx", "pdf"])
def test_path_breakdown_and_totals_come_out_right(
    write: Callable[[tuple[Cross, ...], Path], Path], tmp_path: Path
) -> None:
    report = read(write(TABLES, tmp_path))
    for table in TABLES:
        rows = by_row(report, table)
        paths = [JOIN.join(path) for path in table.header[2:]]
        assert len(rows) == len(table.rows), table.number
        for found, (_, name, figures), kind in zip(rows, table.rows, table.kinds, strict=True):
            assert [o.measure_raw for o in found] == paths
            assert [o.value for o in found] == [Decimal(figure) for figure in figures]
            assert {o.breakdown for o in found} == {name if kind else ""}
            assert {o.breakdown_kind for o in found} == {kind}
            assert len({o.indicator_id for o in found}) == len(paths)
    for table in TABLES:  # a column that nobody catalogued is named once
        named = [f.message for f in report.findings if f.code == "indicator-unmatched" and f.appendix == table.number]
        assert len(named) == len(table.header) - 2
    doubts = [(f.code, f.appendix, f.message) for f in report.findings if f.severity != "info"]
    assert [doubt for doubt in doubts if doubt[1]] == []


@pytest.mark.parametrize(
    ("number", "row", "column"), [("9", 0, 0), ("9", 2, 5), ("10", 3, 1), ("11", 2, 0), ("12", 1, 2)]
)
def test_one_changed_digit_is_an_error_of_the_table(number: str, row: int, column: int, tmp_path: Path) -> None:
    def changed(table: Cross) -> Cross:
        if table.number != number:
            return table
        rows = [list(r) for r in table.rows]
        figures = list(table.rows[row][2])
        figures[column] += 10
        rows[row][2] = tuple(figures)
        return replace(table, rows=tuple(map(tuple, rows)))  # type: ignore[arg-type]

    report = read(write_text(tuple(map(changed, TABLES)), tmp_path))
    errors = {(f.code, f.appendix) for f in report.findings if f.severity == "error"}
    assert errors == {("crosstab-sum-mismatch", number)}


if __name__ == "__main__":
    print(write_docx(TABLES, Path(sys.argv[1])))
