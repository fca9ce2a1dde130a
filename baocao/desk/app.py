"""What the desk answers: files taken, a folder chosen, the run started, watched and stopped, the result opened.

In: a `Place`. Out: Starlette routes behind `review.guard.Guard`, with the review desk of the result under
`/review/`. The only paths a request may name are folders to read; what is written and opened lies in the work
folder under fixed names. Reports and the result's pages are never served here: the system's own programs open them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from baocao.batch import ingest
from baocao.desk.place import NotTaken, Place, existing_folder, folders_in
from baocao.desk.run import Run
from baocao.errors import BaocaoError
from baocao.messages import language
from baocao.output import manifest_of
from baocao.review.app import STATIC as REVIEW_STATIC
from baocao.review.app import ReviewPages, read_order, refusal, static_file
from baocao.review.doubts import Desk
from baocao.review.guard import Guard
from baocao.review.sources import SourceFiles

STATIC = Path(__file__).with_name("static")
OPENED = {"page": "index.html", "workbook": "bao-cao.xlsx", "folder": ""}


class DeskPages:
    """The answers. `open_file` starts the system's program for a file; tests put their own."""

    def __init__(self, place: Place, open_file: Callable[[Path], bool] | None = None) -> None:
        self._place = place
        self._open = open_file or open_with_system
        self._chosen: Path | None = None
        self._review: Starlette | None = None
        self._serials = count()
        self.run = Run(ingest, self._renew_review)
        self._renew_review()

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", static_file(STATIC / "desk.html", "text/html")),
            Route("/desk.js", static_file(STATIC / "desk.js", "text/javascript")),
            Route("/desk.css", static_file(STATIC / "desk.css", "text/css")),
            Route("/review.css", static_file(REVIEW_STATIC / "review.css", "text/css")),
            Route("/icon.svg", static_file(REVIEW_STATIC / "icon.svg", "image/svg+xml")),
            Route("/api/desk", self._state),
            Route("/api/folders", self._folders),
            Route("/api/upload", self._upload, methods=["POST"]),
            Route("/api/choose", self._ordered(self.choose), methods=["POST"]),
            Route("/api/start", self._ordered(self.start), methods=["POST"]),
            Route("/api/stop", self._ordered(self.stop), methods=["POST"]),
            Route("/api/open", self._ordered(self.open), methods=["POST"]),
            Mount("/review", app=self._review_app),
        ]

    # ------------------------------------------------------------ answers

    def state(self) -> dict[str, Any]:
        place, serial = self._place, next(self._serials)
        there = {what: (place.result / name).exists() for what, name in OPENED.items()}
        return {
            "serial": serial,  # a later one knows at least as much
            "folder": str(place.folder),
            "dropped": place.n_dropped(),
            "chosen": str(self._chosen) if self._chosen else "",
            "run": self.run.state(),
            "has_result": manifest_of(place.result) is not None,
            "there": there,
            "has_review": self._review is not None,
            "language": language(),
        }

    def folders(self, text: str) -> dict[str, Any]:
        """The folders in a folder, to pick one from."""
        path = existing_folder(text) if text else Path.home()
        parent = str(path.parent) if path.parent != path else ""
        return {"path": str(path), "parent": parent, "folders": folders_in(path), "separator": os.sep}

    def choose(self, order: Mapping[str, Any]) -> Any:
        text = str(order.get("path", ""))
        self._chosen = self._place.choose(text) if text else None
        return self.state()

    def start(self, _: Mapping[str, Any]) -> Any:
        """Read the chosen folder and what was dropped."""
        sources = [self._chosen] if self._chosen else []
        if self._place.n_dropped():
            sources.append(self._place.dropped)
        if not sources:
            raise NotTaken("nothing-to-read")
        if not self.run.start(sources, self._place.result):
            raise NotTaken("is-running")
        return self.state()

    def stop(self, _: Mapping[str, Any]) -> Any:
        self.run.stop()
        return self.state()

    def open(self, order: Mapping[str, Any]) -> Any:
        """Open one part of the result with the system's program; say where it lies where that fails."""
        what = str(order.get("what", ""))
        if what not in OPENED:
            raise NotTaken("bad-request")
        path = self._place.result / OPENED[what]
        if not path.exists():
            raise NotTaken("not-there")
        return {"opened": self._open(path), "path": str(path)}

    # ------------------------------------------------------------ plumbing

    def _renew_review(self) -> None:
        """A review desk over the dataset as it now stands."""
        result = self._place.result
        if manifest_of(result) is not None:
            self._review = Starlette(routes=ReviewPages(Desk(result), SourceFiles(result)).routes())

    async def _review_app(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._review or PlainTextResponse("There is no result yet.", 404)
        await app(scope, receive, send)

    async def _state(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.state))

    async def _folders(self, request: Request) -> Response:
        return await _answered(self.folders, request.query_params.get("path", "")[:4000])

    async def _upload(self, request: Request) -> Response:
        if request.headers.get("content-type", "") != "application/octet-stream":
            return refusal("bad-request", 400)
        try:
            name = await self._place.take(request.query_params.get("name", "")[:2000], request.stream())
        except NotTaken as error:
            return refusal(error.key, 422)
        except ClientDisconnect:
            return refusal("bad-request", 400)
        except OSError as error:
            return refusal("not-written", 507, error.strerror or str(error))
        return JSONResponse({"name": name})

    def _ordered(self, work: Callable[[Mapping[str, Any]], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            order = await read_order(request)
            return await _answered(work, order) if order is not None else refusal("bad-request", 400)

        return answer


def desk_app(place: Place, *, token: str, port: int, open_file: Callable[[Path], bool] | None = None) -> Guard:
    """The desk behind its guard."""
    return Guard(Starlette(routes=DeskPages(place, open_file).routes()), token=token, port=port)


def open_with_system(path: Path) -> bool:
    """Hand a file or folder to the program the system has for it; False where there is none."""
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606
            return True
        if path.suffix == ".html":
            return webbrowser.open(path.resolve().as_uri())
        command = "open" if sys.platform == "darwin" else "xdg-open"
        quiet = subprocess.DEVNULL
        subprocess.Popen([command, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return False
    return True


async def _answered(work: Callable[[Any], Any], asked: Any) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(work, asked))
    except NotTaken as error:
        return refusal(error.key, 422)
    except BaocaoError as error:
        return refusal(error.code, 409, f"{error.message} {error.next_step}")
