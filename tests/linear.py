"""Does the work grow in proportion to the input? A ratio of processor times in one run, never seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

FACTOR = 8  # the longer input; quadratic work would cost 64 times as much
FLOOR = 0.002  # below this a clock tells nothing


def growth(work: Callable[[int], object], n: int) -> float:
    """How much more processor time FACTOR times the input takes, divided by FACTOR: about 1 where work is linear."""
    return spent(work, n * FACTOR) / max(spent(work, n), FLOOR) / FACTOR


def spent(work: Callable[[int], object], n: int) -> float:
    started = time.process_time()
    work(n)
    return time.process_time() - started
