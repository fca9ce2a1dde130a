"""CSV for a double click: `;`, decimal comma, and no date out of a code."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pytest

from baocao import schema
from baocao.errors import UsageError
from baocao.writers.write_csv import BOM, EXCEL_VI, header, render
from tests.baocao.conftest import Run, put, snapshot


def line_of(**cells: object) -> list[str]:
    columns = schema.columns("observations")
    row = {column.name: "" if column.type == "string" else None for column in columns} | cells
    table = pa.Table.from_pylist([row], schema.arrow_schema("observations", stored=True))
    text = (header(columns, EXCEL_VI) + b"".join(render(table, columns, EXCEL_VI))).decode("utf-8-sig")
    names, values = csv.reader(io.StringIO(text), delimiter=";")
    return [dict(zip(names, values, strict=True))[name] for name in cells]


@pytest.mark.parametrize("text, cell", [
    ("1.2", "'1.2"), ("3.1.2", "'3.1.2"), ("09", "'09"), ("99,72", "'99,72"), ("94,4%", "'94,4%"), ("1/2", "'1/2"),
    ("123456789012", "'123456789012"), ("12e456789012", "'12e456789012"), ("2", "2"), ("2024", "2024"),
    ("2024-H1", "2024-H1"), ("II.1.a", "II.1.a"), ("=1", "'=1"), ("-", "-"), ("a;b", "a;b"), ('"', '"'), ("", ""),
])  # fmt: skip
def test_text_that_looks_like_a_number_stays_text(text: str, cell: str) -> None:
    assert line_of(stt=text) == [cell]


def test_numbers_have_a_decimal_comma() -> None:
    assert line_of(value="1061.5", confidence=0.93, page=3) == ["1061,5", "0,93", "3"]


def test_a_run_writes_the_dialect_and_says_so_in_the_package(tmp_path: Path, run: Run) -> None:
    import frictionless

    put(tmp_path / "in", "a.txt", values=[1])
    run()
    plain = snapshot(tmp_path / "out")
    run(csv_dialect="excel-vi")
    excel = snapshot(tmp_path / "out")
    assert excel["observations.csv"].startswith(BOM + b"observation_id;report_id;")
    assert excel["observations.parquet"] == plain["observations.parquet"]
    assert frictionless.Package(str(tmp_path / "out" / "datapackage.json")).resource_names
    report = frictionless.validate(str(tmp_path / "out" / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "type", "message"])
    run()
    assert snapshot(tmp_path / "out") == plain


def test_a_dialect_there_is_not_is_refused(tmp_path: Path, run: Run) -> None:
    put(tmp_path / "in", "a.txt", values=[1])
    with pytest.raises(UsageError, match="excel-xx"):
        run(csv_dialect="excel-xx")
