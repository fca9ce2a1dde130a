"""Cross-tables: which way round a table is, what its columns and rows are, and what must add up."""

from __future__ import annotations

import pytest

from extract.model import Column
from normalize.crosstab import CrosstabLayout, crosstab_layout, is_crosstab
from normalize.mapping import RowView
from normalize.periods import find_period


def columns(*parts: str) -> tuple[Column, ...]:
    """`role: header › words | number` per column."""
    out = []
    for index, part in enumerate(parts):
        role, _, rest = part.partition(": ")
        words, _, number = rest.partition(" | ")
        out.append(Column(index, role, tuple(words.split(" › ")), number))
    return tuple(out)


def rows(*names: str) -> list[RowView]:
    """`stt parent name` with `-` for none, or only the name."""
    out = []
    for name in names:
        stt, parent, text = (
            name.split(" ", 2) if name.count(" ") > 1 and name[0] in "-123456789IV" else ("-", "-", name)
        )
        out.append(RowView(stt.strip("-"), parent.strip("-"), text))
    return out


def relations(layout: CrosstabLayout, axis: str) -> list[tuple[str, int, tuple[int, ...], str]]:
    return [(r.kind, r.whole, r.parts, r.basis) for r in layout.relations if r.axis == axis]


TWO_LEVELS = columns(
    "stt: STT",
    "name: Lĩnh vực",
    "value: Hồ sơ tiếp nhận › Tổng số",
    "value: Hồ sơ tiếp nhận › Từ kỳ trước",
    "value: Hồ sơ tiếp nhận › Trong kỳ",
    "value: Đã giải quyết › Tổng số",
    "value: Đã giải quyết › Trước hạn",
    "value: Đã giải quyết › Đúng hạn",
    "value: Đã giải quyết › Quá hạn",
    "value: Đang giải quyết",
    "note: Ghi chú",
)
THREE_LEVELS = columns(
    "stt: STT",
    "name: Tên đơn vị",
    "value: Hồ sơ tiếp nhận › Tổng số",
    "value: Hồ sơ tiếp nhận › Trong kỳ › Tổng số",
    "value: Hồ sơ tiếp nhận › Trong kỳ › Trực tuyến",
    "value: Hồ sơ tiếp nhận › Trong kỳ › Trực tiếp, bưu chính",
    "value: Hồ sơ tiếp nhận › Từ kỳ trước",
    "value: Tỷ lệ giải quyết đúng hạn (%)",
)
FIELDS = rows("1 - Đất đai", "2 - Hộ tịch", "3 - Tư pháp", "- - Tổng số")
TITLE = "Tình hình, kết quả giải quyết thủ tục hành chính"


# ── which way round ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("parts", "names", "expected"),
    [
        (TWO_LEVELS, ["Đất đai", "Hộ tịch", "Tổng số"], True),
        (THREE_LEVELS, ["Sở Nội vụ", "Sở Y tế"], True),
        (columns("stt: TT", "name: Đơn vị", "value: Số lượng"), ["Xã An Bằng", "Xã Lộc Bổn"], True),
        (columns("stt: TT", "name: Cơ quan, đơn vị", "value: Kế hoạch", "value: Thực hiện"), ["Sở Y tế"], True),
        (columns("name: Năm", "value: Số hồ sơ", "value: Số đúng hạn"), ["2021", "2022", "2023"], True),
        (columns("stt: TT", "name: Nội dung", "value: Số hồ sơ", "value: Quá hạn"), ["Huyện A", "Huyện B"], True),
        (columns("stt: STT", "name: Chỉ tiêu thống kê", "unit: Đơn vị tính", "value: Số liệu"), ["Số hồ sơ"], False),
        (columns("stt: STT", "name: Chỉ tiêu", "value: Kế hoạch", "value: Thực hiện"), ["Số hồ sơ", "Số xã"], False),
        (columns("stt: STT", "name: Nội dung", "value: Cấp tỉnh", "value: Cấp huyện"), ["Số hồ sơ tiếp nhận"], False),
        (columns("stt: STT", "name: Lĩnh vực", "unit: Đơn vị tính", "value: Số liệu"), ["Đất đai"], False),
        (
            columns("stt: STT", "name: Tên đơn vị", "value: Năm 2023", "value: Năm 2024"),
            ["Tổng số hồ sơ TTHC đã giải quyết xong", "Số hồ sơ TTHC giải quyết đúng hạn"],
            False,
        ),
        (columns("stt: STT", "name: Lĩnh vực"), ["Đất đai"], False),
        (columns("stt: STT", "name: Lĩnh vực", "value: Số liệu"), [], False),
    ],
)
def test_header_and_rows_tell_which_way_round_a_table_is(
    parts: tuple[Column, ...], names: list[str], expected: bool
) -> None:
    assert is_crosstab(parts, names, TITLE) is expected


