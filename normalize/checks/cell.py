"""Checks of one cell against its own row: unit, code list, range, name, note.

In: `ReportView`. Out: doubts; no value is changed. A contradiction that stands in print (`9 cuộc` under
a 0/1 answer, `09` under % with `09 phòng` in the note) is an error; a bound that only looks broken is
a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import regex

from extract.text import clean, fold
from normalize.checks.view import ReportView, is_comparing, rows_of, unit_of
from normalize.findings import Doubt
from normalize.measure_words import is_rate
from normalize.model import Observation, Unit

HUNDRED = Decimal(100)

_LEADING_ZERO = regex.compile(r"0\d+")
_WORD_BEHIND = regex.compile(r"[-+(]?\d[\d.,\s]*\)?\s*(\p{L}[\p{L}\s]{0,40})\.?")
_ENDS_IN_PERCENT = regex.compile(r"[-+(]?\d[\d.,]*\s*%\)?")
_COUNT_IN_NOTE = regex.compile(r"(?:^|[-–+•*;:]|\b[Cc]ó|\b[Gg]ồm)\s*(\d{1,7})\s+(\p{L}+)")
_PERCENT_WORDS = ("phan tram", "diem phan tram", "diem", "percent", "pt")
# Percentages of growth may pass 100 or fall below 0; those of a plan may pass 100, but not by far.
_NOT_A_SHARE = regex.compile(r"\btang\b|\bgiam\b|\btoc do\b|\bso voi\b|\bso cung ky\b|\bvuot\b|\bchi so\b")
_AGAINST_PLAN = regex.compile(r"\bke hoach\b|\bdu toan\b|\bchi tieu\b|\bdinh muc\b")
_AVERAGED = regex.compile(r"\bbinh quan\b|\btrung binh\b|\bdiem\b")
_COUNT_NAME = regex.compile(r"(?:tổng\s+)?số\s+(?:lượng\s+|lượt\s+)?(?!liệu\b|hóa\b|hoá\b)")
_RATE_NAME = regex.compile(r"(?:ty|ti) (?:le|trong)\b|phan tram\b|% ")
_ANY_RATE = regex.compile(r"\b(?:ty|ti) (?:le|trong)\b|\bphan tram\b|%")


def unit_against_value(view: ReportView) -> Iterator[Doubt]:
    """A figure whose print contradicts its unit: a count under %, `9 cuộc` under an answer, `5%` under Người."""
    for o, _, unit in view.figures:
        if (
            o.value_raw.isdecimal()
            and o.value_raw[0] != "0"
            and not (unit.labels or (unit.kind == "percent" and o.note))
        ):
            continue  # plain digits contradict no unit
        if unit.kind == "percent":
            yield from _count_under_percent(o, unit)
        elif unit.kind == "code":
            yield from _count_under_answer(o, unit)
        elif unit.kind == "count" and _ENDS_IN_PERCENT.fullmatch(clean(o.value_raw)):
            yield _mismatch(o, unit, "số in kèm dấu %", "the figure is printed with a % sign")


def _mismatch(o: Observation, unit: Unit, reason: str, reason_en: str) -> Doubt:
    return Doubt.at(o, "unit-value-mismatch", unit=unit.name, reason=reason, reason_en=reason_en)


@lru_cache(maxsize=4096)
def _word_behind(value_raw: str) -> str:
    found = _WORD_BEHIND.fullmatch(clean(value_raw))
    return found.group(1).strip() if found else ""


def _count_under_percent(o: Observation, unit: Unit) -> Iterator[Doubt]:
    word, raw = _word_behind(o.value_raw), clean(o.value_raw)
    if word and fold(word) not in _PERCENT_WORDS:
        yield _mismatch(o, unit, f"số in kèm từ “{word}”", f"the figure is printed with the word “{word}”")
        return
    padded = _LEADING_ZERO.fullmatch(raw) is not None
    same = next((f"{n} {noun}" for n, noun in _COUNT_IN_NOTE.findall(clean(o.note)) if Decimal(n) == o.value), "")
    if padded and same:
        yield _mismatch(o, unit, f"ghi chú nói “{same}”", f"its note says “{same}”")
    elif padded:
        zero = "có số 0 đứng trước như khi đếm", "it is padded with a zero as counts are"
        yield Doubt.at(o, "percent-looks-like-count", reason=zero[0], reason_en=zero[1])
    elif same and o.value not in (0, HUNDRED) and "%" not in raw:
        yield Doubt.at(
            o, "percent-looks-like-count", reason=f"ghi chú nói “{same}”", reason_en=f"its note says “{same}”"
        )


def _count_under_answer(o: Observation, unit: Unit) -> Iterator[Doubt]:
    word = _word_behind(o.value_raw)
    labels = fold(" ".join(label for _, label in unit.labels)).split()
    if word and not set(fold(word).split()) & set(labels):
        yield _mismatch(o, unit, f"số in kèm từ “{word}”", f"the figure is printed with the word “{word}”")
    elif unit.labels and o.value not in {value for value, _ in unit.labels}:
        codes = "; ".join(f"{label} = {value}" for value, label in unit.labels)
        yield Doubt.at(o, "value-not-in-codes", codes=codes)


def fractions_under_percent(view: ReportView) -> Iterator[Doubt]:
    """Cells of a spreadsheet that lost their format: 0,953 is stored for 95,3 %. Beside such a one 1 may be a whole."""
    # Not `view.figures`: of a long report those are a list of all it has, in memory to the end.
    shares = [
        (o, o.value)
        for o in view.observations
        if o.method == "sheet" and o.value is not None and 0 < o.value <= 1 and not is_comparing(o)
        and unit_of(o).kind == "percent" and "%" not in o.value_raw and not _NOT_A_SHARE.search(fold(o.indicator_raw))
    ]  # fmt: skip
    if any(value < 1 for _, value in shares):
        for o, value in shares:
            yield Doubt.at(o, "percent-looks-like-fraction", actual=value, expected=value * HUNDRED)


def value_in_range(view: ReportView) -> Iterator[Doubt]:
    """Shares outside 0–100 %, negative counts, fractions of what is counted whole."""
    for o, value, unit in view.figures:
        if unit.kind == "percent" and not 0 <= value <= HUNDRED:
            name = fold(o.indicator_raw)
            is_planned = 0 <= value <= 2 * HUNDRED and _AGAINST_PLAN.search(name)
            if not is_planned and not _NOT_A_SHARE.search(name):
                yield Doubt.at(o, "percent-out-of-range", actual=value, expected="0–100")
        elif unit.kind == "count":
            if value < 0 and not _NOT_A_SHARE.search(fold(o.indicator_raw)):
                yield Doubt.at(o, "negative-count", actual=value, unit=unit.name)
            if unit.is_integer and value != value.to_integral_value() and not _AVERAGED.search(fold(o.indicator_raw)):
                yield Doubt.at(o, "fraction-of-count", actual=value, unit=unit.name)


# Millions of millions, round as an amount in đồng is: `50.000.000` under triệu đồng is 50 million đồng or so.
_ROUND, _ROUND_FROM, _MOST = Decimal(10**5), Decimal(10**13), Decimal(10**15)


def money_in_scale(view: ReportView) -> Iterator[Doubt]:
    """Amounts that fit the unit's name better without its scale, and fractions of a đồng."""
    for o, value, unit in view.figures:
        if unit.kind != "money" or unit.base != "đồng":
            continue
        if unit.scale == 1:
            is_doubtful = value != value.to_integral_value()
        else:
            base = abs(value) * unit.scale
            is_doubtful = base >= _MOST or (base >= _ROUND_FROM and value % _ROUND == 0)
        if is_doubtful:
            yield Doubt.at(o, "money-scale-doubtful", unit=unit.name)


