"""Cited documents in prose of our own, with the citation each must give (typed by hand)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.model import Caption, Document, Heading, Letterhead, SourceFile, Table
from normalize.citations import citations_of, find_citations
from tests.linear import growth

# text, [(kind, number, symbol, agency, date)]
CASES = [
    ("- Kế hoạch số 44/KH-SKHĐT ngày 04/01/2024 về cải cách hành chính.",
     [("Kế hoạch", "44", "KH-SKHĐT", "Sở Kế hoạch và Đầu tư", "2024-01-04")]),
    ("theo Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ và các văn bản khác",
     [("Nghị quyết", "76", "NQ-CP", "Chính phủ", "2021-07-15")]),
    ("Nghị quyết số 76/NQ-CP của Chính phủ ngày 15/7/2021",
     [("Nghị quyết", "76", "NQ-CP", "Chính phủ", "2021-07-15")]),
    ("tại Nghị định số 107/2020/NĐ-CP, 108/2020/NĐ-CP ngày 14/9/2020.",
     [("Nghị định", "107/2020", "NĐ-CP", "Chính phủ", "2020-09-14"),
      ("Nghị định", "108/2020", "NĐ-CP", "Chính phủ", "2020-09-14")]),
    ("các Nghị định số 107/2020/NĐ-CP và số 108/2020/NĐ-CP ngày 14 tháng 9 năm 2020",
     [("Nghị định", "107/2020", "NĐ-CP", "Chính phủ", "2020-09-14"),
      ("Nghị định", "108/2020", "NĐ-CP", "Chính phủ", "2020-09-14")]),
    ("các Kế hoạch số 44, 67 và 68/KH-SNV ngày 05/01/2024",
     [("Kế hoạch", "44", "KH-SNV", "Sở Nội vụ", "2024-01-05"),
      ("Kế hoạch", "67", "KH-SNV", "Sở Nội vụ", "2024-01-05"),
      ("Kế hoạch", "68", "KH-SNV", "Sở Nội vụ", "2024-01-05")]),
    ("Công văn số 12/SNV-CCHC, 15/SNV-CCHC ngày 01/02/2024",
     [("Công văn", "12", "SNV-CCHC", "Sở Nội vụ", "2024-02-01"),
      ("Công văn", "15", "SNV-CCHC", "Sở Nội vụ", "2024-02-01")]),
    ("Kế hoạch số 12/KH-SNV ngày 3/2/2023; Kế hoạch số 13/KH-SNV ngày 4/2/2023",
     [("Kế hoạch", "12", "KH-SNV", "Sở Nội vụ", "2023-02-03"),
      ("Kế hoạch", "13", "KH-SNV", "Sở Nội vụ", "2023-02-04")]),
    # A date that belongs to the second of two named documents is not the first one's.
    ("Kế hoạch số 12/KH-SNV và Quyết định số 13/QĐ-SNV ngày 4/2/2023",
     [("Kế hoạch", "12", "KH-SNV", "Sở Nội vụ", None), ("Quyết định", "13", "QĐ-SNV", "Sở Nội vụ", "2023-02-04")]),
    ("Thông báo số 12/TB-SNV và Kế hoạch số 15/KH-SNV cùng ngày 05/01/2024",
     [("Thông báo", "12", "TB-SNV", "Sở Nội vụ", "2024-01-05"),
      ("Kế hoạch", "15", "KH-SNV", "Sở Nội vụ", "2024-01-05")]),
    ("phổ biến Luật Đấu thầu số 22/2023/QH15 cho doanh nghiệp",
     [("Luật", "22/2023", "QH15", "Quốc hội", None)]),
    ("Luật Tổ chức chính quyền địa phương số 77/2015/QH13 ngày 19/6/2015",
     [("Luật", "77/2015", "QH13", "Quốc hội", "2015-06-19")]),
    ("Quyết định số 43/2022/QĐ-UBND ngày 14/9/2022 của Ủy ban nhân dân tỉnh Thừa Thiên Huế",
     [("Quyết định", "43/2022", "QĐ-UBND", "UBND tỉnh Thừa Thiên Huế", "2022-09-14")]),
    ("Quyết định số 43/2022/QĐ-UBND ngày 14/9/2022 của UBND tỉnh TT Huế.\n- Việc khác",
     [("Quyết định", "43/2022", "QĐ-UBND", "UBND tỉnh Thừa Thiên Huế", "2022-09-14")]),
    ("UBND tỉnh đã ban hành Quyết định số 533/QĐ-UBND ngày 04/02/2024 về danh mục",
     [("Quyết định", "533", "QĐ-UBND", "UBND tỉnh", "2024-02-04")]),
    ("Quyết định số 12/QĐ-UBND ngày 03/02/2023 của Chủ tịch UBND huyện Phú Vang về việc",
     [("Quyết định", "12", "QĐ-UBND", "UBND huyện Phú Vang", "2023-02-03")]),
    ("Công văn số 188/SNV-CCHC&VTLT ngày 24/02/2022",
     [("Công văn", "188", "SNV-CCHC&VTLT", "Sở Nội vụ", "2022-02-24")]),
    ("hướng dẫn của Sở tại Công văn 188/SNV-CCHC", [("Công văn", "188", "SNV-CCHC", "Sở Nội vụ", None)]),
    ("Nghị quyết số 617 /NQ-HĐBCQG ngày 2/3/2021", [("Nghị quyết", "617", "NQ-HĐBCQG", "", "2021-03-02")]),
    ("Thông tư số 02/2021/TT-BNV ngày 11/6/2021 của Bộ trưởng Bộ Nội vụ",
     [("Thông tư", "02/2021", "TT-BNV", "Bộ Nội vụ", "2021-06-11")]),
    ("Thông tư liên tịch số 55/2005/TTLT-BNV-VPCP",
     [("Thông tư liên tịch", "55/2005", "TTLT-BNV-VPCP", "Bộ Nội vụ", None)]),
    ("Nghị quyết 30c/NQ-CP ngày 08/11/2011", [("Nghị quyết", "30c", "NQ-CP", "Chính phủ", "2011-11-08")]),
    ("Nghị quyết số 18-NQ/TW ngày 25/10/2017 của Ban Chấp hành Trung ương",
     [("Nghị quyết", "18", "NQ/TW", "Ban Chấp hành Trung ương", "2017-10-25")]),
    ("Chỉ thị số 05-CT/TU của Tỉnh ủy", [("Chỉ thị", "05", "CT/TU", "Tỉnh ủy", None)]),
    ("Nghị quyết 99/NQ-CP (ngày 10/7/2024)", [("Nghị quyết", "99", "NQ-CP", "Chính phủ", "2024-07-10")]),
    ("Công văn số 1061 ngày 3/4/2024 của Sở Nội vụ", [("Công văn", "1061", "", "Sở Nội vụ", "2024-04-03")]),
    ("Tổng số 12 ngày 3/4/2024; tiếp 25 ngày 3", []),
    # The kind is not printed: the symbol tells it.
    ("đã ban hành 45/QĐ-SNV, 46/KH-SNV", [("Quyết định", "45", "QĐ-SNV", "Sở Nội vụ", None),
                                          ("Kế hoạch", "46", "KH-SNV", "Sở Nội vụ", None)]),
    ("QĐ số 12/QĐ-SNV; KH số 13/KH-SNV; CV số 14/SNV-VP",
     [("Quyết định", "12", "QĐ-SNV", "Sở Nội vụ", None), ("Kế hoạch", "13", "KH-SNV", "Sở Nội vụ", None),
      ("Công văn", "14", "SNV-VP", "Sở Nội vụ", None)]),
    # Broken by a line or a page.
    ("Chỉ thị số 24/CT-\nUBND\n\nngày 24/12/2020 của UBND tỉnh về đẩy mạnh",
     [("Chỉ thị", "24", "CT-UBND", "UBND tỉnh", "2020-12-24")]),
    ("Chỉ thị số 24/CT-UBND\n\nngày 24/12/2020 của\nUBND tỉnh",
     [("Chỉ thị", "24", "CT-UBND", "UBND tỉnh", "2020-12-24")]),
    ("Quyết\nđịnh số\n12/QĐ-SNV ngày\n03/02/2023", [("Quyết định", "12", "QĐ-SNV", "Sở Nội vụ", "2023-02-03")]),
    ("QUYẾT ĐỊNH SỐ 12/QĐ-SNV NGÀY 03/02/2023", [("Quyết định", "12", "QĐ-SNV", "Sở Nội vụ", "2023-02-03")]),
    ("Quyết định số 12/QÐ-SNV", [("Quyết định", "12", "QĐ-SNV", "Sở Nội vụ", None)]),
    # No citations.
    ("Mẫu số 06/CKTC-NSNN, Biểu số 01/PCTN, phụ lục số 02/CKTC-NSNN", []),
    ("thực hiện 12/21 nhiệm vụ từ 15/12/2023 đến 14/6/2024 theo ISO 9001:2015", []),
    ("trực 24/24 giờ, 7/7 ngày, 5/UBND, 100/Hồ sơ", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0][:40] for c in CASES])
def test_citations_of_a_text(text: str, expected: list[tuple[str, str, str, str, str | None]]) -> None:
    hits = find_citations(text)
    found = [(h.kind, h.number, h.symbol, h.agency, h.date.isoformat() if h.date else None) for h in hits]
    assert found == expected


def test_the_text_runs_from_the_kind_to_the_issuer() -> None:
    (hit,) = find_citations("Căn cứ Quyết định số\n12/QĐ-UBND ngày 03/02/2023 của UBND tỉnh về việc khác")
    assert hit.text == "Quyết định số 12/QĐ-UBND ngày 03/02/2023 của UBND tỉnh"


def test_an_address_is_not_pulled_over_the_line() -> None:
    (hit,) = find_citations("Quyết định số 12/QĐ-UBND của UBND huyện Phú Vang\nThực hiện nghiêm túc")
    assert hit.agency == "UBND huyện Phú Vang"


def document(number: str = "9/BC-SNV") -> Document:
    def table(index: int, text_after: str) -> Table:
        caption = Caption("2", "Phụ lục 2", "", "(Ban hành kèm theo Báo cáo số 9/BC-SNV ngày 1/6/2024)")
        return Table(index, caption, (), (), 0, (4,), "text", text_after)

    return Document(
        source=SourceFile("a.txt", "0" * 64, 1, "txt"),
        letterhead=Letterhead(number=number),
        headings=(
            Heading(1, "I", "CHỈ ĐẠO", "I", 1, "Kế hoạch số 1/KH-SNV ngày 2/1/2024."),
            Heading(2, "1", "Theo Quyết định số 2/QĐ-SNV", "I.1", 2, "Báo cáo số 9/BC-SNV này; Kế hoạch số 1/KH-SNV."),
        ),
        tables=(table(1, "Hội thảo về Luật Đấu thầu số 22/2023/QH15"), table(2, "")),
        method="text",
        pages=4,
        preamble="Thực hiện Công văn số 188/SNV-CCHC ngày 24/02/2022,",
    )


def test_a_document_gives_preamble_headings_and_text_behind_tables_in_order() -> None:
    rows = citations_of(document(), "r1", "a.txt")
    assert [(c.order, c.symbol, c.number, c.section_path, c.page) for c in rows] == [
        (1, "SNV-CCHC", "188", "", 1),
        (2, "KH-SNV", "1", "I", 1),
        (3, "QĐ-SNV", "2", "I.1", 2),
        (4, "KH-SNV", "1", "I.1", 2),
        (5, "QH15", "22/2023", "", 4),
    ]
    assert rows[0].date == date(2022, 2, 24)
    assert {(c.report_id, c.source) for c in rows} == {("r1", "a.txt")}


PIECES = st.sampled_from(
    [
        "Quyết định ",
        "số ",
        "12",
        "/",
        "QĐ",
        "-",
        "UBND",
        " ngày ",
        "3/2/2023",
        " của ",
        "UBND tỉnh",
        "\n",
        ", ",
        "2020/",
    ]
)


@given(st.one_of(st.text(max_size=100), st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_breaks_the_reader_and_places_are_in_order(text: str) -> None:
    hits = find_citations(text)
    assert all(hit.start < hit.end and hit.number for hit in hits)
    assert all(left.start < right.start for left, right in pairwise(hits))


@pytest.mark.parametrize("piece", ["Quyết định số ", "12/", "12/QĐ-UBND, ", "số 1, ", "A-", " "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    assert growth(lambda n: find_citations(piece * n), 2500) < 4
