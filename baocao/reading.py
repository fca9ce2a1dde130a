"""Read one file whole: the only place where both reading stages meet.

In: a path and the name it is shown under. Out: a `NormalizedReport`. Raises `ExtractError` for a file
that cannot be read; anything else is a bug and keeps its traceback. `read` is what a child process
runs (see `baocao.child`), `warm` what the fork server does once so that no child pays for imports.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from baocao.memory import give_back
from extract.model import Document, PageProgress
from normalize.model import Finding, NormalizedReport, Observation

_LIBRARIES = (
    "pdfplumber",
    "pypdfium2",
    "docx",
    "lxml.etree",
    "lxml.html",
    "openpyxl",
    "python_calamine",
    "rapidfuzz",
    "zipfile",
    "regex",
)
_MANY_PAGES = 100  # what PDFium held of so many (25 MB) is given back before their meaning is looked for
# One of everything that builds a table of its own when it is first met: what is built here, no child builds again.
_SAMPLE = """UBND TỈNH THỪA THIÊN HUẾ
SỞ NỘI VỤ
Số: 1/BC-SNV
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Thừa Thiên Huế, ngày 10 tháng 12 năm 2020
BÁO CÁO
Công tác cải cách hành chính năm 2020
I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
Thực hiện Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ, Quyết định số 12/QĐ-UBND ngày 05 tháng 01 năm 2020 của
Ủy ban nhân dân tỉnh và Công văn của Sở Nội vụ huyện Phú Vang
Đã tiếp nhận 12 trên 15 hồ sơ, đạt 80%, trong đó có hai văn bản.
Nơi nhận:
GIÁM ĐỐC
Nguyễn Văn A
Phụ lục 2
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
I\tSố văn bản\tVăn bản\t2\t
1.1\tTỷ lệ hồ sơ giải quyết đúng hạn\t%\t88,70%\t
1.2\tThực hiện xây dựng kế hoạch kịp thời\tCó = 1; Không = 0\t1\tĐang cập nhật
2\tKinh phí\tTriệu đồng\t1.205,5\t
"""


@lru_cache(maxsize=1)
def _reader() -> tuple[Callable[..., Any], Callable[..., Any], frozenset[str]]:
    extract, normalize = importlib.import_module("extract"), importlib.import_module("normalize")
    accepts = frozenset(inspect.signature(extract.read_file).parameters)
    return extract.read_file, normalize.normalize, accepts


@dataclass(frozen=True, slots=True)
class Report:
    """One report read whole: what the file says (`document`) and what it means (`normalized`)."""

    document: Document
    normalized: NormalizedReport

    @property
    def observations(self) -> Sequence[Observation]:
        return self.normalized.observations

    @property
    def findings(self) -> Sequence[Finding]:
        return self.normalized.findings


def read_whole(
    path: Path,
    source: str,
    report_id: str,
    sha256: str | None = None,
    progress: PageProgress | None = None,
    attempt: int = 1,
    passwords: tuple[str, ...] = (),
    document: Document | None = None,
) -> Report:
    """Both stages for one file. `sha256` (known to the caller), `progress`, `attempt` (2: the second try
    after a crash) and `passwords` go to the reader where it takes them. With a `document` kept from an
    earlier reading the file is not opened: only the second stage runs."""
    read_file, normalize, accepts = _reader()
    if document is None:
        known = {"sha256": sha256 or None, "progress": progress, "attempt": attempt, "passwords": passwords}
        extra = {name: value for name, value in known.items() if name in accepts}
        document = read_file(path, source, **extra)
        if (document.pages or 0) > _MANY_PAGES:
            give_back()
    return Report(document, normalize(document, report_id=report_id, source=source))


read = read_whole  # what a child runs


def warm() -> None:
    """Import both stages and the readers' libraries, and read a small text so that tables are loaded.

    A library that is not installed is no matter here: the reader that needs it says so for its file.
    """
    for room in ("extract", "normalize"):
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__"):
                _try_import(module.name)
    for name in _LIBRARIES:
        _try_import(name)
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.txt"
        sample.write_text(_SAMPLE, encoding="utf-8")
        try:
            read(sample, sample.name, "0" * 12)
        except Exception:  # noqa: BLE001 - what is wrong shows again in the children, with its file and its trace
            return


def _try_import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ImportError:
        return
