"""One grammar for printed figures: the text of a value cell → `Figure`.

In: the cell, its unit, what the column and the report show about marks. Out: the printed number as
`Decimal` (also where it contradicts its unit), its kind, what else was printed with it, and a note for
everything that was decided. The idea: the cell is cut into tokens, their types make a short shape
(`12/21 hồ sơ` → `N/N W`), and a shape says what the cell is. A shape nobody knows gives no value and a
warning that carries the numbers seen: never a guess. Cells longer than `LONGEST` are text, so time is linear.
Sources: Accounting Law 2003, article 12.2; docs/reference/numbers.md lists every form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from normalize.model import Figure, Unit
from normalize.number_answers import parse_answer
from normalize.number_marks import (
    NO_STYLE,
    ColumnStyle,
    class_of,
    column_style,
    combine,
    decide,
    readings,
)
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
    PAIR,
    PAIR_RATE,
    PERCENT_WORDS,
    RANGE,
    RATE_PAIR,
    SCIENTIFIC,
    SHARE,
    SINGLE,
    SPACED_MARK,
    TOKEN,
    WHOLE_NUMBER,
    WITHIN,
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
    "column_style",
    "combine",
    "figure_facts",
    "parse_figure",
    "print_figure",
]

LONGEST = 200


@dataclass(slots=True)
class _Cell:
    """A cell on its way through the grammar."""

    raw: str
    text: str
    unit: Unit
    column: ColumnStyle
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    shape: str = ""

    def numbers(self) -> list[int]:
        return [i for i, token in enumerate(self.tokens) if token[0] == "N"]


@lru_cache(maxsize=32768)
def parse_figure(raw: str, unit: Unit = NO_UNIT, column: ColumnStyle = NO_STYLE) -> Figure:
    """Read one value cell. Never raises; what is not certain has no value and a note saying why."""
    text = printed(raw)
    if BLANK.fullmatch(text) or (len(text) < 40 and BLANK_BEFORE_UNIT.fullmatch(text)):
        return Figure(raw, None, "blank")
    if len(text) > LONGEST:
        return _no_value(raw, "value-text", "ô dài hơn một con số")
    answer = parse_answer(raw, text, unit)
    if answer is not None:
        return answer
    if CELL_ERROR.fullmatch(text):
        return _no_value(raw, "cell-error-value", "ô của bảng tính báo lỗi")
    if not any(c.isdigit() for c in text):
        return _wordy(raw, text)
    cell = _Cell(raw, unquoted(text), unit, column)
    if cell.text.isascii() is False and any(c.isdecimal() and not "0" <= c <= "9" for c in cell.text):
        return _no_value(raw, "number-unparsed", "chữ số không phải chữ số thường dùng")
    if DATE.fullmatch(cell.text):
        return _no_value(raw, "number-date", "đây là ngày tháng")
    return _special(cell) or _by_shape(cell)


def _no_value(raw: str, code: str, why: str, others: tuple[Decimal, ...] = ()) -> Figure:
    return Figure(raw, None, "text", others=others, notes=((code, why),))


def _wordy(raw: str, text: str) -> Figure:
    """A cell without a digit: nothing to report, a number in words, letters for digits, or other text."""
    bare = text.strip(" .;:,()")
    if has_role("ditto", text) or has_role("ditto", bare):
        return _no_value(raw, "number-ditto", "lặp lại ô khác")
    if says_nothing(bare):
        return _no_value(raw, "number-nothing", "ô ghi bằng chữ là không có số")
    if bare and len(bare) <= 4 and all(c in LOOKALIKES for c in bare):
        return _no_value(raw, "number-letters", "chữ cái giống chữ số", (Decimal(bare.translate(LOOKALIKE)),))
    if bare in ("x", "X", "×"):
        return _no_value(raw, "number-nothing", "dấu x thay cho số")
    if is_spelled_number(bare):
        return _no_value(raw, "number-in-words", "số viết bằng chữ")
    return _no_value(raw, "value-text", "ô không có chữ số")


def _special(cell: _Cell) -> Figure | None:
    """What must be caught before the cell is cut into tokens."""
    if SCIENTIFIC.fullmatch(cell.text):
        value = Decimal(cell.text.replace(",", ".").replace("−", "-"))
        return _no_value(cell.raw, "number-unparsed", "dạng rút gọn của bảng tính mất chữ số", (value,))
    if CUT.fullmatch(cell.text):
        digits = cell.text[1:]
        return _no_value(cell.raw, "number-cut", "mất chữ số trước dấu", (Decimal(f"0.{digits}"), Decimal(digits)))
    spaced = SPACED_MARK.fullmatch(cell.text)
    if spaced:
        whole, mark, fraction = spaced[1], spaced[2] or spaced[3], spaced[4]
        decision = decide(whole + mark + fraction, class_of(cell.unit, bool(spaced[5])), cell.column)
        if decision.value is not None:
            kind = "percent" if spaced[5] or cell.unit.kind == "percent" else "number"
            note = ("number-spaced-mark", "dấu ngăn cách có khoảng trắng")
            return Figure(cell.raw, decision.value, kind, others=decision.others, notes=(note,))
    return None


def _cut(cell: _Cell) -> None:
    """Fill tokens and shape. `phần trăm` becomes a percent sign."""
    tokens: list[tuple[str, str, int]] = []
    text = PERCENT_WORDS.sub("%", cell.text)
    for match in TOKEN.finditer(text):
        tokens.append((match.lastgroup or "x", match.group(), match.start()))
    cell.tokens = tokens
    cell.shape = "".join(kind for kind, _, _ in tokens)


def _by_shape(cell: _Cell) -> Figure:
    _cut(cell)
    numbers = cell.numbers()
    letters = _letters_for_digits(cell)
    if letters is not None:
        return letters
    if len(numbers) == 1:
        return _single(cell, numbers[0])
    return _pair(cell, numbers) or _several(cell, numbers)


def _letters_for_digits(cell: _Cell) -> Figure | None:
    """`l5`, `1O`: a letter that looks like a digit touches digits."""
    for i, (kind, word, _) in enumerate(cell.tokens):
        if kind not in "Wx" or not all(c in LOOKALIKES for c in word):
            continue
        touches = (i > 0 and cell.shape[i - 1] == "N") or (i + 1 < len(cell.shape) and cell.shape[i + 1] == "N")
        if touches:
            fixed = cell.text.translate(LOOKALIKE).strip(" %.")
            ways = readings(fixed) if WHOLE_NUMBER.fullmatch(fixed) else ()
            return _no_value(cell.raw, "number-letters", "chữ cái giống chữ số", tuple(w.value for w in ways))
    return None


def _single(cell: _Cell, at: int) -> Figure:
    shape = cell.shape
    bracketed = BRACKETED.fullmatch(shape)
    if bracketed:
        return _in_brackets(cell, at, bool(bracketed["sign"]))
    if NOTE_BEHIND.fullmatch(shape) and shape[-2:] != "NZ":
        inner = next((t for k, t, _ in cell.tokens[at + 1 :] if k in "WF"), "")
        if len(inner) <= 2:
            return _figure(cell, at, negative=shape[0] == "D", notes=(_footnote(inner),))
    match = SINGLE.fullmatch(shape)
    if match is None:
        if "C" in shape[:at] or "p" in shape[at:] or "C" in shape[at:]:
            return _no_value(cell.raw, "number-approximate", "con số chỉ là giới hạn", _values(cell, [at]))
        return _no_value(cell.raw, "number-unparsed", "cách viết chưa biết", _values(cell, [at]))
    notes: list[tuple[str, str]] = []
    head = "".join(t for k, t, _ in cell.tokens[: match.end("head")]).strip(" .:;")
    if head:
        refused = _head(cell, head, at)
        if refused is not None:
            return refused
        notes.append(("number-words-around", f"bỏ qua chữ “{head}” trước số"))
    if "F" in shape:
        notes.append(_footnote("".join(t for k, t, _ in cell.tokens if k == "F")))
        if cell.tokens[at][1] == "10" and cell.tokens[at + 1][1] in ("³", "⁶", "⁹"):
            return _no_value(cell.raw, "number-unparsed", "lũy thừa hay chú thích", _values(cell, [at]))
    if "A" in shape[at:]:
        inner = "".join(t for _, t, _ in cell.tokens[shape.index("A", at) + 1 :]).strip(" )]")
        if has_role("approximate_behind", inner):
            return _no_value(cell.raw, "number-approximate", f"“{inner}”: không phải số chính xác", _values(cell, [at]))
        notes.append(("number-words-around", f"bỏ qua chữ “{inner}” sau số"))
    if match["end"] and shape[-1] == "c":
        notes.append(("number-cut", "có thể mất chữ số sau dấu phẩy"))
    sign = match["sign"]
    if sign == "D" and match["gap"]:
        notes.append(("number-ambiguous-sign", "gạch đầu dòng hay dấu trừ"))
        return _figure(cell, at, negative=not cell.unit.is_integer, notes=tuple(notes), other_sign=True)
    return _figure(cell, at, negative=sign == "D", notes=tuple(notes))


def _head(cell: _Cell, head: str, at: int) -> Figure | None:
    """Words in front of the number: refuse those that change its meaning."""
    values = _values(cell, [at])
    if has_role("approximate", head):
        return _no_value(cell.raw, "number-approximate", f"“{head}” không phải số chính xác", values)
    if has_role("direction", head):
        signed = values if fold(head) == "tang" else tuple(x for v in values for x in (-v, v))
        return _no_value(cell.raw, "number-direction", f"“{head}” nói về mức thay đổi", signed)
    if has_role("before", head) or find_unit(head, shortest=4) is not None:
        return None
    return _no_value(cell.raw, "number-unparsed", f"chưa hiểu chữ “{head}” trước số", values)


def _in_brackets(cell: _Cell, at: int, has_sign: bool) -> Figure:
    if has_sign:
        return _figure(cell, at, negative=True, notes=())
    if cell.unit.kind in ("money", "percent") or "P" in cell.shape:
        note = ("number-brackets", "ngoặc đơn là số âm theo lối kế toán")
        return _figure(cell, at, negative=True, notes=(note,))
    note = ("number-ambiguous-sign", "ngoặc đơn: số âm hay chỉ là ngoặc")
    return _figure(cell, at, negative=not cell.unit.is_integer, notes=(note,), other_sign=True)


def _footnote(mark: str) -> tuple[str, str]:
    return ("footnote-mark", f"dấu chú thích “{mark}” không thuộc con số")


def _figure(
    cell: _Cell,
    at: int,
    *,
    negative: bool = False,
    notes: tuple[tuple[str, str], ...] = (),
    other_sign: bool = False,
    second: Decimal | None = None,
    percent: bool | None = None,
) -> Figure:
    """The figure whose number is token `at`, with its percent sign, scale and unit words."""
    behind = _behind(cell, at)
    has_percent = ("P" in cell.shape) if percent is None else percent
    words = behind.split()
    factor, used, is_money = leading_scale(words)
    decision = decide(cell.tokens[at][1], class_of(cell.unit, has_percent, factor is not None), cell.column)
    found = list(notes)
    if decision.code:
        found.append((decision.code, decision.why))
    if decision.value is None:
        return Figure(cell.raw, None, "text", others=decision.others, notes=tuple(found))
    if has_percent and "‰" in cell.text:
        factor = Decimal("0.1")
    value = -decision.value if negative else decision.value
    others = tuple(-v if negative else v for v in decision.others)
    if other_sign:
        others = (-value, *others)
    if behind:
        refused = _words_behind(cell, words[used:], value, found)
        if refused is not None:
            return refused
    if factor is not None and not has_percent:
        found.extend(_scale_notes(cell.unit, factor, is_money))
    kind = "percent" if has_percent or (cell.unit.kind == "percent" and not behind) else "number"
    label = dict(cell.unit.labels).get(value, "") if not behind and kind == "number" else ""
    return Figure(
        cell.raw,
        value,
        "code" if label else kind,
        others=others,
        notes=tuple(found),
        unit_word=behind,
        scale=factor,
        second=second,
        label=label,
    )


def _behind(cell: _Cell, at: int) -> str:
    """The words that follow number `at` up to the next number, bracket or end."""
    out: list[str] = []
    for kind, text, _ in cell.tokens[at + 1 :]:
        if kind in "NAZES" and not (kind == "S" and out):
            break
        if kind in "WscSD":
            out.append(text)
    text = "".join(out).strip(" ,/-–")
    if "N" in cell.shape[at + 1 :]:  # `20 hồ sơ, đạt 100%`: the last words belong to the next number
        words = text.split(" ")
        start = next((i for i in range(len(words)) if has_role("before", " ".join(words[i:]))), len(words))
        text = " ".join(words[:start]).strip(" ,/-–")
    return text if any(c.isalpha() for c in text) else ""


def _words_behind(cell: _Cell, rest: list[str], value: Decimal, found: list[tuple[str, str]]) -> Figure | None:
    """Judge the words behind a number: a unit says nothing new, unknown words are worth a look."""
    if not rest:
        return None
    text = " ".join(rest).strip(" ,.;:")
    if has_role("approximate_behind", text) or any(
        has_role("approximate_behind", " ".join(rest[i:]).strip(" ,.;:")) for i in range(len(rest))
    ):
        return _no_value(cell.raw, "number-approximate", f"“{text}”: không phải số chính xác", (value,))
    for count in range(min(len(rest), 6), 0, -1):
        if find_unit(" ".join(rest[:count]), shortest=4) is not None:
            if count < len(rest):
                found.append(("number-words-around", f"sau đơn vị còn chữ “{' '.join(rest[count:])}”"))
            return None
    if fold(text) != fold(cell.unit.name):
        found.append(("number-unknown-words", f"chưa biết chữ “{text}” sau số"))
    return None


def _scale_notes(unit: Unit, factor: Decimal, is_money: bool) -> list[tuple[str, str]]:
    same = unit.scale == factor and bool(unit.base)
    if same or (unit.kind in ("none", "other", "count") and unit.scale == 1):
        return []
    return [("number-scale-conflict", "ô ghi một bậc đơn vị khác với cột" if is_money else "bậc số trong ô không rõ")]


def _values(cell: _Cell, at: list[int]) -> tuple[Decimal, ...]:
    """Every reading of the numbers at these tokens, for a note; at most eight."""
    return tuple(way.value for i in at[:8] for way in readings(cell.tokens[i][1])[:1])


def _pair(cell: _Cell, at: list[int]) -> Figure | None:
    """Two or three numbers in one cell that belong together."""
    shape, is_rate = cell.shape, cell.unit.kind == "percent"
    seconds = _values(cell, at[1:2])
    second = seconds[0] if seconds else None
    if len(at) == 2 and NOTE_BEHIND.fullmatch(shape):
        inner = cell.tokens[at[1]][1]
        note = _footnote(f"({inner})") if len(inner) == 1 else ("number-with-part", "số trong ngoặc đi kèm")
        if is_rate and len(inner) > 1 and "P" not in shape:
            return _no_value(cell.raw, "number-several", "hai số, không rõ số nào là tỷ lệ", _values(cell, at))
        return _figure(cell, at[0], negative=shape[0] == "D", notes=(note,), second=second if len(inner) > 1 else None)
    if len(at) == 2 and (SHARE.fullmatch(shape) or RATE_PAIR.fullmatch(shape)):
        return _share(cell, at)
    if len(at) == 3 and PAIR_RATE.fullmatch(shape):
        if is_rate:
            return _figure(cell, at[2], notes=(("number-with-part", "tỷ lệ đi sau phân số"),), percent=True)
        return _figure(
            cell, at[0], notes=(("number-pair", "lấy số trước dấu gạch chéo"),), second=second, percent=False
        )
    if len(at) == 3 and RATE_PAIR.fullmatch(shape):
        if is_rate or cell.unit.kind == "none":
            return _figure(cell, at[0], notes=(("number-with-part", "phân số đi sau tỷ lệ"),), percent=True)
        return _figure(cell, at[1], notes=(("number-pair", "lấy số trước dấu gạch chéo"),), percent=False)
    if len(at) == 2 and PAIR.fullmatch(shape):
        if is_rate:
            return _no_value(cell.raw, "number-pair", "phân số dưới đơn vị %", _values(cell, at))
        note = ("number-pair", "lấy số trước dấu gạch chéo")
        return _figure(cell, at[0], notes=(note,), second=second)
    if len(at) == 2 and WITHIN.fullmatch(shape) and not is_rate:
        return _figure(
            cell, at[0], notes=(("number-with-part", "số trong ngoặc đi kèm"),), second=second, percent=False
        )
    return None


def _share(cell: _Cell, at: list[int]) -> Figure:
    """`61.300.398 (98,98%)`, `98,98% (589 hồ sơ)`: the unit says which half is the figure."""
    rate_at = next(i for i in at if "P" in cell.shape[i + 1 : i + 3].replace("s", "")[:1])
    count_at = at[0] if rate_at == at[1] else at[1]
    main, side = (rate_at, count_at) if cell.unit.kind == "percent" else (count_at, rate_at)
    if cell.unit.kind == "none":
        main, side = at[0], at[1]
    kind = class_of(cell.unit, has_percent_sign=side == rate_at)
    second = decide(cell.tokens[side][1], kind, cell.column).value
    note = ("number-with-part", "ô có cả số và tỷ lệ")
    negative = cell.shape[0] == "D" and main == at[0]
    return _figure(cell, main, negative=negative, notes=(note,), second=second, percent=main == rate_at)


def _several(cell: _Cell, at: list[int]) -> Figure:
    values = _values(cell, at)
    if len(at) == 2 and RANGE.fullmatch(cell.shape):
        middle = "".join(t for k, t, _ in cell.tokens[at[0] + 1 : at[1]] if k in "WDC")
        if middle in ("đến", "tới", "–", "-", "~", "÷", "—", "−", "‐", "‑") or fold(middle) in ("den", "toi"):
            return _no_value(cell.raw, "number-range", "khoảng từ – đến", values)
    return _no_value(cell.raw, "number-several", "nhiều số trong một ô", values)
