"""A report as DOCX, written as plain OOXML: A4, Times New Roman, letterhead and signature in borderless tables.

Styles of a report: auto-numbers (headings get their number from `w:numPr`, it is not typed), split-runs
(runs cut inside words, as Word does), watermark, page-numbers, stamp-top (digital signature stamp),
stamp-debris, cut-paragraphs has no meaning here. Marks in texts become tracked changes, content controls
and italics. The same spec gives the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from xml.sax.saxutils import escape

from tools.corpus.docx_package import package
from tools.corpus.figures import noise
from tools.corpus.model import Appendix, Layout, Report, Row
from tools.corpus.wording import body_texts, caption_lines, letterhead_number, place_and_date

_MARKS = re.compile(r"(</?(?:i|b|del|ins|sdt|tag|link)>)")
_TRACKED = re.compile(r"<w:del .*?</w:del>|<w:ins [^>]*>|</w:ins>")
_TRACK = 'w:id="{n}" w:author="Văn phòng" w:date="2020-01-01T00:00:00Z"'
_WRAPPERS = {  # what Word puts around runs: smart tags, links
    "tag": ('<w:smartTag w:uri="urn:schemas-microsoft-com:office:smarttags" w:element="place">', "</w:smartTag>"),
    "link": ('<w:hyperlink w:anchor="muc">', "</w:hyperlink>"),
}
TWIPS = 567  # per centimetre


class _Ids:
    """Numbers for tracked changes and content controls, unique within one file."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last


