"""Figures of the prose against the rows of the appendices.

In: `ReportView`. Out: warnings; no value is changed. Two ways of writing are certain enough: a pair
(`12/21 nhiệm vụ`) that one pair of related rows is clearly meant by, and a figure directly behind the whole
name of a row (`Tổng số hồ sơ đã tiếp nhận: 1.061 hồ sơ`). What agrees with any row that could be meant is
silent, what could mean several rows is left alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice

import regex

from extract.text import clean, fold
from normalize.checks.view import MAIN, ReportView, decimals_printed, unit_of
from normalize.findings import Doubt
from normalize.model import Observation
from normalize.units import find_unit

_COUNT = r"(\d{1,3}(?:\.\d{3})+|\d{1,7})"
_PAIR = regex.compile(
    r"(?<![\d/.,])(?<!\b(?:số|ngày|tháng|quý|kỳ|điều)\s{0,2})" + _COUNT + r"\s?/\s?" + _COUNT +
    r"(?:\s?\([\d,. ]{1,9}%\))?\s+((?:\p{L}+[ ,]{0,2}){1,5})",
    regex.IGNORECASE,
)  # fmt: skip
# A line goes on with the one before it unless it opens an item or a sentence.
_SENTENCE = regex.compile(r"[.;!?]\s+|\n(?=\s*(?:[-–—+•*]\s|\d{1,3}[.)]\s|\p{Lu}))")
# Folded words that every row and every sentence shares.
_COMMON = "so tong da duoc cua trong va cac voi tai theo nam ky thang den do la co cho ve tren o"
_EMPTY_WORDS = frozenset(_COMMON.split())
ENOUGH, ENOUGH_ALONE, CLEARLY = 1.5, 3.0, 0.5  # weight of shared words; alone: neither figure agrees


MOST_FIGURES = 200  # of one sentence: more is a table that lost its rules, not prose


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows that prose may write as `12/21 nhiệm vụ`, with the words that name them."""

    part: Observation
    whole: Observation
    words: frozenset[str]


def paired_figures(view: ReportView) -> Iterator[Doubt]:
    """`12/21 nhiệm vụ` in the prose against the rows for 12 and 21."""
    quotes = list(_quoted_pairs(view))
    pairs = tuple(_pairs(view)) if quotes else ()
    weights = _weights(pairs)
    for place, context, found in quotes if pairs else ():
        quoted = (_int(found.group(1)), _int(found.group(2)))
        noun = found.group(3)
        about = context - frozenset(fold(noun).split()[:1])
        meant = _meant([p for p in pairs if _counts(p.whole, noun)], quoted, about, weights)
        if meant:
            quote = clean(found.group(0).removesuffix(noun) + " ".join(noun.split()[:2]))
            yield from _contradictions(meant, quoted, quote, place)


def _quoted_pairs(view: ReportView) -> Iterator[tuple[str, frozenset[str], regex.Match[str]]]:
    """`(where, words around it, match)` of every pair of figures in the prose that counts something known."""
    for place, title, text in passages(view):
        for sentence in _sentences(text) if "/" in text else ():
            pairs = islice(_PAIR.finditer(sentence), MOST_FIGURES) if "/" in sentence else ()
            found = [match for match in pairs if _units_named(match.group(3))]
            if found:
                context = frozenset(fold(f"{title} {sentence}").split()) - _EMPTY_WORDS
                yield from ((place, context, match) for match in found)


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
        names += [p.indicator_raw for p in view.rows_at(row.table, row.parent_stt, MAIN)]
    return _telling_words(tuple(names))


@lru_cache(maxsize=4096)
def _telling_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in fold(name).split()) - _EMPTY_WORDS


def _weights(pairs: tuple[_Pair, ...]) -> dict[str, float]:
    """A word says the more, the fewer pairs it stands in."""
    counts = Counter(chain.from_iterable(pair.words for pair in pairs))
    return {word: math.log((len(pairs) + 1) / count) for word, count in counts.items()}


def passages(view: ReportView) -> Iterator[tuple[str, str, str]]:
    """`(where, heading, text)` of everything the report says in words."""
    if view.preamble:
        yield "mở đầu", "", view.preamble
    for section in view.sections:
        yield section.path or section.label, section.title, section.text


@lru_cache(maxsize=256)  # two checks look at the same passages
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(_SENTENCE.split(text))


def _int(printed: str) -> Decimal:
    return Decimal(printed.replace(".", ""))


@lru_cache(maxsize=1024)
def _units_named(noun: str) -> frozenset[str]:
    """The units that the words behind a figure may name (`hồ sơ`, `TTHC` for Thủ tục)."""
    words = noun.replace(",", " ").split()
    heads = (find_unit(" ".join(words[:n])) for n in range(1, len(words) + 1))
    return frozenset(unit.id for unit in heads if unit)


def _counts(row: Observation, noun: str) -> bool:
    return unit_of(row).id in _units_named(noun)


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


# --- a figure behind the name of its row ---------------------------------------------------------------

