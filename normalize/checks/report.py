"""Checks across a whole report: appendix against appendix, prose against appendix, lists against counts.

In: `ReportView`. Out: warnings; no value is changed. Which indicators speak of one thing is data
(`codelists/cross_relations.csv`); prose is compared only where one pair of rows is clearly meant:
what agrees is silent, what could mean several rows is left alone.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import regex

from extract.text import clean, fold
from normalize.checks.view import Relation, ReportView, unit_of
from normalize.findings import Doubt
from normalize.model import Observation
from normalize.units import find_unit

_CODELIST = Path(__file__).parents[1] / "codelists" / "cross_relations.csv"
MAIN = ("actual", "")


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
        for column in view.columns:
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
        for column in view.columns:
            one = view.find(relation.whole, column)
            for part in relation.parts:
                other = view.find(part, column)
                if one and other and None not in (one.value, other.value) and one.value != other.value:
                    yield _differs(one, other)
                    yield _differs(other, one)


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


# --- prose -------------------------------------------------------------------------------------------

_COUNT = r"(\d{1,3}(?:\.\d{3})+|\d{1,7})"
_PAIR = regex.compile(
    r"(?<![\d/.,])(?<!\b(?:số|ngày|tháng|quý|kỳ|điều)\s{0,2})" + _COUNT + r"\s?/\s?" + _COUNT +
    r"(?:\s?\([\d,. ]{1,9}%\))?\s+((?:\p{L}+[ ,]{0,2}){1,5})",
    regex.IGNORECASE,
)  # fmt: skip
_SENTENCE = regex.compile(r"[.;:!?]\s+|\n")
# Folded words that every row and every sentence shares.
_COMMON = "so tong da duoc cua trong va cac voi tai theo nam ky thang den do la co cho ve tren o"
_EMPTY_WORDS = frozenset(_COMMON.split())
ENOUGH, ENOUGH_ALONE, CLEARLY = 1.5, 3.0, 0.5  # weight of shared words; alone: neither figure agrees


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows that prose may write as `12/21 nhiệm vụ`, with the words that name them."""

    part: Observation
    whole: Observation
    words: frozenset[str]


def prose_against_rows(view: ReportView) -> Iterator[Doubt]:
    """`12/21 nhiệm vụ` in the prose against the rows for 12 and 21."""
    pairs = tuple(_pairs(view))
    if not pairs:
        return
    weights = _weights(pairs)
    for place, title, text in _prose(view):
        for sentence in _SENTENCE.split(text):
            if "/" not in sentence:
                continue
            context = frozenset(fold(f"{title} {sentence}").split()) - _EMPTY_WORDS
            for found in _PAIR.finditer(sentence):
                quoted = (_int(found.group(1)), _int(found.group(2)))
                noun = found.group(3)
                about = context - frozenset(fold(noun).split()[:1])
                meant = _meant([p for p in pairs if _counts(p.whole, noun)], quoted, about, weights)
                if meant:
                    quote = clean(found.group(0).removesuffix(noun) + " ".join(noun.split()[:2]))
                    yield from _contradictions(meant, quoted, quote, place)


def _pairs(view: ReportView) -> Iterator[_Pair]:
    """Numerator and denominator of rates, part and total of sums, part and whole, in the main column."""
    for relation in view.relations:
        if relation.kind == "rate":
            ids = [(relation.parts[0], relation.parts[1], relation.whole)]
        elif relation.kind in ("sum", "part"):
            ids = [(part, relation.whole, "") for part in relation.parts]
        else:
            continue
        for part_id, whole_id, rate_id in ids:
            part, whole = view.find(part_id, MAIN), view.find(whole_id, MAIN)
            if part and whole and part.value is not None and whole.value is not None:
                rate = view.find(rate_id, MAIN) if rate_id else None
                yield _Pair(part, whole, _name_words(view, *(o for o in (part, whole, rate) if o)))


def _name_words(view: ReportView, *rows: Observation) -> frozenset[str]:
    names = [row.indicator_raw for row in rows]
    for row in rows:
        names += [p.indicator_raw for p in view.by_row.get((row.table, row.parent_stt, MAIN), ())]
    return frozenset(word for name in names for word in fold(name).split()) - _EMPTY_WORDS


