"""What readings are worth, and what order, template and sums put right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.model import Caption, Cell, Column, Document, Letterhead, Reading, SourceFile, Table
from normalize import normalize
from normalize.catalogue import load_catalogue
from normalize.model import Observation
from normalize.repair import certainty, printed_value, repaired_captions, repaired_codes
from normalize.repair_sums import repaired_sums


def cell(text: str, *readings: tuple[str, float, str], row: int = 1, col: int = 3) -> Cell:
    return Cell(row, col, text, page=1, readings=tuple(Reading(*r) for r in readings))


T, D, S = "tesseract", "tesseract-digits", "shapes"


@pytest.mark.parametrize(
    "printed, value",
    [
        ("1.061", "1061"),
        ("88,70%", "88.70"),
        ("3,5", "3.5"),
        ("52 419", "52419"),
        ("381.262,4", "381262.4"),
        ("-", None),
    ],
)
def test_marks_of_a_reading_make_one_number(printed: str, value: str | None) -> None:
    assert printed_value(printed) == (Decimal(value) if value else None)


def test_agreement_makes_a_figure_sure_and_its_lack_unsure() -> None:
    all_three = certainty(cell("12", ("12", 0.3, T), ("12", 0.4, D), ("12", 1.0, S)))
    two = certainty(cell("12", ("12", 0.9, T), ("12", 0.9, D), ("17", 0.0, S)))
    one = certainty(cell("12", ("12", 0.99, T), ("17", 0.9, D), ("72", 0.8, S)))
    assert all_three > two >= 0.85 > one
    assert certainty(cell("")) == certainty(cell("12")) == 1.0
    assert certainty(cell("", ("", 0.0, "ink"))) == 0.0


def table(rows: list[tuple[Cell, str, Cell]]) -> Table:
    columns = (
        Column(0, "stt", ("STT",)), Column(1, "name", ("Chỉ tiêu",)),
        Column(2, "unit", ("ĐVT",)), Column(3, "value", ("Số liệu",)),
    )  # fmt: skip
    cells = []
    for n, (code, name, value) in enumerate(rows, 1):
        for c, col in ((code, 0), (Cell(n, 1, name), 1), (Cell(n, 2, "Văn bản"), 2), (value, 3)):
            cells.append(Cell(n, col, c.text, page=1, readings=c.readings))
    caption = Caption("3", "Phụ lục 3", "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH THỂ CHẾ")
    return Table(1, caption, columns, tuple(cells), len(rows), (1,), "ocr")


NAMES = [
    "Tổng số VBQPPL do địa phương ban hành", "Số VBQPPL do cấp tỉnh ban hành",
    "Số VBQPPL do cấp huyện ban hành", "Số VBQPPL do cấp xã ban hành",
]  # fmt: skip


def codes(table: Table) -> list[str]:
    return [c.text for c in table.cells if c.col == 0]


def sure(text: str) -> Cell:
    return cell(text, (text, 0.9, T), (text, 0.9, D), (text, 1.0, S))


def test_a_code_that_lost_its_dot_is_the_template_s() -> None:
    lost = cell("12", ("12", 0.8, T), ("12", 0.9, D), ("12", 0.9, S))
    stt = [sure("1."), sure("1.1."), lost, sure("1.3.")]
    fixed, repairs = repaired_codes(
        table([(c, n, sure("5")) for c, n in zip(stt, NAMES, strict=True)]), load_catalogue()
    )
    assert codes(fixed) == ["1.", "1.1.", "1.2", "1.3."]
    assert [(r.row, r.raw, r.repaired, r.is_certain) for r in repairs] == [(3, "12", "1.2", True)]


def test_codes_in_order_are_left_and_exact_formats_are_not_touched() -> None:
    stt = [sure("1."), sure("1.1."), sure("1.2."), sure("1.3.")]
    good = table([(c, n, sure("5")) for c, n in zip(stt, NAMES, strict=True)])
    assert repaired_codes(good, load_catalogue()) == (good, ())


def report(values: list[Cell]) -> Document:
    stt = [sure("1."), sure("1.1."), sure("1.2."), sure("1.3.")]
    rows = list(zip(stt, NAMES, values, strict=True))
    return Document(SourceFile("a.pdf", "0" * 64, 1, "pdf"), Letterhead(), (), (table(rows),), "ocr", 1)


def test_a_figure_on_which_no_two_readings_agree_is_marked() -> None:
    odd = cell("2", ("2", 0.9, T), ("7", 0.8, D), ("1", 0.6, S))
    done = normalize(report([sure("9"), odd, sure("3"), sure("4")]), report_id="r", source="a.pdf")
    marked = {(f.code, f.stt, f.severity) for f in done.findings if f.code.startswith("ocr-")}
    assert ("ocr-readings-differ", "1.1", "warning") in marked


def test_a_letter_on_a_figure_is_a_figure_misread_unless_it_was_kept() -> None:
    crossed = cell("2", ("2z", 0.4, T), ("2", 0.7, D), ("?", 0.0, S))  # 25, crossed out by a pen
    hours = cell("2h", ("2h", 0.9, T), ("2", 0.7, D), ("2h", 0.9, S))
    done = normalize(report([sure("9"), crossed, hours, sure("4")]), report_id="r", source="a.pdf")
    assert {f.stt for f in done.findings if f.code == "ocr-readings-differ"} == {"1.1"}
    assert done.observations[1].status == "doubtful"
    assert done.observations[0].status == "ok" or "contradiction-operand" in {f.code for f in done.findings}


def test_a_figure_that_something_lies_over_is_marked_however_many_readings_agree() -> None:
    under = cell("2", ("2", 0.9, T), ("2", 0.9, D), ("2", 0.9, S), ("", 0.0, "cover"))
    done = normalize(report([sure("9"), under, sure("3"), sure("4")]), report_id="r", source="a.pdf")
    assert ("ocr-cell-covered", "1.1", "warning") in {(f.code, f.stt, f.severity) for f in done.findings}
    assert (done.observations[1].status, done.observations[1].confidence) == ("doubtful", 0.5)


def test_ink_that_nobody_could_read_is_an_error_and_no_blank() -> None:
    dark = cell("", ("", 0.0, "ink"))
    done = normalize(report([sure("9"), dark, sure("3"), sure("4")]), report_id="r", source="a.pdf")
    assert ("ocr-cell-unread", "1.1", "error") in {(f.code, f.stt, f.severity) for f in done.findings}


@pytest.mark.parametrize("text, raw, reader", [("9 cuộc", "9 cuéc", "tcvn3"), ("Có", "Cã", "tcvn3"), ("3", "3", "tie")])
def test_text_from_an_old_encoding_is_no_reading_of_a_scan(text: str, raw: str, reader: str) -> None:
    converted = cell(text, (raw, 1.0, reader))
    done = normalize(report([sure("9"), converted, sure("3"), sure("4")]), report_id="r", source="a.docx")
    assert not [f for f in done.findings if f.code.startswith("ocr-")]
    assert certainty(converted) == 1.0


def test_figures_read_alike_thrice_are_not_marked() -> None:
    done = normalize(report([sure("9"), sure("2"), sure("3"), sure("4")]), report_id="r", source="a.pdf")
    assert not [f for f in done.findings if f.code.startswith("ocr-")]
    assert {o.status for o in done.observations} == {"ok"}


def observed(values: dict[str, str]) -> list[Observation]:
    done = normalize(report([sure("9"), sure("2"), sure("3"), sure("4")]), report_id="r", source="a.pdf")
    return [
        replace(o, indicator_id=ident, observation_id=ident, value=Decimal(value))
        for o, (ident, value) in zip(done.observations, values.items(), strict=False)
    ]


@pytest.mark.parametrize(
    ("kind", "values", "others", "repaired"),
    [
        ("sum", {"all": "9", "a": "2", "b": "1"}, {"b": ("7",)}, {"b": "7"}),
        ("sum", {"all": "9", "a": "2", "b": "1"}, {"b": ("7",), "all": ("3",)}, {}),
        ("rate", {"rate": "88.70", "part": "539", "whole": "664"}, {"part": ("589",)}, {"part": "589"}),
        ("rate", {"rate": "33.7", "part": "589", "whole": "664"}, {"rate": ("88.7",)}, {"rate": "88.7"}),
        ("rate", {"rate": "89", "part": "589", "whole": "664"}, {"rate": ("88.7",)}, {}),
        ("rate", {"rate": "5", "part": "1", "whole": "0"}, {"whole": ("9",)}, {}),
    ],
)
def test_one_other_reading_that_makes_a_sum_or_rate_true_is_taken_and_said(
    kind: str, values: dict[str, str], others: dict[str, tuple[str, ...]], repaired: dict[str, str]
) -> None:
    readings = {ident: tuple(map(Decimal, found)) for ident, found in others.items()}
    before = observed(values)
    after, doubts = repaired_sums(before, readings, [(kind, next(iter(values)), list(values)[1:])])
    changed = {o.indicator_id: str(o.value) for o, old in zip(after, before, strict=True) if o.value != old.value}
    assert changed == repaired
    assert [d.code for d in doubts] == ["ocr-repaired-doubtful"] * len(repaired)


def test_a_code_of_the_right_figures_that_grows_by_chance_is_the_template_s() -> None:
    stt = [sure("1."), sure("1.1."), sure("1.2."), sure("13.")]
    fixed, repairs = repaired_codes(
        table([(c, n, sure("5")) for c, n in zip(stt, NAMES, strict=True)]), load_catalogue()
    )
    assert codes(fixed)[-1] == "1.3"
    assert [(r.raw, r.repaired) for r in repairs] == [("13.", "1.3")]


def test_a_roman_number_that_lost_a_stroke_is_told_by_the_rows() -> None:
    appendix = next(a for a in load_catalogue().templates[0].appendices if a.number == "8")
    rows = appendix.rows[:12]
    cells = tuple(
        Cell(n, c, text, page=1) for n, row in enumerate(rows, 1) for c, text in enumerate((row.code, row.names[0]))
    )
    columns = (Column(0, "stt", ("STT",)), Column(1, "name", ("Chỉ tiêu",)))
    read = Table(1, Caption("7", "PHỤ LỤC VII", ""), columns, cells, len(rows), (1,), "ocr")
    (fixed,), doubts = repaired_captions([read], load_catalogue())
    assert fixed.caption.appendix == "8"
    assert [d.code for d in doubts] == ["ocr-repaired-doubtful"]
    exact = replace(read, method="docx")
    assert repaired_captions([exact], load_catalogue()) == ((exact,), ())
    before = replace(read, index=0, cells=(Cell(1, 0, "1.", page=1), Cell(1, 1, "Tên khác", page=1)), n_rows=1)
    both, _ = repaired_captions([before, read], load_catalogue())
    assert [t.caption.appendix for t in both] == ["7", "8"]
