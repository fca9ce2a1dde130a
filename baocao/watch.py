"""A drop folder: run again whenever files come, change or go.

In: the sources and what to do. Out: nothing; it goes on until it is interrupted. The folder is listed every few
seconds (which also works on network shares, where the system tells of no change) and a run starts once two
listings in a row are the same: a file that is still being copied in is not read half.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from baocao.errors import NoFiles, OutputBusy
from baocao.sources import discover

SECONDS_BETWEEN_LOOKS = 2.0
Listing = tuple[tuple[str, int, int], ...]


def watch(
    sources: Sequence[Path],
    out: Path,
    run: Callable[[], object],
    *,
    seconds: float = SECONDS_BETWEEN_LOOKS,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Call `run` at once if there are files, then after every change that has settled. Ends by KeyboardInterrupt.

    A folder that is empty for now, or an output that another run holds, is waited for.
    """
    done: Listing | None = None
    before: Listing = listing(sources, out)
    while True:
        now = listing(sources, out)
        if now and now == before and now != done:
            try:
                run()
                done = now
            except OutputBusy as busy:
                print(busy.message, file=sys.stderr)  # noqa: T201
        before = now
        wait(seconds)


def listing(sources: Sequence[Path], out: Path) -> Listing:
    """Path, size and time of every file; empty while there is none."""
    try:
        found = discover(sources, out)
    except NoFiles:
        return ()
    looks = []
    for item in found:
        try:
            stat = os.lstat(item.path)
            looks.append((item.path, stat.st_size, stat.st_mtime_ns))
        except OSError:
            looks.append((item.path, -1, 0))
    return tuple(looks)
