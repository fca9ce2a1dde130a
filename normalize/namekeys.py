"""Keys by which a printed indicator name is compared with the names of the catalogue.

In: a name as printed. Out: keys from the strictest to the loosest: folded; with abbreviations and long
forms made one (`thủ tục hành chính` = `TTHC`, codelists/abbreviations.csv), `kì` = `kỳ`; without the
qualifier in brackets; without spaces (fused or torn words). Equal keys mean the same name, except where
two rows of one appendix share a key: then parent and code decide (`normalize.mapping`).
`changed_words` tells damage (a letter misread) from rewording (another word), which similarity cannot.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

import regex
from rapidfuzz.distance import Levenshtein

from normalize.text import clean, fold
from normalize.units import find_unit

T = TypeVar("T")
_ABBREVIATIONS = Path(__file__).parent / "codelists" / "abbreviations.csv"
_BRACKETS = regex.compile(r"\([^()]*\)|\[[^\[\]]*\]|\([^()]*$")
_LEAD = regex.compile(r"^(?:[+/=] ?)*(?:(?:trong do|bao gom|gom|chia ra|cu the)(?: co)? )?")
_TAIL = regex.compile(r"(?: (?:trong do|bao gom|gom|chia ra|cu the))$")
_MARK = regex.compile(r"\(\s?[0-9*]{1,2}\s?\)|[*†‡¹²³]+$")
# A Vietnamese syllable without its marks: what a person may have written, where `tlnh` must be damage.
_SYLLABLE = regex.compile(
    r"(?:b|ch|c|d|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|q|r|s|th|tr|t|v|x)?"
    r"(?:i|y|e|ie|ye|ia|ya|u|uo|ua|o|oa|oe|uy|uye|uya|ue|uu|a)(?:o|u|i|y)?(?:ch|c|m|ng|nh|n|p|t)?"
)
# Words that turn a sentence into another one: a negation, a side of a deadline, a level, a share or a sum.
_DECISIVE = frozenset(
    fold(
        "không chưa đã đang quá đúng sớm trước sau tỉnh huyện xã trung ương số tỷ lệ tổng mới cũ lũy kế trong ngoài"
        " trực tuyến tiếp toàn một phần năm kỳ trên dưới còn lại công viên chức cán bộ tập thể cá nhân % vụ người"
    ).split()
)
OPPOSITES = frozenset(fold("không chưa đã đang quá đúng sớm trễ chậm trước sau tăng giảm").split())
_NEGATIONS = frozenset(fold("không chưa").split())
# Words that count nothing else.
SPARE = frozenset(fold("được trong kỳ báo cáo của các tại theo").split())
# Words that may be added and leave what is counted as it is: `(nếu có)`, `(lũy kế từ đầu năm)`, `số lượng`.
ASIDE = SPARE | frozenset(
    fold(
        "nếu có ghi rõ nêu chi tiết cụ thể gồm bao gồm kể cả và hoặc đơn vị tính đvt số liệu lũy kế tính từ đầu năm đến"
        " thời điểm nay ngày hết tổng hợp thống kê đính kèm phụ lục danh sách ghi chú lượng việc về công tác đã bc"
    ).split()
)
NEAR = 0.5


@dataclass(frozen=True, slots=True)
class WordChange:
    """One place where two names differ; `is_damage`: a misreading explains it."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    is_damage: bool

    @property
    def is_opposite(self) -> bool:
        """`đúng hạn` for `quá hạn`, `chưa` for `đã`, a `không` more or less: another thing is counted."""
        old, new = set(self.old) & OPPOSITES, set(self.new) & OPPOSITES
        return not self.is_damage and (bool(old and new and old != new) or bool((old ^ new) & _NEGATIONS))

    @property
    def is_decisive(self) -> bool:
        """True where the change may change what is counted."""
        words = (*self.old, *self.new)
        replaced = bool(self.old and self.new)
        return not self.is_damage and (replaced or any(w in _DECISIVE or any(c.isdigit() for c in w) for w in words))


