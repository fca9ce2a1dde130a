"""Sinks side by side: each takes the rows in a thread of its own, in their order, a few portions behind at most.

In: sinks (`baocao.writers`). Out: what they wrote, in the order of the sinks. Rendering and compressing happen in
Arrow, which lets other threads run meanwhile. What a file holds does not depend on it: each has one sink.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from baocao.writers import Sink, Written

if TYPE_CHECKING:
    import pyarrow as pa

_PORTIONS = 2
_Portion: TypeAlias = "tuple[str, pa.Table] | None"


class Lanes:
    """Passes rows on to every sink; a context manager that ends the threads whatever happens."""

    def __init__(self, sinks: Iterable[Sink]) -> None:
        self._lanes = [_Lane(sink) for sink in sinks]

    def add(self, table: str, rows: pa.Table) -> None:
        """Hand a portion to every sink; an error a sink met earlier is raised here."""
        for lane in self._lanes:
            lane.put((table, rows))

    def close(self) -> list[Written]:
        """Wait for all and finish their files."""
        for lane in self._lanes:
            lane.put(None)
        return [written for lane in self._lanes for written in lane.result()]

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *error: object) -> None:
        for lane in self._lanes:
            lane.stop()


class _Lane:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._queue: queue.Queue[_Portion] = queue.Queue(_PORTIONS)
        self._written: list[Written] = []
        self._error: BaseException | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while (portion := self._queue.get()) is not None:
            if self._error is None and not self._stopped:
                try:
                    self._sink.add(*portion)
                except BaseException as error:  # noqa: BLE001 - raised again where the rows come from
                    self._error = error
        if self._error is None and not self._stopped:
            try:
                self._written = self._sink.close()
            except BaseException as error:  # noqa: BLE001 - likewise
                self._error = error

    def put(self, portion: _Portion) -> None:
        if self._error is not None:
            raise self._error
        self._queue.put(portion)

    def result(self) -> list[Written]:
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._written

    def stop(self) -> None:
        """End the thread without finishing what it has not begun."""
        if self._thread.is_alive():
            self._stopped = True
            self._queue.put(None)
            self._thread.join()
