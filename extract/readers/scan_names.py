"""A second reading of names in which a syllable is unusual and a usual one differs from it by its marks alone.

In: the grids of a page, its picture. Out: the grids; a word is replaced only by the second reading of the same ink, and
only where that is a usual syllable of reports with the same letters (`Tống số` → `Tổng số`, `đẳm` → `đảm`). At 150 dpi
a hook and an acute over a circumflex are the same few dots: one reading in twenty errs, two seldom both. Cells without
such a word, nearly all at 200 dpi, are not read again. What the catalogue says is not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np
import regex

from extract.model import Cell, Grid
from extract.readers.scan_cells import cut
from extract.readers.scan_headers import read_larger
from extract.readers.scan_image import Image, PagePicture
from extract.readers.scan_letters import spelt
from extract.readers.scan_words import INK
from extract.syllables import is_common, is_unusual_twin
from extract.text import fold

_WORD = regex.compile(r"\S+")
_LETTERS = regex.compile(r"\p{L}{2,}")
_MARGIN = 4


def respelled_names(grids: Sequence[Grid], page: PagePicture, erased: Image) -> list[Grid]:
    """The grids of a page with the doubtful words of their cells as the better of two readings has them."""
    asked = [
        (g, c, picture)
        for g, grid in enumerate(grids)
        for c, cell in enumerate(grid.cells)
        if is_doubtful(cell.text) and (picture := _print(cell, page.scale, erased)) is not None
    ]
    if not asked:
        return list(grids)
    out = [list(grid.cells) for grid in grids]
    again = read_larger([picture for *_, picture in asked], page.scale)
    for (g, c, _), second in zip(asked, again, strict=True):
        out[g][c] = replace(out[g][c], text=merged(out[g][c].text, second))
    return [replace(grid, cells=tuple(cells)) for grid, cells in zip(grids, out, strict=True)]


def is_doubtful(text: str) -> bool:
    return any(is_unusual_twin(word) for word in _LETTERS.findall(text) if not word.isupper())


def _print(cell: Cell, scale: float, erased: Image) -> Image | None:
    """The lines of print of a cell, without the paper above and below."""
    if cell.bbox is None:
        return None
    inside = cut(cell.bbox, scale, erased)
    rows = np.flatnonzero((inside < INK).any(axis=1)) if inside.size else np.zeros(0, int)
    if not rows.size:
        return None
    return inside[max(0, int(rows[0]) - _MARGIN) : int(rows[-1]) + _MARGIN + 1]


def merged(first: str, second: str) -> str:
    """The first reading, its doubtful words as the second has them where that is the usual syllable."""
    words = list(_WORD.finditer(first))
    others = [spelt(word) for word in second.split()]
    match = SequenceMatcher(None, [fold(w[0]) for w in words], [fold(w) for w in others], autojunk=False)
    out, end = [], 0
    for block in match.get_matching_blocks():
        for found, other in zip(words[block.a :][: block.size], others[block.b :][: block.size], strict=True):
            out += [first[end : found.start()], _better(found[0], other)]
            end = found.end()
    return "".join([*out, first[end:]])


def _better(word: str, other: str) -> str:
    mine, theirs = _LETTERS.search(word), _LETTERS.search(other)
    if mine is None or theirs is None or not is_unusual_twin(mine[0]) or not is_common(theirs[0]):
        return word
    core = theirs[0].lower()
    core = core[0].upper() + core[1:] if mine[0][0].isupper() else core
    return word[: mine.start()] + core + word[mine.end() :] if fold(core) == fold(mine[0]) else word
