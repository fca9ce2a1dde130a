"""DOCX → blocks, in one pass over the XML of the body.

Own walk of the grid: `gridSpan`, `vMerge`, rows that start late (`gridBefore`), nested tables, content
controls; tracked insertions are kept and deletions dropped; runs are joined with the empty string,
because Word splits runs inside words; automatic numbers become labels. A table cell with an automatic
number begins with its label, as printed.

Source of the rules: ECMA-376 part 1, 17.3 (paragraphs), 17.4 (tables), 17.13 (revisions).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from extract.legacy import Decoder, Span, may_be_legacy, reading_of
from extract.model import Block, Cell, Grid, Paragraph, Problem, RawDocument, Reading
from extract.problems import LimitExceeded, Unreadable
from extract.readers.docx_fonts import Run, fonts_of_styles, spans_of
from extract.readers.docx_numbering import Numbering, W
from extract.readers.docx_runs import DROPPED, is_on, properties_of, runs_of
from extract.text import clean, nfc

MAX_INFLATED = 500_000_000
MAX_CELLS = 400_000
_VAL = W + "val"
_P, _TBL, _TR, _TC = W + "p", W + "tbl", W + "tr", W + "tc"
_P_PR, _TC_PR, _SPAN_OVER, _MERGE = W + "pPr", W + "tcPr", W + "gridSpan", W + "vMerge"
_BLOCK = frozenset((_P, _TBL, _TR, _TC))
_OF_PARAGRAPH = {W + tag: tag for tag in ("pStyle", "jc", "pageBreakBefore", "numPr", "rPr")}


@dataclass(slots=True)
class _Walk:
    """What the walk carries: counters of lists, which styles are bold or numbered, and what was found.

    `fonts`: style → font; `decoder` is set where old encodings were seen; `read`: text → what it was converted from.
    """

    numbering: Numbering
    bold_styles: frozenset[str]
    numbered_styles: dict[str, tuple[str, int]]
    fonts: dict[str, str] = field(default_factory=dict)
    decoder: Decoder | None = None
    read: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_docx(path: Path) -> RawDocument:
    """Read a DOCX. Raises LimitExceeded (inflated size, number of cells) and Unreadable (not a DOCX inside)."""
    try:
        with zipfile.ZipFile(path) as archive:
            body, numbering, styles = (
                _part(archive, "word/" + name) for name in ("document.xml", "numbering.xml", "styles.xml")
            )
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable(
            f"the DOCX container is damaged: {error}", "open it in Word, save it again and put that copy in the folder"
        ) from error
    if body is None:
        raise Unreadable(
            "the DOCX holds no word/document.xml", "open it in Word, save it again and put that copy in the folder"
        )
    bold, numbered = _styles(styles)
    walk = _Walk(Numbering(numbering), bold, numbered)
    root = body.find(W + "body")
    root = body if root is None else root
    if (
        may_be_legacy(etree.tostring(root, method="text", encoding="unicode", with_tail=False))
        or next(root.iter(W + "softHyphen"), None) is not None
    ):
        walk.fonts = fonts_of_styles(styles)
        walk.decoder = Decoder.of(_passages(root, walk))
    blocks = tuple(_blocks(root, walk))
    converted = walk.decoder.problems() if walk.decoder is not None else ()
    return RawDocument(blocks=blocks, method="docx", problems=(*walk.problems, *converted))


def _part(archive: zipfile.ZipFile, name: str) -> Any | None:
    """One XML part, parsed; None where it is absent. Sizes are checked before and while inflating."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MAX_INFLATED:
        raise LimitExceeded(
            f"{name} would inflate to {info.file_size} bytes, the limit is {MAX_INFLATED}",
            "check where this file comes from",
        )
    with archive.open(info) as file:
        data = file.read(MAX_INFLATED + 1)
    if len(data) > MAX_INFLATED:
        raise LimitExceeded(f"{name} inflates to more than {MAX_INFLATED} bytes", "check where this file comes from")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise Unreadable(f"{name} declares a document type, which OOXML forbids", "check where this file comes from")
    cells = data.count(b"<w:tc>") + data.count(b"<w:tc ")
    if cells > MAX_CELLS:
        raise LimitExceeded(f"{cells} table cells, the limit is {MAX_CELLS}", "check where this file comes from")
    if name.endswith("styles.xml"):
        data = _without_table_styles(data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(data) > 8_000_000)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            f"{name} is not well-formed XML: {error.msg}",
            "open it in Word, save it again and put that copy in the folder",
        ) from error


