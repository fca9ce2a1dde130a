"""Rows that lie scattered over parts are put in the order of the sources; nothing of the dataset shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao import batch, repack
from baocao.dry_run import dry_run
from baocao.entries import Entries, Entry
from baocao.ledger import Ledger
from baocao.scratch import opened
from tests.baocao.conftest import Run, put, snapshot

CORPUS = Path(__file__).parents[2] / "corpus"


def entries(*places: tuple[str, int]) -> list[Entry]:
    return [Entry(n, str(n), str(n), str(n), part=part, place=place) for n, (part, place) in enumerate(places)]


def test_only_many_pieces_too_many_are_scattered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repack, "ROOM_FOR_RUNS", 1)
    in_order = entries(*((part, place) for part in ("1", "2") for place in range(3)))
    assert not repack.is_scattered(in_order, 3)
    assert repack.is_scattered(entries(*((part, place) for place in range(3) for part in ("1", "2"))), 3)
    assert not repack.is_scattered(entries(("", 0), ("", 0), ("", 0), ("", 0)), 1)


@pytest.mark.parametrize(
    ("weights", "most", "most_weight", "cuts"),
    [
        ([1] * 5, 2, 99, [0, 2, 4, 5]),
        ([5, 5, 5], 9, 10, [0, 2, 3]),
        ([99, 99], 9, 10, [0, 1, 2]),
        ([1, 1], 9, 9, [0, 2]),
    ],
)
def test_pieces_are_bounded_in_number_and_in_bytes(
    weights: list[int], most: int, most_weight: int, cuts: list[int]
) -> None:
    assert repack._cut(weights, most, most_weight) == cuts


def test_scattered_parts_are_put_in_order_and_the_dataset_is_that_of_a_fresh_run(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_PART_REPORTS", 3)
    monkeypatch.setattr(repack, "ROOM_FOR_RUNS", 1)
    monkeypatch.setattr(repack, "_PARTS_A_SLICE", 2)
    for evening in range(4):  # files come in between those of the evenings before
        for n in range(evening, 20, 4):
            rows = [["2", str(row), f"Số {row}", "Văn bản", n + row] for row in range(n % 3)]
            put(tmp_path / "in", f"{n:02d}.json", agency=f"Sở {n % 2}", period=str(2000 + n), rows=rows)
        (tmp_path / "in" / f"copy-{evening}.json").write_bytes((tmp_path / "in" / "00.json").read_bytes())
        (tmp_path / "in" / "04.json").unlink(missing_ok=True)
        run()
    parts = tmp_path / "out" / ".work" / "parts"
    assert len(list(parts.iterdir())) == -(-19 // 3)
    run(out=tmp_path / "fresh")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "fresh")
    assert run().reused == 19, "what was put elsewhere is found again"


def test_documents_go_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_PART_REPORTS", 1)
    samples = sorted(CORPUS.glob("so-noi-vu/*.txt"))[:2]
    batch.ingest(samples, tmp_path / "out", jobs=1)
    whole, work = snapshot(tmp_path / "out"), tmp_path / "out" / ".work"
    ledger = Ledger(work / "ledger.sqlite")
    before = ledger.documents()
    at = Entries(opened(), entries(*sorted(before, reverse=True)))
    repack.repack(at, work / "parts", work / "repack", ledger, 10, 2)
    after = ledger.documents()
    assert set(after) == {("000010", 0), ("000010", 1)}
    for entry, old in zip(at, sorted(before, reverse=True), strict=True):
        now = repack.document_in(work / "parts" / entry.part, *after[(entry.part, entry.place)])
        assert now == repack.document_in(work / "parts" / old[0], *before[old]) != b""
    ledger._database.execute("UPDATE readings SET normalized = 'older'")
    ledger.close()
    assert {one.action for one in dry_run(samples, tmp_path / "out")} == {"normalize"}
    batch.ingest(samples, tmp_path / "out", jobs=1)
    assert snapshot(tmp_path / "out") == whole
