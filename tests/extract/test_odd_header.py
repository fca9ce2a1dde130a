"""A header that cannot be what is printed puts its table in doubt."""

from __future__ import annotations

import pytest

from extract.model import Caption, Column, Table
from extract.tables.odd_header import odd_headers


def table(*headers: str, method: str = "ocr") -> Table:
    columns = tuple(Column(c, "value", tuple(header.split(" › "))) for c, header in enumerate(headers))
    return Table(4, Caption("2"), columns, (), 3, (3,), method)


@pytest.mark.parametrize(
    "headers",
    [("Kế hoạch", "Thực hiện"), ("Số TTHC, loại A", "Đã giải quyết › Đúng hạn", "Đang giải quyết › Đúng hạn")],
)
def test_words_and_abbreviations_are_headers(headers: tuple[str, ...]) -> None:
    assert list(odd_headers([table(*headers)])) == []


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (("Thực hiện", "Số 3ồ sơ tiếp n¬ận"), "Số 3ồ sơ tiếp n¬ận"),
        (("Thực hiện", "Thực hiện"), "Thực hiện"),
        (("Thực hiện", ""), "?"),
        (("Đã giải quyêt",), "Đã giải quyêt"),
    ],
)
def test_what_is_no_word_or_stands_twice_is_an_error_of_a_scan(headers: tuple[str, ...], said: str) -> None:
    (problem,) = odd_headers([table(*headers)])
    assert (problem.code, problem.severity, problem.table, problem.detail) == ("ocr-header-doubtful", "error", 4, said)
    assert list(odd_headers([table(*headers, method="pdf-lines")])) == []
