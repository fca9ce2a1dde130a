"""All 63 provinces, the 34 of 2025, and the codes that changed their name."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.provinces import (
    PROVINCES,
    find_province,
    full_name,
    in_2025,
    is_in_force,
    province_by_code,
    province_by_id,
    province_in_prose,
)

IN_2024, IN_2025 = date(2024, 6, 1), date(2025, 8, 1)
OLD = [p for p in PROVINCES if is_in_force(p, IN_2024)]
NEW = [p for p in PROVINCES if is_in_force(p, IN_2025)]
# Old and new tone placement of the names that have it.
NEW_TONE = {"Hòa": "Hoà", "Hóa": "Hoá"}


def names_of(text: str, on: date | None) -> tuple[str, str] | None:
    found = find_province(text, on)
    return None if found is None else (found.id, found.name_2025)


def test_there_are_63_and_34() -> None:
    assert len(OLD) == 63
    assert len(NEW) == 34
    assert len({p.id for p in PROVINCES}) == len(PROVINCES)
    assert all(len(p.code) == 2 and p.code.isdigit() for p in PROVINCES)


@pytest.mark.parametrize("province", OLD, ids=lambda p: p.id)
def test_every_province_is_found_as_printed(province: object) -> None:
    assert isinstance(province, type(PROVINCES[0]))
    name = full_name(province)
    retoned = name
    for old, new in NEW_TONE.items():
        retoned = retoned.replace(old, new)
    printed = (
        name, name.upper(), name.lower(), retoned, retoned.upper(), province.name, f"UBND {name}".upper(),
        unicodedata.normalize("NFD", name), name.replace(" ", "  "), f"SỞ NỘI VỤ {name.upper()}", province.name.upper(),
    )  # fmt: skip
    assert {find_province(text, IN_2024) for text in printed} == {province}


@pytest.mark.parametrize("province", NEW, ids=lambda p: p.id)
def test_every_province_of_2025_is_found_and_stays_itself(province: object) -> None:
    assert isinstance(province, type(PROVINCES[0]))
    assert find_province(full_name(province).upper(), IN_2025) == province
    assert (province.id_2025, province.name_2025) == (province.id, province.name)


@pytest.mark.parametrize("province", OLD, ids=lambda p: p.id)
def test_every_province_of_2024_leads_to_one_of_34(province: object) -> None:
    assert isinstance(province, type(PROVINCES[0]))
    now = in_2025(province)
    assert now is not None
    assert now in NEW
    assert now.name == province.name_2025


# name, code until June 2025, code since, what the old code now means
SEVEN = [
    ("Lào Cai", "10", "15", "Yên Bái"),
    ("Bắc Ninh", "27", "24", "Bắc Giang"),
    ("Quảng Trị", "45", "44", "Quảng Bình"),
    ("Gia Lai", "64", "52", "Bình Định"),
    ("Tây Ninh", "72", "80", "Long An"),
    ("Đồng Tháp", "87", "82", "Tiền Giang"),
    ("An Giang", "89", "91", "Kiên Giang"),
]


@pytest.mark.parametrize(("name", "old_code", "new_code", "former"), SEVEN)
def test_the_seven_codes_that_changed_their_name_join_right(
    name: str, old_code: str, new_code: str, former: str
) -> None:
    before, after, other = find_province(name, IN_2024), find_province(name, IN_2025), find_province(former, IN_2024)
    assert before and after and other
    assert (before.code, after.code, other.code) == (old_code, new_code, new_code)
    assert before.id_2025 == after.id == other.id_2025
    assert after.id != other.id, "the code alone must not join"
    assert province_by_code(new_code, IN_2024) == other
    assert province_by_code(new_code, IN_2025) == after
    assert province_by_code(old_code, IN_2025) is None, "a closed code is not given again"


@pytest.mark.parametrize(
    ("printed", "on", "province_id", "name_2025"),
    [
        ("UBND TỈNH THỪA THIÊN HUẾ", IN_2024, "46@2004-07-08", "Huế"),
        ("tỉnh TT Huế", IN_2024, "46@2004-07-08", "Huế"),
        ("T.T. Huế", IN_2024, "46@2004-07-08", "Huế"),
        ("Thừa Thiên - Huế", IN_2024, "46@2004-07-08", "Huế"),
        ("Huế", IN_2024, "46@2004-07-08", "Huế"),
        ("thành phố Huế", date(2025, 1, 1), "46@2025-01-01", "Huế"),
        ("thành phố Huế", IN_2025, "46@2025-07-01", "Huế"),
        ("TỈNH THỪA THIÊN HUẾ", None, "46@2004-07-08", "Huế"),
        ("TP. Hồ Chí Minh", IN_2024, "79@2004-07-08", "Hồ Chí Minh"),
        ("TP.HCM", IN_2024, "79@2004-07-08", "Hồ Chí Minh"),
        ("TPHCM", IN_2024, "79@2004-07-08", "Hồ Chí Minh"),
        ("tỉnh Hà Tây", date(2007, 5, 1), "28@2004-07-08", "Hà Nội"),
        ("Hà Nội", date(2007, 5, 1), "01@2004-07-08", "Hà Nội"),
        ("Hà Nội", date(2008, 8, 1), "01@2008-08-01", "Hà Nội"),
        ("tỉnh Đồng Nai", date(2026, 4, 29), "75@2025-07-01", "Đồng Nai"),
        ("thành phố Đồng Nai", date(2026, 4, 30), "75@2026-04-30", "Đồng Nai"),
        ("Lai Châu", date(2003, 6, 1), "12@1997-01-01", ""),
        ("Điện Biên", date(2005, 6, 1), "11@2004-07-08", "Điện Biên"),
        ("Cần Thơ", date(2003, 6, 1), "92@1997-01-01", "Cần Thơ"),
        ("Tỉnh Đăk Lăk", IN_2024, "66@2004-07-08", "Đắk Lắk"),
        ("tỉnh Đắc Lắc", IN_2024, "66@2004-07-08", "Đắk Lắk"),
        ("KONTUM", IN_2024, "62@2004-07-08", "Quảng Ngãi"),
        ("Bà Rịa – Vũng Tàu", IN_2024, "77@2004-07-08", "Hồ Chí Minh"),
        ("BÀ RỊA VŨNG TÀU", IN_2024, "77@2004-07-08", "Hồ Chí Minh"),
        ("SỞ NỘI VỤ\nTỈNH HÀ NAM", IN_2024, "35@2004-07-08", "Ninh Bình"),
        ("tỉnh Quảng Nam", IN_2025, "49@2004-07-08", "Đà Nẵng"),
    ],
)
def test_names_in_letterheads(printed: str, on: date | None, province_id: str, name_2025: str) -> None:
    assert names_of(printed, on) == (province_id, name_2025)


@pytest.mark.parametrize(
    "text",
    ["", "UBND tỉnh", "Sở Nội vụ", "huyện Phú Vang", "huyện Phù Yên", "UBND HUYỆN QUẢNG NINH", "phường Hà Nam",
     "Phú Vang", "Hà Nam và Quảng Nam", "tỉnh"],
)  # fmt: skip
def test_text_that_names_no_province_gives_none(text: str) -> None:
    assert find_province(text, IN_2024) is None


def test_prose_gives_the_province_named_most_with_its_kind() -> None:
    text = "Học tập kinh nghiệm của tỉnh Quảng Nam. UBND tỉnh Kon Tum giao; tại tỉnh\nKon Tum, Hà Nội, Hà Nội, Hà Nội."
    assert names_of("", None) is None
    found = province_in_prose(text, IN_2024)
    assert found is not None
    assert found.name == "Kon Tum"
    assert province_in_prose("UBND tỉnh chỉ đạo các sở", IN_2024) is None


def test_codes_stay_two_characters() -> None:
    one = province_by_code("1", IN_2024)
    assert one is not None
    assert (one.code, one.name) == ("01", "Hà Nội")
    assert province_by_code("99", IN_2024) is None
    assert province_by_id("46@2004-07-08") == find_province("Thừa Thiên Huế", IN_2024)


def test_the_units_of_one_code_never_overlap() -> None:
    for code in {p.code for p in PROVINCES}:
        units = sorted((p for p in PROVINCES if p.code == code), key=lambda p: p.valid_from)
        for earlier, later in itertools.pairwise(units):
            assert earlier.valid_to is not None
            assert earlier.valid_to < later.valid_from


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert find_province(text, IN_2024) in (None, *PROVINCES)
    assert province_in_prose(text, IN_2024) in (None, *PROVINCES)
