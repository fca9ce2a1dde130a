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

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
import regex
from lxml import etree

from extract.model import Block, Grid, Paragraph, Problem, RawDocument
from extract.problems import LimitExceeded, Unreadable
from extract.readers.html_decode import decode_html, html_parts
from extract.readers.html_grid import GridBuilder
from extract.tables.header import find_header
from extract.text import SUPERSCRIPT, clean, nfc

MAX_BYTES = 300_000_000
MAX_DEPTH = 220

_DROPPED = frozenset({
    "script", "style", "head", "template", "iframe", "object", "embed", "svg", "canvas", "video", "audio",
    "noframes", "del", "nav", "button", "map", "datalist", "title", "meta", "link", "colgroup", "col", "param",
    "noscript",
})  # fmt: skip
_BLOCK = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "center", "blockquote",
    "pre", "form", "fieldset", "section", "article", "header", "footer", "main", "aside", "address", "figure",
    "figcaption", "legend", "body", "html", "hr", "details", "summary", "menu", "dir", "caption", "tr", "td",
    "th", "tbody", "thead", "tfoot",
})  # fmt: skip
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_ITALIC = frozenset({"i", "em", "cite", "var", "address"})
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", regex.IGNORECASE)
_WEIGHT = regex.compile(r"font-weight\s*:\s*(bold|bolder|[1-9]00|normal|lighter)", regex.IGNORECASE)
_SLANT = regex.compile(r"font-style\s*:\s*(italic|oblique|normal)", regex.IGNORECASE)
_ALIGN = regex.compile(r"text-align\s*:\s*(\w+)", regex.IGNORECASE)
_UPPER = regex.compile(r"text-transform\s*:\s*uppercase", regex.IGNORECASE)
_RAISED = regex.compile(r"vertical-align\s*:\s*super", regex.IGNORECASE)
_PAGE_BEFORE = regex.compile(r"(?:page-)?break-before\s*:\s*(?:always|page|left|right)", regex.IGNORECASE)
_MEDIA = regex.compile(r"@media[^{]{0,200}\{(?:[^{}]|\{[^{}]*\}){0,2000}\}", regex.IGNORECASE)
_HIDDEN_CLASS = regex.compile(
    r"(?:^|[},\s])\.([\w-]{1,80})\s*\{[^{}]{0,2000}?display\s*:\s*none[^{}]{0,2000}\}", regex.IGNORECASE
)
_SPACE = regex.compile(r"[ \t\r\n\f]+")
_C1 = {code: bytes([code]).decode("cp1252", "replace").replace("�", "") for code in range(0x80, 0xA0)}
_TEXT_INPUTS = frozenset(("", "text", "number", "tel", "search", "date", "month", "email", "url"))


def read_html(path: Path) -> RawDocument:
    """Read an HTML page. Raises LimitExceeded (size) and Unreadable (no page inside)."""
    text, problems = decode_html(_bytes(path), "")
    return RawDocument(tuple(blocks_of(text)), "html", problems=problems)