# ── two and three header levels ─────────────────────────────────────────────────────────────────


def test_two_header_levels_become_paths_totals_and_sums() -> None:
    layout = crosstab_layout(TWO_LEVELS, FIELDS, TITLE)
    assert [column.path for column in layout.columns] == [
        "Hồ sơ tiếp nhận › Tổng số",
        "Hồ sơ tiếp nhận › Từ kỳ trước",
        "Hồ sơ tiếp nhận › Trong kỳ",
        "Đã giải quyết › Tổng số",
        "Đã giải quyết › Trước hạn",
        "Đã giải quyết › Đúng hạn",
        "Đã giải quyết › Quá hạn",
        "Đang giải quyết",
    ]
    assert [column.indicator for column in layout.columns][:4] == [
        "Hồ sơ tiếp nhận",
        "Hồ sơ tiếp nhận › Từ kỳ trước",
        "Hồ sơ tiếp nhận › Trong kỳ",
        "Đã giải quyết",
    ]
    assert [column.index for column in layout.columns if column.is_total] == [2, 5]
    assert {column.measure for column in layout.columns} == {"actual"}
    assert len({column.indicator_id for column in layout.columns}) == 8
    assert relations(layout, "columns") == [("sum", 2, (3, 4), "header"), ("sum", 5, (6, 7, 8), "header")]


def test_three_header_levels_count_a_level_with_a_total_of_its_own_once() -> None:
    layout = crosstab_layout(THREE_LEVELS, rows("1 - Sở Nội vụ", "2 - Sở Y tế"), TITLE)
    assert relations(layout, "columns") == [("sum", 2, (3, 6), "header"), ("sum", 3, (4, 5), "header")]
    assert layout.columns[2].indicator == "Hồ sơ tiếp nhận › Trong kỳ › Trực tuyến"
    assert layout.columns[-1].unit_raw == "%"


def test_three_header_levels_without_an_inner_total_add_up_their_lowest_columns() -> None:
    parts = tuple(c for c in THREE_LEVELS if c.index != 3)
    layout = crosstab_layout(parts, rows("1 - Sở Nội vụ", "2 - Sở Y tế"), TITLE)
    assert relations(layout, "columns") == [("sum", 2, (4, 5, 6), "header")]


def test_the_rows_are_categories_and_the_total_is_none() -> None:
    layout = crosstab_layout(TWO_LEVELS, FIELDS, TITLE)
    assert [(row.breakdown, row.breakdown_kind, row.is_total) for row in layout.rows] == [
        ("Đất đai", "field", False),
        ("Hộ tịch", "field", False),
        ("Tư pháp", "field", False),
        ("", "", True),
    ]
    assert relations(layout, "rows") == [("sum", 3, (0, 1, 2), "header")]


# ── arithmetic ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("1=2+3", "2", "3"), [("sum", 2, (3, 4), "stated")]),
        (("(1) = (2) + (3)", "(2)", "(3)"), [("sum", 2, (3, 4), "stated")]),
        (("1", "2", "3=1-2"), [("sum", 2, (4, 3), "stated")]),
        (("1", "2", "3=2/1"), [("rate", 4, (3, 2), "stated")]),
        (("1", "2", "(3)=(2)/(1)*100"), [("rate", 4, (3, 2), "stated")]),
        (("1", "2", "3 = 2:1x100%"), [("rate", 4, (3, 2), "stated")]),
        (("1=2+...+3", "2", "3"), [("sum", 2, (3, 4), "stated")]),
        (("1=2+9", "2", "3"), []),
        (("1", "2", "3"), []),
        (("", "", ""), []),
        (("A", "B=C", "3=2*1"), []),
    ],
)
def test_column_numbers_state_the_arithmetic(
    numbers: tuple[str, str, str], expected: list[tuple[str, int, tuple[int, ...], str]]
) -> None:
    head = columns("stt: STT", "name: Lĩnh vực", "value: Giao", "value: Xong", "value: Còn lại")
    numbered = tuple(Column(c.index, c.role, c.header, ("", "", *numbers)[c.index]) for c in head)
    assert relations(crosstab_layout(numbered, FIELDS, TITLE), "columns") == expected


def test_one_column_number_may_state_two_sums() -> None:
    names = ("Tổng", "Nam", "Nữ", "Trong nước", "Ngoài nước")
    numbers = ("1 = 2 + 3 = 4 + 5", "2", "3", "4", "5")
    head = tuple(Column(i + 1, "value", (n,), m) for i, (n, m) in enumerate(zip(names, numbers, strict=True)))
    layout = crosstab_layout((Column(0, "name", ("Đơn vị",)), *head), rows("Sở A"), TITLE)
    assert relations(layout, "columns") == [("sum", 1, (2, 3), "stated"), ("sum", 1, (4, 5), "stated")]


