"""One run in the background: started, watched, stopped.

In: sources and an output folder. Out: a state that can be asked for at any time: idle, running (with what is
done), done (with the recap in both languages), stopped or failed (with a sentence and the next step).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from baocao.errors import BaocaoError, Progress, RunSummary
from baocao.messages import Messages
from baocao.recap import recap

_MOST_FAILURES = 200


class Run:
    """At most one run at a time. `ingest` is the main job; `done` is called when a dataset was written,
    before the state says so."""

    def __init__(self, ingest: Callable[..., RunSummary], done: Callable[[], None]) -> None:
        self._ingest, self._done = ingest, done
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._state: dict[str, Any] = {"state": "idle"}

    def state(self) -> dict[str, Any]:
        with self._lock:
            return dict(self._state)

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self, sources: Sequence[Path], out: Path) -> bool:
        """Start; False where a run is under way."""
        with self._lock:
            if self.is_running:
                return False
            self._stop.clear()
            self._state = {"state": "running", "stage": "discover", "done": 0, "total": None, "source": ""}
            self._thread = threading.Thread(target=self._work, args=(list(sources), out), daemon=True)
            self._thread.start()
        return True

    def stop(self) -> None:
        """Ask the run to end; it does when the file it is at is read. What was read is kept for the next run."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, sources: list[Path], out: Path) -> None:
        try:
            summary = self._ingest(sources, out, progress=self._tell)
            self._done()
            self._set({"state": "done", **_told(summary)})
        except KeyboardInterrupt:
            self._set({"state": "stopped"})
        except BaocaoError as error:
            self._set({"state": "failed", "code": error.code, "message": error.message, "next_step": error.next_step})
        except Exception as error:
            self._set(
                {"state": "failed", "code": "bug", "message": f"{type(error).__name__}: {error}", "next_step": ""}
            )
            raise

    def _tell(self, step: Progress) -> None:
        if self._stop.is_set():
            raise KeyboardInterrupt
        told = {"stage": step.stage, "done": step.done, "total": step.total, "source": step.source}
        self._set({"state": "running", **told})

    def _set(self, state: dict[str, Any]) -> None:
        with self._lock:
            self._state = state


def _told(summary: RunSummary) -> dict[str, Any]:
    lines = {language: _recap(summary, Messages(language)) for language in ("vi", "en")}
    failures = [
        {"source": f.source, "code": f.code, "message": f.message, "next_step": f.next_step} for f in summary.failures
    ]
    findings = dict(summary.findings)
    return {"recap": lines, "failures": failures[:_MOST_FAILURES], "findings": findings, "exit_code": summary.exit_code}


def _recap(summary: RunSummary, say: Messages) -> list[str]:
    """The recap without its last lines, which say where the result lies: the desk opens it itself."""
    where = say("recap.out", out=f"{summary.out.as_posix().rstrip('/')}/")
    lines = recap(summary, say)
    return [line.strip() for line in lines[: lines.index(where) if where in lines else len(lines)]]
