"""What a child sends is what the parent stores: every cell comes back, and nothing damaged spoils its neighbours."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao import parts, rows, schema
from baocao.jobs import Outcome
from normalize.model import NormalizedReport
from tests.baocao.conftest import cells
from tests.baocao.mock_reader import report_of

ROWS = [["2", str(n), "Số văn bản", "Văn bản", n] for n in range(3)]
ANY_TEXT = st.text(st.one_of(st.sampled_from("\x1b\x1f\x1e=:cle"), st.characters()), max_size=8)


def report(n: int = 0, **facts: Any) -> NormalizedReport:
    return report_of({"rows": ROWS, "agency": f"Sở {n}", "date": "2024-06-11", **facts}, f"id{n}", f"{n}.json")


def with_notes(notes: list[str]) -> NormalizedReport:
    made = report()
    row = made.observations[0]
    return replace(made, observations=tuple(replace(row, note=note) for note in notes))


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_any_text_comes_back(notes: list[str]) -> None:
    readable = [note.encode("utf-8", "replace").decode() for note in notes]
    assert cells(rows.encode(with_notes(notes)), "observations", "note") == readable


def test_every_kind_of_cell_comes_back() -> None:
    made = report()
    first, *others = made.observations
    changed = replace(
        first, value=Decimal("5.70E+1"), x0=-0.0001, page=7, is_primary=False, period_end=date(2024, 1, 2)
    )
    packed = rows.encode(replace(made, observations=(changed, *others)))
    assert cells(packed, "observations", "value") == ["57", "1", "2"]
    assert cells(packed, "observations", "x0") == [0.0, None, None]
    assert cells(packed, "observations", "page") == [7, None, None]
    assert cells(packed, "observations", "is_primary") == [False, True, True]
    assert cells(packed, "observations", "period_end") == [date(2024, 1, 2), None, None]
    assert cells(packed, "observations", "source") == ["0.json"] * 3
    assert cells(packed, "reports", "doc_date") == [date(2024, 6, 11)]
    assert cells(packed, "findings", "code") == []


def test_a_report_of_very_many_rows_comes_back() -> None:
    notes = [str(n) for n in range(rows._MANY_ROWS)]
    assert cells(rows.encode(with_notes(notes)), "observations", "note") == notes


@given(st.lists(st.sampled_from(["", "a", "\x1f", "\x1eb", "\x1b", "ghi chú"]), min_size=1, max_size=9))
def test_columns_of_very_many_rows_travel_as_those_of_few(notes: list[str]) -> None:
    few = rows.encode(with_notes(notes))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_MANY_ROWS", 2)
        patch.setattr(rows, "_AT_ONCE", 3)
        many = rows.encode(with_notes(notes))
    assert rows.decode(many) == rows.decode(few)


def test_the_digest_of_the_figures_does_not_depend_on_how_they_travel() -> None:
    made = report()
    facts = rows.decode(rows.encode(made))
    assert (facts.figures, facts.appendices) == rows.figures_of(made.observations)
    assert facts.figures
    assert rows.figures_of(made.observations[::-1]) == rows.figures_of(made.observations)
    blank = tuple(replace(row, value=None) for row in made.observations)
    assert rows.figures_of(blank) == ("", ())
    assert rows.decode(rows.encode(replace(made, observations=blank))).figures == ""


def outcomes(*packed: bytes) -> list[Outcome]:
    return [Outcome(n, one) for n, one in enumerate(packed)]


def test_rows_of_many_reports_lie_one_behind_the_other() -> None:
    stored, good, failed = parts.sort_out(outcomes(*(rows.encode(report(n)) for n in range(3))))
    assert (stored.n_reports, [outcome.key for outcome in good], failed) == (3, [0, 1, 2], [])
    assert stored.tables["observations"].column("report_id").to_pylist() == ["id0"] * 3 + ["id1"] * 3 + ["id2"] * 3
    assert stored.tables["reports"].column("_rows_observations").to_pylist() == [3, 3, 3]


def damaged(packed: bytes, chance: random.Random) -> bytes:
    content = bytearray(packed)
    at = chance.randrange(len(content))
    marks = [*(rows.CELL + rows.COLUMN + rows.SAME + rows.OTHER).encode(), 0xFF, chance.randrange(256)]
    how = chance.randrange(3)
    if how == 0:
        content[at] = chance.choice(marks)
    elif how == 1:
        del content[at : at + chance.randint(1, 9)]
    else:
        content.insert(at, chance.choice(marks))
    return bytes(content)


def test_a_damaged_result_never_touches_those_beside_it() -> None:
    chance = random.Random(5)
    before, after = rows.encode(report(1)), rows.encode(report(2))
    alone, *_ = parts.sort_out(outcomes(before, after))
    n_failed = 0
    for _ in range(300):
        stored, good, failed = parts.sort_out(outcomes(before, damaged(rows.encode(report(0)), chance), after))
        assert {0, 2} <= {outcome.key for outcome in good}
        assert [reading.code for _, reading in failed] == ["crashed"] * (3 - len(good))
        n_failed += len(failed)
        for table in schema.ROW_TYPES:
            kept, n = stored.tables[table], alone.tables[table].num_rows // 2
            ends = pa.concat_tables([kept.slice(0, n), kept.slice(kept.num_rows - n)])
            assert ends.equals(alone.tables[table]), table
    assert n_failed > 100


NO_RESULTS = [
    b"",
    b"P",
    b"P{}",
    b"Zx",
    b"null",
    b"P" + b"[" * 100_000,
    b'P[[1,0,0,0,0,0],"",[]]',
    b'P[[0,0,0,0,0,0],"",[]]\n',
    b'P[[1,-1,0,0,0,0],"",[]]\n',
    b'P[[1,1e999,0,0,0,0],"",[]]',
    b'P[[1,%d,0,0,0,0],"",[]]\n' % 10**30,
]


@pytest.mark.parametrize("content", NO_RESULTS)
def test_what_is_no_result_fails_alone(content: bytes) -> None:
    stored, good, failed = parts.sort_out(outcomes(rows.encode(report()), content))
    assert (stored.n_reports, len(good), [key for key, _ in failed]) == (1, 1, [1])


def test_a_small_result_cannot_grow_beyond_all_bounds() -> None:
    head = '[[1,2000000000,0,0,0,0],"",[]]\n'
    columns = [f"{rows.SAME}{'x' * 10}{rows.COLUMN}"] * (
        len(schema.columns("reports")) + len(schema.columns("observations"))
    )
    _, good, _ = parts.sort_out(outcomes(b"P" + (head + "".join(columns)).encode()))
    assert not good
