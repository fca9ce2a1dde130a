"""Print in workbooks that nobody sees: in the colour of what is behind it, of three points and less, or under a number
format that prints nothing (`;;;`).

In: fonts, fills and formats as the file declares them. Out: which cell styles are not seen. What cannot be told (a
colour of the theme other than its paper, a pattern, a ground that a rule or a table style may paint) counts as seen.

Source: ECMA-376 part 1, 18.3.1.15 and 18.8.19 (colours), 18.8.27 (indexed colours), 18.8.32 (patterns); [MS-XLS]
2.4.122 (Font), 2.4.353 (XF), 2.4.188 (Palette), 2.5.161 (Icv).
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Sequence
from typing import Any

from extract.readers.sheet_format import sections
from extract.unseen import PAPER, Colour, colour_of

NO_TINT = 0.05  # of the way to black: paper is still white
_PAPERS = (1, 9, 65)  # white twice, and the window's own, of the colours by number
_OWN_COLOURS = 8  # the first number that a palette gives a colour
_SOLID = 1


def prints_nothing(code: str) -> bool:
    """Does a number format print no number (`;;`, `;;;`)?"""
    parts = sections(code)
    return len(parts) > 2 and not any(part.strip() for part in parts[:3])


def colour_in(properties: Any, name: str) -> Colour | None:
    """The colour that a child of this name says (`color` of a font, `fgColor` of a fill), where it is known."""
    found = properties.find("{*}" + name)
    if found is None:
        return None
    if rgb := found.get("rgb"):
        return colour_of(rgb[-6:])
    if found.get("theme") == "0":
        return PAPER if _tint_of(found) <= NO_TINT else None
    indexed = found.get("indexed", "")
    return PAPER if indexed.isdigit() and int(indexed) in _PAPERS else None


def _tint_of(colour: Any) -> float:
    try:
        return abs(float(colour.get("tint") or 0))
    except ValueError:
        return 1.0


def points_of(font: Any) -> float:
    """The size that a font says, 0 where it says none."""
    size = font.find("{*}sz")
    said = size.get("val", "") if size is not None else ""
    return float(said) if said.replace(".", "", 1).isdigit() else 0.0


def ground_of(fill: Any) -> Colour | None:
    """What a fill paints: paper where it has no pattern, a colour where that is solid, else unknown."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return None
    kind = pattern.get("patternType", "none")
    return PAPER if kind == "none" else colour_in(pattern, "fgColor") if kind == "solid" else None


def colour_by_number(number: int, palette: Sequence[Colour]) -> Colour | None:
    """A colour of XLS by its number, where it is known."""
    at = number - _OWN_COLOURS
    if 0 <= at < len(palette):
        return palette[at]
    return PAPER if number in _PAPERS else None


def palette_of(body: bytes) -> list[Colour]:
    """The colours of a Palette record, from number 8 on."""
    n = min(int.from_bytes(body[:2], "little"), (len(body) - 2) // 4)
    return [(body[at], body[at + 1], body[at + 2]) for at in range(2, 2 + 4 * n, 4)]


def ground_of_xf(body: bytes, palette: Sequence[Colour]) -> Colour | None:
    """What the cell style of an XF record paints."""
    if len(body) < 20:
        return None
    pattern, colours = body[17] >> 2, struct.unpack_from("<H", body, 18)[0]
    return PAPER if pattern == 0 else colour_by_number(colours & 0x7F, palette) if pattern == _SOLID else None


def within(place: tuple[int, int], areas: Collection[tuple[int, int, int, int]]) -> bool:
    """Does a place lie in one of these areas (top, left, bottom, right)?"""
    return any(top <= place[0] <= bottom and left <= place[1] <= right for top, left, bottom, right in areas)
