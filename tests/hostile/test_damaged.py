"""Files cut short, with bytes flipped, or under another's name end in a typed status, never in a bug.

A few samples of each format always; all of them, and more damage, when slow tests are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baocao import child
from baocao.child import ForkPool, Job, Limits, Outcome, read_all
from extract import read_file
from extract.problems import ExtractError
from extract.readers import READERS
from tests.baocao.conftest import cells
from tests.hostile.bombs import encrypted, text_report

CORPUS = Path(__file__).parents[2] / "corpus"
SAMPLES = sorted(path for path in CORPUS.glob("*/*.*") if path.parent.name != "truth")
# The smallest of each format.
FEW = [min((p for p in SAMPLES if p.suffix == s), key=lambda p: p.stat().st_size) for s in {p.suffix for p in SAMPLES}]
SHARES = (25, 50, 75, 99)
LIMITS = Limits(seconds=60, seconds_a_page=5, seconds_without_progress=60)
TYPED = {"unreadable", "unknown-format", "no-report", "limit-exceeded", "timeout", "encrypted", "tool-missing"}

pytestmark = pytest.mark.skipif(not child.can_fork(), reason="children are forked on Linux only")


@pytest.fixture(name="pool", scope="module")
def _pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkPool]:
    pool = ForkPool(tmp_path_factory.mktemp("pool"))
    yield pool
    pool.close()


@pytest.fixture(name="lone_pool", scope="module")
def _lone_pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkPool]:
    """Children that find no other program. A PDF whose letters are damaged is read as a scan, which takes a minute a
    file; damaged scans and old Word files are the business of `tests.hostile.fuzz`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        pool = ForkPool(tmp_path_factory.mktemp("lone-pool"))
    yield pool
    pool.close()


def read_each(pool: ForkPool, folder: Path, files: dict[str, bytes]) -> dict[str, Outcome]:
    names = list(files)
    for number, name in enumerate(names):
        (folder / f"{number}{Path(name).suffix}").write_bytes(files[name])
    jobs = [Job(n, str(folder / f"{n}{Path(name).suffix}"), name, f"id{n}") for n, name in enumerate(names)]
    return {names[outcome.key]: outcome for outcome in read_all(jobs, pool, 2, LIMITS)}


def assert_typed(outcomes: dict[str, Outcome]) -> None:
    wrong = {n: (o.code, o.message, o.trace[-300:]) for n, o in outcomes.items() if o.code and o.code not in TYPED}
    assert wrong == {}


def cuts(samples: list[Path]) -> dict[str, bytes]:
    wholes = {path.name: path.read_bytes() for path in samples}
    return {f"{share}-{n}": whole[: len(whole) * share // 100] for n, whole in wholes.items() for share in SHARES}


def flips(samples: list[Path], times: int) -> dict[str, bytes]:
    made = {}
    for path in samples:
        for n in range(times):
            chance, content = random.Random(f"{path.name}{n}"), bytearray(path.read_bytes())
            for _ in range(1 + len(content) // 2000):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            made[f"{n}-{path.name}"] = bytes(content)
    return made


def renamed(samples: list[Path]) -> dict[str, bytes]:
    suffixes = sorted({path.suffix for path in samples})
    return {
        f"{path.stem}{path.suffix}{other}": path.read_bytes()
        for path in samples
        for other in suffixes
        if other != path.suffix
    }


def test_a_file_cut_short_ends_in_a_typed_status(pool: ForkPool, tmp_path: Path) -> None:
    assert_typed(read_each(pool, tmp_path, cuts(FEW)))


def test_a_file_with_flipped_bytes_ends_in_a_typed_status(pool: ForkPool, tmp_path: Path) -> None:
    assert_typed(read_each(pool, tmp_path, flips(FEW, 2)))


def test_a_wrong_extension_is_read_by_its_content(pool: ForkPool, tmp_path: Path) -> None:
    files = renamed(FEW)
    for name, outcome in read_each(pool, tmp_path, files).items():
        assert outcome.packed is not None, (name, outcome.message)
        findings = cells(outcome.packed, "findings", "code")
        assert "wrong-extension" in findings, name


def test_a_password_of_the_file_opens_an_encrypted_report(pool: ForkPool, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(encrypted(b"mat khau"))
    job = Job(0, str(path), path.name, "id0")
    (without,) = read_all([job], pool, 1, LIMITS)
    (with_wrong,) = read_all([Job(0, str(path), path.name, "id0", passwords=("x",))], pool, 1, LIMITS)
    (with_right,) = read_all([Job(0, str(path), path.name, "id0", passwords=("x", "mat khau"))], pool, 1, LIMITS)
    assert (without.code, with_wrong.code) == ("encrypted", "encrypted")
    assert with_right.packed is not None
    assert "KET QUA" in "".join(cells(with_right.packed, "sections", "title"))


@pytest.mark.slow
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_damaged_ends_in_a_typed_status(path: Path, lone_pool: ForkPool, tmp_path: Path) -> None:
    assert_typed(read_each(lone_pool, tmp_path, {**cuts([path]), **flips([path], 10)}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from([".txt", ".csv", ".html", ".docx", ".pdf", ".rtf", ""]),
    start=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>", text_report(1)[:400]]),
    rest=st.binary(max_size=400),
)
def test_any_bytes_are_read_or_refused_with_a_code(suffix: str, start: bytes, rest: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(start + rest)
    if start.startswith(b"\xd0\xcf"):
        return  # an old Word file starts LibreOffice: too slow for this test, damaged samples stand in
    try:
        told = read_file(path).source.format
    except ExtractError as error:
        told = error.code if error.message else "no message"
    assert told in TYPED | set(READERS)
