"""Printed figures: a table of cases typed by hand, properties, and the docs that list every form."""

from __future__ import annotations

import csv
import time
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from normalize import numbers
from normalize.findings import FINDINGS
from normalize.model import Unit
from normalize.number_marks import COMMA_DECIMAL, COMMA_GROUP, COUNT, DOT_DECIMAL, DOT_GROUP, OTHER
from normalize.number_marks import PERCENT as RATE
from normalize.numbers import FORMS, NO_STYLE, column_style, combine, figure_facts, parse_figure, print_figure
from normalize.units import NO_UNIT, base_value, known_units, parse_unit

ROOT = Path(__file__).parents[2]
HOSO, PERCENT, MONEY = parse_unit("Hồ sơ"), parse_unit("%"), parse_unit("Triệu đồng")
YES_NO = parse_unit("Có = 1; Không = 0")
UNITS = (
    NO_UNIT,
    HOSO,
    PERCENT,
    MONEY,
    YES_NO,
    parse_unit("ha"),
    parse_unit("Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2"),
)
_ESCAPE = regex.compile(r"\\u([0-9a-f]{4})")
_EXTRA = regex.compile(r"(\w+)=(.*?)(?=\s+\w+=|$)")


def load_cases() -> list[dict[str, str]]:
    path = Path(__file__).with_name("figures.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["printed"] = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), row["printed"])
    return rows


CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']} {case['printed']!r} under {case['unit']!r}")
def test_a_printed_figure_is_read_as_a_person_reads_it(case: dict[str, str]) -> None:
    figure = parse_figure(case["printed"], parse_unit(case["unit"]))
    extra = {
        "others": "|".join(f"{value:f}" for value in figure.others),
        "second": "" if figure.second is None else f"{figure.second:f}",
        "scale": "" if figure.scale is None else f"{figure.scale:f}",
        "word": figure.unit_word,
        "label": figure.label,
    }
    assert figure.value == (Decimal(case["value"]) if case["value"] else None)
    assert figure.kind == case["kind"]
    assert [code for code, _ in figure.notes] == case["notes"].split()
    assert {key: value for key, value in extra.items() if value} == dict(_EXTRA.findall(case["extra"]))
    assert figure.raw == case["printed"]


def test_the_table_holds_at_least_three_hundred_different_figures() -> None:
    assert len({(case["printed"], case["unit"]) for case in CASES}) >= 300


def test_every_note_of_the_table_is_in_the_findings_catalogue_and_every_number_code_is_in_the_table() -> None:
    raised = {code for case in CASES for code in case["notes"].split()}
    assert raised <= set(FINDINGS)
    prefixes = ("number-", "answer-", "footnote-", "cell-error", "value-text")
    ours = {code for code in FINDINGS if code.startswith(prefixes)}
    by_context = {"number-mark-by-siblings", "number-mark-by-report"}
    assert ours - by_context == raised


def test_a_figure_without_a_value_never_passes_as_certain() -> None:
    for case in CASES:
        figure = parse_figure(case["printed"], parse_unit(case["unit"]))
        if figure.value is None and figure.kind != "blank":
            severities = {FINDINGS[code].severity for code, _ in figure.notes}
            assert "warning" in severities or {code for code, _ in figure.notes} == {"number-nothing"}


# --- context: unit, then siblings, then the report ------------------------------------------------

CONTEXT_CASES = [
    # printed, unit, siblings, elsewhere in the report, value, code
    ("1,061", HOSO, ["2,345,678"], [], "1061", "number-mark-by-siblings"),
    ("1,061", HOSO, [], ["2,345,678"], "1061", "number-mark-by-report"),
    ("1,061", HOSO, ["12.345"], [], "1061", "number-ambiguous-mark"),
    ("1,061", MONEY, ["12.345,6"], [], "1.061", "number-mark-by-siblings"),
    ("1,061", MONEY, ["12,345.6"], [], "1061", "number-mark-by-siblings"),
    ("1,061", MONEY, [], ["12,345.6"], "1061", "number-mark-by-report"),
    ("1,061", MONEY, ["12.345,6"], ["12,345.6"], "1.061", "number-mark-by-siblings"),
    ("1,061", MONEY, ["12.345,6", "12,345.6"], [], "1.061", "number-ambiguous-mark"),
    ("345.678", MONEY, ["12,345.6"], [], "345.678", "number-mark-by-siblings"),
    ("345.678", MONEY, ["12.5"], [], "345.678", "number-ambiguous-mark"),
    ("345.678", MONEY, [], ["12.5"], "345678", "number-ambiguous-mark"),
    ("345.678", MONEY, ["12.345,6"], [], "345678", ""),
    ("1.061", HOSO, ["1,234,567"], [], "1061", ""),
]


@pytest.mark.parametrize(("printed", "unit", "siblings", "elsewhere", "value", "code"), CONTEXT_CASES)
def test_an_ambiguous_mark_is_settled_by_the_siblings_and_then_by_the_report(
    printed: str, unit: object, siblings: list[str], elsewhere: list[str], value: str, code: str
) -> None:
    style = combine(column_style((x, MONEY) for x in siblings), column_style((x, MONEY) for x in elsewhere))
    figure = parse_figure(printed, unit, style)  # type: ignore[arg-type]
    assert figure.value == Decimal(value)
    assert [c for c, _ in figure.notes] == ([code] if code else [])


def test_a_computed_rate_with_a_dot_says_nothing_about_money_in_the_same_column() -> None:
    style = column_style([("45.3", PERCENT), ("345.678", MONEY)])
    assert parse_figure("345.678", MONEY, style) == parse_figure("345.678", MONEY)


def test_a_rate_with_three_decimals_is_settled_by_other_rates_with_a_dot() -> None:
    figure = parse_figure("1.234", PERCENT, column_style([("12.5%", NO_UNIT)]))
    assert (figure.value, [code for code, _ in figure.notes]) == (Decimal("1.234"), ["number-mark-by-siblings"])


def test_ambiguous_siblings_show_nothing() -> None:
    assert (
        column_style([("1,061", HOSO), ("1,061", MONEY), ("1.061", MONEY), ("", HOSO), ("Không có", HOSO)]) == NO_STYLE
    )


# --- properties ---------------------------------------------------------------------------------

ANY_CELL = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,  %/()-–*xXlO¹²…đtrồngười hồ sơ có không", max_size=24),
    st.sampled_from([case["printed"] for case in CASES]),
)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12).map(Decimal),
    st.decimals(-(10**9), 10**9, allow_nan=False, places=2),
    st.decimals(0, 100, places=1),
)


