"""The numbered headings of the narrative, told from list items and from prose that looks like headings.

In: the paragraphs of the body. Out: `Heading`s with the text under each. The idea: every line that
could be a heading is a candidate with a score from its looks (capitals, weight, length, how it ends);
a small beam search then picks the set of candidates that forms one consistent outline: I, 1, 2, 2.1,
2.2, 3, II … A line of prose such as `1.061 hồ sơ …` or a list item `1. Ban hành …;` does not fit the
outline, or looks worse than the true heading that does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

import regex

from extract.captions import roman_to_int
from extract.model import Heading, Paragraph
from extract.text import clean

_PART = regex.compile(
    r"^(?P<word>phần|chương)\s+(?P<label>thứ\s+\p{L}+|[IVX]{1,6}|\d{1,2})\b\s*[.:\-–]?\s*(?P<title>.*)$",
    regex.IGNORECASE | regex.DOTALL,
)
_ROMAN = regex.compile(r"^(?P<label>[IVXL]{1,7})\s*(?:[.)/:]|\s[-–]|[-–]\s)[.\-–)]?\s*(?P<title>\S.*)$", regex.DOTALL)
_LETTERS = "ABCDĐEGH"
_LETTER = regex.compile(r"^(?P<label>[ABCDĐEGH])\s*[.)]\s+(?P<title>\S.*)$", regex.DOTALL)
_ARABIC = regex.compile(
    r"^(?P<label>\d{1,2}(?:\.\d{1,2}){0,4})(?P<dot>\s?[.)/:]|\.)?(?P<space>\s*)(?P<title>\S.*)$", regex.DOTALL
)
_MIXED = regex.compile(r"^(?P<label>[IVX]{1,6}(?:\.\d{1,2}){1,4})\s?[.)]?\s+(?P<title>\S.*)$", regex.DOTALL)
_ORDINAL_WORDS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6}
_SENTENCE_BREAK = regex.compile(r"[.;]\s+\p{Lu}")
_FACT = regex.compile(r"(?:số\s+)?\d+/\d{0,4}/?[\p{Lu}]|ngày\s+\d{1,2}[/ ]")
_ENDS = (".", ";", ":", "!", "?", "…", "”", '"')
_NEW_ITEM = regex.compile(r"^[-–+•*▪]|^\d{1,2}[.)]|^[IVX]+\.|^[a-zđ]\)")
_RUNS_ON = regex.compile(r"^[\p{Ll},;)]|^ngày \d")
_SMALL_LETTER = regex.compile(r"^\p{Ll}")
BEAM, MOST_SKIPPED = 40, 3
_FIRST_LETTERS = "PpCcIVXL" + _LETTERS
# With one of these, no line begins that is a candidate: none of them is taken away when the line is cleaned.
_NO_CANDIDATE = frozenset(
    char for code in range(0x20, 0x1F00) if (char := chr(code)).isalpha() and char not in _FIRST_LETTERS or char in "-+"
)


@dataclass(slots=True)
class _Candidate:
    at: int
    kind: str  # part, letter, roman, arabic
    numbers: tuple[int, ...]
    label: str
    title: str
    score: float


_RANK = {"part": 0, "letter": 1, "roman": 2, "arabic": 3}
_NOTHING, _ROMAN_RANK, _ARABIC_RANK = -1, _RANK["roman"], _RANK["arabic"]


class _Outline:
    """The open headings, innermost first: `rank` orders the kinds of numbers. Outlines share what they have in common,
    so two that say the same are the same object."""

    __slots__ = ("depth", "numbers", "parent", "rank")

    def __init__(self, parent: _Outline | None, rank: int, numbers: tuple[int, ...]) -> None:
        self.parent, self.rank, self.numbers = parent, rank, numbers
        self.depth: int = 0 if parent is None else parent.depth + 1


# Candidate, depth, and the same of what was taken before: a chain, last one first, of which states share the rest.
_Taken: TypeAlias = "tuple[int, int, _Taken] | None"
_State: TypeAlias = tuple[_Outline, float, _Taken]  # an outline, its score, and what was taken for it
_SCORE = itemgetter(1)


def find_headings(paragraphs: Sequence[Paragraph]) -> tuple[tuple[Heading, ...], str]:
    """Headings with their text, and the text before the first one."""
    has_bold = any(p.is_bold for p in paragraphs)
    candidates = [c for at, p in enumerate(paragraphs) if (c := _candidate(at, p, paragraphs, has_bold)) is not None]
    taken = _best_outline(candidates)
    starts = [(candidates[i], depth) for i, depth in taken]
    bounds = [c.at for c, _ in starts] + [len(paragraphs)]
    preamble = join_paragraphs(paragraphs[: bounds[0]])
    headings: list[Heading] = []
    labels: list[str] = []
    for (candidate, depth), end in zip(starts, bounds[1:], strict=True):
        labels = [*labels[: depth - 1], candidate.label]
        first, title = candidate.at + 1, candidate.title
        if candidate.kind == "part" and not title and first < end and len(paragraphs[first].text) < 200:
            title, first = clean(paragraphs[first].text), first + 1
        elif first < end and _wraps(title, paragraphs[candidate.at], paragraphs[first]):
            title, first = f"{title} {clean(paragraphs[first].text)}", first + 1
        headings.append(
            Heading(
                depth,
                candidate.label,
                title,
                ".".join(labels),
                paragraphs[candidate.at].page,
                join_paragraphs(paragraphs[first:end]),
            )
        )
    return tuple(headings), preamble


def _wraps(title: str, heading: Paragraph, following: Paragraph) -> bool:
    """Does a title in capitals go on in the next printed line? Only formats with pages print lines as paragraphs."""
    rest = clean(following.text)
    return (
        heading.page is not None
        and len(title) >= 40
        and title.isupper()
        and rest.isupper()
        and len(rest) < 90
        and not following.label
        and rest[0].isalpha()
    )


def join_paragraphs(paragraphs: Sequence[Paragraph]) -> str:
    """Paragraphs as lines of text; one that a page break cut in two is one again."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text = clean(" ".join(filter(None, (paragraph.label, paragraph.text))) if paragraph.label else paragraph.text)
        if not text:
            continue
        if lines and goes_on(lines[-1], text, opens_page=paragraph.opens_page):
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
    return "\n".join(lines)


