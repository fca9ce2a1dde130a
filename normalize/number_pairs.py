"""Cells that hold two or more numbers: pairs, shares, totals with their parts, ranges.

In: a `Cell` and the places of its numbers. Out: the figure that row and unit ask for where the shape says which number
it is (`589/664 (88,70%)` under % is 88.70), else no value and the numbers seen.
"""

from __future__ import annotations

from normalize.model import Figure
from normalize.number_cell import Cell, figure_at, footnote, no_value, values_of
from normalize.number_marks import COUNT, PERCENT, class_of, decide
from normalize.number_shapes import (
    NOTE_BEHIND,
    PAIR,
    PAIR_RATE,
    PARTS,
    PARTS_WORDS,
    RANGE,
    RATE_PAIR,
    SHARE,
    WITHIN,
)
from normalize.number_words import has_role
from normalize.text import fold

_REACHING = frozenset(("den", "toi", "len", "xuong"))
_JOINING = _REACHING | {"hay", "hoac", "va"}


def paired(cell: Cell, at: list[int]) -> Figure | None:
    """Two or three numbers in one cell that belong together."""
    shape, is_rate = cell.shape, cell.unit.kind == "percent"
    seconds = values_of(cell, at[1:2])
    second = seconds[0] if seconds else None
    if len(at) == 2 and NOTE_BEHIND.fullmatch(shape):
        inner = cell.tokens[at[1]][1]
        note = footnote(f"({inner})") if len(inner) == 1 else ("number-with-part", "số trong ngoặc đi kèm")
        if is_rate and len(inner) > 1 and "P" not in shape:
            return no_value(cell.raw, "number-several", "hai số, không rõ số nào là tỷ lệ", values_of(cell, at))
        if len(inner) > 1 and second is not None and second > values_of(cell, at)[0]:
            return no_value(
                cell.raw, "number-several", "số trong ngoặc lớn hơn, không phải một phần", values_of(cell, at)
            )
        return figure_at(
            cell, at[0], negative=shape[0] == "D", notes=(note,), second=second if len(inner) > 1 else None
        )
    if len(at) == 2 and (SHARE.fullmatch(shape) or RATE_PAIR.fullmatch(shape)):
        return _share(cell, at)
    if len(at) == 3 and PAIR_RATE.fullmatch(shape):
        if is_rate:
            return figure_at(cell, at[2], notes=(("number-with-part", "tỷ lệ đi sau phân số"),), percent=True)
        return figure_at(
            cell, at[0], notes=(("number-pair", "lấy số trước dấu gạch chéo"),), second=second, percent=False
        )
    if len(at) == 3 and RATE_PAIR.fullmatch(shape):
        if is_rate or cell.unit.kind == "none":
            return figure_at(cell, at[0], notes=(("number-with-part", "phân số đi sau tỷ lệ"),), percent=True)
        return figure_at(cell, at[1], notes=(("number-pair", "lấy số trước dấu gạch chéo"),), percent=False)
    if len(at) == 2 and PAIR.fullmatch(shape):
        if is_rate:
            return no_value(cell.raw, "number-pair", "phân số dưới đơn vị %", values_of(cell, at))
        note = ("number-pair", "lấy số trước dấu gạch chéo")
        if cell.unit.id in ("hang", "diem"):
            note = ("number-with-part", "sau dấu gạch chéo là thang điểm hay số đơn vị được xếp")
        return figure_at(cell, at[0], notes=(note,), second=second)
    if len(at) == 2 and WITHIN.fullmatch(shape) and not is_rate:
        return figure_at(
            cell, at[0], notes=(("number-with-part", "số trong ngoặc đi kèm"),), second=second, percent=False
        )
    return _total_with_parts(cell, at)


def _total_with_parts(cell: Cell, at: list[int]) -> Figure | None:
    """`595 (508 + 74 + 13)`, `595, trong đó: 508 đúng hạn, …`: the first number, where the others are its parts."""
    shape = PARTS.fullmatch(cell.shape)
    if len(at) < 3 or cell.unit.kind == "percent" or shape is None:
        return None
    whole, *parts = (decide(cell.tokens[i][1], class_of(cell.unit), cell.column).value for i in at)
    known = [part for part in parts if part is not None]
    if whole is None or len(known) < len(parts) or max(known) > whole:
        return None
    behind = "".join(text for _, text, _ in cell.tokens[at[0] + 1 : at[1]])
    are_called_parts = PARTS_WORDS.search(fold(behind)) is not None and sum(known) <= whole
    if not are_called_parts and not (shape["open"] == "A" and sum(known) == whole):
        return None
    note = ("number-with-part", "các số đứng sau là thành phần")
    return figure_at(cell, at[0], notes=(note,), percent=False)


def _share(cell: Cell, at: list[int]) -> Figure:
    """`61.300.398 (98,98%)`, `98,98% (589 hồ sơ)`: the unit says which half is the figure."""
    rate_at = next(i for i in at if "P" in cell.shape[i + 1 : i + 3].replace("s", "")[:1])
    count_at = at[0] if rate_at == at[1] else at[1]
    main, side = (rate_at, count_at) if cell.unit.kind == "percent" else (count_at, rate_at)
    if cell.unit.kind == "none":
        main, side = at[0], at[1]
    between = "".join(text for kind, text, _ in cell.tokens[at[0] + 1 : at[1]] if kind in "Ws")
    if main == at[1] and has_role("direction", between.strip()):
        return no_value(cell.raw, "number-direction", f"“{between.strip()}” nói về mức thay đổi", values_of(cell, at))
    if fold(between.strip()) in _JOINING:  # `10 đến 15%`, `80 và 90%`
        code, why = (
            ("number-range", "khoảng từ – đến")
            if fold(between.strip()) in _REACHING
            else ("number-several", "nhiều số trong một ô")
        )
        return no_value(cell.raw, code, why, values_of(cell, at))
    kind = PERCENT if side == rate_at else COUNT if cell.unit.kind == "percent" else class_of(cell.unit)
    second = decide(cell.tokens[side][1], kind, cell.column).value
    note = ("number-with-part", "ô có cả số và tỷ lệ")
    negative = cell.shape[0] == "D" and main == at[0]
    return figure_at(cell, main, negative=negative, notes=(note,), second=second, percent=main == rate_at)


def several(cell: Cell, at: list[int]) -> Figure:
    values = values_of(cell, at)
    if len(at) == 2 and RANGE.fullmatch(cell.shape):
        middle = "".join(t for k, t, _ in cell.tokens[at[0] + 1 : at[1]] if k in "WDC")
        if middle in ("đến", "tới", "–", "-", "~", "÷", "—", "−", "‐", "‑") or fold(middle) in ("den", "toi"):
            return no_value(cell.raw, "number-range", "khoảng từ – đến", values)
    return no_value(cell.raw, "number-several", "nhiều số trong một ô", values)
