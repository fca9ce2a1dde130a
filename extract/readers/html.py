"""HTML and MHT → blocks: pages saved from portals, and what Word and Excel save as a web page.

The text is decoded by byte order mark, then by what the page declares, checked against the bytes; entities
are resolved by the parser, nothing is fetched. A block element ends a paragraph, inline elements are joined
with the empty string (`<b>N</b><b>ỘI</b>`), white space folds as in a browser. What a browser does not show
(`display:none`, scripts, comments, deletions) is left out. Tables keep `rowspan` and `colspan`; a table that
only places things on the page is walked like any other block, so a data table deep inside it stands where
it is seen. Form fields count with what was filled in.

Source of the rules: HTML Living Standard 13 (parsing), 4.9 (tables), 15.3 (white space). MHT: RFC 2557.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
import regex
from lxml import etree

from extract.legacy import Decoder, Span, may_be_legacy, reading_of
from extract.model import Block, Grid, Paragraph, Problem, RawDocument, Reading
from extract.problems import LimitExceeded, Unreadable
from extract.readers.html_css import Css, css_of
from extract.readers.html_decode import decode_html, html_parts
from extract.readers.html_grid import GridBuilder, width_of
from extract.readers.html_look import Look, is_hidden, is_picture, look_of, painted
from extract.readers.html_paint import ground_of_page
from extract.readers.markdown import is_markdown, with_paragraphs
from extract.readers.sheet import document_of
from extract.readers.sheet_model import Sheet
from extract.struck import struck
from extract.tables.header import find_header
from extract.text import SUBSCRIPT, SUPERSCRIPT, UNREAD, clean, nfc
from extract.unseen import unseen

MAX_BYTES = 300_000_000
BULLET = "-"
MAX_DEPTH = 100  # tables in tables

_BLOCK = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "center", "blockquote",
    "pre", "form", "fieldset", "section", "article", "header", "footer", "main", "aside", "address", "figure",
    "figcaption", "legend", "body", "html", "hr", "details", "summary", "menu", "dir", "caption", "tr", "td",
    "th", "tbody", "thead", "tfoot",
})  # fmt: skip
_LEAVES = frozenset({"br", "wbr", "input", "select", "textarea", "table"})
_PAGE_BEFORE = regex.compile(r"(?:page-)?break-before\s*:\s*(?:always|page|left|right)", regex.IGNORECASE)
_SPACE = regex.compile(r"[ \t\r\n\f]+")
_C1 = {code: bytes([code]).decode("cp1252", "replace").replace("�", "") for code in range(0x80, 0xA0)}
_TEXT_INPUTS = frozenset(("", "text", "number", "tel", "search", "date", "month", "email", "url"))


def read_html(path: Path) -> RawDocument:
    """Read an HTML page. Raises LimitExceeded (size) and Unreadable (no page inside)."""
    text, problems = decode_html(_bytes(path), "")
    if (sheets := _sheets(text)) is not None:
        return document_of(sheets[0], (*problems, *sheets[1]))
    blocks, converted = blocks_of(text)
    return RawDocument(tuple(blocks), "html", problems=(*problems, *converted))


def read_mht(path: Path) -> RawDocument:
    """Read a web archive: the page it opens with, and the sheets or frames beside it."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    sheets: list[Sheet] = []
    for data, charset in html_parts(_bytes(path)):
        text, found = decode_html(data, charset)
        if (pages := _sheets(text)) is not None:
            sheets.extend(pages[0])
            problems += (*found, *pages[1])
            continue
        page, converted = blocks_of(text)
        blocks.extend(page)
        problems += (*found, *converted)
    if sheets:  # what stands beside them is the bar of their tabs
        return document_of(sheets, tuple(dict.fromkeys(problems)))
    return RawDocument(tuple(blocks), "html", problems=tuple(dict.fromkeys(problems)))


def _sheets(text: str) -> tuple[list[Sheet], tuple[Problem, ...]] | None:
    """The sheets of a page that a spreadsheet program saved."""
    from extract.readers.html_sheets import is_workbook, sheets_of

    return sheets_of(text) if is_workbook(text) else None


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
    return path.read_bytes()


def blocks_of(text: str) -> tuple[list[Block], tuple[Problem, ...]]:
    """Paragraphs and grids of one page, in the order they are seen, and what was converted. Raises Unreadable."""
    if not text.strip():
        return [], ()
    root = parse(with_paragraphs(text) if is_markdown(text) else text)
    css, old, look = css_of(root), Old(), Look(paint=ground_of_page(root))
    blocks = blocks_in(root, css, old, look=look)
    if may_be_legacy(text):
        old.decoder = Decoder.of(old.passages)
        blocks = blocks if old.decoder is None else blocks_in(root, css, old, look=look)
    return blocks, old.decoder.problems() if old.decoder is not None else ()


