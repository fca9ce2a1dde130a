"""What the name of a font says about the bytes set in it.

A hint only: documents converted to Unicode keep the old names (`.VnTime` over Unicode text), so the words decide
together with the font, in `extract.legacy`.
"""

from __future__ import annotations

import regex

BYTES = "bytes"  # stands for the font of text that is no UTF-8: read as it is, it is Latin-1 and hardly Vietnamese
_SUBSET = regex.compile(r"^[A-Z]{6}\+")
_STYLES = regex.compile(r"[\s,-]*(?:bold|italic|oblique|regular|normal|mt|ps)+$", regex.IGNORECASE)
_FONTS = (
    (regex.compile(r"^\.[Vv][Nn]|^Vn[A-Z]"), "tcvn3"),
    (regex.compile(r"^vni\b|^vni[-_ ]", regex.IGNORECASE), "vni"),
    (regex.compile(r"^vps\b", regex.IGNORECASE), "vps"),
    (regex.compile(r"^vi\s|viscii", regex.IGNORECASE), "viscii"),
)


def encoding_of_font(font: str) -> str:
    """`.VnTime` → tcvn3, `VNI-Times` → vni, `Times New Roman` → empty. A hint only: Unicode text keeps old fonts."""
    if font in ("", BYTES):
        return font
    name = _SUBSET.sub("", font.strip())
    return next((encoding for pattern, encoding in _FONTS if pattern.search(name)), "")


def is_capital_font(font: str) -> bool:
    """`.VnTimeH`, `ABCDEF+.VnArial NarrowH,Bold` draw small letters as capitals."""
    name = _STYLES.sub("", _SUBSET.sub("", font.strip()))
    return encoding_of_font(font) == "tcvn3" and len(name) > 4 and name.endswith("H")
