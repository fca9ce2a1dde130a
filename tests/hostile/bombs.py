"""Files made to break a reader, each built when a test asks for it and none above 6 MB.

In: nothing, or a whole report to damage. Out: bytes. The table in the threat list says what each has to end in;
`BOMBS` repeats it: name → (how it is made, statuses it may end in, codes of a failure).
"""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

REPORT = """SỞ NỘI VỤ TỈNH THỪA THIÊN HUẾ
Số: {n}/BC-SNV
Thừa Thiên Huế, ngày 14 tháng 12 năm {year}
BÁO CÁO
Công tác cải cách hành chính năm {year}
I. KẾT QUẢ THỰC HIỆN
Đơn vị đã thực hiện.
Phụ lục 2
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tSố văn bản đã ban hành\tVăn bản\t{n}\t
2\tTỷ lệ\t%\t88,7\t
"""


def text_report(n: int) -> bytes:
    """A small report that every run must read."""
    return REPORT.format(n=n, year=2000 + n).encode()


# ---------------------------------------------------------------- PDF


def pdf(objects: dict[int, bytes], root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these numbered objects, with a right cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """A compressed stream."""
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), extra, packed)


_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(
    content: bytes, box: str = "0 0 595 842", resources: bytes = b"", more: dict[int, bytes] | None = None
) -> bytes:
    """A PDF of one page with this content stream."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> %s >> >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: page % (box.encode(), resources),
            4: stream(content),
            5: _FONT,
            **(more or {}),
        }
    )


def many_operators() -> bytes:
    return one_page(b"BT /F 12 Tf 10 800 Td " + b"(a) Tj " * 200_000 + b"ET")


def many_strokes() -> bytes:
    return one_page(b"0 0 m 1 1 l S\n" * 2_000_000)


def nested_forms() -> bytes:
    """Thirty forms, each drawn twice by the one before: 2^30 drawings."""
    forms = {}
    for level in range(30):
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % (11 + level)
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + (resources if level < 29 else b"")
        forms[10 + level] = stream(b"/X Do /X Do" if level < 29 else b"0 0 m 9 9 l S", extra)
    return one_page(b"/X Do", resources=b"/XObject << /X 10 0 R >>", more=forms)


def form_calls_itself() -> bytes:
    extra = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 10 0 R >> >>"
    return one_page(b"/X Do", resources=b"/XObject << /X 10 0 R >>", more={10: stream(b"/X Do", extra)})


def huge_page() -> bytes:
    return one_page(b"BT /F 12 Tf 10 10 Td (a) Tj ET", box="0 0 200000 200000")


def one_page_a_million_times() -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 1_000_000 + b"] /Count 1000000 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        }
    )


def pages_in_a_circle() -> bytes:
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"})


def inflating_stream() -> bytes:
    """A content stream of 1 GB in 1 MB."""
    return one_page(b" " * 1_000_000_000)


_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)


def encrypted(user: bytes = b"mat khau") -> bytes:
    """A report behind a user password (standard handler, revision 2, 40 bits)."""
    padded = (user + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    file_id, permissions = b"0123456789abcdef", -4
    key = hashlib.md5(padded + owner + struct.pack("<i", permissions) + file_id).digest()[:5]
    lines = ["SO NOI VU", "So: 9/BC-SNV", "Hue, ngay 14 thang 12 nam 2020", "BAO CAO", "I. KET QUA"]
    content = b"BT /F 12 Tf 60 780 Td 20 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in lines) + b" ET"
    sealed = _rc4(hashlib.md5(key + struct.pack("<I", 4)[:3] + b"\0\0").digest()[:10], content)
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> >> >>",
            4: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(sealed), sealed),
            5: _FONT,
            6: b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P %d >>"
            % (owner.hex().encode(), _rc4(key, _PAD).hex().encode(), permissions),
        },
        trailer=b"/Encrypt 6 0 R /ID [<%s> <%s>]" % (file_id.hex().encode(), file_id.hex().encode()),
    )


# ---------------------------------------------------------------- DOCX

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml"'
    ' ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def docx(body: str, before: str = "", **parts: bytes) -> bytes:
    """A DOCX with this body; `before` stands between the XML declaration and the document."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}<w:document xmlns:w="{_W}"><w:body>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", head + body + "</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return file.getvalue()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def inflating_docx() -> bytes:
    """1 GB of blanks in about 1 MB, by chunks so that making it takes no memory."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>'.encode())
            for _ in range(1000):
                part.write(b"a" * 1_000_000)
            part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return file.getvalue()


def lying_docx() -> bytes:
    """600 MB whose directory says 1,000 bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        with archive.open("word/document.xml", "w", force_zip64=False) as part:
            part.write(f'<w:document xmlns:w="{_W}"><w:body><w:p><w:r><w:t>'.encode())
            for _ in range(600):
                part.write(b"a" * 1_000_000)
            part.write(b"</w:t></w:r></w:p></w:body></w:document>")
        size = archive.getinfo("word/document.xml").file_size
    return file.getvalue().replace(struct.pack("<I", size), struct.pack("<I", 1000))