def parse(text: str) -> Any:
    """The tree of a page. Raises LimitExceeded, Unreadable."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        # surrogates and NUL are no characters of a page; a declared encoding is no matter any more
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(
            f"not readable as a page: {error}", "open it in a browser, copy it into Word, save as DOCX"
        ) from error
    if any(error.type_name in ("ERR_RESOURCE_LIMIT", "ERR_INTERNAL_ERROR") for error in parser.error_log):
        raise LimitExceeded("elements are nested deeper than the parser follows", "save the page again from a browser")
    return root


def blocks_in(element: Any, css: Css, old: Old, depth: int = 0, look: Look | None = None) -> list[Block]:
    """What stands in an element."""
    walk = _Walk(css, old)
    _walk(element, look or Look(), walk, depth)
    walk.flush()
    return walk.blocks


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text and how it looks."""

    text: str
    look: Look


@dataclass(slots=True)
class Old:
    """Text of old encodings: the passages seen on the first walk, the decoder for the second, and for a paragraph's
    text what it was converted from."""

    passages: list[list[Span]] = field(default_factory=list)
    decoder: Decoder | None = None
    read: dict[str, tuple[Reading, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """The paragraph under way and the blocks done."""

    css: Css
    old: Old
    blocks: list[Block] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    label: str = ""
    centred: bool | None = None
    opens_page: bool = False

    def add(self, text: str | None, look: Look) -> None:
        if not text:
            return
        text = text.translate(_C1) if not look.font and any("\x80" <= c < "\xa0" for c in text) else text
        text = text if look.keeps_space else _SPACE.sub(" ", text)
        if look.raised or look.lowered:
            text = text.translate(SUPERSCRIPT if look.raised else SUBSCRIPT)
        self.runs.append(_Run(text, look))
        if text.strip() and self.centred is None:
            self.centred = look.centred

    def flush(self) -> None:
        text, readings = self._printed()
        visible = [run.look for run in self.runs if run.text.strip()]
        if text:
            if readings:
                self.old.read[text] = readings
            self.blocks.append(
                Paragraph(
                    text=text,
                    label=self.label,
                    is_bold=all(look.bold for look in visible),
                    is_italic=all(look.italic for look in visible),
                    is_centred=self.centred,
                    opens_page=self.opens_page,
                )
            )
            self.opens_page = False
            self.label = ""
        self.runs, self.centred = [], None

    def close_item(self) -> None:
        """An item without text prints its number all the same: Word counts the codes of a column so."""
        if self.label and self.label != BULLET:
            self.blocks.append(Paragraph(text="", label=self.label))
        self.label = ""

    def _printed(self) -> tuple[str, tuple[Reading, ...]]:
        """The text as printed, and what it was converted from."""
        readings: tuple[Reading, ...] = ()
        texts: Sequence[str] = [run.text for run in self.runs]
        if self.runs and self.old.decoder is not None:
            decoded = self.old.decoder.decode(self._spans())
            texts, readings = decoded.texts, reading_of(decoded.raw, decoded.encoding)
        elif self.runs:
            self.old.passages.append(self._spans())
        drawn = [text.upper() if run.look.upper else text for text, run in zip(texts, self.runs, strict=True)]
        drawn = [struck(text) if run.look.struck else text for text, run in zip(drawn, self.runs, strict=True)]
        drawn = [unseen(text) if run.look.paint.is_unseen else text for text, run in zip(drawn, self.runs, strict=True)]
        return "\n".join(filter(None, map(clean, nfc("".join(drawn)).split("\n")))), readings

    def _spans(self) -> list[Span]:
        return [Span(run.text, run.look.font) for run in self.runs]


@dataclass(slots=True)
class _Open:
    """An element under way; `number` counts the items of a list."""

    element: Any
    children: Iterator[Any]
    look: Look
    is_block: bool
    number: int = 0


def _walk(root: Any, look: Look, walk: _Walk, depth: int) -> None:
    """An element with all that is in it, without recursion: portals leave hundreds of tags unclosed. `depth` counts
    tables inside tables."""
    frames = [_enter(root, look, walk)]
    while frames:
        frame = frames[-1]
        child = next(frame.children, None)
        if child is None:
            frames.pop()
            if frame.is_block:
                walk.flush()
            if frame.element.tag == "li":
                walk.close_item()
            if frames:
                walk.add(frame.element.tail, frames[-1].look)
            continue
        name = child.tag
        if isinstance(name, str) and is_picture(child):
            walk.add(UNREAD, frame.look)
        elif isinstance(name, str) and not is_hidden(child, walk.css):
            if name == "li" and frame.element.tag in ("ol", "ul"):
                frame.number = _list_number(child, frame.element, frame.number)
                walk.flush()
                walk.label = _list_label(frame.element, frame.number)
            if name not in _LEAVES:
                frames.append(_enter(child, frame.look, walk))
                continue
            _leaf(child, name, frame.look, walk, depth)
        walk.add(child.tail, frame.look)


def _enter(element: Any, look: Look, walk: _Walk) -> _Open:
    style = element.get("style") or ""
    look = look_of(element, element.tag, look, walk.css)
    is_block = element.tag in _BLOCK or "display:block" in style.replace(" ", "").lower()
    if is_block:
        walk.flush()
    if style and _PAGE_BEFORE.search(style):
        walk.opens_page = True
    if walk.css.printed:
        walk.add(walk.css.prints(element), look)
    walk.add(element.text, look)
    return _Open(element, iter(element), look, is_block)


def _leaf(child: Any, name: str, look: Look, walk: _Walk, depth: int) -> None:
    if name == "br":
        walk.runs.append(_Run("\n", look))
        if _PAGE_BEFORE.search(child.get("style") or ""):
            walk.flush()
            walk.opens_page = True
    elif name in ("input", "select", "textarea"):
        walk.add(_field_text(child, name), look)
    elif name == "table":
        walk.flush()
        if depth >= MAX_DEPTH:
            raise LimitExceeded(f"tables are nested deeper than {MAX_DEPTH}", "check where this file comes from")
        _table(child, look_of(child, name, Look(font=look.font, paint=look.paint), walk.css), walk, depth + 1)


def _list_number(item: Any, parent: Any, before: int) -> int:
    own = item.get("value") or (parent.get("start") if not before else None)
    try:
        return int(own) if own else before + 1
    except ValueError:
        return before + 1


def _list_label(parent: Any, number: int) -> str:
    """The marker that a browser draws; nothing for lists without one."""
    style = (parent.get("style") or "").replace(" ", "").lower()
    if "list-style:none" in style or "list-style-type:none" in style:
        return ""
    if parent.tag == "ul":
        return BULLET
    kind = parent.get("type") or "1"
    if kind in "aA" and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return f"{letter if kind == 'a' else letter.upper()}."
    if kind in "iI" and 0 < number < 40:
        roman = "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        return f"{roman.lower() if kind == 'i' else roman}."
    return f"{number}."


def _field_text(element: Any, name: str) -> str:
    """What was filled into a form field, as it is seen on the page."""
    if name == "textarea":
        return str(element.text or "")
    if name == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return " ".join(clean(option.text_content()) for option in chosen)
    kind = (element.get("type") or "").lower()
    if kind in ("checkbox", "radio"):
        return "☒" if element.get("checked") is not None else "☐"
    return str(element.get("value") or "") if kind in _TEXT_INPUTS else ""


def _table(table: Any, look: Look, walk: _Walk, depth: int) -> None:
    """A data table as a grid; a layout table as the blocks of its cells."""
    grid = GridBuilder()
    caption = next((child for child in table if child.tag == "caption"), None)
    if caption is not None and not is_hidden(caption, walk.css):
        _walk(caption, look, walk, depth)
    inner: list[list[Block]] = []
    for row, section in _rows(table, walk.css):
        cells = [cell for cell in row if cell.tag in ("td", "th") and not is_hidden(cell, walk.css)]
        grid.open_row(section, width_of(cell.get("colspan") for cell in cells))
        own = painted(look, (row,) if row.getparent() is table else (row.getparent(), row), walk.css)
        for cell in cells:
            blocks = blocks_in(cell, walk.css, walk.old, depth, own)
            inner.append(blocks)
            read = (walk.old.read.get(block.text, ()) for block in blocks if isinstance(block, Paragraph))
            readings = tuple(reading for found in read for reading in found)
            grid.add(cell_text(blocks), cell.get("colspan"), cell.get("rowspan"), readings)
    made = grid.grid()
    if made is None:
        return
    has_tables = any(isinstance(block, Grid) for blocks in inner for block in blocks)
    if made.n_cols == 1 or made.n_rows == 1 and made.n_cols == 1 or (has_tables and find_header(made) is None):
        for blocks in inner:
            walk.blocks.extend(blocks)
        return
    walk.blocks.append(made)
    walk.blocks.extend(block for blocks in inner for block in blocks if isinstance(block, Grid) and _is_data(block))


def _rows(table: Any, css: Css) -> list[tuple[Any, str]]:
    """The rows of a table, not those of tables inside it, with their section; a foot drawn last."""
    body: list[tuple[Any, str]] = []
    foot: list[tuple[Any, str]] = []
    for child in table:
        if not isinstance(child.tag, str) or is_hidden(child, css):
            continue
        if child.tag == "tr":
            body.append((child, "tbody"))
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows = [(row, child.tag) for row in child if row.tag == "tr" and not is_hidden(row, css)]
            (foot if child.tag == "tfoot" else body).extend(rows)
        elif child.tag in ("form", "div", "span", "center", "font"):  # wrongly put between a table and its rows
            body.extend(_rows(child, css))
    return body + foot


def _is_data(grid: Grid) -> bool:
    return grid.n_cols >= 3 and grid.n_rows >= 2


def cell_text(blocks: list[Block]) -> str:
    """Paragraphs of a cell joined by newlines; of a small table that only frames text, its rows."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(" ".join(filter(None, (block.label, block.text))))
        elif not _is_data(block):
            rows: dict[int, list[str]] = {}
            for cell in block.cells:
                rows.setdefault(cell.row, []).append(cell.text)
            lines.extend(" ".join(filter(None, row)) for row in rows.values())
    text = "\n".join(filter(None, lines))
    # beside other print it is an icon
    return text if UNREAD not in text else text.replace(UNREAD, "").strip() or UNREAD
