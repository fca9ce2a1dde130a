"""Sở Kế hoạch và Đầu tư tỉnh Thừa Thiên Huế, 2019–2024: the longest series of the samples."""

# ruff: noqa: C408, S101 (data, one line per report)
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tools.corpus.make import History, official_appendix, printed_figures, report, style_of
from tools.corpus.model import Appendix, Figure, Report
from tools.corpus.specs.june_2024 import june_2024

HUE: dict[str, Any] = dict(parent="UBND TỈNH THỪA THIÊN HUẾ", place="Thừa Thiên Huế", province="Thừa Thiên Huế")
DPI: dict[str, Any] = dict(agency="Sở Kế hoạch và Đầu tư", symbol="SKHĐT", prose="department", **HUE)
FOLDER = "so-ke-hoach-va-dau-tu"
Shown = dict[str, Figure]


def _history(year: int, period: str) -> History:
    return History("K", "skhdt", year, period)


def _year_2024(shown: Shown) -> tuple[Appendix, ...]:
    layout = style_of("official-a")
    return tuple(
        official_appendix(
            n,
            replace(layout, has_number_row=False) if n != 7 else style_of("official-c"),
            shown,
            notes=NOTES.get(n, {}),
        )
        for n in (2, 3, 4, 5, 7, 8)
    )


NOTES = {
    2: {"1": "Kế hoạch, công văn", "5": "Trích từ phần mềm theo dõi nhiệm vụ của UBND tỉnh"},
    4: {"1.4": "Theo Quyết định số 533/QĐ-UBND ngày 04/02/2024", "2.1": "Liên thông với Sở Xây dựng"},
    5: {"2.2": "02 người nghỉ hưu trong kỳ"},
}


def reports() -> list[Report]:
    out: list[Report] = []
    out.append(
        report(
            f"{FOLDER}/2019-nam",
            ("txt",),
            "văn bản thuần, CRLF và BOM, tiêu đề một dòng, cách viết số lẫn lộn",
            history=_history(2019, "Y"),
            number="3214",
            day=date(2019, 12, 18),
            signer="Nguyễn Đại Vui",
            style="mixed",
            styles=("crlf", "bom"),
            span=None,
            appendices=lambda s: tuple(
                official_appendix(n, style_of("flat", stt_style="dot"), s, gaps=frozenset({"2.2"}))
                for n in (2, 4, 5, 7, 8)
            ),
            **DPI,
        )
    )
    out.append(
        report(
            f"{FOLDER}/2020-9-thang",
            ("docx",),
            "có cột kế hoạch và cột thực hiện, số phụ lục La Mã, run bị cắt giữa từ",
            history=_history(2020, "9M"),
            number="2687",
            day=date(2020, 9, 16),
            signer="Nguyễn Đại Vui",
            styles=("split-runs", "page-numbers"),
            appendices=lambda s: tuple(
                official_appendix(n, style_of("plan"), s, plan=_plan(_history(2020, "9M")), printed="PHỤ LỤC {r}")
                for n in (2, 4, 7)
            ),
            **DPI,
        )
    )
    out.append(
        report(
            f"{FOLDER}/2021-6-thang",
            ("docx",),
            "mẫu chính thức, tiêu đề hai dòng biến thể a, ghi chú gộp nhiều dòng",
            history=_history(2021, "H1"),
            number="1876",
            day=date(2021, 6, 15),
            signer="Hoàng Việt Trung",
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("official-a"), s, notes=NOTES.get(n, {}), note_spans={"5": 5} if n == 2 else {}
                )
                for n in (2, 3, 4, 5, 8)
            ),
            **DPI,
        )
    )
    out.append(
        report(
            f"{FOLDER}/2022-nam",
            ("docx",),
            "đề mục đánh số tự động (w:numPr), tiêu đề biến thể b, dòng số cột (1) (2) (3)",
            history=_history(2022, "Y"),
            number="4410",
            day=date(2022, 12, 16),
            signer="Hoàng Việt Trung",
            styles=("auto-numbers", "page-numbers"),
            style="plain",
            appendices=lambda s: tuple(
                official_appendix(n, style_of("official-b", numbers="paren"), s, notes=NOTES.get(n, {}))
                for n in range(2, 9)
            ),
            **DPI,
        )
    )
    out.append(
        report(
            f"{FOLDER}/2023-nam",
            ("pdf",),
            "PDF có khung, hai cột số (cùng kỳ năm trước, kỳ báo cáo), bảng chạy qua nhiều trang",
            history=_history(2023, "Y"),
            number="4655",
            day=date(2023, 12, 18),
            signer="Phan Quốc Sơn",
            role="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            styles=("page-numbers",),
            appendices=lambda s: tuple(
                official_appendix(
                    n, style_of("compare"), s, previous=_last_year(_history(2023, "Y")), notes=NOTES.get(n, {})
                )
                for n in (2, 4, 5, 7, 8)
            ),
            **DPI,
        )
    )
    out.append(june_2024(FOLDER))
    out.append(
        report(
            f"{FOLDER}/2024-9-thang",
            ("docx", "pdf"),
            "một báo cáo ở hai định dạng (DOCX và PDF): bản song sinh",
            history=_history(2024, "9M"),
            number="3529",
            day=date(2024, 9, 16),
            signer="Phan Quốc Sơn",
            role="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            styles=("page-numbers",),
            appendices=lambda s: tuple(
                official_appendix(
                    n,
                    style_of("official-c" if n == 7 else "official-a"),
                    s,
                    notes=NOTES.get(n, {}),
                    note_spans={"5": 4} if n == 2 else {},
                )
                for n in (2, 3, 4, 7, 8)
            ),
            **DPI,
        )
    )
    first = report(
        f"{FOLDER}/2024-nam",
        ("docx",),
        "báo cáo năm, sau đó được đính chính bằng văn bản gửi lại",
        history=_history(2024, "Y"),
        number="4871",
        day=date(2024, 12, 13),
        signer="Phan Quốc Sơn",
        appendices=_year_2024,
        **DPI,
    )
    corrected = report(
        f"{FOLDER}/2024-nam-dinh-chinh",
        ("docx",),
        "bản đính chính: cùng kỳ, số và ngày sau, số liệu khác ở Phụ lục 4",
        history=_history(2024, "Y"),
        number="5012",
        day=date(2024, 12, 26),
        signer="Phan Quốc Sơn",
        appendices=lambda s: _year_2024(_corrected(s)),
        supersedes=f"{FOLDER}/2024-nam.docx",
        **DPI,
    )
    return [*out, first, corrected]


def _plan(history: History) -> Shown:
    """The plan: what the whole year is expected to bring, so that the plan's own sums and rates hold."""
    return printed_figures(replace(history, period="Y"), "vn")


def _corrected(shown: Shown) -> Shown:
    """Twelve files were counted twice: on time 12 less, the rate computed again."""
    total, on_time = shown["4:3.1.1"].value, shown["4:3.1.2"].value
    assert total is not None
    assert on_time is not None
    done = on_time - 12
    rate = (100 * done / total).quantize(Decimal("0.01"))
    return {
        **shown,
        "4:3.1.2": Figure(f"{done:,f}".replace(",", "."), done),
        "4:3.1": Figure(f"{rate:f}".replace(".", ",") + "%", rate),
    }


def _last_year(history: History) -> Shown:
    return printed_figures(history, "vn", back=1)
