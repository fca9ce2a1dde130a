"""Number, date, issuing body, title, span and signature from the printed lines."""

from __future__ import annotations

from datetime import date

import pytest

from extract.letterhead import read_letterhead, read_signature

LETTERHEADS = [
    (
        "parent and body on lines of their own",
        [
            "UBND TỈNH QUẢNG NAM",
            "SỞ NỘI VỤ",
            "Số: 15/BC-SNV",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Quảng Nam, ngày 05 tháng 01 năm 2024",
            "BÁO CÁO",
            "Công tác cải cách hành chính năm 2023",
        ],
        {
            "number": "15/BC-SNV",
            "date": date(2024, 1, 5),
            "agency": "SỞ NỘI VỤ",
            "parent": "UBND TỈNH QUẢNG NAM",
            "place": "Quảng Nam",
            "title": "Công tác cải cách hành chính năm 2023",
        },
    ),
    (
        "names that run over two lines",
        [
            "UBND TỈNH",
            "THỪA THIÊN HUẾ",
            "SỞ KẾ HOẠCH VÀ",
            "ĐẦU TƯ",
            "Số: 2147 /BC-SKHĐT",
            "Thừa Thiên Huế, ngày 11 tháng 6 năm 2024",
            "BÁO CÁO",
            "Kết quả công tác cải cách hành chính",
            "6 tháng đầu năm 2024",
            "(Từ ngày 15/12/2023 đến 10/6/2024)",
        ],
        {
            "number": "2147/BC-SKHĐT",
            "agency": "SỞ KẾ HOẠCH VÀ ĐẦU TƯ",
            "parent": "UBND TỈNH THỪA THIÊN HUẾ",
            "place": "Thừa Thiên Huế",
            "title": "Kết quả công tác cải cách hành chính 6 tháng đầu năm 2024",
            "span_start": date(2023, 12, 15),
            "span_end": date(2024, 6, 10),
        },
    ),
    (
        "a district under its province",
        [
            "UBND TỈNH THỪA THIÊN HUẾ",
            "UBND HUYỆN PHÚ VANG",
            "Số: 7/BC-UBND",
            "Phú Vang, ngày 20 tháng 3 năm 2022",
            "BÁO CÁO",
            "Công tác cải cách hành chính quý I năm 2022",
        ],
        {
            "number": "7/BC-UBND",
            "agency": "UBND HUYỆN PHÚ VANG",
            "parent": "UBND TỈNH THỪA THIÊN HUẾ",
            "place": "Phú Vang",
        },
    ),
    (
        "a province's own letterhead has no parent",
        [
            "ỦY BAN NHÂN DÂN",
            "TỈNH KON TUM",
            "Số: 120/BC-UBND",
            "Kon Tum, ngày 1 tháng 12 năm 2021",
            "BÁO CÁO",
            "Công tác cải cách hành chính năm 2021",
        ],
        {"number": "120/BC-UBND", "agency": "ỦY BAN NHÂN DÂN TỈNH KON TUM", "parent": ""},
    ),
    (
        "the two halves read line by line",
        [
            "UBND TỈNH QUẢNG NAM",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "SỞ TƯ PHÁP",
            "Độc lập - Tự do - Hạnh phúc",
            "Số: 9/BC-STP",
            "Quảng Nam, ngày 20 tháng 9 năm 2022",
            "BÁO CÁO",
            "Công tác cải cách hành chính quý III năm 2022",
        ],
        {"number": "9/BC-STP", "agency": "SỞ TƯ PHÁP", "parent": "UBND TỈNH QUẢNG NAM", "date": date(2022, 9, 20)},
    ),
]


@pytest.mark.parametrize(
    ("lines", "expected"), [case[1:] for case in LETTERHEADS], ids=[case[0] for case in LETTERHEADS]
)
def test_letterheads(lines: list[str], expected: dict[str, object]) -> None:
    found, body_from = read_letterhead(
        [*lines, "Thực hiện chế độ báo cáo định kỳ, Sở báo cáo như sau:", "I. KẾT QUẢ"], []
    )
    assert {name: getattr(found, name) for name in expected} == expected
    assert body_from == len(lines)


