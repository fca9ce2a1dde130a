"""Public API: read one report, run the main job, open the dataset it wrote.

    import baocao
    report = baocao.read_report("corpus/…/bao-cao.pdf")   # what was read, row by row, and every doubt
    run = baocao.ingest("corpus", out="out")              # the main job
    dataset = baocao.open_dataset("out")
    dataset.indicator("ho_so_giai_quyet_dung_han")        # one historical series, tidy

Names are looked up when they are first used (PEP 562): `import baocao` loads no reader, no Arrow.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if "pyarrow" not in sys.modules:
    # Arrow's own pool asks for huge pages and keeps them: a run over 400 reports held 400 MB where 250 were in use.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

if TYPE_CHECKING:
    from baocao.batch import ingest as ingest
    from baocao.dataset import Dataset as Dataset
    from baocao.dataset import open_dataset as open_dataset
    from baocao.dataset import read_report as read_report
    from baocao.errors import BaocaoError as BaocaoError
    from baocao.errors import RunSummary as RunSummary

_HOME = {
    "ingest": "baocao.batch",
    "Dataset": "baocao.dataset",
    "open_dataset": "baocao.dataset",
    "read_report": "baocao.dataset",
    "BaocaoError": "baocao.errors",
    "RunSummary": "baocao.errors",
}

__all__ = ["BaocaoError", "Dataset", "RunSummary", "ingest", "open_dataset", "read_report"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
