"""A stored number and its number format → the text that a person sees.

The digits that somebody typed are kept whole, whatever the format hides (0.8875 under `0%` → `88,75%`); only
the endless tail of a computed number (589/664) is cut, where the format cuts it. Decimal mark: comma, as
Vietnamese reports print it; no marks between thousands, so a dot is never mistaken. Leading zeros (`00`) and
words of the format (`0" hồ sơ"`) are kept. A format that shows thousands or millions (`#,##0,`) says so many: the
number that is printed, with its digits whole. A zero that the format hides or draws as a dash is still `0`.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (numFmts); dates: 18.17.4.
"""

from __future__ import annotations

import datetime
import operator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import regex

TYPED_DIGITS = 11  # a number of more significant digits was computed: Excel shows eleven characters at most

# Built-in formats by id; the rest of 0–49 is currency and accounting, which say nothing that matters here.
BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_QUOTED = regex.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_DATE_LETTERS = regex.compile(r"[ymdhs]", regex.IGNORECASE)
_DATE_TOKEN = regex.compile(
    r"\"[^\"]*\"|\\.|\[[^\]]*\]|yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|.", regex.IGNORECASE | regex.DOTALL
)
_SCALE = regex.compile(r"[0#?.](,+)(?![,0#?.])")
_CONDITION = regex.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_COMPARED = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Format:
    """What a format code asks for: `decimals` None where it is General; `least` digits before the mark."""

    is_date: bool = False
    is_percent: bool = False
    is_text: bool = False
    decimals: int | None = None
    least: int = 1
    before: str = ""
    after: str = ""
    scale: int = 0  # how often a thousand is left out


@lru_cache(maxsize=4096)
def read_format(code: str) -> Format:
    """The first section of a format code, read."""
    section = sections(code)[0]
    if not section or section.strip().lower() in ("general", "standard"):
        return Format()
    bare = _QUOTED.sub(lambda m: "\x00" if m[1] or m[2] else "", section)
    if _DATE_LETTERS.search(bare) and not regex.search(r"[0#?]", bare.replace(".0", "")):
        return Format(is_date=True)
    if "@" in bare:
        return Format(is_text=True)
    whole, _, rest = bare.partition(".")
    digits = len(regex.findall(r"[0#?]", regex.split(r"[eE/]", rest)[0]))
    if "/" in bare or regex.search(r"[eE][+-]", bare):
        return Format(is_percent="%" in bare)
    first = regex.search(r"[0#?]", section)
    last = [m.end() for m in regex.finditer(r"[0#?]", section)]
    before = _words(section[: first.start()]) if first else ""
    after = _words(section[last[-1] :]) if last else ""
    is_percent = "%" in bare
    return Format(
        is_percent=is_percent,
        decimals=digits,
        least=max(1, whole.count("0")),
        before=before,
        after="" if is_percent else after,
        scale=len(found[1]) if (found := _SCALE.search(bare)) else 0,
    )


def sections(code: str) -> list[str]:
    """A format code cut at its semicolons, those inside quotes left alone."""
    parts, part, quoted = [], "", False
    for char in code:
        quoted ^= char == '"'
        if char == ";" and not quoted:
            parts.append(part)
            part = ""
        else:
            part += char
    return [*parts, part]


def _section_for(number: float, code: str) -> str:
    """The section whose condition the number meets (`[>=1000000]#,##0,,;#,##0`), all of the code where none has one."""
    parts = sections(code)
    if not any(_CONDITION.search(section) for section in parts):
        return code
    for section in parts:
        found = _CONDITION.search(section)
        if found is None or _COMPARED[found[1]](number, float(found[2])):
            return section
    return parts[-1]


def _words(piece: str) -> str:
    """The letters and `%` that a format draws beside the digits; fill, gaps and currency signs are no words."""
    text = "".join((m[1] or m[2] or "") for m in _QUOTED.finditer(piece) if m[1] or m[2])
    return text if regex.search(r"[\p{L}%]", text) else ""


