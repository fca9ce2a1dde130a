"""What the review desk answers: a page, its findings as JSON, pictures of pages, and the writing of decisions.

In: a `Desk` and the `SourceFiles` it may look into. Out: Starlette routes, to be put behind `guard.Guard`. A
request names findings by number and pictures by content hash and page; it never names a path.
"""

from __future__ import annotations

import getpass
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import regex
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from baocao.errors import BaocaoError
from baocao.messages import language
from baocao.review.doubts import Desk, Refused, Wanted
from baocao.review.guard import MOST_BODY_BYTES, Guard
from baocao.review.pictures import PAGED_FORMATS, NoPicture, Picture, draw
from baocao.review.sources import SourceFiles

STATIC = Path(__file__).with_name("static")
_FILES = {
    "/": ("review.html", "text/html"),
    "/review.js": ("review.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
    "/review.css": ("review.css", "text/css"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_SHA256 = regex.compile(r"^[0-9a-f]{64}$")
_MOST_A_PAGE, _MOST_PICTURES = 500, 24
_GRID_REACH = 4


class ReviewPages:
    """The answers. Reading and drawing happen in threads, so that one slow page holds up no other request."""

    def __init__(self, desk: Desk, sources: SourceFiles) -> None:
        self.desk, self._sources = desk, sources
        self._pictures: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._drawing = Lock()

    def routes(self) -> list[Route]:
        answers: list[Route] = [Route(path, static_file(STATIC / name, kind)) for path, (name, kind) in _FILES.items()]
        answers += [
            Route("/api/state", self._answer(self.state)),
            Route("/api/doubts", self._answer(self.doubts)),
            Route("/api/doubt/{at:int}", self._answer(self.doubt)),
            Route("/api/grid/{at:int}", self._answer(self.grid)),
            Route("/page/{sha256}/{page:int}.png", self.picture),
            Route("/api/decide", self._written(self.decide), methods=["POST"]),
            Route("/api/undo", self._written(self.undo), methods=["POST"]),
        ]
        return answers

    # ------------------------------------------------------------ reading

    def state(self, _: Request) -> Any:
        """Counts, and what the page has to know before it shows anything."""
        return {
            "dataset": self.desk.out.resolve().name,
            "n": len(self.desk),
            "codes": self.desk.counts(),
            "n_pending": self.desk.n_pending,
            "can_undo": self.desk.can_undo,
            "language": language(),
            "who": _who(),
        }

    def doubts(self, request: Request) -> Any:
        """A stretch of the list: `offset`, `limit` and what is wanted."""
        asked = request.query_params
        numbers = self.desk.select(wanted(asked))
        offset, limit = _whole(asked.get("offset"), 0), _whole(asked.get("limit"), 100)
        shown = numbers[offset : offset + min(limit, _MOST_A_PAGE)]
        near = _whole(asked.get("at"), -1)
        return {
            "total": len(numbers),
            "offset": offset,
            "place": numbers.index(near) if near in numbers else -1,
            "items": [self.desk.item(at) for at in shown],
        }

    def doubt(self, request: Request) -> Any:
        """All about one finding, with the picture's address where its page can be drawn."""
        at = self._number(request)
        detail = self.desk.detail(at)
        report = detail["report"]
        row = detail["observation"]
        page = (row or {}).get("page") or detail["page"]
        can_draw = report.get("format") in PAGED_FORMATS and page is not None
        is_there = bool(report.get("sha256")) and self._sources.find(report["sha256"], report["source"]) is not None
        box = [row[side] for side in ("x0", "top", "x1", "bottom")] if row else [None]
        detail["picture"] = f"page/{report['sha256']}/{page}.png" if can_draw and is_there else ""
        detail["box"] = None if None in box else box
        detail["has_pages"], detail["has_source"] = can_draw, is_there
        return detail

    def grid(self, request: Request) -> Any:
        """The table around the finding; whole with `?all=1`."""
        return self.desk.grid(self._number(request), None if request.query_params.get("all") else _GRID_REACH)

    async def picture(self, request: Request) -> Response:
        """One page as PNG; its size in points goes into headers."""
        try:
            picture = await run_in_threadpool(
                self.draw, request.path_params["sha256"], int(request.path_params["page"])
            )
        except NoPicture as error:
            return JSONResponse({"error": "no-picture", "message": str(error)}, 404)
        size = {"X-Page-Width": f"{picture.width:.3f}", "X-Page-Height": f"{picture.height:.3f}"}
        return Response(picture.png, media_type="image/png", headers={**size, "Cache-Control": "private, max-age=600"})

    def draw(self, sha256: str, page: int) -> Picture:
        """Raises `NoPicture`. The file is looked up by its hash among the reports of this dataset only."""
        report = self.desk.report(sha256) if _SHA256.match(sha256) else None
        path = self._sources.find(sha256, report["source"]) if report else None
        if report is None or path is None:
            raise NoPicture("the file is not there")
        with self._drawing:
            if (sha256, page) not in self._pictures:
                (picture,) = draw(path, sha256, report["format"], [(page, None, None)])
                if picture is None:
                    raise NoPicture("there is no such page")
                self._pictures[sha256, page] = picture
                while len(self._pictures) > _MOST_PICTURES:
                    self._pictures.popitem(last=False)
            return self._pictures[sha256, page]

    # ------------------------------------------------------------ writing

    def decide(self, order: Mapping[str, Any]) -> Any:
        """`{ids, verdict, value, column, reason, who}`, or `{wanted, …}` for everything the list shows."""
        if "wanted" in order:
            numbers = self.desk.select(wanted({str(k): str(v) for k, v in dict(order["wanted"]).items()}))
        else:
            numbers = [self._checked(at) for at in order.get("ids", [])]
        words = {name: str(order.get(name, ""))[:2000] for name in ("verdict", "value", "reason", "who")}
        column = str(order.get("column") or "value")
        verdict = words.pop("verdict")
        return {"written": self.desk.decide(numbers, verdict, column=column, **words), "findings": len(numbers)}

    def undo(self, _: Mapping[str, Any]) -> Any:
        return {"taken_back": self.desk.undo()}

    # ------------------------------------------------------------ plumbing

    def _number(self, request: Request) -> int:
        return self._checked(request.path_params["at"])

    def _checked(self, at: Any) -> int:
        if not isinstance(at, int) or isinstance(at, bool) or not 0 <= at < len(self.desk):
            raise Refused("no-finding")
        return at

    def _answer(self, work: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            return await _in_thread(work, request)

        return answer

    def _written(self, work: Callable[[Mapping[str, Any]], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            order = await read_order(request)
            return await _in_thread(work, order) if order is not None else refusal("bad-request", 400)

        return answer


def review_app(desk: Desk, sources: SourceFiles, *, token: str, port: int) -> Guard:
    """The desk behind its guard."""
    return Guard(Starlette(routes=ReviewPages(desk, sources).routes()), token=token, port=port)


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What the list shall show, from the words of a request."""
    severities = frozenset(asked.get("severity", "error,warning").split(","))
    state = asked.get("state", "open")
    return Wanted(
        severities,
        asked.get("code", "")[:100],
        state if state in ("open", "settled", "all") else "open",
        asked.get("q", "")[:200],
    )


async def read_order(request: Request) -> Mapping[str, Any] | None:
    """The JSON object of a request, or None for anything else."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return None
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BODY_BYTES:
                return None
        order = json.loads(body)
    except (ValueError, RecursionError, ClientDisconnect):
        return None
    return order if isinstance(order, dict) else None


def refusal(key: str, status: int, message: str = "") -> JSONResponse:
    """`error` names a sentence of the page's table of words; `message` is for people where there is none."""
    return JSONResponse({"error": key, "message": message or key}, status)


async def _in_thread(work: Callable[[Any], Any], asked: Any) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(work, asked))
    except Refused as error:
        return refusal(error.key, 404 if error.key == "no-finding" else 422)
    except BaocaoError as error:
        return refusal(error.code, 409, f"{error.message} {error.next_step}")


def static_file(path: Path, kind: str) -> Callable[[Request], Any]:
    """One file of the page."""

    async def answer(_: Request) -> Response:
        return FileResponse(path, media_type=f"{kind}; charset=utf-8")

    return answer


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else default


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
