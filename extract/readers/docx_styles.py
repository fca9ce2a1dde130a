"""What the styles of a DOCX say about its paragraphs.

In: the bytes of `styles.xml`. Out: which styles are bold, hide, raise, lower or strike text, and which carry a list; in
which fonts, colours and sizes they are set. A style inherits from the one it is based on. Files of one office share
their style sheet, so the last few are kept.

Source of the rules: ECMA-376 part 1, 17.7 (styles).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extract.readers.docx_fonts import fonts_of_styles
from extract.readers.docx_numbering import KEPT_SHEETS, MAX_KEPT_BYTES, W
from extract.readers.docx_parts import tree_of
from extract.readers.docx_runs import is_on
from extract.unseen import PAPER, colour_of, is_unseen

_VAL = W + "val"
_NAME = "word/styles.xml"
_MARKS = ("bold", "hidden", "raised", "lowered", "struck")
_MARK_OF = {W + "b": "bold", W + "vanish": "hidden", W + "strike": "struck", W + "dstrike": "struck"}
_HEIGHT, _HEIGHTS = W + "vertAlign", {"superscript": "raised", "subscript": "lowered"}
_COLOR, _SIZE, _POSITION = (W + tag for tag in ("color", "sz", "position"))
_SHADING = frozenset((W + "shd", W + "highlight"))
_STYLE, _BASED_ON, _R_PR, _P_PR = W + "style", W + "basedOn", W + "rPr", W + "pPr"


@dataclass(frozen=True, slots=True)
class Styles:
    """Names of the styles whose text is bold, not printed, raised, lowered, struck; `lists`: style → (list, level).

    `drawn`: style → its colour, size and place on the line, by tag; `shaded`: those that say what is behind their text.
    `unusual`: those that say more of a paragraph than how its letters look.
    """

    bold: frozenset[str] = frozenset()
    lists: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()
    lowered: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    drawn: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shaded: frozenset[str] = frozenset()
    faint: bool = False  # may one of them draw what is not seen, or stands higher or lower?

    @property
    def unusual(self) -> frozenset[str]:
        return self.hidden | self.struck | self.lists.keys()


def styles_of(data: bytes | None) -> Styles:
    """Bold styles and styles with a list. Raises Unreadable."""
    if data is None:
        return Styles()
    return _kept_styles(data) if len(data) <= MAX_KEPT_BYTES else _styles(data)


def fonts_of(data: bytes | None) -> dict[str, str]:
    """Style → font; "" → the font of the document."""
    return fonts_of_styles(None if data is None else tree_of(_without_table_styles(data), _NAME))


def _without_table_styles(data: bytes) -> bytes:
    """Styles without those of tables: no paragraph is set in one, and they are nine tenths of many a file."""
    first, *rest = data.split(b"<w:style ")
    kept = [first]
    for style in rest:
        own, end, after = style.partition(b"</w:style>")
        is_of_tables = end and b'w:type="table"' in own[: own.find(b">")]
        kept.append(after if is_of_tables else b"<w:style " + style)
    return b"".join(kept)


def _styles(data: bytes) -> Styles:
    own: dict[str, dict[str, bool]] = {mark: {} for mark in _MARKS}
    own_list: dict[str, tuple[str, int] | None] = {}
    base: dict[str, str] = {}
    own_drawn: dict[str, dict[str, str]] = {}
    own_shades: set[str] = set()
    for style in tree_of(_without_table_styles(data), _NAME).iterchildren(_STYLE):
        name = style.get(W + "styleId", "")
        based = style.find(_BASED_ON)
        base[name] = based.get(_VAL, "") if based is not None else ""
        for child in style.iterfind(f"{_R_PR}/*"):
            if (mark := _MARK_OF.get(child.tag)) is not None:
                own[mark][name] = is_on(child)
            elif child.tag == _HEIGHT:
                own["raised"][name] = own["lowered"][name] = False
                own[_HEIGHTS.get(child.get(_VAL, ""), "raised")][name] = child.get(_VAL) in _HEIGHTS
            elif child.tag in (_COLOR, _SIZE, _POSITION):
                own_drawn.setdefault(name, {})[child.tag] = child.get(_VAL, "")
            elif child.tag in _SHADING:
                own_shades.add(name)
        if style.find(f"{_P_PR}/{W}shd") is not None:
            own_shades.add(name)
        own_list[name] = list_of(style.find(f"{_P_PR}/{W}numPr"))

    def chain(name: str) -> Iterator[str]:
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            yield name
            name = base.get(name, "")

    def marked(mark: str) -> frozenset[str]:
        told = own[mark]
        return frozenset(
            name for name in base if bool(told) and next((told[s] for s in chain(name) if s in told), False)
        )

    lists = {name: next((n for s in chain(name) if (n := own_list.get(s)) is not None), None) for name in base}
    bold, hidden, raised, lowered, struck = map(marked, _MARKS)
    drawn: dict[str, dict[str, str]] = {}
    for name in base if own_drawn else ():
        for above in chain(name):
            drawn[name] = own_drawn.get(above, {}) | drawn.get(name, {})
    shaded = frozenset(name for name in base if own_shades and not own_shades.isdisjoint(chain(name)))
    is_faint = any(map(_is_faint, own_drawn.values()))
    return Styles(
        bold, {name: n for name, n in lists.items() if n}, hidden, raised, lowered, struck, drawn, shaded, is_faint
    )


def _is_faint(drawn: Mapping[str, str]) -> bool:
    colour = colour_of(drawn.get(_COLOR, ""))
    return drawn.get(_POSITION, "0") != "0" or is_unseen(colour, PAPER, points_of(drawn.get(_SIZE, "")))


def points_of(size: str) -> float:
    """The size that `w:sz` says in half points, 0 where it says none."""
    return int(size) / 2 if size.isdecimal() else 0.0


_kept_styles = lru_cache(maxsize=KEPT_SHEETS)(_styles)


def list_of(element: Any | None) -> tuple[str, int] | None:
    """(list, level) of a `w:numPr`; the list is empty where it names none."""
    if element is None:
        return None
    num, level = element.find(W + "numId"), element.find(W + "ilvl")
    try:
        return (num.get(_VAL, "0") if num is not None else "", int(level.get(_VAL, "0")) if level is not None else 0)
    except ValueError:
        return None
