"""The same job on a cluster gives the bytes of a local run, also when a worker dies; input and output behind s3://.

Needs the extra `baocao[cluster]`; the S3 part also `moto[server]`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baocao import batch, child, cli, ledger, plan, remote, remote_lock
from baocao.dry_run import dry_run
from baocao.errors import OutputBusy, Progress, UsageError
from tests.baocao.conftest import Run, put, snapshot, wait_until

distributed = pytest.importorskip(
    "distributed", reason='the cluster extra is not installed: pip install "baocao[cluster]"'
)

import dask  # noqa: E402 - comes with distributed

ROOT = Path(__file__).parents[2]
# A worker that starts slowly on a busy machine is no fault.
PATIENT_CLUSTER = {
    "distributed.comm.timeouts.connect": "120s",
    "distributed.comm.timeouts.tcp": "120s",
    "distributed.scheduler.worker-ttl": None,
    "distributed.deploy.lost-worker-timeout": "120s",
}
CORPUS = ROOT / "corpus"
pytestmark = pytest.mark.skipif(not child.can_fork(), reason="children are forked on Linux only")


@pytest.fixture(name="cluster", scope="module")
def _cluster() -> Iterator[Any]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), before]))
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    with dask.config.set(PATIENT_CLUSTER), distributed.LocalCluster(**options, silence_logs=50) as cluster:
        yield cluster
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


def some_reports(folder: Path, n: int, **more: Any) -> None:
    for i in range(n):
        rows = [["2", "1", "Số văn bản", "Văn bản", 10 + i], ["2", "2", "Tỷ lệ", "%", None]]
        put(
            folder, f"{i:02d}.json", agency=f"Sở {i % 2}", period=str(2000 + i), number=f"{i}/BC-SNV", rows=rows, **more
        )
    put(folder, "bug.json", do="bug")
    put(folder, "crash.json", do="abort")
    put(folder, "copy.json", agency="Sở 0", period="2000", number="0/BC-SNV", rows=[])


def test_a_cluster_gives_the_bytes_of_a_local_run(run: Run, cluster: Any, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 12)
    here = run(out=tmp_path / "here")
    there = run(out=tmp_path / "there", engine="dask", scheduler=cluster.scheduler_address)
    assert snapshot(tmp_path / "there") == snapshot(tmp_path / "here")
    assert there.failed == here.failed == {"crashed": 2}
    traces = [path.read_text() for path in (tmp_path / "there" / ".work" / "traces").iterdir()]
    assert ["ZeroDivisionError" in trace for trace in traces] == [True]
    put(tmp_path / "in", "new.json", agency="Sở 0", period="2030", rows=[["2", "1", "Số văn bản", "Văn bản", 3]])
    assert run(out=tmp_path / "there").reused == 15  # a local run goes on with what the cluster read
    run(out=tmp_path / "here", engine="dask", scheduler=cluster.scheduler_address)
    assert snapshot(tmp_path / "there") == snapshot(tmp_path / "here")


def test_real_reports_and_kept_documents_travel(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [*sorted(CORPUS.glob("so-noi-vu/*.txt"))[:2], sorted(CORPUS.glob("so-noi-vu/*.docx"))[0]]
    on_cluster = {"engine": "dask", "scheduler": cluster.scheduler_address}
    batch.ingest(sources, tmp_path / "here", jobs=2)
    batch.ingest(sources, tmp_path / "there", **on_cluster)
    whole = snapshot(tmp_path / "here")
    assert snapshot(tmp_path / "there") == whole
    database = ledger.Ledger(tmp_path / "there" / ".work" / "ledger.sqlite")
    database._database.execute("UPDATE readings SET normalized = 'older'")
    database.close()
    planned = dry_run(sources, tmp_path / "there")
    assert {one.action for one in planned} == {plan.NORMALIZE}
    batch.ingest(sources, tmp_path / "there", **on_cluster)
    assert snapshot(tmp_path / "there") == whole
    assert {one.action for one in dry_run(sources, tmp_path / "there")} == {plan.REUSE}


def test_a_worker_that_is_killed_in_the_middle_costs_nothing(run: Run, cluster: Any, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 40, seconds=0.1)
    run(out=tmp_path / "here")
    killed: list[int] = []

    def kill_one(step: Progress) -> None:
        if step.stage == "read" and step.done >= 8 and not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    run(out=tmp_path / "there", engine="dask", scheduler=cluster.scheduler_address, progress=kill_one)
    assert killed
    assert snapshot(tmp_path / "there") == snapshot(tmp_path / "here")
    parts = tmp_path / "there" / ".work" / "parts"
    assert all(folder.name.isdecimal() for folder in parts.iterdir())


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    put(tmp_path / "in", "a.json", rows=[])
    with pytest.raises(UsageError, match="needs a scheduler"):
        batch.ingest(tmp_path / "in", tmp_path / "out", engine="dask")
    with pytest.raises(UsageError, match="no engine 'spark'"):
        batch.ingest(tmp_path / "in", tmp_path / "out", engine="spark")


@pytest.fixture(name="bucket", scope="module")
def _bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    pytest.importorskip("s3fs")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
        "NO_PROXY": "127.0.0.1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir("reports")
        yield "s3://reports"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def put_behind(url: str, folder: Path) -> None:
    import s3fs

    for path in folder.iterdir():
        s3fs.S3FileSystem().put_file(str(path), f"{url.removeprefix('s3://')}/{path.name}")


def behind(url: str) -> dict[str, bytes]:
    import s3fs

    system, base = s3fs.S3FileSystem(), url.removeprefix("s3://")
    system.invalidate_cache()
    files = [path for path in system.find(base) if "/.work/" not in path]
    return {path.removeprefix(f"{base}/"): system.cat_file(path) for path in files}


def test_reports_and_dataset_behind_s3_are_those_of_local_folders(run: Run, bucket: str, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 5)
    put_behind(f"{bucket}/in", tmp_path / "in")
    run()
    run(f"{bucket}/in", out=f"{bucket}/out")
    assert behind(f"{bucket}/out") == snapshot(tmp_path / "out")
    import s3fs

    s3fs.S3FileSystem().rm_file("reports/in/00.json")
    (tmp_path / "in" / "00.json").unlink()
    assert run(f"{bucket}/in", out=f"{bucket}/out").reused == 7
    run()
    assert behind(f"{bucket}/out") == snapshot(tmp_path / "out")


def test_another_machine_goes_on_where_the_first_one_was(
    run: Run, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_reports(tmp_path / "in", 4)
    run(out=f"{bucket}/shared")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert run(out=f"{bucket}/shared").reused == 7


def test_a_cluster_reads_from_s3_and_writes_parts_there(run: Run, bucket: str, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 5)
    put_behind(f"{bucket}/in2", tmp_path / "in")
    run()
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": True, "dashboard_address": ":0"}
    patient = dask.config.set(PATIENT_CLUSTER)
    with patient, distributed.LocalCluster(**options, silence_logs=50) as cluster:  # its workers know the S3 server
        run(f"{bucket}/in2", out=f"{bucket}/out2", engine="dask", scheduler=cluster.scheduler_address)
    assert behind(f"{bucket}/out2") == snapshot(tmp_path / "out")


def lease_behind(url: str, **facts: Any) -> None:
    import s3fs

    found = {"token": "x", "host": "may-khac", "machine": "y", "time": time.time(), **facts}
    s3fs.S3FileSystem().pipe_file(f"{url}/{remote_lock.NAME}", json.dumps(found).encode())


def test_a_second_run_on_one_s3_output_is_refused_and_changes_nothing(
    run: Run, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_reports(tmp_path / "in", 2)
    url = f"{bucket}/leased"
    run(out=url)
    before = behind(url)
    some_reports(tmp_path / "in", 3)
    lease_behind(url)
    with pytest.raises(OutputBusy, match=r"on may-khac, is writing to s3://reports/leased"):
        run(out=url)
    assert behind(url) == before
    monkeypatch.setattr(remote_lock, "SECONDS_TO_SETTLE", 0)
    lease_behind(url, time=time.time() - remote_lock.SECONDS_IT_HOLDS - 1)
    run(out=url)
    assert behind(url) != before
    assert not list_behind(url, remote_lock.NAME)


def list_behind(url: str, name: str) -> bool:
    import s3fs

    system = s3fs.S3FileSystem()
    system.invalidate_cache()
    return bool(system.exists(f"{url}/{name}"))


def test_of_two_runs_that_come_at_once_one_has_the_output(bucket: str, tmp_path: Path) -> None:
    url = f"{bucket}/raced"
    system, base = remote.filesystem(url)
    with remote_lock.leased(system, base, url, tmp_path / "one") as held:
        with pytest.raises(OutputBusy), remote_lock.leased(system, base, url, tmp_path / "other"):
            pass
        with pytest.raises(OutputBusy), remote_lock.leased(system, base, url, tmp_path / "one"):
            pass  # the same machine: the system's own lock
        assert held.is_ours()
    assert not list_behind(url, remote_lock.NAME)


def test_a_lease_is_renewed_and_one_left_by_a_killed_run_of_this_machine_is_taken_at_once(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_lock, "SECONDS_TO_SETTLE", 0)
    monkeypatch.setattr(remote_lock, "SECONDS_BETWEEN_RENEWALS", 0.05)
    url = f"{bucket}/renewed"
    system, base = remote.filesystem(url)
    with remote_lock.leased(system, base, url, tmp_path):
        machine = (tmp_path / "machine").read_text()
        first = system.cat_file(f"{base}/{remote_lock.NAME}")
        assert wait_until(lambda: system.cat_file(f"{base}/{remote_lock.NAME}") != first, 20)
    lease_behind(url, machine=machine)
    with remote_lock.leased(system, base, url, tmp_path) as taken:
        assert taken.is_ours()


def test_a_run_whose_lease_was_taken_publishes_nothing(run: Run, bucket: str, tmp_path: Path) -> None:
    some_reports(tmp_path / "in", 2)
    url = f"{bucket}/taken"

    def steal(step: Progress) -> None:
        if step.stage == "write" and step.done == 1:
            lease_behind(url)

    with pytest.raises(OutputBusy):
        run(out=url, progress=steal)
    assert behind(url) == {}
    assert list_behind(url, remote_lock.NAME)  # not ours to remove


def test_the_command_line_takes_urls(bucket: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = sorted(CORPUS.glob("so-noi-vu/*.txt"))[:1]
    (tmp_path / "in").mkdir()
    for path in reports:
        (tmp_path / "in" / path.name).write_bytes(path.read_bytes())
    put_behind(f"{bucket}/in3", tmp_path / "in")
    assert cli.run(["ingest", f"{bucket}/in3", "--out", f"{bucket}/out3"]) == 0
    assert "datapackage.json" in behind(f"{bucket}/out3")
    assert cli.run(["ingest", f"{bucket}/in3", "--out", f"{bucket}/out3", "--watch"]) == 2
    assert "local folders" in capsys.readouterr().err
