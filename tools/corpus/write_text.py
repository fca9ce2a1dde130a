"""A report as a text file: prose and headings, then appendix rows with tabs, as saved from a word processor.

Styles: letterhead-none, letterhead-stacked, cut-paragraphs (a paragraph goes on after a page break),
stamp-debris (a lone line of the agency's name at the end), nfd, crlf, bom.
"""

from __future__ import annotations

import re
import unicodedata

from tools.corpus.model import Appendix, Report, Row
from tools.corpus.wording import body_texts, caption_lines, cut_end, header_grid, letterhead_number, place_and_date

_HIDDEN = re.compile(r"<del>.*?</del>|</?(?:ins|sdt|b|tag|link)>")


def _marked(text: str) -> str:
    """Only the marks that text files carry (`<i>`)."""
    return _HIDDEN.sub("", text)


def _letterhead(report: Report) -> list[str]:
    place = place_and_date(report)
    if "letterhead-none" in report.styles:
        return []
    if "letterhead-stacked" in report.styles:
        return [
            *(report.left_lines or (report.parent, report.agency.upper())),
            "",
            letterhead_number(report),
            "",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "",
            place,
            "",
        ]
    left = report.left_lines or (report.parent, report.agency.upper())
    return [
        f"{left[0]}\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"{left[1]}\tĐộc lập - Tự do - Hạnh phúc",
        f"{letterhead_number(report)}\t{place}",
        "",
    ]


def _paragraph(report: Report, text: str) -> list[str]:
    """One paragraph; `¶` in a spec's text is where a page break cuts it."""
    text = _marked(text)
    if "¶" not in text:
        return [text, ""]
    head, tail = (part.strip() for part in text.split("¶"))
    return [head, "", tail, ""] if "cut-paragraphs" in report.styles else [f"{head} {tail}", ""]


def _page_break(report: Report) -> list[str]:
    """What a text file has where a page ended: a blank line, a form feed or the number of the page."""
    if "page-feeds" in report.styles:
        return ["\f"]
    return ["", "3", ""] if "page-lines" in report.styles else [""]


def _row_lines(appendix: Appendix, report: Report) -> list[str]:
    layout = appendix.layout
    header = ["\t".join(cells) for cells in header_grid(layout)]
    if layout.has_number_row:
        header.append("\t".join(c.number for c in layout.columns))
    lines = [*header]
    late: dict[int, str] = {}
    note_at = next((i for i, c in enumerate(layout.columns) if c.role == "note"), None)
    for i, row in enumerate(appendix.rows):
        if row.gap_before:
            lines += _page_break(report)
        if i and i == layout.split_at:
            lines += [*_page_break(report), *header]
        cells = [_row_text(row, c.role, t) for c, t in zip(layout.columns, body_texts(layout, row), strict=True)]
        if note_at is not None:
            if row.note_cut:
                words = row.note.split()
                cells[note_at] = " ".join(words[: row.note_cut])
                late[cut_end(appendix, i)] = " ".join(words[row.note_cut :])
            elif i in late:
                cells[note_at] = late[i]
        lines.append("\t".join(_marked(c).replace("\n", " ") for c in cells))
    return lines


def _row_text(row: Row, role: str, text: str) -> str:
    italic = row.is_italic and role in ("name", "unit") and text and "<i>" not in text
    return f"<i>{text}</i>" if italic else text


def _caption(appendix: Appendix) -> list[str]:
    if appendix.caption == "glued":
        return [f"{appendix.printed}**{appendix.title}***{appendix.reference}*", ""]
    lines: list[str] = []
    for style, text in caption_lines(appendix):
        if style == "title" and appendix.caption == "glued-title":
            lines += [f"{appendix.title}*{appendix.reference}*", ""]
        elif style == "title":
            lines += [f"**{text}**", ""]
        else:
            lines += [text, ""]
    return lines


def text(report: Report) -> str:
    """The whole file, lines joined with LF."""
    lines = [
        "",
        *_letterhead(report),
        "BÁO CÁO",
        "",
        f"{report.title}{' ' + report.span_line if report.span_line else ''}",
        "",
    ]
    for paragraph in report.intro:
        lines += _paragraph(report, paragraph)
    for section in report.sections:
        lines += [f"{section.label} {section.title}", ""]
        for paragraph in section.paragraphs:
            lines += _paragraph(report, paragraph)
    for paragraph in report.closing:
        lines += _paragraph(report, paragraph)
    signed = ["(Đã ký)", ""] if "signed-mark" in report.styles else []
    lines += [
        "Nơi nhận:",
        "",
        *[f"- {r}" for r in report.recipients],
        "",
        f"**{report.role}**",
        "",
        *signed,
        report.signer,
        "",
    ]
    for appendix in report.appendices:
        lines += _caption(appendix) + _row_lines(appendix, report) + [""]
        if appendix.text_after:
            lines += [*appendix.text_after, ""]
    if "stamp-debris" in report.styles:
        lines.append(report.agency.upper())
    return "\n".join(lines).rstrip("\n") + "\n"


def encode(report: Report) -> bytes:
    body = text(report)
    if "nfd" in report.styles:
        body = unicodedata.normalize("NFD", body)
    if "crlf" in report.styles:
        body = body.replace("\n", "\r\n")
    return body.encode("utf-8-sig" if "bom" in report.styles else "utf-8")
