"""Pictures on a page that is read as text: `UNREAD` in their place.

In: a page with its pictures, and its blocks. Out: the blocks, and a paragraph of `UNREAD` for each picture that may
hold a table: as wide as a table and larger than a seal, with nothing printed over it (a background). What comes of it
is decided where captions are known (`extract.pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.model import Paragraph
from extract.page import PageContent
from extract.page_words import PageWords
from extract.readers.pdf_page import Placed
from extract.text import UNREAD

WIDE, LARGE = 0.33, 0.08  # shares of the page's width and area; a seal takes 0.03
TOUCHING_PT = 2.0  # pictures are often cut into strips
BACKGROUND = 3  # words over a picture that is behind the text


def with_unread(placed: Sequence[Placed], page: PageContent) -> list[Placed]:
    """The blocks of a page in their order, pictures among them."""
    out = list(placed)
    for top in _tops(page):
        place = next((i for i, one in enumerate(out) if one.top > top and not one.key), len(out))
        out.insert(place, Placed(top, Paragraph(UNREAD, page.number)))
    return out


def _tops(page: PageContent) -> list[float]:
    """Where the pictures begin that may hold a table."""
    words = PageWords.of(page.words)
    x, y = (words.x0 + words.x1) / 2, (words.top + words.bottom) / 2
    tops: list[float] = []
    for x0, top, x1, bottom in _whole(page.pictures):
        is_over = (x > x0) & (x < x1) & (y > top) & (y < bottom)
        is_large = x1 - x0 >= WIDE * page.width and (x1 - x0) * (bottom - top) >= LARGE * page.width * page.height
        if is_large and is_over.sum() < BACKGROUND:
            tops.append(top)
    return tops


def _whole(pictures: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Pictures from the top, strips of one joined."""
    out: list[tuple[float, float, float, float]] = []
    for x0, top, x1, bottom in sorted(pictures, key=lambda box: box[1]):
        if out and abs(out[-1][0] - x0) + abs(out[-1][2] - x1) < TOUCHING_PT and top - out[-1][3] < TOUCHING_PT:
            out[-1] = (*out[-1][:3], max(bottom, out[-1][3]))
        else:
            out.append((x0, top, x1, bottom))
    return out
