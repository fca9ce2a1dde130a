"""The mark-up of a DOCX body, with all texts cut out → moulds that are understood once.

In: `word/document.xml`. Out: `Cut`: the texts, and for each piece of mark-up that ends with a paragraph its `Mould`.
The idea: paragraphs and cells of a report, and of all reports of one office, are drawn in few ways. With the texts cut
out, hardly a hundred different pieces of mark-up remain of a file with a thousand paragraphs, and these are made of
fewer openings and shapes still (`docx_pieces`). What is learned about them (close the cell, open the next one, a
paragraph with these runs) holds wherever the same mark-up stands again, in this file and in the next.

Each piece is well-formed or refused, and the caster checks that the pieces close what they open, so a body that passes
is well-formed. Whatever is unusual (deleted rows, comments, other prefixes) is refused with `NotUsual`:
then the tree is walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from extract.readers.docx_grid import CellLook, RowLook
from extract.readers.docx_pieces import HOLE, Closes, NotUsual, Opening, Opens, Shape, Step, meanings

MAX_NEW = 2048  # openings and paragraphs that one file may teach
MAX_HEADS, MAX_KEPT, MAX_KEPT_LENGTH = 8, 2048, 2000  # what is kept over files; drawings are long and never the same
_PARAGRAPH_END = b"</w:p>"
_LAST = b"<w:body/>"  # stands at the end of the last piece, which alone ends with no paragraph
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'][Uu][Tt][Ff]-8[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])? ?\?>)?\s*(<w:document(?:\s[^<>]*)?>)\s*"
    rb"(?:<w:background(?: [\w:]+=\"[^\"<>&]*\")* ?/>\s*)?<w:body>"
)
_TAIL = re.compile(rb"</w:body>\s*</w:document>\s*$")
_TEXT = re.compile(rb">([^<]+)<")
_BOX = re.compile(rb"<w:txbxContent>.*?</w:txbxContent>", re.DOTALL)
_INNER = re.compile(rb"<w:p(?=[ >/])")
_ENTITY = re.compile(r"&(?:(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));)?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NO_XML = re.compile("[\1-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What says nothing here and differs from paragraph to paragraph: identities and authors of edits, spelling, language,
# bookmarks; and from table to table: widths.
_NOISE = {
    sign: re.compile(pattern)
    for sign, pattern in (
        (b" w:rsid", rb" w:rsid\w*=\"[0-9A-Fa-f]*\""),
        (b" w14:", rb" w14:(?:paraId|textId)=\"[0-9A-Fa-f]*\""),
        *(
            (b"<w:" + tag, b"<w:" + tag + rb"(?: [\w:]+=\"[^\"<>&]*\")*/>")
            for tag in (b"proofErr", b"lang", b"lastRenderedPageBreak", b"bookmarkStart", b"bookmarkEnd")
        ),
        *(
            (b"<w:" + tag, b"<w:" + tag + rb"(?: w:w=\"\d+\"(?: w:type=\"\w+\")?| w:type=\"\w+\" w:w=\"\d+\") ?/>")
            for tag in (b"tcW", b"gridCol", b"tblW", b"wBefore", b"wAfter")
        ),
        (
            b" w:author=",
            rb"(?<=<w:(?:ins|del)) w:id=\"\d+\" w:author=\"[^\"<>&]*\"(?: w:date=\"[^\"<>&]*\")?(?= ?/?>)",
        ),
        (b"<w:sdtPr>", rb"<w:sdtPr><w:id w:val=\"-?\d+\"/></w:sdtPr>"),
    )
}


class NextCell(NamedTuple):
    """The next cell of a row (`row`: the look of the next row, where it begins one) and its paragraph, which says
    `n_said` texts from `first` on; -1 where it is not plain."""

    row: RowLook | None
    cell: CellLook
    shape: Shape
    style: str
    first: int
    n_said: int


class Mould(NamedTuple):
    """What one piece of mark-up does.

    `n_blank`: texts in front of its paragraph, `n_texts`: those of the paragraph. `next_cell`: all that it does, where
    it is a paragraph in the next cell of a row, or in the first one of the next row (then with the look of that row).
    """

    n_blank: int
    n_texts: int
    steps: tuple[Step, ...]
    has_soft_hyphen: bool
    next_cell: NextCell | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A body cut up: its texts in order, and the moulds they stand in."""

    texts: list[str]
    moulds: list[Mould]

    @property
    def has_soft_hyphens(self) -> bool:
        return any(mould.has_soft_hyphen for mould in self.moulds)


def cut(data: bytes) -> Cut:
    """Raises NotUsual where the body must be read as a tree."""
    head, tail = _HEAD.match(data), _TAIL.search(data, max(0, len(data) - 200))
    if head is None or tail is None or HOLE in data:
        raise NotUsual
    body = data[head.end() - 1 : tail.start() + 1]  # from the `>` of its first tag to the `<` of its last
    parts = _TEXT.split(body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in body else body)
    markup = (b">" + HOLE + b"<").join(parts[::2])[1:-1]
    return Cut(_decoded(parts[1::2]), _moulds(head[1], markup))


def _as_inner(box: re.Match[bytes]) -> bytes:
    """A text box with its paragraphs tagged otherwise, so that the piece ends with the paragraph that it hangs on."""
    return _INNER.sub(rb"<w:p\t", box[0]).replace(_PARAGRAPH_END, b"</w:p >")


def _decoded(texts: list[bytes]) -> list[str]:
    """The texts as they are meant: entities are characters. Raises NotUsual for what no XML holds."""
    if not texts:
        return []
    try:
        everything = HOLE.join(texts).decode("utf-8")
    except UnicodeDecodeError:
        raise NotUsual from None
    if "]]>" in everything or _NO_XML.search(everything):
        raise NotUsual
    return (_ENTITY.sub(_char, everything) if "&" in everything else everything).split("\0")


