"""One file read by a worker: `python -m bench.worker FILE` prints its processor seconds and its peak memory as JSON.

The process that forks is as the fork server is: it has imported the reading stages and nothing else. A bench that made
the files itself would lend its own memory to the worker.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from baocao import forkserver, reading
from bench.harness import measured


def main(path: Path) -> int:
    reading.warm()

    def work() -> int:
        sent: list[bytes] = []
        job = {"path": str(path), "source": path.name, "report_id": "bench", "sha256": "", "attempt": 1}
        forkserver.run_job(reading.read, job, lambda kind, _: sent.append(kind))
        return sent.count(forkserver.RESULT)

    used = measured(work)
    print(json.dumps({"seconds": used.seconds, "peak_mb": used.peak_mb, "is_read": bool(used.result)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
