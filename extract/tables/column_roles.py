"""The role of each column of a table: by the words of its header, and where they do not say, by what stands under it.

In: for each column the header words above it, and the data rows. Out: a role for each (stt, name, unit, value, note,
other), or nothing where no column can be the indicator's. Only columns whose header leaves a doubt are looked into.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from extract.tables.cell_kinds import is_code, is_figure
from extract.tables.header_words import word_role
from extract.tables.places import Line
from extract.text import clean, fold

SAMPLE_ROWS = 80
_PERIODS = ("nam", "quy", "thang", "ky", "thoi gian", "ky bao cao", "giai doan")
_LEVELS = regex.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?")
_PERIOD = regex.compile(
    r"^(?:(?:năm|quý|tháng|tổng|cộng)\b.*|(?:19|20)\d{2}(?:\s?[-–]\s?(?:19|20)\d{2})?)$", regex.IGNORECASE
)


class _Sample:
    """The first data rows, read by columns: what is printed in each (`filled`), and how much of it is figures."""

    def __init__(self, data: list[Line]) -> None:
        self._data = data[:SAMPLE_ROWS]
        self._filled: dict[int, list[str]] = {}

    def filled(self, c: int) -> list[str]:
        if c not in self._filled:
            cells = (cell for row in self._data if (cell := row[c]) is not None and cell.col == c)
            self._filled[c] = [text for cell in cells if (text := clean(cell.text))]
        return self._filled[c]

    def n_figures(self, c: int) -> int:
        return sum(map(is_figure, self.filled(c)))

    def length(self, c: int) -> int:
        return sum(map(len, self.filled(c)))


def roles_of(paths: Sequence[tuple[str, ...]], data: list[Line]) -> list[str] | None:
    """A role for every column; None where no column can be the indicator's."""
    roles = [next((role for text in reversed(path) if (role := word_role(text))), "") for path in paths]
    roles = ["" if role == "stt" and "stt" in roles[:c] else role for c, role in enumerate(roles)]
    sample = _Sample(data)
    names = [c for c, role in enumerate(roles) if role == "name"]
    if not names:
        names = [c for c, role in enumerate(roles) if role == "unit?"] or _wordy_column(roles, sample)
        names = names or _period_column(paths, sample)
    if not names:
        return None
    name = max(names, key=lambda c: (sample.length(c), -c)) if len(names) > 1 else names[0]
    for c, role in enumerate(roles):
        if c == name:
            roles[c] = "name"
        elif role == "unit?":
            roles[c] = "unit" if "unit" not in roles else "other"
        elif role == "name":  # another descriptive column, or a column whose words are figures
            figures = sample.n_figures(c)
            roles[c] = "value" if figures and figures * 2 >= len(sample.filled(c)) else "other"
        elif role == "":
            roles[c] = "value" if sample.n_figures(c) or (paths[c] and not _is_wordy(sample, c)) else "other"
    if "stt" not in roles and name > 0:
        before = sample.filled(name - 1)
        if before and not paths[name - 1] and sum(map(is_code, before)) * 10 >= 8 * len(before):
            roles[name - 1] = "stt"
        elif roles.count("value") > 1 and roles[name - 1] == "value" and _counts_up(before):
            roles[name - 1] = "stt"  # whatever its header says: a line of the caption may have slipped into it
    return roles if any(role == "value" for role in roles) else None


def _counts_up(texts: Sequence[str]) -> bool:
    """`1`, `1.1`, `1.2`, `2`: codes of two levels and more, each behind the one before, as no figures are."""
    found = [_LEVELS.fullmatch(text) for text in texts]
    codes = [tuple(map(int, one[1].split("."))) for one in found if one is not None]
    is_rising = all(a < b for a, b in pairwise(codes))
    return len(codes) == len(texts) > 3 and is_rising and len(set(map(len, codes))) > 1


def _is_wordy(sample: _Sample, c: int) -> bool:
    n = len(sample.filled(c))
    return n > 0 and sample.n_figures(c) * 3 < n and sample.length(c) > 25 * n


def _wordy_column(roles: list[str], sample: _Sample) -> list[int]:
    """Without a header word for it, the indicator's column is the one with the most words."""
    free = [c for c, role in enumerate(roles) if role in ("", "value")]
    wordy = [c for c in free if sample.filled(c) and sample.n_figures(c) * 4 < len(sample.filled(c))]
    return sorted(wordy, key=lambda c: -sample.length(c))[:1]


def _period_column(paths: Sequence[tuple[str, ...]], sample: _Sample) -> list[int]:
    """The column of a table that has a row for each year: `Năm | Văn bản đến | Văn bản đi`."""
    periods = (c for c, path in enumerate(paths) if path and fold(path[-1]) in _PERIODS and sample.filled(c))
    return [c for c in periods if all(_PERIOD.match(text) for text in sample.filled(c))][:1]