def unit_against_name(view: ReportView) -> Iterator[Doubt]:
    """`Số cơ quan …` in per cent, `Tỷ lệ …` in a counted unit: one of the two is wrong in print."""
    for o in rows_of(view.observations):
        if o.breakdown_kind:
            continue
        unit = unit_of(o)
        is_count, is_named_rate = _named_as(o.indicator_raw)
        # a column of percentages has its own unit: `% kế hoạch` of a count contradicts nothing
        if (unit.kind == "percent" and is_count and not is_rate(o.measure_raw)) or (
            unit.kind == "count" and unit.is_integer and is_named_rate
        ):
            yield Doubt.at(o, "unit-contradicts-name", unit=unit.name)


@lru_cache(maxsize=8192)
def _named_as(name: str) -> tuple[bool, bool]:
    """Whether a name says that it is a count, and that it is a rate."""
    name = clean(name)
    # Not folded: `Sở` and `Sổ` fold to the same key as `Số`.
    is_count = _COUNT_NAME.match(name.lower()) is not None and not _ANY_RATE.search(fold(name))
    return is_count, _RATE_NAME.match(fold(name)) is not None


def note_against_count(view: ReportView) -> Iterator[Doubt]:
    """A note that takes a count apart (`- Có 116 TTHC … - Có 11 TTHC …`) must add up to it.

    `Trong đó` announces some parts only, and parts that are far from the whole are remarks: there only more than the
    whole contradicts it.
    """
    for o, value, unit in view.figures:
        if not o.note or unit.kind not in ("count", "none"):
            continue
        parts = _parts_in_note(o)
        total = sum(parts)
        is_some = "trong do" in fold(o.note) or 2 * total < value
        if len(parts) > 1 and (total > value or (total < value and not is_some)):
            listed = " + ".join(map(str, parts))
            yield Doubt.at(o, "note-contradicts-count", actual=value, expected=total, parts=listed)


_NOTE_ITEM = regex.compile(r"(?:^|\s)[-–—+•*]\s+|[;\n]|,\s*(?=\d)|\s+và\s+(?=\d)")
_ITEM_COUNT = regex.compile(
    r"(?:(?:có|gồm|bao gồm|trong đó)[:\s]+)*(\d{1,3}(?:\.\d{3})+|\d{1,7})\s+(\p{L}+(?:\s+\p{L}+)?)", regex.IGNORECASE
)


def _parts_in_note(o: Observation) -> list[Decimal]:
    """The counts that open the items of a note, where all count what the row counts; else nothing."""
    found = [_ITEM_COUNT.match(clean(item)) for item in _NOTE_ITEM.split(o.note) if item.strip()]
    counts = [m for m in found if m]
    if len(counts) < 2 or len(counts) < len(found):
        return []
    counted = set(fold(o.indicator_raw).split()) | set(fold(o.unit_raw).split())
    nouns = {fold(m.group(2)).split()[0] for m in counts}
    return [Decimal(m.group(1).replace(".", "")) for m in counts] if len(nouns) == 1 and nouns <= counted else []
