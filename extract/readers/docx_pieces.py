"""What a piece of DOCX mark-up means, its texts cut out.

In: pieces of mark-up with a hole for each text. Out: for what stands in front of a paragraph an `Opening` (cells and
rows that end and begin), for the paragraph itself a `Shape`. What they mean is told by the functions that read a tree
(`runs_of`, `look_of`, `cell_look`, `row_look`), with a character of private use in place of each text. Each piece is
parsed by the XML library with its loose ends closed: what is not well-formed, or not usual, is refused with `NotUsual`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lxml import etree

from extract.readers.docx_fonts import Run
from extract.readers.docx_grid import CellLook, RowLook, cell_look, row_look
from extract.readers.docx_numbering import W
from extract.readers.docx_paragraph import Look, look_of
from extract.readers.docx_parts import parsed
from extract.readers.docx_runs import runs_of
from extract.readers.docx_tree import children_of

HOLE = b"\0"  # where a text was cut out; no XML holds it
_FIRST, _MOST_TEXTS = 0xE000, 0x1000  # stand-ins for the texts of a paragraph; the fonts of symbols begin at U+F000
# What is left to the tree, and what would be taken for our own marks (0xEE begins the stand-ins in UTF-8).
_UNUSUAL = (b"<!", b"<?", b"xmlns:w=", b"<mould-", b"</mould-", b"\xee", b"<w:altChunk")
_FORM = (b"<w:checkBox>", b"<w:ddList>")
_BEGIN, _RESULT = b'w:fldCharType="begin"', b'w:fldCharType="separate"'
# What only the tree can weigh (`docx_faint`): pale or tiny print, print set higher or lower, print on something dark.
_FAINT = re.compile(
    rb"<w:(?:color [^<>]*w:val=\"(?:[9A-Fa-f][0-9A-Fa-f]){3}\"|sz w:val=\"0*[0-6]\"|position w:val=\"-?[1-9]|highlight "
    rb"|shd [^<>]*w:(?:fill=\"(?![Aa][Uu][Tt][Oo]\"|(?:[B-Fb-f][0-9A-Fa-f]){3}\")|val=\"(?:solid|pct)))"
)
_REFERENCE = re.compile(rb"&#(?:x0*[Ee][0-9A-Fa-f]{3}|0*(?:5[7-9]|6[01])[0-9]{3});")  # to one of the stand-ins
_TAG = re.compile(r"\0?<(/?)([\w.\-]+(?::[\w.\-]+)?)(?:\s[^<>]*?)?(/?)>\0?")
_BLOCKS = {W + tag: "w:" + tag for tag in ("tbl", "tr", "tc")}
_SEEN_THROUGH = {W + tag: "w:" + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_P, _TR, _TC, _TEXT_BOX, _SOFT_HYPHEN = (W + tag for tag in ("p", "tr", "tc", "txbxContent", "softHyphen"))
_PROPERTIES = frozenset((W + "tcPr", W + "trPr"))


class NotUsual(Exception):
    """This body is read as a tree."""


class Shape(NamedTuple):
    """A paragraph without its texts.

    `runs`: each run, and which text of the paragraph it shows, -1 where its own. `boxes`: the paragraphs of text boxes
    that hang on it. `is_plain`: it says its texts from `first` to before `end` one after the other and nothing else, in
    no list of its own; `is_even`: in one weight and slant.
    """

    look: Look
    runs: tuple[tuple[int, Run], ...]
    boxes: tuple[Shape, ...]
    is_plain: bool
    first: int
    end: int
    is_even: bool
    n_texts: int
    has_soft_hyphen: bool


class Opens(NamedTuple):
    """An element that holds paragraphs begins. `look`: of rows and cells."""

    name: str
    look: RowLook | CellLook | None


class Closes(NamedTuple):
    """An element ends, of this piece or an earlier one."""

    name: str


Step = Shape | Opens | Closes


class Opening(NamedTuple):
    """What stands in front of a paragraph, or behind the last one. Its texts are white space between elements."""

    steps: tuple[Step, ...]
    n_texts: int
    is_end: bool


def meanings(head: bytes, openings: Sequence[bytes], paragraphs: Sequence[bytes]) -> tuple[list[Opening], list[Shape]]:
    """All pieces of a file that are not known, parsed at once. `head`: the root element, which says what prefixes mean.

    A paragraph is given from its tag on, without its end.
    """
    everything = b"".join((*openings, *paragraphs))
    if any(sign in everything for sign in _UNUSUAL) or b"&#" in everything and _REFERENCE.search(everything):
        raise NotUsual
    if _FAINT.search(everything) or any(map(_needs_instructions, paragraphs)):
        raise NotUsual
    marked = [_with_ends_marked(_text(piece)) for piece in openings]
    filled = [_filled(_text(piece)) for piece in paragraphs]
    pieces = [*(xml for xml, _ in marked), *(f"{xml}</w:p>" for xml in filled)]
    elements = iter(_parsed(head, pieces))
    return (
        [
            Opening(tuple(_steps(next(elements), still_open, is_top=True)), piece.count(HOLE), not still_open)
            for piece, (_, still_open) in zip(openings, marked, strict=True)
        ],
        [_shape(_only_child(next(elements)), piece.count(HOLE)) for piece in paragraphs],
    )


def _needs_instructions(paragraph: bytes) -> bool:
    """Does a field print what its instruction says? That is a text, and here all are cut out."""
    return paragraph.count(_BEGIN) > paragraph.count(_RESULT) or any(sign in paragraph for sign in _FORM)


def _text(piece: bytes) -> str:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        raise NotUsual from None


def _filled(paragraph: str) -> str:
    """Stand-ins in place of the texts."""
    first, *rest = paragraph.split("\0")
    if len(rest) > _MOST_TEXTS:
        raise NotUsual
    return "".join((first, *(chr(_FIRST + n) + text for n, text in enumerate(rest))))


def _with_ends_marked(opening: str) -> tuple[str, tuple[str, ...]]:
    """An opening as well-formed mark-up: ends of earlier elements marked, elements left open closed; and these."""
    still_open: list[str] = []
    out: list[str] = []
    at = 0
    for tag in _TAG.finditer(opening):
        if tag.start() != at:
            raise NotUsual
        at = tag.end()
        is_end, name, is_empty = tag.groups()
        if is_end and not still_open:
            out.append(f'<mould-end name="{name}"/>')
            continue
        out.append(tag[0])
        if is_end and still_open.pop() != name:
            raise NotUsual
        if not is_end and not is_empty:
            still_open.append(name)
    if at != len(opening) or "w:p" in still_open:
        raise NotUsual
    ends = (f"</{name}>" for name in reversed(still_open))
    return "".join((*out, *ends)).replace("\0", " "), tuple(still_open)


def _parsed(head: bytes, pieces: Sequence[str]) -> list[Any]:
    xml = "".join(f"<mould-piece>{piece}</mould-piece>" for piece in pieces)
    try:
        root = parsed(head + xml.encode() + b"</w:document>")
    except (etree.XMLSyntaxError, ValueError):
        raise NotUsual from None
    elements = list(root)
    if root.tag != f"{W}document" or len(elements) != len(pieces) or any(e.tag != "mould-piece" for e in elements):
        raise NotUsual
    return elements


def _steps(element: Any, still_open: Sequence[str], *, is_top: bool = False) -> Iterator[Step]:
    last = len(element) - 1
    for n, child in enumerate(element):
        tag = child.tag
        is_open = n == last and bool(still_open)
        if tag == "mould-end" and is_top:
            yield Closes(child.get("name"))
        elif tag == _P:
            yield _shape(child, 0)
        elif (name := _BLOCKS.get(tag) or _SEEN_THROUGH.get(tag)) is not None:
            yield Opens(name, _look(child))
            yield from _steps(child, still_open[1:] if is_open else ())
            if not is_open:
                yield Closes(name)
        elif is_open or is_top and tag in _PROPERTIES or next(child.iter(_P, *_BLOCKS), None) is not None:
            raise NotUsual


def _look(element: Any) -> RowLook | CellLook | None:
    if element.tag == _TC:
        return cell_look(element)
    if element.tag != _TR:
        return None
    look = row_look(element)
    if look.is_deleted:
        raise NotUsual
    return look


def _only_child(element: Any) -> Any:
    if len(element) != 1 or element[0].tag != _P:
        raise NotUsual
    return element[0]


def _shape(paragraph: Any, n_texts: int) -> Shape:
    held: list[Any] = []
    runs: list[Run] = []
    runs_of(paragraph, held, runs)
    if any(next(block.iterancestors(_TEXT_BOX), None) is None for block in paragraph.iterdescendants(_P, *_BLOCKS)):
        raise NotUsual
    look, boxes = look_of(paragraph), tuple(shape for box in held for shape in _boxed(box))
    placed = tuple((_text_at(run.text), run) for run in runs)
    at = [n for n, _ in placed] or [0]
    is_in_row = not placed or at[0] >= 0 and at == list(range(at[0], at[0] + len(at)))
    is_drawn = any(run.is_upper or run.is_raised or run.is_lowered or run.is_struck or run.style for run in runs)
    is_plain = is_in_row and not (is_drawn or boxes or look.is_deleted or look.own_list is not None)
    is_even = len({(run.is_bold, run.is_italic) for run in runs}) < 2
    has_soft_hyphen = next(paragraph.iter(_SOFT_HYPHEN), None) is not None
    return Shape(look, placed, boxes, is_plain, at[0], at[0] + len(placed), is_even, n_texts, has_soft_hyphen)


def _boxed(box: Any) -> Iterator[Shape]:
    """The paragraphs of a text box. A box in a box, or a table in one, is left to the tree."""
    if next(box.iterdescendants(_TEXT_BOX, *_BLOCKS), None) is not None:
        raise NotUsual
    return (_shape(paragraph, 0) for paragraph in children_of(box))


def _text_at(text: str) -> int:
    at = ord(text) - _FIRST if len(text) == 1 else -1
    return at if 0 <= at < _MOST_TEXTS else -1
