"""UBND huyện Phú Vang, 2020–2024: the district level, abolished on 1 July 2025, ends its series here."""

# ruff: noqa: C408, E501 (data, one line per report)
from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tools.corpus.make import History, official_appendix, report, style_of
from tools.corpus.model import Appendix, Figure, Layout, Report, Row

PV: dict[str, Any] = dict(
    agency="UBND huyện Phú Vang",
    symbol="UBND",
    prose="district",
    parent="",
    left_lines=("ỦY BAN NHÂN DÂN", "HUYỆN PHÚ VANG"),
    place="Phú Vang",
    province="Thừa Thiên Huế",
    recipients=("UBND tỉnh;", "Sở Nội vụ;", "Các xã, thị trấn;", "Lưu: VT."),
    role="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
)


def _history(year: int, period: str) -> History:
    return History("P", "phuvang", year, period)


def _tracked(figure: Figure) -> Figure:
    """The figure as a tracked correction: the old one deleted, this one inserted."""
    old = f"{figure.raw[:-1]}{(int(figure.raw[-1]) + 3) % 10}"
    return Figure(f"<del>{old}</del><ins>{figure.raw}</ins>", figure.value, figure.kind)


def _narrow_code(layout: Layout) -> Layout:
    """A code column so narrow that the last dot of `3.1.1.` falls on a line of its own."""
    first, *rest = layout.columns
    return replace(layout, columns=(replace(first, width=1.3), *rest))


def _with_subrows(appendix: Appendix) -> Appendix:
    """Two rows without a code that start at the second grid column (`w:gridBefore`)."""
    rows: list[Row] = []
    for row in appendix.rows:
        rows.append(row)
        value = row.figures["actual"].value
        if row.stt.rstrip(".") == "3.1.1" and value is not None:
            for name, share in (
                ("Trong đó: nhận qua bưu chính công ích", 8),
                ("Nhận trực tiếp tại bộ phận một cửa", 61),
            ):
                part = (value * share / 100).to_integral_value()
                rows.append(
                    Row("", name, "Hồ sơ", {"actual": Figure(f"{part:,f}".replace(",", "."), part)}, starts_late=True)
                )
    return replace(appendix, rows=tuple(rows))


def reports() -> list[Report]:
    folder = "ubnd-huyen-phu-vang"
    return [
        report(
            f"{folder}/2020-nam",
            ("txt",),
            "văn bản thuần Unicode tổ hợp (NFD), không có phần đầu văn bản, tiêu đề hai dòng biến thể d",
            history=_history(2020, "Y"),
            number="512",
            day=date(2020, 12, 17),
            signer="Trần Gia Công",
            styles=("nfd", "letterhead-none"),
            style="mixed",
            appendices=lambda s: tuple(
                official_appendix(n, style_of("official-d", stt_style="nodot"), s) for n in (2, 3, 4, 5, 7, 8)
            ),
            **PV,
        ),
        report(
            f"{folder}/2021-9-thang",
            ("docx",),
            "không có cột ghi chú; sửa đổi có theo dõi (track changes): giữ phần thêm, bỏ phần xóa",
            history=_history(2021, "9M"),
            number="388",
            day=date(2021, 9, 14),
            signer="Trần Gia Công",
            appendices=lambda s: tuple(
                official_appendix(
                    n,
                    style_of("no-note", stt_style="dot"),
                    {c: (_tracked(f) if c in ("2:5.2", "4:3.1.1", "5:2.2") else f) for c, f in s.items()},
                )
                for n in (2, 4, 5)
            ),
            **PV,
        ),
        report(
            f"{folder}/2022-6-thang",
            ("pdf",),
            "PDF không kẻ khung, tiêu đề hai dòng, mã không chấm, trang có số",
            history=_history(2022, "H1"),
            number="236",
            day=date(2022, 6, 15),
            signer="Nguyễn Văn Chính",
            styles=("page-numbers",),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("official-a", rules="none", stt_style="nodot"), s, notes={"1": "Có danh mục kèm theo"}
                )
                for n in (2, 4, 7)
            ),
            **PV,
        ),
        report(
            f"{folder}/2023-quy-1",
            ("docx",),
            "dòng bắt đầu muộn (gridBefore), dòng không mã, mã không chấm",
            history=_history(2023, "Q1"),
            number="97",
            day=date(2023, 3, 15),
            signer="Nguyễn Văn Chính",
            appendices=lambda s: tuple(
                _with_subrows(official_appendix(n, style_of("flat", stt_style="nodot"), s)) for n in (2, 4, 8)
            ),
            **PV,
        ),
        report(
            f"{folder}/2024-nam",
            ("pdf",),
            "chỉ kẻ ngang, thứ tự cột STT, Chỉ tiêu, Số liệu, ĐVT; dòng dài đứt qua trang; dòng tên cơ quan ở cuối (dấu chữ ký số)",
            history=_history(2024, "Y"),
            number="604",
            day=date(2024, 12, 16),
            signer="Nguyễn Văn Chính",
            styles=("page-numbers", "stamp-debris"),
            appendices=lambda s: tuple(
                official_appendix(
                    n,
                    _narrow_code(style_of("value-first", rules="horizontal")),
                    s,
                    notes=LONG_NOTES.get(n, {}),
                    text_after=AFTER if n == 2 else (),
                )
                for n in (2, 4, 5, 8)
            ),
            **PV,
        ),
    ]


LONG_NOTES = {
    2: {
        "5.1": "Số liệu trích xuất từ phần mềm theo dõi nhiệm vụ do Văn phòng UBND tỉnh quản lý, tính đến 17 giờ ngày 14/12/2024",
        "6": "Không phát sinh nhiệm vụ do Chính phủ, Thủ tướng Chính phủ giao trực tiếp cho huyện",
    },
    4: {
        "3.1.1": "Bao gồm cả hồ sơ tiếp nhận tại 20 xã, thị trấn và hồ sơ kỳ trước chuyển sang",
        "2.3": "Theo danh mục do Chủ tịch UBND tỉnh phê duyệt",
    },
    8: {"6.4.2": "Kể cả hồ sơ do công chức hỗ trợ người dân nộp tại điểm hỗ trợ dịch vụ công ở thôn, tổ dân phố"},
}
AFTER = (
    "Các buổi đối thoại đã tổ chức trong năm:",
    "- Đối thoại với hộ dân vùng dự án đường ven biển",
    "- Đối thoại với hợp tác xã nông nghiệp về đất sản xuất",
    "- Gặp mặt doanh nghiệp, hộ kinh doanh đầu năm",
)
