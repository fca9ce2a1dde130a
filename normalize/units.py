"""Units: the printed `Đơn vị tính` cell → `Unit` of the code list.

In: the cell as printed. Out: `normalize.model.Unit`; the caller keeps `unit_raw`. A cell is tried, in
this order, as nothing, as a list of answers (`Có = 1; Không = 0`), as a known unit with its marks,
as one with its tone marks lost, as a known unit behind a scale word (`nghìn người`) or in front of a
slash (`triệu đồng/người`), and else becomes a unit of its own with a provisional id.
Source: codelists/units.csv (both official templates and the spellings their reports use).
"""

from __future__ import annotations

import csv
from decimal import Context, Decimal
from functools import lru_cache
from importlib.resources import files

import regex

from normalize.model import Figure, Unit
from normalize.text import clean, fold, slug, tone_key

NO_UNIT = Unit(id="", name="", kind="none")

_LEAD = regex.compile(r"^(?:đơn vị tính|đơn vị|đvt|đv tính)\s*[:：]\s*", regex.IGNORECASE)
_QUANTITY = regex.compile(r"^(?:tổng số lượng|số lượng|tổng số|tổng|số)\s+", regex.IGNORECASE)
_BRACKETED = regex.compile(r"^([^()]*)\(([^()]*)\)$")
_BLANK = regex.compile(r"[\s\-–—_.…/*x]*")
_ANSWER_NUMBER = regex.compile(r"[=:]\s?([0-9]{1,2})(?![0-9.,]*[0-9%])")
_NUMBER_ANSWER = regex.compile(r"(?<![0-9.,])([0-9]{1,2})\s?(?:[=:]|[-–]\s?(?=\p{L}))")
_NUMBER_DASH_ANSWER = regex.compile(r"^[(\[]?[0-9]{1,2}\s?[-–]\s?\p{L}")
_ANSWER_EDGE = " ;,./|-–()[]"
_SCALES = (
    ("nghin ty", 12), ("ngan ty", 12), ("trieu", 6), ("nghin", 3), ("ngan", 3), ("ty", 9), ("1 000 000", 6),
    ("1000000", 6), ("1 000", 3), ("1000", 3), ("tram", 2),
)  # fmt: skip
_SIGNS = str.maketrans({"％": "%", "﹪": "%", "²": "2", "³": "3", "；": ";", "：": ":", "＝": "=", "–": "-"})
LONGEST = 200


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[Unit, tuple[str, ...]], ...]:
    text = files("normalize").joinpath("codelists/units.csv").read_text(encoding="utf-8")
    out = []
    for row in csv.DictReader(text.splitlines()):
        labels = tuple(
            (Decimal(value), label) for value, _, label in (x.partition("=") for x in row["labels"].split("|") if x)
        )
        unit = Unit(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            scale=Decimal(row["scale"]),
            base=row["base"],
            labels=labels,
            is_integer=row["is_integer"] == "true",
        )
        out.append((unit, (row["name"], *filter(None, row["synonyms"].split("|")))))
    return tuple(out)


def known_units() -> tuple[Unit, ...]:
    """Every unit of the code list, in its order."""
    return tuple(unit for unit, _ in _rows())


@lru_cache(maxsize=1)
def _by_marks() -> dict[str, Unit]:
    """Spelling with its tone marks → unit; `Bản` and `Ban` stay apart."""
    out: dict[str, Unit] = {}
    for unit, names in _rows():
        for name in names:
            out.setdefault(_marks_key(name), unit)
    return out


@lru_cache(maxsize=1)
def _by_fold() -> dict[str, Unit]:
    """Spelling without tone marks → unit; where two units share one, the unit that is named so, then file order."""
    out: dict[str, Unit] = {}
    for unit, names in _rows():
        out.setdefault(_fold_key(names[0]), unit)
    for unit, names in _rows():
        for name in names:
            if len(_fold_key(name)) > 1:
                out.setdefault(_fold_key(name), unit)
    out.pop("", None)
    return out


def _marks_key(text: str) -> str:
    return tone_key(text.translate(_SIGNS)).strip(" .;:,")


def _fold_key(text: str) -> str:
    key = fold(text.translate(_SIGNS))
    return key.replace("ti ", "ty ", 1) if key.startswith("ti ") else key


def find_unit(text: str, shortest: int = 1) -> Unit | None:
    """The known unit that is printed, or None; no provisional units, no lists of answers.

    `shortest`: length from which a spelling may have lost its tone marks (`so` in `so với` is not `số`).
    """
    unit = _by_marks().get(_marks_key(text))
    if unit is not None or len(text) < shortest:
        return unit
    return _by_fold().get(_fold_key(text))