Phrases: TypeAlias = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


@lru_cache(maxsize=1)
def _phrases() -> tuple[Phrases, Phrases]:
    """Long forms to short ones and back, by their first word, the longest first."""
    short: dict[str, str] = {}
    long: dict[str, str] = {}
    with _ABBREVIATIONS.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            short[_y(fold(row["long"]))] = _y(fold(row["short"]))
            long.setdefault(_y(fold(row["short"])), _y(fold(row["long"])))
    return _by_first_word(short), _by_first_word(long)


def _by_first_word(forms: dict[str, str]) -> Phrases:
    out: Phrases = {}
    for form in sorted(forms, key=lambda form: (-form.count(" "), form)):
        words = tuple(form.split())
        out.setdefault(words[0], []).append((words, tuple(forms[form].split())))
    return out


def _replaced(words: list[str], phrases: Phrases) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(words):
        for phrase, other in phrases.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                out += other
                at += len(phrase)
                break
        else:
            out.append(words[at])
            at += 1
    return out


_I_FOR_Y = regex.compile(r"\b(k|t|l|m|s|h|qu)i\b")


def _y(text: str) -> str:
    """`kỳ` and `kì`, `tỷ` and `tỉ` are one word in two spellings."""
    return _I_FOR_Y.sub(r"\1y", text)


def _literal(folded: str) -> str:
    """A folded name without lead-in (`Trong đó:`), `ky` for `ki`."""
    return _y(_TAIL.sub("", _LEAD.sub("", folded, count=1)))


@lru_cache(maxsize=16384)
def canonical(folded: str) -> str:
    """A folded name with one spelling per word: abbreviations short, no lead-in, no word twice running."""
    words = _literal(folded).split()
    for _ in range(2):  # `đơn vị sự nghiệp công lập` → `ĐVSN công lập` → `ĐVSNCL`
        words = _replaced(words, _phrases()[0])
    return " ".join(word for n, word in enumerate(words) if not n or word != words[n - 1])


def _expanded(literal: str) -> str:
    """Abbreviations long: a damaged long form cannot be shortened, so it is compared with the long form."""
    return " ".join(_replaced(literal.split(), _phrases()[1]))


@lru_cache(maxsize=16384)
def forms(name: str) -> tuple[str, ...]:
    """The forms of a name that similarity is measured on, always six and in one order: as printed, abbreviations
    short, abbreviations long; each with and without the qualifiers in brackets."""
    whole, core = _literal(fold(_MARK.sub(" ", clean(name)))), _literal(fold(without_brackets(name)))
    return whole, plain_name(name), _expanded(whole), core, core_name(name), _expanded(core)


@lru_cache(maxsize=16384)
def without_brackets(name: str) -> str:
    """The name without its qualifiers in brackets and footnote marks; the name itself where nothing else is left."""
    short = _BRACKETS.sub(" ", _BRACKETS.sub(" ", clean(name))).strip(" .;:,-–")
    return short or clean(name)


def is_qualified_otherwise(
    official: str, printed: str, known: frozenset[str], context: frozenset[str], units: frozenset[str]
) -> bool:
    """The printed name has words in brackets that the official one has not, and they may change what is counted.

    `Số công chức được tuyển dụng (nữ)` is not the row without `(nữ)`. Brackets that were only left out, or hold the
    row's unit (`units`, ids), a formula or an aside (`nếu có`), say nothing. `context`: words of the headings above.
    """

    def told(bracket: regex.Match[str]) -> str:
        inside = bracket.group().strip("()[] ")
        unit = find_unit(inside)
        return " " if "=" in inside or (unit is not None and unit.id in units) else bracket.group()

    name = _BRACKETS.sub(told, clean(_MARK.sub(" ", clean(printed))))
    changes = changed_words(plain_name(official), plain_name(name), known)
    spare = ASIDE | (context - _DECISIVE)
    return any(c.is_opposite or (c.new and not c.is_damage and not set(c.new) <= spare) for c in changes)


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """The name folded and canonical, footnote marks dropped: what similarity is measured on."""
    return canonical(fold(_MARK.sub(" ", clean(name))))