def read_mht(path: Path) -> RawDocument:
    """Read a web archive: the page it opens with, and the sheets or frames beside it."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    for data, charset in html_parts(_bytes(path)):
        text, found = decode_html(data, charset)
        blocks.extend(blocks_of(text))
        problems.extend(found)
    return RawDocument(tuple(blocks), "html", problems=tuple(dict.fromkeys(problems)))


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
    return path.read_bytes()


def blocks_of(text: str) -> list[Block]:
    """Paragraphs and grids of one page, in the order they are seen. Raises Unreadable."""
    if not text.strip():
        return []
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        # surrogates and NUL are no characters of a page; a declared encoding is no matter any more
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(
            f"not readable as a page: {error}", "open it in a browser, copy it into Word, save as DOCX"
        ) from error
    walk = _Walk(_hidden_classes(root))
    _walk(root, _Look(), walk, 0)
    walk.flush()
    return walk.blocks


def _hidden_classes(root: Any) -> frozenset[str]:
    """Classes that a style sheet of the page hides on screen."""
    found: set[str] = set()
    for style in root.iter("style"):
        css = _MEDIA.sub(" ", (style.text or "")[:200_000])
        found.update(_HIDDEN_CLASS.findall(css))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Look:
    """How the text of an element is shown, inherited."""

    bold: bool = False
    italic: bool = False
    upper: bool = False
    raised: bool = False
    keeps_space: bool = False
    centred: bool | None = None


@dataclass(slots=True)
class _Walk:
    """The paragraph under way and the blocks done. A `<br>` is the text `\\n` with no style."""

    hidden: frozenset[str]
    blocks: list[Block] = field(default_factory=list)
    runs: list[tuple[str, bool, bool]] = field(default_factory=list)
    label: str = ""
    centred: bool | None = None
    opens_page: bool = False

    def add(self, text: str | None, look: _Look) -> None:
        if not text:
            return
        text = text.translate(_C1) if any("\x80" <= c < "\xa0" for c in text) else text
        text = text if look.keeps_space else _SPACE.sub(" ", text)
        text = text.upper() if look.upper else text
        self.runs.append((text.translate(SUPERSCRIPT) if look.raised else text, look.bold, look.italic))
        if text.strip() and self.centred is None:
            self.centred = look.centred

    def flush(self) -> None:
        joined = nfc("".join(text for text, _, _ in self.runs))
        text = "\n".join(filter(None, map(clean, joined.split("\n"))))
        visible = [(bold, italic) for text_, bold, italic in self.runs if text_.strip()]
        if text:
            self.blocks.append(
                Paragraph(
                    text=text,
                    label=self.label,
                    is_bold=all(bold for bold, _ in visible),
                    is_italic=all(italic for _, italic in visible),
                    is_centred=self.centred,
                    opens_page=self.opens_page,
                )
            )
            self.opens_page = False
            self.label = ""
        self.runs, self.centred = [], None


def _walk(element: Any, look: _Look, walk: _Walk, depth: int) -> None:
    """One element: its own text, its children with the text behind each."""
    if depth > MAX_DEPTH:
        walk.add(" ".join(element.itertext()), look)
        return
    tag = element.tag
    style = element.get("style") or ""
    look = _look(element, tag, style, look)
    is_block = tag in _BLOCK or "display:block" in style.replace(" ", "").lower()
    if is_block:
        walk.flush()
    if style and _PAGE_BEFORE.search(style):
        walk.opens_page = True
    walk.add(element.text, look)
    number = 0
    for child in element:
        name = child.tag
        if isinstance(name, str) and not _is_hidden(child, walk.hidden):
            if name in ("ol", "ul"):
                walk.flush()
            if name == "li" and tag in ("ol", "ul"):
                number = _list_number(child, element, number)
                walk.flush()
                walk.label = _list_label(element, number)
            _child(child, name, look, walk, depth)
        walk.add(child.tail, look)
    if is_block:
        walk.flush()


def _child(child: Any, name: str, look: _Look, walk: _Walk, depth: int) -> None:
    if name == "br":
        walk.runs.append(("\n", look.bold, look.italic))
        if _PAGE_BEFORE.search(child.get("style") or ""):
            walk.flush()
            walk.opens_page = True
    elif name == "wbr":
        return
    elif name in ("input", "select", "textarea"):
        walk.add(_field_text(child, name), look)
    elif name == "table":
        walk.flush()
        _table(child, _look(child, name, child.get("style") or "", _Look()), walk, depth + 1)
    else:
        _walk(child, look, walk, depth + 1)


def _look(element: Any, tag: str, style: str, look: _Look) -> _Look:
    bold, italic, upper, raised = look.bold, look.italic, look.upper, look.raised
    centred = look.centred
    bold = bold or tag in _BOLD
    italic = italic or tag in _ITALIC
    raised = raised or tag == "sup"
    if tag == "center" or (element.get("align") or "").lower() in ("center", "middle"):
        centred = True
    elif element.get("align"):
        centred = False
    if style:
        if weight := _WEIGHT.search(style):
            word = weight[1].lower()
            bold = word in ("bold", "bolder") or (word[0].isdigit() and int(word) >= 600)
        if slant := _SLANT.search(style):
            italic = slant[1].lower() != "normal"
        if align := _ALIGN.search(style):
            centred = align[1].lower() == "center"
        upper = upper or bool(_UPPER.search(style))
        raised = raised or bool(_RAISED.search(style))
    keeps = (
        look.keeps_space or tag in ("pre", "textarea", "xmp", "listing") or "white-space:pre" in style.replace(" ", "")
    )
    return _Look(bold, italic, upper, raised, keeps, centred)


def _is_hidden(element: Any, hidden: frozenset[str]) -> bool:
    if element.tag in _DROPPED or element.get("hidden") is not None:
        return True
    style, classes = element.get("style"), element.get("class")
    if style and _HIDDEN.search(style):
        return True
    return bool(hidden and classes and any(name in hidden for name in classes.split()))


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
        return "-"
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


def _table(table: Any, look: _Look, walk: _Walk, depth: int) -> None:
    """A data table as a grid; a layout table as the blocks of its cells."""
    grid = GridBuilder()
    caption = next((child for child in table if child.tag == "caption"), None)
    if caption is not None and not _is_hidden(caption, walk.hidden):
        _walk(caption, look, walk, depth)
    inner: list[list[Block]] = []
    for row, section in _rows(table, walk.hidden):
        grid.open_row(section)
        for cell in row:
            if cell.tag in ("td", "th") and not _is_hidden(cell, walk.hidden):
                blocks = _cell_blocks(cell, walk.hidden, depth)
                inner.append(blocks)
                grid.add(_cell_text(blocks), cell.get("colspan"), cell.get("rowspan"))
    made = grid.grid()
    if made is None:
        return
    has_tables = any(isinstance(block, Grid) for blocks in inner for block in blocks)
    if made.n_cols == 1 or made.n_rows == 1 and made.n_cols == 1 or (has_tables and find_header(made) is None):
        for blocks in inner:
            walk.blocks.extend(blocks)
        return
    walk.blocks.append(made)
    walk.blocks.extend(block for blocks in inner for block in blocks if isinstance(block, Grid))


def _rows(table: Any, hidden: frozenset[str]) -> list[tuple[Any, str]]:
    """The rows of a table, not those of tables inside it, with their section; a foot drawn last."""
    body: list[tuple[Any, str]] = []
    foot: list[tuple[Any, str]] = []
    for child in table:
        if not isinstance(child.tag, str) or _is_hidden(child, hidden):
            continue
        if child.tag == "tr":
            body.append((child, "tbody"))
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows = [(row, child.tag) for row in child if row.tag == "tr" and not _is_hidden(row, hidden)]
            (foot if child.tag == "tfoot" else body).extend(rows)
        elif child.tag in ("form", "div", "span", "center", "font"):  # wrongly put between a table and its rows
            body.extend(_rows(child, hidden))
    return body + foot


def _cell_blocks(cell: Any, hidden: frozenset[str], depth: int) -> list[Block]:
    walk = _Walk(hidden)
    _walk(cell, _Look(), walk, depth + 1)
    walk.flush()
    return walk.blocks


def _cell_text(blocks: list[Block]) -> str:
    """Paragraphs of a cell joined by newlines; of a small table that only frames text, its rows."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append(" ".join(filter(None, (block.label, block.text))))
        elif block.n_cols < 3 or block.n_rows < 2:
            rows: dict[int, list[str]] = {}
            for cell in block.cells:
                rows.setdefault(cell.row, []).append(cell.text)
            lines.extend(" ".join(filter(None, row)) for row in rows.values())
    return "\n".join(filter(None, lines))
