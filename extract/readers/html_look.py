"""How an element of a page looks, and whether it is seen at all.

In: an element with its tag, attributes and style, and the look it inherits. Out: a `Look`. Of style sheets only
classes that are hidden on screen are read (`hidden_classes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from extract.legacy_fonts import encoding_of_font

_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", regex.IGNORECASE)
_WEIGHT = regex.compile(r"font-weight\s*:\s*(bold|bolder|[1-9]00|normal|lighter)", regex.IGNORECASE)
_SLANT = regex.compile(r"font-style\s*:\s*(italic|oblique|normal)", regex.IGNORECASE)
_ALIGN = regex.compile(r"text-align\s*:\s*(\w+)", regex.IGNORECASE)
_UPPER = regex.compile(r"text-transform\s*:\s*uppercase", regex.IGNORECASE)
_RAISED = regex.compile(r"vertical-align\s*:\s*super", regex.IGNORECASE)
_STRUCK = regex.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", regex.IGNORECASE)
_FAMILY = regex.compile(r"""font-family\s*:\s*["']?([^"',;]+)""", regex.IGNORECASE)
_MEDIA = regex.compile(r"@media[^{]{0,200}\{(?:[^{}]|\{[^{}]*\}){0,2000}\}", regex.IGNORECASE)
_HIDDEN_CLASS = regex.compile(
    r"(?:^|[},\s])\.([\w-]{1,80})\s*\{[^{}]{0,2000}?display\s*:\s*none[^{}]{0,2000}\}", regex.IGNORECASE
)
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITALIC = frozenset({"i", "em", "cite", "var", "address"})
_DROPPED = frozenset({
    "script", "style", "head", "template", "iframe", "object", "embed", "svg", "canvas", "video", "audio",
    "noframes", "del", "nav", "button", "map", "datalist", "title", "meta", "link", "colgroup", "col", "param",
    "noscript", "comment",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """How the text of an element is shown, inherited."""

    bold: bool = False
    italic: bool = False
    upper: bool = False
    raised: bool = False
    struck: bool = False
    keeps_space: bool = False
    centred: bool | None = None
    font: str = ""


def hidden_classes(root: Any) -> frozenset[str]:
    """Classes that a style sheet of the page hides on screen."""
    found: set[str] = set()
    for style in root.iter("style"):
        css = _MEDIA.sub(" ", (style.text or "")[:200_000])
        found.update(_HIDDEN_CLASS.findall(css))
    return frozenset(found)


def look_of(element: Any, tag: str, style: str, look: Look) -> Look:
    bold, italic, upper, raised, struck = look.bold, look.italic, look.upper, look.raised, look.struck
    centred, font = look.centred, look.font
    bold = bold or tag in _BOLD
    italic = italic or tag in _ITALIC
    raised = raised or tag == "sup"
    struck = struck or tag in ("s", "strike")
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
        raised = raised or bool(_RAISED.search(style))
        struck = struck or bool(_STRUCK.search(style))
    keeps = (
        look.keeps_space or tag in ("pre", "textarea", "xmp", "listing") or "white-space:pre" in style.replace(" ", "")
    )
    return Look(bold, italic, upper, raised, struck, keeps, centred, font if encoding_of_font(font) else "")


def is_hidden(element: Any, hidden: frozenset[str]) -> bool:
    if element.tag in _DROPPED or element.get("hidden") is not None:
        return True
    style, classes = element.get("style"), element.get("class")
    if style and _HIDDEN.search(style):
        return True
    return bool(hidden and classes and any(name in hidden for name in classes.split()))
