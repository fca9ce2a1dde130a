"""The desk for those without a terminal: files in, run, result, and nothing outside its folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from baocao.desk.app import desk_app
from baocao.desk.place import NotTaken, Place, safe_parts
from tests.review.conftest import rows_of, write_report

PORT = 8125
HERE = f"http://127.0.0.1:{PORT}"


class Clerk:
    """A person at the page."""

    def __init__(self, folder: Path) -> None:
        self.opened: list[Path] = []
        app = desk_app(Place(folder), token="t", port=PORT, open_file=lambda path: not self.opened.append(path))
        self.client = TestClient(app, base_url=HERE, headers={"origin": HERE})
        assert self.client.get("/?token=t").status_code == 200

    def post(self, path: str, /, **order: Any) -> Any:
        answer = self.client.post(path, json=order)
        return answer.status_code, answer.json()

    def drop(self, name: str, content: bytes) -> Any:
        kind = {"content-type": "application/octet-stream"}
        answer = self.client.post("/api/upload", params={"name": name}, content=content, headers=kind)
        return answer.status_code, answer.json()

    def wait(self) -> Any:
        for _ in range(3000):  # five minutes: what a busy machine may take
            state = self.client.get("/api/desk").json()
            if state["run"]["state"] != "running":
                return state
            time.sleep(0.1)
        raise AssertionError("the run does not end")


@pytest.fixture(name="clerk")
def _clerk(tmp_path: Path) -> Clerk:
    return Clerk(tmp_path / "work")


def test_dropped_reports_are_read_reviewed_and_read_again(clerk: Clerk, tmp_path: Path) -> None:
    content = write_report(tmp_path, "2023.txt").read_bytes()
    assert clerk.drop("so-noi-vu/2023.txt", content) == (200, {"name": "so-noi-vu/2023.txt"})
    assert clerk.post("/api/start")[0] == 200
    state = clerk.wait()
    assert (state["run"]["state"], state["has_result"], state["has_review"]) == ("done", True, True)
    assert state["run"]["recap"]["en"][0] == "Read 1 of 1 files"
    assert not any(str(tmp_path) in line for line in state["run"]["recap"]["vi"])
    items = clerk.client.get("/review/api/doubts").json()["items"]
    at = next(item["at"] for item in items if item["code"] == "sum-mismatch")
    order = {"ids": [at], "verdict": "correct", "value": "15", "reason": "cộng lại", "who": "Lan"}
    assert clerk.post("/review/api/decide", **order)[0] == 200
    clerk.post("/api/start")
    clerk.wait()
    rows = {r["stt"]: r for r in rows_of(tmp_path / "work" / "ket-qua" / "observations.csv")}
    assert (rows["1"]["value"], rows["1"]["status"]) == ("15", "corrected")


def test_the_result_is_opened_by_fixed_names_only(clerk: Clerk, tmp_path: Path) -> None:
    assert clerk.post("/api/open", what="folder")[1]["error"] == "not-there"
    clerk.drop("2023.txt", write_report(tmp_path, "2023.txt").read_bytes())
    clerk.post("/api/start")
    clerk.wait()
    assert clerk.post("/api/open", what="folder")[1]["opened"] is True
    assert clerk.opened == [tmp_path / "work" / "ket-qua"]
    for what in ("../../etc/passwd", "/etc/passwd", "", "corrections.csv"):
        assert clerk.post("/api/open", what=what)[1]["error"] == "bad-request"


def test_a_chosen_folder_is_read_where_it_lies(clerk: Clerk, tmp_path: Path) -> None:
    write_report(tmp_path / "kho", "2023.txt")
    assert clerk.post("/api/choose", path=str(tmp_path / "kho"))[0] == 200
    clerk.post("/api/start")
    assert clerk.wait()["run"]["state"] == "done"
    assert not list((tmp_path / "work" / "bao-cao").iterdir())


@pytest.mark.parametrize(
    "path, error",
    [
        ("relative", "no-folder"),
        ("/does/not/exist", "no-folder"),
        ("{work}", "holds-result"),
        ("{work}/ket-qua", "no-folder"),
        ("/", "holds-result"),
        ("a\x00b", "no-folder"),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused(clerk: Clerk, tmp_path: Path, path: str, error: str) -> None:
    assert clerk.post("/api/choose", path=path.format(work=tmp_path / "work"))[1]["error"] == error


def test_a_run_without_reports_is_refused_in_words(clerk: Clerk) -> None:
    assert clerk.post("/api/start")[1]["error"] == "nothing-to-read"


def test_folders_can_be_looked_through(clerk: Clerk, tmp_path: Path) -> None:
    (tmp_path / "kho" / "2024").mkdir(parents=True)
    (tmp_path / "kho" / ".an").mkdir()
    found = clerk.client.get("/api/folders", params={"path": str(tmp_path / "kho")}).json()
    assert (found["folders"], found["parent"]) == (["2024"], str(tmp_path))


@pytest.mark.parametrize(
    "sent, taken",
    [
        ("a.pdf", ["a.pdf"]),
        ("Sở/Báo cáo năm 2024.docx", ["Sở", "Báo cáo năm 2024.docx"]),
        ("../../../etc/x.pdf", ["etc", "x.pdf"]),
        ("/etc/x.pdf", ["etc", "x.pdf"]),
        ("C:\\Users\\lan\\x.pdf", ["C", "Users", "lan", "x.pdf"]),
        ("con.pdf", ["_con.pdf"]),
        ("a\x00b\u202efdp.pdf", ["abfdp.pdf"]),
        ("x.pdf. . ", ["x.pdf"]),
        ("dir./x.pdf", ["dir", "x.pdf"]),
        ("a" * 400 + ".pdf", ["a" * 146 + ".pdf"]),
    ],
)
def test_a_sent_name_stays_inside_on_every_system(sent: str, taken: list[str]) -> None:
    assert safe_parts(sent) == taken


@pytest.mark.parametrize("sent", ["", ".", "..", "/", "\x00", "~$x.docx", "Thumbs.db", ".hidden", "a/" * 30 + "x"])
def test_what_is_no_report_by_its_name_is_not_taken(sent: str) -> None:
    with pytest.raises(NotTaken):
        safe_parts(sent)


def test_the_same_file_is_taken_once_and_another_of_its_name_beside_it(clerk: Clerk, tmp_path: Path) -> None:
    for content in (b"one", b"one", b"two"):
        assert clerk.drop("a.txt", content)[0] == 200
    names = sorted(path.name for path in (tmp_path / "work" / "bao-cao").iterdir())
    assert names == ["a-2.txt", "a.txt"]


def test_a_form_of_another_page_cannot_drop_files(clerk: Clerk) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", ""):
        answer = clerk.client.post("/api/upload?name=a.txt", content=b"x", headers={"content-type": kind})
        assert answer.status_code == 400
    headers = {"content-type": "application/octet-stream", "origin": "http://evil.example"}
    assert clerk.client.post("/api/upload?name=a.txt", content=b"x", headers=headers).status_code == 403


def test_a_file_that_is_too_large_leaves_nothing_behind(
    clerk: Clerk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("baocao.desk.place.MOST_BYTES", 10)
    assert clerk.drop("a.txt", b"x" * 11)[1]["error"] == "too-large"
    assert list((tmp_path / "work" / "bao-cao").iterdir()) == []


@pytest.mark.parametrize(
    "path", ["/ket-qua/observations.csv", "/bao-cao/a.txt", "/../desk.html", "/review/../desk.js.py"]
)
def test_files_of_the_work_folder_are_not_served(clerk: Clerk, path: str) -> None:
    clerk.drop("a.txt", b"x")
    assert clerk.client.get(path).status_code == 404


def test_a_stopped_run_says_so_and_can_be_started_again(clerk: Clerk, tmp_path: Path) -> None:
    for year in range(2015, 2019):
        clerk.drop(f"{year}.txt", write_report(tmp_path, f"{year}.txt", year=year, number=year).read_bytes())
    clerk.post("/api/start")
    clerk.post("/api/stop")
    assert clerk.wait()["run"]["state"] == "stopped"
    clerk.post("/api/start")
    assert clerk.wait()["run"]["state"] == "done"
