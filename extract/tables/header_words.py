"""What a header word says its column is: code, name, unit, value or note.

In: the text of one header cell. Out: its role, or nothing. The words are those that printed reports use, folded; a new
one is one string here.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from extract.text import fold

# Header words by role, folded. A header cell matches when it is the word, or begins with it and a space.
_STT = (
    "stt",
    "tt",
    "so tt",
    "so thu tu",
    "thu tu",
    "ms",
    "ma so",
    "ma",
    "ma chi tieu",
    "ma so chi tieu",
    "so hieu",
    "no",
    "stt no",
    "tt no",
    "stt order",
)
_NAME = (
    "chi tieu",
    "noi dung",
    "ten chi tieu",
    "tieu chi",
    "ten tieu chi",
    "danh muc",
    "linh vuc",
    "ten linh vuc",
    "hang muc",
    "nhiem vu",
    "ten nhiem vu",
    "cong viec",
    "noi dung cong viec",
    "chi so",
    "thong tin",
    "indicator",
    "ten don vi",
    "ten co quan",
    "co quan",
    "dia phuong",
    "dia ban",
    "huyen",
    "xa",
    "phuong",
    "ten dia phuong",
    "so nganh",
    "don vi thuc hien",
    "linh vuc cong viec",
    "ten thu tuc",
    "ten bieu",
    "dien giai",
    "muc",
)
_UNIT = ("don vi tinh", "dvt", "dv tinh", "don vi do", "d v t", "dvi tinh", "unit")
_VALUE = (
    "so lieu",
    "ket qua",
    "thuc hien",
    "ky bao cao",
    "ky nay",
    "so luong",
    "gia tri",
    "cung ky",
    "ky truoc",
    "ke hoach",
    "so sanh",
    "luy ke",
    "uoc",
    "tong so",
    "tong cong",
    "ty le",
    "nam",
    "quy",
    "thang",
    "chi tieu giao",
    "giao",
    "dat",
    "da ",
    "dang ",
    "so bao cao",
    "so voi",
    "tang",
    "giam",
    "so ",
    "chenh lech",
    "tri so",
    "bao cao",
    "value",
    "uoc thuc hien",
    "thoi diem",
    "du kien",
    "cap nhat",
    "dung han",
    "qua han",
    "truoc han",
    "truc tuyen",
    "truc tiep",
    "trong ky",
    "tu ky",
    "ton ",
    "trong do",
)
_NOTE = (
    "ghi chu",
    "giai trinh",
    "thuyet minh",
    "dien giai them",
    "nguon so lieu",
    "chu thich",
    "note",
    "tai lieu kiem chung",
    "ghi chu giai trinh",
    "ly do",
)
_AMBIGUOUS_UNIT = ("don vi",)  # Đơn vị: the unit where another column is the name, else the agency
_SQUEEZED = {
    word.replace(" ", ""): role
    for role, words in (
        ("value", _VALUE),
        ("name", _NAME),
        ("unit?", _AMBIGUOUS_UNIT),
        ("note", _NOTE),
        ("unit", _UNIT),
        ("stt", _STT),
    )
    for word in words
}
# What a header may begin with: its words → the first of the roles that claims them.
_ROLES = ("unit", "note", "name", "value")
_BEGINS: dict[tuple[str, ...], int] = {}
for _rank, _words in enumerate((_UNIT, _NOTE, _NAME, _VALUE)):
    for _word in _words:
        _BEGINS.setdefault(tuple(_word.split()), _rank)
_LENGTHS = range(1, 1 + max(map(len, _BEGINS)))
_BILINGUAL = regex.compile(r"\s*[/\n]\s*")


@lru_cache(maxsize=8192)
def word_role(text: str) -> str:
    """The role that header words give on their own: stt, name, unit, value, note, unit?, or ''.

    A narrow column breaks words (`ST⏎T`, `Gh⏎i chú`), so a whole header word is also known without its spaces.
    Bilingual headers (`STT/No.`, `Chỉ tiêu⏎Indicator`) mean what their first understood half means.
    """
    role = _role_of(text)
    if role or not _BILINGUAL.search(text):
        return role
    return next((role for half in _BILINGUAL.split(text) if (role := _role_of(half))), "")


def are_two(upper: str, lower: str) -> bool:
    """Are two printed lines two cells, a group and a column of it? `Kết quả thống kê` over `Đơn vị tính` are, `Đơn vị`
    over `tính` and `Số` over `TT` are not."""
    whole = fold(f"{upper} {lower}").replace(" ", "")
    role = word_role(lower)
    if not lower[:1].isupper() or role not in ("unit", "value", "note") or whole in _SQUEEZED:
        return False
    return bool(word_role(upper)) or word_role(f"{upper} {lower}") != role


def are_beside(left: str, right: str) -> bool:
    """Are these words of one line two cells: `Đơn vị tính` and `Kế hoạch`? A code, a unit or a note is no part of
    another cell."""
    whole, first = (fold(text).replace(" ", "") for text in (f"{left} {right}", left))
    roles = {_SQUEEZED.get(first, ""), word_role(right)}
    is_pair = len(roles) == 2 and "" not in roles and bool(roles & {"stt", "unit", "note"})
    return is_pair and first != "so" and whole not in _SQUEEZED  # `Số TT`, `Số hiệu`


def completes(upper: str, lower: str) -> bool:
    """Is the lower line the rest of the upper one: `tự` under `Số thứ`, `chú` under `Ghi`?"""
    return lower[:1].islower() and fold(f"{upper} {lower}").replace(" ", "") in _SQUEEZED


def _role_of(text: str) -> str:
    key = fold(text.split("(")[0]) or fold(text)
    if not key or len(key) > 120:
        return ""
    squeezed = key.replace(" ", "")
    if squeezed in _SQUEEZED:
        return _SQUEEZED[squeezed]
    words = tuple(key.split())
    begins = [rank for n in _LENGTHS if (rank := _BEGINS.get(words[:n])) is not None]
    return _ROLES[min(begins)] if begins else ""