def test_a_number_printed_inside_the_header_counts_too_and_is_no_part_of_the_name() -> None:
    head = columns("name: Lĩnh vực", "value: Tiếp nhận (1)=(2)+(3)", "value: Trực tuyến (2)", "value: Trực tiếp (3)")
    parts = tuple(
        Column(c.index, c.role, tuple(t.replace("(1)=(2)+(3)", "(1=2+3)") for t in c.header), c.number) for c in head
    )
    layout = crosstab_layout(parts, FIELDS, TITLE)
    assert [column.path for column in layout.columns] == ["Tiếp nhận", "Trực tuyến", "Trực tiếp"]
    assert relations(layout, "columns") == [("sum", 1, (2, 3), "stated")]


def test_of_which_is_a_part_and_no_sum() -> None:
    head = columns("name: Đơn vị", "value: Hồ sơ › Tổng số", "value: Hồ sơ › Trong đó: trực tuyến")
    layout = crosstab_layout(head, rows("Sở A", "Sở B"), TITLE)
    assert relations(layout, "columns") == [("part", 1, (2,), "header")]


def test_women_and_party_members_overlap_and_make_no_sum() -> None:
    head = columns(
        "name: Đơn vị", "value: Công chức › Tổng số", "value: Công chức › Nữ", "value: Công chức › Đảng viên"
    )
    layout = crosstab_layout(head, rows("Sở A", "Sở B"), TITLE)
    assert relations(layout, "columns") == [("part", 1, (2,), "header"), ("part", 1, (3,), "header")]


def test_a_share_is_no_part_of_a_sum() -> None:
    head = columns(
        "name: Đơn vị",
        "value: Hồ sơ › Tổng số",
        "value: Hồ sơ › Đúng hạn",
        "value: Hồ sơ › Quá hạn",
        "value: Hồ sơ › Tỷ lệ",
    )
    assert relations(crosstab_layout(head, rows("Sở A"), TITLE), "columns") == [("sum", 1, (2, 3), "header")]


def test_a_bare_total_beside_whole_groups_of_columns_claims_no_sum() -> None:
    head = columns("name: Đơn vị", "value: Tổng số", "value: Hồ sơ › Nhận", "value: Hồ sơ › Trả", "value: Văn bản › Đi")
    assert relations(crosstab_layout(head, rows("Sở A"), TITLE), "columns") == []


def test_headings_between_the_rows_are_sums_of_the_rows_under_them() -> None:
    given = rows(
        "- - Toàn tỉnh",
        "I - Cấp tỉnh",
        "1 I Sở Nội vụ",
        "2 I Sở Y tế",
        "II - Cấp huyện",
        "1 II Đất đai",
        "2 II Hộ tịch",
    )
    layout = crosstab_layout(TWO_LEVELS, given, TITLE)
    assert [row.is_group for row in layout.rows] == [False, True, False, False, True, False, False]
    assert [(whole, parts) for _, whole, parts, _ in relations(layout, "rows")] == [
        (1, (2, 3)),
        (4, (5, 6)),
        (0, (1, 4)),
        (0, (2, 3, 5, 6)),
    ]


def test_subtotals_add_up_the_rows_since_the_one_before() -> None:
    layout = crosstab_layout(TWO_LEVELS, rows("Đất đai", "Hộ tịch", "Cộng", "Y tế", "Thuế", "Cộng", "Tổng cộng"), TITLE)
    found = [(whole, parts) for _, whole, parts, _ in relations(layout, "rows")]
    assert (2, (0, 1)) in found
    assert (5, (3, 4)) in found
    assert (6, (0, 1, 3, 4)) in found


# ── names, units, measures ──────────────────────────────────────────────────────────────────────


def test_one_category_at_two_levels_is_told_apart_by_its_heading() -> None:
    given = rows("I - Cấp tỉnh", "1 I Đất đai", "II - Cấp huyện", "1 II Đất đai", "2 II Hộ tịch")
    layout = crosstab_layout(TWO_LEVELS, given, TITLE)
    assert [row.breakdown for row in layout.rows] == [
        "Cấp tỉnh",
        "Cấp tỉnh › Đất đai",
        "Cấp huyện",
        "Cấp huyện › Đất đai",
        "Hộ tịch",
    ]


def test_units_come_from_the_header_the_words_or_the_line_above_the_table() -> None:
    head = columns("name: Đơn vị", "value: Kinh phí (triệu đồng)", "value: Tỷ lệ giải ngân", "value: Số dự án")
    layout = crosstab_layout(head, rows("Sở A"), TITLE, unit_line="Dự án")
    assert [(c.path, c.unit_raw) for c in layout.columns] == [
        ("Kinh phí", "triệu đồng"),
        ("Tỷ lệ giải ngân", "%"),
        ("Số dự án", "Dự án"),
    ]


