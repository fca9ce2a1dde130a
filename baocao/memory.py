"""Memory that is given back: what a run holds does not grow with what it has done before.

What Python and Arrow have freed in small pieces stays with the C library until it is asked for. (That Arrow takes its
buffers from there, see `baocao`.)
"""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache
from typing import Any


def give_back() -> None:
    """Return what is free to the system, where it can be asked for."""
    trim = _trim()
    if trim is not None:
        trim(0)


@lru_cache(maxsize=1)
def _trim() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
