"""Parquet files of few rows are, byte for byte, those Arrow writes; lines of CSV do not show how they were joined."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baocao import schema
from baocao.once import encoded, said_once
from baocao.writers import folded, small_parquet, write_csv
from baocao.writers.small_parquet import SmallFiles
from baocao.writers.write_csv import EXCEL_VI, RFC, Dialect, render, render_runs
from baocao.writers.write_parquet import at_once, options_of, published

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


@pytest.mark.parametrize("seed", range(6))
def test_a_file_of_few_rows_is_the_one_that_arrow_writes(seed: int) -> None:
    rows = observations(seed, 520)
    files = SmallFiles(said_once(rows, STORED), "observations")
    for start, stop in ((0, 1), (3, 19), (8, 136), (100, 229), (7, 519)):
        of_arrow = at_once(published(rows.slice(start, stop - start), "observations"), "observations")
        assert files.file(start, stop, options_of(stop - start, "observations")) == of_arrow
        assert pq.read_table(pa.BufferReader(of_arrow)).num_rows == stop - start


@pytest.mark.parametrize("seed", range(40))
def test_levels_are_cut_into_runs_as_arrow_cuts_them(seed: int) -> None:
    draw, pattern = random.Random(seed), b""
    while len(pattern) < draw.choice([5, 60, 600]):
        pattern += bytes([draw.randint(0, 1)]) * draw.choice([1, 1, 2, 3, 7, 8, 9, draw.randint(1, 90)])
    cells = pa.table({"n": pa.array([1 if there else None for there in pattern], pa.int32())})
    file = pa.BufferOutputStream()
    pq.write_table(cells, file, compression="none", use_dictionary=False, write_statistics=False)
    assert small_parquet._levels(pattern) in file.getvalue().to_pybytes()


def test_another_arrow_writes_its_files_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, how = said_once(observations(1, 20), STORED), options_of(20, "observations")
    assert SmallFiles(rows, "observations").file(0, 20, how)
    small_parquet._checked_mould.cache_clear()
    monkeypatch.setattr(small_parquet, "written", lambda *given: b"another form")
    assert SmallFiles(rows, "observations").file(0, 20, how) is None
    small_parquet._checked_mould.cache_clear()


def test_what_the_form_does_not_know_is_left_to_arrow() -> None:
    rows = observations(2, 30)
    how = options_of(30, "observations")
    lacking = rows.set_column(3, rows.field(3), pa.array([None] * 30, pa.string()))
    assert SmallFiles(said_once(lacking, STORED), "observations").file(0, 30, how) is None
    long = rows.set_column(3, rows.field(3), pa.array(["x" * 20_000] * 30, pa.string()))
    assert SmallFiles(said_once(long, STORED), "observations").file(0, 30, how) is None


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
