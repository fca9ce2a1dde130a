"""How an element of a page looks, and whether it is seen at all.

In: an element with its tag, attributes and style, and the look it inherits. Out: a `Look`. What style sheets say is
asked of `Css`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from extract.legacy_fonts import encoding_of_font
from extract.readers.html_css import HIDES, Css
from extract.readers.html_paint import ON_PAPER, Paint, paint_of

_HIDDEN = regex.compile(HIDES, regex.IGNORECASE)
THIN_PIXELS = 3
_WEIGHT = regex.compile(r"font-weight\s*:\s*(bold|bolder|[1-9]00|normal|lighter)", regex.IGNORECASE)
_SLANT = regex.compile(r"font-style\s*:\s*(italic|oblique|normal)", regex.IGNORECASE)
_ALIGN = regex.compile(r"text-align\s*:\s*(\w+)", regex.IGNORECASE)
_UPPER = regex.compile(r"text-transform\s*:\s*uppercase", regex.IGNORECASE)
# Word writes print set higher as `position:relative;top:-3.0pt`.
_RAISED = regex.compile(
    r"vertical-align\s*:\s*(?:super|(?=[\d.]*[1-9])[\d.]+(?:pt|px|em|%))"
    r"|position\s*:\s*relative;\s*top\s*:\s*-[\d.]+pt",
    regex.IGNORECASE,
)
_LOWERED = regex.compile(
    r"vertical-align\s*:\s*(?:sub|-[\d.]+(?:pt|px|em|%))|position\s*:\s*relative;\s*top\s*:\s*[\d.]+pt",
    regex.IGNORECASE,
)
# Word writes a double stroke as `text-line-through:double`.
_STRUCK = regex.compile(
    r"text-decoration(?:-line)?\s*:[^;]*line-through|text-line-through\s*:\s*(?!none)\w", regex.IGNORECASE
)
_FAMILY = regex.compile(r"""font-family\s*:\s*["']?([^"',;]+)""", regex.IGNORECASE)
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITALIC = frozenset({"i", "em", "cite", "var", "address"})
_DROPPED = frozenset({
    "script", "style", "head", "template", "iframe", "object", "embed", "svg", "canvas", "video", "audio",
    "noframes", "del", "nav", "button", "map", "datalist", "title", "meta", "link", "colgroup", "col", "param",
    "noscript", "comment",
})  # fmt: skip


_PICTURES = frozenset({"img", "svg", "canvas", "iframe", "object", "embed"})
_SPACER = regex.compile(r"spacer|blank|pixel|transparent|clear(?:dot)?\.", regex.IGNORECASE)
_ON_ONE_LINE = frozenset({"math", "mrow", "mn", "mo", "mi", "mtext", "mspace", "semantics"})


def is_picture(element: Any) -> bool:
    """Does it print what is no text: a picture, another page, a fraction? Pictures that only take room do not."""
    tag = element.tag
    if tag == "math":
        return any(inner.tag not in _ON_ONE_LINE for inner in element.iter())
    if tag not in _PICTURES or is_hidden_by_itself(element):
        return False
    sizes = (element.get(side) or "" for side in ("width", "height"))
    is_thin = any(size.isascii() and size.isdigit() and int(size) <= THIN_PIXELS for size in sizes)
    return not (is_thin or tag == "img" and _SPACER.search(element.get("src") or ""))


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element is shown, inherited."""

    bold: bool = False
    italic: bool = False
    upper: bool = False
    raised: bool = False
    lowered: bool = False
    struck: bool = False
    keeps_space: bool = False
    centred: bool | None = None
    font: str = ""
    paint: Paint = ON_PAPER


def look_of(element: Any, tag: str, look: Look, css: Css) -> Look:
    style, sheet = element.get("style") or "", css.style(element)
    said, by_sheet = _said(style), _said(sheet)
    bold, italic, upper, raised, struck = look.bold, look.italic, look.upper, look.raised, look.struck
    centred, font = look.centred, look.font
    bold = bold or tag in _BOLD
    italic = italic or tag in _ITALIC
    raised = raised or tag == "sup" or said.raised or by_sheet.raised
    lowered = look.lowered or tag == "sub" or said.lowered or by_sheet.lowered
    struck = struck or tag in ("s", "strike") or said.struck or by_sheet.struck
    if tag == "font" and element.get("face"):
        font = element.get("face").split(",")[0].strip(" '\"")
    if tag == "center" or (element.get("align") or "").lower() in ("center", "middle"):
        centred = True
    elif element.get("align"):
        centred = False
    bold = bold if said.bold is None else said.bold
    italic = italic if said.italic is None else said.italic
    centred = centred if said.centred is None else said.centred
    font = font if said.font is None else said.font
    upper = upper or said.upper
    keeps = look.keeps_space or tag in ("pre", "textarea", "xmp", "listing") or said.keeps_space
    font = font if encoding_of_font(font) else ""
    paint = paint_of(element, sheet, style, look.paint)
    return Look(bold, italic, upper, raised, lowered, struck, keeps, centred, font, paint)


class _Said(NamedTuple):
    """What a style says of the look of print; None where it leaves it."""

    bold: bool | None = None
    italic: bool | None = None
    centred: bool | None = None
    font: str | None = None
    upper: bool = False
    raised: bool = False
    lowered: bool = False
    struck: bool = False
    keeps_space: bool = False


_NOTHING = _Said()


@lru_cache(maxsize=4096)  # the elements of a page have few different styles
def _said(style: str) -> _Said:
    if not style:
        return _NOTHING
    weight, slant, align, family = (found.search(style) for found in (_WEIGHT, _SLANT, _ALIGN, _FAMILY))
    word = weight[1].lower() if weight else ""
    upper, raised, lowered, struck = (one.search(style) is not None for one in (_UPPER, _RAISED, _LOWERED, _STRUCK))
    return _Said(
        word in ("bold", "bolder") or (word[0].isdigit() and int(word) >= 600) if word else None,
        slant[1].lower() != "normal" if slant else None,
        align[1].lower() == "center" if align else None,
        family[1].strip() if family else None,
        upper, raised, lowered, struck, "white-space:pre" in style.replace(" ", ""),
    )  # fmt: skip


def painted(look: Look, elements: Iterable[Any], css: Css) -> Look:
    """The look with the colours of elements that stand between a table and its cells."""
    for element in elements:
        paint = paint_of(element, css.style(element), element.get("style") or "", look.paint)
        look = look if paint is look.paint else replace(look, paint=paint)
    return look


def is_hidden_by_itself(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def is_hidden(element: Any, css: Css) -> bool:
    return element.tag in _DROPPED or is_hidden_by_itself(element) or bool(css.rules) and css.hides(element)
