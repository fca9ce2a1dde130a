"""Titles, spans and dates as they are printed, with the period they mean (typed by hand)."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.dates import find_dates, plain
from normalize.periods import cut_offs, find_period, flow_of, parse_date, parse_span, period_doubts
from tests.linear import growth

SIGNED = date(2024, 6, 11)

TITLES = [
    ("Công tác cải cách hành chính 6 tháng đầu năm 2024", "2024-H1"),
    ("CÔNG TÁC CẢI CÁCH HÀNH CHÍNH 6 THÁNG ĐẦU NĂM 2024", "2024-H1"),
    ("06 tháng đầu năm 2024 (Từ ngày 15/12/2023 đến 10/6/2024)", "2024-H1"),
    ("sáu tháng đầu năm 2024", "2024-H1"),
    ("6 tháng năm 2024", "2024-H1"),
    ("6 tháng/2024", "2024-H1"),
    ("6 tháng cuối năm 2024", "2024-H2"),
    ("quý I năm 2024", "2024-Q1"),
    ("quý 1 năm 2024", "2024-Q1"),
    ("Quý I, năm 2024", "2024-Q1"),
    ("quý l năm 2024", "2024-Q1"),
    ("Quý II/2026", "2026-Q2"),
    ("QUÝ III NĂM 2023", "2023-Q3"),
    ("quý III-2023", "2023-Q3"),
    ("quí IV/2023", "2023-Q4"),
    ("quý 04/2023", "2023-Q4"),
    ("9 tháng đầu năm 2019", "2019-9M"),
    ("chín tháng năm 2019", "2019-9M"),
    ("Chín  tháng\nđầu năm 2019", "2019-9M"),
    ("8 tháng năm 2023", "2023-8M"),
    ("11 tháng đầu năm 2023", "2023-11M"),
    ("mười một tháng năm 2023", "2023-11M"),
    ("tháng 6 năm 2026", "2026-M06"),
    ("Tháng 6/2026", "2026-M06"),
    ("tháng 06-2026", "2026-M06"),
    ("tháng 12 năm 2025", "2025-M12"),
    ("năm 2020", "2020"),
    ("cả năm 2020", "2020"),
    ("12 tháng năm 2020", "2020"),
    ("Tổng kết công tác năm 2020", "2020"),
    ("nhiệm kỳ 2021-2026", "2021-2026"),
    ("nhiệm kỳ 2021 – 2026", "2021-2026"),
    ("giai đoạn 2021 - 2025", "2021-2025"),
    ("giai đoạn từ năm 2021 đến năm 2025", "2021-2025"),
    ("sơ kết 05 năm thực hiện Nghị quyết số 76/NQ-CP (2021-2025)", "2021-2025"),
    # Two periods in one title: the wider one holds.
    ("quý IV và năm 2023", "2023"),
    ("quý IV và cả năm 2023", "2023"),
    ("Quý II và 6 tháng đầu năm 2024", "2024-H1"),
    ("tháng 6 và 6 tháng đầu năm 2024", "2024-H1"),
    ("tháng 9, quý III và 9 tháng năm 2024", "2024-9M"),
    ("tháng 12 và năm 2023; phương hướng năm 2024", "2023"),
    ("tháng 5 và 5 tháng đầu năm 2024", "2024-5M"),
    ("quý III, 9 tháng đầu năm và nhiệm vụ quý IV năm 2023", "2023-9M"),
    ("9 tháng và ước cả năm 2023", "2023-9M"),
    ("quý I, II năm 2024", "2024-H1"),
    ("quý I và quý II năm 2024", "2024-H1"),
    ("quý I, II và III năm 2024", "2024-9M"),
    ("quý III + IV năm 2024", "2024-H2"),
    ("năm 2023 và 6 tháng đầu năm 2024", "2024-H1"),
    ("năm học 2023-2024", "2023-2024"),
    ("từ tháng 01 đến tháng 6 năm 2024", "2024-H1"),
    ("từ tháng 01 đến tháng 8 năm 2024", "2024-8M"),
    ("quý 1, 2, 3 năm 2024", "2024-9M"),
    ("quý 3 và 4 năm 2022", "2022-H2"),
    ("3 quý đầu năm 2024", "2024-9M"),
    ("nửa đầu năm 2024", "2024-H1"),
    ("nửa cuối năm 2024", "2024-H2"),
    ("đến hết tháng 10 năm 2024", "2024-10M"),
    ("tính đến tháng 6 năm 2024", "2024-H1"),
    # What stands behind the plan words is the next period.
    ("Kết quả 6 tháng đầu năm; phương hướng, nhiệm vụ 6 tháng cuối năm 2024", "2024-H1"),
    ("Kết quả công tác quý I và nhiệm vụ trọng tâm quý II/2024", "2024-Q1"),
    ("Công tác quý IV năm 2023, nhiệm vụ quý I năm 2024", "2023-Q4"),
    ("Công tác CCHC năm 2023 và phương hướng nhiệm vụ năm 2024", "2023"),
    ("Tổng kết năm và phương hướng, nhiệm vụ năm 2024", "2023"),
    ("Kết quả quý III và nhiệm vụ quý IV năm 2023", "2023-Q3"),
    # A plan's or a programme's name holds years too.
    ("Kết quả 6 tháng thực hiện Kế hoạch CCHC năm 2024", "2024-H1"),
    ("Kết quả thực hiện Kế hoạch CCHC năm 2024", "2024"),
    ("Tình hình thực hiện Chương trình tổng thể giai đoạn 2021-2030, năm 2023", "2023"),
    ("Thực hiện Quyết định số 43/2022/QĐ-UBND ngày 14/9/2022 trong quý I năm 2024", "2024-Q1"),
]


@pytest.mark.parametrize(("title", "label"), TITLES)
def test_a_title_gives_its_period(title: str, label: str) -> None:
    assert find_period(title, None, None, SIGNED).label == label


@pytest.mark.parametrize(("title", "label"), TITLES)
def test_capitals_and_decomposed_letters_change_nothing(title: str, label: str) -> None:
    assert find_period(unicodedata.normalize("NFD", title.upper()), None, None, SIGNED).label == label


@pytest.mark.parametrize(
    ("title", "signed", "label"),
    [
        ("6 tháng đầu năm", date(2024, 6, 11), "2024-H1"),
        ("Công tác CCHC quý IV", date(2024, 1, 5), "2023-Q4"),
        ("Tổng kết năm", date(2024, 1, 5), "2023"),
        ("Tổng kết năm", date(2023, 12, 18), "2023"),
        ("9 tháng", date(2023, 9, 20), "2023-9M"),
        ("quý I", date(2024, 3, 10), "2024-Q1"),
    ],
)
def test_a_title_without_a_year_takes_it_from_the_date(title: str, signed: date, label: str) -> None:
    assert find_period(title, None, None, signed).label == label


@pytest.mark.parametrize(
    ("label", "start", "end", "basis"),
    [
        ("quý I năm 2024", date(2023, 12, 15), date(2024, 3, 14), "legal"),
        ("quý II năm 2024", date(2024, 3, 15), date(2024, 6, 14), "legal"),
        ("quý III năm 2024", date(2024, 6, 15), date(2024, 9, 14), "legal"),
        ("quý IV năm 2024", date(2024, 9, 15), date(2024, 12, 14), "legal"),
        ("6 tháng đầu năm 2024", date(2023, 12, 15), date(2024, 6, 14), "legal"),
        ("6 tháng cuối năm 2024", date(2024, 6, 15), date(2024, 12, 14), "legal"),
        ("9 tháng năm 2024", date(2023, 12, 15), date(2024, 9, 14), "legal"),
        ("năm 2024", date(2023, 12, 15), date(2024, 12, 14), "legal"),
        ("8 tháng năm 2024", date(2024, 1, 1), date(2024, 8, 31), "calendar"),
        ("tháng 2 năm 2024", date(2024, 2, 1), date(2024, 2, 29), "calendar"),
        ("nhiệm kỳ 2021-2026", date(2021, 1, 1), date(2026, 12, 31), "calendar"),
        # Before Nghị định 09/2019 no common rule is known.
        ("6 tháng đầu năm 2015", date(2015, 1, 1), date(2015, 6, 30), "calendar"),
    ],
)
def test_without_a_stated_span_the_rule_of_the_year_fills_it(label: str, start: date, end: date, basis: str) -> None:
    period = find_period(label, None, None, None)
    assert (period.start, period.end, period.basis) == (start, end, basis)


def test_the_statistics_regime_counts_calendar_years() -> None:
    period = find_period("năm 2025", None, None, None, family="thong-ke")
    assert (period.start, period.end, period.basis) == (date(2025, 1, 1), date(2025, 12, 31), "legal")


def test_a_stated_span_is_kept_verbatim() -> None:
    period = find_period("6 tháng đầu năm 2024", date(2023, 12, 15), date(2024, 6, 10), SIGNED)
    assert (period.label, period.start, period.end, period.basis) == (
        "2024-H1", date(2023, 12, 15), date(2024, 6, 10), "stated",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2023, 12, 15), date(2024, 6, 10), "2024-H1"),
        (date(2024, 1, 1), date(2024, 6, 30), "2024-H1"),
        (date(2022, 12, 15), date(2023, 12, 14), "2023"),
        (date(2023, 6, 15), date(2023, 9, 14), "2023-Q3"),
        (date(2024, 1, 1), date(2024, 8, 31), "2024-8M"),
        (date(2024, 2, 20), date(2024, 4, 3), ""),
    ],
)
def test_a_title_without_a_period_takes_it_from_the_span(start: date, end: date, label: str) -> None:
    period = find_period("Công tác cải cách hành chính", start, end, None)
    assert (period.label, period.start, period.end, period.basis) == (label, start, end, "stated")


def test_nothing_certain_gives_no_label_and_a_doubt() -> None:
    period = find_period("Báo cáo công tác", None, None, SIGNED)
    assert period.label == ""
    assert [code for code, _, _ in period_doubts(period, None, None, SIGNED)] == ["period-unknown"]


def test_a_span_that_runs_backwards_is_not_used_and_named() -> None:
    start, end = date(2024, 12, 15), date(2024, 6, 14)
    period = find_period("6 tháng đầu năm 2024", start, end, SIGNED)
    assert (period.start, period.basis) == (date(2023, 12, 15), "legal")
    assert [code for code, _, _ in period_doubts(period, start, end, SIGNED)] == ["period-span-backwards"]


def test_a_span_of_another_year_is_kept_and_named() -> None:
    start, end = date(2022, 12, 15), date(2023, 6, 14)
    period = find_period("6 tháng đầu năm 2024", start, end, SIGNED)
    assert (period.label, period.start) == ("2024-H1", start)
    assert [code for code, _, _ in period_doubts(period, start, end, SIGNED)] == ["period-span-mismatch"]


def test_a_period_that_is_far_from_over_at_the_date_of_the_report_is_named() -> None:
    period = find_period("Kết quả thực hiện Kế hoạch CCHC năm 2024", None, None, SIGNED)
    assert [code for code, _, _ in period_doubts(period, None, None, SIGNED)] == ["period-after-date"]
    term = find_period("nhiệm kỳ 2021-2026", None, None, SIGNED)
    assert period_doubts(term, None, None, SIGNED) == ()


def test_a_period_that_was_over_long_before_the_date_of_the_report_is_named() -> None:
    stale = find_period("Kết quả công tác CCHC 6 tháng đầu năm 2023", None, None, SIGNED)
    assert [code for code, _, _ in period_doubts(stale, None, None, SIGNED)] == ["period-long-over"]
    year = find_period("Kết quả công tác CCHC năm 2023", None, None, SIGNED)
    assert period_doubts(year, None, None, date(2024, 3, 1)) == ()


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Kết quả công tác tháng 5, nhiệm vụ trọng tâm tháng 6 năm 2024", "2024-M05"),  # no `tám tháng`
        ("Kết quả công tác tám tháng năm 2024", "2024-8M"),
        ("Kết quả thực hiện Kế hoạch CCHC năm 2024 (quý I)", "2024-Q1"),
        ("Công tác CCHC năm 2024 - 6 tháng đầu năm", "2024-H1"),
        ("Công tác CCHC năm 2023 và quý I năm 2024", "2024-Q1"),
        ("Công tác CCHC 3 tháng đầu năm 2024", "2024-Q1"),
    ],
)
def test_words_that_only_look_like_another_period(title: str, label: str) -> None:
    assert find_period(title, None, None, SIGNED).label == label


def test_a_span_that_ends_a_few_days_early_raises_nothing() -> None:
    start, end = date(2023, 12, 15), date(2024, 6, 10)
    assert period_doubts(find_period("6 tháng đầu năm 2024", start, end, SIGNED), start, end, SIGNED) == ()


@pytest.mark.parametrize(
    ("title", "flow"),
    [("quý I năm 2024", "flow"), ("tháng 6/2024", "flow"), ("6 tháng cuối năm 2024", "flow"),
     ("6 tháng đầu năm 2024", "cumulative"), ("9 tháng 2024", "cumulative"), ("năm 2024", "cumulative")],
)  # fmt: skip
def test_flow_follows_from_the_kind_of_period(title: str, flow: str) -> None:
    period = find_period(title, None, None, None)
    assert period.flow == flow_of(period) == flow


SPAN = (date(2023, 12, 15), date(2024, 6, 10))


@pytest.mark.parametrize(
    "printed",
    [
        "(Từ ngày 15/12/2023 đến 10/6/2024).",
        "(Từ ngày 15/12/2023 đến ngày 10/06/2024)",
        "từ 15/12/2023 đến ngày 10/6/2024",
        "(Số liệu tính từ ngày 15/12/2023 đến ngày 10/6/2024)",
        "TỪ NGÀY 15/12/2023 ĐẾN HẾT NGÀY 10/6/2024",
        "từ ngày 15 tháng 12 năm 2023 đến ngày 10 tháng 6 năm 2024",
        "từ ngày 15 tháng 12 đến ngày 10 tháng 6 năm 2024",
        "từ 15/12 đến ngày 10/6/2024",
        "từ ngày 15/12/2023 đến 10/6",
        "15.12.2023 – 10.6.2024",
        "15/12/2023 - 10/6/2024",
        "Kỳ báo cáo: từ ngày 15-12-2023\nđến ngày\n10-6-2024",
        "từ ngày 15 / 12 / 2023 đến ngày 10 / 6 / 2024",
        "từ ngày 15/12/23 đến 10/6/24",
    ],
)
def test_every_form_of_a_span_is_read(printed: str) -> None:
    assert parse_span(printed) == SPAN


def test_other_spans() -> None:
    assert parse_span("từ tháng 01 đến tháng 6 năm 2024") == (date(2024, 1, 1), date(2024, 6, 30))
    assert parse_span("từ tháng 12/2023 đến tháng 6/2024") == (date(2023, 12, 1), date(2024, 6, 30))
    assert parse_span("từ ngày 15 đến ngày 20 tháng 6 năm 2024") == (date(2024, 6, 15), date(2024, 6, 20))
    assert parse_span("(từ 15/12 đến 14/6)", year=2024) == (date(2023, 12, 15), date(2024, 6, 14))
    assert parse_span("(từ 15/12 đến 14/6)") is None
    assert parse_span("Số liệu tính từ ngày…./…../…….đến....ngày…../…../………") is None
    assert parse_span("ngày 01/02/2023 và ngày 03/04/2023") is None
    assert parse_span("từ ngày 15/12/2024 đến 14/6/2024") == (date(2024, 12, 15), date(2024, 6, 14))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Huế, ngày 11 tháng 6 năm 2024", date(2024, 6, 11)),
        ("ngày 05 tháng 01 năm 2020", date(2020, 1, 5)),
        ("ngày 5 tháng 01, 2020", date(2020, 1, 5)),
        ("ngày 24 tháng 01/2019", date(2019, 1, 24)),
        ("ngày 11/6/2024", date(2024, 6, 11)),
        ("22-5-2011", date(2011, 5, 22)),
        ("01.7.2025", date(2025, 7, 1)),
        ("Thời gian ký: 2026-05-13T14:41:57+07:00", date(2026, 5, 13)),
        ("NGÀY 11 THÁNG 6 NĂM 2024", date(2024, 6, 11)),
        ("ngày\u00a011\u00a0tháng\u00a06\u00a0năm\u00a02024", date(2024, 6, 11)),
        ("ngày 31/02/2024", None),
        ("ngày … tháng 6 năm 2026", None),
        ("ngày   tháng   năm 2024", None),
        ("mục 2.1.3 và 12/21 nhiệm vụ", None),
        ("số 43/2022/QĐ-UBND", None),
    ],
)
def test_every_form_of_a_date_is_read(printed: str, expected: date | None) -> None:
    assert parse_date(printed) == expected


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_printed_date_is_read_back(day: date) -> None:
    forms = (f"{day.day:02d}/{day.month:02d}/{day.year}", f"ngày {day.day} tháng {day.month} năm {day.year}",
             f"{day.day}-{day.month}-{day.year}", day.isoformat())  # fmt: skip
    assert [parse_date(form) for form in forms] == [day] * len(forms)


WORDS = st.sampled_from(
    ["từ ", "ngày ", "đến ", "15", "/", "12/", "2023", " ", "-", "tháng ", "6 ", "năm ", "quý ", "IV", "và ", "\n"]
)


@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map("".join)))
def test_no_text_breaks_the_readers(text: str) -> None:
    period = find_period(text, None, None, SIGNED)
    assert period.basis in {"stated", "legal", "calendar", ""}
    span = parse_span(text)
    assert span is None or all(isinstance(day, date) for day in span)
    assert len(plain(text)) >= max((hit.end for hit in find_dates(text)), default=0)


@pytest.mark.parametrize("piece", ["từ ngày 15/12 ", "15/", "quý IV và ", "đến ", " "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    def read(n: int) -> None:
        parse_span(piece * n)
        find_period(piece * n, None, None, SIGNED)

    assert growth(read, 2500) < 4


def test_each_cut_off_is_a_span_of_its_own_length() -> None:
    months = {"Q1": 3, "Q2": 3, "Q3": 3, "Q4": 3, "H1": 6, "H2": 6, "9M": 9, "Y": 12}
    for cut in cut_offs():
        length = date(2023, *cut.end) - date(2023 + cut.start_year_offset, *cut.start)
        assert round(length.days / 30.4) == months[cut.kind], cut
