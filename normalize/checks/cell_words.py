"""Words in a figure's cell that make it another figure than the one its row and column name.

In: `ReportView`. Out: warnings; no value is changed. `Lũy kế 30`, `12 (năm 2023)` and `12 (kế hoạch)` are of another
time or kind, `12 hồ sơ quá hạn` under a row of all dossiers and `cấp xã 12` are parts, `48 giờ` under days and
`12.000 lượt` under thousands have another unit. Words that the row's name or the column's header says as well say
nothing new, and a cell with a second number (`30 (5 quá hạn)`) may be speaking of that one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from extract.text import clean, fold
from normalize.checks.view import ReportView
from normalize.findings import Doubt
from normalize.measure_words import stated
from normalize.model import Unit
from normalize.number_words import leading_scale
from normalize.units import find_unit

_NUMBER = regex.compile(r"(?<![\p{L}\d])\d[\d.,'’]*(?:[ \u00a0]\d{3}(?!\d))*")
_PERIOD = regex.compile(
    r"(?:\b(?:năm|quý|tháng|kỳ)\s+|/\s?)(?:19|20)\d\d|\bquý\s+[1-4]\b|\b\d{1,2}\s+tháng\b|\btháng\s+\d{1,2}\b|\((?:19|20)\d\d\)",
    regex.IGNORECASE,
)
_OTHER_TIME = regex.compile(
    r"\bluy ke\b|\bcong don\b|\btu dau nam\b|\bcung ky\b|\b(?:ky|nam|quy|thang) truoc\b|\bnam ngoai\b"
)
_PLANNED = regex.compile(r"^(?:theo |so )?(?:ke hoach|kh|chi tieu|muc tieu)\b")
_PART = regex.compile(
    r"\b(?:(?:qua|tre|dung|truoc|som) han|tre|cham|chua|khong|con lai|con thieu|cap (?:tinh|huyen|xa)|nu|nam gioi)\b"
)
_LEVEL = regex.compile(r"^(?:cap )?(?:tinh|huyen|xa)\b")
_WHOLE_IN_WORDS = regex.compile(r"^[(\[]?\s*khong\s*[)\]]?$")  # `0 (không)`
# Units that reports put one for another: they count the same things.
_ALIKE = (
    {"don_vi", "co_quan_don_vi", "co_quan_to_chuc_don_vi", "co_quan", "to_chuc", "phong", "ban", "so_luong", "co_so"},
    {"van_ban", "ke_hoach", "quyet_dinh", "bao_cao", "ket_luan", "tai_lieu", "so_luong", "ban_in"},
    {"nguoi", "bien_che", "doi_tuong", "so_luong", "luot_nguoi"},
    {"cuoc", "lan", "lop", "vu", "vu_viec", "so_luong", "luot_nguoi"},
    {"luot_nguoi", "luot", "giao_dich", "so_luong"},
    {"nhiem_vu", "van_de", "muc", "tieu_chi", "so_luong", "chi_so"},
    {"he_thong", "phan_mem", "may_tinh", "cai", "tai_khoan", "chung_thu_so", "so_luong"},
    {"de_an", "du_an", "de_tai", "ke_hoach", "so_luong"},
)  # fmt: skip


def words_against_row(view: ReportView) -> Iterator[Doubt]:
    """A doubt for each figure whose own cell says that it is another one."""
    for o, value, unit in view.figures:
        raw = o.value_raw
        if raw.isdecimal() or not any(c.isalpha() for c in raw):
            continue
        words = _otherwise(clean(raw), unit, o.period[:4]) if value or not _is_nothing(raw) else ()
        said = fold(f"{o.indicator_raw} {o.measure_raw} {o.breakdown}") if words else ""
        new = next((word for word, key in words if not key or not _says(said, key)), "")
        if new:
            yield Doubt.at(o, "cell-says-otherwise", words=new)


def _says(said: str, key: str) -> bool:
    return f" {key} " in f" {said} "


def _is_nothing(raw: str) -> bool:
    return _WHOLE_IN_WORDS.match(fold(_NUMBER.sub("", raw))) is not None


@lru_cache(maxsize=4096)
def _otherwise(text: str, unit: Unit, year: str) -> tuple[tuple[str, str], ...]:
    """(words as printed, their key) of all that makes the cell's one number another figure; the key is empty where no
    name excuses them."""
    named = [found.group() for found in _PERIOD.finditer(text)]
    rest = _PERIOD.sub(" ", text)
    if not _NUMBER.search(rest):  # `12 tháng` is the figure
        named, rest = [], text
    numbers = list(_NUMBER.finditer(rest))
    if len(numbers) != 1:
        return ()
    at = numbers[0]
    before, behind = rest[: at.start()].strip(" :(-–"), rest[at.end() :].strip()
    out = [(words, fold(words)) for words in named if stated((words,)) not in (("y", int(year or 0)), ("", None))]
    key = fold(f"{before} | {behind}")
    out += [(found.group(), found.group()) for found in _OTHER_TIME.finditer(key)]
    inside = behind.strip("([)] ") if behind[:1] in "([" else ""
    out += [(words, fold(words)) for words in (before, inside) if _PLANNED.match(fold(words))]
    out += [(found.group(), found.group()) for found in _PART.finditer(key)]
    out += [(before, fold(before))] if _LEVEL.match(fold(before)) else []
    other = _other_unit(behind.strip(" .;:,"), unit)
    return (*out, *((other,) if other else ()))


def _other_unit(behind: str, unit: Unit) -> tuple[str, str] | None:
    """The unit in the cell where it is known and another than the row's."""
    words = behind.split()
    _, used, _ = leading_scale(words)
    if used or unit.kind in ("none", "percent", "code"):
        return None  # a scale has its own finding, so has a word under % or answers
    for count in range(min(len(words), 6), 0, -1):
        text = " ".join(words[:count])
        found = find_unit(text, shortest=4)
        if found is None:
            continue
        if found.id == unit.id or (found.kind == unit.kind == "other" and not found.base and not unit.base):
            return None
        if found.kind == unit.kind == "count" and not found.base and not unit.base:
            is_alike = any(found.id in group and unit.id in group for group in _ALIKE)
            return None if is_alike or unit.id == "so_luong" else (text, fold(text))
        return (text, "") if found.kind != "percent" and unit.kind != "other" or found.base or unit.base else None
    return None
