"""VIQR: Vietnamese in seven bits (`Co^.ng ho`a xa~ ho^.i`), recognised and read.

In: ASCII text. Out: Unicode, letter by letter (`legacy_tables.Units`). A mark counts only where the word it
makes can be spelled, so codes, addresses and English stay as they are. The full stop is also the dot below:
behind a vowel at a word's end it is read by what follows, then by how the same word is written elsewhere in
the text. A backslash makes the next sign literal.

Source: RFC 1456, section 3 (VIQR); the doubts are those its section 3.2 names.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from extract.legacy_tables import Units
from extract.syllables import is_common, is_syllable

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
_TAKES = {"^": "aeo", "(": "a", "+": "ou"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VOWELS = frozenset("aeiouyAEIOUY")
# Signs that only VIQR puts behind a vowel; the acute, the hook and the dot are also punctuation.
_STRONG = regex.compile(r"[A-Za-z]*(?:[aeo]\^|[ou]\+|a\((?=[A-Za-z'`?~.])|[aeiouy][`~])[A-Za-z'`?~.^(+]*", regex.I)
_WORD = regex.compile(r"[A-Za-z]+")
_PHRASE = regex.compile(r"\p{L}+(?: \p{L}+)*")
_ROMAN = frozenset("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI".split())  # noqa: SIM905
MIN_WORDS = 3


def looks_like_viqr(texts: Iterable[str]) -> bool:
    """At least three words that only VIQR writes so, nearly all such words spellable, and not lost among others."""
    strong = good = words = 0
    for text in texts:
        if not text.isascii():
            continue
        words += len(_WORD.findall(text))
        signs, spelled = _strong_words(text)
        strong, good = strong + signs, good + spelled
    return good >= MIN_WORDS and good >= 0.7 * strong and good >= 0.02 * words


def has_viqr(text: str) -> bool:
    """Has a piece of text words that only VIQR writes so, all of them spellable? In a document known to use it."""
    strong, good = _strong_words(text) if text.isascii() else (0, 0)
    return 0 < good == strong


def _strong_words(text: str) -> tuple[int, int]:
    """How many words only VIQR writes so, and how many of them Vietnamese can spell."""
    strong = good = 0
    for match in _STRONG.finditer(text):
        strong += 1
        decoded = "".join(unit or "" for unit in _Reader(match.group()).read()).rstrip("'`?~.^(+")
        good += not decoded.isascii() and is_syllable(decoded)
    return strong, good


@dataclass(slots=True)
class ViqrDecoder:
    """Reads VIQR; `learn` counts how words are written where nothing is in doubt, in Unicode beside it too."""

    seen: Counter[str] = field(default_factory=Counter)  # words, and pairs of neighbours, where nothing is in doubt

    def learn(self, texts: Iterable[str]) -> None:
        for text in texts:
            if text.isascii():
                _Reader(text, self, is_learning=True).read()
            else:
                for phrase in _PHRASE.findall(text.lower()):
                    words = phrase.split()
                    self.seen.update(words)
                    self.seen.update(map(" ".join, pairwise(words)))

    def decode(self, text: str) -> Units:
        return _Reader(text, self).read()


@dataclass(slots=True)
class _Reader:
    text: str
    known: ViqrDecoder | None = None
    is_learning: bool = False
    before: str = ""  # the word before on the same line, as read

    def read(self) -> Units:
        text = self.text
        units: Units = list(text)
        at = 0
        while at < len(text):
            if text[at] == "\\" and at + 1 < len(text):
                units[at] = ""
                at += 2
            elif text[at].isascii() and text[at].isalpha():
                at = self._word(at, units)
            else:
                self.before = self.before if text[at] in " \u00a0" else ""
                at += 1
        return units

    def _word(self, start: int, units: Units) -> int:
        """Read one word into `units`; the place behind it."""
        letters, end = _letters(self.text, start)
        word = "".join(letter for _, _, letter in letters)
        if word.isascii():
            self._see(word)
            return end
        place, length, last = letters[-1]
        is_stop = self._mark_is_stop(start, end, word, last)
        if is_stop or is_stop is None:
            bare = word[:-1] + _without_tone(last)
            if is_stop or self._is_bare(word, bare, self.text[end : end + 3]):
                letters = [*letters[:-1], (place, length - 1, _without_tone(last))]
                end -= 1
                word = bare
        if not _is_word(word):
            self.before = ""
            return end
        if is_stop is not None:
            self._see(word)
        self.before = word.lower()
        for place, length, letter in letters:
            units[place : place + length] = [letter, *([""] * (length - 1))]
        return end

    def _see(self, word: str) -> None:
        word = word.lower()
        if self.is_learning and self.known is not None:
            self.known.seen[word] += 1
            if self.before:
                self.known.seen[f"{self.before} {word}"] += 1
        self.before = word

    def _mark_is_stop(self, start: int, end: int, word: str, last: str) -> bool | None:
        """Is the mark that ends the word punctuation? A full stop, a question mark or a quote may be; None in doubt."""
        mark = self.text[end - 1]
        if mark not in ".?'" or last == _without_tone(last):
            return False
        bare = word[:-1] + _without_tone(last)
        if not is_syllable(word):
            return _is_word(bare) or bare.isascii()
        if mark != "'" and _is_label(self.text, start, bare):
            return True
        if mark != "." or not is_syllable(bare):
            return False  # reports ask no questions: behind a vowel without a tone it is the hook
        after = self.text[end : end + 40]
        if after.startswith(".."):
            return True
        follow = after.lstrip(" \u00a0")
        return False if follow and (follow[0].islower() or after[0] in ",;:)/.-") else None

    def _is_bare(self, word: str, bare: str, after: str) -> bool:
        """In doubt: which of the two stands elsewhere, with the word before and then alone; else what is usual.

        A capital behind a capitalised word goes on with a name (`Thi. Lan`) or a heading (`NO^.I VU. TI?NH`).
        """
        is_name = word[0].isupper() and after[:1] == " " and after[1:2].isupper()
        word, bare = word.lower(), bare.lower()
        seen: Counter[str] = self.known.seen if self.known is not None else Counter()
        if self.before:
            toned, plain = seen[f"{self.before} {word}"], seen[f"{self.before} {bare}"]
            if toned != plain:
                return plain > toned
        if is_name:
            return False
        toned, plain = seen[word], seen[bare]
        if toned != plain:
            return plain > toned
        return is_common(bare) and not is_common(word)


def _letters(text: str, start: int) -> tuple[list[tuple[int, int, str]], int]:
    """The letters of the word at `start`: (place, characters read, letter), and the place behind it."""
    out: list[tuple[int, int, str]] = []
    at = start
    while at < len(text) and text[at].isascii() and text[at].isalpha():
        char, first = text[at], at
        at += 1
        if char in "dD" and text[at : at + 1] in ("d", "D"):
            at += 1
            out.append((first, 2, "đ" if char == "d" else "Đ"))
            continue
        if char in _VOWELS:
            if at < len(text) and text[at] in _SHAPES and char.lower() in _TAKES[text[at]]:
                char += _SHAPES[text[at]]
                at += 1
            if at < len(text) and text[at] in _TONES:
                char += _TONES[text[at]]
                at += 1
        out.append((first, at - first, unicodedata.normalize("NFC", char)))
    return out, at


def _without_tone(letter: str) -> str:
    tones = set(_TONES.values())
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in tones))


def _is_word(word: str) -> bool:
    """A syllable, or an abbreviation with Đ (`HĐND`, `QĐ`, `đ`)."""
    return is_syllable(word) or (not word.isascii() and not _vowels(word) and set(word) & {"đ", "Đ"} != set())


def _vowels(word: str) -> bool:
    return any(_without_tone(c)[:1] in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for c in word)


def _is_label(text: str, start: int, bare: str) -> bool:
    """`a.`, `I.`, `VI.` at the head of a line or cell, and any lone vowel with a full stop, number a list."""
    if len(bare) == 1:
        return bare.isascii()
    head = text[:start].rpartition("\n")[2].rpartition("\t")[2].strip(" *#-–(")
    return bare in _ROMAN and not head
