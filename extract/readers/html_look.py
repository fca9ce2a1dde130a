"""How an element of a page looks, and whether it is seen at all.

In: an element with its tag, attributes and style, and the look it inherits. Out: a `Look`. What style sheets say is
asked of `Css`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

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
_STRUCK = regex.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", regex.IGNORECASE)
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
    both = f"{sheet};{style}" if sheet else style
    bold, italic, upper, raised, struck = look.bold, look.italic, look.upper, look.raised, look.struck
    centred, font = look.centred, look.font
    bold = bold or tag in _BOLD
    italic = italic or tag in _ITALIC
    raised = raised or tag == "sup" or bool(both and _RAISED.search(both))
    lowered = look.lowered or tag == "sub" or bool(both and _LOWERED.search(both))
    struck = struck or tag in ("s", "strike") or bool(both and _STRUCK.search(both))
    if tag == "font" and element.get("face"):
        font = element.get("face").split(",")[0].strip(" '\"")
    if tag == "center" or (element.get("align") or "").lower() in ("center", "middle"):
        centred = True
    elif element.get("align"):
        centred = False
    if style:
        if weight := _WEIGHT.search(style):
            word = weight[1].lower()
            bold = word in ("bold", "bolder") or (word[0].isdigit() and int(word) >= 600)
        if slant := _SLANT.search(style):
            italic = slant[1].lower() != "normal"
        if align := _ALIGN.search(style):
            centred = align[1].lower() == "center"
        if family := _FAMILY.search(style):
            font = family[1].strip()
        upper = upper or bool(_UPPER.search(style))
    keeps = (
        look.keeps_space or tag in ("pre", "textarea", "xmp", "listing") or "white-space:pre" in style.replace(" ", "")
    )
    font = font if encoding_of_font(font) else ""
    return Look(bold, italic, upper, raised, lowered, struck, keeps, centred, font, paint_of(element, both, look.paint))


def painted(look: Look, elements: Iterable[Any], css: Css) -> Look:
    """The look with the colours of elements that stand between a table and its cells."""
    for element in elements:
        sheet, style = css.style(element), element.get("style") or ""
        look = replace(look, paint=paint_of(element, f"{sheet};{style}", look.paint))
    return look


def is_hidden_by_itself(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def is_hidden(element: Any, css: Css) -> bool:
    return element.tag in _DROPPED or is_hidden_by_itself(element) or bool(css.rules) and css.hides(element)
