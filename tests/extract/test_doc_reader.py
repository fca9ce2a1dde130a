"""Old office formats: each is read as what it is, and LibreOffice is kept on a short leash."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extract import read_file, tools
from extract.model import Grid, Paragraph
from extract.ole import OleFile
from extract.problems import Encrypted, LimitExceeded, ToolMissing, Unreadable
from extract.readers import doc
from extract.readers.word_xml import read_word_xml
from extract.sniff import sniff

needs_soffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
RTF = r"""{\rtf1\ansi\deff0{\fonttbl{\f0 Times New Roman;}}\uc1
\pard\qc\b Ph\u7909? l\u7909?c 2\b0\par
\pard\qc TH\u7888?NG K\u202?\par
\trowd\cellx1000\cellx5000\cellx7000\cellx9000
\pard\intbl STT\cell Ch\u7881? ti\u234?u\cell \u272?\u417?n v\u7883? t\u237?nh\cell S\u7889? li\u7879?u\cell\row
\trowd\cellx1000\cellx5000\cellx7000\cellx9000
\pard\intbl 1.1\cell S\u7889? v\u259?n b\u7843?n\cell V\u259?n b\u7843?n\cell 1.061\cell\row
\pard\par}"""
WORD_XML = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"
 xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"><w:body><wx:sect>
<w:p><w:pPr><w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="I."/></w:listPr></w:pPr>
<w:r><w:t>K</w:t></w:r><w:r><w:t>ẾT QUẢ</w:t></w:r></w:p>
<w:tbl>
<w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>STT</w:t></w:r></w:p></w:tc>
<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Kết quả</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/></w:tc>
<w:tc><w:p><w:r><w:t>Chỉ tiêu</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Số liệu</w:t></w:r></w:p></w:tc></w:tr>
</w:tbl></wx:sect></w:body></w:wordDocument>"""


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.doc", RTF, "rtf"),
        ("a.rtf", "\n\n" + RTF, "rtf"),
        ("a.doc", "{\\info{x}" + RTF, "rtf"),
        ("a.doc", "<html><body>x</body></html>", "html"),
        ("a.doc", '<html xmlns:w="urn:schemas-microsoft-com:office:word"><p>x</p></html>', "html"),
        ("a.xls", "<table><tr><td>x</td></tr></table>", "html"),
        ("a.xls", '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>', "html"),
        ("a.html", "\ufeff<!DOCTYPE html><p>x</p>", "html"),
        ("a.html", "<html><p>Báo cáo</p></html>".encode("utf-16"), "html"),
        ("a.doc", WORD_XML, "word-xml"),
        ("a.xls", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "sheet-xml"),
        ("a.doc", "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "mht"),
        ("a.eml", "From: a@b\nTo: c@d\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nx", "eml"),
        ("a.txt", "From: one office\nto another\n", "text"),
        ("a.txt", "< 5 ngày\n", "text"),
        ("a.txt", "<i>(Sử dụng)</i>\tĐơn vị\n", "text"),
        ("a.csv", "STT,Chỉ tiêu\n", "csv"),
        ("a.doc", b"\xff\xfeB\x00\xe1\x00o\x00", "text"),
    ],
)  # fmt: skip
def test_the_content_says_what_a_file_is(tmp_path: Path, name: str, content: str | bytes, format: str) -> None:
    assert sniff(write(tmp_path / name, content)) == format


def test_word_2003_xml_is_read_like_a_docx(tmp_path: Path) -> None:
    raw = read_word_xml(write(tmp_path / "a.doc", WORD_XML))
    assert [b.text for b in raw.blocks if isinstance(b, Paragraph)] == ["I. KẾT QUẢ"]
    (grid,) = [b for b in raw.blocks if isinstance(b, Grid)]
    assert grid.method == raw.method == "doc"
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells] == [
        (0, 0, 2, 1, "STT"),
        (0, 1, 1, 2, "Kết quả"),
        (1, 1, 1, 1, "Chỉ tiêu"),
        (1, 2, 1, 1, "Số liệu"),
    ]


