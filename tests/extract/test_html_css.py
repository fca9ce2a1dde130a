"""Style sheets of pages: what they hide, raise, strike and print; pictures of pages."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.model import Grid, Paragraph, RawDocument, SourceFile
from extract.readers.html import blocks_of
from extract.text import UNREAD, clean


def cell(css: str, inner: str) -> str:
    body = f"<table id=t><tr><td>1</td><td>Số văn bản</td><td>{inner}</td></tr></table>"
    (grid,), _ = blocks_of(f"<html><head><style>{css}</style></head><body>{body}</body></html>")
    assert isinstance(grid, Grid)
    return grid.cells[2].text


@pytest.mark.parametrize(
    ("css", "inner", "printed"),
    [
        (".h{display:none}", "15<span class=h>99</span>", "15"),
        (".a, .h , .b { display : none }", "15<span class='x h'>99</span>", "15"),
        ("#x{visibility:hidden}", "15<span id=x>99</span>", "15"),
        ("td span.h{display:none}", "15<span class=h>99</span>", "15"),
        ("#t td > .h{display:none}", "15<span class=h>99</span>", "15"),
        ("#t > .h{display:none}", "15<span class=h>9</span>", "159"),
        ("p span.h{display:none}", "15<span class=h>9</span>", "159"),
        (".h{display:none} .on{display:inline}", "15<span class='h on'>9</span>", "159"),
        (".h:hover{display:none}", "15<span class=h>9</span>", "159"),
        ("@media print{.h{display:none}}", "15<span class=h>9</span>", "159"),
        (".sr-only{position:absolute;clip:rect(0,0,0,0)}", "15<span class=sr-only>99</span>", "15"),
        ("", "15<span style='font-size:0'>99</span><span style='opacity: 0'>98</span>", "15"),
        ("", "15<span style='font-size:0.9em;opacity:0.5'>9</span>", "159"),
        (".m{vertical-align:super}", "15<span class=m>2</span>", "15²"),
        ("", "<span style='text-line-through:double'>3</span>15", "3\u033615"),
        ("", "15<span style='opacity:0.0'>9</span><span style='opacity:0.05'>8</span>", "158"),
        (".x{text-decoration:line-through}", "<span class=x>3</span>15", "3\u033615"),
        ("span[x]{color:red} .v::before{content:attr(data-v)}", "<span class=v data-v=15></span>", "15"),
        (".v:before{content:counter(a)}", "<span class=v></span>", UNREAD),
        (".v:before{content:'15'}", "<span class=v></span>", "15"),
        (".v:before{content:'\\f0e0'} .w:before{content:'» '}", "<i class=v></i><i class=w></i>15", "15"),
        ("span[data-v]::before{content:attr(data-v)}", "<span data-v=15></span>", "15"),
        ("td:nth-child(3)::before{content:counter(a)}", "", UNREAD),
        ("td:first-child::before{content:counter(a)}", "15", "15"),
        ("", "<img src=a.png>", UNREAD),
        ("", "<img src=a.png alt=15>", UNREAD),
        ("", "<svg><text>15</text></svg>", UNREAD),
        ("", "<math><mfrac><mn>3</mn><mn>4</mn></mfrac></math>", UNREAD),
        ("", "<math><mn>15</mn></math>", "15"),
        ("", "<img src=spacer.gif>", ""),
        ("", "<img src=a.gif width=1 height=9>", ""),
        ("", "<img src=a.gif style='display:none'>", ""),
        ("", "<img src=icon.png> 15", "15"),
    ],
)
def test_what_is_seen_is_read(css: str, inner: str, printed: str) -> None:
    assert cell(css, inner) == printed


@pytest.mark.parametrize("shown", ["<img src=a.png>", "<iframe src=b.html></iframe>", "<object data=b.xls></object>"])
def test_a_picture_in_place_of_a_table_is_an_error(shown: str) -> None:
    blocks, _ = blocks_of(f"<p><img src=logo.png></p><p>Phụ lục 2</p><p>{shown}</p>")
    said = build_document(SourceFile("a.html", "0" * 64, 1, "html"), RawDocument(tuple(blocks), "html")).problems
    assert [(one.code, one.appendix) for one in said if one.severity == "error"] == [("picture-not-read", "2")]
    assert all(isinstance(block, Paragraph) for block in blocks)


def test_a_line_break_written_out_parts_words() -> None:
    assert clean("Kỳ<br>báo cáo") == "Kỳ báo cáo"
