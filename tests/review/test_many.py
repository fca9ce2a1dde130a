"""The desk with 50,000 doubts: a page of the list is a page of work, wherever it lies."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from baocao.review.doubts import Desk, Refused, Wanted
from tests.review.conftest import rows_of
from tests.review.many import many

N = 50_000


@pytest.fixture(scope="module", name="out")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(tmp_path_factory.mktemp("many") / "out", N)


@pytest.fixture(name="desk")
def _desk(out: Path) -> Desk:
    (out / "corrections.csv").unlink(missing_ok=True)
    return Desk(out)


def test_every_finding_is_reached_once_and_in_order(desk: Desk) -> None:
    numbers = desk.select(Wanted())
    assert len(numbers) == len(set(numbers)) == N
    severities = [desk.item(at)["severity"] for at in numbers[:: N // 100]]
    assert severities == sorted(severities)


def test_a_page_costs_the_same_wherever_it_lies(desk: Desk) -> None:
    def cost(offset: int) -> float:
        start = time.process_time()
        for at in desk.select(Wanted())[offset : offset + 100]:
            desk.item(at)
        return time.process_time() - start

    first, last = (min(cost(offset) for _ in range(3)) for offset in (0, N - 100))
    assert last < 5 * first + 0.05


def test_one_search_among_all_of_them(desk: Desk) -> None:
    (at,) = desk.select(Wanted(search="Nghi vấn 49999"))
    assert desk.item(at)["message"].startswith("Nghi vấn 49999")


def test_one_decision_is_quick_and_leaves_the_rest_open(desk: Desk) -> None:
    start = time.process_time()
    assert desk.decide([N // 2], "accept", reason="", who="") == 1
    assert time.process_time() - start < 5
    assert len(desk.select(Wanted())) == N - 1


def test_five_thousand_are_settled_together_and_more_are_refused(desk: Desk, out: Path) -> None:
    errors = desk.select(Wanted(code="sum-mismatch"))
    assert len(errors) == 5000
    assert desk.decide(errors, "accept", reason="đã đối chiếu", who="Lan") == 5000
    assert len(rows_of(out / "corrections.csv")) == 5000
    assert desk.select(Wanted(code="sum-mismatch")) == []
    assert desk.undo() == 5000
    with pytest.raises(Refused, match="too-many"):
        desk.decide(desk.select(Wanted(code="series-jump")), "accept", reason="r", who="")