def test_a_lost_letterhead_is_made_good_by_the_captions() -> None:
    lines = [
        "BÁO CÁO",
        "Công tác cải cách hành chính 6 tháng đầu năm 2024. (Từ ngày 15/12/2023 đến 10/6/2024).",
        "I. KẾT QUẢ",
    ]
    found, _ = read_letterhead(
        lines, ["(Ban hành kèm theo Báo cáo số 2147/BC-SKHĐT ngày 11/6/2024 của Sở Kế hoạch và Đầu tư)"]
    )
    assert (found.number, found.date, found.agency) == ("2147/BC-SKHĐT", date(2024, 6, 11), "Sở Kế hoạch và Đầu tư")
    assert (found.span_start, found.span_end) == (date(2023, 12, 15), date(2024, 6, 10))
    assert found.title == "Công tác cải cách hành chính 6 tháng đầu năm 2024"


def test_an_empty_number_is_filled_from_the_captions_and_the_date_from_the_stamp() -> None:
    lines = [
        "UBND TỈNH KON TUM",
        "SỞ Y TẾ",
        "Số:      /BC-SYT",
        "Kon Tum, ngày     tháng 5 năm 2023",
        "Thời gian ký: 2023-05-13T14:41:57+07:00",
        "BÁO CÁO",
        "Công tác cải cách hành chính quý II năm 2023",
    ]
    found, _ = read_letterhead(lines, ["(Kèm theo Báo cáo số 88/BC-SYT của Sở Y tế)"])
    assert (found.number, found.date, found.agency) == ("88/BC-SYT", date(2023, 5, 13), "SỞ Y TẾ")


SIGNATURES = [
    (
        ["Nơi nhận:", "- Sở Nội vụ;", "- Lưu: VT.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Phan Quốc Sơn"],
        "Phan Quốc Sơn",
        "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC",
    ),
    (["Nơi nhận:", "- Lưu: VT.", "GIÁM ĐỐC", "", "ThS. Lê Thị Hòa"], "Lê Thị Hòa", "GIÁM ĐỐC"),
    (
        ["Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn An"],
        "Trần Văn An",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
    ),
    (["GIÁM ĐỐC", "Huỳnh Đức", "Nơi nhận:", "- Như trên;", "- Lưu: VT."], "Huỳnh Đức", "GIÁM ĐỐC"),
    (["Trên đây là báo cáo của Sở.", "Nơi nhận:", "- Lưu: VT."], "", ""),
]


@pytest.mark.parametrize(("lines", "name", "role"), SIGNATURES)
def test_signatures(lines: list[str], name: str, role: str) -> None:
    assert read_signature(lines) == (name, role)


def test_a_body_named_in_the_letterhead_signs_nothing() -> None:
    head = ["UBND TỈNH KON TUM", "SỞ XÂY DỰNG", "Số: 45/BC-SXD", "Kon Tum, ngày 14 tháng 6 năm 2023"]
    letterhead, _ = read_letterhead([*head, "BÁO CÁO", "Công tác cải cách hành chính", "I. KẾT QUẢ", "Đã làm."], [])
    assert (letterhead.signer, letterhead.signer_role) == ("", "")


def test_a_date_that_runs_over_two_lines_gives_the_place() -> None:
    head = ["UBND TỈNH HUẾ", "SỞ NỘI VỤ", "Số: 4/BC-SNV", "Thừa Thiên Huế, ngày 18 tháng 6 năm", "2019"]
    letterhead, _ = read_letterhead([*head, "BÁO CÁO", "Công tác cải cách hành chính"], [])
    assert (letterhead.place, letterhead.date) == ("Thừa Thiên Huế", date(2019, 6, 18))
