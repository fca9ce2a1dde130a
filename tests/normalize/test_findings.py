"""The findings catalogue is complete, speaks two languages, and its rows are stable."""

from __future__ import annotations

import string
from decimal import Decimal
from pathlib import Path

import pytest

from normalize import findings
from normalize.findings import FINDINGS, Doubt, in_order, kind_of, read_findings, to_finding, to_findings

ROOT = Path(__file__).parents[2]
HEADER = "code,severity,message_vi,message_en,action_vi,action_en\n"


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("kind", FINDINGS.values(), ids=lambda kind: kind.code)
def test_every_code_has_sentences_and_an_action_in_two_languages(kind: findings.FindingKind) -> None:
    assert kind.code == kind.code.lower().replace("_", "-").replace(" ", "-")
    assert all((kind.message_vi, kind.message_en, kind.action_vi, kind.action_en))
    assert not fields(kind.action_vi + kind.action_en), "actions have no facts to fill in"
    assert fields(kind.message_vi) >= fields(kind.message_en) - {"reason_en"}, "both sentences say the same"


def test_the_reference_page_is_the_one_made_from_the_catalogue() -> None:
    page = (ROOT / "docs/reference/findings.md").read_text(encoding="utf-8")
    missing = [code for code in FINDINGS if f"### `{code}`" not in page]
    assert not missing, "run: python -m normalize.findings > docs/reference/findings.md"
    assert page == findings.reference(), "run: python -m normalize.findings > docs/reference/findings.md"


def test_a_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_text(HEADER + "a,error,x,x,x,x\na,info,x,x,x,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        read_findings(path)


def test_an_unknown_severity_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "findings.csv"
    path.write_text(HEADER + "a,fatal,x,x,x,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="fatal"):
        read_findings(path)


def test_an_unknown_code_names_the_file_to_add_it_to() -> None:
    with pytest.raises(KeyError, match=r"findings\.csv"):
        kind_of("no-such-code")


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (Decimal("88.7"), "88,7", "88.7"),
        (Decimal("1061"), "1.061", "1,061"),
        (Decimal("1234567.50"), "1.234.567,50", "1,234,567.50"),
        (Decimal("-1000"), "-1.000", "-1,000"),
        (Decimal("1E+3"), "1.000", "1,000"),
        (0, "0", "0"),
    ],
)
def test_numbers_are_printed_in_the_manner_of_the_language(value: Decimal, vietnamese: str, english: str) -> None:
    assert findings.number_vi(value) == vietnamese
    assert findings.number_en(value) == english


def test_columns_hold_plain_numbers() -> None:
    assert findings.plain(Decimal("1E+3")) == "1000"
    assert findings.plain(None) == ""


def test_a_missing_fact_does_not_lose_the_finding() -> None:
    vi, _ = findings.sentences("rate-mismatch", [("name", "Tỷ lệ")])
    assert vi.startswith("Tỷ lệ không khớp: Tỷ lệ ghi …%")


def doubt(code: str = "sum-mismatch", table: int = 1, row: int = 1, name: str = "Tổng số") -> Doubt:
    return Doubt(code, (("name", name),), table=table, row=row, appendix="2", stt=str(row))


def test_a_finding_takes_severity_and_sentences_from_the_catalogue() -> None:
    finding = to_finding(doubt(), "abc", "a.docx")
    assert (finding.severity, finding.appendix, finding.stt) == ("error", "2", "1")
    assert all("Tổng số" in message for message in (finding.message, finding.message_en))


def test_ids_do_not_change_when_other_doubts_come_or_go() -> None:
    alone = to_findings([doubt(row=2)], "abc", "a.docx")
    among = to_findings([doubt(row=3), doubt(row=2), doubt(row=1)], "abc", "a.docx")
    assert alone[0] in among


def test_order_is_by_place_and_repeats_are_dropped() -> None:
    given = [doubt(table=2), doubt(row=9), doubt(row=1, code="derived-value"), doubt(row=1), doubt(row=1)]
    rows = to_findings(given, "abc", "a.docx")
    assert [(f.table, f.row, f.code) for f in rows] == [
        (1, 1, "sum-mismatch"),
        (1, 1, "derived-value"),
        (1, 9, "sum-mismatch"),
        (2, 1, "sum-mismatch"),
    ]
    assert in_order(reversed(rows)) == rows
