"""The official template, with figures as one report of 2024 gives them."""

from __future__ import annotations

import pytest

from normalize.catalogue import load_catalogue
from normalize.checks import run_checks, view_of
from normalize.findings import FINDINGS
from normalize.model import Observation
from tests.normalize.checks.rows import TWO_PARTS, check, plans, row, section

FIGURES = {
    ("2", "1"): ("6", "Kế hoạch"), ("2", "2"): ("", ""), ("2", "2.1"): ("21", ""), ("2", "2.2"): ("12", ""),
    ("2", "4.1"): ("0", ""), ("2", "4.2"): ("0", ""), ("2", "5.1"): ("595", ""), ("2", "5.2"): ("508", ""),
    ("2", "5.3"): ("74", ""), ("2", "5.4"): ("13", ""), ("2", "7.1"): ("", ""), ("2", "8"): ("9 cuộc", ""),
    ("3", "2.1"): ("20", ""), ("3", "2.2"): ("0", ""), ("3", "2.2.1"): ("20", ""), ("3", "2.2.2"): ("0", ""),
    ("3", "3.1"): ("51", ""), ("3", "3.2"): ("100", ""), ("3", "3.2.1"): ("20", ""), ("3", "3.2.2"): ("0", ""),
    ("4", "1.2"): ("01", ""), ("4", "1.4"): ("127", TWO_PARTS.format(116, 11)), ("4", "1.4.1"): ("127", ""),
    ("4", "1.4.2"): ("", ""), ("4", "1.4.3"): ("", ""), ("4", "2.2"): ("52", ""), ("4", "2.3"): ("127", ""),
    ("4", "3.1"): ("88,70%", ""), ("4", "3.1.1"): ("664", ""), ("4", "3.1.2"): ("589", ""),
    ("4", "3.4"): ("0", ""), ("4", "3.4.1"): ("0", ""), ("4", "3.4.2"): ("0", ""),
    ("5", "1.1"): ("09", "09 phòng, sau khi sắp xếp còn 08 phòng"), ("5", "1.2"): ("0", ""),
    ("5", "2.1"): ("44", ""), ("5", "2.2"): ("42", ""), ("5", "2.5"): ("13,7%", "51 biên chế"),
    ("8", "6.1"): ("100", ""), ("8", "6.1.1"): ("127", ""), ("8", "6.1.2"): ("127", ""), ("8", "6.1.3"): ("0", ""),
    ("8", "6.2"): ("100", ""), ("8", "6.2.1"): ("127", ""), ("8", "6.2.2"): ("127", ""), ("8", "6.2.3"): ("0", ""),
    ("8", "6.3"): ("91,34", ""), ("8", "6.3.1"): ("127", ""), ("8", "6.3.2"): ("116", ""),
    ("8", "6.4"): ("100", ""), ("8", "6.4.1"): ("1061", ""), ("8", "6.4.2"): ("1061", ""),
}  # fmt: skip


def official_rows() -> list[Observation]:
    catalogue, rows = load_catalogue(), []
    for n, ((appendix, code), (raw, note)) in enumerate(FIGURES.items()):
        indicator = catalogue.by_id[catalogue.by_code["hue_2022", appendix, code]]
        value = raw.split()[0].rstrip("%").replace(",", ".") if raw else None
        rows.append(
            row(code, indicator.name, indicator.unit, value, raw, note=note, appendix=appendix, table=int(appendix),
                row=n, indicator_id=indicator.id, observation_id=f"r/{appendix}/{code}")
        )  # fmt: skip
    return rows


def test_a_real_report_raises_what_contradicts_itself_and_nothing_else() -> None:
    text = "Trong kỳ đã thực hiện được 12/21 nhiệm vụ trong Kế hoạch Cải cách hành chính năm 2024 của Sở."
    sections = [section(plans(6), "Về kế hoạch cải cách hành chính"), section(text)]
    doubts = run_checks(view_of(official_rows(), load_catalogue().relations, sections=sections))
    raised_at = {(FINDINGS[d.code].severity, d.code, d.appendix, d.stt) for d in doubts}
    assert raised_at == {
        ("error", "rate-mismatch", "3", "3.2"),
        ("warning", "contradiction-operand", "3", "3.2.1"),
        ("warning", "contradiction-operand", "3", "3.2.2"),
        ("error", "unit-value-mismatch", "5", "1.1"),
        ("error", "unit-value-mismatch", "2", "8"),
        ("error", "unit-contradicts-name", "2", "4.1"),
        ("warning", "count-without-carrier", "8", "6.1.3"),
        ("warning", "count-without-carrier", "8", "6.2.3"),
        ("info", "derived-value", "2", "2"),
    }


@pytest.mark.parametrize(
    ("name", "unit", "raw", "is_doubted"),
    [
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "Lũy kế 30", True),
        ("Tổng số hồ sơ đã giải quyết (lũy kế)", "Hồ sơ", "30 (lũy kế)", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (năm 2023)", True),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (năm 2024)", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 (kế hoạch)", True),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "12 hồ sơ quá hạn", True),
        ("Số hồ sơ giải quyết quá hạn", "Hồ sơ", "12 hồ sơ quá hạn", False),
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "30 (5 quá hạn)", False),  # the words are of the other number
        ("Tổng số hồ sơ đã giải quyết", "Hồ sơ", "cấp xã: 12", True),
        ("Số người được bồi dưỡng", "Người", "20 xã", True),
        ("Số người được bồi dưỡng", "Người", "20 cán bộ", False),
        ("Số văn bản đã ban hành", "Văn bản", "5 kế hoạch", False),
        ("Số lượt truy cập", "Nghìn lượt", "12.000 lượt", True),
        ("Thời gian giải quyết", "Ngày", "48 giờ", True),
        ("Thời gian giải quyết", "Ngày", "12 tháng", True),
        ("Số hồ sơ quá hạn", "Hồ sơ", "0 (không)", False),
    ],
)
def test_words_in_a_cell_that_make_it_another_figure(name: str, unit: str, raw: str, is_doubted: bool) -> None:
    found = check([row("1", name, unit, "".join(filter(str.isdigit, raw.split("(")[0])), raw, period="2024-H1")])
    assert found == ({("cell-says-otherwise", "1")} if is_doubted else set())


@pytest.mark.parametrize(
    ("unit", "value", "is_doubted"),
    [
        ("Triệu đồng", "9100000000", True),  # nine billion đồng under millions
        ("Triệu đồng", "50000000", True),
        ("Triệu đồng", "8885.1", False),
        ("Triệu đồng", "62269173", False),
        ("Tỷ đồng", "8900000", True),
        ("Tỷ đồng", "1234", False),
        ("Đồng", "8885.1", True),
        ("Đồng", "8885100000", False),
    ],
)
def test_money_printed_under_another_scale(unit: str, value: str, is_doubted: bool) -> None:
    found = check([row("1.2", "Đã thực hiện", unit, value)])
    assert found == ({("money-scale-doubtful", "1.2")} if is_doubted else set())
