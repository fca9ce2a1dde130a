"""What a run does with each file and why: read, only map again, take over, keep; said beforehand by a dry run."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from baocao import documents, ledger, plan
from baocao.dry_run import dry_run
from extract import read_file
from extract.model import BBox, Caption, Cell, Document, Letterhead, Reading, SourceFile, Table
from tests.baocao.conftest import PATIENT, Run, put, read_csv, snapshot

CORPUS = Path(__file__).parents[2] / "corpus"
ROWS = [["2", "1", "Số văn bản", "Văn bản", 12.5]]
REPORT = """SỞ NỘI VỤ
Số: 1/BC-SNV
Huế, ngày 14 tháng 12 năm 2020
BÁO CÁO
Công tác cải cách hành chính năm 2020
I. KẾT QUẢ
Phụ lục 2
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tSố văn bản\tVăn bản\t{n}\t
"""


def said(out: Path, *sources: Path, **wishes: bool) -> list[tuple[str, str, str]]:
    plan = dry_run(sources, out, limits=PATIENT, **wishes)
    return [(one.source, one.action, one.reason) for one in plan]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("so-*/*-nam*"))[:6], ids=lambda path: path.name)
def test_a_kept_document_is_the_document(path: Path) -> None:
    document = read_file(path)
    assert documents.decode(documents.encode(document)) == document


def test_every_kind_of_cell_of_a_document_comes_back() -> None:
    texts = ["", "a\x1fb", "\ud800", "x07", 't"', "số"] * 200
    cells = tuple(
        Cell(row, row % 3, text, page=row if row % 2 else None, bbox=BBox(0.0, -0.0, 1.0, 2.5) if row % 7 else None)
        for row, text in enumerate(texts)
    )
    cells += (Cell(0, 0, "a", readings=(Reading("a", 0.5, "x"), Reading("b", 1.0, "y"))),)
    one, same = Table(1, Caption(), (), cells, 900), Table(2, Caption("5"), (), cells[:1] * 3, 1, pages=(1, 2))
    letterhead = Letterhead(number="1/BC", date=date(2024, 2, 29))
    document = Document(SourceFile("a", "b", 1, "txt"), letterhead, (), (one, same, one), "text")
    back = documents.decode(documents.encode(document))
    assert back == document
    assert repr(back) == repr(document)


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"x",
        documents.zlib.compress(b"[1]"),
        documents.zlib.compress(b"[[]]"),
        documents.zlib.compress(
            b'[["a","b",1,"txt"],[],[[999999999,[1],[""],[""],[""],[null],[""]]],[],"",null,"",[]]'
        ),
        documents.zlib.compress(b'[["a","b",1,"txt"],[],[[2,"x0102","t",["",""],[""],[null],[""]]],[],"",null,"",[]]'),
        documents.zlib.compress(b'[["a","b",1,"txt"],[],[[2,"xzz",[""],[""],[""],[null],[""]]],[],"",null,"",[]]'),
    ],
)
def test_a_damaged_document_is_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        documents.decode(damaged)


def test_a_changed_template_redoes_the_meaning_and_opens_no_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = tmp_path / "witness"
    monkeypatch.setenv("WITNESS", str(witness))
    source = tmp_path / "in"
    source.mkdir()
    for n in (1, 2):
        (source / f"{n}.txt").write_text(REPORT.format(n=n), "utf-8")
    options = {"reader": "tests.baocao.mock_reader:read_both_stages", "limits": PATIENT}
    run(**options)
    before = snapshot(tmp_path / "out")
    assert [row["value"] for row in read_csv(tmp_path / "out" / "observations.csv")] == ["1", "2"]
    for module in (ledger, plan):
        monkeypatch.setattr(module, "normalize_fingerprint", lambda: "another")
    assert said(tmp_path / "out", source) == [
        ("1.txt", "normalize", "rules-changed"),
        ("2.txt", "normalize", "rules-changed"),
    ]
    run(**options)
    assert sorted(witness.read_text().splitlines()) == ["1.txt document", "1.txt file", "2.txt document", "2.txt file"]
    assert snapshot(tmp_path / "out") == before
    for module in (ledger, plan):  # the document is kept on: a second change needs no file either
        monkeypatch.setattr(module, "normalize_fingerprint", lambda: "a third")
    assert {action for _, action, _ in said(tmp_path / "out", source)} == {"normalize"}
    monkeypatch.setattr(plan, "extract_fingerprint", lambda: "another")
    assert {reason for _, _, reason in said(tmp_path / "out", source)} == {"reader-changed"}


def test_a_dry_run_says_what_would_be_done_and_why_and_leaves_no_trace(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    put(source, "a.json", period="1", rows=ROWS)
    put(source, "locked.json", do="encrypted")
    assert said(out, source) == [("a.json", "read", "new"), ("locked.json", "read", "new")]
    assert not out.exists()
    put(source, "b.json", period="2", rows=ROWS)
    put(source, "c.json", period="3", rows=ROWS)
    put(source, "d.json", period="4", rows=ROWS)
    run()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    put(source, "b.json", period="2", rows=[])
    put(source, "e.json", period="5", rows=ROWS)
    put(source, "f.json", period="5", rows=ROWS)
    (source / "again.json").write_bytes((source / "a.json").read_bytes())
    put(source, "~$x.json")
    (source / "c.json").rename(source / "moved.json")
    (source / "d.json").unlink()
    expected = [
        ("a.json", "reuse", "unchanged"),
        ("again.json", "reuse", "same-content"),
        ("b.json", "read", "content-changed"),
        ("d.json", "remove", "file-removed"),
        ("e.json", "read", "new"),
        ("f.json", "copy", "same-content"),
        ("locked.json", "reuse", "failed-before (encrypted)"),
        ("moved.json", "reuse", "moved"),
        ("~$x.json", "skip", "lock-file"),
    ]
    assert said(out, source) == expected
    assert said(out, source, keep_removed=True)[3] == ("d.json", "keep", "file-removed")
    assert said(out, source, retry_failed=True)[6] == ("locked.json", "read", "retried")
    assert said(out, source, force=True)[0] == ("a.json", "read", "forced")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_a_report_whose_file_is_gone_stays_when_asked_and_goes_when_not(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    for n in (1, 2, 3):
        put(source, f"{n}.json", agency="Sở Y tế", period=str(2020 + n), rows=[["2", "1", "A", "x", n]])
    run()
    whole = snapshot(out)
    (source / "2.json").unlink()
    (source / "3.json").rename(source / "renamed.json")
    run(keep_removed=True)
    assert [row["source"] for row in read_csv(out / "reports.csv")] == ["1.json", "2.json", "renamed.json"]
    (source / "renamed.json").rename(source / "3.json")
    run(keep_removed=True)
    assert snapshot(out) == whole
    run()
    assert [row["source"] for row in read_csv(out / "reports.csv")] == ["1.json", "3.json"]


def test_passwords_are_tried_on_files_that_were_encrypted_before(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", rows=ROWS)
    put(tmp_path / "in", "locked.json", do="encrypted")
    run()
    assert run().reused == 2
    with_password = dry_run(tmp_path / "in", tmp_path / "out", limits=PATIENT, passwords=["x"])
    assert [(one.action, one.reason) for one in with_password] == [("reuse", "unchanged"), ("read", "password-given")]


def test_an_unchanged_folder_is_not_written_again_and_a_touched_dataset_is(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", rows=ROWS)
    put(tmp_path / "in", "bug.json", do="bug")
    out, steps = tmp_path / "out", []
    first = run()
    again = run(progress=steps.append)
    assert {step.stage for step in steps} == {"discover", "read"}
    assert (again.failures, again.findings, again.reused) == (first.failures, first.findings, 2)
    whole = snapshot(out)
    (out / "observations.csv").write_text("changed by hand")
    run()
    assert snapshot(out) == whole
    report = next(row for row in read_csv(out / "reports.csv") if row["source"] == "a.json")
    with (out / "corrections.csv").open("a") as file:
        file.write(f"{report['sha256']},1,1,actual,,value,12.5,13,typing error,A,2026-01-01\n")
    run()
    assert [row["value"] for row in read_csv(out / "observations.csv")] == ["13"]


def test_a_damaged_ledger_is_set_aside_and_costs_only_the_reading(run: Run, tmp_path: Path) -> None:
    for n in range(40):
        put(tmp_path / "in", f"{n}.json", agency="Sở Y tế", period=str(1990 + n), rows=ROWS)
    run()
    whole, path = snapshot(tmp_path / "out"), tmp_path / "out" / ".work" / "ledger.sqlite"
    good = path.read_bytes()
    middle = len(good) // 2
    for damaged in (b"no database", good[:5000] + b"\xff" * 4000 + good[9000:], good[:middle], b""):
        path.write_bytes(damaged)
        run()
        assert snapshot(tmp_path / "out") == whole
        assert run().reused == 40


def test_a_ledger_on_a_full_disk_is_not_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger.Ledger(path).close()

    def full(self: ledger.Ledger, *where: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(ledger.Ledger, "_open", full)
    with pytest.raises(sqlite3.OperationalError):
        ledger.Ledger(path)
    assert path.is_file()


@pytest.mark.parametrize("damage", ["cut", "gone", "flipped"])
def test_a_damaged_part_costs_only_the_reading(run: Run, tmp_path: Path, damage: str) -> None:
    put(tmp_path / "in", "a.json", period="2020", rows=ROWS)
    run()
    whole = snapshot(tmp_path / "out")
    (path,) = (tmp_path / "out" / ".work" / "parts").glob("*/observations.parquet")
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else b"PAR1" + b"\xff" * (len(content) - 8) + b"PAR1")
    (tmp_path / "out" / "observations.csv").unlink()
    assert run().reused == 0
    assert snapshot(tmp_path / "out") == whole


def test_a_file_that_changes_while_it_is_read_is_said_and_read_by_the_next_run(run: Run, tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", do="comes while it is read", rows=ROWS)
    assert run().failed == {"not-readable": 1}
    (row,) = read_csv(tmp_path / "out" / "reports.csv")
    assert row["error_message"] == "The file changed while it was read."
    assert read_csv(tmp_path / "out" / "observations.csv") == []
    assert (run().read, run().reused) == (1, 1)


def test_a_file_that_changes_after_it_was_looked_at_ahead_is_looked_at_again(tmp_path: Path) -> None:
    book = ledger.Ledger(tmp_path / "ledger.sqlite")
    paths = [str(tmp_path / f"{n}.txt") for n in range(3)]
    for path in paths[:2]:
        Path(path).write_text("a", "utf-8")
    book.look_ahead(paths)
    Path(paths[1]).write_text("other", "utf-8")
    assert book.facts_of(paths[0]) == (hashlib.sha256(b"a").hexdigest(), 1)
    assert book.facts_of(paths[1]) == (hashlib.sha256(b"other").hexdigest(), 5)
    assert book.is_as_hashed(paths[0])
    assert book.is_as_hashed(paths[1])
    with pytest.raises(FileNotFoundError):
        book.facts_of(paths[2])
    Path(paths[1]).write_text("once more", "utf-8")
    assert not book.is_as_hashed(paths[1])
    book.close()
    again = ledger.Ledger(tmp_path / "ledger.sqlite")
    Path(paths[0]).write_text("b", "utf-8")
    again.look_ahead(paths[:1])
    assert again.sha256_of(paths[0]) == hashlib.sha256(b"b").hexdigest()
    again.close()


def test_what_was_met_ahead_is_forgotten_when_readings_change(tmp_path: Path) -> None:
    book = ledger.Ledger(tmp_path / "ledger.sqlite")
    path = str(tmp_path / "a.txt")
    Path(path).write_text("a", "utf-8")
    key = (book.sha256_of(path), ".txt")
    book.add([(key, ledger.Reading(part="000001"))])
    book.look_ahead([path])
    book.add([(key, ledger.Reading(part="000002"))])
    book.facts_of(path)
    found = book.find(key)
    assert found is not None
    assert found.part == "000002"
    book.close()
