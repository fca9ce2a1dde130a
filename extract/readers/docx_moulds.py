"""The mark-up of a DOCX body, with all texts cut out → moulds that are understood once.

In: `word/document.xml`. Out: `Cut`: the texts, and for each piece of mark-up that ends with a paragraph its `Mould`.
The idea: paragraphs and cells of a report, and of all reports of one office, are drawn in few ways. With the texts cut
out, hardly a hundred different pieces of mark-up remain of a file with a thousand paragraphs. Only these are parsed,
and what is learned about them (`Step`s: close the cell, open the next one, a paragraph with these runs) holds wherever
the same mark-up stands again, in this file and in the next.

What a piece means is told by the functions that read a tree (`runs_of`, `look_of`, `cell_look`), with a character of
private use in place of each text. Each piece is well-formed or refused, and the caster checks that the pieces close
what they open, so a body that passes is well-formed. Whatever is unusual (text boxes, deleted rows, comments, other
prefixes) is refused with `NotUsual`: then the tree is walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from extract.readers.docx_fonts import Run
from extract.readers.docx_grid import CellLook, RowLook, cell_look, row_look
from extract.readers.docx_numbering import W
from extract.readers.docx_paragraph import Look, look_of
from extract.readers.docx_parts import parsed
from extract.readers.docx_runs import runs_of

MAX_HEADS, MAX_KEPT, MAX_KEPT_LENGTH = 8, 2048, 2000  # what is kept over files; drawings are long and never the same
_PARAGRAPH_END = b"</w:p>"
_LAST = b"<w:body/>"  # stands at the end of the last piece, which alone ends with no paragraph
HOLE = b"\0"  # where a text was cut out; no XML holds it
_FIRST, _MOST_TEXTS = 0xE000, 0x1000  # stand-ins for the texts of a piece; the fonts of symbols begin at U+F000
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml version=[\"']1\.0[\"'](?: encoding=[\"'][Uu][Tt][Ff]-8[\"'])?"
    rb"(?: standalone=[\"'](?:yes|no)[\"'])?\?>)?\s*(<w:document(?:\s[^<>]*)?>)\s*<w:body>"
)
_TAIL = re.compile(rb"</w:body>\s*</w:document>\s*$")
_TEXT = re.compile(rb">([^<]+)<")
_TAG = re.compile(r"\0?<(/?)([\w.\-]+(?::[\w.\-]+)?)(?:\s[^<>]*?)?(/?)>\0?")
_ENTITY = re.compile(r"&(?:(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));)?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NO_XML = re.compile("[\1-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What says nothing here and differs from paragraph to paragraph: identities of edits, spelling, language, bookmarks.
_NOISE = {
    sign: re.compile(pattern)
    for sign, pattern in (
        (b" w:rsid", rb" w:rsid\w*=\"[0-9A-Fa-f]*\""),
        (b" w14:", rb" w14:(?:paraId|textId)=\"[0-9A-Fa-f]*\""),
        *(
            (b"<w:" + tag, b"<w:" + tag + rb"(?: [\w:]+=\"[^\"<>&]*\")*/>")
            for tag in (b"proofErr", b"lang", b"lastRenderedPageBreak", b"bookmarkStart", b"bookmarkEnd")
        ),
    )
}
# In mark-up, what is left to the tree, and what would be taken for our own marks (0xEE begins the stand-ins in UTF-8).
_UNUSUAL = (b"<!", b"<?", b"&#", b"txbxContent", b"xmlns:w=", b"<mould-", b"</mould-", b"\xee")
_BLOCKS = {W + tag: "w:" + tag for tag in ("tbl", "tr", "tc")}
_SEEN_THROUGH = {W + tag: "w:" + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_P, _TR, _TC, _SOFT_HYPHEN = W + "p", W + "tr", W + "tc", W + "softHyphen"
_PROPERTIES = frozenset((W + "tcPr", W + "trPr"))


class NotUsual(Exception):
    """This body is read as a tree."""


class Shape(NamedTuple):
    """A paragraph without its texts.

    `runs`: each run, and which text of the piece it shows, -1 where its own. `only`: the text that is all that the
    paragraph says, -1 where there is more to it.
    """

    look: Look
    runs: tuple[tuple[int, Run], ...]
    only: int


class Opens(NamedTuple):
    """An element that holds paragraphs begins. `look`: of rows and cells."""

    name: str
    look: RowLook | CellLook | None


class Closes(NamedTuple):
    """An element ends, of this piece or an earlier one."""

    name: str


Step = Shape | Opens | Closes


class Mould(NamedTuple):
    """What one piece of mark-up does. `next_cell`: all that it does, where it is a paragraph in the next cell of a row,
    or in the first one of the next row (then with the look of that row)."""

    n_texts: int
    steps: tuple[Step, ...]
    has_soft_hyphen: bool
    next_cell: tuple[RowLook | None, CellLook, Shape] | None


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


class _Known(dict[bytes, dict[bytes, Mould]]):
    """Root element → the moulds of bodies with that root: what a prefix means is said there."""

    def __missing__(self, head: bytes) -> dict[bytes, Mould]:
        if len(self) >= MAX_HEADS:
            self.clear()
        moulds = self[head] = {}
        return moulds

    def keep(self, head: bytes, made: dict[bytes, Mould]) -> None:
        kept = self[head]
        if len(kept) + len(made) > MAX_KEPT:
            kept.clear()
        kept.update([short for short in made.items() if len(short[0]) <= MAX_KEPT_LENGTH][:MAX_KEPT])


_KNOWN = _Known()


def _moulds(head: bytes, markup: bytes) -> list[Mould]:
    known = _KNOWN[head]
    pieces = (markup + _LAST).split(_PARAGRAPH_END)
    moulds = list(map(known.get, pieces))
    found = [mould for mould in moulds if mould is not None]
    if len(found) == len(pieces):
        return found
    missing = list(dict.fromkeys(piece for piece, mould in zip(pieces, moulds, strict=True) if mould is None))
    bare = _without_noise(_PARAGRAPH_END.join(missing)).split(_PARAGRAPH_END)
    new = [piece for piece in dict.fromkeys(bare) if piece not in known]
    made = dict(zip(new, _made(head, list(map(_fragment, new))), strict=True))
    noisy = {piece: known.get(own) or made[own] for piece, own in zip(missing, bare, strict=True)}
    _KNOWN.keep(head, made | noisy if 2 * len(noisy) < len(pieces) else made)
    return [mould or noisy[piece] for piece, mould in zip(pieces, moulds, strict=True)]


def _without_noise(markup: bytes) -> bytes:
    if any(sign in markup for sign in _UNUSUAL):
        raise NotUsual
    for sign, pattern in _NOISE.items():
        if sign in markup:
            markup = pattern.sub(b"", markup)
    return markup


class _Fragment(NamedTuple):
    """A piece as well-formed mark-up: ends of earlier elements marked, elements that stay open closed."""

    xml: str
    still_open: tuple[str, ...]
    n_texts: int


def _fragment(markup: bytes) -> _Fragment:
    try:
        piece = markup.decode("utf-8")
    except UnicodeDecodeError:
        raise NotUsual from None
    is_last = markup.endswith(_LAST)
    start = len(piece) if is_last else max(piece.rfind("<w:p>"), piece.rfind("<w:p "))
    if start < 0:
        raise NotUsual
    opening, still_open = _with_ends_marked(piece[:start])
    if "w:p" in still_open or still_open and is_last:
        raise NotUsual
    names = still_open if is_last else (*still_open, "w:p")
    first, *rest = "".join((opening, piece[start:], *(f"</{name}>" for name in reversed(names)))).split("\0")
    if len(rest) > _MOST_TEXTS:
        raise NotUsual
    filled = "".join((first, *(chr(_FIRST + n) + text for n, text in enumerate(rest))))
    return _Fragment(filled, names, len(rest))


def _with_ends_marked(opening: str) -> tuple[str, tuple[str, ...]]:
    """What stands in front of a piece's paragraph, with ends of earlier elements marked; the elements left open."""
    still_open: list[str] = []
    out: list[str] = []
    at = 0
    for tag in _TAG.finditer(opening):
        if tag.start() != at:
            raise NotUsual
        at = tag.end()
        is_end, name, is_empty = tag.groups()
        if is_end and not still_open:
            out.append(tag[0].replace(f"</{name}>", f'<mould-end name="{name}"/>'))
            continue
        out.append(tag[0])
        if is_end and still_open.pop() != name:
            raise NotUsual
        if not is_end and not is_empty:
            still_open.append(name)
    if at != len(opening):
        raise NotUsual
    return "".join(out), tuple(still_open)


