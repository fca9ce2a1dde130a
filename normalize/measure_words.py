"""What the words over a column say of its figures: planned or done, of which time, added up or not.

In: the levels of one header, topmost first. Out: the measure they state together, and the period they name. Each
level is one of: a comparison, another time (`previous`, `prior_period`), a kind of figure (`plan`, `cumulative`,
`actual`), a word for any figure (`Số lượng`, `Tổng số`), or nothing known. A word for any figure leaves it to the
levels above: `Cùng kỳ năm trước › Số lượng` is of the year before, `Kế hoạch › Tổng số` is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from extract.text import clean, fold
from normalize.periods import named_periods

GENERIC = "generic"  # a word for any figure: `Số lượng`, `Số liệu`

_PLAN = (
    r"\bke hoach\b|\bchi tieu (?:duoc )?giao\b|\bduoc giao\b|\bmuc tieu\b|\bdu kien\b|^kh\b|^chi tieu$"
    r"|^(?:giao )?du toan\b|^giao dau nam$"
)
_ACTUAL = (
    r"^(?:ket qua|thuc hien|ky bao cao|ky nay|trong ky|so bao cao|da thuc hien|dat duoc|bao cao|thuc te|uoc thuc hien"
    r"|(?:uoc )?th|quyet toan|(?:da )?giai ngan)\b|\bnam n$"
)
# Carried over: what `Kỳ trước chuyển sang` counts is of this period, `Số đầu kỳ` is a balance.
_CARRIED = r"\bky truoc (?:chuyen|con|ton|mang|de lai)\b|\b(?:ton|chuyen|con lai|mang) .*\bky truoc\b|\bdau ky\b"
# First match decides; the words are folded. `cùng kỳ` stands before `kỳ`, `so với` before what it compares with.
_RULES: tuple[tuple[str, regex.Pattern[str]], ...] = tuple(
    (measure, regex.compile(pattern))
    for measure, pattern in (
        ("change", r"\bso (?:sanh|voi)\b|\btang\b|\bgiam\b|\bchenh lech\b|\btang giam\b"),
        ("", _CARRIED),
        ("previous", r"\bcung ky\b|\bnam truoc\b|\bnam ngoai\b|\bnam n 1$"),
        ("prior_period", r"\b(?:ky|quy|thang) truoc\b|\bky lien truoc\b|\btruoc lien ke\b"),
        ("plan", _PLAN),
        ("cumulative", r"\bluy ke\b|\bcong don\b|\btu dau nam\b"),
        ("actual", _ACTUAL),
        (GENERIC, r"^(?:so lieu|gia tri|so luong|tri so|value|so cuoi ky|(?:so )?dieu chinh)\b"),
        ("total", r"^(?:tong so|tong cong|tong|cong)\b"),
    )
)
# A narrow column breaks words: `Kế ho⏎ạch`.
_BROKEN = (("kehoach", "plan"), ("cungky", "previous"), ("namtruoc", "previous"), ("kytruoc", "prior_period"),
           ("luyke", "cumulative"), ("sosanh", "change"))  # fmt: skip
# `so kế hoạch` compares, `số kế hoạch` is the plan: only the marks tell.
_COMPARES = regex.compile(
    r"\bso (?:kế hoạch|kh|cùng kỳ|kỳ|năm|tháng|quý|dự toán|chỉ tiêu|mục tiêu)\b", regex.IGNORECASE
)
# What is measured by a plan, or is a part of what was planned, is no plan: `Đạt % kế hoạch`, `TH/KH`, `Ngoài kế hoạch`.
_BY_PLAN = regex.compile(
    r"(?:\b(?:dat|hoan thanh|vuot|thieu|thuc hien|th|ty le|ti le|phan tram|muc do|tien do|dung|trong|ngoai|cham)\b|%)"
    r".{0,40}\b(?:ke hoach|kh|muc tieu|du toan|chi tieu)\b"
)
_DONE_BY_PLANNED = regex.compile(r"\b(?:thực hiện|th)\s?/\s?(?:kế hoạch|kh)\b", regex.IGNORECASE)
_MAY_BE_PLAN = regex.compile(r"^theo ke hoach\b")  # beside `Đột xuất` a kind of task, beside `Thực hiện` the plan
# `Đạt %`, but not `Tự bảo đảm từ 70% trở lên`, which names what is counted
_RATE = regex.compile(r"(?<!\d\s?)%|^(?:ty|ti) (?:le|trong)\b|\bphan tram\b")
_NOW = regex.compile(r"\b(?:quy|thang|nam) nay\b|^trong (?:quy|thang|nam)\b")
# Words that say when, or against what, and never what is counted.
_SAYS_NO_THING = frozenset(
    fold(
        "kế hoạch kh thực hiện th ước đã trong kỳ này báo cáo trước cùng năm quý tháng đầu cuối lũy cộng dồn từ đến số"
        " liệu với sánh dự toán quyết giao chỉ tiêu mục được tăng giảm chênh lệch cả kiến đạt kết quả i ii iii iv q t n"
    ).split()
)
# `(Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)` says when the form is used, not what the column holds.
_OF_THE_FORM = regex.compile(
    r"[(\[][^()\[\]]*(?:sử dụng|hàng quý|hàng tháng|định kỳ)[^()\[\]]*[)\]]?", regex.IGNORECASE
)
_DAY = regex.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d")
_YEAR = r"(?:19|20)\d\d"
# Headers are short of room: `QII/2024`, `T5/2024`, `6T2024`, `6TĐN 2024`, `Thực hiện 2024`.
_SHORT = (
    (
        regex.compile(rf"\bQ\.?\s?(IV|I{{1,3}}|[1-4](?=\s?[/-]\s?{_YEAR}))(?![\p{{L}}\d])"),
        r"quý \1",
    ),  # `Q.1` is a district
    (regex.compile(rf"\bT\.?\s?(\d{{1,2}})\s?[/-]\s?({_YEAR})(?!\d)"), r"tháng \1/\2"),
    (regex.compile(rf"\b(\d{{1,2}})\s?T(?:ĐN)?\s?[/-]?\s?({_YEAR})(?!\d)", regex.IGNORECASE), r"\1 tháng năm \2"),
    (regex.compile(rf"(?<![\d/.\-–]|[\d\p{{L}}]\s?[/\-–]\s?)({_YEAR})(?=\s*$|\s*[(\[])"), r"năm \1"),
)


@lru_cache(maxsize=4096)
def words_of(text: str) -> str:
    """What one level says: a measure, `generic`, or nothing."""
    key = fold(text.split("(")[0]) or fold(text)
    if _COMPARES.search(clean(text)):
        return "change"
    if _DONE_BY_PLANNED.search(clean(text)):
        return ""
    for measure, pattern in _RULES:
        if pattern.search(key) and not (measure == "plan" and _BY_PLAN.search(_signed(text))):
            return measure
    squeezed = key.replace(" ", "")
    return next((measure for word, measure in _BROKEN if squeezed.startswith(word)), "")


def _signed(text: str) -> str:
    return fold(clean(text).split("(")[0].replace("%", " phan tram ").replace("/", " "))


@lru_cache(maxsize=4096)
def measure_of(path: tuple[str, ...]) -> str:
    """The measure that the words of one column state; '' where they state none. Periods they name are not looked at.

    Under `So sánh` all is a comparison (`So sánh › Với kế hoạch`). Figures of another time are `previous` or
    `prior_period` only where they were done: the plan of last year has no measure. Else the lowest level speaks.
    """
    said = [words_of(text) for text in path]
    if "change" in said or any(_RULES[0][1].search(fold(text)) for text in path):
        return "change"
    kinds = [word for word in said if word in ("plan", "cumulative", "actual")]
    lowest = kinds[-1] if kinds else ""
    times = [word for word in said if word in ("previous", "prior_period")]
    if times:
        return times[-1] if lowest in ("", "actual") else ""
    if "cumulative" in kinds:
        return "" if "plan" in kinds else "cumulative"
    return lowest or next((("actual" if w == GENERIC else w) for w in reversed(said) if w in (GENERIC, "total")), "")


def is_part(path: tuple[str, ...], beside: Iterator[tuple[str, ...]]) -> bool:
    """A level with words of its own tells this column from another one: `Thực hiện › Nữ` beside `Thực hiện › Tổng số`,
    `Cấp tỉnh › Thực hiện` beside `Cấp xã › Thực hiện`. It holds a part, not the figure."""
    keys = tuple(map(fold, path))
    for other in beside:
        if len(other) != len(path):
            continue
        differing = [n for n, (mine, theirs) in enumerate(zip(keys, map(fold, other), strict=True)) if mine != theirs]
        if len(differing) == 1 and not says_something(path[differing[0]]):
            return True
    return False


@lru_cache(maxsize=4096)
def says_something(text: str) -> bool:
    """The words are a measure, a period, a rate or a word for any figure; or there are none."""
    key = fold(text)
    is_said = not key or bool(words_of(text)) or _NOW.search(key) is not None
    return is_said or is_rate(text) or stated((text,)) != ("", None)


@lru_cache(maxsize=4096)
def is_rate(text: str) -> bool:
    return _RATE.search(text if "%" in text else fold(text)) is not None


@lru_cache(maxsize=4096)
def is_now(path: tuple[str, ...], kind: str) -> bool:
    """`Năm nay`; `Trong quý`, `Quý này` in the report of a quarter, in that of a half-year they are a part of it."""
    word = {"Q": "quy", "M": "thang", "Y": "nam"}.get(kind[:1], "")
    now = {"nam nay", f"{word} nay", f"trong {word}"} if word else {"nam nay"}
    return any(fold(text.split("(")[0]) in now for text in path)


@lru_cache(maxsize=4096)
def says_no_thing(text: str) -> bool:
    """The words of a level are a measure or a period and nothing else: `KH`, `Quý I`, `6 tháng 2024`."""
    if fold(text) in ("tang", "giam", "bao cao", "so bao cao"):
        return False  # staff that came and went, reports that were written
    words = regex.split(r"[\s/(),.\-–]+", fold(_spelled_out(text)))
    known = all(word in _SAYS_NO_THING or word.isdecimal() for word in words if word)
    return known and not is_rate(text) and (bool(words_of(text)) or stated((text,)) != ("", None))


def may_be_plan(path: tuple[str, ...]) -> bool:
    """`Theo kế hoạch`: the plan beside what was done, else a kind of what is counted."""
    return any(_MAY_BE_PLAN.search(fold(text)) for text in path)


@lru_cache(maxsize=4096)
def stated(path: tuple[str, ...]) -> tuple[str, int | None]:
    """Kind and year of the period a header names, the lowest level first; the two of a comparison are none."""
    kind, year = "", None
    for words in reversed(path):
        text = _OF_THE_FORM.sub(" ", words)
        named = named_periods(_spelled_out(text))
        if len({y for _, y in named if y}) > 1:
            continue
        day = _DAY.search(text)
        if day and year is None:
            kind, year = kind or "day", int(day.group()[-4:])
        for its_kind, its_year in named:
            kind = its_kind if kind in ("", "y") else kind
            year = its_year if year is None else year
    return kind, year


def _spelled_out(text: str) -> str:
    text = clean(text)
    if _DAY.search(text):
        return text
    for short, full in _SHORT:
        text = short.sub(full, text)
    return text.replace("năm năm", "năm").replace("Năm năm", "năm")
