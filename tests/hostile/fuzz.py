"""Coverage-guided fuzzing of each reader for a while: `python -m tests.hostile.fuzz 60 [FORMAT …]`.

In: seconds in all and the formats (default: the sample formats). Every format gets its share of the time in a process
of its own, with the samples of `corpus/` as seeds; new inputs are kept under `.fuzz/`. Out: exit code 1 and the
input where a reader let out anything but the project's own error. Needs `pip install atheris` (Linux).
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SUFFIXES = {"text": ".txt", "docx": ".docx", "pdf": ".pdf", "sheet": ".xlsx", "csv": ".csv", "html": ".html"}
MOST_BYTES = 200_000


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one format in this process; never returns."""
    import atheris

    with atheris.instrument_imports(include=["extract"]):
        import extract

        for module in pkgutil.walk_packages(extract.__path__, "extract."):
            importlib.import_module(module.name)
    from extract import read_file
    from extract.problems import ExtractError

    path = Path(tempfile.mkdtemp()) / f"input{SUFFIXES[name]}"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            read_file(path)
        except ExtractError as error:
            # A fault of a library is typed; a fault of ours inside a reader is a bug all the same.
            if isinstance(error.__cause__, (AssertionError, NameError, UnboundLocalError, RecursionError)):
                raise error.__cause__ from None

    kept, seeds = ROOT / ".fuzz" / name, Path(tempfile.mkdtemp())
    kept.mkdir(parents=True, exist_ok=True)
    for number, sample in enumerate(sorted((ROOT / "corpus").glob(f"*/*{SUFFIXES[name]}"))):
        if sample.stat().st_size <= MOST_BYTES:
            (seeds / str(number)).write_bytes(sample.read_bytes())
    options = [f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=20", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={kept}/crash-", str(kept), str(seeds)], one)
    atheris.Fuzz()


def main() -> int:
    seconds, names = int(sys.argv[1]), sys.argv[2:] or list(SUFFIXES)
    if len(names) == 1:
        fuzz(names[0], seconds)
    share = str(max(5, seconds // len(names)))
    failed = [n for n in names if subprocess.run([sys.executable, "-m", __spec__.name, share, n], cwd=ROOT).returncode]
    print("failed: " + ", ".join(failed) if failed else "nothing found")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