def goes_on(before: str, text: str, *, opens_page: bool = False) -> bool:
    """Is `text` the rest of `before`, cut by a page break? A sentence that has not ended, and no new item."""
    if len(before) < 40 or before.endswith(_ENDS):
        return False
    if not (first := text[0]).isupper() or first in "IVX":  # no other capital opens an item or goes on
        if _NEW_ITEM.match(text):
            return False
        if _RUNS_ON.match(text):
            return True
    return opens_page or len(before) > 60 and not text.isupper()


def _candidate(at: int, paragraph: Paragraph, paragraphs: Sequence[Paragraph], has_bold: bool) -> _Candidate | None:
    if paragraph.label:
        text = clean(f"{paragraph.label} {paragraph.text}")
    elif paragraph.text[:1] in _NO_CANDIDATE:
        return None
    else:
        text = clean(paragraph.text)
    if not text or len(text) > 400:
        return None
    found = _split(text)
    if found is None:
        return None
    kind, numbers, label, title = found
    return _Candidate(at, kind, numbers, label, title, _looks(kind, title, paragraph, at, paragraphs, has_bold))


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, tuple[int, ...], str, str] | None:
    first, second = text[0], text[1:2]
    if (
        first in "PpCc"
        and second in "hH"
        and (part := _PART.match(text))
        and (part["title"] == "" or part["title"].isupper())
    ):
        label = part["label"]
        word = label.split()[-1].lower()
        number = _ORDINAL_WORDS.get(word) or (int(word) if word.isdigit() else _roman(label))
        return ("part", (number,), f"{part['word']} {label}", part["title"]) if number else None
    if first in "IVXL":
        return None if second.isalpha() and second not in "IVXL" else _split_roman(text)
    if first.isdecimal():
        return _split_arabic(text)
    if first in _LETTERS and not second.isalpha() and (letter := _LETTER.match(text)):
        return "letter", (_LETTERS.index(first) + 1,), first, letter["title"]
    return None


def _split_roman(text: str) -> tuple[str, tuple[int, ...], str, str] | None:
    mixed = _MIXED.match(text)
    if mixed:
        head, *rest = mixed["label"].split(".")
        return ("arabic", tuple(map(int, rest)), mixed["label"], mixed["title"]) if _roman(head) else None
    roman = _ROMAN.match(text)
    if roman and (number := _roman(roman["label"])):
        return "roman", (number,), roman["label"], roman["title"]
    return None


def _split_arabic(text: str) -> tuple[str, tuple[int, ...], str, str] | None:
    arabic = _ARABIC.match(text)
    if not arabic:
        return None
    label, dot, space, title = arabic.group("label", "dot", "space", "title")
    numbers = tuple(map(int, label.split(".")))
    if dot is None and (not space or len(numbers) == 1):
        return None  # `12 phòng`, `9001:2015`
    if 0 in numbers or label[0] == "0" or ".0" in label:
        return None  # `01. …` is a list number, `1.061` a figure
    return "arabic", numbers, label, title


