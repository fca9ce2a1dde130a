"""No file can hang, crash or bloat the run: a reader that misbehaves on demand ends in its typed failure."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baocao import child, forkserver, rows
from baocao.child import ForkPool, Job, Limits, Outcome, read_all
from baocao.errors import ReaderUnavailable
from baocao.spawned import SpawnPool
from tests.baocao.conftest import cells, is_running, wait_until

READER, WARM = "tests.baocao.mock_reader:read", "tests.baocao.mock_reader:warm"
ROOMY = Limits(
    memory_bytes=300_000_000,
    memory_hard_bytes=700_000_000,
    seconds=120,
    seconds_without_progress=120,
    result_bytes=1_000_000,
)
QUICK = replace(ROOMY, seconds_without_progress=0.5)
BRIEF = replace(ROOMY, seconds=0.3, seconds_a_page=0.05)  # for a reader that told its pages

pytestmark = pytest.mark.skipif(not child.can_fork(), reason="children are forked on Linux only")


@pytest.fixture(name="pool", scope="module")
def _pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkPool]:
    pool = ForkPool(tmp_path_factory.mktemp("pool"), READER, WARM)
    yield pool
    pool.close()


def job(folder: Path, key: int, **content: Any) -> Job:
    path = folder / f"{key}.json"
    path.write_text(json.dumps(content), "utf-8")
    return Job(key, str(path), path.name, f"id{key}")


def run_one(pool: Any, folder: Path, limits: Limits = ROOMY, **content: Any) -> Outcome:
    (outcome,) = read_all([job(folder, 0, **content)], pool, 2, limits)
    return outcome


ROWS = [["2", "1", "Số văn bản", "Văn bản", 12.5]]


def test_a_report_comes_back_whole(pool: ForkPool, tmp_path: Path) -> None:
    outcome = run_one(pool, tmp_path, agency="Sở Nội vụ", rows=ROWS)
    assert outcome.packed is not None
    assert cells(outcome.packed, "observations", "value") == ["12.5"]
    assert cells(outcome.packed, "observations", "top") == [1.235]
    assert cells(outcome.packed, "reports", "agency") == ["Sở Nội vụ"]
    assert rows.decode(outcome.packed).appendices == ("2",)


LIMITED = {"no progress": QUICK, "longer than the limit": BRIEF}


@pytest.mark.parametrize(
    ("content", "code", "words", "attempts"),
    [
        ({"do": "hang"}, "timeout", "no progress", 2),
        ({"do": "hang after pages"}, "timeout", "longer than the limit", 2),
        ({"do": "turn on one page"}, "timeout", "no progress", 2),
        ({"do": "too many pages"}, "limit-exceeded", "1,000,000 pages; the limit is 10,000", 1),
        ({"do": "allocate"}, "limit-exceeded", "memory than the limit of 600,000,000 bytes", 2),
        ({"do": "segfault"}, "crashed", "signal 11", 2),
        ({"do": "abort"}, "crashed", "signal 6", 2),
        ({"do": "exit"}, "crashed", "exit status 3", 2),
        ({"do": "flood the result"}, "limit-exceeded", "the limit is 1,000,000", 1),
        ({"do": "bug"}, "crashed", "ZeroDivisionError", 1),
        ({"do": "encrypted"}, "encrypted", "A password is needed.", 1),
        ({"do": "no report"}, "no-report", "holds no report", 1),
    ],
)
def test_a_reader_that_misbehaves_ends_in_a_typed_failure(
    pool: ForkPool, tmp_path: Path, content: dict[str, Any], code: str, words: str, attempts: int
) -> None:
    outcome = run_one(pool, tmp_path, LIMITED.get(words, ROOMY), **content)
    assert (outcome.packed, outcome.code, outcome.attempts) == (None, code, attempts)
    assert words in outcome.message
    assert outcome.next_step or code == "no-report"


def test_a_bug_keeps_its_traceback(pool: ForkPool, tmp_path: Path) -> None:
    outcome = run_one(pool, tmp_path, do="bug")
    assert "misbehave" in outcome.trace
    assert str(tmp_path) not in outcome.message


@pytest.mark.parametrize("what", ["flood", "crash at first"])
def test_what_does_no_harm_or_goes_well_the_second_time_is_read(pool: ForkPool, tmp_path: Path, what: str) -> None:
    assert run_one(pool, tmp_path, do=what, rows=ROWS).packed is not None


def test_the_second_try_has_twice_the_memory(pool: ForkPool, tmp_path: Path) -> None:
    outcome = run_one(pool, tmp_path, do="allocate once", bytes=350_000_000, rows=ROWS)
    assert (outcome.packed is not None, outcome.attempts) == (True, 2)


def test_a_child_takes_its_own_children_and_files_with_it(pool: ForkPool, tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    run_one(pool, tmp_path, do="fork", witness=str(witness))
    grandchild = int(witness.read_text())
    if not wait_until(lambda: not is_running(grandchild)):
        os.kill(grandchild, 9)
        pytest.fail("the grandchild lives on")
    run_one(pool, tmp_path, do="litter")
    assert not [path for path in pool._tmp.rglob("*") if path.is_file()]


def test_files_beside_a_bad_one_are_read_and_each_ends_once(pool: ForkPool, tmp_path: Path) -> None:
    bad = {3: "hang after pages", 7: "segfault", 11: "bug"}
    jobs = [job(tmp_path, n, **({"do": bad[n]} if n in bad else {"rows": ROWS})) for n in range(20)]
    outcomes = list(read_all(iter(jobs), pool, 4, BRIEF))
    assert sorted(o.key for o in outcomes) == list(range(20))
    assert {o.key for o in outcomes if o.packed is None} == set(bad)


def who_reads(pool: ForkPool, folder: Path, *between: str) -> list[str]:
    """The processes that read the first and the last of some files, one after the other, with others between them."""
    contents = [{"do": "say who reads"}, *({"do": what} for what in between), {"do": "say who reads"}]
    outcomes = sorted(
        read_all([job(folder, n, rows=ROWS, **content) for n, content in enumerate(contents)], pool, 1, ROOMY),
        key=lambda outcome: outcome.key,
    )
    packed = [outcome.packed for outcome in (outcomes[0], outcomes[-1]) if outcome.packed]
    return [str(cells(one, "reports", "agency")[0]) for one in packed]


@pytest.mark.parametrize("between", [(), ("encrypted",), ("no report",)])
def test_a_child_that_read_well_reads_the_next_file(pool: ForkPool, tmp_path: Path, between: tuple[str, ...]) -> None:
    first, second = who_reads(pool, tmp_path, *between)
    assert first == second


@pytest.mark.parametrize(
    "between", ["leave a file", "leave a process", "leave a thread", "leave much memory", "bug", "exit"]
)
def test_a_child_that_left_something_behind_reads_no_other_file(pool: ForkPool, tmp_path: Path, between: str) -> None:
    first, second = who_reads(pool, tmp_path, between)
    assert first != second


def test_a_child_ends_after_so_many_files(pool: ForkPool, tmp_path: Path) -> None:
    first, second = who_reads(pool, tmp_path, *["nothing"] * forkserver.MOST_FILES)
    assert first != second


@pytest.mark.parametrize("what", ["crash after others", "bug after others", "unreadable after others"])
def test_the_outcome_of_a_file_does_not_depend_on_the_files_before_it(
    pool: ForkPool, tmp_path: Path, what: str
) -> None:
    jobs = [job(tmp_path, 0, rows=ROWS), job(tmp_path, 1, do=what, rows=ROWS)]
    assert [(o.packed is not None, o.attempts) for o in read_all(jobs, pool, 1, ROOMY)] == [(True, 1), (True, 1)]


def test_the_jobs_are_drawn_on_demand(pool: ForkPool, tmp_path: Path) -> None:
    drawn: list[int] = []

    def jobs() -> Iterator[Job]:
        for n in range(10):
            drawn.append(n)
            yield job(tmp_path, n, rows=ROWS)

    for done, _ in enumerate(read_all(jobs(), pool, 2, ROOMY)):
        assert len(drawn) <= done + 4


def test_a_server_that_is_killed_is_started_again_and_nothing_is_lost(tmp_path: Path) -> None:
    pool = ForkPool(tmp_path / "tmp", READER, WARM)
    try:
        jobs = [job(tmp_path, n, rows=ROWS) for n in range(6)]
        outcomes = []
        for outcome in read_all(iter(jobs), pool, 2, ROOMY):
            outcomes.append(outcome)
            if len(outcomes) == 2:
                os.kill(pool._process.pid, 9)
        assert sorted(o.key for o in outcomes if o.packed) == list(range(6))
    finally:
        pool.close()


def test_a_server_that_dies_under_a_child_in_a_bad_state_loses_nothing(tmp_path: Path) -> None:
    pool = ForkPool(tmp_path / "tmp", READER, WARM)
    try:
        list(read_all([job(tmp_path, 0, rows=ROWS)], pool, 1, ROOMY))
        pool.start(job(tmp_path, 1, do="unreadable after others", rows=ROWS), ROOMY, 1)
        (line,) = (one.socket for one in pool._children.values())
        assert select.select([line], [], [], 120)[0]  # the child has told its failure, nobody has heard it
        os.kill(pool._process.pid, 9)
        pool._process.wait()
        assert [(o.key, o.code, o.attempts) for o in pool._server_died()] == [(1, "crashed", 1)]
        assert run_one(pool, tmp_path, rows=ROWS).packed is not None
    finally:
        pool.close()


def test_a_reader_that_cannot_be_imported_is_told(tmp_path: Path) -> None:
    loaded: list[str] = []
    with pytest.raises(ReaderUnavailable, match="no_such_module"):
        ForkPool(tmp_path, "no_such_module:read", "", lambda: loaded.append("writers"))
    assert loaded == ["writers"]  # while the server tried


def test_where_nothing_can_be_forked_spawned_workers_do_the_same(tmp_path: Path) -> None:
    pool = SpawnPool(2, READER, WARM)
    try:
        contents: list[dict[str, Any]] = [{"rows": ROWS}, {"do": "hang"}, {"do": "exit"}, {"do": "bug"}, {"rows": ROWS}]
        limits = Limits(seconds_without_progress=120)  # a worker starts within that, on a slow machine too
        quick = [job(tmp_path, n, **content) for n, content in enumerate(contents) if content.get("do") != "hang"]
        outcomes = {o.key: o for o in read_all(iter(quick), pool, 2, limits)}
        assert {key: o.code for key, o in outcomes.items()} == {0: "", 2: "crashed", 3: "crashed", 4: ""}
        outcome = run_one(pool, tmp_path, Limits(seconds_without_progress=1), do="hang")
        assert (outcome.code, outcome.attempts) == ("timeout", 2)
    finally:
        pool.close()


def test_pages_that_are_read_at_once_wake_the_parent_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But what says how long a page may take (OCR) is told whenever it comes."""

    def read(*_: Any, progress: Any, **__: Any) -> bytes:
        progress(0, 40)
        for page in range(40):
            progress(page + 1, 40, 400.0 if page == 30 else None)
        return b"rows"

    frames: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr(forkserver.time, "monotonic", lambda: 1000.0)
    order = {**job(tmp_path, 0).to_json(1), "attempt": 1}
    assert forkserver.run_job(read, order, lambda kind, content: frames.append((kind, content)))
    told = [json.loads(content) for kind, content in frames if kind == forkserver.PROGRESS]
    assert told == [[0, 40, None], [31, 40, 400.0]]
