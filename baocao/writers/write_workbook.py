"""`bao-cao.xlsx`: the dataset for people who work in Excel.

In: the staged tables. Out: five sheets: what to know first; the wide panel (agency × period by indicator);
the long rows; the findings; the catalogue with meanings. Only primary rows are in the panel, the long
sheet has all. Rows are written in constant memory and the file's dates are fixed: same rows, same bytes.
What does not fit (`Limits`) is never left out silently: the first sheet says what and where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import xlsxwriter

from baocao import schema
from baocao.writers import Staged, Written
from baocao.writers.staged_rows import as_tuples, read_rows
from baocao.writers.workbook_panel import (
    KEYS,
    PANEL,
    by_year,
    equals,
    groups,
    newest,
    no_rows,
    panel_cells,
    plain,
    value_counts,
    years_of,
)
from baocao.writers.workbook_sheet import EXCEL_COLUMNS, EXCEL_ROWS, Formats, Head, SheetWriter
from normalize.findings import load_findings

NAME = "bao-cao.xlsx"
_CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - a fixed date, so that the bytes do not tell when


@dataclass(frozen=True, slots=True)
class Limits:
    """What the workbook holds at most. Panels beyond `sheet_rows` or `sheet_columns` are split by year."""

    long_rows: int = 200_000
    panel_cells: int = 1_500_000
    findings: int = 200_000
    sheet_rows: int = EXCEL_ROWS - 8
    sheet_columns: int = EXCEL_COLUMNS - 16


_LONG = (
    ("agency", 26),
    ("province", 16),
    ("period", 10),
    ("period_end", 11),
    ("appendix", 8),
    ("stt", 9),
    ("indicator", 52),
    ("unit", 12),
    ("measure", 10),
    ("breakdown", 18),
    ("value", 14),
    ("value_raw", 14),
    ("flow", 10),
    ("status", 10),
    ("note", 30),
    ("is_primary", 8),
    ("source", 34),
    ("page", 7),
    ("table", 7),
    ("row", 7),
    ("indicator_id", 30),
    ("observation_id", 34),
)
_FINDINGS = (
    ("severity", 10),
    ("code", 24),
    ("message", 70),
    ("source", 34),
    ("page", 7),
    ("appendix", 8),
    ("stt", 9),
    ("table", 7),
    ("row", 7),
    ("measure", 10),
    ("expected", 14),
    ("actual", 14),
    ("indicator_id", 30),
    ("observation_id", 34),
    ("finding_id", 34),
)
_CATALOGUE = (
    ("appendix", 8),
    ("code", 9),
    ("indicator", 60),
    ("indicator_en", 50),
    ("unit", 14),
    ("kind", 10),
    ("flow", 11),
    ("direction", 9),
    ("parent", 30),
    ("formula", 44),
    ("first_period", 11),
    ("last_period", 11),
    ("n_observations", 10),
    ("template", 20),
    ("valid_from", 11),
    ("valid_to", 11),
    ("is_catalogued", 10),
    ("indicator_id", 34),
)
_KEY_WIDTHS = (26, 16, 10, 11, 11, 24, 16, 16)
_SEVERITIES = ("error", "warning", "info")
_YES_NO = {True: "có", False: "không"}


def write(staged: Staged, limits: Limits | None = None) -> list[Written]:
    """Write the workbook of a staged dataset."""
    _Book(staged, limits or Limits()).write()
    return [Written(NAME, "xlsx", title="Sổ số liệu cho Excel")]


class _Book:
    def __init__(self, staged: Staged, limits: Limits) -> None:
        self._staged, self._limits = staged, limits
        self._notes: list[str] = []
        self._counts: Counter[str] = Counter()

    def write(self) -> None:
        scratch = self._staged.folder / ".xlsx"
        scratch.mkdir(exist_ok=True)
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(scratch),
            "default_date_format": "dd/mm/yyyy",
        }
        book = xlsxwriter.Workbook(str(self._staged.folder / NAME), options)
        try:
            book.set_properties(
                {
                    "title": "Số liệu báo cáo cải cách hành chính",
                    "created": _CREATED,
                    "comments": "Do baocao lập từ các báo cáo gốc.",
                }
            )
            self._formats = Formats(book)
            front = book.add_worksheet("Đọc trước")
            self._panel(book)
            self._long(book)
            self._findings(book)
            self._catalogue(book)
            self._front(front)
        finally:
            book.close()
            scratch.rmdir()

    # ------------------------------------------------------------ the panel

    def _panel(self, book: Any) -> None:
        cells, used = self._panel_sizes()
        years, left_out = newest(cells, self._limits.panel_cells)
        catalogue = self._read_catalogue(["indicator_id", "indicator", "unit"])
        columns = [row for row in as_tuples(catalogue) if row[0] in used]
        if left_out:
            self._notes.append(
                f"Trang “Tổng hợp” chỉ có các năm {', '.join(years)}; các năm {', '.join(left_out)} quá "
                "lớn cho Excel, xem observations.csv hoặc observations.parquet."
            )
        rows = self._panel_rows(set(years))
        n_rows = sum(1 for _ in groups(rows.select(list(KEYS))))
        is_small = n_rows <= self._limits.sheet_rows and len(columns) <= self._limits.sheet_columns
        for title, part in [("Tổng hợp", rows)] if is_small else by_year("Tổng hợp", rows, years):
            self._panel_sheet(book, title, part, columns)

    def _panel_sizes(self) -> tuple[Counter[str], set[str]]:
        """Cells of each year, and the indicators there are."""
        cells: Counter[str] = Counter()
        used: set[str] = set()
        for rows in self._panel_batches():
            for year, count in value_counts(years_of(rows)):
                cells[year] += count
            used |= set(rows.column("indicator_id").unique().cast(pa.string()).to_pylist())
        return cells, used

    def _panel_batches(self) -> Iterator[pa.Table]:
        """Primary figures of the reporting period, without cross-tables and blanks."""
        for rows in read_rows(self._staged.folder, "observations", [*PANEL, "measure", "breakdown", "is_primary"]):
            is_panel = pc.and_(rows.column("is_primary"), equals(rows, "measure", "actual"))
            is_panel = pc.and_(is_panel, equals(rows, "breakdown", ""))
            says = pc.or_(pc.is_valid(rows.column("value")), pc.invert(equals(rows, "value_kind", "blank")))
            named = pc.invert(equals(rows, "indicator_id", ""))
            yield rows.filter(pc.and_(pc.and_(is_panel, says), named)).select(list(PANEL))

    def _panel_rows(self, years: set[str]) -> pa.Table:
        kept = []
        wanted = pa.array(sorted(years), pa.string())
        for rows in self._panel_batches():
            kept.append(rows.filter(pc.is_in(years_of(rows), value_set=wanted)))
        whole = pa.concat_tables(kept).unify_dictionaries() if kept else no_rows()
        keys = ("agency", "agency_id", "province_id", "period_end", "period_start", "period", "observation_id")
        return whole.take(pc.sort_indices(plain(whole, keys), [(name, "ascending") for name in keys]))

    def _panel_sheet(self, book: Any, title: str, rows: pa.Table, columns: Sequence[tuple[Any, ...]]) -> None:
        columns = columns[: self._limits.sheet_columns]
        titles = {column.name: column.title for column in schema.columns("observations")}
        heads = [
            Head(titles[name], width, "date" if name.startswith("period_") else "text")
            for name, width in zip(KEYS, _KEY_WIDTHS, strict=True)
        ]
        heads += [Head(name, 16, "number", (unit, indicator_id)) for indicator_id, name, unit in columns]
        sheet = SheetWriter(book, self._formats, title, heads, frozen_columns=3)
        place = {row[0]: at for at, row in enumerate(columns, len(KEYS))}
        for key, group in groups(rows):
            for at, cell in enumerate(key):
                if cell is not None and cell != "":
                    sheet.put(at, cell, heads[at].kind)
            for at, (value, kind, state) in sorted(panel_cells(group, place).items()):
                sheet.put(at, value, kind, state)
                self._counts["panel"] += 1
            sheet.end_row()
        sheet.close()

    # ------------------------------------------------------------ the other sheets

    def _long(self, book: Any) -> None:
        if self._staged.n_observations > self._limits.long_rows:
            self._notes.append(
                f"Trang “Số liệu” để trống: {_vi(self._staged.n_observations)} dòng là quá lớn cho "
                f"Excel (giới hạn {_vi(self._limits.long_rows)}); xem observations.csv, "
                "observations.parquet hoặc từng chỉ tiêu trong thư mục indicators."
            )
            sheet = SheetWriter(book, self._formats, "Số liệu", [Head("Số liệu ở đâu", 90, "wrap")])
            sheet.add([self._notes[-1]])
            sheet.close()
            return
        sheet = SheetWriter(book, self._formats, "Số liệu", self._heads("observations", _LONG), frozen_columns=3)
        names = [name for name, _ in _LONG]
        at_value, at_status, at_primary = names.index("value"), names.index("status"), names.index("is_primary")
        at_raw = names.index("value_raw")
        for rows in read_rows(self._staged.folder, "observations", names):
            for cells in as_tuples(rows):
                states = [""] * len(cells)
                states[at_value] = states[at_status] = states[at_raw] = cells[at_status]
                row = [*cells]
                row[at_primary] = _YES_NO[cells[at_primary]]
                sheet.add(row, states)
        self._counts["long"] = sheet.rows
        sheet.close()

    def _findings(self, book: Any) -> None:
        sheet = SheetWriter(
            book,
            self._formats,
            "Nghi vấn",
            [*self._heads("findings", _FINDINGS), Head("Việc cần làm", 60, "wrap")],
            frozen_columns=3,
        )
        names = [name for name, _ in _FINDINGS]
        action = {code: entry.action_vi for code, entry in load_findings().items()}
        most = min(self._limits.findings, self._limits.sheet_rows)
        for severity in _SEVERITIES:
            for rows in read_rows(self._staged.folder, "findings", names):
                for cells in as_tuples(rows.filter(equals(rows, "severity", severity))):
                    self._counts["findings"] += 1
                    if sheet.rows < most:
                        sheet.add([*cells, action.get(cells[1], "")], [severity, *[""] * len(cells)])
        if self._counts["findings"] > sheet.rows:
            self._notes.append(
                f"Trang “Nghi vấn” có {_vi(sheet.rows)} phát hiện nặng nhất trong số "
                f"{_vi(self._counts['findings'])}; tất cả ở findings.csv."
            )
        sheet.close()

    def _catalogue(self, book: Any) -> None:
        sheet = SheetWriter(book, self._formats, "Chỉ tiêu", self._heads("catalogue", _CATALOGUE), frozen_columns=3)
        for cells in as_tuples(self._read_catalogue([name for name, _ in _CATALOGUE])):
            sheet.add([_YES_NO[cell] if isinstance(cell, bool) else cell for cell in cells])
        self._counts["indicators"] = sheet.rows
        sheet.close()

    def _heads(self, table: str, columns: Sequence[tuple[str, float]]) -> list[Head]:
        described = {column.name: column for column in schema.columns(table)}
        wide = ("indicator", "message", "note", "indicator_en", "formula")
        kinds = {"string": "text", "boolean": "text", "date": "date"}
        return [
            Head(
                described[name].title,
                width,
                "wrap" if name in wide else kinds.get(described[name].type, "number"),
                (name,),
            )
            for name, width in columns
        ]

    def _read_catalogue(self, names: list[str]) -> pa.Table:
        types = {column.name: pa.string() for column in schema.columns("catalogue")}
        types |= {"is_catalogued": pa.bool_(), "n_observations": pa.int32()}
        options = pacsv.ConvertOptions(column_types=types, include_columns=names, strings_can_be_null=False)
        path = self._staged.folder / "catalogue.csv"
        with path.open("rb") as file:
            delimiter = ";" if b";" in file.readline() else ","
        parsing = pacsv.ParseOptions(newlines_in_values=True, delimiter=delimiter)
        return pacsv.read_csv(path, parse_options=parsing, convert_options=options)

    # ------------------------------------------------------------ the first sheet

    def _front(self, sheet: Any) -> None:
        formats = self._formats
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 96)
        sheet.write_string(0, 0, "Số liệu từ báo cáo cải cách hành chính", formats.title)
        row = 2
        for title, text in _front_lines(self._counts, self._staged.n_observations):
            sheet.set_row(row, 14 * (1 + len(text) // 95))
            sheet.write_string(row, 0, title, formats.strong)
            sheet.write_string(row, 1, text, formats.of("wrap"))
            row += 1
        row += 1
        sheet.write_string(row, 0, "Màu của ô", formats.strong)
        for state, meaning in _LEGEND:
            row += 1
            sheet.write_string(row, 0, meaning[0], formats.of("text", state))
            sheet.write_string(row, 1, meaning[1], formats.of("wrap"))
        for note in self._notes:
            row += 1
            sheet.set_row(row + 1, 14 * (1 + len(note) // 95))
            sheet.write_string(row + 1, 0, "Lưu ý", formats.strong)
            sheet.write_string(row + 1, 1, note, formats.of("wrap"))
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)


_LEGEND = (
    ("doubtful", ("Chưa chắc chắn", "Số đã đọc được nhưng có điều đáng ngờ; lý do ở trang “Nghi vấn”.")),
    ("unparsed", ("Chưa đọc được", "Ô có chữ nhưng không đọc được thành số; ghi nguyên văn.")),
    ("corrected", ("Đã đính chính", "Số do người kiểm tra sửa, có lý do trong corrections.csv.")),
    ("several", ("Nhiều số khác nhau", "Cùng cơ quan, kỳ và chỉ tiêu có nhiều số; ô ghi số đầu, xem trang “Số liệu”.")),
)


def _front_lines(counts: Counter[str], n_observations: int) -> Iterator[tuple[str, str]]:
    yield (
        "Tổng hợp",
        (
            f"Mỗi dòng là một cơ quan trong một kỳ, mỗi cột một chỉ tiêu ({_vi(counts['panel'])} số). "
            "Chỉ lấy số thực hiện trong kỳ của báo cáo chính; bảng chéo ở trang “Số liệu”."
        ),
    )
    yield (
        "Số liệu",
        (
            f"Từng dòng như trong báo cáo, kèm nơi lấy (tệp, trang, bảng, dòng): {_vi(n_observations)} dòng. "
            "Dòng có “Bản chính” là “không” thuộc báo cáo trùng hoặc đã bị thay; đừng cộng hai lần."
        ),
    )
    yield "Nghi vấn", f"{_vi(counts['findings'])} phát hiện, nặng nhất đứng trước; cột cuối là việc cần làm."
    yield "Chỉ tiêu", f"Danh mục {_vi(counts['indicators'])} chỉ tiêu: tên, đơn vị, cách tính, kỳ đầu và kỳ cuối."
    yield "Ô trống", "Báo cáo không in số ở đó. Ô trống không có nghĩa là 0."
    yield "Tỷ lệ", "Ghi bằng số phần trăm: 88,7 nghĩa là 88,7 %."
    yield "Mã", "Số thứ tự (1.2), mã cơ quan, mã tỉnh là chữ, không phải số hay ngày."
    yield "Lọc", "Mỗi trang có bộ lọc ở dòng tiêu đề cuối; các dòng tiêu đề đứng yên khi cuộn."
    yield "Bản quyền", "Số liệu dùng tự do (CC0 1.0). Mô tả từng cột ở codebook.html."


def _vi(number: int) -> str:
    return f"{number:,}".replace(",", ".")
