"""Which font a run of a DOCX is set in: its own, its character style's, its paragraph's, the document's.

Only fonts of the time before Unicode matter (`.VnTime`, `VNI-Times`); their bytes are characters of the
"high ANSI" range, so `w:hAnsi` is asked first.

Source: ECMA-376 part 1, 17.3.2.26 (rFonts) and 17.7.2 (style hierarchy).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from extract.legacy import Span
from extract.readers.docx_numbering import W
from extract.text import SUBSCRIPT, SUPERSCRIPT

_VAL = W + "val"


class Run(NamedTuple):
    """A piece of a run. Capitals (`w:caps`) and strokes are drawn later: text of an old encoding is decoded first.

    `text` as it stands in the file, `\\f` for a page break; `is_bold` is None where the run leaves it to the style.
    """

    text: str
    is_bold: bool | None = None
    is_italic: bool = False
    font: str = ""
    is_upper: bool = False
    is_raised: bool = False
    is_struck: bool = False
    style: str = ""  # its character style
    is_lowered: bool = False
    is_unseen: bool = False

    def drawn(self) -> str:
        """The text with raised and lowered digits as such: neither are part of a number."""
        if self.is_raised:
            return self.text.translate(SUPERSCRIPT)
        return self.text.translate(SUBSCRIPT) if self.is_lowered else self.text


def font_of_run(fonts: Any | None, style: Any | None) -> str:
    """The font that a run names (`w:rFonts`); `#style` where it names only a character style; else empty."""
    if fonts is not None:
        named = _named(fonts)
        if named:
            return named
    return "#" + style.get(_VAL, "") if style is not None else ""


def fonts_of_styles(tree: Any | None) -> dict[str, str]:
    """Style → font, inherited from the style it is based on; "" → the font of the document."""
    if tree is None:
        return {}
    default = tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    usual = _named(default) if default is not None else ""
    own: dict[str, str] = {}
    base: dict[str, str] = {}
    normal = ""
    for style in tree.iterfind(W + "style"):
        name = style.get(W + "styleId", "")
        based = style.find(W + "basedOn")
        base[name] = based.get(_VAL, "") if based is not None else ""
        fonts = style.find(f"{W}rPr/{W}rFonts")
        own[name] = _named(fonts) if fonts is not None else ""
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
            normal = name
    out: dict[str, str] = {}
    for name in base:
        at, seen = name, set[str]()
        while at and at not in seen and not own.get(at):
            seen.add(at)
            at = base.get(at, "")
        if own.get(at):
            out[name] = own[at]
    out[""] = out.get(normal) or usual
    return out


def spans_of(runs: Sequence[Run], fonts: Mapping[str, str], style: str) -> list[Span]:
    """Runs of a paragraph of this style with the fonts they are drawn in; `fonts` as `fonts_of_styles` gives them."""
    inherited = fonts.get(style) or fonts.get("", "")
    return [
        Span(run.drawn(), fonts.get(run.font[1:], inherited) if run.font[:1] == "#" else run.font or inherited)
        for run in runs
    ]


def _named(fonts: Any) -> str:
    return str(fonts.get(W + "hAnsi") or fonts.get(W + "ascii") or fonts.get(W + "cs") or "")