_DIGIT = regex.compile(r"\d")
_FIGURE = regex.compile(
    r"(?<![\d/.,-])(\d{1,3}(?:\.\d{3})+|\d{1,9})(?:,(\d{1,4}))?(?![\d/]|[.,]\d)\s*(%|\p{L}+(?:\s+\p{L}+)?)?"
)
# Words that may stand between a name and its figure.
_JOINING = frozenset(("la", "dat", "gom", "co", "duoc", "bang", "voi", "so", "ty", "le"))
_ELSEWHERE = regex.compile(r"\b(?:cung ky|nam truoc|ky truoc|quy truoc|giai doan|ke hoach nam|phan dau|chi tieu)\b")
_QUALIFIER = regex.compile(r"\([^()]*\)")
MIN_WORDS, MAX_WORDS = 4, 40  # of a name that is certain enough to be recognised in prose


@dataclass(slots=True)
class _Names:
    """The rows of the main column by what prose may call them: name → unit as printed → places of its rows, and how
    many words the names have that end with a word."""

    rows: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    lengths: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> _Names:
        names = cls()
        for at, o in enumerate(observations):
            if o.value is None or o.breakdown or o.measure != MAIN[0]:
                continue
            unit = o.unit_raw or o.unit
            for name, n_words, last in _names_in_prose(o.indicator_raw):
                units = names.rows.get(name)
                if units is None:
                    names.rows[name] = {unit: [at]}
                    names.lengths.setdefault(last, set()).add(n_words)
                elif len(alike := units.setdefault(unit, [])) < 2:  # with two, none is the one that is meant
                    alike.append(at)
        return names


def named_figures(view: ReportView) -> Iterator[Doubt]:
    """A figure right behind the whole name of a row, in the row's unit, that is not the row's figure."""
    names = _Names.of(view.observations)
    for place, _, text in passages(view) if names.rows else ():
        for sentence in _sentences(text):
            if _DIGIT.search(sentence):
                found = list(_named(view, sentence, names, place))
                yield from found if found and not _ELSEWHERE.search(fold(sentence)) else ()


@lru_cache(maxsize=8192)
def _names_in_prose(name: str) -> tuple[tuple[str, int, str], ...]:
    """How prose may write a row's name (as printed, or without what stands in brackets), each with the number of its
    words and the last of them."""
    ways = dict.fromkeys((fold(name), fold(_QUALIFIER.sub(" ", name))))
    worded = [(way, way.split()) for way in ways]
    return tuple((way, len(words), words[-1]) for way, words in worded if MIN_WORDS <= len(words) <= MAX_WORDS)


def _named(view: ReportView, sentence: str, names: _Names, place: str) -> Iterator[Doubt]:
    start = 0
    for found in islice(_FIGURE.finditer(sentence), MOST_FIGURES):
        before = sentence[start : found.start()]
        named = _rows_named(fold(before).split(), names) if _may_end_a_name(before, names) else ()
        start = found.end(2) if found.group(2) else found.end(1)
        rows = [o for o in map(view.at, named) if _in_unit(o, found.group(3) or "")]
        if len(rows) == 1:
            o, digits = rows[0], len(found.group(2) or "")
            said = Decimal(f"{found.group(1).replace('.', '')}.{found.group(2) or '0'}")
            step = Decimal(1).scaleb(-min(digits, decimals_printed(o)))
            # prose rounds: 88,7% stands for 88,70%; a count must be the same
            slack = step if unit_of(o).kind in ("percent", "money") else Decimal(0)
            if o.value is not None and abs(o.value - said) > slack:
                quote = clean(found.group(0))
                yield Doubt.at(
                    o, "prose-contradicts-table", expected=o.value_raw, actual=quote, quote=quote, section=place
                )


def _may_end_a_name(words: str, names: _Names) -> bool:
    """Told by the last word alone; mark-up, which `fold` takes away, may hide it."""
    last = fold(words.rpartition(" ")[2])
    return not last or "<" in words or (end := last.rpartition(" ")[2]) in names.lengths or end in _JOINING


def _rows_named(words: list[str], names: _Names) -> list[int]:
    """The places of the rows whose whole name ends the words, but for joining words (`là`, `đạt`); the longest name
    speaks."""
    end = len(words)
    while True:
        for length in sorted(names.lengths.get(words[end - 1], ()) if end else (), reverse=True):
            units = names.rows.get(" ".join(words[end - length : end])) if length <= end else None
            if units:
                return [at for alike in units.values() for at in alike]
        if not end or words[end - 1] not in _JOINING:
            return []
        end -= 1


def _in_unit(o: Observation, behind: str) -> bool:
    unit = unit_of(o)
    if unit.kind == "percent" or behind == "%":
        return unit.kind == "percent" and behind == "%"
    return unit.kind == "count" and bool(behind) and _counts(o, behind)


def prose_against_rows(view: ReportView) -> Iterator[Doubt]:
    """Every figure of the prose that is certain enough to be compared."""
    yield from paired_figures(view)
    yield from named_figures(view)
