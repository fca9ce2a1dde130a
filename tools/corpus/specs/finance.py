"""Sở Tài chính thành phố Huế, 2025: the department that took over planning and investment; its series goes on."""

# ruff: noqa: C408 (data, one line per report)
from __future__ import annotations

from datetime import date
from typing import Any

from tools.corpus.make import History, official_appendix, printed_figures, report, style_of
from tools.corpus.model import Report

DOF: dict[str, Any] = dict(
    agency="Sở Tài chính",
    symbol="STC",
    prose="department",
    parent="UBND THÀNH PHỐ HUẾ",
    place="Huế",
    province="Huế",
    signer="La Phúc Thành",
    recipients=("UBND thành phố;", "Sở Nội vụ;", "Lưu: VT, VP."),
)


def reports() -> list[Report]:
    half, nine = History("K", "skhdt", 2025, "H1"), History("K", "skhdt", 2025, "9M")
    return [
        report(
            "so-tai-chinh/2025-6-thang",
            ("docx",),
            "cơ quan kế tục (sau sáp nhập 2025), thành phố trực thuộc trung ương, cột so sánh, dòng số cột A B 1 2",
            history=half,
            number="1204",
            day=date(2025, 6, 16),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("compare", numbers="letters"), s, previous=printed_figures(half, "vn", back=1)
                )
                for n in (2, 4, 7, 8)
            ),
            **DOF,
        ),
        report(
            "so-tai-chinh/2025-9-thang",
            ("pdf",),
            "PDF khổ ngang, thứ tự cột khác (STT, ĐVT, nội dung, số liệu)",
            history=nine,
            number="2391",
            day=date(2025, 9, 15),
            style="plain",
            styles=("page-numbers", "stamp-top"),
            appendices=lambda s: tuple(
                official_appendix(n, style_of("unit-before-name", is_landscape=True, stt_style="nodot"), s)
                for n in (2, 3, 4, 8)
            ),
            **DOF,
        ),
    ]
