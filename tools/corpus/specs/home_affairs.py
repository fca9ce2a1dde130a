"""Sở Nội vụ: province-wide figures, cross-tables by field and by agency; 2025 under the new city."""

# ruff: noqa: C408 (data, one line per report)
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tools.corpus import layouts
from tools.corpus.figures import noise
from tools.corpus.make import History, official_appendix, report, style_of
from tools.corpus.model import BLANK, Appendix, Figure, Layout, Report, Row

DHA: dict[str, Any] = dict(agency="Sở Nội vụ", symbol="SNV", prose="home")
OLD: dict[str, Any] = dict(
    parent="UBND TỈNH THỪA THIÊN HUẾ",
    place="Thừa Thiên Huế",
    province="Thừa Thiên Huế",
    recipients=("Bộ Nội vụ;", "UBND tỉnh;", "Lưu: VT, CCHC."),
)
NEW: dict[str, Any] = dict(
    parent="UBND THÀNH PHỐ HUẾ",
    place="Huế",
    province="Huế",
    recipients=("Bộ Nội vụ;", "UBND thành phố;", "Lưu: VT, CCHC."),
)

FIELDS = (
    "Đất đai",
    "Hộ tịch",
    "Đăng ký kinh doanh",
    "Đầu tư",
    "Xây dựng",
    "Giao thông vận tải",
    "Lao động, việc làm",
    "Bảo trợ xã hội",
    "Giáo dục và đào tạo",
    "Y tế",
    "Văn hóa, thể thao",
    "Tài nguyên nước, khoáng sản",
    "Nông nghiệp",
    "Công chứng, chứng thực",
    "Thi đua, khen thưởng",
)
AGENCIES = (
    "Sở Kế hoạch và Đầu tư",
    "Sở Tư pháp",
    "Sở Y tế",
    "Sở Giáo dục và Đào tạo",
    "Sở Xây dựng",
    "UBND thành phố Huế",
    "UBND huyện Phú Vang",
    "UBND thị xã Hương Thủy",
    "UBND huyện A Lưới",
)

RECEIVED, SOLVED, OPEN = "Số hồ sơ tiếp nhận", "Đã giải quyết", "Đang giải quyết"
TWO_LEVELS = [
    (RECEIVED, "Tổng số"),
    (RECEIVED, "Trong kỳ"),
    (RECEIVED, "Từ kỳ trước chuyển qua"),
    (SOLVED, "Trước hạn"),
    (SOLVED, "Đúng hạn"),
    (SOLVED, "Quá hạn"),
    (OPEN, "Trong hạn"),
    (OPEN, "Quá hạn"),
]
STAFF, CIVIL, PUBLIC = "Số người có mặt", "Công chức", "Viên chức"
THREE_LEVELS = [
    (STAFF, "Tổng số"),
    (STAFF, CIVIL, "Lãnh đạo"),
    (STAFF, CIVIL, "Không giữ chức vụ"),
    (STAFF, PUBLIC, "Lãnh đạo"),
    (STAFF, PUBLIC, "Không giữ chức vụ"),
    ("Hợp đồng lao động",),
]


def _figure(value: int) -> Figure:
    return Figure(f"{value:,}".replace(",", "."), Decimal(value)) if value else Figure("0", Decimal(0))


def _cross(
    printed: str,
    number: str,
    title: str,
    layout: Layout,
    categories: tuple[str, ...],
    lines: list[list[int]],
    kind: str,
    **more: Any,
) -> Appendix:
    """A cross-table with its total row last (`Tổng cộng`, no STT)."""
    keys = [c.measure for c in layout.columns if c.role == "value"]
    rows = [
        Row(str(i), name, "", dict(zip(keys, map(_figure, line), strict=True)))
        for i, (name, line) in enumerate(zip(categories, lines, strict=True), start=1)
    ]
    totals = [sum(column) for column in zip(*lines, strict=True)]
    rows.append(Row("", "Tổng cộng", "", dict(zip(keys, map(_figure, totals), strict=True)), is_bold=True))
    return Appendix(printed, number, title, layout, tuple(rows), is_cross=True, breakdown_kind=kind, **more)


def files_by_field(
    printed: str,
    number: str,
    salt: str,
    *,
    rules: str = "grid",
    is_landscape: bool = True,
    categories: tuple[str, ...] = FIELDS,
) -> Appendix:
    lines = []
    for i, _ in enumerate(categories):
        new, old = int(90 + 2600 * noise(salt, i, "new") ** 2), int(60 * noise(salt, i, "old"))
        total = new + old
        late, open_late = int(total * 0.02 * noise(salt, i, "late")), int(3 * noise(salt, i, "ol"))
        open_in = int(total * 0.06 * noise(salt, i, "open"))
        early = int((total - late - open_late - open_in) * (0.3 + 0.3 * noise(salt, i, "early")))
        lines.append([total, new, old, early, total - late - open_late - open_in - early, late, open_in, open_late])
    layout = layouts.cross(TWO_LEVELS, category="Lĩnh vực", formulas={0: "1=2+3"}, width=2.2)
    layout = _replace(layout, rules=rules, is_landscape=is_landscape)
    return _cross(
        printed,
        number,
        "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THEO LĨNH VỰC",
        layout,
        categories,
        lines,
        "field",
        unit_line="Đơn vị tính: Hồ sơ",
    )


