"""Which report is primary, which a copy, which was corrected later: the contract's rules, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.history import ReportKey, settle

ONE = ReportKey(
    order=0,
    report_id="r0",
    source="a.docx",
    sha256="s0",
    format="docx",
    method="docx",
    family="cchc",
    agency_id="so-noi-vu",
    province_id="46",
    period="2024-H1",
    doc_number="2147/BC-SNV",
    doc_date=date(2024, 6, 11),
    figures="f0",
    appendices=frozenset({"2", "3"}),
)


def like(base: ReportKey, order: int, **changes: object) -> ReportKey:
    fresh: dict[str, object] = {"order": order, "report_id": f"r{order}", "sha256": f"s{order}"}
    return replace(base, **{**fresh, **changes})  # type: ignore[arg-type]


def outcome(*reports: ReportKey) -> dict[str, tuple[str, str, str, bool]]:
    verdicts = settle(reports).verdicts
    ids = {report.order: report.report_id for report in reports}
    return {ids[o]: (v.status, v.duplicate_of, v.supersedes, v.is_primary) for o, v in verdicts.items()}


DUPLICATE_OF_0 = ("duplicate", "r0", "", False)


def test_a_report_alone_is_primary() -> None:
    assert outcome(ONE) == {}


def test_identical_bytes_are_twins_and_the_first_path_stays() -> None:
    copy = like(ONE, 1, sha256="s0", source="b.docx", agency_id="", doc_number="")
    assert outcome(ONE, copy) == {"r1": DUPLICATE_OF_0}


def test_the_same_number_and_date_are_twins_and_docx_goes_before_pdf() -> None:
    pdf = like(ONE, 1, source="0.pdf", format="pdf", method="pdf-lines", figures="f1")
    found = settle([ONE, pdf])
    assert outcome(ONE, pdf) == {"r1": DUPLICATE_OF_0}
    assert found.twins == ((0, 1),), "their figures differ, so their rows have to be compared"
    assert [doubt.code for _, doubt in found.doubts] == ["report-duplicate"]


def test_the_same_figures_of_one_agency_and_period_are_twins_without_a_number() -> None:
    scan = like(ONE, 1, source="0.pdf", format="pdf", method="ocr", doc_number="", doc_date=None)
    assert outcome(ONE, scan) == {"r1": DUPLICATE_OF_0}
    assert settle([ONE, scan]).twins == ()


def test_formats_are_preferred_in_the_contracts_order() -> None:
    formats = [
        ("x", "docx", "docx"),
        ("w", "xlsx", "sheet"),
        ("v", "odt", "odt"),
        ("u", "pdf", "pdf-text"),
        ("t", "text", "text"),
        ("s", "pdf", "ocr"),
    ]
    reports = [like(ONE, n, source=s, format=f, method=m) for n, (s, f, m) in enumerate(formats)]
    for first in range(len(reports)):
        rest = reports[first:]
        assert {v.duplicate_of for v in settle(rest[::-1]).verdicts.values()} <= {f"r{first}"}


def test_one_number_and_date_of_two_communes_are_two_reports() -> None:
    phu_vang = replace(ONE, doc_number="12/BC-UBND", agency_id="ubnd-phu-vang")
    phu_loc = like(phu_vang, 1, agency_id="ubnd-phu-loc", figures="f1")
    assert outcome(phu_vang, phu_loc) == {}
    assert outcome(ONE, like(ONE, 1, province_id="48", figures="f1")) == {}


def test_a_twin_whose_agency_could_not_be_read_is_still_a_twin() -> None:
    unread = like(ONE, 1, source="b.pdf", format="pdf", agency_id="", figures="f1")
    assert outcome(ONE, unread) == {"r1": DUPLICATE_OF_0}


def test_a_later_report_with_other_figures_is_a_correction() -> None:
    later = like(ONE, 1, source="b.docx", doc_number="2200/BC-SNV", doc_date=date(2024, 6, 20), figures="f1")
    assert outcome(ONE, later) == {"r0": ("superseded", "", "", False), "r1": ("", "", "r0", True)}
    assert [(o, d.code) for o, d in settle([ONE, later]).doubts] == [(0, "report-superseded")]


def test_the_number_decides_on_one_day_and_a_chain_names_each_link() -> None:
    second = like(ONE, 1, doc_number="2148/BC-SNV", figures="f1")
    third = like(ONE, 2, doc_number="2149/BC-SNV", figures="f2")
    assert outcome(third, ONE, second) == {
        "r0": ("superseded", "", "", False),
        "r1": ("superseded", "", "r0", False),
        "r2": ("", "", "r1", True),
    }


def test_two_versions_that_no_rule_tells_apart_leave_one_primary_and_a_warning() -> None:
    other = like(ONE, 1, source="b.docx", doc_number="", doc_date=None, figures="f1")
    undated = replace(ONE, doc_number="", doc_date=None)
    found = settle([undated, other])
    assert [d.code for _, d in found.doubts] == ["report-conflict"]
    assert sum(not v.is_primary for v in found.verdicts.values()) == 1


def test_tables_sent_apart_from_the_narrative_stay_primary() -> None:
    narrative = replace(ONE, figures="", appendices=frozenset())
    tables = like(ONE, 1, source="phu-luc.xlsx", format="xlsx", method="sheet")
    assert outcome(narrative, tables) == {"r0": ("duplicate", "r1", "", False)}, "a narrative holds no rows to lose"
    first, second = replace(ONE, appendices=frozenset({"2"})), like(ONE, 1, appendices=frozenset({"3"}), figures="f1")
    assert outcome(first, second) == {}


def test_a_correction_of_one_appendix_does_not_push_the_others_aside() -> None:
    part = like(ONE, 1, doc_number="2200/BC-SNV", doc_date=date(2024, 6, 20), figures="f1", appendices=frozenset({"3"}))
    found = settle([ONE, part])
    assert found.verdicts == {}
    assert [d.code for _, d in found.doubts] == ["report-overlaps"]


def test_other_periods_agencies_and_families_are_not_versions() -> None:
    later = {"doc_number": "9/BC", "doc_date": date(2024, 7, 1), "figures": "f1"}
    for difference in ({"period": "2024"}, {"agency_id": "so-y-te"}, {"family": "pctn"}, {"province_id": "48"}):
        assert outcome(ONE, like(ONE, 1, **later, **difference)) == {}
    assert outcome(replace(ONE, period=""), like(ONE, 1, **later, period="")) == {}, "nothing is known of their period"


keys = st.builds(
    lambda n, agency, number, day, figures, form, period: like(
        ONE,
        n,
        source=f"{n:03d}",
        agency_id=agency,
        doc_number=number,
        doc_date=day,
        figures=figures,
        format=form,
        period=period,
        appendices=frozenset({"2"} if figures else ()),
    ),
    st.integers(0, 999),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["", "1/BC-X", "2/BC-X"]),
    st.sampled_from([None, date(2024, 1, 1), date(2024, 2, 1)]),
    st.sampled_from(["", "f", "g"]),
    st.sampled_from(["docx", "pdf", "text"]),
    st.sampled_from(["", "2024"]),
)


@given(st.lists(keys, max_size=12, unique_by=lambda key: key.order), st.randoms())
def test_the_history_does_not_depend_on_the_order_and_points_at_reports_that_are_there(
    reports: list[ReportKey], random: object
) -> None:
    first = settle(reports)
    shuffled = list(reports)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settle(shuffled) == first
    known = {report.report_id for report in reports}
    by_order = {report.order: report for report in reports}
    primary_by_series: dict[tuple[str, str], int] = {}
    for report in reports:
        verdict = first.verdicts.get(report.order)
        if verdict:
            assert {verdict.duplicate_of, verdict.supersedes} - {""} <= known - {report.report_id}
            assert verdict.is_primary == (verdict.status == "")
        if (verdict is None or verdict.is_primary) and report.figures and report.agency_id and report.period:
            series = report.agency_id, report.period
            primary_by_series[series] = primary_by_series.get(series, 0) + 1
    assert set(primary_by_series.values()) <= {1}, "one series point, one primary report"
    assert all(by_order[a] != by_order[b] for a, b in first.twins)


COMMUNE = replace(
    ONE, agency_id="ubnd-xa-tan-phu", province_id="", doc_number="12/BC-UBND", parent="UBND HUYỆN CHÂU THÀNH"
)


@pytest.mark.parametrize("changes", [{"figures": "f1"}, {}, {"figures": "f1", "doc_number": "15/BC-UBND"}])
def test_bodies_of_one_name_under_two_others_are_no_versions_of_each_other(changes: dict[str, object]) -> None:
    other = like(COMMUNE, 1, source="b.docx", parent="ỦY BAN NHÂN DÂN HUYỆN TÂN PHƯỚC", **changes)
    assert outcome(COMMUNE, other) == {}
    assert [doubt.code for _, doubt in settle([COMMUNE, other]).doubts] == ["agency-name-shared"] * 2


def test_a_correction_goes_to_its_own_body_and_a_misread_parent_is_the_same() -> None:
    other = like(COMMUNE, 1, source="b.docx", parent="UBND HUYỆN TÂN PHƯỚC", figures="f1")
    later = like(COMMUNE, 2, source="c.docx", parent="ỦY BAN NHÂN DÂN HUYỆN CHÂU THẢNH,", figures="f2",
                 doc_number="20/BC-UBND", doc_date=date(2024, 7, 1))  # fmt: skip
    assert outcome(COMMUNE, other, later) == {"r0": ("superseded", "", "", False), "r2": ("", "", "r0", True)}


def test_a_province_above_or_nothing_tells_no_two_bodies_apart() -> None:
    for above in ("", "UBND TỈNH KON TUM", "THÀNH PHỐ HÀ NỘI", "Huyện Châu Thành"):
        copy = like(COMMUNE, 1, source="b.docx", parent=above)
        assert outcome(COMMUNE, copy) == {"r1": DUPLICATE_OF_0}


def test_departments_of_no_known_province_are_told_apart_by_the_place_of_signature() -> None:
    here = replace(ONE, province_id="", place="Đông Hà")
    there = like(
        here, 1, source="b.docx", place="Pleiku", figures="f1", doc_number="9/BC-SNV", doc_date=date(2024, 6, 20)
    )
    again = like(
        here, 2, source="c.docx", place="Đông Hả", figures="f2", doc_number="9/BC-SNV", doc_date=date(2024, 7, 1)
    )
    assert outcome(here, there, again) == {"r0": ("superseded", "", "", False), "r2": ("", "", "r0", True)}
