"""What one paragraph of a DOCX says, from its look and its runs.

In: the properties of a `w:p` and its runs, however they were read. Out: `Paragraph`s, cut at page breaks, with the
labels of automatic lists; or the lines that the paragraph gives to a table cell.

Source of the rules: ECMA-376 part 1, 17.3 (paragraphs), 17.13 (revisions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from extract.legacy import Decoder, reading_of
from extract.model import Paragraph, Reading
from extract.readers.docx_fonts import Run, spans_of
from extract.readers.docx_numbering import Numbering, W
from extract.readers.docx_runs import is_on, properties_of
from extract.readers.docx_styles import Styles, list_of
from extract.readers.tabbed import keep_tabs, without_tabs
from extract.records import maker
from extract.struck import struck
from extract.text import clean, nfc
from extract.unseen import unseen

_paragraph = maker(Paragraph)
_VAL = W + "val"
_P_PR = W + "pPr"
_OF_PARAGRAPH = {W + tag: tag for tag in ("pStyle", "jc", "pageBreakBefore", "numPr", "rPr")}


class Look(NamedTuple):
    """What the properties of a paragraph say. `own_list`: (list, level); `is_deleted`: its mark was, not its runs."""

    style: str = ""
    own_list: tuple[str, int] | None = None
    is_centred: bool | None = None
    opens_page: bool = False
    is_deleted: bool = False


@dataclass(slots=True)
class Setting:
    """What the paragraphs of one document share: counters of lists, styles, and old encodings.

    `fonts`: style → font; `decoder` is set where old encodings were seen; `read`: text → what it was converted from.
    """

    numbering: Numbering
    styles: Styles
    fonts: Mapping[str, str] = field(default_factory=dict)
    decoder: Decoder | None = None
    read: dict[str, tuple[Reading, ...]] = field(default_factory=dict)


def look_of(paragraph: Any) -> Look:
    element = next(paragraph.iterchildren(_P_PR), None)
    if element is None:
        return _PLAIN
    properties = properties_of(element, _OF_PARAGRAPH)
    style, align, mark = properties.get("pStyle"), properties.get("jc"), properties.get("rPr")
    return Look(
        style.get(_VAL, "") if style is not None else "",
        list_of(properties.get("numPr")),
        align.get(_VAL) == "center" if align is not None else None,
        is_on(properties.get("pageBreakBefore")),
        mark is not None and next(mark.iterchildren(W + "del"), None) is not None,
    )


_PLAIN = Look()


def paragraph_of(look: Look, run: Run, text: str, setting: Setting) -> Paragraph:
    """The paragraph whose runs all look like this one, in no list; `text` as printed."""
    style, _, is_centred, opens_page, _ = look
    is_bold = style in setting.styles.bold if run.is_bold is None else run.is_bold
    return _paragraph(text, None, None, "", is_bold, run.is_italic, is_centred, opens_page)


def is_gone(look: Look, runs: Sequence[Run]) -> bool:
    """Was the whole paragraph deleted, by tracked changes?"""
    return look.is_deleted and not "".join(run.text for run in runs).strip()


def paragraphs_of(look: Look, runs: Sequence[Run], setting: Setting) -> list[Paragraph]:
    """The paragraph, cut at page breaks; nothing where nothing is printed."""
    if is_gone(look, runs):
        return []
    runs = _styled(look.style, runs, setting.styles)
    is_bold_style = look.style in setting.styles.bold
    label = label_of(look, setting)
    out: list[Paragraph] = []
    for n, part in enumerate(_parts(runs)):
        text, readings = _printed(part, setting, look.style)
        lines = printed_lines(text)
        if readings:
            setting.read[lines] = readings
        if not lines and not (label and n == 0):
            continue
        visible = [run for run in part if not run.text.isspace()]
        out.append(
            Paragraph(
                text=lines,
                label=label if n == 0 else "",
                is_bold=all(_is_bold(run, is_bold_style) for run in visible) if visible else None,
                is_italic=all(run.is_italic for run in visible) if visible else None,
                is_centred=look.is_centred,
                opens_page=bool(n) or look.opens_page,
            )
        )
    return out


def _styled(style: str, runs: Sequence[Run], styles: Styles) -> Sequence[Run]:
    """The runs as the styles of the paragraph and of its letters draw them; without what these hide."""
    struck_all = style in styles.struck
    if style in styles.hidden:
        return []
    if not struck_all and not any(run.style for run in runs):
        return runs
    return [
        run._replace(
            is_raised=run.is_raised or run.style in styles.raised,
            is_lowered=run.is_lowered or run.style in styles.lowered,
            is_struck=run.is_struck or struck_all or run.style in styles.struck,
        )
        for run in runs
        if run.style not in styles.hidden
    ]


def cell_lines(paragraphs: Iterable[Paragraph], setting: Setting) -> tuple[list[str], list[Reading]]:
    """What paragraphs give to a table cell: a number that Word counts is the first word, as printed."""
    lines: list[str] = []
    readings: list[Reading] = []
    for paragraph in paragraphs:
        readings.extend(setting.read.get(paragraph.text, ()))
        text = without_tabs(paragraph.text)
        lines.append(" ".join(filter(None, (paragraph.label, text))))
    return lines, readings


def label_of(look: Look, setting: Setting) -> str:
    """The printed number of the paragraph, counted on; empty where it is in no list."""
    own = look.own_list
    inherited = setting.styles.lists.get(look.style)
    if own is None:
        own = inherited
    elif own[0] == "" and inherited is not None:
        own = (inherited[0], own[1])
    return "" if own is None or own[0] in ("", "0") else setting.numbering.label(own[0], own[1])


@lru_cache(maxsize=8192)
def printed_lines(text: str) -> str:
    """The text as printed, line by line, tabs kept where they part words; lines that print nothing left out."""
    if "\n" not in text:
        return keep_tabs(nfc(text)) if "\t" in text else clean(nfc(text))
    return "\n".join(filter(None, map(clean, nfc(text).split("\n"))))


def _is_bold(run: Run, is_bold_style: bool) -> bool:
    return is_bold_style if run.is_bold is None else run.is_bold


def _parts(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs parted at page breaks."""
    parts: list[list[Run]] = [[]]
    for run in runs:
        if run.text == "\f":
            parts.append([])
        else:
            parts[-1].append(run)
    return parts


def _printed(part: Sequence[Run], setting: Setting, style: str) -> tuple[str, tuple[Reading, ...]]:
    """The text of runs as it is printed, and what it was converted from."""
    readings: tuple[Reading, ...] = ()
    if setting.decoder is None:
        texts: Sequence[str] = [run.drawn() for run in part]
    else:
        decoded = setting.decoder.decode(spans_of(part, setting.fonts, style))
        texts, readings = decoded.texts, reading_of(decoded.raw, decoded.encoding)
    return "".join(map(_marked, texts, part)), readings


def _marked(text: str, run: Run) -> str:
    text = text.upper() if run.is_upper else text
    text = struck(text) if run.is_struck else text
    return unseen(text) if run.is_unseen else text
