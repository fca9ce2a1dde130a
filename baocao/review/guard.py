"""Keep everybody out but the person at this machine who was given the address.

In: a request. Out: the same request for the desk, or a refusal. The rules, in order:

1. `Host` must be one of ours (a page elsewhere may point its own name at 127.0.0.1).
2. Only GET and POST are there.
3. `/?token=…` with the right token sets a cookie (HttpOnly, SameSite=Strict) and leads to `/`, so the token
   leaves the address bar. Everything else needs the cookie.
4. What writes (POST) must come from our own page: `Origin` is ours, `Sec-Fetch-Site` says same-origin where
   the browser sends it. What reads may not be asked for by another site either.

Every answer forbids scripts, styles and pictures from anywhere else, frames, sniffing, storing and referrers.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MOST_BODY_BYTES = 2_000_000


def new_token() -> str:
    return secrets.token_urlsafe(32)


class Guard:
    """ASGI middleware. `port` is the one the server listens on; `token` is the secret of its address."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._cookie = f"baocao-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError("only HTTP is served")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        answer = self._answer(scope)
        await (answer or self._app)(scope, receive, send_guarded)

    def _answer(self, scope: Scope) -> ASGIApp | None:
        """A refusal or the redirect that sets the cookie; None for a request that may pass."""
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._hosts:
            return PlainTextResponse("This address is not served.", 421)
        if scope["method"] not in ("GET", "POST"):
            return PlainTextResponse("Only GET and POST.", 405)
        site = headers.get("sec-fetch-site", "")
        if site not in ("", "same-origin", "none"):
            return PlainTextResponse("Requests of other pages are refused.", 403)
        if scope["method"] == "GET" and scope["path"] == "/":
            given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
            if given and self._is_token(given):
                return self._welcome()
        cookies = [cookie_parser(line).get(self._cookie, "") for line in headers.getlist("cookie")]
        if not any(self._is_token(value) for value in cookies):
            return PlainTextResponse("Open the address that was printed when the desk was started.", 403)
        if scope["method"] == "POST":
            if headers.get("origin", "").lower() not in {f"http://{host}" for host in self._hosts}:
                return PlainTextResponse("Requests of other pages are refused.", 403)
            if site == "none":
                return PlainTextResponse("Requests of other pages are refused.", 403)
        return None

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())

    def _welcome(self) -> ASGIApp:
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict", path="/")
        return answer
