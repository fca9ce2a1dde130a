"""Old Vietnamese encodings: which one a piece of text is in, and the text in Unicode.

In: text as a reader finds it, with the name of its font where there is one, or the bytes of a text file.
Out: Unicode, and `Problem`s that say what was converted (`encoding-converted`, info) and what could not be
decided (`encoding-tie`, warning; the text is left as it is).

How it is decided: a passage (a paragraph, a cell, a line) is decoded as every candidate, and the words that
Vietnamese can spell are counted. The name of the font weighs as much as a word and a half, what the rest of the
document was under the same font weighs more the more there is of it. So a lone word follows its font, a
paragraph speaks for itself, Unicode under a `.Vn` font stays, and ASCII is never touched (except VIQR).

For readers::

    decoder = Decoder.of(passages)           # None where nothing in the document can be of an old encoding
    decoded = decoder.decode(spans)          # spans: [Span(text, font), ...] of one paragraph or cell
    decoded.texts                            # the text of each span
    decoded.encoding, decoded.raw            # "" where nothing was converted; the text as read
    decoder.problems()                       # after all passages: one per encoding, and ties
    reading_of(decoded.raw, decoded.encoding)   # for `Cell.readings`; `row_problems(tables)` tells them later

Text files: `extract.legacy_files.decode_bytes(data)`.
Call the decoder before any clean-up: the ư of TCVN3 is U+00AD.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import log

import numpy as np
import regex

from extract.legacy_capitals import with_capitals
from extract.legacy_findings import NAMES, TIE, bytes_of, lost_problem, reading_of, row_problems, sample
from extract.legacy_fonts import BYTES, encoding_of_font, is_capital_font
from extract.legacy_losses import Losses, restored
from extract.legacy_tables import DECODERS, Units, decode_unicode, decode_vni_variant
from extract.legacy_viqr import ViqrDecoder, has_viqr, looks_like_viqr
from extract.legacy_words import UNICODE, WORD, head, scores
from extract.model import Problem
from extract.text import nfc

__all__ = [
    "BYTES", "FILLER", "NAMES", "SUSPICIOUS", "VIETNAMESE", "Decoded", "Decoder", "Span", "composed",
    "encoding_of_font", "is_capital_font", "may_be_legacy", "needs_decoding", "reading_of", "row_problems",
    "sure_verdict",
]  # fmt: skip

FILLER = "\u200b"
# Letters that only Unicode text has, and characters that Vietnamese Unicode text has no use for.
VIETNAMESE = regex.compile(r"[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
SUSPICIOUS = re.compile(  # the standard library: thirty times as fast here, and every document is looked over
    r"[\x00-\x08\x0e-\x1f\x80-\x9f¡-¦¨-¯´¶¸¹»-¾ÄÅÆÇËÎÏÑÖØÛÜÞßäåæçëîïðñöøûüþÿµƒŒœŠšŸŽž†‡ˆ‰‹›™˜\uf000-\uf01f\uf0a1-\uf0fe"
    r"\u0300-\u036f]"
)
# UTF-16 units → may this be of an old encoding, or stand apart from what it is composed with?
_UNSOUND = np.ones(1 << 16, np.bool_)
_UNSOUND[[
    code
    for code in (9, 10, 12, 13, *range(0x20, 0x250), *range(0x1EA0, 0x1F00), *range(0x2010, 0x2028))
    if not SUSPICIOUS.match(chr(code)) and unicodedata.is_normalized("NFC", chr(code))
]] = False  # fmt: skip
_LATIN_LETTER = regex.compile(r"[\xc0-\xd6\xd8-\xf6\xf8-\xff]")
_FONT_BONUS, _UNICODE_BONUS, _LATIN_BONUS, _NEAR_BONUS = 1.5, 0.3, -1.5, 1.0
_MARGIN, _SURE, _MOST = 1.0, 3.5, 5.0
_OLD_TO_UNICODE, _FEW = 4, 20  # words


@dataclass(frozen=True, slots=True)
class Span:
    """Text under one font; `font` is empty where the format has none."""

    text: str
    font: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`texts`: one per span. `encoding`: the name of what was converted, `tie`, or empty; `raw`: the text as read.
    `added`: places in the whole text of letters that the text as read has lost; `doubts`: what may have lost more."""

    texts: tuple[str, ...]
    encoding: str = ""
    raw: str = ""
    added: tuple[int, ...] = ()
    doubts: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return "".join(self.texts)


def _is_sound(text: str) -> bool:
    """Is this Vietnamese Unicode in NFC and nothing else? True saves the two looks that tell it for any text."""
    if text.isascii() or "^" in text and text.count("^") >= 20:
        return False
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    return not bool(_UNSOUND.take(units, mode="clip").any())