def show(number: float, code: str) -> tuple[str, float]:
    """(text as seen, the number it says). Percent numbers come as percent: 0.887 under `0.0%` → `88,7%`, 88.7."""
    form = read_format(_section_for(number, code) if "[" in code else code)
    value = Decimal(repr(float(number)))
    if form.is_percent:
        value *= 100
    if form.scale:
        value = value.scaleb(-3 * form.scale)
    value = _as_typed(value, form)
    if value == 0:
        value = Decimal(0)
    text = _plain(value, form.least if form.decimals is not None else 1)
    if form.is_percent:
        text += "%"
    said = float(value)
    return f"{form.before}{text}{form.after}".strip(), said


def _as_typed(value: Decimal, form: Format) -> Decimal:
    """The number without the noise of binary fractions; a computed tail cut where the format cuts it."""
    value = _significant(value, 15)
    if len(value.normalize().as_tuple().digits) <= TYPED_DIGITS or value == value.to_integral_value():
        return value
    if form.decimals is None:
        return _significant(value, 10)
    return value.quantize(Decimal(1).scaleb(-form.decimals))


def _significant(value: Decimal, digits: int) -> Decimal:
    if value == 0:
        return Decimal(0)
    step = value.adjusted() - digits + 1
    return value.quantize(Decimal(1).scaleb(step)).normalize() if step > -400 else value


def _plain(value: Decimal, least: int) -> str:
    text = f"{value.normalize():f}" if value else "0"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, mark, rest = text.partition(".")
    return f"{sign}{whole.zfill(least)}{',' if mark else ''}{rest}"


def from_serial(number: float, is_1904: bool) -> datetime.datetime | None:
    """Days since 1900 (or 1904) → date and time; None outside the calendar that Excel knows."""
    if not 0 < number < 2_958_466:
        return None
    if is_1904:
        start = datetime.datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no time zone
    else:
        start = datetime.datetime(1899, 12, 30 if number >= 60 else 31)  # noqa: DTZ001
    return start + datetime.timedelta(seconds=round(number * 86_400))


def show_date(moment: datetime.datetime, code: str) -> str:
    """The date as the format prints it: `d.m` → `1.2`."""
    parts = [_date_part(moment, token) for token in _DATE_TOKEN.findall(sections(code)[0])]
    return "".join(parts).strip(" ;@,")


def _date_part(moment: datetime.datetime, token: str) -> str:
    match token.lower():
        case "yyyy":
            return f"{moment.year:04d}"
        case "yy":
            return f"{moment.year % 100:02d}"
        case "mmmm" | "mmm":
            return _MONTHS[moment.month - 1]
        case "mm":
            return f"{moment.month:02d}"
        case "m":
            return str(moment.month)
        case "dd":
            return f"{moment.day:02d}"
        case "d":
            return str(moment.day)
        case "hh":
            return f"{moment.hour:02d}"
        case "h":
            return str(moment.hour)
        case "ss" | "s":
            return f"{moment.second:02d}"
        case "dddd" | "ddd" | "am/pm":
            return ""
        case _ if token[0] == "[":
            return ""
        case _:
            return token.strip('"') if token[0] == '"' else token.removeprefix("\\")


def date_text(moment: datetime.datetime, code: str) -> str:
    """A date in a cell that is no code: `15/06/2024`, `06/2024`, `2024` or with its time; day first, always."""
    letters = set(regex.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code.lower()))
    if "y" in letters and "d" not in letters:
        return f"{moment.month:02d}/{moment.year}" if "m" in letters else str(moment.year)
    if "h" in letters and not letters & {"y", "d"}:
        return f"{moment.hour:02d}:{moment.minute:02d}"
    day = f"{moment.day:02d}/{moment.month:02d}/{moment.year}"
    return f"{day} {moment.hour:02d}:{moment.minute:02d}" if "h" in letters and (moment.hour or moment.minute) else day
