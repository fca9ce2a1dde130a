"""One grammar for printed figures: the text of a value cell → `Figure`.

In: the cell, its unit, what the column and the report show about marks. Out: the printed number as
`Decimal` (also where it contradicts its unit), its kind, what else was printed with it, and a note for
everything that was decided. The idea: the cell is cut into tokens, their types make a short shape
(`12/21 hồ sơ` → `N/N W`), and a shape says what the cell is. A shape nobody knows gives no value and a
warning that carries the numbers seen: never a guess. Cells longer than `LONGEST` are text, so time is linear.
Sources: Accounting Law 2003, article 12.2; docs/reference/numbers.md lists every form.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import regex

from normalize.model import Figure, Unit
from normalize.number_answers import parse_answer
from normalize.number_cell import Cell, figure_at, footnote, no_value, values_of
from normalize.number_marks import (
    COUNT,
    NO_STYLE,
    ColumnStyle,
    class_of,
    column_style,
    combine,
    decide,
    readings,
)
from normalize.number_pairs import paired, several
from normalize.number_print import FORMS, figure_facts, print_figure
from normalize.number_shapes import (
    BLANK,
    BLANK_BEFORE_UNIT,
    BRACKETED,
    CELL_ERROR,
    CUT,
    DATE,
    LOOKALIKE,
    LOOKALIKES,
    NOTE_BEHIND,
    PERCENT_WORDS,
    SCIENTIFIC,
    SINGLE,
    SPACED_MARK,
    TOKEN,
    WHOLE_NUMBER,
    printed,
    unquoted,
)
from normalize.number_words import has_role, is_spelled_number, leading_scale, says_nothing
from normalize.text import fold
from normalize.units import NO_UNIT, find_unit

__all__ = [
    "FORMS",
    "NO_STYLE",
    "ColumnStyle",
    "Figures",
    "column_style",
    "combine",
    "figure_facts",
    "figures_of",
    "parse_figure",
    "print_figure",
]

LONGEST = 200


def parse_figure(raw: str, unit: Unit = NO_UNIT, column: ColumnStyle = NO_STYLE) -> Figure:
    """Read one value cell. Never raises; what is not certain has no value and a note saying why."""
    return figures_of(unit, column)[raw]


class Figures(dict[str, Figure]):
    """The figure that each text is under one unit, beside cells of one style; read when it is first met."""

    MOST = 256  # texts: a column repeats small numbers, and few others

    def __init__(self, unit: Unit, column: ColumnStyle) -> None:
        super().__init__()
        self._unit, self._column = unit, column

    def __missing__(self, raw: str) -> Figure:
        if len(self) >= self.MOST:
            self.clear()
        made = self[raw] = _parsed(raw, self._unit, self._column)
        return made


@lru_cache(maxsize=256)
def figures_of(unit: Unit, column: ColumnStyle) -> Figures:
    """`parse_figure` for the cells that share unit and style: both are looked up once for all of them."""
    return Figures(unit, column)


def _parsed(raw: str, unit: Unit, column: ColumnStyle) -> Figure:
    return _plain(raw, unit) or _read(raw, unit, column)


# Most cells: digits alone, groups of three behind dots, one or two decimals behind a comma. No column says otherwise.
_PLAIN = regex.compile(r"[0-9]{1,20}(%?)|([1-9][0-9]{0,2}(?:\.[0-9]{3}){1,5})|[0-9]{1,15},[0-9]{1,2}(%?)")


def _plain(raw: str, unit: Unit) -> Figure | None:
    """What `_read` makes of a figure whose marks have one meaning only, None for every other cell."""
    found = _PLAIN.fullmatch(raw)
    if found is None or unit.kind == "code" or unit.labels:
        return None
    whole, groups, fraction = found.groups()
    if groups is not None:
        if class_of(unit) != COUNT and groups.count(".") == 1:
            return None  # `1.061` triệu đồng: the column says which
        return Figure(raw, Decimal(groups.replace(".", "")), "percent" if unit.kind == "percent" else "number")
    is_percent = whole or fraction or unit.kind == "percent"
    value = Decimal(raw.rstrip("%").replace(",", "."))
    return Figure(raw, value, "percent" if is_percent else "number")


def _read(raw: str, unit: Unit, column: ColumnStyle) -> Figure:
    text = printed(raw)
    if BLANK.fullmatch(text) or (len(text) < 40 and BLANK_BEFORE_UNIT.fullmatch(text)):
        return Figure(raw, None, "blank")
    if len(text) > LONGEST:
        return no_value(raw, "value-text", "ô dài hơn một con số")
    answer = parse_answer(raw, text, unit)
    if answer is not None:
        return answer
    if CELL_ERROR.fullmatch(text):
        return no_value(raw, "cell-error-value", "ô của bảng tính báo lỗi")
    if not any(c.isdigit() for c in text):
        return _wordy(raw, text)
    cell = Cell(raw, unquoted(text), unit, column)
    if cell.text.isascii() is False and any(c.isdecimal() and not "0" <= c <= "9" for c in cell.text):
        return no_value(raw, "number-unparsed", "chữ số không phải chữ số thường dùng")
    if DATE.fullmatch(cell.text):
        return no_value(raw, "number-date", "đây là ngày tháng")
    return _special(cell) or _by_shape(cell)


def _wordy(raw: str, text: str) -> Figure:
    """A cell without a digit: nothing to report, a number in words, letters for digits, or other text."""
    bare = text.strip(" .;:,()")
    if has_role("ditto", text) or has_role("ditto", bare):
        return no_value(raw, "number-ditto", "lặp lại ô khác")
    if says_nothing(bare):
        return no_value(raw, "number-nothing", "ô ghi bằng chữ là không có số")
    if bare and len(bare) <= 4 and all(c in LOOKALIKES for c in bare):
        return no_value(raw, "number-letters", "chữ cái giống chữ số", (Decimal(bare.translate(LOOKALIKE)),))
    if bare in ("x", "X", "×"):
        return no_value(raw, "number-nothing", "dấu x thay cho số")
    if is_spelled_number(bare):
        return no_value(raw, "number-in-words", "số viết bằng chữ")
    return no_value(raw, "value-text", "ô không có chữ số")


def _special(cell: Cell) -> Figure | None:
    """What must be caught before the cell is cut into tokens."""
    if SCIENTIFIC.fullmatch(cell.text):
        value = Decimal(cell.text.replace(",", ".").replace("−", "-"))
        return no_value(cell.raw, "number-unparsed", "dạng rút gọn của bảng tính mất chữ số", (value,))
    if CUT.fullmatch(cell.text):
        digits = cell.text[1:]
        return no_value(cell.raw, "number-cut", "mất chữ số trước dấu", (Decimal(f"0.{digits}"), Decimal(digits)))
    spaced = SPACED_MARK.fullmatch(cell.text)
    if spaced:
        whole, mark, fraction = spaced[1], spaced[2] or spaced[3], spaced[4]
        decision = decide(whole + mark + fraction, class_of(cell.unit, bool(spaced[5])), cell.column)
        if decision.value is not None:
            kind = "percent" if spaced[5] or cell.unit.kind == "percent" else "number"
            note = ("number-spaced-mark", "dấu ngăn cách có khoảng trắng")
            return Figure(cell.raw, decision.value, kind, others=decision.others, notes=(note,))
    return None


def _cut(cell: Cell) -> None:
    """Fill tokens and shape. `phần trăm` becomes a percent sign."""
    tokens: list[tuple[str, str, int]] = []
    text = PERCENT_WORDS.sub("%", cell.text)
    for match in TOKEN.finditer(text):
        tokens.append((match.lastgroup or "x", match.group(), match.start()))
    cell.tokens = tokens
    cell.shape = "".join(kind for kind, _, _ in tokens)


def _by_shape(cell: Cell) -> Figure:
    _cut(cell)
    numbers = cell.numbers()
    letters = _letters_for_digits(cell)
    if letters is not None:
        return letters
    if len(numbers) == 1:
        return _single(cell, numbers[0])
    return paired(cell, numbers) or several(cell, numbers)


def _letters_for_digits(cell: Cell) -> Figure | None:
    """`l5`, `1O`: a letter that looks like a digit touches digits."""
    for i, (kind, word, _) in enumerate(cell.tokens):
        if kind not in "Wx" or not all(c in LOOKALIKES for c in word):
            continue
        touches = (i > 0 and cell.shape[i - 1] == "N") or (i + 1 < len(cell.shape) and cell.shape[i + 1] == "N")
        if touches:
            fixed = cell.text.translate(LOOKALIKE).strip(" %.")
            ways = readings(fixed) if WHOLE_NUMBER.fullmatch(fixed) else ()
            return no_value(cell.raw, "number-letters", "chữ cái giống chữ số", tuple(w.value for w in ways))
    return None


def _single(cell: Cell, at: int) -> Figure:
    shape = cell.shape
    bracketed = BRACKETED.fullmatch(shape)
    if bracketed:
        return _in_brackets(cell, at, bool(bracketed["sign"]))
    if NOTE_BEHIND.fullmatch(shape) and shape[-2:] != "NZ":
        inner = next((t for k, t, _ in cell.tokens[at + 1 :] if k in "WF"), "")
        if len(inner) <= 2 and leading_scale([inner])[0] is None:
            return figure_at(cell, at, negative=shape[0] == "D", notes=(footnote(inner),))
    match = SINGLE.fullmatch(shape)
    if match is None:
        if "C" in shape[:at] or "p" in shape[at:] or "C" in shape[at:]:
            return no_value(cell.raw, "number-approximate", "con số chỉ là giới hạn", values_of(cell, [at]))
        return no_value(cell.raw, "number-unparsed", "cách viết chưa biết", values_of(cell, [at]))
    notes: list[tuple[str, str]] = []
    head = "".join(t for k, t, _ in cell.tokens[: match.end("head")]).strip(" .:;")
    if head:
        refused = _head(cell, head, at)
        if refused is not None:
            return refused
        notes.append(("number-words-around", f"bỏ qua chữ “{head}” trước số"))
    if "F" in shape:
        notes.append(footnote("".join(t for k, t, _ in cell.tokens if k == "F")))
        if cell.tokens[at][1] == "10" and cell.tokens[at + 1][1] in ("³", "⁶", "⁹"):
            return no_value(cell.raw, "number-unparsed", "lũy thừa hay chú thích", values_of(cell, [at]))
    if "A" in shape[at:]:
        inner = "".join(t for _, t, _ in cell.tokens[shape.index("A", at) + 1 :]).strip(" )]")
        if has_role("approximate_behind", inner):
            return no_value(
                cell.raw, "number-approximate", f"“{inner}”: không phải số chính xác", values_of(cell, [at])
            )
        factor, used, _ = leading_scale(inner.split())
        if factor is not None and used == len(inner.split()) and factor != (cell.unit.scale if cell.unit.base else 1):
            notes.append(("number-scale-conflict", f"“{inner}” sau số là một bậc đơn vị khác với cột"))
        notes.append(("number-words-around", f"bỏ qua chữ “{inner}” sau số"))
    if match["end"] and shape[-1] == "c":
        notes.append(("number-cut", "có thể mất chữ số sau dấu phẩy"))
    sign = match["sign"]
    if sign == "D" and match["gap"] and any(values_of(cell, [at])):
        notes.append(("number-ambiguous-sign", "gạch đầu dòng hay dấu trừ"))
        return figure_at(cell, at, negative=not cell.unit.is_integer, notes=tuple(notes), other_sign=True)
    return figure_at(cell, at, negative=sign == "D", notes=tuple(notes))


def _head(cell: Cell, head: str, at: int) -> Figure | None:
    """Words in front of the number: refuse those that change its meaning."""
    values = values_of(cell, [at])
    if has_role("approximate", head):
        return no_value(cell.raw, "number-approximate", f"“{head}” không phải số chính xác", values)
    if has_role("direction", head):
        signed = values if fold(head) == "tang" else tuple(x for v in values for x in (-v, v))
        return no_value(cell.raw, "number-direction", f"“{head}” nói về mức thay đổi", signed)
    if has_role("before", head) or find_unit(head, shortest=4) is not None:
        return None
    return no_value(cell.raw, "number-unparsed", f"chưa hiểu chữ “{head}” trước số", values)


def _in_brackets(cell: Cell, at: int, has_sign: bool) -> Figure:
    if has_sign:
        return figure_at(cell, at, negative=True, notes=())
    if cell.unit.kind in ("money", "percent") or "P" in cell.shape:
        note = ("number-brackets", "ngoặc đơn là số âm theo lối kế toán")
        return figure_at(cell, at, negative=True, notes=(note,))
    note = ("number-ambiguous-sign", "ngoặc đơn: số âm hay chỉ là ngoặc")
    return figure_at(cell, at, negative=not cell.unit.is_integer, notes=(note,), other_sign=True)
