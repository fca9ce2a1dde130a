"""Print set sideways on an upright page, as the heads of narrow columns are: turned level.

In: the words of a page, those set sideways in whatever pieces the library gives them. Out: the words, each sideways
line as one level word in the middle of its place: where its words stand is all a table without rules knows of a column.
Lines that run downwards side by side are left as they are: which of them comes first only their cell can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.page import Word, spelled, text_lines, turned_level
from extract.page_words import PageWords

SIDE_BY_SIDE = 2.0  # of the font size: base lines this near are of one cell
APART = 1.0  # of the font size along a line: what stands farther off is another cell's
MIDDLE = 0.35  # of the font size: from the middle of print down to its base line


def leveled(words: PageWords) -> PageWords:
    """The words with sideways lines made level."""
    if words.turn is None:
        return words
    lines: list[tuple[int, list[Word]]] = [(1, line) for line in _lines(words, 1)]
    downwards = list(_lines(words, -1))
    beside = set(_side_by_side(downwards))
    lines += [(-1, line) for n, line in enumerate(downwards) if n not in beside]
    if not lines:
        return words
    gone = {word.start for _, line in lines for word in line}
    return PageWords.of([*(w for w in words if w.start not in gone), *(_level(line, up) for up, line in lines)])


def _lines(words: PageWords, up: int) -> Iterator[list[Word]]:
    """The lines of print that runs one way, turned upright, parted where it stands apart."""
    for line in text_lines([turned_level(word, up) for word in words if word.turn == up]):
        run = [line[0]]
        for word in line[1:]:
            if word.x0 - run[-1].x1 > APART * word.size:
                yield run
                run = []
            run.append(word)
        yield run


def _side_by_side(lines: Sequence[Sequence[Word]]) -> Iterator[int]:
    """The lines, by number, beside which another one runs; they are sorted by their base lines."""
    for n, one in enumerate(lines):
        for k in range(n + 1, len(lines)):
            other = lines[k]
            if other[0].base - one[0].base >= SIDE_BY_SIDE * one[0].size:
                break
            if one[0].x0 < other[-1].x1 and other[0].x0 < one[-1].x1:
                yield from (n, k)


def _level(line: Sequence[Word], up: int) -> Word:
    """One word for a line that was turned upright, where the line stands on the page."""
    across = sorted((min(word.top * up for word in line), max(word.bottom * up for word in line)))
    top, bottom = sorted((-line[0].x0 * up, -line[-1].x1 * up))
    size = line[0].size
    base = (top + bottom) / 2 + MIDDLE * size
    first = min(line, key=lambda word: word.start)
    return Word(spelled(line), across[0], top, across[1], bottom, base, size, first.start, first.length)