def test_entities_of_word_2003_xml_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="document type"):
        read_word_xml(write(tmp_path / "a.doc", '<!DOCTYPE x [<!ENTITY a "b">]>' + WORD_XML))


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of 512-byte sectors; streams are padded to the size that needs no small sectors."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    sectors: list[bytes] = []
    chains: list[int] = []
    first = {}
    for name, content in padded.items():
        first[name] = len(sectors)
        count = -(-len(content) // 512)
        chains += [*range(len(sectors) + 1, len(sectors) + count), 0xFFFFFFFE]
        sectors += [content[i * 512 : (i + 1) * 512].ljust(512, b"\0") for i in range(count)]

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        about = struct.pack("<HBB", len(text) + 2, kind, 1) + b"\xff" * 12 + bytes(36) + struct.pack("<IQ", start, size)
        return text.ljust(64, b"\0") + about

    listed = entry("Root Entry", 5, 0xFFFFFFFE, 0) + b"".join(
        entry(name, 2, first[name], len(content)) for name, content in padded.items()
    )
    listed = listed.ljust(-(-len(listed) // 512) * 512, b"\0")
    directory = len(sectors)
    n = len(listed) // 512
    chains += [*range(directory + 1, directory + n), 0xFFFFFFFE]
    sectors += [listed[i * 512 : (i + 1) * 512] for i in range(n)]
    table = len(sectors)
    chains.append(0xFFFFFFFD)
    sectors.append(b"".join(struct.pack("<I", c) for c in chains).ljust(512, b"\xff"))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", table)
    return header.ljust(512, b"\xff") + b"".join(sectors)


def test_a_stream_of_a_compound_file_is_read_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * 20
    ole = OleFile.open(write(tmp_path / "a.doc", compound({"WordDocument": content, "1Table": b"x"})))
    assert ole.stream("WordDocument")[: len(content)] == content
    assert ole.stream("worddocument", limit=3) == content[:3]
    assert ole.stream("nothing") == b""


def test_a_chain_that_runs_in_a_circle_ends(tmp_path: Path) -> None:
    data = bytearray(compound({"WordDocument": b"x" * 4096}))
    data = bytearray(bytes(data).replace(struct.pack("<I", 0xFFFFFFFE) + struct.pack("<I", 0xFFFFFFFE), bytes(8)))
    ole = OleFile.open(write(tmp_path / "a.doc", bytes(data)))
    assert len(ole.stream("WordDocument")) <= 4096


@pytest.mark.parametrize("size", [0, 8, 100, 511])
def test_a_compound_file_without_a_whole_header_is_unreadable(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.doc", compound({"WordDocument": b"x"})[:size])
    with pytest.raises(Unreadable, match="container"):
        OleFile.open(path)


@pytest.mark.parametrize("size", [512, 600, 3000])
def test_of_a_truncated_compound_file_nothing_is_made_up(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "a.doc", compound({"WordDocument": b"x"})[:size])
    assert OleFile.open(path).stream("WordDocument") == b""


def test_a_document_with_a_password_is_encrypted(tmp_path: Path) -> None:
    block = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x0409, 0, 0x0100)
    path = write(tmp_path / "a.doc", compound({"WordDocument": block}))
    assert sniff(path) == "doc"
    with pytest.raises(Encrypted):
        doc.read_doc(path)


def test_without_libreoffice_the_line_to_type_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(ToolMissing) as caught:
        doc.read_rtf(write(tmp_path / "a.rtf", RTF))
    assert caught.value.next_step == "sudo apt-get install libreoffice-writer-nogui"


def fake_soffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_program_that_writes_nothing_and_says_all_is_well_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_soffice(tmp_path, monkeypatch, "echo 'source file could not be loaded' >&2; exit 0")
    with pytest.raises(Unreadable, match="could not be loaded"):
        doc.read_rtf(write(tmp_path / "a.rtf", RTF))


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_soffice(tmp_path, monkeypatch, "sleep 30 & sleep 30")
    monkeypatch.setattr(doc, "SECONDS", 0.3)
    (tmp_path / "out").mkdir()
    with pytest.raises(LimitExceeded, match="limit"):
        doc.convert(write(tmp_path / "a.rtf", RTF), tmp_path / "out", "rtf", "docx", seconds=0.3)


def test_each_call_has_a_profile_without_macros_and_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = tmp_path / "seen"
    fake_soffice(tmp_path, monkeypatch, f'cat profile/user/registrymodifications.xcu > {seen}; echo "$@" >> {seen}')
    with pytest.raises(Unreadable):
        doc.read_rtf(write(tmp_path / "tên lạ ;$(x).rtf", RTF))
    text = seen.read_text()
    assert '"MacroSecurityLevel" oor:op="fuse"><value>3<' in text
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in text
    assert '"Link" oor:op="fuse"><value>0<' in text
    assert "tên lạ" not in text


@needs_soffice
@pytest.mark.slow
def test_an_rtf_named_doc_is_read_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    document = read_file(write(tmp_path / "a.doc", RTF))
    (table,) = document.tables
    assert document.source.format == document.method == table.method == "rtf"
    assert table.caption.appendix == "2" and table.caption.title == "THỐNG KÊ"
    assert [cell.text for cell in table.cells] == ["1.1", "Số văn bản", "Văn bản", "1.061"]
    assert [problem.code for problem in document.problems] == ["wrong-extension"]
    assert list((tmp_path / "tmp").iterdir()) == []


@needs_soffice
@pytest.mark.slow
def test_what_libreoffice_cannot_open_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        doc.read_doc(write(tmp_path / "a.doc", compound({"WordDocument": b"\xec\xa5nothing"})))


def test_a_program_gets_its_output_read_and_its_status(tmp_path: Path) -> None:
    ran = tools.run(["sh", "-c", "echo out; echo err >&2; exit 3"], seconds=5, folder=tmp_path)
    assert (ran.status, ran.output, ran.errors) == (3, b"out\n", b"err\n")


def test_everything_a_program_started_is_gone_when_its_time_is_up(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="sh took longer than the limit"):
        tools.run(["sh", "-c", f"(sleep 1; touch {tmp_path}/late) & sleep 20"], seconds=0.3)
    assert subprocess.run(["sleep", "1.1"], check=True).returncode == 0
    assert not (tmp_path / "late").exists()


def test_what_a_program_leaves_running_ends_with_it(tmp_path: Path) -> None:
    tools.run(["sh", "-c", f"(sleep 1; touch {tmp_path}/late) & exit 0"], seconds=5)
    subprocess.run(["sleep", "1.1"], check=True)
    assert not (tmp_path / "late").exists()


def test_a_program_dies_with_the_reader_that_started_it(tmp_path: Path) -> None:
    words = ["sh", "-c", f"touch {tmp_path}/up; sleep 1; touch {tmp_path}/late"]
    reader = subprocess.Popen([sys.executable, "-c", f"from extract.tools import run; run({words!r}, seconds=9)"])
    deadline = time.monotonic() + 10
    while not (tmp_path / "up").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    reader.kill()
    reader.wait()
    time.sleep(1.3)
    assert (tmp_path / "up").exists() and not (tmp_path / "late").exists()


def test_a_program_is_held_to_its_memory(tmp_path: Path) -> None:
    ran = tools.run(["sh", "-c", "ulimit -v"], seconds=5, memory_bytes=1_000_000_000)
    assert ran.output.strip() == b"976562"


@pytest.mark.parametrize(
    ("name", "streams", "format"),
    [
        ("a.doc", {"1Table": "Bookman Old Style", "WordDocument": "Workbook"}, "doc"),
        ("a.xls", {"1Table": "WordDocument", "Workbook": ""}, "xls"),
        ("a.dat", {"Book": "WordDocument"}, "xls"),
        ("a.doc", {"EncryptedPackage": "", "WordDocument": ""}, "encrypted-office"),
        ("with-a-workbook.doc", {"Workbook": "", "WordDocument": ""}, "doc"),
        ("with-a-letter.xls", {"Workbook": "", "WordDocument": ""}, "xls"),
    ],
)
def test_a_container_is_told_by_its_streams_and_not_by_words_in_them(
    name: str, streams: dict[str, str], format: str, tmp_path: Path
) -> None:
    content = compound({stream: text.encode("utf-16-le") for stream, text in streams.items()})
    assert sniff(write(tmp_path / name, content)) == format