def _run(text: str, *, size: float, bold: bool, italic: bool, deleted: bool = False) -> str:
    props = "<w:rFonts " + " ".join(f'w:{a}="Times New Roman"' for a in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"
    props += "<w:b/>" * bold + "<w:i/>" * italic + f'<w:sz w:val="{int(size * 2)}"/>'
    tag = "w:delText" if deleted else "w:t"
    return f'<w:r><w:rPr>{props}</w:rPr><{tag} xml:space="preserve">{escape(text)}</{tag}></w:r>'


def _pieces(text: str, split: bool) -> list[str]:
    """The text cut at accented letters, the way Word splits runs when fonts fall back."""
    if not split or len(text) < 12:
        return [text]
    out, start = [], 0
    for i, ch in enumerate(text):
        if i > start + 3 and unicodedata.decomposition(ch) and noise("split", text, i) < 0.25:
            out.append(text[start:i])
            start = i
    return [*out, text[start:]]


def _runs(text: str, ids: _Ids, *, size: float, bold: bool = False, italic: bool = False, split: bool = False) -> str:
    out: list[str] = []
    state = {"i": 0, "b": 0, "del": 0, "ins": 0}
    for part in _MARKS.split(text.replace("¶ ", "")):
        if not part:
            continue
        if _MARKS.fullmatch(part):
            name, is_open = part.strip("</>"), not part.startswith("</")
            if name == "sdt":
                out.append(
                    f'<w:sdt><w:sdtPr><w:id w:val="{1000 + ids.next()}"/></w:sdtPr><w:sdtContent>'
                    if is_open
                    else "</w:sdtContent></w:sdt>"
                )
            elif name in _WRAPPERS:
                out.append(_WRAPPERS[name][0] if is_open else _WRAPPERS[name][1])
            elif name in ("ins", "del"):
                state[name] = int(is_open)
                out.append(f"<w:{name} {_TRACK.format(n=ids.next())}>" if is_open else f"</w:{name}>")
            else:
                state[name] = int(is_open)
            continue
        for piece in _pieces(part, split):
            out.append(
                _run(
                    piece,
                    size=size,
                    bold=bold or bool(state["b"]),
                    italic=italic or bool(state["i"]),
                    deleted=bool(state["del"]),
                )
            )
    return "".join(out)


def _para(
    text: str,
    ids: _Ids,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: str = "both",
    indent: float = 0,
    after: int = 80,
    numbering: int | None = None,
    page_break: bool = False,
    keep: bool = False,
    split: bool = False,
) -> str:
    props = "<w:keepNext/>" * keep + "<w:pageBreakBefore/>" * page_break
    if numbering is not None:
        props += f'<w:numPr><w:ilvl w:val="{numbering}"/><w:numId w:val="1"/></w:numPr>'
    props += f'<w:spacing w:after="{after}"/>'
    if indent:
        props += f'<w:ind w:firstLine="{int(indent * TWIPS)}"/>'
    props += f'<w:jc w:val="{align}"/>'
    lines = text.split("\n")
    runs = "<w:r><w:br/></w:r>".join(
        _runs(line, ids, size=size, bold=bold, italic=italic, split=split) for line in lines
    )
    return f"<w:p><w:pPr>{props}</w:pPr>{runs}</w:p>"


def _tc(content: str, width: float, *, span: int = 1, merge: str = "", valign: str = "center") -> str:
    props = f'<w:tcW w:w="{int(width * TWIPS)}" w:type="dxa"/>'
    props += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    props += {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    props += f'<w:vAlign w:val="{valign}"/>'
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{content}</w:tc>"


def _borders(rules: str) -> str:
    on = {"grid": "top left bottom right insideH insideV", "horizontal": "top bottom insideH", "none": ""}[
        rules
    ].split()
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(
        f'<w:{s} w:val="{"single" if s in on else "nil"}" w:sz="4" w:space="0" w:color="000000"/>' for s in sides
    )


def _table(rows: list[str], widths: list[float], rules: str) -> str:
    grid = "".join(f'<w:gridCol w:w="{int(w * TWIPS)}"/>' for w in widths)
    total = int(sum(widths) * TWIPS)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_borders(rules)}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _tr(cells: str, *, header: bool = False, before: float = 0) -> str:
    props = '<w:gridBefore w:val="1"/>' + f'<w:wBefore w:w="{int(before * TWIPS)}" w:type="dxa"/>' if before else ""
    props += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{props}</w:trPr>{cells}</w:tr>" if props else f"<w:tr>{cells}</w:tr>"


def _header_rows(layout: Layout, ids: _Ids) -> list[str]:
    out = []
    size = layout.font_size
    for r in range(layout.header_rows):
        cells, c = "", 0
        while c < len(layout.columns):
            cell = next(h for h in layout.header if h.row <= r < h.row + h.rows and h.col <= c < h.col + h.cols)
            width = sum(layout.columns[i].width for i in range(cell.col, cell.col + cell.cols))
            merge = "" if cell.rows == 1 else "restart" if cell.row == r else "continue"
            shown = cell.text if cell.row == r else ""
            cells += _tc(
                _para(shown, ids, size=size, bold="<i>" not in shown or "Chỉ tiêu" in shown, align="center", after=0),
                width,
                span=cell.cols,
                merge=merge,
            )
            c = cell.col + cell.cols
        out.append(_tr(cells, header=layout.repeats_header))
    if layout.has_number_row:
        cells = "".join(
            _tc(_para(c.number, ids, size=size - 1, italic=True, align="center", after=0), c.width)
            for c in layout.columns
        )
        out.append(_tr(cells, header=layout.repeats_header))
    return out


def _body_row(layout: Layout, row: Row, ids: _Ids, note_merge: str, split: bool) -> str:
    cells = ""
    for i, (column, text) in enumerate(zip(layout.columns, body_texts(layout, row), strict=True)):
        if i == 0 and row.starts_late:
            continue
        left = column.role in ("name", "note")
        merge = note_merge if column.role == "note" else ""
        shown = "" if merge == "continue" else text
        italic = row.is_italic and column.role in ("name", "unit")
        content = "".join(
            _para(
                line,
                ids,
                size=layout.font_size,
                bold=row.is_bold,
                italic=italic,
                align="left" if left else "center",
                after=0,
                split=split and left,
            )
            for line in shown.split("\n")
        )
        cells += _tc(content, column.width, merge=merge, valign="top" if column.role == "note" and merge else "center")
    return _tr(cells, before=layout.columns[0].width if row.starts_late else 0)


def _title_rows(appendix: Appendix, ids: _Ids) -> list[str]:
    """Number and title as merged rows on top of the table, where offices draw the whole page as one table."""
    layout = appendix.layout
    width = sum(c.width for c in layout.columns)
    rows = []
    for style, text in caption_lines(appendix):
        is_heading = style in ("number", "title")
        paragraph = _para(text, ids, bold=is_heading, italic=not is_heading, align="center", after=0)
        rows.append(_tr(_tc(paragraph, width, span=len(layout.columns))))
    return rows


def data_table(appendix: Appendix, ids: _Ids, styles: frozenset[str]) -> str:
    layout = appendix.layout
    rows = _title_rows(appendix, ids) if layout.has_title_inside else []
    rows += _header_rows(layout, ids)
    parts: list[list[str]] = []
    covered = 0
    for i, row in enumerate(appendix.rows):
        if i and i == layout.split_at:
            parts.append(rows)
            rows = _header_rows(layout, ids)
        merge = "restart" if row.note_rows > 1 else "continue" if covered else ""
        covered = row.note_rows - 1 if row.note_rows > 1 else max(covered - 1, 0)
        xml = _body_row(layout, row, ids, merge, "split-runs" in styles)
        if "row-controls" in styles and i % 7 == 3:
            number = 1000 + ids.next()
            xml = f'<w:sdt><w:sdtPr><w:id w:val="{number}"/></w:sdtPr><w:sdtContent>{xml}</w:sdtContent></w:sdt>'
        rows.append(xml)
    widths = [c.width for c in layout.columns]
    between = _para("", ids, after=0, size=2)
    table = between.join(_table(part, widths, layout.rules) for part in [*parts, rows])
    if layout.is_nested:
        outer = sum(widths) + 0.4
        inner = _para("", ids, after=0)
        return _table([_tr(_tc(table + inner, outer))], [outer], "none")
    return table


def _letterhead(report: Report, ids: _Ids) -> str:
    if "letterhead-none" in report.styles:
        return ""

    def column(lines: list[tuple[str, float, bool, bool]], width: float) -> str:
        return _tc(
            "".join(_para(t, ids, size=s, bold=b, italic=i, align="center", after=0) for t, s, b, i in lines),
            width,
            valign="top",
        )

    first, second = report.left_lines or (report.parent, report.agency.upper())
    left = column(
        [
            (first, 12, bool(report.left_lines), False),
            (second, 12, True, False),
            ("─────────", 8, False, False),
            (letterhead_number(report), 13, False, False),
        ],
        6.6,
    )
    right = column(
        [
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
            ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
            ("──────────────────", 8, False, False),
            (place_and_date(report), 13, False, True),
        ],
        9.9,
    )
    return _table([_tr(left + right)], [6.6, 9.9], "none")


def _signature(report: Report, ids: _Ids) -> str:
    left = _para("Nơi nhận:", ids, size=12, bold=True, italic=True, align="left", after=0)
    left += "".join(_para(f"- {r}", ids, size=11, align="left", after=0) for r in report.recipients)
    signed = "(Đã ký)" if "signed-mark" in report.styles else ""
    right = "".join(
        _para(line, ids, bold=True, align="center", after=0)
        for line in [*report.role.split("\n"), "", signed, "", report.signer]
    )
    return _table([_tr(_tc(left, 8.2, valign="top") + _tc(right, 8.3, valign="top"))], [8.2, 8.3], "none")


def _section_properties(report: Report, is_landscape: bool, kind: str = "nextPage") -> str:
    width, height = (16838, 11906) if is_landscape else (11906, 16838)
    turn = ' w:orient="landscape"' if is_landscape else ""
    header = (
        '<w:headerReference w:type="default" r:id="rId3"/>' if report.styles & {"page-numbers", "watermark"} else ""
    )
    return (
        f'<w:sectPr>{header}<w:type w:val="{kind}"/><w:pgSz w:w="{width}" w:h="{height}"{turn}/>'
        '<w:pgMar w:top="1134" w:right="851" w:bottom="1134" w:left="1701" w:header="567" w:footer="567" w:gutter="0"/>'
        + ("<w:titlePg/>" if "page-numbers" in report.styles and "watermark" not in report.styles else "")
        + "</w:sectPr>"
    )


def _body(report: Report) -> str:
    ids = _Ids()
    split = "split-runs" in report.styles
    out = []
    if "stamp-top" in report.styles:
        out.append(
            _para(
                f"Ký bởi: {report.agency}\nThời gian ký: {report.date.isoformat()}T14:41:57+07:00",
                ids,
                size=10,
                align="right",
                after=0,
            )
        )
    out += [
        _letterhead(report, ids),
        _para("", ids, after=0),
        _para("BÁO CÁO", ids, size=14, bold=True, align="center"),
    ]
    out.append(_para(report.title, ids, size=14, bold=True, align="center", split=split))
    if report.span_line:
        out.append(_para(report.span_line, ids, italic=True, align="center"))
    out += [_para(p, ids, indent=1.27, split=split) for p in report.intro]
    for section in report.sections:
        auto = "auto-numbers" in report.styles
        out.append(
            _para(
                section.title if auto else f"{section.label} {section.title}",
                ids,
                bold=True,
                italic=section.level == 3,
                keep=True,
                indent=0 if auto else 1.27,
                numbering=section.level - 1 if auto else None,
                split=split,
            )
        )
        out += [_para(p, ids, indent=1.27, split=split) for p in section.paragraphs]
    out += [_para(p, ids, indent=1.27) for p in report.closing]
    out += [_para("", ids, after=0), _signature(report, ids)]
    landscape = False
    for appendix in report.appendices:
        turned = appendix.layout.is_landscape != landscape
        if turned:
            out.append(f"<w:p><w:pPr>{_section_properties(report, landscape)}</w:pPr></w:p>")
            landscape = appendix.layout.is_landscape
        shown = caption_lines(appendix)
        if appendix.layout.has_title_inside:
            shown = []
            if not turned:
                out.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        for i, (style, text) in enumerate(shown):
            bold = style in ("number", "title")
            size = 13 if bold else 12
            if appendix.caption == "glued" and style == "title":
                text = f"{appendix.printed}<b>{appendix.title}</b><i>{appendix.reference}</i>"
                bold = False
            elif appendix.caption == "glued-title" and style == "title":
                text = f"<b>{appendix.title}</b><i>{appendix.reference}</i>"
                bold = False
            out.append(
                _para(
                    text,
                    ids,
                    size=size,
                    bold=bold,
                    italic=style in ("reference", "unit"),
                    align="right" if style == "unit" else "center",
                    page_break=i == 0 and not turned,
                    keep=True,
                )
            )
        out += [data_table(appendix, ids, report.styles), _para("", ids, after=0)]
        out += [_para(line, ids, size=12, align="left") for line in appendix.text_after]
    if "stamp-debris" in report.styles:
        out.append(_para(report.agency.upper(), ids, size=10, align="left"))
    return "".join(out) + _section_properties(report, landscape)


def encode(report: Report, *, accepts_changes: bool = False) -> bytes:
    """The DOCX file's bytes. `accepts_changes` takes tracked changes as accepted: a print shows deletions too."""
    body = _body(report)
    if accepts_changes:
        body = _TRACKED.sub("", body)
    if "nfd" in report.styles:
        body = unicodedata.normalize("NFD", body)
    return package(body, report.styles)