def _char(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal or "0", 16)
    if not 0 < code <= 0x10FFFF or _NO_XML.match(chr(code)):
        raise NotUsual
    return chr(code)


_T = TypeVar("_T")


@dataclass(slots=True)
class _Kept:
    """What is known of the mark-up under one root element, which says what its prefixes mean."""

    moulds: dict[bytes, Mould] = field(default_factory=dict)
    openings: dict[bytes, Opening] = field(default_factory=dict)
    shapes: dict[bytes, Shape] = field(default_factory=dict)


class _Known(dict[bytes, _Kept]):
    def __missing__(self, head: bytes) -> _Kept:
        if len(self) >= MAX_HEADS:
            self.clear()
        kept = self[head] = _Kept()
        return kept


_KNOWN = _Known()


def _keep(kept: dict[bytes, _T], made: dict[bytes, _T]) -> None:
    if len(kept) + len(made) > MAX_KEPT:
        kept.clear()
    kept.update([short for short in made.items() if len(short[0]) <= MAX_KEPT_LENGTH][:MAX_KEPT])


def _moulds(head: bytes, markup: bytes, *, are_boxes_whole: bool = False) -> list[Mould]:
    known = _KNOWN[head]
    pieces = (markup + _LAST).split(_PARAGRAPH_END)
    moulds = list(map(known.moulds.get, pieces))
    found = [mould for mould in moulds if mould is not None]
    if len(found) == len(pieces):
        return found
    missing = list(dict.fromkeys(piece for piece, mould in zip(pieces, moulds, strict=True) if mould is None))
    if not are_boxes_whole and any(b"<w:txbxContent>" in piece for piece in missing):  # no piece with one is known
        return _moulds(head, _BOX.sub(_as_inner, markup), are_boxes_whole=True)
    made = dict(zip(missing, _made(head, known, missing), strict=True))
    if 2 * len(made) < len(pieces):  # else this file draws nothing twice: no other will draw it again
        _keep(known.moulds, made)
    return [mould or made[piece] for piece, mould in zip(pieces, moulds, strict=True)]


def _made(head: bytes, known: _Kept, pieces: Sequence[bytes]) -> list[Mould]:
    """The moulds of pieces, of openings and shapes that are known or else learned."""
    bare = _without_noise(_PARAGRAPH_END.join(pieces)).split(_PARAGRAPH_END)
    parted = list(map(_parted, bare))
    openings: dict[bytes, Opening | None] = {opening: known.openings.get(opening) for opening, _ in parted}
    shapes: dict[bytes, Shape | None] = {paragraph: known.shapes.get(paragraph) for _, paragraph in parted if paragraph}
    new_openings, new_shapes = _unknown(openings), _unknown(shapes)
    if len(new_openings) + len(new_shapes) > MAX_NEW:
        raise NotUsual  # where nothing is drawn twice there is nothing to gain
    learned = meanings(head, new_openings, new_shapes) if new_openings or new_shapes else ((), ())
    all_openings = _with(openings, new_openings, learned[0])
    all_shapes = _with(shapes, new_shapes, learned[1])
    _keep(known.openings, {opening: all_openings[opening] for opening in new_openings})
    _keep(known.shapes, {paragraph: all_shapes[paragraph] for paragraph in new_shapes})
    moulds = {own: _mould(all_openings[own[0]], all_shapes.get(own[1])) for own in dict.fromkeys(parted)}
    return [moulds[own] for own in parted]


def _unknown(known: dict[bytes, _T | None]) -> list[bytes]:
    return [piece for piece, meaning in known.items() if meaning is None]


def _with(known: dict[bytes, _T | None], pieces: Iterable[bytes], learned: Iterable[_T]) -> dict[bytes, _T]:
    whole = {piece: meaning for piece, meaning in known.items() if meaning is not None}
    whole.update(zip(pieces, learned, strict=True))
    return whole


def _without_noise(markup: bytes) -> bytes:
    for sign, pattern in _NOISE.items():
        if sign in markup:
            markup = pattern.sub(b"", markup)
    return markup


def _parted(piece: bytes) -> tuple[bytes, bytes]:
    """(what stands in front, the paragraph from its tag on); the last piece has no paragraph."""
    if piece.endswith(_LAST):
        return piece, b""
    start = max(piece.rfind(b"<w:p>"), piece.rfind(b"<w:p "))
    if start < 0:
        raise NotUsual
    return piece[:start], piece[start:]


def _mould(opening: Opening, shape: Shape | None) -> Mould:
    if shape is None:
        if not opening.is_end:
            raise NotUsual
        return Mould(opening.n_texts, 0, opening.steps, False, None)
    steps = (*opening.steps, shape)
    return Mould(opening.n_texts, shape.n_texts, steps, shape.has_soft_hyphen, _next_cell(steps))


def _next_cell(steps: Sequence[Step]) -> NextCell | None:
    if len(steps) not in (3, 5) or steps[0] != Closes("w:tc"):
        return None
    row = None
    if len(steps) == 5:
        opened = steps[2]
        if steps[1] != Closes("w:tr") or not isinstance(opened, Opens) or not isinstance(opened.look, RowLook):
            return None
        row = opened.look
    opened, shape = steps[-2:]
    if not isinstance(opened, Opens) or not isinstance(opened.look, CellLook) or not isinstance(shape, Shape):
        return None
    n_said = shape.end - shape.first if shape.is_plain else -1
    return NextCell(row, opened.look, shape, shape.look.style, shape.first, n_said)