@lru_cache(maxsize=16384)
def core_name(name: str) -> str:
    """`plain_name` without the qualifiers in brackets."""
    return canonical(fold(without_brackets(name)))


_BOILERPLATE = regex.compile(
    r"^(?:(?:biểu mẫu|biểu|bảng|mẫu|phụ lục)\s*(?:số\s*)?(?:[0-9][\w/.]*|[ivx]{1,5}\b)?\s*[:.\-–]?\s*)?"
    r"(?:(?:tổng hợp|thống kê|thông kê|báo cáo|kết quả|tình hình|số liệu)[\s,]+)*",
    regex.IGNORECASE,
)


@lru_cache(maxsize=1024)
def subject(title: str) -> str:
    """What a table is about: its title without `Biểu 02:`, `Tổng hợp`, `Kết quả`, unless nothing is left."""
    text = clean(title)
    return _BOILERPLATE.sub("", text, count=1).strip(" :.-") or text


def name_keys(name: str) -> Iterator[str]:
    """The keys of a name, strictest first, made only as far as they are asked for; none for a name without words."""
    folded = fold(name)
    if not folded:
        return
    yield folded
    whole, core = plain_name(name), core_name(name)
    yield whole
    yield core
    yield whole.replace(" ", "")
    yield core.replace(" ", "")


def look_up(by_key: Mapping[str, tuple[T, ...]], name: str, depth: int = 5) -> tuple[T, ...]:
    """What stands under the strictest of the first `depth` keys of a name that is there; empty if none is."""
    return next((found for key in islice(name_keys(name), depth) if (found := by_key.get(key))), ())


def similarity(a: str, b: str) -> float:
    """1 − edits / length of the longer text: 10 % wrong letters give about 0.9."""
    return float(Levenshtein.normalized_similarity(a, b))


def nearest_forms(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[float, str, str]:
    """Similarity of two names by their `forms`, form by form, and the pair of forms it was found in."""
    return max(((similarity(a, b), a, b) for a, b in zip(old, new, strict=True)), key=lambda found: found[0])


def changed_words(old: str, new: str, known: frozenset[str] = frozenset()) -> tuple[WordChange, ...]:
    """Where the words of two canonical names differ, runs of changes taken together.

    `known` are words that stand in catalogued names: a known word in place of another is no damage.
    """
    a, b = old.split(), new.split()
    changes: list[WordChange] = []
    a_end = b_end = 0
    for block in Levenshtein.opcodes(a, b).as_matching_blocks():
        if block.a > a_end or block.b > b_end:
            changes.append(_change(tuple(a[a_end : block.a]), tuple(b[b_end : block.b]), known))
        a_end, b_end = block.a + block.size, block.b + block.size
    return tuple(changes)


def _change(old: tuple[str, ...], new: tuple[str, ...], known: frozenset[str]) -> WordChange:
    if not old or not new or _numbers(old) != _numbers(new):
        # A lone letter or mark torn off a word is damage, a word more or less is not.
        return WordChange(old, new, is_damage=not _numbers(old + new) and all(len(w) < 2 for w in old + new))
    if similarity("".join(old), "".join(new)) >= NEAR:
        return WordChange(old, new, is_damage=not all(w in known for w in new))
    readable = sum(w in known or _SYLLABLE.fullmatch(w) is not None for w in new)
    return WordChange(old, new, is_damage=2 * readable <= len(new))


def _numbers(words: tuple[str, ...]) -> list[str]:
    """The words that are figures: `3`, `70%`, `2015`; not a letter misread as a digit (`ch2uc`)."""
    return [word for word in words if word.strip("%/+").isdigit()]
