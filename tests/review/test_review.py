"""From the browser to the dataset and back: what is decided is written, survives, and shows."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from baocao.review.app import review_app
from baocao.review.doubts import Desk
from baocao.review.sources import SourceFiles
from tests.review.conftest import read, rows_of, write_report

PORT = 8124
HERE = f"http://127.0.0.1:{PORT}"


class Browser:
    """The page's conversation with the desk."""

    def __init__(self, out: Path) -> None:
        app = review_app(Desk(out), SourceFiles(out), token="t", port=PORT)
        self._client = TestClient(app, base_url=HERE, headers={"origin": HERE})
        assert self._client.get("/?token=t").status_code == 200

    def get(self, path: str) -> Any:
        answer = self._client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, /, **order: Any) -> Any:
        answer = self._client.post(path, json=order)
        return answer.status_code, answer.json()

    def number(self, code: str, source: str = "2023") -> int:
        items = self.get(f"/api/doubts?code={code}&state=all&severity=error,warning,info")["items"]
        (at,) = [item["at"] for item in items if source in item["source"]]
        return int(at)


@pytest.fixture(name="root")
def _root(dataset: Path, tmp_path: Path) -> Path:
    shutil.copytree(dataset, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(name="browser")
def _browser(root: Path) -> Browser:
    return Browser(root / "out")


def observation(root: Path, stt: str, source: str = "2023") -> dict[str, str]:
    (row,) = [r for r in rows_of(root / "out" / "observations.csv") if r["stt"] == stt and source in r["source"]]
    return row


def findings(root: Path, code: str, source: str = "2023") -> list[dict[str, str]]:
    return [f for f in rows_of(root / "out" / "findings.csv") if f["code"] == code and source in f["source"]]


def test_the_worst_stands_first(browser: Browser) -> None:
    items = browser.get("/api/doubts?severity=error,warning,info&state=all")["items"]
    severities = [item["severity"] for item in items]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert severities[0] == "error"


def test_a_correction_is_written_and_shows_after_the_next_run(root: Path, browser: Browser) -> None:
    at = browser.number("sum-mismatch")
    assert browser.post("/api/decide", ids=[at], verdict="correct", value="15", reason="12+3+0", who="Lan")[0] == 200
    (row,) = rows_of(root / "out" / "corrections.csv")
    assert (row["expect"], row["value"], row["reason"], row["who"]) == ("20", "15", "12+3+0", "Lan")
    assert observation(root, "1")["value"] == "20", "the dataset itself is changed by a run only"
    summary = read(root / "in", out=root / "out")
    assert (observation(root, "1")["value"], observation(root, "1")["status"]) == ("15", "corrected")
    assert observation(root, "1")["value_raw"] == "20", "what is printed is never lost"
    assert [f["settled"] for f in findings(root, "sum-mismatch")] == ["corrected"]
    assert summary.findings["error"] == 2


def test_a_correction_follows_a_file_that_was_moved_and_renamed(root: Path, browser: Browser) -> None:
    browser.post("/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="r", who="")
    (root / "in" / "kho").mkdir()
    (root / "in" / "so-noi-vu" / "2023.txt").rename(root / "in" / "kho" / "2023 ban chinh.txt")
    read(root / "in", out=root / "out")
    assert (observation(root, "1")["value"], observation(root, "1")["status"]) == ("15", "corrected")


def test_a_correction_survives_a_newer_reader_that_counts_rows_otherwise(root: Path, browser: Browser) -> None:
    before = observation(root, "1")["row"]
    browser.post("/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="r", who="")
    read(root / "in", out=root / "out", reader="tests.review.newer_reader:read", force=True)
    row = observation(root, "1")
    assert (int(row["row"]), row["value"], row["status"]) == (int(before) + 1, "15", "corrected")
    assert findings(root, "correction-stale") == []
    corrected = [r for r in rows_of(root / "out" / "observations.csv") if r["status"] == "corrected"]
    assert [r["observation_id"] for r in corrected] == [row["observation_id"]]


def test_a_correction_survives_the_cache_being_deleted(root: Path, browser: Browser) -> None:
    browser.post("/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="r", who="")
    shutil.rmtree(root / "out" / ".work")
    read(root / "in", out=root / "out")
    assert observation(root, "1")["status"] == "corrected"


def test_accepting_settles_the_finding_and_keeps_the_figure(root: Path, browser: Browser) -> None:
    at = browser.number("sum-mismatch")
    browser.post("/api/decide", ids=[at], verdict="accept", reason="đúng", who="Lan")
    assert browser.get(f"/api/doubt/{at}")["verdict"] == "accepted"
    read(root / "in", out=root / "out")
    assert (observation(root, "1")["value"], observation(root, "1")["status"]) == ("20", "corrected")
    assert [f["settled"] for f in findings(root, "sum-mismatch")] == ["accepted"]


def test_rejecting_takes_the_value_out_and_keeps_the_print(root: Path, browser: Browser) -> None:
    at = browser.number("unit-value-mismatch")
    browser.post("/api/decide", ids=[at], verdict="reject", reason="sai đơn vị", who="Lan")
    read(root / "in", out=root / "out")
    row = observation(root, "2")
    assert (row["value"], row["value_raw"], row["status"]) == ("", "9 cuộc", "corrected")


def test_a_report_whose_errors_are_all_settled_is_doubtful_no_more(root: Path, browser: Browser) -> None:
    numbers = [browser.number("sum-mismatch"), browser.number("unit-value-mismatch")]
    assert browser.post("/api/decide", ids=numbers, verdict="accept", reason="đã hỏi", who="Lan")[1]["written"] == 2
    summary = read(root / "in", out=root / "out", strict=True)
    status = {r["source"]: r["status"] for r in rows_of(root / "out" / "reports.csv")}
    assert status == {"so-noi-vu/2023.txt": "ok", "so-noi-vu/2024.txt": "doubtful"}
    assert summary.findings["error"] == 1


def test_findings_of_one_kind_are_settled_together_and_taken_back_together(root: Path, browser: Browser) -> None:
    wanted = {"code": "unit-value-mismatch", "severity": "error", "state": "open"}
    status, answer = browser.post("/api/decide", wanted=wanted, verdict="accept", reason="đếm số cuộc", who="Lan")
    assert (status, answer) == (200, {"written": 2, "findings": 2})
    assert browser.get("/api/doubts?code=unit-value-mismatch")["total"] == 0
    assert browser.post("/api/undo") == (200, {"taken_back": 2})
    assert rows_of(root / "out" / "corrections.csv") == []
    assert browser.get("/api/doubts?code=unit-value-mismatch")["total"] == 2


def test_undo_takes_back_the_last_decision_and_no_other(root: Path, browser: Browser) -> None:
    browser.post("/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="r", who="")
    browser.post("/api/decide", ids=[browser.number("unit-value-mismatch")], verdict="accept", reason="", who="")
    browser.post("/api/undo")
    assert [row["value"] for row in rows_of(root / "out" / "corrections.csv")] == ["15"]
    browser.post("/api/undo")
    assert browser.post("/api/undo")[0] == 422


def test_a_second_decision_follows_on_the_first(root: Path, browser: Browser) -> None:
    at = browser.number("sum-mismatch")
    for value in ("16", "15"):
        browser.post("/api/decide", ids=[at], verdict="correct", value=value, reason="r", who="")
    assert [(r["expect"], r["value"]) for r in rows_of(root / "out" / "corrections.csv")] == [
        ("20", "16"),
        ("16", "15"),
    ]
    read(root / "in", out=root / "out")
    assert observation(root, "1")["value"] == "15"


@pytest.mark.parametrize(
    "order, error",
    [
        ({"verdict": "correct", "value": "15", "reason": " "}, "reason-needed"),
        ({"verdict": "reject", "reason": ""}, "reason-needed"),
        ({"verdict": "correct", "value": "1.234", "reason": "r"}, "no-number"),
        ({"verdict": "correct", "value": "mười", "reason": "r"}, "no-number"),
        ({"verdict": "correct", "value": "", "reason": "r"}, "no-number"),
        ({"verdict": "correct", "value": "1", "reason": "r", "column": "status"}, "bad-request"),
        ({"verdict": "delete", "reason": "r"}, "bad-request"),
    ],
)
def test_what_is_not_certain_is_not_recorded(root: Path, browser: Browser, order: dict[str, str], error: str) -> None:
    status, answer = browser.post("/api/decide", ids=[browser.number("sum-mismatch")], who="me", **order)
    assert (status, answer["error"]) == (422, error)
    assert rows_of(root / "out" / "corrections.csv") == []


def test_a_guard_that_no_longer_fits_is_a_finding_and_no_guess(root: Path, browser: Browser) -> None:
    browser.post("/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="r", who="")
    path = root / "out" / "corrections.csv"
    path.write_text(path.read_text("utf-8-sig").replace(",20,15,", ",21,15,"), "utf-8")
    read(root / "in", out=root / "out")
    assert observation(root, "1")["value"] == "20"
    (stale,) = findings(root, "correction-stale")
    assert (stale["stt"], stale["expected"], stale["actual"]) == ("1", "21", "20")


def test_what_people_typed_into_the_file_stays_as_it_is(root: Path) -> None:
    path = root / "out" / "corrections.csv"
    sha256 = rows_of(root / "out" / "reports.csv")[0]["sha256"]
    path.write_text(
        "sha256;table;row;measure;breakdown;column;expect;value;reason;who;when;của tôi\n"
        f"{sha256};1;2;actual;;value;12;11,5;xem lại;Minh;01/02/2025;giữ\n",
        "utf-8",
    )
    browser = Browser(root / "out")
    browser.post(
        "/api/decide", ids=[browser.number("sum-mismatch")], verdict="correct", value="15", reason="=1+1", who=""
    )
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[1].startswith(f"{sha256};1;2;actual;;value;12;11,5;xem lại;Minh;01/02/2025;giữ")
    assert ";'=1+1;" in lines[2]
    read(root / "in", out=root / "out")
    assert (observation(root, "1.1")["value"], observation(root, "1")["value"]) == ("11.5", "15")


def test_a_finding_about_no_figure_can_be_accepted_only(root: Path) -> None:
    write_report(root / "in", "so-noi-vu/2023-ban-2.txt", total="20").write_bytes(
        (root / "in" / "so-noi-vu" / "2023.txt").read_bytes()
    )
    read(root / "in", out=root / "out")
    browser = Browser(root / "out")
    at = browser.number("report-duplicate", "so-noi-vu/")
    assert browser.post("/api/decide", ids=[at], verdict="reject", reason="r", who="")[1]["error"] == "no-figure"
    assert browser.post("/api/decide", ids=[at], verdict="accept", reason="hai bản", who="")[0] == 200
    assert browser.get(f"/api/doubt/{at}")["verdict"] == "accepted"
    read(root / "in", out=root / "out")
    assert [f["settled"] for f in findings(root, "report-duplicate", "so-noi-vu/")] == ["accepted"]


def test_a_source_without_pages_shows_the_table_with_the_cell_marked(browser: Browser) -> None:
    at = browser.number("sum-mismatch")
    detail = browser.get(f"/api/doubt/{at}")
    assert (detail["picture"], detail["has_pages"], detail["has_source"]) == ("", False, True)
    grid = browser.get(f"/api/grid/{at}?all=1")
    assert [row["stt_raw"] for row in grid["rows"]] == ["1", "1.1", "1.2", "1.3", "2"]
    marked = [
        (row["row"], cell["raw"])
        for row in grid["rows"]
        for cell in row["cells"].values()
        if cell["id"] == grid["marked"]
    ]
    assert marked == [(1, "20")]


def test_a_file_that_was_changed_is_not_taken_for_the_source(tmp_path: Path) -> None:
    file = write_report(tmp_path / "in", "2023.txt")
    read(tmp_path / "in", out=tmp_path / "out")
    browser = Browser(tmp_path / "out")
    at = browser.number("sum-mismatch")
    assert browser.get(f"/api/doubt/{at}")["has_source"] is True
    file.write_text("khác", "utf-8")
    assert browser.get(f"/api/doubt/{at}")["has_source"] is False
