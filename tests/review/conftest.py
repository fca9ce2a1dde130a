"""A dataset to review: two small text reports, read for good, and a PDF page drawn from nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from baocao.batch import ingest
from baocao.errors import RunSummary

REPORT = """ỦY BAN NHÂN DÂN TỈNH THỪA THIÊN HUẾ
SỞ NỘI VỤ
Số: {number}/BC-SNV
Thừa Thiên Huế, ngày 10 tháng 12 năm {year}
BÁO CÁO
Công tác cải cách hành chính năm {year}
I. KẾT QUẢ
Phụ lục 2
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tTổng số nhiệm vụ được giao\tNhiệm vụ\t{total}\t
1.1\tSố nhiệm vụ đã hoàn thành đúng hạn\tNhiệm vụ\t12\t
1.2\tSố nhiệm vụ đã hoàn thành nhưng quá hạn\tNhiệm vụ\t3\t
1.3\tSố nhiệm vụ quá hạn nhưng chưa hoàn thành\tNhiệm vụ\t0\t
2\tTổ chức đối thoại\tCó = 1; Không = 0\t9 cuộc\t
"""


def write_report(folder: Path, name: str, *, number: int = 12, year: int = 2023, total: str = "20") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(REPORT.format(number=number, year=year, total=total), "utf-8")
    return path


def read(*sources: Path, out: Path, **options: object) -> RunSummary:
    return ingest(list(sources), out, jobs=1, **options)  # type: ignore[arg-type]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session", name="dataset")
def _dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read once; tests that decide take a copy."""
    root = tmp_path_factory.mktemp("dataset")
    write_report(root / "in", "so-noi-vu/2023.txt")
    write_report(root / "in", "so-noi-vu/2024.txt", number=13, year=2024, total="15")
    read(root / "in", out=root / "out")
    return root
