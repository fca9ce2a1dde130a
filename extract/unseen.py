"""Print that nobody sees: in the colour of what is behind it, or too small to be read. No part of what a report says,
and never silently so.

In: text; colours as files write them. Out: the text with the mark `UNSEEN` on each such letter, taken out (and said) by
`extract.struck` as what is struck through is; and whether two colours can be told apart.
"""

from __future__ import annotations

import regex

UNSEEN = "\u20e5"  # combines with the letter in front, as the stroke does; no text of a report has it
_LETTER = regex.compile(r"(?!\s)\X")
_HEX = regex.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")
_RGB = regex.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\b[^)]*\)", regex.IGNORECASE)
LEAST_POINTS = 3.0  # print of that size and less is a row of dots
NEAR = 0x18  # of 255: #F2F2F2 on white is not seen, #E0E0E0 is
_NAMED = {
    "white": "ffffff", "snow": "fffafa", "ivory": "fffff0", "ghostwhite": "f8f8ff", "whitesmoke": "f5f5f5",
    "floralwhite": "fffaf0", "mintcream": "f5fffa", "azure": "f0ffff", "black": "000000", "red": "ff0000",
    "lime": "00ff00", "blue": "0000ff", "yellow": "ffff00", "aqua": "00ffff", "fuchsia": "ff00ff", "gray": "808080",
    "grey": "808080", "silver": "c0c0c0", "maroon": "800000", "green": "008000", "navy": "000080", "teal": "008080",
    "purple": "800080", "olive": "808000",
}  # fmt: skip

Colour = tuple[int, int, int]
PAPER: Colour = (255, 255, 255)


def unseen(text: str) -> str:
    """The text with the mark on each letter that would be printed."""
    return _LETTER.sub(rf"\g<0>{UNSEEN}", text)


def colour_of(text: str) -> Colour | None:
    """`FFFFFF`, `#fff`, `white`, `rgb(255, 255, 255)` → red, green, blue; None for what says no colour (`auto`)."""
    if (said := _RGB.fullmatch(text.strip())) is not None:
        return int(said[1]), int(said[2]), int(said[3])
    found = _HEX.fullmatch(_NAMED.get(text.strip().lower(), text.strip()))
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def are_alike(one: Colour, other: Colour) -> bool:
    """Can the two not be told apart in print?"""
    return all(abs(a - b) <= NEAR for a, b in zip(one, other, strict=True))


def is_unseen(colour: Colour | None, ground: Colour | None, points: float = 0.0) -> bool:
    """Is print of this colour and size not seen on this ground? What is not known (None, 0 points) counts as seen."""
    if 0 < points <= LEAST_POINTS:
        return True
    return colour is not None and ground is not None and are_alike(colour, ground)
