"""Answers of rows whose unit is a list of codes: `Có`, `Phát phiếu`, `x`, `1 - Có` → the code.

In: the cell and a unit of kind code. Out: a `Figure` of kind code with its label, one without a value
where the answer is not of the list, or None where the cell is a plain number and the number grammar goes on.
"""

from __future__ import annotations

from decimal import Decimal

import regex

from normalize.model import Figure, Unit
from normalize.number_words import has_role, says_nothing
from normalize.text import fold, tone_key

_TICKS = frozenset("✓✔☑✅√🗸")
_CROSSES = frozenset(("x", "X", "×", "✗", "✘", "☒"))
_YES = ("co", "da", "dat", "hoan thanh", "roi")
_NUMBER_AND_LABEL = regex.compile(r"0?(\d)\s*(?:[-–=:.)(]|\s)\s*\(?(\D+?)\)?|(\D+?)\s*[-–=:(]\s*0?(\d)\)?")


def parse_answer(raw: str, text: str, unit: Unit) -> Figure | None:
    """The code an answer stands for. Ticks are answers only where the list says yes and no."""
    if unit.kind != "code":
        if text in _TICKS:
            return _open(raw, "answer-without-list", "dấu chọn nhưng dòng không có danh mục trả lời")
        return None
    exact = _label(text, unit)
    if exact is not None:
        return Figure(raw, exact[0], "code", label=exact[1])
    if text in _TICKS or text in _CROSSES:
        yes = _yes(unit)
        if yes is None:
            return _open(raw, "answer-unknown", "dấu chọn không cho biết câu trả lời nào")
        note = ("answer-tick", "dấu chọn được hiểu là “" + yes[1] + "”")
        others = tuple(value for value, _ in unit.labels if value != yes[0])
        return Figure(raw, yes[0], "code", others=others, notes=(note,), label=yes[1])
    both = _NUMBER_AND_LABEL.fullmatch(text) if len(text) < 80 else None
    if both is not None:
        number = Decimal(both[1] or both[4])
        label = _label(both[2] or both[3], unit)
        if label is not None:
            if label[0] == number:
                return Figure(raw, number, "code", label=label[1])
            return _open(raw, "answer-contradiction", "mã số và câu trả lời khác nhau", (number, label[0]))
    if any(c.isdigit() for c in text):
        return None
    if says_nothing(text) and not has_role("ditto", text):
        no = tuple(value for value, label in unit.labels if fold(label) in ("khong", "chua", "khong co", "chua co"))
        if no:
            return _open(raw, "answer-unknown", "“không” hay chưa có số liệu", no)
        return None
    return _open(raw, "answer-unknown", "không thuộc các câu trả lời của dòng")


def _label(text: str, unit: Unit) -> tuple[Decimal, str] | None:
    bare = text.strip(" .;:,()\"'“”")
    for value, label in unit.labels:
        if tone_key(bare) == tone_key(label):
            return value, label
    same = [(value, label) for value, label in unit.labels if fold(bare) and fold(bare) == fold(label)]
    return same[0] if len(same) == 1 else None


def _yes(unit: Unit) -> tuple[Decimal, str] | None:
    """The label that says yes, in a list of two."""
    found = [(value, label) for value, label in unit.labels if fold(label) in _YES]
    return found[0] if len(unit.labels) == 2 and len(found) == 1 else None


def _open(raw: str, code: str, why: str, others: tuple[Decimal, ...] = ()) -> Figure:
    return Figure(raw, None, "text", others=others, notes=((code, why),))
