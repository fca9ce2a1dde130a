"""A drop folder: run again whenever files come, change or go.

In: the sources and what to do. Out: nothing; it goes on until it is interrupted. The folder is listed every few
seconds (which also works on network shares, where the system tells of no change) and a run starts once two
listings in a row are the same: a file that is still being copied in is not read half.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from baocao.errors import BaocaoError, OutputBusy, OutputNotWritable, UsageError
from baocao.sources import walk

SECONDS_BETWEEN_LOOKS = 2.0
_LOOKS_TO_WAIT = 30  # a full disk is not tried again at once


def watch(
    sources: Sequence[Path],
    out: Path,
    run: Callable[[], object],
    *,
    seconds: float = SECONDS_BETWEEN_LOOKS,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Call `run` at once if there are files, then after every change that has settled. Ends by KeyboardInterrupt.

    A folder that is empty or gone for now (a share that was not reached), an output that another run holds or that
    cannot be written is told once and waited for.
    """
    done: str | None = None
    before: str = listing(sources, out)  # a source that is not there from the start is a slip of the hand
    pause, told = 0, ""
    while True:
        trouble: BaocaoError | None = None
        now = ""
        try:
            now = listing(sources, out)
        except UsageError as error:
            trouble = error
        if now and now == before and now != done and not pause:
            try:
                run()
                done, told = now, ""
            except OutputBusy as error:
                trouble = error
            except (OutputNotWritable, UsageError) as error:
                trouble, pause = error, _LOOKS_TO_WAIT
        if trouble is not None and trouble.message != told:
            told = trouble.message
            print(told, file=sys.stderr, flush=True)  # noqa: T201
        before, pause = now, max(0, pause - 1)
        wait(seconds)


def listing(sources: Sequence[Path], out: Path) -> str:
    """A digest of path, size and time of every file; empty while there is none."""
    digest, is_empty = hashlib.sha256(), True
    for item in walk(sources, out):
        is_empty = False
        try:
            stat = os.lstat(item.path)
            look = f"{stat.st_size} {stat.st_mtime_ns}"
        except OSError:
            look = "gone"
        digest.update(os.fsencode(item.path) + f"\0{look}\n".encode())
    return "" if is_empty else digest.hexdigest()
