"""Signs of the symbol fonts that Word inserts by their place in the font (`w:sym`).

In: a font and a place. Out: the sign as a character; `UNREAD` where it is none that is known, so that a figure set in
such signs is never a blank. Sources: the tables of Wingdings, Wingdings 2 and Symbol.
"""

from __future__ import annotations

import regex

from extract.legacy_fonts import encoding_of_font
from extract.text import UNREAD

_PLACE = regex.compile(r"[Ff]?0?([0-9A-Fa-f]{2})")
_WINGDINGS = {
    0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xFB: "✗", 0x78: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0x72: "☐",
    0x2D: "-", 0xA7: "▪", 0x6E: "▪", 0x6C: "•", 0x9F: "•", 0x76: "•", 0xD8: "➢", 0xB7: "•", 0x77: "•", 0x75: "•",
    0xE0: "→", 0xE8: "→", 0xF0: "→",
    **{0x80 + n: chr(0x245F + n) if n else "⓪" for n in range(11)},
    **{0x8B + n: chr(0x2775 + n) if n else "⓿" for n in range(11)},
}  # fmt: skip
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x97: "•", 0x98: "•"}
_PRINTED_AS_TYPED = frozenset("0123456789%()+,./:;<=>[]{} ")  # in the font Symbol
_SYMBOL = {0xB7: "•", 0x2D: "-", 0xB4: "×", 0xB3: "≥", 0xA3: "≤", 0xB0: "°", 0xA8: "•", 0xAE: "→", 0xDE: "⇒", 0xD6: "√"}


def symbol(font: str, place: str) -> str:
    """The sign at a place (`F0FC`) of a font. A letter of an old encoding is its byte, to be decoded."""
    found = _PLACE.fullmatch(place)
    if encoding_of_font(font):
        return chr(int(place, 16)) if regex.fullmatch(r"[Ff]0[0-9A-Fa-f]{2}", place) else ""
    if found is None:
        return UNREAD
    at, name = int(found[1], 16), font.strip().lower()
    if name == "wingdings 2":
        return _WINGDINGS_2.get(at, UNREAD)
    if name == "symbol":
        return chr(at) if chr(at) in _PRINTED_AS_TYPED else _SYMBOL.get(at, UNREAD)
    return _WINGDINGS.get(at, UNREAD)
