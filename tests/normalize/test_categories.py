"""Kinds of categories: by the words of a row, by the header over the rows, for the table as a whole; total rows."""

from __future__ import annotations

import pytest

from normalize.categories import category_kind, header_kind, is_total
from normalize.crosstab import crosstab_layout
from normalize.mapping import RowView
from tests.normalize.test_crosstab import TITLE, columns


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sở Nội vụ", "agency"),
        ("Văn phòng UBND tỉnh", "agency"),
        ("UBND huyện Phú Vang", "district"),
        ("Huyện Phú Vang", "district"),
        ("Thành phố Huế", "district"),
        ("Xã Lộc An", "commune"),
        ("UBND phường Vỹ Dạ", "commune"),
        ("Thị trấn Sịa", "commune"),
        ("2023", "year"),
        ("Năm 2023", "year"),
        ("Tỉnh Quảng Nam", "province"),
        ("Đất đai", ""),
        ("Sở hữu trí tuệ", ""),
        ("Phòng, chống tệ nạn xã hội", ""),
        ("Bổ trợ tư pháp", ""),
        ("Xã hội", ""),
    ],
)
def test_a_row_shows_its_kind_by_its_words(name: str, kind: str) -> None:
    assert category_kind(name) == kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Lĩnh vực", "field"),
        ("Lĩnh vực, công việc giải quyết theo cấp", "field"),
        ("Tên đơn vị", "agency"),
        ("Sở, ngành", "agency"),
        ("Xã, phường, thị trấn", "commune"),
        ("UBND cấp xã", "commune"),
        ("Huyện, thị xã, thành phố", "district"),
        ("Địa phương", "place"),
        ("Năm", "year"),
        ("Đơn vị tính", ""),
        ("Chỉ tiêu thống kê", ""),
    ],
)
def test_the_header_over_the_rows_states_their_kind(header: str, kind: str) -> None:
    assert header_kind(header) == kind


@pytest.mark.parametrize(
    ("names", "header", "kind"),
    [
        (("UBND huyện A", "UBND huyện B"), "Đơn vị", "district"),
        (("Xã A", "Xã B", "Phường C"), "Đơn vị", "commune"),
        (("Sở A", "UBND huyện B"), "Đơn vị", "agency"),
        (("Huyện A", "Huyện B"), "Địa phương", "district"),
        (("Xã A", "Xã B"), "Nội dung", "commune"),
        (("Chăn nuôi", "Thú y"), "Nhóm", "other"),
        (("Thanh tra", "Công an"), "Lĩnh vực", "field"),
    ],
)
def test_rows_and_header_together_give_the_table_one_kind(names: tuple[str, ...], header: str, kind: str) -> None:
    head = columns(f"name: {header}", "value: Hồ sơ › Nhận", "value: Hồ sơ › Trả")
    layout = crosstab_layout(head, [RowView("", "", name) for name in names], TITLE)
    assert {row.breakdown_kind for row in layout.rows} == {kind}


@pytest.mark.parametrize(
    "name",
    ["Tổng số", "TỔNG CỘNG", "Cộng", "Toàn tỉnh", "Tổng cộng (I+II)", "Tổng số:", "Cộng:", "Tổn g số", "Cả tỉnh"],
)
def test_a_total_row_is_known_by_its_words(name: str) -> None:
    assert is_total(name)


@pytest.mark.parametrize(
    "name", ["Tổng số hồ sơ", "Tổng cục Thuế", "Cộng đồng doanh nghiệp", "Công an tỉnh", "Tổng hợp"]
)
def test_what_only_begins_like_a_total_is_none(name: str) -> None:
    assert not is_total(name)
