"""`python -m baocao` and the command `baocao`."""

from __future__ import annotations

import gc
import os
import sys

_GC = (20_000, 20, 50)  # imports make many objects and no cycles to speak of
_ONE_THREAD = "OPENBLAS_NUM_THREADS"  # nothing here multiplies matrices: threads that wait for it only take time


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(*_GC)
    os.environ.setdefault(_ONE_THREAD, "1")
    from baocao.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