@given(ANY_CELL, st.sampled_from(UNITS))
@settings(max_examples=400, deadline=None)
def test_no_text_crashes_the_parser_and_reading_twice_gives_the_same(raw: str, unit: object) -> None:
    once = parse_figure(raw, unit)  # type: ignore[arg-type]
    assert once == parse_figure(raw, unit)  # type: ignore[arg-type]
    assert once.raw == raw
    assert once.kind in {"number", "percent", "code", "text", "blank"}
    assert {code for code, _ in once.notes} <= set(FINDINGS)
    assert once.value is None or once.value.is_finite()
    assert (once.value is None) == (once.kind in {"text", "blank"})


@given(ANY_CELL, st.sampled_from(UNITS))
@example("1" + "0" * 27 + "1", NO_UNIT)  # one digit more than Decimal keeps by itself
@settings(max_examples=400, deadline=None)
def test_a_number_does_not_change_when_its_value_is_printed_and_read_again(raw: str, unit: object) -> None:
    figure = parse_figure(raw, unit)  # type: ignore[arg-type]
    if figure.value is not None:
        again = parse_figure(print_figure(figure.value), unit)  # type: ignore[arg-type]
        assert again.value == figure.value
        assert not again.notes


@given(ANY_CELL)
@settings(max_examples=200, deadline=None)
def test_a_value_is_only_ever_made_of_the_digits_that_are_printed(raw: str) -> None:
    figure = parse_figure(raw, HOSO)
    if figure.value is not None:
        printed = "".join(regex.findall(r"\d", unicodedata.normalize("NFKC", raw)))
        assert "".join(c for c in f"{abs(figure.value):f}" if c.isdigit()).strip("0") in printed


