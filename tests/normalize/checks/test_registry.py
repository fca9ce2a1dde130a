"""Codes of checks and their sentences; every code can be raised, and no report breaks a check."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.catalogue import load_catalogue
from normalize.checks import (
    CHECKS,
    CROSSTAB_CODES,
    HISTORY_CODES,
    ExpectedRow,
    Relation,
    check_crosstab,
    run_checks,
    view_of,
)
from normalize.checks.report import cross_relations
from normalize.checks.series import check_history, check_series, compare_twins
from normalize.checks.table import check_crosstab_sums
from normalize.findings import FINDINGS, Doubt, sentences
from normalize.model import Observation
from tests.normalize.checks.rows import (
    ACROSS,
    DIALOGUE,
    PLAN,
    RATE,
    ROOT,
    SUM,
    TWO_PARTS,
    YES_NO,
    events,
    family,
    grid,
    online,
    plan_rows,
    row,
    section,
    series,
    share,
    tasks,
    year,
)


def all_codes() -> list[str]:
    return sorted({code for each in CHECKS.values() for code in each.codes} | set(HISTORY_CODES) | set(CROSSTAB_CODES))


@pytest.mark.parametrize("code", all_codes())
def test_every_code_of_a_check_has_its_sentences(code: str) -> None:
    assert code in FINDINGS


def test_checks_raise_no_code_they_do_not_register() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "normalize/checks").glob("*.py"))
    source = source.replace((ROOT / "normalize/checks/__init__.py").read_text(encoding="utf-8"), "")
    unregistered = {code for code in FINDINGS if f'"{code}"' in source} - set(all_codes())
    assert not unregistered


def test_every_relation_between_appendices_names_known_indicators() -> None:
    known = load_catalogue().by_id
    relations = cross_relations()
    assert {relation.kind for relation in relations} == {"carrier", "same"}
    assert all(indicator in known for r in relations for indicator in (r.whole, *r.parts))


def test_every_sentence_gets_all_its_facts() -> None:
    for doubt in every_doubt():
        vi, en = sentences(doubt.code, doubt.facts)
        assert "…" not in vi.replace("… ", ""), doubt.code
        wanted = {n for _, n, _, _ in string.Formatter().parse(FINDINGS[doubt.code].message_en) if n}
        assert wanted <= {name for name, _ in doubt.facts}, (doubt.code, en)


def every_doubt() -> list[Doubt]:
    """At least one doubt of nearly every code, for tests that look at sentences."""
    cells = {i: row(str(i), f"Cột {i}", "Hồ sơ", str(v)) for i, v in ((8, 30), (10, 10))}
    views = [
        view_of(tasks("596", "508", "74", "13"), [SUM]),
        view_of(tasks("596", "508", "74", "13", confidence=0.1), [SUM]),
        view_of(tasks("126", "127", None, None), [SUM]),
        view_of(share("100", "100", "0", "20"), [RATE]),
        view_of(share("100", "100", "0", "20", confidence=0.1), [RATE]),
        view_of(share("50", "50", "0", "0"), [RATE]),
        view_of(share(None, "", "12", "21"), [RATE]),
        view_of(share("110", "110", "22", "20"), [RATE]),
        view_of([row("1", "Tổng số", "Người", "1"), row("1.1", "nữ", "Người", "2")]),
        view_of([*family("Tổng", "31", "10", "20"), *family("Tổng", "30", "10", "20", measure="previous")]),
        view_of(online("1061", "0", "0")),
        view_of(plan_rows(), PLAN, sections=[section("Đạt 13/21 nhiệm vụ trong Kế hoạch CCHC năm.")]),
        view_of([row("8", DIALOGUE, YES_NO, "9")], tables=[events(8)]),
        view_of([row("8", DIALOGUE, YES_NO, "9", "9 cuộc")]),
        view_of([row("1", "Tỷ lệ", "%", "9", "09"), row("2", "Số người", "%", "120", row=2)]),
        view_of([row("1", "Tỷ lệ", "%", "0.714", "0,714", method="sheet")]),
        view_of([row("3", "Số hồ sơ", "Hồ sơ", "-1.5")]),
        view_of([row("3", "Số hồ sơ", "Hồ sơ", "30", "Lũy kế 30")]),
        view_of([row("1.2", "Đã thực hiện", "Triệu đồng", "9100000000")]),
        view_of([row("1.4", "Tổng số TTHC", "Thủ tục", "127", note=TWO_PARTS.format(116, 12))]),
        view_of([row("1", "a", "Người", "1")], expected_rows=[ExpectedRow(1, "2", "2", "b", "Dòng b")]),
        view_of([
            row("1.5", "a", "Đơn vị", "7", indicator_id="dvsncl_tai_dia_phuong"),
            row("2.1", "b", "Đơn vị", "8", indicator_id="dvsn_cong_lap_tong_so", table=2),
        ]),
        view_of([row("1", "a", "Hồ sơ", "7"), row("1", "a", "Hồ sơ", "8", table=2)]),
    ]  # fmt: skip
    doubts = [doubt for view in views for doubt in run_checks(view)]
    doubts += check_crosstab_sums(cells, [(8, (10,))])
    doubts += check_crosstab(grid(*[("9", "1", "2")] * 4), [ACROSS])
    doubts += check_crosstab_sums({k: row("1", "a", "Hồ sơ", str(k), confidence=0.1) for k in (1, 2)}, [(1, (2,))])
    doubts += [d for _, d in check_series(series("100", "110", "1050", "120"))]
    doubts += [d for _, d in check_series(series("100", "110", "3500", "120"))]
    doubts += [d for _, d in check_history([year(("Q1", "10"), ("H1", "9"))])]
    doubts += [d for _, d in check_history([year(("Q1", "10"), ("H1", "9"), name=f"a{i}") for i in range(6)])]
    doubts += compare_twins([row("1", "a", "Người", "1")], [row("1", "a", "Người", "2")])
    return doubts


def test_every_registered_code_can_be_raised() -> None:
    assert {doubt.code for doubt in every_doubt()} == set(all_codes())


printed_rows = st.builds(
    row,
    st.sampled_from(["1", "1.1", "1.2", "2", "2.1", ""]),
    st.sampled_from(["Số hồ sơ", "Tỷ lệ hồ sơ", "Tổng số TTHC", "", "Sở"]),
    st.sampled_from(["Hồ sơ", "%", "", YES_NO, "Triệu đồng", "Lạ lùng"]),
    st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2).map(str)),
    st.one_of(st.none(), st.text(max_size=12)),
    note=st.text(max_size=40),
    measure=st.sampled_from(["actual", "previous", "change", ""]),
    breakdown=st.sampled_from(["", "A", "B"]),
)


@given(st.lists(printed_rows, max_size=8), st.text(max_size=80))
def test_no_report_breaks_the_checks(rows: list[Observation], text: str) -> None:
    relations = [
        Relation("sum", "1", ("1.1", "1.2")),
        Relation("rate", "2", ("2.1", "1")),
        Relation("part", "1", ("2",)),
    ]
    view = view_of(rows, relations, sections=[section(text)], tables=[events(2)])
    doubts = run_checks(view)
    assert doubts == run_checks(view)
    for doubt in doubts:
        sentences(doubt.code, doubt.facts)
