"""Checks across a whole report: appendix against appendix, lists against counts.

In: `ReportView`. Out: warnings; no value is changed. Which indicators speak of one thing is data
(`codelists/cross_relations.csv`). A list is counted for a row only where it stands under the row's name, or
where the row's note or name says that it counts just these documents.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import regex

from extract.text import clean, fold
from normalize.checks.view import MAIN, Relation, ReportView, unit_of
from normalize.findings import Doubt
from normalize.model import Observation

_CODELIST = Path(__file__).parents[1] / "codelists" / "cross_relations.csv"


@lru_cache(maxsize=1)
def cross_relations() -> tuple[Relation, ...]:
    """Relations between appendices that no template states: carrier and same (see `RelationLike`)."""
    with _CODELIST.open(encoding="utf-8", newline="") as file:
        return tuple(Relation(r["kind"], r["whole"], tuple(r["parts"].split("|"))) for r in csv.DictReader(file))


def _related(view: ReportView, kind: str) -> Iterator[Relation]:
    yield from (relation for relation in cross_relations() if relation.kind == kind)
    yield from (Relation(kind, r.whole, r.parts) for r in view.of_kind(kind))


def counts_without_carriers(view: ReportView) -> Iterator[Doubt]:
    """A count above 0 whose carriers are all 0: 1061 files online, but no procedure that had one."""
    for relation in _related(view, "carrier"):
        for column in view.columns_of(relation.whole):
            count = view.find(relation.whole, column)
            carriers = [o for o in (view.find(part, column) for part in relation.parts) if o]
            if count is None or count.value is None or count.value <= 0 or not carriers:
                continue
            if all(carrier.value == 0 for carrier in carriers):
                for carrier in carriers:
                    yield Doubt.at(
                        carrier,
                        "count-without-carrier",
                        actual=Decimal(0),
                        expected="> 0",
                        count=count.value,
                        count_name=count.indicator_raw,
                        count_stt=count.stt,
                    )


def same_counts(view: ReportView) -> Iterator[Doubt]:
    """One count that stands in two appendices and differs."""
    for relation in _related(view, "same"):
        for column in view.columns_of(relation.whole):
            one = view.find(relation.whole, column)
            for part in relation.parts:
                other = view.find(part, column)
                if one and other and None not in (one.value, other.value) and one.value != other.value:
                    yield _differs(one, other)
                    yield _differs(other, one)


def indicators_twice(view: ReportView) -> Iterator[Doubt]:
    """One indicator with two figures in one report: the form stands there twice, perhaps for another level or body.

    Cross-tables have one figure for each category and several totals: they are left out.
    """
    if not view.has_other_figures:
        return
    crossed = {o.table for o in view.observations if o.breakdown_kind}
    for o in view.observations:
        other = view.other_figure(o) if o.value is not None and o.table not in crossed else None
        if other is not None:
            yield Doubt.at(
                o,
                "indicator-twice",
                actual=o.value,
                expected=other.value,
                other_appendix=other.appendix,
                other_stt=other.stt,
                other_table=other.table or 0,
            )


def _differs(o: Observation, other: Observation) -> Doubt:
    return Doubt.at(
        o,
        "same-count-differs",
        actual=o.value,
        expected=other.value,
        other_name=other.indicator_raw,
        other_appendix=other.appendix,
        other_stt=other.stt,
    )


_BULLET = regex.compile(r"\s*([-–—•*●▪]|\+|\d{1,3}[.)]|\p{L}\))\s+\S")
_DOCUMENT = regex.compile(
    r"\s*(?:[-–—•*●▪+]|\d{1,3}[.)])\s*"
    r"(Kế hoạch|Quyết định|Chỉ thị|Công văn|Thông báo|Kết luận|Nghị quyết|Tờ trình|Hướng dẫn|Chương trình|Đề án)"
    r"\s+số\b",
    regex.IGNORECASE,
)


def lists_behind_tables(view: ReportView) -> Iterator[Doubt]:
    """Items listed under the name of a row behind its table."""
    lists = {t.table: found for t in view.tables if t.text_after and (found := list(titled_lists(t.text_after)))}
    rows: dict[tuple[int, str], list[Observation]] = {}
    for o in view.observations if lists else ():
        is_main = o.table in lists and o.value is not None and (o.measure, o.breakdown) == MAIN
        if is_main and unit_of(o).kind != "percent":
            rows.setdefault((o.table, _list_title(o.indicator_raw)), []).append(o)
    for table, titled in lists.items():
        for title, count in titled:
            named = rows.get((table, _list_title(title)), [])
            if len(named) == 1 and named[0].value != count:
                yield _miscounted(named[0], count)


def _list_title(text: str) -> str:
    return fold(text).removesuffix(" gom").removesuffix(" cu the")


def titled_lists(text: str) -> Iterator[tuple[str, int]]:
    """`(title, number of items)` of the lists in a text: items carry the mark of the list's first item."""
    title, mark, count = "", "", 0
    for line in filter(str.strip, text.splitlines()):
        bullet = _BULLET.match(line)
        kind = _kind_of_mark(bullet.group(1)) if bullet else ""
        if kind and (kind == mark or not mark):
            mark, count = kind, count + 1
        elif not kind and not count:
            title = clean(line)
        elif not kind and _starts_a_title(line):
            yield title, count
            title, mark, count = clean(line), "", 0
    if count:
        yield title, count


def _kind_of_mark(mark: str) -> str:
    return "1" if mark[0].isdigit() else "a" if mark[0].isalpha() else mark


def _starts_a_title(line: str) -> bool:
    """A line between items goes on with the item before unless it is set off as a title."""
    text = clean(line)
    return text.endswith(":") or (text[:1].isupper() and not text.endswith((".", ";", ",")))


def documents_in_sections(view: ReportView) -> Iterator[Doubt]:
    """Documents listed in a section, of the kind that a row counts by its note or name."""
    lists: dict[str, list[tuple[str, int]]] = {}
    for section in view.sections:
        counts: dict[str, int] = {}
        for line in section.text.splitlines():
            document = _DOCUMENT.match(line)
            if document:
                kind = fold(document.group(1))
                counts[kind] = counts.get(kind, 0) + 1
        for kind, count in counts.items():
            if count > 1:
                lists.setdefault(kind, []).append((fold(section.title), count))
    for o in view.observations if lists else ():
        if o.value is None or (o.measure, o.breakdown) != MAIN or unit_of(o).kind != "count":
            continue
        for kind, found in lists.items():
            if _is_about(o, kind):
                counted = {count for _, count in found}
                headed = [count for title, count in found if kind in title] or sorted(counted)
                if o.value not in counted and len(headed) == 1:
                    yield _miscounted(o, headed[0])


def _is_about(o: Observation, kind: str) -> bool:
    """The row counts documents of this kind: its note says only that, or its name does."""
    note = [word for word in fold(o.note).split() if word not in ("cac", "so") and not word.isdigit()]
    name = fold(o.indicator_raw)
    return note == kind.split() or (name.startswith((f"so {kind} ", f"tong so {kind} ")) and "ban hanh" in name)


def _miscounted(o: Observation, count: int) -> Doubt:
    return Doubt.at(o, "items-contradict-count", actual=o.value, expected=count)