def may_be_legacy(text: str) -> bool:
    """A quick look over a whole document: False means that no passage of it needs decoding."""
    if text.isascii():
        return text.count("^") >= 3
    return SUSPICIOUS.search(text) is not None or "^" in text and text.count("^") >= 20


def needs_decoding(text: str) -> bool:
    """The same look, for readers that compose all text: marks that only stand apart from their letters are Unicode."""
    return not _is_sound(text) and may_be_legacy(text) and _needs_decoding(nfc(text))


def composed(text: str) -> str | None:
    """All of a text in NFC; None where passages of it need decoding."""
    if _is_sound(text):
        return text
    whole = nfc(text)
    return None if may_be_legacy(text) and _needs_decoding(whole) else whole


def _needs_decoding(whole: str) -> bool:
    return may_be_legacy(whole) or "Ð" in whole or "ð" in whole  # drawn for Đ, which decoding puts right


@dataclass(slots=True)
class Decoder:
    """What a document says about the encodings of its fonts. Make it with `of`."""

    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    all_votes: Counter[str] = field(default_factory=Counter)
    viqr: ViqrDecoder | None = None
    is_vni_variant: bool = False
    converted: dict[str, list[str]] = field(default_factory=dict)
    ties: list[str] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)
    doubts: list[str] = field(default_factory=list)  # words that may have lost a letter
    guessed: list[str] = field(default_factory=list)  # bytes that no candidate makes words of: shown as Latin-1

    @classmethod
    def of(cls, passages: Iterable[Sequence[Span]], before: Decoder | None = None) -> Decoder | None:
        """Weigh the passages of a document; None where all of it is Unicode or ASCII beyond doubt.

        `before`: the decoder of the part before, where a document is read in parts; its evidence counts on.
        """
        parted = [group for spans in passages for group in _groups(spans)]
        groups = [(_text(group), group[0].font) for group in parted]
        texts = [text for text, _ in groups]
        is_viqr = sum(text.count("^") for text in texts if text.isascii()) >= 3 and looks_like_viqr(texts)
        goes_on = before is not None and before.goes_on
        if not (is_viqr or goes_on) and not any(
            font == BYTES or SUSPICIOUS.search(text) for text, font in groups if not text.isascii()
        ):
            return None
        decoder = cls()
        if before is not None:
            decoder.votes.update({font: Counter(votes) for font, votes in before.votes.items()})
            decoder.all_votes.update(before.all_votes)
            decoder.is_vni_variant = before.is_vni_variant
            decoder.losses = replace(before.losses)
            decoder.viqr = before.viqr
        if is_viqr:
            decoder.viqr = decoder.viqr or ViqrDecoder()
            decoder.viqr.learn(span.text for group in parted for span in group)
        for text, font in groups:
            if text.isascii():
                continue
            encoding, words = sure_verdict(text, font)
            if encoding:
                decoder.votes[font][encoding] += words
                decoder.all_votes[encoding] += words
                if encoding != UNICODE:
                    decoder.losses.learn(scores(head(text))[encoding][1], encoding)
                if encoding == "vni" and not decoder.is_vni_variant:
                    decoder.is_vni_variant = _has_lone_mark(text)
        return decoder

    @property
    def goes_on(self) -> bool:
        """May the next part be of an old encoding without a letter that tells it: `cha hoàn thành`, `CôÒng`, VIQR?"""
        return self.viqr is not None or self._n_old() > _FEW

    def afresh(self) -> Decoder:
        """The same evidence, with nothing decoded yet."""
        return replace(self, converted={}, ties=[], doubts=[], guessed=[])

    def decode(self, spans: Sequence[Span], near: Sequence[str] = (), *, is_aligned: bool = False) -> Decoded:
        """One paragraph or cell. `near`: encodings of the neighbours, where the place in the file says something.

        `is_aligned`: the text keeps its length but for letters `added`; U+200B stands where a letter took more than one
        character.
        """
        texts: list[str] = []
        encodings: list[str] = []
        added: list[int] = []
        for group in _groups(spans):
            out, encoding, own = self._group(group, near, FILLER if is_aligned else "")
            added += [sum(map(len, texts)) + at for at in own]
            texts.extend(out)
            if encoding:
                encodings.append(encoding)
        found = max(encodings, key=encodings.count) if encodings else ""
        raw = "".join(span.text for span in spans) if found else ""
        doubts: frozenset[str] = frozenset()
        if found == TIE:
            self.ties.append(raw)
        elif found or self._is_old():
            if found:
                self.converted.setdefault(found, []).append(raw)
            doubts = self._doubts("".join(texts).replace(FILLER, ""), found)
        return Decoded(tuple(texts), found, raw, tuple(added), doubts)

    def problems(self) -> tuple[Problem, ...]:
        """One problem per encoding found in the passages decoded so far, one for all ties."""
        out = [
            Problem("encoding-converted", "info", f"{len(raws)} passages", detail=f"{NAMES[name]}: {bytes_of(raws)}")
            for name, raws in sorted(self.converted.items())
        ]
        if self.ties:
            message = f"{len(self.ties)} passages can be read in more than one encoding and were left as they are"
            out.append(Problem("encoding-tie", "warning", message, detail=sample(self.ties[0])))
        if self.doubts:
            out.append(lost_problem(self.doubts))
        if self.guessed:
            message = f"{len(self.guessed)} lines are in no known encoding and were read as Windows-1252"
            out.append(Problem("encoding-guessed", "warning", message, detail=bytes_of(self.guessed)))
        return tuple(out)

    def _group(self, spans: Sequence[Span], near: Sequence[str], filler: str) -> tuple[list[str], str, list[int]]:
        """The texts of the spans, their encoding, and the places of letters that were put back."""
        text, font = _text(spans), spans[0].font
        if text.isascii() or self.viqr is not None and not VIETNAMESE.search(text):
            return self._ascii(spans, text, near, filler)
        encoding = self._verdict(text, font, near)
        if font == BYTES and encoding == UNICODE and _LATIN_LETTER.search(text):
            self.guessed.append(text)
        if encoding in (UNICODE, TIE):
            shown = [_as_windows(span.text) if font == BYTES else span.text for span in spans]
            if not filler:
                shown = [decode_unicode_text(part) for part in shown]
            if self.viqr is not None and any(has_viqr(span.text) for span in spans):  # runs of both in one passage
                read = [self._ascii([s], s.text, near, filler)[0] if has_viqr(s.text) else [] for s in spans]
                return [part for own, one in zip(read, shown, strict=True) for part in own or [one]], "viqr", []
            return shown, "" if encoding == UNICODE else TIE, []
        decode = decode_vni_variant if encoding == "vni" and self.is_vni_variant else DECODERS[encoding]
        units = decode(text)
        if encoding == "tcvn3":
            units = units if encoding_of_font(font) == "tcvn3" else with_capitals(units)
            units = restored(units, is_lossy=self.losses.is_lossy)
        return _texts(spans, units, filler), encoding, _added(units) if encoding == "tcvn3" else []

    def _ascii(
        self, spans: Sequence[Span], text: str, near: Sequence[str], filler: str
    ) -> tuple[list[str], str, list[int]]:
        """ASCII says the same in every encoding; but a capital font in use draws it as capitals, VIQR is ASCII, and so
        may be what is left of TCVN3."""
        if self.viqr is not None:
            units = self.viqr.decode(text)
            out = _texts(spans, units, filler)
            return out, "viqr" if "".join(out) != text else "", []
        if self.losses.is_lossy and ("tcvn3" in near or not near and self._is_old()):
            units = restored(list(text), is_lossy=True)
            if added := _added(units):
                return _texts(spans, units, filler), "tcvn3", added
        return [s.text.upper() if self._draws_capitals(s.font) else s.text for s in spans], "", []

    def _is_old(self) -> bool:
        """Is nearly all of this document in old encodings?"""
        return self.viqr is not None or self._n_old() > _OLD_TO_UNICODE * self.all_votes[UNICODE] + _FEW

    def _n_old(self) -> int:
        """How many words are in old encodings beyond doubt."""
        return sum(self.all_votes.values()) - self.all_votes[UNICODE]

    def _doubts(self, text: str, encoding: str) -> frozenset[str]:
        found = self.losses.doubts(text, is_tcvn3=encoding == "tcvn3")
        self.doubts.extend(sorted(found))
        return found

    def _draws_capitals(self, font: str) -> bool:
        if not is_capital_font(font):
            return False
        own = self.votes.get(font)
        return bool(own) and own.most_common(1)[0][0] == "tcvn3" if own else self.all_votes["tcvn3"] > 0

    def _verdict(self, text: str, font: str, near: Sequence[str]) -> str:
        if VIETNAMESE.search(text) and not _is_foreign(text):
            return UNICODE
        found = scores(head(text))
        prior = self._prior(font)
        by_font = encoding_of_font(font)
        total = {
            name: score + prior.get(name, min(prior.values(), default=0.0)) + _bonus(name, by_font, near)
            for name, (score, _) in found.items()
        }
        best = max(total, key=lambda name: total[name])
        if best == UNICODE or found[best][0] <= 0 and not (by_font == best and prior.get(best) == 0.0):
            return TIE if found[UNICODE][0] < 0 and self._is_old() else UNICODE
        said = found[best][1]
        second = max((total[name] for name, (_, other) in found.items() if other != said), default=-99.0)
        return best if total[best] - second >= _MARGIN else TIE

    def _prior(self, font: str) -> dict[str, float]:
        """0 for the encoding that prevails under this font, down to -5 for those that the document never has."""
        own, everywhere = self.votes.get(font, Counter()), self.all_votes
        n = sum(everywhere.values())
        names = (UNICODE, *DECODERS)
        weight = {name: own[name] + 0.25 * min(n, 8) * (everywhere[name] / n if n else 0.0) + 0.1 for name in names}
        if weight["tcvn5712"] > 0.5:  # VN1 is VN3 with capitals: lines without capitals with tone speak for both
            weight["tcvn3"] = weight["tcvn5712"] = weight["tcvn3"] + weight["tcvn5712"]
        most = max(weight.values())
        return {name: max(-_MOST, log(weight[name] / most)) for name in names}


