"""One run at a time on an output behind a URL: a lease, an object that says who writes there and until when.

In: the URL. Out: a context in which the output is ours. The object is made only where there is none (a conditional put,
which S3 decides for one of two) and renewed while the run lasts. A run that was killed leaves it behind: it holds until
it was not renewed for half an hour by anybody's clock (S3 itself refuses clocks that are more than a quarter of an hour
wrong), for the machine that made it not at all, as a lock of the system tells there whether that run still lives. Who
takes over such a lease waits and looks whether another took it at the same moment; who lost his publishes nothing.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from baocao.errors import OutputBusy, OutputNotWritable
from baocao.output import lock_patiently

NAME = ".work/lease.json"
SECONDS_BETWEEN_RENEWALS = 60.0
SECONDS_IT_HOLDS = 1_800.0
SECONDS_TO_SETTLE = 3.0  # longer than a small object takes to be written


class Lease:
    """The lease of one output: `is_ours` says whether it still is."""

    def __init__(self, system: Any, base: str, url: str, machine: str) -> None:
        self._system, self._path, self._url, self._machine = system, f"{base}/{NAME}", url, machine
        self._token = secrets.token_hex(16)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def take(self) -> None:
        """Raises `OutputBusy` where another run holds it, `OutputNotWritable`."""
        try:
            if not self._make():
                self._take_over()
            if not self.is_ours():
                raise self.lost()
        except OSError as error:
            raise OutputNotWritable(
                f"{self._url} cannot be written: {error}.", "Check the address and the credentials."
            ) from error
        self._thread.start()

    def _take_over(self) -> None:
        found = self._read()
        if found is not None and not self._is_left_behind(found):
            raise self._busy(found)
        self._write()
        time.sleep(SECONDS_TO_SETTLE)  # another may have seen the same: the later of the two has it

    def is_ours(self) -> bool:
        found = self._read()
        return found is not None and found.get("token") == self._token

    def give_back(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        with suppress(OSError):
            if self.is_ours():
                self._system.rm_file(self._path)

    def lost(self) -> OutputBusy:
        return self._busy(self._read() or {})

    def _busy(self, found: dict[str, Any]) -> OutputBusy:
        who, when = found.get("host", "?"), time.strftime("%H:%M:%S", time.localtime(_seconds(found)))
        return OutputBusy(
            f"Another run, on {who}, is writing to {self._url} (last heard of at {when}).",
            f"Wait until it has ended, then run again. If it was killed, remove {self._url}/{NAME}.",
        )

    def _is_left_behind(self, found: dict[str, Any]) -> bool:
        # The lock of the system on this machine is ours: no other run here can hold the lease.
        return found.get("machine") == self._machine or time.time() - _seconds(found) > SECONDS_IT_HOLDS

    def _content(self) -> bytes:
        facts = {"token": self._token, "host": socket.gethostname(), "machine": self._machine, "time": time.time()}
        return json.dumps(facts).encode()

    def _make(self) -> bool:
        try:
            self._system.pipe_file(self._path, self._content(), mode="create")
        except FileExistsError:
            return False
        except OSError:
            if self._read() is None:
                raise  # not because somebody was first
            return False
        return True

    def _write(self) -> None:
        self._system.pipe_file(self._path, self._content())

    def _read(self) -> dict[str, Any] | None:
        """What stands there; None where nothing does, nobody's where it cannot be understood."""
        self._system.invalidate_cache()
        try:
            found = json.loads(self._system.cat_file(self._path))
        except FileNotFoundError:
            return None
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _renew(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_RENEWALS):
            with suppress(OSError):  # the network may come back; the end of the run looks again
                if self.is_ours():
                    self._write()


def _seconds(found: dict[str, Any]) -> float:
    given = found.get("time", 0)
    return float(given) if isinstance(given, int | float) else 0.0


@contextmanager
def leased(system: Any, base: str, url: str, folder: Path) -> Iterator[Lease]:
    """The lease of `url` while this lasts; `folder` is this machine's own for that URL. Raises `OutputBusy`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("ab") as held:
        if not lock_patiently(held):
            raise OutputBusy(f"Another run here is writing to {url}.", "Wait until it has ended, then run again.")
        lease = Lease(system, base, url, _machine(folder))
        lease.take()
        try:
            yield lease
        finally:
            lease.give_back()


def _machine(folder: Path) -> str:
    """A name for this machine and user, made once."""
    path = folder / "machine"
    if not path.is_file():
        path.write_text(secrets.token_hex(16), "utf-8")
    return path.read_text("utf-8")
