"""What is printed and no text: pictures, embedded objects, parts in other formats. Readers put `UNREAD` in its place.

In: blocks. Out: the blocks, with `UNREAD` kept in tables only, where it stands for a figure (elsewhere it is a coat of
arms, a line under a letterhead, a signature); and an error for each appendix that has a picture for a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from extract.captions import caption_of
from extract.model import Block, Grid, Paragraph, Problem
from extract.text import UNREAD, clean


def without_pictures(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; paragraphs without what is no text."""
    for block in blocks:
        if not isinstance(block, Paragraph) or UNREAD not in block.text:
            yield block
        elif text := block.text.replace(UNREAD, "").strip():
            yield replace(block, text=text)


def has_pictures(blocks: Iterable[Block]) -> bool:
    return any(isinstance(block, Paragraph) and UNREAD in block.text for block in blocks)


def tables_as_pictures(blocks: Iterable[Block]) -> Iterator[Problem]:
    """Captions of appendices between which and the next a picture stands and no table."""
    caption, number, page, has_picture = "", "", None, False
    for block in blocks:
        found = caption_of(block.text) if isinstance(block, Paragraph) else None
        if isinstance(block, Grid):
            caption = ""
        elif found is not None:
            if caption and has_picture:
                yield _problem(caption, number, page)
            caption, number, page, has_picture = found.raw or found.number, found.number, block.page, False
        elif isinstance(block, Paragraph) and UNREAD in block.text:
            has_picture = has_picture or not clean(block.text.replace(UNREAD, ""))
    if caption and has_picture:
        yield _problem(caption, number, page)


def _problem(caption: str, number: str, page: int | None) -> Problem:
    said = "a picture or an embedded object stands in place of a table"
    return Problem("picture-not-read", "error", said, page, detail=caption, appendix=number)