@pytest.mark.parametrize("form", FORMS)
@given(value=NUMBERS)
@settings(max_examples=60, deadline=None)
def test_print_then_parse_gives_the_number_back_in_every_form(form: str, value: Decimal) -> None:
    unit = PERCENT if "percent" in form else HOSO if form == "unit behind" else MONEY
    marks = column_style([("1,234,567.8" if form == "foreign" else "1.234.567,8", unit)])
    figure = parse_figure(print_figure(value, form), unit, marks)
    assert figure.value == value


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "1." * 50_000,
        "l5" * 50_000,
        "<sup>" + " " * 100_000,
        "(" * 100_000,
        "1 " * 50_000,
        "hồ sơ " * 20_000 + "1",
    ],
    ids=lambda text: text[:8],
)
def test_garbage_of_a_hundred_thousand_characters_takes_no_time(text: str) -> None:
    start = time.process_time()
    figure = parse_figure(text, HOSO)
    column_style([(text, HOSO)])
    assert time.process_time() - start < 1
    assert figure.value is None


# --- base units and facts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "unit", "base"),
    [
        ("1.212,18", "Triệu đồng", "1212180000"),
        ("1.212,18 nghìn tỷ đồng", "", "1212180000000000"),
        ("5 tỷ", "Triệu đồng", "5000000000"),
        ("12345678901234567891", "Nghìn tỷ đồng", "12345678901234567891000000000000"),
        ("12,5", "ha", "125000"),
        ("3 nghìn người", "Người", "3000"),
        ("20", "Hồ sơ", None),
        ("88,7", "%", None),
        ("", "Triệu đồng", None),
        ("12,5%", "Triệu đồng", None),
    ],
)
def test_base_value_is_given_where_cell_or_unit_is_scaled(printed: str, unit: str, base: str | None) -> None:
    known = parse_unit(unit)
    assert base_value(parse_figure(printed, known), known) == (None if base is None else Decimal(base))


def test_facts_for_the_sentence_of_a_finding_are_the_value_and_the_other_reading() -> None:
    assert figure_facts(parse_figure("1,061", HOSO)) == {"value": Decimal(1061), "other": Decimal("1.061")}
    assert figure_facts(parse_figure("-", HOSO)) == {}


def test_printing_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="NaN"):
        print_figure(Decimal("NaN"))


# --- docs ---------------------------------------------------------------------------------------


def test_the_docs_list_every_number_form_of_the_table_and_no_other() -> None:
    page = (ROOT / "docs/reference/numbers.md").read_text(encoding="utf-8")
    listed = set(regex.findall(r"^\| `([a-z0-9-]+)` \|", page, regex.MULTILINE))
    assert listed == {case["form"] for case in CASES}


def test_the_docs_name_every_finding_the_reading_of_numbers_raises() -> None:
    page = (ROOT / "docs/reference/numbers.md").read_text(encoding="utf-8")
    raised = {code for case in CASES for code in case["notes"].split()}
    assert not [code for code in raised if f"`{code}`" not in page]


def test_every_unit_of_the_code_list_may_stand_behind_a_number() -> None:
    for unit in known_units():
        if unit.kind in {"count", "time", "area"}:
            figure = parse_figure(f"12 {unit.name.lower()}", HOSO)
            assert (figure.value, figure.notes) == (12, ()), unit.name


STYLES = st.frozensets(
    st.tuples(
        st.sampled_from([COUNT, OTHER, RATE]), st.sampled_from([DOT_GROUP, COMMA_GROUP, DOT_DECIMAL, COMMA_DECIMAL])
    ),
    max_size=3,
)
SIMPLE = st.one_of(
    st.from_regex(r"[0-9]{1,22}%?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}(\.[0-9]{3}){1,6}%?", fullmatch=True),
    st.from_regex(r"[0-9]{1,17},[0-9]{1,3}%?", fullmatch=True),
    st.from_regex(r"[0-9]{1,3}\.[0-9]{1,4},[0-9]{1,3}", fullmatch=True),
)


@settings(max_examples=600, deadline=None)
@given(SIMPLE, st.sampled_from(UNITS), STYLES, STYLES)
def test_the_short_way_of_plain_figures_says_what_the_grammar_says(
    raw: str, unit: Unit, near: frozenset[tuple[str, str]], far: frozenset[tuple[str, str]]
) -> None:
    column = numbers.ColumnStyle(near, far)
    assert repr(parse_figure(raw, unit, column)) == repr(numbers._read(raw, unit, column))


def test_a_column_of_more_texts_than_are_kept_is_read_on() -> None:
    figures = numbers.figures_of(HOSO, NO_STYLE)
    texts = [str(n) for n in range(3 * figures.MOST)]
    assert [figures[text].value for text in texts] == [Decimal(text) for text in texts]
    assert len(figures) <= figures.MOST
