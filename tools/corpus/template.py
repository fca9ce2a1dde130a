"""The official row templates as facts: codes, names and units, read from the CSV files beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

TITLES = {
    2: "THỐNG KÊ SỐ LIỆU BÁO CÁO CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH",
    3: "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH THỂ CHẾ",
    4: "THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH THỦ TỤC HÀNH CHÍNH",
    5: "THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH TỔ CHỨC BỘ MÁY",
    6: "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH CHẾ ĐỘ CÔNG VỤ",
    7: "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH TÀI CHÍNH CÔNG",
    8: "THỐNG KÊ SỐ LIỆU BÁO CÁO XÂY DỰNG VÀ PHÁT TRIỂN CHÍNH QUYỀN ĐIỆN TỬ, CHÍNH QUYỀN SỐ",
}


@dataclass(frozen=True, slots=True)
class TemplateRow:
    appendix: int
    stt: str
    stt_raw: str
    name: str
    unit: str


@lru_cache(maxsize=1)
def official_rows() -> tuple[TemplateRow, ...]:
    """The 145 coded rows of the Huế template (appendices 2 to 8), in order."""
    with (DATA / "template_hue_2022.csv").open(encoding="utf-8", newline="") as f:
        return tuple(
            TemplateRow(int(r["appendix"]), r["stt_norm"], r["stt_raw"], r["indicator"], r["unit"])
            for r in csv.DictReader(f)
        )


def rows_of(appendix: int) -> tuple[TemplateRow, ...]:
    return tuple(r for r in official_rows() if r.appendix == appendix)


@lru_cache(maxsize=1)
def inspection_rows() -> tuple[tuple[str, str, str, str], ...]:
    """Form 01/PCTN of 2025: (code, section, indicator, unit)."""
    with (DATA / "template_ttcp_2025_01pctn.csv").open(encoding="utf-8", newline="") as f:
        return tuple((r["ms_code"], r["section"], r["indicator"], r["unit"]) for r in csv.DictReader(f))
