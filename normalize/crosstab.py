"""Cross-tables: the indicator stands in the columns, a category (field, agency, commune, year) in the rows.

In: the columns of a table as `extract` split them (header paths, column numbers), its rows and title. Out:
`is_crosstab`, and a `CrosstabLayout`: which indicator each value column is, which category each row is,
which rows and columns are totals, and the sums and rates that must hold between them.

The template decides first: where the row names are catalogued indicators, rows carry them. Without one the
header words decide. Arithmetic printed in the column numbers (`8=10+16`) is `stated` and beats what the
header suggests (`Tổng số` beside its parts), which is `header`: a sum that hardly any row keeps was none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from extract.model import Column
from normalize.catalogue import Catalogue, load_catalogue
from normalize.categories import category_kind, header_kind, is_total, is_total_label
from normalize.columnsums import CrossRelation, column_relations
from normalize.mapindex import index_of
from normalize.mapping import RowView, printed_parents
from normalize.measure_words import is_rate, says_no_thing
from normalize.measures import placed_measure
from normalize.model import Period
from normalize.namekeys import subject
from normalize.provisional import provisional_id
from normalize.text import clean, fold, slug
from normalize.units import find_unit

__all__ = ["CrossColumn", "CrossRelation", "CrossRow", "CrosstabLayout", "crosstab_layout", "is_crosstab"]

_ROWS_CARRY = regex.compile(
    r"^(?:ten )?(?:chi tieu|noi dung|tieu chi|danh muc|chi so|thong tin|dien giai|nhiem vu|hang muc)\b"
)
_NUMBERING = regex.compile(r"\s*[(\[]\s*\d{1,2}\s*(?:=[\s\d+\-–x×*/:%().]*)?[)\]]\s*$")
_UNIT_TAIL = regex.compile(
    r"\s*[(\[]\s*(?:đvt|đơn vị tính|đơn vị)?\s*:?\s*([^()\[\]]{1,30})[)\]]\s*$", regex.IGNORECASE
)
_GENERIC = frozenset(
    ("so lieu", "ket qua", "ket qua thuc hien", "ket qua thong ke", "chia ra", "trong do", "bao gom", "gom", "cu the")
)
# A header level made only of these says when or against what, not what: `Kế hoạch | Thực hiện | Cùng kỳ`.
_BARE = regex.compile(
    r"^(?:ke hoach(?: nam)?(?: duoc giao| giao)?|thuc hien(?: trong ky| ky nay)?|da thuc hien|ky (?:nay|bao cao|truoc)"
    r"|cung ky(?: nam truoc)?|nam (?:truoc|nay)|quy truoc|so lieu(?: ky bao cao)?|luy ke(?: tu dau nam| den nay)?"
    r"|so sanh.*|so voi.*|tang giam|chenh lech)$"
)
_SHARES = ("ty le", "ti le", "ty trong", "%", "phan tram")
NO_PERIOD = Period("", None, None, "", None)
_YEAR = regex.compile(r"^(?:nam )?(?:19|20)[0-9]{2}$")
JOIN = " › "


@dataclass(frozen=True, slots=True)
class CrossColumn:
    """A value column. `path` is its header without column numbers and unit, levels joined by ` › `.

    `indicator` is the canonical name: the path without its `Tổng số`; `measure` is `actual` unless the header
    says plan, previous … . `is_total`: the column holds the total of its header level.
    """

    index: int
    indicator_id: str
    indicator: str
    path: str
    unit_raw: str
    measure: str
    is_total: bool
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class CrossRow:
    """A data row, `row` from 0 in the order given. A total has no breakdown; `is_group` has rows under it."""

    row: int
    breakdown: str
    breakdown_kind: str
    is_total: bool
    is_group: bool


@dataclass(frozen=True, slots=True)
class CrosstabLayout:
    """Columns, rows and what must hold between them: relations name `Column.index` or `CrossRow.row`."""

    columns: tuple[CrossColumn, ...]
    rows: tuple[CrossRow, ...]
    relations: tuple[CrossRelation, ...]


def is_crosstab(
    columns: Sequence[Column], first_names: Sequence[str], title: str, catalogue: Catalogue | None = None
) -> bool:
    """True where the columns carry the indicator. `first_names` are the row names, all or the first of them."""
    values = [column for column in columns if column.role == "value"]
    names = [name for name in map(clean, first_names) if name]
    if not values or not names or any(column.role == "unit" for column in columns):
        return False  # a unit for each row: every row is another indicator
    index = index_of(catalogue or load_catalogue())
    label = _name_header(columns)
    catalogued = sum(bool(index.find(name)) for name in names if fold(name).count(" ") > 1)
    if catalogued * 10 >= len(names) * (6 if header_kind(label) else 3):
        return False
    plain = [name for name in names if not is_total(name)]
    mostly_categories = bool(plain) and sum(bool(category_kind(name)) for name in plain) * 2 >= len(plain)
    named = {path for column in values if (path := _own_path(column, values))}
    if _ROWS_CARRY.match(fold(label)):
        return mostly_categories and bool(named)
    if header_kind(label) or mostly_categories:
        return bool(named) or bool(clean(title))
    return len(named) >= 2 and any(len(column.header) > 1 for column in values)


def _name_header(columns: Sequence[Column]) -> str:
    """The word over the row names: the last level that says anything."""
    column = next((column for column in columns if column.role == "name"), None)
    return next((text for raw in reversed(column.header) if (text := clean(raw))), "") if column else ""


def crosstab_layout(
    columns: Sequence[Column],
    rows: Sequence[RowView],
    title: str,
    catalogue: Catalogue | None = None,
    unit_line: str = "",
    period: Period = NO_PERIOD,
) -> CrosstabLayout:
    """What every value column and row of a cross-table is. Columns of other roles are left out.

    `period` is the report's: a column of another year (`Năm 2023 › Thực hiện`) is not its figure.
    """
    values = [column for column in columns if column.role == "value"]
    labels = {column.index: tuple(_label(text)[0] for text in column.header) for column in values}
    placed = _columns(values, labels, title, catalogue or load_catalogue(), unit_line, period)
    cross_rows = _rows(rows, header_kind(_name_header(columns)))
    numbers = {column.index: column.number or _number_in(column.header) for column in columns}
    percent = {column.index for column in placed if column.unit_raw == "%"}
    relations = column_relations(labels, numbers, percent, {column.index: column.measure for column in placed})
    return CrosstabLayout(placed, cross_rows, (*relations, *_row_relations(rows, cross_rows)))


def _columns(
    values: Sequence[Column],
    labels: dict[int, tuple[str, ...]],
    title: str,
    catalogue: Catalogue,
    unit_line: str,
    period: Period,
) -> tuple[CrossColumn, ...]:
    about = subject(title)
    about = about.capitalize() if about.isupper() else about[:1].upper() + about[1:]
    out: list[CrossColumn] = []
    used: Counter[tuple[str, str]] = Counter()
    for column in values:
        path = [text for text in labels[column.index] if text]
        kept = _own_path(column, values)
        name = JOIN.join(kept) or about
        printed = next((unit for text in reversed(column.header) if (unit := _label(text)[1])), "")
        unit = printed or _unit_by_name(path) or unit_line
        ident = _catalogued(kept, unit, catalogue)
        found = ident or provisional_id(title, name)
        measure = _measure(path, set(kept), period, list(labels.values()))
        used[(found, measure)] += 1
        if used[(found, measure)] > 1:
            found = provisional_id(title, name, (f"#{used[(found, measure)]}",))
        out.append(
            CrossColumn(
                index=column.index,
                indicator_id=found,
                indicator=catalogue.by_id[ident].name if ident else name,
                path=JOIN.join(path),
                unit_raw=unit,
                measure=measure,
                is_total=bool(path) and is_total_label(path[-1]),
                is_provisional=found != ident,
            )
        )
    return tuple(out)


def _measure(path: Sequence[str], kept: set[str], period: Period, beside: Sequence[tuple[str, ...]]) -> str:
    """The measure that the header levels left out of the indicator state; `actual` where they state none."""
    said = tuple(text for text in path if text not in kept and (_YEAR.match(fold(text)) or _is_bare(text)))
    if not said:
        return "actual"
    return placed_measure(said, period, beside) or slug(" ".join(said)) or "actual"


@lru_cache(maxsize=4096)
def _label(text: str) -> tuple[str, str]:
    """The words of a header cell and the unit it prints, its column number (`(3)=(4)+(5)`) left out."""
    words = _NUMBERING.sub("", clean(text))
    found = _UNIT_TAIL.search(words)
    if found and words[: found.start()].strip() and (find_unit(found[1]) or fold(found[1]) in ("%", "trd", "ty dong")):
        return words[: found.start()].strip(" :"), found[1].strip()
    return words.strip(" :"), ""


def _number_in(header: Sequence[str]) -> str:
    """The column number printed inside the header cell, empty if there is none."""
    found = _NUMBERING.search(clean(header[-1])) if header else None
    return found.group().strip() if found else ""


def _own_path(column: Column, values: Sequence[Column]) -> tuple[str, ...]:
    """The header words that name the indicator: totals, years, measures and words for any figure left out."""
    words = [_label(text)[0] for text in column.header]
    kept: list[str] = []
    for level, text in enumerate(words):
        key = fold(text)
        if not key or key in _GENERIC or is_total_label(text) or _YEAR.match(key):
            continue
        if _is_bare(text) and all(_is_measure(other.header[level]) for other in _beside(column, level, values)):
            continue
        kept.append(text)
    return tuple(kept)


def _beside(column: Column, level: int, values: Sequence[Column]) -> list[Column]:
    """The value columns under the same header words above this level."""
    above = column.header[:level]
    return [other for other in values if len(other.header) > level and other.header[:level] == above]


def _is_bare(text: str) -> bool:
    return _BARE.match(fold(text)) is not None or says_no_thing(text)


def _is_measure(text: str) -> bool:
    words = _label(text)[0]
    key = fold(words)
    return _is_bare(words) or bool(_YEAR.match(key)) or key.startswith(_SHARES) or is_rate(words)


def _unit_by_name(path: Sequence[str]) -> str:
    return "%" if path and (fold(path[-1]).startswith(_SHARES) or is_rate(path[-1])) else ""


def _catalogued(path: Sequence[str], unit: str, catalogue: Catalogue) -> str:
    """The one catalogued indicator whose whole name the path is, and whose unit fits; empty otherwise."""
    if not path or fold(" ".join(path)).count(" ") < 2:
        return ""
    index = index_of(catalogue)
    found: set[str] = set()
    for text in (" ".join(path), path[-1] if fold(path[-1]).count(" ") >= 3 else ""):
        places = index.find(text) if text else ()
        found |= {
            index.appendices[order].rows[row].indicator_id
            for order, row in places
            if index.appendices[order].fits_unit(row, unit)
        }
        if found:
            break
    return found.pop() if len(found) == 1 else ""


def _rows(rows: Sequence[RowView], stated_kind: str) -> tuple[CrossRow, ...]:
    names = [clean(row.name_raw).strip("-+•* ") for row in rows]
    totals = [is_total(name) for name in names]
    parents = printed_parents(rows)
    groups = {up for n, up in enumerate(parents) if up is not None and up != n}
    kinds = Counter(
        kind for n, name in enumerate(names) if not totals[n] and n not in groups and (kind := category_kind(name))
    )
    common = kinds.most_common(1)[0][0] if kinds and kinds.most_common(1)[0][1] * 2 > sum(not t for t in totals) else ""
    whole = _agree(stated_kind, common, kinds) or "other"
    twice = Counter(fold(name) for n, name in enumerate(names) if not totals[n])
    out: list[CrossRow] = []
    for n, name in enumerate(names):
        if totals[n]:
            out.append(CrossRow(n, "", "", True, n in groups))
            continue
        up = parents[n]
        # the same field at two levels of government: only its heading tells the two apart
        text = f"{names[up]}{JOIN}{name}" if twice[fold(name)] > 1 and up is not None and not totals[up] else name
        kind = (category_kind(name) or "other") if n in groups else whole
        out.append(CrossRow(n, text or rows[n].stt, kind, False, n in groups))
    return tuple(out)


def _agree(stated: str, common: str, kinds: Counter[str]) -> str:
    """The kind of a table's categories: rows that agree beat a header that is vague (`Đơn vị`, `Địa phương`)."""
    if not stated:
        return common or ("agency" if set(kinds) >= {"agency"} and len(kinds) > 1 else "")
    if stated in ("agency", "place") and common and set(kinds) == {common}:
        return common
    return common or "district" if stated == "place" else stated


