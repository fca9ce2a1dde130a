"""Pages saved from portals and from Word: what a browser shows is what is read."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from extract import read_file
from extract.model import Grid, Paragraph
from extract.problems import LimitExceeded, NoReport, Unreadable
from extract.readers import html_grid
from extract.readers.html import blocks_of, read_html, read_mht

TABLE = (
    "<table><tr><th>STT<th>Chỉ tiêu<th>Đơn vị tính<th>Số liệu</tr>"
    "<tr><td>1<td>Số văn bản<td>Văn bản<td>5</tr><tr><td>1.1<td>Tỷ lệ<td>%<td>88,7</tr></table>"
)


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def prose(body: str, head: str = "") -> list[str]:
    return [block.text for block in blocks_of(page(body, head))[0] if isinstance(block, Paragraph)]


def labels(body: str) -> list[tuple[str, str]]:
    return [(block.label, block.text) for block in blocks_of(page(body))[0] if isinstance(block, Paragraph)]


def only_grid(body: str) -> Grid:
    (grid,) = [block for block in blocks_of(page(body))[0] if isinstance(block, Grid)]
    return grid


def cells(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p><b>N</b><b>ỘI</b> DUNG</p>", ["NỘI DUNG"]),
        ("<p>a\n   b<br>c</p>", ["a b\nc"]),
        ("<p>10&nbsp;000&nbsp; hồ sơ</p>", ["10 000 hồ sơ"]),
        ("một<p>hai<div>ba</div>bốn", ["một", "hai", "ba", "bốn"]),
        ("<p>a<span style='display:none'>b</span><span style='visibility: hidden'>c</span>d</p>", ["ad"]),
        ("<p hidden>a</p><p>b<!-- c --><script>d</script><style>e</style></p>", ["b"]),
        ("<p>a<del>b</del><ins>c</ins></p>", ["ac"]),
        ("<p>20<sup>1</sup> m<sup>2</sup></p>", ["20¹ m²"]),
        ("<p style='text-transform: uppercase'>đối thoại</p>", ["ĐỐI THOẠI"]),
        ("<pre>a\n  b</pre>", ["a\nb"]),
        ("<p>5 &lt; 6 &amp; 7&#7879;n &#150;</p>", ["5 < 6 & 7ện –"]),
        ("<p>So&#x302;&#x301;</p>", ["Số"]),
        ("<![if !supportLists]><span>1.</span><![endif]>Tiêu đề", ["1.Tiêu đề"]),
        ("<input value='5'><input type=hidden value=6><select><option>a<option selected>b</select>", ["5b"]),
        ("<textarea>x y</textarea> <input type=checkbox checked><input type=checkbox>", ["x y ☒☐"]),
        ("<nav>menu</nav><button>gửi</button>x", ["x"]),
    ],
)
def test_text_is_what_a_browser_shows(body: str, texts: list[str]) -> None:
    assert prose(body) == texts


def test_classes_that_the_page_hides_are_hidden() -> None:
    head = "<style>.off, .x{color:red} .no { display : none } @media print { .in { display:none } }</style>"
    assert prose("<p class='a no'>1<p class=in>2<p class=off>3", head) == ["2", "3"]


def test_lists_are_numbered_as_they_are_drawn() -> None:
    assert labels("<ol><li><p></p><li> </ol><p>xong<ul><li></ul>") == [("1.", ""), ("2.", ""), ("", "xong")]
    body = "<ol type=I start=2><li>hai<li>ba</ol><ol type=a><li>a</ol><ul><li>gạch</ul><ol><li value=7>bảy<li>tám</ol>"
    assert labels(body) == [("II.", "hai"), ("III.", "ba"), ("a.", "a"), ("-", "gạch"), ("7.", "bảy"), ("8.", "tám")]


def test_looks_are_known() -> None:
    body = "<p align=center><b>a</b></p><p style='text-align:center;font-weight:bold'>b <i>c</i></p><h2>d</h2><p>e"
    looks = [(b.is_bold, b.is_italic, b.is_centred) for b in blocks_of(page(body))[0] if isinstance(b, Paragraph)]
    assert looks == [(True, False, True), (True, False, True), (True, False, None), (False, False, None)]


def test_spans_keep_their_places() -> None:
    body = """<table><thead><tr><th rowspan=2>STT<th colspan=2>Kết quả<tr><th>ĐVT<th>Số liệu</thead>
    <tbody><tr><td>1<td>Hồ sơ<td rowspan=0>5<tr><td>2<td>%</tbody></table>"""
    grid = only_grid(body)
    assert cells(grid) == [
        (0, 0, 2, 1, "STT"), (0, 1, 1, 2, "Kết quả"), (1, 1, 1, 1, "ĐVT"), (1, 2, 1, 1, "Số liệu"),
        (2, 0, 1, 1, "1"), (2, 1, 1, 1, "Hồ sơ"), (2, 2, 2, 1, "5"), (3, 0, 1, 1, "2"), (3, 1, 1, 1, "%"),
    ]  # fmt: skip
    assert (grid.n_rows, grid.n_cols, grid.header_rows) == (4, 3, 2)


def test_spans_of_a_head_hang_into_a_body_row_that_leaves_room_for_just_them() -> None:
    body = """<table><thead><tr><th rowspan=2>STT<th colspan=2>Kết quả</thead>
    <tbody><tr><td>ĐVT<td>Số liệu<tr><td>1<td>Hồ sơ<td>5</tbody></table>"""
    grid = only_grid(body)
    assert cells(grid)[:4] == [
        (0, 0, 2, 1, "STT"), (0, 1, 1, 2, "Kết quả"), (1, 1, 1, 1, "ĐVT"), (1, 2, 1, 1, "Số liệu"),
    ]  # fmt: skip
    full = only_grid(body.replace("<td>ĐVT", "<td>x<td>ĐVT"))
    assert cells(full)[0] == (0, 0, 1, 1, "STT")


@pytest.mark.parametrize("span", ["99999999999", "-3", "x", "1000000"])
def test_absurd_spans_do_not_blow_up(span: str) -> None:
    grid = only_grid(f"<table><tr><td colspan={span} rowspan={span}>a<td>b<tr><td>c<td>d</table>")
    assert grid.n_cols <= 1003 and [c.text for c in grid.cells] == ["a", "b", "c", "d"]
    assert all(c.row + c.row_span <= grid.n_rows for c in grid.cells)


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_grid, "MAX_CELLS", 5)
    with pytest.raises(LimitExceeded):
        blocks_of(f"<table>{'<tr><td>a<td>b' * 3}</table>")


def test_hidden_rows_and_cells_are_left_out_and_a_foot_comes_last() -> None:
    body = """<table><tfoot><tr><td>t<td>9</tfoot><tr style="display:none"><td>x<td>y
    <tr><td>a<td style="display:none">b<td>c</table>"""
    assert cells(only_grid(body)) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "c"), (1, 0, 1, 1, "t"), (1, 1, 1, 1, "9")]


def test_a_data_table_inside_layout_tables_stands_where_it_is_seen() -> None:
    body = f"<table><tr><td>Menu<td><table><tr><td><p>Phụ lục 2<p>TIÊU ĐỀ{TABLE}<p>Ghi chú</table></table>"
    kinds = [b.text if isinstance(b, Paragraph) else "grid" for b in blocks_of(page(body))[0]]
    assert kinds == ["Menu", "Phụ lục 2", "TIÊU ĐỀ", "grid", "Ghi chú"]


def test_a_small_table_in_a_cell_only_frames_its_text() -> None:
    body = TABLE.replace("88,7", "<table><tr><td>88,7<td>điểm</table>")
    assert only_grid(body).cells[-1].text == "88,7 điểm"


def test_a_page_break_opens_a_page() -> None:
    blocks = blocks_of(page("<p>a<p style='page-break-before:always'>b<p>c"))[0]
    assert [b.opens_page for b in blocks if isinstance(b, Paragraph)] == [False, True, False]


def test_tags_left_open_by_the_hundred_are_no_matter() -> None:
    assert prose("<font>một<div>" * 900 + "hai")[-1] == "hai"


@pytest.mark.parametrize("tag", ["<div>", "<table><tr><td>"])
def test_depth_beyond_reason_is_a_limit_and_no_crash(tag: str) -> None:
    with pytest.raises(LimitExceeded, match="deeper"):
        blocks_of(tag * 5000 + "x")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("<meta charset=utf-8>", "utf-8"),
        ("<meta charset=windows-1252>", "utf-8"),  # the declaration is older than the bytes
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<meta http-equiv=Content-Type content="text/html; charset=windows-1258">', "cp1258"),
        ("<meta charset=nothing-known>", "utf-8"),
    ],
)
def test_a_page_is_decoded_by_what_fits_its_bytes(tmp_path: Path, head: str, encoding: str) -> None:
    text = "Số hồ sơ giải quyết" if encoding != "cp1258" else "Sô\u0301 hô\u0300 sơ gia\u0309i quyê\u0301t"
    path = tmp_path / "a.html"
    path.write_bytes(page(f"<p>{text}", head).encode(encoding))
    (block,) = read_html(path).blocks
    assert isinstance(block, Paragraph) and block.text == "Số hồ sơ giải quyết"


def test_text_under_an_old_font_becomes_unicode_and_says_so(tmp_path: Path) -> None:
    words = {"STT": "STT", "Chỉ tiêu": "ChØ tiªu", "Đơn vị tính": "§¬n vÞ tÝnh", "Số liệu": "Sè liÖu"}
    body = TABLE.replace("Số văn bản", "Sè v¨n b¶n chØ ®¹o ®iÒu hµnh").replace("Văn bản", "V¨n b¶n")
    body = body.replace("Tỷ lệ", "Tû lÖ hå s¬ gi¶i quyÕt")
    for unicode, old in words.items():
        body = body.replace(unicode, old)
    path = tmp_path / "a.html"
    path.write_text(
        page(
            f'<font face=".VnTime"><p>Phô lôc 2</p>{body}</font>'.replace(
                "<table", '<table style="font-family:.VnTime"'
            )
        )
    )
    document = read_file(path)
    assert [column.role for column in document.tables[0].columns] == ["stt", "name", "unit", "value"]
    texts = [cell.text for cell in document.tables[0].cells]
    assert texts[:3] == ["1", "Số văn bản chỉ đạo điều hành", "Văn bản"] and texts[5] == "Tỷ lệ hồ sơ giải quyết"
    assert {(p.code, p.row) for p in document.problems} >= {("encoding-converted", 1), ("encoding-converted", 2)}


def test_entities_of_a_document_type_are_not_resolved(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;a{TABLE}')
    assert "root:" not in str(read_html(path).blocks)


def archive(path: Path, *pages: str) -> Path:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "<Saved by a browser>", "x"
    mail.set_content("", subtype="html")
    mail.make_related()
    del mail.get_payload()[0]
    for text in pages:
        mail.add_related(
            text.encode(), maintype="text", subtype="html", cte="quoted-printable", params={"charset": "utf-8"}
        )
    mail.add_related(b"\x89PNG", maintype="image", subtype="png")
    path.write_bytes(mail.as_bytes())
    return path


def test_a_web_archive_gives_its_page(tmp_path: Path) -> None:
    document = read_file(archive(tmp_path / "a.mht", page(f"<p>Phụ lục 2{TABLE}")))
    assert document.source.format == "mht" and document.method == "html"
    assert [cell.text for cell in document.tables[0].cells][-1] == "88,7"


def test_a_web_archive_of_several_sheets_gives_all(tmp_path: Path) -> None:
    raw = read_mht(archive(tmp_path / "a.mht", page("<frameset>"), page("<p>một"), page("<p>hai")))
    assert [block.text for block in raw.blocks if isinstance(block, Paragraph)] == ["một", "hai"]


def test_a_web_archive_without_a_page_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.mht"
    path.write_text(
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\n\n--x--"
    )
    with pytest.raises(Unreadable):
        read_mht(path)


def test_a_page_without_a_report_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(page("<p>Trang không tồn tại"))
    with pytest.raises(NoReport):
        read_file(path)