def test_a_qualifier_in_brackets_that_is_no_unit_stays_in_the_name() -> None:
    head = columns("name: Đơn vị", "value: Hồ sơ (cả trực tuyến)", "value: Văn bản")
    assert crosstab_layout(head, rows("Sở A"), TITLE).columns[0].path == "Hồ sơ (cả trực tuyến)"


def test_columns_that_only_say_plan_and_result_are_measures_of_what_the_title_names() -> None:
    head = columns("name: Đơn vị", "value: Kế hoạch", "value: Thực hiện", "value: Tỷ lệ (%)")
    layout = crosstab_layout(head, rows("Sở A"), "KẾT QUẢ GIẢI NGÂN VỐN ĐẦU TƯ CÔNG")
    assert [column.measure for column in layout.columns] == ["plan", "actual", "actual"]
    assert layout.columns[0].indicator_id == layout.columns[1].indicator_id != layout.columns[2].indicator_id
    assert layout.columns[0].indicator == "Giải ngân vốn đầu tư công"


@pytest.mark.parametrize(
    ("period", "headers", "measures"),
    [
        ("quý II năm 2024", ("Quý I", "Quý II", "Lũy kế"), ["quy_i", "actual", "cumulative"]),
        ("6 tháng đầu năm 2024", ("KH", "TH", "Cùng kỳ"), ["plan", "actual", "previous"]),
        (
            "6 tháng đầu năm 2024",
            ("Năm 2023/KH", "Năm 2023/TH", "6 tháng 2024/KH", "6 tháng 2024/TH"),
            ["nam_2023_kh", "nam_2023_th", "plan", "actual"],
        ),
        ("năm 2024", ("Dự toán", "Quyết toán", "Năm trước"), ["plan", "actual", "previous"]),
    ],
)
def test_columns_that_only_say_when_are_measures_of_one_indicator(
    period: str, headers: tuple[str, ...], measures: list[str]
) -> None:
    head = (
        Column(0, "name", ("Đơn vị",)),
        *(Column(n, "value", tuple(h.split("/"))) for n, h in enumerate(headers, 1)),
    )
    layout = crosstab_layout(head, rows("Sở A"), "KINH PHÍ ĐÃ CHI", period=find_period(period, None, None, None))
    assert [column.measure for column in layout.columns] == measures
    assert len({column.indicator_id for column in layout.columns}) == 1


@pytest.mark.parametrize("headers", [("Tăng", "Giảm"), ("Số kế hoạch", "Số báo cáo")])
def test_words_that_are_counted_stay_indicators(headers: tuple[str, ...]) -> None:
    head = columns("name: Đơn vị", *(f"value: {header}" for header in headers))
    layout = crosstab_layout(head, rows("Sở A"), TITLE)
    assert [column.indicator for column in layout.columns] == list(headers)


def test_a_share_in_the_name_of_a_column_is_no_unit() -> None:
    head = columns("name: Đơn vị", "value: Tự bảo đảm từ 70% trở lên", "value: Đạt % KH")
    assert [c.unit_raw for c in crosstab_layout(head, rows("Sở A"), TITLE).columns] == ["", "%"]


def test_a_catalogued_name_in_the_header_is_the_catalogued_indicator() -> None:
    head = columns(
        "name: Đơn vị", "value: Tổng số hồ sơ TTHC đã giải quyết xong", "value: Số hồ sơ TTHC giải quyết đúng hạn"
    )
    layout = crosstab_layout(head, rows("Sở A"), TITLE)
    assert [column.indicator_id for column in layout.columns] == ["ho_so_da_giai_quyet", "ho_so_giai_quyet_dung_han"]
    assert not any(column.is_provisional for column in layout.columns)


def test_ids_do_not_depend_on_the_other_columns_or_rows() -> None:
    whole = crosstab_layout(TWO_LEVELS, FIELDS, TITLE)
    part = crosstab_layout((TWO_LEVELS[1], TWO_LEVELS[7]), FIELDS[:1], TITLE)
    assert part.columns[0].indicator_id == next(c.indicator_id for c in whole.columns if c.index == 7)


def test_columns_with_one_header_keep_different_ids() -> None:
    head = columns("name: Đơn vị", "value: Số hồ sơ", "value: Số hồ sơ")
    first, second = crosstab_layout(head, rows("Sở A"), TITLE).columns
    assert first.indicator_id != second.indicator_id


def test_an_empty_table_has_an_empty_layout() -> None:
    assert crosstab_layout((), (), "") == CrosstabLayout((), (), ())
