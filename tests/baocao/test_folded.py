"""Lines of CSV and small Parquet files do not show what was worked out together for many of them."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from baocao import schema
from baocao.once import encoded, said_once
from baocao.writers import folded, write_csv, write_indicators
from baocao.writers.write_csv import EXCEL_VI, RFC, Dialect, render, render_runs
from baocao.writers.write_parquet import at_once, published

STORED = encoded(schema.arrow_schema("observations", stored=True))
TEXTS = ["", "Số văn bản", "a,b", 'x "y"', "-1", "=1+1", "1,5", "dài " * 99, "88.7", "\n"]


def cell(draw: random.Random, kind: str, few: int) -> Any:
    if kind == "string":
        return draw.choice(TEXTS[:few])
    if kind == "date":
        return date(2020, 1, draw.randint(1, 28))
    if kind == "decimal":
        return str(draw.randint(-9, 10**few) / 10)
    return {"integer": draw.randint(0, 300), "number": draw.randint(0, few) / 4, "boolean": draw.random() < 0.5}[kind]


def observations(seed: int, n: int) -> pa.Table:
    """Rows as they are stored: columns that say few or many things, lack cells here and there, or all."""
    draw = random.Random(seed)
    columns = []
    for column, field in zip(
        schema.columns("observations"), schema.arrow_schema("observations", stored=True), strict=True
    ):
        lacking = draw.choice([0, 0, 0.2, 0.9, 1])
        few = draw.randint(1, 6)
        run = 0
        cells: list[Any] = []
        for _ in range(n):
            run = run - 1 if run else draw.choice([0, 0, 1, 7, 8, 9, 40])
            if column.type != "string" and (draw.random() < lacking if not run else bool(cells) and cells[-1] is None):
                cells.append(None)
            else:
                cells.append(cell(draw, column.type, few))
        columns.append(pa.array(cells, field.type))
    return pa.Table.from_arrays(columns, schema=schema.arrow_schema("observations", stored=True))


@pytest.mark.parametrize("dialect", [RFC, EXCEL_VI], ids=["rfc", "excel"])
@pytest.mark.parametrize("is_encoded", [False, True])
def test_folded_columns_give_the_lines_of_single_cells(
    dialect: Dialect, is_encoded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, columns = observations(7, 1_500), schema.columns("observations")
    plain = b"".join(b"".join(render(rows.slice(at, 99), columns, dialect)) for at in range(0, 1_500, 99))
    monkeypatch.setattr(write_csv, "_WINDOW_ROWS", 1_200)
    monkeypatch.setattr(write_csv, "_BATCH_ROWS", 500)
    monkeypatch.setattr(folded, "_WORTH", 300)
    given = said_once(rows, STORED) if is_encoded else rows
    assert b"".join(render(given, columns, dialect)) == plain
    spans = [(0, 1), (1, 499), (499, 1_201), (1_201, 1_500)]
    pieces: list[bytes] = [b""] * len(spans)
    for number, lines in render_runs(given, columns, spans, dialect):
        pieces[number] += lines
    assert b"".join(pieces) == plain
    assert pieces[2] == b"".join(render(rows.slice(499, 702), columns, dialect))


def test_rows_made_plain_together_give_the_files_of_rows_made_plain_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_indicators, "_ROWS_AT_ONCE", 200)
    rows = said_once(observations(3, 900), STORED)
    plain = write_indicators._Window(rows)
    for start, stop in ((0, 1), (1, 150), (150, 199), (199, 399), (610, 700), (890, 900)):
        alone = published(rows.slice(start, stop - start), "observations")
        assert at_once(plain.rows(start, stop), "observations") == at_once(alone, "observations")
