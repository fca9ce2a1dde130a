"""Issuing bodies as letterheads print them, with the official short form (typed by hand)."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.agencies import agencies_of_symbol, agency_conflict, body_name, catalogued, find_agency, successor_chain
from normalize.agency_names import one_spelling
from normalize.provinces import find_province

IN_2024, IN_2025 = date(2024, 6, 1), date(2025, 8, 1)
ROWS = list(catalogued().values())

PRINTED = [
    ("SỞ NỘI VỤ TỈNH QUẢNG NAM", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("SỞ NỘI VỤ", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("Sở Nội vụ Quảng Nam", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("UBND TỈNH QUẢNG NAM\nSỞ NỘI VỤ", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "tinh"),
    ("SỞ KẾ HOẠCH\nVÀ ĐẦU TƯ", "so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "tinh"),
    ("Sở KH&ĐT", "so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "tinh"),
    ("Sở GD&ĐT", "so-giao-duc-va-dao-tao", "Sở Giáo dục và Đào tạo", "tinh"),
    ("Sở LĐ-TB&XH", "so-lao-dong-thuong-binh-va-xa-hoi", "Sở Lao động - Thương binh và Xã hội", "tinh"),
    ("SỞ LAO ĐỘNG-THƯƠNG BINH VÀ XÃ HỘI", "so-lao-dong-thuong-binh-va-xa-hoi",
     "Sở Lao động - Thương binh và Xã hội", "tinh"),
    ("SỞ LAO ĐỘNG, THƯƠNG BINH & XÃ HỘI", "so-lao-dong-thuong-binh-va-xa-hoi",
     "Sở Lao động - Thương binh và Xã hội", "tinh"),
    ("SỞ NÔNG NGHIỆP & PTNT", "so-nong-nghiep-va-phat-trien-nong-thon",
     "Sở Nông nghiệp và Phát triển nông thôn", "tinh"),
    ("SỞ VĂN HOÁ, THỂ THAO VÀ DU LỊCH", "so-van-hoa-the-thao-va-du-lich", "Sở Văn hóa, Thể thao và Du lịch", "tinh"),
    ("SỞ CÔNG THƯƠNG", "so-cong-thuong", "Sở Công Thương", "tinh"),
    ("THANH TRA TỈNH", "thanh-tra-tinh", "Thanh tra tỉnh", "tinh"),
    ("THANH TRA THÀNH PHỐ ĐÀ NẴNG", "thanh-tra-tinh", "Thanh tra thành phố", "tinh"),
    ("VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH QUẢNG NAM", "van-phong-ubnd-tinh", "Văn phòng UBND tỉnh", "tinh"),
    ("BAN QUẢN LÝ KHU KINH TẾ, CÔNG NGHIỆP TỈNH", "ban-quan-ly-khu-kinh-te-cong-nghiep",
     "Ban Quản lý Khu kinh tế, công nghiệp", "tinh"),
    ("BỘ NỘI VỤ", "bo-noi-vu", "Bộ Nội vụ", "trung-uong"),
    ("UBND HUYỆN PHÚ VANG", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("UBND huyện Phú Vang", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("ỦY BAN NHÂN DÂN HUYỆN PHÚ VANG", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("UỶ BAN NHÂN DÂN\nHUYỆN PHÚ VANG", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("UBND HUYỆN PHÚ VANG TỈNH THỪA THIÊN HUẾ", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("UBND THỊ XÃ HƯƠNG TRÀ, TỈNH THỪA THIÊN HUẾ", "ubnd-thi-xa-huong-tra", "UBND thị xã Hương Trà", "huyen"),
    ("UBND HUYỆN ĐẮK R'LẤP", "ubnd-huyen-dak-r-lap", "UBND huyện Đắk R'Lấp", "huyen"),
    ("UBND QUẬN HẢI CHÂU", "ubnd-quan-hai-chau", "UBND quận Hải Châu", "huyen"),
    ("UBND PHƯỜNG 5", "ubnd-phuong-5", "UBND phường 5", "xa"),
    ("ỦY BAN NHÂN DÂN XÃ PHÚ MỸ", "ubnd-xa-phu-my", "UBND xã Phú Mỹ", "xa"),
    ("UBND THỊ TRẤN A LƯỚI, HUYỆN A LƯỚI", "ubnd-thi-tran-a-luoi", "UBND thị trấn A Lưới", "xa"),
    ("UBND TỈNH QUẢNG NAM", "ubnd-tinh-quang-nam", "UBND tỉnh Quảng Nam", "tinh"),
    ("UBND TP. HỒ CHÍ MINH", "ubnd-thanh-pho-ho-chi-minh", "UBND thành phố Hồ Chí Minh", "tinh"),
    ("UBND THÀNH PHỐ HUẾ", "ubnd-thanh-pho-thuoc-tinh-hue", "UBND thành phố Huế", "huyen"),
    ("HỘI ĐỒNG NHÂN DÂN TỈNH QUẢNG NAM", "hdnd-tinh-quang-nam", "HĐND tỉnh Quảng Nam", "tinh"),
    ("PHÒNG NỘI VỤ HUYỆN PHÚ VANG", "phong-noi-vu-huyen-phu-vang", "Phòng Nội vụ huyện Phú Vang", "huyen"),
    ("SỞ KẾHOẠCH VÀ ĐẦU TƯ", "so-ke-hoach-va-dau-tu", "Sở Kế hoạch và Đầu tư", "tinh"),
    ("S Ở NỘI V Ụ", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("SỞ NỘI VỤ(1)", "so-noi-vu", "Sở Nội vụ", "tinh"),
    ("U B N D HUYỆN PHÚ VANG", "ubnd-huyen-phu-vang", "UBND huyện Phú Vang", "huyen"),
    ("BAN QUẢN LÝ KHU KINH TẾ DUNG QUẤT", "ban-quan-ly-khu-kinh-te-dung-quat",
     "Ban Quản lý Khu kinh tế Dung Quất", "tinh"),
    ("CHI CỤC THỦY LỢI", "chi-cuc-thuy-loi", "Chi cục Thủy lợi", ""),
    ("TRUNG TÂM XÚC TIẾN ĐẦU TƯ TỈNH QUẢNG NAM", "trung-tam-xuc-tien-dau-tu", "Trung tâm Xúc tiến đầu tư", ""),
    ("BỆNH VIỆN CHỢ RẪY", "benh-vien-cho-ray", "Bệnh viện Chợ Rẫy", ""),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "agency_id", "name", "level"), PRINTED)
def test_a_printed_body_gets_its_official_short_form(printed: str, agency_id: str, name: str, level: str) -> None:
    found = find_agency(printed, on=IN_2024)
    assert found is not None
    assert (found.id, found.name, found.level) == (agency_id, name, level)


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.agency.id)
def test_every_catalogued_body_is_found_by_name_and_symbol(row: object) -> None:
    assert isinstance(row, type(ROWS[0]))
    name = row.agency.name
    for printed in (name, name.upper(), unicodedata.normalize("NFD", name.upper()), name.replace(" và ", " & "),
                    name.upper().replace("HÓA", "HOÁ"), f" {name}: ", *row.aliases):  # fmt: skip
        found = find_agency(printed)
        assert found is not None
        assert found.id == row.agency.id, printed
    if row.agency.level == "tinh" and row.agency.kind == "so":
        assert find_agency(f"{name.upper()} TỈNH QUẢNG NAM") == row.agency
    for symbol in row.symbols:
        assert row.agency.id in {a.id for a in agencies_of_symbol(f"12/BC-{symbol}")}


def test_ids_are_stable_ascii_and_successors_exist() -> None:
    for agency_id, row in catalogued().items():
        assert agency_id == row.agency.id
        assert agency_id.replace("-", "").isascii()
        assert row.agency.successor_id in {"", *catalogued()}
        assert row.valid_to is None or row.valid_from is None or row.valid_from < row.valid_to


@pytest.mark.parametrize(
    ("printed", "symbol", "on", "agency_id"),
    [
        ("", "2147/BC-SKHĐT", IN_2024, "so-ke-hoach-va-dau-tu"),
        ("", "SKHĐT", IN_2024, "so-ke-hoach-va-dau-tu"),
        ("", "188/SNV-CCHC&VTLT", IN_2024, "so-noi-vu"),
        ("…", "BC-STNMT", IN_2024, "so-tai-nguyen-va-moi-truong"),
        ("SỞ KẾ HQẠCH VÀ ĐẦU TƯ", "BC-SKHĐT", IN_2024, "so-ke-hoach-va-dau-tu"),
        ("", "15/BC-SVHTT", date(2005, 1, 1), "so-van-hoa-thong-tin"),
        ("", "15/BC-SVHTT", IN_2024, "so-van-hoa-va-the-thao"),
        # The printed name speaks first.
        ("SỞ TÀI CHÍNH", "BC-SNV", IN_2024, "so-tai-chinh"),
    ],
)
def test_the_symbol_helps_where_the_name_does_not(printed: str, symbol: str, on: date, agency_id: str) -> None:
    found = find_agency(printed, symbol, on)
    assert found is not None
    assert found.id == agency_id


def test_neither_name_nor_symbol_gives_none() -> None:
    assert find_agency("") is None
    assert find_agency(" - ", "12/BC") is None


def test_the_parent_line_says_whose_a_district_office_is() -> None:
    found = find_agency("PHÒNG NỘI VỤ", "BC-PNV", IN_2024, None, "UBND HUYỆN PHÚ VANG")
    assert found is not None
    assert (found.id, found.name) == ("phong-noi-vu-huyen-phu-vang", "Phòng Nội vụ huyện Phú Vang")


IN_COMMUNES = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("printed", "parent", "agency_id", "name", "level"),
    [
        ("UBND XÃ PHÚ AN", "", "ubnd-xa-phu-an", "UBND xã Phú An", "xa"),
        ("UBND ĐẶC KHU LÝ SƠN", "", "ubnd-dac-khu-ly-son", "UBND đặc khu Lý Sơn", "xa"),
        (
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "UBND PHƯỜNG THUẬN HÓA",
            "trung-tam-phuc-vu-hanh-chinh-cong-phuong-thuan-hoa",
            "Trung tâm Phục vụ hành chính công phường Thuận Hóa",
            "xa",
        ),
        (
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG XÃ PHÚ AN",
            "",
            "trung-tam-phuc-vu-hanh-chinh-cong-xa-phu-an",
            "Trung tâm Phục vụ hành chính công xã Phú An",
            "xa",
        ),
        (
            "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
            "UBND THÀNH PHỐ HUẾ",
            "trung-tam-phuc-vu-hanh-chinh-cong",
            "Trung tâm Phục vụ hành chính công",
            "tinh",
        ),
        (
            "PHÒNG VĂN HÓA - XÃ HỘI",
            "UBND XÃ PHÚ AN",
            "phong-van-hoa-xa-hoi-xa-phu-an",
            "Phòng Văn hóa - Xã hội xã Phú An",
            "xa",
        ),
        (
            "VĂN PHÒNG HĐND VÀ UBND",
            "UBND HUYỆN A LƯỚI",
            "van-phong-hdnd-va-ubnd-huyen-a-luoi",
            "Văn phòng HĐND và UBND huyện A Lưới",
            "huyen",
        ),
        ("SỞ LAO ĐỘNG – TBXH", "", "so-lao-dong-thuong-binh-va-xa-hoi", "Sở Lao động - Thương binh và Xã hội", "tinh"),
        ("KIỂM TOÁN NHÀ NƯỚC", "", "kiem-toan-nha-nuoc", "Kiểm toán nhà nước", "trung-uong"),
    ],
)
def test_bodies_of_a_commune_are_its_own(printed: str, parent: str, agency_id: str, name: str, level: str) -> None:
    found = find_agency(printed, "", IN_COMMUNES, find_province("thành phố Huế", IN_COMMUNES), parent)
    assert found is not None
    assert (found.id, found.name, found.level) == (agency_id, name, level)


def test_one_id_has_one_name_wherever_the_tone_mark_stands() -> None:
    printed = ["UBND THỊ XÃ HƯƠNG THUỶ", "UBND thị xã Hương Thủy", "UBND THỊ XÃ HƯƠNG THỦY"]
    assert {find_agency(text, "", IN_2024).name for text in printed} == {"UBND thị xã Hương Thủy"}  # type: ignore[union-attr]
    assert one_spelling("Quý Hoà Thuý Khoẻ Nguỵ hoài thuyền Loan") == "Quý Hòa Thúy Khỏe Ngụy hoài thuyền Loan"


def test_a_bare_provincial_council_takes_its_province() -> None:
    found = find_agency("UBND TỈNH", "BC-UBND", IN_2024, find_province("Quảng Nam", IN_2024))
    assert found is not None
    assert found.name == "UBND tỉnh Quảng Nam"


def test_a_city_is_of_the_province_or_of_the_centre_by_its_date() -> None:
    before, after = find_agency("UBND THÀNH PHỐ HUẾ", on=IN_2024), find_agency("UBND THÀNH PHỐ HUẾ", on=IN_2025)
    assert before and after
    assert (before.level, after.level) == ("huyen", "tinh")
    assert before.id != after.id


@pytest.mark.parametrize(
    ("printed", "symbol", "is_conflict"),
    [
        ("SỞ NỘI VỤ", "12/BC-STC", True),
        ("SỞ NỘI VỤ", "12/BC-SNV", False),
        ("SỞ NỘI VỤ", "12/SNV-CCHC", False),
        ("SỞ NỘI VỤ", "12/BC-UBND", True),
        ("UBND HUYỆN PHÚ VANG", "12/BC-UBND", False),
        ("UBND HUYỆN PHÚ VANG", "12/BC-SNV", True),
        ("SỞ NỘI VỤ", "", False),
        ("", "12/BC-SNV", False),
        ("CHI CỤC THỦY LỢI", "12/BC-CCTL", False),
    ],
)
def test_a_name_and_a_symbol_of_two_bodies_conflict(printed: str, symbol: str, is_conflict: bool) -> None:
    assert agency_conflict(printed, symbol) is is_conflict


@pytest.mark.parametrize(
    ("agency_id", "on", "expected"),
    [
        ("so-ke-hoach-va-dau-tu", IN_2024, "so-ke-hoach-va-dau-tu"),
        ("so-ke-hoach-va-dau-tu", IN_2025, "so-tai-chinh"),
        ("so-lao-dong-thuong-binh-va-xa-hoi", IN_2025, "so-noi-vu"),
        ("so-tai-nguyen-va-moi-truong", IN_2025, "so-nong-nghiep-va-moi-truong"),
        ("so-nong-nghiep-va-phat-trien-nong-thon", IN_2025, "so-nong-nghiep-va-moi-truong"),
        ("so-giao-thong-van-tai", IN_2025, "so-xay-dung"),
        ("so-thong-tin-va-truyen-thong", IN_2025, "so-khoa-hoc-va-cong-nghe"),
        ("ban-dan-toc", IN_2025, "so-dan-toc-va-ton-giao"),
        ("so-buu-chinh-vien-thong", IN_2024, "so-thong-tin-va-truyen-thong"),
        ("so-buu-chinh-vien-thong", IN_2025, "so-khoa-hoc-va-cong-nghe"),
        ("so-thuy-san", IN_2025, "so-nong-nghiep-va-moi-truong"),
        ("ubnd-huyen-phu-vang", IN_2024, "ubnd-huyen-phu-vang"),
        ("ubnd-huyen-phu-vang", IN_2025, ""),
        ("phong-noi-vu-huyen-phu-vang", IN_2025, ""),
        ("ubnd-tinh-quang-nam", IN_2025, "ubnd-thanh-pho-da-nang"),
        ("ubnd-tinh-thua-thien-hue", IN_2024, "ubnd-tinh-thua-thien-hue"),
        ("ubnd-tinh-thua-thien-hue", IN_2025, "ubnd-thanh-pho-hue"),
        ("ubnd-tinh-quang-ngai", IN_2025, "ubnd-tinh-quang-ngai"),
        ("chi-cuc-thuy-loi", IN_2025, "chi-cuc-thuy-loi"),
    ],
)
def test_a_body_is_followed_to_the_unit_of_a_day(agency_id: str, on: date, expected: str) -> None:
    assert successor_chain(agency_id, on) == expected


CUT_NAMES = st.sampled_from([printed for printed, *_ in PRINTED]).map(lambda text: text[1:])


@given(st.one_of(st.text(max_size=80), CUT_NAMES), st.text(max_size=20))
def test_any_printed_body_gets_a_name_and_an_ascii_id(printed: str, symbol: str) -> None:
    found = find_agency(printed, symbol, IN_2024)
    if found is not None:
        assert found.name
        assert found.id.isascii()
        assert find_agency(printed, symbol, IN_2024) == found
    agency_conflict(printed, symbol)


@pytest.mark.parametrize("agency_id", ["ubnd-tinh-quang-nam", "so-ke-hoach-va-dau-tu", "ubnd-tinh-dong-nai"])
def test_the_body_of_a_day_has_its_own_name(agency_id: str) -> None:
    names = {
        "ubnd-tinh-quang-nam": "UBND thành phố Đà Nẵng",
        "so-ke-hoach-va-dau-tu": "Sở Tài chính",
        "ubnd-tinh-dong-nai": "UBND thành phố Đồng Nai",
    }
    assert body_name(successor_chain(agency_id, date(2026, 9, 1))) == names[agency_id]