def external_entity() -> bytes:
    dtd = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return docx(_paragraph("Số: 1/BC-SNV &x;"), before=dtd)


def entity_expansion() -> bytes:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol"}">' for i in range(12))
    return docx(_paragraph("&e11;"), before=f"<!DOCTYPE w [{entities}]>")


def empty_cells() -> bytes:
    """A table of 2,000 × 2,000 cells with nothing in them."""
    row = "<w:tr>" + "<w:tc/>" * 2000 + "</w:tr>"
    return docx("<w:tbl>" + row * 2000 + "</w:tbl>")


def deep_tables() -> bytes:
    return docx("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000)


def wide_spans() -> bytes:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr></w:tc>'
    return docx(f"<w:tbl><w:tr>{cell * 50}</w:tr></w:tbl>")


def nested_zip() -> bytes:
    content = b"\0" * 100_000_000
    for level in range(4):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(1 if level == 0 else 8):
                archive.writestr(f"{copy}.zip" if level else "a.txt", content)
        content = file.getvalue()
    return content


# ---------------------------------------------------------------- text and sheets


def one_line() -> bytes:
    return b"Ph\xe1\xbb\xa5 l\xe1\xbb\xa5c 2\t" + b"1\t" * 2_000_000


def noise() -> bytes:
    return random.Random(5).randbytes(200_000)


def xml_bomb_sheet() -> bytes:
    """An XLSX with a row number of a million and a cell far out."""
    file = io.BytesIO()
    sheet = '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.replace("word/document", "xl/workbook"))
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{space}" xmlns:r="{relations}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/worksheet"'
            ' Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{space}"><sheetData><row r="1">{sheet}</sheetData></worksheet>',
        )
    return file.getvalue()


Bomb = tuple[Callable[[], bytes], frozenset[str], frozenset[str]]
_FAILED, _LIMIT = frozenset({"failed"}), frozenset({"limit-exceeded", "timeout", "crashed"})
_READ = frozenset({"ok", "doubtful", "partial", "skipped"})


def _ends(make: Callable[[], bytes], statuses: frozenset[str] = _FAILED, *codes: str) -> Bomb:
    return make, statuses, frozenset(codes) or _LIMIT


BOMBS: dict[str, Bomb] = {
    "operators.pdf": _ends(many_operators, _FAILED | _READ, *_LIMIT, "no-report"),
    "strokes.pdf": _ends(many_strokes, _FAILED | _READ, *_LIMIT, "no-report", "unreadable"),
    "nested-forms.pdf": _ends(nested_forms, _FAILED | _READ, *_LIMIT, "no-report", "unreadable"),
    "form-calls-itself.pdf": _ends(form_calls_itself, _FAILED | _READ, *_LIMIT, "no-report", "unreadable"),
    "huge-page.pdf": _ends(huge_page, _FAILED | {"partial"}),
    "million-pages.pdf": _ends(one_page_a_million_times),
    "page-circle.pdf": _ends(pages_in_a_circle, _FAILED | {"skipped", "partial"}, *_LIMIT, "unreadable", "no-report"),
    "encrypted.pdf": _ends(encrypted, _FAILED, "encrypted"),
    "inflates.docx": _ends(inflating_docx, _FAILED, "limit-exceeded"),
    "lies.docx": _ends(lying_docx, _FAILED, "limit-exceeded", "unreadable"),
    "external-entity.docx": _ends(external_entity, _FAILED, "unreadable"),
    "entity-expansion.docx": _ends(entity_expansion, _FAILED, "unreadable"),
    "empty-cells.docx": _ends(empty_cells, _FAILED, "limit-exceeded", "unreadable", "timeout"),
    "deep-tables.docx": _ends(deep_tables, _FAILED | {"skipped"}, *_LIMIT, "unreadable", "no-report"),
    "wide-spans.docx": _ends(wide_spans, _FAILED | {"skipped"}, *_LIMIT, "unreadable", "no-report"),
    "line.txt": _ends(one_line, _FAILED | _READ, *_LIMIT, "no-report", "unreadable"),
    "noise.pdf": _ends(noise, _FAILED | {"skipped"}, "unknown-format", "unreadable", "no-report"),
    "empty.pdf": _ends(bytes, frozenset({"skipped"}), "no-report"),
    "far-cell.xlsx": _ends(xml_bomb_sheet, _FAILED | {"skipped"}, *_LIMIT, "unreadable", "no-report"),
}
SLOW: dict[str, Bomb] = {
    "inflates.pdf": _ends(inflating_stream, _FAILED | _READ, *_LIMIT, "no-report", "unreadable"),
    "nested.zip": _ends(nested_zip, _FAILED | {"skipped"}, *_LIMIT, "unreadable", "no-report"),
}
