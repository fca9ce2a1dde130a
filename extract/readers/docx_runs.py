"""The runs of a DOCX paragraph: its text in pieces, each with what is printed of its look.

In: a `w:p`. Out: `Run`s in order, and the text boxes that hang on them. Of the many properties of an element only a
few say something here: one look at each child costs less than asking the XML library for each of the few. What is
printed and no text (a picture, a fraction, a number that Word works out) is `UNREAD`, never nothing.

Source of the rules: ECMA-376 part 1, 17.3.2 (runs), 17.3.3 (what they hold), 17.16 (fields), 22.1 (equations).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extract.readers.docx_fields import Fields, without_result
from extract.readers.docx_fonts import Run, font_of_run
from extract.readers.docx_numbering import W
from extract.readers.docx_symbols import symbol
from extract.text import SUPERSCRIPT, UNREAD

_VAL = W + "val"
_R, _T, _R_PR, _TEXT_BOX = W + "r", W + "t", W + "rPr", W + "txbxContent"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_V = "{urn:schemas-microsoft-com:vml}"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_WORD_ART, _IMAGE, _OBJECT = _V + "textpath", _V + "imagedata", "{urn:schemas-microsoft-com:office:office}OLEObject"
_SHOWN = (_TEXT_BOX, _T, _GRAPHIC, _WORD_ART, _IMAGE, _OBJECT)
_PICTURES = ("/picture", "/chart", "/diagram")  # how the kinds of graphics end that print something of their own
_FIELD, _INSTRUCTION, _SIMPLE_FIELD, _RUBY = W + "fldChar", W + "instrText", W + "fldSimple", W + "ruby"
_EQUATION, _FALLBACK = _M + "oMath", _MC + "Fallback"
_ON_ONE_LINE = {_M + tag for tag in ("oMath", "r", "t", "rPr", "sty", "nor", "ctrlPr", "lit", "scr", "aln", "brk")}
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
        "rt",
    )
} | {_FALLBACK}
_OFF = ("0", "false", "off", "none")
UNSEEN = "unseen"  # a property that `docx_faint` gives to runs; in no name space: nothing of Word's
_OF_RUN = {W + tag: tag for tag in ("vanish", "b", "i", "caps", "vertAlign", "rFonts", "rStyle", "strike", "dstrike")}
_OF_RUN[UNSEEN] = UNSEEN


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
    _runs(element, boxes, out, Fields())


def _runs(element: Any, boxes: list[Any] | None, out: list[Run], fields: Fields) -> None:
    for child in element:
        tag = child.tag
        if tag == _R:
            _run(child, boxes, out, fields)
        elif tag in DROPPED or not isinstance(tag, str):
            continue
        elif tag == _TEXT_BOX:
            if boxes is not None:
                boxes.append(child)
        elif tag == _EQUATION:
            if not fields.is_hidden:
                out.extend(map(Run, _equation(child)))
        elif tag == _SIMPLE_FIELD and next(child.iter(_R), None) is None:
            out.append(Run(without_result(child.get(W + "instr", ""))))
        else:
            _runs(child, boxes, out, fields)


def _run(run: Any, boxes: list[Any] | None, out: list[Run], fields: Fields) -> None:
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
        elif tag == _FIELD:
            text = fields.mark(child)
        elif tag == _INSTRUCTION:
            fields.instruct(child.text or "")
            continue
        elif tag == _RUBY:
            _runs(child, boxes, out, fields)
            continue
        elif len(child):
            if not fields.is_hidden:
                texts += _drawn(child, boxes)
            continue
        else:
            text = _text_of(child)
        if text and not fields.is_hidden:
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
    height = marks["vertAlign"].get(_VAL) if "vertAlign" in marks else ""
    raised, lowered = height == "superscript", height == "subscript"
    is_struck = ("strike" in marks and is_on(marks["strike"])) or ("dstrike" in marks and is_on(marks["dstrike"]))
    font = font_of_run(marks.get("rFonts"), marks.get("rStyle"))
    style = "" if "vanish" in marks or "rStyle" not in marks else marks["rStyle"].get(_VAL, "")
    is_unseen = UNSEEN in marks
    out.extend(Run(text, bold, italic, font, upper, raised, is_struck, style, lowered, is_unseen) for text in texts)


def _text_of(child: Any) -> str:
    """The text of a run's child that holds nothing, other than `w:t`."""
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
        has_own_mark = child.get(W + "customMarkFollows", "0") not in _OFF
        return "" if has_own_mark else (child.get(W + "id") or "").translate(SUPERSCRIPT)
    return symbol(child.get(W + "font", ""), child.get(W + "char", "")) if tag == W + "sym" else ""


def _drawn(child: Any, boxes: list[Any] | None) -> list[str]:
    """What a drawing, an object or an alternative in a run prints; its text boxes go to `boxes`."""
    if child.tag in DROPPED:
        return []
    texts: list[str] = []
    for element in child.iter(*_SHOWN):
        above = {one.tag for one in element.iterancestors() if one is not child}
        if _FALLBACK in above:
            continue
        tag = element.tag
        if tag == _TEXT_BOX:
            if boxes is not None:
                boxes.append(element)
        elif _TEXT_BOX in above:
            continue
        elif tag == _T:
            texts.append(element.text or "")
        elif tag == _WORD_ART:
            texts.append(element.get("string") or UNREAD)
        elif UNREAD not in texts and (tag != _GRAPHIC or (element.get("uri") or "").endswith(_PICTURES)):
            texts.append(UNREAD)
    return texts


def _equation(element: Any) -> list[str]:
    """The texts of an equation that is one line of characters; those of a fraction or a root say little in order."""
    inner = {one.tag for one in element.iter(f"{_M}*")} - _ON_ONE_LINE
    return [UNREAD] if inner else [text.text or "" for text in element.iter(_M + "t")]
