"""What a run keeps on disk about its files: entries in the order of the sources, copies counted, the history's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.entries import Copies, Entries, Entry
from baocao.found import Found, FoundFiles
from baocao.history import ReportKey, settle
from baocao.judged import Judged
from baocao.scratch import opened, scratch
from normalize.findings import Doubt

ENTRIES = [Entry(n, f"{n:04d}.txt", f"{n:064x}", f"{n:012x}", part=f"{n // 9:06d}", place=n % 9) for n in range(600)]


def test_entries_come_in_their_order_however_they_were_added(tmp_path: Path) -> None:
    with scratch(tmp_path / "run.sqlite") as database:
        entries = Entries(database, reversed(ENTRIES[1:]))
        assert list(entries) == ENTRIES[1:], "what is added later is seen as well"
        entries.add(ENTRIES[0])
        assert list(entries) == ENTRIES
        assert (len(entries), entries[77], entries.order_of(ENTRIES[5].report_id)) == (600, ENTRIES[77], 5)
        assert entries.parts() == sorted({entry.part for entry in ENTRIES})
    assert not (tmp_path / "run.sqlite").exists()


def test_entries_that_stay_without_a_file_are_put_in_their_places() -> None:
    entries = Entries(opened(), ENTRIES[:3])
    entries.add(Entry(3, "0000 removed.txt", "", "x"))
    entries.sort()
    assert [(entry.order, entry.source) for entry in entries] == [
        (0, "0000 removed.txt"),
        (1, "0000.txt"),
        (2, "0001.txt"),
        (3, "0002.txt"),
    ]


def test_rows_that_lie_elsewhere_are_found_there() -> None:
    entries = Entries(opened(), [*ENTRIES[:3], replace(ENTRIES[3], part="", place=0)])
    assert len(list(entries)) == 4
    entries.move([((entry.part, entry.place), ("9", 8 - n)) for n, entry in enumerate(ENTRIES[:3])])
    assert [(entry.part, entry.place) for entry in entries] == [("9", 8), ("9", 7), ("9", 6), ("", 0)]
    assert [entry.order for entry in entries.read()] == [0, 1, 2]


def test_copies_are_counted_by_the_start_of_the_hash_and_as_they_are_read() -> None:
    copies = Copies(opened())
    one, other_name, other_end = ("a" * 64, ".txt"), ("a" * 64, ".doc"), ("a" * 12 + "b" * 52, ".txt")
    assert [copies.count(key) for key in (one, ("c" * 64, ".txt"), other_name, one, other_end)] == [1, 1, 2, 3, 4]
    assert [copies.times(key) for key in (one, other_name, other_end, ("d" * 64, ".txt"))] == [2, 1, 1, 0]


def test_files_shown_alike_are_told_apart_and_a_path_is_found_once() -> None:
    found = FoundFiles()
    found.add_new([Found("b", "/2"), Found("a", "/\udcff"), Found("a", "/1"), Found("again", "/1")])
    found.tell_apart()
    assert [(item.source, item.path) for item in found] == [("a", "/1"), ("a~2", "/\udcff"), ("b", "/2")]


@st.composite
def reports(draw: st.DrawFn) -> list[ReportKey]:
    """Some reports with few different facts, so that many have something to do with each other."""
    few = {
        "sha256": ["s", "t", "u", "v"],
        "format": ["docx", "pdf"],
        "family": ["cchc", ""],
        "agency_id": ["a", "b", ""],
        "province_id": ["46", ""],
        "period": ["2024", "2023", ""],
        "doc_number": ["1/BC-SNV", "1/BC-UBND", "2/BC-SNV", ""],
        "doc_date": [date(2024, 6, 1), date(2024, 7, 1), None],
        "figures": ["f", "g", ""],
        "parent": ["", "UBND HUYỆN CHÂU THÀNH", "UBND HUYỆN TÂN PHƯỚC"],
        "place": ["", "Đông Hà", "Pleiku"],
    }
    made = []
    for n in range(draw(st.integers(0, 9))):
        facts = {name: draw(st.sampled_from(values)) for name, values in few.items()}
        held = draw(st.frozensets(st.sampled_from(["", "2", "3"]))) if facts["figures"] else frozenset()
        made.append(ReportKey(order=3 * n, report_id=f"r{n}", source=f"{n}", method="x", appendices=held, **facts))
    return made


@settings(max_examples=300, deadline=None)
@given(reports())
def test_the_history_on_disk_says_what_it_says_of_all_at_once(found: list[ReportKey]) -> None:
    database = opened()
    entries = Entries(database, (Entry(r.order, r.source, r.sha256, r.report_id) for r in found))
    judged, expected = Judged(database, entries), settle(found)
    judged.settle(found)
    assert judged.verdicts(0, 99) == expected.verdicts
    assert [(o, d) for o, doubts in judged.doubts(0, 99).items() for d in sorted(doubts, key=lambda d: d.code)] == [
        (o, d) for o, d in expected.doubts
    ]
    assert list(judged.twins()) == sorted(expected.twins)


def test_a_doubt_comes_back_as_it_was() -> None:
    facts = (("count", 3), ("name", "Số văn bản"), ("value", Decimal("1.50")))
    doubt = Doubt("series-jump", facts, "id", "2", "1", 1, None, "actual", page=4, expected="1.5", actual="9")
    database = opened()
    judged = Judged(database, Entries(database))
    judged.add_doubts([(7, doubt), (7, replace(doubt, observation_id="")), (9, doubt)])
    assert judged.doubts(7, 8) == {7: [doubt, replace(doubt, observation_id="")]}
    assert judged.doubted(0, 7) == ["id"]
