"""What is inside an archive is found, hashed and read like any other file."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from baocao.batch import ingest
from baocao.sources import discover, open_containers

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


def test_members_stand_in_the_place_of_their_archive(tmp_path: Path) -> None:
    make_zip(tmp_path / "in" / "b.zip", {"x/a.txt": "1", "__MACOSX/._a.txt": "2", "~$a.docx": "3"})
    make_zip(tmp_path / "in" / "empty.zip", {})
    (tmp_path / "in" / "a.txt").write_text("x")
    found = open_containers(discover([tmp_path / "in"], tmp_path / "out"), tmp_path / "members")
    assert [(item.source, item.skip) for item in found] == [
        ("a.txt", ""),
        ("b.zip!/__MACOSX/._a.txt", "thumbnail-file"),
        ("b.zip!/x/a.txt", ""),
        ("b.zip!/~$a.docx", "lock-file"),
        ("empty.zip", "empty-archive"),
    ]


def test_two_members_of_one_name_stay_two(tmp_path: Path) -> None:
    make_zip(tmp_path / "in" / "a.zip", {"a.txt": "1", "./a.txt": "2"})
    found = open_containers(discover([tmp_path / "in"], tmp_path / "out"), tmp_path / "members")
    assert sorted(item.source for item in found) == ["a.zip!/a.txt", "a.zip!/a.txt~2"]


def test_an_archive_that_cannot_be_opened_keeps_its_place(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "in" / "a.zip", {"a.txt": "1" * 500})
    path.write_bytes(path.read_bytes()[:80])
    (item,) = open_containers(discover([tmp_path / "in"], tmp_path / "out"), tmp_path / "members")
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
