"""Read random practice reports and score them: layouts nobody has tuned for.

    python -m bench.practice [--seed 1] [--reports 6] [--formats txt,docx,pdf] [--keep DIR] [--show 10]
    python -m bench.practice --corpus corpus            the samples instead

One line of figures per format, then the misses of each report as cells. A crash is a miss with its traceback.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import extract
import normalize
from tests.scoring import Score, got_of, load_truth, score
from tools.corpus.__main__ import write
from tools.corpus.practice import draw


def scored(folder: Path, show: int, only: str = "") -> dict[str, Score]:
    """Format → score of every file of a folder with `truth/`; misses are printed on the way."""
    by_format: dict[str, Score] = collections.defaultdict(Score)
    for path, truth in load_truth(folder / "truth").items():
        if only not in path:
            continue
        started = time.perf_counter()
        try:
            document = extract.read_file(folder / path, path)
            one = score(truth, got_of(normalize.normalize(document, report_id="thu", source=path)))
        except Exception:  # noqa: BLE001 - a bench goes on and shows what broke
            one = Score(collections.Counter(crash=1), [f"crash: {traceback.format_exc()}"])
        by_format[truth.report["format"]].add(one)
        if one.misses:
            print(f"{path}  {time.perf_counter() - started:.1f} s, {len(one.misses)} chỗ")
            print("".join(f"    {m}\n" for m in one.misses[:show]), end="")
    return by_format


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Đọc thử báo cáo ngẫu nhiên và chấm điểm.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=6)
    parser.add_argument("--formats", default="txt,docx,pdf")
    parser.add_argument("--keep", type=Path, help="giữ lại báo cáo ở thư mục này")
    parser.add_argument("--corpus", type=Path, help="chấm một thư mục có sẵn truth/")
    parser.add_argument("--only", default="", help="chỉ những tệp có chuỗi này trong đường dẫn")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args(arguments)
    formats = tuple(options.formats.split(","))
    with tempfile.TemporaryDirectory() as room:
        folder = options.corpus or options.keep or Path(room)
        if not options.corpus:
            write(draw(options.seed, options.reports, formats), folder, frozenset(formats))
        for name, total in sorted(scored(folder, options.show, options.only).items()):
            c = total.counts
            found = f"contradictions {c['contradiction']}/{c['contradiction_n']} false errors {c['false_errors']}"
            print(f"{name:5s} {total.line()} {found} same ids {c['same_id']} crashes {c['crash']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
