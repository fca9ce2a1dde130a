"""Lines that every format prints the same way: dates, captions, reference lines, the grid of header cells."""

from __future__ import annotations

from datetime import date

from tools.corpus.model import Appendix, Layout, Report, Row


def long_date(day: date) -> str:
    """`ngày 05 tháng 01 năm 2020`, `ngày 29 tháng 6 năm 2019`: Decree 30/2020 pads days below 10 and months 1, 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def letterhead_number(report: Report) -> str:
    """`Số: 2147/BC-SKHĐT`, or with the blanks some offices leave for the number."""
    if "number-spaced" in report.styles:
        return f"Số:   {report.number}  /BC-{report.symbol}"
    return f"Số: {report.doc_number}"


def place_and_date(report: Report) -> str:
    """`Huế, ngày 05 tháng 01 năm 2020`; the style date-plain pads the month and not the day."""
    day = report.date
    if "date-plain" in report.styles:
        return f"{report.place}, ngày {day.day} tháng {day.month:02d} năm {day.year}"
    return f"{report.place}, {long_date(day)}"


def short_date(day: date, padded: bool = False) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if padded else f"{day.day}/{day.month}/{day.year}"


def reference(report: Report, words: str = "Ban hành kèm theo Báo cáo") -> str:
    """`(Ban hành kèm theo Báo cáo số 2147/BC-SKHĐT ngày 11/6/2024 của Sở Kế hoạch và Đầu tư)`"""
    return f"({words} số {report.doc_number} ngày {short_date(report.date)} của {report.agency})"


def header_grid(layout: Layout) -> list[list[str]]:
    """Header cells as rows of texts; the places a span covers are empty."""
    grid = [[""] * len(layout.columns) for _ in range(layout.header_rows)]
    for cell in layout.header:
        grid[cell.row][cell.col] = cell.text
    return grid


def body_texts(layout: Layout, row: Row) -> list[str]:
    """The texts of one row in the layout's column order; the note is whole."""
    out = []
    for column in layout.columns:
        if column.role == "value":
            out.append(row.figures[column.measure].raw)
        else:
            out.append({"stt": row.stt, "name": row.name, "unit": row.unit, "note": row.note}[column.role])
    return out


def caption_lines(appendix: Appendix) -> list[tuple[str, str]]:
    """(style, text) of what stands above the table; style: number, title, reference, unit."""
    number, title, ref = appendix.printed, appendix.title, appendix.reference
    if appendix.caption == "glued":
        lines = [("title", number + title + ref)]
    elif appendix.caption == "glued-title":
        lines = [("number", number), ("title", title + ref)]
    else:
        lines = [("number", number), ("title", title)] + ([("reference", ref)] if ref else [])
    if appendix.period_line:
        lines.append(("reference", appendix.period_line))
    if appendix.unit_line:
        lines.append(("unit", appendix.unit_line))
    return lines


def cut_end(appendix: Appendix, start: int) -> int:
    """Index of the row where a note broken in row `start` goes on: the first one after the page break."""
    return next(i for i in range(start + 1, len(appendix.rows)) if appendix.rows[i].gap_before)
