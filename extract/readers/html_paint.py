"""Colour, ground and size of the print of a page: whether it is seen.

In: an element, what sheets and its own style say, and the `Paint` of what it stands in. Out: its `Paint`. A ground is
the colour of the nearest element that has one, else white; not known where it is a picture, where the element is set
over the page, and on a page whose style sheets lie elsewhere: then print counts as seen.

Source of the rules: CSS Color 4, CSS Backgrounds 3, HTML Living Standard 15.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import regex

from extract.unseen import LEAST_POINTS, PAPER, Colour, colour_of, is_unseen

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
        return self.is_small or is_unseen(self.colour, self.ground)


ON_PAPER = Paint()


def ground_of_page(root: Any) -> Paint:
    """What a page begins with."""
    is_elsewhere = any((link.get("rel") or "").lower() == "stylesheet" for link in root.iter("link"))
    return Paint(ground=None) if is_elsewhere else ON_PAPER


def paint_of(element: Any, sheet: str, style: str, before: Paint) -> Paint:
    """`sheet`: what the style sheets say of the element, `style`: what it says itself."""
    colour, ground, is_small = before.colour, before.ground, before.is_small
    if (said := element.get("color")) is not None and element.tag == "font":
        colour = colour_of(said)
    if (said := element.get("bgcolor")) is not None:
        ground = colour_of(said)
    if element.get("background") is not None:
        ground = None
    for own in (_said(sheet), _said(style)):
        if own is not None:
            if own.has_colour:
                colour = before.colour if own.inherits else own.colour
            for said in own.grounds:
                ground = _ground(said, ground)
            if own.is_over and not own.grounds:
                ground = None
            is_small = is_small if own.is_small is None else own.is_small
    if (colour, ground, is_small) == (before.colour, before.ground, before.is_small):
        return before
    return Paint(colour, ground, is_small)


class _Said(NamedTuple):
    """What a style says of colour, ground and size; `is_small` None where it leaves the size."""

    has_colour: bool
    inherits: bool
    colour: Colour | None
    grounds: tuple[str, ...]
    is_over: bool
    is_small: bool | None


@lru_cache(maxsize=4096)  # the elements of a page have few different styles
def _said(style: str) -> _Said | None:
    colours, sizes = _COLOUR.findall(style), _SIZE.findall(style)
    grounds, is_over = tuple(_GROUND.findall(style)), _OVER.search(style) is not None
    if not (colours or sizes or grounds or is_over):
        return None
    last = colours[-1].strip() if colours else ""
    is_small = None
    if sizes:
        size, unit = sizes[-1]
        is_small = unit.lower() in _POINTS and _number(size) * _POINTS[unit.lower()] <= LEAST_POINTS
    return _Said(bool(colours), last.lower() == "inherit", colour_of(last), grounds, is_over, is_small)


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
