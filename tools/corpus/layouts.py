"""Headers and columns of appendix tables: every layout is a list of columns and a grid of header cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.corpus.model import Column, HeaderCell, Layout

PERIOD_NOTE = "<i>(Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)</i>"
GROUP = "Kết quả thống kê"

# columns of one-row headers: (role, header word, width in cm, measure)
FLAT: dict[str, tuple[tuple[str, str, float, str], ...]] = {
    "flat": (
        ("stt", "TT", 1.5, ""),
        ("name", "Nội dung", 7.4, ""),
        ("unit", "ĐVT", 2.4, ""),
        ("value", "Kết quả", 2.2, "actual"),
        ("note", "Ghi chú", 3.2, ""),
    ),
    "no-note": (
        ("stt", "Số TT", 1.6, ""),
        ("name", "Tên chỉ tiêu", 9.0, ""),
        ("unit", "Đơn vị", 3.2, ""),
        ("value", "Thực hiện", 2.9, "actual"),
    ),
    "value-first": (
        ("stt", "STT", 1.5, ""),
        ("name", "Chỉ tiêu", 7.4, ""),
        ("value", "Số liệu", 2.2, "actual"),
        ("unit", "ĐVT", 2.6, ""),
        ("note", "Ghi chú", 3.0, ""),
    ),
    "unit-before-name": (
        ("stt", "STT", 1.5, ""),
        ("unit", "Đơn vị tính", 2.6, ""),
        ("name", "Nội dung chỉ tiêu", 7.4, ""),
        ("value", "Kỳ báo cáo", 2.2, "actual"),
        ("note", "Ghi chú", 3.0, ""),
    ),
    "compare": (
        ("stt", "STT", 1.5, ""),
        ("name", "Chỉ tiêu", 6.2, ""),
        ("unit", "Đơn vị tính", 2.3, ""),
        ("value", "Cùng kỳ năm trước", 2.1, "previous"),
        ("value", "Kỳ báo cáo", 2.1, "actual"),
        ("note", "Ghi chú", 2.6, ""),
    ),
    "plan": (
        ("stt", "STT", 1.5, ""),
        ("name", "Chỉ tiêu", 6.6, ""),
        ("unit", "ĐVT", 2.4, ""),
        ("value", "Kế hoạch", 2.2, "plan"),
        ("value", "Thực hiện", 2.2, "actual"),
        ("note", "Ghi chú", 2.4, ""),
    ),
}

_OFFICIAL = (
    ("stt", ("STT",), 1.5, ""),
    ("name", ("Chỉ tiêu thống kê",), 7.2, ""),
    ("unit", (GROUP, "Đơn vị tính"), 2.7, ""),
    ("value", (GROUP, "Số liệu"), 2.1, "actual"),
    ("note", ("Ghi chú",), 3.2, ""),
)


def official(variant: str = "a") -> Layout:
    """The two-row header of the guidance. Variant a: the italic note is its own cell in the second row;
    b: it stands inside the name's cell; c: a third header row; d: like a, the two-row cells not merged."""
    columns = tuple(Column(role, header, width, measure) for role, header, width, measure in _OFFICIAL)
    top = 3 if variant == "c" else 2
    cells = [HeaderCell(0, 2, GROUP, 1, 2)]
    if variant == "d":
        cells += [HeaderCell(0, 0, "STT"), HeaderCell(1, 0, ""), HeaderCell(0, 4, "Ghi chú"), HeaderCell(1, 4, "")]
    else:
        cells += [HeaderCell(0, 0, "STT", top), HeaderCell(0, 4, "Ghi chú", top)]
    if variant == "b":
        cells += [HeaderCell(0, 1, f"Chỉ tiêu thống kê {PERIOD_NOTE}", 2)]
    elif variant == "c":
        cells += [HeaderCell(0, 1, "Chỉ tiêu thống kê", 2), HeaderCell(2, 1, PERIOD_NOTE)]
    else:
        cells += [HeaderCell(0, 1, "Chỉ tiêu thống kê"), HeaderCell(1, 1, PERIOD_NOTE)]
    below = 2 if variant == "c" else 1
    cells += [HeaderCell(1, 2, "Đơn vị tính", below), HeaderCell(1, 3, "Số liệu", below)]
    return Layout(columns, tuple(sorted(cells, key=lambda c: (c.row, c.col))), top)


def flat(name: str) -> Layout:
    columns = tuple(Column(role, (word,), width, measure) for role, word, width, measure in FLAT[name])
    return Layout(columns, tuple(HeaderCell(0, i, c.header[0]) for i, c in enumerate(columns)), 1)


def fitted(layout: Layout) -> Layout:
    """The layout with its columns, but for the codes, scaled down to the room between the margins."""
    codes = sum(c.width for c in layout.columns if c.role == "stt")
    room = (25.0 if layout.is_landscape else 16.6) - codes
    total = sum(c.width for c in layout.columns) - codes
    if total <= room:
        return layout
    columns = (c if c.role == "stt" else replace(c, width=round(c.width * room / total, 2)) for c in layout.columns)
    return replace(layout, columns=tuple(columns))


def named(name: str) -> Layout:
    """`official-a` … `official-d` or a key of `FLAT`."""
    return official(name[-1]) if name.startswith("official-") else flat(name)


def numbered(layout: Layout, style: str) -> Layout:
    """With a column-number row: `paren` gives (1) (2) …, `letters` gives A B 1 2 …, `plain` 1 2 3 …."""
    words: list[str] = []
    figures = 0
    for i, column in enumerate(layout.columns, start=1):
        if style == "letters":
            if column.role in ("stt", "name", "unit"):
                words.append("ABCDEFGH"[len(words) - figures])
            else:
                figures += 1
                words.append(column.number or str(figures))
        else:
            words.append(f"({i})" if style == "paren" else str(i))
    columns = tuple(replace(c, number=w) for c, w in zip(layout.columns, words, strict=True))
    return replace(layout, columns=columns, has_number_row=True)


def cross(
    tree: Sequence[tuple[str, ...]],
    *,
    category: str,
    formulas: dict[int, str] | None = None,
    first: str = "STT",
    category_width: float = 4.6,
    width: float = 2.0,
    note: bool = False,
) -> Layout:
    """A cross-table: `tree` lists the header path of each value column; equal neighbours merge.

    The measure of column i is its path joined with ` › `.
    """
    depth = max(map(len, tree))
    columns = [Column("stt", (first,), 1.5), Column("name", (category,), category_width)]
    columns += [Column("value", path, width, " › ".join(path)) for path in tree]
    cells = [HeaderCell(0, 0, first, depth), HeaderCell(0, 1, category, depth)]
    for level in range(depth):
        i = 0
        while i < len(tree):
            path = tree[i]
            if level >= len(path):
                i += 1
                continue
            j = i + 1
            while j < len(tree) and len(tree[j]) > level and tree[j][: level + 1] == path[: level + 1]:
                j += 1
            rows = depth - level if level == len(path) - 1 else 1
            cells.append(HeaderCell(level, i + 2, path[level], rows, j - i))
            i = j
    if note:
        columns.append(Column("note", ("Ghi chú",), 2.4))
        cells.append(HeaderCell(0, len(columns) - 1, "Ghi chú", depth))
    numbers = ["A", "B"] + [(formulas or {}).get(i, str(i + 1)) for i in range(len(tree))] + ([""] if note else [])
    columns = [replace(c, number=n) for c, n in zip(columns, numbers, strict=True)]
    ordered = tuple(sorted(cells, key=lambda c: (c.row, c.col)))
    return Layout(tuple(columns), ordered, depth, has_number_row=formulas is not None)