def _row_relations(rows: Sequence[RowView], placed: Sequence[CrossRow]) -> list[CrossRelation]:
    """The total row is the sum of the top rows, and of the lowest ones; a heading the sum of the rows under it."""
    parents = printed_parents(rows)
    out: list[CrossRelation] = []
    for group in (row.row for row in placed if row.is_group and not row.is_total):
        parts = tuple(n for n, up in enumerate(parents) if up == group and not placed[n].is_total)
        if len(parts) > 1:
            out.append(CrossRelation("rows", "sum", group, parts, "header"))
    totals = [row.row for row in placed if row.is_total]
    if not totals:
        return out
    total = totals[0] if len(totals) == 1 or totals[0] == 0 else totals[-1]
    plain = [row for row in placed if not row.is_total]
    top = tuple(row.row for row in plain if parents[row.row] is None or placed[parents[row.row] or 0].is_total)
    leaves = tuple(row.row for row in plain if not row.is_group)
    for parts in dict.fromkeys((top, leaves)):
        if len(parts) > 1:
            out.append(CrossRelation("rows", "sum", total, parts, "header"))
    if len(totals) > 1:
        out += _subtotals(placed, [n for n in totals if n != total])
    return out


def _subtotals(placed: Sequence[CrossRow], totals: Sequence[int]) -> list[CrossRelation]:
    """`Cộng` in between: the sum of the rows since the total or heading before it."""
    out: list[CrossRelation] = []
    for total in totals:
        parts: list[int] = []
        for row in reversed(placed[:total]):
            if row.is_total or row.is_group:
                break
            parts.append(row.row)
        if len(parts) > 1:
            out.append(replace(CrossRelation("rows", "sum", total, (), "header"), parts=tuple(reversed(parts))))
    return out
