"""Print of a DOCX that nobody sees, and print set higher or lower: told from colour, ground, size and place of a run.

In: the body as a tree, what the styles say, the bytes of `styles.xml`. Out: the same tree; runs whose print is not seen
(in the colour of what is behind it, or of three points and less) carry the element `UNSEEN`, runs set higher or lower
than the rest of their paragraph (`w:position`) are superscripts or subscripts, as a person sees them.

What is behind a run: its own shading or highlight, else that of its paragraph, its cell, its table, the table's style
(of the rows and columns that it shades), else the white sheet. In a shape, and where a paragraph's style has a shading,
it is not known: then print counts as seen. So does print in no colour of its own: Word sets it off by itself.

Source of the rules: ECMA-376 part 1, 17.3.2 (runs), 17.3.5 (shading), 17.4.56 (look of tables), 17.7.6 (table styles).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from extract.readers.docx_numbering import KEPT_SHEETS, W
from extract.readers.docx_parts import tree_of
from extract.readers.docx_runs import UNSEEN
from extract.readers.docx_styles import Styles, points_of
from extract.unseen import PAPER, Colour, are_alike, colour_of, is_unseen

_VAL = W + "val"
_R, _P, _TR, _TC, _TBL, _TEXT_BOX = (W + tag for tag in ("r", "p", "tr", "tc", "tbl", "txbxContent"))
_R_PR, _P_PR, _SHADING, _HIGHLIGHT = W + "rPr", W + "pPr", W + "shd", W + "highlight"
_COLOR, _SIZE, _POSITION = W + "color", W + "sz", W + "position"
_HIGHLIGHTS = {"darkblue": "000080", "darkcyan": "008080", "darkgreen": "008000", "darkmagenta": "800080",
               "darkred": "800000", "darkyellow": "808000", "darkgray": "808080", "lightgray": "C0C0C0",
               "green": "00FF00", "cyan": "00FFFF", "magenta": "FF00FF"}  # fmt: skip
#: What a table style may shade by itself: its name there, in `w:tblLook`, and as a bit of the old `w:val`.
_REGIONS = (("firstRow", 0x20), ("lastRow", 0x40), ("firstColumn", 0x80), ("lastColumn", 0x100))
_OF_STYLE = {"firstCol": "firstColumn", "lastCol": "lastColumn"}
_WHOLE = "whole"


def mark_faint(root: Any, styles: Styles, sheet: bytes | None) -> None:
    """Mark the runs that are not seen, and those set higher or lower, in place."""
    placed: dict[Any, None] = {}
    for run in _suspects(root, styles):
        said = _said(run, styles)
        if _is_unseen(run, said, styles, sheet):
            etree.SubElement(_properties(run), UNSEEN)
        if said.get(_POSITION, "0") != "0" and (paragraph := _above(run, _P)) is not None:
            placed[paragraph] = None
    for paragraph in placed:
        _place(paragraph, styles)


def _suspects(root: Any, styles: Styles) -> list[Any]:
    if styles.faint:
        return list(root.iter(_R))
    runs: dict[Any, None] = {}
    for element in root.iter(_COLOR, _SIZE, _POSITION):
        above = element.getparent()
        run = above.getparent() if above is not None and above.tag == _R_PR else None
        if run is not None and run.tag == _R:
            runs[run] = None
    return list(runs)


def _said(run: Any, styles: Styles) -> dict[str, str]:
    """Colour, size and place of a run: its own, else its character style's, else its paragraph's."""
    own = run.find(_R_PR)
    said: dict[str, str] = {}
    if styles.faint:
        paragraph = _above(run, _P)
        named = [paragraph.find(f"{_P_PR}/{W}pStyle") if paragraph is not None else None]
        named.append(own.find(W + "rStyle") if own is not None else None)
        for style in named:
            if style is not None:
                said |= styles.drawn.get(style.get(_VAL, ""), {})
    for child in own if own is not None else ():
        if child.tag in (_COLOR, _SIZE, _POSITION):
            said[child.tag] = child.get(_VAL, "")
    return said


def _is_unseen(run: Any, said: Mapping[str, str], styles: Styles, sheet: bytes | None) -> bool:
    colour = colour_of(said.get(_COLOR, ""))
    ground = None if colour is None else _ground(run, styles, sheet)
    return is_unseen(colour, ground, points_of(said.get(_SIZE, "")))


def _ground(run: Any, styles: Styles, sheet: bytes | None) -> Colour | None:
    """What is behind a run; None where it is not known."""
    own = run.find(_R_PR)
    if own is not None:
        highlight = own.find(_HIGHLIGHT)
        name = highlight.get(_VAL, "none") if highlight is not None else "none"
        if name != "none":
            return colour_of(_HIGHLIGHTS.get(name.lower(), name))
        if (found := _shade(own)) is not None:
            return found
    above = list(run.iterancestors(_P, _TC, _TBL, _TEXT_BOX))
    for n, element in enumerate(above):
        if element.tag == _TEXT_BOX:
            return None
        if (found := _shade(element.find(element.tag + "Pr"))) is not None:
            return found
        if element.tag == _P:
            style = element.find(f"{_P_PR}/{W}pStyle")
            if style is not None and style.get(_VAL) in styles.shaded:
                return None
        elif element.tag == _TBL and n and _is_shaded_by_style(element, above[n - 1], sheet):
            return None
    return PAPER


def _shade(properties: Any | None) -> Colour | None:
    """The colour of a shading; None where there is none."""
    shading = properties.find(_SHADING) if properties is not None else None
    if shading is None:
        return None
    pattern, fill = shading.get(_VAL, "clear"), colour_of(shading.get(W + "fill", ""))
    front = colour_of(shading.get(W + "color", "")) or (0, 0, 0)
    if pattern == "solid":
        return front
    if not pattern.startswith("pct") or not pattern[3:].isdecimal():
        return fill
    part, back = min(int(pattern[3:]), 100) / 100, fill or PAPER
    red, green, blue = (round(part * f + (1 - part) * b) for f, b in zip(front, back, strict=True))
    return red, green, blue


def _is_shaded_by_style(table: Any, cell: Any, sheet: bytes | None) -> bool:
    """Does the style of a table shade the place of this cell in something that is no paper?"""
    style = table.find(f"{W}tblPr/{W}tblStyle")
    if style is None or sheet is None:
        return False
    shaded = _shaded_tables(sheet).get(style.get(_VAL, ""), frozenset())
    return bool(shaded) and not shaded.isdisjoint(_regions(table, cell))


def _regions(table: Any, cell: Any) -> Iterator[str]:
    """The parts of its table that a cell stands in, of those that the table lets its style draw."""
    yield _WHOLE
    row = cell.getparent()
    look = table.find(f"{W}tblPr/{W}tblLook")
    ends = (row.getprevious(), row.getnext(), cell.getprevious(), cell.getnext())
    for (name, bit), beside in zip(_REGIONS, ends, strict=True):
        is_last = beside is None or beside.tag not in (_TR, _TC)
        if is_last and (look is None or _lets(look, name, bit)):
            yield name


def _lets(look: Any, name: str, bit: int) -> bool:
    said = look.get(W + name)
    if said is not None:
        return said in ("1", "true", "on")
    try:
        return bool(int(look.get(_VAL, "0"), 16) & bit)
    except ValueError:
        return True


@lru_cache(maxsize=KEPT_SHEETS)
def _shaded_tables(sheet: bytes) -> dict[str, frozenset[str]]:
    """Table style → the regions that it, or one it is based on, shades."""
    own: dict[str, set[str]] = {}
    base: dict[str, str] = {}
    for style in tree_of(sheet, "word/styles.xml").iterchildren(W + "style"):
        if style.get(W + "type") != "table":
            continue
        name, based = style.get(W + "styleId", ""), style.find(W + "basedOn")
        base[name] = based.get(_VAL, "") if based is not None else ""
        own[name] = {
            _OF_STYLE.get(kind := part.get(W + "type", _WHOLE), kind if "Row" in kind else _WHOLE)
            for part in (style, *style.iterchildren(W + "tblStylePr"))
            if any(_is_tinted(part.find(W + holder)) for holder in ("tcPr", "tblPr", "pPr", "rPr"))
        }
    for _ in range(len(base)):  # no chain is longer
        grown = {name: own[name] | own.get(base[name], set()) for name in own}
        if grown == own:
            break
        own = grown
    return {name: frozenset(regions) for name, regions in own.items()}


def _is_tinted(properties: Any | None) -> bool:
    shade = _shade(properties)
    return shade is not None and not are_alike(shade, PAPER)


def _place(paragraph: Any, styles: Styles) -> None:
    """Runs that stand higher or lower than most letters of their paragraph are super- and subscripts."""
    runs = [run for run in paragraph.iter(_R) if _above(run, _P) is paragraph]
    heights = [_height(_said(run, styles)) for run in runs]
    letters: Counter[int] = Counter()
    for run, height in zip(runs, heights, strict=True):
        letters[height] += sum(len((text.text or "").strip()) for text in run.iter(W + "t"))
    usual = max(letters, key=lambda height: (letters[height], height == 0))
    for run, height in zip(runs, heights, strict=True):
        if abs(height - usual) > 1 and run.find(f"{_R_PR}/{W}vertAlign") is None:
            kind = "superscript" if height > usual else "subscript"
            etree.SubElement(_properties(run), W + "vertAlign", {_VAL: kind})


def _height(said: Mapping[str, str]) -> int:
    """Half points above the line."""
    text = said.get(_POSITION, "0")
    try:
        return int(text)
    except ValueError:
        return 0


def _above(element: Any, tag: str) -> Any | None:
    return next(element.iterancestors(tag), None)


def _properties(run: Any) -> Any:
    found = run.find(_R_PR)
    if found is None:
        found = etree.Element(_R_PR)
        run.insert(0, found)
    return found
