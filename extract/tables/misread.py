"""A header repeated on a scanned page, in words that are not quite those of the first.

In: the texts of a row, the keys of the header (folded, without marks and case). Out: does the row say the header again?
One letter read wrong, or two columns run together, make the row look like data. Only words count, not where they stand;
the first cell may be anything short, for `STT` is what is misread most (`517`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.text import clean, fold

_LEAST, _KNOWN = 6, 0.9  # so many words, so many of them words of the header
_CODE = 4  # letters of a misread `STT`
_LETTERS_A_SLIP = 5


def repeats_misread(texts: Sequence[str], keys: Iterable[str]) -> bool:
    """Is a row the header again, but for slips? A row with a figure never is."""
    filled = [fold(text) for text in texts if text and clean(text)]
    if filled and len(filled[0]) <= _CODE:
        filled = filled[1:]
    words = " ".join(filled).split()
    has_figure = any(text.isdigit() for text in filled) or any(len(w) > 1 and any(map(str.isdigit, w)) for w in words)
    if len(words) < _LEAST or has_figure:
        return False
    header = " ".join(keys).split()
    known = sum(any(is_near(word, own) for own in header) for word in words)
    said = sum(any(is_near(own, word) for word in words) for own in set(header))
    return known >= _KNOWN * len(words) and 2 * said >= len(set(header))


def is_near(word: str, other: str) -> bool:
    """Is one the other but for one letter in five, added, lost or changed? Words of two letters only if alike."""
    if word == other:
        return True
    most = (max(len(word), len(other)) + 2) // _LETTERS_A_SLIP
    if abs(len(word) - len(other)) > most:
        return False
    before = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        row = [i]
        for k, own in enumerate(other, 1):
            row.append(min(before[k] + 1, row[-1] + 1, before[k - 1] + (letter != own)))
        before = row
    return before[-1] <= most
