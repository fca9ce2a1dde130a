"""Rows under the number of the appendix before them, because their own caption was not read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.model import Caption, Cell, Column, Document, Letterhead, SourceFile, Table
from normalize import normalize
from normalize.catalogue import load_catalogue
from normalize.filed import Stretch, misfiled
from normalize.model import NormalizedReport

CATALOGUE = load_catalogue()
FORMS = {at.number: at for at in CATALOGUE.appendices if at.template == "hue_2022"}
COLUMNS = tuple(
    Column(n, role, (words,))
    for n, (role, words) in enumerate([("stt", "STT"), ("name", "Tiêu chí"), ("unit", "ĐVT"), ("value", "Kết quả")])
)


def table(index: int, printed: str, *forms: str) -> Table:
    """A table of all rows of some forms, one behind the other, under a printed number."""
    rows = [row for form in forms for row in FORMS[form].rows]
    texts = [(row.code + ".", row.names[0], row.units[0] if row.units else "", "7") for row in rows]
    cells = tuple(Cell(r, col, text) for r, row in enumerate(texts, 1) for col, text in enumerate(row))
    return Table(index, Caption(printed, printed), COLUMNS, cells, len(rows), method="docx")


def report(*tables: Table) -> NormalizedReport:
    source = SourceFile(path="a.docx", sha256="0" * 64, size=1, format="docx")
    document = Document(source, Letterhead(), (), tables, "docx")
    return normalize(document, report_id="r", source="a.docx")


def doubted(made: NormalizedReport) -> dict[tuple[int, str], set[str]]:
    """`(table, appendix it should have)` → statuses of its rows; only rows with the doubt."""
    told = {f.observation_id: f.expected for f in made.findings if f.code == "appendix-doubtful"}
    found: dict[tuple[int, str], set[str]] = {}
    for o in made.observations:
        if o.observation_id in told:
            found.setdefault((o.table, told[o.observation_id]), set()).add(o.status)
    return found


def test_a_table_whose_caption_was_not_read_is_doubted_row_by_row() -> None:
    made = report(table(1, "2", "2"), table(2, "2", "3"), table(3, "4", "4"))
    assert doubted(made) == {(2, "3"): {"doubtful"}}
    marked = [o for o in made.observations if o.table == 2]
    assert len(marked) == len(FORMS["3"].rows) and {o.status for o in marked} == {"doubtful"}


def test_of_two_appendices_read_as_one_table_the_second_is_doubted() -> None:
    made = report(table(1, "2", "2", "3"), table(2, "4", "4"))
    assert doubted(made) == {(1, "3"): {"doubtful"}}
    told = {f.row for f in made.findings if f.code == "appendix-doubtful"}
    first = len(FORMS["2"].rows)
    assert told == set(range(first + 1, first + 1 + len(FORMS["3"].rows)))


def test_the_number_follows_the_numbering_of_the_report() -> None:
    made = report(table(1, "1", "2"), table(2, "1", "3"), table(3, "3", "4"))
    assert doubted(made) == {(2, "2"): {"doubtful"}}


def test_a_table_without_a_number_is_said_once() -> None:
    made = report(table(1, "", "2"), table(2, "3", "3"))
    said = [(f.table, f.expected, f.severity) for f in made.findings if f.code == "appendix-unread"]
    assert said == [(1, "2", "warning")] and not doubted(made)


@pytest.mark.parametrize(
    "tables",
    [
        [table(1, "2", "2"), table(2, "3", "3"), table(3, "4", "4")],
        [table(1, "3", "2", "3", "4"), table(2, "4", "6", "7")],  # a report that gathers several forms under a number
        [table(1, "", "2"), table(2, "", "3")],  # a report that does not number its appendices
        [table(1, "2", "2"), replace(table(2, "2", "2"), index=2), table(3, "3", "3")],  # one form twice, two bodies
    ],
    ids=["as printed", "gathered", "no numbers", "one form twice"],
)
def test_what_may_be_meant_is_left_alone(tables: list[Table]) -> None:
    made = report(*tables)
    assert not [f for f in made.findings if f.code in ("appendix-doubtful", "appendix-unread")]


def stretch(table: int, appendix: str, begins_again: bool = True) -> Stretch:
    return Stretch(table, appendix, 1, 9, None, begins_again)


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([stretch(1, "2"), stretch(2, "2"), stretch(3, "4")], [(2, "3")]),
        ([stretch(1, "2"), stretch(2, "2"), stretch(3, "3")], []),  # two tables of one appendix
        ([stretch(1, "2"), stretch(2, "2", begins_again=False), stretch(3, "4")], []),  # the table goes on
        ([stretch(1, "2"), stretch(2, "2")], []),  # no number behind it: nothing says that one is missing
        ([stretch(1, "01/TTr"), stretch(2, "01/TTr"), stretch(3, "02/TTr")], []),
    ],
)
def test_forms_nobody_knows_are_told_by_the_gap_in_the_numbers(
    stretches: list[Stretch], expected: list[tuple[int, str]]
) -> None:
    assert [(found.table, number) for found, number in misfiled(stretches)] == expected


def test_a_name_that_a_scan_garbled_is_doubted_among_rows_of_a_form() -> None:
    scan = replace(table(1, "2", "2"), method="ocr")
    is_first = {(cell.row, cell.col): (cell.row, cell.col) == (1, 1) for cell in scan.cells}
    cells = (replace(c, text="56 vin bân chi") if is_first[c.row, c.col] else c for c in scan.cells)
    garbled = replace(scan, cells=tuple(cells))
    for made, expected in ((report(scan), set()), (report(garbled), {1})):
        assert {f.row for f in made.findings if f.code == "ocr-name-unknown"} == expected
    unknown = replace(garbled, cells=tuple(replace(c, text=f"Việc {c.row}") if c.col == 1 else c for c in scan.cells))
    assert not [f for f in report(unknown).findings if f.code == "ocr-name-unknown"]


def test_a_cross_table_is_told_by_the_gap_in_the_numbers() -> None:
    head = [("stt", ("STT",)), ("name", ("Lĩnh vực",)), ("value", ("Tiếp nhận",)), ("value", ("Đã giải quyết",))]
    columns = tuple(Column(n, role, words) for n, (role, words) in enumerate(head))
    texts = [("1", "Đất đai", "5", "4"), ("2", "Hộ tịch", "7", "6"), ("3", "Y tế", "2", "2")]
    cells = tuple(Cell(r, c, text) for r, row in enumerate(texts, 1) for c, text in enumerate(row))
    crossed = Table(2, Caption("2", "2", "Tình hình giải quyết thủ tục hành chính"), columns, cells, 3, method="docx")
    assert doubted(report(table(1, "2", "2"), crossed, table(3, "4", "4"))) == {(2, "3"): {"doubtful"}}
