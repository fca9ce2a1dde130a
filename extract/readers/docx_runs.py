"""The runs of a DOCX paragraph: its text in pieces, each with what is printed of its look.

In: a `w:p`. Out: `Run`s in order, and the text boxes that hang on them. Of the many properties of an element only a
few say something here: one look at each child costs less than asking the XML library for each of the few.

Source of the rules: ECMA-376 part 1, 17.3.2 (runs), 17.3.3 (what they hold).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

from extract.legacy_fonts import encoding_of_font
from extract.readers.docx_fonts import Run, font_of_run
from extract.readers.docx_numbering import W
from extract.text import SUPERSCRIPT

_VAL = W + "val"
_R, _T, _R_PR, _TEXT_BOX = W + "r", W + "t", W + "rPr", W + "txbxContent"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DROPPED = {
    W + tag
    for tag in (
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "delText",
        "sectPr",
        "commentReference",
    )
} | {_MC + "Fallback"}
_OFF = ("0", "false", "off", "none")
_OF_RUN = {W + tag: tag for tag in ("vanish", "b", "i", "caps", "vertAlign", "rFonts", "rStyle", "strike", "dstrike")}


def is_on(element: Any | None) -> bool:
    return element is not None and element.get(_VAL, "1") not in _OFF


def properties_of(element: Any, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The first child of each wanted name."""
    found: dict[str, Any] = {}
    for child in element:
        name = wanted.get(child.tag)
        if name is not None and name not in found:
            found[name] = child
    return found


def runs_of(element: Any, boxes: list[Any] | None, out: list[Run]) -> None:
    """Add the pieces of each run to `out`, a page break as the text `\\f`, and the text boxes to `boxes`."""
    for child in element:
        tag = child.tag
        if tag == _R:
            _run(child, boxes, out)
        elif tag in DROPPED or not isinstance(tag, str):
            continue
        elif tag == _TEXT_BOX:
            if boxes is not None:
                boxes.append(child)
        else:
            runs_of(child, boxes, out)


def _run(run: Any, boxes: list[Any] | None, out: list[Run]) -> None:
    properties = None
    texts: list[str] = []
    n_boxes = len(boxes) if boxes is not None else 0
    for child in run:
        tag = child.tag
        if tag == _T:
            text = child.text
        elif tag == _R_PR:
            properties = child if properties is None else properties
            continue
        else:
            text = _text_of(child, boxes)
        if text:
            texts.append(text)
    if properties is None:
        out.extend(map(Run, texts))
        return
    marks = properties_of(properties, _OF_RUN)
    if "vanish" in marks and is_on(marks["vanish"]):
        if boxes is not None:
            del boxes[n_boxes:]
        return
    bold = is_on(marks["b"]) if "b" in marks else None
    italic = "i" in marks and is_on(marks["i"])
    upper = "caps" in marks and is_on(marks["caps"])
    raised = "vertAlign" in marks and marks["vertAlign"].get(_VAL) == "superscript"
    is_struck = ("strike" in marks and is_on(marks["strike"])) or ("dstrike" in marks and is_on(marks["dstrike"]))
    font = font_of_run(marks.get("rFonts"), marks.get("rStyle"))
    out.extend(Run(text, bold, italic, font, upper, raised, is_struck) for text in texts)


def _text_of(child: Any, boxes: list[Any] | None) -> str:
    """The text of a run's child other than `w:t`."""
    tag = child.tag
    if tag in (W + "tab", W + "ptab"):
        return "\t"
    if tag in (W + "br", W + "cr"):
        return "\f" if child.get(W + "type") == "page" else "\n"
    if tag == W + "noBreakHyphen":
        return "-"
    if tag == W + "softHyphen":
        return "\u00ad"  # not printed, except in TCVN3 fonts, where it is the letter ư
    if tag in (W + "footnoteReference", W + "endnoteReference"):
        return (child.get(W + "id") or "").translate(SUPERSCRIPT)
    if tag == W + "sym":
        code = child.get(W + "char", "")
        if encoding_of_font(child.get(W + "font", "")):
            return chr(int(code, 16)) if regex.fullmatch(r"[Ff]0[0-9A-Fa-f]{2}", code) else ""
        return {"F0B7": "•", "F0A7": "▪", "F02D": "-", "F0FC": "✓", "F0FE": "☒", "F0A8": "☐"}.get(code.upper(), "")
    if boxes is not None and isinstance(tag, str) and tag not in DROPPED:
        boxes.extend(
            b for b in child.iter(W + "txbxContent") if not any(a.tag == _MC + "Fallback" for a in b.iterancestors())
        )
    return ""
