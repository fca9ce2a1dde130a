"""One file read by a worker after another: `python -m bench.worker FILE BEFORE` prints the processor seconds that FILE
took and the peak memory of the worker as JSON.

The process that forks is as the fork server is: it has imported the reading stages and nothing else. A bench that made
the files itself would lend its own memory to the worker.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from baocao import forkserver, reading
from bench.harness import measured


def main(path: Path, before: Path) -> int:
    reading.warm()

    def read(file: Path) -> bool:
        sent: list[bytes] = []
        job = {"path": str(file), "source": file.name, "report_id": "bench", "sha256": "", "attempt": 1}
        forkserver.run_job(reading.read, job, lambda kind, _: sent.append(kind))
        return forkserver.RESULT in sent

    def work() -> tuple[bool, float]:
        read(before)
        started = time.process_time()
        return read(path), time.process_time() - started

    used = measured(work)
    is_read, seconds = used.result or (False, used.seconds)
    print(json.dumps({"seconds": seconds, "peak_mb": used.peak_mb, "is_read": is_read}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