def _weights(pairs: tuple[_Pair, ...]) -> dict[str, float]:
    """A word says the more, the fewer pairs it stands in."""
    counts: dict[str, int] = {}
    for pair in pairs:
        for word in pair.words:
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log((len(pairs) + 1) / count) for word, count in counts.items()}


def _prose(view: ReportView) -> Iterator[tuple[str, str, str]]:
    if view.preamble:
        yield "mở đầu", "", view.preamble
    for section in view.sections:
        yield section.path or section.label, section.title, section.text


def _int(printed: str) -> Decimal:
    return Decimal(printed.replace(".", ""))


def _counts(row: Observation, noun: str) -> bool:
    """True where the words behind the figure name the row's unit (`hồ sơ`, `TTHC` for Thủ tục)."""
    unit, words = unit_of(row), noun.replace(",", " ").split()
    heads = (" ".join(words[:n]) for n in range(1, len(words) + 1))
    return any((found := find_unit(head)) is not None and found.id == unit.id for head in heads)


def _meant(
    pairs: list[_Pair], quoted: tuple[Decimal, Decimal], context: frozenset[str], weights: dict[str, float]
) -> _Pair | None:
    """The one pair of rows the sentence contradicts; None where a pair agrees or none is clearly meant."""
    if any((p.part.value, p.whole.value) == quoted for p in pairs):
        return None
    scored = sorted(((_score(p, quoted, context, weights), i) for i, p in enumerate(pairs)), reverse=True)
    if not scored or (len(scored) > 1 and scored[0][0] - scored[1][0] < CLEARLY):
        return None
    score, best = scored[0]
    agreeing = _agreeing(pairs[best], quoted)
    return pairs[best] if score - agreeing >= (ENOUGH if agreeing else ENOUGH_ALONE) else None


def _agreeing(pair: _Pair, quoted: tuple[Decimal, Decimal]) -> int:
    return (pair.part.value == quoted[0]) + (pair.whole.value == quoted[1])


def _score(pair: _Pair, quoted: tuple[Decimal, Decimal], context: frozenset[str], weights: dict[str, float]) -> float:
    # summed in a fixed order: the order of a set changes from run to run, and with it the last digit
    return sum(weights[word] for word in sorted(pair.words & context)) + _agreeing(pair, quoted)


def _contradictions(pair: _Pair, quoted: tuple[Decimal, Decimal], quote: str, place: str) -> Iterator[Doubt]:
    rows = f"{pair.part.value:f}/{pair.whole.value:f}"
    for row, said in ((pair.part, quoted[0]), (pair.whole, quoted[1])):
        if row.value != said:
            yield Doubt.at(row, "prose-contradicts-table", expected=rows, actual=quote, quote=quote, section=place)


# --- lists -------------------------------------------------------------------------------------------

_BULLET = regex.compile(r"\s*([-–—•*●▪]|\+|\d{1,3}[.)]|\p{L}\))\s+\S")
_DOCUMENT = regex.compile(
    r"\s*(?:[-–—•*●▪+]|\d{1,3}[.)])\s*"
    r"(Kế hoạch|Quyết định|Chỉ thị|Công văn|Thông báo|Kết luận|Nghị quyết|Tờ trình|Hướng dẫn|Chương trình|Đề án)"
    r"\s+số\b",
    regex.IGNORECASE,
)


def lists_against_counts(view: ReportView) -> Iterator[Doubt]:
    """Items listed for a row: under its name behind the table, or documents of the kind its note names."""
    yield from _lists_behind_tables(view)
    yield from _documents_in_sections(view)


def _lists_behind_tables(view: ReportView) -> Iterator[Doubt]:
    rows: dict[tuple[int, str], list[Observation]] = {}
    for o in view.observations:
        if o.value is not None and (o.measure, o.breakdown) == MAIN and unit_of(o).kind != "percent":
            rows.setdefault((o.table, _list_title(o.indicator_raw)), []).append(o)
    for table in view.tables:
        for title, count in titled_lists(table.text_after):
            found = rows.get((table.table, _list_title(title)), [])
            if len(found) == 1 and found[0].value != count:
                yield _miscounted(found[0], count)


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


def _documents_in_sections(view: ReportView) -> Iterator[Doubt]:
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