def staff_by_agency(printed: str, number: str, salt: str, categories: tuple[str, ...] = AGENCIES) -> Appendix:
    lines = []
    for i, _ in enumerate(categories):
        a, b, c, d = (
            int(base + span * noise(salt, i, key))
            for base, span, key in ((8, 20, "a"), (25, 70, "b"), (2, 30, "c"), (10, 900, "d"))
        )
        lines.append([a + b + c + d, a, b, c, d, int(8 * noise(salt, i, "e"))])
    layout = _replace(
        layouts.cross(THREE_LEVELS, category="Cơ quan, đơn vị", category_width=5.4, width=2.1), is_landscape=False
    )
    return _cross(
        printed,
        number,
        "SỐ NGƯỜI LÀM VIỆC TẠI CÁC CƠ QUAN, ĐƠN VỊ",
        layout,
        categories,
        lines,
        "agency",
        unit_line="Đơn vị tính: Người",
    )


def _replace(layout: Layout, **changes: Any) -> Layout:
    from dataclasses import replace

    return layouts.fitted(replace(layout, **changes))


def reports() -> list[Report]:
    folder = "so-noi-vu"
    return [
        report(
            f"{folder}/2019-6-thang",
            ("txt",),
            "phần đầu văn bản xếp chồng, `Phụ lục số 02`, tiêu đề một dòng, gạch ngang cho ô không có số",
            history=History("S", "snv", 2019, "H1"),
            number="1102",
            day=date(2019, 6, 17),
            signer="Bạch Thị Nhã Nam",
            styles=("letterhead-stacked",),
            style="space",
            appendices=lambda s: tuple(
                official_appendix(
                    n,
                    style_of("flat"),
                    {c: (Figure("-", None, "blank") if f is BLANK and c == "4:1.4.2" else f) for c, f in s.items()},
                    printed="Phụ lục số {nn}",
                    gaps=frozenset({"2.1", "3.1"}),
                )
                for n in (2, 3, 4, 5, 6)
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2020-9-thang",
            ("docx",),
            "số phụ lục La Mã, tiêu đề ba dòng (biến thể c), mã có dấu chấm cuối",
            history=History("S", "snv", 2020, "9M"),
            number="2210",
            day=date(2020, 9, 15),
            signer="Trần Vĩnh Hùng",
            role="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            appendices=lambda s: tuple(
                official_appendix(n, style_of("official-c", stt_style="dot"), s, printed="Phụ lục {r}")
                for n in (2, 4, 5, 6, 7)
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2022-quy-3",
            ("pdf",),
            "trang ngang, bảng chéo hai tầng tiêu đề (theo lĩnh vực) và ba tầng (theo cơ quan), dòng số cột 1=2+3",
            history=History("S", "snv", 2022, "Q3"),
            number="2574",
            day=date(2022, 9, 16),
            signer="Trần Vĩnh Hùng",
            styles=("page-numbers",),
            appendices=lambda s: (
                official_appendix(2, style_of("official-a"), s),
                official_appendix(4, style_of("official-b"), s),
                files_by_field("Phụ lục 9", "9", "snv-2022-q3"),
                staff_by_agency("Phụ lục 10", "10", "snv-2022-q3"),
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2023-6-thang",
            ("pdf",),
            "bảng không kẻ khung, dòng số cột A B C 1 2, số trang",
            history=History("S", "snv", 2023, "H1"),
            number="1420",
            day=date(2023, 6, 15),
            signer="Trần Vĩnh Hùng",
            styles=("page-numbers",),
            appendices=lambda s: tuple(
                official_appendix(n, style_of("flat", rules="none", numbers="letters"), s) for n in (2, 3, 5, 8)
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2023-nam",
            ("docx",),
            "bảng chéo ba tầng và hai tầng trong DOCX, cạnh các phụ lục chính thức",
            history=History("S", "snv", 2023, "Y"),
            number="3156",
            day=date(2023, 12, 15),
            signer="Trần Vĩnh Hùng",
            styles=("auto-numbers",),
            appendices=lambda s: (
                *(official_appendix(n, style_of("official-a"), s) for n in (2, 4, 5, 6, 8)),
                staff_by_agency("Phụ lục 9", "9", "snv-2023"),
                files_by_field("Phụ lục 10", "10", "snv-2023", categories=FIELDS[:9]),
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2024-nam",
            ("txt",),
            "văn bản thuần có dấu sang trang giữa bảng, tiêu đề bảng lặp lại ở trang sau, bảng chéo",
            history=History("S", "snv", 2024, "Y"),
            number="3402",
            day=date(2024, 12, 17),
            signer="Trần Vĩnh Hùng",
            styles=("page-feeds", "cut-paragraphs", "stamp-debris"),
            appendices=lambda s: (
                official_appendix(2, style_of("official-c", split_at=15), s),
                official_appendix(4, style_of("official-a"), s, gaps=frozenset({"2", "3.1.2"})),
                official_appendix(5, style_of("official-b"), s),
                official_appendix(8, style_of("official-a", split_at=20), s),
                files_by_field("Phụ lục 9", "9", "snv-2024", is_landscape=False, categories=FIELDS[:12]),
            ),
            **DHA,
            **OLD,
        ),
        report(
            f"{folder}/2025-quy-1",
            ("docx",),
            "thành phố Huế 2025; content control quanh ô, dòng; bảng lồng trong bảng bố cục",
            history=History("S", "snv", 2025, "Q1"),
            number="486",
            day=date(2025, 3, 17),
            signer="Trần Vĩnh Hùng",
            styles=("row-controls", "split-runs"),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("official-a", is_nested=n == 3), {c: _controlled(f) for c, f in s.items()}
                )
                for n in (2, 3, 4, 6)
            ),
            **DHA,
            **NEW,
        ),
    ]


def _controlled(figure: Figure) -> Figure:
    return (
        Figure(f"<sdt>{figure.raw}</sdt>", figure.value, figure.kind)
        if figure.value is not None and figure.value > 50
        else figure
    )