def _without_table_styles(data: bytes) -> bytes:
    """Styles without those of tables: no paragraph is set in one, and they are nine tenths of many a file."""
    first, *rest = data.split(b"<w:style ")
    kept = [first]
    for style in rest:
        own, end, after = style.partition(b"</w:style>")
        is_of_tables = end and b'w:type="table"' in own[: own.find(b">")]
        kept.append(after if is_of_tables else b"<w:style " + style)
    return b"".join(kept)


def _styles(tree: Any | None) -> tuple[frozenset[str], dict[str, tuple[str, int]]]:
    """Paragraph styles that are bold, and those that carry a list; a style inherits from the one it is based on."""
    if tree is None:
        return frozenset(), {}
    own_bold: dict[str, bool | None] = {}
    own_list: dict[str, tuple[str, int] | None] = {}
    base: dict[str, str] = {}
    for style in tree.iterfind(W + "style"):
        name = style.get(W + "styleId", "")
        based = style.find(W + "basedOn")
        base[name] = based.get(_VAL, "") if based is not None else ""
        mark = style.find(f"{W}rPr/{W}b")
        own_bold[name] = None if mark is None else is_on(mark)
        own_list[name] = _num_pr(style.find(f"{W}pPr/{W}numPr"))

    def chain(name: str) -> Iterator[str]:
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            yield name
            name = base.get(name, "")

    is_bold = {name: next((b for s in chain(name) if (b := own_bold.get(s)) is not None), False) for name in base}
    lists = {name: next((n for s in chain(name) if (n := own_list.get(s)) is not None), None) for name in base}
    return frozenset(name for name, yes in is_bold.items() if yes), {name: n for name, n in lists.items() if n}


def _num_pr(element: Any | None) -> tuple[str, int] | None:
    if element is None:
        return None
    num, level = element.find(W + "numId"), element.find(W + "ilvl")
    try:
        return (num.get(_VAL, "0") if num is not None else "", int(level.get(_VAL, "0")) if level is not None else 0)
    except ValueError:
        return None


def _children(element: Any) -> Iterator[Any]:
    """Block-level children, seen through content controls, insertions, custom XML and the preferred alternative."""
    for child in element:
        tag = child.tag
        if tag in _BLOCK:
            yield child
        elif tag in DROPPED or not isinstance(tag, str):
            continue
        else:
            yield from _children(child)


def _blocks(container: Any, walk: _Walk) -> Iterator[Block]:
    for child in _children(container):
        if child.tag == _P:
            yield from _paragraph(child, walk)
        elif child.tag == _TBL:
            yield from _table(child, walk)


def _label(own_list: Any | None, walk: _Walk, style: str) -> str:
    own = _num_pr(own_list)
    inherited = walk.numbered_styles.get(style)
    if own is None:
        own = inherited
    elif own[0] == "" and inherited is not None:
        own = (inherited[0], own[1])
    return "" if own is None or own[0] in ("", "0") else walk.numbering.label(own[0], own[1])


def _paragraph(paragraph: Any, walk: _Walk) -> list[Paragraph]:
    """The paragraph, cut at page breaks; text boxes anchored in it follow as paragraphs of their own."""
    element = next(paragraph.iterchildren(_P_PR), None)
    properties = properties_of(element, _OF_PARAGRAPH) if element is not None else {}
    style_element, align = properties.get("pStyle"), properties.get("jc")
    style = style_element.get(_VAL, "") if style_element is not None else ""
    is_bold_style = style in walk.bold_styles
    boxes: list[Any] = []
    runs: list[Run] = []
    runs_of(paragraph, is_bold_style, boxes, runs)
    mark = properties.get("rPr")
    is_deleted = mark is not None and next(mark.iterchildren(W + "del"), None) is not None
    if is_deleted and not "".join(run.text for run in runs).strip():
        return []
    parts: list[list[Run]] = [[]]
    for run in runs:
        if run.text == "\f":
            parts.append([])
        else:
            parts[-1].append(run)
    label = _label(properties.get("numPr"), walk, style)
    out: list[Paragraph] = []
    for n, part in enumerate(parts):
        visible = [run for run in part if not run.text.isspace()]
        text, readings = _printed(part, walk, style)
        lines = "\n".join(filter(None, map(clean, nfc(text).split("\n"))))
        if readings:
            walk.read[lines] = readings
        if lines or (label and n == 0):
            out.append(
                Paragraph(
                    text=lines,
                    label=label if n == 0 else "",
                    is_bold=all(run.is_bold for run in visible) if visible else None,
                    is_italic=all(run.is_italic for run in visible) if visible else None,
                    is_centred=align.get(_VAL) == "center" if align is not None else None,
                    opens_page=bool(n) or is_on(properties.get("pageBreakBefore")),
                )
            )
    for box in boxes:
        out.extend(b for b in _blocks(box, walk) if isinstance(b, Paragraph))
    return out


