"""One value cell on its way through the number grammar, and the figure that one of its numbers is.

In: a `Cell` cut into tokens (`number_shapes`) and the place of a number. Out: a `Figure` with percent sign, scale and
unit words, and a note for everything that was decided. Shared by `numbers` and `number_pairs`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from normalize.model import Figure, Unit
from normalize.number_marks import ColumnStyle, class_of, decide, readings
from normalize.number_words import has_role, leading_scale
from normalize.text import fold
from normalize.units import find_unit


@dataclass(slots=True)
class Cell:
    """A cell on its way through the grammar."""

    raw: str
    text: str
    unit: Unit
    column: ColumnStyle
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    shape: str = ""

    def numbers(self) -> list[int]:
        return [i for i, token in enumerate(self.tokens) if token[0] == "N"]


def no_value(raw: str, code: str, why: str, others: tuple[Decimal, ...] = ()) -> Figure:
    return Figure(raw, None, "text", others=others, notes=((code, why),))


def footnote(mark: str) -> tuple[str, str]:
    return ("footnote-mark", f"dấu chú thích “{mark}” không thuộc con số")


def figure_at(
    cell: Cell,
    at: int,
    *,
    negative: bool = False,
    notes: tuple[tuple[str, str], ...] = (),
    other_sign: bool = False,
    second: Decimal | None = None,
    percent: bool | None = None,
) -> Figure:
    """The figure whose number is token `at`, with its percent sign, scale and unit words."""
    behind = words_after(cell, at)
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


def words_after(cell: Cell, at: int) -> str:
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


def _words_behind(cell: Cell, rest: list[str], value: Decimal, found: list[tuple[str, str]]) -> Figure | None:
    """Judge the words behind a number: a unit says nothing new, unknown words are worth a look."""
    if not rest:
        return None
    text = " ".join(rest).strip(" ,.;:")
    if has_role("approximate_behind", text) or any(
        has_role("approximate_behind", " ".join(rest[i:]).strip(" ,.;:")) for i in range(len(rest))
    ):
        return no_value(cell.raw, "number-approximate", f"“{text}”: không phải số chính xác", (value,))
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
    if same or (unit.kind in ("none", "other") and unit.scale == 1):
        return []
    return [("number-scale-conflict", "ô ghi một bậc đơn vị khác với cột" if is_money else "bậc số trong ô không rõ")]


def values_of(cell: Cell, at: list[int]) -> tuple[Decimal, ...]:
    """Every reading of the numbers at these tokens, for a note; at most eight."""
    return tuple(way.value for i in at[:8] for way in readings(cell.tokens[i][1])[:1])
