"""Archives and mails give their files, and nothing inside them gets out of hand."""

from __future__ import annotations

import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from extract.containers import MAX_DIRECTORY, is_container, member_name, unpack
from extract.problems import LimitExceeded, Unreadable


def make_zip(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def contents(path: Path, folder: Path) -> dict[str, bytes | str]:
    """Name → content, or the code of the failure."""
    folder.mkdir(exist_ok=True)
    return {m.name: m.path.read_bytes() if m.path else m.code for m in unpack(path, folder)}


def test_a_zip_gives_its_files_in_order(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"b.txt": b"two", "2023/a.txt": b"one", "empty/": b""})
    assert contents(path, tmp_path / "out") == {"b.txt": b"two", "2023/a.txt": b"one"}


def test_what_is_unpacked_is_named_by_its_content_and_keeps_its_ending(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"x/Báo cáo.DOCX": b"one", "y.tar.gz": b"two", "z": b"three"})
    (tmp_path / "out").mkdir()
    members = list(unpack(path, tmp_path / "out"))
    assert [m.path.name.removeprefix(m.sha256) for m in members if m.path] == [".docx", ".gz", ""]
    assert [m.path.parent for m in members if m.path] == [tmp_path / "out"] * 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\reports\\a.docx", "reports/a.docx"),
        ("a/./b/../c.txt", "a/b/c.txt"),
        ("..", "unnamed"),
        ("a\nb.txt", "a b.txt"),
        ("Ba\u0301o ca\u0301o.txt", "Báo cáo.txt"),
    ],
)
def test_no_name_leads_out_of_the_archive(name: str, shown: str) -> None:
    assert member_name(name) == shown


def test_a_path_that_climbs_writes_nothing_outside(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"../../outside.txt": b"x", "/outside.txt": b"y"})
    contents(path, tmp_path / "deep")
    assert not (tmp_path / "outside.txt").exists() and not (tmp_path.parent / "outside.txt").exists()
    assert len(list((tmp_path / "deep").iterdir())) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258"])
def test_names_packed_without_the_utf8_mark_are_read(tmp_path: Path, encoding: str) -> None:
    name = "Đối.txt" if encoding == "utf-8" else "Đ.txt"
    path = make_zip(tmp_path / "a.zip", {"#" * len(name.encode(encoding)): b"x"})
    path.write_bytes(path.read_bytes().replace(b"#" * len(name.encode(encoding)), name.encode(encoding)))
    assert list(contents(path, tmp_path / "out")) == [name]


def test_containers_in_containers_are_opened_to_a_depth_of_two(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "i.zip", {"c.txt": b"deep"}).read_bytes()
    middle = make_zip(tmp_path / "m.zip", {"inner.zip": inner, "b.txt": b"mid"}).read_bytes()
    outer = make_zip(tmp_path / "o.zip", {"middle.zip": middle, "a.txt": b"top"})
    assert contents(outer, tmp_path / "out") == {
        "middle.zip!/inner.zip": "limit-exceeded",
        "middle.zip!/b.txt": b"mid",
        "a.txt": b"top",
    }


def test_a_bomb_is_stopped_while_it_inflates(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"first.txt": b"fine", "bomb.txt": b"0" * 3_000_000})
    (tmp_path / "out").mkdir()
    members = unpack(path, tmp_path / "out", most_bytes=2_000)
    assert next(members).name == "first.txt"
    with pytest.raises(LimitExceeded, match="inflates to more"):
        next(members)
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) < 10


def test_an_entry_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"first.txt": b"fine", "bomb.txt": b"0" * 3_000_000})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)  # the directory says ten bytes
    path.write_bytes(bytes(data))
    assert contents(path, tmp_path / "out") == {"first.txt": b"fine", "bomb.txt": "unreadable"}
    assert sum(file.stat().st_size for file in (tmp_path / "out").iterdir()) < 10


def test_the_limit_counts_over_nested_containers(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "i.zip", {"a.txt": b"0" * 50_000}).read_bytes()
    path = make_zip(tmp_path / "a.zip", {f"{n}.zip": inner for n in range(5)})
    (tmp_path / "out").mkdir()
    with pytest.raises(LimitExceeded):
        list(unpack(path, tmp_path / "out", most_bytes=120_000))


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(30)})
    (tmp_path / "out").mkdir()
    with pytest.raises(LimitExceeded, match="entries"):
        list(unpack(path, tmp_path / "out", most_entries=20))