def _groups(spans: Sequence[Span]) -> Iterable[list[Span]]:
    """Neighbouring spans under fonts of one kind: Word cuts runs inside words, and a capital font inside a word too."""
    group: list[Span] = []
    kind = ""
    for span in spans:
        own = encoding_of_font(span.font)
        if group and own != kind and span.text:
            yield group
            group = []
        group.append(span)
        kind = own if span.text or len(group) == 1 else kind
    if group:
        yield group


def _text(spans: Sequence[Span]) -> str:
    return spans[0].text if len(spans) == 1 else "".join(span.text for span in spans)


def _texts(spans: Sequence[Span], units: Units, filler: str) -> list[str]:
    """What each span says; `filler` stands for the second character of a pair."""
    out: list[str] = []
    at = 0
    for span in spans:
        own = units[at : at + len(span.text)]
        part = "".join(c if u is None else u or filler for c, u in zip(span.text, own, strict=True))
        out.append(part.upper() if is_capital_font(span.font) else part)
        at += len(span.text)
    return out


def _added(units: Units) -> list[int]:
    """Where the second of two letters stands in the text of these units that `restored` gave two."""
    out: list[int] = []
    at = 0
    for unit in units:
        at += len(unit or " ")
        if unit and len(unit) > 1:
            out.append(at - 1)
    return out