def _printed(part: Sequence[Run], walk: _Walk, style: str) -> tuple[str, tuple[Reading, ...]]:
    """The text of runs as it is printed, and what it was converted from."""
    readings: tuple[Reading, ...] = ()
    texts: Sequence[str] = [run.text for run in part]
    if walk.decoder is not None:
        decoded = walk.decoder.decode(spans_of(part, walk.fonts, style))
        texts, readings = decoded.texts, reading_of(decoded.raw, decoded.encoding)
    return "".join(text.upper() if run.is_upper else text for text, run in zip(texts, part, strict=True)), readings


def _passages(root: Any, walk: _Walk) -> Iterator[list[Span]]:
    """Every paragraph of the body with the fonts of its runs."""
    for paragraph in root.iter(_P):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        runs: list[Run] = []
        runs_of(paragraph, False, None, runs)
        spans = spans_of(runs, walk.fonts, style.get(_VAL, "") if style is not None else "")
        if spans:
            yield spans


def _table(table: Any, walk: _Walk) -> Iterator[Block]:
    """The grid of a table, then the real tables nested in its cells."""
    cells: list[Cell] = []
    nested: list[Block] = []
    open_at: dict[int, int] = {}  # column → index in `cells` of the cell that a vMerge goes on with
    n_cols = header_rows = row = 0
    in_header = True
    for tr in _children(table):
        if tr.tag != _TR:
            continue
        properties = tr.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            continue
        col = _before(properties)
        in_header = in_header and properties is not None and is_on(properties.find(W + "tblHeader"))
        header_rows += in_header
        for tc in _children(tr):
            if tc.tag != _TC:
                continue
            span, merge = _span(tc)
            text, inner, readings = _cell_text(tc, walk)
            nested.extend(inner)
            if merge == "continue" and col in open_at:
                above = cells[open_at[col]]
                joined = above.text + "\n" + text if text else above.text
                cells[open_at[col]] = Cell(
                    above.row, above.col, joined, row - above.row + 1, above.col_span,
                    readings=(*above.readings, *readings),
                )  # fmt: skip
            else:
                if merge == "restart":
                    open_at[col] = len(cells)
                else:
                    open_at.pop(col, None)
                cells.append(Cell(row, col, text, 1, span, readings=readings))
            col += span
        n_cols = max(n_cols, col)
        row += 1
    if cells:
        yield Grid(cells=tuple(cells), n_rows=row, n_cols=n_cols, method="docx", header_rows=header_rows or None)
    yield from nested


def _before(properties: Any | None) -> int:
    element = properties.find(W + "gridBefore") if properties is not None else None
    try:
        return int(element.get(_VAL, "0")) if element is not None else 0
    except ValueError:
        return 0


def _span(tc: Any) -> tuple[int, str]:
    """(columns covered, '' | 'restart' | 'continue')."""
    properties = next(tc.iterchildren(_TC_PR), None)
    if properties is None:
        return 1, ""
    span = merge = None
    for child in properties:
        tag = child.tag
        if tag == _SPAN_OVER:
            span = child if span is None else span
        elif tag == _MERGE:
            merge = child if merge is None else merge
    try:
        columns = max(1, min(int(span.get(_VAL, "1")), 1000)) if span is not None else 1
    except ValueError:
        columns = 1
    return columns, "" if merge is None else (merge.get(_VAL) or "continue")


def _cell_text(tc: Any, walk: _Walk) -> tuple[str, list[Block], tuple[Reading, ...]]:
    """Paragraphs of the cell joined by newlines, tables nested in it, and what its text was converted from.

    A nested table of three columns and two rows or more is a block of its own; a smaller one only frames text.
    """
    lines: list[str] = []
    nested: list[Block] = []
    readings: list[Reading] = []
    for block in _blocks(tc, walk):
        if isinstance(block, Paragraph):
            readings.extend(walk.read.get(block.text, ()))
            lines.append(" ".join(filter(None, (block.label, block.text))))
        elif block.n_cols >= 3 and block.n_rows >= 2:
            nested.append(block)
        else:
            lines.extend(cell.text for cell in block.cells if cell.text)
    return "\n".join(filter(None, lines)), nested, tuple(readings)