def _made(head: bytes, fragments: Sequence[_Fragment]) -> list[Mould]:
    """The moulds of fragments, all parsed at once."""
    try:
        pieces_xml = "".join(f"<mould-piece>{fragment.xml}</mould-piece>" for fragment in fragments)
        root = parsed(head + pieces_xml.encode() + b"</w:document>")
    except (etree.XMLSyntaxError, ValueError):
        raise NotUsual from None
    pieces = list(root)
    if root.tag != f"{W}document" or len(pieces) != len(fragments) or any(p.tag != "mould-piece" for p in pieces):
        raise NotUsual
    return [_mould(piece, fragment) for piece, fragment in zip(pieces, fragments, strict=True)]


def _mould(piece: Any, fragment: _Fragment) -> Mould:
    steps = tuple(_steps(piece, fragment.still_open, is_top=True))
    has_soft_hyphen = next(piece.iter(_SOFT_HYPHEN), None) is not None
    return Mould(fragment.n_texts, steps, has_soft_hyphen, _next_cell(steps))


def _next_cell(steps: Sequence[Step]) -> tuple[RowLook | None, CellLook, Shape] | None:
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
    return row, opened.look, shape


def _steps(element: Any, still_open: Sequence[str], *, is_top: bool = False) -> Iterator[Step]:
    last = len(element) - 1
    for n, child in enumerate(element):
        tag = child.tag
        is_open = n == last and bool(still_open)
        if tag == "mould-end" and is_top:
            yield Closes(child.get("name"))
        elif tag == _P:
            yield _shape(child)
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


def _shape(paragraph: Any) -> Shape:
    boxes: list[Any] = []
    runs: list[Run] = []
    runs_of(paragraph, boxes, runs)
    if boxes or next(paragraph.iterdescendants(_P, *_BLOCKS), None) is not None:
        raise NotUsual
    look = look_of(paragraph)
    placed = tuple((_text_at(run.text), run) for run in runs)
    is_all = len(placed) == 1 and not (runs[0].is_upper or runs[0].is_raised or look.is_deleted)
    return Shape(look, placed, placed[0][0] if is_all else -1)


def _text_at(text: str) -> int:
    at = ord(text) - _FIRST if len(text) == 1 else -1
    return at if 0 <= at < _MOST_TEXTS else -1
