"""Markdown, as programs that convert reports leave it: prose with marks, tables as pipes or as HTML.

In: a text or a line of it. Out: the same without the marks of Markdown, so that the readers of text and of HTML take
it as what was printed; where tables are HTML, with the paragraphs that blank lines make marked as HTML has them.
Source of the rules: CommonMark 0.31, ATX headings (4.2), backslash escapes (2.4), HTML blocks (4.6); tables with pipes:
GitHub Flavored Markdown 0.29 (4.10).
"""

from __future__ import annotations

import regex

_HEADING = regex.compile(r"^[ ]{0,3}#{1,6}[ \t]+(?=\S)")
_ESCAPED = regex.compile(r"\\(?=[.\-*_#+()\[\]|>!~$&])")
_STARRED = regex.compile(r"(?<![\w*])\*(?=\S)([^*]{1,400}\S)\*(?![\w*])")
_TABLE = regex.compile(r"<table\b.*?</table\s*>", regex.IGNORECASE | regex.DOTALL)
_PAGE = regex.compile(r"<(?:!doctype|html|head|body)\b", regex.IGNORECASE)
_FLOW = regex.compile(r"<(?:p|div|br|li|h[1-6])\b", regex.IGNORECASE)
_PIPE = regex.compile(r"(?<!\\)\|")
_DELIMITERS = regex.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_BOLD = regex.compile(r"\*\*")
_BLANK = regex.compile(r"\n[ \t]*\n+")


def without_marks(line: str) -> str:
    """`## I. CÔNG TÁC` → `I. CÔNG TÁC`, `1\\. Về` → `1. Về`, `*(Ban hành …)*` → `(Ban hành …)`; a lone `*` stays."""
    if "#" in line:
        line = _HEADING.sub("", line)
    if "\\" in line:
        line = _ESCAPED.sub("", line)
    return _STARRED.sub(r"\1", line) if "*" in line else line


def has_html_table(text: str) -> bool:
    """Are there whole tables in HTML in a text?"""
    return "<" in text and any("<tr" in table.group().lower() for table in _TABLE.finditer(text))


def is_markdown(text: str) -> bool:
    """Is this no page, but prose around tables in HTML?"""
    return not _PAGE.search(text) and not _FLOW.search(_TABLE.sub("", text))


def with_paragraphs(text: str) -> str:
    """Markdown with tables in HTML as HTML: between the tables, what blank lines part are paragraphs."""
    out: list[str] = []
    at = 0
    for table in _TABLE.finditer(text):
        out += [_paragraphs(text[at : table.start()]), table.group()]
        at = table.end()
    return "".join([*out, _paragraphs(text[at:])])


def _paragraphs(text: str) -> str:
    parts = (part for part in _BLANK.split(text.replace("\r\n", "\n")) if part.strip())
    return "".join(_pipe_table(part) or f"<p>{without_marks(part)}</p>\n" for part in parts)


def _pipe_table(part: str) -> str:
    """A table with pipes as one in HTML, '' for what is none. Converters mix both: HTML where cells are merged."""
    lines = part.strip().split("\n")
    if len(lines) < 2 or not _DELIMITERS.fullmatch(lines[1].strip()) or not all("|" in line for line in lines):
        return ""
    rows = [_PIPE.split(line.strip().removeprefix("|").removesuffix("|")) for line in [lines[0], *lines[2:]]]
    cells = ("".join(f"<td>{without_marks(_BOLD.sub('', cell.strip()))}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>\n"
