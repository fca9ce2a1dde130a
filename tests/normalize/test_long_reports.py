"""A long report is read in parts and says the same as one that is read whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import extract
from extract import records
from extract.model import Document, Problem
from extract.records import Packed, Room
from normalize import pipeline
from normalize.checks import Relation, checked, long_view, view_of
from normalize.findings import Doubts
from normalize.model import Finding, NormalizedReport, Observation
from normalize.pipeline import normalize
from tests.normalize.checks.rows import row

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(path for kind in ("txt", "docx") for path in CORPUS.rglob(f"*.{kind}"))


@lru_cache(maxsize=64)
def document(path: Path) -> Document:
    return extract.read_file(path, path.name)


def joined(paths: list[Path]) -> Document:
    """One document with the tables of several, so that the same indicators stand in many of them; each with a problem
    of a row, of a page and of none."""
    first = document(paths[0])
    tables = [table for path in paths for table in document(path).tables]
    tables = [replace(table, index=n, pages=(n,)) for n, table in enumerate(tables, 1)]
    headings = tuple(heading for path in paths for heading in document(path).headings)
    problems = (
        Problem("encoding-converted", "info", "row", table=2, row=1, detail="TCVN3: x"),
        Problem("page-unreadable", "error", "Page 3 could not be read.", page=3),
        Problem("page-unreadable", "error", "Page 999 could not be read.", page=999),
        Problem("text-without-place", "info", "loose"),
        Problem("encoding-tie", "warning", "tie", table=3, row=1, column=1),
    )
    return replace(first, tables=tuple(tables), headings=headings, problems=problems)


def in_parts(made: Document, monkeypatch: pytest.MonkeyPatch) -> NormalizedReport:
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "Room", lambda: Room(0))
        patch.setattr(records, "CHUNK", 4)
        patch.setattr(long_view, "PART", 3)
        return normalize(made, report_id="r", source="a.docx")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_report_in_parts_says_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = document(path)
    found = in_parts(made, monkeypatch)
    assert found == normalize(made, report_id="r", source="a.docx")
    assert isinstance(found.observations, Packed)


def test_tables_that_speak_of_one_another_are_held_against_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    made = joined(FILES)
    whole = normalize(made, report_id="r", source="a.docx")
    found = in_parts(made, monkeypatch)
    assert found.observations == whole.observations
    assert found.findings == whole.findings
    assert found == whole
    codes = {finding.code for finding in whole.findings}
    assert {"indicator-twice", "sum-mismatch", "contradiction-operand", "page-unreadable"} <= codes


IDS = "abcd"
RELATIONS = st.builds(
    lambda kind, ids, n: Relation(kind, ids[0], tuple(ids[1 : 3 if kind == "rate" else n])),
    st.sampled_from(["sum", "rate", "part", "carrier", "same"]), st.permutations(IDS), st.integers(2, 4),
)  # fmt: skip
ROWS = st.tuples(
    st.integers(1, 4), st.sampled_from(IDS), st.sampled_from(["actual", "plan"]), st.sampled_from([None, *"0123"]),
    st.sampled_from(["", "1", "1.1"]), st.sampled_from(["", "", "", "x"]),
)  # fmt: skip


def findings_of(rows: Sequence[Observation], relations: list[Relation]) -> tuple[Finding, ...]:
    doubts = Doubts(Room())
    doubts.extend(checked(view_of(rows, relations)))
    return tuple(finding for n in doubts.piles() for finding in doubts.findings(n, "r", "a.docx"))


@settings(max_examples=300)
@given(st.lists(ROWS, max_size=14), st.lists(RELATIONS, max_size=4))
@example(  # the relation that is named last speaks of the figure that two contradict, wherever it stands
    [(1, "b", "actual", "3", "", ""), (2, "c", "actual", "1", "", ""), (2, "d", "actual", "0", "", ""),
     (3, "a", "actual", "3", "", "")],
    [Relation("sum", "a", ("c", "d")), Relation("sum", "b", ("c", "d"))],
)  # fmt: skip
def test_what_any_tables_say_of_one_another_is_found_in_parts_too(
    places: list[tuple[int, str, str, str | None, str, str]], relations: list[Relation]
) -> None:
    rows = [
        row(
            stt, f"Số {name} (1=1.1+2)" if name == "d" else f"Số {name}", "Hồ sơ", value, observation_id=f"r/{n}",
            indicator_id=name, table=table, row=n, measure=measure, breakdown_kind=kind,
        )
        for n, (table, name, measure, value, stt, kind) in enumerate(sorted(places, key=lambda place: place[0]))
    ]  # fmt: skip
    held: Packed[Observation] = Packed(Room(0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "CHUNK", 2)
        patch.setattr(long_view, "PART", 1)
        held.extend(rows)
        found = findings_of(held.done(), relations)
    assert found == findings_of(rows, relations)