@lru_cache(maxsize=512)
def _roman(text: str) -> int:
    try:
        return roman_to_int(text)
    except ValueError:
        return 0


def _looks(
    kind: str, title: str, paragraph: Paragraph, at: int, paragraphs: Sequence[Paragraph], has_bold: bool
) -> float:
    """How much a line looks like a heading, on its own: above 0 it may be one."""
    if kind == "part" and not title:
        return 4.0  # its title stands on the next line
    bare = title.rstrip(" :")
    first = bare.lstrip("\"“'(")[:1]
    if not first or first.islower() or not first.isalpha():
        return -4.0
    score = 2.0
    if kind in ("roman", "letter", "part"):
        score += 2.0 if bare.isupper() else -0.5
    elif bare.isupper():
        score += 0.3
    if paragraph.is_bold is not None:
        score += 1.5 if paragraph.is_bold else -1.0 if has_bold else 0.0
    if title.endswith((";", ",")):
        score -= 4.0
    elif title.endswith("."):
        score -= 1.5 if len(title) < 70 else 2.5
    if len(title) > 130:
        score -= 1.0 + (len(title) - 130) / 60
    if ("." in title or ";" in title) and _SENTENCE_BREAK.search(title):
        score -= 1.5
    if ("/" in title or "ngày" in title) and _FACT.search(title):
        score -= 1.2
    if (
        not title.endswith((".", ";", ":", ","))
        and at + 1 < len(paragraphs)
        and (following := paragraphs[at + 1].text)[:1].islower()
        and _SMALL_LETTER.match(following)
    ):
        score -= 1.0  # the line runs on
    return score


def _best_outline(candidates: Sequence[_Candidate]) -> tuple[tuple[int, int], ...]:
    """Beam search over (take, skip) for each candidate; returns (index, depth) of those taken."""
    beam: list[_State] = [(_Outline(None, _NOTHING, ()), 0.0, None)]
    outlines: dict[tuple[_Outline, int, tuple[int, ...]], _Outline] = {}
    for i, candidate in enumerate(candidates):
        if candidate.score <= -1.0:
            continue  # never a heading
        rank, numbers, own_score = _RANK[candidate.kind], candidate.numbers, candidate.score
        best: dict[_Outline, _State] = {}
        for state in beam:
            outline, score, taken = state
            known = best.get(outline)
            if known is None or score > known[1]:
                best[outline] = state
            above, gap = _place(outline, rank, numbers)
            if not 0 <= gap <= MOST_SKIPPED:
                continue
            key = (above, rank, numbers)
            following = outlines.get(key)
            if following is None:
                following = outlines[key] = _Outline(above, rank, numbers)
            score += own_score - 1.6 * gap
            known = best.get(following)
            if known is None or score > known[1]:
                best[following] = (following, score, (i, following.depth, taken))
        beam = sorted(best.values(), key=_SCORE, reverse=True)[:BEAM]  # of equal ones the first stays the first
    taken_first: list[tuple[int, int]] = []
    chain = beam[0][2]
    while chain is not None:
        taken_first.append(chain[:2])
        chain = chain[2]
    return tuple(reversed(taken_first))


def _place(outline: _Outline, rank: int, numbers: tuple[int, ...]) -> tuple[_Outline, int]:
    """Where a heading fits: the part of the outline that stays open above it, and how many numbers are missing before
    it; a number below 0 of these where it does not fit."""
    at = outline
    if rank != _ARABIC_RANK or len(numbers) == 1:
        while at.rank > rank or at.rank == rank == _ARABIC_RANK and len(at.numbers) > 1:
            at = at.parent or at
        if at.rank == rank:
            return at.parent or at, numbers[-1] - at.numbers[-1] - 1
        return at, numbers[-1] - 1
    prefix, depth, previous = numbers[:-1], len(numbers), 0
    while at.rank == _ARABIC_RANK and len(at.numbers) > depth:
        at = at.parent or at
    if at.rank == _ARABIC_RANK and len(at.numbers) == depth:
        previous = at.numbers[-1] if at.numbers[:-1] == prefix else 0
        at = at.parent or at
    if at.rank == _ARABIC_RANK and at.numbers != prefix:
        return at, -1
    if at.rank == _ROMAN_RANK and at.numbers[-1:] != prefix[:1] and previous == 0 and numbers[-1] != 1:
        return at, -1
    return at, numbers[-1] - previous - 1
