"""Words of a table without rules: spaces within its columns, its header and its codes.

In: the words of a page, its tables without rules (`scan_columns`). Out: the same words. Such a table is known by the
words of its header and the codes of its rows alone, so these are put right before the table is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extract.page import Word, line_text, text_lines
from extract.readers.scan_columns import Region
from extract.readers.scan_spelling import header_word
from extract.tables.header import is_code
from extract.tables.header_words import word_role

_CODES = 4
_ABOVE_PT = 3.0  # a header line ends so far above the first code
_SPACE, _TAB = 0.25, 1.2  # of the font size: a usual space, and a gap that is none any more
_CODE = regex.compile(r"\d{1,4}(?:\.\d{1,3}){0,4}\.?")
_AS_FIGURES = str.maketrans({
    "A": "4", "l": "1", "I": "1", "i": "1", "|": "1", "!": "1", "O": "0", "o": "0", "S": "5", "s": "5", "Z": "2",
    "z": "2", "B": "8", "g": "9", "q": "9", "?": "7", "T": "7", ",": ".", ":": ".", ";": ".", "(": "", ")": "", "'": "",
})  # fmt: skip


def closed_up(words: Sequence[Word], regions: Sequence[Region]) -> tuple[Word, ...]:
    """The words with the spaces between those of one column closed up to a usual one: what is wider is a gutter.

    Boxes drawn tight round the ink leave wider spaces than the type does, and a gap in a header looks like a gutter.
    """
    if not regions:
        return tuple(words)
    out = list(words)
    for region in regions:
        own = [i for i, w in enumerate(words) if region.top - 2 <= (w.top + w.bottom) / 2 <= region.bottom + 2]
        own.sort(key=lambda i: (words[i].base, words[i].x0))
        columns: dict[int, list[int]] = {}
        for i in own:
            middle = (words[i].x0 + words[i].x1) / 2
            columns.setdefault(sum(1 for cut in region.cuts if cut <= middle), []).append(i)
        for members in columns.values():
            members.sort(key=lambda i: words[i].x0)
            for i in members:
                w = words[i]
                behind = [
                    words[k] for k in members if words[k].x0 > w.x0 and abs(words[k].base - w.base) < 0.3 * w.size
                ]
                if not behind:
                    continue
                gap = behind[0].x0 - w.x1
                if _SPACE * w.size < gap < _TAB * w.size:
                    out[i] = w._replace(x1=behind[0].x0 - _SPACE * w.size)
    return tuple(out)


def headed(words: Sequence[Word], regions: Sequence[Region]) -> tuple[Word, ...]:
    """The words with a column of codes in figures (`4A.` → `44.`) and `STT` over it.

    A table without rules is known by its header and its rows by their codes: three capitals alone, and short codes
    alone, are what Tesseract misreads most. What the figures of a code are is decided later, by all readings.
    """
    out = {word.start: word for word in words}
    for region in regions:
        first = [w for w in words if region.top <= (w.top + w.bottom) / 2 <= region.bottom and w.x1 <= region.cuts[0]]
        first.sort(key=lambda w: w.base)
        codes = sum(1 for w in first[1:] if is_code(w.text))
        if len(first) < _CODES or codes < 0.6 * (len(first) - 1):
            continue
        top = min(w.base for w in first[1:] if is_code(w.text))
        for w in _named_headers([w for w in words if region.top <= w.base < top - _ABOVE_PT], region.cuts):
            out[w.start] = w
        head = out[first[0].start]
        is_short = 2 <= len(head.text) <= 4 and head.text.isalnum()
        if word_role(head.text + first[1].text):  # `ST` over `T`: a narrow column broke the word
            is_short = False
        if is_short and not is_code(head.text) and not word_role(head.text):
            text = "STT" if len(head.text) > 2 else "TT"
            out[head.start] = head._replace(text=text, length=len(text))
        for w in first[1:]:
            text = w.text.translate(_AS_FIGURES)
            if text != w.text and any(map(str.isdigit, w.text)) and _CODE.fullmatch(text):
                out[w.start] = w._replace(text=text, length=len(text))
    return tuple(out[word.start] for word in words)


def _named_headers(words: Sequence[Word], cuts: Sequence[int]) -> list[Word]:
    """Words above the first code that make a usual header but for a letter, as that header has them: `Tĩnh vực`."""
    out: list[Word] = []
    for line in text_lines(words):
        runs: dict[int, list[Word]] = {}
        for word in line:
            runs.setdefault(sum(1 for cut in cuts if cut <= (word.x0 + word.x1) / 2), []).append(word)
        for run in runs.values():
            is_name = all(w.text.isalpha() for w in run)  # `Đơn vị tính:` goes on with the unit
            right = header_word(line_text(run)).split() if is_name else []
            if len(right) == len(run):
                out += [w._replace(text=t, length=len(t)) for w, t in zip(run, right, strict=True) if t != w.text]
    return out
