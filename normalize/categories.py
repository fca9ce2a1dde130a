"""What a row of a cross-table is a category of: a field, an agency, a place, a year.

In: the name cell, or the header over the names. Out: the `breakdown_kind` of the contract (field, agency,
commune, district, province, year) or empty where the words do not say. A total (`Tổng số`, `Cộng`,
`Toàn tỉnh`) is no category.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from normalize.text import clean, fold

_WHOLE = "|".join((
    "tong so", "tong cong", "tong chung", "tong", "cong", "toan tinh", "toan huyen", "toan xa", "toan thanh pho",
    "toan nganh", "toan quoc", "ca nuoc", "ca tinh", "tong so toan tinh", "tong toan tinh", "tong cong toan tinh",
    "total",
))  # fmt: skip
_TOTAL = regex.compile(rf"^(?:[ia] )?(?:{_WHOLE})(?: (?:chung|cong|[0-9ivxab+=/ ]+))?$")
_TOTAL_LABEL = regex.compile(r"^(?:tong so|tong cong|tong chung|tong|cong)(?: [0-9+= ]+)?$")
# `Tổn g số`: a narrow column tears words.
_TORN = frozenset(_WHOLE.replace(" ", "").split("|"))
_TORN_LABELS = frozenset(("tongso", "tongcong", "tongchung", "tong", "cong"))
# With their marks: `Sở` is an agency and `Số` is not, `Bộ` is one and `Bổ trợ tư pháp` a field.
_AGENCIES = "|".join((
    "sở(?! hữu)", "bộ", "ban", "văn phòng", "thanh tra", "chi cục", "cục", "tổng cục", "kho bạc", "bảo hiểm", "công an",
    "toà án", "tòa án", "viện", "trung tâm", "trường", "bệnh viện", "phòng(?!,| (?:cháy|chống|bệnh|ngừa|thủ))", "hội",
    "liên đoàn", "ubnd", "hđnd", "bql", "uỷ ban", "ủy ban", "đài", "chi nhánh", "ngân hàng", "đoàn", "đơn vị",
))  # fmt: skip
_KINDS = tuple(
    (kind, regex.compile(pattern))
    for kind, pattern in (
        ("year", r"^(?:năm )?(?:19|20)[0-9]{2}$"),
        (
            "commune",
            r"^(?:(?:ubnd|uỷ ban nhân dân|ủy ban nhân dân) )?(?:các )?(?:xã|phường|thị trấn|đặc khu)\b(?! hội)",
        ),
        ("district", r"^(?:(?:ubnd|uỷ ban nhân dân|ủy ban nhân dân) )?(?:các )?(?:huyện|thị xã|quận|thành phố|tp)\b"),
        ("province", r"^(?:(?:ubnd|uỷ ban nhân dân|ủy ban nhân dân) )?(?:các )?tỉnh\b"),
        ("agency", rf"^(?:{_AGENCIES})\b"),
    )
)
_HEADERS = tuple(
    (kind, regex.compile(pattern))
    for kind, pattern in (
        ("field", r"\blinh vuc\b|\b(?:loai|nhom) (?:ho so|thu tuc|tthc)\b|^(?:ten )?(?:tthc|thu tuc)\b"),
        ("commune", r"^(?:ten )?(?:ubnd )?(?:cap )?(?:cac )?xa\b|^(?:ten )?phuong\b|\bcap xa\b|\bxa phuong\b"),
        ("district", r"^(?:ten )?(?:ubnd )?(?:cac )?huyen\b|\bcap huyen\b|\bquan huyen\b"),
        ("province", r"^(?:ten )?(?:cac )?tinh\b"),
        ("place", r"\bdia phuong\b|\bdia ban\b"),
        ("year", r"^(?:nam|thoi gian)$"),
        ("agency", r"\bdon vi\b|\bco quan\b|\bso nganh\b|\bban nganh\b|^(?:ten )?(?:cac )?so\b|\btap the\b"),
    )
)


@lru_cache(maxsize=4096)
def is_total(name: str) -> bool:
    """`Tổng số`, `Cộng (I+II)`, `Toàn tỉnh`: the row holds the sum of the others."""
    key = fold(clean(name))
    return bool(_TOTAL.match(key)) or key.replace(" ", "") in _TORN


@lru_cache(maxsize=4096)
def is_total_label(text: str) -> bool:
    """A header cell that only says `Tổng số`: the column holds the total of the level above."""
    key = fold(clean(text))
    return bool(_TOTAL_LABEL.match(key)) or key.replace(" ", "") in _TORN_LABELS


@lru_cache(maxsize=4096)
def category_kind(name: str) -> str:
    """The kind that a row's own words show, empty where they do not."""
    key = clean(name).lower().strip("-+•*. ")
    return next((kind for kind, pattern in _KINDS if pattern.match(key)), "")


@lru_cache(maxsize=1024)
def header_kind(text: str) -> str:
    """The kind that the header over the names states; `place` where it leaves the level open; empty if none."""
    key = fold(clean(text))
    if key.startswith("don vi tinh"):
        return ""
    return next((kind for kind, pattern in _HEADERS if pattern.search(key)), "")