def _bonus(name: str, by_font: str, near: Sequence[str]) -> float:
    bonus = _FONT_BONUS if name == by_font else 0.0
    if name == UNICODE:
        bonus = _LATIN_BONUS if by_font == BYTES else _UNICODE_BONUS
    return bonus + _NEAR_BONUS * near.count(name)


def sure_verdict(text: str, font: str = "") -> tuple[str, int]:
    """The encoding of a passage that needs no help, and how many of its words say so."""
    by_font = encoding_of_font(font)
    if by_font != BYTES and VIETNAMESE.search(text) and not _is_foreign(text):
        return UNICODE, len(WORD.findall(head(text)))
    found = scores(head(text))
    total = {name: score + _bonus(name, by_font, ()) for name, (score, _) in found.items()}
    best = max(total, key=lambda name: total[name])
    said = found[best][1]
    second = max((total[name] for name, (_, other) in found.items() if other != said), default=-99.0)
    if found[best][0] <= 0 or total[best] - second < _SURE:
        return "", 0
    return best, sum(1 for word in WORD.findall(said) if not word.isascii())


def _is_foreign(text: str) -> bool:
    """Letters of Unicode and bytes of something else in one passage: `ƒ`, `™` and the like beside few letters."""
    marks = len(SUSPICIOUS.findall(text))
    return marks > 2 * len(VIETNAMESE.findall(text)) and marks > 3 and not regex.search(r"[\u0300-\u036f]", text)


def _has_lone_mark(text: str) -> bool:
    return regex.search(r"(?<![AaÔôOo])[ëË]", text) is not None


def decode_unicode_text(text: str) -> str:
    """Unicode as it is printed: composed, Ð as Đ, soft hyphens (which are not printed) dropped."""
    if text.isascii():
        return text
    return "".join(unit or "" for unit in decode_unicode(text.replace("\u00ad", "")))


def _as_windows(text: str) -> str:
    return text.encode("latin-1", "replace").decode("cp1252", "replace")
