"""A printed row finds its indicator by code, parent, name and unit together, or says that it is in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.findings import FINDINGS
from normalize.mapindex import AppendixIndex
from normalize.mapping import UNMATCHED, RowView, TableView, match_table, printed_parents
from normalize.provisional import provisional_id
from normalize.rowmatch import DOUBTFUL, REWORDED
from tests.normalize.printed_tables import (
    APPENDICES,
    CATALOGUE,
    GIVEN_BY_GOVERNMENT,
    GIVEN_BY_PROVINCE,
    TOTAL_GIVEN,
    codes,
    ids,
    matched,
    rows_of,
    table,
)

# ── clean tables ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", APPENDICES)
@pytest.mark.parametrize("caption", [True, False], ids=["captioned", "no caption"])
def test_every_row_of_both_forms_finds_its_indicator_without_a_finding(number: str, caption: bool) -> None:
    matches = matched(number, rows_of(APPENDICES[number]), caption)
    assert [match.indicator_id for match in matches] == ids(number)
    assert [match.notes for match in matches if match.notes] == []


@pytest.mark.parametrize("number", APPENDICES)
def test_rows_without_any_codes_still_find_their_indicators(number: str) -> None:
    rows = [RowView("", "", row.name_raw, row.unit_raw) for row in rows_of(APPENDICES[number])]
    assert [match.indicator_id for match in matched(number, rows)] == ids(number)


@pytest.mark.parametrize("number", APPENDICES)
def test_renumbered_rows_find_their_indicators_by_name(number: str) -> None:
    def shifted(code: str) -> str:
        first, dot, rest = code.partition(".")
        return f"{int(first) + 1}{dot}{rest}" if code else ""

    rows = [RowView(shifted(r.stt), shifted(r.parent_stt), r.name_raw, r.unit_raw) for r in rows_of(APPENDICES[number])]
    assert [match.indicator_id for match in matched(number, rows)] == ids(number)


@pytest.mark.parametrize("number", APPENDICES)
def test_a_report_that_leaves_out_rows_matches_the_rest(number: str) -> None:
    kept = [(i, row) for n, (i, row) in enumerate(zip(ids(number), rows_of(APPENDICES[number]), strict=True)) if n % 4]
    assert [match.indicator_id for match in matched(number, [row for _, row in kept])] == [i for i, _ in kept]


def test_two_appendices_printed_as_one_table_both_find_their_own() -> None:
    rows = rows_of(APPENDICES["3"]) + rows_of(APPENDICES["4"])
    matches = match_table(TableView("3", APPENDICES["3"].titles[0], tuple(rows)), CATALOGUE)
    assert [match.indicator_id for match in matches] == ids("3") + ids("4")
    assert {match.appendix for match in matches} == {"3", "4"}


def test_the_names_decide_where_the_number_of_the_appendix_is_wrong() -> None:
    matches = match_table(TableView("2", "Phụ lục", tuple(rows_of(APPENDICES["7"]))), CATALOGUE)
    assert [match.indicator_id for match in matches] == ids("7")


# ── one name under two parents ──────────────────────────────────────────────────────────────────


def test_equal_names_are_told_apart_by_their_parent_when_the_codes_moved() -> None:
    rows = [
        RowView("1", "", "Kiểm tra CCHC"),
        RowView("2", "", GIVEN_BY_GOVERNMENT),
        RowView("2.1", "2", TOTAL_GIVEN, "Nhiệm vụ"),
        RowView("5", "", GIVEN_BY_PROVINCE),
        RowView("5.1", "5", TOTAL_GIVEN, "Nhiệm vụ"),
    ]
    found = [match.indicator_id for match in matched("2", rows)]
    assert (found[2], found[4]) == ("nhiem_vu_chinh_phu_giao_tong_so", "nhiem_vu_ubnd_tinh_giao_tong_so")


def test_a_parent_that_took_anothers_code_takes_its_children_along() -> None:
    rows = [
        RowView("5", "", GIVEN_BY_GOVERNMENT),
        RowView("5.1", "5", TOTAL_GIVEN, "Nhiệm vụ"),
        RowView("5.2", "5", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ"),
    ]
    found = [match.indicator_id for match in matched("2", rows)]
    assert found[1:] == ["nhiem_vu_chinh_phu_giao_tong_so", "nhiem_vu_chinh_phu_giao_dung_han"]


def test_the_code_decides_where_the_parent_was_left_out() -> None:
    rows = [
        RowView("6.1", "", TOTAL_GIVEN, "Nhiệm vụ"),
        RowView("6.2", "", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ"),
    ]
    found = [match.indicator_id for match in matched("2", rows)]
    assert found == ["nhiem_vu_chinh_phu_giao_tong_so", "nhiem_vu_chinh_phu_giao_dung_han"]


def test_a_row_printed_twice_is_given_its_indicator_once() -> None:
    rows = rows_of(APPENDICES["7"])
    matches = matched("7", [*rows, rows[3]])
    assert matches[3].indicator_id == ids("7")[3]
    assert matches[-1].indicator_id != ids("7")[3]
    assert matches[-1].notes


# ── tables of nobody's template ─────────────────────────────────────────────────────────────────

FOREIGN = TableView(
    "2",
    "Danh mục dự án đầu tư công",
    (
        RowView("1", "", "Xây dựng trụ sở xã Lộc An", "Triệu đồng"),
        RowView("1.1", "1", "Vốn trong nước", "Triệu đồng"),
        RowView("2", "", "Nâng cấp đường tỉnh 14B", "Triệu đồng"),
        RowView("2.1", "2", "Vốn trong nước", "Triệu đồng"),
    ),
)


def test_a_number_alone_does_not_make_an_appendix_official() -> None:
    matches = match_table(FOREIGN, CATALOGUE)
    assert all(match.is_provisional and codes(match) == [UNMATCHED] for match in matches)


def test_provisional_ids_are_slugs_that_differ_and_do_not_depend_on_other_rows() -> None:
    whole = [match.indicator_id for match in match_table(FOREIGN, CATALOGUE)]
    assert len(set(whole)) == 4
    assert all(i.startswith("x_") and i.isascii() and len(i) <= 60 for i in whole)
    part = TableView(FOREIGN.appendix, FOREIGN.title, FOREIGN.rows[2:])
    assert [match.indicator_id for match in match_table(part, CATALOGUE)] == whole[2:]


def test_a_provisional_id_is_the_same_for_abbreviation_and_long_form() -> None:
    assert provisional_id("Biểu 3: Kết quả giải quyết TTHC", "Số TTHC A") == provisional_id(
        "KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH", "Số thủ tục hành chính A"
    )


def test_an_official_row_alone_in_a_foreign_table_is_matched_and_said() -> None:
    rows = (*FOREIGN.rows, RowView("3", "", "Tổng số hồ sơ TTHC đã giải quyết xong", "Hồ sơ"))
    match = match_table(TableView("", FOREIGN.title, rows), CATALOGUE)[-1]
    assert (match.indicator_id, codes(match)) == ("ho_so_da_giai_quyet", [DOUBTFUL])


def test_the_same_words_twice_get_two_ids_that_nothing_else_takes() -> None:
    names = ("Cộng", "Cộng", "Cộng 2", "", "", "2")
    matches = match_table(TableView("", "", tuple(RowView("", "", name) for name in names)), CATALOGUE)
    assert len({match.indicator_id for match in matches}) == len(names)


def test_an_empty_table_and_empty_names_are_no_trouble() -> None:
    assert match_table(TableView("", "", ()), CATALOGUE) == ()
    matches = match_table(TableView("4", "", (RowView("", "", ""), RowView("1", "", " "))), CATALOGUE)
    assert all(match.is_provisional and match.indicator_id.startswith("x_") for match in matches)


# ── properties and speed ────────────────────────────────────────────────────────────────────────

PRINTED = st.builds(
    RowView,
    st.sampled_from(["", "1", "1.1", "2", "2.1", "5.1", "I", "a"]),
    st.sampled_from(["", "1", "2", "5"]),
    st.one_of(st.text(max_size=30), st.sampled_from([row.names[0] for a in CATALOGUE.appendices for row in a.rows])),
    st.sampled_from(["", "%", "Hồ sơ", "Người", "Có = 1; Không = 0", "Triệu đồng"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(PRINTED, max_size=25), st.sampled_from(["", "2", "4", "01/PCTN", "99"]))
def test_whatever_is_printed_every_row_gets_one_id_and_no_official_row_is_given_twice(
    rows: list[RowView], number: str
) -> None:
    matches = match_table(TableView(number, "", tuple(rows)), CATALOGUE)
    found = [match.indicator_id for match in matches]
    assert len(found) == len(rows)
    assert len(set(found)) == len(found)
    assert all(match.indicator_id in CATALOGUE.by_id or match.notes for match in matches)
    assert matches == match_table(TableView(number, "", tuple(rows)), CATALOGUE)


def test_the_findings_of_a_match_fill_their_sentences() -> None:
    for code in (DOUBTFUL, REWORDED, UNMATCHED):
        facts = {"name": "A", "indicator": "B", "candidates": "c", "indicator_id": "d"}
        assert "…" not in FINDINGS[code].message_vi.format(**facts)


def test_a_parent_is_the_nearest_row_above_with_its_code() -> None:
    rows = [RowView("1", "", "a"), RowView("1.1", "1", "b"), RowView("1", "", "c"), RowView("1.1", "1", "d")]
    assert printed_parents(rows) == [None, 0, None, 2]


def test_rows_printed_as_in_the_template_are_matched_without_measuring_similarity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def similar(*_: object) -> float:
        raise AssertionError("similarity is slow and not needed here")

    tables = [table(number, rows_of(appendix)) for number, appendix in APPENDICES.items() if number != "01/PCTN"]
    monkeypatch.setattr(AppendixIndex, "nearness", similar)
    for view in tables:
        assert all(match.method == "code+name" for match in match_table(view, CATALOGUE))