@lru_cache(maxsize=4096)
def parse_unit(raw: str) -> Unit:
    """The unit a cell prints. Never raises; an unknown unit keeps its cleaned name under kind `other`."""
    text = _LEAD.sub("", clean(raw).translate(_SIGNS))
    if _BLANK.fullmatch(text):
        return NO_UNIT
    if len(text) > LONGEST:
        return Unit(id=slug(text), name=text, kind="other")
    unit = _known(text) or _answers(text) or _scaled(text) or _ratio(text)
    if unit is not None:
        return unit
    name = text.strip(" .;:,") or text
    ident = slug(name) or "don_vi_khac"
    if ident in _ids():
        ident += "_khac"  # `Bàn` must not take the id of `Ban`
    return Unit(id=ident, name=name, kind="other")


@lru_cache(maxsize=1)
def _ids() -> frozenset[str]:
    return frozenset(unit.id for unit in known_units())


def _known(text: str) -> Unit | None:
    """Known as printed, in brackets, behind `Số lượng`, or before a qualifier in brackets."""
    inner = text
    if text.startswith("(") and text.endswith(")"):
        inner = text[1:-1]
    unit = find_unit(inner)
    if unit is not None:
        return unit
    bracketed = _BRACKETED.match(text)
    if bracketed:
        outer, within = bracketed.group(1).strip(), bracketed.group(2).strip()
        named = find_unit(outer)
        measured = find_unit(within)
        if measured is not None and (named is None or named.id in ("so_luong", "phan_tram", "dong")):
            return measured
        return named
    return find_unit(_QUANTITY.sub("", text)) if _QUANTITY.match(text) else None


def _answers(text: str) -> Unit | None:
    """`Có = 1; Không = 0`, `Chưa có = 0 2 cấp = 1`, `0: Không, 1 - Có` → a unit of kind code."""
    if "=" not in text and ":" not in text and not _NUMBER_DASH_ANSWER.match(text):
        return None
    first = _NUMBER_ANSWER.search(text)
    number_first = first is not None and not text[: first.start()].strip(_ANSWER_EDGE)
    marks = list((_NUMBER_ANSWER if number_first else _ANSWER_NUMBER).finditer(text))
    labels: list[tuple[Decimal, str]] = []
    for i, mark in enumerate(marks):
        if number_first:
            label = text[mark.end() : marks[i + 1].start() if i + 1 < len(marks) else len(text)]
        else:
            label = text[marks[i - 1].end() if i else 0 : mark.start()]
        labels.append((Decimal(mark.group(1)), label.strip(_ANSWER_EDGE)))
    if len(labels) < 2 or len({v for v, _ in labels}) < len(labels) or not all(label for _, label in labels):
        return None
    labels.sort()
    for unit in known_units():
        if unit.labels and [(v, fold(x)) for v, x in labels] == [(v, fold(x)) for v, x in unit.labels]:
            return unit
    name = "; ".join(f"{label} = {value}" for value, label in labels)
    return Unit(id=slug("ma " + name), name=name, kind="code", labels=tuple(labels), is_integer=True)


def _scaled(text: str) -> Unit | None:
    """`Nghìn người` → people, counted in thousands."""
    key = _fold_key(text)
    for word, power in _SCALES:
        if key.startswith(word + " "):
            base = _by_fold().get(key[len(word) + 1 :])
            if base is None or base.kind in ("code", "percent"):
                return None
            return Unit(
                id=slug(text), name=text, kind=base.kind, scale=base.scale.scaleb(power), base=base.base or base.name
            )
    return None


def _ratio(text: str) -> Unit | None:
    """`Triệu đồng/người` → money per person: keeps the scale of its first half, is never whole."""
    left, slash, right = text.partition("/")
    unit = find_unit(left) if slash and right.strip() else None
    if unit is None or unit.kind == "code":
        return None
    base = f"{unit.base or unit.name}/{right.strip()}"
    return Unit(id=slug(text), name=text, kind=unit.kind, scale=unit.scale, base=base)


_EXACT = Context(prec=60)  # 20 digits in nghìn tỷ đồng have 32


def base_value(figure: Figure, unit: Unit) -> Decimal | None:
    """The figure in base units (triệu đồng → đồng), or None where neither cell nor unit is scaled.

    A scale word in the cell (`1.212,18 nghìn tỷ đồng`) says more about that cell than the column's unit does.
    """
    if figure.value is None or figure.kind in ("code", "text", "blank"):
        return None
    if figure.scale is not None:
        return _EXACT.multiply(figure.value, figure.scale)
    if not unit.base or (figure.kind == "percent" and unit.kind != "percent"):
        return None
    own = find_unit(figure.unit_word, shortest=4) if figure.unit_word else unit
    if own is not None and (own.base or own.name) == unit.base:  # `12.000 lượt` under thousands, `1.500 m2` under ha
        return _EXACT.multiply(figure.value, own.scale)
    return None
