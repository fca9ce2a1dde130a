"""The code list of units covers both official templates and the spellings their reports use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.numbers import parse_figure
from normalize.text import slug, tone_key
from normalize.units import NO_UNIT, base_value, find_unit, known_units, parse_unit

# printed, id, kind
SPELLINGS = [
    ("Văn bản", "van_ban", "count"),
    ("văn bản", "van_ban", "count"),
    ("VB", "van_ban", "count"),
    ("Nhiệm vụ", "nhiem_vu", "count"),
    ("Thủ tục", "thu_tuc", "count"),
    ("TTHC", "thu_tuc", "count"),
    ("Thủ tục/TTHC", "thu_tuc", "count"),
    ("Hồ sơ", "ho_so", "count"),
    ("Hồ sơ TTHC", "ho_so", "count"),
    ("Người", "nguoi", "count"),
    ("người", "nguoi", "count"),
    ("Lượt người", "luot_nguoi", "count"),
    ("Đơn vị", "don_vi", "count"),
    ("ĐV", "don_vi", "count"),
    ("Cơ quan, đơn vị", "co_quan_don_vi", "count"),
    ("Cơ quan,\nđơn vị", "co_quan_don_vi", "count"),
    ("Cơ quan/đơn vị", "co_quan_don_vi", "count"),
    ("CQ, TC, ĐV", "co_quan_to_chuc_don_vi", "count"),
    ("CQ, TC,ĐV", "co_quan_to_chuc_don_vi", "count"),
    ("Cơ quan, tổ chức, đơn vị", "co_quan_to_chuc_don_vi", "count"),
    ("PAKN", "pakn", "count"),
    ("Ban", "ban", "count"),
    ("Bản", "ban_in", "count"),
    ("Tổ chức", "to_chuc", "count"),
    ("Vấn đề", "van_de", "count"),
    ("Số lượng", "so_luong", "count"),
    ("Cuộc", "cuoc", "count"),
    ("Vụ", "vu", "count"),
    ("Vụ việc", "vu_viec", "count"),
    ("Lớp", "lop", "count"),
    ("Phiếu", "phieu", "count"),
    ("Phòng", "phong", "count"),
    ("Biên chế", "bien_che", "count"),
    ("Đối tượng", "doi_tuong", "count"),
    ("Tập thể", "tap_the", "count"),
    ("Tài liệu", "tai_lieu", "count"),
    ("%", "phan_tram", "percent"),
    ("（%）", "phan_tram", "percent"),
    ("(%)", "phan_tram", "percent"),
    ("％", "phan_tram", "percent"),
    ("Tỷ lệ %", "phan_tram", "percent"),
    ("Tỉ lệ (%)", "phan_tram", "percent"),
    ("Phần trăm", "phan_tram", "percent"),
    ("‰", "phan_nghin", "percent"),
    ("Triệu đồng", "trieu_dong", "money"),
    ("triệu đồng", "trieu_dong", "money"),
    ("Trđ", "trieu_dong", "money"),
    ("Tr.đ", "trieu_dong", "money"),
    ("ĐVT: Triệu đồng", "trieu_dong", "money"),
    ("Đơn vị tính: Triệu đồng", "trieu_dong", "money"),
    ("Tỷ đồng", "ty_dong", "money"),
    ("Tỉ đồng", "ty_dong", "money"),
    ("1.000 đồng", "nghin_dong", "money"),
    ("Nghìn đồng", "nghin_dong", "money"),
    ("Ngàn đồng", "nghin_dong", "money"),
    ("đồng", "dong", "money"),
    ("VNĐ", "dong", "money"),
    ("m2", "m2", "area"),
    ("m²", "m2", "area"),
    ("ha", "ha", "area"),
    ("Ngày", "ngay", "time"),
    ("Giờ", "gio", "time"),
    ("Điểm", "diem", "other"),
    ("Số lượng (người)", "nguoi", "count"),
    ("Số hồ sơ", "ho_so", "count"),
    ("Người (cả hợp đồng)", "nguoi", "count"),
    ("(Người)", "nguoi", "count"),
    ("Nguòi", "nguoi", "count"),
    ("Co quan, don vi", "co_quan_don_vi", "count"),
    ("Hoà giải viên", "hoa_giai_vien", "other"),
    ("", "", "none"),
    ("-", "", "none"),
    ("…", "", "none"),
]

LISTS = [
    ("Có = 1; Không = 0", "co_khong", {0: "Không", 1: "Có"}),
    ("Không = 0 Có = 1", "co_khong", {0: "Không", 1: "Có"}),
    ("Có=1\nKhông=0", "co_khong", {0: "Không", 1: "Có"}),
    ("0: Không, 1: Có", "co_khong", {0: "Không", 1: "Có"}),
    ("0 = Không; 1 = Có", "co_khong", {0: "Không", 1: "Có"}),
    ("(Có = 1; Không = 0)", "co_khong", {0: "Không", 1: "Có"}),
    ("0 - Không; 1 - Có", "co_khong", {0: "Không", 1: "Có"}),
    ("Có/Không", "co_khong", {0: "Không", 1: "Có"}),
    ("Không/Có", "co_khong", {0: "Không", 1: "Có"}),
    (
        "Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2",
        "ma_truc_tuyen_0_phat_phieu_1_ket_hop_2",
        {0: "Trực tuyến", 1: "Phát phiếu", 2: "Kết hợp"},
    ),
    (
        "Chưa có = 0 2 cấp = 1 3 cấp = 2",
        "ma_chua_co_0_2_cap_1_3_cap_2",
        {0: "Chưa có", 1: "2 cấp", 2: "3 cấp"},
    ),
    ("Chưa = 0 Hoàn thành = 1", "ma_chua_0_hoan_thanh_1", {0: "Chưa", 1: "Hoàn thành"}),
    (
        "Chưa = 0 Đang làm = 1 Hoàn thành = 2",
        "ma_chua_0_dang_lam_1_hoan_thanh_2",
        {0: "Chưa", 1: "Đang làm", 2: "Hoàn thành"},
    ),
]


@pytest.mark.parametrize(("printed", "ident", "kind"), SPELLINGS)
def test_a_printed_unit_is_found_in_the_code_list(printed: str, ident: str, kind: str) -> None:
    unit = parse_unit(printed)
    assert (unit.id, unit.kind) == (ident, kind)


@pytest.mark.parametrize(("printed", "ident", "labels"), LISTS)
def test_a_unit_cell_that_is_a_list_of_answers_becomes_labels(printed: str, ident: str, labels: dict[int, str]) -> None:
    unit = parse_unit(printed)
    assert (unit.id, unit.kind) == (ident, "code")
    assert {int(value): label for value, label in unit.labels} == labels


@pytest.mark.parametrize("printed", ["Có = 1", "Có = 1; Không = 1", "1 = 2 + 3", "= 0 = 1", "Tỷ lệ: 5"])
def test_what_only_looks_like_a_list_of_answers_is_none(printed: str) -> None:
    assert parse_unit(printed).kind != "code"


@pytest.mark.parametrize(
    ("printed", "scale", "base"),
    [
        ("Triệu đồng", "1000000", "đồng"),
        ("Nghìn người", "1000", "Người"),
        ("1.000 tấn", "1000000", "kg"),
        ("Triệu đồng/người", "1000000", "đồng/người"),
        ("ha", "10000", "m2"),
        ("Người/năm", "1", "Người/năm"),
    ],
)
def test_scaled_units_say_how_to_get_base_units(printed: str, scale: str, base: str) -> None:
    unit = parse_unit(printed)
    assert (unit.scale, unit.base, unit.is_integer) == (Decimal(scale), base, False)


def test_an_unknown_unit_keeps_its_name_and_takes_no_known_id() -> None:
    unit = parse_unit(" Bó  đuốc. ")
    assert (unit.id, unit.name, unit.kind) == ("bo_duoc", "Bó đuốc", "other")
    known = {unit.id for unit in known_units()}
    assert parse_unit("Cơ quan - đơn vị khác").id not in known


def test_no_spelling_stands_under_two_units() -> None:
    for unit in known_units():
        assert find_unit(unit.name) == unit, unit.name
        assert parse_unit(unit.name) == unit, unit.name


def test_ids_are_stable_slugs() -> None:
    ids = [unit.id for unit in known_units()]
    assert len(set(ids)) == len(ids)
    assert all(ident == slug(ident) for ident in ids)


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_crashes_and_an_id_is_ascii(raw: str) -> None:
    unit = parse_unit(raw)
    assert unit.id.isascii()
    assert unit == NO_UNIT or unit.id


def test_the_two_ways_of_placing_a_tone_are_one_key_and_other_tones_are_not() -> None:
    assert tone_key("hoà") == tone_key("Hòa")
    assert tone_key("thuỷ") == tone_key("thủy")
    assert tone_key("ban") != tone_key("bản")


def test_a_slug_is_cut_at_a_word() -> None:
    assert slug("Tỷ lệ hồ sơ đúng hạn (%)", limit=12) == "ty_le_ho_so"
    assert slug("Đối thoại") == "doi_thoai"
    assert slug("…") == ""


@pytest.mark.parametrize(
    ("raw", "unit", "base"),
    [("12.000 lượt", "Nghìn lượt", "12000"), ("12", "Nghìn lượt", "12000"), ("1,5 ha", "m2", "15000"),
     ("1,5 ha", "ha", "15000"), ("1.500 USD", "Triệu đồng", None), ("12 tháng", "Ngày", None)],
)  # fmt: skip
def test_base_units_follow_the_unit_printed_in_the_cell(raw: str, unit: str, base: str | None) -> None:
    figure = parse_figure(raw, parse_unit(unit))
    assert base_value(figure, parse_unit(unit)) == (None if base is None else Decimal(base))
