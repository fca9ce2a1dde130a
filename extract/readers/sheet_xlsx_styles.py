"""Cell styles of an XLSX: number formats, fonts, which are struck through and which print nothing that is seen.

In: the root of `styles.xml`. Out: `Styles`, by the index that cells name.

Source: ECMA-376 part 1, 18.8 (styles).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extract.readers.sheet_format import BUILT_IN
from extract.readers.sheet_paint import colour_in, ground_of, points_of
from extract.unseen import is_unseen


@dataclass(frozen=True, slots=True)
class Styles:
    """Format code and font of each cell style, by index, which of them strike their text through, and which nobody
    sees."""

    formats: tuple[str, ...]
    fonts: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()
    unseen: frozenset[int] = frozenset()
    is_1904: bool = False

    def code(self, style: str | None) -> str:
        index = int(style) if style and style.isdigit() else 0
        return self.formats[index] if index < len(self.formats) else "General"

    def font(self, style: str | None) -> str:
        index = int(style) if style and style.isdigit() else 0
        return self.fonts[index] if index < len(self.fonts) else ""

    def strikes(self, style: str | None) -> bool:
        return bool(self.struck) and style is not None and style.isdigit() and int(style) in self.struck

    def hides(self, style: str | None) -> bool:
        return bool(self.unseen) and style is not None and style.isdigit() and int(style) in self.unseen


def read_styles(root: Any, is_1904: bool) -> Styles:
    """The cell styles that the part `styles.xml` declares."""
    own = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter() if local(e) == "numFmt"}
    formats: list[str] = []
    fonts: list[str] = []
    declared = [font for block in root if local(block) == "fonts" for font in block]
    names, strokes = [font_name(font) for font in declared], [is_struck(font) for font in declared]
    prints = [(colour_in(font, "color"), points_of(font)) for font in declared]
    grounds = [ground_of(fill) for block in root if local(block) == "fills" for fill in block]
    strike, unseen = set[int](), set[int]()
    for block in root:
        if local(block) == "cellXfs":
            for n, xf in enumerate(block):
                at = _number(xf, "fontId", len(names))
                if at >= 0 and strokes[at]:
                    strike.add(n)
                fonts.append(names[at] if at >= 0 else "")
                number = xf.get("numFmtId", "0")
                formats.append(own.get(number) or BUILT_IN.get(int(number) if number.isdigit() else 0, "General"))
                fill = _number(xf, "fillId", len(grounds))
                if at >= 0 and is_unseen(prints[at][0], grounds[fill] if fill >= 0 else None, prints[at][1]):
                    unseen.add(n)
    return Styles(tuple(formats), tuple(fonts), frozenset(strike), frozenset(unseen), is_1904)


def _number(element: Any, name: str, end: int) -> int:
    """A number that an element says, -1 where it is none below `end`."""
    said = element.get(name, "0")
    return int(said) if said.isdigit() and int(said) < end else -1


def font_name(properties: Any) -> str:
    """The font that `font` or `rPr` names, empty where it names none."""
    return next((str(e.get("val", "")) for e in properties if local(e) in ("name", "rFont")), "")


def is_struck(properties: Any) -> bool:
    return any(local(e) == "strike" and e.get("val", "1") not in ("0", "false") for e in properties)


def local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
