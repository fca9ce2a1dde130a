"""The desk lets in one person at this machine and nobody else: host, token, cookie, origin, paths."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from baocao.review.app import STATIC, review_app
from baocao.review.doubts import Desk
from baocao.review.sources import SourceFiles
from tests.review.conftest import rows_of

PORT = 8123
HERE = f"http://127.0.0.1:{PORT}"
TOKEN = "right-token"
ORDER = {"ids": [0], "verdict": "accept", "reason": "", "who": "me"}


@pytest.fixture(name="outside")
def _outside(dataset: Path) -> TestClient:
    """A browser that knows the port and not the secret."""
    app = review_app(Desk(dataset / "out"), SourceFiles(dataset / "out"), token=TOKEN, port=PORT)
    return TestClient(app, base_url=HERE, follow_redirects=False)


@pytest.fixture(name="inside")
def _inside(outside: TestClient) -> TestClient:
    """The browser the address was opened in."""
    assert outside.get(f"/?token={TOKEN}").status_code == 303
    return outside


def test_the_address_sets_a_strict_cookie_and_the_token_leaves_the_address_bar(outside: TestClient) -> None:
    answer = outside.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert outside.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/state", "/api/doubts", "/api/doubt/0", "/review.js", f"/page/{'0' * 64}/1.png"]
)
def test_nothing_is_answered_without_the_cookie(outside: TestClient, path: str) -> None:
    assert outside.get(path).status_code == 403


@pytest.mark.parametrize("given", ["", "wrong", TOKEN[:-1], TOKEN + "x", "%00", "đ"])
def test_a_wrong_token_opens_nothing(outside: TestClient, given: str) -> None:
    answer = outside.get("/", params={"token": given})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}", ""]
)
def test_a_foreign_host_is_refused_even_with_the_cookie(inside: TestClient, host: str) -> None:
    assert inside.get("/api/state", headers={"host": host}).status_code == 421


def test_localhost_is_the_same_machine(inside: TestClient) -> None:
    cookie = {"cookie": f"baocao-{PORT}={TOKEN}", "host": f"localhost:{PORT}"}
    assert inside.get("/api/state", headers=cookie).status_code == 200


@pytest.mark.parametrize(
    "headers, status",
    [
        ({"origin": HERE}, 200),
        ({"origin": HERE, "sec-fetch-site": "same-origin"}, 200),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": f"https://127.0.0.1:{PORT}"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": HERE, "sec-fetch-site": "cross-site"}, 403),
        ({"origin": HERE, "sec-fetch-site": "same-site"}, 403),
        ({"origin": HERE, "sec-fetch-site": "none"}, 403),
    ],
)
def test_only_our_own_page_may_write(
    inside: TestClient, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int
) -> None:
    monkeypatch.setattr(Desk, "decide", lambda *_, **__: 1)
    assert inside.post("/api/decide", json=ORDER, headers=headers).status_code == status


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_not_even_read(inside: TestClient, site: str) -> None:
    assert inside.get("/api/doubts", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "HEAD", "TRACE"])
def test_other_methods_are_not_there(inside: TestClient, method: str) -> None:
    assert inside.request(method, "/api/doubts").status_code == 405


def test_what_writes_cannot_be_asked_for_with_get(inside: TestClient) -> None:
    assert inside.get("/api/decide").status_code == 405
    assert inside.get("/api/undo").status_code == 405


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_of_another_page_is_no_order(inside: TestClient, kind: str) -> None:
    answer = inside.post("/api/decide", content=b'{"ids":[0]}', headers={"origin": HERE, "content-type": kind})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"1", b"[" * 100_000, b'{"a":"' + b"x" * 3_000_000 + b'"}'])
def test_what_is_no_order_is_refused(inside: TestClient, body: bytes) -> None:
    headers = {"origin": HERE, "content-type": "application/json"}
    assert inside.post("/api/decide", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/page/../../../../etc/passwd/1.png",
        "/page/..%2f..%2fetc%2fpasswd/1.png",
        f"/page/{'0' * 64}/../1.png",
        f"/page/{'G' * 64}/1.png",
        f"/page/{'0' * 64}/1.png",
        f"/page/{'0' * 64}/-1.png",
        "/../review/app.py",
        "/%2e%2e/app.py",
        "/static/../app.py",
        "/review.js/../../app.py",
        "/corrections.csv",
    ],
)
def test_no_path_leads_out_of_the_desk(inside: TestClient, path: str) -> None:
    assert inside.get(httpx.URL(HERE).copy_with(raw_path=path.encode())).status_code == 404


def test_every_answer_forbids_what_is_from_elsewhere(inside: TestClient) -> None:
    for path in ("/", "/api/state", "/none"):
        headers = inside.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_page_has_no_script_or_style_of_its_own_and_loads_nothing_from_elsewhere() -> None:
    page = (STATIC / "review.html").read_text("utf-8")
    assert "<script>" not in page
    assert "style=" not in page
    assert "onclick" not in page
    assert "http" not in page
    script = (STATIC / "review.js").read_text("utf-8")
    assert "innerHTML" not in script
    assert "http" not in script


@pytest.mark.parametrize("at", ["9999", "-1", "x", "1.5"])
def test_a_finding_that_is_not_there_is_not_found(inside: TestClient, at: str) -> None:
    assert inside.get(f"/api/doubt/{at}").status_code == 404


@pytest.mark.parametrize("ids", [[9999], [-1], ["0"], [True], [1.5], [None]])
def test_a_decision_about_what_is_not_there_writes_nothing(
    inside: TestClient, dataset: Path, ids: list[object]
) -> None:
    answer = inside.post("/api/decide", json={**ORDER, "ids": ids}, headers={"origin": HERE})
    assert answer.status_code == 404
    assert rows_of(dataset / "out" / "corrections.csv") == []
