"""Colour, ground and size of the print of a page: whether it is seen.

In: an element, what sheets and its own style say, and the `Paint` of what it stands in. Out: its `Paint`. A ground is
the colour of the nearest element that has one, else white; not known where it is a picture, where the element is set
over the page, and on a page whose style sheets lie elsewhere: then print counts as seen.

Source of the rules: CSS Color 4, CSS Backgrounds 3, HTML Living Standard 15.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import regex

from extract.unseen import PAPER, Colour, are_alike, colour_of

SMALL_POINTS = 3.0
_COLOUR = regex.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", regex.IGNORECASE)
_GROUND = regex.compile(r"(?<![\w-])background(?:-color|-image)?\s*:\s*([^;!]+)", regex.IGNORECASE)
_OVER = regex.compile(r"(?<![\w-])position\s*:\s*(?:absolute|fixed)", regex.IGNORECASE)
_SIZE = regex.compile(r"(?<![\w-])font(?:-size)?\s*:\s*(?:[^;]*?\s)?([\d.]+)(pt|px|em|rem|%)", regex.IGNORECASE)
_TOKEN = regex.compile(r"[\w-]+\([^)]*\)|[^\s]+")
_AS_BEFORE = frozenset(("none", "transparent", "inherit", "initial", "unset", "repeat", "no-repeat", "scroll"))
_POINTS = {"pt": 1.0, "px": 0.75}


@dataclass(frozen=True, slots=True)
class Paint:
    """`colour`: None is that of the browser, `ground`: None is not known."""

    colour: Colour | None = None
    ground: Colour | None = PAPER
    is_small: bool = False

    @property
    def is_unseen(self) -> bool:
        if self.is_small:
            return True
        return self.colour is not None and self.ground is not None and are_alike(self.colour, self.ground)


ON_PAPER = Paint()


def ground_of_page(root: Any) -> Paint:
    """What a page begins with."""
    is_elsewhere = any((link.get("rel") or "").lower() == "stylesheet" for link in root.iter("link"))
    return Paint(ground=None) if is_elsewhere else ON_PAPER


def paint_of(element: Any, style: str, before: Paint) -> Paint:
    colour, ground, is_small = before.colour, before.ground, before.is_small
    if (said := element.get("color")) is not None and element.tag == "font":
        colour = colour_of(said)
    if (said := element.get("bgcolor")) is not None:
        ground = colour_of(said)
    if element.get("background") is not None:
        ground = None
    if style:
        if found := _COLOUR.findall(style):
            colour = before.colour if found[-1].strip().lower() == "inherit" else colour_of(found[-1])
        for said in _GROUND.findall(style):
            ground = _ground(said, ground)
        if _OVER.search(style) and not _GROUND.search(style):
            ground = None
        for size, unit in _SIZE.findall(style):
            is_small = unit.lower() in _POINTS and _number(size) * _POINTS[unit.lower()] <= SMALL_POINTS
    if (colour, ground, is_small) == (before.colour, before.ground, before.is_small):
        return before
    return Paint(colour, ground, is_small)


def _ground(said: str, before: Colour | None) -> Colour | None:
    """What the words of a background leave of the ground before it."""
    for token in _TOKEN.findall(said.strip().lower()):
        if "url(" in token or "gradient(" in token:
            return None
        if (found := colour_of(token)) is not None:
            return found
        if token not in _AS_BEFORE:
            return None
    return before


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 99.0
