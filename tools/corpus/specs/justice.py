"""Sở Tư pháp tỉnh Quảng Nam, 2021–2024: another province; a contradiction, reworded names, a watermark."""

# ruff: noqa: C408, S101 (data, one line per report)
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tools.corpus.make import History, official_appendix, report, style_of
from tools.corpus.model import Figure, Report

DOJ: dict[str, Any] = dict(
    agency="Sở Tư pháp",
    symbol="STP",
    prose="justice",
    parent="UBND TỈNH QUẢNG NAM",
    place="Quảng Nam",
    province="Quảng Nam",
    recipients=("UBND tỉnh;", "Sở Nội vụ;", "Lưu: VT, VP."),
)

REWORDED = {
    2: {
        "1": "Văn bản chỉ đạo về CCHC đã ban hành trong kỳ",
        "2.1": "Tổng số nhiệm vụ theo kế hoạch năm",
        "2.2": "Nhiệm vụ hoàn thành",
        "5.1": "Nhiệm vụ UBND tỉnh giao: tổng số",
        "5.2": "Nhiệm vụ hoàn thành trong hạn",
    },
    4: {
        "1.4": "Tổng số thủ tục hành chính thuộc thẩm quyền của Sở",
        "3.1": "Tỷ lệ hồ sơ thủ tục hành chính giải quyết đúng hạn",
        "3.1.1": "Hồ sơ đã giải quyết",
        "3.1.2": "Trong đó, hồ sơ giải quyết đúng hạn",
    },
    5: {"2.1": "Biên chế công chức được giao năm", "2.2": "Biên chế công chức hiện có"},
}


def _history(year: int, period: str) -> History:
    return History("T", "stpqn", year, period)


def _more(figure: Figure, by: int) -> Figure:
    assert figure.value is not None
    value = figure.value + Decimal(by)
    return Figure(f"{value:,f}".replace(",", "."), value)


def reports() -> list[Report]:
    folder = "so-tu-phap-quang-nam"
    return [
        report(
            f"{folder}/2021-nam",
            ("docx",),
            "có mâu thuẫn: tổng số nhiệm vụ được giao (Phụ lục 2, mục 5.1) khác tổng các thành phần",
            history=_history(2021, "Y"),
            number="1890",
            day=date(2021, 12, 16),
            signer="Đặng Văn Đào",
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("official-a"), s, figures_replaced={"5.1": _more(s["2:5.1"], 20)} if n == 2 else {}
                )
                for n in (2, 3, 4, 8)
            ),
            contradictions=(("2", "5.1 5.2 5.3 5.4", "tổng số in lớn hơn tổng các thành phần 20 nhiệm vụ"),),
            **DOJ,
        ),
        report(
            f"{folder}/2022-6-thang",
            ("txt",),
            "tên chỉ tiêu viết khác mẫu, tiêu đề hai dòng biến thể b, phần đầu văn bản theo cột",
            history=_history(2022, "H1"),
            number="812",
            day=date(2022, 6, 17),
            signer="Đặng Văn Đào",
            style="plain",
            appendices=lambda s: tuple(
                official_appendix(n, style_of("official-b"), s, reworded=REWORDED.get(n, {}), gaps=frozenset({"3.1.1"}))
                for n in (2, 4, 5)
            ),
            **DOJ,
        ),
        report(
            f"{folder}/2023-nam",
            ("pdf",),
            "chữ chìm BẢN SAO, số trang, ghi chú gộp nhiều dòng, dòng đứt qua trang",
            history=_history(2023, "Y"),
            number="2044",
            day=date(2023, 12, 19),
            signer="Bùi Thị Thu Hằng",
            role="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            styles=("watermark", "page-numbers"),
            appendices=lambda s: tuple(
                official_appendix(
                    n,
                    style_of("official-b"),
                    s,
                    notes={2: {"5": "Theo hệ thống theo dõi nhiệm vụ của UBND tỉnh Quảng Nam"}}.get(n, {}),
                    note_spans={"5": 5} if n == 2 else {},
                )
                for n in (2, 3, 4, 8)
            ),
            **DOJ,
        ),
        report(
            f"{folder}/2023-quy-3",
            ("docx",),
            "số phụ lục và tiêu đề nằm trong bảng, bảng vẽ thành hai phần, có (Đã ký), số văn bản có khoảng trống",
            history=_history(2023, "Q3"),
            number="1531",
            day=date(2023, 9, 18),
            signer="Bùi Thị Thu Hằng",
            styles=("signed-mark", "number-spaced", "date-plain", "page-numbers"),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("official-a", has_title_inside=n != 3, split_at={2: 13, 4: 9}.get(n, 0)), s
                )
                for n in (2, 3, 4)
            ),
            **DOJ,
        ),
        report(
            f"{folder}/2024-6-thang",
            ("docx",),
            "số phụ lục và tiêu đề dính một dòng, content control, bảng ngang trang",
            history=_history(2024, "H1"),
            number="933",
            day=date(2024, 6, 14),
            signer="Bùi Thị Thu Hằng",
            styles=("row-controls",),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("flat", is_landscape=n == 4), s, caption={3: "glued", 4: "glued-title"}.get(n, "lines")
                )
                for n in (2, 3, 4, 5)
            ),
            **DOJ,
        ),
    ]
