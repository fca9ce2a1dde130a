"""A printed row finds its indicator by code, parent, name and unit together, or says that it is in doubt."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.catalogue import TemplateAppendix, load_catalogue
from normalize.findings import FINDINGS
from normalize.mapindex import AppendixIndex
from normalize.mapping import (
    UNMATCHED,
    Match,
    RowView,
    TableView,
    match_table,
    printed_parents,
)
from normalize.provisional import provisional_id
from normalize.rowmatch import DOUBTFUL, REWORDED

CATALOGUE = load_catalogue()
APPENDICES = {appendix.number: appendix for appendix in CATALOGUE.appendices}
LETTERS = "abcdeghiklmnopqrstuvxyàáâãèéêìíòóôõùúýăđĩũơưạảấầậắặẹẽếềểệỉịọỏốồộớờởợụủứừữựỳ0123456789 .,"


def rows_of(appendix: TemplateAppendix) -> list[RowView]:
    codes = {row.indicator_id: row.code for row in appendix.rows}
    return [RowView(row.code, codes.get(row.parent, ""), row.names[0], row.units[0]) for row in appendix.rows]


def table(number: str, rows: list[RowView], caption: bool = True) -> TableView:
    appendix = APPENDICES[number]
    return TableView(number if caption else "", appendix.titles[0] if caption else "", tuple(rows))


def matched(number: str, rows: list[RowView], caption: bool = True) -> list[Match]:
    return list(match_table(table(number, rows, caption), CATALOGUE))


def ids(number: str) -> list[str]:
    return [row.indicator_id for row in APPENDICES[number].rows]


def damaged(text: str, rng: random.Random, share: float) -> str:
    out = []
    for letter in text:
        if rng.random() >= share:
            out.append(letter)
            continue
        kind = rng.random()
        out.append(rng.choice(LETTERS) if kind < 0.7 else "" if kind < 0.85 else letter + rng.choice(LETTERS))
    return "".join(out)


def codes(match: Match) -> list[str]:
    return [note.code for note in match.notes]


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

GIVEN_BY_PROVINCE = "Thực hiện nhiệm vụ UBND tỉnh giao"
GIVEN_BY_GOVERNMENT = "Thực hiện nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao"
TOTAL_GIVEN = "Tổng số nhiệm vụ được giao"


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


# ── spelling, abbreviations, damage ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        ("4", "1.2", "Số thủ tục hành chính công bố mới"),
        ("4", "3.1.1", "Tổng số hồ sơ thủ tục hành chính đã giải quyết xong"),
        ("3", "1.1", "Số văn bản quy phạm pháp luật do cấp tỉnh ban hành"),
        ("3", "1.1", "Số văn bản QPPL do cấp tỉnh ban hành"),
        ("5", "1.5", "Tổng số ĐVSNCL tại địa phương"),
        ("5", "1.5", "Tổng số đơn vị sự nghiệp công lập tại địa phương"),
        ("5", "1.5.1", "Số đơn vị sự nghiệp công lập thuộc Uỷ ban nhân dân tỉnh"),
        ("5", "2.5", "Tỉ lệ % biên chế đã tinh giản so với năm 2015"),
        ("6", "4", "Số lượng CBCCVC bị kỷ luật"),
        ("6", "4", "Số lượng cán bộ, công chức, viên chức bị kỉ luật (cả về Đảng và chính quyền)."),
        ("4", "1.1", "Số TTHC đã được phê duyệt phương án đơn giản hoá"),
        ("4", "3.4.2", "Số phản ánh, kiến nghị đã giải quyết xong"),
        ("2", "1", "Số văn bản chỉ đạo CCHC đã ban hành"),
        ("2", "1", "SỐ VĂN BẢN CHỈ ĐẠO CẢI CÁCH HÀNH CHÍNH ĐÃ BAN HÀNH"),
        ("2", "2", "Tỷ lệ hoàn thành Kế hoạch CCHC năm(Lũy kế đến thời điểm báo cáo)"),
        ("8", "2", "Xây dựng và vận hành Hệ thống hợp trực tuyến"),
        ("7", "2.1", "Tổng số ĐVSNCL tại địa phương"),
        ("4", "1.2", "SốTTHC công bốmới"),
        ("4", "1.2", "Số TT HC công bố mớ i"),
        ("6", "2.1", "- Số công chức được tuyển dụng"),
    ],
)  # fmt: skip
def test_another_spelling_of_a_name_is_the_same_name(number: str, code: str, printed: str) -> None:
    rows = [
        RowView(r.stt, r.parent_stt, printed if r.stt == code else r.name_raw, r.unit_raw)
        for r in rows_of(APPENDICES[number])
    ]
    match = next(m for m, r in zip(matched(number, rows), rows, strict=True) if r.stt == code)
    assert match.indicator_id == CATALOGUE.row_id("hue_2022", number, code)
    assert match.notes == ()


@pytest.mark.parametrize("seed", range(4))
def test_one_letter_in_ten_wrong_and_nearly_every_row_is_found_and_none_wrongly_unsaid(seed: int) -> None:
    rng = random.Random(seed)
    total = right = 0
    for number, appendix in APPENDICES.items():
        rows = [RowView(r.stt, r.parent_stt, damaged(r.name_raw, rng, 0.1), r.unit_raw) for r in rows_of(appendix)]
        for ident, match in zip(ids(number), matched(number, rows), strict=True):
            total += 1
            right += match.indicator_id == ident
            assert match.indicator_id == ident or match.notes, (number, ident, match)
    assert right / total >= 0.99


@pytest.mark.parametrize("seed", range(2))
def test_units_misread_as_well_cost_little(seed: int) -> None:
    rng = random.Random(seed)
    total = right = 0
    for number, appendix in APPENDICES.items():
        rows = [
            RowView(r.stt, r.parent_stt, damaged(r.name_raw, rng, 0.1), damaged(r.unit_raw, rng, 0.1))
            for r in rows_of(appendix)
        ]
        for ident, match in zip(ids(number), matched(number, rows), strict=True):
            total += 1
            right += match.indicator_id == ident
            assert match.indicator_id == ident or match.notes, (number, ident, match)
    assert right / total >= 0.98


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kept", ["code", "caption"])
def test_damage_without_caption_or_without_codes_costs_little(seed: int, kept: str) -> None:
    rng = random.Random(seed)
    total = right = 0
    for number, appendix in APPENDICES.items():
        rows = [
            RowView(
                r.stt if kept == "code" else "",
                r.parent_stt if kept == "code" else "",
                damaged(r.name_raw, rng, 0.1),
                r.unit_raw,
            )
            for r in rows_of(appendix)
        ]
        for ident, match in zip(ids(number), matched(number, rows, caption=kept == "caption"), strict=True):
            total += 1
            right += match.indicator_id == ident
            assert match.indicator_id == ident or match.notes, (number, ident, match)
    assert right / total >= 0.95


def test_a_single_misread_letter_needs_no_finding() -> None:
    rows = [
        RowView(r.stt, r.parent_stt, r.name_raw.replace("đúng hạn", "đủng hạu"), r.unit_raw)
        for r in rows_of(APPENDICES["4"])
    ]
    match = next(m for m, r in zip(matched("4", rows), rows, strict=True) if r.stt == "3.1.2")
    assert (match.indicator_id, match.notes) == ("ho_so_giai_quyet_dung_han", ())


def test_a_level_misread_as_another_level_is_told() -> None:
    rows = [
        RowView(
            r.stt,
            r.parent_stt,
            r.name_raw.replace("mức độ 3", "mức độ 4") if r.stt == "6.1.2" else r.name_raw,
            r.unit_raw,
        )
        for r in rows_of(APPENDICES["8"])
    ]
    matches = {r.stt: m for m, r in zip(matched("8", rows), rows, strict=True)}
    assert matches["6.1.2"].indicator_id == "tthc_truc_tuyen_muc_3"
    assert codes(matches["6.1.2"]) == [DOUBTFUL]
    assert matches["6.2.2"].indicator_id == "tthc_truc_tuyen_muc_4"


# ── other words ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "code", "printed", "finding"),
    [
        ("2", "5.1", "Tổng số nhiệm vụ UBND tỉnh giao trong kỳ", {REWORDED, DOUBTFUL}),
        ("4", "3.1.1", "Số hồ sơ TTHC đã giải quyết xong", {REWORDED, DOUBTFUL}),
        ("4", "1.4.2", "Số TTHC cấp khu vực (Bao gồm cả TTHC của cơ quan ngành dọc)", {DOUBTFUL}),
        ("6", "2.1", "Số viên chức được tuyển dụng mới", {DOUBTFUL}),
    ],
)
def test_other_words_under_the_same_code_parent_and_unit_match_with_a_finding(
    number: str, code: str, printed: str, finding: set[str]
) -> None:
    rows = [
        RowView(r.stt, r.parent_stt, printed if r.stt == code else r.name_raw, r.unit_raw)
        for r in rows_of(APPENDICES[number])
    ]
    match = next(m for m, r in zip(matched(number, rows), rows, strict=True) if r.stt == code)
    assert match.indicator_id == CATALOGUE.row_id("hue_2022", number, code)
    assert set(codes(match)) & finding
    assert match.indicator_id in match.candidates


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        ("4", "3.1.2", "Số hồ sơ TTHC giải quyết quá hạn"),
        ("4", "3.1.2", "Số hồ sơ TTHC giải quyết không đúng hạn"),
        ("2", "2.2", "Số nhiệm vụ chưa hoàn thành"),
        ("2", "5.2", "Số nhiệm vụ đã hoàn thành trước hạn"),
    ],
)
def test_the_opposite_of_a_row_is_another_indicator(number: str, code: str, printed: str) -> None:
    rows = [
        RowView(r.stt, r.parent_stt, printed if r.stt == code else r.name_raw, r.unit_raw)
        for r in rows_of(APPENDICES[number])
    ]
    match = next(m for m, r in zip(matched(number, rows), rows, strict=True) if r.stt == code)
    assert match.is_provisional
    assert codes(match) == [UNMATCHED]


@pytest.mark.parametrize(
    ("code", "printed", "unit"),
    [
        ("3.1.1", "Kinh phí hỗ trợ bộ phận một cửa", "Hồ sơ"),
        ("3.1.1", "Tổng số hồ sơ TTHC đã giải quyết xong tại bưu điện", "%"),
        ("1.2", "Số cán bộ được cử đi học", "Người"),
    ],
)
def test_a_row_that_only_shares_its_code_is_not_the_indicator(code: str, printed: str, unit: str) -> None:
    rows = [RowView(r.stt, r.parent_stt, printed, unit) if r.stt == code else r for r in rows_of(APPENDICES["4"])]
    match = next(m for m, r in zip(matched("4", rows), rows, strict=True) if r.stt == code)
    assert match.indicator_id != CATALOGUE.row_id("hue_2022", "4", code) or DOUBTFUL in codes(match)
    assert match.notes


def test_a_new_row_pushed_in_between_moves_nobody() -> None:
    rows = [
        RowView("1", "", "Tổng số VBQPPL do địa phương ban hành", "Văn bản"),
        RowView("1.1", "1", "Số VBQPPL do HĐND ban hành", "Văn bản"),
        RowView("1.2", "1", "Số VBQPPL do cấp tỉnh ban hành", "Văn bản"),
        RowView("1.3", "1", "Số VBQPPL do cấp huyện ban hành", "Văn bản"),
        RowView("1.4", "1", "Số VBQPPL do cấp xã ban hành", "Văn bản"),
    ]
    matches = matched("3", rows)
    assert [m.indicator_id for m in matches[2:]] == ids("3")[1:4]
    assert matches[1].is_provisional


@pytest.mark.parametrize(
    ("number", "code", "printed"),
    [
        ("6", "2.1", "Số công chức được tuyển dụng (nữ)"),
        ("6", "2.1", "Số công chức được tuyển dụng là nữ"),
        ("4", "1.4.1", "Số TTHC cấp tỉnh (không bao gồm TTHC của cơ quan ngành dọc)"),
        ("4", "1.2", "Số TTHC công bố mới (cấp huyện)"),
        ("4", "1.2", "Số TTHC công bố mới (lĩnh vực đất đai)"),
        ("4", "3.1.2", "Tỷ lệ hồ sơ TTHC giải quyết đúng hạn"),
        ("4", "3.1.2", "Số hồ sơ TTHC giải quyết"),
        ("2", "3.3.1", "Số vấn đề xử lý qua kiểm tra"),
        ("8", "5.1.1", "Tỷ lệ sở, ngành đã kết nối, liên thông với UBND xã"),
        ("01/PCTN", "27", "Số vụ đã nộp lại quà tặng cho đơn vị"),
        ("01/PCTN", "58", "Số vụ lãng phí được phát hiện qua hoạt động kiểm tra"),
    ],
)
def test_a_name_that_is_near_to_a_row_and_may_count_another_thing_is_never_matched_in_silence(
    number: str, code: str, printed: str
) -> None:
    rows = [
        RowView(r.stt, r.parent_stt, printed if r.stt == code else r.name_raw, r.unit_raw)
        for r in rows_of(APPENDICES[number])
    ]
    match = next(m for m, r in zip(matched(number, rows), rows, strict=True) if r.stt == code)
    assert match.is_provisional or codes(match) == [DOUBTFUL]


@pytest.mark.parametrize(
    "added", [" (nếu có)", " (lũy kế từ đầu năm)", " (trong kỳ báo cáo)", " (1=2+3)", " (%)", " (1)"]
)
def test_an_aside_in_brackets_says_nothing(added: str) -> None:
    for number in ("4", "6"):
        rows = [
            RowView(r.stt, r.parent_stt, r.name_raw + added if "(" not in r.name_raw else r.name_raw, r.unit_raw)
            for r in rows_of(APPENDICES[number])
        ]
        assert [(m.indicator_id, m.notes) for m in matched(number, rows)] == [(i, ()) for i in ids(number)]


def test_rows_behind_a_heading_nobody_knows_are_not_taken_for_those_of_the_block_before() -> None:
    rows = [
        RowView("", "", GIVEN_BY_PROVINCE),
        RowView("", "", TOTAL_GIVEN, "Nhiệm vụ"),
        RowView("", "", "Nhiệm vụ từ các nguồn khác"),
        RowView("", "", "Số nhiệm vụ đã hoàn thành đúng hạn", "Nhiệm vụ"),
    ]
    assert codes(matched("2", rows)[3]) == [DOUBTFUL]


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
