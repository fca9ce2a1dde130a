"""What is inside an archive is found, hashed and read like any other file."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from baocao import child, unpacked
from baocao.batch import ingest
from baocao.child import Limits
from baocao.dry_run import dry_run
from baocao.found import Found
from baocao.ledger import Ledger
from baocao.sources import discover, with_members
from baocao.unpacked import Containers

REPORT = """SỞ NỘI VỤ
Số: {n}/BC-SNV
Huế, ngày 10 tháng 6 năm 2024
BÁO CÁO
Công tác cải cách hành chính 6 tháng đầu năm 2024
Phụ lục 2
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tSố văn bản ban hành\tVăn bản\t{n}\t
"""


def make_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def look_inside(folder: Path) -> tuple[Found, ...]:
    found = discover([folder / "in"], folder / "out")
    ledger = Ledger(folder / "ledger.sqlite")
    containers = Containers(ledger, folder / "members", Limits())
    try:
        return tuple(with_members(found, containers.listings(found), containers.member_path))
    finally:
        containers.close()
        ledger.close()


def test_members_stand_in_the_place_of_their_archive(tmp_path: Path) -> None:
    make_zip(tmp_path / "in" / "b.zip", {"x/a.txt": "1", "__MACOSX/._a.txt": "2", "~$a.docx": "3"})
    make_zip(tmp_path / "in" / "empty.zip", {})
    (tmp_path / "in" / "a.txt").write_text("x")
    found = look_inside(tmp_path)
    assert [(item.source, item.skip) for item in found] == [
        ("a.txt", ""),
        ("b.zip!/__MACOSX/._a.txt", "thumbnail-file"),
        ("b.zip!/x/a.txt", ""),
        ("b.zip!/~$a.docx", "lock-file"),
        ("empty.zip", "empty-archive"),
    ]


def test_two_members_of_one_name_stay_two(tmp_path: Path) -> None:
    make_zip(tmp_path / "in" / "a.zip", {"a.txt": "1", "./a.txt": "2"})
    found = look_inside(tmp_path)
    assert sorted(item.source for item in found) == ["a.zip!/a.txt", "a.zip!/a.txt~2"]


def test_an_archive_that_cannot_be_opened_keeps_its_place(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "in" / "a.zip", {"a.txt": "1" * 500})
    path.write_bytes(path.read_bytes()[:80])
    (item,) = look_inside(tmp_path)
    assert item.failed and item.trouble[0] == "unreadable" and item.source == "a.zip"


def test_a_run_reads_what_is_inside_and_leaves_nothing_behind(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "i.zip", {"c.txt": REPORT.format(n=3)}).read_bytes()
    make_zip(tmp_path / "in" / "a.zip", {"2024/a.txt": REPORT.format(n=1), "inner.zip": inner})
    (tmp_path / "in" / "copy.txt").write_text(REPORT.format(n=1), encoding="utf-8")
    for _ in range(2):  # the second run reads nothing anew
        summary = ingest(tmp_path / "in", tmp_path / "out", jobs=1)
    assert summary.reused == 2
    with (tmp_path / "out" / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        reports = {row["source"]: row for row in csv.DictReader(file)}
    assert sorted(reports) == ["a.zip!/2024/a.txt", "a.zip!/inner.zip!/c.txt", "copy.txt"]
    assert reports["copy.txt"]["sha256"] == reports["a.zip!/2024/a.txt"]["sha256"]
    assert reports["a.zip!/inner.zip!/c.txt"]["doc_number"] == "3/BC-SNV"
    assert not (tmp_path / "out" / ".work" / "members").exists()


def deep_mail(depth: int) -> bytes:
    """A mail whose parts lie in parts lie in parts."""
    lines = [b"Received: x", b"From: a", b"MIME-Version: 1.0"]
    for n in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % n, b"", b"--b%d" % n]
    return b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"x"])


def test_a_mail_made_to_break_the_library_is_one_failed_file(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "deep.eml").write_bytes(deep_mail(2000))
    (tmp_path / "in" / "report.txt").write_text(REPORT.format(n=1), encoding="utf-8")
    summary = ingest(tmp_path / "in", tmp_path / "out", jobs=1)
    assert (summary.read, summary.failed) == (1, {"limit-exceeded": 1})


@pytest.mark.skipif(not child.can_fork(), reason="children are forked on Linux only")
def test_an_archive_that_hangs_is_ended_and_the_files_beside_it_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "READER", "tests.baocao.mock_reader:unpack_for_ever")
    make_zip(tmp_path / "in" / "a.zip", {"a.txt": "1"})
    (tmp_path / "in" / "b.txt").write_text("x")
    ledger = Ledger(tmp_path / "ledger.sqlite")
    containers = Containers(ledger, tmp_path / "members", Limits(seconds_without_progress=0.5))
    found = discover([tmp_path / "in"], tmp_path / "out")
    archive, text = with_members(found, containers.listings(found), containers.member_path)
    containers.close()
    ledger.close()
    assert (archive.source, archive.failed, archive.trouble[0]) == ("a.zip", True, "timeout")
    assert (text.source, text.failed) == ("b.txt", False)


def test_an_unchanged_archive_is_not_opened_again_until_a_file_in_it_has_to_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_zip(tmp_path / "in" / "a.zip", {"a.txt": REPORT.format(n=1), "b.txt": REPORT.format(n=2)})
    ingest(tmp_path / "in", tmp_path / "out", jobs=1)
    whole = (tmp_path / "out" / "observations.csv").read_bytes()
    opened: list[Path] = []
    open_pool = child.open_pool

    def noted(tmp: Path, *how: object) -> child.Pool:
        opened.append(tmp)
        return open_pool(tmp, *how)  # type: ignore[arg-type]

    monkeypatch.setattr(child, "open_pool", noted)
    assert ingest(tmp_path / "in", tmp_path / "out", jobs=1).reused == 2
    assert {one.action for one in dry_run(tmp_path / "in", tmp_path / "out")} == {"reuse"}
    assert opened == []
    with Ledger(tmp_path / "out" / ".work" / "ledger.sqlite")._database as database:
        database.execute("DELETE FROM readings")
    assert ingest(tmp_path / "in", tmp_path / "out", jobs=1).reused == 0
    assert len(opened) == 2  # one to read, one to unpack
    assert (tmp_path / "out" / "observations.csv").read_bytes() == whole
