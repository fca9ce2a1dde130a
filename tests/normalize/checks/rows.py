"""Rows, tables and sections as the tests of checks need them, each with only what a test is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from normalize.checks import Relation, run_checks, view_of
from normalize.checks.series import Point
from normalize.findings import Doubt
from normalize.model import Observation, Section, TableRow

ROOT = Path(__file__).parents[3]
BLANK = dict.fromkeys(Observation.__dataclass_fields__, "")


def row(stt: str, name: str, unit: str, value: str | None, raw: str | None = None, **more: Any) -> Observation:
    """One observation; its indicator id is its code unless given, its raw text its value in Vietnamese."""
    printed = raw if raw is not None else (value or "").replace(".", ",")
    given_fields: dict[str, Any] = {
        "observation_id": f"r/2/1/{stt}/{more.get('measure', 'actual')}/{more.get('breakdown', '')}",
        "report_id": "r",
        "source": "a.docx",
        "appendix": "2",
        "stt": stt,
        "parent_stt": stt.rpartition(".")[0],
        "depth": stt.count("."),
        "indicator_id": stt,
        "indicator": name,
        "indicator_raw": name,
        "unit": unit,
        "unit_raw": unit,
        "measure": "actual",
        "value": None if value is None else Decimal(value),
        "value_raw": printed,
        "value_kind": "blank" if value is None else "number",
        "flow": "flow",
        "table": 1,
        "row": 1,
        "page": 1,
        "confidence": 1.0,
        "is_primary": True,
    }
    return Observation(**{**BLANK, **given_fields, **more})


def raised(doubts: Iterable[Doubt]) -> set[tuple[str, str]]:
    return {(doubt.code, doubt.stt) for doubt in doubts}


def check(rows: Sequence[Observation], relations: Sequence[Relation] = (), **more: Any) -> set[tuple[str, str]]:
    return raised(run_checks(view_of(rows, relations, **more)))


SUM = Relation("sum", "5.1", ("5.2", "5.3", "5.4"))


def tasks(*values: str | None, unit: str = "Nhiệm vụ", **more: Any) -> list[Observation]:
    names = ("Tổng số nhiệm vụ", "Số đúng hạn", "Số quá hạn", "Số chưa xong")
    return [
        row(f"5.{i}", name, unit, value, row=i, **more)
        for i, (name, value) in enumerate(zip(names, values, strict=True), 1)
    ]


def family(name: str, *values: str | None, measure: str = "actual") -> list[Observation]:
    names = (name, "Mức một", "Mức hai")
    codes = ("1", "1.1", "1.2")
    return [
        row(stt, words, "Người", value, row=i, measure=measure)
        for i, (stt, words, value) in enumerate(zip(codes, names, values, strict=True))
    ]


RATE = Relation("rate", "3.1", ("3.1.2", "3.1.1"))


def share(rate: str | None, raw: str, n: str | None, d: str | None, **more: Any) -> list[Observation]:
    return [
        row("3.1", "Tỷ lệ hồ sơ giải quyết đúng hạn", "%", rate, raw, **more),
        row("3.1.1", "Tổng số hồ sơ đã giải quyết", "Hồ sơ", d, row=2, **more),
        row("3.1.2", "Số hồ sơ giải quyết đúng hạn", "Hồ sơ", n, row=3, **more),
    ]


FILES, LEVEL_3, LEVEL_4 = (
    "ho_so_tiep_nhan_truc_tuyen",
    "tthc_truc_tuyen_muc_3_co_ho_so",
    "tthc_truc_tuyen_muc_4_co_ho_so",
)


def online(files: str | None, level_3: str | None, level_4: str | None) -> list[Observation]:
    return [
        row("6.1.3", "Số TTHC mức độ 3 có phát sinh hồ sơ", "Thủ tục", level_3, indicator_id=LEVEL_3),
        row("6.2.3", "Số TTHC mức độ 4 có phát sinh hồ sơ", "Thủ tục", level_4, indicator_id=LEVEL_4, row=2),
        row("6.4.2", "Số hồ sơ đã tiếp nhận trực tuyến", "Hồ sơ", files, indicator_id=FILES, row=3),
    ]


YES_NO = "Không = 0 Có = 1"
TWO_PARTS = "- Có {} TTHC được kết nối. - Có {} TTHC nội bộ"


def section(text: str, title: str = "Về tổ chức chỉ đạo, điều hành", path: str = "I.2") -> Section:
    return Section("r", "a.docx", 1, 2, "2", title, path, 1, text)


def plan_rows() -> list[Observation]:
    return [
        row("2", "Tỷ lệ hoàn thành Kế hoạch CCHC năm", "%", "57.14"),
        row("2.1", "Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ", "21"),
        row("2.2", "Số nhiệm vụ đã hoàn thành", "Nhiệm vụ", "12"),
        row("5", "Thực hiện nhiệm vụ UBND tỉnh giao", "", None),
        *tasks("595", "508", "74", "13"),
    ]


PLAN = [Relation("rate", "2", ("2.2", "2.1")), SUM]
DIALOGUE = "Tổ chức đối thoại của lãnh đạo với người dân, cộng đồng doanh nghiệp"


def events(n: int, title: str = DIALOGUE) -> TableRow:
    text = "\n".join([title, *(f"- Hội thảo chuyên đề thứ {i}" for i in range(n))])
    return TableRow("r", "a.docx", 1, "2", "2", "", "", 1, 1, 1, "docx", text)


def plans(n: int) -> str:
    lines = (f"- Kế hoạch số {i}/KH-SKHĐT ngày 05/01/2024 về nội dung {i}." for i in range(1, n + 1))
    return "Sở đã ban hành các kế hoạch sau:\n" + "\n".join(lines)


@dataclass(frozen=True)
class Cross:
    axis: str
    kind: str
    whole: int
    parts: tuple[int, ...]
    basis: str = "header"


def grid(*rows: Sequence[str | None], unit: str = "Hồ sơ", **more: Any) -> dict[tuple[int, int], Observation]:
    return {
        (r, c): row(str(r), f"Cột {c}", unit, value, row=r + 1, breakdown=f"Dòng {r}", measure=f"m{c}", **more)
        for r, values in enumerate(rows)
        for c, value in enumerate(values)
    }


ACROSS, DOWN = Cross("columns", "sum", 0, (1, 2)), Cross("rows", "sum", 0, (1, 2))


def series(*values: str | None, span: str = "H1", flow: str = "flow", **more: Any) -> list[Point]:
    return [
        Point(
            f"r{i}", f"o{i}", f"{2015 + i}-{span}", None, None, flow, None if v is None else Decimal(v), "Hồ sơ", **more
        )
        for i, v in enumerate(values)
    ]


def year(
    *figures: tuple[str, str], flow: str = "cumulative", name: str = "a", start: tuple[str, ...] = ()
) -> list[Point]:
    from datetime import date

    ends = {"Q1": date(2024, 3, 14), "H1": date(2024, 6, 14), "9M": date(2024, 9, 14), "Q3": date(2024, 9, 14)}
    starts = {"Q3": date(2024, 6, 15)} | {
        span: date.fromisoformat(d) for (span, _), d in zip(figures, start, strict=False)
    }
    return [
        Point(span, f"{name}/{span}", f"2024-{span}", starts.get(span, date(2023, 12, 15)), ends[span], flow,
              Decimal(value), name)
        for span, value in figures
    ]  # fmt: skip