def test_a_huge_directory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65535, 65535, MAX_DIRECTORY + 1, 0, 0)
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end)
    with pytest.raises(LimitExceeded, match="directory"):
        list(unpack(path, tmp_path))


def test_a_damaged_member_fails_alone(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": b"A" * 500, "b.txt": b"fine"}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"A" * 500, b"A" * 499 + b"B"))
    assert contents(path, tmp_path / "out") == {"a.txt": "unreadable", "b.txt": b"fine"}


def test_a_member_with_a_password_is_encrypted(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": b"x"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(mark) + offset] |= 1
    path.write_bytes(bytes(data))
    assert contents(path, tmp_path / "out") == {"a.txt": "encrypted"}


def test_a_truncated_archive_is_unreadable(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": b"x" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Unreadable):
        list(unpack(path, tmp_path))


def make_mail(path: Path, *, html: str = "") -> Path:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.vn", "c@d.vn", "Báo cáo quý I"
    mail.set_content("Kính gửi báo cáo kèm theo.\n")
    if html:
        mail.add_alternative(html, subtype="html")
    mail.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="Báo cáo quý I.pdf")
    path.write_bytes(mail.as_bytes())
    return path


def test_a_mail_gives_its_text_and_its_attachments(tmp_path: Path) -> None:
    got = contents(make_mail(tmp_path / "a.eml"), tmp_path / "out")
    assert got == {"message.txt": "Kính gửi báo cáo kèm theo.\n".encode(), "Báo cáo quý I.pdf": b"%PDF-1.4 x"}


def test_the_page_of_a_mail_wins_over_its_plain_text(tmp_path: Path) -> None:
    got = contents(make_mail(tmp_path / "a.eml", html="<p>Kính gửi</p>"), tmp_path / "out")
    assert set(got) == {"message.html", "Báo cáo quý I.pdf"}


def test_a_mail_attached_to_a_mail_is_opened(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"], inner["Date"] = "x@y", "z@w", "s", "Mon, 1 Jan 2024 00:00:00 +0700"
    inner.set_content("trong\n")
    inner.add_attachment(b"deep", maintype="application", subtype="octet-stream", filename="deep.bin")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = "a@b", "c@d", "fw"
    outer.set_content("ngoài\n")
    outer.add_attachment(inner)
    path = tmp_path / "a.eml"
    path.write_bytes(outer.as_bytes())
    got = contents(path, tmp_path / "out")
    assert got["message.txt"] == "ngoài\n".encode()
    assert [content for name, content in got.items() if name.endswith("!/deep.bin")] == [b"deep"]


def test_a_picture_shown_in_the_text_is_marked(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b", "c@d", "s"
    mail.set_content("x")
    mail.add_alternative('<img src="cid:logo">', subtype="html")
    part = mail.get_payload()[1]
    assert isinstance(part, EmailMessage)
    part.add_related(b"\x89PNG....", maintype="image", subtype="png", cid="<logo>")
    path = tmp_path / "a.eml"
    path.write_bytes(mail.as_bytes())
    (tmp_path / "out").mkdir()
    assert [m.is_inline for m in unpack(path, tmp_path / "out")] == [False, True]


def test_only_archives_and_mails_are_containers(tmp_path: Path) -> None:
    assert is_container(make_zip(tmp_path / "a.bin", {"a": b""}))
    assert not is_container(make_zip(tmp_path / "a.docx", {"word/document.xml": b"<x/>"}))
    (tmp_path / "a.txt").write_text("From: here to there\n")
    assert not is_container(tmp_path / "a.txt")
    assert not is_container(tmp_path / "nowhere")


def test_a_header_that_the_library_cannot_read_loses_no_attachment(tmp_path: Path) -> None:
    broken = b"Content-Disposition: attachment; filename*=a\x00b''%41\r\n"
    mail = (
        b"Received: x\r\nFrom: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: application/pdf\r\n" + broken + b"\r\nfirst\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=b.pdf\r\n\r\n"
        b"second\r\n--b--"
    )
    (tmp_path / "a.eml").write_bytes(mail)
    members = list(unpack(tmp_path / "a.eml", tmp_path))
    assert [member.path.read_bytes() for member in members if member.path] == [b"first", b"second"]
