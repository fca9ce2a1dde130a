"""Names in other spellings, damaged, or in other words: what is still the same indicator, and what is said of it."""

from __future__ import annotations

import random

import pytest

from normalize.mapping import UNMATCHED, RowView
from normalize.rowmatch import DOUBTFUL, REWORDED
from tests.normalize.printed_tables import (
    APPENDICES,
    CATALOGUE,
    GIVEN_BY_PROVINCE,
    TOTAL_GIVEN,
    codes,
    damaged,
    ids,
    matched,
    rows_of,
)

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
